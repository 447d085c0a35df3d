//! From a parsed document to a program.

mod assembled;
mod declared;
mod scaling;

use super::factors;
use super::fresh::fresh_names;
use super::indices::{self, Indices, Ranges};
use super::infer::{self, Elaborator, Mode};
use super::kinds::{self, Kinds, Known, Sort};
use super::labels;
use super::names::Names;
use super::stacks;
use super::stand_ins;
use super::term::Term;
use super::unify::{Clash, Unsolved};
use crate::diag::{Error, Errors, Kind, Note, Span};
use crate::expr::{Name, Size, Symbol};
use crate::program::{Program, SizeCondition};
use crate::syntax::{DeclaredShape, Document, ProductSigns, UnsaidShape};
use std::collections::{BTreeMap, BTreeSet};

/// More errors than this help nobody.
const ERRORS_LIMIT: usize = 20;

/// Gives a document its shapes and turns it into a program.
///
/// # Errors
/// Everything that is wrong with names and shapes, at most one error a statement.
pub fn elaborate(document: &Document) -> Result<Program, Errors> {
    elaborate_given(document, &Given::new())
}

/// The same where some names have values: an undeclared name is what its value is.
///
/// # Errors
/// As for [`elaborate`].
pub fn elaborate_given(document: &Document, given: &Given) -> Result<Program, Errors> {
    elaborated(document, given).map_err(|errors| match &document.expansion {
        Some(expansion) => expansion.located(errors),
        None => errors,
    })
}

fn elaborated(document: &Document, given: &Given) -> Result<Program, Errors> {
    let labelled = labels::labelled(document);
    let document = labelled.as_ref().unwrap_or(document);
    let valued = factors::of_values(document, given);
    let document = valued.as_ref().unwrap_or(document);
    factors::refuse_doubtful(document).map_err(|e| vec![e])?;
    let stands_in = stand_ins::ones(document, given);
    let document = stands_in.as_ref().unwrap_or(document);
    let reading = |document: &Document| {
        let masked = stand_ins::indicator(document, given).map(|masked| read(&masked, given));
        match masked {
            Some(Ok(program)) => Ok(program),
            Some(Err(_)) | None => read(document, given),
        }
    };
    stacks::read(document, given, &reading).unwrap_or_else(|| reading(document))
}

fn read(document: &Document, given: &Given) -> Result<Program, Errors> {
    match indices::skeleton(document)? {
        Some(skeleton) => {
            let spoken = |errors: Errors| errors.into_iter().map(indices::spoken).collect();
            elaborate_with(&skeleton.document, given, Some(&skeleton.indices)).map_err(spoken)
        }
        None => elaborate_with(document, given, None),
    }
}

fn elaborate_with(document: &Document, given: &Given, indices: Option<&Indices>) -> Result<Program, Errors> {
    let names = Names::of(document, indices)?;
    let order = names.order().map_err(|e| vec![e])?;
    let known = Known { declared: declared_sorts(document, &names), given: given_sorts(given, indices) };
    let kinds = kinds::read(document, &names, &order, &known).map_err(|e| vec![e])?;
    // A matrix that must be a column or a row is one from the start, so that products with it are read as such.
    let mut forced: BTreeSet<(Name, bool)> = BTreeSet::new();
    loop {
        let mut reading = DocumentPass::new(document, &names, &forced, &kinds);
        let outcome = reading.read(&order);
        let more = reading.ones_found();
        if more.is_subset(&forced) {
            return outcome.map_err(|mut errors| {
                errors.truncate(ERRORS_LIMIT);
                errors
            });
        }
        forced.extend(more);
    }
}

/// The extents of values given for names: none of a number, one of a list, two of a list of rows.
pub type Given = BTreeMap<Name, Vec<usize>>;

/// What the value of a name may be: a list of rows may also be a column or a row.
fn given_sorts(given: &Given, indices: Option<&Indices>) -> BTreeMap<Name, Vec<Sort>> {
    let sorts = |extents: &Vec<usize>| match extents.as_slice() {
        [] => vec![Sort::Scalar],
        [_] => vec![Sort::Vector],
        [1, 1] => Sort::ALL.to_vec(),
        [_, 1] => vec![Sort::Vector, Sort::Matrix],
        [1, _] => vec![Sort::Row, Sort::Matrix],
        [_, _, ..] => vec![Sort::Matrix],
    };
    let mut all: BTreeMap<Name, Vec<Sort>> =
        given.iter().map(|(name, extents)| (name.clone(), sorts(extents))).collect();
    let Some(indices) = indices else { return all };
    for (member, family) in &indices.families {
        if let Some(extents) = given.get(&family.base).and_then(|e| e.get(family.arity..)) {
            all.insert(member.clone(), sorts(&extents.to_vec()));
        }
    }
    for (member, family) in indices.entry_families() {
        all.insert(member.clone(), vec![Sort::Scalar]);
        all.insert(family.base.clone(), vec![if family.arity == 1 { Sort::Vector } else { Sort::Matrix }]);
    }
    all
}

