//! What is known of a term: declared of its variables, and what theory makes of it. Unknown is never taken for true.

use super::analysis::{Class, Context, Graph, Varying};
use super::language::{Node, to_rec};
use super::normal::normal_form;
use crate::expr::{Builtin, Expr, Function, Map, Name, Op, Positivity, transpose};
use crate::program::Input;
use crate::rules::Fact;
use crate::syntax::Attribute;
use egg::Id;
use std::collections::BTreeMap;

/// A set of facts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct FactSet(u16);

impl FactSet {
    /// Whether the fact is known.
    pub fn has(self, fact: Fact) -> bool {
        self.0 & (1 << fact as u16) != 0
    }

    /// Both what is known here and there.
    pub fn union(self, other: FactSet) -> FactSet {
        FactSet(self.0 | other.0)
    }

    fn with(self, fact: Fact, known: bool) -> FactSet {
        if known { FactSet(self.0 | 1 << fact as u16) } else { self }
    }
}

impl FromIterator<Fact> for FactSet {
    fn from_iter<I: IntoIterator<Item = Fact>>(facts: I) -> FactSet {
        facts.into_iter().fold(FactSet::default(), |set, f| set.with(f, true))
    }
}

/// The facts the engine may use of each variable.
pub fn declared(inputs: &[Input]) -> BTreeMap<Name, Vec<Fact>> {
    inputs.iter().map(|i| (i.name.clone(), i.attributes.iter().flat_map(implied).collect())).collect()
}

/// What is known of a term when this is known of its variables.
pub fn known(e: &Expr, facts: &BTreeMap<Name, Vec<Fact>>) -> Vec<Fact> {
    let mut graph = Graph::new(Context { varying: Varying::On(vec![]), facts: facts.clone() });
    let root = graph.add_expr(&to_rec(e));
    graph.rebuild();
    let known = graph[root].data.facts;
    let is_own_transpose = || e.shape().is_square() && !e.is_scalar() && own_transpose(e, &graph.analysis);
    let symmetric = known.has(Fact::Symmetric) || is_own_transpose();
    let known = known.with(Fact::Symmetric, symmetric);
    KNOWABLE.iter().copied().filter(|f| known.has(*f)).collect()
}

/// `A + Aᵀ`: no part of it need be symmetric.
fn own_transpose(e: &Expr, context: &Context) -> bool {
    normal_form(e, context).term == normal_form(&transpose(e.clone()), context).term
}

/// What a declaration says, with what follows from it.
fn implied(attribute: &Attribute) -> Vec<Fact> {
    match attribute {
        Attribute::Symmetric => vec![Fact::Symmetric],
        Attribute::Diagonal => vec![Fact::Symmetric, Fact::Diagonal],
        Attribute::Spd => vec![Fact::Symmetric, Fact::Definite, Fact::Semidefinite],
        Attribute::Orthogonal => vec![Fact::Orthogonal],
        Attribute::Positive => vec![Fact::Positive],
        Attribute::Invertible | Attribute::Negative | Attribute::Constant => vec![],
    }
}

/// The facts of a node, from those of its arguments.
pub fn of_node(graph: &Graph, node: &Node, children: &[&Class]) -> FactSet {
    let known = |fact: Fact| FactSet::default().with(fact, holds(graph, node, children, fact));
    KNOWABLE.iter().fold(FactSet::default(), |set, f| set.union(known(*f)))
}

/// The facts that theory hands from terms to terms.
const KNOWABLE: [Fact; 6] =
    [Fact::Symmetric, Fact::Diagonal, Fact::Orthogonal, Fact::Semidefinite, Fact::Definite, Fact::Positive];

fn holds(graph: &Graph, node: &Node, children: &[&Class], fact: Fact) -> bool {
    match fact {
        Fact::Symmetric => symmetric(graph, node, children),
        Fact::Diagonal => diagonal(&graph.analysis, node, children),
        Fact::Orthogonal => orthogonal(&graph.analysis, node, children),
        Fact::Semidefinite => semidefinite(graph, node, children) || definite(graph, node, children),
        Fact::Definite => definite(graph, node, children),
        Fact::Positive => positive(&graph.analysis, node, children),
        Fact::Varying | Fact::Constant | Fact::Invertible | Fact::InDomain => false,
    }
}

