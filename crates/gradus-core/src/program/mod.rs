//! A document as a program: inputs with their shapes and facts, and definitions in order.

mod inline;

pub use inline::Inliner;

use crate::diag::{Note, Span};
use crate::expr::{Expr, Gathering, Index, Indexed, Name, Place, Shape, Size, Space, Symbol};
use crate::syntax::{Ast, Attribute, ProductSigns, WrittenPlace, split_index};
use std::collections::{BTreeMap, BTreeSet};

/// An input of the program: a variable nobody defines.
#[derive(Clone, Debug, PartialEq)]
pub struct Input {
    /// Its name.
    pub name: Symbol,
    /// Its sizes, declared or inferred.
    pub shape: Shape,
    /// The facts declared of it.
    pub attributes: Vec<Attribute>,
    /// Whether the document declares it.
    pub declared: bool,
    /// Where it is declared, or first used.
    pub span: Span,
}

impl Input {
    /// Constants never appear among the default targets.
    pub fn is_constant(&self) -> bool {
        self.attributes.contains(&Attribute::Constant)
    }
}

/// A definition `name = value`.
#[derive(Clone, Debug)]
pub struct Definition {
    /// Its name.
    pub name: Symbol,
    /// Over inputs and earlier definitions.
    pub value: Expr,
    /// As the author wrote it; `None` for definitions gradus introduced.
    pub written: Option<Ast>,
    /// Where it stands.
    pub span: Span,
}

impl Definition {
    /// The definition with another value, which the author may not have written so.
    pub fn with_value(&self, value: Expr) -> Definition {
        let written = self.written.as_ref().filter(|_| value == self.value).cloned();
        Definition { name: self.name.clone(), value, written, span: self.span }
    }
}

/// A function the document defines, `g(t) = body` or `g(a, b) = body`. Elaboration unfolds its calls.
#[derive(Clone, Debug)]
pub struct FunctionDefinition {
    /// Its name.
    pub name: Name,
    /// What its value is written in.
    pub parameters: Vec<Name>,
    /// Its value, as written.
    pub body: Ast,
    /// Where it stands.
    pub span: Span,
}

/// A condition on sizes, `n = 3`, `k n = 6`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SizeCondition {
    /// One side.
    pub left: Size,
    /// The other side.
    pub right: Size,
    /// Where it stands.
    pub span: Span,
}

/// How a document was read where it does not say what it means.
#[derive(Clone, Debug, Default)]
pub struct Reading {
    /// Names whose kind is not that of their letter.
    pub overruled: Vec<Name>,
    /// Functions that nobody declares and that are read as functions of vectors.
    pub fields: Vec<Name>,
    /// Functions that nobody declares, of lone vectors, that are read as working entry by entry.
    pub entrywise: Vec<Name>,
    /// Letters before brackets that were read as factors, with their brackets.
    pub products: Vec<String>,
    /// Letters before brackets that were read as functions, where a factor fits too, with their brackets.
    pub calls: Vec<String>,
    /// Scalars with undeclared names that are added to every entry of an array.
    pub broadcasts: Vec<String>,
    /// What is to be said first: the value is no scalar although its name says so.
    pub head: Option<String>,
    /// Sizes that stand for numbers, as in `1/n`.
    pub sizes: Vec<Name>,
    /// Why each undeclared name is what it is.
    pub reasons: BTreeMap<Name, String>,
}

/// A typed document.
#[derive(Clone, Debug, Default)]
pub struct Program {
    /// In the order of their first appearance in the document (declaration or use).
    pub inputs: Vec<Input>,
    /// Abstract elementwise functions, in order of appearance.
    pub functions: Vec<Name>,
    /// Functions of whole arrays that nobody defines, f: ℝⁿ → ℝ, c: ℝⁿ → ℝᵐ.
    pub fields: BTreeMap<Name, Space>,
    /// Functions the document defines, for the claims and targets that call them.
    pub defined_functions: Vec<FunctionDefinition>,
    /// What the heads of definitions list: `g(x) = …`.
    pub heads: BTreeMap<Name, Vec<Name>>,
    /// In dependency order; each refers to inputs and earlier definitions by `Op::Variable`.
    pub definitions: Vec<Definition>,
    /// The name of the last definition or bare expression of the document. A bare expression is a definition of `Symbol::Bare`.
    pub main: Option<Symbol>,
    /// What was assumed.
    pub reading: Reading,
    /// Equations between sizes that hold in the document.
    pub conditions: Vec<SizeCondition>,
    /// Size names in order of appearance.
    pub sizes: Vec<Name>,
    /// Sums and elementwise products in the order their author wrote them: the core sorts, printing does not.
    pub orders: Vec<(Expr, Vec<Expr>)>,
    /// True when the document writes decimals (`0.5`), so that results do too.
    pub decimals: bool,
    /// In what programs' spelling it is written.
    pub dialect: ProductSigns,
    /// What its reader should know.
    pub notes: Vec<Note>,
    /// The indices of the families among the inputs, and the free ones of definitions: `x_i`, `z_i = …`. Their shapes are those
    /// of a member then. What has no index has no entry.
    pub plates: BTreeMap<Symbol, Vec<Index>>,
    /// What is random, and what the distribution it is drawn from speaks of, `p_θ` of `x ∼ p_θ`.
    pub drawn: BTreeMap<Symbol, BTreeSet<Name>>,
    /// Distributions, and the logarithms of their densities at a sample, where the document says them.
    pub densities: BTreeMap<Name, Expr>,
}

