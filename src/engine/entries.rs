//! Arrays of which every entry is known, told entry by entry: a e₁ + b e₃ is [a; 0; b], and zeros below where there are more.

use crate::expr::{Builtin, Expr, Op, Shape, Size, add, build, had, integer, zeros};

/// More entries than these stay as they are told.
const MAX_ENTRIES: usize = 16;

/// The term with every largest part of which all entries are known as the list of these.
pub fn listed(e: &Expr) -> Expr {
    if e.args().is_empty() {
        return e.clone();
    }
    own_list(e).unwrap_or_else(|| build(e.op().clone(), e.args().iter().map(listed).collect()))
}

/// A sum of which all entries are known as the list of these.
pub fn listed_sum(e: &Expr) -> Option<Expr> {
    if *e.op() == Op::Add { own_list(e) } else { None }
}

fn own_list(e: &Expr) -> Option<Expr> {
    let is_worth_it = !e.is_scalar() && (count(&e.shape().count()).is_some() || is_compound(e));
    let list = if is_worth_it { KnownEntries::of(e).map(|known| known.stacked(e.shape())) } else { None };
    list.filter(|list| list != e)
}

/// Whether there is more than a product of scalars and unit vectors.
fn is_compound(e: &Expr) -> bool {
    matches!(e.op(), Op::Add | Op::Block { .. }) || e.args().iter().any(|a| !a.is_scalar() && is_compound(a))
}

/// A size that is a number.
fn count(n: &Size) -> Option<usize> {
    n.as_constant().and_then(|n| usize::try_from(n).ok())
}

/// The entries of an array, row by row. Where a size is no number the first are known, and all others are 0.
struct KnownEntries {
    rows: usize,
    cols: usize,
    cells: Vec<Expr>,
}

impl KnownEntries {
    /// `None` where an entry is only known as one of a variable.
    fn of(e: &Expr) -> Option<KnownEntries> {
        if e.is_scalar() {
            return Some(KnownEntries { rows: 1, cols: 1, cells: vec![e.clone()] });
        }
        match e.op() {
            Op::Ones(s) => KnownEntries::numbers(count(&s.rows)?, count(&s.cols)?, |_, _| 1),
            Op::Eye(n) => KnownEntries::numbers(count(n)?, count(n)?, |i, j| i64::from(i == j)),
            Op::Zeros(s) => KnownEntries::numbers(count(&s.rows).unwrap_or(0), count(&s.cols).unwrap_or(0), |_, _| 0),
            Op::Unit(n, at) => {
                let at = count(at)?;
                KnownEntries::numbers(count(n).unwrap_or(at), 1, |i, _| i64::from(i + 1 == at))
            }
            Op::Add | Op::Had | Op::Transpose | Op::Mul | Op::Kron | Op::Block { .. } | Op::Builtin(Builtin::Diag) => {
                KnownEntries::combined(e)
            }
            _ => None,
        }
    }

    fn numbers(rows: usize, cols: usize, entry: impl Fn(usize, usize) -> i64) -> Option<KnownEntries> {
        KnownEntries::filled(rows, cols, |i, j| Some(integer(entry(i, j))))
    }

    fn filled(rows: usize, cols: usize, entry: impl Fn(usize, usize) -> Option<Expr>) -> Option<KnownEntries> {
        rows.checked_mul(cols).filter(|n| *n <= MAX_ENTRIES)?;
        let places = (0..rows).flat_map(|i| (0..cols).map(move |j| (i, j)));
        let cells = places.map(|(i, j)| entry(i, j)).collect::<Option<_>>()?;
        Some(KnownEntries { rows, cols, cells })
    }

    /// Of what an operator places, adds up and multiplies.
    fn combined(e: &Expr) -> Option<KnownEntries> {
        if let Op::Block { cols, .. } = e.op() {
            return KnownEntries::of_blocks(*cols, e.args());
        }
        let args: Vec<KnownEntries> = e.args().iter().map(KnownEntries::of).collect::<Option<_>>()?;
        let arrays = || e.args().iter().zip(&args).filter(|(a, _)| !a.is_scalar()).map(|(_, known)| known);
        let (first, last) = (arrays().next()?, arrays().next_back()?);
        let (rows, cols) = match e.op() {
            Op::Transpose => (first.cols, first.rows),
            Op::Builtin(_) => (first.rows, first.rows),
            Op::Mul => (first.rows, last.cols),
            Op::Kron => {
                count(&e.args().last()?.shape().count())?;
                (args.iter().map(|a| a.rows).product(), args.iter().map(|a| a.cols).product())
            }
            _ => (arrays().map(|a| a.rows).max()?, arrays().map(|a| a.cols).max()?),
        };
        KnownEntries::filled(rows, cols, |i, j| cell(e.op(), &args, i, j))
    }

