//! What the names of a document are: declared, defined, called, sizes, or inputs by convention.

use super::indices::Indices;
use super::kinds;
use crate::diag::{Error, Errors, Kind, Note, Span};
use crate::expr::{Axis, Builtin, Elementwise, Name, Slope, Symbol};
use crate::syntax::{
    Ast, BinaryOp, Bound, Declaration, DeclaredShape, Document, Statement, Syntax, WrittenCondition, prelude,
};
use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

/// A definition of the document, or its bare expression.
pub(super) struct Defined<'a> {
    pub name: Symbol,
    pub span: Span,
    pub value: &'a Ast,
}

/// A function the document defines.
#[derive(Clone, Copy)]
pub(super) struct UserFunction<'a> {
    pub parameters: &'a [Name],
    pub body: &'a Ast,
    pub span: Span,
    /// Its body is of another text than the one that calls it.
    pub foreign: bool,
}

/// The names of a document, each with its role.
#[derive(Default)]
pub(super) struct Names<'a> {
    pub declarations: BTreeMap<Name, &'a Declaration>,
    pub definitions: Vec<Defined<'a>>,
    pub user_functions: BTreeMap<Name, UserFunction<'a>>,
    /// Abstract functions in order of appearance, with the place of the first.
    pub functions: Vec<(Name, Span)>,
    pub sizes: Vec<Name>,
    /// Equations between sizes.
    pub conditions: Vec<(&'a Ast, &'a Ast)>,
    /// Conditions read from a definition of a size, `n = 3`.
    pub fixed_sizes: Vec<(Name, Span, &'a Ast)>,
    /// Inputs in order of first appearance, with its place.
    pub inputs: Vec<(Name, Span)>,
    /// π and I where they are of these.
    own_constants: BTreeSet<Name>,
    /// What the names of a skeleton stand for.
    pub indices: Option<&'a Indices>,
    /// Index of each definition.
    pub index: BTreeMap<Symbol, usize>,
    uncalled: BTreeSet<Name>,
    /// The definitions that others use, once they were asked for.
    used: OnceCell<BTreeSet<usize>>,
    /// A derivative of each function that is differentiated in the text.
    pub slopes: BTreeMap<Name, Slope>,
}

/// Functions whose arguments are sizes, from the argument with this index on.
fn first_size_argument(function: &str, arguments: usize) -> Option<usize> {
    match function {
        "eye" | "ones" | "zeros" | "tril" | "dup" => Some(0),
        "K" if arguments == 2 => Some(0),
        "unit" => Some(0),
        "unvec" => Some(1),
        _ => None,
    }
}

/// Names that mean something without being declared.
pub(super) fn is_constant_name(name: &Name) -> bool {
    matches!(name.as_str(), "I" | "eye" | "ones" | "zeros" | "𝟏" | "π" | "…")
}

/// `e_3` is a column of the identity.
pub(super) fn unit_index(name: &Name) -> Option<&str> {
    name.as_str().strip_prefix("e_").filter(|i| !i.is_empty())
}

/// The arguments of a call that are expressions: `rows` and `cols` are not.
fn expression_arguments(function: &str, args: &[Ast]) -> usize {
    let args = &args[..args.iter().take_while(|a| !matches!(a.kind, Syntax::Keyword(..))).count()];
    let axis = Builtin::from_spelling(function).is_some_and(Builtin::takes_axis);
    let is_axis = |a: &Ast| matches!(&a.kind, Syntax::Name(n) if Axis::from_word(n.as_str()).is_some());
    if axis && args.len() == 2 && is_axis(&args[1]) { 1 } else { args.len() }
}

/// Every node of a tree, in the order of the text, without recursion: sums and products may be long.
pub(super) fn visit<'a>(ast: &'a Ast, f: &mut dyn FnMut(&'a Ast)) {
    let mut stack = vec![ast];
    while let Some(node) = stack.pop() {
        f(node);
        let first = stack.len();
        push_children(node, &mut stack);
        stack[first..].reverse();
    }
}

