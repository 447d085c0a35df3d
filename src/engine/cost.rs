//! What a careful author minimises: the size of the printed form.

use crate::expr::{Axis, Builtin, Expr, Op, Rational, as_number, crossed_column};

/// The number of operators, names and constants in the form `render::present` prints (an estimate that is exact for
/// almost every term, without building the printed tree).
pub fn textbook_size(e: &Expr) -> u64 {
    let (negative, size) = signed(e);
    size + u64::from(negative)
}

/// The measure of what is written out in full: the size first, and among forms of one size the one an author prefers; a
/// long product is not transposed as a whole, its factors are.
pub fn compact(e: &Expr) -> u64 {
    4 * textbook_size(e) + distaste(e)
}

/// The measure of results with named parts: as `compact`, but a chain of Jacobians stays one, `uᵀ diag(v) W` rather than
/// `(u ∘ v)ᵀ W`, `D (xᵀ ⊗ I)` rather than `xᵀ ⊗ D`.
pub fn taste(e: &Expr) -> u64 {
    compact(e) + unchained(e)
}

/// The measure of what is to be evaluated: floating-point operations first, then the printed form.
pub fn frugal(e: &Expr) -> u64 {
    let operations = crate::expr::flops_measured(e).min(MAX_OPERATIONS) as u64;
    operations.saturating_mul(PRINTED).saturating_add(compact(e).min(PRINTED - 1))
}

/// Printed forms count less than one operation.
const PRINTED: u64 = 1 << 12;
const MAX_OPERATIONS: f64 = (u64::MAX / PRINTED) as f64;

fn unchained(e: &Expr) -> u64 {
    let own = match e.op() {
        // δᵀ 𝟏 rather than sum(δ, cols)
        Op::Builtin(Builtin::Sum(Axis::Rows | Axis::Cols)) => 8,
        Op::Mul if e.shape().is_row() => e.args().iter().map(merged).sum::<u64>() + MERGED * hollow(e.args()),
        Op::Mul => OUTER * outer_sums(e),
        Op::Kron if e.shape().is_row() => merged(e),
        Op::Transpose if e.shape().is_row() && is_entrywise(&e.args()[0]) => MERGED,
        Op::Had if e.shape().is_row() && e.args().iter().filter(|a| !a.is_scalar()).count() > 1 => MERGED,
        _ => 0,
    };
    own + e.args().iter().map(unchained).sum::<u64>()
}

/// More than what merging two Jacobians saves.
const MERGED: u64 = 20;

/// Whether a factor of a row is two Jacobians in one.
fn merged(factor: &Expr) -> u64 {
    let identity = |e: &Expr| matches!(e.op(), Op::Eye(_));
    match factor.op() {
        Op::Kron if !factor.args().iter().any(identity) => MERGED,
        _ => 0,
    }
}

/// Whether a column is an elementwise product, multiplied out or not.
fn is_entrywise(column: &Expr) -> bool {
    let factors = |term: &Expr| if *term.op() == Op::Had { term.args().to_vec() } else { vec![term.clone()] };
    match column.op() {
        Op::Add => {
            let others = &column.args()[1..];
            let everywhere = |f: &Expr| others.iter().all(|t| factors(t).contains(f));
            factors(&column.args()[0]).iter().any(|f| !f.is_scalar() && everywhere(f))
        }
        op => *op == Op::Had,
    }
}

/// Chains that begin with 𝟏ᵀ diag(a), which is aᵀ.
fn hollow(chain: &[Expr]) -> u64 {
    let is_ones = |e: &Expr| match e.op() {
        Op::Transpose => matches!(e.args()[0].op(), Op::Ones(_)),
        _ => matches!(e.op(), Op::Ones(_)),
    };
    let is_hollow = |pair: &&[Expr]| is_ones(&pair[0]) && *pair[1].op() == Op::Builtin(Builtin::Diag);
    chain.windows(2).filter(is_hollow).count() as u64
}

