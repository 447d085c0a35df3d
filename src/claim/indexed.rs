//! Claims about derivatives of documents with indices, by member or about whole families as arrays.

use super::answer::{Answer, Wrong};
use super::question::{Claim, Question, Verdict, layout, one_form};
use super::ranges::{IndexedSides, WrittenOut};
use crate::derive::{Below, Derivation, Derivative, Form, Options, derive_program, forms, ranges_of};
use crate::diag::{Error, Kind, Span};
use crate::eval::{self, Places, Quantity, Unrolled, Values, automatic_derivative};
use crate::expr::{Expr, Index, Indexed, Purpose, Shape, Symbol, stacked_shape, variable};
use crate::index::arrays;
use crate::program::{Definition, Program};
use crate::shape::{Environment, read_expression};
use crate::syntax::parse_expression;
use std::collections::BTreeSet;

/// What the letters of a question run over, and what it is about.
#[derive(Clone, Debug)]
pub struct IndexedQuestion {
    /// Free letters of what is differentiated.
    of: Vec<Index>,
    /// Those of the targets, time after time.
    targets: Vec<Vec<Index>>,
    /// The gradient below, of order 2.
    first: Option<Expr>,
    /// The derivative by all members as one array, where there is one: its shape.
    whole: Option<Shape>,
}

impl IndexedQuestion {
    /// All free letters.
    fn scope(&self) -> Vec<Index> {
        let mut scope = self.of.clone();
        for i in self.targets.iter().flatten() {
            if scope.iter().all(|s| s.letter != i.letter) {
                scope.push(i.clone());
            }
        }
        scope
    }
}

impl Question {
    /// The question about a document with indices.
    ///
    /// # Errors
    /// As for `derive`; `Usage` for several targets.
    pub(super) fn indexed(program: Program, options: &Options) -> Result<Question, Error> {
        if options.form == Some(Form::Both) {
            one_form(&[Form::Both])?;
        }
        let mut derivation = derive_program(program.clone(), options)?;
        let form = match options.order {
            1 => one_form(&forms(options, &derivation.of_shape, &derivation.of)?)?,
            _ => Form::Jacobian,
        };
        let one = the_one(&derivation, options)?;
        let first = match one.outer.first() {
            Some(outer) => {
                let below = options.clone().order(1).with_respect_to([outer.label.as_str()]);
                derive_program(program.clone(), &below)?.derivatives.into_iter().next().map(|d| d.result)
            }
            None => None,
        };
        let ranges = |t: &crate::derive::Target| ranges_of(&program, &t.parts[0].0);
        let targets: Vec<Vec<Index>> = one.targets().map(ranges).collect();
        let of = ranges_of(&program, &derivation.label);
        let whole = whole_shape(&one, &of, &targets);
        let members = Some(IndexedQuestion { of, targets, first, whole });
        let own: BTreeSet<Symbol> = program.definitions.iter().map(|d| d.name.clone()).collect();
        let (of, label, notes) = (derivation.of.clone(), derivation.label.clone(), derivation.notes.clone());
        let (outer, wrt, shape) = (one.outer.clone(), one.wrt.clone(), one.shape.clone());
        derivation.derivatives = vec![one];
        let derivation = Some(derivation);
        let below = Below {
            program: program.clone(),
            of: of.clone(),
            label,
            outer: outer.clone(),
            wrt: wrt.clone(),
            charts: vec![],
        };
        Ok(Question { program, of, own, members, outer, wrt, form, shape, derivation, notes, below })
    }

    /// Reads a claim: its free letters are those of the targets; a whole family goes by its name or by that of the matrix
    /// whose rows its members are.
    pub(super) fn indexed_claim(&self, members: &IndexedQuestion, text: &str) -> Result<Claim, Error> {
        let mut environment = Environment::from(&self.program);
        for (family, array) in arrays(&self.program) {
            let whole = family.name().and_then(|n| environment.variables.get(n)).cloned();
            if let Some(whole) = whole {
                environment.variables.entry(array).or_insert(whole);
            }
        }
        environment.letters = members.scope();
        let by_member = read_expression(text, &environment, Some(&self.shape));
        let value = match (&by_member, &members.whole) {
            (Ok(value), _) if *value.shape() == self.shape => value.clone(),
            (_, Some(whole)) => {
                match read_expression(text, &Environment { letters: vec![], ..environment.clone() }, Some(whole)) {
                    Ok(value) if value.shape() == whole => value,
                    _ => by_member?,
                }
            }
            (_, None) => by_member?,
        };
        Ok(Claim { written: parse_expression(text, &environment.scope(false))?, value, introduced: vec![] })
    }

    pub(super) fn indexed_verdict(
        self,
        members: &IndexedQuestion,
        claim: Claim,
        at: Option<&Values>,
    ) -> Result<Verdict, Error> {
        if at.is_some() {
            let message = "a claim about a document with indices is not evaluated at values yet";
            return Err(Error::new(Kind::Unsupported, message).help("leave --at away: the verdict does not need it"));
        }
        let found = self.derivation.as_ref().and_then(|d| d.derivatives.first()).map(|d| d.result.clone());
        let member = found.ok_or_else(|| Error::new(Kind::Internal, "the derivative of a claim was lost"))?;
        let whole = members.whole.as_ref().filter(|w| claim.value.shape() == *w && **w != self.shape);
        let (right, shape, scope) = match whole {
            Some(shape) => (stacked(members, member.clone(), shape), shape.clone(), vec![]),
            None => (member.clone(), self.shape.clone(), members.scope()),
        };
        let by_member = Some(member);
        if *claim.value.shape() != shape {
            let wrong = Wrong::Shape { found: claim.value.shape().clone(), expected: shape };
            let answer = Answer::No { wrong, slip: None, holds_if: vec![] };
            return Ok(Verdict { question: self, claim, right: by_member, answer, values: None });
        }
        let sides = IndexedSides { program: &self.program, scope: &scope, left: &claim.value, right: &right };
        let (answer, note) = sides.answer(&|w| self.automatic(members, whole.is_some(), w).map(Some))?;
        let notes = self.notes.iter().cloned().chain(note).collect();
        Ok(Verdict { question: Question { notes, shape, ..self }, claim, right: by_member, answer, values: None })
    }

