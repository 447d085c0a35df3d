//! The normal form: a sum of products with every transpose at a letter, reached by directed rules, each step recorded.
//!
//! Equal terms mostly come out equal, in microseconds, where an e-graph would have to hold every form at once. Two terms
//! with one normal form are proved equal by the way there and back. Nothing is concluded from different normal forms.

use super::analysis::{Context, Graph};
use super::language::Node;
use super::moves;
use super::pattern::{instantiate, matches, referenced};
use super::run::ProofStep;
use super::structural::{self, Rewrite};
use crate::expr::{Expr, Op, build, mul, transpose};
use crate::rules::{Fact, Pattern, Topic, patterns};
use egg::Id;
use std::collections::{BTreeMap, HashMap};
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
        let term = Term::new(&normal.term, context.clone());
        let mut all = moves.iter().copied().flatten();
        let Some((next, directed)) = all.find_map(|d| Some((term.rewrite(d)?, d))) else { break };
        let after = repeated(next, directed, context);
        let before = std::mem::replace(&mut normal.term, after.clone());
        normal.steps.push(ProofStep { rule: directed.name().to_owned(), before, after });
    }
    normal
}

/// The same rule again, wherever it still applies.
fn repeated(mut e: Expr, directed: &Directed, context: &Context) -> Expr {
    for _ in 0..MAX_REPEATS {
        if e.nodes() > MAX_NODES {
            break;
        }
        match Term::new(&e, context.clone()).rewrite(directed) {
            Some(next) => e = next,
            None => break,
        }
    }
    e
}

