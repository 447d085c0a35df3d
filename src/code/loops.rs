//! Languages without arrays of their own, C and Rust: what is computed entry by entry becomes loops, the rest calls.

use super::assemble::File;
use super::dialect::Tightness;
use super::identifiers::Identifiers;
use super::plan::{CallablePart, CodePlan, Factoring, Id, Operation, Turned};
use super::words::{integer, quotient};
use crate::diag::{Error, Kind};
use crate::expr::{Atom, Axis, Constant, Elementwise, Rational, Size};
use std::cell::RefCell;

/// How a language writes what a loop is made of.
pub trait LoopLanguage {
    /// What messages call it.
    fn name(&self) -> &'static str;
    /// A number.
    fn number(&self, text: &str) -> String;
    /// A whole number as a real one.
    fn real(&self, size: &str) -> String;
    /// π or e.
    fn constant(&self, constant: Constant) -> &'static str;
    /// A function at a number.
    fn map(&self, f: Elementwise, x: &str) -> String;
    /// x^p.
    fn power(&self, x: &str, p: &str) -> String;
    /// One of two numbers.
    fn choose(&self, condition: &str, yes: &str, no: &str) -> String;
    /// The larger one.
    fn larger(&self, a: &str, b: &str) -> String;
    /// −∞.
    fn lowest(&self) -> &'static str;
    /// A new number, which may change.
    fn scalar(&self, name: &str, value: &str) -> String;
    /// A new array of zeros.
    fn buffer(&self, name: &str, count: &str) -> String;
    /// The head of a loop.
    fn repeat(&self, index: &str, count: &str) -> String;
    /// Factors a matrix.
    fn factor(&self, name: &str, of: &str, n: &str, how: Factoring) -> String;
    /// Calls a helper that fills an array.
    fn fill(&self, helper: &str, out: &str, args: &[Handed]) -> String;
    /// Calls a helper that gives a number.
    fn ask(&self, helper: &str, args: &[Handed]) -> String;
}

/// What a helper is handed.
pub enum Handed {
    /// An array, to be read.
    Array(String),
    /// Factors.
    Factors(String),
    /// A size.
    Size(String),
    /// Whether something is transposed.
    Flag(bool),
}

/// Writes the body of a function.
pub struct LoopWriter<'a> {
    pub file: &'a File,
    language: &'a dyn LoopLanguage,
    pub inputs: Vec<String>,
    pub callables: Vec<String>,
    pub names: RefCell<Identifiers>,
    stored: Vec<Option<String>>,
    keep: Vec<bool>,
    pub lines: Vec<String>,
}

