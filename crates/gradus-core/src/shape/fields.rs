//! Functions of whole arrays, f: ℝⁿ → ℝ and c: ℝⁿ → ℝᵐ, and their derivatives where a text writes them.

use super::calls::Call;
use super::infer::{Elaborator, Mode};
use super::term::Term;
use crate::diag::{Error, Kind, Span};
use crate::expr::{ArrayFunction, Name, Op, Shape, Slope, Space};
use crate::syntax::Ast;

/// A derivative as written: `∇f(x)`.
#[derive(Clone, Copy)]
pub(super) struct WrittenSlope<'a> {
    pub slope: Slope,
    pub function: &'a Name,
    pub args: &'a [Ast],
    /// Up to the bracket.
    pub head: Span,
    pub span: Span,
}

impl<'a> Elaborator<'a> {
    /// `f(x)` of a function of arrays.
    pub(super) fn field_call(&mut self, call: Call<'a>, space: &Space) -> Result<Term, Error> {
        if call.primes > 0 {
            let help = self.spelling_of_slope(call.name, space);
            let message =
                format!("`{}` is a function of an array: its derivative is not written with a prime", call.name);
            return Err(Error::new(Kind::Syntax, message).at(call.name_span, "a prime").help(help));
        }
        let [point] = call.args else { return Err(self.arity(call, "one argument")) };
        let point = self.point(point, call.name, space)?;
        let shape = Shape::vector(space.codomain.clone());
        Ok(Term::new(field(call.name, space, None), vec![point], shape, call.span))
    }

    /// `∇f(x)`, `J_c(x)`, `∇²f(x)`, `∇²(wᵀ c)(x)`.
    ///
    /// # Errors
    /// Functions that have no such derivative, or none of this name; shapes that do not fit.
    pub(super) fn slope_as_written(&mut self, written: WrittenSlope<'a>) -> Result<Term, Error> {
        let WrittenSlope { slope, function, args, head, span } = written;
        let Some(space) = self.fields.get(function).cloned() else { return Err(self.no_field(written)) };
        let scalar = self.sizes.is_one(&space.codomain);
        if scalar != matches!(slope, Slope::Gradient | Slope::Hessian) && !(scalar && slope == Slope::Jacobian) {
            let (has, help) =
                if scalar { ("a scalar", "∇f(x) and ∇²f(x)") } else { ("a vector", "J_c(x) and ∇²(w^T c)(x)") };
            return Err(Error::new(Kind::Shape, format!("the value of `{function}` is {has}"))
                .at(head, "not its derivative")
                .help(format!(
                    "derivatives of such a function are written {}",
                    help.replace(['f', 'c'], function.as_str())
                )));
        }
        let Some((point, weights)) = args.split_last() else {
            return Err(Error::new(Kind::Name, format!("`{function}` has no argument here")).at(head, "of what?"));
        };
        let mut terms = weights.iter().map(|w| self.expression(w)).collect::<Result<Vec<_>, Error>>()?;
        for weights in &terms {
            let values = Shape::vector(space.codomain.clone());
            let unified = self.sizes.unify_shapes(weights.shape(), &values, span);
            unified.map_err(|_| self.misfit(weights, &values, "the weights of the components of", function))?;
        }
        let point = self.point(point, function, &space)?;
        let shape = point.shape().clone();
        terms.push(point);
        if scalar && slope == Slope::Jacobian {
            let gradient = Term::new(field(function, &space, Some(Slope::Gradient)), terms, shape, span);
            return Ok(self.transpose(gradient, span));
        }
        let count = self.times_sizes(&shape.rows, &shape.cols, span)?;
        let shape = match slope {
            Slope::Gradient => shape,
            Slope::Jacobian => Shape::new(space.codomain.clone(), count),
            Slope::Hessian | Slope::Weighted => Shape::new(count.clone(), count),
        };
        Ok(Term::new(field(function, &space, Some(slope)), terms, shape, span))
    }

    /// The argument, of the shape the function takes. The letters of rules take any.
    fn point(&mut self, argument: &'a Ast, function: &Name, space: &Space) -> Result<Term, Error> {
        let point = self.expression(argument)?;
        if self.mode == Mode::Pattern {
            return Ok(point);
        }
        let unified = self.sizes.unify_shapes(point.shape(), &space.domain, point.span());
        unified.map_err(|_| self.misfit(&point, &space.domain, "the argument of", function))?;
        Ok(point)
    }

    fn misfit(&mut self, term: &Term, shape: &Shape, what: &str, function: &Name) -> Error {
        let (wanted, found) = (self.shown(shape), self.shown(term.shape()));
        let message = format!("{what} `{function}` is {wanted}, and this is {found}");
        let error = Error::new(Kind::Shape, message);
        self.labelled(error, &[term])
    }

    /// How the derivative is written.
    fn spelling_of_slope(&mut self, function: &Name, space: &Space) -> String {
        match self.sizes.is_one(&space.codomain) {
            true => format!("write ∇{function}(x)"),
            false => format!("write J_{function}(x)"),
        }
    }

    fn no_field(&self, written: WrittenSlope<'a>) -> Error {
        let name = written.function;
        let (message, help) = if self.user_functions.contains_key(name) {
            (
                format!("`{name}` is given by its formula: its derivative is derived, not written"),
                format!("ask for it: `--of {name}`; within a formula, write the derivative out"),
            )
        } else if self.functions.contains(name) {
            (format!("`{name}` works entry by entry"), format!("its derivative is written {name}'(x)"))
        } else {
            let declaration = match written.slope {
                Slope::Gradient | Slope::Hessian => "R^n -> R",
                Slope::Jacobian | Slope::Weighted => "R^n -> R^m",
            };
            (format!("nothing says what function `{name}` is"), format!("declare it: {name}: {declaration}"))
        };
        Error::new(Kind::Name, message).at(written.head, "a derivative of it").help(help)
    }
}

fn field(name: &Name, space: &Space, slope: Option<Slope>) -> Op {
    Op::Field(ArrayFunction { name: name.clone(), codomain: space.codomain.clone(), slope })
}
