//! Arrays as JSON: a number is a scalar, a flat list a column, a list of rows a matrix.

use super::Matrix;
use super::masks::{MASKED, is_masked};
use crate::diag::{Error, Kind};
use crate::expr::{Shape, Symbol};
use ndarray::Array2;
use serde_json::Value;

/// The value of the variable `name` as an array.
///
/// # Errors
/// `Usage`, naming the variable, for anything but finite numbers and `"-inf"` in rows of one length.
pub fn read_array(name: &Symbol, json: &Value) -> Result<Matrix<f64>, Error> {
    let items = match json {
        Value::Array(items) => items.as_slice(),
        single => std::slice::from_ref(single),
    };
    let rows = items.iter().map(|row| read_row(name, row)).collect::<Result<Vec<_>, Error>>()?;
    let width = rows.first().map_or(0, Vec::len);
    if width == 0 {
        return Err(usage(name, "is empty"));
    }
    if let Some((i, row)) = rows.iter().enumerate().find(|(_, row)| row.len() != width) {
        let place = format!("is ragged: row 1 has length {width}, row {} has length {}", i + 1, row.len());
        return Err(usage(name, &place));
    }
    let shape = (rows.len(), width);
    let array = Array2::from_shape_vec(shape, rows.concat()).map_err(|_| usage(name, "is not an array"))?;
    Ok(array.into_shared())
}

fn read_row(name: &Symbol, json: &Value) -> Result<Vec<f64>, Error> {
    match json {
        Value::Array(entries) => entries.iter().map(|entry| read_number(name, entry)).collect(),
        entry => Ok(vec![read_number(name, entry)?]),
    }
}

fn read_number(name: &Symbol, json: &Value) -> Result<f64, Error> {
    if json.as_str() == Some(MINUS_INFINITY) {
        return Ok(MASKED);
    }
    let number = json.as_f64().filter(|x| x.is_finite());
    number.ok_or_else(|| {
        let error = usage(name, &format!("has the entry {}, which is not a finite number", excerpt(json)));
        match json.as_str().is_some_and(is_minus_infinity) {
            true => error.help(HOW_TO_MASK),
            false => error,
        }
    })
}

/// −∞ in JSON, which has no number for it.
const MINUS_INFINITY: &str = "-inf";
/// How −∞ is written.
pub const HOW_TO_MASK: &str = "write \"-inf\", in quotation marks, for an entry that a softmax is to leave out";

/// Whether this is −∞ as other systems write it.
fn is_minus_infinity(text: &str) -> bool {
    matches!(text.trim().to_lowercase().as_str(), "-infinity" | "-inf" | "-∞" | "−∞" | "−inf")
}

fn usage(name: &Symbol, what: &str) -> Error {
    Error::new(Kind::Usage, format!("the value of {name} {what}"))
}

/// The start of a piece of JSON, for messages.
pub fn excerpt(json: &Value) -> String {
    let text = json.to_string();
    let short: String = text.chars().take(30).collect();
    if short.len() < text.len() { short + "…" } else { short }
}

/// The array as JSON: scalars as numbers, columns flat, anything else row by row. `shape` decides, so that a 1 × 1
/// Jacobian of symbolic shape stays a matrix.
pub fn to_json(array: &Matrix<f64>, shape: &Shape) -> Value {
    let list = |entries: ndarray::ArrayView1<f64>| entries.iter().copied().map(entry).collect::<Value>();
    if shape.is_scalar() {
        array.first().map_or(Value::Null, |x| entry(*x))
    } else if shape.cols.is_one() {
        list(array.column(0))
    } else {
        array.rows().into_iter().map(list).collect()
    }
}

fn entry(x: f64) -> Value {
    if is_masked(x) { Value::from(MINUS_INFINITY) } else { Value::from(x) }
}
