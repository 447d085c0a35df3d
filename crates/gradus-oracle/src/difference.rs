//! Central differences: the oracle of the oracle, and the baseline readers know.

use super::{Matrix, Values, extend};
use crate::diag::{Error, Kind};
use crate::expr::Symbol;
use crate::program::Program;
use ndarray::Array2;

/// (s(x + h) − s(x − h)) / 2h for the scalar definition `of` and one entry of the input `wrt` (row and column from 0).
pub fn central_difference(
    program: &Program,
    of: &Symbol,
    (wrt, entry): (&Symbol, (usize, usize)),
    values: &Values,
    step: f64,
) -> Result<f64, Error> {
    let shifted = |by: f64| -> Result<f64, Error> {
        let mut environment = values.clone();
        let array = environment.arrays.get_mut(wrt).ok_or_else(|| unknown(wrt))?;
        *array.get_mut(entry).ok_or_else(|| unknown(wrt))? += by;
        extend(&mut environment, &program.definitions)?;
        environment.arrays.get(of).map(|s| s[(0, 0)]).ok_or_else(|| unknown(of))
    };
    Ok((shifted(step)? - shifted(-step)?) / (2.0 * step))
}

/// The whole gradient of the scalar `of`, in the shape of the input `wrt`: two evaluations an entry.
pub fn central_differences(
    program: &Program,
    of: &Symbol,
    wrt: &Symbol,
    values: &Values,
    step: f64,
) -> Result<Matrix<f64>, Error> {
    let shape = values.arrays.get(wrt).ok_or_else(|| unknown(wrt))?.dim();
    let mut gradient = Array2::zeros(shape);
    for (entry, slope) in gradient.indexed_iter_mut() {
        *slope = central_difference(program, of, (wrt, entry), values, step)?;
    }
    Ok(gradient.into_shared())
}

fn unknown(name: &Symbol) -> Error {
    Error::new(Kind::Usage, format!("no value for {name}"))
}
