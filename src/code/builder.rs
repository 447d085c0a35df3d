//! Builds a plan: equal instructions are one, and what arithmetic knows of them is done at once.

use super::exponents::ScaledExponential;
use super::plan::{Callable, Factoring, Id, Instruction, Operation, Turned};
use crate::expr::{Axis, Elementwise, Rational, Size};
use rustc_hash::FxHashMap;
use std::collections::{BTreeMap, BTreeSet};

/// Instructions so far.
#[derive(Default)]
pub struct PlanBuilder {
    pub instructions: Vec<Instruction>,
    pub callables: Vec<Callable>,
    known: FxHashMap<(Operation, Vec<Size>), Id>,
    /// Exponentials that cannot overflow, and what is made of them.
    pub centred: BTreeSet<Id>,
    pub scaled_forms: BTreeMap<Id, Option<ScaledExponential>>,
}

/// A product as it is put together.
#[derive(Clone)]
pub struct EntryFactors {
    pub coefficient: Rational,
    pub above: Vec<Id>,
    pub below: Vec<Id>,
}

impl EntryFactors {
    pub fn one() -> EntryFactors {
        EntryFactors { coefficient: Rational::one(), above: vec![], below: vec![] }
    }
}

impl PlanBuilder {
    /// An instruction, or the equal one that is there.
    pub fn add(&mut self, operation: Operation, dims: Vec<Size>) -> Id {
        let key = (operation, dims);
        if let Some(id) = self.known.get(&key) {
            return *id;
        }
        let id = Id(self.instructions.len());
        let arguments = key.0.arguments();
        let fixed = match key.0 {
            Operation::Input(_) | Operation::Call(..) => false,
            _ => key.1.is_empty() && arguments.iter().all(|a| self.instructions[a.0].fixed),
        };
        let (operation, dims) = key.clone();
        self.instructions.push(Instruction { operation, dims, name: None, formula: None, fixed });
        self.known.insert(key, id);
        id
    }

    fn find(&self, operation: Operation, dims: &[Size]) -> Option<Id> {
        self.known.get(&(operation, dims.to_vec())).copied()
    }

    pub fn operation(&self, id: Id) -> &Operation {
        &self.instructions[id.0].operation
    }

    pub fn dims(&self, id: Id) -> &[Size] {
        &self.instructions[id.0].dims
    }

    pub fn is_scalar(&self, id: Id) -> bool {
        self.dims(id).is_empty()
    }

    pub fn number(&mut self, value: impl Into<Rational>) -> Id {
        self.add(Operation::Number(value.into()), vec![])
    }

    pub fn as_number(&self, id: Id) -> Option<&Rational> {
        if let Operation::Number(value) = self.operation(id) { Some(value) } else { None }
    }

    /// What works entry by entry, of arguments of these: as many sides as the largest of them has.
    fn common(&self, ids: &[Id]) -> Vec<Size> {
        ids.iter().map(|id| self.dims(*id)).max_by_key(|d| d.len()).unwrap_or_default().to_vec()
    }

    /// What works entry by entry, or the transpose of what it makes of the transposes, where that is there already.
    fn entrywise(&mut self, dims: Vec<Size>, arguments: &[Id], make: impl Fn(&[Id]) -> Operation) -> Id {
        let own = make(arguments);
        if dims.len() == 2 && self.find(own.clone(), &dims).is_none() {
            let turned: Option<Vec<Id>> = arguments.iter().map(|a| self.turned_if_known(*a)).collect();
            let other: Vec<Size> = dims.iter().rev().cloned().collect();
            if let Some(found) = turned.and_then(|t| self.find(make(&t), &other)) {
                return self.transpose(found);
            }
        }
        self.add(own, dims)
    }

    /// The transpose, if it is there; of a scalar itself.
    fn turned_if_known(&self, id: Id) -> Option<Id> {
        let other: Vec<Size> = self.dims(id).iter().rev().cloned().collect();
        match self.operation(id) {
            _ if self.dims(id).is_empty() => Some(id),
            Operation::Transpose(a) => Some(*a),
            Operation::Spread(v, Axis::Rows) => self.find(Operation::Spread(*v, Axis::Cols), &other),
            Operation::Spread(v, _) => self.find(Operation::Spread(*v, Axis::Rows), &other),
            _ => self.find(Operation::Transpose(id), &other),
        }
    }

