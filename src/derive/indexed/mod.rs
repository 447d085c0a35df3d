//! Derivatives of documents with indices: a calculus of sums and members around black boxes, which are the terms inside a
//! plate. What stands at an index is to them a variable.

mod asked;
mod brackets;
mod by_entries;
mod directions;
mod explain;
mod forward;
mod gather;
mod letters;
mod local;
mod pairs;
mod powers;
mod recalled;
mod reverse;
mod score;
mod shorter;
mod sides;
mod targets;
mod tidy;
mod verify;
mod whole;
mod within;

pub(crate) use asked::on_charts;
pub(crate) use by_entries::{as_asked, written_by_entries};
#[cfg(feature = "graph")]
pub(crate) use letters::free as letters_of;
pub use letters::free as free_letters;
pub use targets::ranges_of;
pub(crate) use whole::term_over_whole_arrays;

use super::ask::check_order;
use super::charts::Chart;
use super::local::{MAX_LAST_FORMS, Solver};
use super::options::{Form, Options};
use super::result::{Derivation, Derivative, ResultKind};
use super::steps::Block;
use crate::diag::{Error, Kind, Note, Span};
use crate::engine::facts;
use crate::expr::{
    Builtin, Comparator, Expr, Index, Indexed, Name, Place, PlaceCondition, Shape, Size, Symbol, bases, builtin,
    is_zero, sub, transpose, variable,
};
use crate::program::{Definition, Input, Program};
use crate::syntax::Attribute;
use asked::IndexedAsk;
use explain::Explainer;
use forward::Forward;
use letters::mapped;
use reverse::{Reverse, collect};
use shorter::DEEP;
use std::collections::{BTreeMap, BTreeSet};
use targets::IndexedTarget;

/// What the calculus knows: the document and the letters its author uses.
pub struct Calculus<'a> {
    program: &'a Program,
    solver: Solver,
    /// Tidies results: it knows all that is true of the document, also of what moves.
    telling: Solver,
    /// The author's letters for each range, in order.
    letters: Vec<Index>,
    /// Families that are symmetric where results are told.
    symmetric: BTreeSet<Symbol>,
    /// How structured targets hang on their coordinates: results are told by the targets.
    charts: Vec<Chart>,
    /// Letters that are not to be used: what the document calls so is something else.
    taken: BTreeSet<Name>,
}

/// Derives a document in which something depends on an index.
///
/// # Errors
/// As `derive_program`; `Unsupported` names what the calculus of indices does not know.
pub(super) fn derive_indexed(program: Program, options: &Options) -> Result<Derivation, Error> {
    check_order(options)?;
    if options.score {
        return match options.structured {
            true => Err(refused("a structured target of the score function")),
            false => score::derived(program, options),
        };
    }
    if !options.structured {
        return IndexedAsk::of(program, options)?.derivation(options);
    }
    let (asked, charts) = IndexedAsk::of(program.clone(), options)?.on_charts(options)?;
    let derivation = asked.derivation(options)?;
    Ok(Derivation { charts, ..derivation }.in_document(program))
}

/// A result, and of an order above 1 the derivatives below, the first one first.
#[derive(Clone)]
pub(super) struct IndexedResult {
    derivative: Derivative,
    targets: Vec<IndexedTarget>,
    below: Vec<Expr>,
}

