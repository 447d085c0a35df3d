//! `derive`: a document and options in, checked derivatives out.

use super::charts::{Chart, Charted, charted};
use super::cut::{cut, fresh_names, needed};
use super::facts::loosened;
use super::indexed::derive_indexed;
use super::jacobians::{Chains, Root, jacobians};
use super::local::{Solver, TIDY_NODES};
use super::naming::named;
use super::options::{Form, Options, Sharing};
use super::order::raise;
use super::product::Product;
use super::steps::{Block, Step};
use super::sweep::{Swept, Task, pullbacks};
use super::target::Target;
use crate::diag::{Error, Errors, Kind, Note, Span};
use crate::eval;
use crate::expr::{Expr, Name, Op, Purpose, Shape, Symbol, build, matrix_power, mul, zeros};
use crate::fuel;
use crate::program::{Definition, Inliner, Input, Program};
use crate::shape::{Environment, elaborate, elaborate_expression};
use crate::syntax::{parse_document, parse_expression};
use std::collections::{BTreeMap, BTreeSet};

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

/// Derives a document.
///
/// # Errors
/// Everything wrong with the document at once; `Unsupported` names an operator without a rule; `Internal` when a result
/// and its numeric check disagree.
pub fn derive(text: &str, options: &Options) -> Result<Derivation, Errors> {
    fuel::watched(&options.watch, || {
        let document = parse_document(text)?;
        derive_program(elaborate(&document)?, &options.clone().asked_by(document.request.as_ref())).map_err(|e| vec![e])
    })
}

/// Derives an elaborated document. See `derive`.
pub fn derive_program(program: Program, options: &Options) -> Result<Derivation, Error> {
    if program.is_indexed() {
        return derive_indexed(program, options);
    }
    let of = subject(&program, options)?;
    let shape =
        program.shape(&of).cloned().ok_or_else(|| Error::new(Kind::Internal, format!("`{of}` has no shape")))?;
    check_order(options)?;
    let forms = if options.order == 1 { forms(options, &shape, &of)? } else { lowest_forms(&shape) };
    let targets = targets(&program, &of, options)?;
    if !options.structured {
        let deriver = Deriver { program, of, shape, options, again: false, charts: vec![] };
        return deriver.derivation(&forms, targets);
    }
    let Charted { program: own, targets, charts } = charted(&program, &shape, &targets, options)?;
    let deriver = Deriver { program: own, of, shape, options, again: false, charts };
    Ok(deriver.derivation(&forms, targets)?.in_document(program))
}

pub(crate) fn subject(program: &Program, options: &Options) -> Result<Symbol, Error> {
    match &options.of {
        Some(name) => {
            let target = Target::parse(name, program)?;
            let found = target
                .parts
                .first()
                .map(|(n, _)| n.clone())
                .filter(|n| target.parts.len() == 1 && program.definition(n).is_some());
            found.ok_or_else(|| {
                Error::new(Kind::Usage, format!("--of {name}: `{name}` is not a definition of the document"))
            })
        }
        None => program.main.clone().ok_or_else(|| {
            Error::new(Kind::Syntax, "nothing to derive: the document has no expression")
                .help("write one, e.g. s = x^T A x")
        }),
    }
}

/// Beyond this order even the statement of the result would be out of reach.
const MAX_ORDER: u32 = 8;

pub(crate) fn check_order(options: &Options) -> Result<(), Error> {
    match options.order {
        0 => Err(Error::new(Kind::Usage, "--order 0: the order of a derivative is 1 or more").help("write --order 1")),
        k if k > MAX_ORDER => Err(Error::new(Kind::Limit, format!("--order {k} is beyond the limit of {MAX_ORDER}"))),
        _ => Ok(()),
    }
}

pub(crate) fn forms(options: &Options, shape: &Shape, of: &Symbol) -> Result<Vec<Form>, Error> {
    match (options.form, shape.is_scalar()) {
        (None | Some(Form::Shape), true) => Ok(vec![Form::Shape]),
        (Some(Form::Differential), _) => Ok(vec![Form::Differential]),
        (None | Some(Form::Jacobian), false) | (Some(Form::Jacobian), true) => Ok(vec![Form::Jacobian]),
        (Some(Form::Both), true) => Ok(vec![Form::Jacobian, Form::Shape]),
        (Some(Form::Shape | Form::Both), false) => Err(Error::new(
            Kind::Usage,
            format!("`{of}` is not a scalar (it has shape {shape}): the shape convention is for scalars only"),
        )
        .help("use --form jacobian")),
    }
}

