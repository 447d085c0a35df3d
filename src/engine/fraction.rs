//! Elementwise terms as fractions of polynomials, so that what stands above and below the line cancels. Entry by entry
//! they are numbers: products commute, and scalars stand in every entry.

use super::cost::compact;
use super::polynomial::{LaurentPolynomial, Monomial};
use crate::expr::{
    Axis, Builtin, Elementwise, Expr, Function, Map, Op, Rational, add, as_number, builtin, elementwise, had, integer,
    map, neg, number, ones, pow, transpose,
};
use crate::fuel;

/// Powers up to this are multiplied out.
const MAX_POWER: i64 = 4;
/// Denominators of more different factors are left alone.
const MAX_FACTORS: usize = 6;

/// The term with every elementwise part in the shortest of its fractions; the same term where none is shorter.
pub fn cancelled(e: &Expr) -> Expr {
    e.rewrite(&mut |e| {
        let shorter = if *e.op() == Op::Mul { shorter_dot(&e) } else { shorter_fraction(&e) };
        shorter.unwrap_or(e)
    })
}

/// The shortest fraction an elementwise term is, where it is shorter.
fn shorter_fraction(e: &Expr) -> Option<Expr> {
    if fuel::is_spent() || !matches!(e.op(), Op::Add | Op::Had | Op::Pow) || !is_worth_it(e) {
        return None;
    }
    let forms = [Sums::Opened, Sums::Closed].into_iter().flat_map(|sums| forms(e, sums));
    let shortest = forms.map(|f| (compact(&f), f)).min_by_key(|(size, _)| *size);
    shortest.filter(|(size, _)| *size < compact(e)).map(|(_, form)| form)
}

/// aᵀ b adds up a ∘ b: what stands below in the one cancels in the other.
fn shorter_dot(dot: &Expr) -> Option<Expr> {
    let [row, b] = dot.args() else { return None };
    let a = transpose(row.clone());
    if !dot.is_scalar() || a.shape() != b.shape() || !(is_worth_it(&a) || is_worth_it(b)) {
        return None;
    }
    let sum = builtin(Builtin::Sum(Axis::All), shorter_fraction(&had(vec![a, b.clone()]))?);
    (compact(&sum) < compact(dot)).then_some(sum)
}

/// Whether something may cancel: a denominator, or σ(−t).
fn is_worth_it(e: &Expr) -> bool {
    let own = match e.op() {
        Op::Pow => as_number(&e.args()[1]).is_some_and(Rational::is_negative),
        Op::Map(m) => is(m, Elementwise::Sigmoid) && is_negative(&e.args()[0]),
        Op::Add | Op::Had => false,
        _ => return false,
    };
    own || e.args().iter().any(is_worth_it)
}

fn is(m: &Map, f: Elementwise) -> bool {
    m.order == 0 && m.function == Function::Builtin(f)
}

/// Whether a term has a minus sign in front.
fn is_negative(e: &Expr) -> bool {
    let number = |e: &Expr| as_number(e).is_some_and(Rational::is_negative);
    match e.op() {
        Op::Number(_) => number(e),
        Op::Had => e.args().iter().any(number),
        Op::Add => is_negative(&e.args()[0]),
        _ => false,
    }
}

/// Whether sums inside products are multiplied out.
#[derive(Clone, Copy, PartialEq)]
enum Sums {
    Opened,
    Closed,
}

/// What a term is a fraction of: above, a sum of products, in which what is below as a product has negative exponents;
/// below, sums with their exponents.
#[derive(Clone)]
struct Fraction {
    above: LaurentPolynomial,
    below: Vec<(LaurentPolynomial, i64)>,
}

/// The indeterminates, each a term or the square root of one.
struct Atoms {
    sums: Sums,
    known: Vec<Expr>,
    /// Whether the indeterminate is the square root of the term.
    roots: Vec<bool>,
    rooted: Vec<Expr>,
    /// Of what there are signs: the absolute value is t sign(t).
    signed: Vec<Expr>,
}

fn forms(e: &Expr, sums: Sums) -> Vec<Expr> {
    let mut atoms = Atoms { sums, known: vec![], roots: vec![], rooted: vec![], signed: vec![] };
    find_roots(e, &mut atoms.rooted);
    find_signs(e, &mut atoms.signed);
    let Some(fraction) = atoms.fraction(e, true) else { return vec![] };
    let squared = atoms.without_roots(&fraction);
    let named = atoms.by_sigmoid(&fraction);
    let reduced = [Some(fraction), squared].into_iter().flatten().map(Fraction::reduced);
    let all = reduced.flat_map(|f| [f.multiplied(), Some(f)]).flatten().chain(named);
    all.flat_map(|f| [atoms.whole(&f), atoms.nested(&f), atoms.split(&f)]).map(|f| of_shape(f, e)).collect()
}

