//! Products of a derivative with a direction: J v, Jᵀ g and H v. A direction of a family is a family.

use super::super::options::{Form, Options, Product};
use super::super::product::{paired_with, with_direction};
use super::super::result::{Derivation, Derivative, ResultKind};
use super::super::verify::weakest;
use super::asked::{IndexedAsk, conventions};
use super::gather::{gathered, product};
use super::targets::IndexedTarget;
use super::{Calculus, IndexedResult, column, frame, refused, verify};
use crate::diag::{Error, Kind, Note, Span};
use crate::expr::{
    Expr, Gathering, Index, Indexed, Name, Op, Purpose, Shape, Symbol, build, had, is_zero, variable, zeros,
};
use crate::program::{Definition, Input, Program};
use crate::syntax::Attribute;

/// Derives a product.
///
/// # Errors
/// As for derivatives; `Usage` for several targets of --jvp and --hvp, and for --hvp of what is no scalar.
pub fn derived(question: &IndexedAsk, asked: &Product, options: &Options) -> Result<Derivation, Error> {
    if options.order > 1 {
        return Err(refused("a product with a direction of an order above 1"));
    }
    let IndexedAsk { program, of, targets: found } = question;
    let named = |t: &IndexedTarget| t.chart.as_ref().map_or(&t.name, |c| &c.of.name).word() == asked.direction();
    let own = found.iter().any(|t| t.symbol().to_string() == asked.direction() || named(t));
    if own {
        let message = format!("`{}` moves: the direction it is multiplied by is another variable", asked.direction());
        return Err(Error::new(Kind::Usage, message).help("choose another name for the direction"));
    }
    let (paired, derivatives, check, q) = match asked {
        Product::Vjp(g) => cotangent(program, g, of, found, options)?,
        Product::Jvp(v) => tangent(program, v, of, one(found, "--jvp")?, options)?,
        Product::Hvp(v) => curvature(program, v, of, one(found, "--hvp")?, options)?,
    };
    let mut derivation = frame(paired, of, options);
    derivation.notes.extend(conventions(program, found));
    derivation.check = check;
    if options.steps {
        tell(&mut derivation, &derivatives, found, q.as_ref())?;
    }
    derivation.derivatives = derivatives.into_iter().map(|d| d.derivative).collect();
    let name = derivation.label.clone();
    for one in &mut derivation.derivatives {
        one.quantity = ResultKind::Product { product: asked.clone(), of: name.clone() };
        one.form = if matches!(asked, Product::Jvp(_)) { Form::Jacobian } else { Form::Shape };
    }
    Ok(derivation)
}

/// df = Σᵢ … dxᵢ, for each target alone: J v along the changes of the members.
///
/// # Errors
/// As for derivatives.
pub fn differentials(question: &IndexedAsk, options: &Options) -> Result<Derivation, Error> {
    let IndexedAsk { program, of, targets } = question;
    let mut derivation = frame(program.clone(), of, options);
    derivation.notes.extend(conventions(program, targets));
    let mut checks = vec![];
    for target in targets {
        let target = &target.apart(&[of], false);
        let change = Symbol::made(Purpose::Change, vec![target.name.clone()], 0);
        let (moving, direction) = along(program, change.clone(), all_of(target)?, &target.shape);
        let found = match of.shape.is_scalar() && of.scope.is_empty() {
            true => paired(&moving, direction, of, target, options)?,
            false => linear(&moving, direction, of, target, options)?,
        };
        if options.check {
            checks.extend(verify::check_along(&moving, of, target, &change, &found)?);
        }
        let result = changed(&found, &change, target);
        let (wrt, shape, quantity) = (target.target(), result.shape().clone(), ResultKind::Derivative);
        let form = Form::Differential;
        let inlined = Some(result.clone());
        derivation.derivatives.push(Derivative { outer: vec![], wrt, quantity, form, shape, result, inlined });
    }
    derivation.check = weakest(checks);
    Ok(derivation)
}

/// ⟨∂f/∂x, dx⟩, over all members.
fn paired(
    program: &Program,
    direction: Expr,
    of: &IndexedTarget,
    target: &IndexedTarget,
    options: &Options,
) -> Result<Expr, Error> {
    let gradient = first(program, of, target, Form::Shape, options)?;
    let both = match (is_zero(&gradient), direction.is_scalar()) {
        (true, _) => zeros(&of.shape),
        (false, true) => had(vec![gradient, direction]),
        (false, false) => paired_with(gradient, direction),
    };
    let all = all_of(target)?;
    let sum = if all.is_empty() { both } else { gathered(Gathering::Sum, all.to_vec(), vec![], both) };
    Ok(Calculus::new(program, of, std::slice::from_ref(target)).normal(&sum, &of.scope))
}

