//! The computation graph of a document: values flow forward, error signals flow back, and every edge knows its local
//! Jacobian. Drawn as SVG, or written for Graphviz, Mermaid and TikZ.

mod align;
mod build;
mod dot;
mod labels;
mod letters;
mod mermaid;
mod order;
mod place;
mod plates;
mod route;
mod rows;
mod svg;
mod tikz;

pub use build::graph;

use crate::diag::{Error, Kind};
use crate::expr::{Expr, Index, Shape, Symbol};
use crate::render::{Notation, Printer, Style};

/// What a node stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NodeRole {
    /// An input that is differentiated by.
    Input,
    /// An input that is not.
    Constant,
    /// A named value.
    Value,
    /// What is differentiated.
    Output,
}

/// A node: a named value.
#[derive(Clone, Debug)]
pub struct GraphNode {
    /// Its name.
    pub name: Symbol,
    /// What it stands for.
    pub kind: NodeRole,
    /// How it is computed; `None` for inputs.
    pub value: Option<Expr>,
    /// Its sizes.
    pub shape: Shape,
    /// What flows back to it: the derivative of the output by it, and the value of the error signal that names it.
    pub signal: Option<Signal>,
}

/// What flows back to a node.
#[derive(Clone, Debug)]
pub struct Signal {
    /// ∂s/∂z, perhaps by the name of an error signal.
    pub derivative: Expr,
    /// What the error signal stands for, where the derivative is no more than its name.
    pub means: Option<Expr>,
}

/// A value that is used by another.
#[derive(Clone, Debug)]
pub struct Edge {
    /// The node that is used.
    pub from: usize,
    /// The node that uses it.
    pub to: usize,
    /// The local Jacobian, numerator layout; `None` where there is no rule for it.
    pub jacobian: Option<Expr>,
    /// What it is of and by, where these are not the nodes as they are called: ∂q_ij/∂y_k.
    pub partial: Option<[Symbol; 2]>,
}

/// What repeats, once for every place of its indices.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plate {
    /// The indices.
    pub over: Vec<Index>,
    /// The nodes that repeat.
    pub nodes: Vec<usize>,
}

/// The computation graph.
#[derive(Clone, Debug)]
pub struct ComputationGraph {
    /// Inputs first, then values in the order they are computed.
    pub nodes: Vec<GraphNode>,
    /// In the order of the nodes they lead to, and of their formulas.
    pub edges: Vec<Edge>,
    /// The name of what is differentiated.
    pub output: Symbol,
    /// What repeats; no node is in two of them.
    pub plates: Vec<Plate>,
    style: Style,
}

/// The ways to write a graph.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Picture {
    /// A picture for a page, legible in light and dark.
    #[default]
    Svg,
    /// The language of Graphviz.
    Dot,
    /// A flowchart of Mermaid.
    Mermaid,
    /// A `tikzpicture` of LaTeX.
    Tikz,
}

/// Pictures of more nodes than this are no help to anyone.
pub const MAX_NODES: usize = 200;

impl ComputationGraph {
    /// The graph in one of the languages of pictures.
    pub fn drawn(&self, picture: Picture) -> String {
        match picture {
            Picture::Svg => svg::drawn(self),
            Picture::Dot => dot::written(self),
            Picture::Mermaid => mermaid::written(self),
            Picture::Tikz => tikz::drawn(self),
        }
    }
}

/// The limit in words.
fn too_large(nodes: usize) -> Error {
    Error::new(Kind::Limit, format!("the graph has {nodes} nodes, more than the limit of {MAX_NODES}"))
        .help("draw a part of the document with --of")
}

/// A name as a person writes it.
fn spelled(name: &Symbol) -> String {
    Printer::new(Notation::Ascii).symbol(name)
}