    pub fn transpose(&mut self, id: Id) -> Id {
        let dims: Vec<Size> = self.dims(id).iter().rev().cloned().collect();
        match self.operation(id) {
            _ if dims.len() < 2 => id,
            Operation::Transpose(a) => *a,
            _ => self.add(Operation::Transpose(id), dims),
        }
    }

    /// The matrix, and whether it is to be transposed.
    pub fn turned(&self, id: Id) -> Turned {
        match self.operation(id) {
            Operation::Transpose(a) => Turned { id: *a, transposed: true },
            _ => Turned { id, transposed: false },
        }
    }

    /// ± terms added up.
    pub fn sum(&mut self, terms: Vec<(bool, Id)>) -> Id {
        let dims = self.common(&terms.iter().map(|(_, t)| *t).collect::<Vec<_>>());
        let mut signed: Vec<(bool, Id)> = terms.into_iter().map(|t| self.with_sign(t)).collect();
        self.leave_out_diagonals(&mut signed);
        signed.retain(|(_, t)| !self.as_number(*t).is_some_and(Rational::is_zero));
        match signed.as_slice() {
            [] => {
                let zero = self.number(0);
                return if dims.is_empty() { zero } else { self.add(Operation::Fill(zero), dims) };
            }
            [(false, one)] if self.dims(*one) == dims => return *one,
            [(true, one)] if self.dims(*one) == dims => {
                return self.product(EntryFactors {
                    coefficient: Rational::from(-1),
                    above: vec![*one],
                    below: vec![],
                });
            }
            _ => {}
        }
        // what is subtracted comes after what is not
        signed.sort_by_key(|(negative, _)| *negative);
        let opposite: Vec<(bool, Id)> = signed.iter().map(|(n, t)| (!n, *t)).collect();
        let ordered = |mut s: Vec<(bool, Id)>| {
            s.sort_by_key(|(negative, _)| *negative);
            s
        };
        if let Some(found) = self.find(Operation::Sum(ordered(opposite)), &dims) {
            return self.product(EntryFactors { coefficient: Rational::from(-1), above: vec![found], below: vec![] });
        }
        let (signs, ids): (Vec<bool>, Vec<Id>) = signed.into_iter().unzip();
        self.entrywise(dims, &ids, |ids| Operation::Sum(signs.iter().copied().zip(ids.iter().copied()).collect()))
    }

    /// The sums of the rows of a matrix less its diagonal are those without the diagonal: where that is large it would take the
    /// digits of the rest along.
    fn leave_out_diagonals(&mut self, terms: &mut Vec<(bool, Id)>) {
        for k in 0..terms.len() {
            let (negative, id) = terms[k];
            let Operation::Total(a, axis) = *self.operation(id) else { continue };
            let Some(diagonal) = self.find(Operation::DiagonalOf(a), self.dims(id)) else { continue };
            let Some(other) = terms.iter().position(|t| *t == (!negative, diagonal)) else { continue };
            let dims = self.dims(a).to_vec();
            let (one, minus) = (self.number(1), self.number(-1));
            let ones = self.add(Operation::Fill(one), dims.clone());
            let mask = self.add(Operation::AddDiagonal(ones, minus), dims);
            let others = self.scaled(mask, a);
            terms[k] = (negative, self.total(others, axis));
            terms.remove(other);
            return;
        }
    }

    /// A negative coefficient as a sign; what has a name is called by it.
    fn with_sign(&mut self, (negative, id): (bool, Id)) -> (bool, Id) {
        if self.instructions[id.0].name.is_some() {
            return (negative, id);
        }
        match self.operation(id).clone() {
            Operation::Number(n) if n.is_negative() => (!negative, self.number(-&n)),
            Operation::Product { coefficient, factors, divisors } if coefficient.is_negative() => {
                (!negative, self.product(EntryFactors { coefficient: -&coefficient, above: factors, below: divisors }))
            }
            Operation::Spread(v, axis) => {
                let dims = self.dims(id).to_vec();
                let (own, inner) = self.with_sign((negative, v));
                if inner == v { (negative, id) } else { (own, self.add(Operation::Spread(inner, axis), dims)) }
            }
            _ => (negative, id),
        }
    }

