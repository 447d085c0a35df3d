//! Sums, means, products and expectations, and what their indices are told: ranges, sets, conditions.

use super::read::Reader;
use super::{ConditionUse, Hoisted, PlaceUse, name_of};
use crate::diag::{Error, Kind, Span};
use crate::expr::{Comparator, Gathering, Name};
use crate::syntax::{
    Ast, BinaryOp, Bound, Sign, Statement, Syntax, WrittenCondition, WrittenPlace, index_letters, indicator_of,
    split_index,
};

/// What stands below a sign, read.
#[derive(Default)]
struct ReadLimits {
    over: Vec<usize>,
    when: Vec<ConditionUse>,
    masks: Vec<Ast>,
}

/// An end of a range at other indices.
struct RangeEnd {
    is_first: bool,
    place: PlaceUse,
}

impl RangeEnd {
    /// What it says of the index that has the range.
    pub(super) fn condition(&self, own: usize) -> ConditionUse {
        let strict = self.place.offset == if self.is_first { 1 } else { -1 };
        let offset = if strict { 0 } else { self.place.offset };
        let other = PlaceUse { offset, ..self.place.clone() };
        let (left, right) = if self.is_first { (other, PlaceUse::at(own)) } else { (PlaceUse::at(own), other) };
        ConditionUse { left, relation: if strict { Comparator::Less } else { Comparator::AtMost }, right }
    }
}

/// An end moved by a number.
fn moved(end: &Ast, by: i64) -> Ast {
    if by == 0 {
        return end.clone();
    }
    let number = Ast::new(Syntax::Number(by.abs().to_string()), end.span);
    let sign = if by < 0 { Sign::Minus } else { Sign::Plus };
    Ast::new(Syntax::Sum(vec![(Sign::Plus, end.clone()), (sign, number)]), end.span)
}

