//! Exact constants.

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{Signed, ToPrimitive};
use std::cmp::Ordering;
use std::fmt;
use std::ops::{Add, Mul, Neg};

/// A rational number, exact: `1/2` stays 1/2 and `0.1` is 1/10.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Rational(Repr);

/// Nearly every number of a derivation fits into two words; the engine does arithmetic with it all the time.
#[derive(Clone, PartialEq, Eq, Hash)]
enum Repr {
    /// In lowest terms, the denominator positive.
    Small(i64, i64),
    /// What does not fit.
    Big(Box<BigRational>),
}

/// Floats hold whole numbers up to here exactly.
const EXACT_FLOAT: i64 = 1 << 53;

impl Rational {
    /// `numerator / denominator` in lowest terms; the denominator is not 0.
    pub fn new(numerator: i64, denominator: i64) -> Rational {
        reduced(numerator.into(), denominator.into())
    }

    /// 0.
    pub fn zero() -> Rational {
        Rational(Repr::Small(0, 1))
    }

    /// 1.
    pub fn one() -> Rational {
        Rational(Repr::Small(1, 1))
    }

    fn of(big: BigRational) -> Rational {
        match (big.numer().to_i64(), big.denom().to_i64()) {
            (Some(n), Some(d)) => Rational(Repr::Small(n, d)),
            _ => Rational(Repr::Big(Box::new(big))),
        }
    }

    fn big(&self) -> BigRational {
        match &self.0 {
            Repr::Small(n, d) => BigRational::new_raw((*n).into(), (*d).into()),
            Repr::Big(big) => (**big).clone(),
        }
    }