/// Whether a class has a fact; of scalars, the facts of 1 × 1 matrices.
fn is(c: &Class, fact: Fact) -> bool {
    let scalar = c.shape.is_scalar()
        && match fact {
            Fact::Symmetric | Fact::Diagonal => true,
            Fact::Semidefinite | Fact::Definite => c.facts.has(Fact::Positive),
            Fact::Orthogonal | Fact::Positive | Fact::Varying | Fact::Constant | Fact::Invertible | Fact::InDomain => {
                false
            }
        };
    scalar || c.facts.has(fact)
}

fn all(children: &[&Class], fact: Fact) -> bool {
    !children.is_empty() && children.iter().all(|c| is(c, fact))
}

fn knows(context: &Context, node: &Node, fact: Fact) -> bool {
    matches!(&*node.op, Op::Variable(v) if context.knows(&v.name, fact))
}

fn symmetric(graph: &Graph, node: &Node, children: &[&Class]) -> bool {
    match &*node.op {
        Op::Variable(_) => knows(&graph.analysis, node, Fact::Symmetric),
        Op::Eye(_) | Op::Builtin(Builtin::Diag) => true,
        Op::Ones(s) | Op::Zeros(s) => s.is_square(),
        Op::Add | Op::Had | Op::Kron | Op::Transpose | Op::Inverse | Op::MatrixPower(_) | Op::Map(_) => {
            all(children, Fact::Symmetric)
        }
        Op::Pow => is(children[0], Fact::Symmetric),
        Op::Mul => all(children, Fact::Diagonal) || gram(graph, node, Fact::Symmetric),
        Op::Number(_)
        | Op::SizeNumber(_)
        | Op::Constant(_)
        | Op::Unit(..)
        | Op::Tril(_)
        | Op::Commutation(..)
        | Op::Builtin(_)
        | Op::Unvec(..)
        | Op::Block { .. }
        | Op::Slice { .. }
        | Op::Differential
        | Op::Inner => false,
    }
}

fn diagonal(context: &Context, node: &Node, children: &[&Class]) -> bool {
    match &*node.op {
        Op::Variable(_) => knows(context, node, Fact::Diagonal),
        Op::Eye(_) | Op::Builtin(Builtin::Diag) => true,
        Op::Add | Op::Mul | Op::Kron | Op::Transpose | Op::Inverse | Op::MatrixPower(_) => {
            all(children, Fact::Diagonal)
        }
        Op::Had => children.iter().any(|c| c.facts.has(Fact::Diagonal)),
        Op::Zeros(s) => s.is_square(),
        Op::Number(_)
        | Op::SizeNumber(_)
        | Op::Constant(_)
        | Op::Ones(_)
        | Op::Unit(..)
        | Op::Tril(_)
        | Op::Commutation(..)
        | Op::Pow
        | Op::Map(_)
        | Op::Builtin(_)
        | Op::Unvec(..)
        | Op::Block { .. }
        | Op::Slice { .. }
        | Op::Differential
        | Op::Inner => false,
    }
}

fn orthogonal(context: &Context, node: &Node, children: &[&Class]) -> bool {
    match &*node.op {
        Op::Variable(_) => knows(context, node, Fact::Orthogonal),
        Op::Eye(_) => true,
        Op::Commutation(..) => true,
        Op::Transpose | Op::Inverse | Op::Mul | Op::Kron | Op::MatrixPower(_) => all(children, Fact::Orthogonal),
        Op::Number(_)
        | Op::SizeNumber(_)
        | Op::Constant(_)
        | Op::Ones(_)
        | Op::Zeros(_)
        | Op::Unit(..)
        | Op::Tril(_)
        | Op::Add
        | Op::Had
        | Op::Pow
        | Op::Map(_)
        | Op::Builtin(_)
        | Op::Unvec(..)
        | Op::Block { .. }
        | Op::Slice { .. }
        | Op::Differential
        | Op::Inner => false,
    }
}