impl Reader<'_> {
    pub(super) fn gathered(
        &mut self,
        by: Gathering,
        over: &[Bound],
        when: &[WrittenCondition],
        body: &Ast,
        span: Span,
    ) -> Result<Ast, Error> {
        let outside = self.scope.len();
        let random = self.random.clone();
        let mut limits = match by {
            Gathering::Expectation => {
                ReadLimits { over: vec![self.expectation(over, body, span)?], ..ReadLimits::default() }
            }
            Gathering::Sum | Gathering::Product | Gathering::Maximum | Gathering::Minimum | Gathering::Mean => {
                self.limits(over, when)?
            }
        };
        for c in when {
            match self.is_about_values(c) {
                true => {
                    let condition = self.with_label_first(c);
                    limits.masks.push(self.expression(&indicator_of(&condition, span))?);
                }
                false => limits.when.push(self.condition(c)?),
            }
        }
        limits.when.extend(self.without_loops(over, body));
        let conditions = self.conditions.len();
        self.conditions.extend(limits.when.iter().cloned());
        let read = self.expression(body)?;
        self.conditions.truncate(conditions);
        self.scope.truncate(outside);
        self.random = random;
        self.masked(by, limits, read, span)
    }

    /// The indices a sum binds, with what their sets and ranges say.
    fn limits(&mut self, over: &[Bound], when: &[WrittenCondition]) -> Result<ReadLimits, Error> {
        let mut limits = ReadLimits::default();
        for bound in self.bound_ones(over, when) {
            let (range, ends) = self.range(bound);
            let id = self.bind(&bound.letter, range, bound.letter_span);
            limits.over.push(id);
            if let Some((first, last)) = &bound.range {
                let other =
                    |side: &Ast, is_first: bool| (!ends.iter().any(|e| e.is_first == is_first)).then(|| side.clone());
                self.indices.bindings[id].written = [other(first, true), other(last, false)];
            }
            for end in &ends {
                self.indices.bindings[id].ends[usize::from(!end.is_first)] = Some(end.place.clone());
            }
            limits.when.extend(ends.into_iter().map(|end| end.condition(id)));
        }
        for bound in over {
            if let Some((set, more)) = &bound.set {
                limits.masks.push(self.mask(set, &bound.letter, more, bound.letter_span)?);
            }
        }
        Ok(limits)
    }

    /// A range that ends at other indices, `j = i + 1, …, n`, `t = 1, …, n - k`: as far as that goes, and the condition.
    fn range(&self, bound: &Bound) -> (Option<(Ast, Ast)>, Vec<RangeEnd>) {
        let Some((first, last)) = &bound.range else { return (None, vec![]) };
        let other = |side: &Ast, is_first: bool| {
            let place = self.place(&written(side).ok()?).ok()?;
            let moves = place.indices().next().is_some();
            moves.then_some(RangeEnd { is_first, place })
        };
        let ends: Vec<RangeEnd> = other(first, true).into_iter().chain(other(last, false)).collect();
        if ends.is_empty() {
            return (bound.range.clone(), ends);
        }
        let far = |end: &RangeEnd| self.furthest(end);
        let one = Ast::new(Syntax::Number("1".into()), first.span);
        let side = |written: &Ast, is_first: bool| match ends.iter().find(|e| e.is_first == is_first) {
            None => Some(written.clone()),
            Some(end) => far(end).or_else(|| is_first.then(|| one.clone())),
        };
        (side(first, true).zip(side(last, false)), ends)
    }

    /// The least or the greatest place an end is ever at.
    fn furthest(&self, end: &RangeEnd) -> Option<Ast> {
        let place = &end.place;
        if let (Some(id), [], []) = (place.binding, &place.others[..], &place.sizes[..]) {
            let (first, last) = self.indices.bindings[id].range.as_ref()?;
            return Some(if end.is_first {
                moved(first, place.offset.min(0))
            } else {
                moved(last, place.offset.max(0))
            });
        }
        let signed = |times: i64| if times < 0 { Sign::Minus } else { Sign::Plus };
        let mut terms = vec![];
        for (times, name) in &place.sizes {
            terms.push((signed(*times), Ast::new(Syntax::Name(name.clone()), Span::default())));
        }
        for (times, id) in place.indices() {
            let (first, last) = self.indices.bindings[id].range.clone()?;
            terms.push((signed(times), if (times > 0) == end.is_first { first } else { last }));
        }
        let number = Ast::new(Syntax::Number(place.offset.abs().to_string()), Span::default());
        terms.push((signed(place.offset), number));
        Some(Ast::new(Syntax::Sum(terms), Span::default()))
    }

    /// What is gathered where masks are 1: a mask is a factor of a sum, and the exponent of a factor.
    fn masked(&mut self, by: Gathering, limits: ReadLimits, body: Ast, span: Span) -> Result<Ast, Error> {
        let ReadLimits { over, when, masks } = limits;
        let times = |a: Ast, b: Ast| Ast::new(Syntax::Binary(BinaryOp::Mul, Box::new(b), Box::new(a)), body.span);
        if matches!(by, Gathering::Maximum | Gathering::Minimum) {
            let families = masks.iter().filter_map(name_of).filter_map(|name| self.indices.family_of(name).cloned());
            let families: Vec<Name> = families.collect();
            self.indices.masks.extend(families);
        }
        let Some(mask) = masks.into_iter().reduce(|a, b| times(b, a)) else {
            return Ok(self.hoist(Hoisted { by, over, when }, body, span));
        };
        match by {
            Gathering::Sum => Ok(self.hoist(Hoisted { by, over, when }, times(body.clone(), mask), span)),
            Gathering::Product => {
                let power = Ast::new(Syntax::Power(Box::new(body.clone()), Box::new(mask)), body.span);
                Ok(self.hoist(Hoisted { by, over, when }, power, span))
            }
            Gathering::Mean => {
                let sum = |over, when| Hoisted { by: Gathering::Sum, over, when };
                let many = self.hoist(sum(over.clone(), when.clone()), mask.clone(), span);
                let total = self.hoist(sum(over, when), times(body.clone(), mask), span);
                Ok(Ast::new(Syntax::Binary(BinaryOp::Div, Box::new(total), Box::new(many)), span))
            }
            Gathering::Maximum | Gathering::Minimum => {
                let sign = if by == Gathering::Maximum { Sign::Plus } else { Sign::Minus };
                let kept = Ast::new(Syntax::Sum(vec![(Sign::Plus, body.clone()), (sign, where_one(mask))]), body.span);
                Ok(self.hoist(Hoisted { by, over, when }, kept, span))
            }
            Gathering::Expectation => {
                let message = "sums, products, means and the largest go over sets: an expectation does not";
                Err(Error::new(Kind::Unsupported, message).at(span, "here"))
            }
        }
    }

    /// Whether a side is no place, but a value: `y_n = k` with the data y.
    pub(super) fn is_about_values(&self, c: &WrittenCondition) -> bool {
        let value = |side: &Ast| match written(side) {
            Ok(place) => place
                .letter
                .is_some_and(|l| self.bound(&l).is_none() && (split_index(&l).is_some() || self.is_free_label(&l))),
            Err(_) => true,
        };
        c.sides().into_iter().any(value)
    }

    /// `[y = k]`, also for `[k = y]`, so that both are one term; y, and the y of `[y_i = k]`, says a place.
    pub(super) fn with_label_first(&mut self, c: &WrittenCondition) -> WrittenCondition {
        let place = |side: &Ast| name_of(side).is_some_and(|l| self.bound(l).is_some());
        let (label, other) = match (place(&c.left), place(&c.right)) {
            (true, false) => (&c.right, &c.left),
            (false, true) => (&c.left, &c.right),
            _ => return c.clone(),
        };
        if !matches!(c.relation, Comparator::Equal | Comparator::Different) {
            return c.clone();
        }
        let data = |name: &&Name| self.moves(name) || self.is_free_label(name);
        if let Some(name) = name_of(label).filter(data).cloned() {
            self.learn_place(&name);
        }
        WrittenCondition { left: label.clone(), right: other.clone(), ..c.clone() }
    }

    /// In `Σ_{j ≠ i}` an index that is bound outside is not bound again.
    fn bound_ones<'b>(&self, over: &'b [Bound], when: &[WrittenCondition]) -> Vec<&'b Bound> {
        let compared = |l: &Name| when.iter().flat_map(WrittenCondition::sides).any(|s| name_of(s) == Some(l));
        let outside =
            |b: &&Bound| b.range.is_none() && b.set.is_none() && compared(&b.letter) && self.bound(&b.letter).is_some();
        let inner: Vec<&Bound> = over.iter().filter(|b| !outside(b)).collect();
        if inner.is_empty() { over.iter().collect() } else { inner }
    }

    fn hoist(&mut self, hoisted: Hoisted, body: Ast, span: Span) -> Ast {
        let name = Name::new(&format!("sum⟨{}⟩", self.indices.hoisted.len() + 1));
        self.indices.hoisted.insert(name.clone(), hoisted);
        if self.on_spine {
            self.indices.spine.insert(name.clone());
        }
        self.before.push(Statement::Definition { name: name.clone(), name_span: span, value: body });
        Ast::new(Syntax::Name(name), span)
    }

    /// The mask of a set at its indices.
    fn mask(&mut self, set: &Name, letter: &Name, more: &[Name], span: Span) -> Result<Ast, Error> {
        // `j ∈ N(i)`, `j ∈ N_i`: the member i of N has j; `(i, j) ∈ Ω` in the order written
        let (set, below) = self.set_and_index(set);
        let more: Vec<Name> = more.iter().map(index_of).chain(below).collect();
        let own = [index_of(letter)];
        let outer = more.iter().all(|l| self.bound(l) < self.bound(letter));
        let letters = if outer { [&more[..], &own].concat() } else { [&own, &more[..]].concat() };
        let places: Vec<WrittenPlace> = letters.iter().map(|l| WrittenPlace::at(l.clone())).collect();
        let name = Name::new(&format!("{set}_{}", letters.iter().map(Name::as_str).collect::<String>()));
        let at = self.places(&places, &name, span)?;
        let family = self.family(&set, &places, at.clone(), &name, span)?;
        if let Some(f) = self.indices.families.get_mut(&family) {
            f.whole = true;
        }
        Ok(self.member(&name, family, at, span))
    }

    /// `N_i` where i is bound is the set N at i; else it is a name of its own.
    fn set_and_index(&self, set: &Name) -> (Name, Vec<Name>) {
        let bound =
            |places: &[WrittenPlace]| places.iter().all(|p| p.at_rest().is_some_and(|l| self.bound(l).is_some()));
        match split_index(set).filter(|(_, places)| bound(places)) {
            Some((base, places)) => (base, index_letters(&places).cloned().collect()),
            None => (set.clone(), vec![]),
        }
    }

    /// `|B|`, `|N_i|`, `|N(i)|`: the set, and where it stands.
    pub(super) fn set_in_bars(&self, inside: &Ast) -> Option<(Name, Vec<Name>)> {
        let at = |set: &Ast, place: &Ast| Some((name_of(set)?.clone(), vec![index_of(name_of(place)?)]));
        let found = match &inside.kind {
            Syntax::Name(name) if self.sets.contains_key(name) => Some((name.clone(), vec![])),
            Syntax::Name(name) => Some(self.set_and_index(name)).filter(|(_, below)| !below.is_empty()),
            Syntax::Call { function, args, .. } => match args.as_slice() {
                [place] => Some((function.clone(), vec![index_of(name_of(place)?)])),
                _ => None,
            },
            Syntax::Binary(BinaryOp::Mul, set, place) => at(set, place),
            _ => None,
        };
        found.filter(|(set, _)| self.sets.contains_key(set))
    }

    /// How many are in a set.
    pub(super) fn size_of_set(&mut self, (set, below): (Name, Vec<Name>), span: Span) -> Result<Ast, Error> {
        let outside = self.scope.len();
        let free = ["i", "j", "k", "l", "m", "p"].map(Name::new).into_iter().filter(|l| self.bound(l).is_none());
        let many = self.sets.get(&set).copied().unwrap_or(1).saturating_sub(below.len()).clamp(1, 3);
        let letters: Vec<Name> = free.take(many).collect();
        let Some(first) = letters.first().cloned() else { return Ok(Ast::new(Syntax::Name(set), span)) };
        let over = letters.iter().map(|l| self.bind(l, None, span)).collect();
        let mask = self.mask(&set, &first, &[&letters[1..], &below].concat(), span)?;
        self.scope.truncate(outside);
        Ok(self.hoist(Hoisted { by: Gathering::Sum, over, when: vec![] }, mask, span))
    }

    pub(super) fn condition(&self, c: &WrittenCondition) -> Result<ConditionUse, Error> {
        let side = |ast: &Ast| {
            let place = written(ast)?;
            Ok::<_, Error>(self.places(&[place], &Name::new("this"), ast.span)?.remove(0))
        };
        Ok(ConditionUse { left: side(&c.left)?, relation: c.relation, right: side(&c.right)? })
    }
}

