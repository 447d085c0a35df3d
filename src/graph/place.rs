//! Where everything stands: rows from top to bottom, each value with its own inputs to its left and right.

use super::ComputationGraph;
use super::align::align;
use super::rows::Rows;

/// A rectangle, its middle first.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Box {
    pub x: f64,
    pub y: f64,
    pub width: f64,
    pub height: f64,
}

impl Box {
    pub fn left(&self) -> f64 {
        self.x - self.width / 2.0
    }

    pub fn right(&self) -> f64 {
        self.x + self.width / 2.0
    }

    pub fn top(&self) -> f64 {
        self.y - self.height / 2.0
    }

    pub fn bottom(&self) -> f64 {
        self.y + self.height / 2.0
    }

    fn meets(&self, other: &Box) -> bool {
        let apart = self.right() < other.left() || other.right() < self.left();
        !apart && self.top() <= other.bottom() && other.top() <= self.bottom()
    }
}

/// Frames around what repeats, each with the number of its plate: one around all that does, where nothing else stands between.
pub fn frames(graph: &ComputationGraph, nodes: &[Box], (around, below): (f64, f64)) -> Vec<(usize, Box)> {
    let around = |of: &[usize]| {
        let fold =
            |f: fn(f64, f64) -> f64, side: fn(&Box) -> f64, start| of.iter().map(|i| side(&nodes[*i])).fold(start, f);
        let (left, right) = (fold(f64::min, Box::left, f64::INFINITY), fold(f64::max, Box::right, f64::NEG_INFINITY));
        let (top, bottom) = (fold(f64::min, Box::top, f64::INFINITY), fold(f64::max, Box::bottom, f64::NEG_INFINITY));
        let (left, right, top, bottom) = (left - around, right + around, top - around, bottom + below);
        Box { x: (left + right) / 2.0, y: (top + bottom) / 2.0, width: right - left, height: bottom - top }
    };
    let whole: Vec<Box> = graph.plates.iter().map(|p| around(&p.nodes)).collect();
    let is_clear = |k: usize| {
        let others = (0..nodes.len()).filter(|i| !graph.plates[k].nodes.contains(i)).map(|i| &nodes[i]);
        let frames = whole.iter().enumerate().filter(|(other, _)| *other != k).map(|(_, frame)| frame);
        others.chain(frames).all(|b| !whole[k].meets(b))
    };
    let framed = |(k, plate): (usize, &super::Plate)| match is_clear(k) {
        true => vec![(k, whole[k])],
        false => plate.nodes.iter().map(|i| (k, around(&[*i]))).collect(),
    };
    graph.plates.iter().enumerate().flat_map(framed).collect()
}

/// What was placed, in the order of the graph.
pub struct Placed {
    pub nodes: Vec<Box>,
    /// Top and bottom of each node with what stands beside it.
    pub rooms: Vec<(f64, f64)>,
    /// What is written at edges.
    pub chips: Vec<Box>,
    /// What else each edge passes through.
    pub passed: Vec<Vec<Box>>,
    /// Whether an edge leads across rather than down.
    pub across: Vec<bool>,
    pub width: f64,
    pub height: f64,
}

/// Space around the picture, between rows (more where edges lead far to the side), between neighbours in a row, between
/// inputs one below the other, and on both sides of what is written at an edge that leads across.
const MARGIN: f64 = 16.0;
const ROW_GAP: f64 = 24.0;
const WIDEST_ROW_GAP: f64 = 72.0;
const SLOPE: f64 = 0.1;
const GAP: f64 = 28.0;
const STACK_GAP: f64 = 10.0;
const REACH: f64 = 22.0;

/// How far edges end from each other and from the corner of their node, where there is room, and how far from the round
/// corner of an input.
const PORT_GAP: f64 = 16.0;
const CORNER: f64 = 14.0;

/// More inputs than this stand on both sides of their value in equal parts.
const MANY: usize = 6;

/// Width and height.
type BoxSize = (f64, f64);