fn distaste(e: &Expr) -> u64 {
    let own = match e.op() {
        Op::Mul => {
            let repeated = e.args().windows(2).filter(|pair| pair[0] == pair[1]).count() as u64;
            let negative = e.args().iter().filter(|a| is_negative_sum(a)).count() as u64;
            let turned = TURNED * turned_products(e);
            2 * repeated + negative + outer_sums(e) + SCALED * scaled_identities(e) + left_identities(e) + turned
        }
        Op::Transpose => match e.args()[0].op() {
            Op::Mul if e.args()[0].args().len() > 2 => 4 * e.args()[0].args().len() as u64,
            // Vᵀ X⁻ᵀ rather than (X⁻¹ V)ᵀ
            Op::Mul if e.args()[0].args().iter().any(|a| *a.op() == Op::Inverse) => 5,
            // Aᵀ Bᵀ rather than (B A)ᵀ
            Op::Mul if !e.shape().is_row() => 5,
            Op::Mul => 1,
            _ => 0,
        },
        // r² rather than r r, 2 w rather than w + w
        Op::Had | Op::Add => {
            let repeated = e.args().windows(2).filter(|pair| pair[0] == pair[1]).count() as u64;
            2 * repeated + transposed_sums(e) + HALF_FACTORED * half_factored(e)
        }
        // t sum(a) rather than sum(t a), -diag(A) rather than diag(-A)
        Op::Builtin(Builtin::Sum(Axis::All) | Builtin::Mean | Builtin::Trace | Builtin::DiagonalOf) => {
            let of = &e.args()[0];
            match of.op() {
                Op::Had => of.args().iter().filter(|a| a.is_scalar()).count() as u64,
                _ => 0,
            }
        }
        // (I ⊗ bᵀ) (c ⊗ x) folded once, rather than products of what is folded
        Op::Unvec(..) => FOLDED,
        // (x xᵀ) ⊗ D rather than xᵀ ⊗ x ⊗ D
        Op::Kron => e.args().iter().filter(|a| *a.op() == Op::Kron).count() as u64 * 5,
        _ => 0,
    };
    own + e.args().iter().map(distaste).sum::<u64>()
}

/// As much as three names more.
const FOLDED: u64 = 12;

/// Sums among the terms of a sum, transposed: `(a + b + c)ᵀ` rather than `(a + b)ᵀ + cᵀ`.
fn transposed_sums(sum: &Expr) -> u64 {
    let is_sum = |t: &&Expr| *t.op() == Op::Transpose && *t.args()[0].op() == Op::Add;
    if *sum.op() == Op::Add { sum.args().iter().filter(is_sum).count() as u64 } else { 0 }
}

/// More than what taking a factor out of two terms of a family saves.
const HALF_FACTORED: u64 = 9;

/// Terms of which a factor was taken out that other terms have too, at another place: `X^2 A + X A X + A X^2` rather than
/// `X (X A + A X) + A X^2`.
fn half_factored(sum: &Expr) -> u64 {
    let is_sum = |e: &Expr| *e.op() == Op::Add;
    let base = |f: &Expr| if matches!(f.op(), Op::MatrixPower(_)) { f.args()[0].clone() } else { f.clone() };
    let has = |term: &Expr, factor: &Expr| *term.op() == Op::Mul && term.args().iter().any(|f| base(f) == *factor);
    let taken_out = |(i, term): (usize, &Expr)| {
        let [l, r] = term.args() else { return false };
        let (factor, inner) = match (is_sum(l), is_sum(r)) {
            (true, false) => (r, l),
            (false, true) => (l, r),
            _ => return false,
        };
        // `Xᵀ (X^2 - A) + (X^2 - A) Xᵀ` is no family of one
        let again = inner.args().iter().any(|t| has(t, &base(factor)));
        let square = again && factor.shape().is_square() && *term.op() == Op::Mul;
        square && sum.args().iter().enumerate().any(|(j, other)| j != i && has(other, &base(factor)))
    };
    if is_sum(sum) { sum.args().iter().enumerate().filter(|t| taken_out(*t)).count() as u64 } else { 0 }
}

/// A sum whose terms are all negative: `-A (B + C)` rather than `A (-B - C)`.
fn is_negative_sum(e: &Expr) -> bool {
    *e.op() == Op::Add && e.args().iter().all(|t| signed(t).0)
}

/// More than what a common vector outside a sum saves.
const OUTER: u64 = 9;
const SCALED: u64 = 9;

/// Multiples of the identity, other than by a number or a name, in what is applied to a vector: `A x + x / norm2(x)` rather
/// than `(A + I / norm2(x)) x`.
fn scaled_identities(product: &Expr) -> u64 {
    let terms = |factor: &Expr| if *factor.op() == Op::Add { factor.args().to_vec() } else { vec![] };
    let is_scaled = |term: &Expr| {
        let is_identity = |e: &Expr| matches!(e.op(), Op::Eye(_));
        let compound = |e: &Expr| e.is_scalar() && !e.args().is_empty();
        *term.op() == Op::Had && term.args().iter().any(is_identity) && term.args().iter().any(compound)
    };
    let factors = product.args().iter().filter(|_| product.shape().is_vector());
    factors.flat_map(terms).filter(is_scaled).count() as u64
}

