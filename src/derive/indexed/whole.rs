//! A document whose author works with whole arrays and sums over their entries at the end, `J = -Σₖ yₖ log ŷₖ` of
//! `ŷ = softmax(W h + b)`: derived over whole arrays, as he would.

use super::by_entries::is_entry;
use crate::derive::agreement::have_one_value;
use crate::derive::matrices::tidied;
use crate::derive::{Options, Target};
use crate::diag::{Note, Span};
use crate::expr::{Expr, Purpose, Symbol};
use crate::index::lift;
use crate::program::{Definition, Program};

/// The document over whole arrays, where that is what its author has: an array is defined whole, no family needs a letter
/// of its own, every target is whole, and the numbers are the same.
pub(super) fn over_whole_arrays(program: &Program, options: &Options) -> Option<Program> {
    if !program.definitions.iter().any(|d| !d.value.is_scalar() && !program.plates.contains_key(&d.name)) {
        return None;
    }
    let lifted = lift(program).map(tidied)?;
    if lifted.wholes.iter().any(|(family, whole)| family != whole) || lifted.wholes.len() < program.plates.len() {
        return None;
    }
    let names = options.wrt.iter().chain(&options.of);
    let is_whole = |t: &String| !is_entry(t, &lifted.program) && Target::parse(t, &lifted.program).is_ok();
    if !names.into_iter().all(is_whole) || !have_one_value(program, &lifted) {
        return None;
    }
    let summed: Vec<&Symbol> =
        program.definitions.iter().filter(|d| has_indices(d, program)).map(|d| &d.name).collect();
    let pairs = program.definitions.iter().zip(lifted.program.definitions);
    let definitions = pairs.map(|(own, whole)| if has_indices(own, program) { whole } else { own.clone() }).collect();
    let notes = program.notes.iter().cloned().chain([said(&summed)]).collect();
    let inputs = lifted.program.inputs;
    Some(Program { inputs, definitions, notes, plates: Default::default(), ..program.clone() })
}

fn has_indices(d: &Definition, program: &Program) -> bool {
    program.plates.contains_key(&d.name) || d.value.has_variable(|v| v.as_indexed().is_some())
}

fn said(summed: &[&Symbol]) -> Note {
    let names: Vec<String> = summed.iter().map(|s| s.to_string()).collect();
    let what = match summed {
        [Symbol::Bare] => "the sums over entries are".to_owned(),
        _ => format!("the sums over entries in {} are", names.join(", ")),
    };
    Note::convention(format!("{what} written with whole arrays (--indices derives by entries)"))
}

/// A term about a document without indices, and about more definitions, that sums over entries, `p Σₖ yₖ`, over whole arrays;
/// `None` where it has no such form.
pub(crate) fn term_over_whole_arrays(program: &Program, more: &[Definition], e: &Expr) -> Option<Expr> {
    if e.variables().iter().all(|v| v.as_indexed().is_none()) {
        return Some(e.clone());
    }
    let name = Symbol::made(Purpose::Array, vec![], 0);
    let term = Definition { name: name.clone(), value: e.clone(), written: None, span: Span::default() };
    let definitions = program.definitions.iter().chain(more).cloned().chain([term]).collect();
    let document = Program { main: Some(name), definitions, ..program.clone() };
    let lifted = lift(&document)?;
    have_one_value(&document, &lifted).then(|| lifted.program.definitions.last().map(|d| d.value.clone()))?
}
