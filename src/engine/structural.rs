//! Rules that no statement with letters can hold: arithmetic of numbers, grouping of n-ary sums and products, and
//! operators with sizes inside (powers, slices, blocks).

use super::analysis::Graph;
use super::blocks;
use super::language::Node;
use super::moves::like_terms;
use super::pattern::{Matched, reference, referenced};
use super::scalars::{is_linear, scalars_before};
use super::view::{Rewrite, class, members, references, whole};
use crate::expr::{Builtin, Expr, Op, Rational, add, as_number, build, had, is_zero, mul, number, pow};
use egg::Id;

/// Every structural rewrite at a node of class `id` that belongs in every phase.
pub fn always(graph: &Graph, id: Id, node: &Node) -> Vec<Rewrite> {
    let mut found = Vec::new();
    found.extend(arithmetic(graph, node));
    found.extend(regroup(graph, id, node));
    found.extend(scalars_outside(graph, id, node));
    found.extend(blocks::rewrites(graph, id, node));
    found
}

/// Those that look for equal forms.
pub fn tidying(graph: &Graph, id: Id, node: &Node) -> Vec<Rewrite> {
    let mut found = Vec::new();
    found.extend(associativity(graph, id, node));
    found.extend(outer_product(graph, id, node));
    found.extend(collect(graph, id, node));
    found.extend(powers(graph, id, node));
    found.extend(base_beside_power(graph, id, node));
    found.extend(factor_number(graph, id, node));
    found.extend(factor_power(graph, id, node));
    found.extend(distribute(graph, id, node));
    found.extend(unit(graph, id, node));
    found.extend(sign(graph, id, node));
    found.extend(matrix_powers(graph, id, node));
    found
}

/// Numbers and zeros among the arguments: what the constructors make of them.
fn arithmetic(graph: &Graph, node: &Node) -> Option<Rewrite> {
    let known = |id: &Id| graph[*id].data.number.is_some() || graph[*id].data.zero;
    if !node.args.iter().any(known) || *node.op == Op::Differential {
        return None;
    }
    let args = references(graph, &node.args);
    let built = build((*node.op).clone(), args.clone());
    let unchanged = built.op() == &*node.op && built.args().len() == args.len();
    (!unchanged).then(|| (whole(graph, node), built, "arithmetic"))
}

/// `(a + b) + c = a + b + c`, and the same for elementwise products.
fn regroup(graph: &Graph, id: Id, node: &Node) -> Vec<Rewrite> {
    if !matches!(*node.op, Op::Add | Op::Had) {
        return vec![];
    }
    let nested = |i: usize| {
        let inner = members(graph, node.args[i], graph.find(id)).find(|n| n.op == node.op)?;
        let mut from: Vec<Matched> = node.args.iter().map(|a| class(graph, *a)).collect();
        from[i] = whole(graph, inner);
        let mut args = references(graph, &node.args);
        args.splice(i..=i, references(graph, &inner.args));
        Some((Matched::Node(node.op.clone(), from), build((*node.op).clone(), args), "regroup"))
    };
    (0..node.args.len()).filter_map(nested).take(1).collect()
}

/// Scalar factors leave linear operators: `A (2 x) = 2 A x`.
fn scalars_outside(graph: &Graph, id: Id, node: &Node) -> Option<Rewrite> {
    if !is_linear(&node.op) {
        return None;
    }
    let scaled = |n: &&Node| *n.op == Op::Had && n.args.iter().any(|a| graph[*a].data.shape.is_scalar());
    let hit = |i: usize| members(graph, node.args[i], graph.find(id)).find(scaled).map(|n| (i, n));
    let (i, inner) = (0..node.args.len()).find_map(hit)?;
    let mut from: Vec<Matched> = node.args.iter().map(|a| class(graph, *a)).collect();
    from[i] = whole(graph, inner);
    let mut args = references(graph, &node.args);
    args[i] = had(references(graph, &inner.args));
    Some((Matched::Node(node.op.clone(), from), scalars_before(&node.op, args, i)?, "regroup"))
}

