"""The cases of `run`: programs that are built here, and the cores that the kernel writes of them.

Each makes its program and core in a folder of its own, once, and returns both.
"""
import contextlib, pathlib, re, resource, shutil, subprocess

PROGRAMS = pathlib.Path(__file__).resolve().parent / "programs"
FLAGS = ["-O0", "-g", "-pthread"]
UNITS = 200  # of bigdebug
DISTINCT = (20, 100)  # units of distinct-5000, and functions in each
SITES, CORES = 10, 500  # of batch-500


class Unavailable(Exception):
    """A case that this machine cannot make, and why."""


def build(target: pathlib.Path, *command) -> pathlib.Path:
    if not target.exists():
        try:
            subprocess.run([*map(str, command), "-o", str(target)], check=True, stdout=subprocess.DEVNULL, cwd=target.parent)
        except FileNotFoundError as missing:
            raise Unavailable(f"{missing.filename} is not installed") from None
        except subprocess.CalledProcessError as failed:
            raise Unavailable(f"{command[0]} failed with status {failed.returncode}") from None
    return target


def dump(folder: pathlib.Path, program: pathlib.Path, *arguments, stack=None) -> pathlib.Path:
    """Runs a program until it dies and returns the core that the kernel wrote."""
    kept = folder / "core"
    if kept.exists():
        return kept
    pattern = pathlib.Path("/proc/sys/kernel/core_pattern").read_text().strip()
    if "/" in pattern or pattern.startswith("|"):
        raise Unavailable(f"the kernel writes cores elsewhere (core_pattern is {pattern!r})")
    run = folder / "run"
    shutil.rmtree(run, ignore_errors=True)
    run.mkdir()

    def limits():
        hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
        resource.setrlimit(resource.RLIMIT_CORE, (hard, hard))
        resource.setrlimit(resource.RLIMIT_STACK, ((stack or 8192) << 10, resource.RLIM_INFINITY if stack else -1))

    done = subprocess.run([str(program), *map(str, arguments)], cwd=run, preexec_fn=limits, stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL)
    cores = [path for path in run.iterdir() if path.name.startswith("core")]
    if done.returncode >= 0 or not cores:
        raise Unavailable(f"no core: the program ended with status {done.returncode}; is `ulimit -Hc` 0?")
    cores[0].rename(kept)
    shutil.rmtree(run)
    return kept


def threads(count, level="-O0"):
    def make(folder):
        program = build(folder / "threads", "gcc", level, "-g", "-pthread", PROGRAMS / "threads.c")
        return program, dump(folder, program, count)
    return make


def distinct(count):
    """Threads whose frames are of 2,000 functions in 20 units: no address comes often."""
    def make(folder):
        units, functions = DISTINCT
        names = [f"step_{unit:02}_{number:03}" for unit in range(units) for number in range(functions)]
        signature = "(struct job *job, int depth, const char *tag, unsigned long sum)"
        (folder / "steps.h").write_text(f"#include \"job.h\"\ntypedef int step{signature};\nextern step settle, *const steps[{len(names)}];\n")
        for unit in range(units):
            text = '#include "steps.h"\n'
            for name in names[unit * functions:(unit + 1) * functions]:
                text += (f"int {name}{signature} {{\n  if (depth <= 0) return settle(job, depth, tag, sum) + 1;\n"
                         f"  return steps[(unsigned)(job->number * 7 + depth * 131) % {len(names)}](job, depth - 1, tag, sum + 1) + 1;\n}}\n")
            (folder / f"unit-{unit}.c").write_text(text)
        table = '#include "steps.h"\n' + "".join(f"step {name};\n" for name in names)
        (folder / "table.c").write_text(table + f"step *const steps[] = {{{', '.join(names)}}};\n")
        sources = [PROGRAMS / "distinct.c", folder / "table.c", *(folder / f"unit-{unit}.c" for unit in range(units))]
        program = build(folder / "distinct", "gcc", *FLAGS, "-I", folder, "-I", PROGRAMS, *sources)
        return program, dump(folder, program, count)
    return make


def sites(folder):
    """Many cores of one program, which dies in ten places."""
    program = build(folder / "sites", "gcc", "-w", *FLAGS, PROGRAMS / "sites.c")
    cores = folder / "cores"
    cores.mkdir(exist_ok=True)
    for number in range(CORES):
        if not (cores / f"core.{number}").exists():
            dump(folder, program, number % SITES).rename(cores / f"core.{number}")
    return program, cores


