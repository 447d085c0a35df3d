//! Sums over indices, and what else is made over them, in their simplest form: a δ picks its term, factors without the index
//! stand in front, what does not depend on an index counts as often as there are places.

use super::letters::{Moves, apart, bound_apart, free, free_of, moved, moved_condition, of_conditions};
use crate::expr::{
    Axis, Builtin, Comparator, Expr, Gathering, Index, Indexed, Name, Op, Place, PlaceCondition, Size, add, as_number,
    had, is_one, is_zero, mul, size_number, transpose, variable, zeros,
};
use std::collections::BTreeSet;

/// Σ, Π, … as it is: nothing is done to it.
pub fn gathered(by: Gathering, over: Vec<Index>, when: Vec<PlaceCondition>, body: Expr) -> Expr {
    let shape = body.shape().clone();
    variable(Indexed::Gathered { by, over, when, body }.symbol(), &shape)
}

/// What is gathered, where a term is that.
pub fn as_gathered(e: &Expr) -> Option<(Gathering, &[Index], &[PlaceCondition], &Expr)> {
    match e.as_variable()?.name.as_indexed()? {
        Indexed::Gathered { by, over, when, body } => Some((*by, over, when, body)),
        Indexed::Member { .. } | Indexed::Entry { .. } | Indexed::Stack { .. } | Indexed::Number(_) => None,
    }
}

/// The same place: `i = j`.
pub fn same(left: Place, right: Place) -> PlaceCondition {
    PlaceCondition { left, relation: Comparator::Equal, right }
}

/// Σ over indices where the conditions hold, simplified. `scope` says what the free letters run over.
pub fn sum(over: Vec<Index>, when: Vec<PlaceCondition>, body: Expr, scope: &[Index]) -> Expr {
    if is_zero(&body) {
        return body;
    }
    let shape = body.shape().clone();
    match contracted(over, when, body, scope) {
        Some((over, when, body)) => spread(over, when, body, scope),
        None => zeros(&shape),
    }
}

/// A sum whose conditions fix no index any more. `None` where they cannot hold.
fn contracted(
    mut over: Vec<Index>,
    mut when: Vec<PlaceCondition>,
    mut body: Expr,
    scope: &[Index],
) -> Option<(Vec<Index>, Vec<PlaceCondition>, Expr)> {
    loop {
        let known: Vec<Index> = over.iter().chain(scope).cloned().collect();
        when = undecided(when, &known)?;
        let Some((at, letter, place)) =
            when.iter().enumerate().find_map(|(i, c)| fixed(c, &over).map(|(l, p)| (i, l, p)))
        else {
            return Some((over, when, body));
        };
        when.remove(at);
        let position = over.iter().position(|i| i.letter == letter)?;
        let index = over.remove(position);
        let moves = Moves::from([(letter, place.clone())]);
        when = when.iter().map(|c| moved_condition(c, &moves)).collect();
        let relation = Comparator::AtMost;
        when.push(PlaceCondition { left: Place::fixed(index.first), relation, right: place.clone() });
        when.push(PlaceCondition { left: place, relation, right: Place::fixed(index.last) });
        body = moved(&body, &moves);
    }
}

/// The bound letter an equation fixes, and where.
fn fixed(c: &PlaceCondition, over: &[Index]) -> Option<(Name, Place)> {
    if c.relation != Comparator::Equal {
        return None;
    }
    // 0 = ± i + rest; of several bound letters the last one goes
    let apart = c.left.plus(-1, &c.right);
    let mut terms = apart.terms();
    let (letter, times) = over.iter().rev().find_map(|i| {
        let times = terms.remove(&i.letter).filter(|n| n.abs() == 1)?;
        Some((i.letter.clone(), times))
    })?;
    let rest = apart.plus(-times, &Place::at(&letter));
    Some((letter, Place::fixed(Size::constant(0)).plus(-times, &rest)))
}

