//! Two sides with indices, written out at ranges of several sizes: at each they are ordinary expressions.

use super::answer::{Answer, Wrong};
use super::asked::{same_shape, with_definition};
use super::effort::Effort;
use super::fact::holds;
use super::index_edits::around;
use super::judge::{Judgement, Sides, judged};
use super::proof::value_of;
use super::trial::{Trial, TrialPoint, TrialRanges, point};
use crate::derive::{Step, from_proof, in_letters_of, same_form, written_by_entries};
use crate::diag::{Error, Kind, Note};
use crate::engine::{self, Facts};
use crate::eval::{
    Check, Comparison, Difference, Pair, Places, Quantity, Region, Unrolled, Values, compare, evaluate, range_sizes,
    readable,
};
use crate::expr::{Expr, Gathering, Index, Indexed, Name, Op, add, had, integer, mul, sub};
use crate::program::Program;
use std::collections::BTreeMap;

/// How large ranges are taken: each further name has another size. Nothing at all is the last.
const RANGES: [[i64; 4]; 5] = [[3, 2, 4, 2], [2, 3, 2, 3], [1, 1, 1, 1], [5, 4, 3, 6], [0, 0, 0, 0]];
/// Further places are not written out.
const FURTHEST: i64 = 12;
/// At so many of them corrections are tried.
const TRIED: usize = 6;
/// At so many places of free letters sides are compared, at most, for each size of the ranges.
const PLACES: usize = 12;

/// Two terms of a document with indices; their free letters run over `scope`.
pub(super) struct IndexedSides<'a> {
    pub program: &'a Program,
    pub scope: &'a [Index],
    pub left: &'a Expr,
    pub right: &'a Expr,
}

/// A document written out, with its letters at places.
pub(super) struct WrittenOut<'a> {
    pub unrolled: &'a Unrolled<'a>,
    pub document: &'a Program,
    pub at: &'a Places,
}

/// What the right side is at a point, where that is not the value of its expression.
pub(super) type Truth<'a> = dyn Fn(&WrittenOut) -> Result<Option<Box<Quantity<'static>>>, Error> + 'a;

/// What is done at a place of the letters, the ranges being so long.
type EachPlace<'a> = dyn FnMut(&WrittenOut, &BTreeMap<Name, i64>) -> Result<(), Error> + 'a;

/// Whether two quantities are one.
type Alike<'a> = dyn Fn(&Region, &Quantity, &Quantity) -> Result<bool, Error> + 'a;

/// What was found at all sizes.
#[derive(Default)]
struct RangeTally {
    checks: Vec<Check>,
    exact: bool,
    unseen: Option<Vec<Expr>>,
    sizes: Vec<String>,
}

