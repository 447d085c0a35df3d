//! What is written at nodes and edges, in a notation.

use super::{ComputationGraph, Edge, GraphNode, Plate};
use crate::expr::{Expr, Index, Shape, Size, Symbol, size_number, variable};
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
        match name.as_indexed() {
            Some(_) => self.text(&variable(name.clone(), &Shape::scalar())),
            None => self.printer.symbol(name),
        }
    }

    /// `i = 1, …, n`; what is drawn is not counted.
    pub fn plate(&self, plate: &Plate) -> String {
        let dots = if self.printer.notation == Notation::Latex { "\\ldots" } else { "…" };
        let size = |size: &Size| self.text(&size_number(size));
        let one = |i: &Index| match self.graph.style.samples.contains(&i.letter) {
            true if self.printer.notation == Notation::Latex => "\\text{samples}".to_owned(),
            true => "samples".to_owned(),
            false => format!("{} = {}, {dots}, {}", self.name(&Symbol::from(&i.letter)), size(&i.first), size(&i.last)),
        };
        plate.over.iter().map(one).collect::<Vec<_>>().join("; ")
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
        if edge.partial.is_some() {
            return self.local(edge, width);
        }
        edge.jacobian.as_ref().map_or_else(Vec::new, |e| self.printer.lines(&self.ast(e), width))
    }

    /// The local Jacobian of an edge in one line.
    pub fn jacobian(&self, edge: &Edge) -> Option<String> {
        edge.jacobian.as_ref().map(|e| match edge.partial {
            Some(_) => format!("{} = {}", self.partial(edge), self.text(e)),
            None => self.text(e),
        })
    }

    /// ∂z/∂x of an edge.
    pub fn partial(&self, edge: &Edge) -> String {
        let nodes = || [edge.to, edge.from].map(|i| self.graph.nodes[i].name.clone());
        let [of, by] = edge.partial.clone().unwrap_or_else(nodes).map(|name| self.name(&name));
        self.printer.partial(&of, &by)
    }

    /// `∂z/∂x = …` in lines.
    pub fn local(&self, edge: &Edge, width: usize) -> Vec<String> {
        edge.jacobian.as_ref().map_or_else(Vec::new, |e| self.equation(&self.partial(edge), e, width))
    }
}
