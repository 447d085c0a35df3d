//! What gradus makes of a drawn document: derived, read back from what it prints, and compared with automatic
//! differentiation entry by entry and with central differences of the test's own arithmetic.

use super::array::Array;
use super::node::Document;
use super::operator::Point;
use gradus::internals::derive::{Derivation, Derivative, derive};
use gradus::internals::diag::{Error, Kind};
use gradus::internals::eval::{self, Matrix, Valuation, Values};
use gradus::internals::expr::{Elementwise, Expr, Symbol};
use gradus::internals::program::{Definition, Program};
use gradus::internals::render::{Notation, Printer, Style, present};
use gradus::internals::shape::elaborate;
use gradus::internals::syntax::parse_document;
use gradus::{Form, Options};
use num_dual::Dual64;
use std::rc::Rc;

/// The verdict on a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    Right,
    /// An error that is allowed: no rule, no point of the domain, a limit.
    Refused(String),
    /// A well-typed document was not taken.
    Rejected(String),
    /// The derivation and its own check disagreed.
    Internal(String),
    Wrong(String),
    Panicked(String),
}

impl Verdict {
    /// Which kind of verdict, without its details.
    pub fn word(&self) -> &'static str {
        match self {
            Verdict::Right => "right",
            Verdict::Refused(_) => "refused",
            Verdict::Rejected(_) => "rejected",
            Verdict::Internal(_) => "internal",
            Verdict::Wrong(_) => "wrong",
            Verdict::Panicked(_) => "panicked",
        }
    }

    /// The kind of verdict and of its message: a smaller document must fail for the same reason.
    pub fn cause(&self) -> String {
        let message = self.details().split(' ').filter(|w| !w.contains(['`', '[', '.']));
        format!("{} {}", self.word(), message.take(4).collect::<Vec<_>>().join(" "))
    }

    pub fn details(&self) -> &str {
        match self {
            Verdict::Right => "",
            Verdict::Refused(s)
            | Verdict::Rejected(s)
            | Verdict::Internal(s)
            | Verdict::Wrong(s)
            | Verdict::Panicked(s) => s,
        }
    }
}

/// Agreement with automatic differentiation, relative to the largest entry.
const EXACT: f64 = 1e-7;
/// Agreement with central differences.
const ROUGH: f64 = 2e-5;
/// The relative change of inputs that tells a derivative from rounding errors.
const NUDGE: f64 = 1e-13;
/// Seeds of points, other ones than gradus' own check uses.
const SEEDS: std::ops::Range<u64> = 101..107;
/// So many points are compared.
const POINTS: usize = 2;

/// Derives the document and compares.
pub fn judge(document: &Document) -> Verdict {
    let attempt = || judged(document).err().unwrap_or(Verdict::Right);
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(attempt)).unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<String>().cloned();
        Verdict::Panicked(text.or_else(|| panic.downcast_ref::<&str>().map(|s| (*s).to_owned())).unwrap_or_default())
    })
}

fn judged(document: &Document) -> Result<(), Verdict> {
    let text = document.text();
    let first = |errors: Vec<Error>| of_error(&errors[0]);
    let program = match elaborate(&parse_document(&text).map_err(first)?) {
        // a question is no wrong answer; with everything declared there is none
        Err(errors) if !document.declared && asks_back(&errors[0]) => {
            return judged(&Document { declared: true, ..document.clone() });
        }
        // what nothing declares may be meant otherwise than it was drawn
        Ok(program) if !document.declared && !is_as_drawn(document, &program) => {
            return judged(&Document { declared: true, ..document.clone() });
        }
        read => read.map_err(first)?,
    };
    let wrt: Vec<&str> = document.wrt.iter().map(String::as_str).collect();
    let options = Options::default().with_respect_to(&wrt);
    let derivation = derive(&text, &options).map_err(first)?;
    let printed = Printed::read(&derivation)?;
    let mut compared = 0;
    for seed in SEEDS {
        if compared == POINTS {
            break;
        }
        let Ok(values) = eval::sample(&program, seed) else { continue };
        compared += usize::from(compare(document, &program, &derivation, &printed, &values)?);
    }
    if compared == 0 { Err(Verdict::Refused("domain: no point to compare at".into())) } else { Ok(()) }
}

/// Whether the variables are read as what they were drawn as: scalars, columns, matrices.
fn is_as_drawn(document: &Document, program: &Program) -> bool {
    document.variables.iter().all(|v| {
        let read = program.shape(&Symbol::from(v.name.as_str()));
        read.is_none_or(|s| {
            s.is_scalar() == v.shape.is_scalar() && s.cols.is_one() != (v.shape.is_row() || v.shape.is_matrix())
        })
    })
}

