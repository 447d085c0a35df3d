//! The graph as a flowchart of Mermaid. Forth and back are one line: two would be a circle, and Mermaid would put inputs
//! below what uses them.

use super::labels::Labels;
use super::{ComputationGraph, NodeRole};
use crate::render::Notation;
use std::fmt::Write;

pub fn written(graph: &ComputationGraph) -> String {
    let labels = Labels::new(graph, Notation::Unicode);
    let mut out = "flowchart TD\n".to_owned();
    for (i, node) in graph.nodes.iter().enumerate() {
        let lines = labels.node(node, 60);
        let text: Vec<String> =
            lines.value.iter().chain([&lines.shape]).chain(&lines.signal).map(|l| escaped(l)).collect();
        let (open, close) = match node.kind {
            NodeRole::Input | NodeRole::Constant => ("([", "])"),
            NodeRole::Value => ("[", "]"),
            NodeRole::Output => ("[[", "]]"),
        };
        let _ = writeln!(out, "  n{i}{open}\"{}\"{close}", text.join("<br/>"));
    }
    for (k, plate) in graph.plates.iter().enumerate() {
        let nodes: String = plate.nodes.iter().map(|i| format!("    n{i}\n")).collect();
        let _ = write!(out, "  subgraph p{k}[\"{}\"]\n{nodes}  end\n", escaped(&labels.plate(plate)));
    }
    for edge in &graph.edges {
        let line = match labels.jacobian(edge) {
            Some(jacobian) => format!("<-- \"{}\" -->", escaped(&jacobian)),
            None => "-->".to_owned(),
        };
        let _ = writeln!(out, "  n{} {line} n{}", edge.from, edge.to);
    }
    out
}

/// Signs that mean something to Mermaid, as entities.
fn escaped(text: &str) -> String {
    let escape = |c: char| match c {
        '"' | '#' | '&' | '<' | '>' | ';' | '`' | '*' | '_' => format!("#{};", c as u32),
        _ => c.to_string(),
    };
    text.chars().map(escape).collect()
}
