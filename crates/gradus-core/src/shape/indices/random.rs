//! What is random: what an expectation draws, and the definitions that are made of it. These have a value for every sample,
//! as if the sample were one more of their indices.

use super::super::environment::Environment;
use super::super::names::visit;
use super::read::Reader;
use super::{IndexBinding, PlaceUse, SAMPLE, expressions, name_of, rebuild};
use crate::diag::{Error, Kind, Span};
use crate::expr::{Gathering, Name};
use crate::syntax::{Ast, Bound, Document, Statement, Syntax, WrittenPlace, index_letters, split_index};
use std::collections::{BTreeMap, BTreeSet};

/// Letters of what is random where nothing says it.
pub(super) const DATA: &[&str] = &["x", "y", "z", "ε", "ξ", "X", "Y", "Z", "u", "r", "d", "e"];
/// Of those that of noise: nothing else is called so.
const NOISE: &[&str] = &["ε", "ξ"];

/// The definitions that are made of what expectations draw.
#[derive(Default)]
pub(super) struct Randomness {
    /// What each is made of that an expectation draws. Those with free indices by their names without.
    drawn: BTreeMap<Name, BTreeSet<Name>>,
    /// All that some expectation draws.
    roots: BTreeSet<Name>,
    /// What stands below an expectation, by itself or in a definition that does.
    used: BTreeSet<Name>,
    /// The letters of data that stand in definitions, and in what these are made of.
    data: BTreeMap<Name, BTreeSet<Name>>,
}

/// What is random where an expectation is read, and the index of its samples.
#[derive(Clone)]
pub(super) struct Sampled {
    names: BTreeSet<Name>,
    sample: usize,
}

impl Randomness {
    /// Of a document whose definitions with free indices are these.
    pub fn of(document: &Document, free: &BTreeSet<Name>) -> Randomness {
        let defined = definitions(document, free);
        let mut randomness = Randomness { data: data_of(&defined), ..Randomness::default() };
        expressions(document).for_each(|ast| randomness.list(ast, &defined));
        loop {
            let more = defined.iter().find_map(|(name, value)| {
                let own = randomness.made_of(value);
                let known = randomness.drawn.get(name).map_or(0, BTreeSet::len);
                (own.len() > known).then(|| (name.clone(), own))
            });
            let Some((name, own)) = more else { break };
            randomness.drawn.insert(name, own);
        }
        // a density is one at every sample
        randomness.used.extend(document.densities.keys().cloned());
        randomness.use_through(&defined);
        randomness
    }

    /// What the expectations in an expression draw, but for what is defined, and what stands below them.
    fn list(&mut self, ast: &Ast, defined: &BTreeMap<Name, &Ast>) {
        visit(ast, &mut |node| {
            if let Syntax::Gathered { by: Gathering::Expectation, over, body, .. } = &node.kind {
                let own: BTreeSet<Name> = match over.as_slice() {
                    [] => self.guessed(body),
                    _ => over.iter().map(|b| b.letter.clone()).collect(),
                };
                self.roots.extend(own.into_iter().filter(|n| !defined.contains_key(n)));
                visit(body, &mut |inner| self.used.extend(name_of(inner).map(base_of)));
            }
        });
    }

    /// What stands in a random definition below an expectation does so too.
    fn use_through(&mut self, defined: &BTreeMap<Name, &Ast>) {
        loop {
            let before = self.used.len();
            for name in self.drawn.keys().filter(|n| self.used.contains(*n)).cloned().collect::<Vec<_>>() {
                outside(defined[&name], &mut |inner, _| {
                    self.used.insert(base_of(inner));
                });
            }
            if self.used.len() == before {
                return;
            }
        }
    }

    /// Without a word on it, what is random has one of the letters of data; in what is defined, of noise.
    fn guessed(&self, body: &Ast) -> BTreeSet<Name> {
        let mut found = BTreeSet::new();
        visit(body, &mut |node| {
            let Some(name) = name_of(node) else { return };
            match self.data.get(&base_of(name)) {
                Some(inner) => found.extend(inner.iter().filter(|n| NOISE.contains(&n.as_str())).cloned()),
                None if DATA.contains(&name.as_str()) => drop(found.insert(name.clone())),
                None => {}
            }
        });
        found
    }

    /// What is drawn and stands in a value outside of its expectations, by itself or in a definition.
    fn made_of(&self, value: &Ast) -> BTreeSet<Name> {
        let mut found = BTreeSet::new();
        outside(value, &mut |name, _| {
            let base = base_of(name);
            found.extend([name, &base].into_iter().filter(|n| self.roots.contains(*n)).cloned());
            found.extend(self.drawn.get(&base).into_iter().flatten().cloned());
        });
        found
    }

