with Ada.Text_IO;
procedure Words is
   type Colour is (Red, Green, Blue);
   package Inner is
      procedure Deep (N : Integer; C : Colour; B : Boolean; Letter : Character; F : Float);
   end Inner;
   package body Inner is
      procedure Kill (Process, Signal : Integer);
      pragma Import (C, Kill, "kill");
      function Getpid return Integer;
      pragma Import (C, Getpid, "getpid");
      procedure Deep (N : Integer; C : Colour; B : Boolean; Letter : Character; F : Float) is
      begin
         if N = 0 then
            Kill (Getpid, 3);
            delay 5.0;
         else
            Deep (N - 1, C, B, Letter, F);
         end if;
      end Deep;
   end Inner;
begin
   Inner.Deep (3, Green, True, 'x', 1.5);
end Words;
