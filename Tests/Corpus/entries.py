"""The rows of the crash corpus: what is built, how it is made to die, and what gdb must be told.

`build` and `run` are bash lines, started in the row's own folder, where the sources already lie. The executable is `exe`
unless `exe=` says otherwise (a Debian binary). The kernel writes `core` into the same folder.
"""
from dataclasses import dataclass, field

NO_PRINTERS = "-iex 'set auto-load python-scripts off'"


@dataclass
class Entry:
    name: str
    category: str                 # c | cxx | rust | swift | debian | i386 | special
    sources: list                 # files of programs/, copied into the row's folder
    build: str
    run: str
    exe: str = "exe"
    gdb: str = ""                 # further gdb options of this row
    outside: str = ""             # a signal sent from outside once every thread sleeps
    stack: int = 8192             # KiB, `ulimit -s`
    needs: list = field(default_factory=list)


ENTRIES = []


def add(*args, **named):
    ENTRIES.append(Entry(*args, **named))


# C: one way to die per row ------------------------------------------------------------------------------------------

MODES = """null-write null-call garbage-jump noncanonical-jump stack-jump data-jump heap-jump abort assert raise trap
breakpoint divide bus handler altstack nested handler-null-call handler-in-libc alarm-pause alarm-nanosleep alarm-spin deep
smash-text smash-zero smash-small smash-rbp smash-rbp-zero smash-above smash-above-text overrun strlen memcpy printf puts
fclose strtol clock free double-free malloc-corrupt qsort bsearch varargs alloca longjmp longjmp-bad atexit fork vfork
self-kill term exec-only unmapped-return""".split()
for mode in MODES:
    add(f"c-{mode}", "c", ["crash.c"], "gcc -w -g -O0 -o exe crash.c", f"./exe {mode}")
for mode in "overflow overflow-two overflow-altstack".split():
    add(f"c-{mode}", "c", ["crash.c"], "gcc -w -g -O0 -o exe crash.c", f"./exe {mode}", stack=256)
for mode in """null-write null-call handler altstack nested deep qsort free printf varargs alloca smash-text smash-above
overrun fork atexit divide longjmp""".split():
    add(f"c-o2-{mode}", "c", ["crash.c"], "gcc -w -g -O2 -fno-stack-protector -fno-optimize-sibling-calls -o exe crash.c", f"./exe {mode}")
add("c-o2-overflow", "c", ["crash.c"], "gcc -w -g -O2 -o exe crash.c", "./exe overflow", stack=256)
add("c-fortify", "c", ["crash.c"], "gcc -w -g -O2 -D_FORTIFY_SOURCE=2 -fstack-protector-all -o exe crash.c", "./exe overrun")
add("c-protector", "c", ["crash.c"], "gcc -w -g -O0 -fstack-protector-all -o exe crash.c", "./exe overrun")

# C: one program, every way to build it ------------------------------------------------------------------------------

GCC = {
    "gcc-o0": "gcc -w -g -O0", "gcc-o1": "gcc -w -g -O1", "gcc-o2": "gcc -w -g -O2", "gcc-o3": "gcc -w -g -O3",
    "gcc-os": "gcc -w -g -Os", "gcc-og": "gcc -w -g -Og", "gcc-g3": "gcc -w -g3 -O2", "gcc-g1": "gcc -w -g1 -O2",
    "gcc-dwarf4": "gcc -w -gdwarf-4 -O2", "gcc-dwarf3": "gcc -w -gdwarf-3 -gstrict-dwarf -O2", "gcc-gz": "gcc -w -g -gz -O2",
    "gcc-omitfp": "gcc -w -g -O1 -fomit-frame-pointer", "gcc-keepfp": "gcc -w -g -O2 -fno-omit-frame-pointer",
    "gcc-nopie": "gcc -w -g -O2 -no-pie -fno-pie", "gcc-static": "gcc -w -g -O2 -static", "gcc-static-pie": "gcc -w -g -O2 -static-pie",
    "gcc-nocfi": "gcc -w -g -O0 -fno-asynchronous-unwind-tables -fno-unwind-tables",
    "gcc-nocfi-o2": "gcc -w -g0 -O2 -fno-asynchronous-unwind-tables -fno-unwind-tables",
    "gcc-nocfi-omitfp": "gcc -w -g0 -O0 -fomit-frame-pointer -fno-asynchronous-unwind-tables -fno-unwind-tables",
    "gcc-debugframe": "gcc -w -g -O2 -fno-asynchronous-unwind-tables -fno-unwind-tables",
    "gcc-g0": "gcc -w -g0 -O2", "gcc-lto": "gcc -w -g -O2 -flto", "gcc-cet": "gcc -w -g -O2 -fcf-protection=full",
    "gcc-sections": "gcc -w -g -O2 -ffunction-sections -fdata-sections -Wl,--gc-sections",
    "gcc-types": "gcc -w -g -O2 -fdebug-types-section", "gcc-native": "gcc -w -g -O3 -march=x86-64-v2 -ftree-vectorize",
    "gcc-rdynamic-stripped": "gcc -w -O2 -s -rdynamic", "gcc-noloc": "gcc -w -g -O2 -fno-var-tracking",
    "gcc-now": "gcc -w -g -O1 -Wl,-z,now -fno-plt",
}
CLANG = {
    "clang-o0": "clang-14 -w -g -O0", "clang-o1": "clang-14 -w -g -O1", "clang-o2": "clang-14 -w -g -O2", "clang-o3": "clang-14 -w -g -O3",
    "clang-dwarf4": "clang-14 -w -gdwarf-4 -O2", "clang-dwarf5": "clang-14 -w -gdwarf-5 -O2", "clang-omitfp": "clang-14 -w -g -O2 -fomit-frame-pointer",
    "clang-gmlt": "clang-14 -w -gline-tables-only -O2", "clang-static": "clang-14 -w -g -O2 -static",
}
for label, compiler in {**GCC, **CLANG}.items():
    tools = [compiler.split()[0]]
    add(f"args-{label}", "c", ["args.c"], f"{compiler} -o exe args.c -lm", "./exe", needs=tools)