/// Places nodes and what is written at edges, of these sizes in the order of the graph.
pub fn place(graph: &ComputationGraph, nodes: &[BoxSize], chips: &[BoxSize]) -> Placed {
    let rows = Rows::new(graph);
    let sides: Vec<[SideInputs; 2]> = (0..nodes.len()).map(|i| sides(graph, &rows, i, nodes, chips)).collect();
    let mut sizes = [nodes, &vec![(1.0, 1.0); rows.count - nodes.len()]].concat();
    for (passed, chip) in rows.passed.iter().zip(chips) {
        passed.last().iter().for_each(|last| sizes[**last] = *chip);
    }
    let reach = |item: usize, side: usize| sizes[item].0 / 2.0 + sides.get(item).map_or(0.0, |s| s[side].width());
    let x = align(&rows.rows, &rows.links, rows.count, &|i| rows.passes(i), &|a, b| reach(a, 1) + GAP + reach(b, 0));
    let items = || rows.rows.iter().flatten();
    let left = items().map(|i| x[*i] - reach(*i, 0)).fold(f64::INFINITY, f64::min) - MARGIN;
    let right = items().map(|i| x[*i] + reach(*i, 1)).fold(f64::NEG_INFINITY, f64::max) + MARGIN;
    let mut boxes = vec![Box::default(); rows.count];
    let mut y = MARGIN;
    for (k, row) in rows.rows.iter().enumerate() {
        let high = |i: &usize| sides.get(*i).map_or(0.0, |s| s[0].height.max(s[1].height)).max(sizes[*i].1);
        let height = row.iter().map(high).fold(0.0, f64::max);
        for i in row {
            let (width, own) = if sizes[*i].1 > 1.0 { sizes[*i] } else { (1.0, height) };
            boxes[*i] = Box { x: x[*i] - left, y: y + height / 2.0, width, height: own };
        }
        y += height + if k + 1 < rows.rows.len() { gap(row, &rows, &x) } else { MARGIN };
    }
    let mut placed = placed(&rows, boxes, nodes.len());
    sides.iter().enumerate().for_each(|(i, sides)| place_sides(graph, i, sides, nodes, chips, &mut placed));
    Placed { width: right - left, height: y, ..placed }
}

/// The space below a row.
fn gap(row: &[usize], rows: &Rows, x: &[f64]) -> f64 {
    let below = rows.links.iter().filter(|(upper, _, _)| row.contains(upper));
    let aside = below.map(|(upper, lower, _)| (x[*upper] - x[*lower]).abs()).fold(0.0, f64::max);
    (aside * SLOPE).clamp(ROW_GAP, WIDEST_ROW_GAP)
}

/// Nodes, chips and what else edges pass through, taken apart.
fn placed(rows: &Rows, boxes: Vec<Box>, nodes: usize) -> Placed {
    let chip = |passed: &Vec<usize>| passed.last().map_or_else(Box::default, |last| boxes[*last]);
    let others = |passed: &Vec<usize>| passed.iter().rev().skip(1).rev().map(|i| boxes[*i]).collect();
    Placed {
        chips: rows.passed.iter().map(chip).collect(),
        passed: rows.passed.iter().map(others).collect(),
        across: rows.across.clone(),
        rooms: boxes.iter().take(nodes).map(|b| (b.top(), b.bottom())).collect(),
        nodes: boxes.into_iter().take(nodes).collect(),
        width: 0.0,
        height: 0.0,
    }
}

/// The inputs to the left or right of a value, by their edges.
#[derive(Default)]
struct SideInputs {
    edges: Vec<usize>,
    /// The widest of what is written at the edges, the widest input, the height of all.
    chip: f64,
    input: f64,
    height: f64,
}

impl SideInputs {
    fn width(&self) -> f64 {
        if self.edges.is_empty() { 0.0 } else { self.input + self.chip + 2.0 * REACH }
    }
}