    /// What a name is made of that is drawn, itself included.
    fn of_name(&self, name: &Name) -> Option<BTreeSet<Name>> {
        let base = base_of(name);
        let root = [name, &base].into_iter().find(|n| self.roots.contains(*n));
        root.map(|n| BTreeSet::from([n.clone()])).or_else(|| self.drawn.get(&base).cloned())
    }
}

/// The values of definitions, by their names without free indices.
fn definitions<'a>(document: &'a Document, free: &BTreeSet<Name>) -> BTreeMap<Name, &'a Ast> {
    let own = document.statements.iter().filter_map(|s| match s {
        Statement::Definition { name, value, .. } => {
            Some((if free.contains(name) { base_of(name) } else { name.clone() }, value))
        }
        Statement::FunctionDefinition { .. }
        | Statement::Expression(_)
        | Statement::Declaration(_)
        | Statement::SizeCondition { .. } => None,
    });
    own.collect()
}

/// The letters of data in every definition that no definition gives, also by others.
fn data_of(defined: &BTreeMap<Name, &Ast>) -> BTreeMap<Name, BTreeSet<Name>> {
    let mut data: BTreeMap<Name, BTreeSet<Name>> = defined.keys().map(|n| (n.clone(), BTreeSet::new())).collect();
    loop {
        let mut grown = false;
        for (name, value) in defined {
            let mut found = data[name].clone();
            outside(value, &mut |own, _| match data.get(&base_of(own)) {
                Some(inner) => found.extend(inner.iter().cloned()),
                None if DATA.contains(&base_of(own).as_str()) => drop(found.insert(base_of(own))),
                None => {}
            });
            if found.len() > data[name].len() {
                data.insert(name.clone(), found);
                grown = true;
            }
        }
        if !grown {
            return data;
        }
    }
}

/// The names of an expression that stand outside of its expectations.
fn outside(ast: &Ast, f: &mut dyn FnMut(&Name, Span)) {
    match &ast.kind {
        Syntax::Gathered { by: Gathering::Expectation, .. } => {}
        Syntax::Name(name) => f(name, ast.span),
        _ => drop(rebuild::children(ast, &mut |child| {
            outside(child, f);
            Ok(child.clone())
        })),
    }
}

/// A name without its index; `x_1` is one of its own.
fn base_of(name: &Name) -> Name {
    let indexed = split_index(name).filter(|(_, places)| index_letters(places).next().is_some());
    indexed.map_or_else(|| name.clone(), |(base, _)| base)
}