for label, flags in {"o0": "-g -O0", "o2": "-g -O2", "o3": "-g -O3"}.items():
    add(f"args-clang21-{label}", "c", ["args.c"], f"$SWIFT_CLANG -w {flags} -o exe args.c -lm", "./exe", needs=["$SWIFT_CLANG"])
for label, compiler in {"o0": "gcc -w -g -O0", "o2": "gcc -w -g -O2"}.items():
    add(f"args-stripped-{label}", "c", ["args.c"], f"{compiler} -o exe args.c -lm && strip exe", "./exe")
    add(f"args-stripdebug-{label}", "c", ["args.c"], f"{compiler} -o exe args.c -lm && strip -g exe", "./exe")
    add(f"args-debuglink-{label}", "c", ["args.c"], f"{compiler} -o exe args.c -lm && objcopy --only-keep-debug exe exe.debug && strip exe && objcopy --add-gnu-debuglink=exe.debug exe", "./exe")
add("args-debuglink-dir", "c", ["args.c"], "gcc -w -g -O2 -o exe args.c -lm && mkdir -p .debug && objcopy --only-keep-debug exe .debug/exe.debug && strip exe && objcopy --add-gnu-debuglink=.debug/exe.debug exe", "./exe")
add("args-debuglink-gz", "c", ["args.c"], "gcc -w -g -O2 -o exe args.c -lm && objcopy --only-keep-debug --compress-debug-sections exe exe.debug && strip exe && objcopy --add-gnu-debuglink=exe.debug exe", "./exe")
add("args-splitdwarf", "c", ["args.c"], "gcc -w -g -O2 -gsplit-dwarf -o exe args.c -lm", "./exe")
add("args-nosource", "c", ["args.c"], "gcc -w -g -O2 -o exe args.c -lm && rm args.c", "./exe")
add("args-mapped-path", "c", ["args.c"], "gcc -w -g -O2 -ffile-prefix-map=$PWD=/build/args -o exe args.c -lm", "./exe")
add("args-subdir", "c", ["args.c"], "mkdir -p src && mv args.c src/ && gcc -w -g -O0 -o exe ./src/../src/args.c -lm", "./exe")

# How the C program is linked and stripped decides the names and the unwinding of these as well.
for label, compiler in {
    "static": "gcc -w -g -O1 -static", "static-pie": "gcc -w -g -O1 -static-pie", "nopie": "gcc -w -g -O1 -no-pie",
    "omitfp": "gcc -w -g -O1 -fomit-frame-pointer", "nocfi": "gcc -w -g0 -O0 -fno-asynchronous-unwind-tables -fno-unwind-tables",
    "stripped": "gcc -w -O1 -s", "clang": "clang-14 -w -g -O1",
}.items():
    for mode in "null-call handler altstack nested qsort abort deep".split():
        add(f"c-{label}-{mode}", "c", ["crash.c"], f"{compiler} -fno-optimize-sibling-calls -o exe crash.c", f"./exe {mode}", needs=[compiler.split()[0]])
