import Foundation
import Tensors

/// Makes the one detector of a process from settings.
public enum DetectorFactory {
  public static func make(_ settings: StreamSettings) throws -> SharedDetector {
    try SharedDetector(model: ModelLocator.open(settings.model), engine: settings.engine ?? .onednn,
                       threads: settings.threads ?? ProcessInfo.processInfo.activeProcessorCount)
  }
}
