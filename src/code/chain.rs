//! Chains of matrix products: in which order they cost least, and what traces and diagonals of them need not compute.

use super::builder::PlanBuilder;
use super::plan::{Id, Operation};
use super::term::{ArrayForm, ArrayTerm, dims_of};
use crate::expr::{Amount, Axis, Extent, Order, Shape, Size};

/// Longer chains are multiplied from the left: the best order takes time cubic in the length to find.
const MAX_ORDERED: usize = 40;

/// What the order of products goes by.
fn extent(term: &ArrayTerm) -> Extent<Size> {
    let (rows, cols) = (term.shape.rows.clone(), term.shape.cols.clone());
    let sides = rows.plus(&cols);
    match &term.form {
        ArrayForm::Diagonal(_) | ArrayForm::Identity(_) => Extent { rate: rows.clone(), rows, cols, dense: false },
        ArrayForm::Outer(..) | ArrayForm::Rows(_) | ArrayForm::Columns(_) => {
            Extent { rate: sides, rows, cols, dense: false }
        }
        ArrayForm::Fill(_) if dims_of(&term.shape).len() == 2 => Extent { rate: sides, rows, cols, dense: false },
        ArrayForm::Fill(_) | ArrayForm::Dense(_) | ArrayForm::Inverse(..) | ArrayForm::Sum(_) => {
            Extent::dense(rows, cols)
        }
    }
}

impl PlanBuilder {
    /// The product of a chain.
    pub fn chain(&mut self, factors: &[ArrayTerm]) -> ArrayTerm {
        // what holds a sum better not written out is multiplied term by term
        if let Some(k) = factors.iter().position(|f| matches!(f.form, ArrayForm::Sum(_))) {
            let ArrayForm::Sum(parts) = factors[k].form.clone() else { unreachable!("it is one") };
            let shape = Shape::new(factors[0].shape.rows.clone(), factors[factors.len() - 1].shape.cols.clone());
            let terms = parts.into_iter().map(|p| {
                let mut own = factors.to_vec();
                own[k] = p;
                self.chain(&own)
            });
            let terms: Vec<ArrayTerm> = terms.collect();
            return self.add_terms(terms, &shape);
        }
        if let Some(half) = self.palindrome(factors) {
            return half;
        }
        let extents: Vec<Extent<Size>> = factors.iter().take(MAX_ORDERED).map(extent).collect();
        let order = Order::best(&extents, |_| None);
        let mut product = self.ordered(factors, &order, 0, extents.len() - 1);
        for factor in &factors[extents.len()..] {
            product = self.times(&product, factor);
        }
        product
    }

    fn ordered(&mut self, factors: &[ArrayTerm], order: &Order, first: usize, last: usize) -> ArrayTerm {
        if first == last {
            return factors[first].clone();
        }
        let split = order.split(first, last);
        let left = self.ordered(factors, order, first, split);
        let right = self.ordered(factors, order, split + 1, last);
        self.times(&left, &right)
    }

    /// Cᵀ C of a chain that is the transpose of itself read backwards: half of it is computed once.
    fn palindrome(&mut self, factors: &[ArrayTerm]) -> Option<ArrayTerm> {
        let n = factors.len();
        if n < 4 || !n.is_multiple_of(2) {
            return None;
        }
        let mirrored = (0..n / 2).all(|i| {
            let turned = self.turn(&factors[n - 1 - i]);
            turned.shape == factors[i].shape && same(&turned.form, &factors[i].form)
        });
        mirrored.then(|| {
            let half = self.chain(&factors[n / 2..]);
            let turned = self.turn(&half);
            self.times(&turned, &half)
        })
    }

    /// tr of a chain: the chain may be turned and cut anywhere, and its last product need not be computed.
    pub fn trace_of(&mut self, factors: &[ArrayTerm]) -> Id {
        let n = factors.len();
        let cost =
            |order: &Order, extents: &[Extent<Size>], a: usize, b: usize| order.cost(extents, a, b).0.magnitude();
        let alone = |term: &ArrayTerm| match term.form {
            ArrayForm::Inverse(..) => extent(term).rate.times(&term.shape.cols).magnitude(),
            _ => 0.0,
        };
        let mut best: Option<(f64, usize, usize)> = None;
        for turn in 0..n {
            let rotated: Vec<Extent<Size>> = (0..n).map(|i| extent(&factors[(turn + i) % n])).collect();
            let order = Order::best(&rotated, |_| None);
            for cut in 0..n - 1 {
                let mut own = cost(&order, &rotated, 0, cut) + cost(&order, &rotated, cut + 1, n - 1);
                // an inverse by itself has to be written out
                own += if cut == 0 { alone(&factors[turn]) } else { 0.0 };
                own += if cut == n - 2 { alone(&factors[(turn + n - 1) % n]) } else { 0.0 };
                if best.is_none_or(|(c, ..)| own < c) {
                    best = Some((own, turn, cut));
                }
            }
        }
        let (_, turn, cut) = best.unwrap_or((0.0, 0, 0));
        let rotated: Vec<ArrayTerm> = (0..n).map(|i| factors[(turn + i) % n].clone()).collect();
        let left = self.part(&rotated[..=cut]);
        let right = self.part(&rotated[cut + 1..]);
        let turned = self.turn(&right);
        self.inner_terms(&left, &turned)
    }