/// The conditions that are neither always true nor said before; `None` where one is never true.
fn undecided(when: Vec<PlaceCondition>, known: &[Index]) -> Option<Vec<PlaceCondition>> {
    let mut left: Vec<PlaceCondition> = vec![];
    for c in when.into_iter().map(facing) {
        match decided(&c, known) {
            Some(false) => return None,
            Some(true) => {}
            None if left.contains(&c) => {}
            None => left.push(c),
        }
    }
    Some(left)
}

/// `i = j` and `i ≠ j` written one way.
fn facing(c: PlaceCondition) -> PlaceCondition {
    let symmetric = matches!(c.relation, Comparator::Equal | Comparator::Different);
    if symmetric && c.right < c.left { PlaceCondition { left: c.right, right: c.left, ..c } } else { c }
}

/// Whether a condition holds wherever the letters are, or nowhere.
fn decided(c: &PlaceCondition, known: &[Index]) -> Option<bool> {
    let one = Size::one();
    let less = |a: &Place, b: &Place, gap: &Size| {
        let (low, high) = bounds(&b.plus(-1, a), known)?;
        if low.minus(gap).is_nonnegative() {
            return Some(true);
        }
        gap.minus(&high).minus(&one).is_nonnegative().then_some(false)
    };
    let (zero, left, right) = (Size::constant(0), &c.left, &c.right);
    match c.relation {
        Comparator::AtMost => less(left, right, &zero),
        Comparator::Less => less(left, right, &one),
        Comparator::Equal if left == right => Some(true),
        Comparator::Different if left == right => Some(false),
        Comparator::Equal | Comparator::Different => {
            let apart = less(left, right, &one) == Some(true) || less(right, left, &one) == Some(true);
            apart.then_some(c.relation == Comparator::Different)
        }
    }
}

/// The first and the last place where it can be. `None` for a letter nothing is known of.
fn bounds(p: &Place, known: &[Index]) -> Option<(Size, Size)> {
    p.terms().iter().try_fold((p.offset.clone(), p.offset.clone()), |(low, high), (letter, times)| {
        let index = known.iter().find(|i| i.letter == *letter)?;
        let [first, last] = [&index.first, &index.last].map(|s| s.times(&Size::constant(*times)));
        let (least, most) = if *times > 0 { (first, last) } else { (last, first) };
        Some((low.plus(&least), high.plus(&most)))
    })
}

/// A sum without equations for its letters: term by term where a term holds a bracket, factors in front.
fn spread(over: Vec<Index>, mut when: Vec<PlaceCondition>, body: Expr, scope: &[Index]) -> Expr {
    if over.is_empty() && when.is_empty() {
        return body;
    }
    if over.is_empty() {
        // brackets are factors: in whatever order they come they are one
        when.sort_by_key(|c| (c.relation != Comparator::Equal, c.clone()));
    }
    if *body.op() == Op::Add && body.args().iter().any(holds_sum) {
        return add(body.args().iter().map(|t| sum(over.clone(), when.clone(), t.clone(), scope)).collect());
    }
    if let Some(joined) = joined(&over, &when, &body, scope) {
        return joined;
    }
    if let Some(terms) = unfolded(&body, &over) {
        return add(terms.into_iter().map(|t| sum(over.clone(), when.clone(), t, scope)).collect());
    }
    let letters: BTreeSet<Name> = over.iter().map(|i| i.letter.clone()).collect();
    let guarded: BTreeSet<Name> = of_conditions(&when);
    let is_delta = over.is_empty() && when.iter().all(|c| is_delta(c, scope));
    let is_outside = |f: &Expr| match over.is_empty() {
        true => as_number(f).is_some() || is_delta && is_at_rest(f),
        false => free(f).is_disjoint(&letters),
    };
    let split = Split::of(&body, &is_outside);
    let mut counts = vec![];
    let inner = free(&split.inside);
    let counted = |i: &Index| !inner.contains(&i.letter) && !guarded.contains(&i.letter) && i.count().is_nonnegative();
    let left: Vec<Index> = over
        .into_iter()
        .filter(|i| {
            let counted = counted(i);
            if counted {
                counts.push(size_number(&i.count()));
            }
            !counted
        })
        .collect();
    let inside = split.inside.clone();
    let core = match through_stack(&left, &when, &inside, scope) {
        _ if left.is_empty() && when.is_empty() => inside,
        Some(stack) => stack,
        None => gathered(Gathering::Sum, left, when, inside),
    };
    had([counts, vec![split.around(core)]].concat())
}

