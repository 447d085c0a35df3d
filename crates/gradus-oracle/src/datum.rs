//! What is given as the value of a name, whatever it was written in.

use super::Matrix;
use super::masks::MASKED;
use crate::diag::{Error, Kind};
use crate::expr::Symbol;
use ndarray::{Array2, ArrayView2};

/// A value as it is given.
pub trait Datum: Sized {
    /// Its entries, as the value of this variable.
    ///
    /// # Errors
    /// `Usage`, naming the variable, for anything but numbers.
    fn array(&self, name: &Symbol) -> Result<Matrix<f64>, Error>;

    /// The word it is, and no number: the name of a function.
    fn word(&self) -> Option<&str>;

    /// The whole number it is.
    fn whole(&self) -> Option<i64>;

    /// What it lists: the members of a family.
    fn items(&self) -> Option<Vec<Self>>;

    /// How it begins, for messages.
    fn excerpt(&self) -> String;
}

/// An array of numbers or the name of a function, borrowed from whoever asks.
#[derive(Clone, Debug)]
pub enum Borrowed<'a> {
    /// Entries row by row, and extents: none of a number.
    Array {
        /// The extents.
        shape: &'a [usize],
        /// As many entries as they say.
        entries: &'a [f64],
    },
    /// The name of a built-in function.
    Word(&'a str),
}

impl Datum for Borrowed<'_> {
    fn array(&self, name: &Symbol) -> Result<Matrix<f64>, Error> {
        let usage = |what: &str| Error::new(Kind::Usage, format!("the value of {name} {what}"));
        let Borrowed::Array { shape, entries } = self else { return Err(usage("is a word, and no array")) };
        let dim = match **shape {
            [] => (1, 1),
            [n] => (n, 1),
            [n, m] => (n, m),
            _ => return Err(usage(&format!("has {} axes; a matrix has two", shape.len()))),
        };
        if entries.is_empty() {
            return Err(usage("is empty"));
        }
        let view =
            ArrayView2::from_shape(dim, entries).map_err(|_| usage("has not as many entries as its shape says"))?;
        if let Some(x) = entries.iter().find(|x| !x.is_finite() && **x != f64::NEG_INFINITY) {
            return Err(usage(&format!("has the entry {x}, which is not a finite number")));
        }
        if entries.contains(&f64::NEG_INFINITY) {
            return Ok(view.mapv(|x| x.max(MASKED)).into_shared());
        }
        Ok(Array2::into_shared(view.to_owned()))
    }

    fn word(&self) -> Option<&str> {
        match self {
            Borrowed::Word(word) => Some(word),
            Borrowed::Array { .. } => None,
        }
    }

    fn whole(&self) -> Option<i64> {
        match self {
            Borrowed::Array { shape: [], entries: [x] } if x.fract() == 0.0 => Some(*x as i64),
            Borrowed::Array { .. } | Borrowed::Word(_) => None,
        }
    }

    fn items(&self) -> Option<Vec<Self>> {
        let Borrowed::Array { shape, entries } = self else { return None };
        let (count, shape) = shape.split_first()?;
        let size: usize = shape.iter().product();
        let items = entries.chunks(size.max(1)).map(|entries| Borrowed::Array { shape, entries });
        Some(items.take(*count).collect())
    }

    fn excerpt(&self) -> String {
        match self {
            Borrowed::Word(word) => format!("\"{word}\""),
            Borrowed::Array { shape: [], entries } => entries.first().map_or_else(String::new, f64::to_string),
            Borrowed::Array { shape, .. } => {
                let extents: Vec<String> = shape.iter().map(usize::to_string).collect();
                format!("an array of shape ({})", extents.join(", "))
            }
        }
    }
}
