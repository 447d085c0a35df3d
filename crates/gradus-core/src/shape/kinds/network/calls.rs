//! Calls in the network: functions of every kind, and what their arguments must be.

use super::super::super::names::{UserFunction, visit};
use super::super::super::unfold::scalar_body;
use super::super::rule::{Addends, Factors, SortRule};
use super::super::sort::{Cost, Sort};
use super::doubts::unsigned;
use super::{Builder, Doubt, ReadPart, UNFOLD_LIMIT, is_one, only};
use crate::diag::Span;
use crate::expr::{ArrayValue, Builtin, Elementwise, Name, PROGRAM_LAST_AXIS, PROGRAM_SECOND_AXIS, Slope};
use crate::syntax::prelude::{self, LanguageFunction};
use crate::syntax::{Ast, BinaryOp, DeclaredShape, Syntax, UnsaidShape};
use std::collections::BTreeSet;

impl<'a> Builder<'a> {
    pub(super) fn call(&mut self, function: &'a Name, args: &'a [Ast], span: Span) -> ReadPart {
        if let Some(left) = self.known.get(function).copied().filter(|_| !self.names.is_function(function)) {
            let right = self.expression(&args[0], false);
            return self.of(SortRule::Mul(Factors::default()), &[ReadPart { span, ..left }, right], span);
        }
        if let Some(body) = self.names.user_functions.get(function).copied() {
            return self.defined_call(function, body, args, span);
        }
        if let Some((applied, domain)) = self.applied(function, span) {
            let argument = self.expression(&args[0], false);
            return self.of(SortRule::Applied(domain), &[applied, argument], span);
        }
        if let Some(elementwise) = Elementwise::from_spelling(function.as_str()) {
            self.network.arrays |= is_of_networks(elementwise);
            if matches!(elementwise, Elementwise::Sin | Elementwise::Cos) {
                self.note_oscillation(&args[0]);
            }
            if elementwise == Elementwise::Exp {
                self.note_decay(&args[0]);
            }
            if elementwise == Elementwise::Step {
                self.note_threshold(&args[0]);
            }
            self.note_row_before(&args[0]);
            if matches!(elementwise, Elementwise::Sqrt | Elementwise::Log) {
                self.guard(&args[0]);
            }
            let argument = self.expression(&args[0], false);
            let spectral = matches!(elementwise, Elementwise::Sqrt | Elementwise::Log | Elementwise::Exp);
            let traced = spectral && argument.holds && self.traced.contains(&(span.start, span.end));
            if traced && self.is_of_letters(&args[0]) {
                self.network.doubts.push(Doubt::Spectral(argument.node, span));
            }
            if elementwise == Elementwise::Exp {
                self.network.raised.insert(argument.node);
            }
            let curve = argument.holds && is_curve(elementwise);
            // `\prod_{i: C_i = 1}`, `\sum_{j: Y_j \ge Y_i}`
            if matches!(elementwise, Elementwise::Step | Elementwise::IsZero) && self.holds_capital_member(&args[0]) {
                self.node(SortRule::Exponent, &[argument], span);
            }
            // counts and parameters of distributions
            if elementwise == Elementwise::Lgamma {
                self.node(SortRule::Head { sure: false, sums: false }, &[argument], span);
            }
            let value = self.of(SortRule::Same, &[argument], span);
            self.network.curves.extend(curve.then_some(value.node));
            return value;
        }
        if let Some(definition) = prelude::definitions(function, args.len()).last() {
            return self.in_prelude(definition, args, span);
        }
        match Builtin::from_spelling(function.as_str()) {
            Some(builtin) => self.builtin(builtin, args, span),
            None => self.named_call(function.as_str(), args, span),
        }
    }

    /// Undeclared letters, and nothing but such functions of them.
    fn is_of_letters(&self, argument: &Ast) -> bool {
        let mut letters = !matches!(&argument.kind, Syntax::Name(n) if self.names.declarations.contains_key(n));
        visit(argument, &mut |node| {
            if let Syntax::Call { function, .. } = &node.kind {
                letters &= matches!(function.as_str(), "log" | "exp" | "sqrt");
            }
        });
        letters
    }

