//! Which facts may be used when. A derivative counts every entry of its target as free: while it is derived, and in all
//! that is derived again, only that may be used which stays true as the targets move. What else is known of them, that X is
//! symmetric, tidies results.

use super::charts::Chart;
use super::idiom::Idiom;
use super::local::Solver;
use super::options::Form;
use super::pass::Swept;
use super::problem::Local;
use super::steps::{Block, Goal, Step, partial, shown, total_block};
use super::target::Target;
use super::whole::Retelling;
use crate::diag::{Note, Span};
use crate::engine::{Facts, facts, known, may_centre};
use crate::expr::{Expr, Purpose, Rational, Shape, Symbol, add, had, mul, number, variable};
use crate::program::{Definition, Input, Program};
use crate::rules::Fact;
use crate::syntax::Attribute;
use std::collections::{BTreeMap, BTreeSet};

/// The solvers of a derivation.
pub(super) struct Solvers {
    /// Derives: it knows what stays true as the targets move.
    pub deriving: Solver,
    /// Tidies results: it knows all that is true of the document; `None` when that is no more.
    pub telling: Option<Solver>,
    /// The targets of which something is known that ends as they move.
    pub structured: Structured,
}

/// Targets with a structure: their shapes, and what they are in words.
pub(super) type Structured = BTreeMap<Symbol, (Shape, String)>;

impl Solvers {
    /// What tidies results.
    pub fn of_results(&mut self) -> &mut Solver {
        self.telling.as_mut().unwrap_or(&mut self.deriving)
    }

    /// What tidies them when they may be derived `again`.
    pub fn of(&mut self, again: bool) -> &mut Solver {
        if again { &mut self.deriving } else { self.of_results() }
    }

    /// A result as the facts let it be told, in its last form.
    pub fn told_term(&mut self, e: Expr) -> Expr {
        self.of_results().finish(&e).result
    }

    /// Definitions that results refer to, as the facts let them be told.
    pub fn told_definitions(&mut self, definitions: Vec<Definition>) -> Vec<Definition> {
        definitions.into_iter().map(|d| Definition { value: self.told_term(d.value), ..d }).collect()
    }

    /// Results as the facts let them be told, with the steps; by the names of their page, where they are to be told by those.
    pub fn told(
        &mut self,
        mut swept: Swept,
        (names, idiom): (Option<Retelling>, &Idiom),
        (of, label): (&Symbol, &Symbol),
        form: Form,
    ) -> Swept {
        let solver = self.of_results();
        for d in &mut swept.deltas {
            let named = |e: &Expr, solver: &mut Solver| names.as_ref().and_then(|names| names.signal(e, solver));
            let same = |e: &Expr| Local { result: e.clone(), steps: vec![] };
            let local = solver.finish(&d.value).then(|e| named(e, solver).unwrap_or_else(|| same(e)));
            let named = Goal::Named(d.name.clone());
            if let Some(block) = swept.blocks.iter_mut().find(|b| b.goal == named) {
                block.go_on(&local);
            }
            d.value = local.result;
            let known = Some(&d.value).filter(|v| solver.may_centre(v)).map(|v| solver.known(v));
            if let Some(known) = known.filter(|facts| facts.contains(&Fact::Centred)) {
                solver.learn(&d.name, known);
            }
        }
        let whole = names.map(|names| names.beside(&swept.deltas));
        for ((y, x), total) in &mut swept.totals {
            let local = solver.finish(total);
            let shorter = whole.as_ref().and_then(|whole| whole.told(&local.result, solver));
            let local = shorter.map_or(local.clone(), |l| local.then(|_| l));
            let signed = whole.as_ref().and_then(|whole| whole.signed(&local.result));
            let local = signed.map_or(local.clone(), |l| local.then(|_| l));
            let jacobian = form == Form::Jacobian;
            let own = |b: &&mut Block| b.goal == Goal::Total && (&b.of, &b.wrt, b.jacobian) == (y, x, jacobian);
            match swept.blocks.iter_mut().rev().find(own) {
                Some(block) => go_straight_on(block, &local, solver),
                None if local.steps.is_empty() => {}
                None => {
                    let left = partial(if y == of { label } else { y }, x, total.shape());
                    swept.blocks.push(Block { jacobian, ..total_block(y, x, left, &local) });
                }
            }
            *total = local.result;
        }
        swept.blocks.iter_mut().filter(|b| b.goal == Goal::Total).for_each(|b| shorten(b, solver));
        in_idiom(swept, idiom, |y, x, total| {
            let left = partial(if y == of { label } else { y }, x, total.shape());
            (left, form == Form::Jacobian)
        })
    }
}