/// `A (B C) = (A B) C`, both ways; raw, since the constructors would flatten it again.
fn associativity(graph: &Graph, id: Id, node: &Node) -> Vec<Rewrite> {
    let (Op::Mul, [a, c]) = (&*node.op, node.args.as_slice()) else { return vec![] };
    let product = |id: Id, above: Id| members(graph, id, above).filter(|n| *n.op == Op::Mul).collect::<Vec<_>>();
    let above = graph.find(id);
    let mut found = Vec::new();
    for inner in product(*c, above) {
        let from = Matched::Node(node.op.clone(), vec![class(graph, *a), whole(graph, inner)]);
        let [b, d] = [inner.args[0], inner.args[1]].map(|id| reference(graph, id));
        found.push((from, grouped(product_of(reference(graph, *a), b), d), "regroup"));
    }
    for inner in product(*a, above) {
        let from = Matched::Node(node.op.clone(), vec![whole(graph, inner), class(graph, *c)]);
        let [b, d] = [inner.args[0], inner.args[1]].map(|id| reference(graph, id));
        found.push((from, grouped(b, product_of(d, reference(graph, *c))), "regroup"));
    }
    found
}

/// `(aᵀ x) b = (b aᵀ) x`; raw, since the constructors take scalars out again.
fn outer_product(graph: &Graph, id: Id, node: &Node) -> Vec<Rewrite> {
    let Op::Had = &*node.op else { return vec![] };
    let above = graph.find(id);
    let dot = |i: usize| members(graph, node.args[i], above).find(|n| *n.op == Op::Mul).map(|n| (i, n));
    let hits = (0..node.args.len()).filter(|i| graph[node.args[*i]].data.shape.is_scalar()).filter_map(dot);
    hits.filter_map(|(i, inner)| {
        let others = (0..node.args.len()).filter(|j| *j != i).map(|j| reference(graph, node.args[j])).collect();
        let column: Expr = had(others);
        let mut from: Vec<Matched> = node.args.iter().map(|a| class(graph, *a)).collect();
        from[i] = whole(graph, inner);
        let [row, x] = [inner.args[0], inner.args[1]].map(|a| reference(graph, a));
        let to = || Expr::node(Op::Mul, vec![Expr::node(Op::Mul, vec![column.clone(), row.clone()]), x.clone()]);
        (column.shape().is_vector() && row.shape().is_row())
            .then(|| (Matched::Node(node.op.clone(), from), to(), "outer_product"))
    })
    .collect()
}

fn product_of(a: Expr, b: Expr) -> Expr {
    if a.is_scalar() || b.is_scalar() || crate::expr::is_zero(&a) || crate::expr::is_zero(&b) {
        mul(vec![a, b])
    } else {
        Expr::node(Op::Mul, vec![a, b])
    }
}

fn grouped(a: Expr, b: Expr) -> Expr {
    if a.is_scalar() || b.is_scalar() { had(vec![a, b]) } else { product_of(a, b) }
}

/// A term as coefficient times the rest of its factors.
struct LikeTerm {
    coefficient: Rational,
    factors: Vec<Id>,
    seen: Matched,
}

fn term(graph: &Graph, id: Id, above: Id) -> LikeTerm {
    let id = graph.find(id);
    if let Some(n) = &graph[id].data.number {
        return LikeTerm { coefficient: n.clone(), factors: vec![], seen: Matched::Class(id) };
    }
    let scaled = |n: &&Node| *n.op == Op::Had && n.args.iter().any(|a| graph[*a].data.number.is_some());
    match members(graph, id, above).find(scaled) {
        Some(n) => {
            let (numbers, mut factors): (Vec<Id>, Vec<Id>) =
                n.args.iter().map(|a| graph.find(*a)).partition(|a| graph[*a].data.number.is_some());
            factors.sort();
            let coefficient =
                numbers.iter().filter_map(|a| graph[*a].data.number.as_ref()).fold(Rational::one(), |p, n| &p * n);
            LikeTerm { coefficient, factors, seen: whole(graph, n) }
        }
        None => LikeTerm { coefficient: Rational::one(), factors: vec![id], seen: Matched::Class(id) },
    }
}

fn terms(graph: &Graph, id: Id, node: &Node) -> Vec<LikeTerm> {
    node.args.iter().map(|a| term(graph, *a, graph.find(id))).collect()
}

fn seen(node: &Node, terms: &[LikeTerm]) -> Matched {
    Matched::Node(node.op.clone(), terms.iter().map(|t| t.seen.clone()).collect())
}