    /// The derivative by automatic differentiation of the document written out.
    fn automatic(
        &self,
        members: &IndexedQuestion,
        whole: bool,
        w: &WrittenOut,
    ) -> Result<Box<Quantity<'static>>, Error> {
        if !whole {
            let cell = self.cell(members, w, w.at)?;
            return Ok(Box::new(move |values: &Values| cell.value(values)));
        }
        // every member has a place of its own in the array of all
        let family = Symbol::made(Purpose::Signal, vec![], 0);
        let over = members.targets.concat();
        let at = over.iter().map(Index::place).collect();
        let member = variable(Indexed::Member { family: family.clone(), at }.symbol(), &self.shape);
        let shape = members.whole.clone().unwrap_or_else(Shape::scalar);
        let array = w.unrolled.term(&stacked(members, member, &shape), w.at)?;
        let cells = w.unrolled.places(&over, &[], w.at)?.into_iter().map(|places| {
            let numbers: Vec<i64> = over.iter().map(|i| places[&i.letter]).collect();
            Ok((Unrolled::member(&family, &numbers), self.cell(members, w, &places)?))
        });
        let cells = cells.collect::<Result<Vec<_>, Error>>()?;
        Ok(Box::new(move |values: &Values| {
            let mut values = values.clone();
            for (name, cell) in &cells {
                let found = cell.value(&values)?;
                values.arrays.insert(name.clone(), found);
            }
            eval::evaluate(&array, &values)
        }))
    }

    /// The derivative by one member.
    fn cell(&self, members: &IndexedQuestion, w: &WrittenOut, at: &Places) -> Result<Cell, Error> {
        let named = |symbol: &Symbol| written_out(symbol, w.unrolled, at);
        let mut program = w.document.clone();
        let of = match &members.first {
            None => match self.below.label.as_indexed() {
                Some(_) => named(&self.below.label)?,
                None => self.of.clone(),
            },
            Some(first) => {
                let name = Symbol::made(Purpose::Curvature, vec![], 0);
                let value = w.unrolled.term(first, at)?;
                program.definitions.push(Definition {
                    name: name.clone(),
                    value,
                    written: None,
                    span: Span::default(),
                });
                name
            }
        };
        Ok(Cell { program, of, wrt: named(&self.wrt.parts[0].0)?, form: layout(self.form) })
    }
}

/// A derivative of an ordinary document.
struct Cell {
    program: Program,
    of: Symbol,
    wrt: Symbol,
    form: eval::ClaimedForm,
}

impl Cell {
    fn value(&self, values: &Values) -> Result<eval::Matrix<f64>, Error> {
        automatic_derivative(&self.program, &self.of, std::slice::from_ref(&self.wrt), self.form, values)
    }
}

/// The variable a member is in the document that is written out.
fn written_out(symbol: &Symbol, unrolled: &Unrolled, at: &Places) -> Result<Symbol, Error> {
    match symbol.as_indexed() {
        Some(Indexed::Member { family, at: places }) => {
            let places = places.iter().map(|p| unrolled.place(p, at)).collect::<Result<Vec<_>, _>>()?;
            Ok(Unrolled::member(family, &places))
        }
        Some(_) | None => Ok(symbol.clone()),
    }
}

/// The derivative that is claimed.
fn the_one(derivation: &Derivation, options: &Options) -> Result<Derivative, Error> {
    let asked = |d: &&Derivative| match (options.order, options.wrt.as_slice()) {
        (2, [first, second]) if first != second => [first, second].into_iter().eq(d.targets().map(|t| &t.label)),
        _ => true,
    };
    let found: Vec<&Derivative> = derivation.derivatives.iter().filter(asked).collect();
    match found.as_slice() {
        [one] => Ok((*one).clone()),
        more => {
            let labels: Vec<&str> = more.iter().map(|d| d.wrt.label.as_str()).collect();
            let message = format!("a claim is about one derivative, and there are several: by {}", labels.join(", "));
            let first = labels.first().copied().unwrap_or("x");
            Err(Error::new(Kind::Usage, message).help(format!("write --wrt {first}")))
        }
    }
}

/// The shape of the derivative by all members of families as one array: their rows, or the rows and columns of a Hessian.
fn whole_shape(one: &Derivative, of: &[Index], targets: &[Vec<Index>]) -> Option<Shape> {
    let moves = |t: &crate::derive::Target, plate: &[Index]| match t.parts[0].0.as_indexed() {
        Some(Indexed::Member { at, .. }) => at.iter().cloned().eq(plate.iter().map(Index::place)),
        Some(_) | None => false,
    };
    let all = one.targets().zip(targets).all(|(t, plate)| moves(t, plate));
    match targets {
        _ if !of.is_empty() || !all => None,
        [plate] if one.form == Form::Shape => stacked_shape(plate, &one.shape),
        [down, across] if one.shape.is_scalar() => stacked_shape(&[down.as_slice(), across].concat(), &one.shape),
        _ => None,
    }
}

/// The array of what there is for each member.
fn stacked(members: &IndexedQuestion, body: Expr, shape: &Shape) -> Expr {
    variable(Indexed::Stack { over: members.targets.concat(), body }.symbol(), shape)
}
