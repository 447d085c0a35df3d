//! The score function: what is drawn from a distribution that a target moves, ∂E[f] = E[f ∂log p + ∂f].
//!
//! That is the derivative of E[f + w (ℓ - b)] by anything, where ℓ is the logarithm of the density, and where w and b, which do
//! not move, have the values of f and ℓ. So it is derived and compared with w and b as any numbers, and they are put in last;
//! what comes out is held against samples that are weighted by their densities.

use super::super::options::Options;
use super::super::result::Derivation;
use super::super::steps::{Block, Step};
use super::letters::{Moves, free, mapped, moved};
use super::targets::{ranges_of, subject, targets};
use super::verify::{self, Baseline, Weighted};
use super::{derive_indexed, made_of, refused};
use crate::derive::verify::weakest;
use crate::diag::{Error, Kind, Note, Span};
use crate::eval::Check;
use crate::expr::{
    Elementwise, Expr, Function, Gathering, Index, Indexed, Name, Partial, Place, Purpose, Shape, Symbol, add, bases,
    had, map, sub, variable, zeros,
};
use crate::program::{Definition, Input, Program};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What stands for a value.
struct HeldValue {
    plate: Vec<Index>,
    value: Expr,
    role: HeldRole,
}

enum HeldRole {
    /// What stands in the expectation, held fixed: w.
    Factor,
    /// The logarithm of the density: ℓ.
    Density,
    /// That, held fixed: b.
    Baseline { of: Symbol },
}

/// What stands for f in an expectation.
#[derive(Clone, Copy)]
enum Weighing {
    /// f + w (ℓ - b).
    Score,
    /// f exp(ℓ - b).
    Ratio,
}

/// The document with what its expectations are derived by, and what is held fixed there.
struct Scored<'a> {
    program: &'a Program,
    /// The distributions that a target moves.
    moving: &'a BTreeSet<Name>,
    by: Weighing,
    held: BTreeMap<Symbol, HeldValue>,
}

/// Derives a document whose distributions move.
///
/// # Errors
/// As `derive_indexed`; `Unsupported` for a density that nobody says, and for what the score function is no rule for.
pub(super) fn derived(program: Program, options: &Options) -> Result<Derivation, Error> {
    if options.order > 1 || options.product.is_some() {
        return Err(refused("a derivative of an order above 1, or a product, by the score function"));
    }
    let moving = super::moving_distributions(&program, options);
    if let Some((random, distribution, _)) = moving.iter().find(|(_, d, _)| !program.densities.contains_key(d)) {
        if program.drawn.get(random).is_some_and(|from| from.iter().any(|n| n.as_str() == "N")) {
            return Err(normal_by_name(random));
        }
        let message = format!("nothing says what the density {distribution} of {random} is");
        return Err(Error::new(Kind::Unsupported, message)
            .help(format!("define it, `\\log {distribution}({random}) = …` or `{distribution}({random}) = …`; a constant factor may be left out")));
    }
    let moving: BTreeSet<Name> = moving.into_iter().map(|(_, distribution, _)| distribution).collect();
    let mut scored = Scored { program: &program, moving: &moving, by: Weighing::Score, held: BTreeMap::new() };
    let own = scored.surrogate();
    let derivation = derive_indexed(own, &Options { score: false, ..options.clone() })?;
    let mut derivation = scored.put_in(derivation);
    if options.check {
        let check = by_ratio(&program, &moving, options, &derivation)?;
        derivation.check = weakest(derivation.check.into_iter().chain(check).collect());
    }
    Ok(derivation)
}

/// `x ∼ N(μ, Σ)`: the formula is to be said.
fn normal_by_name(random: &Symbol) -> Error {
    let x = random.word();
    let (vector, number) = (
        format!("log p({x}) = -({x}-μ)^T Σ^-1 ({x}-μ)/2 - logdet(Σ)/2"),
        format!("log p({x}) = -({x}-μ)^2/(2 σ^2) - log(σ)"),
    );
    Error::new(Kind::Unsupported, format!("the normal density of {x} has no name in the language"))
        .help(format!("call it p, `{x} ~ p`, and say it: `{vector}` of a vector, `{number}` of a number"))
}