fn push_children<'a>(node: &'a Ast, stack: &mut Vec<&'a Ast>) {
    match &node.kind {
        Syntax::Number(_) | Syntax::Name(_) | Syntax::Partial(_) | Syntax::Keyword(..) => {}
        Syntax::Call { function, args, .. } => stack.extend(&args[..expression_arguments(function.as_str(), args)]),
        Syntax::Slope { args, .. } => stack.extend(args),
        Syntax::Sum(terms) => stack.extend(terms.iter().map(|(_, t)| t)),
        Syntax::Neg(a) | Syntax::Transpose(a) | Syntax::Inverse(a) | Syntax::Norm(_, a) | Syntax::Bars(a) => {
            stack.push(a)
        }
        Syntax::Power(a, b) if is_euler(a) => stack.push(b),
        Syntax::Binary(_, a, b) | Syntax::Power(a, b) | Syntax::ElementPower(a, b) => stack.extend([&**a, &**b]),
        Syntax::Matrix(rows) => stack.extend(rows.iter().flatten()),
        Syntax::Slice { base, rows, cols } => {
            stack.push(base);
            stack.extend([&*rows.0, &*rows.1]);
            stack.extend(cols.iter().flat_map(|c| [&*c.0, &*c.1]));
        }
        Syntax::Entry { base, at } => {
            stack.push(base);
            stack.extend(at);
        }
        Syntax::Gathered { over, when, body, .. } => {
            stack.extend(over.iter().flat_map(Bound::expressions));
            stack.extend(when.iter().flat_map(WrittenCondition::sides));
            stack.push(body);
        }
        Syntax::Iverson(comparison) => stack.extend(comparison.sides()),
    }
}

/// π, a number unless it is transposed, listed by a head or asked for.
pub(super) fn is_pi(ast: &Ast) -> bool {
    matches!(&ast.kind, Syntax::Name(n) if n.as_str() == "π")
}

/// The `…` of ranges, the last place of what they are a part of.
pub(super) fn is_last_place(ast: &Ast) -> bool {
    matches!(&ast.kind, Syntax::Name(n) if n.as_str() == "…")
}

/// Whether a tree has such a place.
pub(super) fn has_last_place(ast: &Ast) -> bool {
    holds(ast, &is_last_place)
}

/// Whether a node of a tree is such.
fn holds(ast: &Ast, such: &dyn Fn(&Ast) -> bool) -> bool {
    let mut found = false;
    visit(ast, &mut |node| found |= such(node));
    found
}

/// The e of `e^{…}`.
pub(super) fn is_euler(ast: &Ast) -> bool {
    matches!(&ast.kind, Syntax::Name(n) if n.as_str() == "e")
}

fn names_in<'a>(ast: &'a Ast, f: &mut dyn FnMut(&'a Name)) {
    visit(ast, &mut |node| {
        if let Syntax::Name(name) = &node.kind {
            f(name);
        }
    });
}

/// The names of a size; `ncol(A)` speaks of a matrix.
fn names_of_size<'a>(ast: &'a Ast, f: &mut dyn FnMut(&'a Name)) {
    let mut stack = vec![ast];
    while let Some(node) = stack.pop() {
        match &node.kind {
            Syntax::Name(name) => f(name),
            Syntax::Call { .. } => {}
            _ => push_children(node, &mut stack),
        }
    }
}