/// Identities that are left where a factor was taken out of what has it at both ends: `F - F M F` rather than `F (I - M F)`
/// where neither is longer, so that what is symmetric looks so.
fn left_identities(product: &Expr) -> u64 {
    let sides = |pair: &&[Expr]| {
        halves_a_frame(&pair[1], |chain| chain.last() == Some(&pair[0]))
            || halves_a_frame(&pair[0], |chain| chain.first() == Some(&pair[1]))
    };
    product.args().windows(2).filter(sides).count() as u64
}

/// More than the sign that transposing a product as a whole saves.
const TURNED: u64 = 6;

/// Products of matrices that are transposed as a whole before a vector: `Bᵀ Aᵀ u` rather than `(A B)ᵀ u`, which multiplies
/// the matrices first.
fn turned_products(product: &Expr) -> u64 {
    let turned = |f: &&Expr| *f.op() == Op::Transpose && *f.args()[0].op() == Op::Mul && !f.shape().is_row();
    if product.shape().is_vector() { product.args().iter().filter(turned).count() as u64 } else { 0 }
}

/// Whether a sum holds the identity, and a product at whose other end the factor stands that was taken out.
fn halves_a_frame(sum: &Expr, has_the_factor: impl Fn(&[Expr]) -> bool) -> bool {
    let (scaled, rest): (Vec<&Expr>, Vec<&Expr>) = sum.args().iter().partition(|t| is_identity(t));
    let framed = |t: &Expr| *t.op() == Op::Mul && has_the_factor(t.args());
    let holds = |t: &&Expr| framed(t) || (*t.op() == Op::Had && t.args().iter().any(framed));
    *sum.op() == Op::Add && !scaled.is_empty() && rest.iter().any(holds)
}

/// The identity, or scalars times it.
fn is_identity(term: &Expr) -> bool {
    match term.op() {
        Op::Had => term.args().iter().all(|a| a.is_scalar() || matches!(a.op(), Op::Eye(_))),
        op => matches!(op, Op::Eye(_)),
    }
}

/// Sums with outer products in a product that is a vector.
fn outer_sums(product: &Expr) -> u64 {
    if product.shape().is_vector() { product.args().iter().map(outer_terms).sum() } else { 0 }
}

/// Outer products among the terms of a matrix that is applied to a vector: `A w - t B w` rather than `(A - B w vᵀ) w`.
fn outer_terms(matrix: &Expr) -> u64 {
    let outer = |e: &Expr| match e.op() {
        Op::Mul => e.args().windows(2).any(|pair| pair[0].shape().cols.is_one()),
        _ => false,
    };
    let holds = |term: &Expr| outer(term) || (*term.op() == Op::Had && term.args().iter().any(outer));
    match matrix.op() {
        Op::Add => matrix.args().iter().filter(|t| holds(t)).count() as u64,
        _ => 0,
    }
}

/// Whether a minus sign stands in front, and the size without it.
fn signed(e: &Expr) -> (bool, u64) {
    match e.op() {
        Op::Number(n) => (n.is_negative(), number(&n.abs())),
        Op::Had => product(e.args()),
        _ => (false, plain(e)),
    }
}

fn number(n: &Rational) -> u64 {
    if n.is_integer() { 1 } else { 3 }
}

/// Coefficient, factors, and quotients for negative powers.
fn product(factors: &[Expr]) -> (bool, u64) {
    let (mut above, mut below, mut count, mut negative) = (0, 0, 0, false);
    let mut coefficient = Rational::one();
    for f in factors {
        match (as_number(f), divisor(f)) {
            (Some(n), _) => {
                negative = n.is_negative();
                coefficient = n.abs();
            }
            (None, Some(size)) => below += size + 1,
            (None, None) => {
                above += textbook_size(f);
                count += 1;
            }
        }
    }
    match coefficient.is_one() {
        true => {}
        // x / (2 c), n/2 x
        false if is_share(&coefficient) && count > 0 && (below > 0 || has_a_name(factors)) => below += 2,
        false => {
            above += number(&coefficient);
            count += 1;
        }
    }
    let above = if count == 0 { 1 } else { above + count - 1 };
    (negative, above + below)
}

/// 1/2, 1/3, …
fn is_share(n: &Rational) -> bool {
    n.recip().is_some_and(|n| n.is_integer())
}

/// Whether there is one scalar, a name, alone or before an array.
fn has_a_name(factors: &[Expr]) -> bool {
    let mut scalars = factors.iter().filter(|f| f.is_scalar() && as_number(f).is_none());
    let name = scalars.next().is_some_and(|f| matches!(f.op(), Op::Variable(_) | Op::SizeNumber(_)));
    name && scalars.next().is_none()
}

