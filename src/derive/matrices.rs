//! The matrix form of a result: the document over whole arrays, derived as any other; or the result itself over whole
//! arrays. The shorter one is taken, and only if its numbers are those of the result.

use super::indexed::ranges_of;
use crate::derive::cut::fresh_names;
use crate::derive::idiom::Idiom;
use crate::derive::local::Solver;
use crate::derive::{Derivation, Derivative, Form, Options, Product, ResultKind, Target, derive_program};
use crate::diag::Span;
use crate::engine::facts;
use crate::expr::{
    Builtin, Elementwise, Expr, Function, Indexed, Op, Purpose, Shape, Size, Symbol, builtin, had, map as map_of, mul,
    ones, transpose, variable,
};
use crate::index::{Lifted, lift, reduced};
use crate::program::{Definition, Inliner, Program};

/// A result over whole arrays.
#[derive(Clone, Debug)]
pub struct MatrixForm {
    /// The derivative by the array of all members.
    pub result: Expr,
    /// What it speaks of.
    pub program: Program,
    /// The targets as arrays.
    pub targets: Vec<Symbol>,
    /// The arrays that have a letter of their own, and the families whose members are their rows.
    pub stack: Vec<(Symbol, Symbol)>,
    /// What was given a name, since it stands below an inverse, or holds a bracket for each entry: the onehot rows of labels.
    pub named: Option<(Symbol, Expr)>,
}

/// A result over whole arrays that is yet to be compared.
pub(super) struct MatrixCandidate {
    /// The indexed document it is about.
    pub document: Program,
    /// The same over whole arrays.
    pub lifted: Lifted,
    /// The result.
    pub result: Expr,
}

/// What stands below an inverse has a name of its own from this size on.
const NAMED_NODES: u64 = 6;

impl Derivation {
    /// The matrix form of every derivative that has one.
    pub fn matrix_forms(&self) -> Vec<Option<MatrixForm>> {
        if !self.program.is_indexed() {
            return vec![None; self.derivatives.len()];
        }
        let document = Program { main: Some(self.of.clone()), ..self.program.clone() };
        let lifted = lift(&reduced(&document, &[&self.of])).map(tidied);
        self.derivatives.iter().map(|one| self.matrix_form(one, lifted.as_ref())).collect()
    }

    fn matrix_form(&self, one: &Derivative, lifted: Option<&Lifted>) -> Option<MatrixForm> {
        let pulled_back = matches!(&one.quantity, ResultKind::Product { product: Product::Vjp(_), .. });
        if self.program.plates.contains_key(&self.of) && !pulled_back {
            return None;
        }
        let derived = match one.quantity {
            ResultKind::Derivative => lifted.and_then(|l| self.derived(one, l)),
            // a direction of a family is a family: the result itself says what it is multiplied by
            ResultKind::Product { .. } => None,
        };
        let found = [derived, self.stacked(one)];
        let mut found: Vec<(u64, MatrixCandidate)> =
            found.into_iter().flatten().map(|c| (c.result.nodes(), c)).collect();
        found.sort_by_key(|(size, _)| *size);
        found.into_iter().find(|(_, c)| self.is_right(one, c)).map(|(_, c)| c.form(one))
    }

    /// The derivative of the document over whole arrays.
    fn derived(&self, one: &Derivative, lifted: &Lifted) -> Option<MatrixCandidate> {
        let wholes = one.targets().map(|t| self.whole(t, lifted)).collect::<Option<Vec<_>>>()?;
        let flat = wholes.iter().all(|w| lifted.program.shape(w).is_some_and(|s| s.is_vector() || s.is_scalar()));
        if one.order() == 1 && one.form == Form::Jacobian && !flat {
            return None;
        }
        let mut words: Vec<&str> = wholes.iter().map(Symbol::word).collect();
        words.dedup();
        let form = (one.order() == 1).then_some(one.form);
        let options = Options::default().with_respect_to(&words).form(form).order(one.order() as u32).inlined(true);
        let found = derive_program(lifted.program.clone(), &options.check(self.check.is_some())).ok()?;
        let named = |t: &Target| t.parts[0].0.clone();
        let own = found.derivatives.iter().find(|d| d.targets().map(named).eq(wholes.iter().cloned()))?;
        let result = shown(&own.result, own.inlined.as_ref(), &lifted.program)?;
        Some(MatrixCandidate { document: self.program.clone(), lifted: lifted.clone(), result })
    }