    /// What is no number of rows or columns stands last, so that it is known where all others are.
    fn of_blocks(cols: usize, blocks: &[Expr]) -> Option<KnownEntries> {
        let before = |sizes: Vec<&Size>| {
            let (_, firsts) = sizes.split_last()?;
            firsts.iter().try_fold(vec![0], |mut starts: Vec<usize>, n| {
                starts.push(starts.last()? + count(n)?);
                Some(starts)
            })
        };
        let tops = before(blocks.chunks(cols).map(|row| &row[0].shape().rows).collect())?;
        let lefts = before(blocks[..cols].iter().map(|b| &b.shape().cols).collect())?;
        let known: Vec<KnownEntries> = blocks.iter().map(KnownEntries::of).collect::<Option<_>>()?;
        let rows = tops.last()? + known[known.len() - cols..].iter().map(|b| b.rows).max()?;
        let width = lefts.last()? + known.iter().skip(cols - 1).step_by(cols).map(|b| b.cols).max()?;
        KnownEntries::filled(rows, width, |i, j| {
            let (down, across) = (tops.iter().rposition(|t| *t <= i)?, lefts.iter().rposition(|l| *l <= j)?);
            Some(known[down * cols + across].at(i - tops[down], j - lefts[across]))
        })
    }

    fn at(&self, i: usize, j: usize) -> Expr {
        if i < self.rows && j < self.cols { self.cells[i * self.cols + j].clone() } else { integer(0) }
    }

    /// The entry at a place; a scalar is a factor of each.
    fn factor_at(&self, i: usize, j: usize) -> Expr {
        if self.cells.len() == 1 { self.cells[0].clone() } else { self.at(i, j) }
    }

    /// The array, with zeros where it goes on.
    fn stacked(&self, shape: &Shape) -> Expr {
        let heights = with_rest(self.rows, &shape.rows);
        let widths = with_rest(self.cols, &shape.cols);
        let cell = |i: usize, j: usize| match i < self.rows && j < self.cols {
            true => self.at(i, j),
            false => zeros(&Shape::new(heights[i].clone(), widths[j].clone())),
        };
        let cells = (0..heights.len()).flat_map(|i| (0..widths.len()).map(move |j| (i, j))).map(|(i, j)| cell(i, j));
        build(Op::Block { rows: heights.len(), cols: widths.len() }, cells.collect())
    }
}

/// So many ones, and what is left of n.
fn with_rest(known: usize, n: &Size) -> Vec<Size> {
    let rest = n.minus(&Size::constant(known as i64));
    let has_rest = rest.as_constant() != Some(0);
    (0..known).map(|_| Size::one()).chain(has_rest.then_some(rest)).collect()
}

/// An entry of what an operator makes of arrays; `None` of an operator that does more than place, add and multiply.
fn cell(op: &Op, args: &[KnownEntries], i: usize, j: usize) -> Option<Expr> {
    match (op, args) {
        (Op::Add, _) => Some(add(args.iter().map(|a| a.at(i, j)).collect())),
        (Op::Had, _) => Some(had(args.iter().map(|a| a.factor_at(i, j)).collect())),
        (Op::Transpose, [a]) => Some(a.at(j, i)),
        (Op::Builtin(Builtin::Diag), [a]) => Some(if i == j { a.at(i, 0) } else { integer(0) }),
        (Op::Kron, [a, b]) => Some(had(vec![a.at(i / b.rows, j / b.cols), b.at(i % b.rows, j % b.cols)])),
        (Op::Mul, [first, rest @ ..]) => {
            let row: Vec<Expr> = (0..first.cols).map(|k| first.at(i, k)).collect();
            Some(rest.iter().fold(row, |row, b| row_times(&row, b)).get(j)?.clone())
        }
        _ => None,
    }
}

fn row_times(row: &[Expr], b: &KnownEntries) -> Vec<Expr> {
    let term = |(k, x): (usize, &Expr), j: usize| had(vec![x.clone(), b.at(k, j)]);
    (0..b.cols).map(|j| add(row.iter().enumerate().map(|at| term(at, j)).collect())).collect()
}
