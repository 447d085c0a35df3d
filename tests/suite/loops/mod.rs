//! Random documents with indices, and what they are by loops: sums, members, offsets, conditions, families under two letters,
//! definitions with free indices. The loops run over the tree a document was printed from, so a text that is taken for
//! another one is seen too.

mod evaluate;
mod source;

use evaluate::{Arrays, Direction, derivative, sizes_of};
use gradus::Options;
use gradus::internals::derive::{Derivation, derive_program};
use gradus::internals::diag::Kind;
use gradus::internals::eval::read_values;
use gradus::internals::json;
use serde_json::{Value, json};
use source::{Draft, FAMILIES, Family};

/// All entries of what a family's value holds, in the order of the list.
fn flat(value: &Value, into: &mut Vec<f64>) {
    match value {
        Value::Array(items) => items.iter().for_each(|v| flat(v, into)),
        other => into.push(other.as_f64().unwrap_or(f64::NAN)),
    }
}

fn nested(entries: &[f64], sides: &[usize]) -> Value {
    let Some((first, rest)) = sides.split_first() else { return json!(entries[0]) };
    let step: usize = rest.iter().product();
    (0..*first).map(|k| nested(&entries[k * step..(k + 1) * step], rest)).collect()
}

fn sides(f: &Family, sizes: &[usize; 5]) -> Vec<usize> {
    f.plate.iter().chain(f.own).map(|r| sizes[*r]).collect()
}

fn family(name: &str) -> &'static Family {
    let own = name.split('_').next().unwrap_or(name);
    FAMILIES.iter().find(|f| f.name == own).unwrap_or_else(|| panic!("no family {name}"))
}

/// What became of a document.
#[derive(Debug, PartialEq)]
enum Outcome {
    Right,
    Refused(String),
    Wrong(String),
}

fn derived(text: &str, options: &Options) -> Result<Derivation, Outcome> {
    let refused = |e: &gradus::Diagnostic| match e.kind {
        Kind::Unsupported | Kind::Limit => Outcome::Refused(e.message.clone()),
        // two sums of one letter around `C_ii`: which is meant is asked back
        Kind::Name if e.message.starts_with("two sums bind") => Outcome::Refused("two sums of one letter".to_owned()),
        _ => Outcome::Wrong(format!("{:?}: {}", e.kind, e.message)),
    };
    let program = crate::shape::read(text).map_err(|errors| refused(&errors[0]))?;
    derive_program(program, options).map_err(|e| refused(&e))
}

fn values_of(d: &Derivation, values: &Value) -> Result<Vec<Value>, Outcome> {
    let wrong = |e: gradus::Diagnostic| Outcome::Wrong(format!("{:?}: {}", e.kind, e.message));
    let known = d.program.names();
    let named = values.as_object().into_iter().flatten();
    let own: serde_json::Map<String, Value> =
        named.filter(|(n, _)| known.contains(&n.as_str().into())).map(|(n, v)| (n.clone(), v.clone())).collect();
    let mut environment = read_values(&Value::Object(own), &d.program).map_err(wrong)?;
    Ok(json::values(d, &mut environment).map_err(wrong)?.derivatives)
}

fn close(got: &[f64], meant: &[f64]) -> bool {
    let scale = meant.iter().fold(1.0, |m: f64, x| m.max(x.abs()));
    got.len() == meant.len() && got.iter().zip(meant).all(|(g, m)| (g - m).abs() <= 1e-7 * scale)
}

/// The derivatives by every name, at one point.
fn first_order(draft: &Draft, arrays: &Arrays, values: &Value) -> Result<(), Outcome> {
    let d = derived(&draft.text, &Options::default())?;
    for (one, value) in d.derivatives.iter().zip(values_of(&d, values)?) {
        let target = family(&one.wrt.label);
        let mut got = vec![];
        flat(&value, &mut got);
        let count = arrays.of(target.name).len();
        let meant: Vec<f64> = (0..count).map(|k| derivative(draft, arrays, Some((target.name, k)), None)).collect();
        if !close(&got, &meant) {
            return Err(Outcome::Wrong(format!("by {}: {got:?}, by loops {meant:?}", target.name)));
        }
    }
    Ok(())
}

