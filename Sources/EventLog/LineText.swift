/// The fixed text of a line, in the order in which it is written: keys with the punctuation around them, so that a line is put together from
/// few long pieces.
enum LineText {
  static let begin: StaticString = #"{"specversion":"1.0","id":""#
  static let source: StaticString = #"","source":"#
  static let type: StaticString = #","type":"owlwatch."#
  static let subject: StaticString = #"","subject":"#
  static let time: StaticString = #","time":""#
  static let sequence: StaticString = #"","datacontenttype":"application/json","data":{"seq":"#

  static let session: StaticString = #","session":"#
  static let mediaTime: StaticString = #","media_time":"#
  static let pts: StaticString = #","pts":"#
  static let timeBase: StaticString = #","time_base":""#
  static let timeSource: StaticString = #"","time_source":""#

  static let rule: StaticString = #","rule":{"id":"#
  static let ruleKind: StaticString = #","kind":"#
  static let query: StaticString = #","query":{"id":"#
  static let queryText: StaticString = #","text":"#

  static let object: StaticString = #","object":{"track":""#
  static let score: StaticString = #"","score":"#
  static let detectedBox: StaticString = #","detected":true,"box":{"left":"#
  static let carriedBox: StaticString = #","detected":false,"box":{"left":"#
  static let top: StaticString = #","top":"#
  static let right: StaticString = #","right":"#
  static let bottom: StaticString = #","bottom":"#

  static let phase: StaticString = #","phase":""#
  static let episode: StaticString = #","episode":"#
  static let reason: StaticString = #","reason":""#
  static let severity: StaticString = #","severity":""#

  static let end: StaticString = "}}\n"

  static let quote: StaticString = "\""
  static let colon: StaticString = ":"
  static let comma: StaticString = ","
  static let slash: StaticString = "/"
  static let open: StaticString = "{"
  static let close: StaticString = "}"
  static let closeTwo: StaticString = "}}"
  static let openList: StaticString = "["
  static let closeList: StaticString = "]"
}