for label, compiler in {"static": "gcc -w -g -O0 -static", "nocfi": "gcc -w -g0 -O0 -fno-asynchronous-unwind-tables -fno-unwind-tables"}.items():
    add(f"c-{label}-overflow", "c", ["crash.c"], f"{compiler} -o exe crash.c", "./exe overflow", stack=256)

# Threads ------------------------------------------------------------------------------------------------------------

for mode in "waits in-thread spin exiting exited phantom cancel".split():
    add(f"threads-{mode}", "c", ["threads.c"], "gcc -w -g -O0 -pthread -o exe threads.c", f"./exe {mode}")
add("threads-100", "c", ["threads.c"], "gcc -w -g -O0 -pthread -o exe threads.c", "./exe many 100")
add("threads-100-o2", "c", ["threads.c"], "gcc -w -g -O2 -pthread -o exe threads.c", "./exe many 100")
for label, compiler in {"static": "gcc -w -g -O2 -static", "stripped": "gcc -w -O2 -s", "static-stripped": "gcc -w -O2 -s -static", "clang": "clang-14 -w -g -O2"}.items():
    add(f"threads-{label}", "c", ["threads.c"], f"{compiler} -pthread -o exe threads.c", "./exe waits", needs=[compiler.split()[0]])
add("threads-static-phantom", "c", ["threads.c"], "gcc -w -g -O0 -static -pthread -o exe threads.c", "./exe phantom")

# The linker drops _thread_db_* but keeps __nptl_version: gdb says `LWP n` everywhere, and no safe-path hint.
add("threads-static-gc", "c", ["threads.c"], "gcc -w -g -O1 -static -pthread -ffunction-sections -Wl,--gc-sections -o exe threads.c", "./exe waits")

# Libraries ----------------------------------------------------------------------------------------------------------

PLUGIN = "gcc -w -g -O1 -fPIC -shared -o plugin.so plugin.c"
add("dl-open", "c", ["dl.c", "plugin.c"], f"{PLUGIN} && gcc -w -g -O0 -o exe dl.c -ldl", "./exe $PWD/plugin.so")
add("dl-relative", "c", ["dl.c", "plugin.c"], f"{PLUGIN} && gcc -w -g -O0 -o exe dl.c -ldl", "./exe ./plugin.so")
add("dl-stripped", "c", ["dl.c", "plugin.c"], f"{PLUGIN} && strip plugin.so && gcc -w -g -O0 -o exe dl.c -ldl", "./exe $PWD/plugin.so")
add("dl-deleted", "c", ["dl.c", "plugin.c"], f"{PLUGIN} && gcc -w -g -O0 -o exe dl.c -ldl", "./exe $PWD/plugin.so delete")
add("dl-nocfi", "c", ["dl.c", "plugin.c"], "gcc -w -O1 -fPIC -shared -fno-asynchronous-unwind-tables -o plugin.so plugin.c && gcc -w -g -O0 -o exe dl.c -ldl", "./exe $PWD/plugin.so")

# Special ------------------------------------------------------------------------------------------------------------

add("asm-nolibc", "special", ["nolibc.S"], "gcc -nostdlib -static -o exe nolibc.S", "./exe")
add("asm-nolibc-g", "special", ["nolibc.S"], "gcc -g -nostdlib -static -o exe nolibc.S", "./exe")
add("asm-nolibc-stripped", "special", ["nolibc.S"], "gcc -nostdlib -static -s -o exe nolibc.S", "./exe")
add("sigtramp-bytes", "special", ["sigtramp.c"], "gcc -w -g -O0 -o exe sigtramp.c", "./exe")
add("sigtramp-name", "special", ["sigtramp.c"], "gcc -w -g -O0 -DRESTORER=__restore_rt -o exe sigtramp.c", "./exe")
for mode in "one workers threads wait sqpoll".split():
    add(f"uring-{mode}", "special", ["ring.c"], "gcc -w -g -O0 -o exe ring.c -luring -pthread", f"./exe {mode}", outside="")
add("uring-static", "special", ["ring.c"], "gcc -w -g -O2 -static -o exe ring.c -luring -pthread", "./exe workers")

