//! Indexed programs and ordinary ones: the families of a program as arrays.

mod functions;
mod lift;
mod tensor;
mod wholes;

pub use lift::{Lifted, lift, reduced};

use crate::expr::{Name, Symbol};
use crate::program::Program;

/// The families of a program, and what the arrays of all their members are called: X for the rows x_i.
pub fn arrays(program: &Program) -> Vec<(Symbol, Name)> {
    let named =
        |(family, whole): (Symbol, wholes::Whole)| Some((family, whole.value.as_variable()?.name.name()?.clone()));
    wholes::wholes(program).into_iter().filter_map(named).collect()
}