/// δ_ij of letters that run over one range.
fn is_delta(c: &PlaceCondition, scope: &[Index]) -> bool {
    let range = |p: &Place| scope.iter().find(|i| p.at_rest() == Some(&i.letter)).map(|i| (&i.first, &i.last));
    c.relation == Comparator::Equal && range(&c.left).is_some() && range(&c.left) == range(&c.right)
}

/// Whether nothing in a term stands beside its index: it is there wherever that is.
fn is_at_rest(e: &Expr) -> bool {
    let rests = |p: &Place| p.is_fixed() || p.at_rest().is_some();
    let own = match e.as_variable().and_then(|v| v.name.as_indexed()) {
        Some(Indexed::Member { at, .. }) => at.iter().all(rests),
        Some(Indexed::Entry { of, at }) => at.iter().all(rests) && is_at_rest(of),
        Some(Indexed::Stack { body, .. } | Indexed::Gathered { body, .. }) => is_at_rest(body),
        Some(Indexed::Number(p)) => rests(p),
        None => true,
    };
    own && e.args().iter().all(is_at_rest)
}

/// A product in parts: what stands outside entry by entry, the front and the back of the chain, and what is left between.
struct Split {
    outside: Vec<Expr>,
    before: Vec<Expr>,
    inside: Expr,
    after: Vec<Expr>,
}

impl Split {
    fn of(body: &Expr, is_outside: &dyn Fn(&Expr) -> bool) -> Split {
        let factors = if *body.op() == Op::Had { body.args().to_vec() } else { vec![body.clone()] };
        let (outside, mut inside): (Vec<Expr>, Vec<Expr>) = factors.into_iter().partition(is_outside);
        let chain = inside.iter().position(|f| *f.op() == Op::Mul && !f.is_scalar());
        let alone = inside.iter().filter(|f| !f.is_scalar()).count() == 1;
        let Some(place) = chain.filter(|_| alone) else {
            return Split { outside, before: vec![], inside: had(inside), after: vec![] };
        };
        let factors = inside[place].args().to_vec();
        let first = factors.iter().position(|f| !is_outside(f)).unwrap_or(0);
        let last = factors.iter().rposition(|f| !is_outside(f)).unwrap_or(0);
        inside[place] = product(factors[first..=last].to_vec());
        let (before, after) = (factors[..first].to_vec(), factors[last + 1..].to_vec());
        Split { outside, before, inside: had(inside), after }
    }

    /// The product again, with something in place of what was between.
    fn around(self, core: Expr) -> Expr {
        let chain = self.before.into_iter().chain([core]).chain(self.after).collect();
        had([self.outside, vec![product(chain)]].concat())
    }
}

/// A matrix product in which factors may be scalars.
pub fn product(chain: Vec<Expr>) -> Expr {
    chain
        .into_iter()
        .reduce(|a, b| if a.is_scalar() || b.is_scalar() { had(vec![a, b]) } else { mul(vec![a, b]) })
        .expect("not empty")
}

