//! The steps of a derivation, each checked by itself: both sides of a move have one value.

use super::random::Random;
use super::sample::sample_where;
use super::{Matrix, TOLERANCE, Valuation, Values, evaluate, extend};
use crate::diag::{Error, Kind};
use crate::expr::{Expr, Symbol};
use crate::program::{Definition, Program};
use ndarray::Array2;
use num_dual::Dual64;

/// A passage of a derivation: moves that lead to what a symbol such as ∂z/∂x stands for.
#[derive(Clone, Debug)]
pub struct Passage<'a> {
    /// What moves: `d(e)` is the change of e as this name moves.
    pub moving: &'a Symbol,
    /// The symbol that the passage is about; later passages may use it.
    pub symbol: Option<&'a Symbol>,
    /// The moves, in order.
    pub moves: Vec<Move<'a>>,
    /// What the symbol is found to be.
    pub result: &'a Expr,
}

/// One move.
#[derive(Clone, Copy, Debug)]
pub struct Move<'a> {
    /// The rule, for the report.
    pub rule: &'a str,
    /// One side.
    pub before: &'a Expr,
    /// The other.
    pub after: &'a Expr,
    /// `after` is the matrix J of `before` = J vec(d moving), not equal to it.
    pub reads_jacobian: bool,
}

/// Checks every move at a sampled point, in dual numbers whose tangent is a random direction of what moves. `extra` are
/// definitions that the moves use beside the program's, in dependency order. Moves about symbols that have no value yet
/// state what a symbol means and cannot be wrong.
///
/// # Errors
/// `Internal`, naming the rule, when two sides differ.
pub fn check_passages(program: &Program, extra: &[Definition], passages: &[Passage]) -> Result<(), Error> {
    let look = |values: &Values| {
        let mut point = values.clone();
        extend(&mut point, &program.definitions)?;
        extend(&mut point, extra)?;
        let mut symbols: Valuation<Dual64> = point.lift();
        passages.iter().try_for_each(|p| check_passage(p, &mut symbols))
    };
    sample_where(program, 1, look).map(|_| ())
}

fn check_passage(passage: &Passage, symbols: &mut Valuation<Dual64>) -> Result<(), Error> {
    if let Some(symbol) = passage.symbol {
        symbols.arrays.remove(symbol);
    }
    let still = symbols.arrays.get(passage.moving).cloned();
    if let Some(array) = symbols.arrays.get_mut(passage.moving) {
        let direction = Random::new(7).direction(array.dim());
        array.zip_mut_with(&direction, |x, v| x.eps = *v);
    }
    passage.moves.iter().try_for_each(|m| check_move(m, passage.moving, symbols))?;
    if let Some(still) = still {
        symbols.arrays.insert(passage.moving.clone(), still);
    }
    if let (Some(symbol), true) = (passage.symbol, is_bound(passage.result, symbols)) {
        let value = evaluate(passage.result, symbols)?;
        symbols.arrays.insert(symbol.clone(), value);
    }
    Ok(())
}

fn is_bound(e: &Expr, environment: &Valuation<Dual64>) -> bool {
    e.variables().iter().all(|v| environment.arrays.contains_key(v))
}

fn check_move(m: &Move, moving: &Symbol, environment: &Valuation<Dual64>) -> Result<(), Error> {
    if !is_bound(m.before, environment) || !is_bound(m.after, environment) {
        return Ok(());
    }
    let before = evaluate(m.before, environment)?.mapv(|x| x.re);
    let mut after = evaluate(m.after, environment)?.mapv(|x| x.re).to_owned();
    if m.reads_jacobian {
        after = after.dot(&tangent(&environment.arrays[moving]));
    }
    let same_shape = before.dim() == after.dim() || (m.reads_jacobian && before.len() == after.len());
    let scale = before.iter().chain(&after).fold(1.0, |s: f64, x| s.max(x.abs()));
    // vec stacks columns: transposed arrays are read row by row
    let close = before.t().iter().zip(after.t().iter()).all(|(x, y)| (x - y).abs() <= TOLERANCE * scale);
    if same_shape && close {
        return Ok(());
    }
    let message = format!("a step by the rule {} changes the value of its term", m.rule);
    Err(Error::new(Kind::Internal, message).help(format!("before: {:?}; after: {:?}", m.before, m.after)))
}

/// vec of the tangent, as a column.
fn tangent(array: &Matrix<Dual64>) -> Array2<f64> {
    let entries: Vec<f64> = array.t().iter().map(|x| x.eps).collect();
    Array2::from_shape_fn((entries.len(), 1), |(i, _)| entries[i])
}
