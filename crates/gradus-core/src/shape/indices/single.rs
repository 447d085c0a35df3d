//! Single expressions with indices: claims and printed results, read in a document that is known.

use super::super::environment::Environment;
use super::super::infer::{Elaborator, KnownVariable};
use super::super::term::Term;
use super::read::Reader;
use super::{Family, Indices, PlaceUse, Ranges, fill, name_of};
use crate::diag::{Error, Kind, Span};
use crate::expr::{Expr, Index, Name, Shape, Symbol, stacked_shape};
use crate::program::Definition;
use crate::syntax::{Ast, Statement, Syntax, split_index};

/// An expression without indices, what its names stand for, and the definitions it needs first.
pub(in crate::shape) struct ReadExpression {
    before: Vec<(Name, Ast)>,
    /// The expression.
    pub value: Ast,
    pub(super) indices: Indices,
}

/// Reads the indices of an expression; its free letters are those of the environment.
///
/// # Errors
/// Indices that nothing binds, names with one and with two indices.
pub(in crate::shape) fn expression(ast: &Ast, known: &Environment) -> Result<ReadExpression, Error> {
    let mut reader = Reader::within(Some(known));
    for (base, family) in &known.families {
        let own = Family {
            base: base.clone(),
            arity: family.plate.len(),
            span: Span::default(),
            accesses: vec![],
            whole: false,
            free: None,
        };
        reader.indices.families.insert(Name::new(&format!("{base}⟨⟩")), own);
    }
    for letter in &known.letters {
        reader.bind(&letter.letter, None, Span::default());
    }
    let value = reader.expression(ast)?;
    let before = reader.before.into_iter().filter_map(|s| match s {
        Statement::Definition { name, value, .. } => Some((name, value)),
        _ => None,
    });
    Ok(ReadExpression { before: before.collect(), value, indices: reader.indices })
}

impl Reader<'_> {
    /// `stack(i, e)`.
    pub(super) fn stack(&mut self, args: &[Ast], span: Span) -> Result<Ast, Error> {
        let Some((body, letters)) = args.split_last() else { return Ok(Ast::new(Syntax::Matrix(vec![]), span)) };
        let ids: Vec<usize> =
            letters.iter().filter_map(|l| Some((name_of(l)?, l.span))).map(|(l, s)| self.bind(l, None, s)).collect();
        let value = self.expression(body)?;
        self.unbind(ids.len());
        Ok(self.stack_of(ids, value, span))
    }

    /// The array of what is at these indices.
    fn stack_of(&mut self, ids: Vec<usize>, value: Ast, span: Span) -> Ast {
        let name = Name::new(&format!("stack⟨{}⟩", self.indices.stacks.len() + 1));
        self.indices.stacks.insert(name.clone(), ids);
        self.before.push(Statement::Definition { name: name.clone(), name_span: span, value });
        Ast::new(Syntax::Name(name), span)
    }

    /// A free letter that is also the name of a variable stands for that by itself: `k + 2 a` beside ∂/∂a_k.
    pub(super) fn is_variable_of_its_own(&self, binding: usize, name: &Name) -> bool {
        self.known.is_some_and(|k| binding < k.letters.len() && k.variables.contains_key(name))
    }

    /// A name that is no index: a variable, a member of a family, an entry of an array.
    pub(super) fn known_name(&mut self, known: &Environment, name: &Name, span: Span) -> Result<Ast, Error> {
        let own = || Ast::new(Syntax::Name(name.clone()), span);
        let Some((base, places)) = split_index(name).filter(|_| !known.variables.contains_key(name)) else {
            return Ok(own());
        };
        if known.families.contains_key(&base) {
            let at = self.places(&places, name, span)?;
            let family = self.family(&base, &places, at.clone(), name, span)?;
            return Ok(self.member(name, family, at, span));
        }
        if let Some(variable) = known.variables.get(&base).filter(|v| !v.shape.is_scalar()) {
            let at = self.places(&places, name, span)?;
            let sides = if variable.shape.is_vector() || variable.shape.is_row() { 1 } else { 2 };
            if at.len() != sides {
                let message = format!("`{base}` is {}: its entries have {sides} {}", variable.shape, words(sides));
                return Err(Error::new(Kind::Shape, message).at(span, format!("{} {}", at.len(), words(at.len()))));
            }
            return self.entry_of(&Ast::new(Syntax::Name(base), span), at, span);
        }
        if let ([_], Some(matrix)) = (places.as_slice(), known.matrix_of_rows(&base)) {
            let at = self.places(&places, name, span)?;
            return self.row_of(&matrix.name.to_string(), at, span);
        }
        match base.as_str() {
            "δ" if places.len() == 2 => {
                let at = self.places(&places, name, span)?;
                Ok(self.delta(&base, &at, span).unwrap_or_else(own))
            }
            _ => Ok(own()),
        }
    }
}