/// What is found as it is printed.
fn in_idiom(mut swept: Swept, idiom: &Idiom, head: impl Fn(&Symbol, &Symbol, &Expr) -> (Expr, bool)) -> Swept {
    for d in &mut swept.deltas {
        let (local, named) = (idiom.told(&d.value), Goal::Named(d.name.clone()));
        swept.blocks.iter_mut().find(|b| b.goal == named).into_iter().for_each(|b| b.go_on(&local));
        d.value = local.result;
    }
    for ((y, x), total) in &mut swept.totals {
        let local = idiom.told(total);
        let (left, jacobian) = head(y, x, total);
        let own = |b: &&mut Block| b.goal == Goal::Total && (&b.of, &b.wrt, b.jacobian) == (y, x, jacobian);
        match swept.blocks.iter_mut().rev().find(own) {
            Some(block) => block.go_on(&local),
            None if local.steps.is_empty() => {}
            None => swept.blocks.push(Block { jacobian, ..total_block(y, x, left, &local) }),
        }
        *total = local.result;
    }
    swept
}

/// Where a term was brought to its last form in many steps, the shortest proof that is found of it.
fn shorten(block: &mut Block, solver: &Solver) {
    let tidying = |s: &Step| !matches!(s.rule.as_str(), "chain_rule" | "fan_out" | "definition" | "use_name");
    let start = block.steps.iter().rposition(|s| !tidying(s)).map_or(0, |i| i + 1);
    let steps = &block.steps[start..];
    let is_chain = steps.windows(2).all(|pair| pair[0].after == pair[1].before);
    if let ([first, .., last], true) = (steps, is_chain && steps.len() >= LONG_WAY) {
        let shorter = solver.prove(&first.before, &last.after, &[]).filter(|p| p.len() < steps.len());
        if let Some(proof) = shorter {
            block.steps.truncate(start);
            block.steps.extend(shown(&proof));
        }
    }
}

/// A way of fewer steps is short enough.
const LONG_WAY: usize = 4;

/// Means that are subtracted and matrices that centre are written out to see whether a definition is centred, up to so many
/// nodes.
const MAX_CENTRING: u64 = 24;

/// A block that goes on with what facts make of its result; from where its own tidying begins, if that is the shorter way.
fn go_straight_on(block: &mut Block, local: &Local, solver: &mut Solver) {
    let start = block.steps.iter().position(|s| !matches!(s.rule.as_str(), "chain_rule" | "fan_out"));
    let direct = start.filter(|_| !local.steps.is_empty()).map(|i| (i, solver.finish(&block.steps[i].before)));
    match direct.filter(|(i, d)| d.result == local.result && d.steps.len() < block.steps.len() - i + local.steps.len())
    {
        Some((i, direct)) => {
            block.steps.truncate(i);
            block.go_on(&direct);
        }
        None => block.go_on(local),
    }
}

/// Where facts are declared.
pub(super) struct Declared<'a> {
    pub program: &'a Program,
    pub charts: &'a [Chart],
}

impl Declared<'_> {
    /// Solvers that know what is declared of the inputs, and what follows for the definitions.
    pub fn solvers(&self, definitions: &[Definition], targets: &[Target], explain: bool) -> Solvers {
        let solver = |facts| Solver::new(facts, explain);
        let targets = Target::shapes(targets);
        let all = self.all_facts(definitions, &BTreeSet::new());
        let structure = |x: &Symbol| word(self.program, x, all.get(x)?);
        let structured: Structured =
            targets.into_iter().filter_map(|(x, shape)| Some((x.clone(), (shape, structure(&x)?)))).collect();
        if structured.is_empty() {
            return Solvers { deriving: solver(all), telling: None, structured };
        }
        let lasting = self.all_facts(definitions, &structured.keys().cloned().collect());
        Solvers { deriving: solver(lasting), telling: Some(solver(all)), structured }
    }

    /// What is declared of inputs and follows for definitions; of what moves, only what stays true. What hangs on its
    /// coordinates keeps its structure as they move.
    fn all_facts(&self, definitions: &[Definition], moving: &BTreeSet<Symbol>) -> Facts {
        let lasting = |name: &Symbol, facts: Vec<Fact>| -> Vec<Fact> {
            facts.into_iter().filter(|f| !moving.contains(name) || !f.is_equation()).collect()
        };
        let on_charts: Vec<Input> = self.charts.iter().map(|c| c.of.clone()).collect();
        let mut found: Facts = facts(&self.program.inputs);
        found.iter_mut().for_each(|(name, facts)| *facts = lasting(name, std::mem::take(facts)));
        found.extend(facts(&on_charts));
        let any = found.values().any(|f| !f.is_empty());
        let mut centring: BTreeMap<&Symbol, Expr> = BTreeMap::new();
        for d in definitions {
            let value = match centring.is_empty() {
                true => d.value.clone(),
                false => d.value.substitute(&|n| centring.get(n).cloned()),
            };
            let about_ones = value.nodes() <= MAX_CENTRING && may_centre(&value);
            let square = d.value.shape().is_square() && !d.value.is_scalar();
            if (any || square || about_ones) && !on_charts.iter().any(|c| c.name == d.name) {
                let mut own = known(&d.value, &found);
                let centred = about_ones && value != d.value && known(&value, &found).contains(&Fact::Centred);
                own.extend(centred.then_some(Fact::Centred));
                found.insert(d.name.clone(), lasting(&d.name, own));
            }
            if about_ones {
                centring.insert(&d.name, value);
            }
        }
        found
    }
}

