//! What is found: derivatives and all that belongs to them, and what may be asked of it.

use super::charts::Chart;
use super::options::{Form, Product, Sharing};
use super::steps::{Block, Step};
use super::target::Target;
use crate::diag::{Error, Kind, Note};
use crate::eval;
use crate::expr::{Expr, Name, Shape, Symbol};
use crate::program::{Definition, Program};
use crate::rules::INDICES;
use crate::shape::{Environment, elaborate_expression};
use crate::syntax::parse_expression;
use rustc_hash::FxHashSet;
use std::collections::{BTreeMap, BTreeSet};

/// What indices of entries are called, the first that are free: letters that every notation has as subscripts.
const FREE_INDICES: &str = "ijklprstuv";

/// A whole derivation: the forward pass, the shared error signals, the derivatives, the steps, and the check.
#[derive(Clone, Debug)]
pub struct Derivation {
    /// The document as elaborated.
    pub program: Program,
    /// What was differentiated: its name in the program, and as it is shown (`s` for a bare expression).
    pub of: Symbol,
    /// The name it is shown by.
    pub label: Symbol,
    /// Its shape.
    pub of_shape: Shape,
    /// What was asked about, as the document defines it. It is what was differentiated, but for products with a direction:
    /// these are derivatives of a pairing that gradus makes up.
    pub asked: Definition,
    /// The forward pass: the document's definitions and the intermediates gradus named, in order.
    pub forward: Vec<Definition>,
    /// The names among `forward` that gradus introduced.
    pub introduced: BTreeSet<Symbol>,
    /// The named error signals, in order of use.
    pub deltas: Vec<Definition>,
    /// In the order of the targets, form by form.
    pub derivatives: Vec<Derivative>,
    /// The steps, when they were asked for.
    pub blocks: Vec<Block>,
    /// `None` when the check was switched off.
    pub check: Option<eval::Check>,
    /// What the reader should know.
    pub notes: Vec<Note>,
    /// Whether results are to be shown with named intermediates.
    pub sharing: Sharing,
    /// How many local problems were solved: those equal up to renaming count once.
    pub problems: usize,
    /// While it is derived on the structure of its targets, how they hang on their coordinates.
    pub charts: Vec<Chart>,
}

/// What a result is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ResultKind {
    /// A derivative.
    Derivative,
    /// The product of a derivative of `of` with a direction.
    Product {
        /// Which product; its direction is a variable of the program.
        product: Product,
        /// What is differentiated.
        of: Symbol,
    },
}

/// One derivative in one form.
#[derive(Clone, Debug)]
pub struct Derivative {
    /// What was differentiated by before, the first time first; empty for order 1.
    pub outer: Vec<Target>,
    /// What it is by.
    pub wrt: Target,
    /// The derivative itself, or a product with it.
    pub quantity: ResultKind,
    /// `Shape`, `Jacobian` or `Differential`.
    pub form: Form,
    /// Its own shape: of order 2, as many rows as the gradient has entries, as many columns as the last target.
    pub shape: Shape,
    /// In terms of variables, intermediates and δ's.
    pub result: Expr,
    /// In terms of the document's variables alone; `None` above 10,000 nodes.
    pub inlined: Option<Expr>,
}

impl Derivative {
    /// How often the value was differentiated.
    pub fn order(&self) -> usize {
        self.outer.len() + 1
    }

    /// Whether it is a change of the value, along all of the target: its shape is that of the value.
    pub(super) fn is_change(&self) -> bool {
        let jvp = matches!(&self.quantity, ResultKind::Product { product: Product::Jvp(_), .. });
        jvp || self.form == Form::Differential
    }

    /// Every target, the first differentiation first.
    pub fn targets(&self) -> impl Iterator<Item = &Target> {
        self.outer.iter().chain([&self.wrt])
    }
}

impl Derivation {
    /// Names that are not free.
    pub(super) fn taken(&self) -> BTreeSet<Name> {
        let mut taken = self.program.names();
        taken.extend(self.forward.iter().chain(&self.deltas).filter_map(|d| d.name.name()).cloned());
        taken.extend(self.label.name().cloned());
        taken
    }

