//! Products of a derivative with a direction: J v, Jᵀ g and H v. A direction of a family is a family.

use super::super::options::{Form, Options, Product};
use super::super::product::{paired_with, with_direction};
use super::super::result::{Derivation, ResultKind};
use super::gather::{gathered, product};
use super::targets::{IndexedTarget, subject, targets};
use super::{Calculus, IndexedResult, column, frame, refused, verify};
use crate::diag::{Error, Kind, Note, Span};
use crate::expr::{Expr, Gathering, Index, Indexed, Op, Purpose, Shape, Symbol, build, had, is_zero, variable};
use crate::program::{Definition, Program};

/// Derives a product.
///
/// # Errors
/// As for derivatives; `Usage` for several targets of --jvp and --hvp, and for --hvp of what is no scalar.
pub fn derived(program: Program, asked: &Product, options: &Options) -> Result<Derivation, Error> {
    if options.order > 1 {
        return Err(refused("a product with a direction of an order above 1"));
    }
    let of = subject(&program, options)?;
    let found = targets(&program, &of, options)?;
    let own = found.iter().any(|t| t.symbol().to_string() == asked.direction() || t.name.word() == asked.direction());
    if own {
        let message = format!("`{}` moves: the direction it is multiplied by is another variable", asked.direction());
        return Err(Error::new(Kind::Usage, message).help("choose another name for the direction"));
    }
    let (paired, derivatives, check, q) = match asked {
        Product::Vjp(g) => cotangent(&program, g, &of, &found, options)?,
        Product::Jvp(v) => tangent(&program, v, &of, one(&found, "--jvp")?, options)?,
        Product::Hvp(v) => curvature(&program, v, &of, one(&found, "--hvp")?, options)?,
    };
    let mut derivation = frame(paired, &of, options);
    derivation.check = check;
    if options.steps {
        tell(&mut derivation, &derivatives, &found, q.as_ref())?;
    }
    derivation.derivatives = derivatives.into_iter().map(|d| d.derivative).collect();
    let name = derivation.label.clone();
    for one in &mut derivation.derivatives {
        one.quantity = ResultKind::Product { product: asked.clone(), of: name.clone() };
        one.form = if matches!(asked, Product::Jvp(_)) { Form::Jacobian } else { Form::Shape };
    }
    Ok(derivation)
}

/// The steps of the gradient of a pairing.
fn tell(
    derivation: &mut Derivation,
    derivatives: &[IndexedResult],
    targets: &[IndexedTarget],
    q: Option<&IndexedTarget>,
) -> Result<(), Error> {
    let Some(q) = q else {
        derivation
            .notes
            .push(Note::warning("no steps are shown of a Jacobian times a direction: --form jacobian has those"));
        return Ok(());
    };
    let program = derivation.program.clone();
    let (blocks, silent) = Calculus::new(&program, q, targets).explained(q, derivatives)?;
    verify::check_steps(&program, q, derivatives, &blocks)?;
    derivation.blocks = blocks;
    derivation.notes.extend(silent);
    Ok(())
}

/// The document with the pairing, what was found, its check, and the pairing where it is the gradient of that.
type FoundProducts = (Program, Vec<IndexedResult>, Option<crate::eval::Check>, Option<IndexedTarget>);

fn one<'a>(targets: &'a [IndexedTarget], option: &str) -> Result<&'a IndexedTarget, Error> {
    match targets {
        [one] => Ok(one),
        _ => Err(Error::new(Kind::Usage, format!("{option} is along one variable")).help("name it with --wrt")),
    }
}

/// A direction beside what has this plate and shape: a family beside a family.
fn beside(program: &Program, name: &str, plate: &[Index], shape: &Shape) -> Result<(Program, Expr), Error> {
    let (mut program, own) = with_direction(program, name, shape)?;
    let Some(symbol) = own.as_variable().map(|v| v.name.clone()).filter(|_| !plate.is_empty()) else {
        return Ok((program, own));
    };
    program.plates.insert(symbol.clone(), plate.to_vec());
    let at = plate.iter().map(Index::place).collect();
    Ok((program, variable(Indexed::Member { family: symbol, at }.symbol(), shape)))
}