/// A scalar stands in every entry.
fn of_shape(form: Expr, like: &Expr) -> Expr {
    if form.shape() == like.shape() { form } else { had(vec![form, ones(like.shape())]) }
}

/// The bases of square roots.
fn find_roots(e: &Expr, found: &mut Vec<Expr>) {
    if *e.op() == Op::Pow && as_number(&e.args()[1]).is_some_and(|p| halves(p).is_some() && !p.is_integer()) {
        found.push(e.args()[0].clone());
    }
    if matches!(e.op(), Op::Add | Op::Had | Op::Pow) {
        e.args().iter().for_each(|a| find_roots(a, found));
    }
}

/// What signs are taken of.
fn find_signs(e: &Expr, found: &mut Vec<Expr>) {
    match e.op() {
        Op::Map(m) if is(m, Elementwise::Sign) => found.push(e.args()[0].clone()),
        Op::Add | Op::Had | Op::Pow => e.args().iter().for_each(|a| find_signs(a, found)),
        _ => {}
    }
}

/// Twice an exponent, where that is whole.
fn halves(p: &Rational) -> Option<i64> {
    (p * &Rational::from(2)).to_i64()
}

impl Fraction {
    fn of(above: LaurentPolynomial) -> Fraction {
        Fraction { above, below: vec![] }
    }

    fn times(&self, other: &Fraction) -> Option<Fraction> {
        let mut product = Fraction { above: self.above.times(&other.above)?, below: self.below.clone() };
        other.below.iter().for_each(|(sum, k)| product.divide_by(sum, *k));
        (product.below.len() <= MAX_FACTORS).then_some(product)
    }

    fn divide_by(&mut self, sum: &LaurentPolynomial, k: i64) {
        match self.below.iter_mut().find(|(own, _)| own == sum) {
            Some((_, own)) => *own += k,
            None => self.below.push((sum.clone(), k)),
        }
        self.below.retain(|(_, k)| *k != 0);
    }

    /// Over one denominator.
    fn plus(&self, other: &Fraction) -> Option<Fraction> {
        let power =
            |f: &Fraction, sum: &LaurentPolynomial| f.below.iter().find(|(own, _)| own == sum).map_or(0, |(_, k)| *k);
        let mut below = self.below.clone();
        below.extend(other.below.iter().filter(|(sum, _)| power(self, sum) == 0).cloned());
        below.iter_mut().for_each(|(sum, k)| *k = (*k).max(power(other, sum)));
        let lifted = |f: &Fraction| {
            below.iter().try_fold(f.above.clone(), |p, (sum, k)| p.times(&sum.power(k - power(f, sum))?))
        };
        (below.len() <= MAX_FACTORS).then_some(())?;
        Some(Fraction { above: lifted(self)?.plus(&lifted(other)?), below: below.clone() })
    }

    fn power(&self, k: i64) -> Option<Fraction> {
        let factors = || self.below.iter().cloned();
        if k >= 0 {
            let below = factors().map(|(sum, own)| (sum, own * k)).collect();
            return Some(Fraction { above: self.above.power(k)?, below });
        }
        let (content, sum) = self.above.primitive()?;
        let above = factors().try_fold(LaurentPolynomial::of_monomial(&content.inverse()?, -k), |p, (sum, own)| {
            p.times(&sum.power(own.checked_mul(-k)?)?)
        })?;
        let below = if sum.is_one() { vec![] } else { vec![(sum, -k)] };
        Some(Fraction { above, below })
    }

    /// With the sums below multiplied out, where fewer terms come out: 1 − r² for (1 + r)(1 − r).
    fn multiplied(&self) -> Option<Fraction> {
        let (_, k) = self.below.first().filter(|_| self.below.len() > 1)?;
        let one = LaurentPolynomial::constant(Rational::one());
        let product = self.below.iter().try_fold(one, |p, (sum, own)| p.times(sum).filter(|_| own == k))?;
        let terms: usize = self.below.iter().map(|(sum, _)| sum.terms().count()).sum();
        let fewer = product.terms().count() < terms;
        fewer.then(|| Fraction { above: self.above.clone(), below: vec![(product, *k)] })
    }