    /// The node of an abstract function, and the sort of its arguments; of a declared one the reading is settled.
    fn applied(&mut self, function: &Name, span: Span) -> Option<(ReadPart, Option<Sort>)> {
        let (_, first) = self.names.functions.iter().find(|(f, _)| f == function)?;
        if let Some(declaration) = self.names.declarations.get(function) {
            let (values, domain) = declared_function(&declaration.shape);
            return Some((self.constant(values, span), domain));
        }
        let known = self.network.functions.iter().find(|(f, _)| f == function).map(|(_, node)| *node);
        let node = known.unwrap_or_else(|| {
            let node = self.node(SortRule::Leaf, &[], *first);
            self.network.nodes[node].costs = match self.names.slopes.get(function) {
                Some(Slope::Gradient | Slope::Hessian) => only(Sort::Scalar),
                Some(Slope::Jacobian | Slope::Weighted) => only(Sort::Vector),
                None if function.as_str().split('_').next() == Some("σ") => only(Sort::Matrix),
                None => Sort::ALL.map(|sort| match sort {
                    Sort::Matrix => Cost::ZERO,
                    Sort::Scalar => Cost::OVERRULED.times(2) + Cost::order(7),
                    Sort::Vector | Sort::Row => Cost::NEVER,
                }),
            };
            self.network.functions.push((function.clone(), node));
            node
        });
        Some((ReadPart::new(node, span), None))
    }

    pub(super) fn slope(&mut self, slope: Slope, function: &'a Name, args: &'a [Ast], span: Span) -> ReadPart {
        let Some((applied, domain)) = self.applied(function, span) else { return self.constant(Sort::Scalar, span) };
        let parts: Vec<ReadPart> = args.iter().map(|a| self.expression(a, false)).collect();
        let Some((point, weights)) = parts.split_last() else { return self.constant(Sort::Scalar, span) };
        for (sort, part) in weights.iter().map(|w| (Sort::Vector, w)).chain(domain.map(|d| (d, point))) {
            let wanted = self.constant(sort, part.span);
            self.node(SortRule::Declared, &[*part, wanted], part.span);
        }
        self.of(SortRule::Slope(slope), &[applied, *point], span)
    }

    fn defined_call(&mut self, name: &'a Name, function: UserFunction<'a>, args: &'a [Ast], span: Span) -> ReadPart {
        let arguments: Vec<ReadPart> = args.iter().map(|a| self.expression(a, false)).collect();
        if let [argument] = arguments[..]
            && self.is_entrywise(function)
        {
            self.parameters(function, argument, &mut BTreeSet::new());
            return self.of(SortRule::Same, &[argument], span);
        }
        if self.unfolding.contains(&name) || self.network.nodes.len() > UNFOLD_LIMIT {
            return ReadPart { node: self.node(SortRule::Leaf, &[], span), span, ..self.constant(Sort::Scalar, span) };
        }
        self.unfolding.push(name);
        let body = self.body(function, arguments);
        self.unfolding.pop();
        ReadPart { span, ..body }
    }

    /// The body with parts for the parameters.
    fn body(&mut self, function: UserFunction<'a>, arguments: Vec<ReadPart>) -> ReadPart {
        let bind =
            |(parameter, part): (&Name, ReadPart)| (parameter.clone(), self.known.insert(parameter.clone(), part));
        let hidden: Vec<(Name, Option<ReadPart>)> = function.parameters.iter().zip(arguments).map(bind).collect();
        let body = self.expression(function.body, false);
        for (parameter, part) in hidden {
            match part {
                Some(part) => drop(self.known.insert(parameter, part)),
                None => drop(self.known.remove(&parameter)),
            }
        }
        body
    }

    /// A body of the prelude: what it says of its arguments is no evidence of how they are spelled.
    fn in_prelude(&mut self, definition: &'static LanguageFunction, args: &'a [Ast], span: Span) -> ReadPart {
        self.network.arrays = true;
        let mut arguments = Vec::new();
        for (i, argument) in args.iter().enumerate() {
            let part = self.expression(argument, false);
            if definition.takes_scalar(i) {
                let scalar = self.constant(Sort::Scalar, span);
                self.node(SortRule::Declared, &[part, scalar], span);
            }
            arguments.push(ReadPart { open: false, lone: false, letters: false, capital: false, ..part });
        }
        let text = std::mem::replace(&mut self.text, definition.text);
        let place = self.place;
        self.place = place.or(Some(span));
        let body = self.body(definition.function(), arguments);
        (self.text, self.place) = (text, place);
        ReadPart { span, lone: false, ..body }
    }

