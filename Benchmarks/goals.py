"""What coreview aims at, beyond what it must reach: CPU and peak memory with arguments, lines and inlined frames, text equal to gdb's.

CPU is of a warm page cache, and with libc's debug information installed, whose inflation is in it (some 20 ms).
"""

# Case, CPU in milliseconds, peak memory in MiB.
GOALS = [
    ("small", 25, 24), ("small, no libc debug info", 5, 12), ("threads-100", 29, 24), ("threads-1000", 35, 24), ("threads-5000", 150, 24),
    ("threads-5000, -O2", 150, 24), ("distinct-5000", 150, 24), ("threads-20000", 620, 48), ("deep8m", 150, 16), ("deep256m", 4800, 16),
    ("bigmem", 26, 24), ("sparse", 26, 24), ("manylibs", 30, 24), ("rust", 32, 24), ("bigdebug", 50, 40), ("bigdebug, split", 60, 48),
    ("bigdebug, zlib", 50, 40), ("bigdebug, zlib, no cache", 450, 200), ("bigdebug, zstd, no cache", 250, 200), ("bigdebug, .gdb_index", 50, 40),
    ("batch-500", 175, 32), ("start-up", 1.5, 4),
]
# A case, the one with less work, and by how much more CPU it may take.
LAWS = [("threads-5000", "threads-1000", 5.2), ("threads-20000", "threads-5000", 4.3)]


def rows(figures):
    """A table of (goal, figure, reached) from the figures of a run by (case, tool)."""
    result = [["goal", "CPU", "peak memory", "reached"]]
    for name, cpu, memory in GOALS:
        figure = figures.get((name, "coreview"))
        if figure and not figure.failed:
            missed = [text for text, bad in (("CPU", figure.cpu * 1000 > cpu), ("memory", round(figure.memory) > memory)) if bad]
            result.append([name, f"{figure.cpu * 1000:.4g} of {cpu:g} ms", f"{figure.memory:.0f} of {memory} MiB",
                           f"no: {' and '.join(missed)}" if missed else "yes"])
    for name, base, times in LAWS:
        more, less = figures.get((name, "coreview")), figures.get((base, "coreview"))
        if more and less:
            growth = more.cpu / less.cpu
            result.append([f"{base} → {name}", f"x{growth:.2f} of x{times}", "", "yes" if growth <= times else "no"])
    return result
