//! The cost of evaluating an expression, as a polynomial in the sizes.

use super::products::{Amount, Extent, Order};
use super::{Builtin, Expr, Op, Size, Work};
use crate::fuel;
use rustc_hash::FxHashMap as HashMap;

/// What every size counts as where costs are compared: degrees first, then coefficients.
const TYPICAL: i64 = 400;
/// Longer chains are counted from their cheaper end: the best order takes time cubic in the length to find.
const MAX_ORDERED: usize = 40;

/// Counting one operator takes as long as building so many nodes.
const COUNTING: u64 = 4;

impl Amount for Size {
    fn whole(n: i64) -> Size {
        Size::constant(n)
    }

    fn plus(&self, other: &Size) -> Size {
        Size::plus(self, other)
    }

    fn times(&self, other: &Size) -> Size {
        Size::times(self, other)
    }

    fn magnitude(&self) -> f64 {
        let sum: f64 = self.terms().map(|(names, c)| c as f64 * (TYPICAL as f64).powi(names.len() as i32)).sum();
        sum / self.over() as f64
    }
}

/// How sizes are counted.
trait Count: Amount {
    fn of(size: &Size) -> Self;
}

impl Count for Size {
    fn of(size: &Size) -> Size {
        size.clone()
    }
}

impl Count for f64 {
    fn of(size: &Size) -> f64 {
        size.magnitude()
    }
}

/// Floating-point operations to evaluate `e`: equal parts once, chains in their cheapest order, diagonal matrices,
/// identities, Kronecker and commutation factors never written out. A product of n × k and k × m takes 2 n k m, a sum or an
/// elementwise product one an entry, a function one an entry, an inverse 2 n³. A result that is diagonal or a Kronecker
/// product stays one.
pub fn flops(e: &Expr) -> Size {
    Counter::default().total(e)
}

/// As `flops`, with every size a few hundred: a measure to compare expressions by.
pub fn flops_measured(e: &Expr) -> f64 {
    Counter::default().total(e)
}

/// Floating-point operations to evaluate `e` as it stands: every part where it is written, chains from the left, every
/// factor in full.
pub fn flops_as_written(e: &Expr) -> Size {
    let count = e.shape().count();
    let own = if *e.op() == Op::Mul {
        let rows = &e.args()[0].shape().rows;
        let product = |a: &Expr| rows.times(&a.shape().count()).times(&Size::constant(2));
        e.args()[1..].iter().fold(Size::constant(0), |sum, a| sum.plus(&product(a)))
    } else if *e.op() == Op::Kron {
        count
    } else if *e.op() == Op::Add || *e.op() == Op::Had {
        count.times(&Size::constant(e.args().len() as i64 - 1))
    } else {
        entrywise(e)
    };
    e.args().iter().fold(own, |sum, a| sum.plus(&flops_as_written(a)))
}

/// What a node takes that looks at all entries of its arguments.
fn entrywise<N: Count>(e: &Expr) -> N {
    let shape = |i: usize| {
        let shape = e.args()[i].shape();
        (N::of(&shape.rows), N::of(&shape.cols))
    };
    let input = || shape(0).0.times(&shape(0).1);
    let times = |n: i64| input().times(&N::whole(n));
    match e.op() {
        Op::Number(_)
        | Op::SizeNumber(_)
        | Op::Constant(_)
        | Op::Variable(_)
        | Op::Ones(_)
        | Op::Zeros(_)
        | Op::Eye(_)
        | Op::Unit(..)
        | Op::Tril(_)
        | Op::Duplication(_)
        | Op::Commutation(..)
        | Op::Add
        | Op::Had
        | Op::Mul
        | Op::Kron
        | Op::Transpose
        | Op::Unvec(..)
        | Op::Block { .. }
        | Op::Slice { .. }
        | Op::Differential => N::whole(0),
        Op::Pow | Op::Map(_) | Op::Field(_) => times(1),
        Op::Inverse => times(2).times(&shape(0).0),
        Op::MatrixPower(k) => times(2 * (k.abs() - 1)).times(&shape(0).0),
        Op::Inner => times(2),
        Op::Builtin(b) => match b.about().work {
            Work::Nothing => N::whole(0),
            Work::Rows => shape(0).0,
            Work::Entries(each) => times(each),
            Work::Factorisation => input().times(&shape(0).0),
        },
    }
}

/// A value as it is held, and how many entries it has that may not be zero.
#[derive(Clone)]
struct Held<N> {
    extent: Extent<N>,
    entries: N,
}

impl<N: Amount> Held<N> {
    fn dense(rows: N, cols: N) -> Held<N> {
        let extent = Extent::dense(rows, cols);
        Held { entries: extent.count(), extent }
    }

