/// A submission or completion queue's indices: both count on for ever, and wrap at 2^32.
package struct RingQueue: Sendable, Equatable {
  package var head: UInt32
  package var tail: UInt32
  package var entries: UInt32

  package init(head: UInt32, tail: UInt32, entries: UInt32) {
    self.head = head
    self.tail = tail
    self.entries = entries
  }

  /// Entries between head and tail; `nil` where the two cannot belong to one queue.
  package var pending: UInt32? {
    let count = tail &- head
    return count <= entries ? count : nil
  }
}

/// `struct io_uring_sqe`: what an application asked for.
package struct SubmissionEntry: Sendable, Equatable {
  /// Its place in the array of entries.
  package var slot: UInt32
  package var opcode: UInt8
  package var flags: UInt8
  package var descriptor: Int32
  package var offset: UInt64
  package var address: UInt64
  package var length: UInt32
  package var userData: UInt64

  /// `IORING_OP_…` without its prefix, or the number.
  package var operation: String { RingOperation.name(opcode) }
  /// IOSQE_FIXED_FILE: `descriptor` is an index into the registered files.
  package var isFixedFile: Bool { flags & 1 != 0 }
}

/// `struct io_uring_cqe`: how a request ended.
package struct CompletionEntry: Sendable, Equatable {
  package var userData: UInt64
  package var result: Int32
  package var flags: UInt32

  package init(userData: UInt64, result: Int32, flags: UInt32) {
    self.userData = userData
    self.result = result
    self.flags = flags
  }
}

/// A request that was being executed when the process died: the dump's own SIGKILL aborted it.
package struct InFlightRequest: Sendable, Equatable {
  package enum Origin: Sendable, Equatable {
    case entry(SubmissionEntry)
    /// More entries than such completions have this user_data: which is whose cannot be told.
    case oneOf([SubmissionEntry])
    /// Its entry has been used again.
    case overwritten
  }

  package var completion: CompletionEntry
  package var origin: Origin
  /// −512 (ERESTARTSYS) is never given to an application otherwise; −125 and −4 can be ordinary results.
  package var confidence: Confidence
}

/// One io_uring, as far as its pages are in the core.
package struct Ring: Sendable, Equatable {
  /// How the ring was found.
  package enum Source: Sendable, Equatable {
    /// NT_FILE: the mapping of `anon_inode:[io_uring]` at offset 0.
    case mapping
    /// `io_uring_params` of a SQPOLL thread: rings in the application's own memory.
    case parameters
  }

  package var address: UInt64
  package var source: Source
  /// `nil` where the pages are not in the core or make no sense; `remarks` says which.
  package var submissions: RingQueue?
  package var completions: RingQueue?
  package var dropped: UInt32 = 0
  package var overflows: UInt32 = 0
  /// `sq_flags`: IORING_SQ_NEED_WAKEUP 1, CQ_OVERFLOW 2, TASKRUN 4.
  package var submissionFlags: UInt32 = 0
  package var entriesAddress: UInt64?
  /// Published by the application, not taken by the kernel.
  package var unsubmitted: [SubmissionEntry] = []
  /// Posted by the kernel, not seen by the application; oldest first.
  package var unreaped: [CompletionEntry] = []
  package var inFlight: [InFlightRequest] = []
  /// What could not be told, and how to have it next time: a sentence each.
  package var remarks: [String] = []

  package init(address: UInt64, source: Source) {
    self.address = address
    self.source = source
  }
}

/// `enum io_uring_op` of include/uapi/linux/io_uring.h up to Linux 6.18.
package enum RingOperation {
  private static let names = [
    "NOP", "READV", "WRITEV", "FSYNC", "READ_FIXED", "WRITE_FIXED", "POLL_ADD", "POLL_REMOVE",
    "SYNC_FILE_RANGE", "SENDMSG", "RECVMSG", "TIMEOUT", "TIMEOUT_REMOVE", "ACCEPT", "ASYNC_CANCEL",
    "LINK_TIMEOUT", "CONNECT", "FALLOCATE", "OPENAT", "CLOSE", "FILES_UPDATE", "STATX", "READ", "WRITE",
    "FADVISE", "MADVISE", "SEND", "RECV", "OPENAT2", "EPOLL_CTL", "SPLICE", "PROVIDE_BUFFERS",
    "REMOVE_BUFFERS", "TEE", "SHUTDOWN", "RENAMEAT", "UNLINKAT", "MKDIRAT", "SYMLINKAT", "LINKAT", "MSG_RING",
    "FSETXATTR", "SETXATTR", "FGETXATTR", "GETXATTR", "SOCKET", "URING_CMD", "SEND_ZC", "SENDMSG_ZC",
    "READ_MULTISHOT", "WAITID", "FUTEX_WAIT", "FUTEX_WAKE", "FUTEX_WAITV", "FIXED_FD_INSTALL", "FTRUNCATE",
    "BIND", "LISTEN", "RECV_ZC", "EPOLL_WAIT", "READV_FIXED", "WRITEV_FIXED", "PIPE", "NOP128",
    "URING_CMD128",
  ]

  /// The number of a name without its prefix.
  package static func number(_ name: String) -> UInt8? {
    names.firstIndex(of: name).flatMap { UInt8(exactly: $0) } ?? UInt8(name)
  }

  static func name(_ opcode: UInt8) -> String {
    Int(opcode) < names.count ? names[Int(opcode)] : "opcode \(opcode)"
  }
}
