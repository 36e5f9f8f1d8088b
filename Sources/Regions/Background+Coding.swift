import Foundation
import Scene

/// In a checkpoint the cells stand as base64 of their little-endian bytes, a sixth of what they would be as JSON numbers.
extension Background: Codable {
  private enum Key: String, CodingKey { case width, height, mean, spread, age }

  init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: Key.self)
    width = try values.decode(Int.self, forKey: .width)
    height = try values.decode(Int.self, forKey: .height)
    age = try values.decode(MediaInterval.self, forKey: .age)
    mean = try Self.unpack(values.decode(String.self, forKey: .mean))
    spread = try Self.unpack(values.decode(String.self, forKey: .spread))
    let (count, overflow) = width.multipliedReportingOverflow(by: height)
    guard !overflow, width > 0, height > 0, mean.count == count, spread.count == count,
          spread.allSatisfy({ $0 <= 0x7FFF }) else {
      throw DecodingError.dataCorruptedError(forKey: .mean, in: values,
        debugDescription: "a background of \(width) × \(height) cells has \(mean.count) and \(spread.count) values")
    }
  }

  func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: Key.self)
    try values.encode(width, forKey: .width)
    try values.encode(height, forKey: .height)
    try values.encode(age, forKey: .age)
    try values.encode(Self.pack(mean), forKey: .mean)
    try values.encode(Self.pack(spread), forKey: .spread)
  }

  private static func pack(_ cells: [UInt16]) -> String {
    var bytes = Data(capacity: cells.count * 2)
    for cell in cells { bytes.append(UInt8(cell & 0xFF)); bytes.append(UInt8(cell >> 8)) }
    return bytes.base64EncodedString()
  }

  private static func unpack(_ text: String) throws -> [UInt16] {
    guard let bytes = Data(base64Encoded: text), bytes.count % 2 == 0 else {
      throw DecodingError.dataCorrupted(.init(codingPath: [], debugDescription: "cells of a background are base64 of 16-bit values"))
    }
    return stride(from: 0, to: bytes.count, by: 2).map { UInt16(bytes[$0]) | UInt16(bytes[$0 + 1]) << 8 }
  }
}
