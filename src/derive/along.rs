//! Differentials, and products of derivatives with a direction: what needs no matrix of the derivative.

use super::cut::fresh_names;
use super::local::Solver;
use super::options::{Form, Options, Product};
use super::order::as_definition;
use super::product::{gradient_program, paired, with_direction};
use super::result::{Derivation, Derivative, ResultKind, does_not_depend};
use super::run::Deriver;
use super::tangent::tangents;
use super::target::Target;
use crate::diag::{Error, Kind};
use crate::eval;
use crate::expr::{Expr, Name, Purpose, Shape, Symbol, differential, variable};
use crate::program::Definition;
use std::collections::{BTreeMap, BTreeSet};

/// A differential of more nodes is not written out.
const MAX_NODES: u64 = 5_000;

impl Deriver<'_> {
    /// J v, Jᵀ g or H v.
    pub fn product(self, product: &Product, targets: Vec<Target>) -> Result<Derivation, Error> {
        let named = self.named();
        match product {
            Product::Vjp(g) => named.cotangent(g, product, targets),
            Product::Jvp(v) => {
                let (target, shape) = single(&targets)?;
                let (program, direction) = with_direction(&named.program, v, &shape)?;
                Deriver { program, ..named }.tangent(&target, direction, product, targets)
            }
            Product::Hvp(v) => named.curvature(v, product, targets),
        }
    }

    /// A bare expression is paired with a direction under the letter that steps know it by.
    fn named(mut self) -> Self {
        let label = self.label();
        if let Some(d) = self.program.definitions.iter_mut().find(|d| d.name == self.of) {
            d.name = label.clone();
            self.of = label;
        }
        self
    }

    /// Jᵀ g is the gradient of ⟨g, y⟩.
    fn cotangent(self, g: &str, product: &Product, targets: Vec<Target>) -> Result<Derivation, Error> {
        still(g, &targets)?;
        let (program, direction) = with_direction(&self.program, g, &self.shape)?;
        let asked = self.asked();
        let (program, q) = paired(program, &self.of, direction);
        let deriver = Deriver {
            program,
            of: q,
            shape: Shape::scalar(),
            options: self.options,
            again: false,
            charts: self.charts,
        };
        let d = deriver.run(&[Form::Shape], targets)?;
        Ok(as_product(d, product, asked))
    }

    /// H v is the gradient of ⟨∂s/∂x, v⟩.
    fn curvature(self, v: &str, product: &Product, targets: Vec<Target>) -> Result<Derivation, Error> {
        let (_, shape) = single(&targets)?;
        if !self.shape.is_scalar() {
            return Err(Error::new(Kind::Usage, "--hvp is for scalars: only they have a Hessian"));
        }
        still(v, &targets)?;
        let (options, charts, asked) = (self.options, self.charts.clone(), self.asked());
        // the direction's name is taken from the start
        let (program, _) = with_direction(&self.program, v, &shape)?;
        let first = Deriver { program, again: true, ..self }.run(&[Form::Shape], targets.clone())?;
        let label = first.label.clone();
        let gradient = as_definition(&label, &first.derivatives[0]);
        let name = gradient.name.clone();
        let (program, direction) = with_direction(&gradient_program(&first, gradient), v, &shape)?;
        let (program, q) = paired(program, &name, direction);
        let deriver = Deriver { program, of: q, shape: Shape::scalar(), options, again: false, charts };
        let second = deriver.run(&[Form::Shape], targets)?;
        let blocks = [first.blocks, second.blocks.clone()].concat();
        let mut notes = first.notes;
        notes.extend(second.notes.iter().filter(|n| !notes.contains(n)).cloned().collect::<Vec<_>>());
        Ok(as_product(Derivation { blocks, notes, ..second }, product, asked))
    }

    /// J v: every definition hands its change on.
    fn tangent(
        self,
        target: &Symbol,
        direction: Expr,
        product: &Product,
        targets: Vec<Target>,
    ) -> Result<Derivation, Error> {
        let (mut d, mut solvers) = self.begin(&targets);
        let names = tangent_names(&d, product.direction());
        let name = |z: &Symbol| names[z].clone();
        let moved = BTreeMap::from([(target.clone(), direction.clone())]);
        let swept = tangents(&d.forward, &self.of, &moved, Some(&name), &mut solvers.deriving)?;
        d.deltas = solvers.told_definitions(swept.named);
        let change = solvers.told_term(swept.of);
        d.push_change(change, &targets[0], Form::Jacobian, self.options);
        let d = as_product(d, product, self.asked());
        self.checked(d, Some(&direction))
    }

    /// dY = … d(X) …, for each target alone.
    pub fn differentials(self, targets: Vec<Target>) -> Result<Derivation, Error> {
        let (mut d, mut solvers) = self.begin(&targets);
        for target in &targets {
            let moved = target.parts.iter().map(|(n, s)| (n.clone(), differential(variable(n, s)))).collect();
            let swept = tangents(&d.forward, &self.of, &moved, None, &mut solvers.deriving)?;
            if swept.of.nodes() > MAX_NODES {
                let message = format!("the differential has {} nodes: too long to write out", swept.of.nodes());
                return Err(Error::new(Kind::Limit, message).help("--jvp and --form jacobian name what is shared"));
            }
            let change = solvers.told_term(swept.of);
            d.push_change(change, target, Form::Differential, self.options);
        }
        self.checked(d, None)
    }

    fn checked(&self, mut d: Derivation, direction: Option<&Expr>) -> Result<Derivation, Error> {
        if !self.options.check {
            return Ok(d);
        }
        let extra = d.extra_definitions();
        let mut checks = Vec::new();
        for one in &d.derivatives {
            let moving: Vec<&Symbol> = one.wrt.parts.iter().map(|(n, _)| n).collect();
            for form in [Some(&one.result), one.inlined.as_ref()].into_iter().flatten() {
                checks.push(eval::check_change(&self.program, &self.of, &extra, &moving, direction, form)?);
            }
        }
        d.check = super::verify::weakest(checks);
        Ok(d)
    }
}

