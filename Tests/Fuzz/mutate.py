"""Structure-aware damage to ELF files: cores, executables, debug files. Deterministic from a seed.

`mutants(data, count, seed)` yields (description, bytes). The description names the structure and what was done to it, so that a
finding can be understood without the file. Layouts: elf(5), <sys/procfs.h>, the System V gABI.
"""
import random
import struct
import zlib

EXTREMES = [0, 1, 2, 3, 7, 8, 0x10, 0x7f, 0x80, 0xff, 0x100, 0xfff, 0x1000, 0x7fff, 0x8000, 0xffff, 0x10000, 0x7fffffff, 0x80000000,
            0xffffffff, 0x100000000, 0x7fffffffffffffff, 0x8000000000000000, 0xfffffffffffff000, 0xfffffffffffffff8, 0xffffffffffffffff]
NOTE_NAMES = {1: "NT_PRSTATUS", 2: "NT_FPREGSET", 3: "NT_PRPSINFO", 6: "NT_AUXV", 0x46494c45: "NT_FILE", 0x53494749: "NT_SIGINFO",
              0x202: "NT_X86_XSTATE"}
PT_LOAD, PT_NOTE, ET_CORE, SHT_NOBITS, SHF_COMPRESSED = 1, 4, 4, 8, 0x800


class Elf:
    """Just enough of a little-endian ELF file to know where its structures stand."""

    def __init__(self, data: bytes):
        self.data = bytearray(data)
        self.wide = data[4] == 2
        header = "<HHIQQQIHHHHHH" if self.wide else "<HHIIIIIHHHHHH"
        names = ["type", "machine", "version", "entry", "phoff", "shoff", "flags", "ehsize", "phentsize", "phnum", "shentsize", "shnum",
                 "shstrndx"]
        self.header_fields = self.fields(16, header, names)
        self.header = dict(zip(names, struct.unpack_from(header, data, 16)))
        self.segments, self.sections, self.notes = [], [], []
        self.read_segments()
        self.read_sections()
        for segment in self.segments:
            if segment["type"] == PT_NOTE:
                self.read_notes(segment["offset"], segment["offset"] + segment["filesz"])

    @staticmethod
    def fields(at, layout, names):
        result = []
        for code, name in zip(layout[1:], names):
            size = struct.calcsize("<" + code)
            result.append((name, at, size))
            at += size
        return result

    def table(self, offset, count, size, layout, names):
        for index in range(min(count, 70000)):
            at = offset + index * size
            if at + struct.calcsize(layout) > len(self.data):
                return
            entry = dict(zip(names, struct.unpack_from(layout, self.data, at)))
            entry["at"] = at
            entry["fields"] = self.fields(at, layout, names)
            yield entry

    def read_segments(self):
        names = (["type", "flags", "offset", "vaddr", "paddr", "filesz", "memsz", "align"] if self.wide else
                 ["type", "offset", "vaddr", "paddr", "filesz", "memsz", "flags", "align"])
        layout = "<IIQQQQQQ" if self.wide else "<IIIIIIII"
        self.segments = list(self.table(self.header["phoff"], self.header["phnum"], self.header["phentsize"], layout, names))

    def read_sections(self):
        names = ["name", "type", "flags", "addr", "offset", "size", "link", "info", "addralign", "entsize"]
        layout = "<IIQQQQIIQQ" if self.wide else "<IIIIIIIIII"
        if not self.header["shoff"]:
            return
        self.sections = list(self.table(self.header["shoff"], self.header["shnum"], self.header["shentsize"], layout, names))
        index = self.header["shstrndx"]
        strings = self.sections[index] if index < len(self.sections) else None
        for section in self.sections:
            start = strings["offset"] + section["name"] if strings else 0
            section["label"] = bytes(self.data[start:self.data.find(b"\0", start)]).decode("latin-1") if strings else "?"

    def read_notes(self, at, end):
        while at + 12 <= min(end, len(self.data)):
            name, size, kind = struct.unpack_from("<III", self.data, at)
            start = at + 12 + (name + 3 & ~3)
            if start + size > len(self.data) or name > 64:
                return
            self.notes.append({"at": at, "kind": kind, "start": start, "size": size, "end": start + (size + 3 & ~3)})
            at = start + (size + 3 & ~3)

    def put(self, at, size, value):
        self.data[at:at + size] = (value & (1 << 8 * size) - 1).to_bytes(size, "little")

    def get(self, at, size):
        return int.from_bytes(self.data[at:at + size], "little")


