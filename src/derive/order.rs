//! Higher orders: a derivative is a program, so its Jacobian is the derivative of the next order.

use super::cut::cut;
use super::derivation::{Derivation, Derivative, Quantity, named, stacked, tidied, unsupported, written_out};
use super::local::Solver;
use super::options::{Form, Options};
use super::sweep::{Task, jacobians};
use super::target::Target;
use crate::diag::{Error, Kind};
use crate::expr::{Expr, Name, variable};
use crate::program::{Definition, Inliner, Program};
use std::collections::BTreeMap;

/// A derivative of more nodes is not differentiated further.
const MAX_NODES: u64 = 20_000;

/// The derivation of the next order: the Jacobian of vec of every derivative, by the targets that are not before its own
/// last one (the other blocks are transposes of these). Of a scalar's gradient that is the Hessian, in blocks.
///
/// # Errors
/// `Unsupported` names an operator without a rule, `Limit` a derivative too large to go on with.
pub fn raise(d: Derivation, targets: &[Target], options: &Options, solver: &mut Solver) -> Result<Derivation, Error> {
    let lower: Vec<Definition> = d.derivatives.iter().map(|one| as_definition(&d.label, one)).collect();
    if let Some(large) = lower.iter().find(|g| g.value.nodes() > MAX_NODES) {
        let message = format!("{} has {} nodes: too large to differentiate again", large.name, large.value.nodes());
        return Err(Error::new(Kind::Limit, message));
    }
    let definitions: Vec<Definition> = d.forward.iter().chain(&d.deltas).chain(&lower).map(written_out).collect();
    let program = Program { definitions, ..d.program.clone() };
    let roots: Vec<Name> = [d.of.clone()].into_iter().chain(lower.iter().map(|g| g.name.clone())).collect();
    let cut = cut(&program, &roots, &Target::shapes(targets));
    let mut next = Derivation {
        forward: cut.definitions.iter().filter(|f| !lower.iter().any(|g| g.name == f.name)).cloned().collect(),
        deltas: vec![],
        derivatives: vec![],
        introduced: d
            .introduced
            .iter()
            .chain(d.deltas.iter().map(|x| &x.name))
            .chain(&cut.introduced)
            .cloned()
            .collect(),
        ..d.clone()
    };
    let task = Task {
        definitions: &cut.definitions,
        of: &d.of,
        label: &d.label,
        of_shape: &d.of_shape,
        targets: &BTreeMap::new(),
        steps: options.steps,
    };
    for (one, definition) in d.derivatives.iter().zip(&lower) {
        let first = targets.iter().position(|t| *t == one.wrt).unwrap_or(0);
        next.raise_one(one, definition, &targets[first..], &task, options, solver)?;
    }
    if options.check {
        next.verify_raised(&d, &program, &lower)?;
    }
    Ok(next)
}

/// ∂s/∂x as a definition; its name is its symbol.
pub fn as_definition(label: &Name, one: &Derivative) -> Definition {
    let chain = one.outer.iter().chain([&one.wrt]);
    let symbol = chain.fold(label.to_string(), |y, x| symbol(&y, &x.label));
    Definition {
        name: Name::new(&symbol),
        value: one.result.clone(),
        written: None,
        span: crate::diag::Span::default(),
    }
}

fn symbol(y: &str, x: &str) -> String {
    if y.contains('∂') { format!("∂({y})/∂{x}") } else { format!("∂{y}/∂{x}") }
}

impl Derivation {
    /// The Jacobians of one derivative.
    fn raise_one(
        &mut self,
        one: &Derivative,
        definition: &Definition,
        targets: &[Target],
        task: &Task,
        options: &Options,
        solver: &mut Solver,
    ) -> Result<(), Error> {
        let task = Task {
            of: &definition.name,
            label: &definition.name,
            of_shape: definition.value.shape(),
            targets: &Target::shapes(targets),
            ..*task
        };
        let swept = jacobians(&task, solver).map_err(|e| unsupported(&e))?;
        let swept = named(swept, &self.program, &self.introduced);
        let inliner = options.inlined.then(|| Inliner::new(self.forward.iter()));
        for t in targets {
            let result = self.recognised(stacked(t, Form::Jacobian, definition.value.shape(), &swept.totals));
            let inlined = inliner.as_ref().and_then(|i| i.inline(&result)).map(|e| tidied(e, solver));
            let outer = one.outer.iter().chain([&one.wrt]).cloned().collect();
            let shape = result.shape().clone();
            self.derivatives.push(Derivative {
                outer,
                wrt: t.clone(),
                quantity: Quantity::Derivative,
                form: Form::Jacobian,
                shape,
                result,
                inlined,
            });
        }
        self.blocks.extend(swept.blocks);
        Ok(())
    }

    /// Terms that have a name are called by it.
    fn recognised(&self, e: Expr) -> Expr {
        let known = |e: &Expr| self.forward.iter().find(|f| f.value == *e).map(|f| variable(&f.name, e.shape()));
        e.rewrite(&mut |e| if e.args().is_empty() { e } else { known(&e).unwrap_or(e) })
    }

    /// Compares every derivative with automatic differentiation of the one below it, which has been checked before.
    fn verify_raised(&mut self, below: &Derivation, program: &Program, lower: &[Definition]) -> Result<(), Error> {
        let known = |n: &Name| program.definition(n).is_some();
        let extra: Vec<Definition> = self.forward.iter().filter(|f| !known(&f.name)).cloned().collect();
        let mut checks = Vec::from_iter(self.check);
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