fn scaled(graph: &Graph, coefficient: &Rational, factors: &[Id], shape_of: Id) -> Expr {
    let mut args = references(graph, factors);
    args.push(number(coefficient.clone()));
    if factors.is_empty() && !graph[shape_of].data.shape.is_scalar() {
        args.push(crate::expr::ones(&graph[shape_of].data.shape));
    }
    had(args)
}

/// Like terms: `k A + l A = (k + l) A`.
fn collect(graph: &Graph, id: Id, node: &Node) -> Option<Rewrite> {
    if *node.op != Op::Add {
        return None;
    }
    let all = terms(graph, id, node);
    let sums = like_terms(all.iter().map(|t| (&t.factors, t.coefficient.clone())));
    if sums.len() == all.len() {
        return None;
    }
    let to = add(sums.iter().map(|(factors, k)| scaled(graph, k, factors, id)).collect());
    let to = if to.shape() == &graph[id].data.shape { to } else { crate::expr::zeros(&graph[id].data.shape) };
    Some((seen(node, &all), to, "collect"))
}

/// Equal factors of an elementwise product: exponents add.
pub(super) fn powers(graph: &Graph, id: Id, node: &Node) -> Option<Rewrite> {
    if *node.op != Op::Had {
        return None;
    }
    let above = graph.find(id);
    let mut product: Vec<(Id, Expr)> = Vec::new();
    let mut from = Vec::new();
    for a in &node.args {
        let (base, exponent, matched) = base_and_exponent(graph, *a, above);
        from.push(matched);
        match product.iter_mut().find(|(b, _)| *b == base) {
            Some((_, e)) => *e = add(vec![e.clone(), exponent]),
            None => product.push((base, exponent)),
        }
    }
    if product.len() == node.args.len() {
        return None;
    }
    let mut args: Vec<Expr> = product.into_iter().map(|(base, e)| pow(reference(graph, base), e)).collect();
    let shape = &graph[id].data.shape;
    if !shape.is_scalar() && args.iter().all(Expr::is_scalar) {
        args.push(crate::expr::ones(shape));
    }
    Some((Matched::Node(node.op.clone(), from), had(args), "powers"))
}

/// Zero is no base: 0/0 is not 1. A base that is a number is arithmetic's.
fn base_and_exponent(graph: &Graph, id: Id, above: Id) -> (Id, Expr, Matched) {
    let id = graph.find(id);
    let power = members(graph, id, above)
        .find(|n| *n.op == Op::Pow && graph[n.args[0]].data.number.is_none() && !graph[n.args[0]].data.zero);
    match power {
        Some(n) => (graph.find(n.args[0]), reference(graph, n.args[1]), whole(graph, n)),
        None => (id, number(Rational::one()), Matched::Class(id)),
    }
}

/// The factors of a base beside a power of it: `x/λ (x/λ)^k = (x/λ)^(k+1)`, and over it.
fn base_beside_power(graph: &Graph, id: Id, node: &Node) -> Option<Rewrite> {
    if *node.op != Op::Had {
        return None;
    }
    let above = graph.find(id);
    // whole powers of products are written out
    let is_whole = |id: Id| graph[id].data.number.as_ref().is_some_and(Rational::is_integer);
    let raised = |n: &&Node| *n.op == Op::Pow && !is_whole(n.args[1]);
    node.args.iter().enumerate().find_map(|(i, a)| {
        let power = members(graph, *a, above).find(raised)?;
        let base = members(graph, power.args[0], above).find(|n| *n.op == Op::Had)?;
        let others = (0..node.args.len()).filter(|j| *j != i).map(|j| base_and_exponent(graph, node.args[j], above));
        let (rest, mut from): (Vec<(Id, Expr)>, Vec<Matched>) = others.map(|(b, e, seen)| ((b, e), seen)).unzip();
        let (left, k) = [1, -1].iter().find_map(|k| Some((without_base(graph, &rest, base, *k)?, *k)))?;
        from.insert(i, Matched::Node(power.op.clone(), vec![whole(graph, base), class(graph, power.args[1])]));
        let exponent = add(vec![reference(graph, power.args[1]), number(Rational::from(k))]);
        let all = left.into_iter().chain([pow(reference(graph, power.args[0]), exponent)]).collect();
        Some((Matched::Node(node.op.clone(), from), had(all), "powers"))
    })
}

