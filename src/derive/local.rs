//! Local problems: the differential of one definition in one of its variables, and what follows from it — the pullback
//! of a cotangent and the Jacobian. Solved once up to renaming: a thousand equal layers are one problem.

use super::problem::{Local, Problem};
use super::refusal::Refusal;
use super::renaming::Renaming;
use crate::engine::{self, Context, Facts, ProofStep, Varying};
use crate::expr::{Expr, Op, Shape, Symbol, add, had, integer, matrix_power, mul, transpose, variable};
use crate::fuel;
use crate::program::Definition;
use crate::rules::{Fact, Topic};
use rustc_hash::{FxHashMap as HashMap, FxHashSet as HashSet};
use std::cell::Cell;

/// A term of more nodes is left as the chain rule made it; of a sum its terms are tidied.
pub const TIDY_NODES: u64 = 400;

/// A product of more factors is tidied at its ends, of so many factors each.
const LONG_CHAIN: usize = 12;
const ENDS: usize = 4;

/// A last form is brought to its own last form, until that is itself: at most so often.
pub const MAX_LAST_FORMS: usize = 4;

/// When the engine has looked at so many e-nodes, terms are left as the chain rule made them.
const TIDY_WORK: usize = 40_000;

impl LocalQuestion {
    /// Whether it only asks for another form.
    fn is_tidying(&self) -> bool {
        match self {
            LocalQuestion::Tidy | LocalQuestion::Final | LocalQuestion::Compact | LocalQuestion::Cheapest => true,
            LocalQuestion::Differential(_) | LocalQuestion::Pullback(_) | LocalQuestion::Jacobian(_) => false,
        }
    }

    fn renamed(self, renaming: &Renaming) -> LocalQuestion {
        match self {
            LocalQuestion::Differential(x) => LocalQuestion::Differential(renaming.forth(&x)),
            LocalQuestion::Pullback(x) => LocalQuestion::Pullback(renaming.forth(&x)),
            LocalQuestion::Jacobian(x) => LocalQuestion::Jacobian(renaming.forth(&x)),
            LocalQuestion::Tidy | LocalQuestion::Final | LocalQuestion::Compact | LocalQuestion::Cheapest => self,
        }
    }
}

/// The local problems of one derivation, remembered.
pub struct Solver {
    /// Of the variables of which something is known.
    facts: Facts,
    /// Those of which nothing is known.
    plain: HashSet<Symbol>,
    explain: bool,
    memory: HashMap<Key, Result<Local, Refusal>>,
    /// The last forms of terms up to renaming.
    finished: HashMap<(Expr, Facts), Local>,
    /// What the engine has done, in e-nodes looked at.
    work: Cell<usize>,
}

/// A problem up to renaming: the term, what is known of its variables, and what is asked.
type Key = (Expr, Facts, LocalQuestion);

/// What is asked of a term; a derivative is by this variable.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum LocalQuestion {
    Differential(Expr),
    Pullback(Expr),
    Jacobian(Expr),
    Tidy,
    Final,
    Compact,
    Cheapest,
}

fn is_long(e: &Expr) -> bool {
    *e.op() == Op::Mul && e.args().len() > LONG_CHAIN
}

/// Equal factors beside each other as a power, equal terms as one: what large terms are relieved of at once.
fn condensed(e: &Expr) -> Expr {
    e.rewrite(&mut |e| {
        if *e.op() == Op::Add {
            return add(counted(e.args().to_vec()));
        }
        if *e.op() != Op::Mul {
            return e;
        }
        let mut runs: Vec<(Expr, i64)> = vec![];
        for (base, k) in e.args().iter().map(base_of) {
            match runs.last_mut().filter(|(b, _)| *b == base && base.shape().is_square()) {
                Some((_, count)) => *count += k,
                None => runs.push((base, k)),
            }
        }
        mul(runs.into_iter().map(|(base, k)| matrix_power(base, k)).collect())
    })
}

