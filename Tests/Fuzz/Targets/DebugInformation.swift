import Bytes
import CoreviewKit
import GDBFace
import Glibc
import Rendering

/// An executable beside the sound core of COREVIEW_FUZZ_CORE: all that reads its symbols, DWARF and CFI, by way of gdb's face
/// and of the report. The files stand in the current directory.
@Sendable func debugInformation(_ bytes: [UInt8]) {
  guard let core = corePath, write(bytes, to: executable) else { return }
  var arguments = ["-q", "-nx", "-batch-silent"]
  for command in [
    "thread apply all bt full", "info locals", "up", "info frame", "ptype first", "print first",
    "print *first.next",
    "info scope crash", "list crash", "info line crash", "info symbol crash", "info types node",
    "info functions crash",
    "info variables", "whatis crash", "print sizeof(struct node)", "info source", "print crash",
  ] { arguments += ["-ex", command] }
  _ = GDBFace.run(arguments + [executable, core])
  var search = SearchOptions()
  search.usesCache = false
  search.asksServers = false
  guard let dump = try? CoreDump(path: core, executable: executable, search: search) else { return }
  let report = dump.report(parts: [.registers, .disassembly, .source, .locks])
  JSONRenderer.render(report) { $0.removeAll() }
  TextRenderer.render(report) { $0.removeAll() }
}

private let executable = "fuzzed-\(getpid())"
private let corePath = unsafe getenv("COREVIEW_FUZZ_CORE").map { unsafe String(cString: $0) }

private func write(_ bytes: [UInt8], to path: String) -> Bool {
  let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
  guard descriptor >= 0 else { return false }
  defer { close(descriptor) }
  return unsafe bytes.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
    == bytes.count
}