/// Powers without the k-th power of every factor of `base`; a scalar that is not among them comes in. `None` where another is
/// not.
fn without_base(graph: &Graph, rest: &[(Id, Expr)], base: &Node, k: i64) -> Option<Vec<Expr>> {
    let mut rest = rest.to_vec();
    let mut scalars = vec![];
    for factor in &base.args {
        let (b, e, _) = base_and_exponent(graph, *factor, *factor);
        let e = as_number(&e)? * &Rational::from(k);
        match rest.iter().position(|other| *other == (b, number(e.clone()))) {
            Some(i) => drop(rest.remove(i)),
            None if graph[b].data.shape.is_scalar() => scalars.push(pow(reference(graph, b), number(-&e))),
            None => return None,
        }
    }
    (scalars.len() < base.args.len()).then_some(())?;
    Some(rest.into_iter().map(|(b, e)| pow(reference(graph, b), e)).chain(scalars).collect())
}

/// A number common to all terms comes out: `2 A + 2 B = 2 (A + B)`, and so does a sign, where it is common too.
fn factor_number(graph: &Graph, id: Id, node: &Node) -> Option<Rewrite> {
    if *node.op != Op::Add {
        return None;
    }
    let all = terms(graph, id, node);
    let common = common_number(&all)?;
    let over = common.recip()?;
    let inner = add(all.iter().map(|t| scaled(graph, &(&t.coefficient * &over), &t.factors, id)).collect());
    Some((seen(node, &all), had(vec![number(common), inner]), "factor_number"))
}

/// The number that comes out of a sum; `None` where that is 1.
fn common_number(all: &[LikeTerm]) -> Option<Rational> {
    let size = all.first()?.coefficient.abs();
    let size = if all.iter().all(|t| t.coefficient.abs() == size) { size } else { Rational::one() };
    let common = if all.iter().all(|t| t.coefficient.is_negative()) { -&size } else { size };
    (!common.is_one() && !common.is_zero()).then_some(common)
}

/// Of different powers of one factor the smallest comes out: `A / t - B / t^2 = (A - B / t) / t`.
fn factor_power(graph: &Graph, id: Id, node: &Node) -> Option<Rewrite> {
    if *node.op != Op::Add {
        return None;
    }
    let all: Vec<(Matched, Vec<(Id, Expr)>)> =
        node.args.iter().map(|a| factors_of(graph, *a, graph.find(id))).collect();
    let common = |base: Id| Some((base, common_power(graph, &all, base)?));
    let (base, (name, least)) = all.first()?.1.iter().find_map(|(base, _)| common(*base))?;
    let rest = |factors: &[(Id, Expr)]| {
        let steps = |p: &Expr| number(&steps_from(graph, p).1 + &-&least);
        let left = |b: Id, p: &Expr| if b == base { steps(p) } else { p.clone() };
        had(factors.iter().map(|(b, p)| pow(reference(graph, *b), left(*b, p))).collect())
    };
    let shape = graph[id].data.shape.clone();
    let lift = |e: Expr| if e.shape() == &shape { e } else { had(vec![e, crate::expr::ones(&shape)]) };
    let inner = add(all.iter().map(|(_, factors)| lift(rest(factors))).collect());
    let from = Matched::Node(node.op.clone(), all.iter().map(|(seen, _)| seen.clone()).collect());
    let power = pow(reference(graph, base), add(vec![name, number(least.clone())]));
    Some((from, had(vec![power, inner]), "factor_power"))
}

/// The factors of an elementwise product as bases and exponents, every base once; a whole power of a product is one of each
/// of its factors.
pub(super) fn factors_of(graph: &Graph, id: Id, above: Id) -> (Matched, Vec<(Id, Expr)>) {
    let own = graph.find(id);
    let product = members(graph, own, above).find(|n| *n.op == Op::Had);
    let parts: Vec<(Vec<(Id, Expr)>, Matched)> = match product {
        Some(n) => n.args.iter().map(|a| opened_power(graph, *a, own)).collect(),
        None => vec![opened_power(graph, own, above)],
    };
    let mut factors: Vec<(Id, Expr)> = Vec::new();
    let mut seen = Vec::new();
    for (opened, matched) in parts {
        seen.push(matched);
        for (base, exponent) in opened {
            match factors.iter_mut().find(|(b, _)| *b == base) {
                Some((_, sum)) => *sum = add(vec![sum.clone(), exponent]),
                None => factors.push((base, exponent)),
            }
        }
    }
    match product {
        Some(n) => (Matched::Node(n.op.clone(), seen), factors),
        None => (seen.remove(0), factors),
    }
}

