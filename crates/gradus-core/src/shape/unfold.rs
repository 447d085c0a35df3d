//! Defined functions: their bodies with terms in place of the parameters.

use super::calls::Call;
use super::infer::Elaborator;
use super::names::{UserFunction, visit};
use super::prelude;
use super::term::Term;
use crate::diag::{Error, Kind, Label};
use crate::expr::{Elementwise, Name, Rational};
use crate::syntax::{BinaryOp, Syntax};
use std::collections::{BTreeMap, BTreeSet};

/// How many nodes the body of a defined function may unfold to.
const UNFOLD_LIMIT: usize = 20_000;

/// How deep unfolded definitions may nest.
const UNFOLD_DEPTH: usize = 400;

/// How many defined functions may call each other in a chain.
const CALL_CHAIN_LIMIT: usize = 64;

impl<'a> Elaborator<'a> {
    /// The value of a defined function: entry by entry where its body is of one scalar, else its body with the arguments
    /// put in.
    pub(super) fn unfold(&mut self, call: Call<'a>, function: UserFunction<'a>) -> Result<Term, Error> {
        self.refuse_recursion(call, function)?;
        let count = function.parameters.len();
        let words = if count == 1 { "one argument".to_owned() } else { format!("{count} arguments") };
        self.count(call, &[count], &words)?;
        if count == 1 && self.is_entrywise(function) {
            let argument = self.expression(&call.args[0])?;
            return self.unfold_entrywise(call, function, argument);
        }
        let arguments = self.arguments(call)?;
        if let [argument] = arguments.as_slice()
            && call.primes > 0
            && self.is_scalar(argument)
        {
            return self.unfold_entrywise(call, function, argument.clone());
        }
        self.put_in(call, function, arguments)
    }

    fn refuse_recursion(&self, call: Call<'a>, function: UserFunction<'a>) -> Result<(), Error> {
        let name = call.name;
        if self.unfolding.contains(name) {
            let message = format!("the function `{name}` is defined by itself: the definition is cyclic");
            return Err(Error::new(Kind::Name, message)
                .at(call.name_span, "called inside its own definition")
                .at(function.span, "defined here"));
        }
        if self.unfolding.len() >= CALL_CHAIN_LIMIT { Err(self.too_deep(call.span)) } else { Ok(()) }
    }

    /// The body with terms for the parameters, shapes as they come out at this call.
    fn put_in(&mut self, call: Call<'a>, function: UserFunction<'a>, arguments: Vec<Term>) -> Result<Term, Error> {
        let name = call.name;
        if call.primes > 0 {
            let message =
                format!("`{name}'`: only functions that are applied elementwise have a derivative with a prime");
            return Err(Error::new(Kind::Unsupported, message)
                .at(call.name_span, "not a function of one scalar")
                .at(function.span, "defined here"));
        }
        let outermost = self.unfolding.is_empty();
        let body = self.body(call, function, arguments, self.elementwise);
        let body = body.and_then(|body| within_limits(name, body.spanning(call.span)));
        body.map_err(|error| if outermost { in_call(error, call) } else { error })
    }

    /// The body where all is elementwise, of the shape of the argument.
    fn unfold_entrywise(&mut self, call: Call<'a>, function: UserFunction<'a>, argument: Term) -> Result<Term, Error> {
        let shape = argument.shape().clone();
        let body = match call.primes {
            0 => self.body(call, function, vec![argument], true)?,
            order => self.derived_body(call, function, argument, order)?,
        };
        let body = within_limits(call.name, body.spanning(call.span))?;
        Ok(if self.is_scalar(&body) { self.broadcast_to(body, &shape) } else { body })
    }

    /// The body of a defined function with terms for its parameters.
    pub(super) fn body(
        &mut self,
        call: Call<'a>,
        function: UserFunction<'a>,
        arguments: Vec<Term>,
        elementwise: bool,
    ) -> Result<Term, Error> {
        let bound = function.parameters.iter().cloned().zip(arguments).collect();
        let local = std::mem::replace(&mut self.local, bound);
        let elementwise = std::mem::replace(&mut self.elementwise, elementwise);
        let place = self.place;
        if function.foreign {
            self.place = place.or(Some(call.span));
        }
        self.unfolding.push(call.name.clone());
        let body = self.expression(function.body);
        self.unfolding.pop();
        self.place = place;
        self.elementwise = elementwise;
        self.local = local;
        body
    }