    fn structured(rows: N, cols: N, rate: N, entries: N) -> Held<N> {
        Held { extent: Extent { rows, cols, rate, dense: false }, entries }
    }
}

/// Counts every part once.
struct Counter<N> {
    total: N,
    seen: HashMap<Expr, Held<N>>,
}

impl<N: Count> Default for Counter<N> {
    fn default() -> Counter<N> {
        Counter { total: N::whole(0), seen: HashMap::default() }
    }
}

impl<N: Count> Counter<N> {
    fn total(mut self, e: &Expr) -> N {
        let held = self.held(e);
        if is_product(e) {
            self.write_out(&held);
        }
        self.total
    }

    fn spend(&mut self, cost: &N) {
        self.total = self.total.plus(cost);
    }

    /// The entries of what is held in another form are asked for.
    fn write_out(&mut self, a: &Held<N>) {
        if !a.extent.dense {
            self.spend(&a.entries);
        }
    }

    fn held(&mut self, e: &Expr) -> Held<N> {
        if let Some(known) = self.seen.get(e) {
            return known.clone();
        }
        let args: Vec<Held<N>> = e.args().iter().map(|a| self.held(a)).collect();
        fuel::burn(COUNTING + args.len() as u64);
        let nothing = || Held::structured(N::whole(0), N::whole(0), N::whole(0), N::whole(0));
        let held = if fuel::is_spent() { nothing() } else { self.own(e, &args) };
        self.seen.insert(e.clone(), held.clone());
        held
    }

    /// Counts the root of `e`.
    fn own(&mut self, e: &Expr, args: &[Held<N>]) -> Held<N> {
        let (rows, cols) = (N::of(&e.shape().rows), N::of(&e.shape().cols));
        match e.op() {
            Op::Eye(_) | Op::Commutation(..) | Op::Builtin(Builtin::Diag) => {
                Held::structured(rows.clone(), cols, rows.clone(), rows)
            }
            Op::Zeros(_) => Held::structured(rows, cols, N::whole(0), N::whole(0)),
            Op::Transpose => Held { extent: Extent { rows, cols, ..args[0].extent.clone() }, ..args[0].clone() },
            Op::Mul => self.chain(args),
            Op::Kron => {
                let entries = args[0].entries.times(&args[1].entries);
                self.kept(Held::structured(rows, cols, kron_rate(&args[0].extent, &args[1].extent), entries))
            }
            Op::Add => self.sum(args),
            Op::Had => self.scaled(args),
            Op::Number(_)
            | Op::SizeNumber(_)
            | Op::Constant(_)
            | Op::Variable(_)
            | Op::Ones(_)
            | Op::Unit(..)
            | Op::Tril(_)
            | Op::Duplication(_)
            | Op::Inverse
            | Op::MatrixPower(_)
            | Op::Pow
            | Op::Map(_)
            | Op::Field(_)
            | Op::Builtin(_)
            | Op::Unvec(..)
            | Op::Block { .. }
            | Op::Slice { .. }
            | Op::Differential
            | Op::Inner => {
                args.iter().for_each(|a| self.write_out(a));
                self.spend(&entrywise(e));
                Held::dense(rows, cols)
            }
        }
    }

    /// A form that does not pay is written out.
    fn kept(&mut self, held: Held<N>) -> Held<N> {
        if held.extent.dense || held.extent.pays() {
            return held;
        }
        self.write_out(&held);
        Held::dense(held.extent.rows, held.extent.cols)
    }

    fn chain(&mut self, factors: &[Held<N>]) -> Held<N> {
        let extents: Vec<Extent<N>> = factors.iter().map(|f| f.extent.clone()).collect();
        let n = factors.len();
        let (cost, extent) = if n <= MAX_ORDERED {
            Order::best(&extents, |_| None).cost(&extents, 0, n - 1)
        } else {
            from_an_end(&extents)
        };
        self.spend(&cost);
        self.kept(Held { entries: extent.count(), extent })
    }

    /// What is not written out is added where its entries are; a sum of such terms alone stays one.
    fn sum(&mut self, terms: &[Held<N>]) -> Held<N> {
        let (rows, cols) = (terms[0].extent.rows.clone(), terms[0].extent.cols.clone());
        let dense = terms.iter().filter(|t| t.extent.dense).count() as i64;
        if dense > 0 {
            self.spend(&rows.times(&cols).times(&N::whole(dense - 1)));
            terms.iter().for_each(|t| self.write_out(t));
            return Held::dense(rows, cols);
        }
        let rate = terms.iter().fold(N::whole(0), |sum, t| sum.plus(&t.extent.rate).plus(&rows));
        let entries = terms.iter().fold(N::whole(0), |sum, t| sum.plus(&t.entries));
        self.kept(Held::structured(rows, cols, rate, entries))
    }

