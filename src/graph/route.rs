//! How edges run: forth through what is written at them, and back beside themselves.

use super::Graph;
use super::place::{Box, Curve, Placed, place};

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
    pub above: Curve,
    pub below: Curve,
}

/// How far an end of an edge stays from its neighbours and from the corner of its node.
const GAP: f64 = 16.0;

/// Places nodes and what is written at edges, of these sizes in the order of the graph, and joins them.
pub fn route(graph: &Graph, nodes: &[(f64, f64)], chips: &[(f64, f64)]) -> Routed {
    let first = nodes.len();
    let halves = graph.edges.iter().enumerate().flat_map(|(i, e)| [(e.from, first + i), (first + i, e.to)]);
    let placed = place(&[nodes, chips].concat(), &halves.collect::<Vec<_>>());
    let (starts, ends) = ports(graph, &placed, first);
    let edge = |i: usize| {
        let (from, chip, to) =
            (&placed.boxes[graph.edges[i].from], &placed.boxes[first + i], &placed.boxes[graph.edges[i].to]);
        let half = |curve: &Curve, start, end| if curve.len() > 4 { curve.clone() } else { swung(start, end) };
        let (above, below) = (&placed.curves[2 * i], &placed.curves[2 * i + 1]);
        if chips[i].1 <= 1.0 && above.len() + below.len() <= 8 {
            // nothing is written at it: one curve
            return Route { above: swung((starts[i], from.bottom()), (ends[i], to.top())), below: vec![] };
        }
        Route {
            above: half(above, (starts[i], from.bottom()), (chip.x, chip.top())),
            below: half(below, (chip.x, chip.bottom()), (ends[i], to.top())),
        }
    };
    let edges = (0..graph.edges.len()).map(edge).collect();
    Routed {
        edges,
        nodes: placed.boxes[..first].to_vec(),
        chips: placed.boxes[first..].to_vec(),
        width: placed.width,
        height: placed.height,
    }
}

/// Where each edge leaves its node below, and where it reaches the other above: straight under and over what is written
/// at it, as far as the node is wide, and apart from the node's other edges.
fn ports(graph: &Graph, placed: &Placed, first: usize) -> (Vec<f64>, Vec<f64>) {
    let (mut starts, mut ends) = (vec![0.0; graph.edges.len()], vec![0.0; graph.edges.len()]);
    for (i, node) in placed.boxes[..first].iter().enumerate() {
        for (at, ports) in [(0, &mut starts), (1, &mut ends)] {
            let own = |e: &usize| [graph.edges[*e].from, graph.edges[*e].to][at] == i;
            let mut edges: Vec<usize> = (0..graph.edges.len()).filter(own).collect();
            let x = |e: usize| placed.boxes[first + e].x;
            edges.sort_by(|a, b| x(*a).total_cmp(&x(*b)));
            for (e, port) in edges.iter().zip(spread(&edges.iter().map(|e| x(*e)).collect::<Vec<_>>(), node)) {
                ports[*e] = port;
            }
        }
    }
    (starts, ends)
}

/// Places along a node near the wanted ones, which are in order, a gap apart where there is room.
fn spread(wanted: &[f64], node: &Box) -> Vec<f64> {
    let gap = GAP.min(node.width / (wanted.len() as f64 + 1.0));
    let (left, right) = (node.x - node.width / 2.0 + gap, node.x + node.width / 2.0 - gap);
    let mut places: Vec<f64> = wanted.iter().map(|x| x.max(left).min(right)).collect();
    for i in 1..places.len() {
        places[i] = places[i].max(places[i - 1] + gap);
    }
    let mut limit = right;
    for place in places.iter_mut().rev() {
        *place = place.min(limit);
        limit = *place - gap;
    }
    places
}

/// A curve that leaves and arrives straight down.
fn swung(start: (f64, f64), end: (f64, f64)) -> Curve {
    let middle = (start.1 + end.1) / 2.0;
    vec![start, (start.0, middle), (end.0, middle), end]
}

/// The curve moved to one side; its ends stay at the height they are at.
pub fn aside(curve: &Curve, by: f64) -> Curve {
    let (Some(first), Some(last)) = (curve.first(), curve.last()) else { return vec![] };
    let slope = ((last.0 - first.0) / (last.1 - first.1).abs().max(1.0)).clamp(-1.0, 1.0);
    let is_end = |i: usize| i == 0 || i + 1 == curve.len();
    let moved = |(i, (x, y)): (usize, &(f64, f64))| (x + by, if is_end(i) { *y } else { y - by * slope });
    curve.iter().enumerate().map(moved).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_keep_apart_and_within_their_node() {
        let node = Box { x: 100.0, y: 0.0, width: 100.0, height: 20.0 };
        assert_eq!(spread(&[100.0], &node), [100.0]);
        assert_eq!(spread(&[0.0, 10.0, 100.0], &node), [66.0, 82.0, 100.0]);
        assert_eq!(spread(&[100.0, 300.0, 400.0], &node), [100.0, 118.0, 134.0]);
        let narrow = Box { x: 516.45, width: 28.6, ..node };
        assert!(spread(&[100.0], &narrow)[0].is_finite());
        let crowded = spread(&[100.0; 40], &node);
        assert!(crowded.windows(2).all(|p| p[0] < p[1]) && crowded[0] > 50.0 && crowded[39] < 150.0, "{crowded:?}");
    }
}