/// The sorts of the names whose shapes are declared.
fn declared_sorts(document: &Document, names: &Names) -> BTreeMap<Name, Sort> {
    let kinds = Kinds::default();
    let mut reading = DocumentPass::new(document, names, &BTreeSet::new(), &kinds);
    let mut sorts = BTreeMap::new();
    for (name, declaration) in &names.declarations {
        if !declaration.shape.is_function()
            && declaration.shape != DeclaredShape::Unsaid(UnsaidShape::Any)
            && let Ok(shape) = reading.declared_shape(declaration)
        {
            sorts.insert(name.clone(), Sort::of(&reading.elaborator.sizes.resolve_shape(&shape)));
        }
    }
    sorts
}

/// One pass over the document.
struct DocumentPass<'a> {
    document: &'a Document,
    names: &'a Names<'a>,
    kinds: &'a Kinds,
    elaborator: Elaborator<'a>,
    /// Values in the order of dependence: the index of the definition and its term.
    values: Vec<(usize, Term)>,
    conditions: Vec<SizeCondition>,
    /// What the indices run over.
    ranges: Ranges,
    errors: Errors,
}

impl<'a> DocumentPass<'a> {
    fn new(
        document: &'a Document,
        names: &'a Names<'a>,
        forced: &BTreeSet<(Name, bool)>,
        kinds: &'a Kinds,
    ) -> DocumentPass<'a> {
        let mut elaborator = Elaborator::new(Mode::Document);
        elaborator.text = Some(&document.text);
        elaborator.axes = ProductSigns::have_axes(&document.text);
        elaborator.size_names = names.sizes.iter().cloned().collect();
        elaborator.user_functions = names.user_functions.clone();
        elaborator.taken = names.all();
        elaborator.inputs = names.inputs.iter().map(|(n, _)| n.clone()).collect();
        let mut reading = DocumentPass {
            document,
            names,
            kinds,
            elaborator,
            values: Vec::new(),
            conditions: Vec::new(),
            ranges: Ranges::default(),
            errors: Vec::new(),
        };
        for (name, _) in &names.functions {
            reading.add_function(name);
        }
        for (name, span) in &names.inputs {
            reading.add_input(name, *span);
        }
        reading.add_indices();
        for (name, rows) in forced {
            if let Some(known) = reading.elaborator.variables.get(name) {
                let size = if *rows { known.shape.rows.clone() } else { known.shape.cols.clone() };
                // A fresh unknown of a matrix takes any value.
                let _ = reading.elaborator.sizes.unify(&size, &Size::one(), Span::default());
            }
        }
        reading
    }

    fn read(&mut self, order: &[usize]) -> Result<Program, Errors> {
        self.check_names_of_slopes();
        self.read_conditions();
        self.read_ranges();
        self.read_definitions(order);
        self.read_entries();
        self.settle();
        self.errors.sort_by_key(|e| e.labels.first().map(|l| l.span));
        self.errors.dedup();
        if !self.errors.is_empty() {
            return Err(std::mem::take(&mut self.errors));
        }
        self.program().map_err(|e| vec![e])
    }

    /// J_c is the Jacobian of c: nothing else may be called so beside c.
    fn check_names_of_slopes(&mut self) {
        for function in self.elaborator.fields.keys() {
            for own in ["J", "grad", "hess"].map(|prefix| Name::new(&format!("{prefix}_{function}"))) {
                let input = self.names.inputs.iter().find(|(n, _)| *n == own).map(|(_, span)| *span);
                let defined = self.names.index.get(&Symbol::from(&own)).map(|i| self.names.definitions[*i].span);
                if let Some(span) = input.or(defined) {
                    let message = format!("{own} is what a derivative of {function} is called");
                    let error = Error::new(Kind::Name, message).at(span, "something else");
                    self.errors.push(error.help("give it another name"));
                }
            }
        }
    }

    fn read_ranges(&mut self) {
        let Some(indices) = self.names.indices else { return };
        match Ranges::solve(indices, &mut self.elaborator) {
            Ok(ranges) => self.ranges = ranges,
            Err(error) => self.errors.push(error),
        }
    }

    /// An array has as many entries as the index at them has places.
    fn read_entries(&mut self) {
        let Some(indices) = self.names.indices else { return };
        for (array, at, span) in indices.entries() {
            let Some(shape) = self.elaborator.variables.get(array).map(|k| k.shape.clone()) else { continue };
            if let Err(error) = self.ranges.fit(&shape, at, span, &mut self.elaborator) {
                self.errors.push(error);
            }
        }
    }

    fn read_conditions(&mut self) {
        for (left, right) in &self.names.conditions {
            let span = left.span.to(right.span);
            let sides = (self.elaborator.polynomial(left), self.elaborator.polynomial(right));
            self.add_condition(sides, span);
        }
        for (name, span, value) in &self.names.fixed_sizes {
            let sides = (Ok(Size::name(name.clone())), self.elaborator.polynomial(value));
            self.add_condition(sides, span.to(value.span));
        }
    }

    fn add_condition(&mut self, sides: (Result<Size, Error>, Result<Size, Error>), span: Span) {
        match sides {
            (Ok(left), Ok(right)) => match left.minus(&right).as_constant() {
                Some(0) => {}
                Some(_) => {
                    let message = format!("the condition {left} = {right} cannot hold");
                    self.errors.push(Error::new(Kind::Shape, message).at(span, "here"));
                }
                None => self.conditions.push(SizeCondition { left, right, span }),
            },
            (Err(error), _) | (_, Err(error)) => self.errors.push(error),
        }
    }

    fn read_definitions(&mut self, order: &[usize]) {
        let mut failed: BTreeSet<usize> = BTreeSet::new();
        for &index in order {
            let definition = &self.names.definitions[index];
            if !self.names.uses(definition.value).is_disjoint(&failed) {
                failed.insert(index);
                continue;
            }
            let term = self.elaborator.expression(definition.value).and_then(|t| self.fit_declaration(index, t));
            match term {
                Ok(term) => {
                    let (symbol, shape) = (definition.name.clone(), term.shape().clone());
                    if let Some(name) = definition.name.name() {
                        let known = infer::KnownVariable { symbol, shape, span: Some(definition.span), declared: true };
                        self.elaborator.variables.insert(name.clone(), known);
                    }
                    self.values.push((index, term));
                }
                Err(error) => {
                    failed.insert(index);
                    self.errors.push(error);
                }
            }
        }
    }

    /// A declared name that is defined has the shape of both.
    fn fit_declaration(&mut self, index: usize, term: Term) -> Result<Term, Error> {
        let definition = &self.names.definitions[index];
        let Some(declaration) = definition.name.name().and_then(|n| self.names.declarations.get(n)) else {
            return Ok(term);
        };
        let shape = self.declared_shape(declaration)?;
        if !declaration.attributes.is_empty() {
            let note = format!("the attributes of `{}` are not used: it is defined by an expression", definition.name);
            self.elaborator.remark(Note::warning(note));
        }
        if self.elaborator.sizes.unify_shapes(&shape, term.shape(), definition.span).is_ok() {
            return Ok(term);
        }
        let (declared, found) = (self.elaborator.shown(&shape), self.elaborator.shown(term.shape()));
        let message = format!("`{}` is declared as {declared} and defined as {found}", definition.name);
        Err(self
            .elaborator
            .labelled(Error::new(Kind::Shape, message), &[&term])
            .at(declaration.shape_span, "declared here"))
    }

    /// Solves the equations that waited, and names the sizes nobody fixed.
    fn settle(&mut self) {
        let failed = self.elaborator.sizes.settle();
        if self.elaborator.sizes.aligned {
            self.elaborator
                .remark(Note::assumption("blocks that meet have the same sizes, in the order in which they stand"));
        }
        if self.errors.is_empty() {
            for (equation, clash) in failed {
                let error = self.unsolved(&equation, clash);
                self.errors.push(error);
            }
        }
        self.name_sizes();
        self.elaborator.sizes.close_literals();
    }

    fn unsolved(&mut self, equation: &Unsolved, clash: Option<Clash>) -> Error {
        let left = self.elaborator.shown_size(&equation.left);
        let right = self.elaborator.shown_size(&equation.right);
        let error = match clash {
            Some(Clash) => {
                Error::new(Kind::Shape, format!("the sizes {left} and {right} must be equal here, and are not"))
            }
            None => Error::new(Kind::Shape, format!("the equation {left} = {right} does not determine the sizes"))
                .help("declare the shapes of the variables here"),
        };
        error.at(equation.span, "the sizes meet here")
    }

    fn name_sizes(&mut self) {
        let taken = self.elaborator.taken.clone();
        let mut fresh = fresh_names(&taken);
        let mut sizes = self.ranges.sizes();
        sizes.extend(self.elaborator.sizes_of_inputs());
        sizes.extend(self.sizes_of_fields());
        for (_, term) in &self.values {
            collect_sizes(term, &mut sizes);
        }
        for size in sizes {
            for unknown in self.elaborator.sizes.open_in(&size) {
                if let Some(name) = fresh.next() {
                    self.elaborator.sizes.name(unknown, &name);
                }
            }
        }
    }

    /// The undeclared matrices that turned out to have one row (true) or one column (false).
    fn ones_found(&mut self) -> BTreeSet<(Name, bool)> {
        let mut found = BTreeSet::new();
        for (name, _) in &self.names.inputs {
            let Some(known) = self.elaborator.variables.get(name).filter(|k| !k.declared) else { continue };
            let shape = known.shape.clone();
            for (size, rows) in [(shape.rows, true), (shape.cols, false)] {
                if !size.is_one() && self.elaborator.sizes.is_one(&size) {
                    found.insert((name.clone(), rows));
                }
            }
        }
        found
    }
}

/// Sizes of the leaves of a term: an identity or a column of ones may have a size nothing else has.
fn collect_sizes(term: &Term, sizes: &mut Vec<Size>) {
    if term.args().is_empty() {
        sizes.extend([term.shape().rows.clone(), term.shape().cols.clone()]);
    }
    term.args().iter().for_each(|a| collect_sizes(a, sizes));
}
