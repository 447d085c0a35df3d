//! What the engine knows of every e-class: its shape, its value when it is a number, whether it varies, its facts.

use super::facts::{self, FactSet};
use super::language::Node;
use crate::expr::{Op, Rational, Shape, Symbol, derive_shape};
use crate::rules::Fact;
use egg::{Analysis, DidMerge, EGraph, Id};
use std::collections::BTreeMap;

/// The e-graph of a phase.
pub type Graph = EGraph<Node, Context>;

/// Restores the invariants of an e-graph after unions. egg times that for its log, and to calibrate its clock would take
/// longer than many a derivation: it reads one that stands still.
#[expect(clippy::disallowed_methods, reason = "this is the one place")]
pub fn rebuild(graph: &mut Graph) {
    quanta::with_clock(&quanta::Clock::mock().0, || graph.rebuild());
}

/// What "varying" means in a phase.
#[derive(Clone, Debug)]
pub enum Varying {
    /// Depends on one of these names: the phase that pushes differentials inwards.
    On(Vec<Symbol>),
    /// Holds a differential: the phases that treat a differential as a linear map of d X.
    Differential,
}

/// The context of one phase: what varies, and what is known of the variables.
#[derive(Clone, Debug)]
pub struct Context {
    /// What "varying" means.
    pub varying: Varying,
    /// What is known of each variable.
    pub facts: BTreeMap<Symbol, Vec<Fact>>,
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
    /// What else is known of it.
    pub facts: FactSet,
}

impl Class {
    /// A class of which only the shape is known.
    pub fn unknown(shape: Shape) -> Class {
        Class { shape, number: None, zero: false, varying: false, facts: FactSet::default() }
    }

    fn same_knowledge(&self, other: &Class) -> bool {
        let known = |c: &Class| (c.zero, c.varying, c.facts);
        self.number == other.number && known(self) == known(other)
    }
}

impl Context {
    /// Whether a fact is known of a variable.
    pub fn knows(&self, name: &Symbol, fact: Fact) -> bool {
        self.facts.get(name).is_some_and(|facts| facts.contains(&fact))
    }

    fn varies(&self, node: &Node, children: &[&Class]) -> bool {
        match (&*node.op, &self.varying) {
            (Op::Variable(v), Varying::On(names)) => names.contains(&v.name),
            (Op::Differential, Varying::Differential) => true,
            (_, Varying::On(_) | Varying::Differential) => children.iter().any(|c| c.varying),
        }
    }
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
        let facts = facts::of_node(graph, node, &children);
        let varying = graph.analysis.varies(node, &children);
        Class { shape, number, zero, varying, facts }
    }

    /// Members of a class are equal: it varies only if every member does, and is whatever any member is known to be.
    fn merge(&mut self, a: &mut Class, b: Class) -> DidMerge {
        assert_eq!(a.shape, b.shape, "a rule united terms of different shapes");
        let mut merged = a.clone();
        merged.number = merged.number.or_else(|| b.number.clone());
        merged.zero |= b.zero;
        merged.varying &= b.varying;
        merged.facts = merged.facts.union(b.facts);
        let differs = |c: &Class| !c.same_knowledge(&merged);
        let result = DidMerge(differs(a), differs(&b));
        *a = merged;
        result
    }
}
