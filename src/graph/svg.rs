//! The graph as SVG: colours follow the page, light or dark.

use super::labels::{Labels, Lines};
use super::place::{Box, Curve, Placed, place};
use super::{Edge, Graph, Kind};
use crate::render::Notation;
use std::fmt::Write;

/// Sizes of letters and lines.
const LETTER: f64 = 8.6;
const LINE: f64 = 20.0;
const PAD: f64 = 10.0;
/// Values and signals are broken at this many letters.
const NODE_WIDTH: usize = 44;
/// Jacobians wider than this stand below the picture.
const EDGE_WIDTH: usize = 26;
const LEGEND_WIDTH: usize = 92;

const STYLE: &str = "\
  svg { color-scheme: light dark; --ink: #1b1f24; --quiet: #6a737d; --back: #b3261e; --page: #ffffff; --node: #f6f8fa; --input: #eaf2fd; --line: #c3cad2; }
  @media (prefers-color-scheme: dark) {
    svg { --ink: #e6edf3; --quiet: #9aa4af; --back: #ff8f85; --page: #14181d; --node: #1f262e; --input: #1b2a3f; --line: #48525d; }
  }
  text { font: 15px 'STIX Two Math', 'Latin Modern Math', 'Cambria Math', 'DejaVu Serif', serif; fill: var(--ink); }
  .page { fill: var(--page); } .node { fill: var(--node); stroke: var(--line); } .input { fill: var(--input); stroke: var(--line); }
  .output { fill: var(--node); stroke: var(--ink); stroke-width: 2; }
  .shape { fill: var(--quiet); font-size: 12px; } .back { fill: var(--back); } .chip { fill: var(--page); }
  path { fill: none; stroke-width: 1.4; } .forth-line { stroke: var(--quiet); } .back-line { stroke: var(--back); stroke-dasharray: 5 3; }
  .forth-head { fill: var(--quiet); } .back-head { fill: var(--back); }";

/// What is written at an edge.
enum Chip {
    Lines(Vec<String>),
    /// The number of its line in the legend.
    Numbered(String, usize),
}

pub fn drawn(graph: &Graph) -> String {
    let labels = Labels::new(graph, Notation::Unicode);
    let lines: Vec<Lines> = graph.nodes.iter().map(|n| labels.node(n, NODE_WIDTH)).collect();
    let mut legend: Vec<Vec<String>> = vec![];
    let chips: Vec<Chip> = graph.edges.iter().map(|e| chip(e, &labels, &mut legend)).collect();
    // an edge leads through what is written at it
    let sizes: Vec<(f64, f64)> = lines.iter().map(node_size).chain(chips.iter().map(chip_size)).collect();
    let first = lines.len();
    let halves = graph.edges.iter().enumerate().flat_map(|(i, e)| [(e.from, first + i), (first + i, e.to)]);
    let placed = place(&sizes, &halves.collect::<Vec<_>>());
    let mut body = String::new();
    for (i, edge) in graph.edges.iter().enumerate() {
        draw_edge(&placed.curves[2 * i], &placed.curves[2 * i + 1], edge.jacobian.is_some(), &mut body);
    }
    for (i, chip) in chips.iter().enumerate() {
        draw_chip(chip, &placed.boxes[first + i], &mut body);
    }
    for (i, node) in graph.nodes.iter().enumerate() {
        draw_node(node.kind, &lines[i], &placed.boxes[i], &mut body);
    }
    whole(&placed, &legend, &body)
}

fn whole(placed: &Placed, legend: &[Vec<String>], body: &str) -> String {
    let rows: Vec<&String> = legend.iter().flatten().collect();
    let widest = rows.iter().map(|r| wide(r)).fold(placed.width, f64::max) + 2.0 * PAD;
    let height = placed.height + if rows.is_empty() { 0.0 } else { LINE * (rows.len() as f64 + 1.0) };
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {widest:.0} {height:.0}\" width=\"{widest:.0}\" height=\"{height:.0}\" role=\"img\">\n\
        <style>\n{STYLE}\n</style>\n<rect class=\"page\" width=\"100%\" height=\"100%\"/>\n{body}"
    );
    for (i, row) in rows.iter().enumerate() {
        write_text("back", "start", PAD, placed.height + LINE * (i as f64 + 0.5), row, &mut out);
    }
    out + "</svg>\n"
}

/// The Jacobian of an edge, or where in the legend it stands.
fn chip(edge: &Edge, labels: &Labels, legend: &mut Vec<Vec<String>>) -> Chip {
    let Some(jacobian) = labels.jacobian(edge) else { return Chip::Lines(vec![]) };
    if jacobian.chars().count() <= EDGE_WIDTH {
        return Chip::Lines(vec![jacobian]);
    }
    let number = legend.len() + 1;
    let mut lines = labels.local(edge, LEGEND_WIDTH);
    lines[0] = format!("({number}) {}", lines[0]);
    legend.push(lines);
    Chip::Numbered(labels.partial(edge), number)
}

fn wide(text: &str) -> f64 {
    text.chars().filter(|c| !('\u{300}'..='\u{36f}').contains(c)).count() as f64 * LETTER
}

