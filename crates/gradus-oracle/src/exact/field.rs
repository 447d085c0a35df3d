//! The numbers of exact arithmetic: residues modulo a large prime, and fractions.

use crate::expr::Rational;
use std::hash::{DefaultHasher, Hash, Hasher};

/// A prime p = 2q + 1 with q prime, just below 2⁶²: p ≡ 3 mod 4, so of x and −x one is a square, and every fraction whose
/// denominator is below q is an exponent.
pub const PRIME: u64 = 4_611_686_018_427_377_339;
/// The order of the squares.
const SQUARES: u64 = (PRIME - 1) / 2;
/// Fractions with more binary digits are not written out.
const MAX_BITS: u64 = 20_000;
/// Whole exponents beyond this are not of this arithmetic: xᵖ is x modulo p.
pub const MAX_EXPONENT: u64 = 1 << 40;

/// Why there is no number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gap {
    /// A division by zero, an index out of range.
    Undefined,
    /// Nothing this arithmetic can say.
    Beyond,
}

/// A number of exact arithmetic.
pub trait Field: Clone + PartialEq {
    fn of(number: &Rational) -> Result<Self, Gap>;
    fn plus(&self, other: &Self) -> Self;
    fn times(&self, other: &Self) -> Self;
    fn negated(&self) -> Self;
    fn inverse(&self) -> Result<Self, Gap>;
    /// Whether it is too long to go on with.
    fn is_long(&self) -> bool;
    /// A function of which only the name is known: the same value for the same argument, whatever it is.
    fn named(&self, name: &dyn Fn(&mut DefaultHasher), functions: u64) -> Result<Self, Gap>;
    /// Of x and −x, whether it is the one that looks negative.
    fn looks_negative(&self) -> bool;
    /// Its sign as 1, 0 or −1, as far as that is an exact number.
    fn sign(&self, functions: u64) -> Result<Self, Gap>;
    /// A power with a fraction for its exponent, and whether every law of powers holds of it.
    fn root(&self, exponent: &Rational, functions: u64) -> Result<(Self, bool), Gap>;

    fn is_zero(&self) -> bool {
        *self == Self::whole(0)
    }

    fn whole(n: i64) -> Self {
        Self::of(&Rational::from(n)).unwrap_or_else(|_| unreachable!("whole numbers are exact"))
    }

    /// A whole power by squaring.
    fn power(&self, exponent: i64) -> Result<Self, Gap> {
        let mut rest = exponent.unsigned_abs();
        if rest > MAX_EXPONENT {
            return Err(Gap::Beyond);
        }
        let mut square = if exponent < 0 { self.inverse()? } else { self.clone() };
        let mut product = Self::whole(1);
        while rest > 0 {
            if rest & 1 == 1 {
                product = product.times(&square);
            }
            rest >>= 1;
            if rest > 0 {
                square = square.times(&square);
            }
            if square.is_long() || product.is_long() {
                return Err(Gap::Beyond);
            }
        }
        Ok(product)
    }
}

/// A residue modulo `PRIME`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Residue(pub u64);

impl Residue {
    fn raised(self, mut exponent: u64) -> Residue {
        let (mut product, mut square) = (Residue(1), self);
        while exponent > 0 {
            if exponent & 1 == 1 {
                product = product.times(&square);
            }
            square = square.times(&square);
            exponent >>= 1;
        }
        product
    }

    /// Whether it is the square of something.
    pub fn is_square(self) -> bool {
        self.raised(SQUARES).0 <= 1
    }
}

impl Field for Residue {
    fn of(number: &Rational) -> Result<Residue, Gap> {
        let [numerator, denominator] = number.residues(PRIME);
        Ok(Residue(numerator).times(&Residue(denominator).inverse()?))
    }

    fn plus(&self, other: &Residue) -> Residue {
        // both are below 2⁶²
        let sum = self.0 + other.0;
        Residue(if sum >= PRIME { sum - PRIME } else { sum })
    }

    fn times(&self, other: &Residue) -> Residue {
        Residue((u128::from(self.0) * u128::from(other.0) % u128::from(PRIME)) as u64)
    }

    fn negated(&self) -> Residue {
        Residue(if self.0 == 0 { 0 } else { PRIME - self.0 })
    }

    fn inverse(&self) -> Result<Residue, Gap> {
        if self.0 == 0 { Err(Gap::Undefined) } else { Ok(self.raised(PRIME - 2)) }
    }

    fn is_long(&self) -> bool {
        false
    }

    fn looks_negative(&self) -> bool {
        self.0 > PRIME / 2
    }

