//! Arrays as JSON: a number is a scalar, a flat list a column, a list of rows a matrix.

use super::Matrix;
use crate::diag::{Error, Kind};
use crate::expr::{Shape, Symbol};
use ndarray::Array2;
use serde_json::Value;

/// The value of the variable `name` as an array.
///
/// # Errors
/// `Usage`, naming the variable, for anything but finite numbers in rows of one length.
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
    let number = json.as_f64().filter(|x| x.is_finite());
    number.ok_or_else(|| usage(name, &format!("has the entry {}, which is not a finite number", excerpt(json))))
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
    let list = |entries: ndarray::ArrayView1<f64>| Value::from(entries.to_vec());
    if shape.is_scalar() {
        array.first().map_or(Value::Null, |x| Value::from(*x))
    } else if shape.cols.is_one() {
        list(array.column(0))
    } else {
        array.rows().into_iter().map(list).collect()
    }
}
