// Kalman filter for a box under constant velocity, in continuous time.
//
// Model: dx = v dt + √d dW₁, dv = −k v dt + √a dW₂, per axis, axes independent (which is also what the block-diagonal
// matrices of SORT, Bewley et al. 2016, and ByteTrack, Zhang et al. 2022, amount to). Solved exactly over any dt, so that
// two half steps are one whole step and 30 keyframes a second and 2 give the same belief. k = 0 is constant velocity.

internal import Glibc

/// Position and velocity along one axis, with their covariance. Pixels and seconds.
package struct AxisFilter: Sendable, Codable, Equatable {
  package var position: Double
  package var velocity: Double
  /// Variance of position, covariance of position and velocity, variance of velocity.
  package var pp: Double
  package var pv: Double
  package var vv: Double

  package init(position: Double, variance: Double, velocityVariance: Double) {
    self.position = position; velocity = 0
    pp = variance; pv = 0; vv = velocityVariance
  }

  /// - Parameters:
  ///   - seconds: ≥ 0.
  ///   - diffusion: variance that position gains per second (d).
  ///   - acceleration: variance that velocity gains per second (a).
  ///   - decay: the rate k at which velocity is forgotten, per second; 0: never.
  package mutating func predict(seconds dt: Double, diffusion: Double, acceleration: Double, decay: Double = 0) {
    guard dt > 0 else { return }
    let step = Transition(seconds: dt, decay: decay)
    position += velocity * step.reach
    velocity *= step.keep
    pp += 2 * step.reach * pv + step.reach * step.reach * vv + diffusion * dt + acceleration * step.pp
    pv = step.keep * (pv + step.reach * vv) + acceleration * step.pv
    vv = step.keep * step.keep * vv + acceleration * step.vv
  }

  package mutating func correct(measured: Double, variance: Double) {
    let surprise = measured - position
    let total = pp + variance
    let gain = (position: pp / total, velocity: pv / total)
    position += gain.position * surprise
    velocity += gain.velocity * surprise
    vv -= gain.velocity * pv
    pv -= gain.position * pv
    pp -= gain.position * pp
  }
}

/// What a span of time does to position and velocity.
private struct Transition {
  /// Share of the velocity that is left.
  let keep: Double
  /// Seconds of travel at the velocity of the start.
  let reach: Double
  /// Covariance that one unit of acceleration noise adds.
  let pp: Double, pv: Double, vv: Double

  init(seconds dt: Double, decay k: Double) {
    let x = k * dt
    if x < 1e-3 {
      // Series: the closed form below subtracts nearly equal numbers here.
      keep = 1 - x + x * x / 2
      reach = dt * (1 - x / 2 + x * x / 6)
      pp = dt * dt * dt * (1.0 / 3 - x / 4 + x * x * 7 / 60)
      pv = dt * dt * (0.5 - x / 2 + x * x * 7 / 24)
      vv = dt * (1 - x + x * x * 2 / 3)
    } else {
      let lost = -expm1(-x)
      keep = 1 - lost
      reach = lost / k
      vv = (1 - keep * keep) / (2 * k)
      pv = lost * lost / (2 * k * k)
      pp = (dt - 2 * reach + vv) / (k * k)
    }
  }
}