impl Reader<'_> {
    /// A row of a matrix, as a column: its entries under a letter of their own.
    fn row_of(&mut self, matrix: &str, mut at: Vec<PlaceUse>, span: Span) -> Result<Ast, Error> {
        let letter = ["p", "q", "r", "l", "m"].map(Name::new).into_iter().find(|l| self.bound(l).is_none());
        let id = self.bind(&letter.unwrap_or_else(|| Name::new("s")), None, span);
        at.push(PlaceUse::at(id));
        let entry = self.entry_of(&Ast::new(Syntax::Name(Name::new(matrix)), span), at, span)?;
        self.unbind(1);
        Ok(self.stack_of(vec![id], entry, span))
    }
}

fn words(indices: usize) -> &'static str {
    if indices == 1 { "index" } else { "indices" }
}

impl ReadExpression {
    /// Tells the elaborator what its names are.
    pub fn enter(&self, known: &Environment, elaborator: &mut Elaborator<'_>) {
        elaborator.aliases = self.indices.aliases.clone();
        let mut know = |name: &Name, shape| {
            let own = KnownVariable { symbol: Symbol::from(name), shape, span: None, declared: true };
            elaborator.variables.insert(name.clone(), own);
        };
        for (name, family) in &self.indices.families {
            if let Some(own) = known.families.get(&family.base) {
                know(name, own.member.clone());
            }
        }
        self.indices.scalars().for_each(|name| know(name, crate::expr::Shape::scalar()));
    }

    /// The definitions that the expression needs, in order, as terms.
    ///
    /// # Errors
    /// Those of elaboration.
    pub fn terms<'a>(&'a self, known: &Environment, elaborator: &mut Elaborator<'a>) -> Result<Vec<Term>, Error> {
        let mut terms = vec![];
        for (name, value) in &self.before {
            let term = elaborator.expression(value)?;
            let shape = match self.indices.stacks.get(name) {
                Some(ids) => self.stacked(ids, &term, known, elaborator)?,
                None => term.shape().clone(),
            };
            let own = KnownVariable { symbol: Symbol::from(name), shape, span: None, declared: true };
            elaborator.variables.insert(name.clone(), own);
            terms.push(term);
        }
        Ok(terms)
    }

    /// The shape of an array of what is at these indices.
    fn stacked(
        &self,
        ids: &[usize],
        body: &Term,
        known: &Environment,
        elaborator: &mut Elaborator<'_>,
    ) -> Result<Shape, Error> {
        let index = |id: &usize| {
            let (first, last) = self.told(*id, known, elaborator)?;
            Ok(Index { letter: self.indices.bindings[*id].letter.clone(), first, last })
        };
        let plate = ids.iter().map(index).collect::<Result<Vec<_>, Error>>()?;
        let member = elaborator.sizes.resolve_shape(body.shape());
        stacked_shape(&plate, &member).ok_or_else(|| {
            Error::new(Kind::Shape, format!("{member} at {} indices is no matrix", ids.len())).at(body.span(), "here")
        })
    }

    /// The expression with its members, entries and sums.
    pub fn filled(&self, before: Vec<Expr>, value: &Expr, ranges: &Ranges) -> Expr {
        let definition = |((name, _), value): (&(Name, Ast), Expr)| Definition {
            name: Symbol::from(name),
            value,
            written: None,
            span: Span::default(),
        };
        let before = self.before.iter().zip(before).map(definition).collect();
        fill::expression(before, value, &self.indices, ranges)
    }

    /// What the indices run over.
    ///
    /// # Errors
    /// Where nothing says it, and where the families and arrays it stands at say different things.
    pub fn ranges<'a>(&'a self, known: &Environment, elaborator: &mut Elaborator<'a>) -> Result<Ranges, Error> {
        let mut ranges = Ranges::default();
        for (id, binding) in self.indices.bindings.iter().enumerate() {
            let free = known.letters.get(id).map(|i| (i.first.clone(), i.last.clone()));
            let range = match (&binding.range, free) {
                (_, Some(range)) => range,
                (Some((first, last)), None) => (elaborator.polynomial(first)?, elaborator.polynomial(last)?),
                (None, None) => self.told(id, known, elaborator)?,
            };
            ranges.bindings.push(Some(range));
        }
        Ok(ranges)
    }
}
