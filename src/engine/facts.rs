//! What is known of a term: declared of its variables, and what theory makes of it. Unknown is never taken for true.

use super::analysis::{Class, Context, FactSet, Graph, Varying, rebuild};
use super::language::{Node, to_rec};
use super::normal::normal_form;
use crate::expr::{Axis, Builtin, Expr, Function, Map, Op, Positivity, Symbol, builtin, is_zero, transpose};
use crate::program::Input;
use crate::rules::Fact;
use crate::syntax::Attribute;
use egg::Id;
use std::collections::BTreeMap;

/// The facts the engine may use of each variable.
pub fn declared(inputs: &[Input]) -> BTreeMap<Symbol, Vec<Fact>> {
    inputs.iter().map(|i| (i.name.clone(), i.attributes.iter().flat_map(implied).collect())).collect()
}

/// What is known of a term when this is known of its variables.
pub fn known(e: &Expr, facts: &BTreeMap<Symbol, Vec<Fact>>) -> Vec<Fact> {
    let mut graph = Graph::new(Context { varying: Varying::On(vec![]), facts: facts.clone() });
    let root = graph.add_expr(&to_rec(e));
    rebuild(&mut graph);
    let known = graph[root].data.facts;
    let is_own_transpose = || e.shape().is_square() && !e.is_scalar() && own_transpose(e, &graph.analysis);
    let symmetric = known.has(Fact::Symmetric) || is_own_transpose();
    let known = known.with(Fact::Symmetric, symmetric);
    let centred = is_centred(e, &graph.analysis).then_some(Fact::Centred);
    KNOWABLE.iter().copied().filter(|f| known.has(*f)).chain(centred).collect()
}

/// Whether a term speaks of means, sums or ones, by which alone something is centred.
pub fn may_centre(e: &Expr) -> bool {
    let own = matches!(e.op(), Op::Ones(_) | Op::Builtin(Builtin::Mean | Builtin::Sum(_)));
    own || e.args().iter().any(may_centre)
}

/// `x − mean(x)`: the sum of the entries is 0 whatever x is.
fn is_centred(e: &Expr, context: &Context) -> bool {
    let column = e.shape().cols.is_one() && !e.is_scalar();
    let about_centred = || e.has_variable(|name| context.knows(name, Fact::Centred));
    column
        && (may_centre(e) || about_centred())
        && is_zero(&normal_form(&builtin(Builtin::Sum(Axis::All), e.clone()), context).term)
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
        Attribute::Onehot | Attribute::Distribution => vec![Fact::Distribution],
        Attribute::OnehotRows | Attribute::StochasticRows => vec![Fact::StochasticRows],
        Attribute::Invertible | Attribute::Negative | Attribute::Mask | Attribute::Labels | Attribute::Constant => {
            vec![]
        }
    }
}

/// The facts of a node, from those of its arguments.
pub fn of_node(graph: &Graph, node: &Node, children: &[&Class]) -> FactSet {
    let found = KNOWABLE.into_iter().zip(bases(&node.op)).filter(|f| holds(graph, node, children, *f));
    let facts: FactSet = found.map(|(fact, _)| fact).collect();
    let facts = [Fact::Distribution, Fact::StochasticRows, Fact::Centred]
        .into_iter()
        .fold(facts, |facts, fact| facts.with(fact, has_known_sum(graph, node, fact)));
    facts.with(Fact::Semidefinite, facts.has(Fact::Definite))
}

/// What adds up to 1: what is declared to, a column of the identity, and what softmax makes; and to 0: what was found to.
fn has_known_sum(graph: &Graph, node: &Node, fact: Fact) -> bool {
    match &*node.op {
        Op::Variable(v) => graph.analysis.knows(&v.name, fact),
        Op::Unit(..) => fact == Fact::Distribution,
        Op::Builtin(Builtin::Softmax(Axis::All)) => fact == Fact::Distribution,
        Op::Builtin(Builtin::Softmax(Axis::Rows)) => fact == Fact::StochasticRows,
        _ => false,
    }
}

/// The facts that theory hands from terms to terms.
const KNOWABLE: [Fact; 6] =
    [Fact::Symmetric, Fact::Diagonal, Fact::Orthogonal, Fact::Semidefinite, Fact::Definite, Fact::Positive];

/// Whether a class has a fact; of scalars, the facts of 1 × 1 matrices.
fn is(c: &Class, fact: Fact) -> bool {
    let scalar = c.shape.is_scalar()
        && match fact {
            Fact::Symmetric | Fact::Diagonal => true,
            Fact::Semidefinite | Fact::Definite => c.facts.has(Fact::Positive),
            Fact::Distribution | Fact::StochasticRows | Fact::Centred => false,
            Fact::Orthogonal | Fact::Positive | Fact::Varying | Fact::Constant | Fact::Invertible | Fact::InDomain => {
                false
            }
        };
    scalar || c.facts.has(fact)
}