/// A factor as a whole positive power: (Xᵏ)ᵀ is the k-th of Xᵀ.
fn base_of(factor: &Expr) -> (Expr, i64) {
    let is_transposed = *factor.op() == Op::Transpose;
    let power = if is_transposed { &factor.args()[0] } else { factor };
    let Op::MatrixPower(k @ 1..) = power.op() else { return (factor.clone(), 1) };
    let base = power.args()[0].clone();
    (if is_transposed { transpose(base) } else { base }, *k)
}

/// Equal terms as one with their number in front.
fn counted(terms: Vec<Expr>) -> Vec<Expr> {
    let mut counts: Vec<(Expr, i64)> = vec![];
    let mut places: HashMap<Expr, usize> = HashMap::default();
    for term in terms {
        let place = *places.entry(term.clone()).or_insert(counts.len());
        match counts.get_mut(place) {
            Some((_, count)) => *count += 1,
            None => counts.push((term, 1)),
        }
    }
    counts.into_iter().map(|(term, n)| if n == 1 { term } else { had(vec![integer(n), term]) }).collect()
}

/// What was found of a problem, by the names of the term it stands for.
fn told(
    answer: &Result<Local, Refusal>,
    renaming: &Renaming,
    canonical: &Expr,
    value: &Expr,
) -> Result<Local, Refusal> {
    match answer {
        Ok(local) => Ok(renaming.local_back(local, canonical, value)),
        Err(refusal) => Err(refusal.map(|e| renaming.back(e))),
    }
}

impl Solver {
    /// `explain`: whether the steps are wanted.
    pub fn new(facts: Facts, explain: bool) -> Solver {
        let (facts, plain): (Facts, Facts) = facts.into_iter().partition(|(_, facts)| !facts.is_empty());
        let plain = plain.into_keys().collect();
        Solver { facts, plain, explain, memory: HashMap::default(), finished: HashMap::default(), work: Cell::new(0) }
    }

    /// One that knows the same facts and remembers nothing.
    pub fn afresh(&self) -> Solver {
        Solver { plain: self.plain.clone(), ..Solver::new(self.facts.clone(), false) }
    }

    /// Whether something was learnt of a variable, if only that nothing is known.
    pub fn knows(&self, name: &Symbol) -> bool {
        self.plain.contains(name) || self.facts.contains_key(name)
    }

    /// The engine may do as much again: what comes is a question of its own.
    pub fn set_out_anew(&mut self) {
        self.work.set(0);
    }

    /// A further variable of which this is known.
    pub fn learn(&mut self, name: &Symbol, facts: Vec<Fact>) {
        if facts.is_empty() {
            self.facts.remove(name);
            self.plain.insert(name.clone());
        } else {
            self.facts.insert(name.clone(), facts);
        }
    }

    /// What is known of a term.
    pub fn known(&self, e: &Expr) -> Vec<Fact> {
        engine::known(e, &self.facts)
    }

    /// Whether a term may be centred: by means, sums and ones, or by what is known to be.
    pub fn may_centre(&self, e: &Expr) -> bool {
        let centred = |name: &Symbol| self.facts.get(name).is_some_and(|facts| facts.contains(&Fact::Centred));
        engine::may_centre(e) || !self.facts.is_empty() && e.has_variable(centred)
    }

    /// How many problems were solved so far.
    pub fn problems(&self) -> usize {
        self.memory.len()
    }

    /// d(value), in terms of d(wrt).
    pub fn differential(&mut self, value: &Expr, wrt: &Symbol, shape: &Shape) -> Result<Expr, Refusal> {
        self.solve(value, LocalQuestion::Differential(variable(wrt, shape))).map(|local| local.result)
    }

    /// The gradient of ⟨Ḡ, value⟩ in `wrt`, in the shape of `wrt`. `Err` says why there is none.
    pub fn pullback(&mut self, value: &Expr, wrt: &Symbol, shape: &Shape) -> Result<Local, Refusal> {
        self.solve(value, LocalQuestion::Pullback(variable(wrt, shape)))
    }

