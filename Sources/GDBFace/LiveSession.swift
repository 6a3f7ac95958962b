package import Backtraces
internal import Bytes
internal import CoreFiles
internal import Elfutils
internal import LiveProcesses
package import ProcFiles
internal import ProcessModel
internal import Snapshots
internal import Symbols
internal import Unwinding

/// `-p PID` and `attach PID`: a running process, copied and let go at once.
///
/// gdb holds the process as long as it looks at it, and by that aborts what io_uring's workers execute; here commands
/// are answered from the copy, and the kernel's own threads are never attached to.
enum LiveSession {
  static func attach(_ text: String, in session: Session) throws(CommandError) {
    guard let id = Int32(text.filter { $0 != " " }), id > 0 else {
      throw CommandError("Illegal process-id: \(text).")
    }
    session.unload()
    var options = CaptureOptions()
    options.wantsVectorState = true
    let image: LiveImage
    do throws(LiveError) {
      image = try LiveImage(LiveProcess(id: id), options, records: false, generator: "coreview gdb")
    } catch {
      throw CommandError(error.description)
    }
    var search = FileSearch()
    search.debugDirectories = session.parameters["debug-file-directory"].split(separator: ":").map {
      String($0)
    }
    search.places = image.places
    search.root = image.root.flatMap { try? FolderRoot(path: $0) }
    let finder = FileFinder(search)
    let name =
      session.executablePath
      ?? ExecutableFinder.path(auxiliaryVector: image.core.auxiliaryVector, memory: image.core.memory)
    let executable = name.flatMap { try? finder.elf(MappedFiles.plain($0).path) }
    let labels = ThreadLabels(image.capture.process)
    session.load(CoreProcess(core: image.core, executable: executable, finder: finder, labels: labels))
    session.live = image
    session.name(labels)
    FileCommands.apply(session)
    for gap in image.capture.gaps { session.note("warning: \(gap)\n") }
    StartUp.writeAttached(session)
  }

  /// What gdb says when it lets go at its end.
  static func detach(_ session: Session) {
    guard let live = session.live else { return }
    session.output.append("[Inferior 1 (process \(live.capture.process.id)) detached]\n")
    session.live = nil
  }
}

extension ThreadLabels {
  /// Names, and the LWPs as libc knows them in a PID namespace of the process's own.
  package init(_ process: ProcProcess) {
    self.init()
    for thread in process.threads {
      names[thread.id] = thread.nameText
      if let inner = thread.innerID, inner != thread.id { outerIDs[inner] = thread.id }
    }
  }
}

extension Session {
  /// The names that threads gave themselves, as gdb shows them of a running process.
  func name(_ labels: ThreadLabels) {
    for thread in process?.threads ?? [] {
      guard let name = labels.names[thread.snapshot.id] else { continue }
      threadNames[thread.number] = String(decoding: Escaping.inert(Array(name.utf8)), as: UTF8.self)
    }
  }
}