impl Derivation {
    fn push_change(&mut self, result: Expr, target: &Target, form: Form, options: &Options) {
        let result = if result.shape() == &self.of_shape { result } else { crate::expr::zeros(&self.of_shape) };
        let (wrt, shape) = (target.clone(), result.shape().clone());
        let quantity = ResultKind::Derivative;
        self.derivatives.push(Derivative { outer: vec![], wrt, quantity, form, shape, result, inlined: None });
        if options.inlined {
            self.write_out(&Solver::new(BTreeMap::new(), false));
        }
    }
}

/// A derivative of the pairing of `asked` with a direction, or of its gradient, as the product it is.
fn as_product(mut d: Derivation, product: &Product, asked: Definition) -> Derivation {
    let what = match product {
        Product::Hvp(_) => format!("the gradient of {}", asked.name),
        Product::Jvp(_) | Product::Vjp(_) => asked.name.to_string(),
    };
    for one in &mut d.derivatives {
        one.quantity = ResultKind::Product { product: product.clone(), of: asked.name.clone() };
        let pairing = does_not_depend(d.label.word(), &one.wrt.label);
        let told = d.notes.iter_mut().find(|n| **n == pairing);
        told.into_iter().for_each(|note| *note = does_not_depend(&what, &one.wrt.label));
    }
    Derivation { asked, ..d }
}

fn single(targets: &[Target]) -> Result<(Symbol, Shape), Error> {
    match targets {
        [Target { parts, .. }] if parts.len() == 1 => Ok(parts[0].clone()),
        _ => Err(Error::new(Kind::Usage, "a direction belongs to one target").help("name it: --wrt x")),
    }
}

/// A direction that is differentiated by would move with the target: no product with a derivative.
fn still(direction: &str, targets: &[Target]) -> Result<(), Error> {
    match Target::shapes(targets).contains_key(&Symbol::from(direction)) {
        true => Err(Error::new(Kind::Usage, format!("the direction `{direction}` is what is differentiated by"))
            .help("give the direction a name of its own: it takes the shape that fits")),
        false => Ok(()),
    }
}

/// `v_z` for the change of z along v, or t_1, t_2, … where such a name is taken.
fn tangent_names(d: &Derivation, direction: &str) -> BTreeMap<Symbol, Symbol> {
    let taken = d.taken();
    let base = direction.split('_').next().unwrap_or("v");
    let own = |f: &Definition| Name::new(&format!("{base}_{}", f.name.word().replace('_', "")));
    let names: BTreeSet<Name> = d.forward.iter().map(own).collect();
    let names = match names.len() == d.forward.len() && names.is_disjoint(&taken) {
        true => d.forward.iter().map(own).collect(),
        false => fresh_names(Purpose::Change.letter(), d.forward.len().max(2), &taken),
    };
    let change = |of: &Symbol| Symbol::made(Purpose::Change, vec![of.clone()], 0);
    d.forward.iter().zip(names).map(|(f, name)| (f.name.clone(), change(&f.name).written(name))).collect()
}
