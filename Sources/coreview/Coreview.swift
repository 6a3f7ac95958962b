internal import GDBFace
internal import Glibc

@main
struct Coreview {
  static func main() {
    let arguments = CommandLine.arguments
    if arguments.count > 1, arguments[1] == "gdb" {
      exit(GDBFace.run(Array(arguments.dropFirst(2))))
    }
  }
}
