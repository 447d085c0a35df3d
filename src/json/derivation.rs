//! A derivation as JSON, its values at a point included.

use super::{layout_word, notes, shape, step, texts};
use crate::derive::{Derivation, Derivative, Flops, MatrixForm, Product, ResultKind};
use crate::diag::{Error, Note};
use crate::eval::{self, Branch, Valuation};
use crate::expr::{Atom, Index, Shape, Size, flops};
use crate::program::{Definition, Input};
use crate::render::{self, Style, present};
use crate::value::{self, Worth};
use serde_json::{Map, Value, json};

/// What goes into the output besides the derivation itself.
pub struct Extras<'a> {
    /// Whether steps are shown.
    pub steps: bool,
    /// Values at a point, when one was given.
    pub values: Option<&'a ShownValues>,
    /// What each derivative costs, when that was asked for.
    pub costs: Option<&'a [Flops]>,
}

/// Values of the expression and of each derivative, when `--at` gave some.
pub struct ShownValues {
    /// The value of what is differentiated.
    pub expression: Value,
    /// The value of each derivative, in their order.
    pub derivatives: Vec<Value>,
}

/// The whole derivation.
pub fn derivation(d: &Derivation, extras: &Extras) -> Value {
    let style = Style::of(d);
    let mut out = Map::new();
    out.insert("schema".into(), json!(1));
    out.insert("of".into(), json!(if d.asked.name == d.of { &d.label } else { &d.asked.name }.to_string()));
    out.insert("shape".into(), shape(d.asked.value.shape()));
    out.insert("expression".into(), json!(expression(d, &style)));
    if let Some(values) = extras.values {
        out.insert("value".into(), values.expression.clone());
    }
    let each = d.derivatives.iter().zip(d.matrix_forms()).enumerate();
    let one = |(i, (one, form)): (usize, (&Derivative, Option<MatrixForm>))| {
        let mut out = derivative(d, one, &style, extras, i);
        if let Some(form) = form {
            out["matrix"] = matrix(&form);
        }
        out
    };
    let derivatives: Vec<Value> = each.map(one).collect();
    out.insert("derivatives".into(), Value::Array(derivatives));
    out.insert("inputs".into(), inputs(d));
    let head = d.program.reading.head.clone().map(Note::warning);
    out.insert("notes".into(), notes(&head.into_iter().chain(d.notes.iter().cloned()).collect::<Vec<_>>()));
    Value::Object(out)
}

/// The same over whole arrays, and which of them stack the members of a family.
fn matrix(form: &MatrixForm) -> Value {
    let style = Style::new(&form.program);
    let ast = present(&form.result, &style);
    let mut out = texts(&ast);
    let stack = form.stack.iter().map(|(whole, family)| (whole.to_string(), json!(family.to_string())));
    out["stack"] = Value::Object(stack.collect());
    if let Some((name, value)) = &form.named {
        out["where"] = json!({name.to_string(): texts(&present(value, &style))});
    }
    out["size"] = json!(ast.size());
    out
}

/// What every name was read as; sizes where they stand for numbers.
fn inputs(d: &Derivation) -> Value {
    let entry = |name: String, kind: &str, of: &Shape, declared: bool| json!({"name": name, "kind": kind, "shape": shape(of), "index": index(d, &name), "declared": declared});
    let kind = |shape: &Shape| match (shape.is_scalar(), shape.is_vector()) {
        (true, _) => "scalar",
        (false, true) => "vector",
        (false, false) => "matrix",
    };
    // a family of scalars is the array of its entries
    let own = |i: &Input| {
        d.program.plates.get(&i.name).filter(|_| i.shape.is_scalar()).map_or(i.shape.clone(), |p| entries(p))
    };
    let inputs = d.program.inputs.iter().map(|i| entry(i.name.to_string(), kind(&own(i)), &own(i), i.declared));
    let sizes = d.program.reading.sizes.iter().map(|n| entry(n.to_string(), "size", &Shape::scalar(), true));
    inputs.chain(sizes).collect()
}

/// The shape of an array whose entries have these indices.
fn entries(plate: &[Index]) -> Shape {
    match plate {
        [i] => Shape::vector(i.count()),
        [i, j] => Shape::new(i.count(), j.count()),
        _ => Shape::scalar(),
    }
}

/// The sizes of the indices of a family of columns or matrices.
fn index(d: &Derivation, name: &str) -> Vec<String> {
    let family = d.program.symbol(&name.into()).filter(|s| d.program.shape(s).is_some_and(|s| !s.is_scalar()));
    let plate = family.and_then(|s| d.program.plates.get(&s));
    plate.into_iter().flatten().map(|i| i.count().to_string()).collect()
}

/// What is differentiated, as the author wrote it.
fn expression(d: &Derivation, style: &Style) -> String {
    match &d.asked.written {
        Some(ast) => render::ascii(ast),
        None => render::ascii(&present(&d.asked.value, style)),
    }
}

