//! Single expressions and names: claims, targets, printed output read back, keys of values.

use super::expression::Parser;
use super::layout::{self, Ending};
use super::lexer::{self, Words};
use super::scope::ScopeNames;
use super::token::{Tok, Token};
use super::{Ast, Scope, Syntax, document, glued, program_calls, program_text, unbraced};
use crate::diag::{Error, Kind, Span};
use crate::expr::Name;
use std::collections::BTreeSet;

/// Reads one expression in a scope. Names the scope does not know are read as in a document: a name used uncalled is a
/// variable, a called one a function.
///
/// # Errors
/// `syntax` for text that is no expression, `name` for wrong numbers of arguments, `limit` for text too long or deep.
pub fn parse_expression(text: &str, scope: &Scope) -> Result<Ast, Error> {
    document::check_length(text)?;
    let latex = lexer::is_latex(text);
    let known: BTreeSet<Name> = scope.variables.union(&scope.functions).cloned().collect();
    let tokens = lexer::tokens(text, if latex { Words::Letters(&known) } else { Words::Whole });
    let mut statements = layout::statements(tokens, Ending::Never, latex)?;
    if latex {
        unbraced::join(text, &mut statements, &scope.letters.iter().cloned().collect());
    }
    let Some(mut statement) = statements.pop() else {
        return Err(empty(text));
    };
    if let Some(extra) = statements.first() {
        return Err(Error::new(Kind::Syntax, "one expression is expected, found more")
            .at(extra.span(), "a first one")
            .help("give one expression"));
    }
    if !statement.errors.is_empty() {
        return Err(statement.errors.swap_remove(0));
    }
    if let Some(equals) = outside_brackets(&statement.tokens).find(|t| matches!(t.tok, Tok::Equals | Tok::Colon)) {
        return Err(Error::new(Kind::Syntax, "an expression is expected here, found an equation or a declaration")
            .at(equals.span, "not part of an expression")
            .help("give the right side alone"));
    }
    if !latex {
        program_calls::square_calls(&mut statement.tokens);
        glued::split_known(&mut statement.tokens, &known);
    }
    let mut names =
        ScopeNames { latex, numpy: program_text::is_numpy(text), r: program_text::is_r(text), ..scoped(scope, known) };
    names.collect(&statement.tokens, &[]);
    names.variables.retain(|n| !scope.functions.contains(n));
    let mut parser = Parser::new(text, statement.tokens, &names);
    parser.letters = scope.letters.clone();
    parser.whole().map_err(|e| *e)
}

/// What stands in no bracket: `sum(i = 1..n, …)` is no equation.
fn outside_brackets(tokens: &[Token]) -> impl Iterator<Item = &Token> {
    let mut depth = 0usize;
    tokens.iter().filter(move |token| {
        match token.tok {
            Tok::Open(_) => depth += 1,
            Tok::Close(_) => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0
    })
}

fn scoped(scope: &Scope, known: BTreeSet<Name>) -> ScopeNames {
    ScopeNames {
        variables: scope.variables.clone(),
        functions: scope.functions.clone(),
        parameters: scope.parameters.clone(),
        families: scope.families.clone(),
        known,
        rules: scope.rules,
        ..ScopeNames::default()
    }
}

fn empty(text: &str) -> Error {
    Error::new(Kind::Syntax, "an expression is expected, and there is nothing")
        .at(Span::new(0, text.len()), "empty")
        .help("write an expression such as u x^T")
}

/// Reads a name in any spelling, `W1` or `\mathbf{W}_1`, and gives its plain one: `W_1`.
///
/// # Errors
/// `usage` when the text is not one name.
pub fn parse_name(text: &str) -> Result<Name, Error> {
    let not_a_name =
        || Error::new(Kind::Usage, format!("'{text}' is not a name")).help("write a name as W_1, μ, x_Paris");
    match parse_expression(text, &Scope::default()).map_err(|_| not_a_name())?.kind {
        Syntax::Name(name) => Ok(name),
        _ => Err(not_a_name()),
    }
}
