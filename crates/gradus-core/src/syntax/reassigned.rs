//! Names that programs give one value after another, `loss = loss.mean()`, `J += penalty`: every value has a name of its own.
//! What stands on a right side is the latest value before; the last one keeps the name, unless what came in bears it.

use super::layout::StatementTokens;
use super::token::{Bracket, Tok, Token};
use super::{errors, heads, remarks};
use crate::diag::{Note, Span};
use crate::expr::Name;
use std::collections::{BTreeMap, BTreeSet};

/// Gives every value of a name its own, where statements go on with it: `llh = …; llh = sum(llh)`. In a `program` also where
/// the first of them speaks of what came in, `x = relu(x)`, and where a name begins anew.
pub(super) fn rename(text: &str, program: bool, statements: &mut [StatementTokens]) -> Vec<Note> {
    let mut reassigned = Reassigned { values: BTreeMap::new(), taken: BTreeSet::new() };
    let assignments: Vec<Option<Assignment>> =
        statements.iter().map(|s| Assignment::of(text, &s.tokens).filter(|_| s.errors.is_empty())).collect();
    assignments.iter().flatten().for_each(|a| reassigned.count(a));
    reassigned.values.retain(|_, values| values.has_several(program));
    if reassigned.values.is_empty() {
        return vec![];
    }
    reassigned.taken = statements.iter().flat_map(|s| &s.tokens).filter_map(|t| t.tok.name().cloned()).collect();
    for (statement, assignment) in statements.iter_mut().zip(assignments) {
        reassigned.statement(statement, assignment);
    }
    reassigned.values.iter().map(|(name, values)| remarks::reassigned(name, &values.told)).collect()
}

/// `name = e`, `name += e`.
struct Assignment {
    name: Name,
    /// The operator before the sign of equality.
    operator: Option<Token>,
    goes_on: bool,
}

impl Assignment {
    fn of(text: &str, tokens: &[Token]) -> Option<Assignment> {
        let name = tokens.first()?.tok.name()?;
        if tokens.get(1)?.tok == Tok::Equals {
            let goes_on = tokens[2..].iter().any(|t| t.tok.name() == Some(name));
            return Some(Assignment { name: name.clone(), operator: None, goes_on });
        }
        let operator = augmenting(text, tokens)?;
        Some(Assignment { name: name.clone(), operator: Some(operator.clone()), goes_on: true })
    }
}

/// The operator of `name += e`.
pub(super) fn augmenting<'a>(text: &str, tokens: &'a [Token]) -> Option<&'a Token> {
    let [name, operator, equals, ..] = tokens else { return None };
    let glued = equals.tok == Tok::Equals && operator.span.end == equals.span.start;
    let is_sign = || matches!(errors::spelling(text, operator), "+" | "-" | "*" | "/");
    (name.tok.name().is_some() && glued && is_sign()).then_some(operator)
}

/// The values of one name.
#[derive(Default)]
struct ValuesOfName {
    count: usize,
    /// Whether the first one speaks of what came in.
    came_in: bool,
    /// Whether each one after the first goes on with the one before.
    go_on: bool,
    /// How many of them were met.
    met: usize,
    /// The name of the latest.
    latest: Option<Name>,
    /// The names they got, in order.
    told: Vec<Name>,
}

impl ValuesOfName {
    fn has_several(&self, program: bool) -> bool {
        match self.came_in {
            true => program,
            false => self.count > 1 && (program || self.go_on),
        }
    }
}

struct Reassigned {
    values: BTreeMap<Name, ValuesOfName>,
    taken: BTreeSet<Name>,
}

impl Reassigned {
    fn count(&mut self, assignment: &Assignment) {
        let values = self.values.entry(assignment.name.clone()).or_default();
        let is_first = values.count == 0;
        values.go_on = is_first || values.go_on && assignment.goes_on;
        values.came_in |= is_first && assignment.goes_on;
        values.count += 1;
    }

    fn statement(&mut self, statement: &mut StatementTokens, assignment: Option<Assignment>) {
        let assigned = assignment.filter(|a| self.values.contains_key(&a.name));
        if let Some(operator) = assigned.as_ref().and_then(|a| a.operator.as_ref()) {
            write_out(operator, &mut statement.tokens);
        }
        let own = heads::parameters(&statement.tokens).unwrap_or_default();
        let mut depth = 0usize;
        for at in usize::from(assigned.is_some())..statement.tokens.len() {
            depth = nested(depth, &statement.tokens[at].tok);
            let is_setting = depth > 0 && statement.tokens.get(at + 1).is_some_and(|t| t.tok == Tok::Equals);
            let Some(name) = statement.tokens[at].tok.name().filter(|n| !is_setting && !own.contains(n)) else {
                continue;
            };
            if let Some(latest) = self.values.get(name).and_then(|values| values.latest.clone()) {
                statement.tokens[at].tok = Tok::Name(latest);
            }
        }
        if let Some(assignment) = assigned {
            statement.tokens[0].tok = Tok::Name(self.next(&assignment.name));
        }
    }

    /// The name of the next value.
    fn next(&mut self, name: &Name) -> Name {
        let Some(values) = self.values.get_mut(name) else { return name.clone() };
        values.met += 1;
        let is_last = values.met == values.count && !values.came_in;
        let numbered = (values.met..).map(|k| Name::new(&format!("{name}_{k}"))).find(|n| !self.taken.contains(n));
        let next = numbered.filter(|_| !is_last).unwrap_or_else(|| name.clone());
        self.taken.insert(next.clone());
        values.told.push(next.clone());
        values.latest = Some(next.clone());
        next
    }
}

fn nested(depth: usize, tok: &Tok) -> usize {
    match tok {
        Tok::Open(_) => depth + 1,
        Tok::Close(_) => depth.saturating_sub(1),
        _ => depth,
    }
}

/// `J += e` as `J = J + (e)`.
fn write_out(operator: &Token, tokens: &mut Vec<Token>) {
    let end = tokens.iter().rposition(|t| t.tok != Tok::End).map_or(tokens.len(), |at| at + 1);
    let sign = |tok: Tok, at: usize| Token { tok, span: Span::new(at, at), spaced: false };
    let (from, to) = (operator.span.end, tokens[end - 1].span.end);
    tokens.insert(end, sign(Tok::Close(Bracket::Paren), to));
    let first = Token { spaced: true, ..tokens[0].clone() };
    let operator = Token { spaced: true, ..operator.clone() };
    let open = Token { spaced: true, ..sign(Tok::Open(Bracket::Paren), from) };
    let equals = tokens[2].clone();
    tokens.splice(1..3, [equals, first, operator, open]);
}
