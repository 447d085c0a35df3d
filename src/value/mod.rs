//! What a derivation is worth at a point.

mod members;

use crate::derive::{Derivation, Derivative, Form};
use crate::diag::Error;
use crate::eval::{self, Axes, Masks, Matrix, Valuation};
use crate::expr::{Expr, Op, Shape, Symbol};
use crate::program::Definition;
use crate::render::{Style, ascii, present};
use std::collections::BTreeSet;

/// A value as whoever asks for it sees it.
#[derive(Clone, Debug)]
pub enum Worth {
    /// None: it holds a function of arrays that nobody defines.
    Unknown,
    /// Entries along so many axes.
    Array(Matrix<f64>, Axes),
    /// Of a family: one for each member.
    List(Vec<Worth>),
}

/// The values of the expression and of each derivative, in their order.
#[derive(Clone, Debug)]
pub struct AtPoint {
    /// Of what is differentiated.
    pub expression: Worth,
    /// Of the derivatives.
    pub derivatives: Vec<Worth>,
}

impl Worth {
    fn of(array: Matrix<f64>, shape: &Shape) -> Worth {
        Worth::Array(array, Axes::of(shape))
    }

    /// Of a Jacobian: always a matrix.
    fn rows(self) -> Worth {
        match self {
            Worth::Array(array, _) => Worth::Array(array, Axes::Two),
            Worth::Unknown | Worth::List(_) => self,
        }
    }
}

/// The results as they are printed, inlined, and read back: what has a value is what is printed, so that what is printed is
/// what was right. Documents with indices have values by their members, and nothing to be read.
///
/// # Errors
/// `Internal` when printed text does not read back.
pub fn printed(d: &Derivation) -> Result<Vec<Expr>, Error> {
    if d.program.is_indexed() {
        return Ok(vec![]);
    }
    let style = Style::of(d);
    let read = |one: &Derivative| {
        let text = ascii(&present(one.inlined.as_ref().unwrap_or(&one.result), &style));
        d.read_back(&text, &one.shape)
    };
    d.derivatives.iter().map(read).collect()
}

/// Evaluates the expression and every derivative, as [`printed`] has them, at given values.
///
/// # Errors
/// `Domain` where something is undefined at the values.
pub fn at(d: &Derivation, printed: &[Expr], environment: &mut Valuation<f64>) -> Result<AtPoint, Error> {
    if d.program.is_indexed() {
        return members::at(d, environment);
    }
    let (mut masks, extra) = (Masks::of(environment), d.extra_definitions());
    masks.define(&[d.program.definitions.as_slice(), &extra].concat())?;
    let shown = |e: &Expr, environment: &Valuation<f64>| {
        masks.permit(e)?;
        let value = eval::evaluate(e, environment)?;
        masks.unseen(&value)?;
        Ok(value)
    };
    let mut unknown = Valueless::default();
    eval::extend(environment, &unknown.left_out(&d.program.definitions))?;
    let asked = &d.asked.value;
    let shown = |e: &Expr, shape: &Shape, environment: &Valuation<f64>, unknown: &Valueless| match unknown.holds(e) {
        true => Ok(Worth::Unknown),
        false => Ok::<Worth, Error>(Worth::of(shown(e, environment)?, shape)),
    };
    let expression = shown(asked, asked.shape(), environment, &unknown)?;
    eval::extend(environment, &unknown.left_out(&extra))?;
    let value = |(one, result): (&Derivative, &Expr)| {
        let value = shown(result, &one.shape, environment, &unknown)?;
        Ok(if one.form == Form::Jacobian { value.rows() } else { value })
    };
    let derivatives = d.derivatives.iter().zip(printed).map(value).collect::<Result<_, Error>>()?;
    Ok(AtPoint { expression, derivatives })
}

/// What has no value at any point, for it holds a function of arrays that nobody defines.
#[derive(Default)]
struct Valueless(BTreeSet<Symbol>);

impl Valueless {
    fn holds(&self, e: &Expr) -> bool {
        match e.op() {
            Op::Field(_) => true,
            Op::Variable(v) => self.0.contains(&v.name),
            _ => e.args().iter().any(|a| self.holds(a)),
        }
    }

    /// The definitions without those that have no value.
    fn left_out(&mut self, definitions: &[Definition]) -> Vec<Definition> {
        let mut kept = vec![];
        for definition in definitions {
            if self.holds(&definition.value) {
                self.0.insert(definition.name.clone());
            } else {
                kept.push(definition.clone());
            }
        }
        kept
    }
}
