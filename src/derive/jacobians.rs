//! Total derivatives ∂y/∂x in Jacobian form, between any definition y and anything it depends on, by the chain rule.
//!
//! The chain can be taken from either end. From the right, ∂y/∂x = Σ ∂y/∂c ∂c/∂x over the places c where x is used: the
//! reverse sweep. From the left, where y is a derivative made of other derivatives m, ∂y/∂x = Σ ∂y/∂m ∂m/∂x: what is
//! known of ∂m/∂x serves every such y. So the error signals of a network give the recursion of its Hessian blocks, each
//! computed once.

use super::cut::is_spoken_of;
use super::dependence::Dependence;
use super::local::Solver;
use super::pass::{LONG, Link, Swept, Walk};
use super::problem::Local;
use super::recall::Recall;
use super::sentence::{Sentence, Word};
use super::steps::{
    Block, Goal, READ_JACOBIAN, Step, by_chain_rule, direct_symbol, fan_out, partial, reason, shown, total_block,
};
use crate::diag::Error;
use crate::expr::{Expr, Op, Purpose, Shape, Symbol, add, eye, had, mul, variable};
use crate::program::Definition;
use rustc_hash::{FxHashMap as HashMap, FxHashSet as HashSet};
use std::collections::{BTreeMap, BTreeSet};

/// What is asked: the Jacobians of `of` by every target.
pub struct Root<'a> {
    pub of: &'a Symbol,
    /// The targets with their shapes.
    pub targets: BTreeMap<Symbol, Shape>,
}

/// Where they are asked.
pub struct Chains<'a> {
    /// In order.
    pub definitions: &'a [Definition],
    /// The definitions that are derivatives, or made of derivatives.
    pub derived: &'a BTreeSet<Symbol>,
    /// A definition, and the name by which steps speak of it.
    pub label: (&'a Symbol, &'a Symbol),
    pub steps: bool,
}

/// Sums of fewer nodes are written where they are used.
const SUM_NAMED_FROM: u64 = 12;

/// All that is asked. `Err` says what could not be differentiated, and where.
pub fn jacobians(chains: &Chains, roots: &[Root], solver: &mut Solver) -> Result<Swept, Error> {
    let targets: BTreeMap<Symbol, Shape> = roots.iter().flat_map(|r| r.targets.clone()).collect();
    let mut totals = Totals::new(chains, targets, roots, solver);
    for root in roots {
        totals.root(root)?;
    }
    Ok(totals.walk.found())
}

struct Totals<'a> {
    chains: &'a Chains<'a>,
    walk: Walk<'a>,
    values: HashMap<&'a Symbol, &'a Definition>,
    targets: BTreeMap<Symbol, Shape>,
    roots: BTreeSet<&'a Symbol>,
    /// The definitions that mention a name, the last first.
    consumers: HashMap<Symbol, Vec<&'a Symbol>>,
    dependence: Dependence,
    known: HashMap<(Symbol, Symbol), Expr>,
    /// Local Jacobians that are explained.
    explained: HashSet<(Symbol, Symbol)>,
    /// What symbols stand for at this point of the explanation.
    shown: HashMap<Symbol, Expr>,
}

