//! Reading a claim by the names of its document.

use super::asked::{Claim, Question};
use crate::derive::{Options, derive_program, term_over_whole_arrays};
use crate::diag::{Error, Kind, Note};
use crate::expr::{Name, Symbol};
use crate::program::{Definition, Program};
use crate::shape::{Environment, read_expression};
use crate::syntax::{Ast, ProductSigns, parse_expression, split_index};
use std::collections::BTreeSet;

/// Which undeclared members of a text are rows of a matrix of the document.
pub(super) fn rows_named(program: &Program, written: &Ast) -> Vec<Note> {
    let environment = Environment::from(program);
    let mut found = BTreeSet::new();
    written.names(&mut |name| {
        let base = split_index(name).filter(|(_, places)| places.len() == 1).map(|(base, _)| base);
        found.extend(base.and_then(|base| Some((environment.matrix_of_rows(&base)?.name.clone(), base))));
    });
    let said =
        |(matrix, base): (Symbol, Name)| Note::convention(format!("{matrix} stacks the members of {base} as rows"));
    found.into_iter().map(said).collect()
}

impl Question {
    /// Reads a claim. It may use every name of the document and every one gradus introduces in deriving it.
    ///
    /// # Errors
    /// `Syntax`, `Symbol`, `Shape`: what is wrong with the claim, its places in the claim's own text.
    pub fn claim(&self, text: &str) -> Result<Claim, Error> {
        if let Some(members) = &self.members {
            return self.indexed_claim(members, text);
        }
        match self.claim_with(text, self.introduced()) {
            Err(e) if e.kind == Kind::Name => {
                // a name that gradus gives when it derives by every variable at once
                let all = derive_program(self.program.clone(), &Options { inlined: false, ..self.options() });
                let more = all.ok().and_then(|d| self.claim_with(text, d.extra_definitions()).ok());
                more.ok_or_else(|| self.with_names(e))
            }
            read => read,
        }
    }

    fn claim_with(&self, text: &str, introduced: Vec<Definition>) -> Result<Claim, Error> {
        let mut environment = Environment::from(&self.program);
        introduced.iter().for_each(|d| environment.add(&d.name, d.value.shape()));
        // in the spelling of the document first, then in its own
        environment.dialect = self.program.dialect;
        let value = match read_expression(text, &environment, Some(&self.shape)) {
            Err(_) if self.program.dialect != ProductSigns::default() => {
                environment.dialect = ProductSigns::default();
                read_expression(text, &environment, Some(&self.shape))?
            }
            value => value?,
        };
        let value =
            term_over_whole_arrays(&self.program, &introduced, &value).ok_or_else(|| self.without_whole_form())?;
        Ok(Claim { written: parse_expression(text, &environment.scope(false))?, value, introduced })
    }

    fn without_whole_form(&self) -> Error {
        let error = Error::new(Kind::Unsupported, "what the claim gathers over entries has no form over whole arrays");
        match (self.wrt.shape().is_scalar(), self.wrt.shape().is_vector()) {
            (true, _) => error,
            (false, true) => error.help(format!("claim an entry: --wrt {}_i", self.wrt.label)),
            (false, false) => error.help(format!("claim an entry: --wrt {}_ij", self.wrt.label)),
        }
    }

    fn options(&self) -> Options {
        let of = (self.of != Symbol::Bare).then(|| self.of.to_string());
        Options { of, ..Options::default() }
    }

    /// An unknown name, with those there are.
    fn with_names(&self, error: Error) -> Error {
        let known = Environment::from(&self.program).variables;
        let known: Vec<String> = known.keys().map(Name::to_string).collect();
        if error.help.is_some() { error } else { error.help(format!("the document has {}", known.join(", "))) }
    }
}
