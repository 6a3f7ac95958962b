import Reporting
import Signatures
import Testing

/// What keeps a signature, and what changes it.
@Suite struct SignatureTests {
  private static func frame(
    _ name: String?, kind: Report.Frame.Kind = .normal, pc: UInt64 = 0x1000, offset: UInt64 = 0x10,
    path: String = "/usr/bin/prog"
  ) -> Report.Frame {
    var frame = Report.Frame()
    frame.function = name
    frame.kind = kind
    frame.pc = pc
    var place = Report.ModulePlace()
    place.path = path
    place.kind = path == "/usr/bin/prog" ? .executable : .library
    place.buildID = "ab12"
    place.offset = offset
    frame.module = place
    return frame
  }

  private static func report(_ frames: [Report.Frame], threads: Int = 0, signal: String = "SIGSEGV") -> Report
  {
    var report = Report()
    report.executable = "/usr/bin/prog"
    report.process.command = "prog"
    var died = Report.Signal()
    died.number = 11
    died.name = signal
    report.signal = died
    var thread = Report.Thread()
    thread.isCrashed = true
    thread.number = 1
    var stack = Report.Stack()
    stack.threads = [thread]
    stack.frames = frames
    stack.frameCount = frames.count
    report.stacks = [stack]
    for number in 0..<threads {
      var other = Report.Stack()
      var idle = Report.Thread()
      idle.number = number + 2
      other.threads = [idle]
      other.frames = [Self.frame("idle")]
      report.stacks.append(other)
    }
    return report
  }

  private static func hash(_ report: Report) -> String? { SignatureMaker().signature(of: report)?.hash }

  @Test func `addresses, arguments, lines and other threads do not count`() {
    let one = Self.report([Self.frame("f"), Self.frame("main")])
    var frames = [Self.frame("f", pc: 0x7f00_0000, offset: 0x99), Self.frame("main", pc: 0x5500)]
    frames[0].arguments = "n=5"
    frames[0].line = 12
    let two = Self.report(frames, threads: 4)
    #expect(Self.hash(one) == Self.hash(two))
    #expect(SignatureMaker().signature(of: one)?.pipe == "f | main")
    #expect(SignatureMaker().signature(of: one)?.basis == .names)
  }

  @Test func `another function, caller, signal or program does`() {
    let hash = Self.hash(Self.report([Self.frame("f"), Self.frame("main")]))
    #expect(hash != Self.hash(Self.report([Self.frame("g"), Self.frame("main")])))
    #expect(hash != Self.hash(Self.report([Self.frame("f"), Self.frame("h"), Self.frame("main")])))
    #expect(hash != Self.hash(Self.report([Self.frame("f"), Self.frame("main")], signal: "SIGBUS")))
    var other = Self.report([Self.frame("f"), Self.frame("main")])
    other.process.command = "other"
    #expect(hash != Self.hash(other))
  }

  @Test(arguments: [
    [
      "__pthread_kill_implementation.constprop.0", "__GI_raise", "__GI_abort", "__assert_fail", "check",
      "main",
    ],
    [
      "raise", "abort", "__gnu_cxx::__verbose_terminate_handler()", "__cxxabiv1::__terminate(void (*)())",
      "std::terminate()", "__cxa_throw", "check", "main", "__libc_start_main_impl", "_start",
    ],
    [
      "abort", "std::sys::pal::unix::abort_internal", "rust_panic",
      "std::panicking::begin_panic_handler::{closure#0}",
      "core::panicking::panic_fmt", "check::h0123456789abcdef", "std::rt::lang_start_internal", "main",
    ],
    ["Swift._assertionFailure(_: Swift.StaticString, flags: Swift.UInt32) -> Swift.Never", "check", "main"],
    ["abort", "__libc_message", "malloc_printerr", "_int_free", "__GI___libc_free", "check", "main"],
    [
      "runtime.raise.abi0", "runtime.dieFromSignal", "runtime.gopanic", "check", "main",
      "runtime.goexit.abi0",
    ],
  ])
  func `plumbing is left out`(names: [String]) {
    let signature = SignatureMaker().signature(of: Self.report(names.map { Self.frame($0) }))
    #expect(signature?.frames == ["check", "main"], "\(signature?.frames ?? [])")
  }