# How the core was written, and what the program is called
GCC0 = "gcc -w -g -O0 -o exe crash.c"
add("core-truncated", "special", ["crash.c"], GCC0, "./exe deep; truncate -s -60000 core")
add("core-truncated-far", "special", ["crash.c"], GCC0, "./exe deep; truncate -s 9000 core")
add("core-filter-none", "special", ["crash.c"], GCC0, "echo 0 > /proc/self/coredump_filter; ./exe deep")
add("core-filter-all", "special", ["crash.c"], "gcc -w -g -O0 -static -o exe crash.c", "echo 0x7f > /proc/self/coredump_filter; ./exe deep")
add("core-by-gdb", "special", ["crash.c"], GCC0, "gdb -q -nx -batch -ex run -ex 'generate-core-file core' --args ./exe qsort", needs=["gdb"])
add("core-by-gdb-threads", "special", ["threads.c"], "gcc -w -g -O0 -pthread -o exe threads.c", "gdb -q -nx -batch -ex run -ex 'generate-core-file core' --args ./exe waits", needs=["gdb"])
add("c-arguments", "c", ["crash.c"], GCC0, "./exe abort 'two words' \"it's\" $'tab\\there' é ''")
add("c-long-arguments", "c", ["crash.c"], GCC0, "./exe null-write aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb cccc")
add("c-spaces", "c", ["crash.c"], "mkdir 'a folder' && gcc -w -g -O0 -o 'a folder/the exe' crash.c && ln -s 'a folder/the exe' exe", "'./a folder/the exe' handler")
add("c-unlinked", "c", ["crash.c"], GCC0 + " && cp exe running", "./running qsort; rm running")
add("c-preload", "c", ["crash.c", "plugin.c"], f"{PLUGIN} && {GCC0}", "LD_PRELOAD=$PWD/plugin.so ./exe qsort")

# C in several units, with a library of its own
CALC = ["calc.c", "calc-lib.c", "calc.h"]
for label, build in {
    "o0": "gcc -w -g -O0 -o exe calc.c calc-lib.c", "o2": "gcc -w -g -O2 -o exe calc.c calc-lib.c", "o3": "gcc -w -g -O3 -o exe calc.c calc-lib.c",
    "lto": "gcc -w -g -O2 -flto -o exe calc.c calc-lib.c", "static-pie": "gcc -w -g -O2 -static-pie -o exe calc.c calc-lib.c",
    "clang-o2": "clang-14 -w -g -O2 -o exe calc.c calc-lib.c", "clang-lto": "clang-14 -w -g -O2 -o exe -xc calc.c calc-lib.c -fno-plt",
    "clang21-o2": "$SWIFT_CLANG -w -g -O2 -o exe calc.c calc-lib.c", "mixed": "gcc -w -g -O2 -c calc.c && gcc -w -O2 -c calc-lib.c && gcc -o exe calc.o calc-lib.o",
    "shared": "gcc -w -g -O2 -fPIC -shared -o libcalc.so calc-lib.c && gcc -w -g -O2 -o exe calc.c -L. -lcalc -Wl,-rpath,$PWD",
    "shared-lazy": "gcc -w -g -O1 -fPIC -shared -o libcalc.so calc-lib.c && gcc -w -g -O1 -o exe calc.c -L. -lcalc -Wl,-rpath,$PWD -Wl,-z,lazy",
    "shared-stripped": "gcc -w -g -O2 -fPIC -shared -s -o libcalc.so calc-lib.c && gcc -w -g -O2 -o exe calc.c -L. -lcalc -Wl,-rpath,$PWD",
    "stripped": "gcc -w -O2 -s -o exe calc.c calc-lib.c", "nocfi": "gcc -w -O1 -fno-asynchronous-unwind-tables -o exe calc.c calc-lib.c",
    "dwarf4": "gcc -w -gdwarf-4 -O2 -o exe calc.c calc-lib.c", "pg": "gcc -w -g -O2 -pg -o exe calc.c calc-lib.c", "m32": "gcc -w -m32 -g -O2 -o exe calc.c calc-lib.c",
    "gnu-index": "gcc -w -g -O2 -o exe calc.c calc-lib.c && gdb-add-index exe",
}.items():
    for mode in ("fault", "deep") if label in ("o0", "o2", "o3", "clang-o2", "shared", "stripped", "nocfi") else ("fault",):
        add(f"calc-{label}-{mode}", "i386" if label == "m32" else "c", CALC, build, f"./exe {mode}", needs=["$SWIFT_CLANG"] if "21" in label else [build.split()[0]])

# C++ ----------------------------------------------------------------------------------------------------------------

for label, compiler in {
    "o0": "g++ -w -g -O0", "o1": "g++ -w -g -O1", "o2": "g++ -w -g -O2", "o3": "g++ -w -g -O3", "g0": "g++ -w -O1", "stripped": "g++ -w -O2 -s",
    "static": "g++ -w -g -O1 -static", "clang-o0": "clang++-14 -w -g -O0", "clang-o2": "clang++-14 -w -g -O2", "20": "g++ -w -g -O0 -std=c++20",
}.items():
    add(f"cxx-templates-{label}", "cxx", ["templates.cc"], f"{compiler} -o exe templates.cc", "./exe", needs=[compiler.split()[0]])
