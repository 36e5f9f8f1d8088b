/// Colours that are told apart, also by most of those who see few colours; after Okabe and Ito, "Color Universal Design" (2008).
enum Colors {
  struct RGB { var red, green, blue: Double }

  private static let few: [RGB] = [
    RGB(red: 0.90, green: 0.62, blue: 0.00), RGB(red: 0.34, green: 0.71, blue: 0.91), RGB(red: 0.00, green: 0.62, blue: 0.45),
    RGB(red: 0.94, green: 0.89, blue: 0.26), RGB(red: 0.84, green: 0.37, blue: 0.00), RGB(red: 0.80, green: 0.47, blue: 0.65),
    RGB(red: 0.00, green: 0.45, blue: 0.70),
  ]
  static let zone = RGB(red: 0.25, green: 0.75, blue: 1.0)
  static let line = RGB(red: 1.0, green: 0.25, blue: 0.55)

  /// The colour of a query. Beyond the seven, the same in lighter and darker.
  static func of(_ index: Int) -> RGB {
    let place = Int(index.magnitude % UInt(few.count * 3))
    let color = few[place % few.count]
    switch place / few.count {
    case 0: return color
    case 1: return RGB(red: color.red * 0.55, green: color.green * 0.55, blue: color.blue * 0.55)
    default: return RGB(red: (1 + color.red) / 2, green: (1 + color.green) / 2, blue: (1 + color.blue) / 2)
    }
  }
}

extension Colors.RGB {
  /// As the eye weighs it, 0…1 (ITU-R BT.709).
  var brightness: Double { 0.2126 * red + 0.7152 * green + 0.0722 * blue }
}
