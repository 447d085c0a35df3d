//! What a reader of a result must know: conventions at kinks, assumptions of rules.

use crate::diag::Note;
use crate::expr::{Builtin, Elementwise, Expr, Function, Op, Rational, as_number};
use crate::program::Definition;

/// The notes on a derivation of these definitions, each once, in order.
pub fn remarks(definitions: &[Definition]) -> Vec<Note> {
    let mut notes: Vec<Note> = Vec::new();
    let mut say = |note: Note| {
        if !notes.contains(&note) {
            notes.push(note);
        }
    };
    definitions.iter().for_each(|d| visit(&d.value, &mut say));
    notes
}

fn visit(e: &Expr, say: &mut dyn FnMut(Note)) {
    match e.op() {
        Op::Map(m) => {
            if let Function::Builtin(f) = m.function {
                kink(f).into_iter().for_each(|text| say(Note::convention(text)));
            }
        }
        Op::Builtin(Builtin::Norm1) => {
            say(Note::convention("at entries that are 0, norm1 has derivative 0 (sign(0) = 0)"))
        }
        Op::Builtin(Builtin::Det) => {
            say(Note::assumption("the matrix in det is invertible: det X · X⁻ᵀ is used for its gradient"))
        }
        Op::Pow if is_norm(e) => {
            say(Note::convention("the norm ‖x‖ is not differentiable at x = 0, where the result is undefined"))
        }
        _ => {}
    }
    e.args().iter().for_each(|a| visit(a, say));
}

/// An odd power of ‖·‖.
fn is_norm(e: &Expr) -> bool {
    let odd = as_number(&e.args()[1]).is_some_and(|p| !p.is_integer() && (p * &Rational::from(2)).is_integer());
    odd && matches!(e.args()[0].op(), Op::Builtin(Builtin::NormSquared))
}

fn kink(f: Elementwise) -> Option<&'static str> {
    match f {
        Elementwise::Relu => Some("at 0, relu has derivative 0 (step(0) = 0)"),
        Elementwise::Abs => Some("at 0, |t| has derivative 0 (sign(0) = 0)"),
        Elementwise::Sign | Elementwise::Step => {
            Some("at their jump at 0, sign and step have derivative 0, as everywhere")
        }
        Elementwise::Exp
        | Elementwise::Log
        | Elementwise::Sqrt
        | Elementwise::Sin
        | Elementwise::Cos
        | Elementwise::Tan
        | Elementwise::Asin
        | Elementwise::Acos
        | Elementwise::Atan
        | Elementwise::Sinh
        | Elementwise::Cosh
        | Elementwise::Tanh
        | Elementwise::Sigmoid
        | Elementwise::Softplus
        | Elementwise::Gelu
        | Elementwise::Silu
        | Elementwise::Erf => None,
    }
}