fn derivative(d: &Derivation, one: &Derivative, style: &Style, extras: &Extras, index: usize) -> Value {
    let result = present(&one.result, style);
    let inlined = one.inlined.as_ref().map(|e| present(e, style));
    let mut out = Map::new();
    out.insert("wrt".into(), wrt(one));
    out.insert("order".into(), json!(one.order()));
    out.insert("form".into(), json!(form_word(one)));
    if let ResultKind::Product { product, .. } = &one.quantity {
        out.insert("direction".into(), json!(product.direction()));
    }
    out.insert("shape".into(), shape(&one.shape));
    out.insert("result".into(), texts(&result));
    if let Some(ast) = &inlined {
        out.insert("inlined".into(), texts(ast));
    }
    out.insert("size".into(), json!(inlined.as_ref().unwrap_or(&result).size()));
    // a sum over indices is one symbol to the counter
    if !d.program.is_indexed() {
        out.insert("flops".into(), flops_of(d, one));
    }
    out.insert("shared".into(), shared(d, one, style));
    if let Some(costs) = extras.costs {
        out.insert("cost".into(), cost(&costs[index], style));
    }
    if extras.steps {
        out.insert("steps".into(), d.steps_of(one).map(|(_, s)| step(s, style)).collect());
    }
    out.insert("check".into(), check(d));
    if let Some(values) = extras.values {
        out.insert("value".into(), values.derivatives[index].clone());
    }
    Value::Object(out)
}

/// One target, or the list of them where the order is higher.
fn wrt(one: &Derivative) -> Value {
    match one.order() {
        1 => json!(one.wrt.label),
        _ => one.targets().map(|t| json!(t.label)).collect(),
    }
}

fn form_word(one: &Derivative) -> &'static str {
    match (&one.quantity, one.form) {
        (ResultKind::Product { product: Product::Jvp(_), .. }, _) => "jvp",
        (ResultKind::Product { product: Product::Vjp(_), .. }, _) => "vjp",
        (ResultKind::Product { product: Product::Hvp(_), .. }, _) => "hvp",
        (ResultKind::Derivative, form) => layout_word(form),
    }
}

/// The cost of the result and of the definitions it refers to, each evaluated once.
fn flops_of(d: &Derivation, one: &Derivative) -> Value {
    polynomial(&d.with_shared(&one.result, &flops))
}

fn polynomial(total: &Size) -> Value {
    let names = |atoms: &[Atom]| atoms.iter().map(Atom::to_string).collect::<Vec<_>>();
    let coefficient = |c: i64| if total.over() == 1 { json!(c) } else { json!(c as f64 / total.over() as f64) };
    let term = |(m, c): (&[Atom], i64)| json!({"coefficient": coefficient(c), "sizes": names(m)});
    json!({"expression": total.to_string(), "terms": total.terms().map(term).collect::<Vec<_>>()})
}

/// What `--cost` says.
fn cost(cost: &Flops, style: &Style) -> Value {
    let cheapest = cost.cheapest.as_ref().map(|(e, n)| {
        let mut out = texts(&present(e, style));
        out["flops"] = polynomial(n);
        out
    });
    json!({"written": polynomial(&cost.written), "evaluated": polynomial(&cost.evaluated), "cheapest": cheapest})
}

/// The definitions the result refers to, in order.
fn shared(d: &Derivation, one: &Derivative, style: &Style) -> Value {
    let text = |s: &Definition| {
        let ast = s.written.clone().unwrap_or_else(|| present(&s.value, style));
        json!({"name": s.name.to_string(), "unicode": render::unicode(&ast), "ascii": render::ascii(&ast), "latex": render::latex(&ast)})
    };
    d.shared_by(&one.result).into_iter().map(text).collect()
}

fn check(d: &Derivation) -> Value {
    let Some(c) = &d.check else { return json!({"verdict": "not checked"}) };
    let mut out = json!({"verdict": "agrees", "method": "automatic differentiation (dual numbers)", "points": c.points, "max_rel_error": c.max_rel_error});
    if !c.not_visited.is_empty() {
        let style = Style::of(d);
        let branch = |b: &Branch| json!({"part": texts(&present(&b.part, &style)), "where": b.section.words()});
        out["not_visited"] = c.not_visited.iter().map(branch).collect();
    }
    out
}

/// The values at a point as JSON.
///
/// # Errors
/// As for `value::printed` and `value::at`.
pub fn values(d: &Derivation, environment: &mut Valuation<f64>) -> Result<ShownValues, Error> {
    let at = value::at(d, &value::printed(d)?, environment)?;
    Ok(ShownValues { expression: number(&at.expression), derivatives: at.derivatives.iter().map(number).collect() })
}

fn number(value: &Worth) -> Value {
    match value {
        Worth::Unknown => Value::Null,
        Worth::Array(array, axes) => eval::json_with(array, *axes),
        Worth::List(items) => items.iter().map(number).collect(),
    }
}