/// A move of the normal form: a rule of the book read from left to right, one of the engine's own on e-nodes, or one on
/// trees.
enum Directed {
    Rule(&'static Pattern),
    Nodes(&'static str, fn(&Graph, Id, &Node) -> Option<Rewrite>),
    Tree(&'static str, fn(&Term, &Expr) -> Option<Expr>),
}

impl Directed {
    fn name(&self) -> &'static str {
        match self {
            Directed::Rule(pattern) => pattern.rule.name,
            Directed::Nodes(name, _) | Directed::Tree(name, _) => name,
        }
    }
}

/// Earlier moves go first: what cancels is tried before what multiplies out.
fn order() -> &'static [Directed] {
    static ORDER: OnceLock<Vec<Directed>> = OnceLock::new();
    ORDER.get_or_init(|| {
        let rules = |names: &[&str]| names.iter().filter_map(|n| rule(n)).collect::<Vec<Directed>>();
        let mut order = rules(&["transpose_mul", "transpose_sum"]);
        order.push(Directed::Tree("transpose_hadamard", moves::transposes_inside));
        order.extend(rules(&["transpose_kron", "transpose_of_symmetric", "commutation_transpose"]));
        order.push(Directed::Tree("blocks", moves::blocks));
        order.extend(patterns(Topic::Function).iter().map(Directed::Rule));
        order.extend(rules(&["cumsum_as_product", "norm_squared", "mean_as_sum"]));
        order.extend(rules(&["inverse_product", "inverse_orthogonal", "inverse_diag", "kron_inverse"]));
        order.push(Directed::Tree("power_as_product", moves::matrix_power_as_product));
        order.push(Directed::Tree("scalar_outside", moves::scalar_outside));
        order.extend(rules(&["det_transpose", "det_mul", "det_inverse"]));
        order.extend(rules(&["logdet_transpose", "logdet_mul", "logdet_inverse", "row_sums", "column_sums"]));
        order.extend(rules(&["inverse_mul", "mul_inverse", "inverse_mul_transposed", "mul_inverse_transposed"]));
        order.extend(rules(&["orthogonal_left", "orthogonal_right", "commutation_twice"]));
        order.extend(rules(&["diag_ones", "diag_times", "row_times_diag", "diag_product"]));
        order.extend(rules(&["diagonal_of_diag", "trace_diag", "diagonal_of_outer", "diagonal_of_transpose"]));
        order.extend(rules(&["diagonal_of_product"]));
        order.extend(rules(&["vec_unvec", "unvec_vec", "vec_outer", "kron_outer", "outer_kron", "trace_kron"]));
        order.extend(rules(&["sum_kron", "kron_mul", "kron_vec", "vec_kron", "times_kron_of_row"]));
        order.extend(rules(&["times_kron_with_row", "kron_of_column_times", "kron_with_column_times"]));
        order.extend(rules(&["commutation_vec", "vec_commutation", "commutation_kron"]));
        order.extend(rules(&["diagonal_of_identity", "trace_of_identity", "sum_of_ones"]));
        order.push(Directed::Tree("ones_as_product", moves::ones_as_product));
        order.extend(rules(&["hadamard_of_outer_products", "hadamard_with_identity", "hadamard_with_diag"]));
        order.extend(rules(&["hadamard_with_outer_product", "log_of_exp", "exp_of_log", "exp_of_sum", "power_of_exp"]));
        order.extend(rules(&["absolute_of_positive", "sign_of_positive", "step_of_positive", "relu_of_positive"]));
        order.extend(rules(&["root_of_square", "sign_times", "step_of_negative"]));
        order.push(Directed::Tree("exp_of_zero", moves::exp_of_zero));
        order.push(Directed::Tree("power_of_product", moves::power_of_product));
        order.push(Directed::Tree("power_as_product", moves::power_as_product));
        order.extend(rules(&["multiply_out_left", "multiply_out_right", "multiply_out"]));
        order.extend(rules(&["multiply_out_kron_left", "multiply_out_kron_right", "sum_of_terms", "trace_of_terms"]));
        order.extend(rules(&["vec_of_terms", "diag_of_terms", "diagonal_of_sum"]));
        order.push(Directed::Nodes("powers", structural::powers));
        order.extend(rules(&["sin_squared"]));
        order.push(Directed::Tree("collect", moves::collect));
        order.extend(rules(&["trace_transpose", "sum_transpose", "sum_of_product"]));
        order.push(Directed::Tree("dot_product", moves::dot_product));
        order.push(Directed::Tree("trace_cycle", moves::trace_cycle));
        order.push(Directed::Tree("turn_scalar", moves::turn_scalar));
        order
    })
}

/// What goes before all else where functions are written by their definitions.
fn definitions() -> &'static [Directed] {
    static DEFINITIONS: OnceLock<Vec<Directed>> = OnceLock::new();
    DEFINITIONS.get_or_init(|| {
        let rules = |names: &[&str]| names.iter().filter_map(|n| rule(n)).collect::<Vec<Directed>>();
        let mut order = rules(&["log_of_softmax", "softmax_as_quotient", "log_softmax_as_sum", "logsumexp_as_log"]);
        order.extend(rules(&["softplus_as_log", "silu_as_product", "relu_as_step", "abs_as_step", "tan_as_quotient"]));
        order.extend(rules(&["tanh_as_sigmoid", "sigmoid_complement", "sigmoid_as_fraction"]));
        order.push(Directed::Tree("one_denominator", moves::one_denominator));
        order
    })
}

fn rule(name: &str) -> Option<Directed> {
    let topics = [Topic::Algebra, Topic::Expansion];
    let found = topics.iter().flat_map(|t| patterns(*t)).find(|p| p.rule.name == name);
    debug_assert!(found.is_some(), "{name} is no rule of the algebra");
    found.map(Directed::Rule)
}

/// A term with an e-graph that holds it and nothing else, so that the engine's matcher can be used on trees. Of a chain
/// it holds adjacent factors as products of two, and an outer product as one of a column and a row; rows are known to be
/// transposed columns.
pub struct Term {
    graph: Graph,
    ids: HashMap<Expr, (Id, Node)>,
    trees: BTreeMap<Id, Expr>,
    root: Expr,
}

impl Term {
    fn new(root: &Expr, context: Context) -> Term {
        let mut term =
            Term { graph: Graph::new(context), ids: HashMap::new(), trees: BTreeMap::new(), root: root.clone() };
        term.add(root);
        term.graph.rebuild();
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
