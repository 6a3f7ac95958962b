import Elfutils
import GDBOracle
import Testing

/// The walk over a unit's entries finds what libdw finds, entry by entry, in every form that compilers write.
@Suite struct UnitWalkTests {
  private static let source = """
    #include <functional>
    #include <string>
    namespace a { namespace b {
    enum class Level : int { low = -3, high = 70000 };
    struct Outer {
      struct Inner { int twice(int x) { return [x](int y) { return x * y; }(2); } };
      static constexpr double ratio = 1.5;
      template <int N> int add(int x) { return x + N; }
    };
    template <typename... T> int count(T... values) { return sizeof...(values); }
    int work(int x) {
      struct Local { int run(int y) { return y + 1; } } local;
      std::function<int(int)> f = [&](int y) { return local.run(y) + x; };
      return f(Outer::Inner().twice(x)) + Outer().add<7>(x) + count(x, 'c', std::string("s"));
    }
    } }
    static int cold(int x) { if (x > 3) throw std::string("x"); return x; }
    int main(int argc, char **) { return a::b::work(argc) + cold(argc) + int(a::b::Level::high); }
    """

  private static let builds = [
    "g++ -O0 -gdwarf-5", "g++ -O2 -gdwarf-5", "g++ -O2 -gdwarf-4", "g++ -O0 -gdwarf-3", "g++ -O0 -gdwarf-2",
    "g++ -O2 -gdwarf-5 -ffunction-sections -freorder-blocks-and-partition",
    "g++ -O0 -gdwarf-4 -fdebug-types-section",
    "clang++-14 -O0 -gdwarf-5", "clang++-14 -O2 -gdwarf-4", "g++ -O0 -gdwarf-5 -gz",
  ]

  private static func file(_ build: String) throws -> DebugFile {
    let script = """
      set -e; folder=$(mktemp -d); trap 'rm -r "$folder"' EXIT; cd "$folder"
      cat > x.cc <<'END'
      \(source)
      END
      \(build) x.cc -o program >&2; cat program
      """
    let outcome = try Command("/bin/sh", ["-c", script]).run(seconds: 120)
    guard outcome.ending == .exited(0) else {
      throw Command.Failure(description: String(decoding: outcome.errors, as: UTF8.self))
    }
    let elf = try ElfFile(image: outcome.output, name: build)
    guard let file = DebugFile(elf: elf) else { throw Command.Failure(description: "\(build): no DWARF") }
    return file
  }

  /// All below an entry, with the entries around each, as libdw's child and sibling links have them.
  private static func all(
    below scope: DebugEntry, around path: [UInt64], into found: inout [(entry: DebugEntry, path: [UInt64])]
  ) {
    for child in scope.children {
      found.append((child, path + [scope.offset]))
      all(below: child, around: path + [scope.offset], into: &found)
    }
  }

  @Test(arguments: builds) func `functions are those that libdw lists`(build: String) throws {
    let file = try Self.file(build)
    var count = 0
    var nested = 0
    for unit in file.units {
      var entries: [(entry: DebugEntry, path: [UInt64])] = []
      Self.all(below: unit.skeleton, around: [], into: &entries)
      let scopes = Set(
        entries.filter { [Tag.namespace, Tag.module].contains($0.entry.tag) }.map(\.entry.offset))
      let functions = entries.filter { $0.entry.tag == Tag.subprogram && !$0.entry.ranges.isEmpty }
      let shallow = functions.filter { $0.path.dropFirst().allSatisfy(scopes.contains) }
      let deep = functions.filter { $0.path.count > 1 }
      for (isDeep, expected) in [(false, shallow), (true, deep)] {
        let found = file.functions(of: unit.skeleton, isDeep: isDeep)
        #expect(
          found.map(\.offset)
            == expected.flatMap { entry in entry.entry.ranges.map { _ in entry.entry.offset } })
        #expect(found.map(\.range) == expected.flatMap(\.entry.ranges))
      }
      count += shallow.count
      nested += deep.filter { !$0.path.dropFirst().allSatisfy(scopes.contains) }.count
    }
    // clang describes what is within classes and functions at file scope, and inlining leaves little.
    #expect(count >= 2)
    #expect(nested > 0 || !build.hasPrefix("g++ -O0"))
  }

  @Test(arguments: builds) func `the entries around one are those that lead to it`(build: String) throws {
    let file = try Self.file(build)
    for unit in file.units {
      var entries: [(entry: DebugEntry, path: [UInt64])] = []
      Self.all(below: unit.skeleton, around: [], into: &entries)
      #expect(entries.count > 20)
      #expect(unit.skeleton.ancestors.isEmpty)
      for (entry, path) in entries where entry.offset % 5 == 0 || entry.hasChildren {
        #expect(entry.ancestors.map(\.offset) == path)
      }
    }
  }

  /// A walk that goes on where another stopped finds what one from the root does, whatever was asked before.
  @Test(arguments: [1, 7, 101]) func `the order of questions does not matter`(step: Int) throws {
    let file = try Self.file(Self.builds[0])
    for unit in file.units {
      var entries: [(entry: DebugEntry, path: [UInt64])] = []
      Self.all(below: unit.skeleton, around: [], into: &entries)
      let last = try #require(entries.last).entry.offset
      // Or no mark is left on the way.
      #expect(last - unit.skeleton.offset > 16_000)
      for number in stride(from: entries.count - 1, through: 0, by: -11) {
        let (entry, path) = entries[(number * step) % entries.count]
        #expect(entry.ancestors.map(\.offset) == path)
      }
    }
  }

  @Test(arguments: builds) func `headers tell of the units that libdw lists`(build: String) throws {
    let file = try Self.file(build)
    #expect(file.unitHeaders.map(\.offset) == file.units.map(\.headerOffset))
    for unit in file.units {
      let found = try #require(file.unit(headerOffset: unit.headerOffset))
      #expect(found.skeleton.identity == unit.skeleton.identity)
      #expect(found.version == unit.version)
      #expect(file.unit(headerOffset: unit.headerOffset + 1) == nil)
    }
  }
}
