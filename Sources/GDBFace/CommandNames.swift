/// gdb's names of commands, and the rule by which the beginnings of them are taken.
enum CommandNames {
  enum Match: Equatable {
    case name(String)
    case ambiguous([String])
    case unknown
  }

  /// A name itself, or the only one that begins so; `shorthands` mean something although others begin so too.
  static func match(_ word: String, in names: [String], shorthands: [String: String] = [:]) -> Match {
    if let meaning = shorthands[word] { return .name(meaning) }
    if names.contains(word) { return .name(word) }
    let found = names.filter { $0.hasPrefix(word) }
    if found.count == 1 { return .name(shorthands[found[0]] ?? found[0]) }
    return found.isEmpty ? .unknown : .ambiguous(found)
  }

  /// The names a word may stand for, as far as gdb's line of 100 bytes holds them.
  static func list(_ names: [String]) -> String {
    var text = ""
    for name in names {
      guard text.utf8.count + name.utf8.count + 6 < 100 else { return text + ".." }
      text += (text.isEmpty ? "" : ", ") + name
    }
    return text
  }

  static func ambiguity(_ kind: String, _ text: String, _ names: [String]) -> CommandError {
    CommandError("Ambiguous \(kind)command \"\(text)\": \(list(names)).")
  }

  /// By bytes, since this is done at start-up and characters cost ten times as much.
  private static func words(_ text: String) -> [String] {
    text.utf8.split { $0 == 0x20 || $0 == 0x0a }.map { String(Substring($0)) }
  }

  /// Every command of gdb 13.1, its aliases, and its classes of help, which count as commands when a beginning
  /// is looked up; in order.
  static let commands = words(
    """
    ! + - < > actions add-auto-load-safe-path add-auto-load-scripts-directory add-inferior add-symbol-file
    add-symbol-file-from-memory advance agent-printf alias aliases append apropos attach awatch b backtrace
    bookmark br bre brea break break-range breakpoints bt c call catch cd checkpoint cl clear
    clone-inferior collect commands compare-sections compile complete condition continue core-file d data
    define define-prefix del delete demangle detach directory dis disa disable disassemble disconnect
    display do document dont-repeat dow down down-silently dprintf dump echo edit en enable end eval
    exec-file exit explore expression f faas fg file files fin find finish flash-erase flushregs fo focus
    forward-search frame fs ftrace function gcore generate-core-file goto-bookmark gr gu guile guile-repl h
    handle hbreak help i if ignore inf inferior info init-if-undefined inspect internals interpreter-exec
    interrupt j jit-reader-load jit-reader-unload jump k kill l layout list load macro maintenance make mem
    memory-tag monitor mt n new-ui next nexti ni nosharedlibrary obscure output ov overlay ovly p passcount
    path pi pipe po print print-object printf ptype pwd py python python-interactive q queue-signal quit r
    rbreak rc rec record refresh remote remove-inferiors remove-symbol-file restart restore return rev
    reverse-continue reverse-finish reverse-next reverse-nexti reverse-search reverse-step reverse-stepi rn
    rni rs rsi run running rwatch s save save-tracepoints search section select-frame set sharedlibrary
    shell show si signal skip source stack start starti status step stepi stepping stop strace support
    symbol-file t taas tabset target task tbreak tcatch tdump teval text-user-interface tfaas tfind thbreak
    thread tp tr tra trac trace tracepoints tsave tstart tstatus tstop tty tui tvariable u undisplay unset
    until up up-silently update user-defined w watch wh whatis where while while-stepping winheight
    winwidth with ws x |
    """)

  /// The subjects of `info`.
  static let info = words(
    """
    address all-registers args auto-load auto-load-scripts auxv b bookmarks breakpoints checkpoints classes
    common connections copying dcache display dll exceptions extensions f files float frame frame-filter
    functions gu guile handle inferiors line locals macro macros mem module modules os pretty-printer
    probes proc program r rec record registers s scope selectors set sharedlibrary signals skip source
    sources stack static-tracepoint-markers symbol target tasks terminal threads tp tracepoints tvariables
    type-printers types unwinder variables vector vtbl warranty watchpoints win xmethod
    """)