/// Whether a declaration is asked for, of a name that the document does not declare.
pub fn asks_back(e: &Error) -> bool {
    let questions = ["nothing says what ", "this can be read in two ways"];
    let ends = ["?", "can be a matrix or a number here", "can be numbers here, or arrays"];
    questions.iter().any(|q| e.message.starts_with(q)) || ends.iter().any(|q| e.message.ends_with(q))
}

fn of_error(e: &Error) -> Verdict {
    let text = format!("{}: {}", e.kind.word(), e.message);
    match e.kind {
        Kind::Unsupported | Kind::Domain | Kind::Limit => Verdict::Refused(text),
        Kind::Internal => Verdict::Internal(text),
        // π before an array in brackets is asked about, declared or not
        _ if e.message.ends_with("is it the number, or a function?") => Verdict::Refused(text),
        _ => Verdict::Rejected(text),
    }
}

/// The results as they are printed, read back.
struct Printed {
    /// The definitions gradus introduced, in each notation.
    extra: Vec<Vec<Definition>>,
    /// Every result in each notation.
    shared: Vec<Vec<Expr>>,
    inlined: Vec<Vec<Expr>>,
}

const NOTATIONS: [Notation; 3] = [Notation::Ascii, Notation::Unicode, Notation::Latex];

impl Printed {
    fn read(d: &Derivation) -> Result<Printed, Verdict> {
        let style = Style::of(d);
        let read = |e: &Expr, notation: Notation| {
            let text = Printer::new(notation).line(&present(e, &style));
            d.read_back(&text, e.shape()).map_err(|e| Verdict::Wrong(e.message))
        };
        let mut printed = Printed { extra: vec![], shared: vec![], inlined: vec![] };
        for notation in NOTATIONS {
            let definition = |own: &Definition| Ok(Definition { value: read(&own.value, notation)?, ..own.clone() });
            let inlined = |one: &Derivative| read(one.inlined.as_ref().unwrap_or(&one.result), notation);
            printed.extra.push(d.extra_definitions().iter().map(definition).collect::<Result<_, _>>()?);
            printed.shared.push(d.derivatives.iter().map(|o| read(&o.result, notation)).collect::<Result<_, _>>()?);
            printed.inlined.push(d.derivatives.iter().map(inlined).collect::<Result<_, _>>()?);
        }
        Ok(printed)
    }
}

/// Compares everything at a point; false where the point is not in the domain of the results.
fn compare(
    document: &Document,
    program: &Program,
    d: &Derivation,
    printed: &Printed,
    values: &Values,
) -> Result<bool, Verdict> {
    let Some(value) = own_value(document, program, d, values)? else { return Ok(false) };
    for notation in 0..NOTATIONS.len() {
        let mut environment = values.clone();
        let extended = eval::extend(&mut environment, &program.definitions)
            .and_then(|()| eval::extend(&mut environment, &printed.extra[notation]));
        if domain_error(extended)? {
            return Ok(false);
        }
        for (i, one) in d.derivatives.iter().enumerate() {
            let wanted = automatic(program, d, one, values)?;
            for (form, result) in [("shared", &printed.shared), ("inlined", &printed.inlined)] {
                let result = &result[notation][i];
                let Some(got) = value_of(result, &environment)? else { return Ok(false) };
                let scale = wanted_scale(&wanted, 1e-6 * value.max(1.0));
                if let Err(wrong) = same(one, form, &got, &wanted, EXACT, scale) {
                    let extra = &printed.extra[notation];
                    let Some(beside) = beside((program, d, extra), one, result, values)? else { return Ok(false) };
                    if !is_rounding((&got, &wanted), &beside) {
                        return Err(wrong);
                    }
                }
            }
        }
    }
    for one in &d.derivatives {
        let rows = extent(program, values, &one.wrt.parts[0].0).0;
        central(document, values, one, (&automatic(program, d, one, values)?, rows), value)?;
    }
    Ok(true)
}

/// The value of a printed result, `None` where it has none.
fn value_of(result: &Expr, environment: &Valuation<f64>) -> Result<Option<Array>, Verdict> {
    match eval::evaluate(result, environment) {
        Ok(got) => Ok(Some(plain(&got))),
        Err(e) if e.kind == Kind::Domain => Ok(None),
        Err(e) => Err(Verdict::Wrong(format!("a result has no value: {}", e.message))),
    }
}

/// The result and automatic differentiation at a point that differs by rounding from this one.
fn beside(
    (program, d, extra): (&Program, &Derivation, &[Definition]),
    one: &Derivative,
    result: &Expr,
    values: &Values,
) -> Result<Option<(Array, Array)>, Verdict> {
    let mut near = values.clone();
    for array in near.arrays.values_mut() {
        let mut turn = 0.0;
        array.mapv_inplace(|x| {
            turn = 1.0 - turn;
            x * (1.0 + NUDGE * (1.0 + turn))
        });
    }
    let mut environment = near.clone();
    let extended =
        eval::extend(&mut environment, &program.definitions).and_then(|()| eval::extend(&mut environment, extra));
    if domain_error(extended)? {
        return Ok(None);
    }
    let wanted = automatic(program, d, one, &near)?;
    Ok(value_of(result, &environment)?.map(|got| (got, wanted)))
}

