//! What the engine knows of every e-class: its shape, its value when it is a number, whether it varies, its facts.

use super::language::Node;
use crate::expr::{Op, Rational, Shape, Symbol};
use crate::rules::Fact;
use egg::EGraph;
use std::collections::BTreeMap;

/// The e-graph of a phase.
pub type Graph = EGraph<Node, Context>;

/// Restores the invariants of an e-graph after unions. egg times that for its log, and to calibrate its clock would take
/// longer than many a derivation: it reads one that stands still.
#[expect(clippy::disallowed_methods, reason = "this is the one place")]
pub fn rebuild(graph: &mut Graph) {
    quanta::with_clock(&quanta::Clock::mock().0, || graph.rebuild());
}

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

    /// The same, with one more where it is `known`.
    pub fn with(self, fact: Fact, known: bool) -> FactSet {
        if known { FactSet(self.0 | 1 << fact as u16) } else { self }
    }
}

impl FromIterator<Fact> for FactSet {
    fn from_iter<I: IntoIterator<Item = Fact>>(facts: I) -> FactSet {
        facts.into_iter().fold(FactSet::default(), |set, f| set.with(f, true))
    }
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

    /// Whether the same is known of both.
    pub fn same_knowledge(&self, other: &Class) -> bool {
        let known = |c: &Class| (c.zero, c.varying, c.facts);
        self.number == other.number && known(self) == known(other)
    }
}

impl Context {
    /// Whether a fact is known of a variable.
    pub fn knows(&self, name: &Symbol, fact: Fact) -> bool {
        self.facts.get(name).is_some_and(|facts| facts.contains(&fact))
    }

    /// Whether a node varies, by its arguments.
    pub fn varies(&self, node: &Node, children: &[&Class]) -> bool {
        match (&*node.op, &self.varying) {
            (Op::Variable(v), Varying::On(names)) => names.contains(&v.name),
            (Op::Differential, Varying::Differential) => true,
            (_, Varying::On(_) | Varying::Differential) => children.iter().any(|c| c.varying),
        }
    }
}