for mode in "uncaught noexcept rethrow destructor pure terminate at string bad-alloc thread joinable".split():
    add(f"cxx-throw-{mode}", "cxx", ["throw.cc"], "g++ -w -g -O0 -pthread -o exe throw.cc", f"./exe {mode}")
for mode in "uncaught thread terminate".split():
    add(f"cxx-throw-o2-{mode}", "cxx", ["throw.cc"], "g++ -w -g -O2 -pthread -o exe throw.cc", f"./exe {mode}")
    add(f"cxx-throw-static-{mode}", "cxx", ["throw.cc"], "g++ -w -g -O1 -static -pthread -o exe throw.cc", f"./exe {mode}")
add("cxx-early", "cxx", ["throw.cc"], "g++ -w -g -O0 -pthread -o exe throw.cc", "DIE_EARLY=1 ./exe")
add("cxx-late", "cxx", ["throw.cc"], "g++ -w -g -O0 -pthread -o exe throw.cc", "DIE_LATE=1 ./exe")

for label, compiler in {"o0": "g++ -w -g -O0", "o1": "g++ -w -g -O1", "o2": "g++ -w -g -O2", "o3": "g++ -w -g -O3", "clang-o0": "clang++-14 -w -g -O0", "clang-o2": "clang++-14 -w -g -O2", "static": "g++ -w -g -O1 -static", "stripped": "g++ -w -O1 -s", "dwarf4": "g++ -w -gdwarf-4 -O2"}.items():
    add(f"cxx-members-{label}", "cxx", ["members.cc"], f"{compiler} -std=c++20 -o exe members.cc", "./exe", needs=[compiler.split()[0]])

# The standard library's classes, every kind of type, thread-local variables: what `bt full` shows -----------------------

for label, compiler in {
    "o0": "g++ -w -g -O0", "o2": "g++ -w -g -O2", "dwarf4": "g++ -w -gdwarf-4 -O2", "static": "g++ -w -g -O0 -static", "checked": "g++ -w -g -O0 -D_GLIBCXX_DEBUG",
    "old-abi": "g++ -w -g -O0 -D_GLIBCXX_USE_CXX11_ABI=0", "units": "g++ -w -g -O0 -fdebug-types-section", "clang-o0": "clang++-14 -w -g -O0", "clang-o2": "clang++-14 -w -g -O2",
}.items():
    add(f"cxx-containers-{label}", "cxx", ["containers.cc"], f"{compiler} -std=c++20 -o exe containers.cc", "./exe", needs=[compiler.split()[0]])
for label, compiler in {"o0": "g++ -g -O0", "o2": "g++ -g -O2", "clang-o0": "clang++-14 -g -O0", "clang-o2": "clang++-14 -g -O2"}.items():
    add(f"cxx-library20-{label}", "cxx", ["library20.cc"], f"{compiler} -w -std=c++20 -pthread -o exe library20.cc", "./exe", needs=[compiler.split()[0]])
for label, compiler in {"o1": "gcc -g -O1", "o2": "gcc -g -O2", "clang-o2": "clang-14 -g -O2"}.items():
    add(f"entries-{label}", "c", ["entries.c"], f"{compiler} -w -fno-optimize-sibling-calls -o exe entries.c", "./exe", needs=[compiler.split()[0]])
add("cxx-containers-raw", "cxx", ["containers.cc"], "g++ -w -g -O0 -std=c++20 -o exe containers.cc", "./exe", gdb=NO_PRINTERS)
add("cxx-garbage", "cxx", ["garbage.cc"], "g++ -w -g -O0 -std=c++20 -o exe garbage.cc", "./exe")
add("cxx-crooked", "cxx", ["crooked.cc"], "g++ -w -g -O0 -std=c++20 -o exe crooked.cc", "./exe")
for label, compiler in {"o0": "g++ -w -g -O0", "clang-o0": "clang++-14 -w -g -O0"}.items():
    add(f"cxx-values-{label}", "cxx", ["values.cc"], f"{compiler} -std=c++20 -o exe values.cc", "./exe", needs=[compiler.split()[0]])
for label, compiler in {
    "gcc-o0": "gcc -w -g -O0", "gcc-o2": "gcc -w -g -O2", "gcc-dwarf4": "gcc -w -gdwarf-4 -O0", "clang-o0": "clang-14 -w -g -O0", "clang-dwarf4": "clang-14 -w -gdwarf-4 -O2",
}.items():
    add(f"c-values-{label}", "c", ["values.c"], f"{compiler} -o exe values.c -lm", "./exe", needs=[compiler.split()[0]])