/// Whether a nudge changes both about as much as they disagree: a derivative that is 0 but for rounding errors.
fn is_rounding((got, wanted): (&Array, &Array), (there, expected): &(Array, Array)) -> bool {
    let gap = |a: &Array, b: &Array| a.entries().iter().zip(b.entries()).fold(0.0f64, |m, (x, y)| m.max((x - y).abs()));
    let alike = (got.rows, got.cols) == (wanted.rows, wanted.cols);
    alike && gap(got, wanted) <= 100.0 * (gap(got, there) + gap(wanted, expected))
}

fn domain_error(result: Result<(), Error>) -> Result<bool, Verdict> {
    match result {
        Ok(()) => Ok(false),
        Err(e) if e.kind == Kind::Domain => Ok(true),
        Err(e) => Err(Verdict::Wrong(format!("the printed definitions have no value: {}", e.message))),
    }
}

/// The magnitude of the value by the test's arithmetic, which must be gradus' own; `None` where it has none.
fn own_value(
    d: &Document,
    program: &Program,
    derivation: &Derivation,
    values: &Values,
) -> Result<Option<f64>, Verdict> {
    let mut environment = values.clone();
    if domain_error(eval::extend(&mut environment, &program.definitions))? {
        return Ok(None);
    }
    let theirs = plain(&environment.arrays[&derivation.of]);
    let ours = d.value(&point(d, values), None);
    // gradus takes 0 ∘ log(x) for 0 and x^(1/2)^2 for x, wherever x is
    if ours.entries().iter().any(|x| !x.is_finite()) {
        return Ok(None);
    }
    let magnitude = ours.entries().iter().fold(0.0f64, |m, x| m.max(x.abs()));
    // what is lost to cancellation inside is not known here: 1e-6 tells a misreading from rounding
    let close = |(x, y): (&f64, &f64)| (x - y).abs() <= 1e-6 * magnitude.max(1.0);
    let agree = theirs.entries().len() == ours.entries().len()
        && (theirs.rows, theirs.cols) == (ours.rows, ours.cols)
        && theirs.entries().iter().zip(ours.entries()).all(close);
    if agree {
        return Ok(Some(magnitude));
    }
    Err(Verdict::Wrong(format!("the document is read to have the value {theirs:?}, it has {ours:?}")))
}

fn point(d: &Document, values: &Values) -> Point {
    let arrays = values.arrays.iter().map(|(name, a)| (name.to_string(), plain(a))).collect();
    let sizes = values.sizes.iter().map(|(name, n)| (name.to_string(), *n as usize)).collect();
    let mut functions: std::collections::BTreeMap<String, Rc<dyn Fn(f64) -> f64>> = values
        .functions
        .iter()
        .map(|(name, f)| (name.to_string(), Rc::new(bound(*f)) as Rc<dyn Fn(f64) -> f64>))
        .collect();
    functions.extend(d.function().map(|g| ("g".to_owned(), g)));
    Point { sizes, arrays, functions }
}

/// What samples bind abstract functions to.
fn bound(f: Elementwise) -> fn(f64) -> f64 {
    match f.ascii() {
        "tanh" => f64::tanh,
        "sin" => f64::sin,
        "sigmoid" => |x| 1.0 / (1.0 + (-x).exp()),
        "softplus" => |x| x.max(0.0) + (-x.abs()).exp().ln_1p(),
        "exp" => f64::exp,
        other => panic!("abstract functions are bound to {other}"),
    }
}

fn plain(a: &Matrix<f64>) -> Array {
    Array::of(a.nrows(), a.ncols(), |i, j| a[(i, j)])
}

/// The derivative by dual numbers, one entry of the target after the other.
fn automatic(program: &Program, d: &Derivation, one: &Derivative, values: &Values) -> Result<Array, Verdict> {
    let target = &one.wrt.parts[0].0;
    let (rows, cols) = extent(program, values, target);
    let mut columns = vec![];
    for j in 0..cols {
        for i in 0..rows {
            columns.push(tangent(program, &d.of, values, target, (i, j)).map_err(|e| of_error(&e))?);
        }
    }
    Ok(match one.form {
        Form::Jacobian => Array::of(columns[0].len(), columns.len(), |i, j| columns[j][i]),
        _ => Array::of(rows, cols, |i, j| columns[i + j * rows][0]),
    })
}

