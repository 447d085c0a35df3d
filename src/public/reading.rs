//! How a document is read, where its text leaves that open.

use crate::diag::Errors;
use crate::expr::Name;
use crate::program::Program;
use crate::shape::{Given, Lagrangian, elaborate_given, elaborate_lagrangian, proposed};
use crate::syntax::{Request, parse_document_for, parse_name};

/// What is known of a document before it is read.
///
/// ```
/// use gradus::{Document, Options, Reading};
///
/// let reading = Reading::default().shapes([("c", [3])]);
/// let document = Document::read("s = c^T c + k", &reading)?;
/// assert_eq!(document.derive(&Options::default().with_respect_to(["c"]))?["c"].to_string(), "2 c");
/// # Ok::<(), gradus::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Reading {
    targets: Vec<String>,
    given: Given,
    lagrangian: bool,
}

/// A text, read.
pub(super) struct Read {
    pub program: Program,
    /// The derivative the text asks for.
    pub request: Option<Request>,
    /// Of a Lagrangian: what it is derived by.
    pub lagrangian: Option<Vec<Name>>,
}

impl Reading {
    /// What it will be derived by: `Xw` is X w when w is one of these.
    pub fn targets(self, targets: impl IntoIterator<Item: AsRef<str>>) -> Reading {
        Reading { targets: targets.into_iter().map(|t| t.as_ref().to_owned()).collect(), ..self }
    }

    /// The shapes of values that names will have: none, one or two extents of a scalar, a vector, a matrix, more of the lists
    /// of families. An undeclared name is what its value is.
    pub fn shapes(self, shapes: impl IntoIterator<Item = (impl AsRef<str>, impl Into<Vec<usize>>)>) -> Reading {
        let name = |key: &str| parse_name(key).unwrap_or_else(|_| Name::new(key));
        Reading { given: shapes.into_iter().map(|(key, shape)| (name(key.as_ref()), shape.into())).collect(), ..self }
    }

    /// Whether the objective with its constraints (`s.t. …`) is read as its Lagrangian.
    pub fn lagrangian(self, lagrangian: bool) -> Reading {
        Reading { lagrangian, ..self }
    }

    /// Reads a text; the errors propose what would help.
    pub(super) fn read(&self, text: &str) -> Result<Read, Errors> {
        self.read_plainly(text).map_err(|errors| proposed(text, errors))
    }

    fn read_plainly(&self, text: &str) -> Result<Read, Errors> {
        let document = parse_document_for(text, &self.targets)?;
        let request = document.request.clone();
        if self.lagrangian {
            let Lagrangian { program, targets } = elaborate_lagrangian(&document, &self.given)?;
            return Ok(Read { program, request, lagrangian: Some(targets) });
        }
        Ok(Read { program: elaborate_given(&document, &self.given)?, request, lagrangian: None })
    }
}

/// The targets in a list as one writes it: `W, b, [x; y]` are three.
///
/// ```
/// assert_eq!(gradus::targets("W, [x; y]"), ["W", "[x; y]"]);
/// ```
pub fn targets(list: &str) -> Vec<String> {
    let (mut targets, mut depth, mut start) = (vec![], 0i32, 0);
    for (i, c) in list.char_indices() {
        match c {
            '[' | '{' | '(' => depth += 1,
            ']' | '}' | ')' => depth -= 1,
            ',' if depth == 0 => {
                targets.push(list[start..i].trim().to_owned());
                start = i + 1;
            }
            _ => {}
        }
    }
    targets.push(list[start..].trim().to_owned());
    targets
}
