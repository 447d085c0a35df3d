//! Constructors that keep the core's invariants: n-ary nodes flat and sorted, scalars beside matrix products, units gone.
//!
//! They rearrange nothing a reader would call a step: no distribution, no collection, no cancelling.

use super::{Builtin, Elementwise, Expr, Function, Map, Nonnegativity, Op, Rational, Shape, Size, Symbol, Variable};

/// Applies `op` through its constructor. Shapes must fit (see `Expr::node`).
pub fn build(op: Op, args: Vec<Expr>) -> Expr {
    match op {
        Op::Add => add(args),
        Op::Had => had(args),
        Op::Mul => mul(args),
        Op::Kron => binary(args, kron),
        Op::Transpose => unary(args, transpose),
        Op::Inverse => unary(args, inverse),
        Op::MatrixPower(k) => unary(args, |a| matrix_power(a, k)),
        Op::Pow => binary(args, pow),
        Op::Inner => binary(args, inner),
        Op::Number(_)
        | Op::SizeNumber(_)
        | Op::Constant(_)
        | Op::Variable(_)
        | Op::Ones(_)
        | Op::Zeros(_)
        | Op::Eye(_)
        | Op::Unit(..)
        | Op::Tril(_)
        | Op::Duplication(_)
        | Op::Commutation(..)
        | Op::Map(_)
        | Op::Field(_)
        | Op::Builtin(_)
        | Op::Unvec(..)
        | Op::Block { .. }
        | Op::Slice { .. }
        | Op::Differential => plain(op, args),
    }
}

/// Leaves and operators whose only rearrangement is that scalars need none of them.
fn plain(op: Op, args: Vec<Expr>) -> Expr {
    match op {
        Op::SizeNumber(ref size) => match size.as_constant() {
            Some(n) => integer(n),
            None => Expr::node(op, args),
        },
        Op::Ones(ref s) if s.is_scalar() => integer(1),
        Op::Zeros(ref s) if s.is_scalar() => integer(0),
        Op::Eye(ref n) if n.is_one() => integer(1),
        Op::Commutation(ref n, ref m) if n.is_one() || m.is_one() => eye(&n.times(m)),
        Op::Builtin(b) if b.about().keeps_scalars && args[0].is_scalar() => args[0].clone(),
        Op::Builtin(Builtin::Vec) if args[0].shape().cols.is_one() => args[0].clone(),
        Op::Unvec(_, ref cols) if cols.is_one() => args[0].clone(),
        Op::Unvec(ref rows, ref cols) if matches!(args[0].op(), Op::Ones(_)) => {
            ones(&Shape::new(rows.clone(), cols.clone()))
        }
        Op::Block { rows: 1, cols: 1 } => args[0].clone(),
        op if places(&op) && args.iter().all(is_zero) => zeros(Expr::node(op, args).shape()),
        op => Expr::node(op, args),
    }
}

/// Where the column ends, among the other factors, that the first of these factors multiplies as `a ×` does.
pub fn crossed_column(factors: &[Expr]) -> Option<usize> {
    let (first, others) = factors.split_first()?;
    let is_skew = *first.op() == Op::Builtin(Builtin::Skew);
    others.iter().position(|f| f.shape().cols.is_one()).filter(|_| is_skew)
}

/// Whether the entries of the value are sums of entries of the arguments: zeros stay zeros.
fn places(op: &Op) -> bool {
    match op {
        Op::Builtin(b) => b.about().linear,
        op => matches!(op, Op::Unvec(..) | Op::Block { .. } | Op::Slice { .. }),
    }
}

fn unary(mut args: Vec<Expr>, f: impl Fn(Expr) -> Expr) -> Expr {
    let a = args.pop().expect("one argument: the operator's arity");
    f(a)
}

fn binary(mut args: Vec<Expr>, f: impl Fn(Expr, Expr) -> Expr) -> Expr {
    let b = args.pop().expect("two arguments: the operator's arity");
    let a = args.pop().expect("two arguments: the operator's arity");
    f(a, b)
}

