//! Are two expressions equal? Numbers decide, a proof follows; or a counterexample a reader can check by hand.

use super::answer::{Answer, Wrong};
use super::asked::same_shape;
use super::effort::Effort;
use super::fact;
use super::judge::{self, Judgement};
use super::proof::value_of;
use super::ranges::IndexedSides;
use crate::diag::{Error, Errors, Kind, Label, Note, Span};
use crate::engine::facts;
use crate::eval::{Comparison, Pair, Region, compare, readable};
use crate::expr::{Expr, Name, Shape, Symbol, as_number, bases, had, ones, stacked_shape, variable};
use crate::fuel;
use crate::index::arrays;
use crate::program::{Definition, Input, Program};
use crate::shape::{elaborate, free_letters};
use crate::syntax::{
    Ast, Document, ProductSigns, Scope, Sign, Statement, Syntax, glued_runs, parse_declarations, parse_expression,
};
use std::collections::BTreeSet;

/// Two expressions with the answer.
#[derive(Clone, Debug)]
pub struct Equality {
    /// The declarations, and every name with its shape.
    pub program: Program,
    /// The left side as written.
    pub left: Ast,
    /// The right side as written.
    pub right: Ast,
    /// What the sides mean.
    pub values: [Expr; 2],
    /// The shape of the left side.
    pub shape: Shape,
    /// Yes, no or not decided.
    pub answer: Answer,
    /// What the reader should know.
    pub notes: Vec<Note>,
}

impl Equality {
    /// On what the sides are compared: an equality knows no free entries, and every point has the declared structure.
    ///
    /// # Errors
    /// `Usage` where no structure is declared.
    pub fn structure(&self) -> Result<Note, Error> {
        let declared =
            |i: &Input| i.attributes.iter().find_map(|a| a.structure()).map(|word| format!("{} {word}", i.name));
        let all: Vec<String> = self.program.inputs.iter().filter_map(declared).collect();
        if all.is_empty() {
            return Err(Error::new(
                Kind::Usage,
                "--structured: no variable is declared symmetric, spd, diagonal or orthogonal",
            )
            .help("declare it, e.g. X: n x n symmetric"));
        }
        let message =
            format!("structured: the sides are compared where {}, as declared, and nowhere else", all.join(", "));
        Ok(Note::convention(message))
    }
}

/// The names of the sides in the document they are read in: no author can write them.
const SIDES: [&str; 2] = ["left side", "right side"];

/// What the sides differ by, where they have letters.
const GAP: &str = "gap";

/// The text errors of `equal` show: the declarations, then each side on a line of its own.
pub fn text(left: &str, right: &str, declarations: &str) -> String {
    let head = if declarations.is_empty() { String::new() } else { format!("{declarations}\n") };
    format!("{head}{left}\n{right}")
}

/// Whether two expressions are equal wherever they are defined. Names are declared (`A: n x m; f: elementwise`, definitions
/// too) or read as in a document; sizes are inferred over both sides.
///
/// # Errors
/// What is wrong with the declarations or with a side, its places in the text [`text`] gives; `Domain` when neither side
/// has a value anywhere gradus looked; `Internal` when a proof disagrees with the numbers.
pub fn equal(left: &str, right: &str, declarations: &str) -> Result<Equality, Errors> {
    fuel::limited(|| read(left, right, declarations))
}

fn read(left: &str, right: &str, declarations: &str) -> Result<Equality, Errors> {
    let one = |e: Error| vec![e];
    let sides = ParsedSides::read(left, right, declarations)?;
    let sides = sides.under_letters();
    let program = match (elaborate(&sides.document(true)), elaborate(&sides.document(false))) {
        // sides that fit only when a matrix is a row or a column do not fit
        (Ok(alike), Ok(apart)) => {
            if alike.notes == apart.notes {
                alike
            } else {
                apart
            }
        }
        (Ok(alike), Err(_)) => alike,
        (Err(_), apart) => apart?,
    };
    answer(sides, program).map_err(one)
}

fn answer(sides: ParsedSides, whole: Program) -> Result<Equality, Error> {
    let value = |name: &str| whole.definition(&Symbol::from(name)).map(|d| d.value.clone());
    let (Some(l), Some(r)) = (value(SIDES[0]), value(SIDES[1])) else {
        return Err(Error::new(Kind::Internal, "a side of the equality was lost"));
    };
    let (whole, [l, r], stackings) = stacked(whole, numbers_alike(l, r));
    let is_side = |d: &Definition| SIDES.iter().any(|side| d.name == Symbol::from(*side));
    let own = |d: &Definition| !is_side(d) && d.name != Symbol::Bare && d.name != Symbol::from(GAP);
    let definitions = whole.definitions.iter().filter(|d| own(d)).cloned().collect();
    let plates = whole.plates.iter().filter(|(name, _)| SIDES.iter().all(|side| **name != Symbol::from(*side)));
    let plates = plates.map(|(name, plate)| (name.clone(), plate.clone())).collect();
    let program = Program { definitions, plates, ..whole.clone() };
    let (answer, note) = if !same_shape(&program, l.shape(), r.shape()) {
        let wrong = Wrong::Shape { found: l.shape().clone(), expected: r.shape().clone() };
        (Answer::No { wrong, slip: None, holds_if: vec![], sought: true }, None)
    } else if whole.is_indexed() {
        let scope = whole.plates.get(&Symbol::from(SIDES[0])).cloned().unwrap_or_default();
        let sides = IndexedSides { program: &program, scope: &scope, left: &l, right: &r };
        let (answer, note) = sides.answer(&|_| Ok(None))?;
        (indexed_facts(&sides, answer)?, note)
    } else {
        let effort = Effort::new(&whole, 1)?;
        let answer = compared(&whole, &program, &l, &r, effort)?;
        let unexplained = if answer.is_no() { effort.note() } else { None };
        (answer, unexplained)
    };
    let notes = sides.notes.iter().chain(&whole.notes).cloned().chain(stackings).chain(note).collect();
    let shape = l.shape().clone();
    Ok(Equality { program, shape, left: sides.left, right: sides.right, values: [l, r], answer, notes })
}

