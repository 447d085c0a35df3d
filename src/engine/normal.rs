//! The normal form: a sum of products with every transpose at a letter, reached by directed rules, each step recorded.
//!
//! Equal terms mostly come out equal, in microseconds, where an e-graph would have to hold every form at once. Two terms
//! with one normal form are proved equal by the way there and back. Nothing is concluded from different normal forms.

use super::analysis::{Context, Graph, rebuild};
use super::language::Node;
use super::moves;
use super::pattern::{instantiate, matches, referenced};
use super::run::ProofStep;
use super::structural::{self, Rewrite};
use crate::expr::{Expr, Op, build, mul, transpose};
use crate::fuel;
use crate::rules::{Fact, Pattern, Rule, Topic, patterns};
use egg::Id;
use rustc_hash::FxHashMap as HashMap;
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

/// The way to a normal form stops after this many steps …
const MAX_STEPS: usize = 100;
/// … or when the term has more nodes than this.
const MAX_NODES: u64 = 600;
/// Of chains with more factors only pairs are looked at.
const MAX_SUBCHAINS: usize = 8;
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

fn reached(start: &Expr, context: &Context, moves: &[&[Directed]]) -> Normal {
    let mut normal = Normal { term: start.clone(), steps: vec![] };
    while normal.steps.len() < MAX_STEPS && normal.term.nodes() <= MAX_NODES {
        let term = IndexedTerm::new(&normal.term, context.clone());
        let mut all = moves.iter().copied().flatten();
        let Some((next, directed)) = all.find_map(|d| Some((term.rewrite(d)?, d))) else { break };
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
        match IndexedTerm::new(&e, context.clone()).rewrite(directed) {
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
}

/// The moves of the normal form that no rule states, and where they stand among those that rules do.
const MOVES: &[(u16, Directed)] = &[
    (30, Directed::Tree("transpose_hadamard", moves::transposes_inside)),
    (70, Directed::Tree("blocks", moves::blocks)),
    (160, Directed::Tree("power_as_product", moves::matrix_power_as_product)),
    (170, Directed::Tree("scalar_outside", moves::scalar_outside)),
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

/// A term with an e-graph that holds it and nothing else, so that the engine's matcher can be used on trees. Of a chain
/// it holds adjacent factors as products of two, and an outer product as one of a column and a row; rows are known to be
/// transposed columns.
pub struct IndexedTerm {
    graph: Graph,
    ids: HashMap<Expr, (Id, Node)>,
    trees: BTreeMap<Id, Expr>,
    root: Expr,
}

impl IndexedTerm {
    fn new(root: &Expr, context: Context) -> IndexedTerm {
        let mut term = IndexedTerm {
            graph: Graph::new(context),
            ids: HashMap::default(),
            trees: BTreeMap::new(),
            root: root.clone(),
        };
        term.add(root);
        rebuild(&mut term.graph);
        term
    }

    fn add(&mut self, e: &Expr) -> Id {
        if let Some((id, _)) = self.ids.get(e) {
            return *id;
        }
        let args: Vec<Id> = match e.op() {
            Op::Mul if e.args().len() > 2 => {
                subchains(e.args().len()).for_each(|(from, to)| {
                    self.add(&chain(&e.args()[from..to]));
                });
                halves(e).map(|half| self.add(&half)).to_vec()
            }
            _ => e.args().iter().map(|a| self.add(a)).collect(),
        };
        let node = Node { op: Arc::new(e.op().clone()), args };
        let id = self.graph.add(node.clone());
        self.ids.insert(e.clone(), (id, node));
        self.trees.entry(id).or_insert_with(|| e.clone());
        if let Some(column) = column_of(e) {
            let column = self.add(&column);
            let row = self.graph.add(Node { op: Arc::new(Op::Transpose), args: vec![column] });
            self.graph.union(id, row);
        }
        id
    }

    /// Whether a subterm is known to be symmetric.
    pub fn symmetric(&self, e: &Expr) -> bool {
        self.ids.get(e).is_some_and(|(id, _)| self.graph[*id].data.facts.has(Fact::Symmetric))
    }

    fn rewrite(&self, directed: &Directed) -> Option<Expr> {
        self.everywhere(&self.root, directed)
    }

    /// Applies a move at every place where it fits, outermost first; `None` when it fits nowhere.
    fn everywhere(&self, e: &Expr, directed: &Directed) -> Option<Expr> {
        if let Some(here) = self.here(e, directed).or_else(|| self.in_chain(e, directed)) {
            return Some(here);
        }
        let args: Vec<Option<Expr>> = e.args().iter().map(|a| self.everywhere(a, directed)).collect();
        if args.iter().all(Option::is_none) {
            return None;
        }
        let args = args.into_iter().zip(e.args()).map(|(new, old)| new.unwrap_or_else(|| old.clone())).collect();
        Some(build(e.op().clone(), args)).filter(|new| new != e)
    }

    /// Neighbours in a chain.
    fn in_chain(&self, e: &Expr, directed: &Directed) -> Option<Expr> {
        let factors = e.args();
        if *e.op() != Op::Mul || factors.len() < 3 {
            return None;
        }
        subchains(factors.len()).find_map(|(from, to)| {
            let product = self.here(&chain(&factors[from..to]), directed)?;
            Some(mul([&factors[..from], &[product], &factors[to..]].concat()))
        })
    }

    fn here(&self, e: &Expr, directed: &Directed) -> Option<Expr> {
        let (id, node) = self.ids.get(e)?;
        let found = match directed {
            Directed::Rule(pattern) => {
                let (binding, _) = matches(&self.graph, pattern, node).into_iter().next()?;
                self.resolved(&instantiate(&self.graph, pattern, &binding))
            }
            Directed::Nodes(_, find) => self.resolved(&find(&self.graph, *id, node)?.1),
            Directed::Tree(_, find) => find(self, e)?,
        };
        (found != *e).then_some(found)
    }

    /// The trees in the place of the references the engine writes, which name classes.
    fn resolved(&self, e: &Expr) -> Expr {
        e.rewrite(&mut |e| match referenced(&e).and_then(|id| self.trees.get(&id)) {
            Some(tree) => tree.clone(),
            None => e,
        })
    }
}

/// The two factors a chain is read as: at an inner dimension of 1 a column and a row, else the first factor and the rest.
fn halves(product: &Expr) -> [Expr; 2] {
    let factors = product.args();
    let at = factors.iter().skip(1).position(|f| f.shape().rows.is_one()).map_or(1, |i| i + 1);
    [chain(&factors[..at]), chain(&factors[at..])]
}

/// The column a row is the transpose of, where the row does not say so itself.
fn column_of(row: &Expr) -> Option<Expr> {
    match row.op() {
        _ if !row.shape().is_row() => None,
        Op::Mul => Some(Expr::node(Op::Mul, row.args().iter().rev().cloned().map(transpose).collect())),
        Op::Kron => Some(Expr::node(Op::Kron, row.args().iter().cloned().map(transpose).collect())),
        Op::Ones(_) => Some(transpose(row.clone())),
        _ => None,
    }
}

fn chain(factors: &[Expr]) -> Expr {
    if factors.len() == 1 { factors[0].clone() } else { Expr::node(Op::Mul, factors.to_vec()) }
}

/// Where the runs of two or more factors begin and end, the whole chain aside; of long chains the pairs alone.
fn subchains(count: usize) -> impl Iterator<Item = (usize, usize)> {
    let longest = if count <= MAX_SUBCHAINS { count - 1 } else { 2 };
    (2..=longest).flat_map(move |length| (0..=count - length).map(move |from| (from, from + length)))
}
