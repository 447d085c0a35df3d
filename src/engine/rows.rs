//! Rows and columns that are scaled, beside elementwise products with the same matrix.

use super::analysis::Graph;
use super::language::Node;
use super::pattern::{Matched, reference};
use super::structural::{common_power, factors_of, steps_from};
use super::view::{Rewrite, class, members, references, whole};
use crate::expr::{Builtin, Expr, Op, Rational, Shape, add, builtin, had, mul, number, ones, pow};
use egg::Id;

/// Every rewrite of scaled rows and columns at a node of class `id` that looks for an equal form.
pub fn tidying(graph: &Graph, id: Id, node: &Node) -> Vec<Rewrite> {
    [scaled_beside(graph, id, node), factor_rows(graph, id, node)].into_iter().flatten().collect()
}

/// `B ∘ C + k diag(a) B = B ∘ (C + k a 𝟏ᵀ)`, and `B ∘ C + k B diag(a) = B ∘ (C + k 𝟏 aᵀ)`: what the pullback of softmax(X, rows)
/// is.
fn scaled_beside(graph: &Graph, id: Id, node: &Node) -> Option<Rewrite> {
    let above = graph.find(id);
    let shape = &graph[above].data.shape;
    let is_matrix = || !shape.rows.is_one() && !shape.cols.is_one();
    let [a, b] = node.args.as_slice() else { return None };
    if *node.op != Op::Add || !is_matrix() {
        return None;
    }
    [(a, b), (b, a)].into_iter().find_map(|(scaled, product)| {
        let scaled_first = scaled == a;
        let scaled = Scaled::of(graph, *scaled, above)?;
        let product = members(graph, *product, above).find(|n| has_factor(graph, n, scaled.matrix))?;
        let rest = without(graph, product, scaled.matrix);
        let sum = add(vec![had(rest), had([scaled.scalars, vec![scaled.spread]].concat())]);
        let to = had(vec![reference(graph, scaled.matrix), sum]);
        let seen = [scaled.seen, whole(graph, product)];
        let seen = if scaled_first { seen.to_vec() } else { seen.into_iter().rev().collect() };
        Some((Matched::Node(node.op.clone(), seen), to, "scaled_beside"))
    })
}

/// Of different powers of one column on the diagonals of all terms the lowest comes out:
/// `diag(a ∘ t) X + diag(b ∘ t²) Y = diag(t) (diag(a) X + diag(b ∘ t) Y)`, and the same of columns.
fn factor_rows(graph: &Graph, id: Id, node: &Node) -> Option<Rewrite> {
    if *node.op != Op::Add {
        return None;
    }
    let above = graph.find(id);
    [ScaledSide::Rows, ScaledSide::Columns].into_iter().find_map(|side| {
        let of = |a: &Id| Diagonal::of(graph, *a, above, side);
        let terms = node.args.iter().map(of).collect::<Option<Vec<Diagonal>>>()?;
        let all: Vec<(Matched, Vec<(Id, Expr)>)> = terms.iter().map(|t| (t.seen.clone(), t.factors.clone())).collect();
        let (base, (name, least)) =
            all[0].1.iter().find_map(|(base, _)| Some((*base, common_power(graph, &all, *base)?)))?;
        (!graph[base].data.shape.is_scalar()).then_some(())?;
        let rest = |t: &Diagonal| {
            let left = |(b, p): &(Id, Expr)| match *b == base {
                true => pow(reference(graph, *b), number(&steps_from(graph, p).1 + &-&least)),
                false => pow(reference(graph, *b), p.clone()),
            };
            let others: Vec<Expr> =
                t.factors.iter().filter(|(b, p)| !(*b == base && is_left(graph, p, &least))).map(left).collect();
            let (scalars, columns): (Vec<Expr>, Vec<Expr>) = others.into_iter().partition(Expr::is_scalar);
            let scaled = match columns.is_empty() {
                true => reference(graph, t.matrix),
                false => side.product(had(columns), reference(graph, t.matrix)),
            };
            had([t.scalars.clone(), scalars, vec![scaled]].concat())
        };
        let power = pow(reference(graph, base), add(vec![name, number(least.clone())]));
        let to = side.product(power, add(terms.iter().map(rest).collect()));
        let from = Matched::Node(node.op.clone(), terms.iter().map(|t| t.seen.clone()).collect());
        Some((from, to, "factor_rows"))
    })
}

/// Whether nothing is left of a power once the lowest is out.
fn is_left(graph: &Graph, exponent: &Expr, least: &Rational) -> bool {
    steps_from(graph, exponent).1 == *least
}

/// What a diagonal matrix scales.
#[derive(Clone, Copy, PartialEq)]
enum ScaledSide {
    Rows,
    Columns,
}

impl ScaledSide {
    fn product(self, diagonal: Expr, matrix: Expr) -> Expr {
        let diagonal = builtin(Builtin::Diag, diagonal);
        match self {
            ScaledSide::Rows => mul(vec![diagonal, matrix]),
            ScaledSide::Columns => mul(vec![matrix, diagonal]),
        }
    }
}