    /// A product, entry by entry: numbers are collected, products within it are taken apart.
    pub fn product(&mut self, factors: EntryFactors) -> Id {
        let all: Vec<Id> = factors.above.iter().chain(&factors.below).copied().collect();
        let dims = self.common(&all);
        let mut whole = EntryFactors { coefficient: factors.coefficient, above: vec![], below: vec![] };
        factors.above.into_iter().for_each(|id| self.put(&mut whole, id, false));
        factors.below.into_iter().for_each(|id| self.put(&mut whole, id, true));
        if let Some(fewer) = self.against_each_other(&whole, &dims) {
            return self.product_over(fewer, &dims);
        }
        let EntryFactors { coefficient, mut above, below } = whole;
        above.sort_by_key(|id| (self.dims(*id).len(), self.instructions[id.0].fixed));
        if coefficient.is_zero() || above.is_empty() && below.is_empty() {
            let number = self.number(coefficient);
            return if dims.is_empty() { number } else { self.add(Operation::Fill(number), dims) };
        }
        self.share_square(&mut above);
        if let ([one], [], true) = (above.as_slice(), below.as_slice(), coefficient.is_one())
            && self.dims(*one) == dims
        {
            return *one;
        }
        let split = above.len();
        let ids: Vec<Id> = above.into_iter().chain(below).collect();
        self.entrywise(dims, &ids, |ids| Operation::Product {
            coefficient: coefficient.clone(),
            factors: ids[..split].to_vec(),
            divisors: ids[split..].to_vec(),
        })
    }

    /// The product of these, with as many sides as the whole has.
    fn product_over(&mut self, factors: EntryFactors, dims: &[Size]) -> Id {
        let product = self.product(factors);
        if self.dims(product) == dims { product } else { self.add(Operation::Fill(product), dims.to_vec()) }
    }

    /// x ∘ a² where a ∘ x is there already: a ∘ (a ∘ x), a pass over memory less.
    fn share_square(&self, above: &mut [Id]) {
        let squared = |id: &Id| match self.operation(*id) {
            Operation::Power(a, two) if *two == Rational::from(2) && !self.is_scalar(*id) => Some(*a),
            _ => None,
        };
        let Some((k, a)) = above.iter().enumerate().find_map(|(k, id)| Some((k, squared(id)?))) else { return };
        let product = |factors: [Id; 2]| {
            let (coefficient, factors) = (Rational::one(), factors.to_vec());
            self.find(Operation::Product { coefficient, factors, divisors: vec![] }, self.dims(a))
        };
        let shared = |x: Id| product([a, x]).or_else(|| product([x, a]));
        if let Some((l, found)) = above.iter().enumerate().find_map(|(l, x)| Some((l, shared(*x)?))) {
            above[k] = a;
            above[l] = found;
        }
    }

    /// One factor of a product. Scalar products are not taken apart inside arrays: they are computed once.
    fn put(&mut self, whole: &mut EntryFactors, id: Id, divides: bool) {
        match self.operation(id).clone() {
            Operation::Number(n) if !(divides && n.is_zero()) => {
                let n = if divides { n.recip().unwrap_or_else(Rational::one) } else { n };
                whole.coefficient = &whole.coefficient * &n;
            }
            Operation::Product { coefficient, factors, divisors }
                if factors.len() + divisors.len() == 1 && !(divides && coefficient.is_zero()) =>
            {
                let c = if divides { coefficient.recip().unwrap_or_else(Rational::one) } else { coefficient };
                whole.coefficient = &whole.coefficient * &c;
                factors.into_iter().for_each(|f| self.put(whole, f, divides));
                divisors.into_iter().for_each(|f| self.put(whole, f, !divides));
            }
            Operation::Power(a, p) if p == Rational::from(-1) => self.put(whole, a, !divides),
            Operation::Product { coefficient, factors, divisors } if coefficient.is_negative() => {
                whole.coefficient = -&whole.coefficient;
                let own = EntryFactors { coefficient: -&coefficient, above: factors, below: divisors };
                let positive = self.product(own);
                if divides { whole.below.push(positive) } else { whole.above.push(positive) }
            }
            _ if divides => whole.below.push(id),
            _ => whole.above.push(id),
        }
    }

    /// a · x.
    pub fn scaled(&mut self, scalar: Id, id: Id) -> Id {
        self.product(EntryFactors { coefficient: Rational::one(), above: vec![scalar, id], below: vec![] })
    }

    /// a / b, entry by entry.
    pub fn quotient(&mut self, above: Id, below: Id) -> Id {
        self.product(EntryFactors { coefficient: Rational::one(), above: vec![above], below: vec![below] })
    }