def number(rng, old, size, limit):
    """A number that code is likely to get wrong where `old` stood; `limit` is the size of the file."""
    pick = rng.randrange(6)
    if pick == 0:
        return old ^ 1 << rng.randrange(8 * size)
    if pick == 1:
        return old + rng.choice([-8, -4, -1, 1, 4, 8, 4096])
    if pick == 2:
        return rng.choice([limit - 1, limit, limit + 1, limit * 2])
    if pick == 3:
        return rng.getrandbits(8 * size)
    return rng.choice(EXTREMES)


def header(elf, rng):
    name, at, size = rng.choice(elf.header_fields)
    value = number(rng, elf.get(at, size), size, len(elf.data))
    elf.put(at, size, value)
    return f"e_{name} = {value:#x}"


def ident(elf, rng):
    at, value = rng.randrange(4, 16), rng.choice([0, 1, 2, 3, 0xff])
    elf.data[at] = value
    return f"e_ident[{at}] = {value}"


def segment(elf, rng):
    entry = rng.choice(elf.segments)
    name, at, size = rng.choice(entry["fields"])
    value = number(rng, elf.get(at, size), size, len(elf.data))
    elf.put(at, size, value)
    return f"program header at {entry['at']:#x}: p_{name} = {value:#x}"


def overlap(elf, rng):
    first, second = rng.choice(elf.segments), rng.choice(elf.segments)
    for (name, at, size), (_, other, _) in zip(first["fields"], second["fields"]):
        if name in ("vaddr", "memsz"):
            elf.put(at, size, elf.get(other, size) + rng.choice([0, 0, -4096, 4096]))
    return f"program header at {first['at']:#x} overlaps the one at {second['at']:#x}"


def section(elf, rng):
    entry = rng.choice(elf.sections)
    name, at, size = rng.choice(entry["fields"])
    value = number(rng, elf.get(at, size), size, len(elf.data))
    elf.put(at, size, value)
    return f"section {entry['label']}: sh_{name} = {value:#x}"


def section_bytes(elf, rng):
    wanted = [s for s in elf.sections if s["type"] != SHT_NOBITS and s["size"] and s["offset"] + s["size"] <= len(elf.data) and
              s["label"].startswith((".debug", ".eh_frame", ".dyn", ".sym", ".str", ".gnu", ".note", ".hash", ".dynamic", ".plt"))]
    if not wanted:
        return None
    entry = rng.choice(wanted)
    count = rng.choice([1, 1, 2, 4, 16, 64])
    places = []
    for _ in range(count):
        at = entry["offset"] + rng.randrange(entry["size"])
        elf.data[at] = rng.choice([0, 1, 0x7f, 0x80, 0xff, rng.randrange(256), elf.data[at] ^ 1 << rng.randrange(8)])
        places.append(at - entry["offset"])
    return f"section {entry['label']}: {count} bytes changed, the first at {places[0]:#x}"


