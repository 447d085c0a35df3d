//! What a move sees of an e-graph, and what it writes. A term alone is seen the same way: it is an e-graph that holds it and
//! nothing else (`indexed_term`). So a move is written once, for the graph of a phase and for the normal form.

use super::analysis::Graph;
use super::language::Node;
use super::pattern::{Matched, reference};
use crate::expr::Expr;
use egg::Id;

/// A rewrite found by a structural rule: the term it sees, the term it writes, its name.
pub type Rewrite = (Matched, Expr, &'static str);

/// A class as a move sees it: whatever it holds.
pub fn class(graph: &Graph, id: Id) -> Matched {
    Matched::Class(graph.find(id))
}

/// A node as a move sees it, down to the classes of its arguments.
pub fn whole(graph: &Graph, node: &Node) -> Matched {
    Matched::Node(node.op.clone(), node.args.iter().map(|a| class(graph, *a)).collect())
}

/// Classes as the leaves of what a move writes.
pub fn references(graph: &Graph, ids: &[Id]) -> Vec<Expr> {
    ids.iter().map(|id| reference(graph, *id)).collect()
}

/// The nodes of a class that hold neither themselves nor the class `above`.
pub fn members(graph: &Graph, id: Id, above: Id) -> impl Iterator<Item = &Node> {
    let own = graph.find(id);
    graph[own].nodes.iter().filter(move |n| n.args.iter().all(|a| graph.find(*a) != own && graph.find(*a) != above))
}