    /// The result itself, as one array over the indices of its targets.
    fn stacked(&self, one: &Derivative) -> Option<MatrixCandidate> {
        let symbols: Vec<&Symbol> = one.targets().map(|t| &t.parts[0].0).collect();
        // a change along a direction is by no member of it
        let ranges = |s: &&Symbol| if one.is_change() { vec![] } else { ranges_of(&self.program, s) };
        let plates: Vec<Vec<_>> = symbols.iter().map(ranges).collect();
        let straight = one.targets().all(|t| is_straight(t, &self.program));
        let member = |k: usize| plates[k].is_empty() || one.result.shape().rows.is_one();
        let (value, turned) = match (one.form, plates.as_slice()) {
            (Form::Jacobian, [own]) if !own.is_empty() => (one.result.clone(), true),
            (Form::Shape | Form::Jacobian, [_]) => (one.result.clone(), false),
            (_, [a, b]) if a.is_empty() != b.is_empty() && one.result.shape().cols.is_one() => {
                (one.result.clone(), a.is_empty())
            }
            (_, [a, _]) if !a.is_empty() && member(0) => (transpose(one.result.clone()), false),
            (_, [_, _]) => (one.result.clone(), false),
            _ => return None,
        };
        let plate: Vec<_> = plates.concat();
        if !straight || plate.len() == 2 && !value.is_scalar() {
            return None;
        }
        let name =
            Symbol::made(Purpose::Array, vec![], 0).written(fresh_names("G", 1, &self.program.names()).remove(0));
        let mut program = Program { main: Some(name.clone()), ..self.program.clone() };
        if !plate.is_empty() {
            program.plates.insert(name.clone(), plate);
        }
        program.definitions.push(Definition { name: name.clone(), value, written: None, span: Span::default() });
        // with what is differentiated, where it has a form: points are drawn where that has a value
        let roots: [&[&Symbol]; 2] = [&[&self.of, &name], &[&name]];
        let whole = |roots: &&[&Symbol]| {
            let document = reduced(&program, roots);
            Some((lift(&document)?, document))
        };
        let (lifted, mut document) = roots.iter().find_map(whole)?;
        let mut lifted = tidied(lifted);
        let own = lifted.program.definitions.pop()?;
        document.definitions.pop();
        document.plates.remove(&name);
        lifted.wholes.remove(&name);
        let inlined = Inliner::new(lifted.program.definitions.iter()).inline(&own.value);
        let inlined = inlined.map(|e| Solver::new(facts(&lifted.program.inputs), false).tidy(&e).result);
        let result = shown(&own.value, inlined.as_ref(), &lifted.program)?;
        let result = if turned {
            Solver::new(facts(&lifted.program.inputs), false).tidy(&transpose(result)).result
        } else {
            result
        };
        // no page says these sums: they are made of indexed ones
        let result = Idiom::of(&[]).told(&result).result;
        Some(MatrixCandidate { document, lifted, result })
    }

    /// The array of all members of a target.
    fn whole(&self, target: &Target, lifted: &Lifted) -> Option<Symbol> {
        let [(symbol, _)] = target.parts.as_slice() else { return None };
        match symbol.as_indexed() {
            None if self.program.plates.contains_key(symbol) => None,
            None => Some(symbol.clone()),
            Some(Indexed::Member { family, .. }) => {
                lifted.wholes.get(family).filter(|_| is_straight(target, &self.program)).cloned()
            }
            Some(_) => None,
        }
    }
}

/// Whether a target is a variable, or a member under different letters without offsets.
fn is_straight(target: &Target, program: &Program) -> bool {
    target.parts.len() == 1
        && match target.parts[0].0.as_indexed() {
            None => true,
            Some(Indexed::Member { at, .. }) => {
                let moves = at.iter().all(|p| p.at_rest().is_some());
                moves && ranges_of(program, &target.parts[0].0).len() == at.len()
            }
            Some(_) => false,
        }
}

/// With every definition in the form an author would print: what is written with exp may be a sigmoid.
pub(super) fn tidied(lifted: Lifted) -> Lifted {
    let mut solver = Solver::new(facts(&lifted.program.inputs), false);
    let tidy = |d: Definition| Definition { value: solver.tidy(&d.value).result, ..d };
    let definitions = lifted.program.definitions.into_iter().map(tidy).collect();
    Lifted { program: Program { definitions, ..lifted.program }, ..lifted }
}

/// In the variables of the document; in its definitions where that is shorter.
fn shown(own: &Expr, inlined: Option<&Expr>, program: &Program) -> Option<Expr> {
    let own = &upright(&scaled(own), program);
    let inlined = inlined.map(|e| upright(&scaled(e), program));
    let known = own.variables().iter().all(|v| program.shape(v).is_some());
    match inlined {
        Some(inlined) if !known || inlined.nodes() <= own.nodes() => Some(inlined),
        Some(_) | None => known.then(|| own.clone()),
    }
}

/// diag(v) A for A ∘ (v 𝟏ᵀ), A diag(v) for A ∘ (𝟏 vᵀ).
fn scaled(e: &Expr) -> Expr {
    e.rewrite(&mut |e| {
        let found = if *e.op() == Op::Had { scaled_product(e.args()) } else { None };
        found.unwrap_or(e)
    })
}

/// Brackets [y_i = k] with a row for each y_i: the transpose of those with a column.
fn upright(e: &Expr, program: &Program) -> Expr {
    if brackets_of(e).is_none() {
        return e.clone();
    }
    let mut solver = Solver::new(facts(&program.inputs), false);
    let turned = e.rewrite(&mut |e| match (e.op(), e.args()) {
        (Op::Map(map), [inside]) if map.function == Function::Builtin(Elementwise::IsZero) && !e.is_scalar() => {
            let mut bracket = |inside: Expr| map_of(map.function.clone(), 0, solver.tidy(&inside).result);
            if is_across(inside) { transpose(bracket(transpose(inside.clone()))) } else { bracket(inside.clone()) }
        }
        _ => e,
    });
    solver.tidy(&turned).result
}