    /// Without what divides both sides.
    fn reduced(mut self) -> Fraction {
        for (sum, k) in &mut self.below {
            while *k > 0 {
                let Some((content, whole)) = self.above.primitive() else { break };
                let Some(quotient) = whole.divided_by(sum) else { break };
                self.above = quotient.scaled(&content);
                *k -= 1;
            }
        }
        self.below.retain(|(_, k)| *k != 0);
        self
    }
}

impl Atoms {
    fn fraction(&mut self, e: &Expr, top: bool) -> Option<Fraction> {
        fuel::burn(1);
        match e.op() {
            Op::Number(n) => Some(Fraction::of(LaurentPolynomial::constant(n.clone()))),
            Op::Ones(_) => Some(Fraction::of(LaurentPolynomial::constant(Rational::one()))),
            Op::Add if !top && (self.rooted.contains(e) || self.is_closed(e)) => Some(self.term(e)),
            Op::Add => {
                let mut terms =
                    e.args().iter().map(|a| self.fraction(a, true)).collect::<Option<Vec<_>>>()?.into_iter();
                let first = terms.next()?;
                terms.try_fold(first, |sum, term| sum.plus(&term))
            }
            Op::Had => {
                let one = Fraction::of(LaurentPolynomial::constant(Rational::one()));
                e.args().iter().try_fold(one, |product, a| product.times(&self.fraction(a, false)?))
            }
            Op::Pow => self.power(e),
            Op::Map(m) if is(m, Elementwise::Exp) && is_negative(&e.args()[0]) => {
                Some(self.atom(&map(m.function.clone(), 0, neg(e.args()[0].clone())), -1))
            }
            Op::Map(m) if is(m, Elementwise::Sigmoid) && is_negative(&e.args()[0]) => {
                let other = self.atom(&map(m.function.clone(), 0, neg(e.args()[0].clone())), 1);
                let one = LaurentPolynomial::constant(Rational::one());
                Some(Fraction::of(one.plus(&other.above.negative())))
            }
            Op::Map(m) if is(m, Elementwise::Abs) && self.signed.contains(&e.args()[0]) => {
                let sign = self.term(&elementwise(Elementwise::Sign, e.args()[0].clone()));
                sign.times(&self.fraction(&e.args()[0], false)?)
            }
            _ => Some(self.term(e)),
        }
    }

    /// A term as an indeterminate.
    fn term(&mut self, e: &Expr) -> Fraction {
        let k = if self.rooted.contains(e) { 2 } else { 1 };
        self.atom(e, k)
    }

    fn power(&mut self, e: &Expr) -> Option<Fraction> {
        let (base, exponent) = (&e.args()[0], &e.args()[1]);
        let Some(p) = as_number(exponent) else { return Some(self.term(e)) };
        match (p.to_i64().filter(|k| k.abs() <= MAX_POWER), halves(p)) {
            (Some(k), _) if !self.rooted.contains(base) => self.fraction(base, false)?.power(k),
            (_, Some(k)) if self.rooted.contains(base) => Some(self.atom(base, k)),
            _ => Some(self.term(e)),
        }
    }

    fn is_closed(&self, sum: &Expr) -> bool {
        self.sums == Sums::Closed && !sum.args().iter().any(is_worth_it)
    }

    /// The k-th power of an indeterminate; of a rooted term, the k-th power of its square root.
    fn atom(&mut self, e: &Expr, k: i64) -> Fraction {
        let root = self.rooted.contains(e);
        let at = self.known.iter().position(|known| known == e).unwrap_or_else(|| {
            self.known.push(e.clone());
            self.roots.push(root);
            self.known.len() - 1
        });
        Fraction::of(LaurentPolynomial::of_monomial(&Monomial::power_of(at, 1), k))
    }

    /// Squares of square roots as what is below the root.
    fn without_roots(&mut self, f: &Fraction) -> Option<Fraction> {
        let mut f = f.clone();
        let mut changed = false;
        for at in 0..self.known.len() {
            if !self.roots[at] || *self.known[at].op() != Op::Add {
                continue;
            }
            let inside = self.known[at].clone();
            let inside = self.fraction(&inside, true).filter(|f| f.below.is_empty())?.above;
            let least = f.above.least_power(at);
            f.above = f.above.with_squares(at, least, &inside)?;
            changed = true;
        }
        changed.then_some(f)
    }

