//! Claims about derivatives of documents with indices, by member or about whole families as arrays.

use super::answer::{Answer, Wrong};
use super::asked::{Claim, IndexedQuestion, Question, Verdict, layout, one_form, with_definition};
use super::fact::{self, Condition};
use super::material::Material;
use super::proof::prove;
use super::ranges::{IndexedSides, Truth, WrittenOut};
use super::search;
use super::slip::Slip;
use crate::derive::{
    Below, Derivation, Derivative, Form, MatrixForm, Options, derive_program, forms, in_letters_of, on_charts,
    ranges_of,
};
use crate::diag::{Error, Kind, Note, Span};
use crate::engine::facts;
use crate::eval::{self, Matrix, Places, Quantity, Region, Unrolled, Values, automatic_derivative};
use crate::expr::{Expr, Index, Indexed, Purpose, Shape, Symbol, bases, stacked_shape, variable};
use crate::fuel;
use crate::index::arrays;
use crate::program::{Definition, Program};
use crate::shape::{Environment, read_expression};
use crate::syntax::{Attribute, parse_expression};
use std::collections::BTreeSet;

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
        let first = match one.outer.is_empty() {
            false => {
                let below = derive_program(program.clone(), &options.clone().order(options.order - 1))?;
                let own = |d: &Derivative| d.targets().eq(one.outer.iter());
                below.derivatives.into_iter().find(own).map(|d| d.result)
            }
            true => None,
        };
        let ranges = |t: &crate::derive::Target| ranges_of(&derivation.program, &t.parts[0].0);
        let targets: Vec<Vec<Index>> = one.targets().map(ranges).collect();
        let of = ranges_of(&program, &derivation.label);
        let whole = whole_shape(&one, &of, &targets);
        let (document, (program, charts)) = match options.structured {
            true => (program.clone(), on_charts(&program, options)?),
            false => (program.clone(), (program, vec![])),
        };
        let members = Some(IndexedQuestion { of, targets, charts, first, whole });
        let own: BTreeSet<Symbol> = program.definitions.iter().map(|d| d.name.clone()).collect();
        let (of, label, notes) = (derivation.of.clone(), derivation.label.clone(), derivation.notes.clone());
        let (outer, wrt, shape) = (one.outer.clone(), one.wrt.clone(), one.shape.clone());
        derivation.derivatives = vec![one];
        let derivation = Some(derivation);
        let below =
            Below { program: document, of: of.clone(), label, outer: outer.clone(), wrt: wrt.clone(), charts: vec![] };
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
                    Ok(value) if is_of_all(value.shape(), whole) => value,
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
        let found = self.derivation.as_ref().and_then(|d| d.derivatives.first()).map(|d| d.result.clone());
        let member = found.ok_or_else(|| Error::new(Kind::Internal, "the derivative of a claim was lost"))?;
        let all = |w: &&Shape| is_of_all(claim.value.shape(), w) && *claim.value.shape() != self.shape;
        let whole = members.whole.as_ref().filter(all);
        let (right, shape, scope) = match whole {
            Some(shape) => (stacked(members, member.clone(), shape), shape.clone(), vec![]),
            None => (member.clone(), self.shape.clone(), members.scope()),
        };
        let values = match at {
            Some(point) if *claim.value.shape() == shape => {
                Some(self.values_at(members, [&claim.value, &member], point)?)
            }
            Some(_) | None => None,
        };
        let by_member = Some(member);
        let sides = IndexedSides { program: &self.program, scope: &scope, left: &claim.value, right: &right };
        let truth = |w: &WrittenOut| self.automatic(members, whole.is_some(), w).map(Some);
        let (answer, note) = if *claim.value.shape() == shape {
            sides.answer(&truth)?
        } else {
            let wrong = Wrong::Shape { found: claim.value.shape().clone(), expected: shape.clone() };
            (Answer::No { wrong, slip: None, holds_if: vec![], sought: false }, None)
        };
        let (answer, unexplained) = match answer {
            Answer::No { wrong, .. } => {
                let (mut answer, note) = self.explained(&sides, &claim, &truth, wrong)?;
                if let Answer::No { wrong: Wrong::Entry(found), .. } = &mut answer {
                    members.charts.iter().for_each(|chart| chart.unplaced(&mut found.at));
                }
                (answer, note)
            }
            decided @ (Answer::Yes { .. } | Answer::Undecided { .. }) => (decided, None),
        };
        let stacked = self.stackings(&claim);
        // to a claim in matrices the answer is in matrices
        let asked = whole.is_some() || !stacked.is_empty();
        let in_matrices = self.matrix_form().filter(|form| asked && *form.result.shape() == shape);
        let notes = self.notes.iter().cloned().chain(stacked).chain(note).chain(unexplained).collect();
        let answer = match &in_matrices {
            Some(form) => in_steps(answer, &renamed(&claim.value, &self.program, true), form)?,
            None => answer,
        };
        // a point is told by the names of the document
        let mut question = Question { notes, shape, program: self.below.program.clone(), ..self };
        let right = match in_matrices {
            Some(form) => {
                question.outer.iter_mut().chain([&mut question.wrt]).zip(&form.targets).for_each(|(t, whole)| {
                    let shape = form.program.shape(whole).cloned();
                    t.parts = vec![(whole.clone(), shape.unwrap_or_else(|| t.shape()))];
                });
                Some(form.result)
            }
            None => by_member,
        };
        Ok(Verdict { question, claim, right, answer, values })
    }

    /// The claim and the derivative at a point, over all members.
    fn values_at(
        &self,
        members: &IndexedQuestion,
        sides: [&Expr; 2],
        point: &Values,
    ) -> Result<[Matrix<f64>; 2], Error> {
        let by_member = !members.scope().is_empty();
        let unrolled = Unrolled::new(&self.program, point.sizes.clone());
        let mut point = point.clone();
        eval::extend(&mut point, &unrolled.document()?.definitions)?;
        let value = |e: &Expr| {
            let all = match &members.whole {
                Some(whole) if by_member && *e.shape() == self.shape => stacked(members, e.clone(), whole),
                None if by_member => {
                    let message = "a claim about blocks of members is not evaluated at values yet";
                    return Err(
                        Error::new(Kind::Unsupported, message).help("leave --at away: the verdict does not need it")
                    );
                }
                Some(_) | None => e.clone(),
            };
            eval::evaluate(&unrolled.term(&all, &Places::new())?, &point)
        };
        Ok([value(sides[0])?, value(sides[1])?])
    }

    /// A no with what explains it: a slip, a fact that nobody declared. Nothing is looked for where that is too much work.
    fn explained(
        &self,
        sides: &IndexedSides,
        claim: &Claim,
        truth: &Truth,
        wrong: Wrong,
    ) -> Result<(Answer, Option<Note>), Error> {
        let sought = fuel::spared(|| {
            let slip = self.indexed_slip(sides, claim, truth)?;
            let holds_if = match &wrong {
                Wrong::Entry(found) if !found.is_faint() => self.indexed_facts(sides, claim, truth)?,
                Wrong::Entry(_) | Wrong::Shape { .. } => vec![],
            };
            Ok::<_, Error>((slip, holds_if))
        });
        match sought {
            Some(Ok((slip, holds_if))) => Ok((Answer::No { wrong, slip, holds_if, sought: true }, None)),
            Some(Err(e)) if !matches!(e.kind, Kind::Domain | Kind::Limit) => Err(e),
            Some(Err(_)) | None => {
                let note = Note::warning("nothing was tried that would explain the difference");
                Ok((Answer::No { wrong, slip: None, holds_if: vec![], sought: false }, Some(note)))
            }
        }
    }

    fn indexed_slip(&self, sides: &IndexedSides, claim: &Claim, truth: &Truth) -> Result<Option<Slip>, Error> {
        let trial = sides.trial(&self.program, truth)?;
        let matrix = self.matrix_form().map(|form| renamed(&form.result, &self.program, false));
        let right = in_letters_of(&self.program, sides.scope, sides.right, sides.left);
        let rights: Vec<&Expr> = [&right, sides.right].into_iter().chain(&matrix).collect();
        let material = Material::made(&rights, &claim.value, &self.program.definitions, &self.program);
        let material = Material { letters: sides.scope.to_vec(), ..material };
        let found = search::explained(&trial, self.form, &claim.value, &material, &|| Ok(None))?;
        let shown = |e: Option<Expr>| e.map(|e| renamed(&e, &self.program, true));
        Ok(found.map(|s| Slip { before: shown(s.before), after: shown(s.after), corrected: shown(s.corrected), ..s }))
    }

    /// The derivative over whole arrays.
    fn matrix_form(&self) -> Option<MatrixForm> {
        self.derivation.as_ref()?.matrix_forms().into_iter().next().flatten().filter(|form| form.named.is_none())
    }

    fn indexed_facts(&self, sides: &IndexedSides, claim: &Claim, truth: &Truth) -> Result<Vec<Condition>, Error> {
        let mut occurring = bases(&claim.value);
        self.program.definitions.iter().for_each(|d| occurring.extend(bases(&d.value)));
        let agree = |with: &Program| sides.agree_under(with, truth);
        let found = fact::attributes(&self.program, &|n| occurring.contains(n), &agree)?;
        Ok(found.into_iter().map(|c| self.of_members(c)).collect())
    }

    /// What is said of each member: A_k, not A.
    fn of_members(&self, condition: Condition) -> Condition {
        let member = |(name, a): (Symbol, Attribute)| {
            let array = self.program.shape(&name).is_some_and(|s| !s.is_scalar());
            let plate = self.program.plates.get(&name).filter(|_| array);
            let own = plate.map(|plate| {
                Indexed::Member { family: name.clone(), at: plate.iter().map(Index::place).collect() }.symbol()
            });
            (own.unwrap_or(name), a)
        };
        match condition {
            Condition::Facts(facts) => Condition::Facts(facts.into_iter().map(member).collect()),
            equal @ Condition::Equal(..) => equal,
        }
    }

    /// Which arrays of the claim stack the members of families.
    fn stackings(&self, claim: &Claim) -> Vec<Note> {
        let mut named = BTreeSet::new();
        claim.written.names(&mut |n| {
            named.insert(n.clone());
        });
        let stacks = arrays(&self.program)
            .into_iter()
            .filter(|(family, array)| named.contains(array) && family.name() != Some(array));
        stacks
            .map(|(family, array)| Note::convention(format!("{array} stacks the members of {family} as rows")))
            .collect()
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
        let target = &members.charts.iter().fold(self.wrt.parts[0].0.clone(), |name, chart| chart.moving(&name));
        let (wrt, entry) = match target.as_indexed() {
            Some(Indexed::Member { family, at: places }) if w.unrolled.array(family).is_some() => {
                let places = places.iter().map(|p| w.unrolled.place(p, at)).collect::<Result<Vec<_>, _>>()?;
                (family.clone(), Some(w.unrolled.entry_of(family, &places)?))
            }
            Some(_) | None => (named(target)?, None),
        };
        if program.shape(&wrt).is_none() || program.shape(&of).is_none() {
            return Err(Error::new(Kind::Domain, format!("there is no {} at these sizes", self.wrt.label)));
        }
        Ok(Cell { program, of, wrt, entry, form: layout(self.form) })
    }
}