  @Test func `frames without names count by build ID and offset`() {
    let one = Self.report([
      Self.frame(nil, offset: 0x10), Self.frame(nil, offset: 0x20), Self.frame(nil, offset: 0x30),
    ])
    let signature = SignatureMaker().signature(of: one)
    #expect(signature?.frames == ["ab12+0x10", "ab12+0x20", "ab12+0x30"] && signature?.basis == .offsets)
    #expect(
      signature?.apport == "/usr/bin/prog:11:/usr/bin/prog+10:/usr/bin/prog+20:/usr/bin/prog+30")
    #expect(
      signature?.satyr == Digest.sha1("Thread\nab12+0x10\nab12+0x20\nab12+0x30\n"))
    let two = Self.report([Self.frame(nil, offset: 0x11), Self.frame(nil, offset: 0x20)])
    #expect(Self.hash(one) != Self.hash(two))
  }

  /// Offsets as /proc/PID/maps has them, not those of the file; frames that are nowhere ask for more that are somewhere.
  @Test func `Apport counts from the start of the mapping`() {
    let maker = SignatureMaker { $0 < 0x9000 ? ("/opt/a:b", 0x1000) : nil }
    func apport(_ addresses: [UInt64]) -> String? {
      let frames = addresses.map { address in
        var frame = Self.frame("f", pc: address)
        if address >= 0x9000 { frame.module = nil }
        return frame
      }
      return maker.signature(of: Self.report(frames))?.apport
    }
    #expect(
      apport([0x10, 0x1234, 0x2000, 0x3000]) == "/usr/bin/prog:11:/opt/a..b+234:/opt/a..b+1000:/opt/a..b+2000"
    )
    #expect(apport([0x1234, 0x2000]) == nil)
    #expect(apport([0x1001, 0x1002, 0x1003, 0x1004, 0x1005, 0x9000]) == nil)
    #expect(
      apport([0x1001, 0x1002, 0x1003, 0x1004, 0x1005, 0x1006, 0x9000])?.hasSuffix(":/opt/a..b+6") == true)
    #expect(apport((0..<20).map { 0x1000 + $0 })?.hasSuffix("+e") == true)
  }

  @Test func `satyr takes three frames, recursion once, names indented`() {
    var frames = [
      Self.frame(nil, pc: 0), Self.frame("f"), Self.frame("f"), Self.frame("g", offset: 0x20),
      Self.frame("h"), Self.frame("main"),
    ]
    frames[0].module = nil
    frames[3].module?.buildID = nil
    let signature = SignatureMaker().signature(of: Self.report(frames))
    #expect(signature?.satyr == Digest.sha1("Thread\nab12+0x10\n  g\nab12+0x10\n"))
  }

  @Test func `a recursion counts once, wherever the stack ended`() {
    func overflow(_ names: [String], first: Int) -> Report {
      var report = Self.report(names.map { Self.frame($0) })
      report.diagnosis.kind = .stackOverflow
      var repetition = Report.Repetition()
      repetition.first = first
      repetition.last = first + 39
      repetition.functions = Array(names[first..<first + 2])
      repetition.count = 20
      report.stacks[0].repetitions = [repetition]
      return report
    }
    let one = overflow((0..<60).map { $0 % 2 == 0 ? "even" : "odd" }, first: 0)
    let two = overflow(["leaf"] + (0..<60).map { $0 % 2 == 0 ? "odd" : "even" }, first: 1)
    #expect(Self.hash(one) == Self.hash(two))
  }

  @Test func `users add rules of their own`() throws {
    let rules = FunctionRoles()
    try rules.add(rules: "# ours\nuntil my_die*\nskip checked_*_call\nkeep abort\n")
    let frames = ["my_die_now", "checked_any_call", "f", "main"].map { Self.frame($0) }
    #expect(SignatureMaker(roles: rules).signature(of: Self.report(frames))?.frames == ["f", "main"])
    #expect(!rules.plumbing.isWayToDie("abort"))
    #expect(throws: Plumbing.Problem(line: 2, text: "hide f")) {
      var other = Plumbing()
      try other.add(rules: "skip g\nhide f\n")
    }
  }

  @Test func `the rules that are shipped can be read`() {
    #expect(Plumbing.shipped.isWayToDie("g_assertion_message_expr") && Plumbing.shipped.isSkipped("_start"))
    #expect(!Plumbing.shipped.isSkipped("main") && !Plumbing.shipped.isWayToDie("main"))
  }

  @Test(arguments: [
    (
      "std::vector<int, std::allocator<int> >::at(unsigned long) const",
      "std::vector<int, std::allocator<int> >::at"
    ),
    ("(anonymous namespace)::Parser::next(int (*)(char))", "(anonymous namespace)::Parser::next"),
    ("main::{lambda()#1}::operator()() const", "main::{lambda#1}::operator()"),
    ("int find<int>(std::vector<int>&)", "find<int>"),
    ("app::load::h00112233445566ff", "app::load"),
    ("parse.constprop.0", "parse"), ("parse.part.0.cold", "parse"), ("__GI_raise", "raise"),
    ("__memmove_avx_unaligned_erms", "memmove"), ("strlen@plt", "strlen"),
    ("main.pick(Swift.Array<Swift.Int>, Swift.Int) -> Swift.Int", "main.pick"),
    ("foo(int) [clone .cold]", "foo"), ("plain", "plain"), ("odd((name", "odd"), ("(((", "((("),
  ])
  func `names stay the same from build to build`(name: String, normal: String) {
    #expect(FunctionName.normal(name) == normal)
  }

  /// FIPS 180-4's examples.
  @Test func `digests are those of the standard`() {
    #expect(Digest.sha1("abc") == "a9993e364706816aba3e25717850c26c9cd0d89d")
    #expect(Digest.sha256("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    let long = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"
    #expect(Digest.sha1(long) == "84983e441c3bd26ebaae4aa1f95129e5e54670f1")
    #expect(Digest.sha256(long) == "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1")
  }

  @Test func `near signatures cluster, others do not`() throws {
    func made(_ names: [String]) throws -> Report.Signature {
      try #require(SignatureMaker().signature(of: Self.report(names.map { Self.frame($0) })))
    }
    let one = try made(["f", "g", "h", "i", "main"])
    let inlined = try made(["f", "g", "h", "helper", "i", "main"])
    let other = try made(["x", "y", "z", "i", "main"])
    #expect(Clusters.clusters([one, inlined, other, one]) == [[0, 1, 3], [2]])
    #expect(Clusters.distance(["a", "b"], ["a", "b"]) == 0)
    #expect(
      Clusters.distance(["a", "b"], ["x", "b"]) == 2 && Clusters.distance(["a", "b"], ["a", "x"]) == 1)
  }

  /// The index that spares comparisons leaves none out.
  @Test func `clusters are those of comparing each with each`() throws {
    var state: UInt64 = 42
    func next(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    var signatures: [Report.Signature] = []
    for _ in 0..<400 {
      var names = (0..<(1 + next(8))).map { _ in "f\(next(6))" }
      if next(2) == 0, let old = signatures.last?.frames {
        names = old
        names[next(names.count)] = "g\(next(4))"
      }
      signatures.append(
        try #require(SignatureMaker().signature(of: Self.report(names.map { Self.frame($0) }))))
    }
    var leaders: [Int] = []
    var wanted: [[Int]] = []
    for (index, signature) in signatures.enumerated() {
      if let place = leaders.firstIndex(where: { signatures[$0].hash == signature.hash })
        ?? wanted.firstIndex(where: { $0.contains { signatures[$0].hash == signature.hash } })
        ?? leaders.firstIndex(where: { Clusters.areNear(signatures[$0], signature) })
      {
        wanted[place].append(index)
      } else {
        leaders.append(index)
        wanted.append([index])
      }
    }
    #expect(Clusters.clusters(signatures) == wanted && wanted.contains { $0.count > 1 })
  }

  @Test func `buckets are named by the first of their cluster`() {
    var buckets = [["f", "g", "h", "i", "main"], ["x", "main"], ["f", "g", "h", "j", "i", "main"]].map {
      var bucket = Bucket()
      (bucket.signal, bucket.frames, bucket.signature) = ("SIGSEGV", $0, $0.joined())
      return bucket
    }
    Clusters.name(&buckets)
    #expect(buckets.map(\.cluster) == ["fghimain", "xmain", "fghimain"])
  }
}