/// A factor as a base and its exponent; a whole power of a product as those of its factors.
fn opened_power(graph: &Graph, id: Id, above: Id) -> (Vec<(Id, Expr)>, Matched) {
    let powers = members(graph, id, above).filter(|n| *n.op == Op::Pow);
    powers.into_iter().find_map(|power| factors_raised(graph, power)).unwrap_or_else(|| {
        let (base, exponent, seen) = base_and_exponent(graph, id, above);
        (vec![(base, exponent)], seen)
    })
}

/// The factors of a whole power of a product, each with its exponent, where none is defined further than its power was.
fn factors_raised(graph: &Graph, power: &Node) -> Option<(Vec<(Id, Expr)>, Matched)> {
    let [base, exponent] = [power.args[0], power.args[1]];
    let k = graph[exponent].data.number.as_ref().filter(|k| k.is_integer())?;
    let product = members(graph, base, base).find(|n| *n.op == Op::Had)?;
    let parts = product.args.iter().map(|a| base_and_exponent(graph, *a, base));
    let (opened, seen): (Vec<(Id, Expr)>, Vec<Matched>) = parts.map(|(b, e, seen)| ((b, e), seen)).unzip();
    let raised = |(b, e): (Id, Expr)| {
        let (p, is_norm) = (as_number(&e)?.clone(), holds_norm(graph, b));
        let raised = &p * k;
        (p.is_integer() || is_norm || !raised.is_integer()).then(|| (b, number(raised)))
    };
    let opened = opened.into_iter().map(raised).collect::<Option<Vec<_>>>()?;
    Some((
        opened,
        Matched::Node(power.op.clone(), vec![Matched::Node(product.op.clone(), seen), class(graph, exponent)]),
    ))
}

fn holds_norm(graph: &Graph, id: Id) -> bool {
    graph[id].nodes.iter().any(|n| *n.op == Op::Builtin(Builtin::NormSquared))
}

/// The exponent of a base nearest to 0, when all terms have it with exponents of one sign, whole or half steps apart, not all
/// equal: what they have in common, and the number beside it.
pub(super) fn common_power(graph: &Graph, all: &[(Matched, Vec<(Id, Expr)>)], base: Id) -> Option<(Expr, Rational)> {
    let exponent = |(_, factors): &(Matched, Vec<(Id, Expr)>)| {
        factors.iter().find(|(b, _)| *b == base).map(|(_, p)| steps_from(graph, p))
    };
    let exponents = all.iter().map(exponent).collect::<Option<Vec<(Expr, Rational)>>>()?;
    let (name, least) = exponents.iter().min_by_key(|(_, p)| p.abs())?.clone();
    let apart = |p: &Rational| (&(p + &-&least) * &Rational::from(2)).is_integer();
    let one_sign = |p: &Rational| !is_zero(&name) || p.is_negative() == least.is_negative();
    let alike = exponents.iter().all(|(other, p)| *other == name && apart(p) && one_sign(p));
    (alike && exponents.iter().any(|(_, p)| *p != least)).then_some((name, least))
}

/// An exponent as a term without a number, and the number beside it: `g + 1` is one step from `g`.
pub(super) fn steps_from(graph: &Graph, exponent: &Expr) -> (Expr, Rational) {
    if let Some(p) = as_number(exponent) {
        return (number(Rational::zero()), p.clone());
    }
    let sum =
        referenced(exponent).and_then(|id| members(graph, id, id).find(|n| *n.op == Op::Add && n.args.len() == 2));
    let step = sum.and_then(|n| {
        let at = n.args.iter().position(|a| graph[*a].data.number.is_some())?;
        Some((reference(graph, n.args[1 - at]), graph[n.args[at]].data.number.clone()?))
    });
    step.unwrap_or_else(|| (exponent.clone(), Rational::zero()))
}