/// The results beside the automatic derivative of what they are results of: samples of the distribution as it stands, each
/// weighted by how its density moves, E[f p / p₀].
fn by_ratio(
    program: &Program,
    moving: &BTreeSet<Name>,
    options: &Options,
    derivation: &Derivation,
) -> Result<Option<Check>, Error> {
    let mut ratio = Scored { program, moving, by: Weighing::Ratio, held: BTreeMap::new() };
    let weighted = ratio.surrogate();
    let baselines = ratio.held.iter().filter(|(_, held)| matches!(held.role, HeldRole::Baseline { .. }));
    let baselines = baselines.map(|(name, held)| Baseline { name, plate: &held.plate, value: &held.value }).collect();
    let of = subject(program, options)?;
    // the value alone may not speak of what moves the density
    let wrt = derivation.derivatives.iter().map(|d| d.wrt.label.clone()).collect();
    let options = &Options { wrt, ..options.clone() };
    let targets = targets(program, &of, options)?;
    let found: Vec<_> = targets.iter().zip(&derivation.derivatives).collect();
    verify::check_weighted(&Weighted { program, weighted: &weighted, baselines }, &of, &found)
}

impl Scored<'_> {
    fn surrogate(&mut self) -> Program {
        let program = self.program;
        let mut own = program.clone();
        own.drawn.clear();
        for d in &mut own.definitions {
            let plate = program.plates.get(&d.name).cloned().unwrap_or_default();
            let value = self.term(&d.value, &plate);
            *d = d.with_value(value);
        }
        for (name, held) in &self.held {
            let (span, shape) = (Span::default(), held.value.shape().clone());
            own.plates.insert(name.clone(), held.plate.clone());
            match held.role {
                HeldRole::Density => own.definitions.push(Definition {
                    name: name.clone(),
                    value: held.value.clone(),
                    written: None,
                    span,
                }),
                HeldRole::Factor | HeldRole::Baseline { .. } => {
                    own.inputs.push(Input { name: name.clone(), shape, attributes: vec![], declared: true, span });
                }
            }
        }
        own.definitions = in_order(own.definitions);
        own
    }

    fn term(&mut self, e: &Expr, scope: &[Index]) -> Expr {
        mapped(e, &mut |indexed, shape| {
            let drawn = matches!(indexed, Indexed::Gathered { by: Gathering::Expectation, .. });
            let own = indexed.around(&mut |inner, over| {
                let below = [scope, over].concat();
                let inner = self.term(inner, &below);
                if drawn { self.weighted(inner, over, &below) } else { inner }
            });
            variable(own.symbol(), shape)
        })
    }

    /// What stands in an expectation, and what its distribution adds.
    fn weighted(&mut self, body: Expr, over: &[Index], scope: &[Index]) -> Expr {
        let names = made_of(self.program, &body);
        let from = |d: &&Name| names.iter().any(|n| self.program.drawn.get(n).is_some_and(|own| own.contains(*d)));
        let densities: Vec<Expr> =
            self.moving.iter().filter(from).filter_map(|d| self.program.densities.get(d).cloned()).collect();
        if densities.is_empty() {
            return body;
        }
        let density = add(densities);
        let letters = free(&body);
        let plate: Vec<Index> = scope.iter().filter(|i| letters.contains(&i.letter)).cloned().collect();
        let named = self.hold(over, &density, HeldRole::Density);
        let of = bases(&named).into_iter().next().unwrap_or(Symbol::Bare);
        let baseline = self.hold(over, &density, HeldRole::Baseline { of });
        let beyond = sub(named, baseline);
        match self.by {
            Weighing::Score => {
                let factor = self.hold(&plate, &body, HeldRole::Factor);
                add(vec![body, had(vec![factor, beyond])])
            }
            Weighing::Ratio => had(vec![body, map(Function::Builtin(Elementwise::Exp), 0, beyond)]),
        }
    }

    /// A variable for this value.
    fn hold(&mut self, plate: &[Index], value: &Expr, role: HeldRole) -> Expr {
        let purpose = if value.shape().is_scalar() { Purpose::Scalar } else { Purpose::Array };
        let name = Symbol::made(purpose, vec![], self.held.len() + 1);
        let at = plate.iter().map(Index::place).collect();
        let held = HeldValue { plate: plate.to_vec(), value: value.clone(), role };
        self.held.insert(name.clone(), held);
        variable(Indexed::Member { family: name, at }.symbol(), value.shape())
    }

    /// The derivation with the values of what was held, and of the document as it is written. In the steps nothing is taken
    /// from the log-density: its derivative is what counts.
    fn put_in(&self, mut derivation: Derivation) -> Derivation {
        let own = std::mem::replace(&mut derivation.program, self.program.clone());
        for d in &mut derivation.derivatives {
            let scope: Vec<Index> = d.targets().flat_map(|t| &t.parts).flat_map(|(s, _)| ranges_of(&own, s)).collect();
            d.result = self.result(&own, &d.result, &scope);
            d.inlined = d.inlined.take().map(|e| self.result(&own, &e, &scope));
        }
        for block in &mut derivation.blocks {
            self.put_in_block(&own, block);
        }
        derivation.forward = self.program.definitions.clone();
        if let Some(asked) = self.program.definition(&derivation.of) {
            derivation.asked = asked.clone();
        }
        if !self.held.is_empty() {
            let listed = self.moving.iter().map(Name::to_string).collect::<Vec<_>>().join(", ");
            derivation.notes.push(Note::convention(format!(
                "{listed} moves, and its samples do not: by the score function ∂E[f] = E[f ∂log p + ∂f], the density being normalised as \
                 it is written"
            )));
        }
        derivation
    }

    fn put_in_block(&self, own: &Program, block: &mut Block) {
        let in_steps = |e: &Expr| {
            members(e, &|family, at, shape| {
                let held = self.held.get(family)?;
                let baseline = matches!(held.role, HeldRole::Baseline { .. });
                Some(if baseline { zeros(shape) } else { self.value(&held.at(at)) })
            })
        };
        for (k, step) in block.steps.iter_mut().enumerate() {
            let (before, after) = (in_steps(&step.before), in_steps(&step.after));
            *step = Step { before, after, ..step.clone() };
            if k == 0 {
                step.why =
                    "the distribution moves as well: f ∂log p + ∂f is the derivative of f log p + f, where the f \
                            before log p is held fixed"
                        .into();
            }
        }
        block.result = self.result(own, &block.result, &ranges_of(own, &block.wrt));
        if let Some(last) = block.steps.last_mut() {
            last.after = block.result.clone();
        }
    }

    /// A result with the values. Where that of the expectation stands in it, ℓ - b is 0.
    fn result(&self, own: &Program, e: &Expr, scope: &[Index]) -> Expr {
        let even = members(e, &|family, at, shape| match &self.held.get(family)?.role {
            HeldRole::Baseline { of } => {
                Some(variable(Indexed::Member { family: of.clone(), at: at.to_vec() }.symbol(), shape))
            }
            HeldRole::Factor | HeldRole::Density => None,
        });
        let even = if even == *e { even } else { super::tidied(own, scope, &even) };
        self.value(&even)
    }

    fn value(&self, e: &Expr) -> Expr {
        members(e, &|family, at, _| Some(self.value(&self.held.get(family)?.at(at))))
    }
}

