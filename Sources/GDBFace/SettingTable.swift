/// gdb's settings with their first values and what `show` says of them, `%` for the value (by experiment with
/// gdb 13.1).
extension Setting {
  static let table: [Setting] = firstHalf + secondHalf

  private static let firstHalf: [Setting] = [
    Setting(
      "agent", .choice, "off", "Debugger's willingness to use agent in inferior as a helper is %.", "on off"),
    Setting("annotate", .signed, "0", "Annotation_level is %."),
    Setting(
      "architecture", .choice, "auto", "",
      "i386 i386:x86-64 i386:x64-32 i8086 i386:intel i386:x86-64:intel i386:x64-32:intel auto"),
    Setting("args", .text, "", "Argument list to give program being debugged when it is started is \"%\"."),
    Setting(
      "auto-connect-native-target", .flag, "on",
      "Whether GDB may automatically connect to the native target is %."),
    Setting(
      "auto-load gdb-scripts", .flag, "on", "Auto-loading of canned sequences of commands scripts is %."),
    Setting("auto-load libthread-db", .flag, "on", "Auto-loading of inferior specific libthread_db is %."),
    Setting(
      "auto-load local-gdbinit", .flag, "on", "Auto-loading of .gdbinit script from current directory is %."),
    Setting("auto-load python-scripts", .flag, "on", "Auto-loading of Python scripts is %."),
    Setting(
      "auto-load safe-path", .text, "$debugdir:$datadir/auto-load",
      "List of directories from which it is safe to auto-load files is %."),
    Setting(
      "auto-load scripts-directory", .text, "$debugdir:$datadir/auto-load",
      "List of directories from which to load auto-loaded scripts is %."),
    Setting("auto-solib-add", .flag, "on", "Autoloading of shared library symbols is %."),
    Setting(
      "backtrace limit", .unsigned, "unlimited", "An upper bound on the number of backtrace levels is %."),
    Setting(
      "backtrace past-entry", .flag, "off",
      "Whether backtraces should continue past the entry point of a program is %."),
    Setting("backtrace past-main", .flag, "off", "Whether backtraces should continue past \"main\" is %."),
    Setting("basenames-may-differ", .flag, "off", "Whether a source file may have multiple base names is %."),
    Setting("breakpoint always-inserted", .flag, "off", "Always inserted breakpoint mode is %."),
    Setting("breakpoint auto-hw", .flag, "on", "Automatic usage of hardware breakpoints is %."),
    Setting(
      "breakpoint condition-evaluation", .choice, "auto",
      "Breakpoint condition evaluation mode is % (currently host).", "auto host target"),
    Setting(
      "breakpoint pending", .automatic, "auto", "Debugger's behavior regarding pending breakpoints is %."),
    Setting(
      "can-use-hw-watchpoints", .signed, "1", "Debugger's willingness to use watchpoint hardware is %."),
    Setting(
      "case-sensitive", .choice, "auto; currently on", "Case sensitivity in name search is \"%\".",
      "on off auto"),
    Setting("charset", .choice, "auto", ""),
    Setting("check range", .choice, "auto; currently off", "Range checking is \"%\".", "on off warn auto"),
    Setting("check type", .flag, "on", "Strict type checking is %."),
    Setting("code-cache", .flag, "on", "Cache use for code accesses is %."),
    Setting(
      "coerce-float-to-double", .flag, "on", "Coercion of floats to doubles when calling functions is %."),
    Setting(
      "compile-args", .text,
      "-O0 -gdwarf-4 -fPIE -Wall  -Wno-unused-but-set-variable -Wno-unused-variable -fno-stack-protector",
      "Compile command command-line arguments are \"%\"."),
    Setting("compile-gcc", .text, "", "Compile command GCC driver filename is \"%\"."),
    Setting("complaints", .signed, "0", "Max number of complaints about incorrect symbols is %."),
    Setting("confirm", .flag, "on", "Whether to confirm potentially dangerous operations is %."),
    Setting(
      "cp-abi", .choice, "auto", "The currently selected C++ ABI is \"%\" (currently \"gnu-v3\").",
      "auto gnu-v2 gnu-v3"),
    Setting("cwd", .text, "", ""),
    Setting("data-directory", .file, "/usr/share/gdb", "GDB's data directory is \"%\"."),
    Setting(
      "debug-file-directory", .text, "/usr/lib/debug",
      "The directory where separate debug symbols are searched for is \"%\"."),
    Setting(
      "debuginfod enabled", .choice, "ask", "Debuginfod functionality is currently set to \"%\".",
      "on off ask"),
    Setting("debuginfod urls", .text, "", ""),
    Setting("debuginfod verbose", .count, "1", "Debuginfod verbose output is set to %."),
    Setting(
      "demangle-style", .choice, "auto", "The current C++ demangling style is \"%\".",
      "none auto gnu-v3 java gnat dlang rust"),
    Setting("detach-on-fork", .flag, "on", "Whether gdb will detach the child of a fork is %."),
    Setting("directories", .file, "", ""),
    Setting(
      "disable-randomization", .flag, "on",
      "Disabling randomization of debuggee's virtual address space is %."),
    Setting(
      "disassemble-next-line", .automatic, "off", "Debugger's willingness to use disassemble-next-line is %."),
    Setting("disassembler-options", .text, "", ""),
    Setting("disassembly-flavor", .choice, "att", "The disassembly flavor is \"%\".", "att intel"),
    Setting(
      "displaced-stepping", .automatic, "auto (currently off)",
      "Debugger's willingness to use displaced stepping to step over breakpoints is %."),
    Setting("dprintf-channel", .text, "", "The channel to use for dynamic printf is \"%\"."),
    Setting("dprintf-function", .text, "printf", "The function to use for dynamic printf is \"%\"."),
    Setting(
      "dprintf-style", .choice, "gdb", "The style of usage for dynamic printf is \"%\".", "gdb call agent"),
    Setting(
      "dump-excluded-mappings", .flag, "off", "Dumping of mappings marked with the VM_DONTDUMP flag is %."),
    Setting("editing", .flag, "off", "Editing of command lines as they are typed is %."),
    Setting("endian", .choice, "auto", "", "big little auto"),
    Setting("exec-direction", .choice, "Forward", "%.", "forward reverse"),
    Setting(
      "exec-done-display", .flag, "off",
      "Notification of completion for asynchronous execution commands is %."),
    Setting(
      "exec-file-mismatch", .choice, "ask", "exec-file-mismatch handling is currently \"%\".", "ask warn off"),
    Setting("exec-wrapper", .file, "", "The wrapper for running programs is \"%\"."),
    Setting("extended-prompt", .text, "", ""),
    Setting(
      "extension-language", .text, "", "Mapping between filename extension and source language is \"%\"."),
    Setting(
      "filename-display", .choice, "relative", "Filenames are displayed as \"%\".",
      "basename relative absolute"),
    Setting("follow-exec-mode", .choice, "same", "Follow exec mode is \"%\".", "new same"),
    Setting(
      "follow-fork-mode", .choice, "parent", "Debugger response to a program call of fork or vfork is \"%\".",
      "child parent"),
    Setting("gnutarget", .text, "auto", "The current BFD target is \"%\"."),
    Setting("height", .unsigned, "unlimited", "Number of lines gdb thinks are in a page is %."),
    Setting("history expansion", .flag, "off", "History expansion on command input is %."),
    Setting(
      "history filename", .text, "$cwd/.gdb_history",
      "The filename in which to record the command history is \"%\"."),
    Setting(
      "history remove-duplicates", .unlimited, "0",
      "The number of history entries to look back at for duplicates is %."),
    Setting("history save", .flag, "off", "Saving of the history record on exit is %."),
    Setting("history size", .unlimited, "-2", "The size of the command history is %."),
    Setting("host-charset", .choice, "auto; currently UTF-8", "The host character set is \"%\"."),
  ]