# clang 14 has no constants of type _Float16.
add("c-kinds-gcc", "c", ["kinds.c"], "gcc -w -g -O0 -o exe kinds.c -lm", "./exe")
for label, compiler in {"gcc": "g++", "clang": "clang++-14"}.items():
    add(f"cxx-kinds-{label}", "cxx", ["kinds.cc"], f"{compiler} -w -std=c++20 -g -O0 -o exe kinds.cc", "./exe", needs=[compiler])
for label, flags in {"o0": "-O0", "o2": "-O2", "static": "-O0 -static"}.items():
    add(f"threads-local-{label}", "c", ["tls.c"], f"gcc -w -g {flags} -pthread -o exe tls.c", "./exe")

# Found by hunting: every type that the languages have, in the arguments and variables of few frames
for label, compiler in {"o0": "gcc -w -g -O0", "o2": "gcc -w -g -O2", "clang": "clang-14 -w -g -O0"}.items():
    for program in "fields lengths floats".split():
        add(f"c-{program}-{label}", "c", [f"{program}.c"], f"{compiler} -o exe {program}.c -lm", "./exe", needs=[compiler.split()[0]])
add("c-floats-clang21", "c", ["floats.c"], "$SWIFT_CLANG -std=c2x -w -g -O0 -o exe floats.c -lm", "./exe", needs=["$SWIFT_CLANG"])
for label, compiler in {"o0": "g++ -w -g -O0", "o2": "g++ -w -g -O2", "clang": "clang++-14 -w -g -O0"}.items():
    for program in "library objects instances".split():
        add(f"cxx-{program}-{label}", "cxx", [f"{program}.cc"], f"{compiler} -std=c++17 -pthread -o exe {program}.cc", "./exe", needs=[compiler.split()[0]])
for label, compiler in {"og": "g++ -Og", "o2": "g++ -O2", "clang-o2": "clang++ -O2"}.items():
    add(f"cxx-references-{label}", "cxx", ["references.cc"], f"{compiler} -w -g -o exe references.cc", "./exe", needs=[compiler.split()[0]])
# gdb 13 passes over most location lists of clang's split units of DWARF 5, and reads their ranges.
for program in "references templates".split():
    add(f"cxx-{program}-split", "cxx", [f"{program}.cc"], f"clang++ -w -g -gdwarf-5 -gsplit-dwarf -O2 -o exe {program}.cc", "./exe", needs=["clang++"])
for label in ["o1", "o2"]:
    add(f"cxx-entry-{label}", "cxx", ["entry.cc"], f"g++ -w -g -{label.upper()} -std=c++20 -o exe entry.cc", "./exe")
add("cxx-parts", "cxx", ["parts.cc"], "g++ -w -g -O2 -o exe parts.cc", "./exe")

# Rust ---------------------------------------------------------------------------------------------------------------

for mode in "unwrap index divide null abort threads".split():
    add(f"rust-{mode}", "rust", ["panic.rs"], "rustc -g -C panic=abort -o exe panic.rs", f"./exe {mode}", needs=["rustc"])
add("rust-overflow", "rust", ["panic.rs"], "rustc -g -C panic=abort -o exe panic.rs", "./exe overflow", stack=256, needs=["rustc"])
for mode in "unwrap threads null".split():
    add(f"rust-release-{mode}", "rust", ["panic.rs"], "rustc -g -O -C panic=abort -o exe panic.rs", f"./exe {mode}", needs=["rustc"])
add("rust-collections", "rust", ["collections.rs"], "rustc -A warnings --edition 2021 -g -C panic=abort -o exe collections.rs", "./exe", needs=["rustc"])
add("rust-library", "rust", ["library-values.rs"], "rustc -A warnings --edition 2021 -g -o exe library-values.rs", "./exe", needs=["rustc"])
# At opt-level 0 gdb prints warnings among the values.
for level in [1, 3]:
    add(f"rust-parts-o{level}", "rust", ["parts.rs"], f"rustc -A warnings --edition 2021 -g -C opt-level={level} -o exe parts.rs", "./exe", needs=["rustc"])
add("rust-nodebug", "rust", ["panic.rs"], "rustc -O -C panic=abort -o exe panic.rs", "./exe unwrap", needs=["rustc"])

add("rust-lines", "rust", ["panic.rs"], "rustc -C debuginfo=1 -C panic=abort -o exe panic.rs", "./exe index", needs=["rustc"])
add("rust-static", "rust", ["panic.rs"], "rustc -g -C panic=abort -C target-feature=+crt-static -o exe panic.rs", "./exe threads", needs=["rustc"])
add("rust-stripped", "rust", ["panic.rs"], "rustc -O -C strip=symbols -C panic=abort -o exe panic.rs", "./exe abort", needs=["rustc"])

