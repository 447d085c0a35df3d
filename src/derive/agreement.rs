//! Whether a matrix form has the numbers of its result, at random points.

use super::indexed::ranges_of;
use super::matrices::MatrixCandidate;
use crate::derive::{Derivation, Derivative, Form};
use crate::eval::{self, Places, Unrolled, Values};
use crate::expr::{Expr, Index, Indexed, Op, Purpose, Range, Shape, Size, Symbol, build, transpose, variable};
use crate::index::Lifted;
use crate::program::{Input, Program};

/// The entries of one target in the order of its array: at which member, and which of its own.
struct TargetSides {
    /// The ranges of its letters.
    axes: Vec<Index>,
    /// How many rows its array has.
    rows: i64,
}

impl Derivation {
    /// Whether both forms have the same values.
    pub(super) fn is_right(&self, one: &Derivative, candidate: &MatrixCandidate) -> bool {
        let agrees = |one: &Derivative, candidate: &MatrixCandidate| {
            [1, 2].iter().all(|seed| self.agrees(one, candidate, *seed) == Some(true))
        };
        match one.form {
            Form::Differential => {
                self.with_changes(one, candidate).is_some_and(|(one, candidate)| agrees(&one, &candidate))
            }
            Form::Shape | Form::Jacobian | Form::Both => agrees(one, candidate),
        }
    }

    /// The same with a variable for the change of the target, so that it has a value at a point.
    fn with_changes(&self, one: &Derivative, candidate: &MatrixCandidate) -> Option<(Derivative, MatrixCandidate)> {
        let MatrixCandidate { document, lifted, result } = candidate;
        let (mut document, mut lifted) = (document.clone(), lifted.clone());
        let family = match one.wrt.parts.first()?.0.as_indexed() {
            Some(Indexed::Member { family, .. }) => family,
            Some(_) => return None,
            None => &one.wrt.parts.first()?.0,
        };
        let whole = lifted.wholes.get(family).unwrap_or(family).clone();
        add_change(&mut document, family)?;
        add_change(&mut lifted.program, &whole)?;
        if lifted.wholes.contains_key(family) {
            lifted.wholes.insert(change_of(family), change_of(&whole));
        }
        let result = without_differentials(result);
        let one = Derivative { result: without_differentials(&one.result), ..one.clone() };
        Some((one, MatrixCandidate { document, lifted, result }))
    }

    /// The same at one point; `None` where that cannot be told.
    fn agrees(&self, one: &Derivative, candidate: &MatrixCandidate, seed: u64) -> Option<bool> {
        let mut arrays = eval::sample(&candidate.lifted.program, seed).ok()?;
        let unrolled = Unrolled::new(&candidate.document, arrays.sizes.clone());
        let mut members = both(&candidate.document, &candidate.lifted, &mut arrays, &unrolled)?;
        let sharing = unrolled.with_named_sums();
        let whole = eval::evaluate(&candidate.result, &arrays).ok()?;
        let by = one.targets().filter(|_| !one.is_change());
        let sides = by.map(|t| {
            let (symbol, shape) = &t.parts[0];
            let axes = ranges_of(&self.program, symbol);
            let first = axes.first().map_or_else(|| shape.rows.clone(), Index::count);
            Some(TargetSides { rows: first.value(&members.sizes)?, axes })
        });
        let sides: Vec<TargetSides> = sides.collect::<Option<_>>()?;
        let axes: Vec<Index> = sides.iter().flat_map(|s| s.axes.clone()).collect();
        let scale = whole.iter().fold(1.0, |m: f64, x| m.max(x.abs()));
        let mut seen = 0;
        for places in unrolled.places(&axes, &[], &Places::new()).ok()? {
            let before = sharing.named_sums().len();
            let term = sharing.term(&one.result, &places).ok()?;
            eval::extend(&mut members, &sharing.named_sums()[before..]).ok()?;
            let part = eval::evaluate(&term, &members).ok()?;
            for ((r, c), x) in part.indexed_iter() {
                let at = position(one, &sides, &places, &members, (r as i64, c as i64))?;
                let y = whole.get((usize::try_from(at.0).ok()?, usize::try_from(at.1).ok()?))?;
                if (x - y).abs() > 1e-9 * scale {
                    return Some(false);
                }
                seen += 1;
            }
        }
        Some(seen == whole.len())
    }
}

/// What stands for the change of a variable or family.
fn change_of(name: &Symbol) -> Symbol {
    Symbol::made(Purpose::Change, vec![name.clone()], 0)
}

