//! Plates: the graph of a document with indices. What repeats stands in a box that says over which indices, and what a sum
//! goes over is a value of its own there.

use super::{ComputationGraph, Edge, GraphNode, MAX_NODES, NodeRole, Plate, Signal, spelled, too_large};
use crate::derive::{Derivation, Form, Options, derive_program, letters_of};
use crate::diag::{Error, Span};
use crate::expr::{Expr, Index, Indexed, Name, Purpose, Shape, Symbol, bases, variable};
use crate::program::{Definition, Input, Program};
use crate::render::Style;
use std::collections::BTreeSet;

/// The graph of a derivation in which something depends on an index.
///
/// # Errors
/// `Limit` for more than [`MAX_NODES`] nodes.
pub(super) fn of_indexed(whole: &Derivation) -> Result<ComputationGraph, Error> {
    let program = Opened::program(whole);
    let used: BTreeSet<Symbol> = program.definitions.iter().flat_map(|d| bases(&d.value)).collect();
    let inputs: Vec<&Input> = program.inputs.iter().filter(|i| used.contains(&i.name)).collect();
    let count = inputs.len() + program.definitions.len();
    if count > MAX_NODES {
        return Err(too_large(count));
    }
    let names: Vec<&Symbol> =
        inputs.iter().map(|i| &i.name).chain(program.definitions.iter().map(|d| &d.name)).collect();
    let edges = edges(&program, &names);
    let nodes = names.iter().map(|name| node(&program, name)).collect();
    Ok(ComputationGraph {
        nodes,
        edges,
        output: program.main.as_ref().map_or(Symbol::Bare, |of| member(&program, of)),
        plates: plates(&program, &names),
        style: Style::new(&program),
    })
}

/// A document whose sums go over values with names.
struct Opened {
    taken: BTreeSet<Name>,
    found: Vec<(Definition, Vec<Index>)>,
}

impl Opened {
    /// The document, what is below its sums before what they are sums of.
    fn program(whole: &Derivation) -> Program {
        let own = &whole.program;
        let name = |d: &Symbol| if *d == Symbol::Bare { whole.label.clone() } else { d.clone() };
        let mut opened = Opened { taken: own.names(), found: vec![] };
        let (mut definitions, mut plates) = (vec![], own.plates.clone());
        for d in &own.definitions {
            let plate = own.plates.get(&d.name).cloned().unwrap_or_default();
            let value = opened.term(&d.value, &plate);
            for (below, over) in opened.found.drain(..) {
                plates.insert(below.name.clone(), over);
                definitions.push(below);
            }
            definitions.push(Definition { name: name(&d.name), ..d.with_value(value) });
        }
        let orders = vec![];
        Program { definitions, plates, orders, main: Some(name(&whole.of)), ..own.clone() }
    }

    /// A term with names for what its sums go over; its letters run over `scope`.
    fn term(&mut self, e: &Expr, scope: &[Index]) -> Expr {
        e.rewrite(&mut |e| match e.as_variable().and_then(|v| v.name.as_indexed()) {
            Some(Indexed::Gathered { by, over, when, body }) if !over.is_empty() => {
                let inner = [scope, over].concat();
                let body = self.term(body, &inner);
                let body = self.named(body, &inner);
                variable(
                    Indexed::Gathered { by: *by, over: over.clone(), when: when.clone(), body }.symbol(),
                    e.shape(),
                )
            }
            Some(_) | None => e,
        })
    }

    /// What is below a sum, by a name of its own where it is more than one.
    fn named(&mut self, body: Expr, scope: &[Index]) -> Expr {
        let leaf = body.args().is_empty();
        let gathered =
            body.as_variable().is_some_and(|v| matches!(v.name.as_indexed(), Some(Indexed::Gathered { .. })));
        if leaf && !gathered {
            return body;
        }
        let letters = letters_of(&body);
        let plate: Vec<Index> = scope.iter().filter(|i| letters.contains(&i.letter)).cloned().collect();
        let purpose = if body.is_scalar() { Purpose::Repeated } else { Purpose::Argument };
        let candidates =
            purpose.letters().iter().map(|l| Name::new(l)).chain((1..).map(|k| Name::new(&format!("term{k}"))));
        let name = candidates.into_iter().find(|n| !self.taken.contains(n)).unwrap_or_else(|| Name::new("term"));
        self.taken.insert(name.clone());
        let name = Symbol::from(name);
        let at = plate.iter().map(Index::place).collect::<Vec<_>>();
        let shape = body.shape().clone();
        let definition = Definition { name: name.clone(), value: body, written: None, span: Span::default() };
        self.found.push((definition, plate.clone()));
        let own = if plate.is_empty() { name } else { Indexed::Member { family: name, at }.symbol() };
        variable(own, &shape)
    }
}

/// A name under its letters.
fn member(program: &Program, name: &Symbol) -> Symbol {
    match program.plates.get(name).filter(|plate| !plate.is_empty()) {
        Some(plate) => Indexed::Member { family: name.clone(), at: plate.iter().map(Index::place).collect() }.symbol(),
        None => name.clone(),
    }
}

