//! A derivative found by hand: what it is claimed to be of, the claim, the verdict.

use super::answer::{Answer, Wrong};
use super::asked::{Claim, Question, Verdict, layout, one_form, same_shape, with_definition};
use super::effort::Effort;
use super::fact::{self, Condition, DifferingSides};
use super::judge::{self, Judgement};
use super::proof::value_of;
use super::read::rows_named;
use super::search;
use crate::derive::{
    Below, Derivation, Form, Options, Target, as_asked, below, check_order, derive_last, forms, one_layout, subject,
    targets,
};
use crate::diag::{Error, Errors, Kind, Note};
use crate::engine::facts;
use crate::eval::{
    self, Comparison, Masks, Pair, Quantity, Region, Values, automatic_change, automatic_derivative, change_of,
    compare, readable,
};
use crate::expr::{Expr, Purpose, Shape, Size, Symbol};
use crate::fuel;
use crate::program::{Definition, Inliner, Program};
use crate::shape::elaborate;
use crate::syntax::{claim_remark, parse_document};
use std::collections::BTreeSet;

/// In a document with more definitions, only facts of variables the claim itself names are looked for.
const LONG: usize = 100;

/// Whether a derivative found by hand is right.
///
/// # Errors
/// Everything wrong with the document, or with the claim's own text; a wrong claim is no error but a verdict.
pub fn check(text: &str, options: &Options, claim: &str) -> Result<Verdict, Errors> {
    let one = |e: Error| vec![e];
    fuel::watched(&options.watch, || {
        let question = Question::read(text, options)?;
        let claim = question.claim(claim).map_err(one)?;
        question.verdict(claim, None).map_err(one)
    })
}

impl Question {
    /// Reads a document, and which of its derivatives is claimed: `options` name one target and at most one form, and for
    /// an order above 1 one target, or one for each time.
    ///
    /// # Errors
    /// As for `derive`, an operator without a rule aside; `Usage` for several targets or both forms.
    pub fn read(text: &str, options: &Options) -> Result<Question, Errors> {
        let document = parse_document(text)?;
        Question::of(elaborate(&document)?, &options.clone().asked_by(document.request.as_ref())).map_err(|e| vec![e])
    }

    /// The question for an elaborated document.
    ///
    /// # Errors
    /// As for `read`.
    pub fn of(program: Program, options: &Options) -> Result<Question, Error> {
        plain(options)?;
        let program = as_asked(program, options);
        if program.is_indexed() {
            return Question::indexed(program, options);
        }
        check_order(options)?;
        let subject = subject(&program, options)?;
        let unknown = |name: &Symbol| Error::new(Kind::Internal, format!("`{name}` has no shape"));
        let subject_shape = program.shape(&subject).cloned().ok_or_else(|| unknown(&subject))?;
        let first_form = one_form(&forms(options, &subject_shape, &subject)?)?;
        let own: BTreeSet<Symbol> = program.definitions.iter().map(|d| d.name.clone()).collect();
        let targets = in_order(targets(&program, &subject, options)?, options)?;
        let below = below(&program, subject, &targets, options)?;
        let of_shape = below.program.shape(&below.of).cloned().ok_or_else(|| unknown(&below.of))?;
        let form = if below.outer.is_empty() { first_form } else { Form::Jacobian };
        let shape = match form {
            Form::Jacobian => Shape::new(of_shape.count(), stacked(&below.wrt)),
            Form::Shape | Form::Both | Form::Differential => below.wrt.shape(),
        };
        // written out in full, a document of one formula has its shortest result
        let inlined = own.len() == 1;
        let asked = Options { order: 1, inlined, form: Some(form), ..options.clone() };
        let derivation = match derive_last(&program, &below, form, &asked) {
            Err(e) if e.kind != Kind::Unsupported => return Err(e),
            derivation => derivation,
        };
        let told: Vec<Target> = below.outer.iter().map(|t| below.told(t)).collect();
        let derivation = derivation.map(|d| told_from_the_first(d, &below.label, &told));
        let notes = match &derivation {
            Ok(d) => d.notes.clone(),
            Err(e) => {
                let alone = Note::warning(format!("{}: numbers alone decide", e.message));
                [program.notes.clone(), below.conventions(), vec![alone]].concat()
            }
        };
        let program = below.in_document(program);
        let (of, wrt) = (below.of.clone(), below.told(&below.wrt));
        // that the text makes a claim is what is being looked at
        let notes = notes.into_iter().filter(|n| *n != claim_remark()).chain(one_layout(options)).collect();
        Ok(Question {
            program,
            of,
            own,
            members: None,
            outer: told,
            wrt,
            form,
            shape,
            derivation: derivation.ok(),
            notes,
            below,
        })
    }

