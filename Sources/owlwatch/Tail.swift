import ArgumentParser
import EventLog
import Foundation
import Worker

// owlwatch tail