    /// ∂vec(value)/∂vec(wrt)ᵀ.
    pub fn jacobian(&mut self, value: &Expr, wrt: &Symbol, shape: &Shape) -> Result<Local, Refusal> {
        self.solve(value, LocalQuestion::Jacobian(variable(wrt, shape)))
    }

    /// The form an author would print.
    pub fn tidy(&mut self, e: &Expr) -> Local {
        let same = || Local { result: e.clone(), steps: vec![] };
        if e.args().is_empty() {
            return same();
        }
        if e.nodes() > TIDY_NODES || is_long(e) {
            return self.tidy_large(e).unwrap_or_else(same);
        }
        self.solve(e, LocalQuestion::Tidy).unwrap_or_else(|_| same())
    }

    /// A term that is too large to be tidied as a whole, in parts: a sum term by term, a product at its ends. `None` for
    /// anything else.
    fn tidy_large(&mut self, e: &Expr) -> Option<Local> {
        let short = condensed(e);
        if short != *e && short.nodes() <= e.nodes() {
            let local = self.tidy(&short);
            let step = ProofStep::new("condense", e.clone(), short);
            return Some(Local { result: local.result, steps: [vec![step], local.steps].concat() });
        }
        if is_long(e) {
            return Some(self.tidy_ends(e));
        }
        if *e.op() != Op::Add {
            return None;
        }
        let terms: Vec<Expr> = e.args().iter().map(|term| self.tidy(term).result).collect();
        let sum = add(counted(terms));
        let smaller = sum.nodes() < e.nodes() && sum.nodes() <= TIDY_NODES;
        let result = if smaller { self.tidy(&sum).result } else { sum };
        Some(Local { result, steps: vec![] })
    }

    /// The form an author would print of a long product, whose middle is tidy: it is one factor among those at the ends.
    fn tidy_ends(&mut self, e: &Expr) -> Local {
        let factors = e.args();
        let (front, rest) = factors.split_at(ENDS);
        let (middle, back) = rest.split_at(rest.len() - ENDS);
        let middle = mul(middle.to_vec());
        let name = Symbol::Rest;
        let short = mul([front, &[variable(&name, middle.shape())], back].concat());
        let put = |e: &Expr| e.substitute(&|n| (*n == name).then(|| middle.clone()));
        let local = self.tidy(&short);
        Local { result: put(&local.result), steps: local.steps.iter().map(|s| s.map(&put)).collect() }
    }

    /// The form a derivation ends with: no rule shortens it, nor does going through the normal form, in which more cancels.
    pub fn finish(&mut self, e: &Expr) -> Local {
        let renaming = Renaming::of(e);
        let key = (renaming.forth(e), renaming.facts(&self.facts));
        if let Some(local) = self.finished.get(&key) {
            return renaming.local_back(local, &key.0, e);
        }
        let mut local = self.in_last_form(e);
        for _ in 1..MAX_LAST_FORMS {
            let next = self.in_last_form(&local.result);
            if next.result == local.result {
                break;
            }
            local = local.then(|_| next);
        }
        self.finished.insert(key, renaming.local_forth(&local));
        self.remember_as_finished(&local.result);
        local
    }

    /// What has its last form is not brought to another: a result reads as `simplify` leaves it.
    fn remember_as_finished(&mut self, e: &Expr) {
        let renaming = Renaming::of(e);
        let key = (renaming.forth(e), renaming.facts(&self.facts));
        let itself = Local { result: key.0.clone(), steps: vec![] };
        self.finished.entry(key).or_insert(itself);
    }

    fn in_last_form(&mut self, e: &Expr) -> Local {
        let tidy = self.tidy(e);
        if tidy.result.args().is_empty() || is_long(&tidy.result) {
            return tidy;
        }
        match self.solve(&tidy.result, LocalQuestion::Final) {
            Ok(last) => Local { result: last.result, steps: [tidy.steps, last.steps].concat() },
            Err(_) => tidy,
        }
    }