/// 0 where a mask is 1, and -∞ where it is 0: `log(1 - iszero(mask))`.
fn where_one(mask: Ast) -> Ast {
    let span = mask.span;
    let call = |name: &str, arg: Ast| {
        let function = Name::new(name);
        Ast::new(Syntax::Call { function, function_span: span, primes: 0, args: vec![arg] }, span)
    };
    let one = Ast::new(Syntax::Number("1".into()), span);
    let inside = Syntax::Sum(vec![(Sign::Plus, one), (Sign::Minus, call("iszero", mask))]);
    call("log", Ast::new(inside, span))
}

/// The place an expression writes.
pub(super) fn written(ast: &Ast) -> Result<WrittenPlace, Error> {
    let number = |a: &Ast| match &a.kind {
        Syntax::Number(text) => text.parse::<i64>().ok(),
        _ => None,
    };
    let add = |place: WrittenPlace, (sign, term): &(Sign, Ast)| {
        let times = if *sign == Sign::Minus { -1 } else { 1 };
        match (name_of(term), number(term)) {
            (Some(letter), _) => Some(place.and(times, letter.clone())),
            (None, Some(n)) => Some(WrittenPlace { offset: place.offset.checked_add(times * n)?, ..place }),
            (None, None) => None,
        }
    };
    let place = match &ast.kind {
        Syntax::Name(letter) => Some(WrittenPlace::at(letter.clone())),
        Syntax::Number(_) => number(ast).map(WrittenPlace::fixed),
        Syntax::Sum(terms) => terms.iter().try_fold(WrittenPlace::fixed(0), add),
        _ => None,
    };
    place.ok_or_else(|| {
        Error::new(Kind::Unsupported, "a place is an index, a number, or a sum of those")
            .at(ast.span, "not a place")
            .help("write x_i, x_3, x_{i+1}, x_{i+k}")
    })
}

/// The index a name stands for in the bracket of a set: i of `R(t_i)`.
fn index_of(name: &Name) -> Name {
    split_index(name).and_then(|(_, places)| index_letters(&places).next().cloned()).unwrap_or_else(|| name.clone())
}