/// A product in which a factor is a sum that holds a bracket about the letters: the bracket's terms by themselves.
fn unfolded(body: &Expr, over: &[Index]) -> Option<Vec<Expr>> {
    if !matches!(body.op(), Op::Had | Op::Mul) {
        return None;
    }
    let picks = |t: &Expr| {
        let brackets = std::iter::once(t).chain(t.args()).filter(|f| is_bracket(f) || as_unit(f).is_some());
        brackets.flat_map(free).any(|l| over.iter().any(|i| i.letter == l))
    };
    let place = body.args().iter().position(|f| *f.op() == Op::Add && f.args().iter().any(picks))?;
    let (brackets, rest): (Vec<Expr>, Vec<Expr>) = body.args()[place].args().iter().cloned().partition(picks);
    let rest = if rest.is_empty() { vec![] } else { vec![add(rest)] };
    let with = |t: Expr| {
        let mut args = body.args().to_vec();
        args[place] = t;
        if *body.op() == Op::Had { had(args) } else { product(args) }
    };
    Some(brackets.into_iter().chain(rest).map(with).collect())
}

/// A sum of arrays made of entries is the array of the sums.
fn through_stack(over: &[Index], when: &[PlaceCondition], body: &Expr, scope: &[Index]) -> Option<Expr> {
    let factors = if *body.op() == Op::Had { body.args().to_vec() } else { vec![body.clone()] };
    let (scalars, arrays): (Vec<Expr>, Vec<Expr>) = factors.into_iter().partition(Expr::is_scalar);
    let [array] = arrays.as_slice() else { return None };
    let Indexed::Stack { over: own, body: entry } = array.as_variable()?.name.as_indexed()? else { return None };
    let outer = over.iter().chain(scope).map(|i| i.letter.clone());
    let (own, moves) = apart(own, &outer.chain(scalars.iter().flat_map(free)).collect());
    let inner: Vec<Index> = own.iter().chain(scope).cloned().collect();
    let entry = had([scalars, vec![moved(entry, &moves)]].concat());
    let total = sum(over.to_vec(), when.to_vec(), entry, &inner);
    Some(variable(Indexed::Stack { over: own, body: total }.symbol(), array.shape()))
}

/// The place of a column that is 1 there and 0 elsewhere.
pub fn as_unit(e: &Expr) -> Option<Place> {
    let Indexed::Stack { over, body } = e.as_variable()?.name.as_indexed()? else { return None };
    let (by, inner, when, one) = as_gathered(body)?;
    let ([own], [c]) = (over.as_slice(), when) else { return None };
    let plain = by == Gathering::Sum && inner.is_empty() && is_one(one) && c.relation == Comparator::Equal;
    let other = if c.left == own.place() { &c.right } else { &c.left };
    let found = plain && (c.left == own.place() || c.right == own.place()) && own.first.is_one();
    (found && other.letters().all(|l| *l != own.letter)).then(|| other.clone())
}

/// eᵢᵀ a and Σ a ∘ eᵢ are the entry aᵢ, eᵢᵀ A eⱼ the entry Aᵢⱼ.
pub fn picked(e: &Expr, scope: &[Index]) -> Option<Expr> {
    if *e.op() == Op::Builtin(Builtin::Sum(Axis::All)) && *e.args()[0].op() == Op::Had {
        let factors = e.args()[0].args();
        let at = factors.iter().position(|f| as_unit(f).is_some())?;
        let rest = had(factors.iter().enumerate().filter(|(k, _)| *k != at).map(|(_, f)| f.clone()).collect());
        return Some(entry(&rest, vec![as_unit(&factors[at])?], scope));
    }
    if *e.op() != Op::Mul || !e.is_scalar() {
        return None;
    }
    let factors = e.args();
    let first = factors.first().filter(|f| *f.op() == Op::Transpose).and_then(|f| as_unit(&f.args()[0]));
    let last = factors.last().and_then(as_unit);
    let (front, back) = (usize::from(first.is_some()), factors.len() - usize::from(last.is_some()));
    if front >= back {
        let condition = same(first?, last?);
        return Some(sum(vec![], vec![condition], crate::expr::integer(1), scope));
    }
    let middle = product(factors[front..back].to_vec());
    match (first, last) {
        (Some(i), Some(j)) => Some(entry(&middle, vec![i, j], scope)),
        (Some(i), None) => Some(entry(&middle, vec![i], scope)),
        (None, Some(j)) => Some(entry(&transpose(middle), vec![j], scope)),
        (None, None) => None,
    }
}

