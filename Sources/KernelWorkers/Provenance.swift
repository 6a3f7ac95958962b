internal import Bytes

/// Where a kernel worker comes from, by what it inherited from the thread that made it.
package struct Provenance: Sendable, Equatable {
  package enum Owner: Sendable, Equatable {
    case thread(Int32)
    /// Several user threads have the TLS pointer: clones without one of their own.
    case oneOf([Int32])
    /// The TLS pointer is no living user thread's, or 0 where /proc says so. Only SQPOLL threads outlive their maker.
    case exited(threadPointer: UInt64)
    /// The core does not tell, and why.
    case unknown(String)
  }

  /// Where the maker entered the kernel.
  package struct CallSite: Sendable, Equatable {
    /// The address after the `syscall` instruction, inherited in `rcx`.
    package var returnAddress: UInt64
    /// Whether the two bytes before are `0f 05`; `nil` where that text could not be read.
    package var followsSystemCall: Bool?

    package init(returnAddress: UInt64, followsSystemCall: Bool?) {
      self.returnAddress = returnAddress
      self.followsSystemCall = followsSystemCall
    }
  }

  package var owner: Owner
  /// The system call the maker was in; `nil` where registers were not inherited, −1 if it ran in user mode.
  package var systemCall: Int64?
  /// The ring's descriptor: `rdi` of io_uring_enter, and of nothing else.
  package var ringDescriptor: Int32?
  /// What io_uring_setup was told, while the memory still holds it.
  package var parameters: RingParameters?
  package var callSite: CallSite?
  /// Inherited facts that need not be this worker's: each a sentence.
  package var hints: [String]
  /// What it was doing, by its kernel stack: `SPLICE, in pipe_wait_readable`, `idle`.
  package var activity: String?

  package init(
    owner: Owner, systemCall: Int64? = nil, ringDescriptor: Int32? = nil, parameters: RingParameters? = nil,
    callSite: CallSite? = nil, hints: [String] = []
  ) {
    self.owner = owner
    self.systemCall = systemCall
    self.ringDescriptor = ringDescriptor
    self.parameters = parameters
    self.callSite = callSite
    self.hints = hints
  }

  /// The owner as a sentence.
  package var ownerText: String {
    switch owner {
    case .thread(let id): "created by LWP \(id)"
    case .oneOf(let ids): "created by one of LWP \(ids.map { String($0) }.joined(separator: ", "))"
    case .exited(threadPointer: 0): "owner has exited"
    case .exited(let pointer): "owner has exited (its TLS pointer was \(pointer.hexadecimal))"
    case .unknown(let why): "owner unknown: \(why)"
    }
  }
}