impl<'a> Totals<'a> {
    fn new(
        chains: &'a Chains<'a>,
        targets: BTreeMap<Symbol, Shape>,
        roots: &'a [Root<'a>],
        solver: &'a mut Solver,
    ) -> Totals<'a> {
        let roots: BTreeSet<&Symbol> = roots.iter().map(|r| r.of).collect();
        let speaking = chains.definitions.iter().filter(|d| is_spoken_of(d.value.op()) && d.name != Symbol::Bare);
        let spoken: BTreeSet<&Symbol> = speaking.map(|d| &d.name).collect();
        let recall =
            Recall::new(chains.definitions, |n| roots.contains(n) && !spoken.contains(n) || targets.contains_key(n));
        let walk = Walk::new(chains.definitions, targets.keys().cloned(), recall, solver).told(chains.steps);
        let mut consumers = HashMap::<Symbol, Vec<&Symbol>>::default();
        for d in chains.definitions.iter().rev() {
            walk.operands(&d.name).iter().for_each(|(x, _)| consumers.entry(x.clone()).or_default().push(&d.name));
        }
        let dependence = Dependence::new(chains.definitions.iter().map(|d| (&d.name, walk.operands(&d.name))));
        Totals {
            chains,
            walk,
            values: chains.definitions.iter().map(|d| (&d.name, d)).collect(),
            targets,
            roots,
            consumers,
            dependence,
            known: HashMap::default(),
            explained: HashSet::default(),
            shown: HashMap::default(),
        }
    }

    /// Every target of a root, what lies between them from the root on.
    fn root(&mut self, root: &Root<'a>) -> Result<(), Error> {
        if !self.chains.derived.contains(root.of) {
            let between: Vec<&Symbol> = self.chains.definitions.iter().rev().map(|d| &d.name).collect();
            for d in between.into_iter().filter(|d| *d != root.of) {
                self.total(root.of, d)?;
            }
        }
        for target in root.targets.keys() {
            if let Some(total) = self.total(root.of, target)? {
                self.walk.out.totals.insert((root.of.clone(), target.clone()), total);
            }
        }
        Ok(())
    }

    /// ∂y/∂x; `None` when y does not depend on x.
    fn total(&mut self, y: &Symbol, x: &Symbol) -> Result<Option<Expr>, Error> {
        if y != x && !self.dependence.holds(y, x) {
            return Ok(None);
        }
        let key = (y.clone(), x.clone());
        if let Some(known) = self.known.get(&key) {
            return Ok(Some(known.clone()));
        }
        let total = if y == x { eye(&self.shape(y).count()) } else { self.sum(y, x)? };
        self.known.insert(key, total.clone());
        Ok(Some(total))
    }

    fn shape(&self, name: &Symbol) -> Shape {
        let defined = self.values.get(name).map(|d| d.value.shape().clone());
        defined.or_else(|| self.targets.get(name).cloned()).unwrap_or_else(Shape::scalar)
    }

    /// Whether x is reached through derivatives alone: then they are where the chain is cut.
    fn is_from_the_left(&self, y: &Symbol, x: &Symbol) -> bool {
        let derived = self.chains.derived;
        let mut plain = self.walk.operands(y).iter().map(|(n, _)| n).filter(|n| !derived.contains(*n));
        derived.contains(y) && plain.all(|n| n != x && !self.dependence.holds(n, x))
    }

    /// The sum over all paths from x to y.
    fn sum(&mut self, y: &Symbol, x: &Symbol) -> Result<Expr, Error> {
        let paths = if self.is_from_the_left(y, x) { self.on_the_left(y, x)? } else { self.on_the_right(y, x)? };
        let count = paths.len();
        let (symbols, values): (Vec<Expr>, Vec<Expr>) = paths.into_iter().unzip();
        let symbols = add(symbols);
        let (sum, mut local) = self.walk.combined(values);
        if self.is_shared(y, x) {
            // what several places go on from is brought to its form once, and not at each of them
            local = local.then(|e| self.walk.solver.finish(e));
        }
        if self.walk.steps {
            let left = self.partial(y, x, sum.shape());
            let first = match count {
                1 => by_chain_rule(&left, &symbols, reason("chain_rule")),
                _ => {
                    let y = self.spoken(y);
                    let along = format!(" along {count} paths: what comes along each adds up");
                    let why = [Word::from(x), " reaches ".into(), Word::from(y), along.into()];
                    fan_out(&left, &symbols, Sentence::new(why))
                }
            };
            let all = if count == 1 { "both" } else { "the" };
            let known = {
                let why = format!("{all} factors are known from above");
                by_chain_rule(&symbols, &sum, Sentence::from(why.as_str()))
            };
            let mut block = total_block(y, x, left, &local);
            block.jacobian = true;
            // what is a local derivative alone is explained already
            let chained = [first, known].into_iter().filter(|s| s.before != s.after && symbols != block.left);
            block.steps.splice(0..0, chained.collect::<Vec<_>>());
            if !block.steps.is_empty() {
                self.explain(block);
            }
        }
        Ok(self.named(y, x, local.result))
    }

    /// Whether ∂y/∂x is what the derivatives by several operands of x begin with.
    fn is_shared(&self, y: &Symbol, x: &Symbol) -> bool {
        !self.targets.contains_key(x) && !self.chains.derived.contains(y) && self.walk.operands(x).len() > 1
    }

    /// ∂y/∂m ∂m/∂x for every derivative m in y.
    fn on_the_left(&mut self, y: &Symbol, x: &Symbol) -> Result<Vec<Path>, Error> {
        let mut contributions = vec![];
        for (m, shape) in self.walk.operands(y).to_vec() {
            let Some(inner) = self.total(&m, x)? else { continue };
            for link in self.walk.links_to(self.values[y], &m, &shape) {
                let outer = self.local(&link)?;
                contributions.push(self.chained([y, &m, x], [true, false], outer, inner.clone()));
            }
        }
        Ok(contributions)
    }

    /// ∂y/∂c ∂c/∂x for every use c of x.
    fn on_the_right(&mut self, y: &Symbol, x: &Symbol) -> Result<Vec<Path>, Error> {
        let mut contributions = vec![];
        let shape = self.shape(x);
        for c in self.consumers.get(x).cloned().unwrap_or_default() {
            let Some(outer) = self.total(y, c)? else { continue };
            for link in self.walk.links_to(self.values[c], x, &shape) {
                let inner = self.local(&link)?;
                contributions.push(self.chained([y, c, x], [false, true], outer.clone(), inner));
            }
        }
        Ok(contributions)
    }

    /// A long Jacobian, and a sum that more than one term waits for, gets a name: what is handed on stays small.
    fn named(&mut self, y: &Symbol, x: &Symbol, total: Expr) -> Expr {
        let is_result = self.targets.contains_key(x) && self.roots.contains(y);
        let from = |n: &Symbol| self.consumers.get(n).map_or(0, Vec::len);
        let uses = self.walk.operands(x).len().max(from(y));
        let is_sum = *total.op() == Op::Add && total.nodes() >= SUM_NAMED_FROM && uses > 1;
        if is_result || !self.chains.derived.contains(y) || !(is_sum || total.nodes() > LONG) {
            return total;
        }
        let name = Symbol::made(kind(y, x), vec![y.clone(), x.clone()], 0);
        let symbol = variable(&name, total.shape());
        self.walk.define(&name, &total, self.values[y]);
        self.walk.recall.learn(&total, &name);
        if self.walk.steps {
            let step = Step {
                rule: "name_jacobian".to_owned(),
                before: self.partial(y, x, total.shape()),
                after: symbol.clone(),
                why: reason("name_jacobian"),
            };
            let (of, wrt, left) = (y.clone(), x.clone(), symbol.clone());
            let block =
                Block { goal: Goal::Named(name), of, wrt, jacobian: true, steps: vec![step], left, result: total };
            self.walk.out.blocks.push(block);
            self.shown.insert(Symbol::partial(self.spoken(y), x), symbol.clone());
        }
        symbol
    }

    /// ∂(term)/∂x as the rules have it, for a term of y.
    fn local(&mut self, link: &Link) -> Result<Expr, Error> {
        let (y, x) = (&link.of.name, &link.operand);
        let local = self.walk.solver.jacobian(&link.term, x, &link.shape).map_err(|r| r.of(link.of))?;
        let tidy = self.walk.solver.tidy(&local.result);
        if self.walk.steps && self.explained.insert((y.clone(), x.clone())) {
            let block = self.local_block(y, x, &local, &tidy);
            self.explain(block);
        }
        Ok(tidy.result)
    }

    fn local_block(&self, y: &Symbol, x: &Symbol, local: &Local, tidy: &Local) -> Block {
        let symbol = self.local_symbol(y, x, tidy.result.shape());
        let mut steps = shown(&local.steps);
        if let Some(last) = steps.last() {
            steps.push(Step {
                rule: READ_JACOBIAN.to_owned(),
                before: last.after.clone(),
                after: local.result.clone(),
                why: self.reading(y, x, &symbol, &local.result),
            });
        }
        steps.extend(shown(&tidy.steps));
        Block {
            goal: Goal::Local,
            of: y.clone(),
            wrt: x.clone(),
            jacobian: true,
            steps,
            left: symbol,
            result: tidy.result.clone(),
        }
    }

    fn reading(&self, y: &Symbol, x: &Symbol, left: &Expr, jacobian: &Expr) -> Sentence {
        let y = self.spoken(y);
        let shape = shape_of(jacobian, y, x);
        let direct = left.as_variable().is_some_and(|v| v.name == direct_symbol(y, x));
        let symbol = if direct { direct_symbol(y, x) } else { Symbol::partial(y, x) };
        let what = match (y.as_partial(), direct) {
            (Some(_), _) => vec![Word::from(&symbol)],
            (None, true) => vec!["∂⁺".into(), Word::from(y), "/∂".into(), Word::from(x)],
            (None, false) => vec!["∂".into(), Word::from(y), "/∂".into(), Word::from(x)],
        };
        let start = ["what stands before d".into(), Word::from(x), " is ".into()];
        Sentence::new(start.into_iter().chain(what).chain(shape))
    }

    /// ∂y/∂m ∂m/∂x in symbols and in terms; `local` says which of the two is a definition's own derivative.
    fn chained(&self, [y, m, x]: [&Symbol; 3], local: [bool; 2], outer: Expr, inner: Expr) -> Path {
        let value = product(outer.clone(), inner.clone());
        if !self.walk.steps {
            return (value.clone(), value);
        }
        let symbols = match (m == y, m == x) {
            (true, _) => self.shown_by(y, x, local[1], &inner),
            (_, true) => self.shown_by(y, x, local[0], &outer),
            (false, false) => product(self.shown_by(y, m, local[0], &outer), self.shown_by(m, x, local[1], &inner)),
        };
        (symbols, value)
    }

    fn explain(&mut self, block: Block) {
        if let Some(symbol) = block.left.as_variable() {
            self.shown.insert(symbol.name.clone(), block.result.clone());
        }
        self.walk.out.blocks.push(block);
    }

    /// The symbol ∂y/∂x where it stands for this value, else the value itself.
    fn shown_by(&self, y: &Symbol, x: &Symbol, local: bool, value: &Expr) -> Expr {
        let symbol = if local { self.local_symbol(y, x, value.shape()) } else { self.partial(y, x, value.shape()) };
        let shown = symbol.as_variable().and_then(|v| self.shown.get(&v.name));
        if shown == Some(value) { symbol } else { value.clone() }
    }

    /// The symbol of a definition's own derivative by x: ∂⁺y/∂x where x reaches y in other ways too.
    fn local_symbol(&self, y: &Symbol, x: &Symbol, shape: &Shape) -> Expr {
        let mut others = self.walk.operands(y).iter().map(|(n, _)| n).filter(|n| *n != x);
        match others.any(|n| self.dependence.holds(n, x)) {
            true => variable(direct_symbol(self.spoken(y), x), shape),
            false => self.partial(y, x, shape),
        }
    }

    /// The name by which steps speak of a definition.
    fn spoken<'n>(&'n self, y: &'n Symbol) -> &'n Symbol {
        if y == self.chains.label.0 { self.chains.label.1 } else { y }
    }

    fn partial(&self, y: &Symbol, x: &Symbol, shape: &Shape) -> Expr {
        partial(self.spoken(y), x, shape)
    }
}

