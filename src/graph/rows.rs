//! The rows of the picture: a value below what it is computed from, inputs that it alone uses beside it, and what is
//! written at an edge in a row between.

use super::order::order;
use super::{ComputationGraph, Edge};

/// What stands in which row. An item is a node (by its number), or a point that an edge passes through.
pub struct Rows {
    /// For each edge: whether it leads across, from an input to the value it stands beside.
    pub across: Vec<bool>,
    /// The items of each row, from left to right.
    pub rows: Vec<Vec<usize>>,
    /// For each edge that leads down: the items it passes through; what is written at it stands at the last.
    pub passed: Vec<Vec<usize>>,
    /// Which items are joined, the upper one first, and how straight.
    pub links: Vec<(usize, usize, f64)>,
    /// How many items there are.
    pub count: usize,
}

/// How straight an edge to the next value is drawn, one to a value further down, and the middle of that one.
const NEXT: f64 = 4.0;
const FURTHER: f64 = 1.0;
const MIDDLE: f64 = 2.0;

impl Rows {
    pub fn new(graph: &ComputationGraph) -> Rows {
        let across = across(graph);
        let down = |i: &usize| !across[*i];
        let ranks = ranks(graph, &across);
        let mut placed = Rows { across: across.clone(), rows: vec![], passed: vec![], links: vec![], count: 0 };
        let mut row_of: Vec<usize> = ranks.iter().map(|r| 2 * r).collect();
        for (i, edge) in graph.edges.iter().enumerate() {
            let between = if down(&i) { row_of[edge.from] + 1..row_of[edge.to] } else { 0..0 };
            let items: Vec<usize> = (row_of.len()..row_of.len() + between.len()).collect();
            row_of.extend(between);
            placed.join(edge, &items);
            placed.passed.push(items);
        }
        placed.count = row_of.len();
        let beside = |item: usize| graph.edges.iter().zip(&across).any(|(e, across)| *across && e.from == item);
        placed.rows = vec![vec![]; row_of.iter().max().map_or(0, |last| last + 1)];
        (0..placed.count).filter(|i| !beside(*i)).for_each(|i| placed.rows[row_of[i]].push(i));
        let links: Vec<(usize, usize)> = placed.links.iter().map(|(from, to, _)| (*from, *to)).collect();
        order(&mut placed.rows, placed.count, &links);
        placed
    }

    /// Whether an item is on the way of an edge to a row further down.
    pub fn passes(&self, item: usize) -> bool {
        self.passed.iter().any(|items| items.len() > 1 && items.contains(&item))
    }

    fn join(&mut self, edge: &Edge, items: &[usize]) {
        let (Some(first), Some(last)) = (items.first(), items.last()) else { return };
        let end = if items.len() == 1 { NEXT } else { FURTHER };
        self.links.push((edge.from, *first, end));
        self.links.extend(items.windows(2).map(|pair| (pair[0], pair[1], MIDDLE)));
        self.links.push((*last, edge.to, end));
    }
}

/// An input stands beside the value that uses it, where that is one, and something else flows into it from above.
fn across(graph: &ComputationGraph) -> Vec<bool> {
    let own = |e: &Edge| {
        graph.nodes[e.from].value.is_none() && graph.edges.iter().filter(|other| other.from == e.from).count() == 1
    };
    let fed = |to: usize| graph.edges.iter().any(|e| e.to == to && !own(e));
    graph.edges.iter().map(|e| own(e) && fed(e.to)).collect()
}

/// A value stands below everything it is computed from; what fewer edges lead to than from, near what uses it.
fn ranks(graph: &ComputationGraph, across: &[bool]) -> Vec<usize> {
    let mut ranks = vec![0; graph.nodes.len()];
    let edges: Vec<&Edge> = graph.edges.iter().zip(across).filter(|(_, across)| !**across).map(|(e, _)| e).collect();
    edges.iter().for_each(|e| ranks[e.to] = ranks[e.to].max(ranks[e.from] + 1));
    for i in (0..graph.nodes.len()).rev() {
        let users: Vec<usize> = edges.iter().filter(|e| e.from == i).map(|e| ranks[e.to]).collect();
        if edges.iter().filter(|e| e.to == i).count() < users.len() {
            ranks[i] = users.iter().min().map_or(ranks[i], |first| first - 1);
        }
    }
    ranks
}
