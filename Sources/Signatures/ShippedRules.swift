/// The rules for the runtimes of C, C++, Rust, Swift and Go, and for GLib. Written for this program.
enum ShippedRules {
  static let text = """
    # The C library: abort(3), raise(3) and what checks for it.
    until abort
    until raise
    until gsignal
    until pthread_kill
    until *__pthread_kill*
    until tgkill
    until __assert
    until __assert_fail
    until __assert_fail_base
    until __assert_perror_fail
    until __stack_chk_fail*
    until __fortify_fail*
    until __chk_fail
    until __*_chk
    until __libc_message*
    until __libc_fatal
    until malloc_printerr*
    until __malloc_assert
    until __libc_alloca_cutoff
    # Waiting for another thread.
    skip futex_*
    skip __futex_*
    skip __lll_*
    skip lll_*
    # malloc(3), whose checks find what others did.
    skip malloc
    skip free
    skip calloc
    skip realloc
    skip cfree
    skip __libc_malloc
    skip __libc_free
    skip __libc_calloc
    skip __libc_realloc
    skip _int_malloc
    skip _int_free*
    skip _int_realloc
    skip _int_memalign
    skip malloc_consolidate
    skip munmap_chunk
    skip unlink_chunk*
    skip tcache_*
    skip sysmalloc*
    skip systrim*
    skip operator new*
    skip operator delete*
    # How programs and threads begin.
    skip _start
    skip _dl_start*
    skip __libc_start_*
    skip __libc_init_first
    skip start_thread
    skip clone
    skip clone3
    skip thread_start
    skip __clone*
    # C++: exceptions that nobody caught, and the checks of the standard library.
    until std::terminate
    until std::__terminate
    until std::unexpected
    until __cxxabiv1::*
    until __cxa_*
    until __gnu_cxx::__verbose_terminate_handler
    until __gxx_personality_v0
    until _Unwind_*
    until std::__throw_*
    until std::__glibcxx_assert_fail
    until std::__replacement_assert
    until __clang_call_terminate
    skip std::__invoke*
    skip std::thread::_Invoker*
    skip std::thread::_State_impl*
    skip execute_native_thread_routine
    # Rust: panics.
    until rust_panic*
    until rust_begin_unwind
    until __rust_*
    until core::panicking::*
    until std::panicking::*
    until core::option::unwrap_failed
    until core::option::expect_failed
    until core::option::expect_none_failed
    until core::result::unwrap_failed
    until core::slice::index::slice_*
    until core::str::slice_error_fail*
    until core::cell::panic_*
    until core::alloc::layout::*
    until alloc::alloc::handle_alloc_error
    until alloc::raw_vec::capacity_overflow
    until alloc::raw_vec::handle_error
    until std::process::abort
    until std::sys::*::abort_internal
    until std::sys::*::stack_overflow::*
    until core::intrinsics::abort
    skip core::option::Option<*>::unwrap*
    skip core::option::Option<*>::expect*
    skip core::result::Result<*>::unwrap*
    skip core::result::Result<*>::expect*
    skip core::slice::index::<impl *>::index*
    skip <usize as core::slice::index::SliceIndex<*>>::index*
    skip <alloc::vec::Vec<*> as core::ops::index::Index*<*>>::index*
    skip std::rt::*
    skip std::sys::backtrace::__rust_*
    skip std::sys_common::backtrace::__rust_*
    skip core::ops::function::FnOnce::call_once*
    skip std::thread::Builder::*
    skip std::sys::*::thread::Thread::new::*
    # Swift: traps, fatalError and preconditions.
    until Swift runtime failure: *
    until Swift._assertionFailure
    until Swift._fatalErrorMessage
    until Swift.fatalError
    until Swift.preconditionFailure
    until Swift.assertionFailure
    until closure #* in Swift._assertionFailure
    until closure #* in Swift._fatalErrorMessage
    until swift::fatalError*
    until swift::swift_abort*
    until swift::swift_dynamicCastFailure
    until swift_abort*
    until swift_dynamicCast*
    until swift_conformsToProtocol*
    until swift_reportError
    until swift_unexpectedError
    until swift_errorInMain
    skip specialized Swift.*
    skip generic specialization <*> of Swift.*
    # Go: panics and fatal errors.
    until runtime.raise*
    until runtime.dieFromSignal
    until runtime.crash
    until runtime.sig*
    until runtime.fatal*
    until runtime.throw*
    until runtime.gopanic
    until runtime.goPanic*
    until runtime.panic*
    until runtime.dopanic*
    skip runtime.goexit*
    skip runtime.main
    skip runtime.mstart*
    skip runtime.mcall*
    skip runtime.systemstack*
    # GLib: g_error, g_assert.
    until g_assertion_message*
    until g_log
    until g_logv
    until g_log_*
    until g_abort
    until g_return_if_fail_warning
    """
}
