//! Laurent polynomials: polynomials in numbered indeterminates, whose exponents may be negative.

use crate::expr::Rational;
use std::collections::BTreeMap;

/// Products of more terms are not multiplied out.
const MAX_TERMS: usize = 48;

/// A product of powers with a number in front; `exponents[i]` is that of indeterminate i, the last one is not 0.
#[derive(Clone, Debug, PartialEq)]
pub struct Monomial {
    /// The number.
    pub coefficient: Rational,
    exponents: Vec<i64>,
}

impl Monomial {
    pub fn power_of(at: usize, k: i64) -> Monomial {
        let mut exponents = vec![0; at];
        exponents.push(k);
        Monomial { coefficient: Rational::one(), exponents: trimmed(exponents) }
    }

    /// Indeterminates with their exponents.
    pub fn powers(&self) -> impl Iterator<Item = (usize, i64)> {
        self.exponents.iter().copied().enumerate().filter(|(_, k)| *k != 0)
    }

    /// The exponent of an indeterminate.
    pub fn power(&self, at: usize) -> i64 {
        self.exponents.get(at).copied().unwrap_or(0)
    }

    /// `None` of zero.
    pub fn inverse(&self) -> Option<Monomial> {
        let exponents = self.exponents.iter().map(|k| -k).collect();
        Some(Monomial { coefficient: self.coefficient.recip()?, exponents })
    }

    /// The exponent of an indeterminate, and the monomial without it.
    pub fn without(&self, at: usize) -> (i64, Monomial) {
        let mut exponents = self.exponents.clone();
        let k = exponents.get_mut(at).map_or(0, std::mem::take);
        (k, Monomial { coefficient: self.coefficient.clone(), exponents: trimmed(exponents) })
    }
}

fn trimmed(mut exponents: Vec<i64>) -> Vec<i64> {
    while exponents.last() == Some(&0) {
        exponents.pop();
    }
    exponents
}

fn joined(a: &[i64], b: &[i64], f: impl Fn(i64, i64) -> i64) -> Vec<i64> {
    let at = |v: &[i64], i: usize| v.get(i).copied().unwrap_or(0);
    trimmed((0..a.len().max(b.len())).map(|i| f(at(a, i), at(b, i))).collect())
}

/// A sum of monomials, by their exponents; no coefficient is zero.
#[derive(Clone, Debug, PartialEq)]
pub struct LaurentPolynomial {
    terms: BTreeMap<Vec<i64>, Rational>,
}

impl LaurentPolynomial {
    pub fn constant(n: Rational) -> LaurentPolynomial {
        LaurentPolynomial::of(vec![(vec![], n)])
    }

    /// The k-th power of a monomial.
    pub fn of_monomial(m: &Monomial, k: i64) -> LaurentPolynomial {
        let coefficient = m.coefficient.pow(k).unwrap_or_else(Rational::zero);
        LaurentPolynomial::of(vec![(m.exponents.iter().map(|e| e * k).collect(), coefficient)])
    }

    fn of(terms: Vec<(Vec<i64>, Rational)>) -> LaurentPolynomial {
        let mut sum = LaurentPolynomial { terms: BTreeMap::new() };
        terms.into_iter().for_each(|(exponents, k)| sum.add(trimmed(exponents), &k));
        sum
    }

    fn add(&mut self, exponents: Vec<i64>, k: &Rational) {
        let own = self.terms.entry(exponents.clone()).or_insert_with(Rational::zero);
        *own = &*own + k;
        if own.is_zero() {
            self.terms.remove(&exponents);
        }
    }

    pub fn terms(&self) -> impl Iterator<Item = Monomial> {
        self.terms.iter().map(|(e, k)| Monomial { coefficient: k.clone(), exponents: e.clone() })
    }

    pub fn plus(&self, other: &LaurentPolynomial) -> LaurentPolynomial {
        let mut sum = self.clone();
        other.terms.iter().for_each(|(e, k)| sum.add(e.clone(), k));
        sum
    }

    pub fn negative(&self) -> LaurentPolynomial {
        self.scaled(&Monomial { coefficient: Rational::from(-1), exponents: vec![] })
    }

    pub fn scaled(&self, by: &Monomial) -> LaurentPolynomial {
        let term = |(e, k): (&Vec<i64>, &Rational)| (joined(e, &by.exponents, |a, b| a + b), k * &by.coefficient);
        LaurentPolynomial::of(self.terms.iter().map(term).collect())
    }