def on_each(tool, program, cores):
    """The command that has a peer read one core after the other."""
    line = {"gdb": f"gdb -q -nx -batch -ex 'thread apply all bt' {program} $core", "eu-stack": f"eu-stack -n 0 -e {program} --core $core"}
    return ["sh", "-c", f"for core in {cores}/*; do {line[tool]}; done"]


@contextlib.contextmanager
def running(folder, count):
    """A process of `count` threads that wait, beside its main thread, until it is no longer wanted."""
    program = build(folder / "threads", "gcc", *FLAGS, PROGRAMS / "threads.c")
    process = subprocess.Popen([str(program), str(count), "wait"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    try:
        if process.stdout.readline() != b"ready\n":
            raise Unavailable(f"it could not make {count} threads")
        yield process.pid
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def deep(kibibytes):
    def make(folder):
        program = build(folder / "deep", "gcc", *FLAGS, PROGRAMS / "deep.c")
        return program, dump(folder, program, stack=kibibytes)
    return make


def small(folder):
    program = build(folder / "small", "gcc", *FLAGS, PROGRAMS / "small.c")
    return program, dump(folder, program)


def sparse(reserved, touched):
    def make(folder):
        program = build(folder / "sparse", "gcc", *FLAGS, PROGRAMS / "sparse.c")
        return program, dump(folder, program, reserved, touched)
    return make


def libraries(folder):
    program = build(folder / "libraries", "gcc", *FLAGS, PROGRAMS / "libraries.c", "-ldl")
    first = build(folder / "library.so", "gcc", *FLAGS, "-shared", "-fPIC", PROGRAMS / "library.c")
    names = [folder / f"library-{number}.so" for number in range(300)]
    for name in names:
        if not name.exists():
            shutil.copy(first, name)
    return program, dump(folder, program, *names)


def rust(folder):
    program = build(folder / "stack", "rustc", "--edition=2021", "-g", "-C", "opt-level=0", PROGRAMS / "stack.rs")
    return program, dump(folder, program)


def big(folder, is_split=False):
    """200 copies of a unit under other names; split, each has its .dwo file beside it."""
    program = folder / "big"
    if not program.exists():
        unit = build(folder / "big.s", "g++", "-O0", "-g", *(["-gsplit-dwarf"] if is_split else []), "-S", PROGRAMS / "big.cc").read_text()
        objects = []
        for number in range(UNITS):
            text = unit.replace("_0000", f"_{number:04}").replace("big.cc", f"big-{number}.cc")
            if is_split:
                text = renamed(text, number)
            (folder / "unit.s").write_text(text)
            objects.append(build(folder / f"unit-{number}.o", "gcc", "-c", folder / "unit.s"))
            if is_split:
                subprocess.run(["objcopy", "--extract-dwo", objects[-1], folder / f"unit-{number}.dwo"], check=True)
                subprocess.run(["objcopy", "--strip-dwo", objects[-1]], check=True)
        names = [f"start_{number:04}" for number in range(UNITS)]
        main = "#include <cstdlib>\nextern \"C\" {\n" + "".join(f"int {name}(int, const char *);\n" for name in names) + "}\n"
        main += f"static int (*const starts[])(int, const char *) = {{{', '.join(names)}}};\n"
        main += "int enter(int number, int depth, const char *tag) {\n  if (depth > 12) abort();\n"
        main += f"  return starts[(number + depth * 15) % {UNITS}](depth + 1, tag);\n}}\nint main() {{ return enter(0, 0, \"tag\"); }}\n"
        (folder / "main.cc").write_text(main)
        try:
            build(program, "g++", "-O0", "-g", folder / "main.cc", *objects)
        finally:
            for path in objects:
                path.unlink()
            (folder / "unit.s").unlink()
    return program, dump(folder, program)


def renamed(text, number):
    """The assembly of a split unit, with a name of its own for its .dwo file and an ID (DWARF 5, 7.5.1.2) of its own in both halves."""
    name = re.search(r'"([^"]*\.dwo)"', text)
    text, count = re.subn(r"(\.L(?:skeleton_)?debug_abbrev0\n)\t\.byte\t\w+\n\t\.byte\t\w+\n((?:\t\.byte\t\w+\n){6})",
                          lambda match: f"{match[1]}\t.byte\t{number & 255}\n\t.byte\t{number >> 8}\n{match[2]}", text)
    if name is None or count != 2:
        raise Unavailable("the compiler writes split units in another way")
    return text.replace(name[1], f"unit-{number}.dwo")


def split(folder):
    return big(folder, is_split=True)


# What a run costs beside coreview; each where it is installed.
PEERS = ("gdb", "eu-stack", "lldb", "drgn")


def variant(*command):
    """bigdebug with its debug information in another form, by a command that takes a file and writes another."""
    def make(folder):
        origin = folder.parent / "bigdebug"
        origin.mkdir(exist_ok=True)
        program, core = big(origin)
        made = folder / program.name
        if not made.exists():
            try:
                if command[0] == "objcopy":
                    subprocess.run([*command, str(program), str(made)], check=True, stderr=subprocess.DEVNULL)
                else:
                    shutil.copy(program, made)
                    subprocess.run([*command, str(made)], check=True, stderr=subprocess.DEVNULL)
            except (FileNotFoundError, subprocess.CalledProcessError):
                made.unlink(missing_ok=True)
                raise Unavailable(f"{' '.join(command)} does not work here") from None
        return made, core
    return make


class Case:
    def __init__(self, name, make, quick=False, hidden=False, peers=PEERS, group=None, live=None, cold=False, line=None):
        self.name, self.make, self.quick, self.hidden, self.peers = name, make, quick, hidden, peers
        # The command of a tool, where it is not the one that prints all stacks of a core.
        self.line = line
        # Without the cache of what was decompressed.
        self.cold = cold
        # Threads of a running process, beside the main one.
        self.live = live
        # Cases of one group have the same files.
        self.group = group or name


def heap(mebibytes):
    def make(folder):
        program = build(folder / "heap", "gcc", *FLAGS, PROGRAMS / "heap.c")
        return program, dump(folder, program, mebibytes)
    return make


# What compresses a core, and what expands it again; the slow ones are kept from 8 GiB.
FORMATS = [("zst", "zstd", ["-q", "-T1"]), ("lz4", "lz4", ["-q"]), ("gz", "gzip", ["-1"]), ("xz", "xz", ["-0"]), ("bz2", "bzip2", [])]
COMPRESSED = [("heap", heap(100), 5), ("threads-5000", threads(5000), 5), ("threads-20000", threads(20000), 2), ("bigmem", sparse(8192, 1024), 2)]
NO_PEERS = ()


def batch(tool, coreview, program, cores):
    return [str(coreview), "batch", "-j", "1", str(cores)] if tool == "coreview" else on_each(tool, program, cores)


def version(tool, coreview, program, core):
    return [str(coreview) if tool == "coreview" else tool, "--version"]


CASES = [
    Case("small", small, quick=True),
    Case("small, no libc debug info", small, quick=True, hidden=True, group="small"),
    Case("threads-100", threads(100), quick=True),
    Case("threads-1000", threads(1000), quick=True),
    Case("threads-5000", threads(5000), quick=True),
    Case("threads-5000, -O2", threads(5000, "-O2"), peers=("gdb", "lldb")),
    Case("distinct-5000", distinct(5000), peers=("gdb", "lldb")),
    Case("deep8m", deep(8192), quick=True),
    Case("bigmem", sparse(8192, 1024)),
    Case("sparse", sparse(65536, 256), quick=True),
    Case("manylibs", libraries),
    Case("rust", rust, quick=True),
    Case("bigdebug", big),
    Case("bigdebug, zlib", variant("objcopy", "--compress-debug-sections=zlib"), group="bigdebug-zlib"),
    Case("bigdebug, zlib, no cache", variant("objcopy", "--compress-debug-sections=zlib"), group="bigdebug-zlib", cold=True),
    Case("bigdebug, zstd, no cache", variant("objcopy", "--compress-debug-sections=zstd"), group="bigdebug-zstd", cold=True),
    Case("bigdebug, .gdb_index", variant("gdb-add-index"), group="bigdebug-index"),
    Case("bigdebug, split", split, group="bigdebug-split"),
    Case("batch-500", sites, peers=("gdb", "eu-stack"), line=batch),
    Case("start-up", small, peers=("gdb", "eu-stack"), group="small", line=version),
    Case("live-4", None, quick=True, peers=("gdb", "eu-stack"), group="live", live=3),
    Case("live-1000", None, quick=True, peers=("gdb", "eu-stack"), group="live", live=999),
    Case("threads-20000", threads(20000), peers=NO_PEERS),
    Case("deep64m", deep(65536), peers=NO_PEERS),
    Case("deep256m", deep(262144), peers=NO_PEERS),
]
