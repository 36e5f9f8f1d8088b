extension ModelDirectory { public func digest() throws(ModelError) -> String { "" } }