/// The changes of a target for the direction that stands for them.
fn changed(e: &Expr, change: &Symbol, target: &IndexedTarget) -> Expr {
    e.rewrite(&mut |e| {
        let Some(v) = e.as_variable() else { return e };
        let own = |symbol: Symbol| build(Op::Differential, vec![variable(symbol, &v.shape)]);
        match v.name.as_indexed() {
            None if v.name == *change => own(target.name.clone()),
            Some(Indexed::Member { family, at }) if family == change => {
                own(Indexed::Member { family: target.name.clone(), at: at.clone() }.symbol())
            }
            Some(other) => variable(other.around(&mut |inner, _| changed(inner, change, target)).symbol(), &v.shape),
            None => e,
        }
    })
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
    let (program, own) = with_direction(program, name, shape)?;
    let symbol = own.as_variable().map_or_else(|| Symbol::from(name), |v| v.name.clone());
    Ok(along(&program, symbol, plate, shape))
}

/// The document with a direction of this name: a family beside a family.
fn along(program: &Program, name: Symbol, plate: &[Index], shape: &Shape) -> (Program, Expr) {
    let mut program = program.clone();
    if program.input(&name).is_none() {
        let attributes = vec![Attribute::Constant];
        let (shape, span) = (shape.clone(), Span::default());
        program.inputs.push(Input { name: name.clone(), shape, attributes, declared: true, span });
    }
    if plate.is_empty() {
        return (program, variable(&name, shape));
    }
    program.plates.insert(name.clone(), plate.to_vec());
    let at = plate.iter().map(Index::place).collect();
    (program, variable(Indexed::Member { family: name, at }.symbol(), shape))
}

/// ⟨g, y⟩ over all members, as one more definition.
fn pairing(mut program: Program, plate: &[Index], g: Expr, y: Expr) -> (Program, IndexedTarget) {
    let both = if y.is_scalar() { had(vec![g, y]) } else { paired_with(g, y) };
    let value = if plate.is_empty() { both } else { gathered(Gathering::Sum, plate.to_vec(), vec![], both) };
    let name = Symbol::made(Purpose::Pairing, vec![], 0);
    program.definitions.push(Definition { name: name.clone(), value, written: None, span: Span::default() });
    program.main = Some(name.clone());
    (program, IndexedTarget { name, at: None, scope: vec![], shape: Shape::scalar(), whole: true, chart: None })
}

/// The gradient of a pairing.
fn gradient(
    paired: Program,
    q: &IndexedTarget,
    targets: &[IndexedTarget],
    options: &Options,
) -> Result<FoundProducts, Error> {
    let mut calculus = Calculus::new(&paired, q, targets);
    let (found, _) = calculus.derivatives(q, targets, Form::Shape, 1)?;
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
    let (program, direction) = beside(program, v, all_of(target)?, &target.shape)?;
    let name = program.symbol(&Name::new(v)).unwrap_or_else(|| Symbol::from(v));
    let result = linear(&program, direction, of, target, options)?;
    let mut calculus = Calculus::new(&program, of, std::slice::from_ref(target));
    let found = calculus.found(vec![], target, Form::Jacobian, result.clone(), vec![]);
    let check = if options.check { verify::check_along(&program, of, target, &name, &result)? } else { None };
    Ok((program, vec![found], check, None))
}

/// The Jacobian by every member, times the direction there, in all.
fn linear(
    program: &Program,
    direction: Expr,
    of: &IndexedTarget,
    target: &IndexedTarget,
    options: &Options,
) -> Result<Expr, Error> {
    let plate = all_of(target)?;
    let jacobian = first(program, of, target, Form::Jacobian, options)?;
    let change = if is_zero(&jacobian) { jacobian } else { product(vec![jacobian, column(direction)]) };
    let change = match plate.is_empty() {
        true => change,
        false => gathered(Gathering::Sum, plate.to_vec(), vec![], change),
    };
    let change = match of.shape.cols.is_one() {
        true => change,
        false => build(Op::Unvec(of.shape.rows.clone(), of.shape.cols.clone()), vec![change]),
    };
    Ok(Calculus::new(program, of, std::slice::from_ref(target)).normal(&change, &of.scope))
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
    let (found, _) = calculus.derivatives(of, std::slice::from_ref(target), form, 1)?;
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
