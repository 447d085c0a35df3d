//! The graph as a `tikzpicture`, for documents that load tikz and amsmath.

use super::labels::{Labels, Lines};
use super::place::place;
use super::{Graph, Kind};
use crate::render::{Notation, formula_width};
use std::fmt::Write;

/// Centimetres of a letter and of a line.
const LETTER: f64 = 0.17;
const LINE: f64 = 0.62;
const NODE_WIDTH: usize = 40;

pub fn drawn(graph: &Graph) -> String {
    let labels = Labels::new(graph, Notation::Latex);
    let lines: Vec<Lines> = graph.nodes.iter().map(|n| labels.node(n, NODE_WIDTH)).collect();
    let chips: Vec<String> = graph.edges.iter().map(|e| labels.jacobian(e).unwrap_or_default()).collect();
    // layout-rs thinks in pixels
    let scale = 40.0;
    let node_size = |l: &Lines| (scale * width(&rows(l)), scale * LINE * rows(l).len() as f64);
    let chip_size = |c: &String| (scale * width(std::slice::from_ref(c)), scale * LINE);
    let sizes: Vec<(f64, f64)> = lines.iter().map(node_size).chain(chips.iter().map(chip_size)).collect();
    let first = lines.len();
    let halves = graph.edges.iter().enumerate().flat_map(|(i, e)| [(e.from, first + i), (first + i, e.to)]);
    let placed = place(&sizes, &halves.collect::<Vec<_>>());
    let at = |i: usize| (placed.boxes[i].x / scale, -placed.boxes[i].y / scale);
    let mut out = "\\begin{tikzpicture}[>=stealth, every node/.style={align=center, font=\\small},\n  \
        input/.style={draw, rounded corners=4pt}, value/.style={draw}, output/.style={draw, thick}, back/.style={dashed, red!70!black}]\n"
        .to_owned();
    for (i, node) in graph.nodes.iter().enumerate() {
        let class = match node.kind {
            Kind::Input | Kind::Constant => "input",
            Kind::Value => "value",
            Kind::Output => "output",
        };
        let ((x, y), text) = (at(i), rows(&lines[i]).join(" \\\\ "));
        let _ = writeln!(out, "  \\node[{class}] (n{i}) at ({x:.2}, {y:.2}) {{{text}}};");
    }
    for (i, edge) in graph.edges.iter().enumerate() {
        let ((x, y), jacobian) = (at(first + i), &chips[i]);
        let (from, to) = (edge.from, edge.to);
        if jacobian.is_empty() {
            let _ = writeln!(out, "  \\draw[->] (n{from}) -- (n{to});");
        } else {
            let _ = writeln!(out, "  \\node[text=red!70!black] (e{i}) at ({x:.2}, {y:.2}) {{${jacobian}$}};");
            let _ = writeln!(out, "  \\draw (n{from}) -- (e{i}); \\draw[->] (e{i}) -- (n{to});");
            let shift = "[xshift=4pt]";
            let _ = writeln!(
                out,
                "  \\draw[back] ({shift}n{to}.north) -- ({shift}e{i}.south); \\draw[->, back] ({shift}e{i}.north) -- ({shift}n{from}.south);"
            );
        }
    }
    out + "\\end{tikzpicture}\n"
}

/// The lines of a node, each a formula.
fn rows(lines: &Lines) -> Vec<String> {
    let shape = format!("{{\\footnotesize ${}$}}", lines.shape.replace("scalar", "\\text{scalar}"));
    let formula = |l: &String| format!("${l}$");
    let signal = lines.signal.iter().map(|l| format!("{{\\color{{red!70!black}}${l}$}}"));
    lines.value.iter().map(formula).chain([shape]).chain(signal).collect()
}

fn width(rows: &[String]) -> f64 {
    rows.iter().map(|r| formula_width(r) as f64 * LETTER).fold(0.4, f64::max) + 0.3
}
