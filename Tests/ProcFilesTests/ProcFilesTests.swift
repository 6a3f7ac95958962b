import ProcFiles
import ProcessModel
import Testing

/// /proc's texts, as a kernel writes them and as nobody should.
@Suite struct ProcFilesTests {
  private static func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

  // MARK: stat

  private static func stat(_ name: String, flags: UInt64 = 0x400040) -> [UInt8] {
    bytes(
      "4711 (\(name)) S 1 4711 4711 0 -1 \(flags) 212 0 0 0 0 2 0 0 20 0 4 0 1176157 2678784 405 18446744073709551615"
        + " 94248801693696 94248801702597 140734425009744 0 0 0 0 6 0 1 0 0 17 0 0 0 0 0 0 94248801713600"
        + " 94248801726712 94249717555200 140734425017027 140734425017049 140734425017049 140734425018351 0\n"
    )
  }

  @Test(arguments: [
    "plain", "with blank", ")", "(", "a) R (b\nc", ") S 1 2 3 (", "esc\u{1b}[31m", "", "4711 (x) Z",
  ])
  func `a name in stat is anything between the outermost parentheses`(_ name: String) throws {
    let stat = try #require(ProcStat(Self.stat(name)))
    #expect(stat.command == Self.bytes(name) && stat.id == 4711 && stat.state == "S")
    #expect(
      stat.flags == 0x400040 && stat.startTime == 1_176_157 && stat.parentID == 1 && !stat.isKernelWorker)
    #expect(stat.arguments == 140_734_425_017_027..<140_734_425_017_049)
    #expect(stat.environment == 140_734_425_017_049..<140_734_425_018_351)
  }

  @Test func `the flags say which threads must not be touched`() throws {
    #expect(try #require(ProcStat(Self.stat("iou-wrk-1", flags: 0x404050))).isKernelWorker)
    #expect(try #require(ProcStat(Self.stat("vhost-1", flags: 0x404040))).isKernelWorker)
    #expect(try #require(ProcStat(Self.stat("iou-wrk-1", flags: 0x400040))).isKernelWorker == false)
  }

  @Test func `stat cut anywhere gives less or nothing`() {
    let whole = Self.stat("a) R (b\nc", flags: .max)
    for count in 0...whole.count {
      guard let stat = ProcStat(Array(whole.prefix(count))) else { continue }
      #expect(stat.id == 4711)
    }
    #expect(ProcStat([]) == nil && ProcStat(Self.bytes("()")) == nil)
    #expect(ProcStat(Self.bytes("99999999999 (x) S 1")) == nil)
    #expect(ProcStat(Self.bytes("1 (x) S 99999999999999999999999 -5"))?.parentID == nil)
  }

  // MARK: syscall

  @Test func `syscall has three forms`() {
    #expect(ProcSystemCall(Self.bytes("running\n")) == .running)
    #expect(
      ProcSystemCall(Self.bytes("-1 0x7ffe0 0x401000\n"))
        == .outside(stackPointer: 0x7ffe0, programCounter: 0x401000))
    #expect(
      ProcSystemCall(Self.bytes("426 0x4 0x1 0x0 0x0 0x0 0x8 0x0 0x0\n"))
        == .inside(number: 426, arguments: [4, 1, 0, 0, 0, 8], stackPointer: 0, programCounter: 0))
    for text in ["", "\n", "0x0", "426 0x4", "-1", "-1 0xg 0x1", "x y z", "426 0 0 0 0 0 0 0 0 0 0"] {
      #expect(ProcSystemCall(Self.bytes(text)) == nil, "\(text)")
    }
  }

  @Test func `numbers have the names of their architecture`() {
    #expect(SystemCallNames.name(0, machine: 62) == "read" && SystemCallNames.name(3, machine: 3) == "read")
    #expect(
      SystemCallNames.name(63, machine: 183) == "read"
        && SystemCallNames.name(426, machine: 62) == "io_uring_enter")
    #expect(SystemCallNames.name(426, machine: 3) == "io_uring_enter")
    #expect(SystemCallNames.name(0x4000_0000 | 426, machine: 62) == "io_uring_enter")
    for number in [-1, 387, 100_000, Int64.min, Int64.max] as [Int64] {
      #expect(SystemCallNames.name(number, machine: 62) == nil, "\(number)")
    }
    #expect(
      SystemCallNames.argumentCount(of: "futex") == 6 && SystemCallNames.argumentCount(of: "pause") == 0)
  }

  // MARK: maps

  @Test func `maps keep blanks in paths, and lines that make no sense are counted`() {
    let maps = ProcMaps(
      Self.bytes(
        """
        55b802585000-55b802587000 r--p 00000000 fe:00 16220509                   /tmp/a file (deleted)
        55b802587000-55b80258a000 r-xp 00002000 fe:00 16220509                   /tmp/a file (deleted)
        7f802c899000-7f802c89a000 rw-s 10000000 00:10 1196754                    anon_inode:[io_uring]
        nonsense
        7f802c899000-7f802c89a000 rw-s 10000000 00:10 1196754                    twice
        7fff49693000-7fff49672000 rw-p 00000000 00:00 0                          [backwards]
        7fff49672000-7fff49693000 rw-p 00000000 00:00 0                          [stack]
        8-7 rw-p
        ffffffffffffff00-ffffffffffffffff0 rw-p 00000000 00:00 0

        """))
    #expect(
      maps.mappings.map(\.path) == [
        "/tmp/a file (deleted)", "/tmp/a file (deleted)", "anon_inode:[io_uring]", "[stack]",
      ])
    #expect(maps.damagedLines == 5)
    #expect(maps.mapping(containing: 0x55b8_0258_7fff)?.isExecutable == true)
    #expect(maps.mapping(containing: 0x55b8_0258_a000) == nil && maps.mapping(containing: 0) == nil)
    #expect(maps.files.count == 3)
  }

  // MARK: status and fdinfo

  @Test func `status is read by its keys, the first of each`() {
    let status = ProcStatus(
      Self.bytes(
        "Name:\tx\\nTracerPid:\t9\nTgid:\t7\nTracerPid:\t5\nTracerPid:\t6\nNSpid:\t7\t1\nSigBlk:\tfffffffffffbfeff\n"
      ))
    #expect(status.tracerID == 5 && status.groupID == 7 && status.namespaceIDs == [7, 1])
    #expect(status.blockedSignals == 0xffff_ffff_fffb_feff)
    #expect(ProcStatus([]).isEmpty && ProcStatus(Self.bytes("::::\n:")).tracerID == nil)
  }

  @Test func `fdinfo of a ring, of today's kernel and an older one`() throws {
    let ring = try #require(
      ProcRing(
        descriptor: 4,
        Self.bytes(
          """
          pos:\t0
          ino:\t1196754
          SqMask:\t0x7
          SqHead:\t4
          SqTail:\t6
          CachedSqHead:\t4
          CqMask:\t0xf
          CqHead:\t0
          CqTail:\t1
          CachedCqTail:\t1
          SQEs:\t2
              4: opcode:READ, fd:0, flags:0, off:0, addr:0x55b8025a3560, rw_flags:0x0, buf_index:0 user_data:1280
              5: opcode:22, fd:-1, flags:0, user_data:18446744073709551615
          CQEs:\t1
              0: user_data:16, res:-512, flag:0
          SqThread:\t77
          PollList:
            op=22, task_works=0

          """)))
    #expect(
      ring.inode == 1_196_754 && ring.submissionMask == 7 && ring.inFlight == 3 && ring.pollThread == 77)
    #expect(
      ring.unsubmitted.map(\.operation) == ["READ", "22"] && ring.unsubmitted.map(\.userData) == [1280, .max])
    #expect(
      ring.unreaped.map(\.userData) == [16] && ring.unreaped.first?.result == -512 && ring.polls == [22])
    #expect(ProcRing(descriptor: 1, Self.bytes("pos:\t0\nflags:\t02\n")) == nil)
    #expect(
      ProcRing(descriptor: 1, Self.bytes("SqMask:\t0xfffffffff\nSqHead:\t-1\nCqMask:\t0\nSQEs:\n : : :\n"))
        != nil)
  }

  // MARK: Trees

  private static func tree(_ files: [String: String], links: [String: String] = [:]) -> ProcTree {
    ProcTree(name: "/somewhere/4711", files: files.mapValues { .success(bytes($0)) }, links: links)
  }

  @Test func `a tree with files missing still tells what is there, and what is not`() throws {
    let whole = String(decoding: Self.stat("main"), as: UTF8.self)
    #expect(ProcProcess(Self.tree([:])) == nil && ProcProcess(Self.tree(["cmdline": "x"])) == nil)
    let lone = try #require(ProcProcess(Self.tree(["stat": whole])))
    #expect(
      lone.id == 4711 && lone.threads.count == 1 && lone.gaps.contains { $0.contains("no task folder") })
    let bare = try #require(
      ProcProcess(Self.tree(["task/9/comm": "x\ny\n", "task/12/comm": "", "task/notes": ""])))
    #expect(bare.id == 4711 && bare.threads.map(\.id) == [9, 12])
    #expect(bare.threads[0].nameText == "x\ny" && bare.gaps.contains { $0.contains("stat is missing") })
    let wrong = try #require(
      ProcProcess(Self.tree(["task/9/stat": whole, "task/9/syscall": "?", "task/9/stack": "?\n[<0>]"])))
    #expect(wrong.threads[0].stat == nil && wrong.gaps.contains { $0.contains("is of thread 4711") })
    #expect(wrong.threads[0].kernelStack == [])
  }

  @Test func `kernel stacks are names, innermost first`() throws {
    let process = try #require(
      ProcProcess(
        Self.tree([
          "task/9/stack":
            "[<0>] pipe_wait_readable+0xf1/0x120\n[<ffffffff81>] io_splice+0x9e/0x100\n[<0>] 0xffff\n",
          "task/9/wchan": "pipe_wait_readable",
        ])))
    #expect(process.threads[0].kernelStack == ["pipe_wait_readable", "io_splice", "0xffff"])
    #expect(process.threads[0].waitChannel == "pipe_wait_readable")
  }

  @Test func `noise in every file is survived`() {
    var random = SystemRandomNumberGenerator()
    for _ in 0..<300 {
      var files: [String: ProcTree.Content] = [:]
      for name in [
        "stat", "status", "maps", "auxv", "task/1/stat", "task/1/syscall", "task/1/stack", "fdinfo/3",
        "task/1/comm",
      ] {
        let seeds = Array("0123456789abcdefx-():, \n\tSqMaskHead[]<>+/".utf8) + [0, 0xff, 0x1b]
        files[name] = .success(
          (0..<Int.random(in: 0..<400, using: &random)).map { _ in seeds.randomElement(using: &random)! })
      }
      _ = ProcProcess(ProcTree(name: "/x/1", files: files, links: [:]))
    }
  }
}
