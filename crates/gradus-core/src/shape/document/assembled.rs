//! The program, put together from what one pass has read.

use super::super::indices;
use super::super::kinds;
use super::super::names;
use super::super::term::Finisher;
use super::{DocumentPass, scaling};
use crate::diag::{Error, Kind, Note, Span};
use crate::expr::{Name, Size, Space, Symbol};
use crate::program::{Definition, FunctionDefinition, Input, Program, SizeCondition};
use crate::syntax::{Ast, ProductSigns};
use std::collections::{BTreeMap, BTreeSet};

impl DocumentPass<'_> {
    pub(super) fn program(&mut self) -> Result<Program, Error> {
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
        notes.extend(self.names.several_values(self.document));
        let (definitions, orders) = self.definitions()?;
        self.check_request(&definitions)?;
        self.check_objective(&definitions)?;
        check_entries(&inputs, &definitions)?;
        let mut conditions = std::mem::take(&mut self.conditions);
        for found in self.elaborator.sizes.take_conditions() {
            if !conditions.iter().any(|c| c.left == found.left && c.right == found.right) {
                conditions.push(SizeCondition { left: found.left, right: found.right, span: found.span });
            }
        }
        let program = Program {
            drawn: BTreeMap::new(),
            densities: BTreeMap::new(),
            sizes: self.size_names(&inputs, &definitions),
            functions: self.elementwise_functions(),
            fields: self.fields(),
            defined_functions: self.defined_functions(),
            heads: self.document.heads.clone(),
            main: self.main(),
            reading: self.reading(&inputs, &definitions),
            decimals: self.elaborator.decimals,
            dialect: ProductSigns::of(&self.document.text),
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
        let said = |name: &Name| self.kinds.functions.contains_key(name) || self.kinds.entrywise.contains(name);
        let calls = self.document.calls.iter().filter(|(name, _)| !said(name)).map(|(_, span)| self.text(*span));
        crate::program::Reading {
            overruled: self.kinds.overruled.clone(),
            fields: self.kinds.functions.keys().cloned().collect(),
            entrywise: self.kinds.entrywise.clone(),
            products,
            calls: calls.collect(),
            broadcasts: self.kinds.broadcasts.iter().map(|span| self.text(*span)).collect(),
            head: self.head(inputs, definitions).or_else(|| self.slip()),
            sizes: self.elaborator.size_numbers.iter().cloned().collect(),
            reasons: self.kinds.reasons.clone(),
        }
    }

    /// A loss is a scalar: where it is none, some name was not meant as it was read.
    fn head(&self, inputs: &[Input], definitions: &[Definition]) -> Option<String> {
        let main = self.names.main(self.document).map(|index| &self.names.definitions[index])?;
        let main = Some(&main.name).filter(|_| kinds::is_loss(main, self.document))?.clone();
        let value = definitions.iter().find(|d| d.name == main).filter(|d| !d.value.is_scalar())?;
        inputs.iter().any(|i| !i.declared).then(|| {
            let shape = value.value.shape();
            format!("`{main}` is a scalar by custom, and comes out as {shape}: declare the names that are not what they were read as")
        })
    }

    /// `v_k` where every other index is bound, once: rather a slip, and said first.
    fn slip(&self) -> Option<String> {
        let unbound = &self.names.indices?.unbound;
        let (name, letter) = unbound.first_key_value().filter(|_| unbound.len() == 1)?;
        Some(indices::said_of_unbound(name, letter))
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
        let numpy = ProductSigns::of(&self.document.text).numpy;
        let mut scalars = BTreeSet::new();
        if numpy {
            for (name, known) in &self.elaborator.variables {
                if self.elaborator.sizes.resolve_shape(&known.shape).is_scalar() {
                    scalars.insert(name.clone());
                }
            }
        }
        let written = |ast: &Ast| if numpy { scaling::plain(ast, &|n| scalars.contains(n)) } else { ast.clone() };
        let mut finisher = Finisher::new(&mut self.elaborator.sizes, false);
        let mut definitions = Vec::new();
        for (index, term) in &self.values {
            let definition = &self.names.definitions[*index];
            definitions.push(Definition {
                name: definition.name.clone(),
                value: finisher.finish(term)?,
                // only its value knows what the last place is called
                written: (!names::has_last_place(definition.value)).then(|| written(definition.value)),
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
        self.names.main(self.document).map(|index| self.names.definitions[index].name.clone())
    }

    pub(super) fn sizes_of_fields(&mut self) -> Vec<Size> {
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

/// An undeclared matrix that can only be a column or a row deserves a word.
fn unusual_shape(input: &Input) -> Option<Note> {
    let matrix = input.name.to_string().starts_with(char::is_uppercase);
    let narrow = input.shape.cols.is_one() || input.shape.rows.is_one();
    (!input.declared && matrix && narrow).then(|| {
        let shape = format!("{}×{}", input.shape.rows, input.shape.cols);
        Note::warning(format!("`{}` is read as {shape}: the document fits no other shape", input.name))
    })
}

/// `p = softmax(z); L = -log(p_c)`: where nothing uses p, the number p_c is hardly a name of its own.
fn check_entries(inputs: &[Input], definitions: &[Definition]) -> Result<(), Error> {
    let unused = |d: &&Definition| {
        !d.value.is_scalar() && !definitions.iter().any(|other| other.value.has_variable(|v| *v == d.name))
    };
    for input in inputs.iter().filter(|i| !i.declared && i.shape.is_scalar()) {
        let Some((base, place)) = input.name.word().rsplit_once('_') else { continue };
        let of = definitions.iter().filter(unused).find(|d| d.name.word() == base && d.value.shape().cols.is_one());
        if let Some(of) = of {
            let size = &of.value.shape().rows;
            return Err(Error::new(
                Kind::Name,
                format!("`{base}_{place}` is a name of its own, and nothing uses `{base}`"),
            )
            .at(input.span, format!("an entry of {base}?"))
            .help(format!(
                "entry {place} of {base} is `unit({size}, {place})^T {base}`; what is no entry needs another name"
            )));
        }
    }
    Ok(())
}
