//! Unification of sizes: unknowns are solved where they stand alone on one side, declared names are rigid.

use crate::diag::Span;
use crate::expr::{Atom, Name, Shape, Size};
use rustc_hash::FxHashMap as HashMap;
use std::collections::BTreeMap;

/// What an unknown size may become.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unknown {
    /// 1 when nothing fixes it: the columns of a bare `𝟏`, a bare `0` among blocks.
    DefaultOne,
    /// Any size.
    Free,
    /// Any size but 1: a vector by convention is not a scalar.
    NotOne,
    /// An integer the document declares. It may stand for a polynomial, under the condition that the two are equal.
    Literal(i64),
}

/// An equation between sizes that no binding solves yet.
#[derive(Clone, Debug)]
pub(super) struct Unsolved {
    pub left: Size,
    pub right: Size,
    pub span: Span,
}

/// Two sizes that cannot be equal.
#[derive(Clone, Copy, Debug)]
pub(super) struct Clash;

/// The state of a unification.
#[derive(Default)]
pub(super) struct Unifier {
    unknowns: Vec<Unknown>,
    bound: HashMap<Atom, Size>,
    /// Where each bound unknown got its value.
    reasons: HashMap<Atom, Span>,
    deferred: Vec<Unsolved>,
    conditions: Vec<Unsolved>,
    /// Sizes a condition gives an integer.
    fixed: BTreeMap<Atom, i64>,
    /// Blocks were taken to meet one by one.
    pub aligned: bool,
    /// In a single expression declared names stay what they are.
    pub rigid: bool,
}

impl Unifier {
    pub fn unknown(&mut self, kind: Unknown) -> Size {
        self.unknowns.push(kind);
        Size::atom(Atom::Unknown(self.unknowns.len() as u32 - 1))
    }

    /// An integer as declared: 1 is always 1, others may meet a size name under a condition.
    pub fn literal(&mut self, n: i64) -> Size {
        if n <= 1 { Size::constant(n) } else { self.unknown(Unknown::Literal(n)) }
    }

    fn kind(&self, atom: &Atom) -> Option<Unknown> {
        let Atom::Unknown(index) = atom else { return None };
        self.unknowns.get(*index as usize).copied()
    }

    fn is_open(&self, atom: &Atom) -> bool {
        matches!(self.kind(atom), Some(Unknown::DefaultOne | Unknown::Free | Unknown::NotOne))
    }

    /// Whether something of it is known.
    fn is_bound(&self, size: &Size) -> bool {
        size.as_constant().is_none() && size.atoms().any(|n| self.bound.contains_key(n))
    }

    /// The size with everything known put in.
    pub fn resolve(&mut self, size: &Size) -> Size {
        if !self.is_bound(size) {
            return size.clone();
        }
        let mut value = size.clone();
        while self.is_bound(&value) {
            value = value.substitute(&|n| self.bound.get(n).cloned());
        }
        if let Some(atom) = size.as_atom() {
            self.bound.insert(atom.clone(), value.clone());
        }
        value
    }

    pub fn resolve_shape(&mut self, shape: &Shape) -> Shape {
        Shape::new(self.resolve(&shape.rows), self.resolve(&shape.cols))
    }

    pub fn is_one(&mut self, size: &Size) -> bool {
        self.resolve(size).is_one()
    }

    /// Makes two sizes equal.
    pub fn unify(&mut self, left: &Size, right: &Size, span: Span) -> Result<(), Clash> {
        let (left, right) = (self.resolve(left), self.resolve(right));
        if left == right {
            return Ok(());
        }
        let difference = left.minus(&right);
        let is_open = difference.atoms().any(|n| self.is_open(n));
        // Whether something is a scalar, a row or a column is never a condition on sizes.
        if (left.is_one() || right.is_one()) && !is_open {
            return Err(Clash);
        }
        if self.bind_open(&difference, span)? || self.bind_literal(&difference, span)? || self.fix(&difference, span)? {
            return Ok(());
        }
        if is_open && !one_sided(&difference) {
            self.deferred.push(Unsolved { left, right, span });
            return Ok(());
        }
        if !is_open && self.settle_literals(&difference) {
            return self.unify(&left, &right, span);
        }
        Err(Clash)
    }

    /// Declared integers that a product holds (`2 m` against `m 2`) stand for nothing but themselves. False when there
    /// are none.
    fn settle_literals(&mut self, size: &Size) -> bool {
        let literals: Vec<(Atom, i64)> = size
            .atoms()
            .filter_map(|n| match self.kind(n) {
                Some(Unknown::Literal(k)) => Some((n.clone(), k)),
                Some(Unknown::DefaultOne | Unknown::Free | Unknown::NotOne) | None => None,
            })
            .collect();
        for (name, k) in &literals {
            self.bound.insert(name.clone(), Size::constant(*k));
        }
        !literals.is_empty()
    }