/// `𝟏 yᵀ - …`: what is compared stands in columns.
fn is_across(e: &Expr) -> bool {
    let across = |term: &Expr| match term.args() {
        [first, .., last] if *term.op() == Op::Mul => {
            is_ones(first) && *last.op() == Op::Transpose && last.args()[0].as_variable().is_some()
        }
        _ => false,
    };
    *e.op() == Op::Add && e.args().iter().any(across)
}

fn is_ones(e: &Expr) -> bool {
    matches!(e.op(), Op::Ones(_)) || *e.op() == Op::Transpose && matches!(e.args()[0].op(), Op::Ones(_))
}

/// 𝟏ₙ; nothing for one entry.
fn ones_of(n: &Size) -> Vec<Expr> {
    if n.is_one() { vec![] } else { vec![ones(&Shape::vector(n.clone()))] }
}

fn scaled_product(factors: &[Expr]) -> Option<Expr> {
    let side = |e: &Expr| match e.args() {
        [chain @ .., last]
            if *e.op() == Op::Mul && !chain.is_empty() && is_ones(last) && !last.shape().cols.is_one() =>
        {
            Some((true, mul([chain, &ones_of(&last.shape().rows)].concat())))
        }
        [first, chain @ ..]
            if *e.op() == Op::Mul && !chain.is_empty() && is_ones(first) && !first.shape().rows.is_one() =>
        {
            Some((
                false,
                transpose(mul([
                    &ones_of(&first.shape().cols).into_iter().map(transpose).collect::<Vec<_>>()[..],
                    chain,
                ]
                .concat())),
            ))
        }
        _ => None,
    };
    let (place, (left, column)) = factors.iter().enumerate().find_map(|(i, f)| Some((i, side(f)?)))?;
    let rest = factors.iter().enumerate().filter(|(i, _)| *i != place).map(|(_, f)| f.clone()).collect::<Vec<_>>();
    let (scalars, arrays): (Vec<Expr>, Vec<Expr>) = rest.into_iter().partition(Expr::is_scalar);
    if arrays.is_empty() || !column.shape().is_vector() {
        return None;
    }
    let diagonal = builtin(Builtin::Diag, column);
    let chain = if left { vec![diagonal, had(arrays)] } else { vec![had(arrays), diagonal] };
    Some(had(scalars.into_iter().chain([mul(chain)]).collect()))
}

impl MatrixCandidate {
    fn form(self, one: &Derivative) -> MatrixForm {
        let program = self.lifted.program;
        let large = |e: &Expr| e.nodes() >= NAMED_NODES;
        let called = |letter: &str, e: Expr| (Symbol::from(&fresh_names(letter, 1, &program.names())[0]), e);
        let inverted = inverse_of(&self.result).filter(large).map(|e| called("M", e));
        let named = inverted.or_else(|| brackets_of(&self.result).filter(large).map(|e| called("Y", e)));
        let result = named.iter().fold(self.result, |r, (name, e)| replaced(&r, e, &variable(name, e.shape())));
        let bases = one.targets().map(|t| family(&t.parts[0].0).unwrap_or(&t.parts[0].0));
        let targets: Vec<Symbol> =
            bases.map(|b| self.lifted.wholes.get(b).cloned().unwrap_or_else(|| b.clone())).collect();
        let speaks = |whole: &Symbol| {
            result.mentions(whole) || named.iter().any(|(_, e)| e.mentions(whole)) || targets.contains(whole)
        };
        let stacked = self.lifted.wholes.iter().filter(|(family, whole)| family != whole && speaks(whole));
        let stack = stacked.map(|(family, whole)| (whole.clone(), family.clone())).collect();
        MatrixForm { result, program, targets, stack, named }
    }
}

fn family(symbol: &Symbol) -> Option<&Symbol> {
    match symbol.as_indexed()? {
        Indexed::Member { family, .. } => Some(family),
        Indexed::Entry { .. } | Indexed::Stack { .. } | Indexed::Gathered { .. } | Indexed::Number(_) => None,
    }
}

/// What is inverted in a term.
fn inverse_of(e: &Expr) -> Option<Expr> {
    match e.op() {
        Op::Inverse => Some(e.args()[0].clone()),
        _ => e.args().iter().find_map(inverse_of),
    }
}

/// The array of brackets [y_i = k] in a term: of labels the onehot rows.
fn brackets_of(e: &Expr) -> Option<Expr> {
    match e.op() {
        Op::Map(m) if m.function == Function::Builtin(Elementwise::IsZero) && !e.is_scalar() => Some(e.clone()),
        _ => e.args().iter().find_map(brackets_of),
    }
}

/// A term with another in place of a part.
fn replaced(e: &Expr, part: &Expr, by: &Expr) -> Expr {
    e.rewrite(&mut |e| if e == *part { by.clone() } else { e })
}