/// The sides with the family x for the matrix X that nobody declares: beside its members that is the array of its rows.
fn stacked(whole: Program, (l, r): (Expr, Expr)) -> (Program, [Expr; 2], Vec<Note>) {
    let (mut whole, mut sides, mut notes) = (whole, [l, r], vec![]);
    let undeclared = |i: &&Input| !i.declared && whole.plates.get(&i.name).is_none_or(Vec::is_empty);
    for own in whole.inputs.iter().filter(undeclared).cloned().collect::<Vec<_>>() {
        let inputs = whole.inputs.iter().filter(|i| i.name != own.name).cloned().collect();
        let without = Program { inputs, ..whole.clone() };
        let shape = |family: &Symbol| stacked_shape(without.plates.get(family)?, without.shape(family)?);
        let named = |(family, array): &(Symbol, Name)| {
            own.name.name() == Some(array) && *family != own.name && shape(family).as_ref() == Some(&own.shape)
        };
        let Some((family, array)) = arrays(&without).into_iter().find(named) else { continue };
        let value = variable(&family, &own.shape);
        sides = sides.map(|side| substituted(&side, &own.name, &value));
        notes.push(Note::convention(format!("{array} stacks the members of {family} as rows")));
        whole = without;
    }
    (whole, sides, notes)
}

/// A term with another one for a name, within what stands at indices too.
fn substituted(e: &Expr, name: &Symbol, value: &Expr) -> Expr {
    e.rewrite(&mut |e| {
        let Some(v) = e.as_variable() else { return e };
        if v.name == *name {
            return value.clone();
        }
        let other = v.name.as_indexed().map(|i| i.around(&mut |inner, _| substituted(inner, name, value)));
        other.map_or(e.clone(), |other| variable(other.symbol(), &v.shape))
    })
}

/// A no with the facts under which it would be a yes.
fn indexed_facts(sides: &IndexedSides, answer: Answer) -> Result<Answer, Error> {
    let Answer::No { wrong: Wrong::Entry(found), .. } = answer else { return Ok(answer) };
    let mut occurring = bases(sides.left);
    occurring.extend(bases(sides.right));
    let agree = |with: &Program| sides.agree_under(with, &|_| Ok(None));
    let sought = (!found.is_faint())
        .then(|| fuel::spared(|| fact::attributes(sides.program, &|n| occurring.contains(n), &agree)))
        .flatten();
    let holds_if = match sought {
        Some(Err(e)) if e.kind != Kind::Limit => return Err(e),
        Some(Ok(facts)) => facts,
        Some(Err(_)) | None => vec![],
    };
    Ok(Answer::No { wrong: Wrong::Entry(found), slip: None, holds_if, sought: true })
}

/// A lone number is that number in every entry of the other side's shape.
fn numbers_alike(l: Expr, r: Expr) -> (Expr, Expr) {
    let alike = |a: &Expr, b: &Expr| match as_number(a) {
        Some(_) if !b.is_scalar() => had(vec![a.clone(), ones(b.shape())]),
        Some(_) | None => a.clone(),
    };
    (alike(&l, &r), alike(&r, &l))
}

fn compared(whole: &Program, program: &Program, l: &Expr, r: &Expr, effort: Effort) -> Result<Answer, Error> {
    let domain = Region { sized: whole, program };
    let (left, right) = (value_of(l, &program.definitions), value_of(r, &program.definitions));
    let pair = Pair { domain, definitions: &program.definitions, left: l, right: r };
    let sides = judge::Sides { pair, quantities: [&*left, &*right], witness: None, proving: true };
    let looked = || match compare(&domain, &*left, &*right)? {
        Comparison::Differ(found) => {
            Ok(Comparison::Differ(readable(&domain, &*left, &*right, &found)?.map_or(found, Box::new)))
        }
        agree @ Comparison::Agree(_) => Ok(agree),
    };
    match judge::judged(&sides, &facts(&program.inputs), &looked)? {
        Judgement::Same(answer) => Ok(answer),
        Judgement::Apart(shown) => {
            let sides = fact::DifferingSides { domain, left: &*left, right: &*right };
            let occurs = |n: &Symbol| whole.definitions.iter().any(|d| d.value.mentions(n));
            let sought = effort.explains() && !shown.is_faint();
            let holds_if =
                if sought { fact::attributes(program, &occurs, &|with| sides.agree_under(with))? } else { vec![] };
            Ok(Answer::No { wrong: Wrong::Entry(shown), slip: None, holds_if, sought })
        }
    }
}

