//! The matrix form of a result: the document over whole arrays, derived as any other.

use super::indexed::ranges_of;
use crate::derive::{Derivation, Derivative, Form, Options, ResultKind, Target, derive_program};
use crate::eval::{self, Places, Unrolled, Values};
use crate::expr::{Expr, Index, Indexed, Op, Range, Shape, Size, Symbol, build, transpose, variable};
use crate::index::{Lifted, lift};
use crate::program::Program;

/// A result over whole arrays.
#[derive(Clone, Debug)]
pub struct MatrixForm {
    /// The derivative by the array of all members.
    pub result: Expr,
    /// What it speaks of.
    pub program: Program,
    /// The target as one array.
    pub target: Symbol,
    /// The arrays that have a letter of their own, and the families whose members are their rows.
    pub stack: Vec<(Symbol, Symbol)>,
}

impl Derivation {
    /// The matrix form of every derivative that has one.
    pub fn matrix_forms(&self) -> Vec<Option<MatrixForm>> {
        let document = Program { main: Some(self.of.clone()), ..self.program.clone() };
        let ordinary = !self.program.is_indexed() || self.program.plates.contains_key(&self.of);
        let lifted = if ordinary { None } else { lift(&document) };
        self.derivatives.iter().map(|one| self.matrix_form(one, lifted.as_ref()?)).collect()
    }

    fn matrix_form(&self, one: &Derivative, lifted: &Lifted) -> Option<MatrixForm> {
        let wholes = one.targets().map(|t| self.whole(t, lifted)).collect::<Option<Vec<_>>>()?;
        let flat = wholes.iter().all(|w| lifted.program.shape(w).is_some_and(|s| s.is_vector() || s.is_scalar()));
        if one.quantity != ResultKind::Derivative || one.form == Form::Jacobian && !flat {
            return None;
        }
        let words: Vec<&str> = wholes.iter().map(Symbol::word).collect();
        let form = (one.order() == 1).then_some(one.form);
        let options = Options::default().with_respect_to(&words).form(form).order(one.order() as u32).inlined(true);
        let found = derive_program(lifted.program.clone(), &options.check(self.check.is_some())).ok()?;
        let named = |t: &Target| t.parts[0].0.clone();
        let own = found.derivatives.iter().find(|d| d.targets().map(named).eq(wholes.iter().cloned()))?;
        let result = shown(own, &lifted.program)?;
        let agreed = [1, 2].iter().all(|seed| self.agrees(one, &result, lifted, *seed) == Some(true));
        let speaks = |w: &Symbol| result.mentions(w) || wholes.contains(w);
        let stacked = lifted.wholes.iter().filter(|(family, whole)| family != whole && speaks(whole));
        let stack = stacked.map(|(family, whole)| (whole.clone(), family.clone())).collect();
        let target = wholes.last()?.clone();
        agreed.then(|| MatrixForm { result, program: lifted.program.clone(), target, stack })
    }

    /// The array of all members of a target.
    fn whole(&self, target: &Target, lifted: &Lifted) -> Option<Symbol> {
        let [(symbol, _)] = target.parts.as_slice() else { return None };
        match symbol.as_indexed() {
            None if self.program.plates.contains_key(symbol) => None,
            None => Some(symbol.clone()),
            Some(Indexed::Member { family, at }) => {
                let moves = at.iter().all(|p| p.letter.is_some() && p.offset == Size::constant(0));
                let apart = ranges_of(&self.program, symbol).len() == at.len();
                lifted.wholes.get(family).filter(|_| moves && apart).cloned()
            }
            Some(_) => None,
        }
    }

    /// Whether both forms have the same values at a point; `None` where that cannot be told.
    fn agrees(&self, one: &Derivative, whole: &Expr, lifted: &Lifted, seed: u64) -> Option<bool> {
        let mut arrays = eval::sample(&lifted.program, seed).ok()?;
        let unrolled = Unrolled::new(&self.program, arrays.sizes.clone());
        let mut members = self.members(&arrays, lifted, &unrolled)?;
        eval::extend(&mut arrays, &lifted.program.definitions).ok()?;
        eval::extend(&mut members, &unrolled.document().ok()?.definitions).ok()?;
        let whole = eval::evaluate(whole, &arrays).ok()?;
        let axes: Vec<Vec<Index>> = one.targets().map(|t| ranges_of(&self.program, &t.parts[0].0)).collect();
        let scale = whole.iter().fold(1.0, |m: f64, x| m.max(x.abs()));
        let mut seen = 0;
        for places in unrolled.places(&axes.concat(), &[], &Places::new()).ok()? {
            let part = eval::evaluate(&unrolled.term(&one.result, &places).ok()?, &members).ok()?;
            let at = |i: &Index| Some(places[&i.letter] - i.first.value(&members.sizes)?);
            let (row, col) = match axes.as_slice() {
                [own] => (own.first().map_or(Some(0), at)?, own.get(1).map_or(Some(0), at)?),
                [down, across] => (down.first().map_or(Some(0), at)?, across.first().map_or(Some(0), at)?),
                _ => return None,
            };
            // the rows of an array of columns are the members
            let turned = axes.len() == 1 && axes[0].len() == 1 && !one.shape.is_scalar();
            for ((r, c), x) in part.indexed_iter() {
                let (r, c) = if turned { (c, r) } else { (r, c) };
                let y = whole.get((usize::try_from(row).ok()? + r, usize::try_from(col).ok()? + c))?;
                if (x - y).abs() > 1e-9 * scale {
                    return Some(false);
                }
                seen += 1;
            }
        }
        Some(seen == whole.len())
    }

    /// The members of the families at a point of the arrays.
    fn members(&self, arrays: &Values, lifted: &Lifted, unrolled: &Unrolled) -> Option<Values> {
        let mut members = arrays.clone();
        for (family, whole) in &lifted.wholes {
            let Some(input) = lifted.program.input(whole) else { continue };
            let plate = self.program.plates.get(family)?;
            let value = variable(whole.clone(), &input.shape);
            for places in unrolled.places(plate, &[], &Places::new()).ok()? {
                let numbers: Vec<i64> = plate.iter().map(|i| places[&i.letter]).collect();
                let part = part(&value, plate, &numbers, arrays)?;
                members.arrays.insert(Unrolled::member(family, &numbers), eval::evaluate(&part, arrays).ok()?);
            }
        }
        Some(members)
    }
}

/// A member of an array.
fn part(whole: &Expr, plate: &[Index], numbers: &[i64], arrays: &Values) -> Option<Expr> {
    let at = |i: usize| {
        let place = Size::constant(numbers[i] - plate[i].first.value(&arrays.sizes)? + 1);
        Some(Range { first: place.clone(), last: place })
    };
    let (rows, cols) = (at(0)?, if plate.len() == 2 { at(1)? } else { Range::all(&whole.shape().cols) });
    let part = build(Op::Slice { rows, cols }, vec![whole.clone()]);
    Some(if part.shape() == &Shape::scalar() { part } else { transpose(part) })
}

/// In the variables of the document; in its definitions too where that is far shorter.
fn shown(own: &Derivative, program: &Program) -> Option<Expr> {
    let known = own.result.variables().iter().all(|v| program.shape(v).is_some());
    match &own.inlined {
        Some(inlined) if !known || inlined.nodes() <= 4 * own.result.nodes() => Some(inlined.clone()),
        Some(_) | None => known.then(|| own.result.clone()),
    }
}
