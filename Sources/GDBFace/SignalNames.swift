/// gdb's names and texts of signals by their Linux numbers (contract, Appendix A).
package enum SignalNames {
  private static let named: [(String, String)] = [
    ("SIGHUP", "Hangup"), ("SIGINT", "Interrupt"), ("SIGQUIT", "Quit"), ("SIGILL", "Illegal instruction"),
    ("SIGTRAP", "Trace/breakpoint trap"), ("SIGABRT", "Aborted"), ("SIGBUS", "Bus error"),
    ("SIGFPE", "Arithmetic exception"), ("SIGKILL", "Killed"), ("SIGUSR1", "User defined signal 1"),
    ("SIGSEGV", "Segmentation fault"), ("SIGUSR2", "User defined signal 2"), ("SIGPIPE", "Broken pipe"),
    ("SIGALRM", "Alarm clock"), ("SIGTERM", "Terminated"), ("?", "Unknown signal"),
    ("SIGCHLD", "Child status changed"), ("SIGCONT", "Continued"), ("SIGSTOP", "Stopped (signal)"),
    ("SIGTSTP", "Stopped (user)"), ("SIGTTIN", "Stopped (tty input)"), ("SIGTTOU", "Stopped (tty output)"),
    ("SIGURG", "Urgent I/O condition"), ("SIGXCPU", "CPU time limit exceeded"),
    ("SIGXFSZ", "File size limit exceeded"), ("SIGVTALRM", "Virtual timer expired"),
    ("SIGPROF", "Profiling timer expired"), ("SIGWINCH", "Window size changed"), ("SIGIO", "I/O possible"),
    ("SIGPWR", "Power fail/restart"), ("SIGSYS", "Bad system call"),
  ]

  package static func describe(_ number: Int) -> (name: String, text: String) {
    switch number {
    case 1...named.count: return named[number - 1]
    case 32, 63: return ("SIG32", "Real-time event 32")
    // gdb's table is two off for most real-time signals; its users know them by these names.
    case 33...61: return ("SIG\(number + 2)", "Real-time event \(number + 2)")
    case 62: return ("SIGCANCEL", "LWP internal signal")
    case 64: return ("SIG64", "Real-time event 64")
    default: return ("?", "Unknown signal")
    }
  }
}
