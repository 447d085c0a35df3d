//! What is asked about a claim, what is claimed, and what was answered.

use super::answer::Answer;
use crate::derive::{Below, Chart, Derivation, Form, Target};
use crate::diag::{Error, Kind, Note};
use crate::eval;
use crate::expr::{Atom, Expr, Index, Purpose, Shape, Size, Symbol};
use crate::program::{Definition, Program};
use crate::syntax::Ast;
use std::collections::BTreeSet;

/// What a claim is about: a derivative of a document, in one layout.
#[derive(Clone, Debug)]
pub struct Question {
    /// The document; of an order above 1 with the derivatives below among its definitions.
    pub program: Program,
    /// What is differentiated: of an order above 1 the derivative below.
    pub of: Symbol,
    /// The document's own definitions.
    pub(super) own: BTreeSet<Symbol>,
    /// What its letters run over, where something depends on an index.
    pub(super) members: Option<IndexedQuestion>,
    /// What was differentiated by before, the first time first; empty for order 1.
    pub outer: Vec<Target>,
    /// By what.
    pub wrt: Target,
    /// The layout: `Shape` or `Jacobian`.
    pub form: Form,
    /// The shape the derivative has.
    pub shape: Shape,
    /// How gradus derives it; `None` when it has no rule for that, and numbers alone decide.
    pub derivation: Option<Derivation>,
    /// What the reader should know.
    pub notes: Vec<Note>,
    /// What is differentiated last, and by what: on the structure of the targets where that was asked for.
    pub(super) below: Below,
}

/// A claim, read in the scope of its question.
#[derive(Clone, Debug)]
pub struct Claim {
    /// As it was written.
    pub written: Ast,
    /// What it means.
    pub value: Expr,
    /// The definitions gradus introduced (z, h, δ) that it may use beside the document's own.
    pub introduced: Vec<Definition>,
}

/// A claim with the answer.
#[derive(Clone, Debug)]
pub struct Verdict {
    /// The question.
    pub question: Question,
    /// The claim.
    pub claim: Claim,
    /// The derivative as gradus finds it, in the document's own names; `None` when it has no rule for it.
    pub right: Option<Expr>,
    /// Yes, no or not decided.
    pub answer: Answer,
    /// The claim and the derivative at the point that was given, when one was.
    pub values: Option<[eval::Matrix<f64>; 2]>,
}

/// What the letters of a question run over, and what it is about.
#[derive(Clone, Debug)]
pub struct IndexedQuestion {
    /// Free letters of what is differentiated.
    pub(super) of: Vec<Index>,
    /// Those of the targets, time after time.
    pub(super) targets: Vec<Vec<Index>>,
    /// How the targets hang on what moves, where they have a structure that is asked for.
    pub(super) charts: Vec<Chart>,
    /// The gradient below, of order 2.
    pub(super) first: Option<Expr>,
    /// The derivative by all members as one array, where there is one: its shape.
    pub(super) whole: Option<Shape>,
}

pub(super) fn layout(form: Form) -> eval::ClaimedForm {
    match form {
        Form::Jacobian => eval::ClaimedForm::Jacobian,
        Form::Shape | Form::Both | Form::Differential => eval::ClaimedForm::Shape,
    }
}

pub(super) fn one_form(forms: &[Form]) -> Result<Form, Error> {
    match forms {
        [form @ (Form::Shape | Form::Jacobian)] => Ok(*form),
        _ => Err(Error::new(Kind::Usage, "a claim has one layout").help("write --form shape or --form jacobian")),
    }
}

/// The program with one more definition, whose slices and sizes samples then respect.
pub(super) fn with_definition(program: &Program, value: &Expr) -> Program {
    let mut program = program.clone();
    let name = Symbol::made(Purpose::Claim, vec![], 0);
    let span = crate::diag::Span::default();
    program.definitions.push(Definition { name, value: value.clone(), written: None, span });
    program
}

/// Equal, also where a condition of the document says so (n = 3).
pub(super) fn same_shape(program: &Program, a: &Shape, b: &Shape) -> bool {
    let fixed = |n: &Atom| {
        let of = |l: &Size, r: &Size| (l.as_atom() == Some(n)).then(|| r.as_constant().map(Size::constant)).flatten();
        program.conditions.iter().find_map(|c| of(&c.left, &c.right).or_else(|| of(&c.right, &c.left)))
    };
    a.substitute(&fixed) == b.substitute(&fixed)
}
