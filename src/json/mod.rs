//! `--format json`: the stable form for programs, schema 1 (src/docs/json.md describes it).

mod derivation;
mod tree;
mod verdict;

pub use derivation::{Extras, ShownValues, derivation, values};
pub use tree::tree;
pub use verdict::{equality, simplification, verdict};

use crate::derive::{Form, Step};
use crate::diag::{Error, Note};
use crate::expr::{Expr, Shape};
use crate::render::{self, Notation, Printer, Style, present};
use crate::syntax::Ast;
use serde_json::{Value, json};

/// An error in the form of the contract; further errors of the same document follow under `errors`.
pub fn error(errors: &[Error]) -> Value {
    let one = |e: &Error| {
        let spans: Vec<Value> =
            e.labels.iter().map(|l| json!({"start": l.span.start, "end": l.span.end, "label": l.text})).collect();
        json!({"kind": e.kind.word(), "message": e.message, "spans": spans, "help": e.help})
    };
    let mut out = json!({"schema": 1, "error": errors.first().map(one)});
    if errors.len() > 1 {
        out["errors"] = errors.iter().map(one).collect();
    }
    out
}

fn notes(notes: &[Note]) -> Value {
    notes.iter().map(|n| json!({"kind": n.kind.word(), "message": n.message})).collect()
}

/// A layout as the command line names it.
fn layout_word(form: Form) -> &'static str {
    match form {
        Form::Shape | Form::Both => "shape",
        Form::Jacobian => "jacobian",
        Form::Differential => "differential",
    }
}

/// Sizes as text; a column has one, a scalar none.
fn shape(shape: &Shape) -> Value {
    match (shape.is_scalar(), shape.cols.is_one()) {
        (true, _) => json!([]),
        (false, true) => json!([shape.rows.to_string()]),
        (false, false) => json!([shape.rows.to_string(), shape.cols.to_string()]),
    }
}

fn texts(ast: &Ast) -> Value {
    json!({"unicode": render::unicode(ast), "ascii": render::ascii(ast), "latex": render::latex(ast)})
}

/// A step, of a derivation as of a proof.
fn step(step: &Step, style: &Style) -> Value {
    let text = |e: &Expr| Printer::of_steps(Notation::Unicode).line(&present(e, style));
    let why = render::prose(&step.why, Notation::Unicode);
    json!({"rule": step.rule, "before": text(&step.before), "after": text(&step.after), "why": why})
}
