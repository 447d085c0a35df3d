//! The last choices of a printed form, which no measure makes: a sum of entrywise products of two columns is a product, and
//! what the page multiplies is multiplied on it alike. Nothing is tidied after them.

use super::problem::Local;
use crate::engine::ProofStep;
use crate::expr::{Axis, Builtin, Expr, Op, builtin, integer, mul, split_scalars, transpose};
use crate::program::Definition;
use std::cell::OnceCell;

/// The products of a page.
pub(super) struct Idiom<'a> {
    page: &'a [Definition],
    /// The factors of each; found when a product of transposes asks.
    chains: OnceCell<Vec<Expr>>,
}

impl<'a> Idiom<'a> {
    /// Of the definitions of the forward pass.
    pub fn of(page: &'a [Definition]) -> Idiom<'a> {
        Idiom { page, chains: OnceCell::new() }
    }

    /// A result as it is printed, with the steps.
    pub fn told(&self, e: &Expr) -> Local {
        let local = stepped("sum_hadamard", e.clone(), |e| self.said_otherwise(e, dot));
        let local = local.then(|e| stepped("norm_squared_back", e.clone(), |e| self.said_otherwise(e, squared_norm)));
        local.then(|e| stepped("transpose_mul_back", e.clone(), |e| self.with_products(e)))
    }

    /// Sums by other signs, `aᵀ b` for `sum(a ∘ b)`, but where the page says so itself.
    fn said_otherwise(&self, e: &Expr, sign: impl Fn(&Expr) -> Option<Expr>) -> Expr {
        let is_said = |e: &Expr| self.page.iter().any(|d| d.value.contains(e));
        e.rewrite(&mut |e| sign(&e).filter(|_| !is_said(&e)).unwrap_or(e))
    }

    /// `(A X)ᵀ (…)` rather than `Xᵀ Aᵀ (…)`, where the page has A X.
    fn with_products(&self, e: &Expr) -> Expr {
        e.rewrite(&mut |e| self.turned_whole(&e).unwrap_or(e))
    }

    fn turned_whole(&self, product: &Expr) -> Option<Expr> {
        let factors = product.args();
        let is_turned = |f: &Expr| *f.op() == Op::Transpose && *f.args()[0].op() != Op::Inverse;
        let is_asked = *product.op() == Op::Mul && factors.len() > 2 && !product.shape().is_vector();
        let turned = factors.iter().filter(|f| is_turned(f)).count();
        if !is_asked || turned == factors.len() || !factors.windows(2).any(|pair| pair.iter().all(is_turned)) {
            return None;
        }
        let chains = self.chains.get_or_init(|| self.page.iter().flat_map(|d| chains_of(&d.value)).collect());
        let (from, to) = runs(factors.len()).find(|(from, to)| {
            let run = &factors[*from..*to];
            let untransposed: Vec<Expr> = run.iter().rev().map(|f| transpose(f.clone())).collect();
            let stands = |chain: &[Expr]| chain.windows(run.len()).any(|w| w == untransposed);
            // what stands between a factor and its transpose looks so
            let ends = [&untransposed[0], &untransposed[run.len() - 1]];
            let beside = [factors.get(*to), from.checked_sub(1).map(|i| &factors[i])];
            let is_framed = beside.into_iter().flatten().any(|f| ends.contains(&f));
            run.iter().all(is_turned) && !is_framed && chains.iter().any(|c| stands(c.args()))
        })?;
        let whole = Expr::node(
            Op::Transpose,
            vec![mul(factors[from..to].iter().rev().map(|f| transpose(f.clone())).collect())],
        );
        Some(Expr::node(Op::Mul, [&factors[..from], &[whole], &factors[to..]].concat()))
    }
}

fn stepped(rule: &str, e: Expr, change: impl Fn(&Expr) -> Expr) -> Local {
    let changed = change(&e);
    let steps = if changed == e { vec![] } else { vec![ProofStep::new(rule, e, changed.clone())] };
    Local { result: changed, steps }
}

/// The runs of two or more factors that are not all of them, the longest first.
fn runs(count: usize) -> impl Iterator<Item = (usize, usize)> {
    (2..count).rev().flat_map(move |length| (0..=count - length).map(move |from| (from, from + length)))
}

/// The products in a term.
fn chains_of(e: &Expr) -> Vec<Expr> {
    let own = (*e.op() == Op::Mul).then(|| e.clone());
    own.into_iter().chain(e.args().iter().flat_map(chains_of)).collect()
}

/// aᵀ b for sum(a ∘ b), where one of two columns is a name.
fn dot(sum: &Expr) -> Option<Expr> {
    let Op::Builtin(Builtin::Sum(Axis::All)) = sum.op() else { return None };
    let (scalars, product) = split_scalars(sum.args()[0].clone());
    let product = product.filter(|p| scalars.is_empty() && *p.op() == Op::Had && p.shape().cols.is_one())?;
    let [a, b] = product.args() else { return None };
    let (name, other) = match [a, b].map(|f| f.as_variable().is_some()) {
        [true, _] => (a, b),
        [false, true] => (b, a),
        [false, false] => return None,
    };
    Some(mul(vec![transpose(name.clone()), other.clone()]))
}

/// ‖A‖² for sum(A.^2), where A is a name.
fn squared_norm(sum: &Expr) -> Option<Expr> {
    let Op::Builtin(Builtin::Sum(Axis::All)) = sum.op() else { return None };
    match (sum.args()[0].op(), sum.args()[0].args()) {
        (Op::Pow, [a, p]) if *p == integer(2) && a.as_variable().is_some() => {
            Some(builtin(Builtin::NormSquared, a.clone()))
        }
        _ => None,
    }
}
