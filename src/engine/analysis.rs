//! What the engine knows of every e-class: its shape, its value when it is a number, whether it varies.

use super::language::Node;
use crate::expr::{Name, Op, Rational, Shape, derive_shape};
use crate::rules::Fact;
use egg::{Analysis, DidMerge, EGraph, Id};
use std::collections::BTreeMap;

/// The e-graph of a phase.
pub type Graph = EGraph<Node, Context>;

/// What "varying" means in a phase.
#[derive(Clone, Debug)]
pub enum Varying {
    /// Depends on one of these names: the phase that pushes differentials inwards.
    On(Vec<Name>),
    /// Holds a differential: the phases that treat a differential as a linear map of d X.
    Differential,
}

/// The context of one phase: what varies, and what is known of the variables.
#[derive(Clone, Debug)]
pub struct Context {
    /// What "varying" means.
    pub varying: Varying,
    /// What is known of each variable.
    pub facts: BTreeMap<Name, Vec<Fact>>,
}

/// The analysis data of an e-class.
#[derive(Clone, Debug)]
pub struct Class {
    /// The shape of every member.
    pub shape: Shape,
    /// Its value, when it is a number.
    pub number: Option<Rational>,
    /// Known to be zero.
    pub zero: bool,
    /// Whether it varies.
    pub varying: bool,
    /// Known to be symmetric.
    pub symmetric: bool,
    /// Known to be orthogonal.
    pub orthogonal: bool,
}

impl Class {
    /// A class of which only the shape is known.
    pub fn unknown(shape: Shape) -> Class {
        Class { shape, number: None, zero: false, varying: false, symmetric: false, orthogonal: false }
    }

    fn same_facts(&self, other: &Class) -> bool {
        let flags = |c: &Class| (c.zero, c.varying, c.symmetric, c.orthogonal);
        self.number == other.number && flags(self) == flags(other)
    }
}

impl Context {
    /// Whether a fact is known of a variable.
    pub fn knows(&self, name: &Name, fact: Fact) -> bool {
        self.facts.get(name).is_some_and(|facts| facts.contains(&fact))
    }

    fn varies(&self, node: &Node, children: &[&Class]) -> bool {
        match (&*node.op, &self.varying) {
            (Op::Variable(v), Varying::On(names)) => names.contains(&v.name),
            (Op::Differential, Varying::Differential) => true,
            (_, Varying::On(_) | Varying::Differential) => children.iter().any(|c| c.varying),
        }
    }

    /// Symmetric for sure: declared, or by its form. Unknown is not true.
    fn symmetric(&self, node: &Node, children: &[&Class]) -> bool {
        let all = children.iter().all(|c| c.symmetric || c.shape.is_scalar());
        match &*node.op {
            Op::Variable(v) => self.knows(&v.name, Fact::Symmetric),
            Op::Eye(_) => true,
            Op::Ones(s) | Op::Zeros(s) => s.is_square(),
            Op::Builtin(crate::expr::Builtin::Diag) => true,
            Op::Add | Op::Had | Op::Transpose | Op::Inverse | Op::MatrixPower(_) | Op::Map(_) => {
                all && !children.is_empty()
            }
            Op::Pow => children[0].symmetric,
            Op::Number(_)
            | Op::SizeNumber(_)
            | Op::Constant(_)
            | Op::Unit(..)
            | Op::Tril(_)
            | Op::Commutation(..)
            | Op::Mul
            | Op::Kron
            | Op::Builtin(_)
            | Op::Unvec(..)
            | Op::Block { .. }
            | Op::Slice { .. }
            | Op::Differential
            | Op::Inner => false,
        }
    }
}

impl Context {
    fn orthogonal(&self, node: &Node, children: &[&Class]) -> bool {
        match &*node.op {
            Op::Variable(v) => self.knows(&v.name, Fact::Orthogonal),
            Op::Eye(_) => true,
            Op::Transpose | Op::Inverse | Op::Mul | Op::MatrixPower(_) => children.iter().all(|c| c.orthogonal),
            Op::Number(_)
            | Op::SizeNumber(_)
            | Op::Constant(_)
            | Op::Ones(_)
            | Op::Zeros(_)
            | Op::Unit(..)
            | Op::Tril(_)
            | Op::Commutation(..)
            | Op::Add
            | Op::Had
            | Op::Kron
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
}

/// `Aᵀ A`, `A Aᵀ` and `Aᵀ S A` with S symmetric are symmetric.
fn is_gram(graph: &Graph, node: &Node) -> bool {
    let (Op::Mul, [a, b]) = (&*node.op, node.args.as_slice()) else { return false };
    let transposed = |a: Id, b: Id| {
        let is = |x: Id, y: Id| {
            graph[x].nodes.iter().any(|n| *n.op == Op::Transpose && graph.find(n.args[0]) == graph.find(y))
        };
        is(a, b) || is(b, a)
    };
    let sandwich = |n: &Node| *n.op == Op::Mul && graph[n.args[0]].data.symmetric && transposed(*a, n.args[1]);
    transposed(*a, *b) || graph[*b].nodes.iter().any(sandwich)
}

impl Analysis<Node> for Context {
    type Data = Class;

    fn make(graph: &mut Graph, node: &Node, _id: Id) -> Class {
        let children: Vec<&Class> = node.args.iter().map(|id| &graph[*id].data).collect();
        let shapes: Vec<Shape> = children.iter().map(|c| c.shape.clone()).collect();
        let shape = derive_shape(&node.op, &shapes)
            .unwrap_or_else(|| panic!("{:?} of {shapes:?}: a rule broke shapes", node.op));
        let number = match &*node.op {
            Op::Number(n) => Some(n.clone()),
            _ => None,
        };
        let zero = number.as_ref().is_some_and(Rational::is_zero) || matches!(&*node.op, Op::Zeros(_));
        let symmetric = graph.analysis.symmetric(node, &children) || is_gram(graph, node);
        let varying = graph.analysis.varies(node, &children);
        let orthogonal = graph.analysis.orthogonal(node, &children);
        Class { shape, number, zero, varying, symmetric, orthogonal }
    }

    /// Members of a class are equal: it varies only if every member does, and is whatever any member is known to be.
    fn merge(&mut self, a: &mut Class, b: Class) -> DidMerge {
        assert_eq!(a.shape, b.shape, "a rule united terms of different shapes");
        let mut merged = a.clone();
        merged.number = merged.number.or_else(|| b.number.clone());
        merged.zero |= b.zero;
        merged.varying &= b.varying;
        merged.symmetric |= b.symmetric;
        merged.orthogonal |= b.orthogonal;
        let differs = |c: &Class| !c.same_facts(&merged);
        let result = DidMerge(differs(a), differs(&b));
        *a = merged;
        result
    }
}
