//! Documents and their statements back as text.

use super::present::present;
use super::style::Style;
use super::{ascii, unicode};
use crate::derive::Derivation;
use crate::diag::Note;
use crate::expr::Name;
use crate::syntax::{Ast, Attribute, Declaration, DeclaredShape, Document, Statement, Syntax, UnsaidShape};

/// A document in plain notation, a statement a line.
pub fn document(document: &Document) -> String {
    let lines: Vec<String> = document.statements.iter().map(statement).collect();
    lines.join("\n")
}

/// A statement in plain notation.
pub fn statement(statement: &Statement) -> String {
    match statement {
        Statement::Declaration(d) => declaration(d),
        Statement::FunctionDefinition { name, parameters, body, .. } => {
            let parameters: Vec<&str> = parameters.iter().map(Name::as_str).collect();
            format!("{name}({}) = {}", parameters.join(", "), ascii(body))
        }
        Statement::Definition { name, value, .. } => format!("{name} = {}", ascii(value)),
        Statement::Expression(e) => ascii(e),
        Statement::SizeCondition { left, right } => format!("{} = {}", ascii(left), ascii(right)),
    }
}

fn declaration(d: &Declaration) -> String {
    let mut words = vec![format!("{}:", d.name), shape(&d.shape)];
    words.extend(d.attributes.iter().map(|(a, _)| attribute(*a).to_string()));
    words.retain(|word| !word.is_empty());
    words.join(" ")
}

fn shape(shape: &DeclaredShape) -> String {
    match shape {
        DeclaredShape::Scalar => "scalar".to_string(),
        DeclaredShape::Elementwise => "elementwise".to_string(),
        DeclaredShape::Field { domain, codomain } => {
            let space = |sizes: &[Ast]| match sizes {
                [] => "R".to_string(),
                [n] if is_short(n) => format!("R^{}", size(n)),
                sizes => format!("R^({})", sizes.iter().map(size).collect::<Vec<_>>().join(" x ")),
            };
            format!("{} -> {}", space(domain), space(codomain.as_slice()))
        }
        DeclaredShape::Unsaid(UnsaidShape::Column) => "vector".to_string(),
        DeclaredShape::Unsaid(UnsaidShape::Row) => "row".to_string(),
        DeclaredShape::Unsaid(UnsaidShape::Matrix) => "matrix".to_string(),
        DeclaredShape::Unsaid(UnsaidShape::Square) => "square".to_string(),
        DeclaredShape::Unsaid(UnsaidShape::Any) => String::new(),
        DeclaredShape::Sizes(sizes) => sizes.iter().map(size).collect::<Vec<_>>().join(" x "),
    }
}

fn is_short(size: &Ast) -> bool {
    matches!(size.kind, Syntax::Name(_) | Syntax::Number(_))
}

/// A size within `n x m`: a sum needs parentheses.
fn size(size: &Ast) -> String {
    match size.kind {
        Syntax::Sum(_) => format!("({})", ascii(size)),
        _ => ascii(size),
    }
}

/// The word that declares a fact.
fn attribute(a: Attribute) -> &'static str {
    Attribute::ALL.iter().find(|(_, b)| *b == a).map_or("", |(word, _)| word)
}

/// What a Lagrangian is, and what its derivatives are for.
pub fn lagrangian_note(d: &Derivation) -> Note {
    let value = unicode(&present(&d.asked.value, &Style::of(d)));
    Note::convention(format!("{} = {value}, stationary where every derivative is 0", d.asked.name))
}
