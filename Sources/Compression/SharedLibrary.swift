internal import Glibc

/// A C library that is opened when it is needed, so that a plain core does not wait for five of them.
@safe struct SharedLibrary {
  private let handle: UnsafeMutableRawPointer
  private let name: String

  /// Throws with the package to install where the library is missing.
  init(of format: CompressionFormat) throws(DecodingError) {
    guard let handle = unsafe dlopen(format.library, RTLD_NOW | RTLD_LOCAL) else {
      throw DecodingError(
        "\(format.library) is not installed (Debian: apt install \(format.debianPackage)); or expand it"
          + " first: \(format.command)")
    }
    unsafe self.handle = handle
    name = format.library
  }

  /// A function by its name. `type` must be the C function's own type: nothing checks it.
  func function<T>(_ symbol: String, as type: T.Type) throws(DecodingError) -> T {
    guard let address = unsafe dlsym(handle, symbol) else {
      throw DecodingError("\(name) has no function \(symbol)")
    }
    return unsafe unsafeBitCast(address, to: type)
  }
}
