//! Values for a program's names, given as arrays or in JSON (`json`).

use super::datum::Datum;
use super::solve::{Equation, solve};
use super::{MAX_ENTRIES, Masks, Values, facts, members};
use crate::diag::{Error, Kind};
use crate::expr::{Elementwise, Name, Symbol, bases};
use crate::program::Program;
use crate::syntax::parse_name;
use std::collections::BTreeSet;

/// The values that are given for names. Sizes come from the arrays.
///
/// # Errors
/// `Usage` for names that are missing or unknown and for anything that is not an array of numbers, `Shape` for arrays
/// that do not fit the document, `Domain` for arrays that lack a declared attribute. Each names the variable.
pub fn values_of<'a, D: Datum + 'a>(
    given: impl IntoIterator<Item = (&'a str, &'a D)>,
    program: &Program,
) -> Result<Values, Error> {
    let mut values = Values::default();
    for (key, value) in given {
        let name = resolve(key, program)?;
        let known = program.symbol(&name).is_some_and(|s| values.arrays.contains_key(&s))
            || values.functions.contains_key(&name)
            || values.sizes.contains_key(&name);
        if known {
            return Err(Error::new(Kind::Usage, format!("{name} has two values")));
        }
        read_entry(name, value, program, &mut values)?;
    }
    check_complete(program, &values)?;
    values.sizes = solve(program, std::mem::take(&mut values.sizes), equations(program, &values))?;
    check_sizes(program, &values)?;
    for input in &program.inputs {
        members::placed(&input.name, program.plates.get(&input.name).map_or(&[], Vec::as_slice), &mut values)?;
    }
    for input in &program.inputs {
        for (_, array) in members::of(&input.name, &values) {
            facts::check(input, array)?;
        }
    }
    if !program.is_indexed() {
        Masks::of(&values).define(&program.definitions)?;
    }
    Ok(values)
}

/// Everything that may have a value.
fn known_names(program: &Program) -> impl Iterator<Item = &Name> {
    let inputs = program.inputs.iter().filter_map(|i| i.name.name());
    let definitions = program.definitions.iter().filter_map(|d| d.name.name());
    inputs.chain(definitions).chain(&program.functions).chain(program.fields.keys()).chain(&program.sizes)
}

/// The program's name for a key: as it is, or as the language reads it (`x_{Paris}`, `W1`, `lambda`, `\mu`).
fn resolve(key: &str, program: &Program) -> Result<Name, Error> {
    let known = |name: &Name| known_names(program).any(|k| k == name);
    let as_it_is = Some(Name::new(key)).filter(known);
    as_it_is.or_else(|| parse_name(key).ok().filter(known)).ok_or_else(|| unknown(key, program))
}

fn unknown(key: &str, program: &Program) -> Error {
    let error = Error::new(Kind::Usage, format!("the values name {key}, the document does not"));
    match closest(key, known_names(program).map(Name::as_str)) {
        Some(near) => error.help(format!("did you mean {near}?")),
        None => error,
    }
}

/// The most similar of the candidates, if one is similar at all.
fn closest<'a>(word: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let scored = candidates.map(|c| (strsim::jaro_winkler(&word.to_lowercase(), &c.to_lowercase()), c));
    scored.filter(|(score, _)| *score > 0.7).max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, c)| c)
}