/// Symmetric with xᵀ A x ≥ 0: sums and positive multiples of such, and Gram matrices.
fn semidefinite(graph: &Graph, node: &Node, children: &[&Class]) -> bool {
    match &*node.op {
        Op::Mul => gram(graph, node, Fact::Semidefinite),
        op => closed_under(op) && all(children, Fact::Semidefinite),
    }
}

/// Symmetric with xᵀ A x > 0 for x ≠ 0.
fn definite(graph: &Graph, node: &Node, children: &[&Class]) -> bool {
    match &*node.op {
        Op::Variable(_) => knows(&graph.analysis, node, Fact::Definite),
        Op::Eye(_) => true,
        // one definite term makes the sum definite
        Op::Add => all(children, Fact::Semidefinite) && children.iter().any(|c| is(c, Fact::Definite)),
        Op::Inverse => all(children, Fact::Definite),
        Op::Builtin(Builtin::Diag) => is(children[0], Fact::Positive),
        op => closed_under(op) && all(children, Fact::Definite),
    }
}

/// Operators that keep (semi)definite matrices so; the elementwise product by Schur's theorem.
fn closed_under(op: &Op) -> bool {
    matches!(op, Op::Add | Op::Had | Op::Kron | Op::Transpose | Op::MatrixPower(1..))
}

/// Every entry above 0.
fn positive(context: &Context, node: &Node, children: &[&Class]) -> bool {
    match &*node.op {
        Op::Variable(_) => knows(context, node, Fact::Positive),
        Op::Number(n) => !n.is_zero() && !n.is_negative(),
        Op::SizeNumber(n) => n.as_constant().is_some_and(|k| k > 0) || n.as_name().is_some(),
        Op::Constant(_) | Op::Ones(_) => true,
        Op::Add
        | Op::Had
        | Op::Mul
        | Op::Kron
        | Op::Transpose
        | Op::Block { .. }
        | Op::Slice { .. }
        | Op::Unvec(..) => all(children, Fact::Positive),
        Op::Pow => is(children[0], Fact::Positive),
        Op::Map(m) => positive_map(m),
        Op::Builtin(b) => positive_builtin(*b, children[0]),
        Op::Inner => all(children, Fact::Positive),
        Op::Zeros(_)
        | Op::Eye(_)
        | Op::Unit(..)
        | Op::Tril(_)
        | Op::Commutation(..)
        | Op::Inverse
        | Op::MatrixPower(_)
        | Op::Differential => false,
    }
}

fn positive_map(m: &Map) -> bool {
    m.order == 0 && matches!(m.function, Function::Builtin(f) if f.about().positive)
}

fn positive_builtin(b: Builtin, a: &Class) -> bool {
    match b.about().positive {
        Positivity::Always => true,
        Positivity::OfPositive => is(a, Fact::Positive),
        Positivity::OfDefinite => is(a, Fact::Definite),
        Positivity::OfEither => is(a, Fact::Positive) || is(a, Fact::Definite),
        Positivity::Unknown => false,
    }
}

/// `Aᵀ A`, `A Aᵀ`, and `Aᵀ S A`, which has the fact if S has it.
fn gram(graph: &Graph, node: &Node, fact: Fact) -> bool {
    let (Op::Mul, [a, b]) = (&*node.op, node.args.as_slice()) else { return false };
    let transposed = |a: Id, b: Id| {
        // the transpose of ones is written as ones
        let is_transpose = |n: &Node, y: Id| match (&*n.op, n.args.as_slice()) {
            (Op::Transpose, [x]) => graph.find(*x) == graph.find(y),
            (op, _) => matches!(op, Op::Ones(s) if graph[y].nodes.iter().any(|m| *m.op == Op::Ones(s.transposed()))),
        };
        let is = |x: Id, y: Id| graph[x].nodes.iter().any(|n| is_transpose(n, y));
        is(a, b) || is(b, a)
    };
    let sandwich = |n: &Node| *n.op == Op::Mul && is(&graph[n.args[0]].data, fact) && transposed(*a, n.args[1]);
    transposed(*a, *b) || graph[*b].nodes.iter().any(sandwich)
}