    pub fn map(&mut self, f: Elementwise, id: Id) -> Id {
        if f == Elementwise::Log
            && let Some(log) = self.log_by_exponent(id)
        {
            return log;
        }
        let dims = self.dims(id).to_vec();
        self.entrywise(dims, &[id], |ids| Operation::Map(f, ids[0]))
    }

    pub fn power(&mut self, id: Id, exponent: Rational) -> Id {
        let dims = self.dims(id).to_vec();
        match (exponent.to_i64(), &exponent) {
            (Some(0), _) => {
                let one = self.number(1);
                if dims.is_empty() { one } else { self.add(Operation::Fill(one), dims) }
            }
            (Some(1), _) => id,
            (_, half) if *half == Rational::new(1, 2) => self.map(Elementwise::Sqrt, id),
            (_, half) if *half == Rational::new(-1, 2) => {
                let root = self.map(Elementwise::Sqrt, id);
                self.power(root, Rational::from(-1))
            }
            (_, exponent) => self.entrywise(dims, &[id], |ids| Operation::Power(ids[0], exponent.clone())),
        }
    }

    /// The product of two matrices, or the transpose of that of their transposes where it is there already.
    pub fn matmul(&mut self, left: Id, right: Id) -> Id {
        let dims = vec![self.dims(left)[0].clone(), self.dims(right)[1].clone()];
        let (a, b) = (self.turned(left), self.turned(right));
        let flip = |t: Turned| Turned { transposed: !t.transposed, ..t };
        let other: Vec<Size> = dims.iter().rev().cloned().collect();
        match self.find(Operation::MatMul(flip(b), flip(a)), &other) {
            Some(found) if flip(b) != a => self.transpose(found),
            _ => self.add(Operation::MatMul(a, b), dims),
        }
    }

    pub fn matvec(&mut self, matrix: Id, vector: Id) -> Id {
        let dims = vec![self.dims(matrix)[0].clone()];
        let turned = self.turned(matrix);
        self.add(Operation::MatVec(turned, vector), dims)
    }

    pub fn outer(&mut self, u: Id, v: Id) -> Id {
        let dims = vec![self.dims(u)[0].clone(), self.dims(v)[0].clone()];
        let other = vec![dims[1].clone(), dims[0].clone()];
        match self.find(Operation::Outer(v, u), &other) {
            Some(found) if u != v => self.transpose(found),
            _ => self.add(Operation::Outer(u, v), dims),
        }
    }

    /// Σ of the entries of a ∘ b.
    pub fn inner(&mut self, a: Id, b: Id) -> Id {
        let (a, b) = if a <= b { (a, b) } else { (b, a) };
        match self.dims(a).len() {
            0 => self.scaled(a, b),
            1 => self.add(Operation::Dot(a, b), vec![]),
            _ => match (self.operation(a), self.operation(b)) {
                (Operation::Transpose(x), Operation::Transpose(y)) => {
                    let (x, y) = (*x, *y);
                    self.inner(x, y)
                }
                _ => self.add(Operation::Inner(a, b), vec![]),
            },
        }
    }

    pub fn total(&mut self, id: Id, axis: Axis) -> Id {
        let dims = self.reduced(id, axis);
        match (self.operation(id), axis) {
            _ if self.is_scalar(id) => id,
            (Operation::Transpose(a), Axis::All) => {
                let a = *a;
                self.total(a, Axis::All)
            }
            (Operation::Transpose(a), Axis::Rows) => self.add(Operation::Total(*a, Axis::Cols), dims),
            (Operation::Transpose(a), Axis::Cols) => self.add(Operation::Total(*a, Axis::Rows), dims),
            _ => self.add(Operation::Total(id, axis), dims),
        }
    }

    /// What is left when every row, or every column, becomes one number.
    pub fn reduced(&self, id: Id, axis: Axis) -> Vec<Size> {
        match (axis, self.dims(id)) {
            (Axis::Rows, [n, _]) => vec![n.clone()],
            (Axis::Cols, [_, m]) => vec![m.clone()],
            _ => vec![],
        }
    }

    /// A⁻¹ b or A⁻ᵀ b, by the factors.
    pub fn solve(&mut self, factor: Turned, right: Id) -> Id {
        let dims = self.dims(right).to_vec();
        self.add(Operation::Solve(factor, right), dims)
    }

    pub fn factor(&mut self, how: Factoring, matrix: Id) -> Id {
        let dims = self.dims(matrix).to_vec();
        self.add(Operation::Factor(how, matrix), dims)
    }
}