/// What a derivative by a structured target is.
pub(super) fn convention(x: &Symbol, word: &str) -> Note {
    Note::convention(format!(
        "{x} is {word}: its derivatives are the unconstrained ones, every entry of {x} counted as free (Matrix Cookbook, section 2.8), and so the check moves it"
    ))
}

/// The structure of a matrix in words.
fn word(program: &Program, x: &Symbol, facts: &[Fact]) -> Option<String> {
    let structures = [Fact::Diagonal, Fact::Orthogonal, Fact::Symmetric, Fact::Distribution, Fact::StochasticRows];
    let fact = structures.into_iter().find(|f| facts.contains(f))?;
    let declared = program.input(x).and_then(|i| i.attributes.iter().find_map(|a| a.structure()));
    let inferred = || format!("{fact:?}").to_lowercase();
    Some(declared.map_or_else(inferred, |word| format!("declared {word}")))
}

/// By this share a target is moved off its structure: so little that what is positive stays positive.
const DISPLACED: i64 = 64;

/// The same program with targets that lack the structure they have in it: X becomes X + E X/64, and a definition H, whose
/// own derivatives are to stay what they are, H + E/64, for any E. Where a derivative is derived again, it has to be right
/// here.
pub(super) fn loosened(program: &Program, structured: &Structured) -> Program {
    let mut loose = program.clone();
    let mut moved = vec![];
    for (x, (shape, _)) in structured {
        let is_input = program.input(x).is_some();
        let purpose = if is_input { Purpose::Displacement } else { Purpose::Offset };
        let by = Symbol::made(purpose, vec![x.clone()], 0);
        let span = Span::default();
        if let Some(input) = loose.inputs.iter_mut().find(|i| i.name == *x) {
            input.name = Symbol::made(Purpose::Base, vec![x.clone()], 0);
            let on = variable(&input.name, shape);
            let factors = vec![variable(&by, shape), on.clone()];
            let value = displaced(&on, if shape.is_square() { mul(factors) } else { had(factors) });
            moved.push(Definition { name: x.clone(), value, written: None, span });
        }
        for d in loose.definitions.iter_mut().filter(|d| d.name == *x) {
            d.value = displaced(&d.value, variable(&by, shape));
        }
        let attributes = vec![Attribute::Constant];
        loose.inputs.push(Input { name: by, shape: shape.clone(), attributes, declared: true, span });
    }
    loose.definitions.splice(0..0, moved);
    loose
}

/// X + E/64.
fn displaced(x: &Expr, by: Expr) -> Expr {
    add(vec![x.clone(), had(vec![number(Rational::new(1, DISPLACED)), by])])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::derive::{Options, derive};

    /// What a fact has tidied is right on the structure alone: the check of what is derived again finds it out.
    #[test]
    fn a_fact_used_too_early_is_found_out() {
        let documents = [
            ("X: n x n symmetric; s = logdet(X)", "X"),
            ("X: n x n spd; a: n; b: n; s = a^T X^-1 b", "X"),
            ("X: n x n symmetric; a: n; b: n; s = a^T X^T b", "a"),
            ("X: n x n diagonal; s = logdet(X)", "X"),
            ("X: n x n orthogonal; A: n x n; a: n; s = a^T X^-1 A a", "a"),
            ("A: n x n; X = A + A^T; s = logdet(X)", "X"),
            ("A: n x n; a: n; b: n; X = A A^T; s = a^T X^T b", "a"),
        ];
        for (text, by) in documents {
            let options = Options::default().with_respect_to(&[by]);
            let mut told = derive(text, &options).unwrap_or_else(|e| panic!("{text}: {e:?}"));
            told.derivatives[0].inlined = None;
            let x = Symbol::from("X");
            let shape = told.program.shape(&x).expect("it is there").clone();
            let structured = Structured::from([(x, (shape, String::new()))]);
            assert!(told.verify(&told.program.clone()).is_ok(), "{text}: right on the structure");
            assert!(told.verify(&loosened(&told.program, &structured)).is_err(), "{text}: wrong beside it");
        }
    }
}
