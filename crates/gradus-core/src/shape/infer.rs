//! From syntax trees to terms: every name and operator gets its shape, sizes are unified on the way.

use super::fields::WrittenSlope;
use super::kinds::Sort;
use super::names::{UserFunction, is_euler, unit_index};
use super::term::Term;
use super::unify::{Unifier, Unknown};
use crate::diag::{Error, Kind, Note, Span};
use crate::expr::{
    Axis, Builtin, Constant, Elementwise, Function, Map, Name, Op, Rational, Shape, Size, Space, Symbol, Variable,
};
use crate::syntax::{Ast, Syntax};
use std::collections::{BTreeMap, BTreeSet};

/// How deep expressions may nest, definitions of functions unfolded.
const DEPTH_LIMIT: usize = 600;

/// How an expression is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    /// A document: names are declared or follow the convention.
    Document,
    /// A claim, a target, printed output: every name is known.
    Expression,
    /// A rule: nodes stay as written, `…`, `d(A)` and `ip(G, A)` have their meaning.
    Pattern,
}

/// A variable the elaborator knows.
pub(super) struct KnownVariable {
    pub symbol: Symbol,
    pub shape: Shape,
    /// Its declaration, definition or first use.
    pub span: Option<Span>,
    pub declared: bool,
}

/// Elaborates expressions over known names.
pub(super) struct Elaborator<'a> {
    pub mode: Mode,
    pub sizes: Unifier,
    pub variables: BTreeMap<Name, KnownVariable>,
    /// Inputs in order of appearance; fresh size names follow it.
    pub inputs: Vec<Name>,
    pub functions: BTreeSet<Name>,
    /// Functions of whole arrays.
    pub fields: BTreeMap<Name, Space>,
    pub user_functions: BTreeMap<Name, UserFunction<'a>>,
    pub size_names: BTreeSet<Name>,
    /// Members of families, with the names that have their shapes.
    pub aliases: BTreeMap<Name, Name>,
    /// Those that stand for numbers somewhere.
    pub size_numbers: BTreeSet<Name>,
    /// Names a fresh size name must not take.
    pub taken: BTreeSet<Name>,
    /// The source, to quote operands in errors.
    pub text: Option<&'a str>,
    pub decimals: bool,
    pub notes: Vec<Note>,
    /// What the parameters of the function being unfolded stand for.
    pub(super) local: Vec<(Name, Term)>,
    /// Where a body of another text stands: at the call.
    pub(super) place: Option<Span>,
    /// What `…` is where a range is read: the size of the array it is a part of.
    pub(super) last_place: Option<Size>,
    /// What a softmax of a matrix goes along where it stands: a factor on the left weights rows, one on the right columns.
    pub(super) along: Option<Axis>,
    /// Inside a function definition products, quotients and powers are of scalars.
    pub(super) elementwise: bool,
    /// The text is one of NumPy's kind, with arrays of one axis.
    pub(super) axes: bool,
    pub(super) unfolding: Vec<Name>,
    depth: usize,
}

