//! What is known of names when a single expression is read.

use crate::expr::{Name, Shape, Space, Symbol, Variable};
use crate::program::{FunctionDefinition, Program};
use crate::syntax::Scope;
use std::collections::{BTreeMap, BTreeSet};

/// The names of a program, or of a rule.
#[derive(Clone, Debug, Default)]
pub struct Environment {
    /// What names of variables stand for: inputs and definitions.
    pub variables: BTreeMap<Name, Variable>,
    /// Abstract elementwise functions.
    pub functions: BTreeSet<Name>,
    /// Functions of whole arrays.
    pub fields: BTreeMap<Name, Space>,
    /// Names of sizes.
    pub sizes: BTreeSet<Name>,
    /// Functions the document defines.
    pub defined_functions: Vec<FunctionDefinition>,
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

    /// The scope in which the parser reads an expression over these names; `rules` admits the notation of rules. Sizes
    /// are numbers: `n (a + b)` is a product.
    pub fn scope(&self, rules: bool) -> Scope {
        let defined = self.defined_functions.iter().map(|f| f.name.clone());
        let several = self.defined_functions.iter().filter(|f| f.parameters.len() > 1);
        Scope {
            variables: self.variables.keys().chain(&self.sizes).cloned().collect(),
            functions: self.functions.iter().chain(self.fields.keys()).cloned().chain(defined).collect(),
            parameters: several.map(|f| (f.name.clone(), f.parameters.clone())).collect(),
            rules,
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
        };
        program.shapes().for_each(|(symbol, shape)| environment.add(symbol, shape));
        environment
    }
}