    /// The normal form of proofs, in which what cancels is gone.
    pub fn expanded(&self, e: &Expr) -> Local {
        let normal = engine::normal_form(e, &Context { varying: Varying::On(vec![]), facts: self.facts.clone() });
        Local { result: normal.term, steps: normal.steps }
    }

    /// The shortest form of what is written out in full.
    pub fn compact(&mut self, e: &Expr) -> Expr {
        let local = self.solve(e, LocalQuestion::Compact);
        local.map_or_else(|_| e.clone(), |local| local.result)
    }

    /// The form of the fewest floating-point operations.
    pub fn cheapest(&mut self, e: &Expr) -> Expr {
        let local = self.solve(e, LocalQuestion::Cheapest);
        local.map_or_else(|_| e.clone(), |local| local.result)
    }

    /// A proof that two terms are equal, by what is known here; `None` when none was found.
    pub fn prove(&self, left: &Expr, right: &Expr, definitions: &[Definition]) -> Option<Vec<ProofStep>> {
        fuel::spared(|| engine::prove(left, right, definitions, &self.facts)).flatten()
    }

    /// The same by the normal form alone, without a search.
    pub fn prove_by_form(&self, left: &Expr, right: &Expr, definitions: &[Definition]) -> Option<Vec<ProofStep>> {
        engine::prove_by_form(left, right, definitions, &self.facts)
    }

    fn solve(&mut self, value: &Expr, question: LocalQuestion) -> Result<Local, Refusal> {
        let renaming = Renaming::of(value);
        let canonical = renaming.forth(value);
        let facts = renaming.facts(&self.facts);
        let question = question.renamed(&renaming);
        let key = (canonical.clone(), facts.clone(), question.clone());
        if let Some(answer) = self.memory.get(&key) {
            return told(answer, &renaming, &canonical, value);
        }
        let answer = match question.is_tidying() {
            true if self.work.get() > TIDY_WORK => None,
            // a result that is not tidy is one all the same
            true => fuel::spared(|| self.answer(&canonical, &facts, &question)),
            false => Some(self.answer(&canonical, &facts, &question)),
        };
        let Some(answer) = answer else { return Ok(Local { result: value.clone(), steps: vec![] }) };
        if let (LocalQuestion::Tidy, Ok(local)) = (&question, &answer) {
            self.remember_as_tidy(&renaming.back(&local.result));
        }
        let own = told(&answer, &renaming, &canonical, value);
        self.memory.insert(key, answer);
        own
    }

    /// What is tidy is not tidied again.
    fn remember_as_tidy(&mut self, e: &Expr) {
        let renaming = Renaming::of(e);
        let key = (renaming.forth(e), renaming.facts(&self.facts), LocalQuestion::Tidy);
        let itself = Local { result: key.0.clone(), steps: vec![] };
        self.memory.entry(key).or_insert(Ok(itself));
    }

    fn answer(&self, value: &Expr, facts: &Facts, question: &LocalQuestion) -> Result<Local, Refusal> {
        let local = Problem { facts, explain: self.explain, work: &self.work };
        let differentiated = |x: &Expr| local.differentiate(value, x);
        match question {
            LocalQuestion::Differential(x) => differentiated(x),
            LocalQuestion::Pullback(x) => differentiated(x).and_then(|d| local.pull_back(d, value, x)),
            LocalQuestion::Jacobian(x) => differentiated(x).and_then(|d| local.to_jacobian(d, x)),
            LocalQuestion::Tidy => Ok(local.tidy_or_listed(value, &engine::taste)),
            LocalQuestion::Final => Ok(local.finish(value, &engine::taste)),
            LocalQuestion::Compact => {
                let tidy = local.tidy(value, &[Topic::Algebra], &engine::compact);
                let last = local.finish(&tidy.result, &engine::compact);
                Ok(Local { result: last.result, steps: [tidy.steps, last.steps].concat() })
            }
            LocalQuestion::Cheapest => Ok(local.tidy(value, &[Topic::Algebra], &engine::frugal)),
        }
    }
}