    /// The body differentiated so often, with a term for its parameter.
    fn derived_body(
        &mut self,
        call: Call<'a>,
        function: UserFunction<'a>,
        argument: Term,
        order: u32,
    ) -> Result<Term, Error> {
        let shape = argument.shape().clone();
        let (parameter, symbol) = Self::parameter(&shape, call.span);
        let body = self.body(call, function, vec![symbol], true)?;
        let mut body = within_limits(call.name, body.spanning(call.span))?;
        for _ in 0..order {
            let slope = self.slope(&body, &parameter, UNFOLD_LIMIT)?;
            let slope = slope.unwrap_or_else(|| self.number(Rational::from(0), call.span));
            body = within_limits(call.name, slope.spanning(call.span))?;
        }
        Ok(body.substituted(&parameter, &argument))
    }

    /// True when the function is applied to every entry of an array.
    fn is_entrywise(&mut self, function: UserFunction<'a>) -> bool {
        let is_scalar_function = |n: &Name| self.functions.contains(n) || self.variables.contains_key(n);
        let Some(names) = scalar_body(function, &self.user_functions, &is_scalar_function) else { return false };
        !names.into_iter().any(|n| self.is_matrix_name(n))
    }

    fn is_matrix_name(&mut self, name: &Name) -> bool {
        let Some(shape) = self.variables.get(name).map(|known| known.shape.clone()) else { return false };
        !self.sizes.is_one(&shape.rows) && !self.sizes.is_one(&shape.cols)
    }
}

/// Functions of several arguments that work entry by entry.
const ENTRYWISE: &[&str] = &["max", "min", "clip"];

/// Whether a function of the language works entry by entry.
fn is_entrywise_name(name: &Name) -> bool {
    let text = name.as_str();
    Elementwise::from_spelling(text).is_some() || ENTRYWISE.contains(&text) || prelude::is_entrywise(name)
}

/// The free names of a body that is made of scalars by functions of scalars, so that it can be applied to every entry of
/// an array. `None` where a transpose, a norm, a sum over entries, … makes it a function of the whole array.
/// `is_function` tells of names that are called.
pub(super) fn scalar_body<'a>(
    function: UserFunction<'a>,
    functions: &BTreeMap<Name, UserFunction<'a>>,
    is_function: &dyn Fn(&Name) -> bool,
) -> Option<Vec<&'a Name>> {
    let (mut seen, mut waiting, mut free): (BTreeSet<&Name>, _, _) = (BTreeSet::new(), vec![function], Vec::new());
    while let Some(function) = waiting.pop() {
        if function.parameters.len() > 1 {
            return None;
        }
        let (mut scalar, mut called) = (true, Vec::new());
        visit(function.body, &mut |node| match &node.kind {
            Syntax::Name(name) if function.parameters.contains(name) => {}
            Syntax::Name(name) => free.push(name),
            Syntax::Call { function, .. } => called.push(function),
            Syntax::Binary(op, ..) => scalar &= *op != BinaryOp::Kron,
            Syntax::Transpose(_)
            | Syntax::Norm(..)
            | Syntax::Matrix(_)
            | Syntax::Slice { .. }
            | Syntax::Slope { .. }
            | Syntax::Gathered { .. } => scalar = false,
            Syntax::Number(_)
            | Syntax::Partial(_)
            | Syntax::Keyword(..)
            | Syntax::Sum(_)
            | Syntax::Neg(_)
            | Syntax::Inverse(_)
            | Syntax::Power(..)
            | Syntax::ElementPower(..)
            | Syntax::Bars(_)
            | Syntax::Entry { .. }
            | Syntax::Iverson(_) => {}
        });
        for name in called {
            match functions.get(name).copied() {
                Some(inner) => waiting.extend(seen.insert(name).then_some(inner)),
                None => scalar &= is_function(name) || is_entrywise_name(name),
            }
        }
        if !scalar {
            return None;
        }
    }
    Some(free)
}

/// The error of a body, told of the call.
fn in_call(mut error: Error, call: Call<'_>) -> Error {
    error.message = format!("in `{}`: {}", call.name, error.message);
    error.labels.retain(|label| label.span != call.span);
    error.labels.insert(0, Label { span: call.span, text: format!("this call of `{}`", call.name) });
    error
}

/// A body that is not too large or too deep to go on with.
fn within_limits(name: &Name, body: Term) -> Result<Term, Error> {
    if body.nodes() <= UNFOLD_LIMIT && body.depth() <= UNFOLD_DEPTH {
        return Ok(body);
    }
    let message = format!("`{name}` unfolds to more than {UNFOLD_LIMIT} nodes or {UNFOLD_DEPTH} levels");
    Err(Error::new(Kind::Limit, message).at(body.span(), "here"))
}
