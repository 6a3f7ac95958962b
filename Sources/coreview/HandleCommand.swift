internal import ArgumentParser

/// The command line of the kernel's handler: `core_pattern = |/usr/bin/coreview handle %P %u %g %s %t %c %h %d %e`.
struct HandleCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "coreview handle",
    abstract: "Takes a core from the kernel, and keeps a report and a small core.",
    usage:
      "coreview handle [--directory DIR] [--store] PID [UID GID SIGNAL TIME LIMIT HOST DUMPABLE COMMAND]...",
    discussion: """
      For core(5): echo '|/usr/local/bin/coreview handle %P %u %g %s %t %c %h %d %e' > /proc/sys/kernel/core_pattern

      The core is read from standard input and never stored whole unless --store says so. Files are made with mode \
      0600, by their owner only, never over others and never through a symbolic link. What goes wrong is said in \
      the kernel's log.
      """)

  @Option(help: ArgumentHelp("Where files go; made if its parent is there.", valueName: "dir"))
  var directory = "/var/lib/coreview"

  @Flag(help: "Store the whole core too, compressed (zstd).")
  var store = false

  @OptionGroup var sandbox: SandboxArguments

  @Argument(help: ArgumentHelp("What core(5) says of %P %u %g %s %t %c %h %d %e.", valueName: "fact"))
  var facts: [String]

  func validate() throws {
    guard let first = facts.first, let process = Int32(first), process > 0 else {
      throw ValidationError("The first fact is the process's number (%P).")
    }
  }
}
