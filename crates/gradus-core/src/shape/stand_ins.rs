//! Names of constants that a text uses as names of its own: the indicator I beside ∘, and e for ones.

use super::document::Given;
use super::names::visit;
use crate::diag::{Note, Span};
use crate::expr::Name;
use crate::syntax::{Ast, BinaryOp, Declaration, DeclaredShape, Document, Statement, Syntax};
use std::collections::BTreeSet;

/// The document with I as an indicator: where I stands beside ∘ alone and nothing declares it, or where it has a value.
/// It holds only where I need not be square.
pub(super) fn indicator(document: &Document, given: &Given) -> Option<Document> {
    let name = Name::new("I");
    let masks = {
        let uses = uses(document, &name);
        !uses.is_empty() && uses.iter().all(|u| *u == Use::Entrywise)
    };
    if is_settled(document, &name) || !(masks || given.contains_key(&name)) {
        return None;
    }
    let mut taken = names(document).into_iter();
    let taken: BTreeSet<Name> = taken.by_ref().collect();
    let free = ["n", "m", "k", "p", "d", "q"].iter().map(|n| Name::new(n)).filter(|n| !taken.contains(n));
    let sizes: Vec<Ast> = free.take(2).map(|n| Ast::new(Syntax::Name(n), Span::default())).collect();
    let declaration = Declaration {
        name,
        name_span: Span::default(),
        shape: DeclaredShape::Sizes(sizes),
        shape_span: Span::default(),
        attributes: Vec::new(),
    };
    let note = Note::warning("I beside ∘ is read as an array of its own, and not as the identity: write I_n for that");
    Some(with(document, Statement::Declaration(declaration), note))
}

/// The document with e as ones: where `e^⊤ x` is all there is of it.
pub(super) fn ones(document: &Document, given: &Given) -> Option<Document> {
    let name = Name::new("e");
    let alone = uses(document, &name) == [Use::Transposed];
    if !document.latex || !alone || is_settled(document, &name) || given.contains_key(&name) {
        return None;
    }
    let value = Ast::new(Syntax::Name(Name::new("𝟏")), Span::default());
    let statement = Statement::Definition { name, name_span: Span::default(), value };
    let note = Note::warning("e, which stands nowhere else, is read as a column of ones: declare `e: n` otherwise");
    Some(with(document, statement, note))
}

fn with(document: &Document, statement: Statement, note: Note) -> Document {
    let mut document = document.clone();
    document.statements.insert(0, statement);
    document.notes.push(note);
    document
}

/// How a name is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Use {
    Entrywise,
    Transposed,
    Otherwise,
}

/// Every use of a name as a value.
fn uses(document: &Document, name: &Name) -> Vec<Use> {
    let mut found = Vec::new();
    let is_it = |ast: &Ast| matches!(&ast.kind, Syntax::Name(n) if n == name);
    for value in values(document) {
        let (mut all, mut known) = (0, Vec::new());
        visit(value, &mut |node| match &node.kind {
            Syntax::Name(_) if is_it(node) => all += 1,
            Syntax::Binary(BinaryOp::Had, a, b) => {
                known.extend([a, b].iter().filter(|side| is_it(side)).map(|_| Use::Entrywise));
            }
            Syntax::Transpose(a) if is_it(a) => known.push(Use::Transposed),
            _ => {}
        });
        let rest = all - known.len().min(all);
        found.extend(known.into_iter().chain(std::iter::repeat_n(Use::Otherwise, rest)));
    }
    found
}

fn values(document: &Document) -> impl Iterator<Item = &Ast> {
    document.statements.iter().filter_map(Statement::value)
}

/// Declared or defined.
fn is_settled(document: &Document, name: &Name) -> bool {
    document.statements.iter().any(|statement| match statement {
        Statement::Declaration(d) => d.name == *name,
        Statement::Definition { name: n, .. } | Statement::FunctionDefinition { name: n, .. } => n == name,
        Statement::Expression(_) | Statement::SizeCondition { .. } => false,
    })
}

/// Every name of a document.
fn names(document: &Document) -> BTreeSet<Name> {
    let mut names = BTreeSet::new();
    let mut add = |ast: &Ast| {
        visit(ast, &mut |node| match &node.kind {
            Syntax::Name(name) | Syntax::Call { function: name, .. } => drop(names.insert(name.clone())),
            _ => {}
        });
    };
    for statement in &document.statements {
        match statement {
            Statement::Declaration(Declaration { shape: DeclaredShape::Sizes(sizes), .. }) => {
                sizes.iter().for_each(&mut add)
            }
            Statement::SizeCondition { left, right } => [left, right].into_iter().for_each(&mut add),
            Statement::Declaration(_) => {}
            Statement::Definition { value, .. } | Statement::FunctionDefinition { body: value, .. } => add(value),
            Statement::Expression(value) => add(value),
        }
    }
    names
}
