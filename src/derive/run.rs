//! The road of a derivation: cut, sweep, name, tidy, check; and once more for every further order.

use super::ask::one_layout;
use super::charts::Chart;
use super::cut::{cut, fresh_names, written_out};
use super::facts::{Declared, Solvers, convention, loosened};
use super::idiom::Idiom;
use super::jacobians::{Chains, Root, jacobians};
use super::local::Solver;
use super::naming::named;
use super::options::{Form, Options};
use super::order::raise;
use super::pass::Swept;
use super::pullback::{Task, pullbacks};
use super::result::Derivation;
use super::target::Target;
use super::together::join;
use super::whole::Retelling;
use crate::diag::{Error, Span};
use crate::expr::{Purpose, Shape, Symbol};
use crate::fuel;
use crate::program::{Definition, Program};
use std::collections::BTreeSet;

/// A program, what of it is differentiated, and what is asked.
pub(super) struct Deriver<'a> {
    pub program: Program,
    pub of: Symbol,
    pub shape: Shape,
    pub options: &'a Options,
    /// Whether what is found will be derived again by the same targets.
    pub again: bool,
    /// What structured targets hang on.
    pub charts: Vec<Chart>,
}

impl Deriver<'_> {
    /// The forward pass, cut into small definitions; nothing is derived yet.
    pub fn start(&self, targets: &[Target]) -> Derivation {
        let prepared =
            Program { definitions: self.program.definitions.iter().map(written_out).collect(), ..self.program.clone() };
        let cut = cut(&prepared, std::slice::from_ref(&self.of), &Target::shapes(targets));
        let remarks = super::remarks::remarks(&cut.definitions);
        Derivation {
            of: self.of.clone(),
            label: self.label(),
            of_shape: self.shape.clone(),
            asked: self.asked(),
            forward: cut.definitions,
            introduced: cut.introduced,
            deltas: vec![],
            derivatives: vec![],
            blocks: vec![],
            check: None,
            notes: [self.program.notes.clone(), remarks].concat(),
            sharing: self.options.sharing,
            problems: 0,
            charts: self.charts.clone(),
            program: self.program.clone(),
        }
    }

    /// The forward pass and the solvers for it, with a note on every target that has a structure.
    pub fn begin(&self, targets: &[Target]) -> (Derivation, Solvers) {
        let mut derivation = self.start(targets);
        derivation.notes.extend(self.charts.iter().map(Chart::convention));
        derivation.notes.extend(one_layout(self.options));
        let declared = Declared { program: &self.program, charts: &self.charts };
        let solvers = declared.solvers(&derivation.forward, targets, self.options.steps);
        let names = targets.iter().flat_map(|t| &t.parts).map(|(x, _)| x);
        for note in names
            .filter(|x| !self.charts.iter().any(|c| c.coordinates == **x))
            .filter_map(|x| Some(convention(x, &solvers.structured.get(x)?.1)))
        {
            if !derivation.notes.contains(&note) {
                derivation.notes.push(note);
            }
        }
        (derivation, solvers)
    }

    pub fn run(self, forms: &[Form], targets: Vec<Target>) -> Result<Derivation, Error> {
        let (mut derivation, mut solvers) = self.begin(&targets);
        let definitions = derivation.forward.clone();
        let label = derivation.label.clone();
        let task = Task {
            definitions: &definitions,
            of: &self.of,
            label: &label,
            targets: &Target::shapes(&targets),
            steps: self.options.steps,
            again: self.options.order > 1,
        };
        let again = self.again || self.options.order > 1;
        for form in forms {
            let swept = match form {
                Form::Shape | Form::Both | Form::Differential => pullbacks(&task, &mut solvers.deriving),
                Form::Jacobian => self.jacobians(&definitions, &label, &targets, &mut solvers.deriving),
            };
            let swept = named(swept?, derivation.taken());
            let names = (*form == Form::Shape).then(|| Retelling::new(&self.of, &definitions));
            let idiom = Idiom::of(&definitions);
            let swept = if again { swept } else { solvers.told(swept, (names, &idiom), (&self.of, &label), *form) };
            derivation.add(*form, &targets, swept);
        }
        if self.options.steps {
            let mut reshaped = vec![];
            let solver = solvers.of(again);
            fuel::aside(|| reshaped = super::reshape::blocks(&derivation, solver, self.options.check));
            derivation.blocks.extend(reshaped);
        }
        derivation.warn_of_zeros();
        if self.options.inlined && !again {
            derivation.write_out(solvers.of_results());
        }
        if self.options.check {
            let place = if again { loosened(&self.program, &solvers.structured) } else { self.program.clone() };
            derivation.verify(&place)?;
        }
        for _ in 1..self.options.order {
            derivation = raise(derivation, &targets, self.options, &mut solvers)?;
        }
        derivation.blocks.iter_mut().for_each(join);
        let of_notation = derivation.derivatives.iter().find_map(|d| super::remarks::of_result(&d.result));
        derivation.notes.extend(of_notation);
        derivation.problems = solvers.deriving.problems();
        Ok(derivation)
    }

    fn jacobians(
        &self,
        definitions: &[Definition],
        label: &Symbol,
        targets: &[Target],
        solver: &mut Solver,
    ) -> Result<Swept, Error> {
        let (derived, label, steps) = (&BTreeSet::new(), (&self.of, label), self.options.steps);
        let root = Root { of: &self.of, targets: Target::shapes(targets) };
        jacobians(&Chains { definitions, derived, label, steps }, &[root], solver)
    }

    pub fn asked(&self) -> Definition {
        let own = self.program.definition(&self.of).cloned();
        let variable = || crate::expr::variable(&self.of, &self.shape);
        own.unwrap_or_else(|| Definition {
            name: self.of.clone(),
            value: variable(),
            written: None,
            span: Span::default(),
        })
    }

    /// How steps speak of the value: its name, or a fresh letter for a bare expression.
    pub fn label(&self) -> Symbol {
        if self.of != Symbol::Bare {
            return self.of.clone();
        }
        let purpose = if self.shape.is_scalar() { Purpose::Scalar } else { Purpose::Array };
        let name = fresh_names(purpose.letter(), 1, &self.program.names()).remove(0);
        Symbol::made(purpose, vec![], 0).written(name)
    }
}