/// Whether a term is a sum or a product with a bracket: what may be joined with a sum around it.
fn holds_sum(e: &Expr) -> bool {
    match e.op() {
        Op::Had | Op::Mul => e.args().iter().any(is_bracket),
        _ => as_gathered(e).is_some_and(|(by, ..)| by == Gathering::Sum),
    }
}

fn is_bracket(e: &Expr) -> bool {
    as_gathered(e).is_some_and(|(by, over, ..)| by == Gathering::Sum && over.is_empty())
}

/// A sum of a sum as one, the conditions of a bracket as those of the sum.
fn joined(over: &[Index], when: &[PlaceCondition], body: &Expr, scope: &[Index]) -> Option<Expr> {
    let inner = match body.op() {
        Op::Had | Op::Mul => body.args().iter().find(|f| is_bracket(f))?,
        _ => body,
    };
    let (by, inner_over, inner_when, inner_body) = as_gathered(inner)?;
    if by != Gathering::Sum {
        return None;
    }
    let mut taken = free(body);
    taken.extend(free_of(inner.as_variable()?.name.as_indexed()?));
    taken.extend(over.iter().map(|i| i.letter.clone()).chain(of_conditions(when)));
    taken.extend(scope.iter().map(|i| i.letter.clone()));
    let (inner_over, moves) = apart(inner_over, &taken);
    let inner_body = moved(inner_body, &moves);
    let inner_when = inner_when.iter().map(|c| moved_condition(c, &moves));
    let body = if inner == body {
        inner_body
    } else {
        let mut put = Some(inner_body);
        let args =
            body.args().iter().map(|f| if f == inner { put.take().unwrap_or_else(|| f.clone()) } else { f.clone() });
        let args: Vec<Expr> = args.collect();
        if *body.op() == Op::Had { had(args) } else { product(args) }
    };
    let over = over.iter().cloned().chain(inner_over).collect();
    Some(sum(over, when.iter().cloned().chain(inner_when).collect(), body, scope))
}

/// What is gathered otherwise: only conditions that always hold are left out. A mean without conditions is a sum.
pub fn gather(by: Gathering, over: Vec<Index>, when: Vec<PlaceCondition>, body: Expr, scope: &[Index]) -> Expr {
    match by {
        Gathering::Sum => sum(over, when, body, scope),
        Gathering::Expectation | Gathering::Mean if is_zero(&body) => body,
        Gathering::Expectation | Gathering::Mean => linear(by, over, when, body),
        Gathering::Product | Gathering::Maximum | Gathering::Minimum => gathered(by, over, when, body),
    }
}

/// A mean: linear, and of what does not move it is that.
fn linear(by: Gathering, over: Vec<Index>, when: Vec<PlaceCondition>, body: Expr) -> Expr {
    if *body.op() == Op::Add
        && body.args().iter().any(|t| free(t).is_disjoint(&over.iter().map(|i| i.letter.clone()).collect()))
    {
        return add(body.args().iter().map(|t| linear(by, over.clone(), when.clone(), t.clone())).collect());
    }
    let letters: BTreeSet<Name> = over.iter().map(|i| i.letter.clone()).collect();
    let split = Split::of(&body, &|f| free(f).is_disjoint(&letters));
    let inside = split.inside.clone();
    let core =
        if free(&inside).is_disjoint(&letters) && when.is_empty() { inside } else { gathered(by, over, when, inside) };
    split.around(core)
}

