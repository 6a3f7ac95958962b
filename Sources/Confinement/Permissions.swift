/// What an analysis may do besides reading files and writing to the descriptors that it was given.
package struct Permissions: Sendable {
  /// Folders in which it may make, change and remove files: the cache, the place of its output.
  package var writableFolders: [String] = []
  /// Files that are there and that it may write to, as a device.
  package var writableFiles: [String] = []
  /// Whether it may ask servers. Then threads and sockets are allowed, and files may be written: libcurl needs them.
  package var usesNetwork = false
  /// Whether it may look at other processes through /proc, as the kernel's handler does.
  package var seesProcesses = false
  /// Seconds of CPU after which the kernel ends it.
  package var cpuSeconds: UInt64 = 600
  /// Bytes of its own memory; files that it maps to read do not count.
  package var memory: UInt64 = 8 << 30
  /// Bytes of address space, with all that it maps.
  package var addressSpace: UInt64 = 64 << 30

  /// Reading and nothing else, within the limits of the manual.
  package init() {}
}
