//! Operations as NumPy spells them, and the languages that do as it does.

use super::dialect::{Spelled, Texts, Tightness, number};
use super::plan::{Id, Instruction, Operation};
use super::python::{Body, PythonWriter};
use super::words::quotient;
use crate::diag::{Error, Kind};
use crate::expr::{Axis, Constant, Elementwise, Range, Rational, Size};

impl PythonWriter<'_> {
    /// As NumPy spells it.
    pub(super) fn as_numpy(&self, instruction: &Instruction, texts: &Texts, body: &Body) -> Result<Spelled, Error> {
        let Texts { atoms: x, plain: a, shape, .. } = texts;
        let (m, like) = (self.dialect.module(), self.dialect.like().1);
        let atom = |text: String| Ok((text, Tightness::Atom));
        let along = |axis: &Axis| match axis {
            Axis::All => "",
            Axis::Rows => "1",
            Axis::Cols => "0",
        };
        let side = |k: usize| self.size(&instruction.dims[k]).0;
        match &instruction.operation {
            Operation::Input(i) => atom(self.inputs[*i].clone()),
            Operation::Number(n) => Ok(number(n)),
            Operation::Size(n) => Ok(self.size(n)),
            Operation::Constant(Constant::Pi) => atom("math.pi".into()),
            Operation::Constant(Constant::E) => atom("math.e".into()),
            Operation::Eye => atom(format!("{m}.eye({}, {like})", side(0))),
            Operation::Unit(i) => atom(format!("{m}.eye({}, {like})[{}]", side(0), self.before(i))),
            Operation::Tril => atom(format!("{m}.tril({m}.ones({shape}, {like}))")),
            Operation::Commutation(p, q) => {
                let (p, q, n) = (self.size(p).0, self.size(q).0, side(0));
                atom(format!("{m}.eye({n}, {like})[{m}.arange({n}).reshape({q}, {p}).T.reshape(-1)]"))
            }
            Operation::Duplication(n) => Ok(self.call("_duplication", &[self.size(n).0, self.dialect.like().0.into()])),
            Operation::Fill(_) => atom(format!("{m}.full({shape}, {}, {like})", a[0])),
            Operation::Spread(_, Axis::Rows) => atom(x[0].clone()),
            Operation::Spread(..) => atom(format!("{}[:, None]", x[0])),
            Operation::Repeat(_, Axis::Rows) => atom(format!("{m}.tile({}, ({}, 1))", a[0], side(0))),
            Operation::Repeat(..) => atom(format!("{m}.tile({}[:, None], (1, {}))", x[0], side(1))),
            Operation::Sum(terms) => self.sum(terms, body),
            Operation::Product { coefficient, factors, divisors } => self.product(coefficient, factors, divisors, body),
            Operation::Power(base, p) => self.power(*base, p, body),
            Operation::VariablePower(..) => Ok((format!("{}**{}", x[0], x[1]), Tightness::Power)),
            Operation::Map(f, of) => self.map(*f, *of, x, body),
            Operation::Larger(..) => atom(format!("{m}.maximum({}, {})", a[0], a[1])),
            Operation::Call(k, _) => atom(format!("{}({})", self.callables[*k], a.join(", "))),
            Operation::Dot(..) => Ok((format!("{} @ {}", x[0], x[1]), Tightness::Product)),
            Operation::MatVec(p, _) => Ok((format!("{} @ {}", self.turned(*p, body)?, x[1]), Tightness::Product)),
            Operation::MatMul(p, q) => {
                Ok((format!("{} @ {}", self.turned(*p, body)?, self.turned(*q, body)?), Tightness::Product))
            }
            Operation::Outer(..) => atom(format!("{m}.outer({}, {})", a[0], a[1])),
            Operation::Inner(..) => atom(format!("{m}.vdot({}, {})", a[0], a[1])),
            Operation::RowDots(p, q) => {
                let (p, q) = (self.turned(*p, body)?, self.turned(*q, body)?);
                atom(format!("{m}.einsum(\"ij,ij->i\", {p}, {q})"))
            }
            Operation::Total(_, axis) => atom(format!("{}.sum({})", x[0], along(axis))),
            Operation::Largest(_, axis) => atom(format!("{}.max({})", x[0], along(axis))),
            Operation::Prod(_, axis) => atom(format!("{}.prod({})", x[0], along(axis))),
            Operation::ProdOthers(_, axis) => {
                let axis = if *axis == Axis::All { "None" } else { along(axis) };
                Ok(self.call("_prod_others", &[a[0].clone(), axis.into()]))
            }
            Operation::CumSum(_) => atom(format!("{m}.cumsum({}, 0)", a[0])),
            Operation::Transpose(_) => atom(format!("{}.T", x[0])),
            Operation::Trace(_) => atom(format!("{m}.trace({})", a[0])),
            Operation::DiagonalOf(_) | Operation::Diagonal(_) => atom(format!("{m}.diag({})", a[0])),
            Operation::AddDiagonal(..) => Ok(self.call("_add_diagonal", a)),
            Operation::AsMatrix(..) | Operation::Flat(_) => atom(format!("{m}.reshape({}, {shape})", a[0])),
            Operation::Vec(_) => atom(format!("{}.T.reshape(-1)", x[0])),
            Operation::Unvec(_) => atom(format!("{}.reshape({}, {}).T", x[0], side(1), side(0))),
            Operation::Block(_, cols) => {
                let rows: Vec<String> = a.chunks(*cols).map(|row| format!("[{}]", row.join(", "))).collect();
                atom(format!("{m}.block([{}])", rows.join(", ")))
            }
            Operation::Concatenate(_) => atom(format!("{m}.concatenate([{}])", a.join(", "))),
            Operation::Slice(whole, rows, cols) => {
                let of = &self.plan().at(*whole).dims;
                let fewer = instruction.dims.len() < 2;
                let rows = self.range(rows, fewer && rows.len().is_one() && !of[0].is_one());
                let cols = self.range(cols, fewer && cols.len().is_one() && !of[1].is_one());
                atom(format!("{}[{rows}, {cols}]", x[0]))
            }
            Operation::Part(_, range) => atom(format!("{}[{}]", x[0], self.range(range, instruction.dims.is_empty()))),
            Operation::Kron(..) => atom(format!("{m}.kron({}, {})", a[0], a[1])),
            Operation::MatrixPower(_, k) => atom(format!("{m}.linalg.matrix_power({}, {k})", a[0])),
            Operation::Factor(how, _) => Ok(self.call(how.helper(), a)),
            Operation::Solve(f, _) => {
                let mut args = a.to_vec();
                args.extend(f.transposed.then(|| "True".to_owned()));
                Ok(self.call("_solve", &args))
            }
            Operation::Inverse(_) => Ok(self.call("_inverse", a)),
            Operation::LogAbsDet(_) => Ok(self.call("_log_abs_det", a)),
            Operation::DetSign(_) => Ok(self.call("_det_sign", a)),
            Operation::Det(_) => Ok(self.call("_det", a)),
            Operation::Plate(operation) => self.on_plate(operation, texts, body),
        }
    }

    /// A place counted from 0.
    fn before(&self, place: &Size) -> String {
        self.size(&place.minus(&Size::one())).0
    }

    fn range(&self, range: &Range, one: bool) -> String {
        match one {
            true => self.before(&range.first),
            false => format!("{}:{}", self.before(&range.first), self.size(&range.last).0),
        }
    }

    fn sum(&self, terms: &[(bool, Id)], body: &Body) -> Result<Spelled, Error> {
        let mut text = String::new();
        for (i, (negative, id)) in terms.iter().enumerate() {
            text += match (i, negative) {
                (0, false) => "",
                (0, true) => "-",
                (_, false) => " + ",
                (_, true) => " - ",
            };
            text += &self.text(*id, body, if *negative { Tightness::Product } else { Tightness::Sum })?;
        }
        Ok((text, Tightness::Sum))
    }

    fn product(&self, c: &Rational, factors: &[Id], divisors: &[Id], body: &Body) -> Result<Spelled, Error> {
        let signs = self.dialect.signs();
        let (above, below) = quotient(c);
        let mut parts = vec![];
        let minus = above == "-1" && !factors.is_empty();
        if above != "1" && !minus || factors.is_empty() {
            parts.push(above);
        }
        for id in factors {
            let first = parts.is_empty();
            parts.push(self.text(*id, body, if first { Tightness::Product } else { Tightness::Sign })?);
        }
        let mut text = format!("{}{}", if minus { "-" } else { "" }, parts.join(signs.times));
        for id in divisors {
            text += signs.over;
            text += &self.text(*id, body, Tightness::Sign)?;
        }
        if let Some(below) = below {
            text += &format!("{}{below}", signs.over);
        }
        Ok((text, Tightness::Product))
    }

    fn power(&self, base: Id, p: &Rational, body: &Body) -> Result<Spelled, Error> {
        let signs = self.dialect.signs();
        if *p == Rational::from(-1) {
            return Ok((format!("1{}{}", signs.over, self.text(base, body, Tightness::Sign)?), Tightness::Product));
        }
        let base = self.text(base, body, Tightness::Atom)?;
        let (text, level) = number(p);
        let exponent = if level < Tightness::Sign { format!("({text})") } else { text };
        Ok((format!("{base}{}{exponent}", signs.power), Tightness::Power))
    }

    fn map(&self, f: Elementwise, of: Id, x: &[String], body: &Body) -> Result<Spelled, Error> {
        let argument = self.text(of, body, Tightness::Sum)?;
        let numbers = self.dialect.signs().numbers;
        if self.plan().at(of).fixed
            && !numbers.is_empty()
            && let Some(name) = of_numbers(f)
        {
            return Ok((format!("{numbers}{name}({argument})"), Tightness::Atom));
        }
        match self.dialect.map(f) {
            Ok(pattern) => Ok((pattern.replace("{x}", &x[0]).replace("{}", &argument), Tightness::Atom)),
            Err("") => {
                Err(Error::new(Kind::Unsupported, format!("{} has no code for {}", f.ascii(), self.dialect.module())))
            }
            Err(helper) => Ok(self.call(helper, &[argument])),
        }
    }
}

/// A function of a number in the standard library.
fn of_numbers(f: Elementwise) -> Option<&'static str> {
    Some(match f {
        Elementwise::Exp => "exp",
        Elementwise::Log => "log",
        Elementwise::Expm1 => "expm1",
        Elementwise::Log1p => "log1p",
        Elementwise::Sqrt => "sqrt",
        Elementwise::Sin => "sin",
        Elementwise::Cos => "cos",
        Elementwise::Tan => "tan",
        Elementwise::Asin => "asin",
        Elementwise::Acos => "acos",
        Elementwise::Atan => "atan",
        Elementwise::Sinh => "sinh",
        Elementwise::Cosh => "cosh",
        Elementwise::Asinh => "asinh",
        Elementwise::Tanh => "tanh",
        Elementwise::Erf => "erf",
        Elementwise::Lgamma => "lgamma",
        Elementwise::Abs => "fabs",
        Elementwise::Sigmoid
        | Elementwise::Relu
        | Elementwise::Softplus
        | Elementwise::Gelu
        | Elementwise::Silu
        | Elementwise::Sign
        | Elementwise::Digamma
        | Elementwise::Trigamma
        | Elementwise::Step
        | Elementwise::IsZero => return None,
    })
}
