internal import Glibc

/// SIGBUS in a process that has no parent to speak for it.
package enum ShrunkFile {
  /// Answers SIGBUS with one line and exit code 1: a page of a mapped file is gone, since the file was cut or its disk fails.
  package static func endInOrder() {
    _ = signal(SIGBUS) { _ in
      // Nothing but system calls: the signal may come in the middle of an allocation.
      let line: StaticString =
        "coreview: a file was cut or could not be read (SIGBUS); what is printed is not all\n"
      _ = unsafe write(2, line.utf8Start, line.utf8CodeUnitCount)
      _exit(1)
    }
  }
}
