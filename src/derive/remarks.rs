//! What a reader of a result must know: conventions at kinks, assumptions of rules.

use crate::diag::Note;
use crate::expr::{Builtin, Caveat, Expr, Function, Op, Rational, Slope, as_number, crossed_column};
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

/// What is to be known of the notation of a result.
pub fn of_result(e: &Expr) -> Option<Note> {
    match e.op() {
        Op::Field(f) if f.slope == Some(Slope::Weighted) => {
            let weights = "∇²(wᵀ c)(x) is Σᵢ wᵢ ∇²cᵢ(x): the weights w are held, whatever they depend on";
            Some(Note::convention(weights))
        }
        Op::Builtin(Builtin::Skew) => {
            Some(Note::convention("skew(a) is the matrix of the cross product: skew(a) b = a × b"))
        }
        Op::Mul => (0..e.args().len()).find_map(|i| match crossed_column(&e.args()[i..]) {
            Some(_) => of_result(&e.args()[i].args()[0]),
            None => of_result(&e.args()[i]),
        }),
        _ => e.args().iter().find_map(of_result),
    }
}

fn visit(e: &Expr, say: &mut dyn FnMut(Note)) {
    match e.op() {
        Op::Map(m) => {
            if let Function::Builtin(f) = m.function {
                f.about().kink.into_iter().for_each(|text| say(Note::convention(text)));
            }
        }
        Op::Builtin(b) => match b.about().caveat {
            Some(Caveat::Convention(text)) => say(Note::convention(text)),
            Some(Caveat::Assumption(text)) => say(Note::assumption(text)),
            None => {}
        },
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