    /// `None` when it would be long.
    pub fn times(&self, other: &LaurentPolynomial) -> Option<LaurentPolynomial> {
        (self.terms.len() * other.terms.len() <= MAX_TERMS).then_some(())?;
        let sums = other.terms().map(|m| self.scaled(&m));
        Some(sums.fold(LaurentPolynomial { terms: BTreeMap::new() }, |sum, p| sum.plus(&p)))
    }

    /// `None` when it would be long, or k is negative.
    pub fn power(&self, k: i64) -> Option<LaurentPolynomial> {
        (0..k).try_fold(LaurentPolynomial::constant(Rational::one()), |p, _| p.times(self)).filter(|_| k >= 0)
    }

    pub fn is_one(&self) -> bool {
        *self == LaurentPolynomial::constant(Rational::one())
    }

    pub fn is_negative_of(&self, other: &LaurentPolynomial) -> bool {
        *self == other.negative()
    }

    pub fn is_free_of(&self, at: usize) -> bool {
        self.terms.keys().all(|e| e.get(at).is_none_or(|k| *k == 0))
    }

    /// The terms with a positive power of an indeterminate, and those without.
    pub fn parted(&self, at: usize) -> (LaurentPolynomial, LaurentPolynomial) {
        let holds = |exponents: &[i64]| exponents.get(at).is_some_and(|k| *k > 0);
        let (with, without) = self.terms.clone().into_iter().partition(|(exponents, _)| holds(exponents));
        (LaurentPolynomial { terms: with }, LaurentPolynomial { terms: without })
    }

    /// What all terms have in common, and the rest: whole coefficients without a common divisor, the last one positive,
    /// and exponents that are not negative. `None` of zero.
    pub fn primitive(&self) -> Option<(Monomial, LaurentPolynomial)> {
        let (_, last) = self.terms.last_key_value()?;
        let exponents = self.terms.keys().cloned().reduce(|a, b| joined(&a, &b, i64::min))?;
        let content = self.terms.values().cloned().reduce(|a, b| common(&a, &b))?;
        let coefficient = if last.is_negative() { -&content.abs() } else { content.abs() };
        let content = Monomial { coefficient, exponents };
        let rest = self.scaled(&content.inverse()?);
        Some((content, rest))
    }

    /// The quotient, where nothing is left over. Of primitive polynomials.
    pub fn divided_by(&self, by: &LaurentPolynomial) -> Option<LaurentPolynomial> {
        let (lead, k) = by.terms.last_key_value()?;
        let (mut rest, mut quotient) = (self.clone(), LaurentPolynomial { terms: BTreeMap::new() });
        for _ in 0..MAX_TERMS {
            let Some((e, c)) = rest.terms.last_key_value() else { return Some(quotient) };
            let exponents = joined(e, lead, |a, b| a - b);
            exponents.iter().all(|k| *k >= 0).then_some(())?;
            let term = Monomial { coefficient: c * &k.recip()?, exponents };
            quotient.add(term.exponents.clone(), &term.coefficient);
            rest = rest.plus(&by.scaled(&term).negative());
        }
        None
    }

    /// The least exponent of an indeterminate.
    pub fn least_power(&self, at: usize) -> i64 {
        self.terms.keys().map(|e| e.get(at).copied().unwrap_or(0)).min().unwrap_or(0)
    }

    /// Squares of an indeterminate, beyond its power `least`, as what they stand for.
    pub fn with_squares(&self, at: usize, least: i64, square: &LaurentPolynomial) -> Option<LaurentPolynomial> {
        self.terms().try_fold(LaurentPolynomial { terms: BTreeMap::new() }, |sum, m| {
            let (k, others) = m.without(at);
            let squares = (k - least) / 2;
            let left = LaurentPolynomial::of_monomial(&Monomial::power_of(at, 1), k - 2 * squares);
            Some(sum.plus(&left.scaled(&others).times(&square.power(squares)?)?))
        })
    }
}

/// The greatest number of which both are whole multiples.
fn common(a: &Rational, b: &Rational) -> Rational {
    let (mut a, mut b) = (a.abs(), b.abs());
    while !b.is_zero() {
        let Some(quotient) = b.recip().map(|inverse| &a * &inverse) else { break };
        let rest = &a + &-&(&quotient.floor() * &b);
        (a, b) = (b, rest);
    }
    a
}
