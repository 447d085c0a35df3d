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

/// Evaluates the expression and every derivative at given values; a derivative from its printed inlined text read back,
/// so that what is printed is what was right.
///
/// # Errors
/// `Domain` where something is undefined at the values, `Internal` when printed text does not read back.
pub fn at(d: &Derivation, environment: &mut Valuation<f64>) -> Result<AtPoint, Error> {
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
    let style = Style::of(d);
    eval::extend(environment, &unknown.left_out(&extra))?;
    let each = d.derivatives.iter().map(|one| value(d, one, &style, &|e| shown(e, &one.shape, environment, &unknown)));
    let derivatives = each.collect::<Result<_, Error>>()?;
    Ok(AtPoint { expression, derivatives })
}

fn value(d: &Derivation, one: &Derivative, style: &Style, shown: &Valuer) -> Result<Worth, Error> {
    let printed = ascii(&present(one.inlined.as_ref().unwrap_or(&one.result), style));
    let read = d.read_back(&printed, &one.shape)?;
    let value = shown(&read)?;
    Ok(if one.form == Form::Jacobian { value.rows() } else { value })
}

/// The value of what is shown.
type Valuer<'a> = dyn Fn(&Expr) -> Result<Worth, Error> + 'a;

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
