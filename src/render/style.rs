//! What a document says about how its results should look.

use crate::expr::{Expr, Name};
use crate::program::Program;
use std::collections::{BTreeMap, HashMap};

/// Beyond this many nodes an expression is not looked up among the author's orders: comparing it could be slow.
const LOOKUP_LIMIT: u64 = 10_000;

/// The taste of a document: results follow the order and the number format of their author.
#[derive(Clone, Debug, Default)]
pub struct Style {
    /// Names by order of first appearance.
    pub rank: BTreeMap<Name, usize>,
    /// The author's order of sums and elementwise products.
    pub orders: HashMap<Expr, Vec<Expr>>,
    /// Fractions that terminate are written as decimals.
    pub decimals: bool,
}

impl Style {
    /// The style of a program. The author's orders are known both as written and with the definitions inlined.
    pub fn new(program: &Program) -> Style {
        let mut style = Style { decimals: program.decimals, rank: ranks(program), ..Style::default() };
        let inlined = inlined(program);
        let inline = |e: &Expr| e.substitute(&|name| inlined.get(name).cloned());
        for (whole, parts) in &program.orders {
            style.learn(whole.clone(), parts.clone());
            style.learn(inline(whole), parts.iter().map(inline).collect());
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

    pub(super) fn knows(&self, name: &str) -> bool {
        self.rank.contains_key(&Name::from(name))
    }
}

/// Inputs and definitions by their first place in the text; what has no place follows.
fn ranks(program: &Program) -> BTreeMap<Name, usize> {
    let inputs = program.inputs.iter().map(|i| (i.span, &i.name));
    let written = program.definitions.iter().filter(|d| d.written.is_some()).map(|d| (d.span, &d.name));
    let mut names: Vec<_> = inputs.chain(written).collect();
    names.sort_by_key(|(span, _)| *span);
    let introduced = program.definitions.iter().map(|d| &d.name);
    let mut rank = BTreeMap::new();
    for name in names.into_iter().map(|(_, name)| name).chain(introduced) {
        let next = rank.len();
        rank.entry(name.clone()).or_insert(next);
    }
    rank
}

/// Every definition with the earlier ones put in. Shared subtrees stay shared.
fn inlined(program: &Program) -> BTreeMap<Name, Expr> {
    let mut values: BTreeMap<Name, Expr> = BTreeMap::new();
    for d in &program.definitions {
        let value = d.value.substitute(&|name| values.get(name).cloned());
        values.insert(d.name.clone(), value);
    }
    values
}