/// The size of what stands below the line, when `e` is a negative power.
fn divisor(e: &Expr) -> Option<u64> {
    let Op::Pow = e.op() else { return None };
    let p = as_number(&e.args()[1])?;
    p.is_negative().then(|| power(&e.args()[0], &p.abs()))
}

/// (1 + x²)^(-3/2) rather than 1 / (1 + x²)^(3/2), where nothing stands above.
pub fn is_awkward_below(p: &Rational) -> bool {
    let doubled = p * &Rational::from(-2);
    !p.is_integer() && p.is_negative() && !doubled.is_one()
}

fn power(base: &Expr, p: &Rational) -> u64 {
    let norm = matches!(base.op(), Op::Builtin(Builtin::NormSquared));
    let doubled = p * &Rational::from(2);
    match norm {
        true if doubled.is_one() => 1 + textbook_size(&base.args()[0]),
        true => 2 + number(&doubled) + textbook_size(&base.args()[0]),
        false if p.is_one() => textbook_size(base),
        false if doubled.is_one() => 1 + textbook_size(base),
        false => textbook_size(base) + 1 + number(p),
    }
}

fn plain(e: &Expr) -> u64 {
    let args = || e.args().iter().map(textbook_size).sum::<u64>();
    match e.op() {
        Op::Number(n) => number(n),
        Op::SizeNumber(n) => n.terms().count() as u64,
        Op::Constant(_) | Op::Variable(_) => 1,
        Op::Ones(s) => {
            if s.cols.is_one() {
                2
            } else {
                3
            }
        }
        Op::Zeros(_) => 1,
        Op::Eye(_) | Op::Tril(_) | Op::Duplication(_) => 2,
        Op::Unit(..) | Op::Commutation(..) => 3,
        Op::Add => sum(e.args()),
        Op::Had => textbook_size(e),
        Op::Mul => args() + e.args().len() as u64 - 1 - crosses(e.args()),
        Op::Kron => args() + e.args().len() as u64 - 1,
        Op::Transpose | Op::Inverse | Op::Map(_) | Op::Differential => 1 + args(),
        // ∇ and J are letters of their own
        Op::Field(f) => 1 + u64::from(f.slope.is_some()) + args(),
        Op::MatrixPower(_) => 2 + args(),
        Op::Pow => match as_number(&e.args()[1]) {
            Some(p) if is_awkward_below(p) => textbook_size(&e.args()[0]) + 2 + number(&p.abs()),
            Some(p) if p.is_negative() => 2 + power(&e.args()[0], &p.abs()),
            Some(p) => power(&e.args()[0], p),
            None => 1 + args(),
        },
        Op::Builtin(b) => builtin(*b) + args(),
        Op::Unvec(..) => 3 + args(),
        Op::Block { rows, cols } => args() + (rows * cols) as u64 - 1,
        Op::Slice { .. } => 3 + args(),
        Op::Inner => 1 + args(),
    }
}

/// The factors of a product that print as `a ×`.
fn crosses(factors: &[Expr]) -> u64 {
    (0..factors.len()).filter(|i| crossed_column(&factors[*i..]).is_some()).count() as u64
}

fn builtin(b: Builtin) -> u64 {
    match b {
        Builtin::NormSquared => 3,
        b => 1 + u64::from(b.axis() != Axis::All),
    }
}

/// Signs of terms are the operators between them; only a sum of nothing but negative terms starts with one of its own.
/// Broadcast ones beside a term that carries the shape print as their scalar.
fn sum(terms: &[Expr]) -> u64 {
    let signed: Vec<(bool, u64)> = terms.iter().map(|t| term(t, terms)).collect();
    let leading = u64::from(signed.iter().all(|(negative, _)| *negative));
    signed.iter().map(|(_, size)| size).sum::<u64>() + terms.len() as u64 - 1 + leading
}

fn term(t: &Expr, terms: &[Expr]) -> (bool, u64) {
    let broadcast = |e: &Expr| matches!(e.op(), Op::Ones(_));
    let carried =
        terms.iter().any(|o| o != t && !broadcast(o) && !(*o.op() == Op::Had && o.args().iter().any(broadcast)));
    match t.op() {
        Op::Ones(_) if carried => (false, 1),
        Op::Had if carried && t.args().iter().any(broadcast) => {
            let scalars: Vec<Expr> = t.args().iter().filter(|a| !broadcast(a)).cloned().collect();
            product(&scalars)
        }
        _ => signed(t),
    }
}
