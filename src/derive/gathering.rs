//! Why equal factors become one power, told of the factors on the page.

use super::sentence::{Sentence, Word};
use crate::engine::ProofStep;
use crate::expr::{Expr, Op, Rational, add, as_number, integer, is_one, is_zero, neg, pow};

/// A longer factor would not fit into a sentence.
const MAX_NODES: u64 = 12;

/// A base that stands more than once among the factors of a product, with its exponents.
#[derive(PartialEq)]
struct Repeated {
    base: Expr,
    exponents: Vec<Expr>,
}

/// Which factors a step gathers, and in which power; `None` where that is not seen.
pub fn told_of_factors(step: &ProofStep) -> Option<Sentence> {
    let mut gathered = repeated(&step.before);
    for left in repeated(&step.after) {
        if let Some(at) = gathered.iter().position(|r| *r == left) {
            gathered.remove(at);
        }
    }
    gathered.dedup();
    gathered.retain(|r| r.base.nodes() <= MAX_NODES);
    let mut clauses = gathered.iter().map(Repeated::said);
    let first = clauses.next()?;
    Some(clauses.fold(first, |all, clause| all.and(&clause)))
}

impl Repeated {
    fn said(&self) -> Sentence {
        let base = || Word::Term(self.base.clone());
        let sum = add(self.exponents.clone());
        let power = || Word::Term(pow(self.base.clone(), sum.clone()));
        let over = || Word::Term(pow(self.base.clone(), neg(sum.clone())));
        let is_below = |p: &Expr| as_number(p).is_some_and(Rational::is_negative);
        let words: Vec<Word> = match &self.exponents {
            _ if is_zero(&sum) => vec![base(), " above and below the line cancels".into()],
            all if all.iter().all(is_below) => {
                vec!["the factors ".into(), base(), " gather in ".into(), over(), " below the line".into()]
            }
            all if all.iter().all(is_one) => vec!["the factors ".into(), base(), " gather in ".into(), power()],
            _ => vec!["the powers of ".into(), base(), " gather in ".into(), power()],
        };
        Sentence::new(words)
    }
}

fn repeated(e: &Expr) -> Vec<Repeated> {
    let mut found: Vec<Repeated> = e.args().iter().flat_map(repeated).collect();
    if *e.op() == Op::Had {
        let mut bases: Vec<Repeated> = vec![];
        for factor in e.args() {
            let (base, exponent) = match (factor.op(), factor.args()) {
                (Op::Pow, [base, exponent]) => (base.clone(), exponent.clone()),
                _ => (factor.clone(), integer(1)),
            };
            match bases.iter_mut().find(|r| r.base == base) {
                Some(r) => r.exponents.push(exponent),
                None => bases.push(Repeated { base, exponents: vec![exponent] }),
            }
        }
        found.extend(bases.into_iter().filter(|r| r.exponents.len() > 1));
    }
    found
}
