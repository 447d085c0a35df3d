//! `W [h_{t-1}, x_t]`: columns in one pair of brackets behind a factor. The language sets them side by side; papers on networks
//! mean the one below the other. Both are read, and what fits is taken and said.

use super::document::Given;
use super::indices::{name_of, with_children};
use super::names::visit;
use crate::diag::{Error, Errors, Kind, Note, Span};
use crate::expr::{Name, Symbol};
use crate::program::Program;
use crate::syntax::{Ast, BinaryOp, Document, Statement, Syntax};
use std::collections::BTreeSet;

/// What is read where a document has such brackets; `None` where it has none.
pub(super) fn read(
    document: &Document,
    given: &Given,
    reading: &dyn Fn(&Document) -> Result<Program, Errors>,
) -> Option<Result<Program, Errors>> {
    let brackets = RowsInBrackets::of(document)?;
    let below = brackets.below(document);
    let stacked = match reading(&below) {
        Ok(program) => program,
        Err(_) => return Some(reading(document)),
    };
    let beside = match reading(document) {
        Ok(program) => program,
        Err(_) => return Some(Ok(stacked)),
    };
    let columns = |program: &Program| brackets.small.iter().any(|name| is_matrix(program, name));
    let overruled = |program: &Program| program.reading.overruled.len();
    Some(match overruled(&stacked).cmp(&overruled(&beside)) {
        _ if brackets.differ(given) => Ok(stacked),
        _ if columns(&beside) && !columns(&stacked) => Ok(stacked),
        std::cmp::Ordering::Less => Ok(stacked),
        std::cmp::Ordering::Greater => Ok(beside),
        std::cmp::Ordering::Equal if brackets.capital => Ok(beside),
        std::cmp::Ordering::Equal => Err(vec![brackets.doubtful(document)]),
    })
}

fn is_matrix(program: &Program, name: &Name) -> bool {
    program.shape(&Symbol::from(name)).is_some_and(|s| !s.rows.is_one() && !s.cols.is_one())
}

/// Brackets of one row behind a factor.
struct RowsInBrackets {
    spans: Vec<Span>,
    /// The small letters of values that hold one.
    small: Vec<Name>,
    /// A capital is such a value.
    capital: bool,
    /// Of each bracket the entries that are names.
    entries: Vec<Vec<Name>>,
}

impl RowsInBrackets {
    fn of(document: &Document) -> Option<RowsInBrackets> {
        let declared: BTreeSet<&Name> = document
            .statements
            .iter()
            .filter_map(|s| match s {
                Statement::Declaration(d) => Some(&d.name),
                Statement::Definition { .. }
                | Statement::FunctionDefinition { .. }
                | Statement::Expression(_)
                | Statement::SizeCondition { .. } => None,
            })
            .collect();
        let mut found = RowsInBrackets { spans: vec![], small: vec![], capital: false, entries: vec![] };
        for statement in &document.statements {
            let (name, value) = match statement {
                Statement::Definition { name, value, .. } => (Some(name), value),
                Statement::Expression(value) => (None, value),
                Statement::Declaration(_) | Statement::FunctionDefinition { .. } | Statement::SizeCondition { .. } => {
                    continue;
                }
            };
            let before = found.spans.len();
            visit(value, &mut |node| {
                let Some(bracket) = bracket(node, &declared) else { return };
                found.spans.push(bracket.span);
                found.entries.extend(row(bracket).map(|row| row.iter().filter_map(name_of).cloned().collect()));
            });
            if let Some(name) = name.filter(|_| found.spans.len() > before) {
                let capital = name.as_str().starts_with(char::is_uppercase);
                found.capital |= capital;
                found.small.extend(Some(name.clone()).filter(|_| !capital));
            }
        }
        (!found.spans.is_empty()).then_some(found)
    }

    /// Values say that the entries differ in length.
    fn differ(&self, given: &Given) -> bool {
        let length = |name: &Name| given.get(name).map(|extents| extents.first().copied().unwrap_or(1));
        self.entries.iter().any(|names| {
            let lengths: BTreeSet<usize> = names.iter().filter_map(length).collect();
            lengths.len() > 1
        })
    }

    /// The document with the entries of these brackets one below the other.
    fn below(&self, document: &Document) -> Document {
        let mut document = document.clone();
        for statement in &mut document.statements {
            match statement {
                Statement::Definition { value, .. } | Statement::Expression(value) => *value = self.stacked(value),
                Statement::Declaration(_) | Statement::FunctionDefinition { .. } | Statement::SizeCondition { .. } => {}
            }
        }
        for span in &self.spans {
            let typed = document.text.get(span.start..span.end).unwrap_or("").trim().to_owned();
            document.notes.push(Note::warning(format!("{typed} is read as a stack, the one below the other")));
        }
        document
    }

    fn stacked(&self, ast: &Ast) -> Ast {
        let mut ast = with_children(ast, &mut |child| Ok(self.stacked(child))).unwrap_or_else(|_| ast.clone());
        if self.spans.contains(&ast.span)
            && let Syntax::Matrix(rows) = &mut ast.kind
        {
            *rows = std::mem::take(rows).into_iter().flatten().map(|entry| vec![entry]).collect();
        }
        ast
    }

    fn doubtful(&self, document: &Document) -> Error {
        let span = self.spans[0];
        let typed = document.text.get(span.start..span.end).unwrap_or("");
        Error::new(Kind::Shape, "these can be columns side by side, or the one below the other")
            .at(span, "side by side, or a stack?")
            .help(format!(
                "write `{}` for the one below the other; declare them, `x: n`, for columns side by side",
                typed.replace(',', ";")
            ))
    }
}

/// The bracket of one row that is the right factor of a product.
fn bracket<'a>(node: &'a Ast, declared: &BTreeSet<&Name>) -> Option<&'a Ast> {
    let Syntax::Binary(BinaryOp::Mul | BinaryOp::Dot, left, right) = &node.kind else { return None };
    let row = row(right)?;
    let column = |entry: &Ast| {
        !matches!(entry.kind, Syntax::Number(_) | Syntax::Transpose(_) | Syntax::Matrix(_) | Syntax::Neg(_))
    };
    let mut open = false;
    row.iter().for_each(|entry| entry.names(&mut |name| open |= !declared.contains(name)));
    let factor = !matches!(left.kind, Syntax::Number(_));
    (factor && open && row.iter().all(column)).then_some(right)
}

/// The entries of a bracket of one row.
fn row(ast: &Ast) -> Option<&[Ast]> {
    match &ast.kind {
        Syntax::Matrix(rows) => match &rows[..] {
            [row] if row.len() > 1 => Some(row),
            _ => None,
        },
        _ => None,
    }
}
