//! The graph as a `tikzpicture`, for documents that load tikz and amsmath.

use super::labels::{Labels, Lines};
use super::place::{Box, frames};
use super::route::{Curve, Route, aside, route};
use super::{ComputationGraph, NodeRole};
use crate::render::{Notation, formula_width};
use std::fmt::Write;

/// Points of a letter, of a line, and of a line with a fraction.
const LETTER: f64 = 5.6;
const LINE: f64 = 15.0;
const FRACTION: f64 = 28.0;
const PAD: f64 = 5.0;
/// Values and Jacobians are broken at this many letters.
const NODE_WIDTH: usize = 44;
const EDGE_WIDTH: usize = 30;
/// How far the way back runs beside the way forth.
const ASIDE: f64 = 2.0;
/// What a frame leaves around its nodes, and below them for its text.
const FRAME: (f64, f64) = (4.0, 12.0);

const BEGIN: &str =
    "\\begin{tikzpicture}[x=1pt, y=-1pt, >=stealth, every node/.style={align=center, font=\\small, inner sep=3pt},
  input/.style={draw, rounded corners=4pt}, constant/.style={draw, dotted, rounded corners=4pt}, value/.style={draw},
  output/.style={draw, thick}, plate/.style={draw=gray, rounded corners=4pt}, back/.style={dashed, red!70!black}, jacobian/.style={text=red!70!black}]
";

pub fn drawn(graph: &ComputationGraph) -> String {
    let labels = Labels::new(graph, Notation::Latex);
    let nodes: Vec<Vec<NodeLine>> = graph.nodes.iter().map(|n| rows(labels.node(n, NODE_WIDTH))).collect();
    let formulas = |lines: Vec<String>| lines.into_iter().map(formula).collect();
    let chips: Vec<Vec<NodeLine>> =
        graph.edges.iter().map(|e| formulas(labels.jacobian_lines(e, EDGE_WIDTH))).collect();
    let sizes = |texts: &[Vec<NodeLine>]| texts.iter().map(|rows| size(rows)).collect::<Vec<_>>();
    let routed = route(graph, &sizes(&nodes), &sizes(&chips));
    let mut out = BEGIN.to_owned();
    for (k, frame) in frames(graph, &routed.nodes, FRAME) {
        let (left, top, right, bottom) = (frame.left(), frame.top(), frame.right(), frame.bottom());
        let _ = writeln!(out, "  \\draw[plate] ({left:.0}, {top:.0}) rectangle ({right:.0}, {bottom:.0});");
        let text = labels.plate(&graph.plates[k]);
        let _ =
            writeln!(out, "  \\node[anchor=south east, font=\\scriptsize] at ({right:.0}, {bottom:.0}) {{${text}$}};");
    }
    for (node, (rows, at)) in graph.nodes.iter().zip(nodes.iter().zip(&routed.nodes)) {
        let class = match node.kind {
            NodeRole::Input => "input",
            NodeRole::Constant => "constant",
            NodeRole::Value => "value",
            NodeRole::Output => "output",
        };
        let size = format!("minimum width={:.0}pt, minimum height={:.0}pt", at.width, at.height);
        write_node(&format!("{class}, {size}"), rows, at, &mut out);
    }
    for (edge, (rows, at)) in graph.edges.iter().zip(chips.iter().zip(&routed.chips)) {
        if edge.jacobian.is_some() {
            write_node("jacobian", rows, at, &mut out);
        }
    }
    graph.edges.iter().zip(&routed.edges).for_each(|(e, r)| draw_edge(r, e.jacobian.is_some(), &mut out));
    out + "\\end{tikzpicture}\n"
}

fn write_node(class: &str, rows: &[NodeLine], at: &Box, out: &mut String) {
    let lines: Vec<&str> = rows.iter().map(|r| r.set.as_str()).collect();
    let _ = writeln!(out, "  \\node[{class}] at ({:.0}, {:.0}) {{{}}};", at.x, at.y, lines.join(" \\\\[3pt] "));
}

/// Both halves of an edge: solid forth, dashed back.
fn draw_edge(route: &Route, back: bool, out: &mut String) {
    let halves: Vec<&Curve> = [&route.before, &route.after].into_iter().filter(|half| !half.is_empty()).collect();
    let shift = if back { ASIDE } else { 0.0 };
    for (i, half) in halves.iter().enumerate() {
        draw_curve(if i + 1 == halves.len() { "->" } else { "" }, &aside(half, -shift), out);
    }
    for (i, half) in halves.iter().enumerate().filter(|_| back) {
        draw_curve(if i == 0 { "<-, back" } else { "back" }, &aside(half, shift), out);
    }
}

fn draw_curve(style: &str, curve: &Curve, out: &mut String) {
    let point = |(x, y): &(f64, f64)| format!("({x:.1}, {y:.1})");
    let Some((start, rest)) = curve.split_first() else { return };
    let style = if style.is_empty() { String::new() } else { format!("[{style}]") };
    let mut path = point(start);
    for piece in rest.chunks_exact(3) {
        let _ = write!(path, " .. controls {} and {} .. {}", point(&piece[0]), point(&piece[1]), point(&piece[2]));
    }
    let _ = writeln!(out, "  \\draw{style} {path};");
}

/// A line of a node: the formula, and how it is set.
struct NodeLine {
    formula: String,
    set: String,
}

fn formula(line: String) -> NodeLine {
    NodeLine { set: format!("$\\displaystyle {line}$"), formula: line }
}

/// The lines of a node.
fn rows(lines: Lines) -> Vec<NodeLine> {
    let shape = lines.shape.replace("scalar", "\\text{scalar}");
    let shape = NodeLine { set: format!("{{\\footnotesize ${shape}$}}"), formula: lines.shape };
    let back = |row: NodeLine| NodeLine { set: format!("{{\\color{{red!70!black}}{}}}", row.set), ..row };
    let signal = lines.signal.into_iter().map(|l| back(formula(l)));
    lines.value.into_iter().map(formula).chain([shape]).chain(signal).collect()
}

/// About how wide and high the lines are set.
fn size(rows: &[NodeLine]) -> (f64, f64) {
    if rows.is_empty() {
        return (1.0, 1.0);
    }
    let letters = rows.iter().map(|r| formula_width(&r.formula)).max().unwrap_or(0);
    let height = |r: &NodeLine| if r.formula.contains("\\frac") { FRACTION } else { LINE };
    (letters as f64 * LETTER + 2.0 * PAD, rows.iter().map(height).sum::<f64>() + PAD)
}
