//! What a document declares: shapes, functions, facts.

use super::super::infer;
use super::super::kinds::Sort;
use super::DocumentPass;
use crate::diag::{Error, Kind, Span};
use crate::expr::{Name, Shape, Size, Space};
use crate::syntax::{Ast, Attribute, Declaration, DeclaredShape, UnsaidShape};

impl<'a> DocumentPass<'a> {
    /// Names of the skeleton that are scalars, or arrays of members.
    pub(super) fn add_indices(&mut self) {
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

    pub(super) fn add_input(&mut self, name: &'a Name, span: Span) {
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
    pub(super) fn add_function(&mut self, name: &'a Name) {
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

    pub(super) fn declared_shape(&mut self, declaration: &'a Declaration) -> Result<Shape, Error> {
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
}

/// The sort of what is declared without sizes; none where the letter says it.
fn unsaid_sort(shape: UnsaidShape) -> Option<Sort> {
    match shape {
        UnsaidShape::Column => Some(Sort::Vector),
        UnsaidShape::Row => Some(Sort::Row),
        UnsaidShape::Matrix | UnsaidShape::Square => Some(Sort::Matrix),
        UnsaidShape::Any => None,
    }
}

fn word(attribute: Attribute) -> &'static str {
    Attribute::ALL.iter().find(|(_, a)| *a == attribute).map_or("", |(word, _)| word)
}