    fn is_entrywise(&self, function: UserFunction<'a>) -> bool {
        let names = self.names;
        let is_function = |n: &Name| self.known.contains_key(n) || names.functions.iter().any(|(f, _)| f == n);
        let is_matrix = |n: &Name| match names.declarations.get(n).map(|d| &d.shape) {
            Some(DeclaredShape::Sizes(sizes)) => sizes.len() > 1 && !sizes.iter().any(is_one),
            Some(DeclaredShape::Unsaid(unsaid)) => matches!(unsaid, UnsaidShape::Matrix | UnsaidShape::Square),
            Some(DeclaredShape::Scalar | DeclaredShape::Elementwise | DeclaredShape::Field { .. }) | None => false,
        };
        scalar_body(function, &names.user_functions, &is_function).is_some_and(|free| !free.into_iter().any(is_matrix))
            && !self.multiplies_argument(function)
    }

    /// `r(x) = A x - b`, `f(x) = W*x .+ b`: an undeclared capital before the parameter is a matrix.
    fn multiplies_argument(&self, function: UserFunction<'a>) -> bool {
        let capital = |ast: &Ast| match &ast.kind {
            Syntax::Name(n) => self.known.get(n).is_some_and(|p| p.open && p.capital),
            _ => false,
        };
        let parameter = |ast: &Ast| matches!(&ast.kind, Syntax::Name(n) if function.parameters.contains(n));
        let mut found = false;
        visit(function.body, &mut |node| {
            if let Syntax::Binary(BinaryOp::Mul | BinaryOp::Star, left, right) = &node.kind {
                found |= capital(left) && parameter(right);
            }
        });
        found
    }

    /// The undeclared names of a function's body: the function is of one scalar, applied entry by entry.
    fn parameters(&mut self, function: UserFunction<'a>, argument: ReadPart, seen: &mut BTreeSet<&'a Name>) {
        let mut called = Vec::new();
        let mut used = BTreeSet::new();
        visit(function.body, &mut |node| match &node.kind {
            Syntax::Name(name) if !function.parameters.contains(name) => drop(used.insert(name)),
            Syntax::Call { function, .. } => called.push(function),
            _ => {}
        });
        for name in used {
            if let Some(part) = self.known.get(name).copied().filter(|p| p.lone) {
                self.node(SortRule::Parameter, &[part, argument], part.span);
            }
        }
        for name in called {
            if let Some(inner) = self.names.user_functions.get(name).copied()
                && seen.insert(name)
            {
                self.parameters(inner, argument, seen);
            }
        }
    }

    /// `tr(\log(A X))`, `tr(A X \log(B X))`, `tr(A - 2 \sqrt{B})`: the terms and factors that are functions of something.
    fn note_traced(&mut self, argument: &Ast) {
        let terms: Vec<&Ast> = match &argument.kind {
            Syntax::Sum(terms) => terms.iter().map(|(_, term)| term).collect(),
            _ => vec![argument],
        };
        for term in terms {
            let (first, rest) = unsigned(term).chain();
            let factors = std::iter::once(first).chain(rest.iter().map(|(_, factor)| *factor));
            let calls = factors.filter(|f| matches!(f.kind, Syntax::Call { .. }));
            self.traced.extend(calls.map(|call| (call.span.start, call.span.end)));
        }
    }

    fn builtin(&mut self, builtin: Builtin, args: &'a [Ast], span: Span) -> ReadPart {
        self.network.arrays = true;
        if matches!(builtin.about().value, ArrayValue::OfSquare(_)) {
            self.note_traced(&args[0]);
        }
        let a = self.expression(&args[0], false);
        let axis =
            args.iter().skip(1).find_map(|a| if let Syntax::Name(n) = &a.kind { Some(n.as_str()) } else { None });
        let whole = axis.is_none();
        let reduces = matches!(builtin.about().value, ArrayValue::Total);
        if axis == Some(PROGRAM_SECOND_AXIS) || reduces && axis == Some(PROGRAM_LAST_AXIS) {
            self.node(SortRule::Axes, &[a], span);
        }
        match builtin.about().value {
            ArrayValue::Total if !whole => self.of(SortRule::Always(Sort::Vector), &[a], span),
            // of programs, whose lines name what they reduce: `z = y @ y; z.mean()`
            ArrayValue::Total => {
                let open = a.open || a.holds && self.text.contains('@');
                self.scalar(SortRule::Norm { open }, &[a], span)
            }
            ArrayValue::OfSquare(_) => self.scalar(SortRule::OfSquare { open: a.open }, &[a], span),
            ArrayValue::Stacked => self.of(SortRule::Always(Sort::Vector), &[a], span),
            ArrayValue::Spread | ArrayValue::Diagonal | ArrayValue::OfThree => self.of(SortRule::Diag, &[a], span),
            ArrayValue::Along => self.of(SortRule::Along { open: a.open }, &[a], span),
            ArrayValue::Same => self.of(SortRule::Same, &[a], span),
        }
    }

