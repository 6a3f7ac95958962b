internal import Bytes
internal import Compression
internal import ProcessModel

/// Writes what passes through a pipe to a file, compressed.
final class StreamCopy {
  private let file: ExclusiveFile
  private let writer: ZstdWriter

  init(to file: ExclusiveFile) throws(DecodingError) {
    self.file = file
    writer = try ZstdWriter(writingTo: file)
  }

  func follow(_ input: InputBytes) { input.copy(to: writer) }

  /// Ends the file; says so where it is not whole.
  func finish() -> Gap? {
    writer.finish()
    return writer.hasFailed ? Gap("\(file.path): could not be written whole") : nil
  }
}