impl<'a> Calculus<'a> {
    fn new(program: &'a Program, of: &IndexedTarget, targets: &[IndexedTarget]) -> Calculus<'a> {
        let mut letters: Vec<Index> = targets.iter().flat_map(|t| t.scope.clone()).chain(of.scope.clone()).collect();
        program.definitions.iter().for_each(|d| tidy::letters_of(&d.value, &mut letters));
        letters.extend(program.plates.values().flatten().cloned());
        let moving = |s: &Symbol| targets.iter().any(|t| t.name == *s);
        let mut calculus = Calculus::with(program, letters, &moving);
        calculus.charts = targets.iter().filter_map(|t| t.chart.clone()).collect();
        if !calculus.charts.is_empty() {
            let own: Vec<Input> = calculus.charts.iter().map(|c| c.of.clone()).collect();
            calculus.symmetric.extend(own.iter().filter(is_symmetric_array).map(|i| i.name.clone()));
            calculus.telling = solver(program, &own, &|_| false);
        }
        calculus
    }

    /// With the author's letters, and what moves.
    fn with(program: &'a Program, letters: Vec<Index>, moving: &dyn Fn(&Symbol) -> bool) -> Calculus<'a> {
        let [solver, telling] = [solver(program, &[], moving), solver(program, &[], &|_| false)];
        let symmetric = symmetric(program, moving);
        Calculus { program, solver, telling, letters, symmetric, charts: vec![], taken: program.names() }
    }

    /// A result as all that is known lets it be told, until that is how it is told itself.
    fn told(&mut self, e: Expr, scope: &[Index]) -> Expr {
        let e = self.charts.iter().fold(e, |e, chart| chart.in_terms(&e));
        let mut told = self.told_once(e, scope);
        for _ in 1..MAX_LAST_FORMS {
            let next = self.told_once(told.clone(), scope);
            if next == told {
                break;
            }
            told = next;
        }
        told
    }

    /// What moves has its structure where the result is used.
    fn told_once(&mut self, e: Expr, scope: &[Index]) -> Expr {
        let e = self.shortest(e, scope);
        std::mem::swap(&mut self.solver, &mut self.telling);
        let told = self.normal(&self.symmetric_members(&e, scope), scope);
        let told = self.shortest(told, scope);
        let told = self.finished(&told);
        // what was made a factor may not depend on the index of its sum
        let again = self.normal(&told, scope);
        let told = if weight(&again) <= weight(&told) { again } else { told };
        std::mem::swap(&mut self.solver, &mut self.telling);
        if weight(&told) <= weight(&e) { told } else { e }
    }

    /// With every part in its last form, what stands below a sign by itself, where that is shorter.
    fn finished(&mut self, e: &Expr) -> Expr {
        let inner = mapped(e, &mut |indexed, shape| {
            variable(indexed.around(&mut |inner, _| self.finished(inner)).symbol(), shape)
        });
        let finished = self.solver.finish(&inner).result;
        if weight(&inner) < weight(e) || weight(&finished) < weight(e) {
            return if weight(&finished) <= weight(&inner) { finished } else { inner };
        }
        self.solver.finish(e).result
    }

    /// The same by the names of the document, and told again where they make it shorter.
    fn told_by_names(&mut self, e: Expr, special: &[&Symbol], scope: &[Index]) -> Expr {
        let told = self.told(e, scope);
        let named = self.recalled(told.clone(), special, scope);
        if named == told { told } else { self.told(named, scope) }
    }

    /// The derivatives of an order, and those below that they are derivatives of.
    fn derivatives(
        &mut self,
        of: &IndexedTarget,
        targets: &[IndexedTarget],
        form: Form,
        order: u32,
    ) -> Result<(Vec<IndexedResult>, Vec<IndexedResult>), Error> {
        let (mut found, mut below) = (vec![], vec![]);
        for t in targets {
            let first = self.first(of, t, form)?;
            found.push(self.found(vec![], t, form, first, vec![]));
        }
        for k in 1..order {
            let lower = std::mem::take(&mut found);
            for one in &lower {
                self.raised(of, one, targets, k + 1 == order, &mut found)?;
            }
            below.extend(lower);
        }
        found
            .into_iter()
            .map(|one| self.result_by_names(of, one))
            .collect::<Result<Vec<_>, _>>()
            .map(|found| (found, below))
    }

    /// A result in the names of the document. A number does not speak of itself, what has indices may: p_i (δ_ij - p_j).
    fn result_by_names(&mut self, of: &IndexedTarget, one: IndexedResult) -> Result<IndexedResult, Error> {
        let scope = one.targets.iter().fold(of.scope.clone(), |scope, t| joined(&scope, &t.scope));
        let own = if of.scope.is_empty() || !one.below.is_empty() { Some(&of.name) } else { None };
        let special: Vec<&Symbol> = own.into_iter().chain(one.targets.iter().map(|t| &t.name)).collect();
        let told = self.told_by_names(one.derivative.result.clone(), &special, &scope);
        let [outer @ .., wrt] = one.targets.as_slice() else { return Ok(one) };
        Ok(self.found(outer.to_vec(), wrt, one.derivative.form, told, one.below.clone()))
    }

    /// The derivatives of one result by the targets: of the last order by each, and once by those that are the same.
    fn raised(
        &mut self,
        of: &IndexedTarget,
        below: &IndexedResult,
        targets: &[IndexedTarget],
        second: bool,
        found: &mut Vec<IndexedResult>,
    ) -> Result<(), Error> {
        let lower = &below.derivative.result;
        let pair = second
            && below.targets.len() == 1
            && targets.len() == 2
            && targets[0].name == targets[1].name
            && targets[0].symbol() != targets[1].symbol();
        let last = below.targets.last().and_then(|t| targets.iter().position(|own| own.name == t.name)).unwrap_or(0);
        // of an order above 2 the others are transposes of these
        let from = if below.targets.len() > 1 { last } else { 0 };
        for inner in targets.iter().skip(from).filter(|i| !pair || i.symbol() != below.targets[0].symbol()) {
            let others: Vec<&IndexedTarget> = [of].into_iter().chain(&below.targets).collect();
            let next = inner.apart(&others, targets.len() == 1);
            let outer: Vec<_> = below.targets.iter().map(IndexedTarget::target).collect();
            let same = |f: &IndexedResult| f.derivative.outer == outer && f.derivative.wrt == next.target();
            if found.iter().any(same) {
                continue;
            }
            let scope = below.targets.iter().fold(of.scope.clone(), |scope, t| joined(&scope, &t.scope));
            let result = self.jacobian(lower, &next, &scope)?;
            let own = below.below.iter().chain([lower]).cloned().collect();
            found.push(self.found(below.targets.clone(), &next, Form::Jacobian, result, own));
        }
        Ok(())
    }

    /// The steps of every derivative that has some, and of which there are none.
    fn explained(
        &mut self,
        of: &IndexedTarget,
        derivatives: &[IndexedResult],
    ) -> Result<(Vec<Block>, Option<Note>), Error> {
        let (mut blocks, mut silent) = (vec![], vec![]);
        for d in derivatives {
            let own = self.steps_of(of, d)?;
            if own.is_empty() {
                silent.push(d.derivative.wrt.label.clone());
            }
            for block in own {
                if !blocks.contains(&block) {
                    blocks.push(block);
                }
            }
        }
        let message = || {
            let by = silent.join(", ");
            format!("no steps are shown by {by}: they would be too many, or there are none for this layout")
        };
        Ok((blocks, (!silent.is_empty()).then(|| Note::warning(message()))))
    }

    /// The blocks of one derivative, those of the orders below before its own; none where there are no steps.
    fn steps_of(&mut self, of: &IndexedTarget, d: &IndexedResult) -> Result<Vec<Block>, Error> {
        if d.targets.iter().any(|t| t.name == of.name) {
            return Ok(vec![]);
        }
        let results: Vec<&Expr> = d.below.iter().chain([&d.derivative.result]).collect();
        let row = d.below.is_empty() && d.derivative.form == Form::Jacobian;
        let mut blocks = vec![];
        for (k, target) in d.targets.iter().enumerate() {
            let mut explainer = Explainer::new(self, target);
            let block = match k {
                0 => explainer.block(of, row, results[0]),
                _ => explainer.further(of, &d.targets[..k], results[k - 1], results[k]),
            };
            // without one of its parts an argument is none
            let Some(block) = spared(block)? else { return Ok(vec![]) };
            blocks.push(block);
        }
        Ok(blocks)
    }

    fn found(
        &mut self,
        outer: Vec<IndexedTarget>,
        wrt: &IndexedTarget,
        form: Form,
        result: Expr,
        below: Vec<Expr>,
    ) -> IndexedResult {
        let targets: Vec<IndexedTarget> = outer.into_iter().chain([wrt.clone()]).collect();
        let result = self.where_there_are(result, &targets);
        let outer = &targets[..targets.len() - 1];
        let derivative = Derivative {
            outer: outer.iter().map(IndexedTarget::target).collect(),
            wrt: wrt.target(),
            quantity: ResultKind::Derivative,
            form,
            shape: result.shape().clone(),
            inlined: Some(result.clone()),
            result,
        };
        IndexedResult { derivative, targets, below }
    }

    /// The result where there are the members it is by: W_23 is asked for where there are three columns.
    fn where_there_are(&self, e: Expr, targets: &[IndexedTarget]) -> Expr {
        let mut given = vec![];
        for t in targets {
            for (place, index) in t.at.iter().flatten().zip(self.plate(&t.name)).filter(|(p, _)| p.is_fixed()) {
                given.extend([(Place::fixed(index.first), place.clone()), (place.clone(), Place::fixed(index.last))]);
            }
        }
        if given.is_empty() { e } else { assuming(&e, &given) }
    }

    /// The derivative of order 1.
    fn first(&mut self, of: &IndexedTarget, t: &IndexedTarget, form: Form) -> Result<Expr, Error> {
        let value = of.value(self.program);
        if form == Form::Shape && of.name != t.name {
            let found = self.gradient(&value, t, &of.scope)?;
            return self.shorter(found, &value, of, t);
        }
        let jacobian = self.jacobian(&value, t, &of.scope)?;
        Ok(if form == Form::Jacobian { jacobian } else { self.normal(&reshaped(jacobian, &t.shape), &t.scope) })
    }

    /// The gradient, or that of the value with its definitions written out, where that is shorter: of the logarithm of
    /// what is defined as an exponential little is left.
    fn shorter(&mut self, found: Expr, value: &Expr, of: &IndexedTarget, t: &IndexedTarget) -> Result<Expr, Error> {
        let written = Explainer::new(self, t).written_out(value, DEEP);
        if written == *value || weight(&written) > SHORT {
            return Ok(found);
        }
        match self.gradient(&written, t, &of.scope) {
            Ok(other) if weight(&other) < weight(&found) => Ok(other),
            // it is only another way of writing
            Ok(_) => Ok(found),
            Err(e) if e.kind == Kind::Limit => Ok(found),
            Err(e) => Err(e),
        }
    }

    /// The gradient of a scalar term whose letters run over `scope`, in the shape of the target.
    fn gradient(&mut self, e: &Expr, t: &IndexedTarget, scope: &[Index]) -> Result<Expr, Error> {
        let scope = joined(scope, &t.scope);
        let mut reverse = Reverse::sweep(self, e, &t.name, &scope)?;
        match &t.at {
            Some(at) => reverse.member(&t.name, at, &scope, &t.shape),
            None => reverse.whole(&t.name, &t.shape),
        }
    }

    /// ∂vec(e)/∂vec(t)ᵀ of a term whose letters run over `scope`.
    fn jacobian(&mut self, e: &Expr, t: &IndexedTarget, scope: &[Index]) -> Result<Expr, Error> {
        if e.is_scalar() {
            let gradient = self.gradient(e, t, scope)?;
            return Ok(self.normal(&transpose(column(gradient)), &joined(scope, &t.scope)));
        }
        let scope = joined(scope, &t.scope);
        let jacobian = Forward::new(self, t).of(e, &scope)?;
        Ok(self.normal(&jacobian, &scope))
    }

    /// The indices of a family or a definition; none of what has no index.
    fn plate(&self, name: &Symbol) -> Vec<Index> {
        self.program.plates.get(name).cloned().unwrap_or_default()
    }

    fn member_shape(&self, name: &Symbol) -> Result<Shape, Error> {
        let unknown = || Error::new(Kind::Internal, format!("`{name}` has no shape"));
        self.program.shape(name).cloned().ok_or_else(unknown)
    }

    /// What moves as the target does.
    fn active(&self, target: &Symbol) -> BTreeSet<Symbol> {
        let mut active = BTreeSet::from([target.clone()]);
        for d in &self.program.definitions {
            if d.value.variables().iter().any(|v| self.moves(v, &active)) {
                active.insert(d.name.clone());
            }
        }
        active
    }

    /// Whether a variable, or anything it is made of, is among these.
    fn moves(&self, symbol: &Symbol, active: &BTreeSet<Symbol>) -> bool {
        let within = |e: &Expr| e.variables().iter().any(|v| self.moves(v, active));
        match symbol.as_indexed() {
            None => active.contains(symbol),
            Some(Indexed::Member { family, .. }) => active.contains(family),
            Some(Indexed::Entry { of, .. }) => within(of),
            Some(Indexed::Stack { body, .. } | Indexed::Gathered { body, .. }) => within(body),
            Some(Indexed::Number(_)) => false,
        }
    }

    /// The variables of a term that move.
    fn leaves(&self, e: &Expr, active: &BTreeSet<Symbol>) -> BTreeMap<Symbol, Shape> {
        let mut leaves = BTreeMap::new();
        collect(e, &mut |s, shape| {
            if self.moves(s, active) {
                leaves.insert(s.clone(), shape.clone());
            }
        });
        leaves
    }

    /// The array of these members.
    fn stack(&self, plate: Vec<Index>, body: Expr) -> Result<Expr, Error> {
        let sizes: Vec<Size> = plate.iter().map(Index::count).collect();
        let shape = match (sizes.as_slice(), body.is_scalar(), body.shape().is_vector()) {
            ([n], true, _) => Shape::vector(n.clone()),
            ([n, m], true, _) => Shape::new(n.clone(), m.clone()),
            ([n], false, true) => Shape::new(n.clone(), body.shape().rows.clone()),
            _ => return Err(refused("a family of this many indices as one array")),
        };
        if is_zero(&body) {
            return Ok(crate::expr::zeros(&shape));
        }
        Ok(variable(Indexed::Stack { over: plate, body }.symbol(), &shape))
    }
}

/// One that knows the facts of what does not move, and of more.
fn solver(program: &Program, more: &[Input], moving: &dyn Fn(&Symbol) -> bool) -> Solver {
    let still = program.inputs.iter().filter(|i| !moving(&i.name)).chain(more);
    let mut known = facts(&still.map(|i| known_of(i, program)).collect::<Vec<_>>());
    for d in &program.definitions {
        tidy::members_of(&d.value, &mut |symbol, family| {
            if let Some(own) = known.get(family).cloned() {
                known.insert(symbol.clone(), own);
            }
        });
    }
    Solver::new(known, false)
}

/// An input with what is known of each of its members: that an array is symmetric says nothing of an entry.
fn known_of(input: &Input, program: &Program) -> Input {
    let entries = input.shape.is_scalar() && program.plates.contains_key(&input.name);
    let own = |a: &Attribute| !entries || a.structure().is_none() && *a != Attribute::Invertible;
    Input { attributes: input.attributes.iter().copied().filter(own).collect(), ..input.clone() }
}

/// What would take too much work is left out.
fn spared(block: Result<Option<Block>, Error>) -> Result<Option<Block>, Error> {
    match block {
        Err(e) if e.kind == Kind::Limit => Ok(None),
        block => block,
    }
}

/// A term without conditions that hold: each of these places is at most the other.
fn assuming(e: &Expr, given: &[(Place, Place)]) -> Expr {
    mapped(e, &mut |indexed, shape| match indexed {
        Indexed::Gathered { by, over, when, body } => {
            let holds = |c: &PlaceCondition| {
                c.relation == Comparator::AtMost && given.iter().any(|(a, b)| c.left == *a && c.right == *b)
            };
            let when: Vec<PlaceCondition> = when.iter().filter(|c| !holds(c)).cloned().collect();
            let body = assuming(body, given);
            if over.is_empty() && when.is_empty() { body } else { gather::gathered(*by, over.clone(), when, body) }
        }
        Indexed::Member { .. } | Indexed::Entry { .. } | Indexed::Stack { .. } | Indexed::Number(_) => {
            variable(indexed.clone().symbol(), shape)
        }
    })
}

/// Whether two terms whose free letters run over `scope` have one form, whatever ranges there are.
pub fn same_form(program: &Program, scope: &[Index], a: &Expr, b: &Expr) -> bool {
    a.shape() == b.shape() && is_zero(&tidied(program, scope, &sub(a.clone(), b.clone())))
}

/// A term whose free letters run over `scope` in the form an author would write.
pub fn tidied(program: &Program, scope: &[Index], e: &Expr) -> Expr {
    let mut letters = scope.to_vec();
    tidy::letters_of(e, &mut letters);
    letters.extend(program.plates.values().flatten().cloned());
    Calculus::with(program, letters, &|_| true).normal(e, scope)
}

/// A term whose free letters run over `scope` in the form a derivation of the document would end with.
pub fn in_last_form(program: &Program, scope: &[Index], e: &Expr) -> Expr {
    let mut letters = scope.to_vec();
    tidy::letters_of(e, &mut letters);
    letters.extend(program.plates.values().flatten().cloned());
    let mut calculus = Calculus::with(program, letters, &|_| false);
    let normal = calculus.normal(e, scope);
    calculus.told(normal, scope)
}

/// A term as gradus writes it, with the letters another one uses.
pub fn in_letters_of(program: &Program, scope: &[Index], e: &Expr, other: &Expr) -> Expr {
    let mut letters = vec![];
    tidy::letters_of(other, &mut letters);
    tidy::letters_of(e, &mut letters);
    letters.extend(program.plates.values().flatten().cloned());
    Calculus::with(program, letters, &|_| true).normal(e, scope)
}

/// Values written out that are larger are not derived for a shorter form.
const SHORT: u64 = 120;

/// How large a term is, with what stands at its indices.
fn weight(e: &Expr) -> u64 {
    let own = |e: &Expr| match e.as_variable().and_then(|v| v.name.as_indexed()) {
        Some(Indexed::Stack { body, .. } | Indexed::Gathered { body, .. } | Indexed::Entry { of: body, .. }) => {
            1 + weight(body)
        }
        Some(Indexed::Member { .. } | Indexed::Number(_)) | None => 1,
    };
    e.args().iter().fold(own(e), |sum, a| sum.saturating_add(weight(a)))
}

/// The indices of both, each once.
fn joined(scope: &[Index], more: &[Index]) -> Vec<Index> {
    let new = more.iter().filter(|i| scope.iter().all(|s| s.letter != i.letter));
    scope.iter().chain(new).cloned().collect()
}

/// An array as the column of its entries.
fn column(e: Expr) -> Expr {
    if e.is_scalar() || e.shape().is_vector() { e } else { builtin(Builtin::Vec, e) }
}

/// A 1 × k Jacobian as the gradient in its shape.
fn reshaped(jacobian: Expr, shape: &Shape) -> Expr {
    let column = transpose(jacobian);
    match shape.is_scalar() || shape.is_vector() {
        true => column,
        false => crate::expr::build(crate::expr::Op::Unvec(shape.rows.clone(), shape.cols.clone()), vec![column]),
    }
}

/// What is not derived yet, by its name.
fn refused(what: &str) -> Error {
    Error::new(Kind::Unsupported, format!("there is no rule yet for {what}"))
}

/// What is drawn from a distribution that a target moves, the distribution, and the target.
fn moving_distributions(program: &Program, options: &Options) -> Vec<(Symbol, Name, String)> {
    let own = program.inputs.iter().map(|i| i.name.to_string());
    let targets: Vec<String> = if options.wrt.is_empty() { own.collect() } else { options.wrt.clone() };
    // what is drawn is no target of its own distribution
    let drawn = |word: &String| program.drawn.keys().any(|random| random.word() == word);
    let targets = targets.into_iter().filter(|word| !drawn(word));
    let pairs = targets.flat_map(|word| program.drawn.iter().map(move |(random, from)| (word.clone(), random, from)));
    let moving = pairs.filter_map(|(word, random, from)| {
        let distribution = moving_one(program, from, &word)?;
        Some((random.clone(), distribution, word))
    });
    moving.collect()
}

/// Of what a distribution is written with, its name where a target moves it: the one with a density, else the one that speaks
/// of the target, the μ of `N(μ, Σ)`.
fn moving_one(program: &Program, from: &BTreeSet<Name>, word: &str) -> Option<Name> {
    let base = word.split('_').next().unwrap_or(word);
    // `D_script_θ`, a script letter, speaks of θ and not of D
    let speaks = |name: &Name| {
        let parts: Vec<&str> = name.as_str().split(['_', ',']).collect();
        let own = |(i, part): (usize, &&str)| *part == base && parts.get(i + 1) != Some(&"script");
        name.as_str() == word || parts.iter().enumerate().any(own)
    };
    let said = from.iter().find(|n| speaks(n));
    let known = from.iter().find_map(|d| Some((d, program.densities.get(d)?)));
    match known {
        Some((d, density)) => (said.is_some() || depends(program, density, word)).then(|| d.clone()),
        None => said.cloned(),
    }
}

/// Whether a term is made of a variable or family, also by definitions.
fn depends(program: &Program, e: &Expr, word: &str) -> bool {
    let family = word.rsplit_once('_').map_or(word, |(family, _)| family);
    made_of(program, e).iter().any(|s| s.word() == word || s.word() == family)
}

/// The variables and families a term is made of, also by definitions.
fn made_of(program: &Program, e: &Expr) -> BTreeSet<Symbol> {
    let mut found = bases(e);
    for d in program.definitions.iter().rev() {
        if found.contains(&d.name) {
            found.extend(bases(&d.value));
        }
    }
    found
}

/// What is drawn from a distribution that a target moves is no constant of it.
fn refuse_moving_distributions(program: &Program, options: &Options) -> Result<(), Error> {
    let Some((random, _, word)) = moving_distributions(program, options).into_iter().next() else { return Ok(()) };
    let message = format!("the distribution {random} is drawn from depends on {word}: the expectation moves with it");
    Err(Error::new(Kind::Unsupported, message).help(format!(
        "two ways out: reparametrise, {random} as a function of {word} and of noise whose distribution is fixed, \
         z = μ + σ ε; or --score, the mean of what stands in E times ∇ log p"
    )))
}

/// The families of data that are declared as symmetric arrays; none where a target is declared as something: its entries are
/// compared as they move by themselves, and so is all else then.
fn symmetric(program: &Program, moving: &dyn Fn(&Symbol) -> bool) -> BTreeSet<Symbol> {
    match program.inputs.iter().any(|i| moving(&i.name) && !i.attributes.is_empty()) {
        true => BTreeSet::new(),
        false => program.inputs.iter().filter(is_symmetric_array).map(|i| i.name.clone()).collect(),
    }
}

/// Whether the members are the entries of a symmetric array.
fn is_symmetric_array(input: &&Input) -> bool {
    let structured = [Attribute::Symmetric, Attribute::Spd, Attribute::Diagonal];
    input.shape.is_scalar() && input.attributes.iter().any(|a| structured.contains(a))
}

/// A derivation without results.
fn frame(program: Program, of: &IndexedTarget, options: &Options) -> Derivation {
    let definition = program.definition(&of.name).cloned();
    let value = || variable(&of.name, &of.shape);
    let asked = definition.unwrap_or_else(|| Definition {
        name: of.name.clone(),
        value: value(),
        written: None,
        span: Span::default(),
    });
    let notes = program.notes.clone();
    Derivation {
        of: of.name.clone(),
        label: of.label(&program),
        of_shape: of.shape.clone(),
        asked,
        forward: program.definitions.clone(),
        introduced: BTreeSet::new(),
        deltas: vec![],
        derivatives: vec![],
        blocks: vec![],
        check: None,
        notes,
        sharing: options.sharing,
        problems: 0,
        charts: vec![],
        program,
    }
}
