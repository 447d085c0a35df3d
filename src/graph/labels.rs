//! What is written at nodes and edges, in a notation.

use super::{ComputationGraph, Edge, GraphNode};
use crate::expr::{Expr, Shape, Symbol};
use crate::render::{Notation, Printer, present};
use crate::syntax::Ast;

/// Spells the graph's names and formulas.
pub struct Labels<'a> {
    graph: &'a ComputationGraph,
    printer: Printer<'static>,
}

/// The lines of a node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lines {
    /// `z = W x + b`, or the name of an input.
    pub value: Vec<String>,
    /// `n×m`.
    pub shape: String,
    /// `∂s/∂z = δ`, and what δ means.
    pub signal: Vec<String>,
}

impl<'a> Labels<'a> {
    pub fn new(graph: &'a ComputationGraph, notation: Notation) -> Labels<'a> {
        Labels { graph, printer: Printer::new(notation) }
    }

    fn ast(&self, e: &Expr) -> Ast {
        present(e, &self.graph.style)
    }

    fn text(&self, e: &Expr) -> String {
        self.printer.line(&self.ast(e))
    }

    pub fn name(&self, name: &Symbol) -> String {
        self.printer.symbol(name)
    }

    /// `left = right`, the right side broken at this width, lines that go on indented.
    fn equation(&self, left: &str, right: &Expr, width: usize) -> Vec<String> {
        let mut lines = self.printer.lines(&self.ast(right), width);
        if let Some(first) = lines.first_mut() {
            *first = format!("{left} = {first}");
        }
        lines
    }

    /// What is written at a node, at most about so many letters wide.
    pub fn node(&self, node: &GraphNode, width: usize) -> Lines {
        let name = self.name(&node.name);
        let value = match &node.value {
            Some(e) => self.equation(&name, e, width),
            None => vec![name.clone()],
        };
        let output = self.name(&self.graph.output);
        let mut signal = vec![];
        if let Some(s) = &node.signal {
            signal.extend(self.equation(&self.printer.partial(&output, &name), &s.derivative, width));
            signal.extend(s.means.iter().flat_map(|m| self.equation(&self.text(&s.derivative), m, width)));
        }
        Lines { value, shape: self.shape(&node.shape), signal }
    }

    fn shape(&self, shape: &Shape) -> String {
        match self.printer.notation {
            Notation::Latex => shape.to_string().replace('×', " \\times "),
            _ => shape.to_string(),
        }
    }

    /// The local Jacobian of an edge in lines of about so many letters.
    pub fn jacobian_lines(&self, edge: &Edge, width: usize) -> Vec<String> {
        edge.jacobian.as_ref().map_or_else(Vec::new, |e| self.printer.lines(&self.ast(e), width))
    }

    /// The local Jacobian of an edge in one line.
    pub fn jacobian(&self, edge: &Edge) -> Option<String> {
        edge.jacobian.as_ref().map(|e| self.text(e))
    }

    /// ∂z/∂x of an edge.
    pub fn partial(&self, edge: &Edge) -> String {
        let name = |i: usize| self.name(&self.graph.nodes[i].name);
        self.printer.partial(&name(edge.to), &name(edge.from))
    }

    /// `∂z/∂x = …` in lines.
    pub fn local(&self, edge: &Edge, width: usize) -> Vec<String> {
        edge.jacobian.as_ref().map_or_else(Vec::new, |e| self.equation(&self.partial(edge), e, width))
    }
}