    /// Scalars multiply each other, then the arrays' product; a form that is not written out keeps its factor.
    fn scaled(&mut self, args: &[Held<N>]) -> Held<N> {
        let is_scalar = |a: &&Held<N>| a.extent.count().magnitude() == 1.0;
        let (scalars, arrays): (Vec<_>, Vec<_>) = args.iter().partition(is_scalar);
        self.spend(&N::whole((scalars.len() as i64 - 1).max(0)));
        let Some(first) = arrays.first() else { return Held::dense(N::whole(1), N::whole(1)) };
        if let (1, false) = (arrays.len(), first.extent.dense) {
            self.spend(&N::whole(scalars.len().min(1) as i64));
            return (*first).clone();
        }
        arrays.iter().for_each(|a| self.write_out(a));
        let products = arrays.len() - 1 + scalars.len().min(1);
        self.spend(&first.extent.count().times(&N::whole(products as i64)));
        Held::dense(first.extent.rows.clone(), first.extent.cols.clone())
    }
}

/// Whether it is a matrix product, apart from scalar factors.
fn is_product(e: &Expr) -> bool {
    let scaled = *e.op() == Op::Had && e.args().iter().all(|a| a.is_scalar() || is_product(a));
    scaled || *e.op() == Op::Mul || (*e.op() == Op::Transpose && is_product(&e.args()[0]))
}

/// (A ⊗ B) x as B X Aᵀ, the cheaper product first.
fn kron_rate<N: Amount>(a: &Extent<N>, b: &Extent<N>) -> N {
    let left_first = a.rate.times(&b.cols).plus(&a.rows.times(&b.rate));
    let right_first = a.cols.times(&b.rate).plus(&a.rate.times(&b.rows));
    if left_first.magnitude() <= right_first.magnitude() { left_first } else { right_first }
}

/// From the left or from the right, whichever costs less.
fn from_an_end<N: Amount>(factors: &[Extent<N>]) -> (N, Extent<N>) {
    let step = |(cost, _): (N, Extent<N>), (own, next): (N, Extent<N>)| (cost.plus(&own), next);
    let start = |f: &Extent<N>| (N::whole(0), f.clone());
    let last = factors.len() - 1;
    let left = factors[1..].iter().fold(start(&factors[0]), |done, f| {
        let next = done.1.times(f);
        step(done, next)
    });
    let right = factors[..last].iter().rev().fold(start(&factors[last]), |done, f| {
        let next = f.times(&done.1);
        step(done, next)
    });
    if left.0.magnitude() <= right.0.magnitude() { left } else { right }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expr::{Name, Shape, add, builtin, eye, had, integer, kron, mul, transpose, variable};

    fn size(name: &str) -> Size {
        if name == "1" { Size::one() } else { Size::name(Name::new(name)) }
    }

    fn matrix(name: &str, rows: &str, cols: &str) -> Expr {
        variable(Name::new(name), &Shape::new(size(rows), size(cols)))
    }

    #[track_caller]
    fn assert_flops(e: &Expr, expected: &str) {
        assert_eq!(flops(e).to_string(), expected, "{e:?}");
    }

    #[test]
    fn chains_in_the_cheapest_order() {
        let (x, y, z) = (matrix("x", "n", "1"), matrix("y", "m", "1"), matrix("z", "m", "1"));
        // the constructors keep the scalar yᵀ z apart; a raw chain shows what the order of a chain costs
        let e = Expr::node(Op::Mul, vec![x.clone(), transpose(y.clone()), z]);
        assert_flops(&e, "2n + 2m");
        assert_eq!(flops_as_written(&e).to_string(), "4m n");
        assert_flops(&mul(vec![x, transpose(y)]), "m n");
    }

    #[test]
    fn structure_is_not_written_out() {
        let (a, b, v) = (matrix("A", "n", "n"), matrix("B", "m", "m"), matrix("v", "n", "1"));
        assert_flops(&kron(a.clone(), b.clone()), "0");
        assert_flops(&mul(vec![builtin(Builtin::Diag, v.clone()), a.clone()]), "n n");
        let x = builtin(Builtin::Vec, matrix("X", "m", "n"));
        assert_flops(&mul(vec![kron(a.clone(), b.clone()), x.clone()]), "2m n n + 2m m n");
        assert_flops(&mul(vec![kron(eye(&size("n")), b), x]), "m n + 2m m n");
        let twice = add(vec![mul(vec![a.clone(), v.clone()]), had(vec![integer(3), mul(vec![a, v])])]);
        assert_flops(&twice, "2n n + 2n");
    }
}
