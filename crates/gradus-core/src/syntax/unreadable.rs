//! Calls that cannot be read, by what they are: functions of vectors that nobody declares, functions with parameters.

use super::errors;
use super::expression::{Parsed, Parser};
use super::heads;
use super::names;
use super::token::{Bracket, Tok, Token};
use crate::diag::{Error, Kind, Span};
use crate::expr::Name;

impl Parser<'_> {
    /// `\mathbf F(\mathbf x)`: a function of vectors, and no product.
    pub fn refuse_bold_call(&self, name: &Name) -> Parsed<()> {
        let bold = |token: &Token| {
            let typed = errors::spelling(self.text, token);
            ["\\mathbf", "\\boldsymbol", "\\bm", "\\pmb"].iter().any(|c| typed.contains(c))
        };
        let (Some(argument), Tok::Close(Bracket::Paren)) = (self.tokens.get(self.at + 2), self.ahead(3)) else {
            return Ok(());
        };
        let capital = |name: &Name| name.as_str().starts_with(char::is_uppercase);
        match argument.tok.name() {
            Some(x) if bold(self.token()) && bold(argument) && capital(name) != capital(x) => Err(Box::new(
                Error::new(Kind::Unsupported, format!("{name}({x}) is a function of a vector by the way it is typed"))
                    .at(self.token().span, "nothing declares it")
                    .help(format!(
                        "declare it, {name}: R^n -> R^m or {name}: R^n -> R, or write {name} {x} for a product"
                    )),
            )),
            Some(_) | None => Ok(()),
        }
    }

    /// `f_θ(x)`, `π_θ(a|s)`: a function whose parameters are its index.
    pub fn refuse_parameters(&self, name: &Name, start: usize) -> Parsed<()> {
        let (base, Some(index)) = names::split(name) else { return Ok(()) };
        let accent = index.trim_end_matches(|c: char| !c.is_ascii());
        let letters = &index[accent.len()..];
        let greek = |c: char| matches!(c, 'α'..='ω' | 'ϕ' | 'ϑ');
        let is_parameter = letters.chars().count() == 1 && letters.chars().all(greek);
        let is_parameter = is_parameter && matches!(accent, "" | "bar" | "hat" | "tilde");
        let known = self.names.known.contains(name) || self.names.functions.contains(name) || self.names.rules;
        if !is_parameter || known || self.names.variables.contains(name) {
            return Ok(());
        }
        let span = Span::new(start, self.end_of_bracket(self.at + 1));
        Err(Box::new(errors::parameters(self.text, base, letters, span)))
    }
}

/// `dS = μ S dt + σ S dW`: an equation whose head and whose every term is a differential.
pub(super) fn refuse_differentials(tokens: &[Token]) -> Parsed<()> {
    let [head, Token { tok: Tok::Equals, .. }, value @ ..] = tokens else { return Ok(()) };
    let value = &value[..value.len() - usize::from(value.last().is_some_and(|t| t.tok == Tok::End))];
    if !head.tok.name().is_some_and(is_differential) || !heads::terms(value).all(ends_in_differential) {
        return Ok(());
    }
    Err(Box::new(
        Error::new(Kind::Unsupported, "equations of differentials are not in the language")
            .at(head.span, "a differential")
            .help("give the function alone, without dt and dW: the drift or the diffusion, f(x) = …"),
    ))
}

/// `dt`, `dX_t`.
fn is_differential(name: &Name) -> bool {
    let mut letters = names::split(name).0.chars();
    letters.next() == Some('d') && letters.next().is_some() && letters.next().is_none()
}

/// The term ends in `dt`, in LaTeX in d and t.
fn ends_in_differential(term: &[Token]) -> bool {
    match term {
        [.., last] if last.tok.name().is_some_and(is_differential) => true,
        [.., d, last] => d.tok.is_name("d") && last.tok.name().is_some() && !last.spaced,
        _ => false,
    }
}