/// A yes with a proof from a claim over whole arrays to the matrix form, by the rules for arrays.
fn in_steps(answer: Answer, claim: &Expr, form: &MatrixForm) -> Result<Answer, Error> {
    let Answer::Yes { check, exact, .. } = answer else { return Ok(answer) };
    let known = claim.variables().iter().all(|v| form.program.shape(v).is_some());
    let sized = with_definition(&form.program, claim);
    let domain = Region { sized: &sized, program: &form.program };
    let proof = match known {
        true => prove(&domain, &form.program.definitions, claim, &form.result, &facts(&form.program.inputs))?,
        false => None,
    };
    Ok(Answer::Yes { check, proof, exact })
}

/// A term in which the arrays of families go by the families, or the other way round.
fn renamed(e: &Expr, program: &Program, to_arrays: bool) -> Expr {
    let known = arrays(program);
    e.rewrite(&mut |e| {
        let Some(v) = e.as_variable() else { return e };
        let other = known.iter().find_map(|(family, array)| match to_arrays {
            true => (v.name == *family && program.shape(family) != Some(&v.shape)).then(|| Symbol::from(array)),
            false => (v.name.name() == Some(array)).then(|| family.clone()),
        });
        other.map_or_else(|| e.clone(), |name| variable(&name, e.shape()))
    })
}

