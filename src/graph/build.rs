//! The graph of a document: its forward pass, the derivative at every node, the local Jacobian of every edge.

use super::plates;
use super::{ComputationGraph, Edge, GraphNode, MAX_NODES, NodeRole, Signal, spelled, too_large};
use crate::derive::{Derivation, Form, Options, Sharing, derive, derive_program};
use crate::diag::{Error, Errors, Span};
use crate::expr::{Expr, Purpose, Symbol, variable};
use crate::fuel;
use crate::program::{Definition, Input, Program};
use crate::render::{Style, present};
use std::collections::BTreeSet;

/// The computation graph of a document; `of` chooses what is differentiated, as for `derive`.
///
/// # Errors
/// Those of `derive`; `Limit` for more than [`MAX_NODES`] nodes.
pub fn graph(document: &str, of: Option<&str>) -> Result<ComputationGraph, Errors> {
    let options = Options { of: of.map(str::to_owned), inlined: false, ..Options::default() };
    fuel::limited(|| of_derivation(&derive(document, &options)?).map_err(|e| vec![e]))
}

fn of_derivation(whole: &Derivation) -> Result<ComputationGraph, Error> {
    if whole.program.is_indexed() {
        return plates::of_indexed(whole);
    }
    let program = named_values(whole);
    let used: BTreeSet<Symbol> = program.definitions.iter().flat_map(|d| d.value.variables()).collect();
    let inputs: Vec<&Input> = program.inputs.iter().filter(|i| used.contains(&i.name)).collect();
    let count = inputs.len() + program.definitions.len();
    if count > MAX_NODES {
        return Err(too_large(count));
    }
    let signals = Signals::of(&program, &inputs, &whole.label)?;
    let signal = |name: &Symbol| signals.as_ref().and_then(|s| s.at(name));
    let mut nodes: Vec<GraphNode> = inputs.iter().map(|i| input(i, signal(&i.name))).collect();
    nodes.extend(program.definitions.iter().map(|d| value(d, &whole.label, signal(&d.name))));
    explain_once(&mut nodes);
    let style = signals.as_ref().map_or_else(|| Style::of(whole), |s| Style::of(&s.by_inputs));
    let edges = edges(&program, &whole.label, &nodes, &style);
    Ok(ComputationGraph { nodes, edges, output: whole.label.clone(), plates: vec![], style })
}

/// The document with every intermediate of its forward pass as a definition of its own.
fn named_values(whole: &Derivation) -> Program {
    let named = |d: &Definition| {
        let name = if d.name == whole.of { whole.label.clone() } else { d.name.clone() };
        Definition { name, ..d.clone() }
    };
    let definitions = whole.forward.iter().map(named).collect();
    Program { definitions, main: Some(whole.label.clone()), ..whole.program.clone() }
}

/// What flows back to the nodes.
struct Signals {
    /// As `derive` tells it: the error signals of the values are named on the way to the inputs.
    by_inputs: Derivation,
    /// By the values too, each of which is then a variable of its own; `None` where there are none.
    by_all: Option<Derivation>,
}

impl Signals {
    /// `None` where the output is the only node.
    fn of(program: &Program, inputs: &[&Input], output: &Symbol) -> Result<Option<Signals>, Error> {
        let inputs: Vec<String> = inputs.iter().filter(|i| !i.is_constant()).map(|i| spelled(&i.name)).collect();
        let leading = leading(program, output);
        let values = program.definitions.iter().map(|d| &d.name).filter(|n| *n != output && leading.contains(*n));
        let all = [inputs.clone(), values.map(spelled).collect()].concat();
        let derived = |wrt: &[String]| {
            derive_program(program.clone(), &Options { wrt: wrt.to_vec(), inlined: false, ..Options::default() })
        };
        Ok(match (inputs.is_empty(), all.is_empty()) {
            (_, true) => None,
            (true, false) => Some(Signals { by_inputs: derived(&all)?, by_all: None }),
            (false, false) => {
                let by_all = if all.len() > inputs.len() { Some(derived(&all)?) } else { None };
                Some(Signals { by_inputs: derived(&inputs)?, by_all })
            }
        })
    }

    /// What flows back to a name: as it is named on the way to the inputs, or written out.
    fn at(&self, name: &Symbol) -> Option<Signal> {
        if let Some(delta) = self.named(name) {
            let derivative = variable(&delta.name, delta.value.shape());
            return Some(Signal { derivative, means: Some(shown(&self.by_inputs, &delta.value)) });
        }
        signal(&self.by_inputs, name).or_else(|| {
            let d = self.by_all.as_ref()?;
            let found = signal(d, name)?;
            Some(Signal { derivative: shown(d, &self.in_own_names(d, &found.derivative)), means: None })
        })
    }

    /// The error signal of a value, where it has a name.
    fn named(&self, value: &Symbol) -> Option<&Definition> {
        let own = |d: &&Definition| d.name.purpose() == Some(Purpose::Signal) && d.name.owner() == Some(value);
        self.by_inputs.deltas.iter().find(own)
    }

    /// A term of another derivation, its error signals by the names they have here; others are written out.
    fn in_own_names(&self, other: &Derivation, e: &Expr) -> Expr {
        let here = |d: &Definition| self.named(d.name.owner()?).map(|n| variable(&n.name, n.value.shape()));
        let known = |n: &Symbol| self.by_inputs.deltas.iter().any(|d| d.name == *n);
        let meant = |n: &Symbol| {
            let delta = other.deltas.iter().find(|d| d.name == *n && !known(n))?;
            Some(here(delta).unwrap_or_else(|| delta.value.clone()))
        };
        other.deltas.iter().fold(e.clone(), |e, _| e.substitute(&meant))
    }
}