/// The order of vec of a family's array: the last side slowest.
fn by_vec(sides: &[usize]) -> Vec<usize> {
    let all: usize = sides.iter().product();
    match sides {
        [rows, cols] => (0..all).map(|k| k % rows * cols + k / rows).collect(),
        _ => (0..all).collect(),
    }
}

/// The block of second derivatives by two names.
fn second_order(draft: &Draft, arrays: &Arrays, values: &Value, pair: [&'static Family; 2]) -> Result<(), Outcome> {
    let [outer, inner] = pair;
    let names: Vec<&str> = if outer.name == inner.name { vec![outer.name] } else { vec![outer.name, inner.name] };
    let d = derived(&draft.text, &Options::default().with_respect_to(names).order(2))?;
    let all = values_of(&d, values)?;
    let own = |d: &gradus::internals::derive::Derivative| {
        d.outer.iter().map(|t| family(&t.label).name).eq([outer.name]) && family(&d.wrt.label).name == inner.name
    };
    let Some(at) = d.derivatives.iter().position(own) else { return Ok(()) };
    let mut got = vec![];
    flat(&all[at], &mut got);
    let order = |f: &Family| by_vec(&sides(f, &arrays.sizes));
    let direction = |f: &Family, k: usize| -> Direction { Some((f.name, k)) };
    let meant: Vec<f64> = order(outer)
        .into_iter()
        .flat_map(|r| order(inner).into_iter().map(move |c| (r, c)))
        .map(|(r, c)| derivative(draft, arrays, direction(outer, r), direction(inner, c)))
        .collect();
    if !close(&got, &meant) {
        return Err(Outcome::Wrong(format!("by {} and {}: {got:?}, by loops {meant:?}", outer.name, inner.name)));
    }
    Ok(())
}

/// The document of a seed, derived and compared.
fn outcome(seed: u64, draft: &Draft) -> Outcome {
    let sizes = sizes_of(seed);
    let arrays = Arrays::drawn(seed, sizes);
    let listed = |f: &&Family| (f.name.to_owned(), nested(arrays.of(f.name), &sides(f, &sizes)));
    let used = || FAMILIES.iter().filter(|f| draft.uses(f.name));
    let mut values: serde_json::Map<String, Value> = used().map(|f| listed(&f)).collect();
    values.extend(["n", "m", "d"].iter().enumerate().map(|(k, n)| ((*n).to_owned(), json!(sizes[k]))));
    let values = Value::Object(values);
    let pairs: Vec<&Family> = used().collect();
    let run = || {
        first_order(draft, &arrays, &values)?;
        if seed.is_multiple_of(3) && !pairs.is_empty() {
            let pick = |k: u64| pairs[(seed / 3 / k) as usize % pairs.len()];
            second_order(draft, &arrays, &values, [pick(1), pick(pairs.len() as u64)])?;
        }
        Ok(())
    };
    run().map_or_else(|o| o, |()| Outcome::Right)
}

fn campaign(seeds: std::ops::Range<u64>) {
    let (mut right, mut refused, mut wrong) = (0, std::collections::BTreeMap::<String, (usize, String)>::new(), vec![]);
    for seed in seeds {
        let draft = Draft::drawn(seed);
        match outcome(seed, &draft) {
            Outcome::Right => right += 1,
            Outcome::Refused(why) => refused.entry(why).or_insert((0, draft.text)).0 += 1,
            Outcome::Wrong(why) => wrong.push(format!("seed {seed}:\n{}\n{why}", draft.text)),
        }
    }
    let declined: usize = refused.values().map(|(n, _)| n).sum();
    eprintln!("{right} right, {declined} refused: {refused:#?}");
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n\n"));
    assert!(declined * 10 <= right, "{declined} refused beside {right} right: {refused:#?}");
}

#[test]
fn documents_with_indices_have_the_derivatives_of_their_loops() {
    campaign(0..16);
}

/// Ten thousand, or as many as `SEEDS=from..to` says.
#[test]
#[ignore = "an hour"]
fn many_documents_with_indices_have_the_derivatives_of_their_loops() {
    let seeds = std::env::var("SEEDS").unwrap_or_else(|_| "0..10000".to_owned());
    let (from, to) = seeds.split_once("..").expect("from..to");
    campaign(from.parse().expect("a number")..to.parse().expect("a number"));
}