impl Program {
    /// What a name stands for: what the author calls so, else what gradus does.
    pub fn symbol(&self, name: &Name) -> Option<Symbol> {
        let own = Symbol::from(name);
        let made = || self.shapes().map(|(s, _)| s).find(|s| s.is_written(name)).cloned();
        if self.shape(&own).is_some() { Some(own) } else { made() }
    }

    /// A member of a family by its name: `x_i`, `A_ij`, with its shape.
    pub fn member(&self, name: &Name) -> Option<(Symbol, Shape)> {
        let (base, places) = split_index(name)?;
        let family = self.symbol(&base)?;
        self.plates.get(&family).filter(|plate| plate.len() == places.len())?;
        let place = |p: WrittenPlace| {
            let letters = p.letter.into_iter().map(|l| (l, 1)).chain(p.others.into_iter().map(|(n, l)| (l, n)));
            Place::of(letters.collect(), Size::constant(p.offset))
        };
        let at = places.into_iter().map(place).collect();
        let shape = self.shape(&family)?.clone();
        Some((Indexed::Member { family, at }.symbol(), shape))
    }

    /// Every name that means something in the document, or in what became of it.
    pub fn names(&self) -> BTreeSet<Name> {
        self.each_name().cloned().collect()
    }

    /// The same, in no order, and some more than once.
    pub fn each_name(&self) -> impl Iterator<Item = &Name> {
        let symbols = self.shapes().filter_map(|(s, _)| s.name());
        let defined = self.defined_functions.iter().map(|f| &f.name);
        symbols.chain(&self.functions).chain(self.fields.keys()).chain(&self.sizes).chain(defined)
    }

    /// Whether something in it depends on an index.
    pub fn is_indexed(&self) -> bool {
        let indexed = |d: &Definition| d.value.has_variable(|v| v.as_indexed().is_some());
        !self.plates.is_empty() || self.definitions.iter().any(indexed)
    }

    /// The indices over samples: those of its expectations.
    pub fn samples(&self) -> Vec<Index> {
        let mut found = vec![];
        self.definitions.iter().for_each(|d| samples_of(&d.value, &mut found));
        found
    }

    /// The input of this name.
    pub fn input(&self, name: &Symbol) -> Option<&Input> {
        self.inputs.iter().find(|i| i.name == *name)
    }

    /// The definition of this name.
    pub fn definition(&self, name: &Symbol) -> Option<&Definition> {
        self.definitions.iter().find(|d| d.name == *name)
    }

    /// The shape of an input or a definition.
    pub fn shape(&self, name: &Symbol) -> Option<&Shape> {
        self.input(name).map(|i| &i.shape).or_else(|| self.definition(name).map(|d| d.value.shape()))
    }

    /// The shapes of all inputs and definitions.
    pub fn shapes(&self) -> impl Iterator<Item = (&Symbol, &Shape)> {
        let inputs = self.inputs.iter().map(|i| (&i.name, &i.shape));
        inputs.chain(self.definitions.iter().map(|d| (&d.name, d.value.shape())))
    }

    /// The definitions as a map, for substitution.
    pub fn values(&self) -> BTreeMap<Symbol, Expr> {
        self.definitions.iter().map(|d| (d.name.clone(), d.value.clone())).collect()
    }
}

fn samples_of(e: &Expr, found: &mut Vec<Index>) {
    match e.as_variable().and_then(|v| v.name.as_indexed()) {
        Some(Indexed::Gathered { by, over, body, .. }) => {
            if *by == Gathering::Expectation {
                found.extend(over.iter().filter(|i| !found.contains(i)).cloned().collect::<Vec<_>>());
            }
            samples_of(body, found);
        }
        Some(Indexed::Stack { body, .. } | Indexed::Entry { of: body, .. }) => samples_of(body, found),
        Some(Indexed::Member { .. } | Indexed::Number(_)) | None => {}
    }
    e.args().iter().for_each(|a| samples_of(a, found));
}