/// Whether it has a value for every sample.
fn is_random(program: &Program, name: &Symbol) -> bool {
    let samples = program.samples();
    program.plates.get(name).is_some_and(|plate| plate.iter().any(|i| samples.contains(i)))
}

fn node(program: &Program, name: &Symbol) -> GraphNode {
    let shape = program.shape(name).cloned().unwrap_or_else(Shape::scalar);
    let value = program.definition(name).map(|d| d.value.clone());
    let is_output = program.main.as_ref() == Some(name);
    let kind = match (program.input(name), is_output) {
        (Some(input), _) if input.is_constant() => NodeRole::Constant,
        (Some(_), _) => NodeRole::Input,
        (None, true) => NodeRole::Output,
        (None, false) => NodeRole::Value,
    };
    let signal = match kind {
        NodeRole::Constant | NodeRole::Output => None,
        NodeRole::Input | NodeRole::Value if is_random(program, name) => None,
        NodeRole::Input | NodeRole::Value => {
            let own = program.main.as_ref().map(|of| [member(program, of), member(program, name)]);
            let found = derived(program, spelled(name), None).filter(|(_, of)| own.as_ref() == Some(of));
            found.map(|(derivative, _)| Signal { derivative, means: None })
        }
    };
    GraphNode { name: member(program, name), kind, value, shape, signal }
}

/// The derivative of the output by this, and what it is of and by; `None` where there is no rule.
fn derived(program: &Program, by: String, form: Option<Form>) -> Option<(Expr, [Symbol; 2])> {
    let options = Options { wrt: vec![by], form, inlined: false, ..Options::default() };
    let derivation = derive_program(program.clone(), &options).ok()?;
    let one = derivation.derivatives.into_iter().next()?;
    let (target, _) = one.wrt.parts.into_iter().next()?;
    Some((one.result, [derivation.label, target]))
}

fn edges(program: &Program, names: &[&Symbol]) -> Vec<Edge> {
    let place = |name: &Symbol| names.iter().position(|n| *n == name);
    let mut edges = vec![];
    for d in &program.definitions {
        let Some(to) = place(&d.name) else { continue };
        for operand in bases(&d.value) {
            let Some(from) = place(&operand) else { continue };
            let silent = program.input(&operand).is_some_and(Input::is_constant) || is_random(program, &operand);
            let local = if silent { None } else { local(program, d, &operand) };
            let own = [member(program, &d.name), member(program, &operand)];
            let (jacobian, partial) = local.map_or((None, None), |(e, of)| (Some(e), (of != own).then_some(of)));
            edges.push(Edge { from, to, jacobian, partial });
        }
    }
    edges
}

/// ∂y/∂x of one definition alone, the names it uses as inputs; by the member it is made of, where that is one.
fn local(program: &Program, d: &Definition, operand: &Symbol) -> Option<(Expr, [Symbol; 2])> {
    let input = |name: Symbol| {
        let attributes = program.input(&name).map(|i| i.attributes.clone()).unwrap_or_default();
        let shape = program.shape(&name)?.clone();
        Some(Input { name, shape, attributes, declared: true, span: Span::default() })
    };
    let inputs = bases(&d.value).into_iter().filter_map(input).collect();
    let alone =
        Program { inputs, definitions: vec![d.clone()], main: Some(d.name.clone()), notes: vec![], ..program.clone() };
    let mut met = BTreeSet::new();
    letters_met(&d.value, operand, &mut met);
    let word = match met.pop_first().filter(|_| met.is_empty()) {
        Some(at) if !at.is_empty() => format!("{}_{{{}}}", spelled(operand), at.join(",")),
        Some(_) | None => spelled(operand),
    };
    derived(&alone, word, Some(Form::Jacobian))
}

/// The letters by which a family is met in a term; none where it stands otherwise.
fn letters_met(e: &Expr, family: &Symbol, met: &mut BTreeSet<Vec<String>>) {
    for v in e.variables() {
        match v.as_indexed() {
            None if v == *family => drop(met.insert(vec![])),
            Some(Indexed::Member { family: own, at }) if own == family => {
                let letters: Option<Vec<String>> = at.iter().map(|p| p.at_rest().map(Name::to_string)).collect();
                met.insert(letters.unwrap_or_default());
            }
            Some(
                Indexed::Entry { of: inner, .. }
                | Indexed::Stack { body: inner, .. }
                | Indexed::Gathered { body: inner, .. },
            ) => {
                letters_met(inner, family, met);
            }
            Some(Indexed::Member { .. } | Indexed::Number(_)) | None => {}
        }
    }
}

/// The names with the same indices.
fn plates(program: &Program, names: &[&Symbol]) -> Vec<Plate> {
    let mut plates: Vec<Plate> = vec![];
    for (i, name) in names.iter().enumerate() {
        let Some(over) = program.plates.get(*name).filter(|plate| !plate.is_empty()) else { continue };
        match plates.iter_mut().find(|p| p.over == *over) {
            Some(plate) => plate.nodes.push(i),
            None => plates.push(Plate { over: over.clone(), nodes: vec![i] }),
        }
    }
    plates
}
