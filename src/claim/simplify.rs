//! The tidiest form of an expression, with the steps that lead there.

use super::answer::Answer;
use super::proof::value_of;
use super::ranges::IndexedSides;
use crate::derive::{Options, Sharing, Solver, Step, from_proof, in_last_form, subject};
use crate::diag::{Error, Errors, Kind, Note};
use crate::engine::{ProofStep, facts};
use crate::eval::{self, Comparison, Region, compare};
use crate::expr::{Expr, Symbol, build};
use crate::fuel;
use crate::program::Program;
use crate::shape::elaborate;
use crate::syntax::parse_document;

/// An expression, tidied.
#[derive(Clone, Debug)]
pub struct Simplification {
    /// The document.
    pub program: Program,
    /// What was tidied; empty for a bare expression.
    pub of: Symbol,
    /// Its value before: as the document defines it, or without defined names.
    pub before: Expr,
    /// Its value after.
    pub result: Expr,
    /// From the one to the other, one rule a step.
    pub steps: Vec<Step>,
    /// `None` when the check was switched off.
    pub check: Option<eval::Check>,
    /// What the reader should know.
    pub notes: Vec<Note>,
}

/// Terms with more nodes are tidied argument by argument.
const MAX_NODES: u64 = 400;
/// Definitions are written into one another as long as the term has at most so many nodes.
const MAX_INLINED: u64 = 10_000;

/// Tidies a definition of a document, the last one or `options.of`: the form an author would print.
///
/// # Errors
/// Everything wrong with the document; `Internal` when the result disagrees with the numbers; `Limit` when definitions
/// written out are too large.
pub fn simplify(text: &str, options: &Options) -> Result<Simplification, Errors> {
    fuel::watched(&options.watch, || simplified(elaborate(&parse_document(text)?)?, options).map_err(|e| vec![e]))
}

/// Tidies a definition of an elaborated document.
///
/// # Errors
/// As for `simplify`.
pub fn simplified(program: Program, options: &Options) -> Result<Simplification, Error> {
    let of = subject(&program, options)?;
    if program.is_indexed() {
        return indexed(program, of, options);
    }
    let unknown = || Error::new(Kind::Internal, format!("`{of}` has no value"));
    let value = program.definition(&of).map(|d| d.value.clone()).ok_or_else(unknown)?;
    let before = if options.sharing == Sharing::Inline { inlined(&program, value)? } else { value };
    let known = facts(&program.inputs);
    let (result, steps) = Tidier { solver: Solver::new(known, true) }.tidied(&before);
    let mut s = Simplification { notes: program.notes.clone(), program, of, before, result, steps, check: None };
    if options.check {
        s.check = Some(s.checked()?);
    }
    Ok(s)
}

/// Sums, members and entries in the form a derivation would end with; what stands at an index is a variable to the rules.
fn indexed(program: Program, of: Symbol, options: &Options) -> Result<Simplification, Error> {
    let unknown = || Error::new(Kind::Internal, format!("`{of}` has no value"));
    let before = program.definition(&of).map(|d| d.value.clone()).ok_or_else(unknown)?;
    let scope = program.plates.get(&of).cloned().unwrap_or_default();
    let result = in_last_form(&program, &scope, &before);
    let silent = Note::warning("no steps are shown: those of simplifying sums over indices are not written yet");
    let notes = program.notes.iter().cloned().chain(options.steps.then_some(silent)).collect();
    let mut s = Simplification { notes, program, of, before, result, steps: vec![], check: None };
    if options.check {
        let sides = IndexedSides { program: &s.program, scope: &scope, left: &s.before, right: &s.result };
        s.check = match sides.answer(&|_| Ok(None))?.0 {
            Answer::Yes { check, .. } | Answer::Undecided { check, .. } => Some(check),
            Answer::No { .. } => {
                return Err(Error::new(Kind::Internal, "the simplification and its check disagree"));
            }
        };
    }
    Ok(s)
}

impl Simplification {
    fn checked(&self) -> Result<eval::Check, Error> {
        let domain = Region { sized: &self.program, program: &self.program };
        let [before, result] = [&self.before, &self.result].map(|e| value_of(e, &self.program.definitions));
        match compare(&domain, &*before, &*result)? {
            Comparison::Agree(check) => Ok(check),
            Comparison::Differ(_) => Err(Error::new(Kind::Internal, "the simplification and its check disagree")),
        }
    }
}

fn inlined(program: &Program, value: Expr) -> Result<Expr, Error> {
    program.definitions.iter().rev().try_fold(value, |e, d| {
        let e = if e.mentions(&d.name) { e.substitute(&|n| (*n == d.name).then(|| d.value.clone())) } else { e };
        let message = format!("written out, the expression has more than {MAX_INLINED} operators and names");
        if e.nodes() > MAX_INLINED { Err(Error::new(Kind::Limit, message)) } else { Ok(e) }
    })
}

/// Tidies with the solver of derivations, which remembers equal problems.
struct Tidier {
    solver: Solver,
}

impl Tidier {
    /// The form a derivation would end with.
    fn tidied(&mut self, e: &Expr) -> (Expr, Vec<Step>) {
        let (result, steps) = self.by_parts(e);
        let last = self.solver.finish(&result);
        (last.result, [steps, told(&last.steps)].concat())
    }

    /// Large terms argument by argument, then the whole where it has become small enough.
    fn by_parts(&mut self, e: &Expr) -> (Expr, Vec<Step>) {
        if e.nodes() <= MAX_NODES || e.args().is_empty() {
            return self.tidy(e);
        }
        let args = e.args().iter().map(|a| self.by_parts(a).0).collect();
        let smaller = build(e.op().clone(), args);
        let step = Step {
            rule: "regroup".to_owned(),
            before: e.clone(),
            after: smaller.clone(),
            why: "the parts of a large expression are tidied one by one".into(),
        };
        let own = if smaller.nodes() <= MAX_NODES { self.tidy(&smaller) } else { (smaller, vec![]) };
        (own.0, [vec![step], own.1].concat())
    }

    fn tidy(&mut self, e: &Expr) -> (Expr, Vec<Step>) {
        let local = self.solver.tidy(e);
        (local.result, told(&local.steps))
    }
}

fn told(steps: &[ProofStep]) -> Vec<Step> {
    steps.iter().map(|s| from_proof(s, &Expr::clone)).filter(|s| s.before != s.after).collect()
}