impl Reader<'_> {
    /// The index of the samples; what is random are members at it.
    pub(super) fn expectation(&mut self, over: &[Bound], body: &Ast, span: Span) -> Result<usize, Error> {
        for b in over.iter().filter(|b| !b.drawn.is_empty()) {
            let known = self.distributions.entry(b.letter.clone()).or_insert_with(|| b.drawn.clone());
            if *known != b.drawn {
                return Err(two_distributions(&b.letter, span));
            }
            self.indices.drawn.entry(b.letter.clone()).or_default().extend(b.drawn.iter().cloned());
        }
        let listed: BTreeSet<Name> = over.iter().map(|b| b.letter.clone()).collect();
        if let Some(name) = listed.iter().find(|n| self.defined.contains(*n)) {
            return Err(self.drawn_and_defined(name, span));
        }
        let drawn = if listed.is_empty() { self.guessed_random(body, span)? } else { listed };
        let made = self.randomness.drawn.iter().filter(|(_, of)| of.is_subset(&drawn));
        let samples = self.known.into_iter().flat_map(Environment::samples);
        let names = drawn.iter().chain(made.map(|(name, _)| name)).chain(samples).cloned().collect();
        let sample = self.sample(span);
        self.random = Some(Sampled { names, sample });
        Ok(sample)
    }

    fn sample(&mut self, span: Span) -> usize {
        let known = self.indices.bindings.iter().position(|b| b.letter.as_str() == SAMPLE);
        known.unwrap_or_else(|| {
            let (ends, written) = ([None, None], [None, None]);
            self.indices.bindings.push(IndexBinding { letter: Name::new(SAMPLE), range: None, ends, written, span });
            self.indices.bindings.len() - 1
        })
    }

    fn guessed_random(&mut self, body: &Ast, span: Span) -> Result<BTreeSet<Name>, Error> {
        if let Some(known) = self.known {
            return Ok(known.samples().cloned().collect());
        }
        let found = self.randomness.guessed(body);
        if found.is_empty() {
            let message = "nothing says what is random here";
            return Err(Error::new(Kind::Unsupported, message)
                .at(span, "this expectation")
                .help(r"name it: \mathbb{E}_x[…]"));
        }
        self.indices.guessed.extend(found.iter().cloned());
        Ok(found)
    }

    /// The index of the samples, where a definition has a value for each; its value is read under it.
    ///
    /// # Errors
    /// `Unsupported` for what is random and stands below no expectation.
    pub(super) fn sampled_head(&mut self, name: &Name, value: &Ast, span: Span) -> Result<Option<usize>, Error> {
        let base = if self.free.contains(name) { base_of(name) } else { name.clone() };
        let Some(own) = self.randomness.drawn.get(&base).cloned() else { return Ok(None) };
        if !self.randomness.used.contains(&base) {
            let mut error = None;
            outside(value, &mut |inner, at| {
                let of = self.randomness.of_name(inner);
                error = error.take().or_else(|| of.map(|of| outside_of_expectation(inner, &of, at)));
            });
            return Err(error.unwrap_or_else(|| outside_of_expectation(name, &own, span)));
        }
        let made = self.randomness.drawn.iter().filter(|(_, of)| of.is_subset(&own));
        let names = own.iter().chain(made.map(|(name, _)| name)).cloned().collect();
        let sample = self.sample(span);
        self.random = Some(Sampled { names, sample });
        Ok(Some(sample))
    }

    /// What is random at its sample.
    ///
    /// # Errors
    /// `Unsupported` for what is made of what is drawn where nothing draws it.
    pub(super) fn random_name(&mut self, name: &Name, span: Span) -> Result<Option<Ast>, Error> {
        let sampled = |names: &BTreeSet<Name>| match names.contains(name) {
            true => Some((name.clone(), vec![])),
            false => split_index(name).filter(|(base, places)| {
                names.contains(base) && index_letters(places).any(|l| self.bound(l).is_some())
            }),
        };
        let Some((base, places)) = self.random.as_ref().and_then(|r| sampled(&r.names)) else {
            return match self.randomness.of_name(name) {
                Some(of) => Err(outside_of_expectation(name, &of, span)),
                None => Ok(None),
            };
        };
        let Some(sample) = self.random.as_ref().map(|r| r.sample) else { return Ok(None) };
        // an entry of what is random whole
        if !places.is_empty() && self.stands_whole_under_expectation(&base) {
            let at = self.places(&places, name, span)?;
            return self.entry_of(&Ast::new(Syntax::Name(base), span), at, span).map(Some);
        }
        let mut at = vec![PlaceUse::at(sample)];
        at.extend(self.places(&places, name, span)?);
        let written: Vec<WrittenPlace> = std::iter::once(WrittenPlace::fixed(0)).chain(places).collect();
        let family = self.family(&base, &written, at.clone(), name, span)?;
        if let Some(f) = self.indices.families.get_mut(&family) {
            f.whole = false;
        }
        Ok(Some(self.member(name, family, at, span)))
    }

    /// What has a name without an index somewhere: what stands at an index of it are entries.
    fn stands_whole_under_expectation(&self, base: &Name) -> bool {
        self.whole.contains(base) || self.own.contains(base)
    }

    fn drawn_and_defined(&self, name: &Name, span: Span) -> Error {
        let inner = self.randomness.data.get(name).into_iter().flatten();
        let noise = inner.clone().find(|n| NOISE.contains(&n.as_str())).or_else(|| inner.clone().next());
        let message = format!("`{name}` is defined, and this expectation is over its values");
        let error = Error::new(Kind::Unsupported, message).at(span, format!("`{name}` has one value"));
        error.help(match noise {
            Some(noise) => format!("the expectation is over what its definition draws: \\mathbb{{E}}_{{{noise}}}[…]"),
            None => format!("leave out the definition, or the subscript {name}"),
        })
    }
}

/// One list of samples has one distribution.
fn two_distributions(letter: &Name, span: Span) -> Error {
    Error::new(
        Kind::Unsupported,
        format!("`{letter}` is drawn from one distribution here and from another one elsewhere"),
    )
    .at(span, "another distribution")
    .help(format!("they are samples of their own: write another letter for {letter} in this expectation"))
}

fn outside_of_expectation(name: &Name, of: &BTreeSet<Name>, span: Span) -> Error {
    let drawn: Vec<String> = of.iter().map(Name::to_string).collect();
    let drawn = drawn.join(", ");
    let message = match of.contains(name) {
        true => format!("`{name}` is random, and stands outside of the expectation over it"),
        false => format!("`{name}` is random, made of {drawn}, and stands outside of the expectation over it"),
    };
    Error::new(Kind::Unsupported, message)
        .at(span, "no expectation over it here")
        .help(format!("under one it has a value: \\mathbb{{E}}_{{{drawn}}}[…]; what is given has a name of its own"))
}