impl IndexedSides<'_> {
    /// Yes, no or not decided; and at which ranges.
    ///
    /// # Errors
    /// Those of evaluation, where no ranges have a value.
    pub fn answer(&self, truth: &Truth) -> Result<(Answer, Option<Note>), Error> {
        let names = range_sizes(self.program, &[self.left, self.right]);
        let (mut tally, mut failed) = (RangeTally { exact: true, ..RangeTally::default() }, None);
        for (round, ranges) in RANGES[..1].iter().chain(&self.furthest()).chain(&RANGES[1..]).enumerate() {
            if round > 0 && names.is_empty() {
                break;
            }
            let sizes: BTreeMap<Name, i64> = names.iter().cloned().zip(ranges.iter().copied().cycle()).collect();
            match self.at(&sizes, truth, &mut tally) {
                Ok(None) => {}
                Ok(Some(found)) => {
                    return Ok((
                        Answer::No { wrong: Wrong::Entry(found), slip: None, holds_if: vec![], sought: false },
                        None,
                    ));
                }
                Err(e) if e.kind == Kind::Domain || ranges[0] == 0 => failed = failed.or(Some(e)),
                Err(e) => return Err(e),
            }
        }
        let nothing = || Error::new(Kind::Domain, "there is no member to compare at these sizes");
        let check = tally.checks.iter().cloned().reduce(Check::and).ok_or_else(|| failed.unwrap_or_else(nothing))?;
        let note = (!tally.sizes.is_empty()).then(|| compared(&tally.sizes));
        let exact = same_form(self.program, self.scope, self.left, self.right) || tally.exact;
        Ok(match tally.unseen {
            Some(unseen) if !exact => (Answer::Undecided { check, unseen }, note),
            Some(_) | None => (Answer::Yes { check, proof: self.proof()?, exact }, note),
        })
    }

    /// From the left side to the right one over the form gradus gives both; what two sums are over is proved below their signs.
    /// Each step is compared in numbers.
    fn proof(&self) -> Result<Option<Vec<Step>>, Error> {
        if self.left == self.right {
            return Ok(Some(vec![]));
        }
        let entries = |e: &Expr| written_by_entries(self.program, self.scope, e);
        let sides = [self.left, self.right].map(entries);
        // the letters of the right side, then those of the left one
        let letters = sub(self.right.clone(), sides[0].clone());
        let form = |e: &Expr| in_letters_of(self.program, self.scope, e, &letters);
        let (left, right) = (form(&sides[0]), form(&sides[1]));
        let Some(between) = between(&left, &right) else { return Ok(None) };
        let mut steps = vec![step(self.left, &sides[0], BY_ENTRIES), step(&sides[0], &left, SUMS)];
        steps.extend(between);
        steps.push(step(&right, &sides[1], "the same moves, read from below"));
        steps.push(step(&sides[1], self.right, BY_ENTRIES));
        steps.retain(|s| s.before != s.after);
        for s in &steps {
            let sides = IndexedSides { left: &s.before, right: &s.after, ..*self };
            // brackets vanish at most places
            if !sides.agree_where(self.program, &|_| Ok(None), &are_same)? {
                return Ok(None);
            }
        }
        Ok(Some(steps))
    }

    /// Compares at ranges of these sizes; a difference is what they differ by.
    fn at(
        &self,
        sizes: &BTreeMap<Name, i64>,
        truth: &Truth,
        tally: &mut RangeTally,
    ) -> Result<Option<Box<Difference>>, Error> {
        let unrolled = Unrolled::declared(self.program, sizes.clone());
        let document = unrolled.document()?;
        let places = unrolled.places(self.scope, &[], &Places::new())?;
        let every = places.len().div_ceil(PLACES).max(1);
        let empty = sizes.values().any(|n| *n == 0);
        for at in places.iter().step_by(every) {
            let written = WrittenOut { unrolled: &unrolled, document: &document, at };
            match self.written(&written, truth)? {
                Judgement::Same(Answer::Yes { check, exact, .. }) => tally.agree(check, exact),
                Judgement::Same(Answer::Undecided { check, unseen }) => {
                    tally.agree(check, false);
                    tally.unseen.get_or_insert_with(Vec::new).extend(unseen);
                }
                Judgement::Same(Answer::No { .. }) => {}
                Judgement::Apart(found) if empty && (found.left.is_none() || found.right.is_none()) => {}
                Judgement::Apart(found) => return Ok(Some(placed(found, sizes, at))),
            }
        }
        if !places.is_empty() && !sizes.is_empty() {
            tally.sizes.push(sizes.iter().map(|(n, k)| format!("{n} = {k}")).collect::<Vec<_>>().join(", "));
        }
        Ok(None)
    }

    /// Points at which the truth is known, at two sizes of the ranges.
    ///
    /// # Errors
    /// Those of sampling.
    pub fn trial<'t>(&self, program: &'t Program, truth: &Truth) -> Result<Trial<'t>, Error> {
        let mut points = vec![];
        self.each_place(program, &mut |w, sizes| {
            let right = w.unrolled.term(self.right, w.at)?;
            // what speaks of a member that there is not may be corrected too
            let left = w.unrolled.term(self.left, w.at).unwrap_or_else(|_| right.clone());
            let sized = with_definition(w.document, &left);
            let automatic = truth(w)?;
            let known = |values: &Values, environment: &Values| match &automatic {
                Some(automatic) => automatic(values),
                None => evaluate(&right, environment),
            };
            let seed = points.len() as u64 + 1;
            let (values, truth) = point([&sized, w.document], &w.document.definitions, seed, &known)?;
            let ranges = TrialRanges { program, sizes: sizes.clone(), at: w.at.clone() };
            points.push(TrialPoint { values, truth, ranges: Some(ranges) });
            Ok(())
        })?;
        Ok(Trial { shape: self.right.shape().clone(), points })
    }

    /// Whether the sides agree, and not because both vanish, in a document that says more.
    ///
    /// # Errors
    /// Those of evaluation, `Domain` and `Limit` aside.
    pub fn agree_under(&self, program: &Program, truth: &Truth) -> Result<bool, Error> {
        self.agree_where(program, truth, &holds)
    }

    fn agree_where(&self, program: &Program, truth: &Truth, alike: &Alike) -> Result<bool, Error> {
        let mut agree = true;
        let looked = self.each_place(program, &mut |w, _| {
            if agree {
                let (left, right) = (w.unrolled.term(self.left, w.at)?, w.unrolled.term(self.right, w.at)?);
                let sized = with_definition(w.document, &left);
                let domain = Region { sized: &sized, program: w.document };
                let derived = value_of(&right, &w.document.definitions);
                let automatic = truth(w)?;
                let other: &Quantity = automatic.as_deref().unwrap_or(&*derived);
                agree = alike(&domain, &*value_of(&left, &w.document.definitions), other)?;
            }
            Ok(())
        });
        match looked {
            Err(e) if matches!(e.kind, Kind::Domain | Kind::Limit) => Ok(false),
            Err(e) => Err(e),
            Ok(()) => Ok(agree),
        }
    }

    /// Some places of the free letters, at two sizes of the ranges.
    fn each_place(&self, program: &Program, f: &mut EachPlace) -> Result<(), Error> {
        let names = range_sizes(program, &[self.left, self.right]);
        let (mut seen, mut failed) = (false, None);
        let reached = self.furthest();
        for ranges in RANGES[..if names.is_empty() { 1 } else { 2 }].iter().chain(&reached) {
            let sizes: BTreeMap<Name, i64> = names.iter().cloned().zip(ranges.iter().copied().cycle()).collect();
            let unrolled = Unrolled::declared(program, sizes.clone());
            let document = unrolled.document()?;
            let places = unrolled.places(self.scope, &[], &Places::new())?;
            let every = places.len().div_ceil(TRIED).max(1);
            for at in places.iter().step_by(every) {
                match f(&WrittenOut { unrolled: &unrolled, document: &document, at }, &sizes) {
                    Err(e) if e.kind == Kind::Domain => failed = failed.or(Some(e)),
                    done => {
                        done?;
                        seen = true;
                    }
                }
            }
        }
        failed.filter(|_| !seen).map_or(Ok(()), Err)
    }

    /// Ranges that hold every place that the sides name by its number.
    fn furthest(&self) -> Option<[i64; 4]> {
        let mut places = vec![];
        [self.left, self.right].into_iter().for_each(|e| fixed_places(e, &mut places));
        places.into_iter().max().filter(|n| (4..=FURTHEST).contains(n)).map(|n| [n; 4])
    }

    fn written(&self, w: &WrittenOut, truth: &Truth) -> Result<Judgement, Error> {
        let (left, right) = (w.unrolled.term(self.left, w.at)?, w.unrolled.term(self.right, w.at)?);
        let sized = with_definition(w.document, &left);
        Effort::new(&sized, 1)?;
        let domain = Region { sized: &sized, program: w.document };
        let definitions = &w.document.definitions;
        let claimed = value_of(&left, definitions);
        let derived = value_of(&right, definitions);
        let automatic = truth(w)?;
        let other: &Quantity = automatic.as_deref().unwrap_or(&*derived);
        let looked = || match compare(&domain, &*claimed, other)? {
            Comparison::Differ(found) => {
                Ok(Comparison::Differ(readable(&domain, &*claimed, other, &found)?.map_or(found, Box::new)))
            }
            agree @ Comparison::Agree(_) => Ok(agree),
        };
        let pair = Pair { domain, definitions, left: &left, right: &right };
        let witness = automatic.is_some().then_some(&*derived);
        if !same_shape(w.document, left.shape(), right.shape()) {
            return Err(Error::new(Kind::Internal, format!("{} beside {}", left.shape(), right.shape())));
        }
        judged(&Sides { pair, quantities: [&*claimed, other], witness, proving: false }, &Facts::default(), &looked)
    }
}