    fn named(&self, name: &dyn Fn(&mut DefaultHasher), functions: u64) -> Result<Residue, Gap> {
        let mut hasher = DefaultHasher::new();
        functions.hash(&mut hasher);
        name(&mut hasher);
        self.hash(&mut hasher);
        Ok(Residue(hasher.finish() % PRIME))
    }

    /// Any number, which changes its sign with x: no law of signs but this is used.
    fn sign(&self, functions: u64) -> Result<Residue, Gap> {
        if self.looks_negative() {
            return Ok(self.negated().sign(functions)?.negated());
        }
        if self.0 == 0 { Ok(Residue(0)) } else { self.named(&|h| "sign".hash(h), functions) }
    }

    /// Of squares, the power whose exponent is the fraction modulo their number: every law of powers holds. Of the others,
    /// the power of a root that is any number.
    fn root(&self, exponent: &Rational, functions: u64) -> Result<(Residue, bool), Gap> {
        let [numerator, denominator] = exponent.residues(SQUARES);
        if self.is_square() {
            let inverse = inverse_modulo(denominator, SQUARES).ok_or(Gap::Beyond)?;
            let exponent = (u128::from(numerator) * u128::from(inverse) % u128::from(SQUARES)) as u64;
            return if self.0 == 0 { Err(Gap::Beyond) } else { Ok((self.raised(exponent), true)) };
        }
        let root = self.named(&|h| ("root", denominator).hash(h), functions)?;
        Ok((root.raised(numerator), false))
    }
}

/// By Fermat: the modulus is prime.
fn inverse_modulo(n: u64, prime: u64) -> Option<u64> {
    let times = |a: u64, b: u64| (u128::from(a) * u128::from(b) % u128::from(prime)) as u64;
    let (mut product, mut square, mut exponent) = (1, n % prime, prime - 2);
    while exponent > 0 {
        if exponent & 1 == 1 {
            product = times(product, square);
        }
        square = times(square, square);
        exponent >>= 1;
    }
    (!n.is_multiple_of(prime)).then_some(product)
}

impl Field for Rational {
    fn of(number: &Rational) -> Result<Rational, Gap> {
        if number.is_long() { Err(Gap::Beyond) } else { Ok(number.clone()) }
    }

    fn plus(&self, other: &Rational) -> Rational {
        self + other
    }

    fn times(&self, other: &Rational) -> Rational {
        self * other
    }

    fn negated(&self) -> Rational {
        -self
    }

    fn inverse(&self) -> Result<Rational, Gap> {
        self.recip().ok_or(Gap::Undefined)
    }

    fn is_long(&self) -> bool {
        self.bits() > MAX_BITS
    }

    fn looks_negative(&self) -> bool {
        self.is_negative()
    }

    fn named(&self, _: &dyn Fn(&mut DefaultHasher), _: u64) -> Result<Rational, Gap> {
        Err(Gap::Beyond)
    }

    fn sign(&self, _: u64) -> Result<Rational, Gap> {
        let sign = if Field::is_zero(self) {
            0
        } else if self.is_negative() {
            -1
        } else {
            1
        };
        Ok(Rational::from(sign))
    }

    fn root(&self, _: &Rational, _: u64) -> Result<(Rational, bool), Gap> {
        Err(Gap::Beyond)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fraction(n: i64, d: i64) -> Residue {
        Residue::of(&Rational::new(n, d)).expect("a residue")
    }

    #[test]
    fn residues_are_a_field() {
        assert_eq!(fraction(1, 3).plus(&fraction(1, 6)), fraction(1, 2));
        assert_eq!(fraction(-2, 3).times(&fraction(-3, 2)), fraction(1, 1));
        assert_eq!(fraction(5, 7).inverse(), Ok(fraction(7, 5)));
        assert_eq!(fraction(0, 1).inverse(), Err(Gap::Undefined));
        assert_eq!(fraction(2, 3).power(-3), Ok(fraction(27, 8)));
    }

    #[test]
    fn roots_obey_the_laws_of_powers() {
        for n in [4, 9, 25, 144] {
            let x = fraction(n, 49);
            let (root, lawful) = x.root(&Rational::new(1, 2), 0).expect("a root");
            assert!(lawful && root.times(&root) == x);
            let (third, _) = x.root(&Rational::new(-2, 3), 0).expect("a root");
            assert_eq!(third.power(3), x.power(-2));
        }
        let (two, three) = (fraction(4, 1), fraction(9, 1));
        let root = |x: Residue| x.root(&Rational::new(1, 2), 0).expect("a root").0;
        assert_eq!(root(two).times(&root(three)), root(two.times(&three)));
    }

    #[test]
    fn of_a_number_and_its_negative_one_is_a_square() {
        for n in 1..50 {
            assert_ne!(fraction(n, 1).is_square(), fraction(-n, 1).is_square(), "{n}");
        }
    }
}
