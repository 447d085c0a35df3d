//! A small deterministic generator: the same seed gives the same points everywhere.

use ndarray::Array2;

/// SplitMix64 (Steele, Lea and Flood 2014).
pub struct Random(u64);

impl Random {
    /// A generator of this seed.
    pub fn new(seed: u64) -> Random {
        Random(seed)
    }

    /// The next 64 bits.
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Uniform between `low` and `high`.
    pub fn uniform(&mut self, low: f64, high: f64) -> f64 {
        let unit = (self.bits() >> 11) as f64 / (1u64 << 53) as f64;
        low + (high - low) * unit
    }

    /// Uniform in ±(`low`, `high`).
    pub fn signed(&mut self, low: f64, high: f64) -> f64 {
        let magnitude = self.uniform(low, high);
        if self.bits() & 1 == 0 { magnitude } else { -magnitude }
    }

    /// One of `0..n`.
    pub fn below(&mut self, n: usize) -> usize {
        (self.bits() % n as u64) as usize
    }

    /// An array of entries in ±(0.3, 1.2): a direction in which no entry hides.
    pub fn direction(&mut self, (rows, cols): (usize, usize)) -> Array2<f64> {
        Array2::from_shape_simple_fn((rows, cols), || self.signed(0.3, 1.2))
    }
}
