//! The normal form: a sum of products with every transpose at a letter, reached by directed rules, each step recorded.
//!
//! Equal terms mostly come out equal, in microseconds, where an e-graph would have to hold every form at once. Two terms
//! with one normal form are proved equal by the way there and back. Nothing is concluded from different normal forms.

use super::analysis::{Context, Graph};
use super::blocks;
use super::entries;
use super::indexed_term::IndexedTerm;
use super::language::Node;
use super::moves;
use super::pattern::{instantiate, matches};
use super::run::ProofStep;
use super::scalars;
use super::structural;
use super::view::Rewrite;
use crate::expr::Expr;
use crate::fuel;
use crate::rules::{Pattern, Rule, Topic, patterns};
use egg::Id;
use std::sync::OnceLock;

/// The way to a normal form stops after this many steps …
const MAX_STEPS: usize = 100;
/// … or when the term has more nodes than this.
const MAX_NODES: u64 = 600;
/// One step applies its rule as often as it applies, and at most this often.
const MAX_REPEATS: usize = 16;

/// A normal form and the way there.
#[derive(Clone, Debug)]
pub struct Normal {
    /// The last term.
    pub term: Expr,
    /// From the first term to the last.
    pub steps: Vec<ProofStep>,
}

/// Brings a term to its normal form, as far as the bounds allow.
pub fn normal_form(start: &Expr, context: &Context) -> Normal {
    reached(start, context, &[order()])
}

/// The normal form in which functions are written by their definitions and denominators are multiplied out.
pub fn elementary_form(start: &Expr, context: &Context) -> Normal {
    reached(start, context, &[definitions(), order()])
}

/// Whether functions can be written by their definitions.
pub fn has_definitions(e: &Expr, context: &Context) -> bool {
    let term = IndexedTerm::new(e, context.clone());
    definitions().iter().any(|d| d.rewrite(&term).is_some())
}

fn reached(start: &Expr, context: &Context, moves: &[&[Directed]]) -> Normal {
    let mut normal = Normal { term: start.clone(), steps: vec![] };
    while normal.steps.len() < MAX_STEPS && normal.term.nodes() <= MAX_NODES {
        let term = IndexedTerm::new(&normal.term, context.clone());
        let mut all = moves.iter().copied().flatten();
        let Some((next, directed)) = all.find_map(|d| Some((d.rewrite(&term)?, d))) else { break };
        let after = repeated(next, directed, context);
        let before = std::mem::replace(&mut normal.term, after.clone());
        normal.steps.push(ProofStep::new(directed.name(), before, after));
    }
    normal
}

/// The same rule again, wherever it still applies.
fn repeated(mut e: Expr, directed: &Directed, context: &Context) -> Expr {
    for _ in 0..MAX_REPEATS {
        if e.nodes() > MAX_NODES {
            break;
        }
        match directed.rewrite(&IndexedTerm::new(&e, context.clone())) {
            Some(next) => e = next,
            None => break,
        }
    }
    e
}

/// A move of the normal form: a rule of the book read from left to right, one of the engine's own on e-nodes, or one on
/// trees.
#[derive(Clone, Copy)]
enum Directed {
    Rule(&'static Pattern),
    Nodes(&'static str, fn(&Graph, Id, &Node) -> Option<Rewrite>),
    Tree(&'static str, fn(&IndexedTerm, &Expr) -> Option<Expr>),
}

impl Directed {
    fn name(&self) -> &'static str {
        match self {
            Directed::Rule(pattern) => pattern.rule.name,
            Directed::Nodes(name, _) | Directed::Tree(name, _) => name,
        }
    }

    /// The term with the move made wherever it fits.
    fn rewrite(&self, term: &IndexedTerm) -> Option<Expr> {
        term.rewrite(&|term, e| self.here(term, e))
    }

    fn here(&self, term: &IndexedTerm, e: &Expr) -> Option<Expr> {
        let (id, node) = term.node(e)?;
        let found = match self {
            Directed::Rule(pattern) => {
                let (binding, _) = matches(&term.graph, pattern, node).into_iter().next()?;
                term.resolved(&instantiate(&term.graph, pattern, &binding))
            }
            Directed::Nodes(_, find) => term.resolved(&find(&term.graph, id, node)?.1),
            Directed::Tree(_, find) => find(term, e)?,
        };
        (found != *e).then_some(found)
    }
}

/// The moves of the normal form that no rule states, and where they stand among those that rules do.
const MOVES: &[(u16, Directed)] = &[
    (30, Directed::Tree("transpose_hadamard", moves::transposes_inside)),
    (70, Directed::Tree("blocks", |_, e| blocks::block_by_block(e))),
    (75, Directed::Tree("entries", |_, e| entries::listed_sum(e))),
    (160, Directed::Tree("power_as_product", moves::matrix_power_as_product)),
    (170, Directed::Tree("scalar_outside", |_, e| scalars::scalar_leaves(e))),
    (620, Directed::Tree("ones_as_product", moves::ones_as_product)),
    (780, Directed::Tree("exp_of_zero", moves::exp_of_zero)),
    (790, Directed::Tree("power_of_product", moves::power_of_product)),
    (800, Directed::Tree("power_as_product", moves::power_as_product)),
    (910, Directed::Nodes("powers", structural::powers)),
    (930, Directed::Tree("collect", moves::collect)),
    (970, Directed::Tree("dot_product", moves::dot_product)),
    (980, Directed::Tree("trace_cycle", moves::trace_cycle)),
    (990, Directed::Tree("turn_scalar", moves::turn_scalar)),
];

/// Where the derivatives of scalar functions stand.
const FUNCTIONS: u16 = 80;

/// The same of the moves that write functions by their definitions.
const DEFINING_MOVES: &[(u16, Directed)] = &[(130, Directed::Tree("one_denominator", moves::one_denominator))];

/// Earlier moves go first: what cancels is tried before what multiplies out. A rule says itself where it stands.
fn order() -> &'static [Directed] {
    static ORDER: OnceLock<Vec<Directed>> = OnceLock::new();
    let read = || {
        let functions = patterns(Topic::Function).iter().map(|p| (FUNCTIONS, Directed::Rule(p)));
        in_order(stated(|rule| rule.normal).chain(functions), MOVES)
    };
    ORDER.get_or_init(|| fuel::unlimited(read))
}

/// What goes before all else where functions are written by their definitions.
fn definitions() -> &'static [Directed] {
    static DEFINITIONS: OnceLock<Vec<Directed>> = OnceLock::new();
    DEFINITIONS.get_or_init(|| fuel::unlimited(|| in_order(stated(|rule| rule.definition), DEFINING_MOVES)))
}

/// The rules that say where they stand.
fn stated(place: fn(&Rule) -> Option<u16>) -> impl Iterator<Item = (u16, Directed)> {
    let rules = [Topic::Algebra, Topic::Expansion, Topic::Jacobian].into_iter().flat_map(patterns);
    rules.filter_map(move |p| Some((place(p.rule)?, Directed::Rule(p))))
}

fn in_order(rules: impl Iterator<Item = (u16, Directed)>, moves: &[(u16, Directed)]) -> Vec<Directed> {
    let mut all: Vec<(u16, Directed)> = rules.chain(moves.iter().copied()).collect();
    all.sort_by_key(|(place, _)| *place);
    all.into_iter().map(|(_, directed)| directed).collect()
}