/// An entry, where the array shows it.
pub fn entry(of: &Expr, at: Vec<Place>, scope: &[Index]) -> Expr {
    let opaque = || variable(Indexed::Entry { of: of.clone(), at: at.clone() }.symbol(), &crate::expr::Shape::scalar());
    if of.is_scalar() {
        return of.clone();
    }
    match of.op() {
        Op::Zeros(_) => crate::expr::integer(0),
        Op::Ones(_) => crate::expr::integer(1),
        Op::Eye(_) => sum(vec![], vec![same(at[0].clone(), at[1].clone())], crate::expr::integer(1), scope),
        Op::Add => add(of.args().iter().map(|a| entry(a, at.clone(), scope)).collect()),
        Op::Had => had(of.args().iter().map(|a| entry(a, at.clone(), scope)).collect()),
        Op::Mul if of.args().iter().any(is_stack) => entry_of_product(of, &at, scope),
        Op::Transpose if at.len() == 2 => entry(&of.args()[0], vec![at[1].clone(), at[0].clone()], scope),
        Op::Variable(v) => match v.name.as_indexed() {
            Some(Indexed::Stack { over, body }) if body.is_scalar() && over.len() == at.len() => {
                let offset = |i: &Index| i.first.minus(&Size::one());
                let moves = over.iter().zip(&at).map(|(i, p)| (i.letter.clone(), p.shifted(&offset(i))));
                reduced(&moved(body, &moves.collect()), scope)
            }
            Some(Indexed::Gathered { by: Gathering::Sum, over, when, body }) => {
                let taken =
                    at.iter().flat_map(Place::letters).chain(scope.iter().map(|i| &i.letter)).cloned().collect();
                let (over, when, body) = bound_apart(over, when, body, &taken);
                let inner: Vec<Index> = over.iter().chain(scope).cloned().collect();
                let body = entry(&body, at.clone(), &inner);
                sum(over, when, body, scope)
            }
            _ => opaque(),
        },
        _ => opaque(),
    }
}

/// Whether an array is made of its entries.
fn is_stack(e: &Expr) -> bool {
    let stack = |e: &Expr| matches!(e.as_variable().and_then(|v| v.name.as_indexed()), Some(Indexed::Stack { .. }));
    stack(e) || *e.op() == Op::Transpose && stack(&e.args()[0])
}

/// (A B)_ij = Σₖ A_ik B_kj.
fn entry_of_product(of: &Expr, at: &[Place], scope: &[Index]) -> Expr {
    let [left, rest @ ..] = of.args() else { return of.clone() };
    let right = product(rest.to_vec());
    let mut taken: BTreeSet<Name> = at.iter().flat_map(Place::letters).cloned().chain(free(of)).collect();
    taken.extend(scope.iter().map(|i| i.letter.clone()));
    let between = Index::to(super::letters::fresh(&taken), left.shape().cols.clone());
    let mut places = at.iter().cloned();
    let [row, col] = [&of.shape().rows, &of.shape().cols].map(|n| if n.is_one() { None } else { places.next() });
    let middle = (!left.shape().cols.is_one()).then(|| between.place());
    let inner: Vec<Index> = [&between].into_iter().chain(scope).cloned().collect();
    let part = |e: &Expr, places: [Option<Place>; 2]| entry(e, places.into_iter().flatten().collect(), &inner);
    let body = had(vec![part(left, [row, middle.clone()]), part(&right, [middle.clone(), col])]);
    if middle.is_some() { sum(vec![between], vec![], body, scope) } else { body }
}

/// Brackets whose conditions are decided since letters moved.
fn reduced(e: &Expr, scope: &[Index]) -> Expr {
    super::letters::mapped(e, &mut |indexed, shape| match indexed {
        Indexed::Gathered { by: Gathering::Sum, over, when, body } => {
            sum(over.clone(), when.clone(), body.clone(), scope)
        }
        _ => variable(indexed.clone().symbol(), shape),
    })
}
