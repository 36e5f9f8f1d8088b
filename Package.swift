// swift-tools-version: 6.2
import PackageDescription

// The target list reads as the data's path, floor by floor: a target imports only targets that stand above it here.
// Tests/HouseTests reads the import lines and holds this.

let strict: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
]

func room(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource] = []) -> Target {
  .testTarget(name: "\(name)Tests", dependencies: dependencies, resources: resources, swiftSettings: strict)
}

let yams: Target.Dependency = .product(name: "Yams", package: "Yams")
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let arguments: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")

let package = Package(
  name: "owlwatch",
  products: [.executable(name: "owlwatch", targets: ["owlwatch"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.0.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.6.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.0.0"),
  ],
  targets: [
    // 0: C libraries, and C kernels
    .systemLibrary(name: "CFFmpeg", pkgConfig: "libavformat libavcodec libavfilter libavdevice libswscale libavutil",
                   providers: [.apt(["libavformat-dev", "libavcodec-dev", "libavfilter-dev", "libavdevice-dev", "libswscale-dev"])]),
    .systemLibrary(name: "CCairo", pkgConfig: "cairo", providers: [.apt(["libcairo2-dev"])]),
    .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .target(name: "COneDNN", linkerSettings: [.linkedLibrary("dnnl")]),
    .target(name: "COpenBLAS", linkerSettings: [.linkedLibrary("dl")]),
    .target(name: "CKernels", cSettings: [.unsafeFlags(["-O3", "-ffast-math", "-fno-finite-math-only"])]),

    // 1: plain values
    room("Scene", []),

    // 2: arithmetic
    room("Tensors", ["COneDNN", "COpenBLAS", "CKernels"]),
    // 2: what people write: YAML -> typed fields, each mistake told with file, line, key and remedy
    room("Configuration", ["Scene", yams]),

    // 3: rooms that don't know each other
    room("VideoInput", ["Scene", "CFFmpeg", logging]),
    room("Regions", ["Scene"]),
    room("OwlViT", ["Scene", "Tensors", "CKernels", "CZlib"]),
    room("Tracking", ["Scene"]),
    room("EventLog", ["Scene", "CZlib", crypto]),
    room("Canvas", ["Scene", "CCairo"]),
    room("ModelHub", ["CCurl", crypto]),

    // 4: judgement
    room("RuleEngine", ["Scene", "Configuration", "EventLog"]),

    // 5: one stream end to end
    room("Worker", ["Scene", "Tensors", "VideoInput", "Regions", "OwlViT", "Tracking", "EventLog", "Canvas", "ModelHub", "Configuration", "RuleEngine",
                    crypto, logging]),

    // 6: the command line
    .executableTarget(name: "owlwatch", dependencies: ["Worker", "RuleEngine", "Configuration", "VideoInput", "Regions", "Tensors", "OwlViT", "Tracking",
                                                       "EventLog", "ModelHub", "Scene", arguments], swiftSettings: strict),

    tests("House", []),
    tests("Scene", ["Scene"]),
    tests("VideoInput", ["VideoInput", "Scene"]),
    tests("Regions", ["Regions", "Scene"]),
    tests("Canvas", ["Canvas", "Scene", "CCairo"]),
    tests("Configuration", ["Configuration", "Scene"]),
    tests("RuleEngine", ["RuleEngine", "Configuration", "EventLog", "Scene"], resources: [.copy("Answers")]),
    tests("EventLog", ["EventLog", "Scene"]),
    tests("Tracking", ["Tracking", "Scene"]),
    tests("CommandLine", ["owlwatch"]),
    tests("Tensors", ["Tensors", "CKernels"]),
    tests("OwlViT", ["OwlViT", "Scene", "Tensors", "CAllocations"]),
    tests("ModelHub", ["ModelHub", "owlwatch"]),
    tests("Mutation", ["mutator"]),
    // Measures the event log and writes Reports/log.md.
    .executableTarget(name: "log-benchmark", dependencies: ["EventLog", "Scene"], path: "Benchmarks/log", swiftSettings: strict),
    // What tests stand on: a counting allocator, and a program that feeds changed files to every reader.
    .target(name: "CAllocations", path: "Tests/CAllocations"),
    .executableTarget(name: "mutator", dependencies: ["Worker", "RuleEngine", "OwlViT", "Tracking", "EventLog", "Tensors", "Scene"], path: "Tests/Mutator",
                      swiftSettings: strict),
  ],
  swiftLanguageModes: [.v6]
)
