//! What is known of names when a single expression is read.

use crate::expr::{Name, Shape};
use crate::program::{FunctionDefinition, Program};
use crate::syntax::Scope;
use std::collections::{BTreeMap, BTreeSet};

/// The names of a program, or of a rule.
#[derive(Clone, Debug, Default)]
pub struct Environment {
    /// Inputs and definitions with their shapes.
    pub variables: BTreeMap<Name, Shape>,
    /// Abstract elementwise functions.
    pub functions: BTreeSet<Name>,
    /// Names of sizes.
    pub sizes: BTreeSet<Name>,
    /// Functions the document defines.
    pub defined_functions: Vec<FunctionDefinition>,
}

impl Environment {
    /// The scope in which the parser reads an expression over these names; `rules` admits the notation of rules. Sizes
    /// are numbers: `n (a + b)` is a product.
    pub fn scope(&self, rules: bool) -> Scope {
        let defined = self.defined_functions.iter().map(|f| f.name.clone());
        Scope {
            variables: self.variables.keys().chain(&self.sizes).cloned().collect(),
            functions: self.functions.iter().cloned().chain(defined).collect(),
            rules,
        }
    }
}

impl From<&Program> for Environment {
    fn from(program: &Program) -> Environment {
        let inputs = program.inputs.iter().map(|i| (i.name.clone(), i.shape.clone()));
        let definitions = program.definitions.iter().map(|d| (d.name.clone(), d.value.shape().clone()));
        Environment {
            variables: inputs.chain(definitions).filter(|(n, _)| !n.as_str().is_empty()).collect(),
            functions: program.functions.iter().cloned().collect(),
            sizes: program.sizes.iter().cloned().collect(),
            defined_functions: program.defined_functions.clone(),
        }
    }
}
