//! A rule as declared, and as parsed: its two sides over letters with shapes and conditions.

use super::{Fact, Reason, algebra, differential, elementwise, expansion, jacobian, pullback, structure};
use crate::expr::{Expr, Name, Shape, Size, Space, Symbol};
use crate::fuel;
use crate::shape::{Environment, elaborate_pattern};
use crate::syntax::{Scope, parse_expression};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

/// Which phase of a derivation a rule belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Topic {
    /// Pushes d inwards.
    Differential,
    /// f' of a built-in f.
    Function,
    /// Moves factors from the differential onto the cotangent.
    Pullback,
    /// Brings vec of a differential to J vec(dX).
    Jacobian,
    /// Equal forms of a result.
    Algebra,
    /// Towards a normal form: for proofs alone.
    Expansion,
    /// Carried out in Rust: the sweep's moves, arithmetic, operators with sizes inside. These have no pattern.
    Structure,
}

impl Topic {
    /// In the order of the book.
    pub const ALL: &'static [Topic] = &[
        Topic::Differential,
        Topic::Function,
        Topic::Pullback,
        Topic::Jacobian,
        Topic::Algebra,
        Topic::Expansion,
        Topic::Structure,
    ];

    /// The heading of the topic.
    pub fn title(self) -> &'static str {
        match self {
            Topic::Differential => "Differentials",
            Topic::Function => "Derivatives of scalar functions",
            Topic::Pullback => "Pullbacks (shape convention)",
            Topic::Jacobian => "Jacobians (numerator layout)",
            Topic::Algebra => "Algebra",
            Topic::Expansion => "Normal form (proofs)",
            Topic::Structure => "Structure",
        }
    }

    /// The rules of the topic, in the order of the book.
    pub fn rules(self) -> &'static [Rule] {
        match self {
            Topic::Differential => differential::RULES,
            Topic::Function => elementwise::RULES,
            Topic::Pullback => pullback::RULES,
            Topic::Jacobian => jacobian::RULES,
            Topic::Algebra => algebra::RULES,
            Topic::Expansion => expansion::RULES,
            Topic::Structure => structure::RULES,
        }
    }
}

/// A rule as it is declared.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// What the equation states, in snake case.
    pub name: &'static str,
    /// Where it belongs.
    pub topic: Topic,
    /// `left = right`.
    pub statement: &'static str,
    /// Shapes and conditions of the letters: `A: n x k; B: k x m constant`.
    pub given: &'static str,
    /// The reason, in a sentence a student understands; terms of its letters stand between braces.
    pub why: &'static str,
    /// The reason where one of its letters alone moves; empty where it is the same.
    pub alone: &'static str,
    /// Where to read on.
    pub source: &'static str,
    /// Where it stands among the moves towards the normal form of proofs, when it is one; earlier ones go first.
    pub normal: Option<u16>,
    /// The same, among the moves that write functions by their definitions.
    pub definition: Option<u16>,
}

impl Rule {
    /// What the tables of rules fill in.
    pub(super) const UNPLACED: Rule = Rule {
        name: "",
        topic: Topic::Structure,
        statement: "",
        given: "",
        why: "",
        alone: "",
        source: "",
        normal: None,
        definition: None,
    };

    /// Whether its reason is another from place to place.
    pub fn is_told_in_place(&self) -> bool {
        self.why.contains('{') || !self.alone.is_empty()
    }

    /// The same rule, with a reason of its own where one of its letters alone moves.
    pub(super) const fn alone(self, why: &'static str) -> Rule {
        Rule { alone: why, ..self }
    }

    /// The same rule, at this place of the normal form.
    pub(super) const fn normal(self, place: u16) -> Rule {
        Rule { normal: Some(place), ..self }
    }

    /// The same rule, at this place among the definitions of functions.
    pub(super) const fn definition(self, place: u16) -> Rule {
        Rule { definition: Some(place), ..self }
    }
}

/// A letter of a rule. `shape` is in the rule's own size letters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleLetter {
    /// The letter.
    pub name: Symbol,
    /// `None` for a function.
    pub shape: Option<Shape>,
    /// How many entries the value of a function of arrays has; `None` of anything else.
    pub codomain: Option<Size>,
    /// What must be known of it.
    pub facts: Vec<Fact>,
    /// The same in every term that `…` stands for.
    pub common: bool,
    /// Takes all factors the pattern does not name; its shape may then be scalar too.
    pub rest: bool,
    /// Not a scalar.
    pub array: bool,
    /// Entries between 0 and 1, for the arc functions.
    pub fraction: bool,
}