    /// The diagonal of a chain: its last product is not computed.
    pub fn diagonal_of_chain(&mut self, factors: &[ArrayTerm]) -> Id {
        let cut = factors.len() / 2;
        let left = self.part(&factors[..cut]);
        let right = self.part(&factors[cut..]);
        let turned = self.turn(&right);
        if dims_of(&left.shape).len() < 2 {
            let (u, v) = (self.entries(&left), self.entries(&turned));
            let product = self.scaled(u, v);
            return self.of_shape(product, &left.shape);
        }
        let dims = vec![left.shape.rows.clone()];
        let (a, b) = (self.written(&left), self.written(&turned));
        let (a, b) = (self.turned(a), self.turned(b));
        self.add(Operation::RowDots(a, b), dims)
    }

    fn part(&mut self, factors: &[ArrayTerm]) -> ArrayTerm {
        if let [one] = factors { one.clone() } else { self.chain(factors) }
    }

    /// Σ A ∘ B.
    pub fn inner_terms(&mut self, a: &ArrayTerm, b: &ArrayTerm) -> Id {
        match (&a.form, &b.form) {
            (ArrayForm::Sum(parts), _) | (_, ArrayForm::Sum(parts)) => {
                let other = if matches!(a.form, ArrayForm::Sum(_)) { b } else { a };
                // what is written out for a part serves the others: no terms are computed that then cancel
                let whole = |t: &ArrayTerm| matches!(t.form, ArrayForm::Dense(_) | ArrayForm::Inverse(..));
                if whole(other) && parts.iter().any(whole) {
                    let (x, y) = (self.written(a), self.written(b));
                    return self.inner(x, y);
                }
                let terms = parts.iter().map(|p| (false, self.inner_terms(p, other))).collect();
                self.sum(terms)
            }
            (ArrayForm::Identity(s), _) => self.on_diagonal_of(*s, b),
            (_, ArrayForm::Identity(s)) => self.on_diagonal_of(*s, a),
            (ArrayForm::Diagonal(v), _) => {
                let diagonal = self.diagonal_of(b);
                self.inner(*v, diagonal)
            }
            (_, ArrayForm::Diagonal(v)) => {
                let diagonal = self.diagonal_of(a);
                self.inner(*v, diagonal)
            }
            (ArrayForm::Outer(u, v), _) => self.paired(*u, b, *v),
            (_, ArrayForm::Outer(u, v)) => self.paired(*u, a, *v),
            (ArrayForm::Fill(s), _) => self.filled(*s, b),
            (_, ArrayForm::Fill(s)) => self.filled(*s, a),
            (ArrayForm::Dense(_) | ArrayForm::Inverse(..) | ArrayForm::Columns(_) | ArrayForm::Rows(_), _) => {
                let (x, y) = (self.written(a), self.written(b));
                self.inner(x, y)
            }
        }
    }

    fn on_diagonal_of(&mut self, s: Id, term: &ArrayTerm) -> Id {
        let matrix = self.written(term);
        let trace = self.add(Operation::Trace(matrix), vec![]);
        self.scaled(s, trace)
    }

    fn filled(&mut self, s: Id, term: &ArrayTerm) -> Id {
        let entries = self.written(term);
        let sum = self.total(entries, Axis::All);
        self.scaled(s, sum)
    }

    /// uᵀ A v.
    fn paired(&mut self, u: Id, a: &ArrayTerm, v: Id) -> Id {
        let column = ArrayTerm::dense(&Shape::vector(a.shape.cols.clone()), v);
        let product = self.times(a, &column);
        let product = self.written(&product);
        self.inner(u, product)
    }

    /// The diagonal of a term.
    pub fn diagonal_of(&mut self, term: &ArrayTerm) -> Id {
        let dims = vec![term.shape.rows.clone()];
        match &term.form {
            ArrayForm::Diagonal(v) | ArrayForm::Columns(v) | ArrayForm::Rows(v) => *v,
            ArrayForm::Identity(s) | ArrayForm::Fill(s) => self.add(Operation::Fill(*s), dims),
            ArrayForm::Outer(u, v) => self.scaled(*u, *v),
            ArrayForm::Dense(_) | ArrayForm::Inverse(..) | ArrayForm::Sum(_) => {
                let matrix = self.written(term);
                self.add(Operation::DiagonalOf(matrix), dims)
            }
        }
    }
}

/// Whether two forms are the same instructions.
fn same(a: &ArrayForm, b: &ArrayForm) -> bool {
    match (a, b) {
        (ArrayForm::Dense(x), ArrayForm::Dense(y)) => x == y,
        (ArrayForm::Inverse(f, s), ArrayForm::Inverse(g, t)) => f == g && s == t,
        (ArrayForm::Diagonal(x), ArrayForm::Diagonal(y)) => x == y,
        (
            ArrayForm::Dense(_)
            | ArrayForm::Inverse(..)
            | ArrayForm::Diagonal(_)
            | ArrayForm::Fill(_)
            | ArrayForm::Identity(_)
            | ArrayForm::Columns(_)
            | ArrayForm::Rows(_)
            | ArrayForm::Outer(..)
            | ArrayForm::Sum(_),
            _,
        ) => false,
    }
}
