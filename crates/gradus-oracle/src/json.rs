//! Values as JSON: a number is a scalar, a flat list a column, a list of rows a matrix.

use super::axes::Axes;
use super::datum::Datum;
use super::masks::{MASKED, is_masked};
use super::values::values_of;
use super::{Matrix, Values};
use crate::diag::{Error, Kind};
use crate::expr::{Name, Shape, Symbol};
use crate::program::Program;
use crate::syntax::parse_name;
use ndarray::Array2;
use serde_json::Value;
use std::collections::BTreeMap;

/// Reads `{"W": [[…]], "x": […], "f": "tanh"}`, or the same under `"values"`. Sizes come from the arrays.
///
/// # Errors
/// `Usage` for names that are missing or unknown and for anything that is not an array of numbers, `Shape` for arrays
/// that do not fit the document, `Domain` for arrays that lack a declared attribute. Each names the variable.
pub fn read_values(json: &Value, program: &Program) -> Result<Values, Error> {
    values_of(entries(json, program)?, program)
}

/// The extents of the values, for the kinds of names nobody declares: none of a number, one of a list, two of a list of
/// rows, more of the lists of families. What is no value is left out: `read_values` will say so.
pub fn extents(json: &Value) -> BTreeMap<Name, Vec<usize>> {
    let outer = json.as_object();
    let inner = outer.and_then(|o| o.get("values")).and_then(Value::as_object).or(outer);
    let entry = |(key, value): (&String, &Value)| {
        Some((parse_name(key).unwrap_or_else(|_| Name::new(key)), nested(value, MOST_EXTENTS)?))
    };
    inner.into_iter().flatten().filter_map(entry).collect()
}

/// How deep lists may nest: two indices of matrices.
const MOST_EXTENTS: usize = 4;

/// The lengths of lists in lists, by the first of each.
fn nested(value: &Value, most: usize) -> Option<Vec<usize>> {
    match value {
        Value::Number(_) => Some(vec![]),
        Value::String(text) if text == "-inf" => Some(vec![]),
        Value::Array(rows) if most > 0 => {
            let inner = nested(rows.first()?, most - 1)?;
            Some(std::iter::once(rows.len()).chain(inner).collect())
        }
        Value::Array(_) | Value::Null | Value::Bool(_) | Value::String(_) | Value::Object(_) => None,
    }
}

fn entries<'a>(json: &'a Value, program: &Program) -> Result<impl Iterator<Item = (&'a str, &'a Value)>, Error> {
    let object = || Error::new(Kind::Usage, "the values must be an object from variable names to numbers and lists");
    let outer = json.as_object().ok_or_else(object)?;
    let wrapped = outer.get("values").filter(|_| program.symbol(&Name::new("values")).is_none());
    let inner = match wrapped {
        Some(inner) => inner.as_object().ok_or_else(object)?,
        None => outer,
    };
    Ok(inner.iter().map(|(key, value)| (key.as_str(), value)))
}

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
        let error = usage(name, &format!("has the entry {}, which is not a finite number", json.excerpt()));
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

/// As `--at` has it.
impl Datum for Value {
    fn array(&self, name: &Symbol) -> Result<Matrix<f64>, Error> {
        read_array(name, self)
    }

    fn word(&self) -> Option<&str> {
        self.as_str().filter(|text| *text != MINUS_INFINITY)
    }

    fn whole(&self) -> Option<i64> {
        self.as_i64()
    }

    fn items(&self) -> Option<Vec<Value>> {
        self.as_array().cloned()
    }

    fn excerpt(&self) -> String {
        let text = self.to_string();
        let short: String = text.chars().take(30).collect();
        if short.len() < text.len() { short + "…" } else { short }
    }
}

/// The array as JSON: scalars as numbers, columns flat, anything else row by row. `shape` decides, so that a 1 × 1
/// Jacobian of symbolic shape stays a matrix.
pub fn to_json(array: &Matrix<f64>, shape: &Shape) -> Value {
    json_with(array, Axes::of(shape))
}

/// The array as JSON with so many axes.
pub fn json_with(array: &Matrix<f64>, axes: Axes) -> Value {
    let list = |entries: ndarray::ArrayView1<f64>| entries.iter().copied().map(entry).collect::<Value>();
    match axes {
        Axes::None => array.first().map_or(Value::Null, |x| entry(*x)),
        Axes::One => list(array.column(0)),
        Axes::Two => array.rows().into_iter().map(list).collect(),
    }
}

fn entry(x: f64) -> Value {
    if is_masked(x) { Value::from(MINUS_INFINITY) } else { Value::from(x) }
}
