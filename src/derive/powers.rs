//! Elementwise products of powers, and what is left of one where another is a factor of it.

use crate::engine::{coefficient, like_terms};
use crate::expr::{
    Elementwise, Expr, Function, Op, Rational, add, as_number, elementwise, had, integer, neg, number, pow,
};

/// A number, powers of terms, and the power of e.
struct PowerProduct {
    coefficient: Rational,
    factors: Vec<(Expr, Expr)>,
    /// The terms of what is in the exponents of numbers.
    exponents: Vec<Expr>,
}

/// `name`, which stands for `value`, and the rest, in the place of every product that has the value, or one over it, among its
/// factors: 1/‖x‖ is 1/d where d is ‖x‖, and a α K^(α−1) is α Y/K where Y is a K^α.
pub(super) fn divided(e: &Expr, value: &Expr, name: &Expr) -> Expr {
    let by = PowerProduct::of(value);
    e.rewrite(&mut |e| [1, -1].iter().find_map(|k| by.taken_out(&e, *k, name)).unwrap_or(e))
}

impl PowerProduct {
    fn of(e: &Expr) -> PowerProduct {
        let mut all = PowerProduct { coefficient: Rational::one(), factors: vec![], exponents: vec![] };
        all.gather(e, 1);
        all
    }

    /// The k-th power of a term: a whole power of a product is the product of the powers.
    fn gather(&mut self, e: &Expr, k: i64) {
        let power = |p: &Expr| had(vec![integer(k), p.clone()]);
        match (as_number(e), e.op(), e.args()) {
            (Some(n), ..) if k == 1 => self.coefficient = &self.coefficient * n,
            (None, Op::Had, args) => args.iter().for_each(|a| self.gather(a, k)),
            (None, Op::Pow, [base, p]) => match as_number(p).and_then(Rational::to_i64) {
                Some(p) if p.unsigned_abs() <= MAX_POWER && is_product(base) => self.gather(base, k * p),
                _ if p.is_scalar() => self.factors.push((base.clone(), power(p))),
                _ => self.factors.push((e.clone(), integer(k))),
            },
            (None, Op::Map(_), [exponent]) if is_power_of_e(e) => self.exponents.extend(terms(&power(exponent))),
            (_, _, _) => self.factors.push((e.clone(), integer(k))),
        }
    }

    /// A product with the k-th power of the name in the place of that of this one.
    fn taken_out(&self, e: &Expr, k: i64, name: &Expr) -> Option<Expr> {
        if !is_product(e) || self.factors.is_empty() && self.exponents.is_empty() {
            return None;
        }
        let mut rest = PowerProduct::of(e);
        for (base, p) in &self.factors {
            let (_, q) = rest.factors.iter_mut().find(|(b, _)| b == base)?;
            *q = left_of(q, &had(vec![integer(k), p.clone()]))?;
        }
        for term in self.exponents.iter().flat_map(|t| terms(&had(vec![integer(k), t.clone()]))) {
            let at = rest.exponents.iter().position(|t| *t == term)?;
            rest.exponents.remove(at);
        }
        let front = if k > 0 { self.coefficient.recip()? } else { self.coefficient.clone() };
        let left = (!rest.exponents.is_empty()).then(|| elementwise(Elementwise::Exp, add(rest.exponents)));
        let others = rest.factors.into_iter().map(|(b, q)| pow(b, q)).chain(left);
        let head = [number(&rest.coefficient * &front), pow(name.clone(), number(Rational::from(k)))];
        Some(had(head.into_iter().chain(others).collect()))
    }
}

/// Higher powers of a product stay powers.
const MAX_POWER: u64 = 4;

/// Whether it has factors to take out.
pub(super) fn is_product(e: &Expr) -> bool {
    matches!(e.op(), Op::Had | Op::Pow) || is_power_of_e(e)
}

/// exp(t) of a number t.
fn is_power_of_e(e: &Expr) -> bool {
    matches!(e.op(), Op::Map(m) if e.is_scalar() && m.order == 0 && m.function == Function::Builtin(Elementwise::Exp))
}

/// The terms of a sum, each with its sign in the sum that is a factor of it: -a (r - b) is a (b - r).
fn terms(sum: &Expr) -> Vec<Expr> {
    let own = if *sum.op() == Op::Add { sum.args().to_vec() } else { vec![sum.clone()] };
    own.iter().map(turned).collect()
}

fn turned(term: &Expr) -> Expr {
    let (product, front) = coefficient(term);
    let factors = if *product.op() == Op::Had { product.args().to_vec() } else { vec![product] };
    match factors.iter().position(|f| *f.op() == Op::Add).filter(|_| front.is_negative()) {
        Some(at) => {
            let sum = add(factors[at].args().iter().cloned().map(neg).collect());
            let others = factors.iter().enumerate().filter(|(i, _)| *i != at).map(|(_, f)| f.clone());
            had(others.chain([number(front.abs()), sum]).collect())
        }
        None => term.clone(),
    }
}

/// What is left of the exponent q when p is taken from it: of a number as much of it must be there, on the same side of the
/// line; what else there is in p must go.
fn left_of(q: &Expr, p: &Expr) -> Option<Expr> {
    let left = difference(q, p)?;
    if let (Some(q), Some(p)) = (as_number(q), as_number(p)) {
        let below = p.is_negative();
        let is_there = q.is_negative() == below && (left.is_zero() || left.is_negative() == below);
        is_there.then_some(())?;
    }
    Some(number(left))
}

/// q − p, where that is a number.
fn difference(q: &Expr, p: &Expr) -> Option<Rational> {
    let terms = [(q, 1), (p, -1)].into_iter().flat_map(|(e, sign)| {
        let (sum, front) = coefficient(e);
        let front = &front * &Rational::from(sign);
        let own = if *sum.op() == Op::Add { sum.args().to_vec() } else { vec![sum] };
        own.into_iter().map(move |t| coefficient(&t)).map(move |(term, n)| (term, &n * &front))
    });
    let sum = add(like_terms(terms).into_iter().map(|(term, n)| had(vec![number(n), term])).collect());
    as_number(&sum).cloned()
}
