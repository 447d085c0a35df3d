//! Moves of the normal form that no statement with letters can hold: powers with their exponents, orders of factors,
//! sizes inside operators.

use super::indexed_term::IndexedTerm;
use crate::expr::{
    Axis, Builtin, Elementwise, Expr, Function, Map, Op, Rational, add, as_number, builtin, had, inverse, is_zero, mul,
    number, ones, pow, split_scalars, transpose,
};

/// Matrix powers up to this are written out.
const MAX_POWER: u64 = 8;
/// A power of a sum is written out when it has at most so many terms.
const MAX_TERMS: usize = 64;

/// `(A ∘ B)ᵀ = Aᵀ ∘ Bᵀ` of matrices; of vectors the other way round, so that rows are transposed columns.
pub fn transposes_inside(_: &IndexedTerm, e: &Expr) -> Option<Expr> {
    let is_row = |a: &Expr| a.is_scalar() || *a.op() == Op::Transpose;
    match e.op() {
        Op::Transpose if *e.args()[0].op() == Op::Had && !e.shape().is_row() => {
            Some(had(e.args()[0].args().iter().cloned().map(transpose).collect()))
        }
        Op::Had if e.shape().is_row() && e.args().iter().all(is_row) => {
            let (scalars, row) = split_scalars(e.clone());
            let columns = row?.args().iter().cloned().map(transpose).collect::<Vec<_>>();
            (columns.len() > 1).then(|| had([scalars, vec![transpose(had(columns))]].concat()))
        }
        _ => None,
    }
}

/// `A^3 = A A A`, `A^-2 = A⁻¹ A⁻¹`.
pub fn matrix_power_as_product(_: &IndexedTerm, e: &Expr) -> Option<Expr> {
    let Op::MatrixPower(k) = e.op() else { return None };
    let base = e.args()[0].clone();
    let base = if *k < 0 { inverse(base) } else { base };
    (k.unsigned_abs() <= MAX_POWER).then(|| mul(vec![base; k.unsigned_abs() as usize]))
}

/// `(a + b)^2 = (a + b)(a + b)`, multiplied out at once, since equal factors gather in powers again.
pub fn power_as_product(_: &IndexedTerm, e: &Expr) -> Option<Expr> {
    let k = whole_exponent(e).filter(|k| *k >= 2 && *e.args()[0].op() == Op::Add)?;
    let terms = e.args()[0].args();
    let count = u32::try_from(k).ok().and_then(|k| terms.len().checked_pow(k));
    count.filter(|n| *n <= MAX_TERMS)?;
    let products = (1..k).fold(terms.to_vec(), |products, _| {
        products
            .iter()
            .flat_map(|p| terms.iter().map(|t| had(vec![p.clone(), t.clone()])).collect::<Vec<_>>())
            .collect()
    });
    Some(add(products))
}

/// `(A ∘ B)^k = A^k ∘ B^k` for a whole k.
pub fn power_of_product(_: &IndexedTerm, e: &Expr) -> Option<Expr> {
    whole_exponent(e).filter(|_| *e.args()[0].op() == Op::Had)?;
    let exponent = &e.args()[1];
    Some(had(e.args()[0].args().iter().map(|a| pow(a.clone(), exponent.clone())).collect()))
}

/// Like terms: `k A + l A = (k + l) A`.
pub fn collect(_: &IndexedTerm, e: &Expr) -> Option<Expr> {
    if *e.op() != Op::Add {
        return None;
    }
    let sums = like_terms(e.args().iter().map(coefficient));
    let collected = || add(sums.iter().map(|(rest, k)| had(vec![number(k.clone()), rest.clone()])).collect());
    (sums.len() < e.args().len()).then(collected)
}

/// Terms as what is left without their numbers, each once, with the sum of its numbers.
pub fn like_terms<R: PartialEq>(terms: impl Iterator<Item = (R, Rational)>) -> Vec<(R, Rational)> {
    let mut sums: Vec<(R, Rational)> = vec![];
    for (rest, k) in terms {
        match sums.iter_mut().find(|(r, _)| *r == rest) {
            Some((_, sum)) => *sum = &*sum + &k,
            None => sums.push((rest, k)),
        }
    }
    sums
}

/// A term without its number, and the number.
pub fn coefficient(e: &Expr) -> (Expr, Rational) {
    let one = Rational::one();
    match e.op() {
        Op::Number(n) => (number(one), n.clone()),
        Op::Had => {
            let (numbers, rest): (Vec<Expr>, Vec<Expr>) =
                e.args().iter().cloned().partition(|a| as_number(a).is_some());
            let k = numbers.iter().filter_map(as_number).fold(one, |p, n| &p * n);
            (had(rest), k)
        }
        _ => (e.clone(), one),
    }
}

/// `exp(0) = 1`, entry by entry.
pub fn exp_of_zero(_: &IndexedTerm, e: &Expr) -> Option<Expr> {
    let Op::Map(Map { function: Function::Builtin(Elementwise::Exp), order: _ }) = e.op() else { return None };
    is_zero(&e.args()[0]).then(|| ones(e.shape()))
}