/// ⟨g, y⟩ over all members, as one more definition.
fn pairing(mut program: Program, plate: &[Index], g: Expr, y: Expr) -> (Program, IndexedTarget) {
    let both = if y.is_scalar() { had(vec![g, y]) } else { paired_with(g, y) };
    let value = if plate.is_empty() { both } else { gathered(Gathering::Sum, plate.to_vec(), vec![], both) };
    let name = Symbol::made(Purpose::Pairing, vec![], 0);
    program.definitions.push(Definition { name: name.clone(), value, written: None, span: Span::default() });
    program.main = Some(name.clone());
    (program, IndexedTarget { name, at: None, scope: vec![], shape: Shape::scalar(), whole: true })
}

/// The gradient of a pairing.
fn gradient(
    paired: Program,
    q: &IndexedTarget,
    targets: &[IndexedTarget],
    options: &Options,
) -> Result<FoundProducts, Error> {
    let mut calculus = Calculus::new(&paired, q, targets);
    let found = calculus.derivatives(q, targets, Form::Shape, 1)?;
    let check = if options.check { verify::check(&paired, q, &found)? } else { None };
    Ok((paired, found, check, Some(q.clone())))
}

/// Jᵀ g is the gradient of ⟨g, y⟩.
fn cotangent(
    program: &Program,
    g: &str,
    of: &IndexedTarget,
    targets: &[IndexedTarget],
    options: &Options,
) -> Result<FoundProducts, Error> {
    let plate = &of.scope;
    let (program, direction) = beside(program, g, plate, &of.shape)?;
    let y = variable(of.symbol(), &of.shape);
    let (paired, q) = pairing(program, plate, direction, y);
    gradient(paired, &q, targets, options)
}

/// H v is the gradient of ⟨∂s/∂x, v⟩.
fn curvature(
    program: &Program,
    v: &str,
    of: &IndexedTarget,
    target: &IndexedTarget,
    options: &Options,
) -> Result<FoundProducts, Error> {
    if !of.shape.is_scalar() || !of.scope.is_empty() {
        return Err(Error::new(Kind::Usage, "--hvp is for scalars: only they have a Hessian"));
    }
    let plate = all_of(target)?;
    let first = first(program, of, target, Form::Shape, options)?;
    let (program, direction) = beside(program, v, plate, &target.shape)?;
    let (paired, q) = pairing(program, plate, direction, first);
    gradient(paired, &q, std::slice::from_ref(target), options)
}

/// J v: the Jacobian by every member, times the direction there, in all.
fn tangent(
    program: &Program,
    v: &str,
    of: &IndexedTarget,
    target: &IndexedTarget,
    options: &Options,
) -> Result<FoundProducts, Error> {
    let target = &target.apart(&[of], false);
    let plate = all_of(target)?;
    let jacobian = first(program, of, target, Form::Jacobian, options)?;
    let (program, direction) = beside(program, v, plate, &target.shape)?;
    let change = if is_zero(&jacobian) { jacobian } else { product(vec![jacobian, column(direction)]) };
    let change = match plate.is_empty() {
        true => change,
        false => gathered(Gathering::Sum, plate.to_vec(), vec![], change),
    };
    let mut calculus = Calculus::new(&program, of, std::slice::from_ref(target));
    let change = match of.shape.cols.is_one() {
        true => change,
        false => build(Op::Unvec(of.shape.rows.clone(), of.shape.cols.clone()), vec![change]),
    };
    let result = calculus.normal(&change, &of.scope);
    let found = calculus.found(vec![], target, Form::Jacobian, result.clone(), None);
    let check = if options.check { verify::check_along(&program, of, target, v, &result)? } else { None };
    Ok((program, vec![found], check, None))
}

/// A derivative of order 1, checked.
fn first(
    program: &Program,
    of: &IndexedTarget,
    target: &IndexedTarget,
    form: Form,
    options: &Options,
) -> Result<Expr, Error> {
    let mut calculus = Calculus::new(program, of, std::slice::from_ref(target));
    let found = calculus.derivatives(of, std::slice::from_ref(target), form, 1)?;
    if options.check {
        verify::check(program, of, &found)?;
    }
    let none = || Error::new(Kind::Internal, "a derivative was lost");
    found.into_iter().next().map(|d| d.derivative.result).ok_or_else(none)
}

/// The indices of all members of the target: a direction is along all of them.
fn all_of(target: &IndexedTarget) -> Result<&[Index], Error> {
    let own = target.at.iter().flatten();
    match own.eq(target.scope.iter().map(Index::place).collect::<Vec<_>>().iter()) {
        true => Ok(&target.scope),
        false => Err(refused("a direction of some members of a family")),
    }
}