fn read_entry(name: Name, value: &impl Datum, program: &Program, values: &mut Values) -> Result<(), Error> {
    if program.fields.contains_key(&name) {
        let message = format!("{name} is a function of an array: there is no built-in one to bind it to");
        return Err(Error::new(Kind::Usage, message).help(format!(
            "leave it out; derivatives that hold no {name} have values, or give its formula: {name}(x) = …"
        )));
    }
    if program.functions.contains(&name) {
        values.functions.insert(name.clone(), function(&name, value)?);
    } else if let Some(input) = program.symbol(&name).filter(|s| program.input(s).is_some()) {
        if let Some(text) = value.word() {
            let message = format!("{name} is a variable; its value is numbers, not \"{text}\"");
            return Err(Error::new(Kind::Usage, message));
        }
        match program.plates.get(&input) {
            Some(plate) => members::read(&input, value, plate, values)?,
            None => drop(values.arrays.insert(input.clone(), value.array(&input)?)),
        }
    } else if program.symbol(&name).is_some() {
        let message = format!("{name} is defined by the document, it takes no value");
        return Err(Error::new(Kind::Usage, message).help("leave it out of the values"));
    } else {
        let size = value.whole().filter(|n| (1..=MAX_ENTRIES).contains(n));
        let misuse =
            || Error::new(Kind::Usage, format!("the size {name} is a whole number from 1 on, not {}", value.excerpt()));
        values.sizes.insert(name.clone(), size.ok_or_else(misuse)?);
    }
    Ok(())
}

fn function(name: &Name, value: &impl Datum) -> Result<Elementwise, Error> {
    let Some(text) = value.word() else {
        let message = format!("{name} is a function; bind it by name, not to {}", value.excerpt());
        return Err(Error::new(Kind::Usage, message).help(format!("\"{name}\": \"tanh\"")));
    };
    Elementwise::from_spelling(text).ok_or_else(|| {
        let error = Error::new(Kind::Usage, format!("{name} is bound to {text}, which is not a built-in function"));
        let list = Elementwise::ALL.iter().map(|f| f.ascii()).collect::<Vec<_>>().join(", ");
        match closest(text, Elementwise::all_spellings()) {
            Some(near) => error.help(format!("did you mean {near}? known are {list}")),
            None => error.help(format!("known are {list}")),
        }
    })
}

/// Every variable and function the definitions use has a value.
fn check_complete(program: &Program, values: &Values) -> Result<(), Error> {
    let used: BTreeSet<Symbol> = program.definitions.iter().flat_map(|d| bases(&d.value)).collect();
    let has = |name: &Symbol| members::of(name, values).next().is_some();
    let lacking = |name: &&Symbol| used.contains(*name) && !has(name);
    let missing: Vec<String> = program.inputs.iter().map(|i| &i.name).filter(lacking).map(Symbol::to_string).collect();
    if !missing.is_empty() {
        return Err(Error::new(Kind::Usage, format!("the values have none for {}", missing.join(", "))));
    }
    match program.functions.iter().find(|f| !values.functions.contains_key(*f)) {
        Some(f) => {
            let message = format!("the values do not say which function {f} is");
            Err(Error::new(Kind::Usage, message).help(format!("bind it by name: \"{f}\": \"tanh\"")))
        }
        None => Ok(()),
    }
}

fn equations(program: &Program, values: &Values) -> Vec<Equation> {
    let mut equations = vec![];
    for input in &program.inputs {
        equations.extend(members::ranges(&input.name, program, values));
        for (_, array) in members::of(&input.name, values) {
            let sides = [(&input.shape.rows, array.nrows()), (&input.shape.cols, array.ncols())];
            equations.extend(sides.map(|(size, extent)| Equation {
                size: size.clone(),
                extent: extent as i64,
                source: Some((input.name.clone(), array.dim())),
            }));
        }
    }
    equations
}

/// Every shape of a valued input came out as the value's.
fn check_sizes(program: &Program, values: &Values) -> Result<(), Error> {
    for input in &program.inputs {
        let extent = |size: &crate::expr::Size| size.value(&values.sizes);
        for (_, array) in members::of(&input.name, values) {
            let found = (Some(array.nrows() as i64), Some(array.ncols() as i64));
            if (extent(&input.shape.rows), extent(&input.shape.cols)) != found {
                let (rows, cols) = array.dim();
                let message = format!("{} is {}, its value is {rows}×{cols}", input.name, input.shape);
                return Err(Error::new(Kind::Shape, message));
            }
        }
    }
    Ok(())
}
