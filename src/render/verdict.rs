//! Verdicts as text: yes with its proof, no with the slip, the right result and a counterexample.

use super::page::{DraftRow, marked};
use super::sheet::Sheet;
use super::writer::read_as;
use super::{Beside, Printer, Report, Style, derivation_text, present};
use crate::claim::{Answer, Condition, Equality, Question, Simplification, Verdict, Wrong};
use crate::derive::{Form, Step, Target};
use crate::eval::{Check, Difference, Matrix};
use crate::expr::{Builtin, Domain, Elementwise, Expr, Function, Indexed, Map, Op, Shape, Symbol, as_number};
use crate::program::{Definition, Program};
use crate::syntax::Ast;

/// Points with more entries than this are not written out.
const MAX_SHOWN_ENTRIES: usize = 40;

/// More parts that were not seen are not written out.
const MAX_SHOWN_PARTS: usize = 3;

/// Speaks of expressions in one notation and one document's style.
pub struct Speaker {
    style: Style,
    printer: Printer<'static>,
}

impl Speaker {
    /// In the style of a verdict's document.
    pub fn of_verdict(v: &Verdict, printer: Printer<'static>) -> Speaker {
        let question = &v.question;
        let style = question.derivation.as_ref().map_or_else(|| Style::new(&question.program), Style::of);
        Speaker { style, printer }
    }

    /// In the style of a program.
    pub fn of_program(program: &Program, printer: Printer<'static>) -> Speaker {
        Speaker { style: Style::new(program), printer }
    }

    /// The taste of the document.
    pub fn style(&self) -> &Style {
        &self.style
    }

    /// The syntax tree an expression is printed as.
    pub fn ast(&self, e: &Expr) -> Ast {
        present(e, &self.style)
    }

    /// A syntax tree on one line.
    pub fn written(&self, ast: &Ast) -> String {
        self.printer.line(ast)
    }

    /// An expression on one line.
    pub fn text(&self, e: &Expr) -> String {
        self.written(&self.ast(e))
    }

    /// A name.
    pub fn name(&self, symbol: &Symbol) -> String {
        self.printer.symbol(symbol)
    }

    /// A formula within a sentence.
    pub(super) fn within(&self, formula: String) -> String {
        marked(formula, self.printer.notation)
    }

    /// Sizes within a sentence.
    fn shape(&self, shape: &Shape) -> String {
        self.printer.spelling().sizes(&shape.to_string())
    }

    /// The sizes beside a result.
    fn beside(&self, shape: &Shape) -> Option<Beside> {
        match self.printer.spelling().is_typeset() {
            true => (!shape.is_scalar()).then(|| Beside::Sizes(self.printer.sizes(shape))),
            false => Some(Beside::Sizes(self.shape(shape))),
        }
    }

    /// The square of what is spelled already.
    pub(super) fn squared(&self, a: &str) -> String {
        self.printer.spelling().to_the(a, "2")
    }

    /// ∂s/∂W.
    fn partial(&self, v: &Verdict) -> String {
        let of = self.name(&v.question.label());
        let targets: Vec<_> = v.question.targets().map(|t| (self.by(t), t.shape())).collect();
        self.printer.derivative(&of, &targets)
    }

    /// What is differentiated by.
    fn by(&self, target: &Target) -> String {
        let names: Vec<String> = target.parts.iter().map(|(n, _)| self.name(n)).collect();
        if names.len() == 1 { names[0].clone() } else { self.printer.spelling().stack(&names) }
    }

    /// The same block, by its last targets in the other order.
    pub(super) fn turned(&self, question: &Question) -> String {
        let mut targets: Vec<_> = question.targets().map(|t| (self.by(t), t.shape())).collect();
        targets.rotate_right(1);
        self.within(self.printer.derivative(&self.name(&question.label()), &targets))
    }
}

/// `left = right`, and what stands beside it.
fn equation(left: String, right: Ast, beside: Option<Beside>) -> DraftRow {
    DraftRow { above: None, left, right, beside }
}

