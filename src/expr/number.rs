//! Exact constants.

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{One, Signed, ToPrimitive, Zero};
use std::fmt;
use std::ops::{Add, Mul, Neg};

/// A rational number, exact: `1/2` stays 1/2 and `0.1` is 1/10.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Rational(BigRational);

impl Rational {
    /// `numerator / denominator` in lowest terms; the denominator is not 0.
    pub fn new(numerator: i64, denominator: i64) -> Rational {
        Rational(BigRational::new(numerator.into(), denominator.into()))
    }

    /// 0.
    pub fn zero() -> Rational {
        Rational(BigRational::zero())
    }

    /// 1.
    pub fn one() -> Rational {
        Rational(BigRational::one())
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
        Some(Rational(if shift < 0 {
            BigRational::new(digits, power)
        } else {
            BigRational::from_integer(digits * power)
        }))
    }

    /// Whether it is 0.
    pub fn is_zero(&self) -> bool {
        self.0.is_zero()
    }

    /// Whether it is 1.
    pub fn is_one(&self) -> bool {
        self.0.is_one()
    }

    /// Whether it is below 0.
    pub fn is_negative(&self) -> bool {
        self.0.is_negative()
    }

    /// Whether it is whole.
    pub fn is_integer(&self) -> bool {
        self.0.is_integer()
    }

    /// Its value as an integer, when it is one that fits.
    pub fn to_i64(&self) -> Option<i64> {
        if self.is_integer() { self.0.to_integer().to_i64() } else { None }
    }

    /// The nearest float.
    pub fn to_f64(&self) -> f64 {
        self.0.to_f64().unwrap_or(f64::NAN)
    }

    /// Its absolute value.
    pub fn abs(&self) -> Rational {
        Rational(self.0.abs())
    }

    /// `None` for zero.
    pub fn recip(&self) -> Option<Rational> {
        (!self.is_zero()).then(|| Rational(self.0.recip()))
    }

    /// Numerator and denominator as text, the sign with the numerator.
    pub fn parts(&self) -> (String, String) {
        (self.0.numer().to_string(), self.0.denom().to_string())
    }

    /// The exact decimal, when there is one with at most 12 digits after the point.
    pub fn decimal(&self) -> Option<String> {
        let mut scaled = self.0.clone();
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
        Some(Rational(self.0.pow(exponent as i32)))
    }
}

impl From<i64> for Rational {
    fn from(n: i64) -> Rational {
        Rational(BigRational::from_integer(n.into()))
    }
}

impl Add for &Rational {
    type Output = Rational;
    fn add(self, other: &Rational) -> Rational {
        Rational(&self.0 + &other.0)
    }
}

impl Mul for &Rational {
    type Output = Rational;
    fn mul(self, other: &Rational) -> Rational {
        Rational(&self.0 * &other.0)
    }
}

impl Neg for &Rational {
    type Output = Rational;
    fn neg(self) -> Rational {
        Rational(-&self.0)
    }
}

impl fmt::Display for Rational {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl fmt::Debug for Rational {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}
