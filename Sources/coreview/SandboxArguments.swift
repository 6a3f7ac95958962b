internal import ArgumentParser

/// Whether a command reads files in a child that can be lost.
struct SandboxArguments: ParsableArguments {
  @Flag(name: .customLong("no-sandbox"), help: "Read the files in this process, with all its rights.")
  var isOff = false
}