/// A derivative of an ordinary document.
struct Cell {
    program: Program,
    of: Symbol,
    wrt: Symbol,
    /// Of an array, the entry it is by.
    entry: Option<Vec<i64>>,
    form: eval::ClaimedForm,
}

impl Cell {
    fn value(&self, values: &Values) -> Result<eval::Matrix<f64>, Error> {
        let whole = automatic_derivative(&self.program, &self.of, std::slice::from_ref(&self.wrt), self.form, values)?;
        let Some(entry) = &self.entry else { return Ok(whole) };
        let place = |k: usize| entry.get(k).map_or(0, |n| *n as usize - 1);
        let (row, col) = (place(0), place(1));
        if self.form == eval::ClaimedForm::Shape {
            return Ok(Matrix::from_elem((1, 1), whole[(row, col)]));
        }
        let rows = values.arrays.get(&self.wrt).map_or(1, |a| a.nrows());
        let at = col * rows + row;
        Ok(Matrix::from_shape_fn((whole.nrows(), 1), |(i, _)| whole[(i, at)]))
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

/// Whether a claim of this shape is about all members at once, be it turned round.
fn is_of_all(shape: &Shape, whole: &Shape) -> bool {
    shape == whole || *shape == whole.transposed()
}

/// The array of what there is for each member.
fn stacked(members: &IndexedQuestion, body: Expr, shape: &Shape) -> Expr {
    variable(Indexed::Stack { over: members.targets.concat(), body }.symbol(), shape)
}