    pub fn unify_shapes(&mut self, left: &Shape, right: &Shape, span: Span) -> Result<(), Clash> {
        self.unify(&left.rows, &right.rows, span)?;
        self.unify(&left.cols, &right.cols, span)
    }

    /// Solves `difference = 0` for an unknown that stands alone. The least constrained unknown yields.
    fn bind_open(&mut self, difference: &Size, span: Span) -> Result<bool, Clash> {
        for kind in [Unknown::DefaultOne, Unknown::Free, Unknown::NotOne] {
            let names: Vec<Atom> = difference.atoms().filter(|n| self.kind(n) == Some(kind)).cloned().collect();
            for name in names.into_iter().rev() {
                let Some(value) = solve(difference, &name) else { continue };
                if value.is_one() && kind == Unknown::NotOne {
                    return Err(Clash);
                }
                if is_positive(&value) {
                    self.bind(name, value, span);
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }

    fn bind(&mut self, name: Atom, value: Size, span: Span) {
        self.reasons.insert(name.clone(), span);
        self.bound.insert(name, value);
    }

    /// An integer the document declares meets another expression for the same size.
    fn bind_literal(&mut self, difference: &Size, span: Span) -> Result<bool, Clash> {
        if difference.atoms().any(|n| self.is_open(n)) {
            return Ok(false);
        }
        if self.with_integers(difference).as_constant().is_some_and(|n| n != 0) {
            return Err(Clash);
        }
        let names: Vec<Atom> = difference.atoms().filter(|n| self.kind(n).is_some()).cloned().collect();
        for name in names {
            let (Some(Unknown::Literal(n)), Some(value)) = (self.kind(&name), solve(difference, &name)) else {
                continue;
            };
            if is_positive(&value) {
                let meant = self.with_integers(&value);
                self.condition(&meant, n, span)?;
                self.bind(name, value, span);
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The condition that a polynomial in declared names is an integer.
    fn condition(&mut self, left: &Size, n: i64, span: Span) -> Result<(), Clash> {
        if let Some(value) = left.as_constant() {
            return if value == n { Ok(()) } else { Err(Clash) };
        }
        if n <= 1 {
            return Err(Clash);
        }
        if let Some(name) = left.as_atom()
            && *self.fixed.entry(name.clone()).or_insert(n) != n
        {
            return Err(Clash);
        }
        self.conditions.push(Unsolved { left: left.clone(), right: Size::constant(n), span });
        Ok(())
    }

    /// `n = 3` for a declared n: a condition, under which n is 3 everywhere.
    fn fix(&mut self, difference: &Size, span: Span) -> Result<bool, Clash> {
        if self.rigid || difference.atoms().any(|n| self.kind(n).is_some()) {
            return Ok(false);
        }
        let mut names = difference.atoms();
        let (Some(name), None) = (names.next().cloned(), names.next()) else { return Ok(false) };
        let Some(value) = solve(difference, &name) else { return Ok(false) };
        let Some(n) = value.as_constant() else { return Ok(false) };
        self.condition(&Size::atom(name.clone()), n, span)?;
        self.bind(name, value, span);
        Ok(true)
    }

    /// Declared integers as integers.
    fn with_integers(&self, size: &Size) -> Size {
        size.substitute(&|n| match self.kind(n) {
            Some(Unknown::Literal(k)) => Some(Size::constant(k)),
            Some(Unknown::DefaultOne | Unknown::Free | Unknown::NotOne) | None => None,
        })
    }

    /// Where the names of a size got their values, for error messages.
    pub fn reason(&self, size: &Size) -> Option<Span> {
        size.atoms().find_map(|n| self.reasons.get(n).copied())
    }

    /// Solves what waited for other sizes, and lets sizes nobody fixed be 1 where that is their default. What comes
    /// back cannot be solved.
    pub fn settle(&mut self) -> Vec<(Unsolved, Option<Clash>)> {
        let mut failed = self.retry();
        for i in 0..self.unknowns.len() {
            let name = Atom::Unknown(i as u32);
            if self.unknowns[i] == Unknown::DefaultOne && !self.bound.contains_key(&name) {
                self.bound.insert(name, Size::one());
            }
        }
        failed.append(&mut self.retry());
        while self.align() {
            failed.append(&mut self.retry());
        }
        failed.extend(std::mem::take(&mut self.deferred).into_iter().map(|e| (e, None)));
        failed
    }

    /// Blocks that meet, p + k = n + m, meet one by one in the order in which they stand: `[x; u]^T [Q, S; R, P] [x; u]`.
    fn align(&mut self) -> bool {
        for equation in self.deferred.clone() {
            let (left, right) = (self.resolve(&equation.left), self.resolve(&equation.right));
            if let (Some(left), Some(right)) = (self.blocks(&left), self.blocks(&right))
                && left.len() == right.len()
                && left.iter().all(|atom| !right.contains(atom))
            {
                let (first, second) = (Size::atom(left[0].clone()), Size::atom(right[0].clone()));
                self.aligned = true;
                return self.unify(&first, &second, equation.span).is_ok();
            }
        }
        false
    }

    /// The sizes of several blocks that nothing fixes, oldest first.
    fn blocks(&self, size: &Size) -> Option<Vec<Atom>> {
        let alone = |(atoms, times): (&[Atom], i64)| match atoms {
            [atom] if times == 1 && self.is_open(atom) => Some(atom.clone()),
            _ => None,
        };
        let mut found = size.terms().map(alone).collect::<Option<Vec<Atom>>>()?;
        found.sort();
        (found.len() > 1 && size.over() == 1).then_some(found)
    }

    fn retry(&mut self) -> Vec<(Unsolved, Option<Clash>)> {
        let mut failed = Vec::new();
        loop {
            let before = self.deferred.len();
            for equation in std::mem::take(&mut self.deferred) {
                if let Err(clash) = self.unify(&equation.left, &equation.right, equation.span) {
                    failed.push((equation, Some(clash)));
                }
            }
            if self.deferred.len() >= before {
                return failed;
            }
        }
    }

    /// Integers the document declares are from now on those integers.
    pub fn close_literals(&mut self) {
        for i in 0..self.unknowns.len() {
            let name = Atom::Unknown(i as u32);
            if let Unknown::Literal(n) = self.unknowns[i] {
                self.bound.entry(name).or_insert_with(|| Size::constant(n));
            }
        }
    }

    /// Every unknown without a value, oldest first.
    pub fn open(&self) -> Vec<Atom> {
        let names = (0..self.unknowns.len()).map(|i| Atom::Unknown(i as u32));
        names.filter(|n| self.is_open(n) && !self.bound.contains_key(n)).collect()
    }

    /// Unknowns without a value in a size, oldest first.
    pub fn open_in(&mut self, size: &Size) -> Vec<Atom> {
        let resolved = self.resolve(size);
        let mut names: Vec<Atom> = resolved.atoms().filter(|n| self.is_open(n)).cloned().collect();
        names.sort();
        names.dedup();
        names
    }

    /// Gives an unknown its final name.
    pub fn name(&mut self, unknown: Atom, name: &Name) {
        self.bound.insert(unknown, Size::name(name.clone()));
    }

    /// The size in words: unknowns by the names given, integers as integers.
    pub fn show(&mut self, size: &Size, names: &BTreeMap<Atom, Name>) -> Size {
        let resolved = self.resolve(size);
        self.with_integers(&resolved).substitute(&|n| names.get(n).map(|name| Size::name(name.clone())))
    }

    /// Conditions found on the way, in order, without repetition. Called when all is settled.
    pub fn take_conditions(&mut self) -> Vec<Unsolved> {
        let mut seen: Vec<Unsolved> = Vec::new();
        for condition in std::mem::take(&mut self.conditions) {
            if !seen.iter().any(|c| c.left == condition.left && c.right == condition.right) {
                seen.push(condition);
            }
        }
        seen
    }
}

/// `name` from `difference = 0`, when it occurs once, alone, with a coefficient that divides the rest whatever the sizes are.
fn solve(difference: &Size, name: &Atom) -> Option<Size> {
    let (mut coefficient, difference) = (None, difference.numerator());
    for (monomial, c) in difference.terms().filter(|(m, _)| m.contains(name)) {
        if monomial.len() != 1 || coefficient.replace(c).is_some() {
            return None;
        }
    }
    let c = coefficient?;
    let rest = difference.minus(&Size::atom(name.clone()).times(&Size::constant(c)));
    let rest = if c > 0 { Size::constant(0).minus(&rest) } else { rest };
    let c = c.checked_abs()?;
    rest.divided(c).or_else(|| rest.halved(c))
}

/// True when no term of it is negative: sizes count things.
fn is_positive(size: &Size) -> bool {
    let mut terms = size.terms().peekable();
    terms.peek().is_some() && terms.all(|(_, c)| c > 0)
}

/// True when a sum cannot be zero because all its terms have one sign.
fn one_sided(size: &Size) -> bool {
    size.terms().all(|(_, c)| c > 0) || size.terms().all(|(_, c)| c < 0)
}