    fn named_call(&mut self, function: &str, args: &'a [Ast], span: Span) -> ReadPart {
        self.network.arrays = true;
        let one = |i: usize| args.get(i).is_none_or(is_one);
        match (function, args) {
            ("eye" | "tril" | "unit", _) if one(0) => self.constant(Sort::Scalar, span),
            ("eye" | "tril" | "K", _) => self.constant(Sort::Matrix, span),
            ("unit", _) => self.constant(Sort::Vector, span),
            ("ones" | "zeros", _) => self.constant(Sort::new(one(0), one(1)), span),
            ("unvec", [v, ..]) => {
                let v = self.expression(v, false);
                self.of(SortRule::Always(Sort::new(one(1), one(2))), &[v], span)
            }
            ("vector" | "matrix", [entry]) => {
                let entry = self.expression(entry, false);
                let sort = if function == "vector" { Sort::Vector } else { Sort::Matrix };
                self.of(SortRule::Always(sort), &[entry], span)
            }
            ("norm" | "norm2" | "normF" | "nrow" | "ncol" | "numel" | "length", [a]) => {
                let a = self.expression(a, false);
                self.scalar(SortRule::Norm { open: a.open }, &[a], span)
            }
            ("inv", [a]) => {
                let a = self.expression(a, false);
                self.of(SortRule::Square { capital: false }, &[a], span)
            }
            ("dot" | "inner", [a, b]) => {
                let parts = [self.expression(a, false), self.expression(b, false)];
                for part in parts.iter().filter(|p| p.open) {
                    self.node(SortRule::Norm { open: true }, &[*part], span);
                }
                self.scalar(SortRule::Pair, &parts, span)
            }
            ("max" | "min", args) => {
                self.note_largest(args, span);
                self.several(args, span)
            }
            (_, args) => self.several(args, span),
        }
    }

    /// Arguments of one shape, scalars broadcast.
    fn several(&mut self, args: &'a [Ast], span: Span) -> ReadPart {
        let parts: Vec<ReadPart> = args.iter().map(|a| self.expression(a, false)).collect();
        let whole = parts.into_iter().reduce(|a, b| self.of(SortRule::Add(Addends::default()), &[a, b], span));
        let Some(whole) = whole else { return self.constant(Sort::Scalar, span) };
        ReadPart { span, lone: false, ..whole }
    }
}

/// What formulas of numbers have behind an amplitude.
fn is_curve(function: Elementwise) -> bool {
    use Elementwise::{Cos, Exp, Log, Sin, Sqrt, Tan};
    matches!(function, Sin | Cos | Tan | Exp | Log | Sqrt)
}

/// What neural networks apply to arrays, and no formula of scalars.
fn is_of_networks(function: Elementwise) -> bool {
    matches!(
        function,
        Elementwise::Tanh
            | Elementwise::Sigmoid
            | Elementwise::Relu
            | Elementwise::Softplus
            | Elementwise::Gelu
            | Elementwise::Silu
    )
}

/// The sorts of the values and of the arguments of a declared function; an elementwise one takes any.
fn declared_function(shape: &DeclaredShape) -> (Sort, Option<Sort>) {
    let DeclaredShape::Field { domain, codomain } = shape else { return (Sort::Matrix, None) };
    let size_one = |place: usize| domain.get(place).is_none_or(is_one);
    let values = if codomain.as_ref().is_none_or(is_one) { Sort::Scalar } else { Sort::Vector };
    (values, Some(Sort::new(size_one(0), size_one(1))))
}