/// Values the derivation has introduced are written out: the graph does not show them.
fn shown(d: &Derivation, e: &Expr) -> Expr {
    let introduced =
        |n: &Symbol| d.forward.iter().find(|x| x.name == *n && d.introduced.contains(n)).map(|x| x.value.clone());
    by_name(&e.substitute(&introduced), &d.program)
}

/// What the output is computed from, itself included. Not all is: the variance of a layer norm serves derivatives alone.
fn leading(program: &Program, output: &Symbol) -> BTreeSet<Symbol> {
    let mut leading = BTreeSet::from([output.clone()]);
    for d in program.definitions.iter().rev() {
        if leading.contains(&d.name) {
            leading.extend(d.value.variables());
        }
    }
    leading
}

/// Values of the graph are called by their names: `1 - h.^2` rather than `1 - tanh(z).^2`.
fn by_name(e: &Expr, program: &Program) -> Expr {
    let named = |e: &Expr| program.definitions.iter().find(|d| !e.args().is_empty() && d.value == *e);
    e.rewrite(&mut |e| named(&e).map_or_else(|| e.clone(), |d| variable(&d.name, d.value.shape())))
}

/// What flows back to a name that is derived by.
fn signal(d: &Derivation, name: &Symbol) -> Option<Signal> {
    let one = d.derivatives.iter().find(|x| x.wrt.parts.len() == 1 && x.wrt.parts[0].0 == *name)?;
    let written = |e: &Expr| shown(d, e);
    let names = |x: &&Definition| one.result == x.value || one.result.as_variable().is_some_and(|v| v.name == x.name);
    let delta = d.deltas.iter().find(names);
    let derivative = delta.map_or_else(|| written(&one.result), |x| variable(&x.name, x.value.shape()));
    Some(Signal { derivative, means: delta.map(|x| written(&x.value)) })
}

/// An error signal is explained once: at the value whose signal it is, or else where it comes first.
fn explain_once(nodes: &mut [GraphNode]) {
    let values_first: Vec<usize> = {
        let is_value = |i: &usize| nodes[*i].value.is_some();
        (0..nodes.len()).filter(is_value).chain((0..nodes.len()).filter(|i| !is_value(i))).collect()
    };
    let mut explained: Vec<Expr> = vec![];
    for i in values_first {
        let Some(signal) = &mut nodes[i].signal else { continue };
        if explained.contains(&signal.derivative) {
            signal.means = None;
        } else if signal.means.is_some() {
            explained.push(signal.derivative.clone());
        }
    }
}

fn input(i: &Input, signal: Option<Signal>) -> GraphNode {
    let kind = if i.is_constant() { NodeRole::Constant } else { NodeRole::Input };
    GraphNode { name: i.name.clone(), kind, value: None, shape: i.shape.clone(), signal }
}

fn value(d: &Definition, output: &Symbol, signal: Option<Signal>) -> GraphNode {
    let kind = if d.name == *output { NodeRole::Output } else { NodeRole::Value };
    GraphNode { name: d.name.clone(), kind, value: Some(d.value.clone()), shape: d.value.shape().clone(), signal }
}

fn edges(program: &Program, output: &Symbol, nodes: &[GraphNode], style: &Style) -> Vec<Edge> {
    let leading = leading(program, output);
    let place = |name: &Symbol| nodes.iter().position(|n| n.name == *name);
    let mut edges = vec![];
    for d in &program.definitions {
        let Some(to) = place(&d.name) else { continue };
        for from in operands(&d.value, style).iter().filter_map(place) {
            let is_carried = nodes[from].kind != NodeRole::Constant && leading.contains(&d.name);
            let jacobian = if is_carried { local(program, d, &nodes[from].name) } else { None };
            edges.push(Edge { from, to, jacobian, partial: None });
        }
    }
    edges
}

/// The names a value is computed from, in the order they are read.
fn operands(value: &Expr, style: &Style) -> Vec<Symbol> {
    let mut known = value.variables();
    let mut read: Vec<Symbol> = vec![];
    present(value, style).names(&mut |n| read.extend(known.iter().find(|s| s.is_written(n)).cloned()));
    read.extend(known.iter().cloned());
    read.retain(|n| known.remove(n));
    read
}

/// ∂y/∂x of one definition alone, the names it uses as inputs; `None` where there is no rule.
fn local(program: &Program, d: &Definition, operand: &Symbol) -> Option<Expr> {
    let attributes = |n: &Symbol| program.input(n).map(|i| i.attributes.clone()).unwrap_or_default();
    let input = |n: &Symbol| {
        let shape = program.shape(n)?.clone();
        Some(Input { name: n.clone(), shape, attributes: attributes(n), declared: true, span: Span::default() })
    };
    let inputs = d.value.variables().iter().filter_map(input).collect();
    let alone =
        Program { inputs, definitions: vec![d.clone()], main: Some(d.name.clone()), notes: vec![], ..program.clone() };
    let wrt = vec![spelled(operand)];
    let options = Options { wrt, form: Some(Form::Jacobian), sharing: Sharing::Inline, ..Options::default() };
    let derivation = derive_program(alone, &options).ok()?;
    let one = derivation.derivatives.into_iter().next()?;
    let whole = one.inlined.unwrap_or(one.result);
    Some(by_name(&whole, program))
}