impl<'a> LoopWriter<'a> {
    pub fn new(file: &'a File, language: &'a dyn LoopLanguage, reserved: &[&str]) -> Result<LoopWriter<'a>, Error> {
        let plan = &file.plan;
        let mut names = Identifiers::new(false, reserved);
        let inputs = plan.inputs.iter().map(|i| names.of(&i.name)).collect();
        let callables = plan.callables.iter().map(|c| names.fresh(&c.word())).collect();
        for size in file.sizes.names() {
            names.of(&format!("{}\u{0}size", size.as_str()));
        }
        if let Some(c) = plan.callables.iter().find(|c| !matches!(c.part, CallablePart::Entrywise(_))) {
            let message =
                format!("{} has no code for {}: it is a function of whole arrays", c.function, language.name());
            return Err(Error::new(Kind::Unsupported, message));
        }
        let count = plan.instructions.len();
        let keep = kept(plan);
        let names = RefCell::new(names);
        Ok(LoopWriter { file, language, inputs, callables, names, stored: vec![None; count], keep, lines: vec![] })
    }

    pub fn plan(&self) -> &'a CodePlan {
        &self.file.plan
    }

    fn dims(&self, id: Id) -> &'a [Size] {
        &self.plan().at(id).dims
    }

    pub fn size_name(&self, name: &str) -> String {
        self.names.borrow_mut().of(&format!("{name}\u{0}size"))
    }

    /// A size as a whole number, an atom.
    pub fn size(&self, size: &Size) -> String {
        let letters = |atoms: &[Atom]| atoms.iter().filter_map(|a| Some(self.size_name(a.name()?.as_str()))).collect();
        let (text, level) = integer(size, &letters, " / ");
        if level == Tightness::Atom { text } else { format!("({text})") }
    }

    pub fn count(&self, dims: &[Size]) -> String {
        match dims {
            [] => "1".to_owned(),
            [n] => self.size(n),
            _ => dims.iter().map(|n| self.size(n)).collect::<Vec<_>>().join(" * "),
        }
    }

    fn rows(&self, t: Turned) -> (String, String) {
        let dims = self.dims(t.id);
        (self.size(&dims[0]), self.size(&dims[1]))
    }

    /// Everything, in order.
    pub fn instructions(&mut self) -> Result<(), Error> {
        let plan = self.plan();
        let roots: Vec<Id> = std::iter::once(plan.value).chain(plan.results.iter().map(|r| r.value)).collect();
        for id in plan.needed(roots) {
            match plan.at(id).operation {
                Operation::Input(i) => self.stored[id.0] = Some(self.inputs[i].clone()),
                _ if self.keep[id.0] => self.store(id)?,
                _ => {}
            }
        }
        Ok(())
    }

    fn fresh(&self, id: Id) -> String {
        let word = self.plan().at(id).name.clone().unwrap_or_else(|| "t".to_owned());
        self.names.borrow_mut().of(&format!("{word}\u{0}{}", id.0))
    }

    /// A result with a name of its own.
    fn store(&mut self, id: Id) -> Result<(), Error> {
        let name = self.fresh(id);
        if let Some(formula) = &self.plan().at(id).formula {
            self.lines.push(format!("// {formula}"));
        }
        let dims = self.dims(id);
        if let Operation::Factor(how, of) = self.plan().at(id).operation {
            let line = self.language.factor(&name, &self.array(of)?, &self.size(&dims[0]), how);
            self.lines.push(line);
        } else if !self.called(id, &name)? && !self.reduced(id, &name)? {
            match dims.is_empty() {
                true => {
                    let line = self.language.scalar(&name, &self.entry(id, &[])?);
                    self.lines.push(line);
                }
                false => {
                    self.lines.push(self.language.buffer(&name, &self.count(dims)));
                    self.write(id, &name)?;
                }
            }
        }
        self.stored[id.0] = Some(name);
        Ok(())
    }

    /// Loops that write the entries of a result.
    pub fn write(&mut self, id: Id, name: &str) -> Result<(), Error> {
        let dims = self.dims(id);
        let index: Vec<String> = ["i", "j"][..dims.len()].iter().map(|s| (*s).to_owned()).collect();
        let entry = self.entry(id, &index)?;
        let place = self.place(name, dims, &index);
        let heads: Vec<String> = index.iter().zip(dims).map(|(i, n)| self.language.repeat(i, &self.size(n))).collect();
        self.lines.push(format!("{} {place} = {entry}; {}", heads.join(" "), "}".repeat(heads.len())));
        Ok(())
    }

    fn place(&self, name: &str, dims: &[Size], index: &[String]) -> String {
        match index {
            [] => name.to_owned(),
            [i] => format!("{name}[{i}]"),
            _ => format!("{name}[({}) * {} + {}]", index[0], self.size(&dims[1]), index[1]),
        }
    }

    fn array(&self, id: Id) -> Result<String, Error> {
        let missing = || Error::new(Kind::Internal, "an array that is handed over has no name");
        self.stored[id.0].clone().ok_or_else(missing)
    }

    /// What is done by a helper: whether this is.
    fn called(&mut self, id: Id, name: &str) -> Result<bool, Error> {
        use Handed::{Array, Factors, Flag, Size};
        let operation = &self.plan().at(id).operation;
        let dims = self.dims(id);
        let n = |k: usize| Size(self.size(&dims[k]));
        let (helper, args) = match operation {
            Operation::MatVec(a, v) => {
                let (rows, cols) = self.rows(*a);
                (
                    "mat_vec",
                    vec![Array(self.array(a.id)?), Array(self.array(*v)?), Size(rows), Size(cols), Flag(a.transposed)],
                )
            }
            Operation::MatMul(a, b) => {
                let ((ar, ac), (br, bc)) = (self.rows(*a), self.rows(*b));
                let sides = [ar, ac, br, bc].map(Size);
                let mut args = vec![Array(self.array(a.id)?), Array(self.array(b.id)?)];
                args.extend(sides);
                args.extend([Flag(a.transposed), Flag(b.transposed)]);
                ("mat_mul", args)
            }
            Operation::Solve(f, b) => {
                let columns = if dims.len() == 2 { self.size(&dims[1]) } else { "1".to_owned() };
                (
                    "solve",
                    vec![Factors(self.array(f.id)?), Array(self.array(*b)?), n(0), Size(columns), Flag(f.transposed)],
                )
            }
            Operation::Inverse(f) => ("inverse", vec![Factors(self.array(*f)?), n(0)]),
            Operation::MatrixPower(a, k) => ("mat_power", vec![Array(self.array(*a)?), n(0), Size(k.to_string())]),
            Operation::CumSum(a) => {
                let columns = if dims.len() == 2 { self.size(&dims[1]) } else { "1".to_owned() };
                ("cum_sum", vec![Array(self.array(*a)?), n(0), Size(columns)])
            }
            Operation::LogAbsDet(f) | Operation::DetSign(f) | Operation::Det(f) => {
                let side = self.size(&self.dims(*f)[0]);
                let helper = match operation {
                    Operation::LogAbsDet(_) => "log_abs_det",
                    Operation::DetSign(_) => "det_sign",
                    _ => "det",
                };
                let value = self.language.ask(helper, &[Factors(self.array(*f)?), Size(side)]);
                let line = self.language.scalar(name, &value);
                self.lines.push(line);
                return Ok(true);
            }
            _ => return Ok(false),
        };
        let buffer = self.language.buffer(name, &self.count(dims));
        let call = self.language.fill(helper, name, &args);
        self.lines.extend([buffer, call]);
        Ok(true)
    }

    /// Sums, products and largest entries: whether this is one.
    fn reduced(&mut self, id: Id, name: &str) -> Result<bool, Error> {
        let plus = |acc: &str, x: &str| format!("{acc} += {x};");
        let times = |acc: &str, x: &str| format!("{acc} *= {x};");
        let zero = self.language.number("0");
        let one = self.language.number("1");
        let both = |a: String, b: String| format!("{a} * {b}");
        let at = |s: &[&str]| s.iter().map(|x| (*x).to_owned()).collect::<Vec<String>>();
        match &self.plan().at(id).operation {
            Operation::Dot(u, v) => {
                let x = both(self.factor_at(*u, &at(&["i"]))?, self.factor_at(*v, &at(&["i"]))?);
                self.whole(name, self.dims(*u), &zero, &plus("ACC", &x));
            }
            Operation::Inner(a, b) => {
                let index = at(&["i", "j"]);
                let x = both(self.factor_at(*a, &index)?, self.factor_at(*b, &index)?);
                self.whole(name, self.dims(*a), &zero, &plus("ACC", &x));
            }
            Operation::Trace(a) => {
                let x = self.factor_at(*a, &at(&["i", "i"]))?;
                self.whole(name, &self.dims(*a)[..1], &zero, &plus("ACC", &x));
            }
            Operation::RowDots(a, b) => {
                let entry = |t: Turned| if t.transposed { at(&["j", "i"]) } else { at(&["i", "j"]) };
                let x = both(self.factor_at(a.id, &entry(*a))?, self.factor_at(b.id, &entry(*b))?);
                let inner = self.dims(a.id)[usize::from(!a.transposed)].clone();
                let outer = self.dims(id)[0].clone();
                self.lines_of(name, ("i", &outer), ("j", &inner), &zero, &plus("ACC", &x));
            }
            Operation::Total(a, axis) => self.along(name, *a, *axis, &zero, &plus)?,
            Operation::Prod(a, axis) => self.along(name, *a, *axis, &one, &times)?,
            Operation::Largest(a, axis) => {
                let language = self.language;
                let larger = move |acc: &str, x: &str| format!("{acc} = {};", language.larger(acc, x));
                self.along(name, *a, *axis, language.lowest(), &larger)?;
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// An entry as a factor.
    fn factor_at(&self, id: Id, index: &[String]) -> Result<String, Error> {
        Ok(format!("({})", self.entry(id, index)?))
    }

    fn along(
        &mut self,
        name: &str,
        a: Id,
        axis: Axis,
        start: &str,
        step: &dyn Fn(&str, &str) -> String,
    ) -> Result<(), Error> {
        let dims = self.dims(a);
        let index: Vec<String> = ["i", "j"][..dims.len()].iter().map(|s| (*s).to_owned()).collect();
        let x = self.factor_at(a, &index)?;
        match axis {
            Axis::All => self.whole(name, dims, start, &step("ACC", &x)),
            Axis::Rows => self.lines_of(name, ("i", &dims[0]), ("j", &dims[1]), start, &step("ACC", &x)),
            Axis::Cols => self.lines_of(name, ("j", &dims[1]), ("i", &dims[0]), start, &step("ACC", &x)),
        }
        Ok(())
    }

    /// One number of all entries.
    fn whole(&mut self, name: &str, dims: &[Size], start: &str, step: &str) {
        let heads: Vec<String> =
            ["i", "j"].iter().zip(dims).map(|(i, n)| self.language.repeat(i, &self.size(n))).collect();
        self.lines.push(self.language.scalar(name, start));
        self.lines.push(format!("{} {} {}", heads.join(" "), step.replace("ACC", name), "}".repeat(heads.len())));
    }

    /// One number for each line.
    fn lines_of(&mut self, name: &str, outer: (&str, &Size), inner: (&str, &Size), start: &str, step: &str) {
        self.lines.push(self.language.buffer(name, &self.size(outer.1)));
        let heads = [outer, inner].map(|(i, n)| self.language.repeat(i, &self.size(n)));
        let acc = format!("{name}[{}]", outer.0);
        self.lines.push(format!("{} {acc} = {start}; {} {} }} }}", heads[0], heads[1], step.replace("ACC", &acc)));
    }

    /// The entry of a result at an index, as an expression.
    pub fn entry(&self, id: Id, index: &[String]) -> Result<String, Error> {
        if let Some(name) = &self.stored[id.0] {
            return Ok(self.place(name, self.dims(id), index));
        }
        let l = self.language;
        let (zero, one) = (l.number("0"), l.number("1"));
        let at = |k: usize| format!("({})", index[k]);
        let owned = |s: &[String]| s.to_vec();
        let same = || format!("{} == {}", at(0), at(1));
        let wrapped = |id: Id, index: &[String]| -> Result<String, Error> {
            Ok(if self.dims(id).is_empty() { self.factor_at(id, &[])? } else { self.factor_at(id, index)? })
        };
        Ok(match &self.plan().at(id).operation {
            Operation::Number(n) => number(l, n),
            Operation::Size(n) => l.real(&self.size(n)),
            Operation::Constant(c) => l.constant(*c).to_owned(),
            Operation::Eye => l.choose(&same(), &one, &zero),
            Operation::Unit(i) => l.choose(&format!("{} + 1 == {}", at(0), self.size(i)), &one, &zero),
            Operation::Tril => l.choose(&format!("{} >= {}", at(0), at(1)), &one, &zero),
            Operation::Commutation(n, m) => {
                // row j + i m, column i + j n
                let (n, m) = (self.size(n), self.size(m));
                let (r, c) = (at(0), at(1));
                l.choose(&format!("{r} / {m} == {c} % {n} && {r} % {m} == {c} / {n}"), &one, &zero)
            }
            Operation::Fill(s) => self.entry(*s, &[])?,
            Operation::Spread(v, axis) | Operation::Repeat(v, axis) => {
                self.entry(*v, &[index[usize::from(*axis == Axis::Rows)].clone()])?
            }
            Operation::Sum(terms) => {
                let mut text = String::new();
                for (negative, t) in terms {
                    text += if *negative {
                        " - "
                    } else if text.is_empty() {
                        ""
                    } else {
                        " + "
                    };
                    text += &wrapped(*t, index)?;
                }
                text
            }
            Operation::Product { coefficient, factors, divisors } => {
                let mut parts = vec![];
                if factors.is_empty() || !coefficient.is_one() {
                    parts.push(number(l, coefficient));
                }
                for f in factors {
                    parts.push(wrapped(*f, index)?);
                }
                let mut text = parts.join(" * ");
                for d in divisors {
                    text += &format!(" / {}", wrapped(*d, index)?);
                }
                text
            }
            Operation::Power(a, p) if *p == Rational::from(2) && self.stored[a.0].is_some() => {
                let x = wrapped(*a, index)?;
                format!("{x} * {x}")
            }
            Operation::Power(a, p) => l.power(&wrapped(*a, index)?, &number(l, p)),
            Operation::VariablePower(a, p) => l.power(&wrapped(*a, index)?, &self.entry(*p, &[])?),
            Operation::Larger(a, b) => l.larger(&wrapped(*a, index)?, &wrapped(*b, index)?),
            Operation::Map(f, a) => l.map(*f, &wrapped(*a, index)?),
            Operation::Call(k, args) => format!("{}({})", self.callables[*k], wrapped(args[0], index)?),
            Operation::Outer(u, v) => {
                format!("{} * {}", self.factor_at(*u, &index[..1])?, self.factor_at(*v, &index[1..])?)
            }
            Operation::Transpose(a) => self.entry(*a, &[index[1].clone(), index[0].clone()])?,
            Operation::DiagonalOf(a) => self.entry(*a, &[index[0].clone(), index[0].clone()])?,
            Operation::Diagonal(v) => l.choose(&same(), &self.entry(*v, &index[..1])?, &zero),
            Operation::AddDiagonal(a, d) => {
                let own = if self.dims(*d).is_empty() { self.entry(*d, &[])? } else { self.entry(*d, &index[..1])? };
                format!("{} + {}", self.factor_at(*a, index)?, l.choose(&same(), &own, &zero))
            }
            Operation::AsMatrix(v, axis) => match self.dims(*v).len() {
                0 => self.entry(*v, &[])?,
                _ => self.entry(*v, &[index[usize::from(*axis == Axis::Rows)].clone()])?,
            },
            Operation::Flat(a) => {
                let place = index.first().cloned().unwrap_or_else(|| "0".to_owned());
                let long = self.dims(*a)[0].is_one();
                let both = if long { ["0".to_owned(), place] } else { [place, "0".to_owned()] };
                self.entry(*a, &both)?
            }
            Operation::Vec(a) => {
                let rows = self.size(&self.dims(*a)[0]);
                self.entry(*a, &[format!("{} % {rows}", at(0)), format!("{} / {rows}", at(0))])?
            }
            Operation::Unvec(v) => {
                let rows = self.size(&self.dims(id)[0]);
                self.entry(*v, &[format!("{} + {} * {rows}", at(0), at(1))])?
            }
            Operation::Slice(a, rows, cols) => {
                let mut left = owned(index).into_iter();
                let fewer = index.len() < 2;
                let of = self.dims(*a);
                let mut place = |range: &crate::expr::Range, side: &Size| {
                    let first = self.size(&range.first);
                    if fewer && range.len().is_one() && !side.is_one() {
                        format!("{first} - 1")
                    } else {
                        left.next().map_or(format!("{first} - 1"), |i| format!("({i}) + {first} - 1"))
                    }
                };
                let both = [place(rows, &of[0]), place(cols, &of[1])];
                self.entry(*a, &both)?
            }
            Operation::Part(a, range) => {
                let first = self.size(&range.first);
                let place = index.first().map_or(format!("{first} - 1"), |i| format!("({i}) + {first} - 1"));
                self.entry(*a, &[place])?
            }
            Operation::Concatenate(parts) => self.pieced(parts, index, 0)?,
            Operation::Block(parts, cols) => self.block(parts, *cols, index)?,
            Operation::Kron(a, b) => {
                let (rows, cols) = (self.size(&self.dims(*b)[0]), self.size(&self.dims(*b)[1]));
                let outer = [format!("{} / {rows}", at(0)), format!("{} / {cols}", at(1))];
                let inner = [format!("{} % {rows}", at(0)), format!("{} % {cols}", at(1))];
                format!("{} * {}", self.factor_at(*a, &outer)?, self.factor_at(*b, &inner)?)
            }
            Operation::Duplication(_) | Operation::ProdOthers(..) | Operation::Plate(_) => return Err(self.refused(id)),
            Operation::Input(_)
            | Operation::Dot(..)
            | Operation::MatVec(..)
            | Operation::MatMul(..)
            | Operation::Inner(..)
            | Operation::RowDots(..)
            | Operation::Total(..)
            | Operation::Largest(..)
            | Operation::Prod(..)
            | Operation::CumSum(_)
            | Operation::Trace(_)
            | Operation::MatrixPower(..)
            | Operation::Factor(..)
            | Operation::Solve(..)
            | Operation::Inverse(_)
            | Operation::LogAbsDet(_)
            | Operation::DetSign(_)
            | Operation::Det(_) => {
                return Err(Error::new(Kind::Internal, "what is no entry of anything was not stored"));
            }
        })
    }

    /// Parts one after the other along an index.
    fn pieced(&self, parts: &[Id], index: &[String], axis: usize) -> Result<String, Error> {
        let (first, rest) = parts.split_first().ok_or_else(|| Error::new(Kind::Internal, "nothing is put together"))?;
        let own = self.entry(*first, index)?;
        if rest.is_empty() {
            return Ok(own);
        }
        let end = self.size(&self.dims(*first)[axis]);
        let mut shifted = index.to_vec();
        shifted[axis] = format!("({}) - {end}", index[axis]);
        Ok(self.language.choose(&format!("({}) < {end}", index[axis]), &own, &self.pieced(rest, &shifted, axis)?))
    }

    fn block(&self, parts: &[Id], cols: usize, index: &[String]) -> Result<String, Error> {
        let own = self.pieced(&parts[..cols], index, 1)?;
        if parts.len() == cols {
            return Ok(own);
        }
        let end = self.size(&self.dims(parts[0])[0]);
        let shifted = [format!("({}) - {end}", index[0]), index[1].clone()];
        let below = self.block(&parts[cols..], cols, &shifted)?;
        Ok(self.language.choose(&format!("({}) < {end}", index[0]), &own, &below))
    }

    fn refused(&self, id: Id) -> Error {
        let what = match self.plan().at(id).operation {
            Operation::Duplication(_) => "dup",
            Operation::Plate(_) => "what stands at an index",
            _ => "prod_others",
        };
        Error::new(Kind::Unsupported, format!("{what} has no code for {}", self.language.name()))
    }
}

fn number(l: &dyn LoopLanguage, n: &Rational) -> String {
    let (above, below) = quotient(n);
    let text = match below {
        Some(below) => format!("{} / {}", l.number(&above), l.number(&below)),
        None => l.number(&above),
    };
    if n.is_negative() || text.contains(' ') { format!("({text})") } else { text }
}

/// What gets a name: what is no expression of its entries, what is read more than once, what helpers read.
fn kept(plan: &CodePlan) -> Vec<bool> {
    let roots: Vec<Id> = std::iter::once(plan.value).chain(plan.results.iter().map(|r| r.value)).collect();
    let mut uses = vec![0; plan.instructions.len()];
    let mut read = vec![false; plan.instructions.len()];
    for id in plan.needed(roots.iter().copied()) {
        let operation = &plan.at(id).operation;
        for a in operation.arguments() {
            uses[a.0] += 1;
            read[a.0] |= reads_often(operation);
        }
    }
    roots.iter().for_each(|r| uses[r.0] += 1);
    let keep = |(k, i): (usize, &super::plan::Instruction)| {
        let leaf = matches!(i.operation, Operation::Number(_) | Operation::Size(_) | Operation::Constant(_));
        let view = matches!(i.operation, Operation::Spread(..) | Operation::Transpose(_) | Operation::Fill(_));
        let named = i.name.is_some();
        !leaf && (i.dims.is_empty() || named || read[k] || uses[k] > 1 && !view || is_no_entry(&i.operation))
    };
    plan.instructions.iter().enumerate().map(keep).collect()
}

/// Whether an operation reads the entries of its arguments more than once, or by a helper.
fn reads_often(operation: &Operation) -> bool {
    matches!(
        operation,
        Operation::MatVec(..)
            | Operation::MatMul(..)
            | Operation::Kron(..)
            | Operation::Spread(..)
            | Operation::Repeat(..)
            | Operation::Outer(..)
            | Operation::Factor(..)
            | Operation::Solve(..)
            | Operation::MatrixPower(..)
            | Operation::CumSum(_)
            | Operation::Power(..)
    )
}

/// Whether there is no expression for one entry of it.
fn is_no_entry(operation: &Operation) -> bool {
    matches!(
        operation,
        Operation::Dot(..)
            | Operation::MatVec(..)
            | Operation::MatMul(..)
            | Operation::Inner(..)
            | Operation::RowDots(..)
            | Operation::Total(..)
            | Operation::Largest(..)
            | Operation::Prod(..)
            | Operation::CumSum(_)
            | Operation::Trace(_)
            | Operation::MatrixPower(..)
            | Operation::Factor(..)
            | Operation::Solve(..)
            | Operation::Inverse(_)
            | Operation::LogAbsDet(_)
            | Operation::DetSign(_)
            | Operation::Det(_)
    )
}