/// An exact number.
pub fn number(n: Rational) -> Expr {
    Expr::node(Op::Number(n), vec![])
}

/// A whole number.
pub fn integer(n: i64) -> Expr {
    number(Rational::from(n))
}

/// A variable, or a symbol that stands for a definition.
pub fn variable(name: impl Into<Symbol>, shape: &Shape) -> Expr {
    Expr::node(Op::Variable(Variable { name: name.into(), shape: shape.clone() }), vec![])
}

/// A size used as a number.
pub fn size_number(size: &Size) -> Expr {
    build(Op::SizeNumber(size.clone()), vec![])
}

/// An array of ones; the number 1 when the shape is a scalar's.
pub fn ones(shape: &Shape) -> Expr {
    build(Op::Ones(shape.clone()), vec![])
}

/// An array of zeros; the number 0 when the shape is a scalar's.
pub fn zeros(shape: &Shape) -> Expr {
    build(Op::Zeros(shape.clone()), vec![])
}

/// The identity; the number 1 when n is 1.
pub fn eye(n: &Size) -> Expr {
    build(Op::Eye(n.clone()), vec![])
}

/// True for 0 and for arrays of zeros.
pub fn is_zero(e: &Expr) -> bool {
    match e.op() {
        Op::Number(n) => n.is_zero(),
        Op::Zeros(_) => true,
        _ => false,
    }
}

/// Whether this is the number 1.
pub fn is_one(e: &Expr) -> bool {
    matches!(e.op(), Op::Number(n) if n.is_one())
}

/// The number this is, if it is one.
pub fn as_number(e: &Expr) -> Option<&Rational> {
    match e.op() {
        Op::Number(n) => Some(n),
        _ => None,
    }
}

fn flattened(op: &Op, args: Vec<Expr>) -> Vec<Expr> {
    args.into_iter().flat_map(|a| if a.op() == op { a.args().to_vec() } else { vec![a] }).collect()
}

/// Sum of expressions of one shape. Flat, sorted, numbers folded, zeros dropped.
pub fn add(args: Vec<Expr>) -> Expr {
    let shape = args.first().map_or_else(Shape::scalar, |a| a.shape().clone());
    let mut constant = Rational::zero();
    let mut terms = Vec::new();
    for term in flattened(&Op::Add, args) {
        match as_number(&term) {
            Some(n) => constant = &constant + n,
            None if is_zero(&term) => {}
            None => terms.push(term),
        }
    }
    if !constant.is_zero() {
        terms.push(number(constant));
    }
    collapse(Op::Add, terms, || zeros(&shape))
}

/// Elementwise product; scalars among the arguments scale. Flat, sorted, numbers folded, units dropped.
pub fn had(args: Vec<Expr>) -> Expr {
    let shape = args.iter().find(|a| !a.is_scalar()).map_or_else(Shape::scalar, |a| a.shape().clone());
    let mut coefficient = Rational::one();
    let mut factors = Vec::new();
    for factor in flattened(&Op::Had, args) {
        match factor.op() {
            Op::Number(n) => coefficient = &coefficient * n,
            _ if is_zero(&factor) => coefficient = Rational::zero(),
            _ => factors.push(factor),
        }
    }
    if coefficient.is_zero() {
        return zeros(&shape);
    }
    let arrays = factors.iter().filter(|f| !f.is_scalar() && !matches!(f.op(), Op::Ones(_))).count();
    if arrays > 0 {
        factors.retain(|f| !matches!(f.op(), Op::Ones(_)));
    } else {
        keep_one_ones(&mut factors);
    }
    if !coefficient.is_one() {
        factors.push(number(coefficient));
    }
    collapse(Op::Had, factors, || integer(1))
}

/// Among factors that are ones or scalars, the ones need standing only once.
fn keep_one_ones(factors: &mut Vec<Expr>) {
    let mut seen = false;
    factors.retain(|f| !matches!(f.op(), Op::Ones(_)) || !std::mem::replace(&mut seen, true));
}

