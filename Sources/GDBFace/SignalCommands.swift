internal import Bytes

/// `info signals [SIGNAL]`: gdb's table, which nothing of a core depends on.
enum SignalCommands {
  /// gdb's signals in its own order and numbers, from 1; `-` before those that pass silently, `+` before those
  /// that are kept from the program.
  private static let named = """
    SIGHUP Hangup|+SIGINT Interrupt|SIGQUIT Quit|SIGILL Illegal instruction|+SIGTRAP Trace/breakpoint trap
    SIGABRT Aborted|SIGEMT Emulation trap|SIGFPE Arithmetic exception|SIGKILL Killed|SIGBUS Bus error
    SIGSEGV Segmentation fault|SIGSYS Bad system call|SIGPIPE Broken pipe|-SIGALRM Alarm clock
    SIGTERM Terminated|-SIGURG Urgent I/O condition|SIGSTOP Stopped (signal)|SIGTSTP Stopped (user)
    SIGCONT Continued|-SIGCHLD Child status changed|SIGTTIN Stopped (tty input)|SIGTTOU Stopped (tty output)
    -SIGIO I/O possible|SIGXCPU CPU time limit exceeded|SIGXFSZ File size limit exceeded
    -SIGVTALRM Virtual timer expired|-SIGPROF Profiling timer expired|-SIGWINCH Window size changed
    SIGLOST Resource lost|SIGUSR1 User defined signal 1|SIGUSR2 User defined signal 2
    SIGPWR Power fail/restart|-SIGPOLL Pollable event occurred|SIGWIND SIGWIND|SIGPHONE SIGPHONE
    -SIGWAITING Process's LWPs are blocked|-SIGLWP Signal LWP|SIGDANGER Swap space dangerously low
    SIGGRANT Monitor mode granted|SIGRETRACT Need to relinquish monitor mode
    SIGMSG Monitor mode data available|SIGSOUND Sound completed|SIGSAK Secure attention|-SIGPRIO SIGPRIO
    """

  private static let last = """
    SIGINFO Information request|EXC_BAD_ACCESS Could not access memory
    EXC_BAD_INSTRUCTION Illegal instruction/operand|EXC_ARITHMETIC Arithmetic exception
    EXC_EMULATION Emulation instruction|EXC_SOFTWARE Software generated exception
    EXC_BREAKPOINT Breakpoint|-SIGLIBRT librt internal signal
    """

  private static var all: [String] {
    func words(_ text: String) -> [String] { text.split { $0 == "|" || $0 == "\n" }.map(String.init) }
    func timed(_ numbers: ClosedRange<Int>) -> [String] { numbers.map { "SIG\($0) Real-time event \($0)" } }
    return words(named) + timed(33...63) + ["-SIGCANCEL LWP internal signal"] + timed(32...32)
      + timed(64...127) + words(last)
  }

  static func info(_ session: Session, _ text: String) throws(CommandError) {
    let header = "Signal        Stop\tPrint\tPass to program\tDescription\n"
    guard text.isEmpty else {
      if let signal = all.first(where: { name(of: $0) == text }) {
        session.output.append(header + line(signal))
        return
      }
      guard let number = try? session.integer(text) else {
        session.output.append(header)
        _ = try session.integer(text)
        return
      }
      session.output.append(header)
      guard (1...15).contains(number) else {
        throw CommandError(
          "Only signals 1-15 are valid as numeric signals.\n"
            + "Use \"info signals\" for a list of symbolic signals.")
      }
      session.output.append(line(all[Int(number) - 1]))
      return
    }
    session.output.append(header + "\n")
    for signal in all { session.output.append(line(signal)) }
    session.output.append("\nUse the \"handle\" command to change these tables.\n")
  }

  private static func name(of signal: String) -> Substring {
    signal.drop { $0 == "-" || $0 == "+" }.prefix { $0 != " " }
  }

  private static func line(_ signal: String) -> String {
    let name = name(of: signal)
    let description = signal.drop { $0 != " " }.dropFirst()
    let pad = String(repeating: " ", count: max(0, 13 - name.count)) + " "
    let isSilent = signal.hasPrefix("-")
    return
      "\(name)\(pad)\(isSilent ? "No\tNo" : "Yes\tYes")\t\(signal.hasPrefix("+") ? "No" : "Yes")\t\t\(description)\n"
  }
}
