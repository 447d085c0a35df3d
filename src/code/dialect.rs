//! What languages of arrays differ in: Python's libraries, and Matlab.

use super::plan::Operation;
use super::python::PythonWriter;
use super::words::quotient;
use crate::expr::{Elementwise, Rational, Size};

/// How tightly a piece of text binds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tightness {
    Sum,
    Product,
    Sign,
    Power,
    Atom,
}

/// What an operation is made of, as text.
pub struct Texts<'t> {
    /// The arguments as atoms.
    pub atoms: Vec<String>,
    /// The arguments as they stand between commas.
    pub plain: Vec<String>,
    /// The matrices as they stand or transposed, where an operation says so.
    pub turned: Vec<String>,
    /// The shape of the result.
    pub shape: String,
    /// Its sides.
    pub dims: Vec<String>,
    /// A size as text.
    pub size: Box<dyn Fn(&Size) -> String + 't>,
}

/// The signs of a language.
pub struct DialectSigns {
    pub times: &'static str,
    pub over: &'static str,
    pub power: &'static str,
    /// What stands behind a matrix that is transposed.
    pub turned: &'static str,
    /// What stands before a remark.
    pub remark: &'static str,
    /// What ends a statement.
    pub end: &'static str,
    /// Where the functions of numbers are, as opposed to those of arrays.
    pub numbers: &'static str,
}

/// Text, and how tightly it binds.
pub type Spelled = (String, Tightness);

/// What is different in each of the libraries. Where nothing is said it is as in NumPy.
pub trait Dialect {
    /// The name of the library in the file.
    fn module(&self) -> &'static str;
    /// The signs of the language.
    fn signs(&self) -> DialectSigns {
        DialectSigns { times: " * ", over: " / ", power: "**", turned: ".T", remark: "#", end: "", numbers: "math." }
    }
    /// Whether Greek letters may stand in names, and what no name may be.
    fn reserved(&self) -> (bool, &'static [&'static str]) {
        (true, &RESERVED)
    }
    /// The imports.
    fn imports(&self, scipy: bool) -> String;
    /// A function at every entry of an array; `Err` names a helper to be called.
    fn map(&self, f: Elementwise) -> Result<&'static str, &'static str>;
    /// The helper functions, each with its name.
    fn helpers(&self) -> [&'static [(&'static str, &'static str)]; 2];
    /// What differs in one operation, its arguments as atoms; `None` where it is as in NumPy.
    fn operation(&self, operation: &Operation, texts: &Texts) -> Option<Spelled>;
    /// What an array that is made is to be like: the name of it, and how it is handed on.
    fn like(&self) -> (&'static str, &'static str);
    /// What stands before a function that leaves out places where something has no value.
    fn unconcerned(&self) -> &'static str {
        ""
    }
    /// The functions after those that compute: wrappers and the check.
    fn epilogue(&self, writer: &PythonWriter) -> String;
}

/// What no name of a Python file may be.
#[rustfmt::skip]
const RESERVED: [&str; 66] = [
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue", "def",
    "del", "elif", "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is",
    "lambda", "nonlocal", "not", "or", "pass", "raise", "return", "try", "while", "with", "yield", "np",
    "jnp", "jax", "torch", "math", "scipy", "sizes", "dtype", "like", "functools", "value", "value_and_grad", "check_gradient",
    "seed", "abs", "max", "min", "sum", "list", "dict", "len", "float", "int", "str", "type",
    "zip", "tuple", "range", "isinstance", "ValueError", "print",
];

/// A number.
pub fn number(n: &Rational) -> Spelled {
    let (above, below) = quotient(n);
    match below {
        Some(below) => (format!("{above} / {below}"), Tightness::Product),
        None if n.is_negative() => (above, Tightness::Sign),
        None => (above, Tightness::Atom),
    }
}
