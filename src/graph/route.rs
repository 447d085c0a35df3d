//! How edges run: forth through what is written at them, and back beside themselves.

use super::ComputationGraph;
use super::place::{Box, Placed, place, spread};

/// A point.
type Point = (f64, f64);

/// Points of a cubic curve: where it starts, then two control points and an end for each piece.
pub type Curve = Vec<Point>;

/// Where everything of a graph stands.
pub struct Routed {
    pub nodes: Vec<Box>,
    /// What is written at the edges.
    pub chips: Vec<Box>,
    pub edges: Vec<Route>,
    pub width: f64,
    pub height: f64,
}

/// An edge: from its node to what is written at it, and on to the node it leads to.
pub struct Route {
    pub before: Curve,
    /// Empty where nothing is written at the edge.
    pub after: Curve,
}

/// Places nodes and what is written at edges, of these sizes in the order of the graph, and joins them.
pub fn route(graph: &ComputationGraph, nodes: &[(f64, f64)], chips: &[(f64, f64)]) -> Routed {
    let placed = place(graph, nodes, chips);
    let edges = (0..graph.edges.len()).map(|e| edge(graph, &placed, e)).collect();
    let Placed { nodes, chips, width, height, .. } = placed;
    Routed { nodes, chips, edges, width, height }
}

/// The sides of a node at which edges start and end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    Below,
    Above,
    Left,
    Right,
}

fn edge(graph: &ComputationGraph, placed: &Placed, e: usize) -> Route {
    let (from, to, chip) = (&placed.nodes[graph.edges[e].from], &placed.nodes[graph.edges[e].to], &placed.chips[e]);
    let end_side = end_side(graph, placed, e);
    let end = port(graph, placed, e, end_side);
    let joints: Vec<Point> = match end_side {
        Side::Left => vec![(from.right(), chip.y), (chip.left(), chip.y), (chip.right(), chip.y), (to.left(), end)],
        Side::Right => vec![(from.left(), chip.y), (chip.right(), chip.y), (chip.left(), chip.y), (to.right(), end)],
        Side::Above | Side::Below => {
            let through = placed.passed[e].iter().chain([chip]).flat_map(|b| [(b.x, b.top()), (b.x, b.bottom())]);
            let start = port(graph, placed, e, Side::Below);
            let room = |node: usize| placed.rooms[node];
            let (left, arrived) = ((start, room(graph.edges[e].from).1), (end, room(graph.edges[e].to).0));
            [(start, from.bottom()), left].into_iter().chain(through).chain([arrived, (end, to.top())]).collect()
        }
    };
    let across = placed.across[e];
    if graph.edges[e].jacobian.is_none() {
        return Route { before: joined(&joints, across), after: vec![] };
    }
    let chip_end = if across { 2 } else { joints.len() - 3 };
    let (before, after) = joints.split_at(chip_end);
    Route { before: joined(before, across), after: joined(after, across) }
}

/// The side of a node an edge ends at.
fn end_side(graph: &ComputationGraph, placed: &Placed, e: usize) -> Side {
    let edge = &graph.edges[e];
    match (placed.across[e], placed.nodes[edge.from].x < placed.nodes[edge.to].x) {
        (false, _) => Side::Above,
        (true, true) => Side::Left,
        (true, false) => Side::Right,
    }
}

/// Where along a side of its node an edge starts or ends: straight under, over or beside what it comes from, as far as
/// the side goes, and apart from the other edges there.
fn port(graph: &ComputationGraph, placed: &Placed, e: usize, side: Side) -> f64 {
    let starts = side == Side::Below;
    let node = |e: usize| if starts { graph.edges[e].from } else { graph.edges[e].to };
    let here = |other: &usize| {
        let same_side = if starts { !placed.across[*other] } else { end_side(graph, placed, *other) == side };
        node(*other) == node(e) && same_side
    };
    let wanted = |e: usize| match side {
        Side::Below => placed.passed[e].first().unwrap_or(&placed.chips[e]).x,
        Side::Above => placed.chips[e].x,
        Side::Left | Side::Right => placed.chips[e].y,
    };
    let mut edges: Vec<(usize, f64)> = (0..graph.edges.len()).filter(here).map(|e| (e, wanted(e))).collect();
    edges.sort_by(|a, b| a.1.total_cmp(&b.1));
    let at = &placed.nodes[node(e)];
    let (middle, length) = if matches!(side, Side::Left | Side::Right) { (at.y, at.height) } else { (at.x, at.width) };
    let places = spread(&edges.iter().map(|(_, x)| *x).collect::<Vec<_>>(), middle, length);
    edges.iter().zip(places).find(|((other, _), _)| *other == e).map_or(middle, |(_, place)| place)
}

/// A curve through these points that leaves and arrives at each of them straight down, or straight across.
fn joined(points: &[Point], across: bool) -> Curve {
    let piece = |(a, b): (Point, Point)| {
        let middle = ((a.0 + b.0) / 2.0, (a.1 + b.1) / 2.0);
        if across { [(middle.0, a.1), (middle.0, b.1), b] } else { [(a.0, middle.1), (b.0, middle.1), b] }
    };
    let apart = points.windows(2).filter(|p| p[0] != p[1]);
    points.iter().take(1).copied().chain(apart.flat_map(|p| piece((p[0], p[1])))).collect()
}

/// The curve moved to one side; its ends stay at the node they are at.
pub fn aside(curve: &Curve, by: f64) -> Curve {
    let Some((start, rest)) = curve.split_first() else { return vec![] };
    let across = rest.first().is_some_and(|control| control.1 == start.1);
    let turned = |(x, y): Point| if across { (y, x) } else { (x, y) };
    let (mut before, mut moved) = (turned(*start), vec![turned((by, 0.0))]);
    moved[0] = (before.0 + by, before.1);
    for piece in rest.chunks_exact(3) {
        let [a, b, end] = [turned(piece[0]), turned(piece[1]), turned(piece[2])];
        let slope = ((end.0 - before.0) / (end.1 - before.1).abs().max(1.0)).clamp(-1.0, 1.0);
        moved.extend([(a.0 + by, a.1 - by * slope), (b.0 + by, b.1 - by * slope), (end.0 + by, end.1)]);
        before = end;
    }
    moved.into_iter().map(turned).collect()
}
