//! A result as a whole, by the names of the page: written out, multiplied out, so that what cancels is gone, and told again by
//! the names of what reappears. 2 ((X (XᵀX)⁻¹ Xᵀ r − r) wᵀ + …) is −2 (y − X w) wᵀ.

use super::local::Solver;
use super::powers::{divided, is_product};
use super::problem::Local;
use super::recall::{replaced, rests};
use crate::engine::{ProofStep, taste, textbook_size};
use crate::expr::{
    Axis, Builtin, Expr, Op, Purpose, Rational, Symbol, add, as_number, builtin, had, integer, mul, neg, pow,
    split_scalars, transpose, variable,
};
use crate::fuel;
use crate::program::{Definition, Inliner};
use rustc_hash::{FxHashMap as HashMap, FxHashSet as HashSet};
use std::cell::OnceCell;
use std::collections::BTreeSet;

/// A result this short is not written out.
const SHORT: u64 = 6;
/// A signal this short is not told by other names.
const SHORT_SIGNAL: u64 = 12;
/// What is longer, written out, is not multiplied out.
const MAX_NODES: u64 = 120;

/// What is longer, written out, is not brought to its last form again.
const MAX_FINISHED: u64 = 60;

/// A definition that is an array up to scalars.
struct ScaledArray<'a> {
    of: &'a Definition,
    scalars: Vec<Expr>,
    array: Expr,
}

/// The names of a page.
pub(super) struct Retelling<'a> {
    definitions: Vec<&'a Definition>,
    /// Found once: every result asks for them.
    scaled: Vec<ScaledArray<'a>>,
    /// The places of the definitions whose value, or a term of it, speaks of a name first.
    by_first: HashMap<Symbol, Vec<usize>>,
    page: [&'a [Definition]; 2],
    /// Made when it is asked: most results are short as they are.
    inliner: OnceCell<Inliner>,
    /// Of the error signals alone.
    of_signals: OnceCell<Inliner>,
    /// The sums that stand in the definitions; found when a product of sums asks.
    written: OnceCell<HashSet<Expr>>,
}

