//! Higher orders: a derivative is a program, so its Jacobian is the derivative of the next order.

use super::assemble::stacked;
use super::cut::{cut, written_out};
use super::facts::{Solvers, loosened};
use super::idiom::Idiom;
use super::jacobians::{Chains, Root, jacobians};
use super::naming::named;
use super::options::{Form, Options};
use super::result::{Derivation, Derivative, ResultKind};
use super::target::Target;
use super::whole::Retelling;
use crate::diag::{Error, Kind};
use crate::expr::{Partial, Symbol};
use crate::program::{Definition, Program};
use std::collections::BTreeSet;
use std::sync::Arc;

/// A derivative of more nodes is not differentiated further.
const MAX_NODES: u64 = 20_000;
/// More blocks are more than anybody reads.
const MAX_BLOCKS: usize = 5_000;

/// The derivation of the next order: the Jacobian of vec of every derivative, by the targets that are not before its own
/// last one (the other blocks are transposes of these). Of a scalar's gradient that is the Hessian, in blocks.
///
/// # Errors
/// `Unsupported` names an operator without a rule, `Limit` a derivative too large to go on with.
pub fn raise(d: Derivation, targets: &[Target], options: &Options, solvers: &mut Solvers) -> Result<Derivation, Error> {
    let blocks: usize = d.derivatives.iter().map(|one| from_its_own(one, targets).len()).sum();
    if blocks > MAX_BLOCKS {
        let message = format!("the next order has {blocks} blocks, more than the limit of {MAX_BLOCKS}");
        return Err(Error::new(Kind::Limit, message).help("name the targets you want with --wrt"));
    }
    let lower: Vec<Definition> = d.derivatives.iter().map(|one| as_definition(&d.label, one)).collect();
    lower.iter().try_for_each(of_size)?;
    let shown: BTreeSet<&Symbol> = d.forward.iter().map(|f| &f.name).collect();
    // what nobody needs keeps its name from others
    let unneeded = d.program.definitions.iter().filter(|own| !shown.contains(&own.name));
    let definitions: Vec<Definition> =
        d.forward.iter().chain(&d.deltas).chain(&lower).chain(unneeded).map(written_out).collect();
    let program = Program { definitions, ..d.program.clone() };
    let roots: Vec<Symbol> = [d.of.clone()].into_iter().chain(lower.iter().map(|g| g.name.clone())).collect();
    let cut = cut(&program, &roots, &Target::shapes(targets));
    let derived = derived(&cut.definitions, d.deltas.iter().chain(&lower).map(|x| &x.name));
    let asked = roots_of(&d, &lower, targets);
    let chains =
        Chains { definitions: &cut.definitions, derived: &derived, label: (&d.of, &d.label), steps: options.steps };
    let swept = jacobians(&chains, &asked, &mut solvers.deriving)?;
    let (own, forward): (Vec<_>, Vec<_>) = cut.definitions.iter().cloned().partition(|f| derived.contains(&f.name));
    let mut next = Derivation {
        forward,
        deltas: own.into_iter().filter(|f| !lower.iter().any(|g| g.name == f.name)).collect(),
        derivatives: vec![],
        introduced: d.introduced.union(&cut.introduced).cloned().collect(),
        ..d.clone()
    };
    let swept = named(swept, next.taken());
    let again = d.derivatives.iter().any(|one| one.order() + 1 < options.order as usize);
    let swept = if again {
        swept
    } else {
        // on a chart what is named is written out by coordinates again
        let names = d.charts.is_empty().then(|| Retelling::new(&d.of, &d.forward));
        solvers.told(swept, (names, &Idiom::of(&d.forward)), (&d.of, &d.label), Form::Jacobian)
    };
    if !again {
        next.deltas = solvers.told_definitions(next.deltas);
    }
    next.deltas.extend(swept.deltas);
    next.blocks.extend(swept.blocks);
    for (one, definition) in d.derivatives.iter().zip(&lower) {
        for t in from_its_own(one, targets) {
            let of = (&definition.name, definition.value.shape());
            let result = stacked(t, Form::Jacobian, of, &swept.totals);
            next.derivatives.push(Derivative {
                outer: one.outer.iter().chain([&one.wrt]).cloned().collect(),
                wrt: t.clone(),
                quantity: ResultKind::Derivative,
                form: Form::Jacobian,
                shape: result.shape().clone(),
                result,
                inlined: None,
            });
        }
    }
    if options.inlined && !again {
        next.write_out(solvers.of_results());
    }
    if options.check {
        let place = if again { loosened(&program, &solvers.structured) } else { program };
        next.verify_raised(&d, &place, &lower)?;
    }
    Ok(next)
}

/// Not too large to differentiate again.
pub fn of_size(derivative: &Definition) -> Result<(), Error> {
    let (name, nodes) = (&derivative.name, derivative.value.nodes());
    if nodes > MAX_NODES {
        return Err(Error::new(Kind::Limit, format!("{name} has {nodes} nodes: too large to differentiate again")));
    }
    Ok(())
}

/// ∂s/∂x as a definition; its name is its symbol.
pub fn as_definition(label: &Symbol, one: &Derivative) -> Definition {
    let by = |x: &Target| x.parts.iter().map(|(part, _)| part.clone()).collect();
    let partial = |of, x: &Target| Symbol::Partial(Arc::new(Partial { of, by: by(x), direct: false }));
    let symbol = one.targets().fold(label.clone(), partial);
    Definition { name: symbol, value: one.result.clone(), written: None, span: crate::diag::Span::default() }
}

/// Each derivative by the targets from its own last one on.
fn roots_of<'a>(d: &Derivation, lower: &'a [Definition], targets: &[Target]) -> Vec<Root<'a>> {
    let pairs = d.derivatives.iter().zip(lower);
    pairs.map(|(one, of)| Root { of: &of.name, targets: Target::shapes(from_its_own(one, targets)) }).collect()
}

fn from_its_own<'a>(one: &Derivative, targets: &'a [Target]) -> &'a [Target] {
    &targets[targets.iter().position(|t| *t == one.wrt).unwrap_or(0)..]
}

/// The definitions that are derivatives, or made of derivatives.
fn derived<'a>(definitions: &[Definition], derivatives: impl Iterator<Item = &'a Symbol>) -> BTreeSet<Symbol> {
    super::pass::active(definitions, derivatives.cloned())
}

impl Derivation {
    /// Compares every derivative with automatic differentiation of the one below it, which has been checked before, beside
    /// the structure of the targets too.
    fn verify_raised(&mut self, below: &Derivation, program: &Program, lower: &[Definition]) -> Result<(), Error> {
        let known: BTreeSet<&Symbol> = program.definitions.iter().map(|p| &p.name).collect();
        let all = self.forward.iter().chain(&self.deltas);
        let extra: Vec<Definition> = all.filter(|f| !known.contains(&f.name)).cloned().collect();
        let mut checks = Vec::from_iter(self.check.take());
        for (one, definition) in below.derivatives.iter().zip(lower) {
            let own = |x: &&Derivative| x.outer.split_last() == Some((&one.wrt, one.outer.as_slice()));
            let raised: Vec<&Derivative> = self.derivatives.iter().filter(own).collect();
            checks.extend(self.check_both(program, &definition.name, &raised, &extra)?);
        }
        self.check = super::verify::weakest(checks);
        if self.blocks.len() > below.blocks.len() {
            self.check_steps(program, &extra)?;
        }
        Ok(())
    }
}