fn all(children: &[&Class], fact: Fact) -> bool {
    !children.is_empty() && children.iter().all(|c| is(c, fact))
}

/// What a fact of a node rests on.
#[derive(Clone, Copy)]
enum Basis {
    /// Nothing: it holds, or it is not known to.
    Is(bool),
    /// The declaration of the variable.
    Declared,
    /// The same fact of every argument.
    All,
    /// The same fact of one argument at least that is no scalar: every scalar is a diagonal matrix, and makes nothing
    /// else one.
    Any,
    /// Another fact of the first argument.
    First(Fact),
    /// Every argument is semidefinite, and one definite.
    OneDefinite,
    /// A product Aᵀ A, or Aᵀ S A where S has the fact.
    Gram,
    /// The same, or a product of diagonal matrices.
    GramOrDiagonal,
    /// Positivity as the table of the functions of arrays says.
    OfBuiltin(Builtin),
}

const YES: Basis = Basis::Is(true);
const NO: Basis = Basis::Is(false);

/// What the facts of a node rest on, in the order symmetric, diagonal, orthogonal, semidefinite, definite, positive. The
/// elementwise product of semidefinite matrices is semidefinite by Schur's theorem.
fn bases(op: &Op) -> [Basis; 6] {
    use Basis::{All, Any, Declared, First, Gram, GramOrDiagonal, Is, OfBuiltin, OneDefinite};
    let never_but_positive = |positive: Basis| [NO, NO, NO, NO, NO, positive];
    match op {
        Op::Variable(_) => [Declared, Declared, Declared, NO, Declared, Declared],
        Op::Eye(_) => [YES, YES, YES, NO, YES, NO],
        Op::Commutation(..) => [NO, NO, YES, NO, NO, NO],
        Op::Ones(s) => [Is(s.is_square()), NO, NO, NO, NO, YES],
        Op::Zeros(s) => [Is(s.is_square()), Is(s.is_square()), NO, NO, NO, NO],
        Op::Add => [All, All, NO, All, OneDefinite, All],
        Op::Had => [All, Any, NO, All, All, All],
        Op::Mul => [GramOrDiagonal, All, All, Gram, NO, All],
        Op::Kron | Op::Transpose => [All, All, All, All, All, All],
        Op::Inverse => [All, All, All, NO, All, NO],
        Op::MatrixPower(1..) => [All, All, All, All, All, NO],
        Op::MatrixPower(_) => [All, All, All, NO, NO, NO],
        Op::Pow => [First(Fact::Symmetric), NO, NO, NO, NO, First(Fact::Positive)],
        Op::Map(m) => [All, NO, NO, NO, NO, Is(positive_map(m))],
        Op::Field(f) => [Is(f.is_second()), NO, NO, NO, NO, NO],
        Op::Builtin(Builtin::Diag) => [YES, YES, NO, NO, First(Fact::Positive), NO],
        Op::Builtin(b) => never_but_positive(OfBuiltin(*b)),
        Op::Number(n) => never_but_positive(Is(!n.is_zero() && !n.is_negative())),
        Op::SizeNumber(n) => never_but_positive(Is(n.as_constant().is_some_and(|k| k > 0) || n.as_name().is_some())),
        Op::Constant(_) => never_but_positive(YES),
        Op::Block { .. } | Op::Slice { .. } | Op::Unvec(..) | Op::Inner => never_but_positive(All),
        Op::Unit(..) | Op::Tril(_) | Op::Duplication(_) | Op::Differential => [NO; 6],
    }
}

fn holds(graph: &Graph, node: &Node, children: &[&Class], (fact, basis): (Fact, Basis)) -> bool {
    match basis {
        Basis::Is(known) => known,
        Basis::Declared => matches!(&*node.op, Op::Variable(v) if graph.analysis.knows(&v.name, fact)),
        Basis::All => all(children, fact),
        Basis::Any => children.iter().any(|c| !c.shape.is_scalar() && c.facts.has(fact)),
        Basis::First(other) => is(children[0], other),
        Basis::OneDefinite => all(children, Fact::Semidefinite) && children.iter().any(|c| is(c, Fact::Definite)),
        Basis::Gram => gram(graph, node, fact),
        Basis::GramOrDiagonal => all(children, Fact::Diagonal) || gram(graph, node, fact),
        Basis::OfBuiltin(b) => positive_builtin(b, children[0]),
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