/// `C ∘ (A + B) = C ∘ A + C ∘ B`, where something may cancel: the sum has two terms, which are not one twice.
fn distribute(graph: &Graph, id: Id, node: &Node) -> Option<Rewrite> {
    if *node.op != Op::Had {
        return None;
    }
    let above = graph.find(id);
    let sum = |i: usize| {
        let differ = |n: &Node| graph.find(n.args[0]) != graph.find(n.args[1]);
        let pair = |n: &&Node| *n.op == Op::Add && n.args.len() == 2 && differ(n);
        members(graph, node.args[i], above).find(pair).map(|n| (i, n))
    };
    let (i, inner) = (0..node.args.len()).find_map(sum)?;
    let mut from: Vec<Matched> = node.args.iter().map(|a| class(graph, *a)).collect();
    from[i] = whole(graph, inner);
    let others: Vec<Expr> = (0..node.args.len()).filter(|j| *j != i).map(|j| reference(graph, node.args[j])).collect();
    let term = |a: &Id| had([others.as_slice(), &[reference(graph, *a)]].concat());
    let to = add(inner.args.iter().map(term).collect());
    (to.shape() == &graph[id].data.shape).then(|| (Matched::Node(node.op.clone(), from), to, "distribute"))
}

/// `eᵢ ∘ a = (eᵢᵀ a) eᵢ`.
fn unit(graph: &Graph, id: Id, node: &Node) -> Option<Rewrite> {
    let shape = &graph[id].data.shape;
    if *node.op != Op::Had || !shape.is_vector() {
        return None;
    }
    let above = graph.find(id);
    let is_unit = |a: Id| members(graph, a, above).any(|n| matches!(*n.op, Op::Unit(..)));
    let i = (0..node.args.len()).find(|i| is_unit(node.args[*i]))?;
    let (scalars, arrays): (Vec<Id>, Vec<Id>) =
        (0..node.args.len()).filter(|j| *j != i).map(|j| node.args[j]).partition(|a| graph[*a].data.shape.is_scalar());
    if arrays.is_empty() {
        return None;
    }
    let e = reference(graph, node.args[i]);
    let picked = mul(vec![crate::expr::transpose(e.clone()), had(references(graph, &arrays))]);
    let to = had([references(graph, &scalars), vec![picked, e]].concat());
    Some((whole(graph, node), to, "unit"))
}

/// `-k (A - B) = k (B - A)`.
fn sign(graph: &Graph, id: Id, node: &Node) -> Option<Rewrite> {
    let above = graph.find(id);
    if *node.op != Op::Had {
        return None;
    }
    let negative = |a: &Id| graph[*a].data.number.as_ref().is_some_and(Rational::is_negative);
    let at = node.args.iter().position(negative)?;
    let coefficient = graph[node.args[at]].data.number.clone()?;
    let sum = |i: usize| members(graph, node.args[i], above).find(|n| *n.op == Op::Add).map(|n| (i, n));
    let (i, inner) = (0..node.args.len()).filter(|i| *i != at).find_map(sum)?;
    let all: Vec<LikeTerm> = terms(graph, node.args[i], inner);
    let mut from: Vec<Matched> = node.args.iter().map(|a| class(graph, *a)).collect();
    from[i] = seen(inner, &all);
    let flipped = add(all.iter().map(|t| scaled(graph, &-&t.coefficient, &t.factors, node.args[i])).collect());
    let mut args: Vec<Expr> =
        (0..node.args.len()).filter(|j| *j != i && *j != at).map(|j| reference(graph, node.args[j])).collect();
    args.push(number(-&coefficient));
    args.push(flipped);
    Some((Matched::Node(node.op.clone(), from), had(args), "sign"))
}

/// `A A^k = A^(k+1)`, from either side; equal factors only.
fn matrix_powers(graph: &Graph, id: Id, node: &Node) -> Option<Rewrite> {
    let (Op::Mul, [a, b]) = (&*node.op, node.args.as_slice()) else { return None };
    let above = graph.find(id);
    let (base, k, left) = matrix_power_of(graph, *a, above);
    let (other, l, right) = matrix_power_of(graph, *b, above);
    if base != other || !graph[base].data.shape.is_square() || k + l == 0 {
        return None;
    }
    let to = crate::expr::matrix_power(reference(graph, base), k + l);
    Some((Matched::Node(node.op.clone(), vec![left, right]), to, "matrix_power"))
}

fn matrix_power_of(graph: &Graph, id: Id, above: Id) -> (Id, i64, Matched) {
    let id = graph.find(id);
    let power = members(graph, id, above).find_map(|n| match *n.op {
        Op::MatrixPower(k) => Some((n, k)),
        _ => None,
    });
    match power {
        Some((n, k)) => (graph.find(n.args[0]), k, whole(graph, n)),
        None => (id, 1, Matched::Class(id)),
    }
}