fn extent(program: &Program, values: &Values, name: &Symbol) -> (usize, usize) {
    let shape = program.shape(name).expect("a target");
    let number = |size: &gradus::internals::expr::Size| size.value(&values.sizes).expect("a sampled size") as usize;
    (number(&shape.rows), number(&shape.cols))
}

/// The tangent of vec of the value when one entry of the target moves.
fn tangent(
    program: &Program,
    of: &Symbol,
    values: &Values,
    target: &Symbol,
    entry: (usize, usize),
) -> Result<Vec<f64>, Error> {
    let mut environment: Valuation<Dual64> = values.lift();
    if let Some(array) = environment.arrays.get_mut(target) {
        array[entry].eps += 1.0;
    }
    for definition in &program.definitions {
        let mut value = eval::evaluate(&definition.value, &environment)?;
        if definition.name == *target {
            value[entry].eps += 1.0;
        }
        environment.arrays.insert(definition.name.clone(), value);
    }
    Ok(environment.arrays[of].t().iter().map(|x| x.eps).collect())
}

fn wanted_scale(wanted: &Array, least: f64) -> f64 {
    wanted.entries().iter().fold(least.max(1e-12), |m, x| m.max(x.abs()))
}

fn same(one: &Derivative, what: &str, got: &Array, wanted: &Array, tolerance: f64, scale: f64) -> Result<(), Verdict> {
    let wrong = || Verdict::Wrong(format!("the {what} derivative by {} is {got:?}, not {wanted:?}", one.wrt.label));
    if (got.rows, got.cols) != (wanted.rows, wanted.cols) {
        return Err(wrong());
    }
    let close = |(x, y): (&f64, &f64)| (x - y).abs() <= tolerance * scale;
    if got.entries().iter().zip(wanted.entries()).all(close) { Ok(()) } else { Err(wrong()) }
}

/// Compares automatic differentiation, which the results agree with, with central differences of the test's own
/// arithmetic. Where a kink is near, only the smallest of three steps need agree; where no two steps say the same, they
/// say nothing.
fn central(
    document: &Document,
    values: &Values,
    one: &Derivative,
    (wanted, rows): (&Array, usize),
    value: f64,
) -> Result<(), Verdict> {
    let point = point(document, values);
    let (target, jacobian) = (&one.wrt.parts[0].0, one.form == Form::Jacobian);
    let entries = if jacobian { wanted.cols } else { wanted.rows * wanted.cols };
    let (mut worst, mut before): (Option<Verdict>, Vec<Array>) = (None, vec![]);
    for step in [1e-3, 1e-4, 1e-5] {
        let columns: Option<Vec<Vec<f64>>> =
            (0..entries).map(|e| slope_of(document, &point, &target.to_string(), (e % rows, e / rows), step)).collect();
        let Some(columns) = columns else { continue };
        let got = match jacobian {
            true => Array::of(wanted.rows, wanted.cols, |i, j| columns[j][i]),
            false => Array::of(wanted.rows, wanted.cols, |i, j| columns[i + j * rows][0]),
        };
        // rounding of the value, over the step
        let scale = wanted_scale(wanted, 1e-4 * (1.0 + value) + value * 1e-9 / step);
        match same(one, "numeric", &got, wanted, ROUGH, scale) {
            Ok(()) => return Ok(()),
            Err(verdict) if before.iter().any(|b| same(one, "numeric", &got, b, ROUGH / 4.0, scale).is_ok()) => {
                worst = worst.or(Some(verdict));
            }
            Err(_) => {}
        }
        before.push(got);
    }
    worst.map_or(Ok(()), Err)
}

/// Five-point slope of vec of the value; `None` where it has no value, a kink (other slopes on either side) or a jump
/// (other slopes a step further).
fn slope_of(document: &Document, point: &Point, target: &str, entry: (usize, usize), h: f64) -> Option<Vec<f64>> {
    let at = |by: f64| document.value(point, Some((target, entry, by))).stacked();
    let (here, up, down, far_up, far_down) = (at(0.0), at(h), at(-h), at(2.0 * h), at(-2.0 * h));
    let slope = |i: usize| (8.0 * (up[i] - down[i]) - (far_up[i] - far_down[i])) / (12.0 * h);
    let kink = |i: usize| {
        let (right, left) = ((up[i] - here[i]) / h, (here[i] - down[i]) / h);
        let further = (far_up[i] - up[i]) / h;
        // below this the slopes are rounding of the value
        let floor = (1e-10 * (1.0 + here[i].abs()) / h).max(1e-4);
        let apart = |other: f64| (right - other).abs() > 0.01 * right.abs().max(other.abs()).max(floor);
        apart(left) || apart(further)
    };
    (0..here.len()).map(|i| Some(slope(i)).filter(|s| s.is_finite() && !kink(i))).collect()
}
