import ArgumentParser
import Foundation
import Scene
import Tracking
import Worker

// owlwatch track