/// The parsed sides and declarations; places in the common text.
struct ParsedSides {
    text: String,
    declarations: Option<Document>,
    left: Ast,
    right: Ast,
    /// The letters of both that nothing binds: the sides are compared wherever these are.
    letters: BTreeSet<Name>,
    /// What reading them remarked.
    notes: Vec<Note>,
}

impl ParsedSides {
    /// A name that one side uses uncalled is a variable on the other side too.
    fn read(left: &str, right: &str, declarations: &str) -> Result<ParsedSides, Errors> {
        let document = (!declarations.trim().is_empty()).then(|| parse_declarations(declarations)).transpose()?;
        let mut scope = document.as_ref().map_or_else(Scope::default, scope);
        scope.dialect = ProductSigns::of(left).with(ProductSigns::of(right)).with(ProductSigns::of(declarations));
        let (glued, notes) = glued_runs(&[left, right], &scope.variables);
        scope.glued = glued;
        let starts = [text("", "", declarations).len() - 1, text(left, "", declarations).len()];
        let parse = |side: &str, start: usize, scope: &Scope| {
            parse_expression(side, scope).map(|a| a.shifted(start)).map_err(|e| shifted(e, start))
        };
        for side in [left, right] {
            if let Ok(ast) = parse_expression(side, &scope) {
                ast.names(&mut |n| {
                    if !scope.functions.contains(n) {
                        scope.variables.insert(n.clone());
                    }
                });
            }
        }
        let both = (parse(left, starts[0], &scope), parse(right, starts[1], &scope));
        match both {
            (Ok(left_side), Ok(right_side)) => Ok(ParsedSides {
                text: text(left, right, declarations),
                declarations: document,
                left: left_side,
                right: right_side,
                letters: BTreeSet::new(),
                notes,
            }),
            (l, r) => Err(l.err().into_iter().chain(r.err()).collect()),
        }
    }

    /// With the letters that nothing binds, where the sides cannot be read without.
    fn under_letters(self) -> ParsedSides {
        let unbound = |errors: &Errors| errors.iter().any(|e| e.kind == Kind::Name);
        if !elaborate(&self.document(false)).is_err_and(|e| unbound(&e)) {
            return self;
        }
        let letters = [&self.left, &self.right].into_iter().flat_map(free_letters).collect();
        let other = ParsedSides { letters, ..self };
        if elaborate(&other.document(true)).is_ok() { other } else { ParsedSides { letters: BTreeSet::new(), ..other } }
    }

    /// What a side is called, under its letters.
    fn named(&self, name: &str) -> Name {
        let letters: Vec<&str> = self.letters.iter().map(Name::as_str).collect();
        if letters.is_empty() { Name::new(name) } else { Name::new(&format!("{name}_{}", letters.join(","))) }
    }

    /// A document that defines both sides, and in which they have one shape when `alike`.
    fn document(&self, alike: bool) -> Document {
        let mut document = self.declarations.clone().unwrap_or_default();
        document.text = self.text.clone();
        for (name, side) in SIDES.iter().zip([&self.left, &self.right]) {
            let (name, value) = (self.named(name), side.clone());
            document.statements.push(Statement::Definition { name, name_span: side.span, value });
        }
        if alike {
            let span = self.left.span.to(self.right.span);
            let name = |i: usize| Ast::new(Syntax::Name(self.named(SIDES[i])), [&self.left, &self.right][i].span);
            let difference = Syntax::Sum(vec![(Sign::Plus, name(0)), (Sign::Minus, name(1))]);
            let value = Ast::new(difference, span);
            document.statements.push(match self.letters.is_empty() {
                true => Statement::Expression(value),
                false => Statement::Definition { name: self.named(GAP), name_span: span, value },
            });
        }
        document
    }
}

fn shifted(error: Error, by: usize) -> Error {
    let moved = |l: Label| Label { span: Span::new(l.span.start + by, l.span.end + by), ..l };
    Error { labels: error.labels.into_iter().map(moved).collect(), ..error }
}

/// What the declarations say of names.
fn scope(document: &Document) -> Scope {
    let mut scope = Scope::default();
    for statement in &document.statements {
        match statement {
            Statement::Declaration(d) if d.shape.is_function() => {
                scope.functions.insert(d.name.clone());
            }
            Statement::Declaration(d) => {
                scope.variables.insert(d.name.clone());
            }
            Statement::FunctionDefinition { name, parameters, .. } => {
                scope.functions.insert(name.clone());
                if parameters.len() > 1 {
                    scope.parameters.insert(name.clone(), parameters.clone());
                }
            }
            Statement::Definition { name, .. } => {
                scope.variables.insert(name.clone());
            }
            Statement::Expression(_) | Statement::SizeCondition { .. } => {}
        }
    }
    scope
}
