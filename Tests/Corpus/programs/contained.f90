! Procedures in procedures, of a module and of a program without a name of its own.
module geometry
contains
  subroutine outer(n, a)
    integer, intent(in) :: n
    integer, intent(inout) :: a(10)
    call inner(n + 1)
  contains
    subroutine inner(k)
      integer, intent(in) :: k
      a(1) = k
      call abort()
    end subroutine
  end subroutine
end module

program main
  use geometry
  integer :: v(10)
  call work(3)
contains
  subroutine work(k)
    integer, intent(in) :: k
    call outer(k, v)
  end subroutine
end program