    /// Where 1 + eᵗ stands below, in σ(t): eᵗ = σ/(1 − σ).
    fn by_sigmoid(&mut self, f: &Fraction) -> Option<Fraction> {
        let one = || LaurentPolynomial::constant(Rational::one());
        let exp = |e: &Expr| matches!(e.op(), Op::Map(m) if is(m, Elementwise::Exp));
        let at = (0..self.known.len()).find(|i| {
            let sum = one().plus(&LaurentPolynomial::of_monomial(&Monomial::power_of(*i, 1), 1));
            exp(&self.known[*i]) && f.below.iter().any(|(own, _)| *own == sum)
        })?;
        let (content, rest) = f.above.primitive()?;
        let (k, others) = content.without(at);
        rest.is_free_of(at).then_some(())?;
        let sigmoid = elementwise(Elementwise::Sigmoid, self.known[at].args()[0].clone());
        let s = self.atom(&sigmoid, 1).above;
        let sum = one().plus(&LaurentPolynomial::of_monomial(&Monomial::power_of(at, 1), 1));
        let rest_below = f.below.iter().filter(|(own, _)| *own != sum);
        rest_below.clone().all(|(own, _)| own.is_free_of(at)).then_some(())?;
        let below = f.below.iter().find(|(own, _)| *own == sum)?.1;
        let (_, complement) = one().plus(&s.negative()).primitive()?;
        let sign = if complement.is_negative_of(&one().plus(&s.negative())) { -1 } else { 1 };
        let power = below - k;
        let above = rest.scaled(&others).times(&s.power(k).filter(|_| k >= 0)?)?;
        let above = if sign < 0 && power % 2 != 0 { above.negative() } else { above };
        Some(Fraction { above, below: rest_below.cloned().chain([(complement, -power)]).collect() })
    }

    /// One fraction, with what is common above before the sum.
    fn whole(&self, f: &Fraction) -> Expr {
        let Some((content, sum)) = f.above.primitive() else { return integer(0) };
        let below = f.below.iter().map(|(sum, k)| pow(self.sum(sum), integer(-k)));
        had([self.product(&content), self.sum(&sum)].into_iter().chain(below).collect())
    }

    /// One fraction, the sum above with factors before the terms that share them.
    fn nested(&self, f: &Fraction) -> Expr {
        let below = f.below.iter().map(|(sum, k)| pow(self.sum(sum), integer(-k)));
        had([self.factored(&f.above)].into_iter().chain(below).collect())
    }

    /// `e (1 - h) - 1` for e − e h − 1: the indeterminate that saves most stands before its terms.
    fn factored(&self, p: &LaurentPolynomial) -> Expr {
        let Some((content, sum)) = p.primitive() else { return integer(0) };
        let saved = |at: usize| {
            let holders = sum.terms().filter(|m| m.power(at) > 0).count() as u64;
            holders.saturating_sub(1) * self.known[at].nodes()
        };
        let best = (0..self.known.len()).max_by_key(|at| saved(*at)).filter(|at| saved(*at) > 0);
        let inside = match best {
            Some(at) => {
                let (with, without) = sum.parted(at);
                sum_of(vec![self.factored(&with), self.factored(&without)])
            }
            None => self.sum(&sum),
        };
        had(vec![self.product(&content), inside])
    }

    /// Term by term over the denominator.
    fn split(&self, f: &Fraction) -> Expr {
        let below: Vec<Expr> = f.below.iter().map(|(sum, k)| pow(self.sum(sum), integer(-k))).collect();
        let terms = f.above.terms().map(|m| had([vec![self.product(&m)], below.clone()].concat()));
        sum_of(terms.collect())
    }

    fn sum(&self, p: &LaurentPolynomial) -> Expr {
        sum_of(p.terms().map(|m| self.product(&m)).collect())
    }

    fn product(&self, m: &Monomial) -> Expr {
        let power = |(at, k): (usize, i64)| {
            let exponent = if self.roots[at] { Rational::new(k, 2) } else { Rational::from(k) };
            let base = &self.known[at];
            match base.op() {
                Op::Map(m) if is(m, Elementwise::Exp) && k != 1 => {
                    map(m.function.clone(), 0, had(vec![integer(k), base.args()[0].clone()]))
                }
                _ => pow(base.clone(), number(exponent)),
            }
        };
        had([number(m.coefficient.clone())].into_iter().chain(m.powers().map(power)).collect())
    }
}

/// Scalars among arrays stand in every entry.
fn sum_of(terms: Vec<Expr>) -> Expr {
    let Some(shape) = terms.iter().map(Expr::shape).find(|s| !s.is_scalar()).cloned() else { return add(terms) };
    add(terms.into_iter().map(|t| if t.is_scalar() { had(vec![t, ones(&shape)]) } else { t }).collect())
}