impl<'a> Retelling<'a> {
    /// Of the definitions of the forward pass. Of the value itself, `of`, results speak as of a product:
    /// its name and other terms are no way to say what a term of it is.
    pub fn new(of: &Symbol, forward: &'a [Definition]) -> Retelling<'a> {
        let is_spoken_of = |d: &&Definition| {
            d.name.as_partial().is_none() && d.name != Symbol::Bare && (d.name != *of || *d.value.op() != Op::Add)
        };
        let definitions: Vec<&Definition> = forward.iter().filter(is_spoken_of).collect();
        let mut by_first: HashMap<Symbol, Vec<usize>> = HashMap::default();
        for (at, d) in definitions.iter().enumerate() {
            let own = std::slice::from_ref(&d.value);
            let terms = if *d.value.op() == Op::Add { d.value.args() } else { own };
            for name in terms.iter().filter_map(first_name) {
                by_first.entry(name.clone()).or_default().push(at);
            }
        }
        let scaled = definitions.iter().copied().filter_map(|d| {
            let (scalars, array) = split_scalars(d.value.clone());
            array.filter(|_| !scalars.is_empty()).map(|array| ScaledArray { of: d, scalars, array })
        });
        let scaled = scaled.collect();
        let (inliner, of_signals, written) = (OnceCell::new(), OnceCell::new(), OnceCell::new());
        Retelling { definitions, scaled, by_first, page: [forward, &[]], inliner, of_signals, written }
    }

    /// With the error signals that results speak of.
    pub fn beside(self, signals: &'a [Definition]) -> Retelling<'a> {
        Retelling { page: [self.page[0], signals], inliner: OnceCell::new(), of_signals: OnceCell::new(), ..self }
    }

    /// A shorter form of an error signal by the names of the forward pass, if there is one.
    pub fn signal(&self, value: &Expr, solver: &mut Solver) -> Option<Local> {
        let named = || self.named(value, solver).filter(|_| textbook_size(value) > SHORT_SIGNAL);
        fuel::spared(named)?.filter(|named| taste(&named.result) < taste(value))
    }

    /// A shorter form of a result, if there is one: as it stands by the names it has not met, or written out.
    pub fn told(&self, result: &Expr, solver: &mut Solver) -> Option<Local> {
        if result.args().is_empty() || self.definitions.is_empty() {
            return None;
        }
        let long = textbook_size(result) > SHORT || result.has_variable(is_made_up);
        let mut ways =
            vec![fuel::spared(|| self.named(result, solver)), fuel::spared(|| self.up_to_factors(result, solver))];
        if long {
            ways.extend([
                fuel::spared(|| self.written_out(result, solver)),
                fuel::spared(|| self.in_last_form(result, solver)),
                fuel::spared(|| self.without_signals(result, solver)),
            ]);
        }
        let shortest = ways.into_iter().flatten().flatten().min_by_key(|local| taste(&local.result))?;
        (taste(&shortest.result) < taste(result)).then_some(shortest)
    }

    /// The result with the sums of its products in the sign in which the page writes them, where that costs nothing:
    /// `(p - y) ⊘ (p ∘ (1 - p))` beside `log(1 - p)`.
    pub fn signed(&self, result: &Expr) -> Option<Local> {
        let turned = result.rewrite(&mut |e| self.factors_turned(&e).unwrap_or(e));
        let is_as_short = turned != *result && taste(&turned) <= taste(result);
        let step = || ProofStep::new("sign", result.clone(), turned.clone());
        is_as_short.then(|| Local { steps: vec![step()], result: turned.clone() })
    }

    fn factors_turned(&self, product: &Expr) -> Option<Expr> {
        let sums = product.args().iter().filter(|a| odd_sum(a).is_some()).count();
        if *product.op() != Op::Had || sums == 0 {
            return None;
        }
        let written = self.written.get_or_init(|| self.page[0].iter().flat_map(|d| sums_of(&d.value)).collect());
        let stands = |f: &Expr| odd_sum(f).map(|sum| [written.contains(sum), written.contains(&negative(sum))]);
        let mut args = product.args().to_vec();
        let places = |args: &[Expr], kind: [bool; 2]| -> Vec<usize> {
            (0..args.len()).filter(|i| stands(&args[*i]) == Some(kind)).collect()
        };
        let mut turned = places(&args, [false, true]);
        let minus = args.iter().position(|a| as_number(a).is_some_and(Rational::is_negative));
        if turned.len() % 2 == 1 && minus.is_none() {
            turned.extend(places(&args, [false, false]).first());
        }
        if turned.len() % 2 == 1 && minus.is_none() {
            turned.pop();
        }
        let with_minus = minus.filter(|_| turned.len() % 2 == 1);
        let negated = |f: &Expr| match f.op() {
            Op::Pow => pow(negative(&f.args()[0]), f.args()[1].clone()),
            _ => negative(f),
        };
        turned.iter().for_each(|i| args[*i] = negated(&args[*i]));
        if let Some(i) = with_minus {
            args[i] = neg(args[i].clone());
        }
        (!turned.is_empty()).then(|| had(args))
    }

    fn named(&self, result: &Expr, solver: &mut Solver) -> Option<Local> {
        let known = |e: Expr, d: &Definition| {
            let name = variable(&d.name, d.value.shape());
            let whole = if *d.value.op() == Op::Add { everywhere(&e, &d.value, &name) } else { e };
            called(&whole, d, &transpose(d.value.clone()))
        };
        let named = self.spoken_of_in(result).into_iter().rev().fold(result.clone(), known);
        let step = ProofStep::new("use_name", result.clone(), named.clone());
        (named != *result).then(|| Local { result: named, steps: vec![step] }.then(|e| solver.finish(e)))
    }

    /// By the name of an array that stands in it up to scalars, each of which stands in it too: e^z / Z is p.
    fn up_to_factors(&self, result: &Expr, solver: &mut Solver) -> Option<Local> {
        let stands = |s: &&ScaledArray| result.contains(&s.array) && s.scalars.iter().all(|x| result.contains(base(x)));
        let ScaledArray { of, scalars, array } = self.scaled.iter().rev().find(stands)?;
        let over = scalars.iter().map(|s| pow(s.clone(), integer(-1)));
        let name = had(over.chain([variable(&of.name, of.value.shape())]).collect());
        let named = Some(replaced(result, array, &name)).filter(|e| e.nodes() <= MAX_NODES)?;
        Some(self.finished("use_name", result, named, solver))
    }

    /// Written out and in its last form, by the names that stand in that.
    fn in_last_form(&self, result: &Expr, solver: &mut Solver) -> Option<Local> {
        let inliner = self.inliner.get_or_init(|| Inliner::new(self.page.into_iter().flatten()));
        self.inlined(inliner, result, solver)
    }

    /// With nothing but the error signals written out: h δ is f, where f is h c.
    fn without_signals(&self, result: &Expr, solver: &mut Solver) -> Option<Local> {
        let inliner = self.of_signals.get_or_init(|| Inliner::new(self.page[1].iter()));
        self.inlined(inliner, result, solver)
    }

    fn inlined(&self, inliner: &Inliner, result: &Expr, solver: &mut Solver) -> Option<Local> {
        let full = inliner.inline(result).filter(|e| e.nodes() <= MAX_FINISHED && e != result)?;
        Some(self.finished("definition", result, full, solver))
    }

    /// What a step leads to in its last form, by the names that stand in that.
    fn finished(&self, rule: &str, before: &Expr, after: Expr, solver: &mut Solver) -> Local {
        let step = ProofStep::new(rule, before.clone(), after.clone());
        let local = Local { result: after, steps: vec![step] }.then(|e| solver.finish(e));
        match self.named(&local.result, solver) {
            Some(named) => local.then(|_| named),
            None => local,
        }
    }

    /// The definitions whose value may stand in a term, in their order: it speaks of all they speak of.
    fn spoken_of_in(&self, e: &Expr) -> Vec<&'a Definition> {
        let names = e.variables();
        let places: BTreeSet<usize> = names.iter().filter_map(|n| self.by_first.get(n)).flatten().copied().collect();
        let speaks_of_it = |part: &Expr| !part.has_variable(|n| !names.contains(n));
        let may_stand = |d: &&Definition| match d.value.op() {
            Op::Add => speaks_of_it(&d.value) || longest_product(d).is_some_and(|(product, _)| speaks_of_it(&product)),
            _ => speaks_of_it(&d.value),
        };
        places.into_iter().map(|at| self.definitions[at]).filter(may_stand).collect()
    }

    fn written_out(&self, result: &Expr, solver: &mut Solver) -> Option<Local> {
        let inliner = self.inliner.get_or_init(|| Inliner::new(self.page.into_iter().flatten()));
        let full = inliner.inline(result).filter(|e| e.nodes() <= MAX_NODES)?;
        let mut local = Local { result: full.clone(), steps: vec![ProofStep::new("definition", result.clone(), full)] };
        local = local.then(|e| solver.expanded(e));
        for d in self.definitions.iter().rev() {
            let value = inliner.inline(&d.value).filter(|e| e.nodes() <= MAX_NODES);
            let Some(value) = value.map(|e| solver.expanded(&e).result) else { continue };
            let turned = solver.expanded(&transpose(value.clone())).result;
            let named = called(&local.result, &Definition { value, ..(*d).clone() }, &turned);
            if named != local.result {
                local.steps.push(ProofStep::new("use_name", local.result.clone(), named.clone()));
                local = Local { result: named, ..local }.then(|e| solver.expanded(e));
            }
        }
        Some(local.then(|e| solver.finish(e)))
    }
}

/// A term with the name of a definition in the place of its value, or of the transpose of that, `turned`; of a sum, with the
/// name and the other terms in the place of the longest product.
fn called(e: &Expr, d: &Definition, turned: &Expr) -> Expr {
    let name = variable(&d.name, d.value.shape());
    match d.value.op() {
        Op::Add => longest_product(d).map_or_else(|| e.clone(), |(product, rest)| everywhere(e, &product, &rest)),
        _ if is_product(&d.value) => (0..MAX_OCCURRENCES).fold(e.clone(), |e, _| divided(&e, &d.value, &name)),
        _ if d.value.args().is_empty() => e.clone(),
        _ => {
            let others = as_sum(&d.value).into_iter().chain(turned_dot(&d.value));
            let dot = others.fold(e.clone(), |e, other| everywhere(&e, &other, &name));
            everywhere(&everywhere(&dot, &d.value, &name), turned, &transpose(name))
        }
    }
}

/// Whether gradus made it up for the forward pass: an author did not.
fn is_made_up(name: &Symbol) -> bool {
    name.purpose().is_some_and(|p| Purpose::INTERMEDIATE.contains(&p))
}

fn base(e: &Expr) -> &Expr {
    if *e.op() == Op::Pow { &e.args()[0] } else { e }
}

/// The sum that a factor, or the base of an odd power, is.
fn odd_sum(factor: &Expr) -> Option<&Expr> {
    let base = match (factor.op(), factor.args()) {
        (Op::Pow, [base, p]) if as_number(p)?.to_i64()? % 2 != 0 => base,
        _ => factor,
    };
    (*base.op() == Op::Add).then_some(base)
}

fn negative(sum: &Expr) -> Expr {
    add(sum.args().iter().cloned().map(neg).collect())
}

/// The sums that stand in a term.
fn sums_of(e: &Expr) -> Vec<Expr> {
    let own = (*e.op() == Op::Add).then(|| e.clone());
    own.into_iter().chain(e.args().iter().flat_map(sums_of)).collect()
}

/// The first variable a term speaks of.
fn first_name(e: &Expr) -> Option<&Symbol> {
    e.as_variable().map(|v| &v.name).or_else(|| e.args().iter().find_map(first_name))
}

/// aᵀ b as sum(a ∘ b).
fn as_sum(dot: &Expr) -> Option<Expr> {
    let [row, b] = dot.args() else { return None };
    let a = transpose(row.clone());
    (dot.is_scalar() && *dot.op() == Op::Mul && a.shape() == b.shape())
        .then(|| builtin(Builtin::Sum(Axis::All), had(vec![a, b.clone()])))
}

/// aᵀ b as bᵀ a.
fn turned_dot(dot: &Expr) -> Option<Expr> {
    let [row, b] = dot.args() else { return None };
    (dot.is_scalar() && *dot.op() == Op::Mul).then(|| mul(vec![transpose(b.clone()), transpose(row.clone())]))
}

/// The longest product among the terms of a definition, by its name and the other terms.
fn longest_product(d: &Definition) -> Option<(Expr, Expr)> {
    rests(d).into_iter().max_by_key(|(product, _)| product.nodes())
}

/// As often as it occurs, but so many times at most in one product.
const MAX_OCCURRENCES: usize = 4;

fn everywhere(e: &Expr, term: &Expr, by: &Expr) -> Expr {
    (0..MAX_OCCURRENCES).fold(e.clone(), |e, _| replaced(&e, term, by))
}
