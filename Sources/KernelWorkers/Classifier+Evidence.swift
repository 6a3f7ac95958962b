internal import Bytes
internal import ProcessModel

extension Classifier {
  /// Every fact that speaks for or against a worker, with its weight.
  func evidence(of index: Int) -> [Evidence] {
    var list: [Evidence] = []
    addThreadPointer(&list, index)
    addSignals(&list, index)
    switch marks.form {
    case .inherited: addInherited(&list, index)
    case .cleared: addCleared(&list, index)
    }
    if image.writer == .kernel, let components = image.notes[index].stateComponents, components == 0 {
      list.append(Evidence(.emptyVectorState, 2, "xstate_bv is 0: the kernel gave it no vector state"))
    }
    if mapsRing { list.append(Evidence(.mappedRing, 2, "anon_inode:[io_uring] is mapped")) }
    return list
  }

  private func addThreadPointer(_ list: inout [Evidence], _ index: Int) {
    guard marks.keepsThreadPointer, let pointer = image.threadPointer(of: index) else { return }
    if let other = sharers[pointer]?.first(where: { $0 != index }) {
      list.append(
        Evidence(
          .sharedThreadPointer, 4,
          "TLS pointer \(pointer.hexadecimal) is that of LWP \(image.threads[other].id)"))
    } else if pointer != 0 || marks.form == .inherited, !hasLostThreadPointers {
      list.append(
        Evidence(.uniqueThreadPointer, -3, "TLS pointer \(pointer.hexadecimal) is no other thread's"))
    }
  }

  private func addSignals(_ list: inout [Evidence], _ index: Int) {
    guard image.writer == .kernel else { return }
    let held = image.threads[index].heldSignals
    if held == marks.heldSignals {
      list.append(Evidence(.blockedSignals, 3, "pr_sighold \(held.hexadecimal): all but SIGKILL and SIGSTOP"))
    } else {
      list.append(
        Evidence(.ownSignals, -6, "pr_sighold \(held.hexadecimal) is not \(marks.heldSignals.hexadecimal)"))
    }
  }

  // MARK: x86: the maker's registers

  private func addInherited(_ list: inout [Evidence], _ index: Int) {
    let segment = image.register(marks.codeSegment, of: index) ?? 0
    if segment == 0 {
      // No user thread has code segment 0: 5.12's copy_thread took its workers for kernel threads.
      if isFileZero(index, except: ["fs_base"]) {
        let proves = list.contains { $0.mark == .blockedSignals }
        list.append(
          Evidence(.zeroForm, proves ? 3 : 0, "all registers are zero, cs too: a worker of Linux 5.12"))
      }
      return
    }
    let result = image.register(marks.result, of: index) ?? 0
    if result == 0, marks.userSegments.contains(segment) {
      list.append(
        Evidence(
          .cleanResult, 1, "\(marks.result ?? "result") is 0 and cs \(segment.hexadecimal) user space's"))
    }
    let signed =
      image.architecture.wordSize == 8 ? Int64(bitPattern: result) : Int64(Int32(truncatingIfNeeded: result))
    if (-768 ... -1).contains(signed) {
      list.append(
        Evidence(.errorResult, -3, "\(marks.result ?? "result") is \(signed): in an interrupted system call"))
    }
    if let site = callSite(of: index), site.followsSystemCall != false {
      let place = site.followsSystemCall == true ? "follows a syscall instruction" : "lies in a mapped file"
      list.append(
        Evidence(.callSite, 3, "rcx \(site.returnAddress.hexadecimal) \(place), and r11 equals eflags"))
    }
    addArguments(&list, index)
  }

  /// The call that makes a worker, with arguments that it takes.
  private func addArguments(_ list: inout [Evidence], _ index: Int) {
    guard let number = systemCall(of: index), let first = argument(0, of: index),
      let second = argument(1, of: index)
    else { return }
    if number == 426, first < 1 << 20 {
      list.append(Evidence(.arguments, 3, "system call 426 (io_uring_enter) of descriptor \(first)"))
    } else if number == 425, (1...32768).contains(first), image.memory.segment(containing: second) != nil {
      list.append(
        Evidence(
          .arguments, 3,
          "system call 425 (io_uring_setup) of \(first) entries, parameters at \(second.hexadecimal)")
      )
    }
  }

  /// Where the maker entered the kernel: `syscall` leaves the return address in rcx and the flags in r11.
  func callSite(of index: Int) -> Provenance.CallSite? {
    guard let number = systemCall(of: index), number >= 0,
      let address = image.register(marks.returnAddress, of: index), address > 2,
      let saved = image.register(marks.savedFlags, of: index), saved != 0,
      saved == image.register(marks.flags, of: index)
    else { return nil }
    if let bytes = try? image.memory.read(at: address - 2, count: 2), isHeld(address - 2) {
      return Provenance.CallSite(returnAddress: address, followsSystemCall: bytes == [0x0f, 0x05])
    }
    guard image.memory.mapping(containing: address - 2) != nil else { return nil }
    return Provenance.CallSite(returnAddress: address, followsSystemCall: nil)
  }

  /// Whether bytes are the core's or a file's, and not zeros in the place of what nobody has.
  private func isHeld(_ address: UInt64) -> Bool {
    if image.memory.isInCore(address, count: 2) { return true }
    guard let bytes = try? image.memory.read(at: address & ~15, count: 16) else { return false }
    return bytes.contains { $0 != 0 }
  }

  // MARK: The others: registers that the kernel cleared

  private func addCleared(_ list: inout [Evidence], _ index: Int) {
    if let mode = marks.mode, let value = image.register(mode.register, of: index) {
      switch isKernelMode(index) {
      case true? where !mode.isZeroKernel:
        list.append(Evidence(.kernelMode, 5, "\(mode.register) \(value.hexadecimal) is kernel mode"))
      case true?:
        list.append(Evidence(.kernelMode, 2, "\(mode.register) \(value.hexadecimal) is not user mode"))
      case false?: list.append(Evidence(.userMode, -6, "\(mode.register) \(value.hexadecimal) is user mode"))
      case nil: break
      }
    }
    if isFileZero(index, except: marks.exceptions) {
      list.append(Evidence(.zeroRegisters, 2, "all general registers are zero"))
    } else {
      let weight = isKernelMode(index) == true ? -3 : -6
      list.append(Evidence(.zeroRegisters, weight, "general registers are not zero, as a worker's are"))
    }
  }

  /// Whether every register but some is zero.
  private func isFileZero(_ index: Int, except exceptions: Set<String>) -> Bool {
    image.architecture.registers.allSatisfy { register in
      exceptions.contains(register.name) || image.register(register.name, of: index) == 0
    }
  }
}
