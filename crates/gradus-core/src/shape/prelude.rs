//! Calls of the functions that are written in the language itself.

use super::calls::Call;
use super::infer::Elaborator;
use super::names::{UserFunction, visit};
use super::term::Term;
use crate::diag::{Error, Kind, Note, Span};
use crate::expr::{Elementwise, Name};
use crate::syntax::prelude::{LanguageFunction, all, defines, definitions};
use crate::syntax::{Ast, Syntax};

/// Whether a function of the prelude works entry by entry: its body calls elementwise functions only.
pub(super) fn is_entrywise(name: &Name) -> bool {
    defines(name) && all().iter().filter(|d| d.name == *name).all(|d| calls_elementwise(&d.body))
}

fn calls_elementwise(body: &Ast) -> bool {
    let mut elementwise = true;
    visit(body, &mut |node| {
        if let Syntax::Call { function, .. } = &node.kind {
            elementwise &= Elementwise::from_spelling(function.as_str()).is_some();
        }
    });
    elementwise
}

impl LanguageFunction {
    /// It as a function of the document, whose body has no place there.
    pub(super) fn function(&self) -> UserFunction<'_> {
        UserFunction { parameters: &self.parameters, body: &self.body, span: Span::default(), foreign: true }
    }
}

impl<'a> Elaborator<'a> {
    /// The body of the first definition that fits the arguments.
    ///
    /// # Errors
    /// `Shape` where an array is given for a scalar, or arrays of several shapes.
    pub(super) fn in_prelude(&mut self, call: Call<'a>) -> Result<Term, Error> {
        let arguments = self.arguments(call)?;
        let mut misfit = None;
        for definition in definitions(call.name, arguments.len()) {
            match self.unfit(definition, &arguments) {
                None => return self.defined_by(definition, call, arguments),
                Some(at) => misfit = Some(at),
            }
        }
        let Some(at) = misfit else { return Err(self.arity(call, "another number of arguments")) };
        let ordinal = ["first", "second"].get(at).copied().unwrap_or("third");
        let error = Error::new(Kind::Shape, format!("the {ordinal} argument of `{}` is a scalar", call.name));
        Err(self.labelled(error, &[&arguments[at]]))
    }

    /// The first argument that is an array where the definition takes a scalar.
    fn unfit(&mut self, definition: &LanguageFunction, arguments: &[Term]) -> Option<usize> {
        arguments.iter().enumerate().position(|(i, a)| definition.takes_scalar(i) && !self.is_scalar(a))
    }

    fn defined_by(
        &mut self,
        definition: &'static LanguageFunction,
        call: Call<'a>,
        arguments: Vec<Term>,
    ) -> Result<Term, Error> {
        self.one_shape(&arguments, call)?;
        if let Some(words) = definition.convention.filter(|_| !self.unfolding.iter().any(defines)) {
            self.remark(Note::convention(words));
        }
        let body = self.body(call, definition.function(), arguments, self.elementwise)?;
        Ok(body.spanning(call.span))
    }

    /// Arguments that are no scalars have one shape: said here, where each has its place in the text.
    fn one_shape(&mut self, arguments: &[Term], call: Call<'a>) -> Result<(), Error> {
        let arrays: Vec<&Term> = arguments.iter().filter(|a| !self.is_scalar(a)).collect();
        for pair in arrays.windows(2) {
            self.same_shapes(pair[0], pair[1], &format!("take `{}` of", call.name), call.span)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// So reading a body at its call comes to an end.
    #[test]
    fn bodies_call_what_stands_above() {
        for (i, definition) in all().iter().enumerate() {
            visit(&definition.body, &mut |node| {
                let Syntax::Call { function, args, .. } = &node.kind else { return };
                for below in &all()[i..] {
                    let is_called = below.name == *function && below.parameters.len() == args.len();
                    assert!(!is_called, "{} calls what stands below it", definition.text);
                }
            });
        }
    }
}
