//! From a parsed document to a program.

use super::fresh::fresh_names;
use super::indices::{self, Indices, Ranges};
use super::infer::{self, Elaborator, Mode};
use super::kinds::{self, Kinds, Known, Sort};
use super::names::Names;
use super::stand_ins;
use super::term::{Finisher, Term};
use super::unify::{Clash, Unsolved};
use crate::diag::{Error, Errors, Kind, Note, Span};
use crate::expr::{Name, Shape, Size, Space, Symbol};
use crate::program::{Definition, FunctionDefinition, Input, Program, SizeCondition};
use crate::syntax::{Ast, Attribute, Declaration, DeclaredShape, Document, UnsaidShape};
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
    let stands_in = stand_ins::ones(document, given);
    let document = stands_in.as_ref().unwrap_or(document);
    let masked = stand_ins::indicator(document, given).map(|masked| read(&masked, given));
    match masked {
        Some(Ok(program)) => Ok(program),
        Some(Err(_)) | None => read(document, given),
    }
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

    /// Names of the skeleton that are scalars, or arrays of members.
    fn add_indices(&mut self) {
        let Some(indices) = self.names.indices else { return };
        self.elaborator.aliases = indices.aliases.clone();
        for name in indices.scalars() {
            self.elaborator.add_undeclared(name, Span::default(), Sort::Scalar);
        }
        for (name, _, family) in indices.wholes() {
            let sort = if family.arity == 1 { Sort::Vector } else { Sort::Matrix };
            self.elaborator.add_undeclared(name, family.span, sort);
        }
    }

    fn add_input(&mut self, name: &'a Name, span: Span) {
        let Some(declaration) = self.names.declarations.get(name) else {
            self.elaborator.add_undeclared(name, span, self.kinds.sort(name));
            return;
        };
        match self.declared_shape(declaration) {
            Ok(shape) => {
                let known = infer::KnownVariable {
                    symbol: name.into(),
                    shape,
                    span: Some(declaration.name_span.to(declaration.shape_span)),
                    declared: true,
                };
                self.elaborator.variables.insert(name.clone(), known);
                self.check_attributes(declaration);
            }
            Err(error) => {
                // Known all the same, so that each use is not one more error.
                self.elaborator.add_undeclared(name, span, self.kinds.sort(name));
                self.errors.push(error);
            }
        }
    }

    /// An abstract function: elementwise, or of arrays.
    fn add_function(&mut self, name: &'a Name) {
        let declared = self.names.declarations.get(name).map(|d| &d.shape);
        let space = match (declared, self.kinds.functions.get(name)) {
            (Some(DeclaredShape::Field { domain, codomain }), _) => {
                self.shape_of_sizes(domain).and_then(|domain| Ok(Space { domain, codomain: self.codomain(codomain)? }))
            }
            (None, Some((values, argument))) => {
                let domain = self.elaborator.shape_of_sort(*argument);
                Ok(Space { domain, codomain: self.elaborator.shape_of_sort(*values).rows })
            }
            (Some(_), _) | (None, None) => {
                self.elaborator.functions.insert(name.clone());
                return;
            }
        };
        match space {
            Ok(space) => drop(self.elaborator.fields.insert(name.clone(), space)),
            Err(error) => self.errors.push(error),
        }
    }

    fn codomain(&mut self, size: &'a Option<Ast>) -> Result<Size, Error> {
        size.as_ref().map_or(Ok(Size::one()), |n| self.elaborator.size(n))
    }

    fn shape_of_sizes(&mut self, sizes: &'a [Ast]) -> Result<Shape, Error> {
        match sizes {
            [] => Ok(Shape::scalar()),
            [n] => Ok(Shape::vector(self.elaborator.size(n)?)),
            [n, m, ..] => Ok(Shape::new(self.elaborator.size(n)?, self.elaborator.size(m)?)),
        }
    }

    fn declared_shape(&mut self, declaration: &'a Declaration) -> Result<Shape, Error> {
        let sizes = match &declaration.shape {
            DeclaredShape::Sizes(sizes) => sizes,
            DeclaredShape::Unsaid(unsaid) => {
                let sort = unsaid_sort(*unsaid).unwrap_or_else(|| self.kinds.sort(&declaration.name));
                return Ok(self.elaborator.shape_of_sort(sort));
            }
            DeclaredShape::Scalar | DeclaredShape::Elementwise | DeclaredShape::Field { .. } => {
                return Ok(Shape::scalar());
            }
        };
        match sizes.as_slice() {
            [n] => Ok(Shape::vector(self.elaborator.size(n)?)),
            [n, m] => Ok(Shape::new(self.elaborator.size(n)?, self.elaborator.size(m)?)),
            _ => Err(Error::new(
                Kind::Shape,
                "a variable has one or two sizes: tensors of three dimensions are not supported",
            )
            .at(declaration.shape_span, format!("{} sizes", sizes.len()))),
        }
    }

    fn check_attributes(&mut self, declaration: &Declaration) {
        let shape = self.elaborator.variables[&declaration.name].shape.clone();
        for (attribute, span) in &declaration.attributes {
            if attribute.is_of_column() && !self.elaborator.sizes.is_one(&shape.cols) {
                let word = word(*attribute);
                let message =
                    format!("only a column is {word}, and `{}` is {}", declaration.name, self.elaborator.shown(&shape));
                let error =
                    Error::new(Kind::Shape, message).at(*span, "here").at(declaration.shape_span, "not a column");
                self.errors.push(error.help("of every row it is declared `onehot rows`, `stochastic rows`"));
                continue;
            }
            if !attribute.needs_square() || self.elaborator.sizes.unify(&shape.rows, &shape.cols, *span).is_ok() {
                continue;
            }
            let (word, shown) = (word(*attribute), self.elaborator.shown(&shape));
            let message = format!("only a square matrix is {word}, and `{}` is {shown}", declaration.name);
            self.errors
                .push(Error::new(Kind::Shape, message).at(*span, "here").at(declaration.shape_span, "not square"));
        }
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

    fn program(&mut self) -> Result<Program, Error> {
        let inputs = self.inputs();
        let mut notes = self.document.notes.clone();
        notes.append(&mut self.elaborator.notes);
        let own = |i: &&Input| !i.name.name().is_some_and(|n| self.kinds.overruled.contains(n));
        // a member of a family is rather a scalar, whatever its letter
        let family = |i: &Input| {
            let families = self.names.indices.map(|i| &i.families);
            i.name.name().is_some_and(|n| families.is_some_and(|f| f.contains_key(n)))
        };
        notes.extend(inputs.iter().filter(|i| own(i) && !family(i)).filter_map(unusual_shape));
        notes.extend(self.broadcasts());
        let (definitions, orders) = self.definitions()?;
        self.check_request(&definitions)?;
        self.check_objective(&definitions)?;
        let mut conditions = std::mem::take(&mut self.conditions);
        for found in self.elaborator.sizes.take_conditions() {
            if !conditions.iter().any(|c| c.left == found.left && c.right == found.right) {
                conditions.push(SizeCondition { left: found.left, right: found.right, span: found.span });
            }
        }
        let program = Program {
            drawn: BTreeMap::new(),
            sizes: self.size_names(&inputs, &definitions),
            functions: self.elementwise_functions(),
            fields: self.fields(),
            defined_functions: self.defined_functions(),
            main: self.main(),
            reading: self.reading(&inputs, &definitions),
            decimals: self.elaborator.decimals,
            inputs,
            definitions,
            conditions,
            orders,
            notes,
            plates: BTreeMap::new(),
        };
        let Some(indices) = self.names.indices else { return Ok(program) };
        let ranges = self.ranges.resolved(&mut self.elaborator.sizes);
        Ok(indices::filled(program, indices, &ranges))
    }

    /// `\nabla f = e` was read as f = e: with an e that is no scalar it was a claim about an f nobody gave.
    fn check_request(&self, definitions: &[Definition]) -> Result<(), Error> {
        let request = self.document.request.as_ref().filter(|r| r.defines);
        let Some(name) = request.and_then(|r| r.of.as_ref()) else { return Ok(()) };
        let scalars = |n: &Name| self.elaborator.variables.get(n).is_some_and(|known| known.shape.is_scalar());
        let by_scalars = request.is_some_and(|r| r.wrt.iter().any(scalars));
        match definitions.iter().find(|d| d.name.is_written(name)) {
            Some(d) if by_scalars || !d.value.is_scalar() => Err(Error::new(
                Kind::Name,
                format!("the text says what a derivative of `{name}` is, and nothing says what `{name}` is"),
            )
            .at(d.span, "not defined")
            .help(format!("define it: `{name} = …`"))),
            Some(_) | None => Ok(()),
        }
    }

    /// What is minimised or maximised is a scalar: `max(x)` of an array is another thing.
    fn check_objective(&self, definitions: &[Definition]) -> Result<(), Error> {
        let Some(optimum) = &self.document.optimum else { return Ok(()) };
        let value = definitions.iter().find(|d| d.name == Symbol::Bare).filter(|d| !d.value.is_scalar());
        value.map_or(Ok(()), |d| {
            let message = format!("what is sought here is the optimum of a scalar, and this is {}", d.value.shape());
            Err(Error::new(Kind::Unsupported, message)
                .at(optimum.span, "an objective, or the largest entry of an array")
                .at(d.span, format!("{}", d.value.shape()))
                .help("an objective is a scalar; the largest entry of an array and its place have no rule"))
        })
    }

    /// What was assumed of the names nobody declares.
    fn reading(&self, inputs: &[Input], definitions: &[Definition]) -> crate::program::Reading {
        let products = self.document.products.iter().map(|p| kinds::product_text(p, self.document)).collect();
        crate::program::Reading {
            overruled: self.kinds.overruled.clone(),
            fields: self.kinds.functions.keys().cloned().collect(),
            entrywise: self.kinds.entrywise.clone(),
            products,
            broadcasts: self.kinds.broadcasts.iter().map(|span| self.text(*span)).collect(),
            head: self.head(inputs, definitions),
            sizes: self.elaborator.size_numbers.iter().cloned().collect(),
            reasons: self.kinds.reasons.clone(),
        }
    }

    /// A loss is a scalar: where it is none, some name was not meant as it was read.
    fn head(&self, inputs: &[Input], definitions: &[Definition]) -> Option<String> {
        let main = self.names.main(&self.document.asides).map(|index| &self.names.definitions[index])?;
        let main = Some(&main.name).filter(|_| kinds::is_loss(main, self.document))?.clone();
        let value = definitions.iter().find(|d| d.name == main).filter(|d| !d.value.is_scalar())?;
        inputs.iter().any(|i| !i.declared).then(|| {
            let shape = value.value.shape();
            format!("`{main}` is a scalar by custom, and comes out as {shape}: declare the names that are not what they were read as")
        })
    }

    fn text(&self, span: Span) -> String {
        self.document.text.get(span.start..span.end).unwrap_or("").trim().to_owned()
    }

    /// No undeclared name is added to every entry of an array without a word.
    fn broadcasts(&self) -> Vec<Note> {
        let note = |span: &Span| {
            let text = self.text(*span);
            Note::warning(format!(
                "`{text}` is read as a scalar and added to every entry; if it is an array, declare its names: `x: n`"
            ))
        };
        self.kinds.broadcasts.iter().map(note).collect()
    }

    fn elementwise_functions(&self) -> Vec<Name> {
        let all = self.names.functions.iter().map(|(n, _)| n);
        all.filter(|n| self.elaborator.functions.contains(*n)).cloned().collect()
    }

    fn fields(&mut self) -> BTreeMap<Name, Space> {
        let spaces = self.elaborator.fields.clone();
        let sizes = &mut self.elaborator.sizes;
        let settled = |(name, space): (Name, Space)| {
            let space = Space { domain: sizes.resolve_shape(&space.domain), codomain: sizes.resolve(&space.codomain) };
            (name, space)
        };
        spaces.into_iter().map(settled).collect()
    }

    fn inputs(&mut self) -> Vec<Input> {
        let mut inputs = Vec::new();
        for (name, span) in &self.names.inputs {
            let shape = self.elaborator.variables[name].shape.clone();
            let declaration = self.names.declarations.get(name);
            inputs.push(Input {
                name: name.into(),
                shape: self.elaborator.sizes.resolve_shape(&shape),
                attributes: declaration.map(|d| d.attributes.iter().map(|(a, _)| *a).collect()).unwrap_or_default(),
                declared: declaration.is_some(),
                span: *span,
            });
        }
        inputs
    }

    #[expect(clippy::type_complexity, reason = "the two halves of Program")]
    fn definitions(&mut self) -> Result<(Vec<Definition>, Vec<(crate::expr::Expr, Vec<crate::expr::Expr>)>), Error> {
        let mut finisher = Finisher::new(&mut self.elaborator.sizes, false);
        let mut definitions = Vec::new();
        for (index, term) in &self.values {
            let definition = &self.names.definitions[*index];
            definitions.push(Definition {
                name: definition.name.clone(),
                value: finisher.finish(term)?,
                written: Some(definition.value.clone()),
                span: definition.span,
            });
        }
        Ok((definitions, finisher.orders))
    }

    fn defined_functions(&self) -> Vec<FunctionDefinition> {
        let mut functions: Vec<FunctionDefinition> = self
            .names
            .user_functions
            .iter()
            .map(|(name, f)| FunctionDefinition {
                name: name.clone(),
                parameters: f.parameters.to_vec(),
                body: f.body.clone(),
                span: f.span,
            })
            .collect();
        functions.sort_by_key(|f| f.span);
        functions
    }

    fn main(&self) -> Option<Symbol> {
        self.names.main(&self.document.asides).map(|index| self.names.definitions[index].name.clone())
    }

    fn sizes_of_fields(&mut self) -> Vec<Size> {
        let spaces = self.elaborator.fields.values();
        let sizes: Vec<Size> =
            spaces.flat_map(|s| [s.domain.rows.clone(), s.domain.cols.clone(), s.codomain.clone()]).collect();
        sizes.iter().map(|size| self.elaborator.sizes.resolve(size)).collect()
    }

    /// Declared sizes, then fresh ones in the order in which they are met.
    fn size_names(&mut self, inputs: &[Input], definitions: &[Definition]) -> Vec<Name> {
        let mut sizes = self.names.sizes.clone();
        let mut seen: BTreeSet<Name> = sizes.iter().cloned().collect();
        let shapes = inputs.iter().map(|i| &i.shape).chain(definitions.iter().map(|d| d.value.shape()));
        let spaces: Vec<Size> = self.sizes_of_fields();
        for size in shapes.flat_map(|s| [&s.rows, &s.cols]).chain(&spaces) {
            for name in size.names() {
                if seen.insert(name.clone()) {
                    sizes.push(name.clone());
                }
            }
        }
        sizes
    }
}