fn node_size(lines: &Lines) -> (f64, f64) {
    let all = lines.value.iter().chain(&lines.signal);
    let count = lines.value.len() + lines.signal.len() + 1;
    (all.map(|l| wide(l)).fold(wide(&lines.shape), f64::max) + 2.0 * PAD, LINE * count as f64 + PAD)
}

fn chip_text(chip: &Chip) -> Vec<String> {
    match chip {
        Chip::Lines(lines) => lines.clone(),
        Chip::Numbered(partial, number) => vec![format!("{partial} ({number})")],
    }
}

fn chip_size(chip: &Chip) -> (f64, f64) {
    let lines = chip_text(chip);
    if lines.is_empty() {
        return (1.0, 1.0);
    }
    (lines.iter().map(|l| wide(l)).fold(4.0, f64::max) + 8.0, LINE)
}

fn draw_node(kind: Kind, lines: &Lines, at: &Box, out: &mut String) {
    let class = match kind {
        Kind::Input => "input",
        Kind::Constant | Kind::Value => "node",
        Kind::Output => "output",
    };
    let (x, y) = (at.x - at.width / 2.0, at.y - at.height / 2.0);
    let _ = writeln!(
        out,
        "<rect class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\" width=\"{:.1}\" height=\"{:.1}\" rx=\"{}\"/>",
        at.width,
        at.height,
        if lines.value.len() == 1 && kind == Kind::Input { 14 } else { 4 }
    );
    let rows = lines.value.iter().map(|l| ("", l)).chain([("shape", &lines.shape)]);
    for (i, (class, text)) in rows.chain(lines.signal.iter().map(|l| ("back", l))).enumerate() {
        write_text(class, "middle", at.x, y + PAD / 2.0 + LINE * (i as f64 + 0.72), text, out);
    }
}

fn draw_chip(chip: &Chip, at: &Box, out: &mut String) {
    for text in chip_text(chip) {
        let (x, y) = (at.x - at.width / 2.0, at.y - at.height / 2.0);
        let (width, height) = (at.width, at.height);
        let _ = writeln!(
            out,
            "<rect class=\"chip\" x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{height:.1}\"/>"
        );
        write_text("back", "middle", at.x, at.y + 5.0, &text, out);
    }
}

fn write_text(class: &str, anchor: &str, x: f64, y: f64, text: &str, out: &mut String) {
    let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let class = if class.is_empty() { String::new() } else { format!(" class=\"{class}\"") };
    let _ = writeln!(
        out,
        "<text{class} x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\" xml:space=\"preserve\">{text}</text>"
    );
}

/// How far the way back runs beside the way forth.
const ASIDE: f64 = 3.5;

/// Both halves of an edge: solid forth, dashed back.
fn draw_edge(above: &Curve, below: &Curve, back: bool, out: &mut String) {
    let (forth_above, forth_below) =
        if back { (aside(above, -ASIDE), aside(below, -ASIDE)) } else { (above.clone(), below.clone()) };
    draw_curve("forth-line", &forth_above, out);
    draw_curve("forth-line", &forth_below, out);
    draw_head("forth-head", &forth_below, out);
    if back {
        let (mut up, down) = (aside(above, ASIDE), aside(below, ASIDE));
        draw_curve("back-line", &up, out);
        draw_curve("back-line", &down, out);
        up.reverse();
        draw_head("back-head", &up, out);
    }
}

/// The curve moved to one side of the straight line between its ends.
fn aside(curve: &Curve, by: f64) -> Curve {
    let (Some(first), Some(last)) = (curve.first(), curve.last()) else { return vec![] };
    let (across, down) = unit(last.0 - first.0, last.1 - first.1);
    curve.iter().map(|(x, y)| (x + by * down, y - by * across)).collect()
}

fn unit(x: f64, y: f64) -> (f64, f64) {
    let length = x.hypot(y).max(1e-9);
    (x / length, y / length)
}

fn draw_curve(class: &str, curve: &Curve, out: &mut String) {
    let Some(((x, y), rest)) = curve.split_first() else { return };
    let mut path = format!("M {x:.1} {y:.1}");
    for piece in rest.chunks(3) {
        let points: Vec<String> = piece.iter().map(|(x, y)| format!("{x:.1} {y:.1}")).collect();
        let _ = write!(path, " C {}", points.join(", "));
    }
    let _ = writeln!(out, "<path class=\"{class}\" d=\"{path}\"/>");
}

/// An arrow's head at the end of a curve, in the direction the curve arrives.
fn draw_head(class: &str, curve: &Curve, out: &mut String) {
    let [.., before, (x, y)] = curve.as_slice() else { return };
    let (across, down) = unit(x - before.0, y - before.1);
    let (base_x, base_y) = (x - 9.0 * across, y - 9.0 * down);
    let (side_x, side_y) = (3.6 * down, -3.6 * across);
    let _ = writeln!(
        out,
        "<polygon class=\"{class}\" points=\"{x:.1},{y:.1} {:.1},{:.1} {:.1},{:.1}\"/>",
        base_x + side_x,
        base_y + side_y,
        base_x - side_x,
        base_y - side_y
    );
}