fn collapse(op: Op, mut args: Vec<Expr>, empty: impl Fn() -> Expr) -> Expr {
    match args.len() {
        0 => empty(),
        1 => args.remove(0),
        _ => {
            args.sort();
            Expr::node(op, args)
        }
    }
}

/// Matrix product of a conformable chain. Scalars in it, and scalars that its inner dimensions of 1 cut out
/// (`x yᵀ w = (yᵀ w) x`), become factors beside it; identities drop out.
pub fn mul(args: Vec<Expr>) -> Expr {
    let shape = product_shape(&args);
    let mut scalars = Vec::new();
    let mut chain = Vec::new();
    // a scalar stays whole: its chain ends where the next one begins
    let flat = args.into_iter().flat_map(|a| if a.is_scalar() { vec![a] } else { flattened(&Op::Mul, vec![a]) });
    for factor in flat {
        let (mut outside, array) = split_scalars(factor);
        scalars.append(&mut outside);
        chain.extend(array.into_iter().flat_map(|a| flattened(&Op::Mul, vec![a])));
    }
    if chain.iter().any(is_zero) {
        return zeros(&shape);
    }
    drop_identities(&mut chain);
    scalars.extend(split_chain(chain));
    had(scalars)
}

fn product_shape(args: &[Expr]) -> Shape {
    let arrays: Vec<&Expr> = args.iter().filter(|a| !a.is_scalar()).collect();
    match (arrays.first(), arrays.last()) {
        (Some(first), Some(last)) => Shape::new(first.shape().rows.clone(), last.shape().cols.clone()),
        _ => Shape::scalar(),
    }
}

/// The scalar factors of an expression and the array they scale.
pub fn split_scalars(e: Expr) -> (Vec<Expr>, Option<Expr>) {
    if e.is_scalar() {
        return (vec![e], None);
    }
    if *e.op() != Op::Had {
        return (vec![], Some(e));
    }
    let (scalars, arrays): (Vec<Expr>, Vec<Expr>) = e.args().iter().cloned().partition(Expr::is_scalar);
    (scalars, Some(had(arrays)))
}

fn drop_identities(chain: &mut Vec<Expr>) {
    let mut i = 0;
    while chain.len() > 1 && i < chain.len() {
        if matches!(chain[i].op(), Op::Eye(_)) {
            chain.remove(i);
        } else {
            i += 1;
        }
    }
}

/// Cuts a chain where an inner dimension is 1: what lies between two cuts is a scalar.
fn split_chain(chain: Vec<Expr>) -> Vec<Expr> {
    let mut segments: Vec<Vec<Expr>> = vec![vec![]];
    for factor in chain {
        if factor.shape().rows.is_one() && segments.last().is_some_and(|s| !s.is_empty()) {
            segments.push(vec![]);
        }
        segments.last_mut().expect("starts with one").push(factor);
    }
    let segments: Vec<Expr> = segments
        .into_iter()
        .filter(|s| !s.is_empty())
        .map(|s| if s.len() == 1 { s[0].clone() } else { Expr::node(Op::Mul, s) })
        .collect();
    let (mut scalars, arrays): (Vec<Expr>, Vec<Expr>) = segments.into_iter().partition(Expr::is_scalar);
    if arrays.len() > 1 {
        scalars.push(Expr::node(Op::Mul, flattened(&Op::Mul, arrays)));
    } else {
        scalars.extend(arrays);
    }
    scalars
}

/// The Kronecker product A ⊗ B.
pub fn kron(a: Expr, b: Expr) -> Expr {
    if a.is_scalar() || b.is_scalar() {
        return had(vec![a, b]);
    }
    if let (Op::Eye(n), Op::Eye(m)) = (a.op(), b.op()) {
        return eye(&n.times(m));
    }
    if is_zero(&a) || is_zero(&b) {
        let (s, t) = (a.shape(), b.shape());
        return zeros(&Shape::new(s.rows.times(&t.rows), s.cols.times(&t.cols)));
    }
    let (mut scalars, left) = split_scalars(a);
    let (more, right) = split_scalars(b);
    scalars.extend(more);
    scalars.extend(left.zip(right).map(|(l, r)| Expr::node(Op::Kron, vec![l, r])));
    had(scalars)
}

