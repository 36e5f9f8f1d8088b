// Format: https://github.com/huggingface/safetensors, README "Format".

#if canImport(Glibc)
internal import Glibc
#endif

extension NamedTensors {
  /// The bytes of a safetensors file: length of the header, header, data in the tensors' order.
  public func safetensors() -> [UInt8] {
    var header = "{", offset = 0
    for (index, tensor) in tensors.enumerated() {
      let (type, size) = switch tensor.values {
      case .floats(let values): ("F32", values.count * 4)
      case .integers(let values): ("I64", values.count * 8)
      }
      let shape = tensor.shape.map(String.init).joined(separator: ",")
      header += "\(index > 0 ? "," : "")\"\(tensor.name)\":{\"dtype\":\"\(type)\",\"shape\":[\(shape)],\"data_offsets\":[\(offset),\(offset + size)]}"
      offset += size
    }
    header += "}"
    // Data begins at a multiple of 8.
    while header.utf8.count % 8 != 0 { header += " " }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(8 + header.utf8.count + offset)
    withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { bytes.append(contentsOf: $0) }
    bytes.append(contentsOf: header.utf8)
    for tensor in tensors {
      switch tensor.values {
      case .floats(let values): values.withUnsafeBytes { bytes.append(contentsOf: $0) }
      case .integers(let values): values.withUnsafeBytes { bytes.append(contentsOf: $0) }
      }
    }
    return bytes
  }

  /// Writes a safetensors file: beside it first, then moved into place, so that no half-written file is ever seen.
  public func writeSafetensors(_ path: String) throws(ModelError) {
    let temporary = "\(path).\(getpid()).part"
    let file = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard file >= 0 else { throw failure(path) }
    let written = safetensors().withUnsafeBytes { bytes in
      var done = 0
      while done < bytes.count {
        let count = write(file, bytes.baseAddress! + done, bytes.count - done)
        if count < 0 && errno == EINTR { continue }
        if count <= 0 { return false }
        done += count
      }
      return fsync(file) == 0
    }
    let problem = written ? nil : failure(path)
    close(file)
    if let problem {
      unlink(temporary)
      throw problem
    }
    guard rename(temporary, path) == 0 else {
      let problem = failure(path)
      unlink(temporary)
      throw problem
    }
  }

  private func failure(_ path: String) -> ModelError {
    ModelError(.notWritable, file: path, problem: "cannot be written: \(String(cString: strerror(errno)))",
               remedy: "name a file in a directory that exists and has room")
  }
}
