! Arrays with descriptors, strings of lengths that are passed, derived types, optional arguments.
module shapes
  implicit none
  integer, parameter :: dp = kind(1.0d0)
  type point
    real(dp) :: x = 1.5_dp, y = 2.5_dp
    character(len=5) :: tag = 'point'
  end type
  type, extends(point) :: circle
    integer :: r = 3
    integer, allocatable :: list(:)
    real, pointer :: p(:,:) => null()
    type(point) :: inner(2)
    logical :: flag = .true.
    complex :: z = (1.0, -2.0)
  end type
  integer :: counter = 42
  real, dimension(2,3) :: table = reshape([1.,2.,3.,4.,5.,6.], [2,3])
  character(len=10) :: names(2) = ['first     ', 'second    ']
contains
  subroutine crash(a, n, m, b, s, c, opt, fn, alloc, k8, l1)
    integer, intent(in) :: n, m
    integer, intent(inout) :: a(n, m)
    real(dp), intent(in) :: b(:)
    character(len=*), intent(in) :: s
    class(point), intent(in) :: c
    integer, optional :: opt
    interface
      real function fn(x)
        real, intent(in) :: x
      end function
    end interface
    integer, allocatable, intent(in) :: alloc(:)
    integer(8) :: k8
    logical(1) :: l1
    integer :: local(0:n, -1:m), i
    character(len=n) :: dyn
    integer, pointer :: nowhere
    complex(dp) :: zz = (0.5_dp, 1.5_dp)
    integer(1) :: i1 = -1
    integer(2) :: i2 = 300
    real(16) :: q = 1.0_16 / 3
    local = 7
    dyn = 'xyz'
    i = n + m
    nowhere => null()
    nowhere = i + a(1,1) + int(b(1)) + len(s) + int(fn(1.0)) + int(zz) + i1 + i2 + int(q) + int(c%x)
  end subroutine
  real function twice(x)
    real, intent(in) :: x
    twice = x * 2
  end function
end module
program main
  use shapes
  implicit none
  integer :: grid(2,3) = 1, k
  real(dp), allocatable :: v(:), un(:)
  integer, allocatable :: al(:)
  type(circle) :: c
  type(point), target :: pts(2)
  type(point), pointer :: pp
  character(len=20) :: text = 'some text'
  character, dimension(3) :: chars = ['a','b','c']
  integer, target :: t = 5
  integer, pointer :: ip
  common /blk/ k
  allocate(v(4)); v = 2.5_dp
  allocate(al(-1:2)); al = 3
  allocate(c%list(3)); c%list = [1,2,3]
  ip => t
  pp => pts(2)
  k = 9
  call crash(grid, 2, 3, v(2:4), trim(text), c, t, twice, al, 123456789012_8, .true._1)
end program