/// Whether both have one value at every point that is looked at, be it 0.
fn are_same(domain: &Region, left: &Quantity, right: &Quantity) -> Result<bool, Error> {
    match compare(domain, left, right) {
        Ok(comparison) => Ok(matches!(comparison, Comparison::Agree(_))),
        Err(e) if matches!(e.kind, Kind::Domain | Kind::Limit) => Ok(false),
        Err(e) => Err(e),
    }
}

const BY_ENTRIES: &str = "a product of arrays by its entries is a sum";

/// What is done to a side to bring it into the form gradus gives sums.
const SUMS: &str = "bound letters have other names, a bracket picks its term, what does not depend on an index stands before its \
                    sum, like terms are joined";

fn step(before: &Expr, after: &Expr, why: &str) -> Step {
    Step { rule: "sums".to_owned(), before: before.clone(), after: after.clone(), why: why.into() }
}

/// The steps between two forms: none where they are one, else those below the sign that both have.
fn between(left: &Expr, right: &Expr) -> Option<Vec<Step>> {
    if left == right {
        return Some(vec![]);
    }
    let ((sign, a), (other, b)) = (one_sum(left)?, one_sum(right)?);
    let put = |body: &Expr| around(&sign, body.shape(), body.clone()).unwrap_or_else(|| body.clone());
    if put(&b) != around(&other, b.shape(), b.clone())? {
        return None;
    }
    let inner = engine::prove(&a, &b, &[], &Facts::default())?;
    let apart = [left, right].map(has_several);
    let [into, out_of] = [apart[0], apart[1]].map(|several| if several { ONE_SUM } else { "" });
    let mut steps = vec![step(left, &put(&a), &format!("{into}a factor without the index goes into the sum"))];
    steps.extend(inner.iter().map(|s| from_proof(s, &put)));
    steps.push(step(&put(&b), right, &format!("{out_of}a factor without the index stands before the sum")));
    Some(steps)
}

