//! A term as the matcher and the moves of the engine see it: as an e-graph of its own.

use super::analysis::{Context, Graph, rebuild};
use super::language::Node;
use super::pattern::referenced;
use crate::expr::{Expr, Op, build, mul, transpose};
use crate::rules::Fact;
use egg::Id;
use rustc_hash::FxHashMap as HashMap;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Of chains with more factors only short runs are looked at.
const MAX_SUBCHAINS: usize = 8;
/// An inverse of three factors, and these: (Xᵀ V⁻¹ X)⁻¹ Xᵀ V⁻¹ X.
const SHORT_RUN: usize = 4;

/// What a move makes of a subterm; `None` where it does not fit.
type PlaceMove<'a> = &'a dyn Fn(&IndexedTerm, &Expr) -> Option<Expr>;

/// A term with an e-graph that holds it and nothing else, so that the engine's matcher can be used on trees. Of a chain
/// it holds adjacent factors as products of two, and an outer product as one of a column and a row; rows are known to be
/// transposed columns.
pub struct IndexedTerm {
    /// It and nothing else.
    pub graph: Graph,
    ids: HashMap<Expr, (Id, Node)>,
    trees: BTreeMap<Id, Expr>,
    root: Expr,
}

impl IndexedTerm {
    /// The term of this root.
    pub fn new(root: &Expr, context: Context) -> IndexedTerm {
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

    /// The e-node of a subterm.
    pub fn node(&self, e: &Expr) -> Option<(Id, &Node)> {
        self.ids.get(e).map(|(id, node)| (*id, node))
    }

    /// Applies a move at every place where it fits, outermost first; `None` when it fits nowhere.
    pub fn rewrite(&self, here: PlaceMove) -> Option<Expr> {
        self.everywhere(&self.root, here)
    }

    fn everywhere(&self, e: &Expr, here: PlaceMove) -> Option<Expr> {
        if let Some(found) = here(self, e).or_else(|| self.in_chain(e, here)) {
            return Some(found);
        }
        let args: Vec<Option<Expr>> = e.args().iter().map(|a| self.everywhere(a, here)).collect();
        if args.iter().all(Option::is_none) {
            return None;
        }
        let args = args.into_iter().zip(e.args()).map(|(new, old)| new.unwrap_or_else(|| old.clone())).collect();
        Some(build(e.op().clone(), args)).filter(|new| new != e)
    }

    /// Neighbours in a chain.
    fn in_chain(&self, e: &Expr, here: PlaceMove) -> Option<Expr> {
        let factors = e.args();
        if *e.op() != Op::Mul || factors.len() < 3 {
            return None;
        }
        subchains(factors.len()).find_map(|(from, to)| {
            let product = here(self, &chain(&factors[from..to]))?;
            Some(mul([&factors[..from], &[product], &factors[to..]].concat()))
        })
    }

    /// The trees in the place of the references the engine writes, which name classes.
    pub fn resolved(&self, e: &Expr) -> Expr {
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

/// Where the runs of two or more factors begin and end, the whole chain aside; of long chains the short ones alone.
fn subchains(count: usize) -> impl Iterator<Item = (usize, usize)> {
    let longest = if count <= MAX_SUBCHAINS { count - 1 } else { SHORT_RUN };
    (2..=longest).flat_map(move |length| (0..=count - length).map(move |from| (from, from + length)))
}