  private static let secondHalf: [Setting] = [
    Setting("inferior-tty", .text, "", "Terminal for future runs of program being debugged is \"%\"."),
    Setting("input-radix", .count, "10", "Default input radix for entering numbers is %."),
    Setting("interactive-mode", .automatic, "auto (currently off)", "Debugger's interactive mode is %."),
    Setting(
      "language", .choice, "auto; currently c", "The current source language is \"%\".",
      "auto local unknown ada asm c c++ d fortran go minimal modula-2 objective-c opencl pascal rust"),
    Setting(
      "libthread-db-search-path", .text, "$sdir:$pdir", "The current search path or libthread_db is \"%\"."),
    Setting("listsize", .signedLimit, "10", "Number of source lines gdb will list by default is %."),
    Setting(
      "logging debugredirect", .flag, "off", "%",
      "off: Debug output will go to both the screen and the log file./on: Debug output will go only to the log file."
    ),
    Setting("logging enabled", .flag, "off", "%"),
    Setting("logging file", .file, "gdb.txt", "The current logfile is \"%\"."),
    Setting("logging overwrite", .flag, "off", "%"),
    Setting("logging redirect", .flag, "off", "%"),
    Setting("max-completions", .unlimited, "200", "Maximum number of completion candidates is %."),
    Setting("max-user-call-depth", .unsigned, "1024", "The max call depth for user-defined commands is %."),
    Setting("max-value-size", .unlimited, "65536 bytes", "Maximum value size is %."),
    Setting("may-call-functions", .flag, "on", "Permission to call functions in the program is %."),
    Setting("may-insert-breakpoints", .flag, "on", "Permission to insert breakpoints in the target is %."),
    Setting(
      "may-insert-fast-tracepoints", .flag, "on", "Permission to insert fast tracepoints in the target is %."),
    Setting("may-insert-tracepoints", .flag, "on", "Permission to insert tracepoints in the target is %."),
    Setting("may-interrupt", .flag, "on", "Permission to interrupt or signal the target is %."),
    Setting("may-write-memory", .flag, "on", "Permission to write into target memory is %."),
    Setting("may-write-registers", .flag, "on", "Permission to write into registers is %."),
    Setting("mi-async", .flag, "off", "Whether MI is in asynchronous mode is %."),
    Setting(
      "multiple-symbols", .choice, "all", "How the debugger handles ambiguities in expressions is \"%\".",
      "ask all cancel"),
    Setting("non-stop", .flag, "off", "Controlling the inferior in non-stop mode is %."),
    Setting("observer", .flag, "off", "Observer mode is %."),
    Setting(
      "opaque-type-resolution", .flag, "on",
      "Resolution of opaque struct/class/union types (if set before loading symbols) is %."),
    Setting("osabi", .choice, "auto", "", "auto default none SVR4 GNU/Linux"),
    Setting("output-radix", .count, "10", "Default output radix for printing of values is %."),
    Setting("overload-resolution", .flag, "on", "Overload resolution in evaluating C++ functions is %."),
    Setting("pagination", .flag, "on", "State of pagination is %."),
    Setting(
      "print type hex", .flag, "off", "Display of struct members offsets and sizes in hexadecimal is %"),
    Setting("print type methods", .flag, "on", "Printing of methods defined in a class in %"),
    Setting("print type nested-type-limit", .unlimited, "0", ""),
    Setting("print type typedefs", .flag, "on", "Printing of typedefs defined in a class in %"),
    Setting("prompt", .text, "(gdb) ", "Gdb's prompt is \"%\"."),
    Setting(
      "python dont-write-bytecode", .automatic, "auto (currently on)",
      "Python's dont-write-bytecode setting is %."),
    Setting("python ignore-environment", .flag, "off", "Python's ignore-environment setting is %."),
    Setting(
      "python print-stack", .choice, "message", "The mode of Python stack printing on error is \"%\".",
      "none full message"),
    Setting("radix", .count, "10", ""),
    Setting("range-stepping", .flag, "on", "Debugger's willingness to use range stepping is %."),
    Setting("remotecache", .flag, "off", "Deprecated remotecache flag is %."),
    Setting("remoteflow", .flag, "off", "Hardware flow control is %."),
    Setting(
      "remotelogbase", .choice, "ascii", "Numerical base for remote session logging is \"%\".",
      "hex octal ascii"),
    Setting("remotelogfile", .file, "", "Filename for remote session recording is \"%\"."),
    Setting("remotetimeout", .unlimited, "2", "Timeout limit to wait for target to respond is %."),
    Setting("schedule-multiple", .flag, "off", "Resuming the execution of threads of all processes is %."),
    Setting(
      "scheduler-locking", .choice, "replay", "Mode for locking scheduler during execution is \"%\".",
      "off on step replay"),
    Setting(
      "script-extension", .choice, "soft", "Script filename extension recognition is \"%\".",
      "off soft strict"),
    Setting("solib-absolute-prefix", .text, "target:", "The current system root is \"%\"."),
    Setting(
      "solib-search-path", .text, "",
      "The search path for loading non-absolute shared library symbol files is %."),
    Setting("source open", .flag, "on", "Source opening is \"%\"."),
    Setting("stack-cache", .flag, "on", "Cache use for stack accesses is %."),
    Setting("startup-quietly", .flag, "off", "Whether to start up quietly is %."),
    Setting("startup-with-shell", .flag, "on", "Use of shell to start subprocesses is %."),
    Setting("step-mode", .flag, "off", "Mode of the step operation is %."),
    Setting("stop-on-solib-events", .signed, "0", "Stopping for shared library events is %."),
    Setting(
      "struct-convention", .choice, "default", "The convention for returning small structs is \"%\".",
      "default pcc reg"),
    Setting("style enabled", .flag, "off", "CLI output styling is %.", "disabled enabled"),
    Setting("style sources", .flag, "on", "Source code styling is %.", "disabled enabled"),
    Setting("substitute-path", .text, "", ""),
    Setting("suppress-cli-notifications", .flag, "off", "Suppression of printing CLI notifications is %."),
    Setting("sysroot", .text, "target:", "The current system root is \"%\"."),
    Setting("target-charset", .choice, "auto; currently UTF-8", "The target character set is \"%\"."),
    Setting(
      "target-file-system-kind", .choice, "unix",
      "The assumed file system kind for target reported file names is \"auto\" (currently \"%\").",
      "auto unix dos-based"),
    Setting(
      "target-wide-charset", .choice, "auto; currently UTF-32", "The target wide character set is \"%\"."),
    Setting("trace-commands", .flag, "off", "State of GDB CLI command tracing is %."),
    Setting("trace-notes", .text, "", "The notes string to use for current and future trace runs is \"%\"."),
    Setting("trust-readonly-sections", .flag, "off", "Mode for reading from readonly sections is %."),
    Setting(
      "unwind-on-terminating-exception", .flag, "on",
      "Unwind stack if a C++ exception is unhandled while in a call dummy is %."),
    Setting(
      "unwindonsignal", .flag, "off", "Unwinding of stack if a signal is received while in a call dummy is %."
    ),
    Setting(
      "use-coredump-filter", .flag, "on", "Use of /proc/PID/coredump_filter file to generate corefiles is %."),
    Setting(
      "use-deprecated-index-sections", .flag, "off", "Whether to use deprecated gdb_index sections is %."),
    Setting("verbose", .flag, "off", "Verbosity is %."),
    Setting("watchdog", .signed, "0", "Watchdog timer is %."),
    Setting("width", .unsigned, "unlimited", "Number of characters gdb thinks are in a line is %."),
    Setting("write", .flag, "off", "Writing into executable and core files is %."),
  ]
}
