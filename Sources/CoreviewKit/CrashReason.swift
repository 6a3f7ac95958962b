internal import Bytes
internal import CoreFiles
internal import GDBFace
internal import ProcessModel
internal import Reporting

/// The signal that ended a process, and the sentence that says why.
struct CrashReason {
  private(set) var signal: Report.Signal?
  private(set) var sentence: String

  private static let stop: Int32 = 19
  private static let abort: Int32 = 6

  init(core: CoreFile) {
    let noted = Int32(core.threads.last?.currentSignal ?? 0)
    // Of a core that a debugger took the note says how the thread was stopped, which ended nothing.
    let number = core.signal.map { $0.number } ?? noted
    guard number > 0, number != Self.stop else {
      sentence = "no fatal signal: the core was taken of a running process"
      return
    }
    let signal = core.signal.map(Self.signal) ?? Self.named(number)
    sentence = signal.name
    if let info = core.signal {
      sentence += ": " + Self.why(signal, info, processID: core.info?.processID)
    }
    self.signal = signal
  }

  private static func named(_ number: Int32) -> Report.Signal {
    let described = SignalNames.describe(Int(number))
    var signal = Report.Signal()
    signal.number = number
    signal.name = number < 32 && described.name != "?" ? described.name : "signal \(number)"
    signal.text = number < 32 && described.name != "?" ? described.text : ""
    return signal
  }

  /// A signal note in the report's words.
  static func signal(_ info: SignalInfo) -> Report.Signal {
    var signal = named(info.number)
    signal.code = info.code
    signal.faultAddress = info.faultAddress
    if SignalCodes.hasSender(info.code), let sender = info.sender {
      signal.sender = Report.Sender(pid: sender.processID, uid: sender.userID)
    }
    signal.codeName = SignalCodes.meaning(of: info.code, signal: info.number)?.name
    return signal
  }

  private static func why(_ signal: Report.Signal, _ info: SignalInfo, processID: Int32?) -> String {
    guard let meaning = SignalCodes.meaning(of: info.code, signal: info.number) else {
      return "si_code \(info.code)"
    }
    var text = meaning.text
    if let sender = signal.sender {
      guard sender.pid != processID else {
        let how =
          info.number == abort
          ? "raised by the process itself, as abort() does" : "raised by the process itself"
        return "\(how) (\(meaning.name))"
      }
      let who =
        sender.pid == 0
        ? "a process of another PID namespace, uid \(sender.uid)" : "pid \(sender.pid), uid \(sender.uid)"
      text = replacing(text, by: who)
    } else if let address = info.faultAddress {
      text = replacing(text, by: address.hexadecimal)
    } else {
      text = replacing(text, by: "an unknown place")
    }
    return "\(text) (\(meaning.name))"
  }

  private static func replacing(_ text: String, by part: String) -> String {
    guard let mark = text.firstIndex(of: "%") else { return text }
    return text[..<mark] + part + text[text.index(after: mark)...]
  }
}