/// A verdict as text.
pub fn verdict_text(v: &Verdict, report: &Report) -> String {
    let speaker = Speaker::of_verdict(v, Printer::of_pages(report.format));
    let mut sheet = Sheet::new(report);
    let layout = match (v.question.order(), v.question.form) {
        (1, Form::Jacobian) => " (Jacobian)".to_owned(),
        (1, Form::Shape | Form::Both | Form::Differential) => String::new(),
        (order, _) => format!(" (order {order})"),
    };
    match &v.answer {
        Answer::Yes { .. } => sheet.mark("✓", format!("yes, this is right{layout}:")),
        Answer::No { .. } => sheet.mark("✗", format!("no, this is wrong{layout}:")),
        Answer::Undecided { .. } => sheet.mark("?", format!("not decided{layout}:")),
    }
    sheet.equations(vec![equation(speaker.partial(v), v.claim.written.clone(), None)]);
    sheet.gap();
    match &v.answer {
        Answer::Yes { check, proof, exact } => affirm(&mut sheet, &speaker, v, check, proof.as_deref(), *exact),
        Answer::Undecided { check, unseen } => {
            right_result(&mut sheet, &speaker, v);
            leave_open(&mut sheet, &speaker, unseen);
            sheet.say(agreement(check, "as far as was seen it agrees with automatic differentiation", sheet.report));
        }
        Answer::No { wrong, .. } => {
            explain(&mut sheet, &speaker, v);
            sheet.gap();
            right_result(&mut sheet, &speaker, v);
            let sides = ["the claim", "the derivative"];
            disprove(&mut sheet, &speaker, &v.question.program, wrong, sides, &v.question.shape);
        }
    }
    at_the_point(&mut sheet, &speaker, v);
    sheet.notes(&v.question.notes);
    read_as(&v.question.program, &|s| s.to_string()).into_iter().for_each(|line| sheet.say(line));
    match (&v.question.derivation, report.steps) {
        (Some(d), true) => format!("{}\n{}", sheet.written(), derivation_text(d, report)),
        (Some(_) | None, _) => sheet.written(),
    }
}

/// What is wrong with a claim, without what would be right; empty of a claim that is not known to be wrong.
pub fn hint_text(v: &Verdict, report: &Report) -> String {
    let speaker = Speaker::of_verdict(v, Printer::of_pages(report.format));
    let mut sheet = Sheet::new(report);
    match &v.answer {
        Answer::No { wrong: Wrong::Shape { found, expected }, .. } => {
            sheet.say(format!("the shape is {}, it should be {}", speaker.shape(found), speaker.shape(expected)))
        }
        Answer::No { .. } => explain(&mut sheet, &speaker, v),
        Answer::Yes { .. } | Answer::Undecided { .. } => return String::new(),
    }
    sheet.written()
}

fn explain(sheet: &mut Sheet, speaker: &Speaker, v: &Verdict) {
    let Answer::No { slip, holds_if, sought, .. } = &v.answer else { return };
    match slip {
        Some(slip) => sheet.say(format!("slip: {}", speaker.slip(slip, &v.question))),
        None if holds_if.is_empty() && *sought => sheet.say("slip: none of the usual ones explains it"),
        None => {}
    }
    conditions(sheet, speaker, holds_if);
}

fn affirm(sheet: &mut Sheet, speaker: &Speaker, v: &Verdict, check: &Check, proof: Option<&[Step]>, exact: bool) {
    let used = used_definitions(v);
    if !used.is_empty() {
        sheet.say("where gradus calls");
        let line = |d: &Definition| equation(speaker.name(&d.name), speaker.ast(&d.value), None);
        sheet.equations(used.iter().map(line).collect());
        sheet.gap();
    }
    if proof != Some(&[]) {
        right_result(sheet, speaker, v);
    }
    let same = "gradus derives the very same";
    prove(sheet, speaker, (proof, exact), same, [Some(&v.claim.value), v.right.as_ref()]);
    sheet.check(agreement(check, "agrees with automatic differentiation", sheet.report));
}