    /// Reasons that speak of entries call their indices by letters that mean nothing else on the page.
    pub(super) fn in_free_indices(mut self) -> Derivation {
        let taken = if self.blocks.is_empty() { return self } else { self.taken() };
        let letters = FREE_INDICES.chars().map(|c| Name::new(&c.to_string())).filter(|l| !taken.contains(l));
        let new: BTreeMap<Name, Name> = INDICES.chars().map(|c| Name::new(&c.to_string())).zip(letters).collect();
        let letter = |old: &Name| new.get(old).unwrap_or(old).clone();
        let steps = self.blocks.iter_mut().flat_map(|b| &mut b.steps);
        steps.for_each(|step| step.why = step.why.with_indices(&letter));
        self
    }

    pub(super) fn warn_of_zeros(&mut self) {
        let label = match self.label.as_indexed() {
            Some(member) => member.to_string(),
            None => self.label.word().to_owned(),
        };
        for d in &self.derivatives {
            if d.order() == 1 && crate::expr::is_zero(&d.result) {
                let note = does_not_depend(&label, &d.wrt.label);
                if !self.notes.contains(&note) {
                    self.notes.push(note);
                }
            }
        }
    }

    /// Definitions that results may refer to beyond the document's own.
    pub fn extra_definitions(&self) -> Vec<Definition> {
        let own = self.forward.iter().filter(|d| self.introduced.contains(&d.name));
        own.chain(&self.deltas).cloned().collect()
    }

    /// The definitions a result refers to, directly or through others, in order.
    pub fn shared_by(&self, result: &Expr) -> Vec<&Definition> {
        let wanted = self.closure(result.variables().into_iter().collect());
        self.forward.iter().chain(&self.deltas).filter(|d| wanted.contains(&d.name)).collect()
    }

    /// The definitions to print beside the results: all they refer to, and, where any intermediate is named, the chain
    /// up to what is differentiated.
    pub fn shown(&self) -> Vec<&Definition> {
        let mut wanted = self.closure(self.derivatives.iter().flat_map(|d| d.result.variables()).collect());
        if !wanted.is_empty() {
            wanted.extend(self.closure(FxHashSet::from_iter([self.of.clone()])));
        }
        self.forward.iter().chain(&self.deltas).filter(|d| wanted.contains(&d.name)).collect()
    }

    /// The defined names among these, and those their definitions refer to.
    fn closure(&self, mut names: FxHashSet<Symbol>) -> FxHashSet<Symbol> {
        let defined: FxHashSet<&Symbol> = self.forward.iter().chain(&self.deltas).map(|d| &d.name).collect();
        names.retain(|n| defined.contains(n));
        for d in self.deltas.iter().rev().chain(self.forward.iter().rev()) {
            if names.contains(&d.name) {
                names.extend(d.value.variables().into_iter().filter(|n| defined.contains(n)));
            }
        }
        names
    }

    /// The steps that lead to a derivative, in order.
    pub fn steps_of(&self, one: &Derivative) -> impl Iterator<Item = (&Block, &Step)> {
        let mut reached: BTreeSet<Symbol> = one.wrt.parts.iter().map(|(n, _)| n.clone()).collect();
        for d in &self.forward {
            if d.value.has_variable(|v| reached.contains(v)) {
                reached.insert(d.name.clone());
            }
        }
        let jacobian = one.form == Form::Jacobian;
        let blocks = self.blocks.iter().filter(move |b| b.jacobian == jacobian && reached.contains(&b.wrt));
        blocks.flat_map(|b| b.steps.iter().map(move |s| (b, s)))
    }

    /// Reads printed text in the scope of this derivation.
    ///
    /// # Errors
    /// `Internal` when it does not read, or has another shape: what gradus prints it must be able to read.
    pub fn read_back(&self, text: &str, shape: &Shape) -> Result<Expr, Error> {
        let environment = self.environment();
        let read = parse_expression(text, &environment.scope(false))
            .and_then(|ast| elaborate_expression(&ast, &environment, Some(shape)));
        match read {
            Ok(e) if e.shape() == shape => Ok(e),
            Ok(e) => {
                Err(Error::new(Kind::Internal, format!("`{text}` reads back with shape {}, not {shape}", e.shape())))
            }
            Err(e) => Err(Error::new(Kind::Internal, format!("`{text}` does not read back: {}", e.message))),
        }
    }

    fn environment(&self) -> Environment {
        let mut environment = Environment::from(&self.program);
        self.extra_definitions().iter().for_each(|d| environment.add(&d.name, d.value.shape()));
        environment
    }
}

/// The warning of a derivative that is zero.
pub(super) fn does_not_depend(what: &str, on: &str) -> Note {
    Note::warning(format!("{what} does not depend on {on}: the derivative is zero"))
}