impl<'a> Names<'a> {
    /// Reads the roles of all names; two statements that claim one name are an error.
    pub fn of(document: &'a Document, indices: Option<&'a Indices>) -> Result<Names<'a>, Errors> {
        let mut names = Names { indices, ..Names::default() };
        let mut errors = names.collect_statements(document);
        let bindings = indices.map_or(&[][..], |i| &i.bindings);
        for range in bindings.iter().filter_map(|b| b.range.as_ref()) {
            // `Σ_{i=1}^I`: the identity stands in expressions alone
            let speaks_of = |n: &Name| {
                let mut found = false;
                super::indices::expressions(document).for_each(|e| names_in(e, &mut |own| found |= own == n));
                found
            };
            let ends = [&range.0, &range.1].into_iter();
            ends.for_each(|end| {
                names_in(end, &mut |n| match n.as_str() == "I" && !speaks_of(n) {
                    true => names.add_size(n),
                    false => names.candidates(n),
                });
            });
        }
        indices.iter().flat_map(|i| i.sizes_of_places()).for_each(|n| names.candidates(n));
        let transposed = |node: &Ast| matches!(&node.kind, Syntax::Transpose(a) if is_pi(a));
        names.own_constants.clone_from(&document.own_constants);
        let pi = super::indices::expressions(document).any(|e| holds(e, &transposed));
        names.own_constants.extend(pi.then(|| Name::new("π")));
        names.split_size_definitions();
        names.index_definitions(&mut errors);
        names.check_roles(&mut errors);
        names.collect_uses(document);
        if errors.is_empty() { Ok(names) } else { Err(errors) }
    }

    fn collect_statements(&mut self, document: &'a Document) -> Errors {
        let mut errors = Vec::new();
        for statement in &document.statements {
            match statement {
                Statement::Declaration(d) => self.declare(d, &mut errors),
                Statement::FunctionDefinition { name, name_span, parameters, body } => {
                    let function = UserFunction { parameters, body, span: *name_span, foreign: false };
                    if let Some(first) = self.user_functions.insert(name.clone(), function) {
                        errors.push(twice(name, "defined", first.span, *name_span));
                    }
                    self.sizes_used(body);
                }
                Statement::Definition { name, name_span, value } => {
                    self.definitions.push(Defined { name: name.into(), span: *name_span, value });
                    self.sizes_used(value);
                }
                Statement::Expression(value) => {
                    self.definitions.push(Defined { name: Symbol::Bare, span: value.span, value });
                    self.sizes_used(value);
                }
                Statement::SizeCondition { left, right } => self.conditions.push((left, right)),
            }
        }
        errors
    }

    fn declare(&mut self, declaration: &'a Declaration, errors: &mut Errors) {
        if let Some(first) = self.declarations.insert(declaration.name.clone(), declaration) {
            errors.push(twice(&declaration.name, "declared", first.name_span, declaration.name_span));
        }
        match &declaration.shape {
            DeclaredShape::Sizes(sizes) => sizes.iter().for_each(|size| names_in(size, &mut |n| self.add_size(n))),
            DeclaredShape::Field { domain, codomain } => {
                domain.iter().chain(codomain).for_each(|size| names_in(size, &mut |n| self.add_size(n)));
            }
            DeclaredShape::Scalar | DeclaredShape::Elementwise | DeclaredShape::Unsaid(_) => {}
        }
    }

    fn add_size(&mut self, name: &Name) {
        if !self.sizes.contains(name) {
            self.sizes.push(name.clone());
        }
    }

    /// Names in the size arguments of `eye(n)`, `x[1..n]` and the like are sizes.
    fn sizes_used(&mut self, ast: &'a Ast) {
        let mut found = Vec::new();
        visit(ast, &mut |node| {
            if let Syntax::Call { function, args, .. } = &node.kind
                && let Some(first) = first_size_argument(function.as_str(), args.len())
            {
                found.extend(args.iter().skip(first));
            } else if let Syntax::Slice { rows, cols, .. } = &node.kind {
                found.extend([&*rows.0, &*rows.1]);
                found.extend(cols.iter().flat_map(|c| [&*c.0, &*c.1]));
            }
        });
        for size in found {
            names_of_size(size, &mut |n| self.candidates(n));
        }
    }

    /// A name in a size argument is a size unless it turns out to be a variable.
    fn candidates(&mut self, name: &Name) {
        if !is_constant_name(name) {
            self.add_size(name);
        }
    }

    /// `n = 3` is a condition when n is a size.
    fn split_size_definitions(&mut self) {
        let declared = &self.declarations;
        self.sizes.retain(|n| !declared.contains_key(n));
        let sizes: BTreeSet<Name> = self.sizes.iter().cloned().collect();
        for d in std::mem::take(&mut self.definitions) {
            match d.name.name().filter(|n| sizes.contains(*n)).cloned() {
                Some(size) => self.fixed_sizes.push((size, d.span, d.value)),
                None => self.definitions.push(d),
            }
        }
    }

    fn index_definitions(&mut self, errors: &mut Errors) {
        for (i, definition) in self.definitions.iter().enumerate() {
            let Some(first) = self.index.insert(definition.name.clone(), i) else { continue };
            let first = self.definitions[first].span;
            if definition.name == Symbol::Bare {
                let error = Error::new(
                    Kind::Name,
                    "the document has two expressions without a name; give each its own, `s = …`",
                );
                errors.push(error.at(definition.span, "the second").at(first, "the first"));
            } else {
                errors.push(twice(&definition.name, "defined", first, definition.span));
            }
        }
    }

    /// A name is a variable or a function or a size, not two of them.
    fn check_roles(&self, errors: &mut Errors) {
        for (name, function) in &self.user_functions {
            let other = self.declarations.get(name).map(|d| d.name_span);
            let other = other.or_else(|| self.index.get(&name.into()).map(|i| self.definitions[*i].span));
            if let Some(span) = other {
                errors.push(twice(name, "declared", span, function.span));
            }
        }
        for (name, i) in &self.index {
            if let Some(declaration) = name.name().and_then(|n| self.declarations.get(n))
                && declaration.shape.is_function()
            {
                errors.push(twice(name, "declared", declaration.name_span, self.definitions[*i].span));
            }
        }
        errors.sort_by_key(|e| e.labels.first().map(|l| l.span));
    }

    /// Inputs and abstract functions, by their first appearance in the text.
    fn collect_uses(&mut self, document: &'a Document) {
        let mut bodies: Vec<(&'a Ast, &'a [Name])> = self.definitions.iter().map(|d| (d.value, &[][..])).collect();
        bodies.extend(self.user_functions.values().map(|f| (f.body, f.parameters)));
        for (body, bound) in bodies {
            names_in(body, &mut |n| {
                if !bound.contains(n) {
                    self.uncalled.insert(n.clone());
                }
            });
        }
        let (mut seen_inputs, mut seen_functions) = (BTreeSet::new(), BTreeSet::new());
        for statement in &document.statements {
            match statement {
                Statement::Declaration(d) => self.use_declaration(d, &mut seen_inputs, &mut seen_functions),
                Statement::FunctionDefinition { parameters, body, .. } => {
                    self.use_expression(body, parameters, &mut seen_inputs, &mut seen_functions);
                }
                Statement::Definition { name, value, .. } if self.index.contains_key(&name.into()) => {
                    self.use_expression(value, &[], &mut seen_inputs, &mut seen_functions);
                }
                Statement::Expression(value) => self.use_expression(value, &[], &mut seen_inputs, &mut seen_functions),
                Statement::Definition { .. } | Statement::SizeCondition { .. } => {}
            }
        }
    }

    fn use_declaration(
        &mut self,
        declaration: &Declaration,
        inputs: &mut BTreeSet<Name>,
        functions: &mut BTreeSet<Name>,
    ) {
        let name = &declaration.name;
        if declaration.shape.is_function() {
            if functions.insert(name.clone()) {
                self.functions.push((name.clone(), declaration.name_span));
            }
        } else if !self.index.contains_key(&name.into()) && inputs.insert(name.clone()) {
            self.inputs.push((name.clone(), declaration.name_span));
        }
    }

    fn use_expression(
        &mut self,
        ast: &'a Ast,
        bound: &[Name],
        inputs: &mut BTreeSet<Name>,
        functions: &mut BTreeSet<Name>,
    ) {
        let mut found = Vec::new();
        visit(ast, &mut |node| {
            if let Syntax::Slope { slope, function, .. } = &node.kind {
                self.slopes.insert(function.clone(), *slope);
            }
            if let Syntax::Name(name) = &node.kind {
                found.push((name, node.span, false));
            } else if let Syntax::Call { function, function_span, .. } | Syntax::Slope { function, function_span, .. } =
                &node.kind
            {
                found.push((function, *function_span, true));
            }
        });
        for (name, span, called) in found {
            if bound.contains(name) {
                continue;
            }
            if called && self.is_function(name) {
                if !self.is_known_function(name) && functions.insert(name.clone()) {
                    self.functions.push((name.clone(), span));
                }
            } else {
                let name = self.actual(name);
                if self.is_input(name) && inputs.insert(name.clone()) {
                    self.inputs.push((name.clone(), span));
                }
            }
        }
    }

    /// The name whose kind and shape this one has.
    pub fn actual<'n>(&self, name: &'n Name) -> &'n Name
    where
        'a: 'n,
    {
        self.indices.map_or(name, |indices| indices.actual(name))
    }

    /// t, where it is the argument of functions nobody declares, `h_0(t)`, or a factor, `v_0 + a t`, and nothing else: a time is a number.
    pub fn is_time(&self, name: &Name) -> bool {
        let mut uses = 0;
        let mut calls = 0;
        let is_t = |ast: &Ast| matches!(&ast.kind, Syntax::Name(n) if n == name);
        for definition in self.definitions.iter().filter(|_| name.as_str() == "t") {
            visit(definition.value, &mut |node| {
                uses += usize::from(is_t(node));
                if let Syntax::Binary(BinaryOp::Mul | BinaryOp::Dot, a, b) | Syntax::Power(a, b) = &node.kind {
                    calls += usize::from(is_t(a)) + usize::from(is_t(b));
                }
                let Syntax::Call { function, args, .. } = &node.kind else { return };
                let sigmoid = function.as_str().split('_').next() == Some("σ");
                let open = self.functions.iter().any(|(f, _)| f == function) && !sigmoid;
                calls +=
                    usize::from(open && !self.declarations.contains_key(function) && args.len() == 1 && is_t(&args[0]));
            });
        }
        uses > 0 && uses == calls
    }

    /// True when a called name is a function: it is one already, or nothing says it is a variable.
    pub fn is_function(&self, name: &Name) -> bool {
        match self.declarations.get(name) {
            Some(declaration) => declaration.shape.is_function(),
            None if self.index.contains_key(&name.into()) => false,
            None => self.is_known_function(name) || !self.uncalled.contains(name),
        }
    }

    fn is_known_function(&self, name: &Name) -> bool {
        self.user_functions.contains_key(name) || is_builtin_function(name)
    }

    fn is_input(&self, name: &Name) -> bool {
        if let Some(declaration) = self.declarations.get(name) {
            return !declaration.shape.is_function() && !self.index.contains_key(&name.into());
        }
        if self.indices.is_some_and(|indices| indices.is_own(name)) {
            return false;
        }
        let constant = is_constant_name(name) && !self.own_constants.contains(name);
        let constant = constant || unit_index(name).is_some_and(|i| self.is_unit_index(i));
        !constant
            && !self.index.contains_key(&name.into())
            && !self.user_functions.contains_key(name)
            && !self.sizes.contains(name)
            && !self.functions.iter().any(|(f, _)| f == name)
    }

    pub fn is_unit_index(&self, index: &str) -> bool {
        index.parse::<u32>().is_ok() || self.sizes.iter().any(|s| s.as_str() == index)
    }

    /// The definitions in an order in which each follows those it uses; as written where possible.
    pub fn order(&self) -> Result<Vec<usize>, Error> {
        let uses: Vec<BTreeSet<usize>> = self.definitions.iter().map(|d| self.uses(d.value)).collect();
        let mut users: Vec<Vec<usize>> = vec![Vec::new(); uses.len()];
        for (user, used) in uses.iter().enumerate() {
            used.iter().for_each(|&d| users[d].push(user));
        }
        let mut waiting: Vec<usize> = uses.iter().map(BTreeSet::len).collect();
        let mut ready: BTreeSet<usize> = (0..uses.len()).filter(|&i| waiting[i] == 0).collect();
        let mut order = Vec::new();
        while let Some(next) = ready.pop_first() {
            order.push(next);
            for &user in &users[next] {
                waiting[user] -= 1;
                if waiting[user] == 0 {
                    ready.insert(user);
                }
            }
        }
        if order.len() == uses.len() { Ok(order) } else { Err(self.cycle(&uses, &waiting)) }
    }

    /// The last definition or bare expression that no other uses; rather none that stands aside, after `where`, but for a loss:
    /// `p = softmax(z), L = -y^T log(p)` explains no p.
    pub fn main(&self, document: &Document) -> Option<usize> {
        let used = self.used.get_or_init(|| self.definitions.iter().flat_map(|d| self.uses(d.value)).collect());
        let ends = || (0..self.definitions.len()).rev().filter(|i| !used.contains(i));
        let aside = |i: &usize| self.definitions[*i].name.name().is_some_and(|n| document.asides.contains(n));
        let is_loss = |i: &usize| kinds::is_loss(&self.definitions[*i], document);
        let own = ends().find(|i| !aside(i));
        own.filter(is_loss).or_else(|| ends().find(|i| aside(i) && is_loss(i))).or(own).or_else(|| ends().next())
    }

    /// Values beside the one that is derived, of which none explains another.
    pub fn several_values(&self, document: &Document) -> Option<Note> {
        let main = self.main(document)?;
        let used = self.used.get()?;
        let others = (0..self.definitions.len()).filter(|i| *i != main && !used.contains(i));
        let name = |i: usize| self.definitions[i].name.to_string();
        let names: Vec<String> = others.map(name).collect();
        // sides of a comparison, terms of a Lagrangian and densities have names that nobody writes
        let spelled = |name: &String| document.text.contains(name.as_str()) || name.contains('_') || !name.is_ascii();
        let density = |name: &String| document.densities.keys().any(|d| name.starts_with(d.as_str()));
        let written = |name: &String| {
            name.starts_with(char::is_alphabetic) && !name.contains(' ') && spelled(name) && !density(name)
        };
        let all = !names.is_empty() && written(&name(main)) && names.iter().all(written);
        all.then(|| Note::warning(format!("{} is derived, not {}: --of says which", name(main), names.join(", "))))
    }

    /// The definitions an expression refers to, also through the functions it calls.
    pub fn uses(&self, ast: &'a Ast) -> BTreeSet<usize> {
        let mut used = BTreeSet::new();
        let mut called: BTreeSet<&Name> = BTreeSet::new();
        let mut bodies: Vec<(&Ast, &[Name])> = vec![(ast, &[])];
        while let Some((body, bound)) = bodies.pop() {
            visit(body, &mut |node| {
                let (Syntax::Name(name) | Syntax::Call { function: name, .. } | Syntax::Slope { function: name, .. }) =
                    &node.kind
                else {
                    return;
                };
                if bound.contains(name) {
                    return;
                }
                let needed = self.indices.map_or(name, |indices| indices.needs(name));
                if let Some(&index) = self.index.get(&needed.into()) {
                    used.insert(index);
                } else if let Some(function) = self.user_functions.get(name)
                    && called.insert(name)
                {
                    bodies.push((function.body, function.parameters));
                }
            });
        }
        used
    }

    /// The error for definitions that wait for each other.
    fn cycle(&self, uses: &[BTreeSet<usize>], waiting: &[usize]) -> Error {
        let mut path: Vec<usize> = Vec::new();
        let mut at = (0..uses.len()).find(|&i| waiting[i] > 0).unwrap_or(0);
        while !path.contains(&at) {
            path.push(at);
            at = uses[at].iter().copied().find(|&d| waiting[d] > 0).unwrap_or(at);
        }
        let cycle = &path[path.iter().position(|&i| i == at).unwrap_or(0)..];
        let first = &self.definitions[cycle[0]];
        let names: Vec<String> = cycle.iter().map(|&i| format!("`{}`", self.definitions[i].name)).collect();
        if cycle.len() == 1 {
            let message = format!("`{}` is defined by itself: the definition is cyclic", first.name);
            return Error::new(Kind::Name, message)
                .at(first.span, "defined here in terms of itself")
                .help("give the new value a name of its own");
        }
        let mut error = Error::new(Kind::Name, format!("the definitions of {} are cyclic", names.join(", ")));
        for &i in cycle {
            error = error.at(self.definitions[i].span, "waits for another of them");
        }
        error
    }

    /// Every name the document spells, so that a fresh one differs from all.
    pub fn all(&self) -> BTreeSet<Name> {
        let mut all: BTreeSet<Name> = self.inputs.iter().chain(&self.functions).map(|(n, _)| n.clone()).collect();
        all.extend(
            self.index.keys().filter_map(Symbol::name).chain(self.user_functions.keys()).chain(&self.sizes).cloned(),
        );
        all.extend(self.user_functions.values().flat_map(|f| f.parameters.iter().cloned()));
        all
    }
}

fn twice(name: &dyn std::fmt::Display, what: &str, first: Span, second: Span) -> Error {
    Error::new(Kind::Name, format!("`{name}` is already {what}: a name stands for one thing, not two"))
        .at(second, "again here")
        .at(first, format!("first {what} here"))
        .help("give one of the two another name")
}

/// Functions of the language that are neither in the tables of `expr` nor in the prelude.
pub(super) const FUNCTIONS: &[&str] = &[
    "max", "min", "clip", "norm", "norm2", "normF", "dot", "inner", "inv", "eye", "ones", "zeros", "unit", "K", "nrow",
    "ncol", "numel", "length", "tril", "dup", "unvec", "vector", "matrix",
];

/// True for every function of the language, in any of its spellings.
pub(super) fn is_builtin_function(name: &Name) -> bool {
    let text = name.as_str();
    let own = FUNCTIONS.contains(&text) || prelude::defines(name);
    own || Elementwise::from_spelling(text).is_some() || Builtin::from_spelling(text).is_some()
}