fn prove(
    sheet: &mut Sheet,
    speaker: &Speaker,
    (proof, exact): (Option<&[Step]>, bool),
    same: &str,
    sides: [Option<&Expr>; 2],
) {
    match proof {
        Some([]) => sheet.say(same),
        Some(steps) => {
            sheet.say("proof that they are the same:");
            sheet.steps(steps, &|e| speaker.ast(e));
        }
        None if exact => {
            sheet.say("no proof in steps was found; exact arithmetic modulo a large prime says that they are the same");
            kinks(sheet, sides);
        }
        None => {
            sheet.say("not proved: no proof was found, the numbers alone say so");
            kinks(sheet, sides);
        }
    }
}

/// What the numbers have not seen.
fn leave_open(sheet: &mut Sheet, speaker: &Speaker, unseen: &[Expr]) {
    if unseen.is_empty() {
        sheet.say("exact arithmetic says that they differ, and no point shows it in floating-point numbers");
        return sheet.gap();
    }
    let parts: Vec<String> = unseen.iter().take(MAX_SHOWN_PARTS).map(|e| speaker.within(speaker.text(e))).collect();
    let more = unseen.len().saturating_sub(parts.len());
    let more = if more == 0 { String::new() } else { format!(" and {more} more") };
    sheet.say("the numbers cannot tell: no proof was found, and at no point that was tried does a small change of");
    sheet.say(format!("  {}{more}", parts.join(", ")));
    sheet.say("change the value");
    sheet.gap();
}

/// Where no point was tried and the two may differ after all.
fn kinks(sheet: &mut Sheet, sides: [Option<&Expr>; 2]) {
    let mut found = vec![];
    sides.into_iter().flatten().for_each(|e| kinked(e, &mut found));
    if !found.is_empty() {
        let names: Vec<&str> = found.iter().map(|f| f.unicode()).collect();
        sheet.say(format!("at the kinks and jumps of {} the two may differ: no point lies there", names.join(", ")));
    }
}

fn kinked(e: &Expr, found: &mut Vec<Elementwise>) {
    if let Op::Map(Map { function: Function::Builtin(f), .. }) = e.op()
        && f.about().kink.is_some()
        && !found.contains(f)
    {
        found.push(*f);
    }
    e.args().iter().for_each(|a| kinked(a, found));
}

fn agreement(check: &Check, what: &str, report: &Report) -> String {
    let rounding =
        if report.rounding { format!(" (max rel. error {:.0e})", check.max_rel_error) } else { String::new() };
    format!("{what} at {} points{rounding}", check.points)
}

fn right_result(sheet: &mut Sheet, speaker: &Speaker, v: &Verdict) {
    match &v.right {
        Some(right) => {
            sheet.say("gradus derives:");
            let right = equation(speaker.partial(v), speaker.ast(right), speaker.beside(right.shape()));
            sheet.equations(vec![right]);
        }
        None => sheet.say("gradus has no rule for this derivative: automatic differentiation alone decides"),
    }
    sheet.gap();
}

fn conditions(sheet: &mut Sheet, speaker: &Speaker, holds_if: &[Condition]) {
    if !holds_if.is_empty() {
        let all: Vec<String> = holds_if.iter().map(|c| speaker.condition(c)).collect();
        sheet.say(format!("it would be right if {}; the document does not say so", all.join(", or if ")));
    }
}

/// Where two things differ.
fn disprove(sheet: &mut Sheet, speaker: &Speaker, program: &Program, wrong: &Wrong, sides: [&str; 2], of: &Shape) {
    match wrong {
        Wrong::Shape { found, expected } => {
            let words = |s: &Shape| if s.is_scalar() { "a scalar".to_owned() } else { speaker.shape(s) };
            sheet.say(format!("shapes: {} is {}, {} {}", sides[0], words(found), sides[1], words(expected)));
        }
        Wrong::Entry(d) => {
            sheet.say(format!("counterexample: at {}", point(speaker, program, d)));
            sheet.say(format!("  {}", entry(d, sides, of)));
        }
    }
}

