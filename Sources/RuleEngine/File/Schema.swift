/// JSON Schema (2020-12) of rule files, for editors.
public func ruleSchema() -> String { "" }
