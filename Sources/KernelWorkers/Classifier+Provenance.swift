internal import Bytes
internal import ProcessModel

extension Classifier {
  /// Where a kernel worker comes from.
  func provenance(of index: Int) -> Provenance {
    var result = Provenance(owner: owner(of: index))
    guard marks.form == .inherited, image.register(marks.codeSegment, of: index) != 0 else {
      if mapsRing { result.hints.append("an io_uring is mapped: probably an iou-wrk or iou-sqp") }
      addThreadFunction(&result, index)
      return result
    }
    result.systemCall = systemCall(of: index)
    result.callSite = callSite(of: index)
    result.parameters = parameters(of: index)
    switch result.systemCall {
    case .some(426):
      if let descriptor = argument(0, of: index), descriptor < 1 << 20 {
        result.ringDescriptor = Int32(truncatingIfNeeded: descriptor)
        let submitted = argument(1, of: index) ?? 0
        result.hints.append(
          "the io_uring_enter that made it submitted \(UInt32(truncatingIfNeeded: submitted)); with "
            + "IORING_ENTER_REGISTERED_RING the descriptor is an index")
      }
    case .some(425):
      if result.parameters == nil, let address = argument(1, of: index) {
        result.hints.append(
          "io_uring_params at \(address.hexadecimal) no longer hold what io_uring_setup wrote")
      } else if classes[index].kind == .ioWorker {
        result.hints.append("made by task work while its owner set up another ring, without SQPOLL")
      }
    case .some(-1): result.hints.append("made by task work while its owner ran in user mode")
    case .some(let number):
      if classes[index].kind == .ioWorker {
        result.hints.append("made by task work while its owner was in system call \(number)")
      } else if number == Int64(marks.ioctl), mapsRing {
        result.hints.append("could also be an io_uring worker, made by task work during that ioctl")
      }
    case .none: break
    }
    return result
  }

  private func owner(of index: Int) -> Provenance.Owner {
    guard marks.keepsThreadPointer, let pointer = image.threadPointer(of: index) else {
      return .unknown("this architecture's core has no TLS pointer for it")
    }
    guard pointer != 0 else {
      return .unknown(
        hasLostThreadPointers && image.writer == .kernel
          ? "this kernel lost the TLS pointers (Linux up to 5.15)" : "its TLS pointer is 0")
    }
    let users = users[pointer] ?? []
    switch users.count {
    case 0: return .exited(threadPointer: pointer)
    case 1: return .thread(image.threads[users[0]].id)
    default: return .oneOf(users.map { image.threads[$0].id })
    }
  }

  /// s390x keeps the thread's function in r9: one value for every iou-wrk, another for iou-sqp.
  private func addThreadFunction(_ result: inout Provenance, _ index: Int) {
    guard let function = image.register(marks.threadFunction, of: index), function != 0 else { return }
    let same = (functions[function] ?? []).filter { $0 != index }
    let others = same.map { String(classes[$0].id) }.joined(separator: ", ")
    result.hints.append(
      "thread function \(function.hexadecimal) (\(marks.threadFunction ?? "")), "
        + (same.isEmpty ? "no other thread's" : "also of LWP \(others)"))
  }
}