/// Transpose: twice is nothing, a scalar's is itself, scalars stay outside, of an inverse it is written outside (X⁻ᵀ).
pub fn transpose(e: Expr) -> Expr {
    match e.op() {
        _ if e.is_scalar() => e,
        Op::Transpose => e.args()[0].clone(),
        Op::Eye(_) => e,
        Op::Ones(s) => ones(&s.transposed()),
        Op::Zeros(s) => zeros(&s.transposed()),
        Op::Builtin(Builtin::Diag) => e,
        Op::Field(f) if f.is_second() => e,
        Op::Had if e.args().iter().any(Expr::is_scalar) => {
            let (mut factors, array) = split_scalars(e);
            factors.extend(array.map(transpose));
            had(factors)
        }
        _ => Expr::node(Op::Transpose, vec![e]),
    }
}

/// A⁻¹; a reciprocal when A is a scalar.
pub fn inverse(e: Expr) -> Expr {
    match e.op() {
        _ if e.is_scalar() => pow(e, integer(-1)),
        Op::Inverse => e.args()[0].clone(),
        Op::Eye(_) => e,
        Op::Transpose => transpose(inverse(e.args()[0].clone())),
        _ => Expr::node(Op::Inverse, vec![e]),
    }
}

/// Whole power of a square matrix (of a scalar: the ordinary power); of a transpose it is the transpose of a power,
/// but (A⁻ᵀ)² stays.
pub fn matrix_power(e: Expr, exponent: i64) -> Expr {
    match exponent {
        _ if e.is_scalar() => pow(e, integer(exponent)),
        0 => eye(&e.shape().rows.clone()),
        1 => e,
        -1 => inverse(e),
        k => match e.op() {
            Op::Inverse => matrix_power(e.args()[0].clone(), -k),
            Op::Transpose if k > 0 && *e.args()[0].op() != Op::Inverse => {
                transpose(matrix_power(e.args()[0].clone(), k))
            }
            Op::Eye(_) => e,
            _ => Expr::node(Op::MatrixPower(k), vec![e]),
        },
    }
}

/// Elementwise power. Folds numbers, and powers of powers where the outer exponent is whole and the domain stays: (aᵖ)ᵏ =
/// aᵖᵏ wherever aᵖ is defined, but (√a)² is defined where a ≥ 0 alone; a number leaves a whole power.
pub fn pow(base: Expr, exponent: Expr) -> Expr {
    let Some(p) = as_number(&exponent).cloned() else {
        return Expr::node(Op::Pow, vec![base, exponent]);
    };
    if p.is_one() {
        return base;
    }
    if p.is_zero() {
        return ones(&base.shape().clone());
    }
    match (base.op(), p.to_i64()) {
        (Op::Ones(_), _) => base,
        (Op::Number(n), Some(k)) => match n.pow(k) {
            Some(value) => number(value),
            None => Expr::node(Op::Pow, vec![base, exponent]),
        },
        (Op::Pow, Some(_)) => match folded_exponent(&base, &p) {
            Some(product) => pow(base.args()[0].clone(), number(product)),
            None => Expr::node(Op::Pow, vec![base, exponent]),
        },
        (Op::Had, Some(k)) => number_outside(&base, k).unwrap_or_else(|| Expr::node(Op::Pow, vec![base, exponent])),
        _ => Expr::node(Op::Pow, vec![base, exponent]),
    }
}

/// The exponent of a power of a power, where aᵖᵏ is defined no further than (aᵖ)ᵏ.
fn folded_exponent(power: &Expr, k: &Rational) -> Option<Rational> {
    let p = as_number(&power.args()[1])?;
    let product = p * k;
    let same_domain = p.is_integer() || !product.is_integer() || is_nonnegative(&power.args()[0]);
    same_domain.then_some(product)
}