impl<'a> Elaborator<'a> {
    pub fn new(mode: Mode) -> Elaborator<'a> {
        Elaborator {
            mode,
            sizes: Unifier::default(),
            variables: BTreeMap::new(),
            inputs: Vec::new(),
            functions: BTreeSet::new(),
            fields: BTreeMap::new(),
            user_functions: BTreeMap::new(),
            size_names: BTreeSet::new(),
            aliases: BTreeMap::new(),
            size_numbers: BTreeSet::new(),
            taken: BTreeSet::new(),
            text: None,
            decimals: false,
            notes: Vec::new(),
            local: Vec::new(),
            place: None,
            last_place: None,
            along: None,
            elementwise: false,
            axes: false,
            unfolding: Vec::new(),
            depth: 0,
        }
    }

    /// An expression with its shape.
    pub fn expression(&mut self, ast: &'a Ast) -> Result<Term, Error> {
        if self.depth >= DEPTH_LIMIT {
            return Err(self.too_deep(self.place(ast)));
        }
        self.depth += 1;
        let term = self.dispatch(ast);
        self.depth -= 1;
        term
    }

    /// Where a piece of syntax stands in the text that is read.
    pub(super) fn place(&self, ast: &Ast) -> Span {
        self.place.unwrap_or(ast.span)
    }

    /// What a parameter stands for.
    pub(super) fn bound(&self, name: &Name) -> Option<&Term> {
        self.local.iter().find(|(parameter, _)| parameter == name).map(|(_, value)| value)
    }

    pub(super) fn too_deep(&self, span: Span) -> Error {
        Error::new(Kind::Limit, format!("the expression nests deeper than {DEPTH_LIMIT} levels"))
            .at(span, "here")
            .help("name parts of it in definitions of their own")
    }

    fn dispatch(&mut self, ast: &'a Ast) -> Result<Term, Error> {
        let span = self.place(ast);
        match &ast.kind {
            Syntax::Number(text) => self.number_literal(text, span),
            Syntax::Name(name) => self.name(name, span),
            Syntax::Partial(partial) => {
                Err(Error::new(Kind::Internal, format!("{partial} is a symbol, not an expression")).at(span, "here"))
            }
            Syntax::Keyword(setting, _) => {
                Err(Error::new(Kind::Syntax, format!("{setting} is a setting of a function")).at(span, "not a value"))
            }
            Syntax::Call { function, function_span, primes, args } => {
                self.call(function, self.place.unwrap_or(*function_span), *primes, args, span)
            }
            Syntax::Slope { slope, function, function_span, args } => {
                let head = self.place.unwrap_or(*function_span);
                self.slope_as_written(WrittenSlope { slope: *slope, function, args, head, span })
            }
            Syntax::Sum(terms) => self.sum(terms, span),
            Syntax::Neg(a) => {
                let a = self.expression(a)?;
                Ok(self.neg(a, span))
            }
            Syntax::Binary(..) => self.product(ast),
            Syntax::Transpose(a) => {
                let a = self.expression(a)?;
                Ok(self.transpose(a, span))
            }
            Syntax::Inverse(a) => {
                let a = self.expression(a)?;
                self.inverse(a, span)
            }
            Syntax::Power(base, exponent) => self.power(base, exponent, span),
            Syntax::ElementPower(base, exponent) => self.element_power(base, exponent, span),
            Syntax::Norm(kind, a) => {
                let a = self.expression(a)?;
                self.norm(kind, a, span)
            }
            Syntax::Bars(a) => {
                let a = self.expression(a)?;
                self.bars(a, span)
            }
            Syntax::Matrix(rows) => self.block(rows, span),
            Syntax::Slice { base, rows, cols } => self.slice(base, rows, cols.as_ref(), span),
            Syntax::Entry { .. } | Syntax::Gathered { .. } | Syntax::Iverson(_) => {
                Err(Error::new(Kind::Unsupported, "indices are not derived here").at(span, "this depends on an index"))
            }
        }
    }

    pub(super) fn number_literal(&mut self, text: &str, span: Span) -> Result<Term, Error> {
        self.decimals |= text.contains(['.', 'e', 'E']);
        match Rational::parse(text).filter(|n| n.to_f64().is_finite()) {
            Some(n) => Ok(self.number(n, span)),
            None => {
                Err(Error::new(Kind::Domain, format!("the number {text} is too large or too small to compute with"))
                    .at(span, "outside the range of floating point numbers, 1e-308 to 1e308"))
            }
        }
    }

    fn name(&mut self, name: &Name, span: Span) -> Result<Term, Error> {
        if let Some(value) = self.bound(name) {
            return Ok(if self.place.is_some() { value.clone() } else { value.spanning(span) });
        }
        if let Some(known) = self.aliases.get(name).and_then(|family| self.variables.get(family)) {
            return Ok(variable(&name.into(), known.shape.clone(), span));
        }
        if let Some(known) = self.variables.get(name) {
            return Ok(variable(&known.symbol, known.shape.clone(), span));
        }
        if self.size_names.contains(name) {
            self.size_numbers.insert(name.clone());
            return Ok(Term::leaf(Op::SizeNumber(Size::name(name.clone())), Shape::scalar(), span));
        }
        if let Some(term) = self.constant_name(name, span)? {
            return Ok(term);
        }
        Err(self.unknown_name(name, span))
    }

    /// `I`, `𝟏`, `π`, `e_3`: names that mean something without being declared.
    fn constant_name(&mut self, name: &Name, span: Span) -> Result<Option<Term>, Error> {
        if let Some(index) = unit_index(name) {
            return Ok(self.unit_name(index, span));
        }
        Ok(match name.as_str() {
            "I" | "eye" => {
                let n = self.sizes.unknown(Unknown::NotOne);
                Some(Term::leaf(Op::Eye(n.clone()), Shape::new(n.clone(), n), span))
            }
            "𝟏" | "ones" => {
                let shape = Shape::vector(self.sizes.unknown(Unknown::NotOne));
                Some(Term::leaf(Op::Ones(shape.clone()), shape, span))
            }
            "zeros" => {
                let shape = Shape::vector(self.sizes.unknown(Unknown::NotOne));
                Some(Term::leaf(Op::Zeros(shape.clone()), shape, span))
            }
            "π" => Some(Term::leaf(Op::Constant(Constant::Pi), Shape::scalar(), span)),
            "…" => return Err(misplaced_rest(span)),
            _ => None,
        })
    }

    /// `e_3` and, for a size name i, `e_i`.
    fn unit_name(&mut self, index: &str, span: Span) -> Option<Term> {
        let position = match index.parse::<u32>() {
            Ok(i) if i > 0 => Size::constant(i64::from(i)),
            Ok(_) => return None,
            Err(_) => {
                let name = Name::new(index);
                self.size_names.contains(&name).then(|| Size::name(name))?
            }
        };
        let n = self.sizes.unknown(Unknown::NotOne);
        Some(Term::leaf(Op::Unit(n.clone(), position), Shape::vector(n), span))
    }

    /// An operand of a sum or an elementwise product: a bare `𝟏` takes the shape of its neighbours there.
    pub(super) fn operand(&mut self, ast: &'a Ast) -> Result<Term, Error> {
        let Syntax::Name(name) = &ast.kind else { return self.expression(ast) };
        if !matches!(name.as_str(), "𝟏" | "ones" | "zeros") || !self.is_free_name(name) {
            return self.expression(ast);
        }
        let rows = self.sizes.unknown(Unknown::NotOne);
        let shape = Shape::new(rows, self.sizes.unknown(Unknown::DefaultOne));
        let op = if name.as_str() == "zeros" { Op::Zeros(shape.clone()) } else { Op::Ones(shape.clone()) };
        Ok(Term::leaf(op, shape, self.place(ast)))
    }

    /// True when neither the document nor a parameter gives the name a meaning.
    pub(super) fn is_free_name(&self, name: &Name) -> bool {
        !self.variables.contains_key(name) && !self.size_names.contains(name) && self.bound(name).is_none()
    }

    /// The rest of a sum or product in a rule.
    pub(super) fn is_rest(&self, ast: &Ast) -> bool {
        self.mode == Mode::Pattern && matches!(&ast.kind, Syntax::Name(n) if n.as_str() == "…")
    }

    /// True for the constant e, as in `e^{x}`.
    pub(super) fn is_euler(&self, ast: &Ast) -> bool {
        is_euler(ast) && self.variables.get(&Name::new("e")).is_none_or(|e| self.mode == Mode::Document && !e.declared)
    }

    // ---- terms

    pub(super) fn number(&self, n: Rational, span: Span) -> Term {
        Term::leaf(Op::Number(n), Shape::scalar(), span)
    }

    pub(super) fn is_scalar(&mut self, term: &Term) -> bool {
        self.sizes.is_one(&term.shape().rows) && self.sizes.is_one(&term.shape().cols)
    }

    /// A column of more than one entry.
    pub(super) fn is_vector(&mut self, term: &Term) -> bool {
        self.sizes.is_one(&term.shape().cols) && !self.sizes.is_one(&term.shape().rows)
    }

    pub(super) fn is_row(&mut self, term: &Term) -> bool {
        self.sizes.is_one(&term.shape().rows) && !self.sizes.is_one(&term.shape().cols)
    }

    pub(super) fn same_shape(op: Op, a: Term, span: Span) -> Term {
        let shape = a.shape().clone();
        Term::new(op, vec![a], shape, span)
    }

    pub(super) fn map(&self, f: Elementwise, order: u32, a: Term, span: Span) -> Result<Term, Error> {
        if f == Elementwise::Log
            && order == 0
            && let Some(n) = a.as_number()
            && (n.is_zero() || n.is_negative())
        {
            let message = format!("log({n}) is not defined: the logarithm is of positive numbers");
            return Err(Error::new(Kind::Domain, message).at(span, format!("the argument is {n}")));
        }
        Ok(Self::same_shape(Op::Map(Map { function: Function::Builtin(f), order }), a, span))
    }

    pub(super) fn scalar_of(builtin: Builtin, a: Term, span: Span) -> Term {
        Term::new(Op::Builtin(builtin), vec![a], Shape::scalar(), span)
    }

    /// A scalar as an array of equal entries.
    pub(super) fn broadcast(&mut self, t: Term, shape: &Shape) -> Term {
        let span = t.span();
        let ones = Term::leaf(Op::Ones(shape.clone()), shape.clone(), span);
        match t.as_number() {
            Some(n) if n.is_one() => ones,
            Some(n) if n.is_zero() => Term::leaf(Op::Zeros(shape.clone()), shape.clone(), span),
            _ => self.had(vec![t, ones], span),
        }
    }

    /// Elementwise product of scalars and arrays of one shape, nested ones opened.
    pub(super) fn had(&mut self, factors: Vec<Term>, span: Span) -> Term {
        let mut flat = Vec::new();
        for factor in factors {
            if *factor.op() == Op::Had { flat.extend(factor.args().to_vec()) } else { flat.push(factor) }
        }
        if flat.len() == 1 {
            return flat.remove(0);
        }
        let mut shape = Shape::scalar();
        for factor in &flat {
            if !self.is_scalar(factor) {
                shape = factor.shape().clone();
                break;
            }
        }
        Term::new(Op::Had, flat, shape, span)
    }

    pub(super) fn add(terms: Vec<Term>, span: Span) -> Term {
        let mut flat = Vec::new();
        for term in terms {
            if *term.op() == Op::Add { flat.extend(term.args().to_vec()) } else { flat.push(term) }
        }
        let shape = flat[0].shape().clone();
        Term::new(Op::Add, flat, shape, span)
    }

    pub(super) fn neg(&mut self, a: Term, span: Span) -> Term {
        match a.as_number() {
            Some(n) => self.number(-n, span),
            None => {
                let minus = self.number(Rational::from(-1), span);
                self.had(vec![minus, a], span)
            }
        }
    }

    pub(super) fn transpose(&mut self, a: Term, span: Span) -> Term {
        if self.elementwise || (self.mode != Mode::Pattern && self.is_scalar(&a)) {
            return a;
        }
        let shape = a.shape().transposed();
        Term::new(Op::Transpose, vec![a], shape, span)
    }

    /// Elementwise power with a constant exponent.
    pub(super) fn constant_power(&self, base: Term, exponent: Rational, span: Span) -> Result<Term, Error> {
        let exponent = self.number(exponent, span);
        self.pow(base, exponent, span)
    }

    /// Elementwise power with a scalar exponent. A norm's root meets the square it was taken of.
    pub(super) fn pow(&self, base: Term, exponent: Term, span: Span) -> Result<Term, Error> {
        let Some(p) = exponent.constant() else {
            let shape = base.shape().clone();
            return Ok(Term::new(Op::Pow, vec![base, exponent], shape, span));
        };
        if let Some(n) = base.as_number() {
            if n.is_zero() && p.is_negative() {
                return Err(Error::new(Kind::Domain, "division by 0").at(span, "the divisor is 0, zero"));
            }
            if n.is_negative() && !p.is_integer() {
                let what = if p == Rational::new(1, 2) {
                    format!("the square root of {n}")
                } else {
                    format!("{n} to the power {p}")
                };
                let message = format!("{what} is not a real number");
                return Err(Error::new(Kind::Domain, message).at(span, "a root of a negative number"));
            }
            if let Some(value) = p.to_i64().and_then(|k| n.pow(k)) {
                return Ok(self.number(value, span));
            }
        }
        if *base.op() == Op::Pow
            && *base.args()[0].op() == Op::Builtin(Builtin::NormSquared)
            && let Some(q) = base.args()[1].constant()
        {
            let product = &q * &p;
            return if product.is_one() {
                Ok(base.args()[0].spanning(span))
            } else {
                self.constant_power(base.args()[0].clone(), product, span)
            };
        }
        let exponent = self.number(p, exponent.span());
        let shape = base.shape().clone();
        Ok(Term::new(Op::Pow, vec![base, exponent], shape, span))
    }

    /// Adds an undeclared name with the sizes its kind leaves open.
    pub fn add_undeclared(&mut self, name: &Name, span: Span, sort: Sort) {
        let shape = self.shape_of_sort(sort);
        self.variables
            .insert(name.clone(), KnownVariable { symbol: name.into(), shape, span: Some(span), declared: false });
    }

    /// A shape with the sizes its sort leaves open.
    pub fn shape_of_sort(&mut self, sort: Sort) -> Shape {
        match sort {
            Sort::Scalar => Shape::scalar(),
            Sort::Vector => Shape::vector(self.sizes.unknown(Unknown::NotOne)),
            Sort::Row => Shape::new(Size::one(), self.sizes.unknown(Unknown::NotOne)),
            Sort::Matrix => {
                let rows = self.sizes.unknown(Unknown::Free);
                Shape::new(rows, self.sizes.unknown(Unknown::Free))
            }
        }
    }

    fn unknown_name(&self, name: &Name, span: Span) -> Error {
        if self.functions.contains(name) || self.fields.contains_key(name) || self.user_functions.contains_key(name) {
            return Error::new(Kind::Name, format!("`{name}` is a function, and stands here without an argument"))
                .at(span, "a function")
                .help(format!("write `{name}(x)`"));
        }
        let error = Error::new(Kind::Name, format!("unknown name `{name}`")).at(span, "nothing has this name");
        let known = self.variables.keys().chain(&self.size_names).map(Name::as_str);
        match super::closest(name.as_str(), known) {
            Some(other) => error.help(format!("did you mean `{other}`?")),
            None => error,
        }
    }
}

pub(super) fn variable(name: &Symbol, shape: Shape, span: Span) -> Term {
    Term::leaf(Op::Variable(Variable { name: name.clone(), shape: shape.clone() }), shape, span)
}

fn misplaced_rest(span: Span) -> Error {
    Error::new(Kind::Syntax, "`…` stands for the rest of a sum or of an elementwise product")
        .at(span, "not an operand of either")
}
