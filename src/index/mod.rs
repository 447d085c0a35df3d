//! Indexed programs and ordinary ones: the families of a program as arrays.

mod lift;
mod tensor;
mod wholes;

pub use lift::{Lifted, lift};