    /// Reads `12`, `0.5`, `1e-3`. `None` for anything else, or when the exponent is beyond what a float can hold.
    pub fn parse(text: &str) -> Option<Rational> {
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((m, e)) => (m, e.parse::<i64>().ok()?),
            None => (text, 0),
        };
        if exponent.abs() > 400 || mantissa.len() > 1000 {
            return None;
        }
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let digits: BigInt = format!("{whole}{fraction}").parse().ok()?;
        let shift = exponent - fraction.len() as i64;
        let power = BigInt::from(10).pow(shift.unsigned_abs() as u32);
        Some(Rational::of(if shift < 0 {
            BigRational::new(digits, power)
        } else {
            BigRational::from_integer(digits * power)
        }))
    }

    /// Whether it is 0.
    pub fn is_zero(&self) -> bool {
        self.0 == Repr::Small(0, 1)
    }

    /// Whether it is 1.
    pub fn is_one(&self) -> bool {
        self.0 == Repr::Small(1, 1)
    }

    /// Whether it is below 0.
    pub fn is_negative(&self) -> bool {
        match &self.0 {
            Repr::Small(n, _) => *n < 0,
            Repr::Big(big) => big.is_negative(),
        }
    }

    /// Whether it is whole.
    pub fn is_integer(&self) -> bool {
        match &self.0 {
            Repr::Small(_, d) => *d == 1,
            Repr::Big(big) => big.is_integer(),
        }
    }

    /// Its value as an integer, when it is one that fits.
    pub fn to_i64(&self) -> Option<i64> {
        match self.0 {
            Repr::Small(n, 1) => Some(n),
            Repr::Small(..) | Repr::Big(_) => None,
        }
    }

    /// The nearest float.
    pub fn to_f64(&self) -> f64 {
        match self.0 {
            Repr::Small(n, d) if n.abs() <= EXACT_FLOAT && d <= EXACT_FLOAT => n as f64 / d as f64,
            Repr::Small(..) | Repr::Big(_) => self.big().to_f64().unwrap_or(f64::NAN),
        }
    }

    /// Its absolute value.
    pub fn abs(&self) -> Rational {
        if self.is_negative() { -self } else { self.clone() }
    }

    /// The greatest whole number that is not above it.
    pub fn floor(&self) -> Rational {
        match &self.0 {
            Repr::Small(n, d) => Rational::from(n.div_euclid(*d)),
            Repr::Big(big) => Rational::of(big.floor()),
        }
    }

    /// `None` for zero.
    pub fn recip(&self) -> Option<Rational> {
        match &self.0 {
            Repr::Small(0, _) => None,
            Repr::Small(n, d) => Some(reduced((*d).into(), (*n).into())),
            Repr::Big(big) => Some(Rational::of(big.recip())),
        }
    }

    /// Numerator and denominator as text, the sign with the numerator.
    pub fn parts(&self) -> (String, String) {
        let big = self.big();
        (big.numer().to_string(), big.denom().to_string())
    }

    /// How many binary digits numerator and denominator have together.
    pub fn bits(&self) -> u64 {
        let big = self.big();
        big.numer().bits() + big.denom().bits()
    }

    /// What numerator and denominator leave when divided by a modulus.
    pub fn residues(&self, modulus: u64) -> [u64; 2] {
        let big = self.big();
        let modulus = BigInt::from(modulus);
        let left = |n: &BigInt| ((n % &modulus + &modulus) % &modulus).to_u64().unwrap_or(0);
        [left(big.numer()), left(big.denom())]
    }

    /// The exact decimal, when there is one with at most 12 digits after the point.
    pub fn decimal(&self) -> Option<String> {
        let mut scaled = self.big();
        for digits in 0..=12usize {
            if scaled.is_integer() {
                let text = scaled.to_integer().abs().to_string();
                let text = format!("{text:0>width$}", width = digits + 1);
                let (whole, fraction) = text.split_at(text.len() - digits);
                let sign = if self.is_negative() { "-" } else { "" };
                return Some(if digits == 0 { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") });
            }
            scaled *= BigRational::from_integer(10.into());
        }
        None
    }

    /// The whole power, `None` for 0 to a negative power or a power too large to be worth writing out.
    pub fn pow(&self, exponent: i64) -> Option<Rational> {
        if exponent.abs() > 64 || (self.is_zero() && exponent < 0) {
            return None;
        }
        Some(Rational::of(self.big().pow(exponent as i32)))
    }
}

/// n / d in lowest terms. d is not 0; a product of two 64-bit numbers is far from the ends of 128 bits.
fn reduced(n: i128, d: i128) -> Rational {
    let divisor = gcd(n.unsigned_abs(), d.unsigned_abs()) as i128 * d.signum();
    match (i64::try_from(n / divisor), i64::try_from(d / divisor)) {
        (Ok(n), Ok(d)) => Rational(Repr::Small(n, d)),
        _ => Rational::of(BigRational::new(n.into(), d.into())),
    }
}

fn gcd(mut a: u128, mut b: u128) -> u128 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

impl From<i64> for Rational {
    fn from(n: i64) -> Rational {
        Rational(Repr::Small(n, 1))
    }
}

impl Add for &Rational {
    type Output = Rational;
    fn add(self, other: &Rational) -> Rational {
        match (&self.0, &other.0) {
            (Repr::Small(a, 1), Repr::Small(b, 1)) => reduced(i128::from(*a) + i128::from(*b), 1),
            (Repr::Small(a, b), Repr::Small(c, d)) => {
                let [a, b, c, d] = [a, b, c, d].map(|x| i128::from(*x));
                match (a * d).checked_add(c * b) {
                    Some(n) => reduced(n, b * d),
                    None => Rational::of(self.big() + other.big()),
                }
            }
            (Repr::Small(..) | Repr::Big(_), _) => Rational::of(self.big() + other.big()),
        }
    }
}

impl Mul for &Rational {
    type Output = Rational;
    fn mul(self, other: &Rational) -> Rational {
        match (&self.0, &other.0) {
            (Repr::Small(1, 1), _) => other.clone(),
            (_, Repr::Small(1, 1)) => self.clone(),
            (Repr::Small(a, b), Repr::Small(c, d)) => {
                let [a, b, c, d] = [a, b, c, d].map(|x| i128::from(*x));
                reduced(a * c, b * d)
            }
            (Repr::Small(..) | Repr::Big(_), _) => Rational::of(self.big() * other.big()),
        }
    }
}

impl Neg for &Rational {
    type Output = Rational;
    fn neg(self) -> Rational {
        match &self.0 {
            Repr::Small(n, d) => reduced(-i128::from(*n), (*d).into()),
            Repr::Big(big) => Rational::of(-&**big),
        }
    }
}

impl PartialOrd for Rational {
    fn partial_cmp(&self, other: &Rational) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Rational {
    fn cmp(&self, other: &Rational) -> Ordering {
        match (&self.0, &other.0) {
            (Repr::Small(a, b), Repr::Small(c, d)) => {
                (i128::from(*a) * i128::from(*d)).cmp(&(i128::from(*c) * i128::from(*b)))
            }
            (Repr::Small(..) | Repr::Big(_), _) => self.big().cmp(&other.big()),
        }
    }
}

impl fmt::Display for Rational {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Repr::Small(n, 1) => write!(f, "{n}"),
            Repr::Small(n, d) => write!(f, "{n}/{d}"),
            Repr::Big(big) => write!(f, "{big}"),
        }
    }
}

impl fmt::Debug for Rational {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers on either side of what fits into two words.
    fn samples() -> Vec<Rational> {
        let mut samples: Vec<Rational> = vec![];
        for n in [0, 1, -1, 2, -3, 6, i64::MAX, i64::MIN, 1 << 40] {
            for d in [1, -1, 2, 9, i64::MAX, i64::MIN, 1 << 40] {
                samples.push(Rational::new(n, d));
            }
        }
        samples.extend(["1e30", "1e-30", "123456789012345678901234567890.5"].iter().filter_map(|t| Rational::parse(t)));
        samples
    }

    #[test]
    fn arithmetic_is_exact_in_either_form() {
        for a in samples() {
            assert_eq!(Rational::of(a.big()), a, "one form for one number");
            assert_eq!((-&a).big(), -a.big());
            assert_eq!(a.recip().map(|r| r.big()), (!a.is_zero()).then(|| a.big().recip()));
            assert_eq!(a.to_string(), a.big().to_string());
            assert_eq!(a.is_integer(), a.big().is_integer());
            for b in samples() {
                assert_eq!((&a + &b).big(), a.big() + b.big(), "{a} + {b}");
                assert_eq!((&a * &b).big(), a.big() * b.big(), "{a} * {b}");
                assert_eq!(Rational::of((&a * &b).big()), &a * &b, "{a} * {b} in its one form");
                assert_eq!(a.cmp(&b), a.big().cmp(&b.big()), "{a} against {b}");
            }
        }
    }
}