/// Sizes of the leaves of a term: an identity or a column of ones may have a size nothing else has.
fn collect_sizes(term: &Term, sizes: &mut Vec<Size>) {
    if term.args().is_empty() {
        sizes.extend([term.shape().rows.clone(), term.shape().cols.clone()]);
    }
    term.args().iter().for_each(|a| collect_sizes(a, sizes));
}

/// An undeclared matrix that can only be a column or a row deserves a word.
fn unusual_shape(input: &Input) -> Option<Note> {
    let matrix = input.name.to_string().starts_with(char::is_uppercase);
    let narrow = input.shape.cols.is_one() || input.shape.rows.is_one();
    (!input.declared && matrix && narrow).then(|| {
        let shape = format!("{}×{}", input.shape.rows, input.shape.cols);
        Note::warning(format!("`{}` is read as {shape}: the document fits no other shape", input.name))
    })
}

/// The sort of what is declared without sizes; none where the letter says it.
fn unsaid_sort(shape: UnsaidShape) -> Option<Sort> {
    match shape {
        UnsaidShape::Column => Some(Sort::Vector),
        UnsaidShape::Matrix | UnsaidShape::Square => Some(Sort::Matrix),
        UnsaidShape::Any => None,
    }
}

fn word(attribute: Attribute) -> &'static str {
    Attribute::ALL.iter().find(|(_, a)| *a == attribute).map_or("", |(word, _)| word)
}