/// What is done to several sums first, or last.
const ONE_SUM: &str = "sums over the same places are one sum; ";

/// One sum, or several over the same places as one, and what it is over with the factors around it.
fn one_sum(e: &Expr) -> Option<(Indexed, Expr)> {
    match e.op() {
        Op::Variable(v) => match v.name.as_indexed()? {
            sum @ Indexed::Gathered { by: Gathering::Sum, over, body, .. } if !over.is_empty() => {
                Some((sum.clone(), body.clone()))
            }
            _ => None,
        },
        Op::Add => {
            let sums = e.args().iter().map(one_sum).collect::<Option<Vec<_>>>()?;
            let over = |sign: &Indexed| sign.around(&mut |_, _| integer(1));
            let (sign, _) = sums.first()?.clone();
            let alike = sums.iter().all(|(other, _)| over(other) == over(&sign));
            alike.then(|| (sign, add(sums.into_iter().map(|(_, body)| body).collect())))
        }
        Op::Had | Op::Mul => {
            let (at, (sum, body)) = e.args().iter().enumerate().find_map(|(k, f)| Some((k, one_sum(f)?)))?;
            let mut factors = e.args().to_vec();
            factors[at] = body;
            Some((sum, if *e.op() == Op::Mul { mul(factors) } else { had(factors) }))
        }
        _ => None,
    }
}

/// Whether a term is made of several sums.
fn has_several(e: &Expr) -> bool {
    let factor = |e: &Expr| matches!(e.op(), Op::Had | Op::Mul) && e.args().iter().any(has_several);
    *e.op() == Op::Add && one_sum(e).is_some() || factor(e)
}

impl RangeTally {
    fn agree(&mut self, check: Check, exact: bool) {
        self.checks.push(check);
        self.exact &= exact;
    }
}

/// The places that a term names by their numbers.
fn fixed_places(e: &Expr, found: &mut Vec<i64>) {
    if let Some(indexed) = e.as_variable().and_then(|v| v.name.as_indexed()) {
        if let Indexed::Member { at, .. } | Indexed::Entry { at, .. } = indexed {
            found.extend(at.iter().filter(|p| p.is_fixed()).filter_map(|p| p.offset.as_constant()));
        }
        indexed.inside().into_iter().for_each(|(part, _)| fixed_places(part, found));
    }
    e.args().iter().for_each(|a| fixed_places(a, found));
}

/// A counterexample says which ranges it is at, and where the letters are.
fn placed(mut found: Box<Difference>, sizes: &BTreeMap<Name, i64>, at: &Places) -> Box<Difference> {
    found.at.sizes.extend(sizes.iter().chain(at).map(|(n, k)| (n.clone(), *k)));
    found
}

fn compared(sizes: &[String]) -> Note {
    Note::assumption(format!("compared member by member at ranges of {}", sizes.join("; ")))
}