def bomb(elf, rng):
    """Claims of a compressed section: sizes that are not those of its stream."""
    wanted = [s for s in elf.sections if s.get("flags", 0) & SHF_COMPRESSED and s["offset"] + 24 <= len(elf.data)]
    if wanted and rng.randrange(3):
        entry = rng.choice(wanted)
        at, size = (entry["offset"] + 8, 8) if elf.wide else (entry["offset"] + 4, 4)
        value = number(rng, elf.get(at, size), size, len(elf.data))
        elf.put(at, size, value)
        return f"section {entry['label']}: ch_size = {value:#x}"
    plain = [s for s in elf.sections if s["label"].startswith(".debug") and s["type"] != SHT_NOBITS and not s["flags"] & SHF_COMPRESSED]
    if not plain:
        return None
    entry = rng.choice(plain)
    claim = rng.choice([1 << 20, 64 << 20, 1 << 30, 1 << 34, 0xffffffffffffffff])
    stream = zlib.compress(bytes(min(claim, 64 << 20)), 1)
    head = struct.pack("<IIQQ", 1, 0, claim & 0xffffffffffffffff, 1) if elf.wide else struct.pack("<III", 1, claim & 0xffffffff, 1)
    place = len(elf.data)
    elf.data += head + stream
    for name, at, size in entry["fields"]:
        if name == "offset":
            elf.put(at, size, place)
        elif name == "size":
            elf.put(at, size, len(head) + len(stream))
        elif name == "flags":
            elf.put(at, size, entry["flags"] | SHF_COMPRESSED)
    return f"section {entry['label']}: a bomb of {claim:#x} bytes"


def note(elf, rng):
    entry = rng.choice(elf.notes)
    at = entry["at"] + rng.choice([0, 4, 8])
    value = number(rng, elf.get(at, 4), 4, len(elf.data))
    elf.put(at, 4, value)
    return f"note {NOTE_NAMES.get(entry['kind'], hex(entry['kind']))} at {entry['at']:#x}: word {at - entry['at']} = {value:#x}"


