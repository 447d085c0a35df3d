//! What is known of names when a single expression is read.

use super::indices::SAMPLE;
use crate::expr::{Index, Indexed, Name, Shape, Space, Symbol, Variable, stacked_shape, variable};
use crate::program::{FunctionDefinition, Program};
use crate::syntax::{ProductSigns, Scope};
use std::collections::{BTreeMap, BTreeSet};

/// A family of a program.
#[derive(Clone, Debug)]
pub struct KnownFamily {
    /// The shape of a member.
    pub member: Shape,
    /// What its indices run over.
    pub plate: Vec<Index>,
}

/// The names of a program, or of a rule.
#[derive(Clone, Debug, Default)]
pub struct Environment {
    /// What names of variables stand for: inputs and definitions, families as the arrays of their members.
    pub variables: BTreeMap<Name, Variable>,
    /// Abstract elementwise functions.
    pub functions: BTreeSet<Name>,
    /// Functions of whole arrays.
    pub fields: BTreeMap<Name, Space>,
    /// Names of sizes.
    pub sizes: BTreeSet<Name>,
    /// Functions the document defines.
    pub defined_functions: Vec<FunctionDefinition>,
    /// What the heads of its definitions list.
    pub heads: BTreeMap<Name, Vec<Name>>,
    /// Families, by their names without an index.
    pub families: BTreeMap<Name, KnownFamily>,
    /// The indices that are free in what is read.
    pub letters: Vec<Index>,
    /// What the signs of products mean in it, beside what it says itself.
    pub dialect: ProductSigns,
}

impl Environment {
    /// One more variable. The author's own keep their names; what cannot be written is left out.
    pub fn add(&mut self, symbol: &Symbol, shape: &Shape) {
        let Some(name) = symbol.name() else { return };
        let variable = Variable { name: symbol.clone(), shape: shape.clone() };
        match symbol {
            Symbol::Named(_) => drop(self.variables.insert(name.clone(), variable)),
            _ => drop(self.variables.entry(name.clone()).or_insert(variable)),
        }
    }

    /// What is random under an expectation.
    pub(super) fn samples(&self) -> impl Iterator<Item = &Name> {
        let sampled = |f: &KnownFamily| f.plate.iter().any(|i| i.letter.as_str() == SAMPLE);
        self.families.iter().filter(move |(_, f)| sampled(f)).map(|(name, _)| name)
    }

    /// The matrix whose rows `x_i` are where nothing is called x: X.
    pub fn matrix_of_rows(&self, base: &Name) -> Option<&Variable> {
        let known = |name: &Name| self.variables.contains_key(name) || self.families.contains_key(name);
        let capital = Name::new(&base.as_str().to_uppercase());
        let matrix = self.variables.get(&capital).filter(|_| capital != *base && !known(base))?;
        let Shape { rows, cols } = &matrix.shape;
        (!rows.is_one() && !cols.is_one()).then_some(matrix)
    }

    /// A family, whole where it is an array.
    fn add_family(&mut self, program: &Program, symbol: &Symbol, plate: &[Index]) {
        let (Some(name), Some(member)) = (symbol.name(), program.shape(symbol)) else { return };
        self.families.insert(name.clone(), KnownFamily { member: member.clone(), plate: plate.to_vec() });
        let Some(shape) = stacked_shape(plate, member) else { return };
        let whole = if program.input(symbol).is_some() {
            symbol.clone()
        } else {
            let at = plate.iter().map(Index::place).collect();
            let body = variable(Indexed::Member { family: symbol.clone(), at }.symbol(), member);
            Indexed::Stack { over: plate.to_vec(), body }.symbol()
        };
        self.variables.insert(name.clone(), Variable { name: whole, shape });
    }

    /// The scope in which the parser reads an expression over these names; `rules` admits the notation of rules. Sizes
    /// are numbers: `n (a + b)` is a product.
    pub fn scope(&self, rules: bool) -> Scope {
        let defined = self.defined_functions.iter().map(|f| f.name.clone());
        let several = self.defined_functions.iter().filter(|f| f.parameters.len() > 1);
        Scope {
            variables: self.variables.keys().chain(&self.sizes).cloned().collect(),
            functions: self.functions.iter().chain(self.fields.keys()).cloned().chain(defined).collect(),
            parameters: several.map(|f| (f.name.clone(), f.parameters.clone())).collect(),
            heads: self.heads.clone(),
            families: self.families.keys().chain(self.variables.keys()).cloned().collect(),
            letters: self.letters.iter().map(|i| i.letter.clone()).collect(),
            rules,
            dialect: self.dialect,
            glued: BTreeMap::new(),
        }
    }
}

impl From<&Program> for Environment {
    fn from(program: &Program) -> Environment {
        let mut environment = Environment {
            variables: BTreeMap::new(),
            functions: program.functions.iter().cloned().collect(),
            fields: program.fields.clone(),
            sizes: program.sizes.iter().cloned().collect(),
            defined_functions: program.defined_functions.clone(),
            heads: program.heads.clone(),
            families: BTreeMap::new(),
            letters: vec![],
            dialect: ProductSigns::default(),
        };
        let lone = program.shapes().filter(|(symbol, _)| !program.plates.contains_key(*symbol));
        lone.for_each(|(symbol, shape)| environment.add(symbol, shape));
        program.plates.iter().for_each(|(symbol, plate)| environment.add_family(program, symbol, plate));
        environment
    }
}