    /// The answer to a claim; at a given point too, when one is given.
    ///
    /// # Errors
    /// `Domain` when the document, or both claim and derivative, have no value anywhere gradus looked; `Internal` when a
    /// proof disagrees with the numbers.
    pub fn verdict(self, claim: Claim, at: Option<&Values>) -> Result<Verdict, Error> {
        if let Some(members) = self.members.clone() {
            return self.indexed_verdict(&members, claim, at);
        }
        let right = self.right();
        let definitions = [self.program.definitions.clone(), claim.introduced.clone()].concat();
        let masks = at.map(|point| masks(point, &definitions, &claim.value)).transpose()?;
        let sized = with_definition(&self.program, &claim.value);
        let effort = Effort::new(&sized, self.passes())?;
        let answer = self.answer(&claim.value, &sized, right.as_ref(), &definitions, at, effort)?;
        let values = match at {
            Some(point) => {
                let derivative = match right.as_ref().filter(|_| self.is_large()) {
                    Some(right) => value_of(right, &definitions)(point)?,
                    None => self.truth(point)?,
                };
                let values = [value_of(&claim.value, &definitions)(point)?, derivative];
                masks.iter().try_for_each(|m| values.iter().try_for_each(|v| m.unseen(v)))?;
                Some(values)
            }
            None => None,
        };
        let note = if answer.is_no() { effort.note() } else { None };
        let rows = rows_named(&self.program, &claim.written);
        let notes = self.notes.iter().cloned().chain(rows).chain(note).collect();
        Ok(Verdict { question: Question { notes, ..self }, claim, right, answer, values })
    }

    /// How often the program is evaluated to know its derivative at a point.
    fn passes(&self) -> i64 {
        if self.is_large() { 1 } else { self.entries().unwrap_or(1) }
    }

    /// The shape of values of the derivative: those of all members are one array.
    pub fn shape_of_values(&self) -> &Shape {
        self.members.as_ref().and_then(|m| m.whole.as_ref()).unwrap_or(&self.shape)
    }

    /// What is differentiated, as it is shown: a bare expression is s or y.
    pub fn label(&self) -> Symbol {
        if !self.outer.is_empty() || self.members.is_some() {
            return self.below.label.clone();
        }
        let purpose = if self.form == Form::Shape { Purpose::Scalar } else { Purpose::Array };
        let bare = || Symbol::made(purpose, vec![], 0);
        let own = if self.of == Symbol::Bare { bare() } else { self.of.clone() };
        self.derivation.as_ref().map_or(own, |d| d.label.clone())
    }

    /// How often it is differentiated.
    pub fn order(&self) -> usize {
        self.outer.len() + 1
    }

    /// Every target, the first differentiation first.
    pub fn targets(&self) -> impl Iterator<Item = &Target> {
        self.outer.iter().chain([&self.wrt])
    }

    /// Definitions beyond the document's own that its derivation introduced.
    pub(super) fn introduced(&self) -> Vec<Definition> {
        self.derivation.as_ref().map_or_else(Vec::new, Derivation::extra_definitions)
    }

