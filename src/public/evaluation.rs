//! Values of a document's names, and what its derivatives are there.

use super::{Derivation, Error};
use crate::diag;
use crate::eval::{Borrowed, into_entries, values_of};
use crate::value::{self, Worth};
use std::collections::BTreeMap;

/// Values for the names of a document: arrays, borrowed, and the built-in functions that stand for abstract ones.
///
/// ```
/// use gradus::Bindings;
///
/// let d = gradus::derive("s = x^T A x")?;
/// let at = d.evaluate(&Bindings::default().array("x", &[2], &[1.0, 2.0]).array("A", &[2, 2], &[1.0, 2.0, 3.0, 4.0]))?;
/// assert_eq!(at.value().expect("a value").entries(), [27.0]);
/// assert_eq!(at.derivatives()[0].as_ref().expect("a value").entries(), [12.0, 21.0]);
/// # Ok::<(), gradus::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Bindings<'a>(BTreeMap<&'a str, Borrowed<'a>>);

impl<'a> Bindings<'a> {
    /// This array for this name: no extents for a number or a size, one for a column, two for a matrix, more for families;
    /// entries row by row. −∞ is a mask.
    pub fn array(mut self, name: &'a str, shape: &'a [usize], entries: &'a [f64]) -> Bindings<'a> {
        self.0.insert(name, Borrowed::Array { shape, entries });
        self
    }

    /// This built-in function for this abstract one.
    pub fn function(mut self, name: &'a str, built_in: &'a str) -> Bindings<'a> {
        self.0.insert(name, Borrowed::Word(built_in));
        self
    }
}

/// A value: extents, and entries row by row.
#[derive(Clone, Debug, PartialEq)]
pub struct Dense {
    shape: Vec<usize>,
    entries: Vec<f64>,
}

impl Dense {
    /// The extents: none of a number.
    pub fn shape(&self) -> &[usize] {
        &self.shape
    }

    /// The entries, row by row.
    pub fn entries(&self) -> &[f64] {
        &self.entries
    }

    /// The extents and the entries.
    pub fn into_parts(self) -> (Vec<usize>, Vec<f64>) {
        (self.shape, self.entries)
    }

    /// `None` where there is a part without a value.
    fn of(worth: Worth) -> Option<Dense> {
        match worth {
            Worth::Unknown => None,
            Worth::Array(array, axes) => Some(Dense { shape: axes.extents(&array), entries: into_entries(array) }),
            Worth::List(items) => Dense::stacked(items),
        }
    }

    fn stacked(items: Vec<Worth>) -> Option<Dense> {
        let count = items.len();
        let items = items.into_iter().map(Dense::of).collect::<Option<Vec<_>>>()?;
        let inner = items.first().map_or(vec![], |first| first.shape.clone());
        let even = items.iter().all(|i| i.shape == inner);
        let shape = [vec![count], inner].concat();
        even.then(|| Dense { shape, entries: items.into_iter().flat_map(|i| i.entries).collect() })
    }
}

/// What a derivation is worth at a point.
#[derive(Clone, Debug)]
pub struct Evaluation {
    value: Option<Dense>,
    derivatives: Vec<Option<Dense>>,
}

impl Evaluation {
    /// Of what is differentiated; `None` where it holds a function of arrays that nobody defines.
    pub fn value(&self) -> Option<&Dense> {
        self.value.as_ref()
    }

    /// Of the derivatives, in their order.
    pub fn derivatives(&self) -> &[Option<Dense>] {
        &self.derivatives
    }

    /// Both.
    pub fn into_parts(self) -> (Option<Dense>, Vec<Option<Dense>>) {
        (self.value, self.derivatives)
    }
}

impl Derivation {
    /// The value of what is differentiated and of each derivative, from the text that is printed, read back (once, when
    /// this is first called): what is printed is what was right.
    ///
    /// # Errors
    /// `Usage` for names that lack a value or that the document does not have, `Shape` for arrays that do not fit, `Domain`
    /// where something is undefined.
    pub fn evaluate(&self, point: &Bindings) -> Result<Evaluation, Error> {
        let evaluated = |found: &crate::derive::Derivation| {
            let given = point.0.iter().map(|(name, value)| (*name, value));
            let mut environment = values_of(given, &found.program)?;
            self.printed()?.with(|printed| value::at(found, printed, &mut environment))
        };
        let at = self.with(evaluated).map_err(|e: diag::Error| Error::new(vec![e], ""))?;
        let derivatives = at.derivatives.into_iter().map(Dense::of).collect();
        Ok(Evaluation { value: Dense::of(at.expression), derivatives })
    }
}