  /// What `show` knows; `set` has all but the last line.
  static let show = words(
    """
    ada agent annotate architecture args auto-connect-native-target auto-load auto-load-scripts
    auto-solib-add backtrace basenames-may-differ breakpoint can-use-hw-watchpoints case-sensitive charset
    check circular-trace-buffer code-cache coerce-float-to-double commands compile-args compile-gcc
    complaints configuration confirm convenience copying cp-abi cwd data-directory dcache debug
    debug-file-directory debuginfod default-collect demangle-style detach-on-fork directories
    disable-randomization disassemble-next-line disassembler-options disassembly-flavor
    disconnected-dprintf disconnected-tracing displaced-stepping dprintf-channel dprintf-function
    dprintf-style dump-excluded-mappings editing endian environment exec-direction exec-done-display
    exec-file-mismatch exec-wrapper extended-prompt extension-language filename-display follow-exec-mode
    follow-fork-mode fortran frame-filter gnutarget gu guile height history host-charset index-cache
    inferior-tty input-radix interactive-mode language libthread-db-search-path listsize logging
    max-completions max-user-call-depth max-value-size may-call-functions may-insert-breakpoints
    may-insert-fast-tracepoints may-insert-tracepoints may-interrupt may-write-memory may-write-registers
    mem mi-async mpx multiple-symbols non-stop observer opaque-type-resolution osabi output-radix
    overload-resolution pagination paths print prompt python radix range-stepping ravenscar rec record
    remote remoteaddresssize remotebreak remotecache remoteflow remotelogbase remotelogfile remotetimeout
    remotewritesize schedule-multiple scheduler-locking script-extension serial solib-absolute-prefix
    solib-search-path source stack-cache startup-quietly startup-with-shell step-mode stop-on-solib-events
    struct-convention style substitute-path suppress-cli-notifications sysroot target-async target-charset
    target-file-system-kind target-wide-charset tcp tdesc trace-buffer-size trace-commands trace-notes
    trace-stop-notes trace-user trust-readonly-sections tui unwind-on-terminating-exception unwindonsignal
    use-coredump-filter use-deprecated-index-sections user values varsize-limit verbose version warranty
    watchdog width write
    """)

  static let set = words(
    """
    ada agent annotate architecture args auto-connect-native-target auto-load auto-load-scripts
    auto-solib-add backtrace basenames-may-differ breakpoint can-use-hw-watchpoints case-sensitive charset
    check circular-trace-buffer code-cache coerce-float-to-double compile-args compile-gcc complaints
    confirm cp-abi cwd data-directory dcache debug debug-file-directory debuginfod default-collect
    demangle-style detach-on-fork directories disable-randomization disassemble-next-line
    disassembler-options disassembly-flavor disconnected-dprintf disconnected-tracing displaced-stepping
    dprintf-channel dprintf-function dprintf-style dump-excluded-mappings editing endian environment
    exec-direction exec-done-display exec-file-mismatch exec-wrapper extended-prompt extension-language
    filename-display follow-exec-mode follow-fork-mode fortran frame-filter gnutarget guile height history
    host-charset index-cache inferior-tty input-radix interactive-mode language libthread-db-search-path
    listsize logging max-completions max-user-call-depth max-value-size may-call-functions
    may-insert-breakpoints may-insert-fast-tracepoints may-insert-tracepoints may-interrupt
    may-write-memory may-write-registers mem mi-async mpx multiple-symbols non-stop observer
    opaque-type-resolution osabi output-radix overload-resolution pagination print prompt python radix
    range-stepping ravenscar rec record remote remoteaddresssize remotebreak remotecache remoteflow
    remotelogbase remotelogfile remotetimeout remotewritesize schedule-multiple scheduler-locking
    script-extension serial solib-absolute-prefix solib-search-path source stack-cache startup-quietly
    startup-with-shell step-mode stop-on-solib-events struct-convention style substitute-path
    suppress-cli-notifications sysroot target-async target-charset target-file-system-kind
    target-wide-charset tcp tdesc trace-buffer-size trace-commands trace-notes trace-stop-notes trace-user
    trust-readonly-sections tui unwind-on-terminating-exception unwindonsignal use-coredump-filter
    use-deprecated-index-sections var variable varsize-limit verbose watchdog width write
    """)

  /// Short names that are gdb's own, not beginnings.
  static let shorthands: [String: String] = [
    "b": "break", "br": "break", "bre": "break", "brea": "break", "bt": "backtrace", "where": "backtrace",
    "c": "continue", "fg": "continue", "cl": "clear", "d": "delete", "del": "delete", "dis": "disable",
    "disa": "disable", "dow": "down", "do": "down", "en": "enable", "exit": "quit", "q": "quit",
    "f": "frame", "fin": "finish", "fo": "forward-search", "search": "forward-search",
    "gcore": "generate-core-file", "gr": "guile-repl", "gu": "guile", "h": "help", "i": "info", "inf": "info",
    "inspect": "print", "j": "jump", "k": "kill", "l": "list", "n": "next", "ni": "nexti", "p": "print",
    "pi": "python-interactive", "po": "print-object", "py": "python", "r": "run", "rc": "reverse-continue",
    "rec": "record", "rev": "reverse-search", "rn": "reverse-next", "rni": "reverse-nexti",
    "rs": "reverse-step", "rsi": "reverse-stepi", "s": "step", "si": "stepi", "stepping": "while-stepping",
    "t": "thread", "tp": "trace", "tr": "trace", "tra": "trace", "trac": "trace", "u": "until", "w": "with",
    "ws": "while-stepping", "expression": "compile", "ov": "overlay", "ovly": "overlay", "|": "pipe",
    "!": "shell", "mt": "maintenance",
  ]

  static let infoShorthands: [String: String] = [
    "b": "breakpoints", "dll": "sharedlibrary", "f": "frame", "gu": "guile", "handle": "signals",
    "r": "registers", "rec": "record", "s": "stack", "tp": "tracepoints", "files": "target",
  ]
}