/// What stands for a member of a family at its places, where something else does.
type OtherMember<'a> = dyn Fn(&Symbol, &[Place], &Shape) -> Option<Expr> + 'a;

/// A term with other terms for some of its members.
fn members(e: &Expr, f: &OtherMember) -> Expr {
    e.rewrite(&mut |e| {
        let Some(v) = e.as_variable() else { return e };
        let own = match v.name.as_indexed() {
            Some(Indexed::Member { family, at }) => f(family, at, &v.shape),
            Some(_) | None => None,
        };
        own.unwrap_or_else(|| variable(within(&v.name, f), &v.shape))
    })
}

/// What stands at an index, or is a derivative that is not taken yet, likewise.
fn within(symbol: &Symbol, f: &OtherMember) -> Symbol {
    if let Some(partial) = symbol.as_partial() {
        return Symbol::Partial(Arc::new(Partial { of: within(&partial.of, f), ..partial.clone() }));
    }
    symbol.as_indexed().map_or_else(|| symbol.clone(), |i| i.around(&mut |inner, _| members(inner, f)).symbol())
}

/// Definitions after what they are made of.
fn in_order(definitions: Vec<Definition>) -> Vec<Definition> {
    let names: BTreeSet<Symbol> = definitions.iter().map(|d| d.name.clone()).collect();
    let (mut waiting, mut placed, mut ordered) = (definitions, BTreeSet::new(), vec![]);
    while !waiting.is_empty() {
        let ready = |d: &Definition| bases(&d.value).iter().all(|b| !names.contains(b) || placed.contains(b));
        // what waits for itself stays where it is
        let next = waiting.iter().position(ready).unwrap_or(0);
        let d = waiting.remove(next);
        placed.insert(d.name.clone());
        ordered.push(d);
    }
    ordered
}

impl HeldValue {
    fn at(&self, at: &[Place]) -> Expr {
        let moves: Moves = self.plate.iter().map(|i| i.letter.clone()).zip(at.iter().cloned()).collect();
        moved(&self.value, &moves)
    }
}
