//! Tangents by dual numbers: how a definition moves when inputs or intermediates do, and whole derivatives entry by entry.

use super::plan::Plan;
use super::run::{Moving, Run};
use super::{ClaimedForm, Matrix, Random, Values};
use crate::diag::{Error, Kind};
use crate::expr::{Shape, Size, Symbol, variable};
use crate::program::Program;
use ndarray::{Array2, Axis, concatenate};
use num_dual::Dual64;
use rustc_hash::FxHashMap as HashMap;

/// Of a target with more entries than this, `automatic_derivative` looks at as many, evenly spread.
pub const MAX_PASSES: usize = 256;
/// The direction of `automatic_change` is always the same.
const DIRECTION: u64 = 0x9e37_79b9;

/// The derivative of the definition `of` by the inputs or definitions `wrt` (one below the other when there are several),
/// in a layout, at a point: one pass for each entry. Entries of targets too large for that are NaN where nobody looked.
///
/// # Errors
/// `Domain` where the program has no value or no derivative, `Symbol` for names it does not have.
pub fn automatic_derivative(
    program: &Program,
    of: &Symbol,
    wrt: &[Symbol],
    form: ClaimedForm,
    values: &Values,
) -> Result<Matrix<f64>, Error> {
    let parts = wrt.iter().map(|name| {
        let extent = extent(program, name, values)?;
        let jacobian = jacobian(program, of, name, extent, values)?;
        match form {
            ClaimedForm::Jacobian => Ok(jacobian),
            ClaimedForm::Shape => folded(&jacobian, extent).ok_or_else(|| not_a_scalar(of)),
        }
    });
    let parts = parts.collect::<Result<Vec<_>, Error>>()?;
    let views: Vec<_> = parts.iter().map(|p| p.view()).collect();
    let axis = if form == ClaimedForm::Jacobian { Axis(1) } else { Axis(0) };
    concatenate(axis, &views).map(Array2::into_shared).map_err(|_| not_a_scalar(of))
}

/// How `of` changes when all of `wrt` move at once in one fixed direction without zeros: vec of the change. One pass sees
/// every entry of the derivative.
///
/// # Errors
/// As for `automatic_derivative`.
pub fn automatic_change(program: &Program, of: &Symbol, wrt: &[Symbol], values: &Values) -> Result<Matrix<f64>, Error> {
    let parts = directions(program, wrt, values)?;
    let plan = plan_of(program, of)?;
    let value = perturbed(&plan, plan.roots.len() - 1, values, &wrt.iter().cloned().zip(parts).collect())?;
    let change: Vec<f64> = value.iter().map(|x| x.eps).collect();
    Ok(Array2::from_shape_fn((change.len(), 1), |(i, _)| change[i]).into_shared())
}

/// What a derivative in a layout says of the same change.
///
/// # Errors
/// `Internal` when the derivative does not have the shape of the layout.
pub fn change_of(
    derivative: &Matrix<f64>,
    program: &Program,
    wrt: &[Symbol],
    form: ClaimedForm,
    values: &Values,
) -> Result<Matrix<f64>, Error> {
    let parts = directions(program, wrt, values)?;
    let misfit = || Error::new(Kind::Internal, "a derivative does not have the shape of its layout");
    match form {
        ClaimedForm::Shape => {
            let views: Vec<_> = parts.iter().map(|p| p.view()).collect();
            let direction = concatenate(Axis(0), &views).map_err(|_| misfit())?;
            let fits = direction.dim() == derivative.dim();
            let change = fits.then(|| (derivative * &direction).sum()).ok_or_else(misfit)?;
            Ok(Array2::from_elem((1, 1), change).into_shared())
        }
        ClaimedForm::Jacobian => {
            let direction: Vec<f64> = parts.iter().flat_map(|p| p.t().iter().copied().collect::<Vec<_>>()).collect();
            let column = Array2::from_shape_vec((direction.len(), 1), direction).map_err(|_| misfit())?;
            let fits = derivative.ncols() == column.nrows();
            fits.then(|| derivative.dot(&column).into_shared()).ok_or_else(misfit)
        }
    }
}

fn directions(program: &Program, wrt: &[Symbol], values: &Values) -> Result<Vec<Array2<f64>>, Error> {
    let mut random = Random::new(DIRECTION);
    wrt.iter().map(|name| Ok(random.direction(extent(program, name, values)?))).collect()
}

fn not_a_scalar(of: &Symbol) -> Error {
    Error::new(Kind::Internal, format!("the derivative of {of} does not have the layout that was asked for"))
}

/// ∂vec(of)/∂vec(wrt)ᵀ.
fn jacobian(
    program: &Program,
    of: &Symbol,
    wrt: &Symbol,
    (rows, cols): (usize, usize),
    values: &Values,
) -> Result<Array2<f64>, Error> {
    let plan = plan_of(program, of)?;
    let count = rows * cols;
    let passes = count.min(MAX_PASSES);
    let mut whole: Option<Array2<f64>> = None;
    for entry in (0..passes).map(|i| i * count / passes) {
        let mut direction = Array2::zeros((rows, cols));
        direction[(entry % rows, entry / rows)] = 1.0;
        let directions = HashMap::from_iter([(wrt.clone(), direction)]);
        let value = perturbed(&plan, plan.roots.len() - 1, values, &directions)?;
        let whole = whole.get_or_insert_with(|| Array2::from_elem((value.len(), count), f64::NAN));
        whole.column_mut(entry).iter_mut().zip(&value).for_each(|(to, x)| *to = x.eps);
    }
    Ok(whole.unwrap_or_default())
}

/// The row of a scalar's Jacobian in the shape of the target, columns first; `None` for anything but a row.
fn folded(jacobian: &Array2<f64>, (rows, cols): (usize, usize)) -> Option<Array2<f64>> {
    let one_row = jacobian.nrows() == 1;
    one_row.then(|| Array2::from_shape_fn((rows, cols), |(i, j)| jacobian[(0, j * rows + i)]))
}

/// The numbers of rows and columns of an input or a definition at a point.
pub fn extent(program: &Program, name: &Symbol, values: &Values) -> Result<(usize, usize), Error> {
    let unknown = || Error::new(Kind::Name, format!("{name} is neither an input nor a definition"));
    program.shape(name).and_then(|shape| extent_of(shape, values)).ok_or_else(unknown)
}

/// The numbers of rows and columns of a shape at a point.
pub fn extent_of(shape: &Shape, values: &Values) -> Option<(usize, usize)> {
    let number = |size: &Size| size.value(&values.sizes).map(|n| n as usize);
    number(&shape.rows).zip(number(&shape.cols))
}

/// A plan for the definitions of a program up to `of`, or for `of` alone when it is an input.
pub fn plan_of(program: &Program, of: &Symbol) -> Result<Plan, Error> {
    let unknown = || Error::new(Kind::Name, format!("{of} is neither an input nor a definition"));
    if let Some(at) = program.definitions.iter().position(|d| d.name == *of) {
        return Ok(Plan::new(&program.definitions[..=at], []));
    }
    let input = program.input(of).ok_or_else(unknown)?;
    Ok(Plan::new([], [&variable(of, &input.shape)]))
}

/// vec of the value of a root with its tangent, where every name with a direction moves along it.
pub fn perturbed(
    plan: &Plan,
    root: usize,
    values: &Values,
    directions: &HashMap<Symbol, Array2<f64>>,
) -> Result<Vec<Dual64>, Error> {
    let value = Run::new(plan, Moving { values, directions }).entries(root)?;
    Ok(value.t().iter().copied().collect())
}
