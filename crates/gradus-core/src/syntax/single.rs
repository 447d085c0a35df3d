//! Single expressions and names: claims, targets, printed output read back, keys of values.

use super::expression::Parser;
use super::layout::{self, Ending};
use super::lexer::{self, Words};
use super::scope::ScopeNames;
use super::token::{Bracket, Tok, Token};
use super::{Ast, ProductSigns, Scope, Syntax, document, glued, program_calls, unbraced};
use crate::diag::{Error, Kind, Note, Span};
use crate::expr::Name;
use std::collections::{BTreeMap, BTreeSet};

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
        program_calls::second_values(&mut statement.tokens);
        glued::split_known(&mut statement.tokens, &known, &scope.glued);
    }
    called_by_heads(&mut statement.tokens, scope);
    let ProductSigns { numpy, r } = ProductSigns::of(text).with(scope.dialect);
    let mut names = ScopeNames { latex, numpy, r, ..scoped(scope, known) };
    names.collect(&statement.tokens, &[]);
    names.variables.retain(|n| !scope.functions.contains(n));
    let mut parser = Parser::new(text, statement.tokens, &names);
    parser.letters = scope.letters.clone();
    parser.whole().map_err(|e| *e)
}

/// The runs of letters in expressions that are read beside each other that are products: `Ax` of `x'Ax` and `tr(Axx')`.
pub fn glued_runs(texts: &[&str], known: &BTreeSet<Name>) -> (BTreeMap<Name, Vec<Name>>, Vec<Note>) {
    let plain = texts.iter().filter(|text| !lexer::is_latex(text));
    let read = plain.flat_map(|text| {
        layout::statements(lexer::tokens(text, Words::Whole), Ending::Never, false).unwrap_or_default()
    });
    let mut statements: Vec<_> = read.collect();
    statements.iter_mut().for_each(|s| program_calls::square_calls(&mut s.tokens));
    let mut notes = Vec::new();
    let runs = glued::split(&mut statements, known, &BTreeSet::new(), &mut notes);
    (runs.into_iter().filter(|(name, _)| !known.contains(name)).collect(), notes)
}

/// What stands in no bracket: `sum(i = 1..n, …)` is no equation.
pub(super) fn outside_brackets(tokens: &[Token]) -> impl Iterator<Item = &Token> {
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

/// `g(x)` where the head `g(x) = …` defines g: the value, as its head calls it.
fn called_by_heads(tokens: &mut Vec<Token>, scope: &Scope) {
    let old = std::mem::take(tokens);
    let mut at = 0;
    while at < old.len() {
        let listed = old[at].tok.name().filter(|n| scope.variables.contains(*n)).and_then(|n| scope.heads.get(n));
        let length = listed.and_then(|listed| bracket_of(&old[at + 1..], listed));
        tokens.push(old[at].clone());
        at += 1 + length.unwrap_or(0);
    }
}

/// How many tokens the bracket has that lists just these names.
fn bracket_of(tokens: &[Token], listed: &[Name]) -> Option<usize> {
    let length = 2 * listed.len() + 1;
    let (open, inside, close) = (tokens.first()?, tokens.get(1..length - 1)?, tokens.get(length - 1)?);
    let bracket = open.tok == Tok::Open(Bracket::Paren) && close.tok == Tok::Close(Bracket::Paren);
    let same = inside.iter().enumerate().all(|(i, token)| match i % 2 {
        0 => token.tok.name() == listed.get(i / 2),
        _ => matches!(token.tok, Tok::Comma | Tok::Semicolon),
    });
    (bracket && !listed.is_empty() && same).then_some(length)
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