def note_words(elf, rng):
    """Words inside a descriptor: registers, counts of NT_FILE, AT_PHDR, si_addr."""
    entry = rng.choice(elf.notes)
    word = 8 if elf.wide else 4
    if entry["size"] < word:
        return None
    mappings = [s for s in elf.segments if s["type"] == PT_LOAD]
    changed = []
    for _ in range(rng.choice([1, 1, 2, 5])):
        at = entry["start"] + rng.randrange(entry["size"] // word) * word
        value = number(rng, elf.get(at, word), word, len(elf.data))
        if mappings and rng.randrange(3) == 0:
            target = rng.choice(mappings)
            value = target["vaddr"] + rng.randrange(max(1, target["memsz"])) & ~(word - 1) if rng.randrange(2) else target["vaddr"]
        elf.put(at, word, value)
        changed.append(f"+{at - entry['start']:#x} = {value & (1 << 8 * word) - 1:#x}")
    return f"note {NOTE_NAMES.get(entry['kind'], hex(entry['kind']))} at {entry['at']:#x}: {', '.join(changed)}"


def text(elf, rng):
    """Control bytes, newlines and false frames where names stand."""
    entries = [n for n in elf.notes if n["kind"] in (3, 0x46494c45)]
    places = [(n["start"] + n["size"] // 2, n["end"]) for n in entries]
    places += [(s["offset"], s["offset"] + s["size"]) for s in elf.sections
               if s["label"] in (".strtab", ".dynstr", ".debug_str", ".debug_line_str") and s["offset"] + s["size"] <= len(elf.data)]
    places = [p for p in places if p[1] - p[0] > 64]
    if not places:
        return None
    start, end = rng.choice(places)
    words = [b"\n#1  0x0000000000000000 in main ()\n", b"\x1b[2J\x1b]0;x\x07", b"\x00", b"\xff\xfe\xc0\x80", b"\x9b31m", b"</script><b>", b'"}]\\',
             b"\r", b"%s%n", b"\x7f", b"../" * 8, b"_Z" + b"N1a" * 60, b"\xe2\x80\xae"]
    for _ in range(rng.choice([1, 3, 20])):
        word = rng.choice(words)
        at = start + rng.randrange(max(1, end - start - len(word)))
        elf.data[at:at + len(word)] = word
    return f"text at {start:#x}: control bytes and false frames"


def memory_words(elf, rng):
    """Pointers in the memory of the process: stacks, the link map, libc's list of threads."""
    loads = [s for s in elf.segments if s["type"] == PT_LOAD and s["filesz"] >= 64 and s["offset"] + s["filesz"] <= len(elf.data)]
    if not loads:
        return None
    word = 8 if elf.wide else 4
    ranges = [(s["vaddr"], s["vaddr"] + s["memsz"]) for s in loads]
    target = rng.choice(loads)
    # Words that already point somewhere matter more than zeros.
    start = target["offset"]
    words = target["filesz"] // word
    changed, tries = 0, 0
    wanted = rng.choice([1, 4, 32, 256])
    while changed < wanted and tries < 4000:
        tries += 1
        at = start + rng.randrange(words) * word
        old = elf.get(at, word)
        if not any(low <= old < high for low, high in ranges):
            continue
        low, high = rng.choice(ranges)
        value = rng.choice([0, old + word, old - word, low, high - word, target["vaddr"] + (at - start), low + rng.randrange(high - low) & ~7,
                            number(rng, old, word, len(elf.data))])
        elf.put(at, word, value)
        changed += 1
    return f"memory at {target['vaddr']:#x}: {changed} pointers changed" if changed else None


def duplicate_note(elf, rng):
    """A thread told twice, or a thousand times: the note segment moves to the end of the file."""
    notes = [s for s in elf.segments if s["type"] == PT_NOTE]
    threads = [n for n in elf.notes if n["kind"] == 1]
    if not notes or not threads:
        return None
    entry, home = rng.choice(threads), rng.choice(notes)
    block = bytes(elf.data[home["offset"]:home["offset"] + home["filesz"]])
    one = bytearray(elf.data[entry["at"]:entry["end"]])
    count = rng.choice([1, 2, 300])
    extra = bytearray()
    for index in range(count):
        if rng.randrange(2):
            struct.pack_into("<I", one, entry["start"] - entry["at"] + (32 if elf.wide else 24), index)
        extra += one
    place = len(elf.data)
    elf.data += block + extra
    for name, at, size in home["fields"]:
        if name == "offset":
            elf.put(at, size, place)
        if name == "filesz":
            elf.put(at, size, len(block) + len(extra))
    return f"note NT_PRSTATUS at {entry['at']:#x}: {count} more"


def flips(elf, rng):
    count = rng.choice([1, 8, 64, 512])
    for _ in range(count):
        elf.data[rng.randrange(len(elf.data))] = rng.randrange(256)
    return f"{count} random bytes"


def cut(elf, rng):
    ends = [16, 52, 64] + [s["at"] for s in elf.segments] + [s["offset"] for s in elf.segments] + [n["at"] for n in elf.notes]
    ends += [n["start"] for n in elf.notes] + [s["offset"] + s["filesz"] for s in elf.segments] + [s["offset"] for s in elf.sections]
    ends += [rng.randrange(len(elf.data))]
    end = max(0, rng.choice(ends) + rng.choice([0, 0, 0, -1, 1]))
    del elf.data[end:]
    return f"cut at {end:#x}"


CORE = [header, ident, segment, segment, overlap, note, note, note_words, note_words, note_words, text, memory_words, memory_words,
        duplicate_note, flips, cut, cut]
FILE = [header, ident, segment, section, section, section_bytes, section_bytes, section_bytes, section_bytes, text, bomb, flips, cut]


def mutants(data: bytes, count: int, seed):
    """Yields `count` damaged copies with what was done to each; the same for the same seed."""
    for index in range(count):
        rng = random.Random(f"{seed}/{index}")
        elf = Elf(data)
        operations = CORE if elf.header["type"] == ET_CORE else FILE
        done = []
        for _ in range(rng.choice([1, 1, 1, 2, 3])):
            operation = rng.choice(operations)
            try:
                said = operation(elf, rng)
            except (IndexError, ValueError, struct.error):
                said = None  # An earlier operation took the structure away.
            if said:
                done.append(said)
        if done:
            yield "; ".join(done), bytes(elf.data)
