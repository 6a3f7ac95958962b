// swift-tools-version: 6.2
import PackageDescription

/// One list for every Swift target: strict memory safety, warnings as errors, and the upcoming features
/// that make imports and existentials explicit. `Lifetimes` is what swift-nio and swift-system ship with.
let house: [SwiftSetting] = [
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
  .enableExperimentalFeature("Lifetimes"),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
  .enableUpcomingFeature("InferIsolatedConformances"),
]

func room(_ name: String, imports: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: imports, swiftSettings: house)
}

let package = Package(
  name: "coreview",
  products: [
    .executable(name: "coreview", targets: ["coreview"]),
    .executable(name: "coreview-batch", targets: ["coreview-batch"]),
    .library(name: "CoreviewKit", targets: ["CoreviewKit"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
  ],
  targets: [
    .systemLibrary(
      name: "CElfutils", pkgConfig: "libdw", providers: [.apt(["libdw-dev", "libelf-dev"])]),
    .systemLibrary(name: "CDemangle", providers: [.apt(["libiberty-dev"])]),
    // Headers only: the library is opened at run time, if at all.
    .systemLibrary(name: "CCapstone", providers: [.apt(["libcapstone-dev"])]),

    .systemLibrary(name: "CLinux"),
    .systemLibrary(name: "CConfinement"),
    // Header only: the libraries are opened when a core needs them.
    .systemLibrary(
      name: "CCompression",
      providers: [.apt(["libzstd-dev", "liblz4-dev", "liblzma-dev", "zlib1g-dev", "libbz2-dev"])]),
    .systemLibrary(name: "CRootedOpen"),
    .systemLibrary(name: "CExtendedAttributes"),

    room("Bytes", imports: ["CRootedOpen", "CExtendedAttributes"]),
    room("Compression", imports: ["CCompression", "Bytes"]),
    room("ProcessModel", imports: ["Bytes"]),
    room("Elfutils", imports: ["CElfutils", "Bytes"]),
    room("CoreFiles", imports: ["Compression", "Elfutils", "ProcessModel", "Bytes"]),
    room("ProcFiles", imports: ["ProcessModel", "Bytes"]),
    room("KernelWorkers", imports: ["CoreFiles", "ProcFiles", "ProcessModel", "Bytes"]),
    room("LiveProcesses", imports: ["CLinux", "ProcFiles", "ProcessModel", "Bytes"]),
    room("Confinement", imports: ["CConfinement", "CLinux", "Bytes"]),
    room("Snapshots", imports: ["LiveProcesses", "CoreFiles", "ProcFiles", "ProcessModel", "Bytes"]),
    room("LineTables", imports: ["Bytes"]),
    room("Demangling", imports: ["CDemangle"]),
    room("Disassembly", imports: ["CCapstone", "ProcessModel"]),
    room(
      "Symbols", imports: ["Elfutils", "LineTables", "Demangling", "ProcessModel", "Bytes"]),
    room("Expressions", imports: ["Elfutils", "ProcessModel", "Bytes"]),
    room("Values", imports: ["Expressions", "Elfutils", "ProcessModel", "Bytes"]),
    room("Unwinding", imports: ["Expressions", "Symbols", "Elfutils", "ProcessModel", "Bytes"]),

    room(
      "Backtraces",
      imports: [
        "Unwinding", "Values", "Expressions", "Symbols", "LineTables", "Demangling", "CoreFiles", "Elfutils",
        "ProcessModel", "Bytes",
      ]),
    room(
      "Evaluation",
      imports: [
        "Backtraces", "Unwinding", "Values", "Expressions", "Symbols", "CoreFiles", "Elfutils",
        "ProcessModel",
        "Bytes",
      ]),
    room(
      "GDBFace",
      imports: [
        "Evaluation", "Disassembly", "Backtraces", "Unwinding", "Values", "Symbols", "LineTables",
        "Snapshots",
        "LiveProcesses",
        "ProcFiles",
        "CoreFiles", "Elfutils", "ProcessModel", "Bytes",
      ]),
    room("Reporting"),
    room("Triage", imports: ["Reporting", "Disassembly", "ProcessModel", "Bytes"]),
    room("Signatures", imports: ["Reporting"]),
    room("Rendering", imports: ["Reporting", "Bytes"]),
    room(
      "CoreviewKit",
      imports: [
        "Signatures", "Triage", "Disassembly", "Reporting", "GDBFace", "Backtraces", "Values", "Expressions",
        "Unwinding", "KernelWorkers", "Snapshots", "LiveProcesses", "ProcFiles", "Symbols", "LineTables",
        "Demangling", "CoreFiles", "Elfutils", "ProcessModel", "Bytes",
      ]),
    .executableTarget(
      name: "coreview",
      dependencies: [
        "CoreviewKit", "Arguments", "Batch", "Confinement", "Rendering", "Reporting", "GDBFace", "Bytes",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: house),

    room("Arguments", imports: [.product(name: "ArgumentParser", package: "swift-argument-parser")]),
    room("Batch", imports: ["Bytes"]),
    room("Crashes", imports: ["Batch", "Reporting", .product(name: "GRDB", package: "GRDB.swift")]),
    // A program of its own, which coreview starts: SQLite and Foundation would double the time that coreview takes to load.
    .executableTarget(
      name: "coreview-batch",
      dependencies: [
        "Arguments", "Batch", "Crashes", "Rendering", "Signatures", "Reporting", "Bytes",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: house),

    .testTarget(
      name: "RenderingTests", dependencies: ["Rendering", "Reporting", "Bytes"], swiftSettings: house),
    .testTarget(
      name: "ReportingTests",
      dependencies: ["CoreviewKit", "Reporting", "CoreFiles", "ProcessModel", "GDBOracle"],
      swiftSettings: house),
    .testTarget(
      name: "CompressionTests", dependencies: ["Compression", "GDBOracle", "Bytes"], swiftSettings: house),
    .testTarget(
      name: "EndToEndTests", dependencies: ["GDBOracle"], exclude: ["sarif.schema.json"], swiftSettings: house
    ),
    .testTarget(name: "ArchitectureTests", dependencies: ["GDBOracle"], swiftSettings: house),
    .target(name: "CoreSynth", path: "Tests/Support/CoreSynth", swiftSettings: house),
    .testTarget(
      name: "CoreFilesTests", dependencies: ["CoreFiles", "ProcessModel", "CoreSynth", "GDBOracle", "Bytes"],
      swiftSettings: house),
    .testTarget(
      name: "UnwindingTests",
      dependencies: ["Unwinding", "Symbols", "CoreFiles", "ProcessModel", "CoreSynth", "GDBOracle"],
      swiftSettings: house),
    .testTarget(
      name: "EvaluationTests", dependencies: ["GDBOracle"],
      exclude: ["programs", "expressions"], swiftSettings: house),
    .testTarget(
      name: "SymbolsTests", dependencies: ["Symbols", "Elfutils", "ProcessModel", "Bytes", "GDBOracle"],
      swiftSettings: house),
    .testTarget(name: "LineTablesTests", dependencies: ["LineTables", "Bytes"], swiftSettings: house),
    .testTarget(
      name: "ValuesTests", dependencies: ["Values", "Expressions", "Elfutils", "ProcessModel", "Bytes"],
      swiftSettings: house),
    .testTarget(
      name: "DemanglingTests", dependencies: ["Demangling"],
      exclude: ["names.tsv", "contract-names.tsv", "names-oracle.py"], swiftSettings: house),

    .testTarget(
      name: "SignaturesTests", dependencies: ["Signatures", "Reporting"], swiftSettings: house),
    .testTarget(
      name: "TriageTests",
      dependencies: ["CoreviewKit", "Triage", "Disassembly", "Reporting", "GDBOracle"], exclude: ["programs"],
      swiftSettings: house),
    .testTarget(
      name: "DisassemblyTests", dependencies: ["Disassembly", "ProcessModel"], swiftSettings: house),

    .testTarget(name: "ProcFilesTests", dependencies: ["ProcFiles", "ProcessModel"], swiftSettings: house),
    .testTarget(
      name: "LiveTests", dependencies: ["CoreviewKit", "GDBOracle"], exclude: ["programs"],
      swiftSettings: house),
    .testTarget(
      name: "KernelWorkersTests",
      dependencies: ["KernelWorkers", "GDBOracle", "CoreFiles", "ProcessModel", "Bytes"],
      exclude: ["programs", "Fixtures"], swiftSettings: house),

    .testTarget(name: "ReliabilityTests", dependencies: ["GDBOracle"], swiftSettings: house),
    .testTarget(name: "BatchTests", dependencies: ["Batch", "Bytes"], swiftSettings: house),

    .target(name: "GDBOracle", path: "Tests/Support/GDBOracle", swiftSettings: house),
    .testTarget(
      name: "ConformanceTests", dependencies: ["GDBOracle"], exclude: ["known-differences.txt"],
      swiftSettings: house),
  ],
  swiftLanguageModes: [.v6]
)

// libFuzzer's targets, which Tests/Fuzz/targets-run builds with `-sanitize=fuzzer`: no part of any other build.
if Context.environment["COREVIEW_FUZZ"] != nil {
  package.products.append(.executable(name: "coreview-fuzz", targets: ["coreview-fuzz"]))
  package.targets.append(
    .executableTarget(
      name: "coreview-fuzz",
      dependencies: [
        "CoreFiles", "CoreviewKit", "Demangling", "Elfutils", "Expressions", "GDBFace", "LineTables",
        "ProcFiles", "ProcessModel", "Rendering", "Bytes",
      ],
      path: "Tests/Fuzz/Targets", swiftSettings: house))
}