/// What stands beside a node: left, what its formula names before anything that flows in from above; right, the rest.
/// Where it shares its row with other values, all on one side.
fn sides(graph: &ComputationGraph, rows: &Rows, node: usize, nodes: &[BoxSize], chips: &[BoxSize]) -> [SideInputs; 2] {
    let edges: Vec<usize> = (0..graph.edges.len()).filter(|e| graph.edges[*e].to == node).collect();
    let shared = |row: &&Vec<usize>| row.contains(&node) && row.iter().filter(|i| **i < nodes.len()).count() > 1;
    let shares = rows.rows.iter().find(shared).is_some();
    let first_down = edges.iter().position(|e| !rows.across[*e]).unwrap_or(0);
    let across = edges.iter().filter(|e| rows.across[**e]).count();
    let split = match (across > MANY, shares && first_down > 0) {
        (true, _) => edges.len() / 2,
        (false, true) => edges.len(),
        (false, false) => first_down,
    };
    let (left, right) = edges.split_at(split);
    [left, right].map(|edges| {
        let edges: Vec<usize> = edges.iter().copied().filter(|e| rows.across[*e]).collect();
        let input = |e: &usize| nodes[graph.edges[*e].from];
        SideInputs {
            chip: edges.iter().map(|e| chips[*e].0).fold(0.0, f64::max),
            input: edges.iter().map(|e| input(e).0).fold(0.0, f64::max),
            height: edges.iter().map(|e| input(e).1 + STACK_GAP).sum::<f64>() - STACK_GAP,
            edges,
        }
    })
}

/// The inputs of a node one below the other, and what is written at their edges.
fn place_sides(
    graph: &ComputationGraph,
    node: usize,
    sides: &[SideInputs; 2],
    nodes: &[BoxSize],
    chips: &[BoxSize],
    placed: &mut Placed,
) {
    let value = placed.nodes[node];
    for (side, sign) in sides.iter().zip([-1.0, 1.0]) {
        let mut top = value.y - side.height / 2.0;
        let room = &mut placed.rooms[node];
        *room = (room.0.min(top), room.1.max(top + side.height));
        let middles = side.edges.iter().scan(top, |top, e| {
            let height = nodes[graph.edges[*e].from].1;
            *top += height + STACK_GAP;
            Some(*top - STACK_GAP - height / 2.0)
        });
        let ends = spread(&middles.collect::<Vec<_>>(), value.y, value.height);
        for (e, end) in side.edges.iter().zip(ends) {
            let (width, height) = nodes[graph.edges[*e].from];
            let y = top + height / 2.0;
            let beyond = |distance: f64| value.x + sign * (value.width / 2.0 + distance);
            let x = beyond(side.chip + 2.0 * REACH + width / 2.0);
            placed.nodes[graph.edges[*e].from] = Box { x, y, width, height };
            let chip = end.max(y - height / 2.0 + CORNER).min(y + height / 2.0 - CORNER);
            placed.chips[*e] =
                Box { x: beyond(REACH + side.chip / 2.0), y: chip, width: chips[*e].0, height: chips[*e].1 };
            top += height + STACK_GAP;
        }
    }
}

/// Places along a side near the wanted ones, which are in order, a gap apart where there is room.
pub fn spread(wanted: &[f64], middle: f64, length: f64) -> Vec<f64> {
    let gap = PORT_GAP.min(length / (wanted.len() as f64 + 1.0));
    let (first, last) = (middle - length / 2.0 + gap, middle + length / 2.0 - gap);
    let mut places: Vec<f64> = wanted.iter().map(|x| x.max(first).min(last)).collect();
    for i in 1..places.len() {
        places[i] = places[i].max(places[i - 1] + gap);
    }
    let mut limit = last;
    for place in places.iter_mut().rev() {
        *place = place.min(limit);
        limit = *place - gap;
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_keep_apart_and_within_their_node() {
        assert_eq!(spread(&[100.0], 100.0, 100.0), [100.0]);
        assert_eq!(spread(&[0.0, 10.0, 100.0], 100.0, 100.0), [66.0, 82.0, 100.0]);
        assert_eq!(spread(&[100.0, 300.0, 400.0], 100.0, 100.0), [100.0, 118.0, 134.0]);
        assert!(spread(&[100.0], 516.45, 28.6)[0].is_finite());
        let crowded = spread(&[100.0; 40], 100.0, 100.0);
        assert!(crowded.windows(2).all(|p| p[0] < p[1]) && crowded[0] > 50.0 && crowded[39] < 150.0, "{crowded:?}");
    }
}
