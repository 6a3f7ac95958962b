internal import CElfutils

/// The C library that this program runs with, which is the one whose libthread_db a debugger here would load.
package enum HostLibrary {
  /// Such as `2.36`; see gnu_get_libc_version(3).
  package static var version: String { unsafe String(cString: gnu_get_libc_version()) }
}
