//! What a document says about how its results should look.

use crate::expr::{Expr, Index, Name, Symbol};
use crate::program::{Inliner, Program};
use crate::syntax::Ast;
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Beyond this many nodes an expression is not looked up among the author's orders: comparing it could be slow.
const LOOKUP_LIMIT: u64 = 10_000;

/// The taste of a document: results follow the order and the number format of their author.
#[derive(Clone, Debug, Default)]
pub struct Style {
    /// Names by order of first use in the definitions.
    pub rank: FxHashMap<Name, usize>,
    /// The author's order of sums and elementwise products.
    pub orders: HashMap<Expr, Vec<Expr>>,
    /// Fractions that terminate are written as decimals.
    pub decimals: bool,
    /// What the names of the document are without their indices.
    pub letters: BTreeSet<String>,
    /// Where families have members.
    pub plates: BTreeMap<Symbol, Vec<Index>>,
    /// The indices of samples: they are not written.
    pub samples: Vec<Name>,
}

impl Style {
    /// The style of a program. The author's orders are known both as written and with the definitions inlined.
    pub fn new(program: &Program) -> Style {
        let plates = program.plates.clone();
        let mut style = Style { decimals: program.decimals, rank: ranks(program), plates, ..Style::default() };
        style.samples = program.samples().into_iter().map(|i| i.letter).collect();
        for name in program.each_name() {
            let base = name.as_str().split('_').next().unwrap_or_default();
            if !style.letters.contains(base) {
                style.letters.insert(base.to_owned());
            }
        }
        let inliner = Inliner::new(program.definitions.iter());
        for (whole, parts) in &program.orders {
            style.learn(whole.clone(), parts.clone());
            if let Some(inlined) = inliner.inline(whole) {
                style.learn(inlined, parts.iter().filter_map(|p| inliner.inline(p)).collect());
            }
        }
        style
    }

    /// The first order given for an expression stays.
    fn learn(&mut self, whole: Expr, parts: Vec<Expr>) {
        if whole.nodes() <= LOOKUP_LIMIT && whole.args().len() == parts.len() {
            self.orders.entry(whole).or_insert(parts);
        }
    }

    /// The author's order of the arguments of a sum or an elementwise product.
    pub(super) fn order(&self, e: &Expr) -> Option<&[Expr]> {
        if e.nodes() > LOOKUP_LIMIT {
            return None;
        }
        self.orders.get(e).map(Vec::as_slice)
    }

    pub(super) fn rank(&self, name: &Name) -> usize {
        self.rank.get(name).copied().unwrap_or(usize::MAX)
    }

    /// The ranks of the names of a tree, in the order they are read.
    pub(super) fn reading(&self, e: &Ast) -> Vec<usize> {
        let mut ranks = Vec::new();
        e.names(&mut |n| ranks.push(self.rank(n)));
        ranks
    }

    /// Whether a name of the document is this letter, with or without an index.
    pub(super) fn uses_letter(&self, letter: &str) -> bool {
        self.letters.contains(letter)
    }
}

/// Names as the definitions use them, then those that are only declared, then those gradus introduced.
fn ranks(program: &Program) -> FxHashMap<Name, usize> {
    let mut written: Vec<_> = program.definitions.iter().filter(|d| d.written.is_some()).collect();
    written.sort_by_key(|d| d.span);
    let mut order: Vec<Name> = Vec::new();
    for d in written {
        d.written.iter().for_each(|ast| ast.names(&mut |n| order.push(n.clone())));
        order.extend(d.name.name().cloned());
    }
    let known: FxHashSet<&Name> = program.shapes().filter_map(|(symbol, _)| symbol.name()).collect();
    order.retain(|n| known.contains(n));
    order.extend(program.shapes().filter_map(|(symbol, _)| symbol.name().cloned()));
    let mut rank = FxHashMap::default();
    for name in order {
        let next = rank.len();
        rank.entry(name).or_insert(next);
    }
    rank
}