fn entry(d: &Difference, sides: [&str; 2], of: &Shape) -> String {
    let (row, col) = (d.entry.0 + 1, d.entry.1 + 1);
    let place = match (of.is_scalar(), of.cols.is_one()) {
        (true, _) => String::new(),
        (false, true) => format!("entry {row} of "),
        (false, false) => format!("entry ({row}, {col}) of "),
    };
    match (d.left, d.right, &d.reason) {
        (Some(l), Some(r), _) => {
            let by = d.gap.filter(|_| number(l, 17) == number(r, 17));
            let by = by.map_or_else(String::new, |gap| format!(": they differ by {}", number(gap, 4)));
            let (l, r) = apart(l, r);
            let of = if place.is_empty() { "" } else { "of " };
            format!("{place}{} is {l}, {of}{} {r}{by}", sides[0], sides[1])
        }
        (Some(_), None, Some(why)) => format!("{} has a value, {} has none: {why}", sides[0], sides[1]),
        (None, Some(_), Some(why)) => format!("{} has a value, {} has none: {why}", sides[1], sides[0]),
        (Some(_), None, None) | (None, Some(_), None) | (None, None, _) => "one side has no value".to_owned(),
    }
}

/// Two numbers with as many digits as tell them apart.
fn apart(l: f64, r: f64) -> (String, String) {
    let digits = (4..17).find(|d| number(l, *d) != number(r, *d)).unwrap_or(17);
    (number(l, digits), number(r, digits))
}

/// A number with so many significant digits, without trailing zeros.
fn number(x: f64, digits: usize) -> String {
    let rounded: f64 = format!("{x:.*e}", digits - 1).parse().unwrap_or(x);
    if rounded != 0.0 && !(1e-4..1e9).contains(&rounded.abs()) { format!("{rounded:e}") } else { format!("{rounded}") }
}

/// The values of a point: arrays and functions, or sizes where arrays are too large.
fn point(speaker: &Speaker, program: &Program, d: &Difference) -> String {
    let name = |n: &Symbol| speaker.within(speaker.name(n));
    let arrays = program.inputs.iter().flat_map(|i| members_at(&i.name, d));
    let count: usize = arrays.clone().map(|(_, a)| a.len()).sum();
    if count > MAX_SHOWN_ENTRIES {
        let sizes: Vec<String> = d.at.sizes.iter().map(|(n, k)| format!("{n} = {k}")).collect();
        return format!("a point with {}", sizes.join(", "));
    }
    let arrays = arrays.map(|(n, a)| format!("{} = {}", name(n), array(a)));
    let functions = d.at.functions.iter().map(|(n, f)| format!("{} = {}", name(&n.into()), f.unicode()));
    // how long ranges are, and where the letters
    let ranges = d.at.sizes.iter().filter(|_| program.is_indexed()).map(|(n, k)| format!("{n} = {k}"));
    ranges.chain(arrays).chain(functions).collect::<Vec<_>>().join(", ")
}

/// The value of a variable at a point; of a family those of its members.
fn members_at<'a>(name: &'a Symbol, d: &'a Difference) -> impl Iterator<Item = (&'a Symbol, &'a Matrix<f64>)> + Clone {
    let own = move |s: &Symbol| match s.as_indexed() {
        Some(Indexed::Member { family, .. }) => family == name,
        Some(_) | None => s == name,
    };
    d.at.arrays.iter().filter(move |(s, _)| own(s))
}

/// `[1, 2; 3, 4]`.
fn array(a: &Matrix<f64>) -> String {
    let row = |r: Vec<String>| r.join(", ");
    let rows: Vec<String> = a.rows().into_iter().map(|r| row(r.iter().map(|x| number(*x, 4)).collect())).collect();
    if a.len() == 1 { rows.concat() } else { format!("[{}]", rows.join("; ")) }
}