/// Scalars times a diagonal matrix, its diagonal as powers, times a matrix.
struct Diagonal {
    scalars: Vec<Expr>,
    factors: Vec<(Id, Expr)>,
    matrix: Id,
    seen: Matched,
}

impl Diagonal {
    fn of(graph: &Graph, id: Id, above: Id, side: ScaledSide) -> Option<Diagonal> {
        if let Some(alone) = Diagonal::product(graph, id, above, side) {
            return Some(alone);
        }
        members(graph, id, above).filter(|n| *n.op == Op::Had).find_map(|front| {
            let at = |i: usize| Some((i, Diagonal::product(graph, front.args[i], above, side)?));
            let (at, inner) = (0..front.args.len()).find_map(at)?;
            let others: Vec<Id> = (0..front.args.len()).filter(|i| *i != at).map(|i| front.args[i]).collect();
            others.iter().all(|a| graph[*a].data.shape.is_scalar()).then_some(())?;
            let mut seen: Vec<Matched> = front.args.iter().map(|a| class(graph, *a)).collect();
            seen[at] = inner.seen.clone();
            Some(Diagonal { scalars: references(graph, &others), seen: Matched::Node(front.op.clone(), seen), ..inner })
        })
    }

    fn product(graph: &Graph, id: Id, above: Id, side: ScaledSide) -> Option<Diagonal> {
        members(graph, id, above).filter(|n| *n.op == Op::Mul).find_map(|n| {
            let [left, right] = [n.args[0], n.args[1]];
            let (diagonal, matrix) = if side == ScaledSide::Rows { (left, right) } else { (right, left) };
            let d = members(graph, diagonal, above).find(|n| *n.op == Op::Builtin(Builtin::Diag))?;
            let (column, factors) = factors_of(graph, d.args[0], diagonal);
            let scaled = Matched::Node(d.op.clone(), vec![column]);
            let matrix_seen = class(graph, matrix);
            let seen = if side == ScaledSide::Rows { vec![scaled, matrix_seen] } else { vec![matrix_seen, scaled] };
            Some(Diagonal {
                scalars: vec![],
                factors,
                matrix: graph.find(matrix),
                seen: Matched::Node(n.op.clone(), seen),
            })
        })
    }
}

fn has_factor(graph: &Graph, product: &Node, matrix: Id) -> bool {
    let others = || product.args.iter().filter(|a| graph.find(**a) != matrix);
    *product.op == Op::Had
        && others().count() + 1 == product.args.len()
        && others().any(|a| !graph[*a].data.shape.is_scalar())
}

fn without(graph: &Graph, product: &Node, matrix: Id) -> Vec<Expr> {
    product.args.iter().filter(|a| graph.find(**a) != matrix).map(|a| reference(graph, *a)).collect()
}

/// Scalars times a diagonal matrix times a matrix, on either side.
struct Scaled {
    scalars: Vec<Expr>,
    matrix: Id,
    /// The diagonal, once a column or a row.
    spread: Expr,
    seen: Matched,
}

impl Scaled {
    fn of(graph: &Graph, id: Id, above: Id) -> Option<Scaled> {
        if let Some(alone) = Scaled::product(graph, id, above) {
            return Some(alone);
        }
        let front = members(graph, id, above).find(|n| *n.op == Op::Had)?;
        let (at, inner) =
            (0..front.args.len()).find_map(|i| Some((i, Scaled::product(graph, front.args[i], above)?)))?;
        let others: Vec<Id> = (0..front.args.len()).filter(|i| *i != at).map(|i| front.args[i]).collect();
        others.iter().all(|a| graph[*a].data.shape.is_scalar()).then_some(())?;
        let mut seen: Vec<Matched> = front.args.iter().map(|a| class(graph, *a)).collect();
        seen[at] = inner.seen.clone();
        Some(Scaled { scalars: references(graph, &others), seen: Matched::Node(front.op.clone(), seen), ..inner })
    }

    fn product(graph: &Graph, id: Id, above: Id) -> Option<Scaled> {
        let diagonal = |a: Id| members(graph, a, above).find(|n| *n.op == Op::Builtin(Builtin::Diag));
        members(graph, id, above).filter(|n| *n.op == Op::Mul).find_map(|n| {
            let [left, right] = [n.args[0], n.args[1]];
            let shape = |a: Id| graph[a].data.shape.clone();
            let scaled = |matrix: Id, spread: Expr, seen: [Matched; 2]| Scaled {
                scalars: vec![],
                matrix: graph.find(matrix),
                spread,
                seen: Matched::Node(n.op.clone(), seen.to_vec()),
            };
            match (diagonal(left), diagonal(right)) {
                (Some(d), _) => {
                    let row = ones(&Shape::new(crate::expr::Size::one(), shape(right).cols));
                    let spread = mul(vec![reference(graph, d.args[0]), row]);
                    Some(scaled(right, spread, [whole(graph, d), class(graph, right)]))
                }
                (None, Some(d)) => {
                    let column = ones(&Shape::vector(shape(left).rows));
                    let spread = mul(vec![column, crate::expr::transpose(reference(graph, d.args[0]))]);
                    Some(scaled(left, spread, [class(graph, left), whole(graph, d)]))
                }
                (None, None) => None,
            }
        })
    }
}