/// The parsed form of a rule.
#[derive(Clone, Debug)]
pub struct Pattern {
    /// The rule as declared.
    pub rule: &'static Rule,
    /// The side that is matched.
    pub left: Expr,
    /// The side that is written; of most rules nobody asks for it.
    right: OnceLock<Expr>,
    /// Its reason, and the one where a letter alone moves, where they are asked for.
    reasons: [OnceLock<Reason>; 2],
    /// What stands for anything that fits.
    pub letters: BTreeMap<Symbol, RuleLetter>,
}

/// Every rule, topic by topic.
pub fn book() -> impl Iterator<Item = &'static Rule> {
    Topic::ALL.iter().flat_map(|t| t.rules())
}

/// The rule of this name.
pub fn find(name: &str) -> Option<&'static Rule> {
    book().find(|r| r.name == name)
}

/// A rule as parsed; `None` of one without letters.
pub fn pattern_of(rule: &Rule) -> Option<&'static Pattern> {
    patterns(rule.topic).iter().find(|p| p.rule.name == rule.name)
}

/// The parsed rules of a topic; each topic is parsed once.
pub fn patterns(topic: Topic) -> &'static [Pattern] {
    static BOOK: [OnceLock<Vec<Pattern>>; 7] = [const { OnceLock::new() }; 7];
    BOOK[topic as usize].get_or_init(|| fuel::unlimited(|| read(topic)))
}

fn read(topic: Topic) -> Vec<Pattern> {
    topic.rules().iter().filter(|r| r.topic != Topic::Structure).map(pattern).collect()
}

/// Parses a rule.
///
/// # Panics
/// When the rule is not written in gradus' notation; the tests of the book read every rule.
pub fn pattern(rule: &'static Rule) -> Pattern {
    let letters = letters(rule.given);
    let left = side(rule, sides(rule).0, &letters, None);
    Pattern { rule, left, right: OnceLock::new(), reasons: Default::default(), letters }
}

fn sides(rule: &Rule) -> (&'static str, &'static str) {
    rule.statement.split_once(" = ").unwrap_or_else(|| panic!("rule {}: no `=`", rule.name))
}

pub(super) fn side(rule: &Rule, text: &str, letters: &BTreeMap<Symbol, RuleLetter>, expected: Option<&Shape>) -> Expr {
    let mut environment = Environment::default();
    for letter in letters.values() {
        match &letter.shape {
            Some(shape) => {
                environment.sizes.extend(shape.rows.names().chain(shape.cols.names()).cloned());
                environment.add(&letter.name, shape);
            }
            None => add_function(letter, &mut environment),
        }
    }
    let variables = environment.variables.keys().cloned().collect();
    let functions = environment.functions.iter().chain(environment.fields.keys()).cloned().collect();
    let scope = Scope { variables, functions, rules: true, ..Scope::default() };
    parse_expression(text, &scope)
        .and_then(|ast| elaborate_pattern(&ast, &environment, expected))
        .unwrap_or_else(|e| panic!("rule {}: `{text}`: {e}: {:?} {:?}", rule.name, e.labels, e.help))
}

fn add_function(letter: &RuleLetter, environment: &mut Environment) {
    let Some(name) = letter.name.name().cloned() else { return };
    match &letter.codomain {
        None => environment.functions.extend([name]),
        Some(codomain) => {
            environment.sizes.extend(codomain.names().cloned());
            // the argument's shape is that of the letter it is applied to
            let space = Space { domain: Shape::scalar(), codomain: codomain.clone() };
            environment.fields.insert(name, space);
        }
    }
}

pub(super) fn letters(given: &str) -> BTreeMap<Symbol, RuleLetter> {
    given.split(';').map(|text| letter(text.trim())).map(|l| (l.name.clone(), l)).collect()
}

/// Reads `A: n x k constant`.
fn letter(text: &str) -> RuleLetter {
    let (name, rest) = text.split_once(':').unwrap_or_else(|| panic!("`{text}` is not `NAME: SHAPE CONDITIONS`"));
    let mut l = RuleLetter {
        name: Symbol::from(name),
        shape: None,
        codomain: None,
        facts: vec![],
        common: false,
        rest: false,
        array: false,
        fraction: false,
    };
    let mut sizes: Vec<Size> = Vec::new();
    let mut next = true;
    let mut field = false;
    for word in rest.split_whitespace() {
        match word {
            "scalar" => sizes = vec![Size::one(), Size::one()],
            "elementwise" => {}
            "field" => field = true,
            "x" => next = true,
            "varying" => l.facts.push(Fact::Varying),
            "constant" => l.facts.push(Fact::Constant),
            "symmetric" => l.facts.push(Fact::Symmetric),
            "orthogonal" => l.facts.push(Fact::Orthogonal),
            "invertible" => l.facts.push(Fact::Invertible),
            "diagonal" => l.facts.push(Fact::Diagonal),
            "distribution" => l.facts.push(Fact::Distribution),
            "stochastic" => l.facts.push(Fact::StochasticRows),
            "centred" => l.facts.push(Fact::Centred),
            "positive" => l.facts.push(Fact::Positive),
            "in-domain" => l.facts.push(Fact::InDomain),
            "common" => l.common = true,
            "rest" => l.rest = true,
            "array" => l.array = true,
            "fraction" => l.fraction = true,
            size => push_size(&mut sizes, size, std::mem::take(&mut next)),
        }
    }
    if field {
        l.codomain = Some(sizes.pop().unwrap_or_else(Size::one));
    }
    l.shape = match sizes.len() {
        0 => None,
        1 => Some(Shape::vector(sizes.remove(0))),
        _ => Some(Shape::new(sizes[0].clone(), sizes[1].clone())),
    };
    l
}

