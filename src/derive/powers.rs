//! Elementwise products of powers, and what is left of one where another is a factor of it.

use crate::expr::{Expr, Op, Rational, as_number, had, number, pow};

/// A number and powers of terms.
struct PowerProduct {
    coefficient: Rational,
    factors: Vec<(Expr, Rational)>,
}

/// `name`, which stands for `value`, and the rest, in the place of every product that has the value, or one over it, among its
/// factors: 1/‖x‖ is 1/d where d is ‖x‖.
pub(super) fn divided(e: &Expr, value: &Expr, name: &Expr) -> Expr {
    let by = PowerProduct::of(value);
    e.rewrite(&mut |e| [1, -1].iter().find_map(|k| by.taken_out(&e, *k, name)).unwrap_or(e))
}

impl PowerProduct {
    fn of(e: &Expr) -> PowerProduct {
        let mut all = PowerProduct { coefficient: Rational::one(), factors: vec![] };
        let args = if *e.op() == Op::Had { e.args() } else { std::slice::from_ref(e) };
        for a in args {
            match (as_number(a), a.op()) {
                (Some(n), _) => all.coefficient = &all.coefficient * n,
                (None, Op::Pow) => match as_number(&a.args()[1]) {
                    Some(p) => all.factors.push((a.args()[0].clone(), p.clone())),
                    None => all.factors.push((a.clone(), Rational::one())),
                },
                (None, _) => all.factors.push((a.clone(), Rational::one())),
            }
        }
        all
    }

    /// A product with the k-th power of the name in the place of that of this one.
    fn taken_out(&self, e: &Expr, k: i64, name: &Expr) -> Option<Expr> {
        if !matches!(e.op(), Op::Had | Op::Pow) || self.factors.is_empty() {
            return None;
        }
        let mut rest = PowerProduct::of(e);
        for (base, p) in &self.factors {
            let p = p * &Rational::from(k);
            let (_, q) = rest.factors.iter_mut().find(|(b, _)| b == base)?;
            let left = &*q + &-&p;
            // as much of it is there, on the same side of the line
            (q.is_negative() == p.is_negative() && (left.is_zero() || left.is_negative() == p.is_negative()))
                .then_some(())?;
            *q = left;
        }
        let front = if k > 0 { self.coefficient.recip()? } else { self.coefficient.clone() };
        let others = rest.factors.into_iter().filter(|(_, q)| !q.is_zero()).map(|(b, q)| pow(b, number(q)));
        let head = [number(&rest.coefficient * &front), pow(name.clone(), number(Rational::from(k)))];
        Some(had(head.into_iter().chain(others).collect()))
    }
}