# Swift --------------------------------------------------------------------------------------------------------------

for label, flags in {"debug": "-g -Onone", "release": "-g -O"}.items():
    for mode in ("fatal", "index", "overflow", "try", "nil", "poke") if label == "debug" else ("fatal", "try", "poke"):
        add(f"swift-{label}-{mode}", "swift", ["trap.swift"], f"swiftc {flags} -o exe trap.swift 2>&1", f"SWIFT_BACKTRACE=enable=no ./exe {mode}", needs=["swiftc"])

add("swift-static", "swift", ["trap.swift"], "swiftc -g -Onone -static-stdlib -o exe trap.swift 2>&1", "SWIFT_BACKTRACE=enable=no ./exe try", needs=["swiftc"])
add("swift-nodebug", "swift", ["trap.swift"], "swiftc -O -o exe trap.swift 2>&1", "SWIFT_BACKTRACE=enable=no ./exe nil", needs=["swiftc"])

# i386 ---------------------------------------------------------------------------------------------------------------

for label, flags in {"o0": "-g -O0", "o2": "-g -O2", "nopic": "-g -O0 -no-pie -fno-pic", "static": "-g -O1 -static", "stripped": "-O2 -s", "nocfi": "-g0 -O0 -fno-asynchronous-unwind-tables -fno-unwind-tables"}.items():
    add(f"i386-args-{label}", "i386", ["args.c"], f"gcc -w -m32 {flags} -o exe args.c -lm", "./exe")
for mode in "null-write null-call handler altstack nested abort qsort free deep smash-text divide clock varargs".split():
    add(f"i386-{mode}", "i386", ["crash.c"], "gcc -w -m32 -g -O0 -o exe crash.c", f"./exe {mode}")
add("i386-overflow", "i386", ["crash.c"], "gcc -w -m32 -g -O0 -o exe crash.c", "./exe overflow", stack=256)
for mode in "waits in-thread".split():
    add(f"i386-threads-{mode}", "i386", ["threads.c"], "gcc -w -m32 -g -O0 -pthread -o exe threads.c", f"./exe {mode}")

# Debian's own binaries ----------------------------------------------------------------------------------------------

add("debian-bash", "debian", [], "", "/bin/bash -c 'kill -SEGV $$'", exe="/bin/bash")
add("debian-bash-function", "debian", [], "", "/bin/bash -c 'f() { local n=$1; if [ $n = 0 ]; then kill -ABRT $$; else f $((n-1)); fi; }; f 12'", exe="/bin/bash")
add("debian-bash-read", "debian", [], "", "exec /bin/bash -c 'read line' < <(sleep 60)", exe="/bin/bash", outside="ABRT")
add("debian-dash", "debian", [], "", "/bin/dash -c 'kill -SEGV $$'", exe="/bin/dash")
add("debian-perl", "debian", [], "", "/usr/bin/perl -e 'sub f { my $n = shift; $n ? f($n-1) : kill SEGV => $$ } f(5)'", exe="/usr/bin/perl")
add("debian-perl-sort", "debian", [], "", "/usr/bin/perl -e 'my @a = sort { kill ABRT => $$; $a <=> $b } (3,2,1);'", exe="/usr/bin/perl")
add("debian-python-abort", "debian", [], "", "/usr/bin/python3 -c 'import os; os.abort()'", exe="/usr/bin/python3", gdb=NO_PRINTERS, needs=["/usr/bin/python3"])
add("debian-python-kill", "debian", [], "", "/usr/bin/python3 -c 'import os; f=lambda n: f(n-1) if n else os.kill(os.getpid(), 11); f(6)'", exe="/usr/bin/python3", gdb=NO_PRINTERS, needs=["/usr/bin/python3"])
add("debian-python-ctypes", "debian", [], "", "/usr/bin/python3 -c 'import ctypes; ctypes.string_at(0)'", exe="/usr/bin/python3", gdb=NO_PRINTERS, needs=["/usr/bin/python3"])
add("debian-python-threads", "debian", [], "", "/usr/bin/python3 -c 'import os,threading,time; e=threading.Event(); [threading.Thread(target=e.wait).start() for _ in range(3)]; time.sleep(.1); os.abort()'", exe="/usr/bin/python3", gdb=NO_PRINTERS, needs=["/usr/bin/python3"])
for label, line, exe in [
    ("sleep", "exec /bin/sleep 30", "/bin/sleep"),
    ("cat", "mkfifo fifo; exec /bin/cat < <(sleep 60)", "/bin/cat"),
    ("sort", "exec /usr/bin/sort < <(sleep 60)", "/usr/bin/sort"),
    ("tail", "echo > file; exec /usr/bin/tail -f file", "/usr/bin/tail"),
    ("grep", "exec /bin/grep x < <(sleep 60)", "/bin/grep"),
    ("sed", "exec /bin/sed p < <(sleep 60)", "/bin/sed"),
    ("awk", "exec /usr/bin/awk '{print}' < <(sleep 60)", "/usr/bin/awk"),
    ("tar", "exec /bin/tar tf - < <(sleep 60)", "/bin/tar"),
    ("gzip", "exec /bin/gzip -c < <(sleep 60)", "/bin/gzip"),
    ("xz", "exec /usr/bin/xz -T2 -c < <(sleep 60)", "/usr/bin/xz"),
    ("git", "GIT_CEILING_DIRECTORIES=${PWD%/*} exec /usr/bin/git hash-object --stdin < <(sleep 60)", "/usr/bin/git"),
    ("make", "printf 'all:\\n\\t@exec sleep 60\\n' > Makefile; exec /usr/bin/make", "/usr/bin/make"),
    ("gdb", "exec /usr/bin/gdb -q -nx < <(sleep 60)", "/usr/bin/gdb"),
    ("openssl", "exec /usr/bin/openssl md5 < <(sleep 60)", "/usr/bin/openssl"),
    ("ssh-keygen", "exec /usr/bin/ssh-keygen -l -f - < <(sleep 60)", "/usr/bin/ssh-keygen"),
    ("find", "mkfifo fifo; exec /usr/bin/find -files0-from - < <(sleep 60)", "/usr/bin/find"),
    ("ld", "exec /lib64/ld-linux-x86-64.so.2 /bin/sleep 30", "/lib64/ld-linux-x86-64.so.2"),
]:
    add(f"debian-{label}", "debian", [], "", line, exe=exe, outside="ABRT", needs=[exe], gdb=NO_PRINTERS if label == "gdb" else "")