/// `1/(a + b) · 1/(c + d) = 1/((a + b)(c + d))`, multiplied out.
pub fn one_denominator(_: &IndexedTerm, e: &Expr) -> Option<Expr> {
    let denominator = |f: &Expr| {
        let sum = whole_exponent(f) == Some(-1) && *f.args()[0].op() == Op::Add;
        sum.then(|| f.args()[0].args().to_vec())
    };
    if *e.op() != Op::Had {
        return None;
    }
    let (below, above): (Vec<Expr>, Vec<Expr>) = e.args().iter().cloned().partition(|f| denominator(f).is_some());
    let count = below.iter().filter_map(denominator).try_fold(1usize, |n, terms| n.checked_mul(terms.len()));
    if below.len() < 2 || count.is_none_or(|n| n > MAX_TERMS) {
        return None;
    }
    let product = below.iter().filter_map(denominator).reduce(|products, terms| {
        products
            .iter()
            .flat_map(|p| terms.iter().map(|t| had(vec![p.clone(), t.clone()])).collect::<Vec<_>>())
            .collect()
    })?;
    Some(had([above, vec![pow(add(product), number((-1).into()))]].concat()))
}

fn whole_exponent(e: &Expr) -> Option<i64> {
    if *e.op() == Op::Pow { as_number(&e.args()[1])?.to_i64() } else { None }
}

/// `ones(n, m) = ones(n) ones(m)ᵀ`.
pub fn ones_as_product(_: &IndexedTerm, e: &Expr) -> Option<Expr> {
    let Op::Ones(shape) = e.op() else { return None };
    let column = |n: &crate::expr::Size| ones(&crate::expr::Shape::vector(n.clone()));
    let matrix = !shape.rows.is_one() && !shape.cols.is_one();
    matrix.then(|| Expr::node(Op::Mul, vec![column(&shape.rows), transpose(column(&shape.cols))]))
}

/// Scalars have one form: `Σᵢ aᵢ bᵢ` of plain vectors, a chain where a factor is a product, a trace of two matrices.
pub fn dot_product(_: &IndexedTerm, e: &Expr) -> Option<Expr> {
    match (e.op(), e.args()) {
        (Op::Mul, [row, column]) if e.is_scalar() => {
            Some(builtin(Builtin::Sum(Axis::All), had(vec![transpose(row.clone()), column.clone()])))
        }
        (Op::Mul, [left, a, right]) if e.is_scalar() && is_ones(left) && is_ones(right) => {
            Some(builtin(Builtin::Sum(Axis::All), a.clone()))
        }
        (Op::Builtin(Builtin::Sum(Axis::All)), [a]) => sum_as_chain(a),
        _ => None,
    }
}

fn is_ones(e: &Expr) -> bool {
    matches!(e.op(), Op::Ones(_))
}

fn sum_as_chain(a: &Expr) -> Option<Expr> {
    let column = a.shape().cols.is_one();
    match (a.op(), a.args()) {
        (Op::Had, factors) if column => {
            let at = factors.iter().position(|f| *f.op() == Op::Mul)?;
            let others = factors.iter().enumerate().filter(|(i, _)| *i != at).map(|(_, f)| f.clone()).collect();
            Some(mul(vec![transpose(had(others)), factors[at].clone()]))
        }
        (Op::Had, [l, r]) if !a.shape().is_row() => {
            Some(builtin(Builtin::Trace, mul(vec![transpose(l.clone()), r.clone()])))
        }
        (Op::Pow, [base, p]) if !column && !a.shape().is_row() && as_number(p)?.to_i64() == Some(2) => {
            Some(builtin(Builtin::Trace, mul(vec![transpose(base.clone()), base.clone()])))
        }
        _ => None,
    }
}

/// The least of all forms a trace has by going round and by transposing; a scalar where a factor is a vector.
pub fn trace_cycle(term: &IndexedTerm, e: &Expr) -> Option<Expr> {
    let (Op::Builtin(Builtin::Trace), Op::Mul) = (e.op(), e.args().first()?.op()) else { return None };
    let factors = e.args()[0].args();
    if let Some(i) = factors.iter().position(|f| f.shape().rows.is_one()) {
        return Some(mul([&factors[i..], &factors[..i]].concat()));
    }
    let turned = transposed(term, factors);
    let rotations = |chain: &[Expr]| (0..chain.len()).map(|i| [&chain[i..], &chain[..i]].concat()).collect::<Vec<_>>();
    let least = [rotations(factors), rotations(&turned)].concat().into_iter().min()?;
    Some(builtin(Builtin::Trace, mul(least)))
}

/// A scalar chain or its transpose, whichever comes first.
pub fn turn_scalar(term: &IndexedTerm, e: &Expr) -> Option<Expr> {
    if *e.op() != Op::Mul || !e.is_scalar() || e.args().len() < 3 {
        return None;
    }
    let turned = transposed(term, e.args());
    (turned.as_slice() < e.args()).then(|| mul(turned))
}

/// The factors of the transpose of a chain.
fn transposed(term: &IndexedTerm, factors: &[Expr]) -> Vec<Expr> {
    let turn = |f: &Expr| if term.symmetric(f) { f.clone() } else { transpose(f.clone()) };
    factors.iter().rev().map(turn).collect()
}
