import ArgumentParser
import Foundation
import ModelHub
import Worker

struct Models: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "List, check and fetch models.")
}