/// What higher orders start from.
pub(super) fn lowest_forms(shape: &Shape) -> Vec<Form> {
    vec![if shape.is_scalar() { Form::Shape } else { Form::Jacobian }]
}

pub(crate) fn targets(program: &Program, of: &Symbol, options: &Options) -> Result<Vec<Target>, Error> {
    if !options.wrt.is_empty() {
        return options.wrt.iter().map(|t| Target::parse(t, program)).collect();
    }
    let needed = needed(program, std::slice::from_ref(of));
    let used: BTreeSet<Symbol> =
        program.definitions.iter().filter(|d| needed.contains(&d.name)).flat_map(|d| d.value.variables()).collect();
    let free = || program.inputs.iter().filter(|i| !i.is_constant());
    let target = |i: &Input| Target::of(&i.name, &i.shape);
    let targets: Vec<Target> = free().filter(|i| used.contains(&i.name)).map(target).collect();
    // in `x - x` nothing is left of x: its derivative is zero
    let targets = if targets.is_empty() { free().map(target).collect() } else { targets };
    if targets.is_empty() {
        return Err(Error::new(
            Kind::Usage,
            "there is nothing to differentiate with respect to: the expression has no variable that is not constant",
        ));
    }
    Ok(targets)
}

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
    /// What is asked.
    fn derivation(self, forms: &[Form], targets: Vec<Target>) -> Result<Derivation, Error> {
        let options = self.options;
        match (&options.product, forms) {
            (Some(product), _) => self.product(product, targets),
            (None, [Form::Differential]) => self.differentials(targets),
            (None, _) => self.run(forms, targets),
        }
    }

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
            let swept = if again { swept } else { solvers.told(swept, (&self.of, &label), *form) };
            derivation.add(*form, &targets, swept);
        }
        if self.options.steps {
            let reshaped = super::reshape::blocks(&derivation, solvers.of(again));
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

/// Whole powers as products, for the rules of the product.
pub(super) fn written_out(d: &Definition) -> Definition {
    let value = d.value.rewrite(&mut |e| match e.op() {
        Op::MatrixPower(k) if k.unsigned_abs() <= MAX_POWER => {
            let base = if *k < 0 { matrix_power(e.args()[0].clone(), -1) } else { e.args()[0].clone() };
            mul(vec![base; k.unsigned_abs() as usize])
        }
        _ => e,
    });
    with_value(d, value)
}

/// The definition with another value, which the author may not have written so.
pub(super) fn with_value(d: &Definition, value: Expr) -> Definition {
    let written = d.written.as_ref().filter(|_| value == d.value).cloned();
    Definition { name: d.name.clone(), value, written, span: d.span }
}

/// Matrix powers up to this are written out as products.
const MAX_POWER: u64 = 1000;

impl Derivative {
    /// How often the value was differentiated.
    pub fn order(&self) -> usize {
        self.outer.len() + 1
    }

    /// Every target, the first differentiation first.
    pub fn targets(&self) -> impl Iterator<Item = &Target> {
        self.outer.iter().chain([&self.wrt])
    }
}

impl Derivation {
    fn add(&mut self, form: Form, targets: &[Target], swept: Swept) {
        let Swept { totals, deltas, blocks } = swept;
        for t in targets {
            let result = stacked(t, form, (&self.of, &self.of_shape), &totals);
            self.derivatives.push(Derivative {
                outer: vec![],
                wrt: t.clone(),
                quantity: ResultKind::Derivative,
                form,
                shape: result.shape().clone(),
                result,
                inlined: None,
            });
        }
        self.deltas.extend(deltas);
        self.blocks.extend(blocks);
    }

    /// What writes results out, in the document's variables.
    pub(super) fn inliner(&self, deltas: &[Definition]) -> Inliner {
        let own = |d: &&Definition| self.charts.iter().any(|c| c.of.name == d.name);
        Inliner::new(self.forward.iter().chain(deltas).filter(|d| !own(d)))
    }

    /// Every result in the document's variables alone, as far as there is fuel for what is only another way of writing.
    /// Neither what is derived nor its limits depend on it.
    pub(super) fn write_out(&mut self, solver: &Solver) {
        let inliner = self.inliner(&self.deltas);
        let (mut tidier, derivatives) = (solver.afresh(), &mut self.derivatives);
        fuel::aside(|| {
            for one in derivatives {
                let written_out = inliner.inline(&one.result).map(|e| tidied(e, &mut tidier));
                if fuel::is_spent() {
                    return;
                }
                one.inlined = written_out;
            }
        });
    }

    /// Names that are not free.
    pub(super) fn taken(&self) -> BTreeSet<Name> {
        let mut taken = self.program.names();
        taken.extend(self.forward.iter().chain(&self.deltas).filter_map(|d| d.name.name()).cloned());
        taken.extend(self.label.name().cloned());
        taken
    }

    pub(super) fn warn_of_zeros(&mut self) {
        for d in &self.derivatives {
            if crate::expr::is_zero(&d.result) {
                let note = does_not_depend(self.label.word(), &d.wrt.label);
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
        let wanted = self.closure(result.variables());
        self.forward.iter().chain(&self.deltas).filter(|d| wanted.contains(&d.name)).collect()
    }

    /// The definitions to print beside the results: all they refer to, and, where any intermediate is named, the chain
    /// up to what is differentiated.
    pub fn shown(&self) -> Vec<&Definition> {
        let mut wanted = self.closure(self.derivatives.iter().flat_map(|d| d.result.variables()).collect());
        if !wanted.is_empty() {
            let of = self.forward.iter().filter(|d| d.name == self.of);
            wanted.extend(of.flat_map(|d| d.value.variables()));
            wanted.insert(self.of.clone());
        }
        self.forward.iter().chain(&self.deltas).filter(|d| wanted.contains(&d.name)).collect()
    }

    /// The defined names among these, and those their definitions refer to.
    fn closure(&self, mut names: BTreeSet<Symbol>) -> BTreeSet<Symbol> {
        let defined: BTreeSet<&Symbol> = self.forward.iter().chain(&self.deltas).map(|d| &d.name).collect();
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
            if d.value.variables().iter().any(|v| reached.contains(v)) {
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

fn tidied(e: Expr, solver: &mut Solver) -> Expr {
    if e.nodes() <= TIDY_NODES { solver.compact(&e) } else { e }
}

/// The derivative by a target: of its parts stacked (shape convention) or side by side (Jacobian).
pub(super) fn stacked(
    target: &Target,
    form: Form,
    (of, shape): (&Symbol, &Shape),
    totals: &BTreeMap<(Symbol, Symbol), Expr>,
) -> Expr {
    let count = shape.count();
    let part = |(name, shape): &(Symbol, Shape)| {
        let own = if form == Form::Jacobian { Shape::new(count.clone(), shape.count()) } else { shape.clone() };
        totals.get(&(of.clone(), name.clone())).cloned().unwrap_or_else(|| zeros(&own))
    };
    let parts: Vec<Expr> = target.parts.iter().map(part).collect();
    match (parts.len(), form) {
        (1, _) => parts.into_iter().next().expect("one part"),
        (n, Form::Jacobian) => beside(n, parts),
        (n, Form::Shape | Form::Both | Form::Differential) => build(Op::Block { rows: n, cols: 1 }, parts),
    }
}

/// Columns side by side; stacks of equally many scalars are read as one matrix, row by row.
fn beside(n: usize, parts: Vec<Expr>) -> Expr {
    let rows = |e: &Expr| match e.op() {
        Op::Block { rows, cols: 1 } if e.args().iter().all(Expr::is_scalar) => Some(*rows),
        _ => None,
    };
    match parts.first().and_then(rows) {
        Some(r) if parts.iter().all(|p| rows(p) == Some(r)) => {
            let entries = (0..r).flat_map(|i| parts.iter().map(move |p| p.args()[i].clone())).collect();
            build(Op::Block { rows: r, cols: n }, entries)
        }
        _ => build(Op::Block { rows: 1, cols: n }, parts),
    }
}