/// The change of an input as an input.
fn add_change(program: &mut Program, name: &Symbol) -> Option<()> {
    let (change, own) = (change_of(name), program.input(name)?.clone());
    if let Some(plate) = program.plates.get(name).cloned() {
        program.plates.insert(change.clone(), plate);
    }
    program.inputs.push(Input { name: change, attributes: vec![], ..own });
    Some(())
}

/// d(x) as the change of x.
fn without_differentials(e: &Expr) -> Expr {
    e.rewrite(&mut |e| match (e.op(), e.as_variable().and_then(|v| v.name.as_indexed())) {
        (Op::Differential, _) => e.args()[0].as_variable().map_or_else(
            || e.clone(),
            |v| {
                let own = match v.name.as_indexed() {
                    Some(Indexed::Member { family, at }) => {
                        Indexed::Member { family: change_of(family), at: at.clone() }.symbol()
                    }
                    Some(_) | None => change_of(&v.name),
                };
                variable(own, &v.shape)
            },
        ),
        (_, Some(indexed)) => {
            variable(indexed.around(&mut |inner, _| without_differentials(inner)).symbol(), e.shape())
        }
        (_, None) => e,
    })
}

/// Where an entry of the result at these places stands in the array of all.
fn position(
    one: &Derivative,
    sides: &[TargetSides],
    places: &Places,
    values: &Values,
    (r, c): (i64, i64),
) -> Option<(i64, i64)> {
    let number = |i: &Index| Some(places[&i.letter] - i.first.value(&values.sizes)?);
    // in the order of vec: the columns of the array one below the other
    let in_vec = |s: &TargetSides, own: i64| match s.axes.as_slice() {
        [] => Some(own),
        [i] => Some(own * s.rows + number(i)?),
        [i, j] => Some(number(j)? * s.rows + number(i)?),
        _ => None,
    };
    match (sides, one.form) {
        ([own], Form::Shape) => match own.axes.as_slice() {
            [] => Some((r, c)),
            // the rows of an array of columns are the members
            [i] if one.shape.is_scalar() => Some((number(i)?, 0)),
            [i] => Some((number(i)?, r)),
            [i, j] => Some((number(i)?, number(j)?)),
            _ => None,
        },
        ([], _) => Some((r, c)),
        ([own], _) => Some((r, in_vec(own, c)?)),
        ([outer, inner], _) => Some((in_vec(outer, r)?, in_vec(inner, c)?)),
        _ => None,
    }
}

/// Whether a document and the same over whole arrays have one value, at points that have one.
pub(super) fn have_one_value(document: &Program, lifted: &Lifted) -> bool {
    [1, 2].iter().all(|seed| same_value(document, lifted, *seed) == Some(true))
}

/// The same at one point; `None` where that cannot be told.
fn same_value(document: &Program, lifted: &Lifted, seed: u64) -> Option<bool> {
    let mut arrays = eval::sample(&lifted.program, seed).ok()?;
    let unrolled = Unrolled::new(document, arrays.sizes.clone());
    let members = both(document, lifted, &mut arrays, &unrolled)?;
    let name = document.main.as_ref()?;
    let value = |p: &Program, at: &Values| eval::evaluate(&variable(name.clone(), p.shape(name)?), at).ok();
    let (own, whole) = (value(document, &members)?, value(&lifted.program, &arrays)?);
    let scale = whole.iter().fold(1.0, |m: f64, x| m.max(x.abs()));
    let near = |(x, y): (&f64, &f64)| (x - y).abs() <= 1e-9 * scale;
    Some(own.dim() == whole.dim() && own.iter().zip(&whole).all(near))
}

/// The definitions of the one at a point of the arrays, and those of the other at the same.
fn both(document: &Program, lifted: &Lifted, arrays: &mut Values, unrolled: &Unrolled) -> Option<Values> {
    let mut members = members(document, lifted, arrays, unrolled)?;
    eval::extend(arrays, &lifted.program.definitions).ok()?;
    eval::extend(&mut members, &unrolled.document().ok()?.definitions).ok()?;
    Some(members)
}

/// The members of the families at a point of the arrays.
fn members(document: &Program, lifted: &Lifted, arrays: &Values, unrolled: &Unrolled) -> Option<Values> {
    let mut members = arrays.clone();
    for (family, whole) in &lifted.wholes {
        let Some(input) = lifted.program.input(whole) else { continue };
        let plate = document.plates.get(family)?;
        let value = variable(whole.clone(), &input.shape);
        for places in unrolled.places(plate, &[], &Places::new()).ok()? {
            let numbers: Vec<i64> = plate.iter().map(|i| places[&i.letter]).collect();
            let part = part(&value, plate, &numbers, arrays)?;
            members.arrays.insert(Unrolled::member(family, &numbers), eval::evaluate(&part, arrays).ok()?);
        }
    }
    Some(members)
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
