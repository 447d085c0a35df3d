//! The best term of a class under a measure.

use super::analysis::Graph;
use super::language::Node;
use crate::expr::{Expr, Op, build};
use crate::fuel;
use egg::{Id, RecExpr};
use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

/// What a term costs; the phase extracts the cheapest.
pub type Measure<'a> = dyn Fn(&Expr) -> u64 + 'a;

struct Cheapest {
    cost: u64,
    seed: bool,
    node: Node,
    expr: Expr,
    term: Arc<Frozen>,
}

/// The nodes of a choice as its arguments were when it was made.
struct Frozen {
    op: Arc<Op>,
    args: Vec<Arc<Frozen>>,
}

/// Cheapest terms, found by relaxation; ties go to what was there from the start, then to what came first.
pub struct Extractor<'a> {
    graph: &'a Graph,
    choices: BTreeMap<Id, Cheapest>,
    /// The round each choice was made in.
    made: BTreeMap<Id, u32>,
}

impl<'a> Extractor<'a> {
    pub fn new(graph: &'a Graph, measure: &Measure, seed: &RecExpr<Node>) -> Extractor<'a> {
        let seeds = seed_nodes(graph, seed);
        let mut extractor = Extractor { graph, choices: BTreeMap::new(), made: BTreeMap::new() };
        let mut ids: Vec<Id> = graph.classes().map(|c| c.id).collect();
        ids.sort();
        let mut round = 0;
        while extractor.round(round, &ids, measure, &seeds) {
            round += 1;
        }
        extractor
    }

    /// Improves every class once; whether anything changed.
    fn round(&mut self, round: u32, ids: &[Id], measure: &Measure, seeds: &HashSet<Node>) -> bool {
        let mut changed = false;
        for id in ids {
            if self.improve(round, *id, measure, seeds) {
                self.made.insert(*id, round);
                changed = true;
            }
        }
        changed
    }

    /// Whether an argument has changed since this node was last looked at.
    fn is_due(&self, round: u32, node: &Node) -> bool {
        round == 0 || node.args.iter().any(|a| self.made.get(&self.graph.find(*a)).is_some_and(|r| r + 1 >= round))
    }

    fn improve(&mut self, round: u32, id: Id, measure: &Measure, seeds: &HashSet<Node>) -> bool {
        let mut changed = false;
        for node in &self.graph[id].nodes {
            if !self.is_due(round, node) {
                continue;
            }
            let Some(args) = self.arguments(node) else { continue };
            let expr = build((*node.op).clone(), args.clone());
            if self.choices.contains_key(&id) && args.iter().any(|a| a.contains(&expr)) {
                continue; // collapsed (`(Aᵀ)ᵀ`, `1 x`): only where the class has nothing else, or choices could go in circles
            }
            fuel::burn(1 + expr.nodes() / 16);
            // some term for every class must do, where there is no time to choose
            let cost = if fuel::is_spent() { u64::MAX } else { measure(&expr) };
            let seed = seeds.contains(node);
            let better = self.choices.get(&id).is_none_or(|c| (cost, !seed) < (c.cost, !c.seed));
            if better {
                let term = Arc::new(self.term(node));
                self.choices.insert(id, Cheapest { cost, seed, node: node.clone(), expr, term });
                changed = true;
            }
        }
        changed
    }

    fn arguments(&self, node: &Node) -> Option<Vec<Expr>> {
        node.args.iter().map(|a| self.choices.get(&self.graph.find(*a)).map(|c| c.expr.clone())).collect()
    }

    fn term(&self, node: &Node) -> Frozen {
        let args = node.args.iter().map(|a| Arc::clone(&self.choices[&self.graph.find(*a)].term)).collect();
        Frozen { op: Arc::clone(&node.op), args }
    }

    pub fn best(&self, root: Id) -> RecExpr<Node> {
        let mut nodes = RecExpr::default();
        self.write(root, &mut vec![], &mut nodes);
        nodes
    }

    /// Arguments may have become better since a choice was made, though never by way of the choice itself: inside its own
    /// class the term stays what it was.
    fn write(&self, id: Id, path: &mut Vec<Id>, nodes: &mut RecExpr<Node>) -> Id {
        let id = self.graph.find(id);
        let choice = &self.choices[&id];
        if path.contains(&id) {
            return write_term(&choice.term, nodes);
        }
        path.push(id);
        let args = choice.node.args.iter().map(|a| self.write(*a, path, nodes)).collect();
        path.pop();
        nodes.add(Node { op: Arc::clone(&choice.node.op), args })
    }
}

fn write_term(term: &Frozen, nodes: &mut RecExpr<Node>) -> Id {
    let args = term.args.iter().map(|a| write_term(a, nodes)).collect();
    nodes.add(Node { op: Arc::clone(&term.op), args })
}

fn seed_nodes(graph: &Graph, seed: &RecExpr<Node>) -> HashSet<Node> {
    let Some(ids) = graph.lookup_expr_ids(seed) else { return HashSet::new() };
    let canonical =
        |n: &Node| Node { op: n.op.clone(), args: n.args.iter().map(|a| graph.find(ids[usize::from(*a)])).collect() };
    seed.as_ref().iter().map(canonical).collect()
}
