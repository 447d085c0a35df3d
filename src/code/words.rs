//! What every target writes alike: numbers, sizes, what a file says of itself.

use super::assemble::File;
use super::dialect::{Spelled, Tightness};
use super::plan::{Callable, CallablePart, Factoring, PlanResult};
use crate::expr::{Atom, Rational, Size};

/// What stands above and below the line: a short decimal where there is one.
pub fn quotient(n: &Rational) -> (String, Option<String>) {
    const SHORT: usize = 12;
    let (above, below) = n.parts();
    if below == "1" {
        return (above, None);
    }
    match n.decimal().filter(|d| d.len() <= SHORT) {
        Some(decimal) => (decimal, None),
        None => (above, Some(below)),
    }
}

/// A size as a whole number of a language in which `*` multiplies.
pub fn integer(size: &Size, letters: &dyn Fn(&[Atom]) -> Vec<String>, over: &str) -> Spelled {
    let mut text = String::new();
    let mut count = 0;
    for (atoms, c) in size.terms().collect::<Vec<_>>().into_iter().rev() {
        let mut factors = letters(atoms);
        if c.abs() != 1 || factors.is_empty() {
            factors.insert(0, c.abs().to_string());
        }
        text += match (count, c < 0) {
            (0, true) => "-",
            (0, false) => "",
            (_, true) => " - ",
            (_, false) => " + ",
        };
        text += &factors.join(" * ");
        count += 1;
    }
    let lone = count <= 1 && !text.contains(' ');
    let text = if text.is_empty() { "0".to_owned() } else { text };
    match size.over() {
        1 if lone && !text.starts_with('-') => (text, Tightness::Atom),
        1 if count <= 1 => (text, Tightness::Product),
        1 => (text, Tightness::Sum),
        d => (format!("({text}){over}{d}"), Tightness::Product),
    }
}

/// What a file says of itself: the document, what was derived, what it is given.
pub fn docstring(file: &File, arguments: &[String]) -> String {
    let mut text = format!("\"\"\"The value of {} and its derivatives, written by gradus.\n", file.plan.of);
    about(file, arguments).iter().for_each(|line| text += &format!("{line}\n").replace('\\', "\\\\"));
    text + "\"\"\""
}

/// Between quotation marks.
pub fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"")
}

/// The lines of it.
pub fn about(file: &File, arguments: &[String]) -> Vec<String> {
    let mut lines = vec![String::new(), "The document:".to_owned()];
    lines.extend(file.document.iter().map(|line| format!("    {line}")));
    lines.extend([String::new(), "As derived:".to_owned()]);
    lines.extend(file.derived.iter().map(|line| format!("    {line}")));
    if !arguments.is_empty() {
        lines.extend([String::new(), "Given:".to_owned()]);
        lines.extend(arguments.iter().map(|line| format!("    {line}")));
    }
    lines
}

impl PlanResult {
    /// The key of a derivative: its target, or the targets in order.
    pub fn key(&self) -> String {
        let quoted: Vec<String> = self.targets.iter().map(|t| format!("\"{}\"", escaped(t))).collect();
        if let [one] = quoted.as_slice() { one.clone() } else { format!("({})", quoted.join(", ")) }
    }
}

impl Callable {
    /// What it is called.
    pub fn word(&self) -> String {
        self.part.word(&self.function)
    }

    /// What it is, in words.
    pub fn meaning(&self) -> String {
        let f = &self.function;
        match self.part {
            CallablePart::Entrywise(0) => format!("{f} at every entry of an array"),
            CallablePart::Entrywise(1) => format!("the derivative of {f}, at every entry"),
            CallablePart::Entrywise(k) => format!("the derivative of order {k} of {f}, at every entry"),
            CallablePart::Value => format!("{f} of an array"),
            CallablePart::Gradient => format!("the gradient of {f}, in the shape of its argument"),
            CallablePart::Jacobian => format!("the Jacobian of {f}, a row for each of its values"),
            CallablePart::Hessian => format!("the matrix of second derivatives of {f}"),
            CallablePart::Weighted => {
                format!("of weights and an array, the sum of the weighted second derivatives of {f}")
            }
        }
    }
}

impl Factoring {
    /// The helper that factors so.
    pub fn helper(self) -> &'static str {
        match self {
            Factoring::Cholesky => "_cholesky",
            Factoring::Symmetric => "_factor_symmetric",
            Factoring::Lu => "_lu",
        }
    }
}

impl CallablePart {
    /// The name of this part of a function.
    pub fn word(self, function: &str) -> String {
        match self {
            CallablePart::Entrywise(0) | CallablePart::Value => function.to_owned(),
            CallablePart::Entrywise(1) => format!("d{function}"),
            CallablePart::Entrywise(k) => format!("d{k}{function}"),
            CallablePart::Gradient => format!("grad_{function}"),
            CallablePart::Jacobian => format!("jac_{function}"),
            CallablePart::Hessian => format!("hess_{function}"),
            CallablePart::Weighted => format!("weighted_hess_{function}"),
        }
    }
}
