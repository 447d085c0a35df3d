//! The graph in the language of Graphviz.

use super::labels::Labels;
use super::{ComputationGraph, NodeRole};
use crate::render::Notation;
use std::fmt::Write;

/// Values and Jacobians are broken at this many letters.
const NODE_WIDTH: usize = 60;
const EDGE_WIDTH: usize = 40;

pub fn written(graph: &ComputationGraph) -> String {
    let labels = Labels::new(graph, Notation::Unicode);
    let mut out = "digraph gradus {\n  node [shape=box, fontname=\"serif\"]; edge [fontname=\"serif\"];\n".to_owned();
    for (i, node) in graph.nodes.iter().enumerate() {
        let lines = labels.node(node, NODE_WIDTH);
        let text: Vec<String> =
            lines.value.iter().chain([&lines.shape]).chain(&lines.signal).map(|l| escaped(l)).collect();
        let style = match node.kind {
            NodeRole::Input => ", style=rounded",
            NodeRole::Constant => ", style=\"rounded,dotted\"",
            NodeRole::Value => "",
            NodeRole::Output => ", penwidth=2",
        };
        let _ = writeln!(out, "  n{i} [label=\"{}\"{style}];", text.join("\\n"));
    }
    for (k, plate) in graph.plates.iter().enumerate() {
        let nodes: String = plate.nodes.iter().map(|i| format!(" n{i};")).collect();
        let label = escaped(&labels.plate(plate));
        let _ = writeln!(out, "  subgraph cluster_{k} {{ label=\"{label}\"; labeljust=r; style=rounded;{nodes} }}");
    }
    for edge in &graph.edges {
        let (from, to) = (edge.from, edge.to);
        let _ = writeln!(out, "  n{from} -> n{to};");
        if edge.jacobian.is_some() {
            let lines: Vec<String> = labels.jacobian_lines(edge, EDGE_WIDTH).iter().map(|l| escaped(l)).collect();
            let label = lines.join("\\n");
            let _ = writeln!(
                out,
                "  n{to} -> n{from} [label=\"{label}\", style=dashed, color=firebrick, fontcolor=firebrick, constraint=false];"
            );
        }
    }
    out + "}\n"
}

fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"")
}
