import Scene
import Testing
import Tracking

@Suite struct MotionFilterTests {
  // Values from numpy/scipy: transition and noise by matrix exponential (Van Loan 1978), correction by the textbook's
  // matrices; d = 9, a = 400, start 100 ± 2 with velocity 0 ± 30, measurement variance 5; each row a step of dt, then a
  // correction by z. Columns: position, velocity, and the covariance's three entries, predicted and corrected.
  static let reference: [(decay: Double, dt: Double, z: Double, predicted: [Double], corrected: [Double])] = [
    (0, 1.0 / 30, 101, [100, 0, 5.304938272, 30.22222222, 913.3333333], [100.5147957, 2.932790224, 2.573978675, 14.66395112, 824.6978955]),
    (0, 0.5, 130, [101.9811908, 2.932790224, 244.5790703, 477.0128988, 1024.697895], [129.4386787, 56.48428939, 4.899831344, 9.556348179, 112.997626]),
    (0, 2, 180, [242.4072575, 56.48428939, 1579.782395, 1035.5516, 912.997626], [180.1968954, 15.70523002, 4.984224964, 3.267172842, 236.332413]),
    (0.5, 1.0 / 30, 101, [100, 0, 5.28837124, 29.47819028, 883.6080502], [100.5140144, 2.865195043, 2.570072131, 14.32597522, 799.1472856]),
    (0.5, 0.5, 130, [101.7815722, 2.231416144, 190.0278155, 325.6387585, 642.0950664], [129.2765538, 49.34784292, 4.871813157, 8.348520894, 98.37467059]),
    (0.5, 2, 180, [191.6641258, 18.15405687, 739.1056575, 368.4852798, 359.1794506], [180.0783768, 12.37791657, 4.966402621, 2.476027941, 176.7034809]),
    (2, 1.0 / 30, 101, [100, 0, 5.240552381, 27.35811714, 800.1386552], [100.5117451, 2.671547015, 2.558725441, 13.35773507, 727.050159]),
    (2, 0.5, 130, [101.356115, 0.9828072229, 96.53500789, 109.4284897, 184.8620109], [128.5894577, 31.85351025, 4.753779504, 5.388707399, 66.92638849]),
    (2, 2, 180, [144.2245041, 0.5834173911, 170.9912768, 48.88558099, 99.98890504], [178.9836003, 10.52087528, 4.857947505, 1.388863752, 86.40982275]),
  ]

  @Test("agrees with matrix exponentials and textbook matrices")
  func matchesReference() {
    var filter = AxisFilter(position: 100, variance: 4, velocityVariance: 900)
    for (index, row) in Self.reference.enumerated() {
      if index % 3 == 0 { filter = AxisFilter(position: 100, variance: 4, velocityVariance: 900) }
      filter.predict(seconds: row.dt, diffusion: 9, acceleration: 400, decay: row.decay)
      expectClose(filter, row.predicted, "row \(index) predicted")
      filter.correct(measured: row.z, variance: 5)
      expectClose(filter, row.corrected, "row \(index) corrected")
    }
  }

  @Test("two half steps, or a hundred hundredths, are one whole step", arguments: [0, 1e-5, 1e-3, 0.1, 2, 500], [1.0 / 30, 0.5, 10])
  func composes(decay: Double, dt: Double) {
    var whole = AxisFilter(position: 10, variance: 4, velocityVariance: 900)
    whole.velocity = 25; whole.pv = 17
    var halves = whole, hundredths = whole
    whole.predict(seconds: dt, diffusion: 9, acceleration: 400, decay: decay)
    for _ in 0..<2 { halves.predict(seconds: dt / 2, diffusion: 9, acceleration: 400, decay: decay) }
    for _ in 0..<100 { hundredths.predict(seconds: dt / 100, diffusion: 9, acceleration: 400, decay: decay) }
    let expected = [whole.position, whole.velocity, whole.pp, whole.pv, whole.vv]
    expectClose(halves, expected, "halves", share: 1e-6)
    expectClose(hundredths, expected, "hundredths", share: 1e-6)
  }

  @Test("a box that shrinks unseen for a minute keeps positive sides, and its velocity of size is forgotten")
  func neverInsideOut() {
    let motion = MotionOptions()
    var filter = BoxFilter(PixelBox(x: 100, y: 100, width: 80, height: 200), motion: motion)
    for step in 1...5 {
      filter.predict(seconds: 0.1, motion: motion)
      let side = 200 - 30 * Double(step)
      filter.correct(PixelBox(x: 100, y: 100, width: side * 0.4, height: side), motion: motion)
    }
    filter.predict(seconds: 60, motion: motion)
    #expect(filter.box.width > 0 && filter.box.height > 0)
    #expect(abs(filter.height.velocity) < 1e-9)
  }

  private func expectClose(_ filter: AxisFilter, _ expected: [Double], _ what: String, share: Double = 1e-8) {
    for (value, wanted) in zip([filter.position, filter.velocity, filter.pp, filter.pv, filter.vv], expected) {
      #expect(abs(value - wanted) <= share * max(1e-6, abs(wanted)), "\(what): \(value) is not \(wanted)")
    }
  }
}
