internal import Values

/// `siginfo_t` as gdb builds it for Linux; see sigaction(2) and <asm-generic/siginfo.h>.
enum SignalInformation {
  static func type(_ maker: TypeMaker) -> ValueType {
    if let known = maker.signalInformation { return known }
    let int = maker.int
    let unsigned = maker.named("unsigned int")
    let long = maker.long
    let pointer = maker.pointer(to: maker.void)
    let short = maker.named("short")
    let pid = maker.alias("__pid_t", of: int)
    let uid = maker.alias("__uid_t", of: unsigned)
    let clock = maker.alias("__clock_t", of: long)
    let value = maker.alias(
      "sigval_t", of: maker.structure("sigval", [("sival_int", int), ("sival_ptr", pointer)], isUnion: true))
    let bounds = maker.structure(nil, [("_lower", pointer), ("_upper", pointer)])
    let word = maker.wordSize
    let fields = maker.structure(
      nil,
      [
        ("_pad", maker.vector(of: int, count: word == 8 ? 28 : 29)),
        ("_kill", maker.structure(nil, [("si_pid", pid), ("si_uid", uid)])),
        ("_timer", maker.structure(nil, [("si_tid", int), ("si_overrun", int), ("si_sigval", value)])),
        ("_rt", maker.structure(nil, [("si_pid", pid), ("si_uid", uid), ("si_sigval", value)])),
        (
          "_sigchld",
          maker.structure(
            nil,
            [("si_pid", pid), ("si_uid", uid), ("si_status", int), ("si_utime", clock), ("si_stime", clock)])
        ),
        (
          "_sigfault",
          maker.structure(nil, [("si_addr", pointer), ("_addr_lsb", short), ("_addr_bnd", bounds)])
        ),
        ("_sigpoll", maker.structure(nil, [("si_band", long), ("si_fd", int)])),
        (
          "_sigsys",
          maker.structure(nil, [("_call_addr", pointer), ("_syscall", int), ("_arch", unsigned)])
        ),
      ], isUnion: true)
    let made = maker.structure(
      "siginfo", [("si_signo", int), ("si_errno", int), ("si_code", int), ("_sifields", fields)], size: 128)
    maker.signalInformation = made
    return made
  }
}
