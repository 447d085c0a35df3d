//! Drawn expressions and documents: their text, and their value by the table's own arithmetic.

use super::array::Array;
use super::operator::{Operator, Point};
use super::shape::Shape;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// An expression.
#[derive(Clone)]
pub enum Node {
    /// A variable or a definition.
    Name(String, Shape),
    Apply {
        operator: &'static Operator,
        spelling: &'static str,
        args: Vec<Node>,
        shape: Shape,
    },
}

const ATOM: u8 = 6;

impl Node {
    pub fn shape(&self) -> &Shape {
        match self {
            Node::Name(_, shape) | Node::Apply { shape, .. } => shape,
        }
    }

    pub fn args(&self) -> &[Node] {
        match self {
            Node::Name(..) => &[],
            Node::Apply { args, .. } => args,
        }
    }

    /// Every node, the root first.
    pub fn nodes(&self) -> Vec<&Node> {
        let mut nodes = vec![self];
        let mut next = 0;
        while next < nodes.len() {
            nodes.extend(nodes[next].args());
            next += 1;
        }
        nodes
    }

    pub fn operators(&self) -> Vec<&'static Operator> {
        let operator = |n: &&Node| if let Node::Apply { operator, .. } = n { Some(*operator) } else { None };
        self.nodes().iter().filter_map(operator).collect()
    }

    pub fn mentions(&self, name: &str) -> bool {
        self.nodes().iter().any(|n| matches!(n, Node::Name(own, _) if own == name))
    }

    pub fn text(&self) -> String {
        self.text_at(0)
    }

    fn level(&self) -> u8 {
        match self {
            Node::Name(..) => ATOM,
            // a call stands for itself, whatever level its other spellings have
            Node::Apply { spelling, .. } if spelling.ends_with(')') && !spelling.contains(['@', '^']) => ATOM,
            Node::Apply { operator, .. } => operator.level,
        }
    }

    /// In parentheses unless it binds as tightly as this.
    fn text_at(&self, level: u8) -> String {
        let text = match self {
            Node::Name(name, _) => name.clone(),
            Node::Apply { spelling, args, shape, .. } => filled(spelling, args, shape),
        };
        if self.level() < level { format!("({text})") } else { text }
    }

    pub fn value(&self, point: &Point) -> Array {
        match self {
            Node::Name(name, _) => point.arrays[name].clone(),
            Node::Apply { operator, args, shape, .. } => {
                let args: Vec<Array> = args.iter().map(|a| a.value(point)).collect();
                (operator.value)(point, &args, shape)
            }
        }
    }
}

/// A spelling with its arguments put in.
fn filled(spelling: &str, args: &[Node], shape: &Shape) -> String {
    let mut text = String::new();
    let mut rest = spelling;
    while let Some(at) = rest.find('$') {
        text += &rest[..at];
        let place = &rest[at + 1..at + 2];
        rest = &rest[at + 2..];
        let level = rest.strip_prefix('@').map(|r| r[..1].parse::<u8>().expect("a level"));
        rest = if level.is_some() { &rest[2..] } else { rest };
        let piece = match place {
            "r" => shape.rows.to_string(),
            "c" => shape.cols.to_string(),
            "R" => args[0].shape().rows.to_string(),
            "D" => {
                let (a, b) = shape.rows.factors();
                format!("{a}, {b}")
            }
            i => args[i.parse::<usize>().expect("the number of an argument")].text_at(level.unwrap_or(0)),
        };
        // numbers side by side are no product
        let is_number = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
        if text.ends_with(' ') && is_number(text.trim_end().chars().last()) && is_number(piece.chars().next()) {
            text += "* ";
        }
        text += &piece;
    }
    text + rest
}

/// A variable with what is declared of it.
#[derive(Clone)]
pub struct Variable {
    pub name: String,
    pub shape: Shape,
    pub attributes: &'static str,
}

/// A document.
#[derive(Clone, Default)]
pub struct Document {
    /// Whether the variables are declared, as far as they have to be.
    pub declared: bool,
    /// Whether a declaration says that n is a size.
    pub sizes: bool,
    pub variables: Vec<Variable>,
    /// The definition of g(t), when it is called.
    pub body: Option<Node>,
    pub definitions: Vec<(String, Node)>,
    /// `--wrt`; everything when empty.
    pub wrt: Vec<String>,
}

impl Document {
    pub fn text(&self) -> String {
        let mut lines: Vec<String> = vec![];
        for v in self.variables.iter().filter(|v| self.mentions(&v.name)) {
            if self.declared || !v.attributes.is_empty() {
                lines.push(format!("{}: {} {}", v.name, v.shape, v.attributes).trim_end().to_owned());
            }
        }
        if self.sizes {
            lines.push("N: n".into());
        }
        if self.calls("f") {
            lines.push("f: elementwise".into());
        }
        if let Some(body) = self.body.as_ref().filter(|_| self.calls("g")) {
            lines.push(format!("g(t) = {}", body.text()));
        }
        lines.extend(self.definitions.iter().map(|(name, value)| format!("{name} = {}", value.text())));
        let text = lines.join("\n");
        // in LaTeX everything that stands together after / is the denominator
        if text.contains('/') { text.replace("^\\top", "^T").replace("\\otimes", "⊗") } else { text }
    }

    pub fn operators(&self) -> Vec<&'static Operator> {
        let values = self.definitions.iter().map(|(_, value)| value);
        values.chain(self.body.iter().filter(|_| self.calls("g"))).flat_map(Node::operators).collect()
    }

    fn calls(&self, function: &str) -> bool {
        let calls = |n: &Node| n.operators().iter().any(|o| super::elementwise::calls(o, function));
        self.definitions.iter().any(|(_, value)| calls(value))
    }

    pub fn mentions(&self, name: &str) -> bool {
        self.definitions.iter().any(|(_, value)| value.mentions(name))
    }

    /// The variables and definitions the last definition depends on.
    pub fn reached(&self) -> BTreeSet<String> {
        let mut reached = BTreeSet::new();
        for (at, (name, value)) in self.definitions.iter().enumerate().rev() {
            if at + 1 == self.definitions.len() || reached.contains(name) {
                reached.extend(value.nodes().iter().filter_map(|n| match n {
                    Node::Name(name, _) => Some(name.clone()),
                    Node::Apply { .. } => None,
                }));
            }
        }
        reached
    }

    /// The function g at a point.
    pub fn function(&self) -> Option<Rc<dyn Fn(f64) -> f64>> {
        let body = self.body.clone()?;
        Some(Rc::new(move |t| {
            let arrays = BTreeMap::from([("t".to_owned(), Array::scalar(t))]);
            let point = Point { sizes: BTreeMap::new(), arrays, functions: BTreeMap::new() };
            body.value(&point).only()
        }))
    }

    /// The value of the last definition, where a target (variable or definition) is shifted in one entry.
    pub fn value(&self, point: &Point, shift: Option<(&str, (usize, usize), f64)>) -> Array {
        let arrays = point.arrays.clone();
        let mut point = Point { sizes: point.sizes.clone(), arrays, functions: point.functions.clone() };
        let shifted = |name: &str, mut value: Array| {
            if let Some((_, (i, j), by)) = shift.filter(|(target, ..)| *target == name) {
                *value.entry(i, j) += by;
            }
            value
        };
        for (name, value) in &mut point.arrays {
            *value = shifted(name, value.clone());
        }
        let mut last = Array::scalar(f64::NAN);
        for (name, value) in &self.definitions {
            last = shifted(name, value.value(&point));
            point.arrays.insert(name.clone(), last.clone());
        }
        last
    }
}