    /// The derivative in the document's own names; `None` too where that would be too long.
    fn right(&self) -> Option<Expr> {
        let one = self.derivation.as_ref()?.derivatives.first()?;
        if let (Some(inlined), 1) = (&one.inlined, self.own.len()) {
            return Some(inlined.clone());
        }
        let below = self.program.definitions.iter().filter(|d| !self.own.contains(&d.name)).cloned();
        Inliner::new(below.chain(self.introduced()).collect::<Vec<_>>().iter()).inline(&one.result)
    }

    /// The derivative itself, by automatic differentiation.
    pub(super) fn truth(&self, values: &Values) -> Result<eval::Matrix<f64>, Error> {
        let Below { program, of, .. } = &self.below;
        automatic_derivative(program, of, &self.names(), layout(self.form), &self.below.placed(values))
    }

    /// Whether every entry of the target is free.
    pub(super) fn is_free(&self) -> bool {
        self.below.charts.is_empty()
    }

    /// The variables that move.
    fn names(&self) -> Vec<Symbol> {
        self.below.wrt.parts.iter().map(|(n, _)| n.clone()).collect()
    }

    fn answer(
        &self,
        claim: &Expr,
        sized: &Program,
        right: Option<&Expr>,
        definitions: &[Definition],
        at: Option<&Values>,
        effort: Effort,
    ) -> Result<Answer, Error> {
        let domain = Region { sized, program: &self.program };
        let truth = |values: &Values| self.truth(values);
        let wrong = if same_shape(&self.program, claim.shape(), &self.shape) {
            let claimed = value_of(claim, definitions);
            let witness = right.map(|r| value_of(r, definitions));
            let looked = || match self.is_large() {
                true => self.compared_along(&domain, &*claimed, witness.as_deref()),
                false => self.compared(&domain, &*claimed, &truth, at),
            };
            let known = facts(&self.program.inputs);
            let pair = Pair { domain, definitions, left: claim, right: right.unwrap_or(claim) };
            let quantities: [&Quantity; 2] = [&*claimed, &truth];
            let sides = judge::Sides { pair, quantities, witness: witness.as_deref(), proving: true };
            let judged = match right {
                Some(_) => judge::judged(&sides, &known, &looked)?,
                None => judge::by_numbers_alone(&sides, &looked)?,
            };
            match judged {
                Judgement::Same(answer) => return Ok(answer),
                Judgement::Apart(found) => Wrong::Entry(found),
            }
        } else {
            Wrong::Shape { found: claim.shape().clone(), expected: self.shape.clone() }
        };
        if !effort.explains() {
            return Ok(Answer::No { wrong, slip: None, holds_if: vec![], sought: false });
        }
        let slip = search::find(self, claim, right, definitions)?;
        let holds_if = match &wrong {
            Wrong::Entry(found) if found.is_faint() => vec![],
            Wrong::Entry(_) => {
                // what was derived and checked is quicker to evaluate
                let derived = right.map(|r| value_of(r, definitions));
                let right = derived.as_deref().unwrap_or(&truth);
                let sides = DifferingSides { domain, left: &*value_of(claim, definitions), right };
                self.conditions(&sides, claim, definitions, slip.is_some())?
            }
            Wrong::Shape { .. } => vec![],
        };
        Ok(Answer::No { wrong, slip, holds_if, sought: true })
    }

    /// What would make the claim right; two variables that coincide only where nothing else explains it.
    fn conditions(
        &self,
        sides: &DifferingSides,
        claim: &Expr,
        definitions: &[Definition],
        explained: bool,
    ) -> Result<Vec<Condition>, Error> {
        let long = definitions.len() > LONG;
        let occurs = |n: &Symbol| claim.mentions(n) || (!long && definitions.iter().any(|d| d.value.mentions(n)));
        let found = fact::attributes(sides.domain.program, &occurs, &|with| sides.agree_under(with))?;
        if explained || long || !found.is_empty() { Ok(found) } else { fact::coincidences(sides) }
    }

    /// Whether the target has more entries than can be looked at one by one.
    fn is_large(&self) -> bool {
        self.entries().is_some_and(|n| n > eval::MAX_PASSES as i64)
    }