fn at_the_point(sheet: &mut Sheet, speaker: &Speaker, v: &Verdict) {
    if let Some([claim, truth]) = &v.values {
        sheet.gap();
        let partial = speaker.within(speaker.partial(v));
        sheet.say(format!("at the given values the claim is {}, {partial} {}", array(claim), array(truth)));
    }
}

/// The definitions gradus introduced that the claim refers to.
fn used_definitions(v: &Verdict) -> Vec<Definition> {
    let mut wanted = v.claim.value.variables();
    for d in v.claim.introduced.iter().rev() {
        if wanted.contains(&d.name) {
            wanted.extend(d.value.variables());
        }
    }
    v.claim.introduced.iter().filter(|d| wanted.contains(&d.name)).cloned().collect()
}

/// An equality as text.
pub fn equality_text(e: &Equality, report: &Report) -> String {
    let speaker = Speaker::of_program(&e.program, Printer::of_pages(report.format));
    let mut sheet = Sheet::new(report);
    match &e.answer {
        Answer::Yes { .. } => {
            let domain = if e.values.iter().any(is_partial) { " wherever both are defined" } else { "" };
            sheet.mark("✓", format!("yes, they are equal{domain}:"));
        }
        Answer::No { .. } => sheet.mark("✗", "no, they are not equal:"),
        Answer::Undecided { .. } => sheet.mark("?", "not decided:"),
    }
    let left = speaker.written(&e.left);
    sheet.equations(vec![DraftRow { above: Some(e.left.clone()), ..equation(left, e.right.clone(), None) }]);
    sheet.gap();
    match &e.answer {
        Answer::Undecided { check, unseen } => {
            leave_open(&mut sheet, &speaker, unseen);
            sheet.say(agreement(check, "as far as was seen both sides agree", sheet.report));
        }
        Answer::Yes { check, proof, exact } => {
            let sides = [Some(&e.values[0]), Some(&e.values[1])];
            prove(&mut sheet, &speaker, (proof.as_deref(), *exact), "both sides are the same expression", sides);
            sheet.check(agreement(check, "both sides agree", sheet.report));
        }
        Answer::No { wrong, holds_if, .. } => {
            disprove(&mut sheet, &speaker, &e.program, wrong, ["the left side", "the right side"], &e.shape);
            sheet.gap();
            conditions(&mut sheet, &speaker, holds_if);
        }
    }
    sheet.notes(&e.notes);
    read_as(&e.program, &|s| s.to_string()).into_iter().for_each(|line| sheet.say(line));
    sheet.written()
}

/// Whether there may be points at which it has no value.
fn is_partial(e: &Expr) -> bool {
    let own = match e.op() {
        Op::Inverse | Op::Builtin(Builtin::LogDet) => true,
        Op::MatrixPower(k) => *k < 0,
        Op::Pow => as_number(&e.args()[1]).is_none_or(|p| p.is_negative() || !p.is_integer()),
        Op::Map(Map { function: Function::Builtin(f), .. }) => f.about().domain != Domain::All,
        _ => false,
    };
    own || e.args().iter().any(is_partial)
}

/// A simplification as text.
pub fn simplification_text(s: &Simplification, report: &Report) -> String {
    let speaker = Speaker::of_program(&s.program, Printer::of_pages(report.format));
    let mut sheet = Sheet::new(report);
    if report.steps && !s.steps.is_empty() {
        sheet.steps(&s.steps, &|e| speaker.ast(e));
        sheet.gap();
    }
    let name = speaker.name(&s.of);
    sheet.result(equation(name, speaker.ast(&s.result), speaker.beside(s.result.shape())));
    sheet.notes(&s.notes);
    match &s.check {
        Some(check) => sheet.check(agreement(check, "agrees with the expression as it was", sheet.report)),
        None => sheet.say("not checked"),
    }
    sheet.written()
}