/// H for the second derivative ∂δ/∂z of a value, δ being what reaches z; J for any other Jacobian.
fn kind(y: &Symbol, x: &Symbol) -> Purpose {
    if y.purpose() == Some(Purpose::Signal) && y.owner() == Some(x) { Purpose::Curvature } else { Purpose::Jacobian }
}

/// What comes along a path: in symbols, and in terms.
type Path = (Expr, Expr);

/// The product of two Jacobians; a scalar one scales.
fn product(outer: Expr, inner: Expr) -> Expr {
    if outer.is_scalar() || inner.is_scalar() { had(vec![outer, inner]) } else { mul(vec![outer, inner]) }
}

/// Why ∂y/∂x looks as it does: the identity, or a row.
fn shape_of(jacobian: &Expr, y: &Symbol, x: &Symbol) -> Vec<Word> {
    match jacobian.op() {
        Op::Eye(_) if !jacobian.is_scalar() => vec![
            ": ".into(),
            Word::from(x),
            " goes in as it is: every entry of ".into(),
            Word::from(y),
            " moves with the same entry of ".into(),
            Word::from(x),
            ", one for one, and with no other".into(),
        ],
        _ if jacobian.shape().is_row() => vec![": of a scalar it is a row".into()],
        _ => vec![],
    }
}