# Found by hunting: other languages, strings that are no text, code of sanitizers -------------------------------------

for label, flags in {"o0": "-O0", "o1": "-O1"}.items():
    add(f"c-text-{label}", "c", ["text.c"], f"gcc -w -g {flags} -o exe text.c", "./exe")
add("calc-ubsan-fault", "c", CALC, "gcc -w -g -O2 -fsanitize=undefined -o exe calc.c calc-lib.c -lm 2>&1", "./exe fault")
add("ada-stop", "special", ["words.adb"], "gnatmake -q -g words.adb -o exe 2>&1", "./exe", needs=["gnatmake"])
for label, flags in {"o0": "-O0", "o2": "-O2"}.items():
    add(f"d-abort-{label}", "special", ["words.d"], f"gdc -g {flags} -o exe words.d 2>&1", "./exe", needs=["gdc"])
    add(f"d-slices-{label}", "special", ["slices.d"], f"gdc -g {flags} -o exe slices.d 2>&1", "./exe", needs=["gdc"])
for label in ["o0", "o2"]:
    add(f"fortran-contained-{label}", "special", ["contained.f90"], f"gfortran -w -g -{label.upper()} -o exe contained.f90 2>&1", "./exe", needs=["gfortran"])
add("fortran-tables", "special", ["tables.f90"], "gfortran -w -g -O0 -o exe tables.f90 2>&1", "./exe", needs=["gfortran"])
add("go-abort", "special", ["words.go"], "GO111MODULE=off GOFLAGS= go build -o exe words.go 2>&1", "GOTRACEBACK=crash ./exe", gdb=NO_PRINTERS, needs=["go"])
for label, flags in {"o0": "-gcflags='-N -l'", "o2": ""}.items():
    add(f"go-values-{label}", "special", ["values.go"], f"GO111MODULE=off GOFLAGS= go build -o exe {flags} values.go 2>&1", "./exe", gdb=NO_PRINTERS, needs=["go"])
for label, flags in {"o0": "-O0", "o2": "-O2"}.items():
    add(f"d-values-{label}", "special", ["values.d"], f"gdc -g {flags} -o exe values.d 2>&1", "./exe", needs=["gdc"])
# The file that ran is gone: strings and code come from the one that gdb is given.
add("args-unlinked", "c", ["args.c"], "gcc -w -g -O1 -o exe args.c && cp exe running", "./running; rm running")
for label, flags in {"o0": "-O0", "o2": "-O2"}.items():
    add(f"c-nocfi-unlinked-{label}", "c", ["crash.c"], f"gcc -w {flags} -fno-asynchronous-unwind-tables -o exe crash.c && cp exe running", "./running nested; rm running")