/// Whether no entry can be below 0, by the form of the term alone.
pub fn is_nonnegative(e: &Expr) -> bool {
    match e.op() {
        Op::Number(n) => !n.is_negative(),
        Op::SizeNumber(_) | Op::Constant(_) | Op::Ones(_) | Op::Zeros(_) | Op::Eye(_) | Op::Unit(..) => true,
        Op::Tril(_) | Op::Commutation(..) | Op::Duplication(_) => true,
        Op::Builtin(b) => match b.about().nonnegative {
            Nonnegativity::Always => true,
            Nonnegativity::OfNonnegative => is_nonnegative(&e.args()[0]),
            Nonnegativity::Unknown => false,
        },
        Op::Map(Map { function: Function::Builtin(f), order: 0 }) => {
            use Elementwise::{Abs, IsZero, Relu, Sqrt, Step};
            f.about().positive || matches!(f, Abs | Relu | Step | Sqrt | IsZero)
        }
        Op::Map(_) | Op::Field(_) => false,
        // a fractional power is defined of what is not negative, and is not negative
        Op::Pow => match as_number(&e.args()[1]).map(|p| (p.is_integer(), p.to_i64())) {
            Some((true, Some(k))) => k % 2 == 0 || is_nonnegative(&e.args()[0]),
            Some((true, None)) => false,
            Some((false, _)) | None => true,
        },
        Op::Mul if e.is_scalar() && is_square(e.args()) => true,
        Op::Add
        | Op::Had
        | Op::Mul
        | Op::Kron
        | Op::Transpose
        | Op::Unvec(..)
        | Op::Block { .. }
        | Op::Slice { .. } => e.args().iter().all(is_nonnegative),
        Op::Variable(_) | Op::Inverse | Op::MatrixPower(_) | Op::Differential | Op::Inner => false,
    }
}

/// `xᵀ x`, `xᵀ Aᵀ A x`.
fn is_square(factors: &[Expr]) -> bool {
    let (l, r) = factors.split_at(factors.len() / 2);
    l.len() == r.len() && l.iter().rev().zip(r).all(|(l, r)| transpose(l.clone()) == *r)
}

/// (k A)ᵖ = kᵖ Aᵖ for a number k, where that is a number worth writing out.
fn number_outside(product: &Expr, p: i64) -> Option<Expr> {
    let (numbers, rest): (Vec<&Expr>, Vec<&Expr>) = product.args().iter().partition(|f| as_number(f).is_some());
    let outside = as_number(numbers.first()?)?.pow(p)?;
    Some(had(vec![number(outside), pow(had(rest.into_iter().cloned().collect()), integer(p))]))
}

/// ⟨G, A⟩; zero when either is.
pub fn inner(a: Expr, b: Expr) -> Expr {
    if is_zero(&a) || is_zero(&b) { integer(0) } else { Expr::node(Op::Inner, vec![a, b]) }
}

/// -A.
pub fn neg(e: Expr) -> Expr {
    had(vec![integer(-1), e])
}

/// A - B, of one shape.
pub fn sub(a: Expr, b: Expr) -> Expr {
    add(vec![a, neg(b)])
}

/// A / b, entry by entry; b is a scalar or has the shape of A.
pub fn div(a: Expr, b: Expr) -> Expr {
    had(vec![a, pow(b, integer(-1))])
}

/// A function, differentiated `order` times, at every entry.
pub fn map(function: Function, order: u32, e: Expr) -> Expr {
    Expr::node(Op::Map(Map { function, order }), vec![e])
}

/// A built-in function at every entry.
pub fn elementwise(function: Elementwise, e: Expr) -> Expr {
    map(Function::Builtin(function), 0, e)
}

/// A built-in function of one array.
pub fn builtin(b: Builtin, e: Expr) -> Expr {
    build(Op::Builtin(b), vec![e])
}

/// d(A).
pub fn differential(e: Expr) -> Expr {
    build(Op::Differential, vec![e])
}
