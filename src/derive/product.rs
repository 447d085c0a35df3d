//! Derivatives along a direction, without the matrix: J v, Jᵀ g and H v as programs of their own.

use super::cut::fresh_names;
use super::result::Derivation;
use crate::diag::{Error, Kind, Span};
use crate::expr::{Axis, Builtin, Expr, Name, Purpose, Shape, Symbol, builtin, had, mul, transpose, variable};
use crate::program::{Definition, Input, Program};
use crate::syntax::Attribute;

/// The program with the direction among its inputs; one that the document declares must have the right shape.
///
/// # Errors
/// `Shape` when the document's own direction has another shape, `Symbol` when it is a definition or a function.
pub fn with_direction(program: &Program, direction: &str, shape: &Shape) -> Result<(Program, Expr), Error> {
    let written = Name::new(direction);
    let name = program.symbol(&written).unwrap_or_else(|| Symbol::Named(written.clone()));
    let own = variable(&name, shape);
    if program.definition(&name).is_some() || program.functions.contains(&written) || program.sizes.contains(&written) {
        return Err(Error::new(Kind::Name, format!("`{name}` is taken: a direction is a variable of its own"))
            .help("choose another name"));
    }
    match program.shape(&name) {
        Some(declared) if declared == shape => Ok((program.clone(), own)),
        Some(declared) => Err(Error::new(
            Kind::Shape,
            format!("the direction `{name}` has shape {declared}, what it is paired with has shape {shape}"),
        )
        .help("leave it undeclared: it takes the shape that fits")),
        None => {
            let mut program = program.clone();
            program.inputs.push(Input {
                name,
                shape: shape.clone(),
                attributes: vec![Attribute::Constant],
                declared: true,
                span: Span::default(),
            });
            Ok((program, own))
        }
    }
}

/// ⟨G, A⟩ in the words of the language: gᵀ a of columns, the sum of G ∘ A otherwise.
pub fn paired_with(g: Expr, a: Expr) -> Expr {
    match g.shape().is_vector() {
        true => mul(vec![transpose(g), a]),
        false => builtin(Builtin::Sum(Axis::All), had(vec![g, a])),
    }
}

/// Adds the definition ⟨G, A⟩ of a defined array A with a direction G, and gives its name.
pub fn paired(mut program: Program, array: &Symbol, direction: Expr) -> (Program, Symbol) {
    let a = variable(array, direction.shape());
    let value = paired_with(direction, a);
    let written = fresh_names(Purpose::Pairing.letter(), 1, &program.names()).remove(0);
    let name = Symbol::made(Purpose::Pairing, vec![array.clone()], 0).written(written);
    program.definitions.push(Definition { name: name.clone(), value, written: None, span: Span::default() });
    program.main = Some(name.clone());
    (program, name)
}

/// The program of a derivation, its named parts and its one derivative among the definitions.
pub fn gradient_program(d: &Derivation, gradient: Definition) -> Program {
    let definitions = d.forward.iter().chain(&d.deltas).cloned().chain([gradient]).collect();
    Program { definitions, ..d.program.clone() }
}