    /// The entries of the target, where their number is known.
    fn entries(&self) -> Option<i64> {
        stacked(&self.wrt).as_constant()
    }

    /// Compares a claim about a large target along a direction in which no entry hides, and looks for the entry.
    fn compared_along(
        &self,
        domain: &Region,
        claimed: &Quantity,
        right: Option<&Quantity>,
    ) -> Result<Comparison, Error> {
        let (names, Below { program, of, .. }) = (self.names(), &self.below);
        let along = |v: &Values| change_of(&claimed(v)?, program, &names, layout(self.form), &self.below.placed(v));
        let truth = |v: &Values| automatic_change(program, of, &names, &self.below.placed(v));
        let found = match compare(domain, &along, &truth)? {
            Comparison::Differ(found) => found,
            agree @ Comparison::Agree(_) => return Ok(agree),
        };
        let entry = match right {
            Some(right) => eval::compare_at(&found.at, claimed, right)?,
            None => eval::compare_at(&found.at, claimed, &|v| self.truth(v))?,
        };
        let unseen = || Error::new(Kind::Limit, "the claim is wrong in an entry of a target too large to look at each");
        entry.map(|d| Comparison::Differ(Box::new(d))).ok_or_else(unseen)
    }

    /// Compares at the given point, then at sampled ones; a difference is shown at the given point, or at a readable one.
    fn compared(
        &self,
        domain: &Region,
        claimed: &Quantity,
        truth: &Quantity,
        at: Option<&Values>,
    ) -> Result<Comparison, Error> {
        if let Some(found) = at.map(|point| eval::compare_at(point, claimed, truth)).transpose()?.flatten() {
            return Ok(Comparison::Differ(Box::new(found)));
        }
        Ok(match compare(domain, claimed, truth)? {
            Comparison::Agree(check) => Comparison::Agree(check),
            Comparison::Differ(found) => {
                Comparison::Differ(readable(domain, claimed, truth, &found)?.map_or(found, Box::new))
            }
        })
    }
}

/// Where a point has −∞, when the claim may be evaluated there.
fn masks(point: &Values, definitions: &[Definition], claim: &Expr) -> Result<Masks, Error> {
    let mut masks = Masks::of(point);
    masks.define(definitions)?;
    masks.permit(claim)?;
    Ok(masks)
}

fn stacked(wrt: &Target) -> Size {
    wrt.parts.iter().fold(Size::constant(0), |sum, (_, s)| sum.plus(&s.count()))
}

/// The derivation of the last order, its result under the symbol of all of them.
fn told_from_the_first(mut d: Derivation, label: &Symbol, outer: &[Target]) -> Derivation {
    if !outer.is_empty() {
        d.label = label.clone();
        d.derivatives.iter_mut().for_each(|one| one.outer = outer.to_vec());
    }
    d
}

/// By what a claim's derivative is taken, time after time: one target each time, or one for every order.
fn in_order(targets: Vec<Target>, options: &Options) -> Result<Vec<Target>, Error> {
    let order = options.order as usize;
    match targets.as_slice() {
        [one] => return Ok(vec![one.clone(); order]),
        more if more.len() == order && !options.wrt.is_empty() => return Ok(targets),
        _ => {}
    }
    let labels: Vec<&str> = targets.iter().map(|t| t.label.as_str()).collect();
    let message = format!("a claim is about one derivative, and there are several: by {}", labels.join(", "));
    let all: Vec<&str> = labels.iter().cycle().take(order).copied().collect();
    let block = if order == 1 { String::new() } else { format!(", or one for each order: --wrt {}", all.join(",")) };
    Err(Error::new(Kind::Usage, message).help(format!("write --wrt {}{block}", labels[0])))
}

/// A claim is about a derivative itself.
fn plain(options: &Options) -> Result<(), Error> {
    match options.product {
        Some(_) => Err(Error::new(Kind::Usage, "a claim about a product with a direction cannot be checked")),
        None => Ok(()),
    }
}