/// `n x m` are two sizes, `n m` is a product.
fn push_size(sizes: &mut Vec<Size>, word: &str, next: bool) {
    let size = word.parse::<i64>().map_or_else(|_| Size::name(Name::new(word)), Size::constant);
    match sizes.last_mut() {
        Some(last) if !next => *last = last.times(&size),
        _ => sizes.push(size),
    }
}

impl Pattern {
    /// The side that is written.
    ///
    /// # Panics
    /// As `pattern`.
    pub fn right(&self) -> &Expr {
        let shape = self.left.shape();
        self.right.get_or_init(|| fuel::unlimited(|| side(self.rule, sides(self.rule).1, &self.letters, Some(shape))))
    }

    /// Why it holds, in its own letters.
    pub fn reason(&self) -> &Reason {
        self.reasons[0].get_or_init(|| Reason::of(self.rule))
    }

    /// The same where one letter alone moves.
    pub fn reason_alone(&self) -> &Reason {
        self.reasons[1].get_or_init(|| Reason::alone(self.rule))
    }

    /// The same rule with other sides.
    pub fn with(&self, left: Expr, right: Expr) -> Pattern {
        Pattern { left, right: OnceLock::from(right), ..self.clone() }
    }

    /// Both sides with `…` written out to `count` terms: the letters beside it become `A_1`, `A_2`, …, common ones stay.
    /// Also the letters that then occur, with their shapes.
    pub fn written_out(&self, count: usize) -> (Expr, Expr, Vec<RuleLetter>) {
        let varying = self.family();
        let sides = [&self.left, self.right()].map(|side| write_out(side, &varying, count, None));
        let own = |l: &RuleLetter| match varying.contains(&l.name) {
            true => (1..=count).map(|i| RuleLetter { name: member(&l.name, i), ..l.clone() }).collect(),
            false => vec![l.clone()],
        };
        let letters = self.letters.values().flat_map(own).collect();
        let [left, right] = sides;
        (left, right, letters)
    }

    /// The letters that differ from term to term of `…`.
    fn family(&self) -> BTreeSet<Symbol> {
        let mut beside = BTreeSet::new();
        beside_dots(&self.left, &mut beside);
        beside.into_iter().filter(|n| self.letters.get(n).is_some_and(|l| !l.common)).collect()
    }
}

fn is_dots(e: &Expr) -> bool {
    e.as_variable().is_some_and(|v| v.name == Symbol::Rest)
}

fn member(name: &Symbol, i: usize) -> Symbol {
    Symbol::from(format!("{name}_{i}").as_str())
}

fn beside_dots(e: &Expr, found: &mut BTreeSet<Symbol>) {
    if e.args().iter().any(is_dots) {
        found.extend(e.variables().into_iter().filter(|n| *n != Symbol::Rest));
    }
    e.args().iter().for_each(|a| beside_dots(a, found));
}

/// `current` is the member a term is written for: inside it `…` are the other members.
fn write_out(e: &Expr, family: &BTreeSet<Symbol>, count: usize, current: Option<usize>) -> Expr {
    if let (Some(v), Some(i)) = (e.as_variable().filter(|v| family.contains(&v.name)), current) {
        return crate::expr::variable(member(&v.name, i), &v.shape);
    }
    if !e.args().iter().any(is_dots) {
        let args = e.args().iter().map(|a| write_out(a, family, count, current)).collect();
        return if e.args().is_empty() { e.clone() } else { crate::expr::build(e.op().clone(), args) };
    }
    let mut args = Vec::new();
    for a in e.args().iter().filter(|a| !is_dots(a)) {
        match current {
            Some(_) => args.push(write_out(a, family, count, current)),
            None => args.extend((1..=count).map(|i| write_out(a, family, count, Some(i)))),
        }
    }
    if let Some(i) = current {
        let dots = e.args().iter().find(|a| is_dots(a)).expect("a family has dots");
        let others = (1..=count).filter(|j| *j != i);
        args.extend(others.flat_map(|j| family.iter().map(move |n| crate::expr::variable(member(n, j), dots.shape()))));
    }
    crate::expr::build(e.op().clone(), args)
}
