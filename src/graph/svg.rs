//! The graph as SVG: colours follow the page, light or dark.

use super::labels::{Labels, Lines};
use super::letters::spans;
use super::place::{Box, frames};
use super::route::{Curve, Route, Routed, aside, route};
use super::{ComputationGraph, Edge, NodeRole};
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
/// What a frame leaves around its nodes, and below them for its text.
const FRAME: (f64, f64) = (6.0, 18.0);

/// The colours of a page. They stand in every rule: not every program that draws SVG knows variables.
struct Palette {
    ink: &'static str,
    quiet: &'static str,
    back: &'static str,
    page: &'static str,
    node: &'static str,
    input: &'static str,
    line: &'static str,
}

const LIGHT: Palette = Palette {
    ink: "#1b1f24",
    quiet: "#6a737d",
    back: "#b3261e",
    page: "#ffffff",
    node: "#f6f8fa",
    input: "#eaf2fd",
    line: "#c3cad2",
};

const DARK: Palette = Palette {
    ink: "#e6edf3",
    quiet: "#9aa4af",
    back: "#ff8f85",
    page: "#14181d",
    node: "#1f262e",
    input: "#1b2a3f",
    line: "#48525d",
};

/// Letters and lines, whatever their colours.
const FORMS: &str = "  text { font: 15px 'STIX Two Math', 'Latin Modern Math', 'Cambria Math', 'DejaVu Serif', serif; }
  .i { font-style: italic; } .small { font-size: 11px; } .shape { font-size: 12px; }
  .output { stroke-width: 2; } .constant { stroke-dasharray: 2 3; }
  path { fill: none; stroke-width: 1.4; } .back-line { stroke-dasharray: 5 3; }";

impl Palette {
    fn rules(&self) -> String {
        let Palette { ink, quiet, back, page, node, input, line } = self;
        format!(
            "  text {{ fill: {ink}; }} .shape {{ fill: {quiet}; }} .back {{ fill: {back}; }} .page, .chip {{ fill: {page}; }} .plate {{ fill: none; stroke: {line}; }}\n  \
            .node {{ fill: {node}; stroke: {line}; }} .input {{ fill: {input}; stroke: {line}; }} \
            .output {{ fill: {node}; stroke: {ink}; }} .constant {{ fill: {node}; stroke: {quiet}; }}\n  \
            .forth-line {{ stroke: {quiet}; }} .back-line {{ stroke: {back}; }} \
            .forth-head {{ fill: {quiet}; }} .back-head {{ fill: {back}; }}"
        )
    }
}

fn style() -> String {
    let (light, dark) = (LIGHT.rules(), DARK.rules());
    format!(
        "  svg {{ color-scheme: light dark; }}\n{FORMS}\n{light}\n  @media (prefers-color-scheme: dark) {{\n{dark}\n  }}"
    )
}

/// What is written at an edge.
enum Chip {
    Lines(Vec<String>),
    /// The number of its line in the legend.
    Numbered(String, usize),
}

pub fn drawn(graph: &ComputationGraph) -> String {
    let labels = Labels::new(graph, Notation::Unicode);
    let lines: Vec<Lines> = graph.nodes.iter().map(|n| labels.node(n, NODE_WIDTH)).collect();
    let mut legend: Vec<Vec<String>> = vec![];
    let chips: Vec<Chip> = graph.edges.iter().map(|e| chip(e, &labels, &mut legend)).collect();
    let node_sizes: Vec<(f64, f64)> = lines.iter().map(node_size).collect();
    let routed = route(graph, &node_sizes, &chips.iter().map(chip_size).collect::<Vec<_>>());
    let mut body = String::new();
    for (k, frame) in frames(graph, &routed.nodes, FRAME) {
        draw_frame(&frame, &labels.plate(&graph.plates[k]), &mut body);
    }
    for (edge, route) in graph.edges.iter().zip(&routed.edges) {
        draw_edge(route, edge.jacobian.is_some(), &mut body);
    }
    chips.iter().zip(&routed.chips).for_each(|(chip, at)| draw_chip(chip, at, &mut body));
    for (i, node) in graph.nodes.iter().enumerate() {
        draw_node(node.kind, &lines[i], &routed.nodes[i], &mut body);
    }
    whole(&labels.name(&graph.output), &routed, &legend, &body)
}

fn whole(output: &str, routed: &Routed, legend: &[Vec<String>], body: &str) -> String {
    let rows: Vec<&String> = legend.iter().flatten().collect();
    let widest = rows.iter().map(|r| wide(r)).fold(routed.width, f64::max) + 2.0 * PAD;
    let height = routed.height + if rows.is_empty() { 0.0 } else { LINE * (rows.len() as f64 + 1.0) };
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {widest:.0} {height:.0}\" width=\"{widest:.0}\" height=\"{height:.0}\" role=\"img\">\n\
        <title>The computation graph of {output}: values flow forward, error signals back</title>\n<style>\n{}\n</style>\n<rect class=\"page\" width=\"100%\" height=\"100%\"/>\n{body}",
        style()
    );
    for (i, row) in rows.iter().enumerate() {
        write_text("back", "start", PAD, routed.height + LINE * (i as f64 + 0.5), row, &mut out);
    }
    out + "</svg>\n"
}

/// Around what repeats, the indices in the lower right corner.
fn draw_frame(at: &Box, text: &str, out: &mut String) {
    let _ = writeln!(
        out,
        "<rect class=\"plate\" x=\"{:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{:.1}\" rx=\"8\"/>",
        at.left(),
        at.top(),
        at.width,
        at.height
    );
    write_text("shape", "end", at.right() - 6.0, at.bottom() - 5.0, text, out);
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

fn draw_node(kind: NodeRole, lines: &Lines, at: &Box, out: &mut String) {
    let class = match kind {
        NodeRole::Input => "input",
        NodeRole::Constant => "constant",
        NodeRole::Value => "node",
        NodeRole::Output => "output",
    };
    let (x, y) = (at.x - at.width / 2.0, at.y - at.height / 2.0);
    let _ = writeln!(
        out,
        "<rect class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\" width=\"{:.1}\" height=\"{:.1}\" rx=\"{}\"/>",
        at.width,
        at.height,
        if matches!(kind, NodeRole::Input | NodeRole::Constant) { 14 } else { 4 }
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
    let text = spans(text);
    let class = if class.is_empty() { String::new() } else { format!(" class=\"{class}\"") };
    let _ = writeln!(
        out,
        "<text{class} x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\" xml:space=\"preserve\">{text}</text>"
    );
}

/// How far the way back runs beside the way forth.
const ASIDE: f64 = 3.5;

/// Both halves of an edge: solid forth, dashed back.
fn draw_edge(route: &Route, back: bool, out: &mut String) {
    let halves = || [&route.before, &route.after].into_iter().filter(|half| !half.is_empty());
    let forth: Vec<Curve> = halves().map(|half| if back { aside(half, -ASIDE) } else { half.clone() }).collect();
    forth.iter().for_each(|half| draw_curve("forth-line", half, out));
    forth.last().iter().for_each(|half| draw_head("forth-head", half, out));
    if back {
        let back: Vec<Curve> = halves().map(|half| aside(half, ASIDE)).collect();
        back.iter().for_each(|half| draw_curve("back-line", half, out));
        let up = back.first().map(|half| half.iter().rev().copied().collect());
        up.iter().for_each(|half| draw_head("back-head", half, out));
    }
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
