internal import Bytes
internal import CConfinement
internal import Glibc

/// Takes from this process what an analysis of somebody else's files has no use for.
///
/// Each part that the kernel lacks is left out in silence: an old kernel is no reason to go without a report.
package enum Confinement {
  /// Gives up, for good: privileges, all writing and networking that is not permitted, and more than its share of
  /// memory and time.
  package static func enter(_ permissions: Permissions) {
    HostProcess.limit(memory: permissions.addressSpace, files: 4096, fileSize: 1 << 40)
    HostProcess.limit(cpuSeconds: permissions.cpuSeconds, data: permissions.memory)
    guard coreview_no_new_privileges() == 0 else { return }
    dropCapabilities(permissions)
    if !permissions.usesNetwork { FileRules.enforce(permissions) }
    SystemCallFilter(permissions).install()
  }

  /// Of root's rights those to read any file and, for the handler, any process stay.
  private static func dropCapabilities(_ permissions: Permissions) {
    guard geteuid() == 0 else { return }
    let reading: UInt32 = 1 << UInt32(CAP_DAC_READ_SEARCH)
    let processes: UInt32 = permissions.seesProcesses ? 1 << UInt32(CAP_SYS_PTRACE) : 0
    // Version 3 of capset(2); 0 stands for this process.
    var header = __user_cap_header_struct(version: 0x2008_0522, pid: 0)
    let low = __user_cap_data_struct(
      effective: reading | processes, permitted: reading | processes, inheritable: 0)
    let data = [low, __user_cap_data_struct(effective: 0, permitted: 0, inheritable: 0)]
    _ = unsafe coreview_set_capabilities(&header, data)
  }
}
