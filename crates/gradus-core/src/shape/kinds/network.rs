//! The document as a network: a node for every subterm, whose sort follows from those of its operands.

mod calls;
mod coordinates;
mod doubts;
mod fields;
mod lost;
mod points;
mod products;

use super::super::names::{Names, is_constant_name, is_euler, unit_index, visit};
use super::rule::{Addends, SortRule};
use super::sort::{Cost, Letter, Sort};
use crate::diag::Span;
use crate::expr::Name;
use crate::syntax::{Ast, BinaryOp, NormKind, ProductSigns, Sign, Syntax};
use std::collections::{BTreeMap, BTreeSet};

/// A subterm or a name.
#[derive(Clone, Debug)]
pub(super) struct Subterm {
    pub rule: SortRule,
    pub args: Vec<usize>,
    /// The whole of it, and its operands.
    pub span: Span,
    pub parts: Vec<Span>,
    /// What each sort costs, of a leaf.
    pub costs: [Cost; 4],
}

/// An undeclared name.
#[derive(Clone, Debug)]
pub(super) struct Open {
    pub name: Name,
    pub node: usize,
    pub letter: Letter,
    pub span: Span,
    /// A value says what it is.
    pub given: bool,
    /// Why it is rather a number than its letter says.
    pub number: Option<&'static str>,
}

/// `X^T Q X`, `(X - Y)^T Q (X - Y)`, with its capitals.
#[derive(Clone, Debug)]
pub(super) struct QuadraticForm {
    pub letters: Vec<Name>,
    pub node: usize,
    pub span: Span,
}

pub(super) use doubts::Doubt;
pub(in super::super) use doubts::{LOST_TRANSPOSE, POWER_OR_LABEL};

#[derive(Clone, Debug, Default)]
pub(super) struct Network {
    /// Operands come before what they are operands of.
    pub nodes: Vec<Subterm>,
    pub open: Vec<Open>,
    /// Undeclared functions: elementwise when they are of the sort `Matrix`; of a vector, with a scalar or a vector for
    /// value, when they are of that sort.
    pub functions: Vec<(Name, usize)>,
    /// The value, where its name says that it is a scalar.
    pub head: Option<usize>,
    /// Small letters behind a formula and NumPy's sign.
    pub behind_formulas: Vec<(Name, usize)>,
    /// Something works on arrays alone.
    pub arrays: bool,
    /// A product stands in the exponent of e.
    pub decays: bool,
    /// What sines, exponentials, logarithms and roots make of letters.
    pub curves: BTreeSet<usize>,
    /// Letters above others, and their places.
    pub exponents: Vec<(Name, Span)>,
    /// Exponents of e.
    pub raised: BTreeSet<usize>,
    /// Quadratic forms of capitals.
    pub squares: Vec<QuadraticForm>,
    /// What can be meant in two ways however the letters are read.
    pub doubts: Vec<Doubt>,
}

/// What the left side of a definition says of its value.
#[derive(Clone, Copy, Debug)]
pub(super) struct LeftSide {
    /// It is a scalar by custom.
    pub spine: bool,
    /// It certainly is.
    pub sure: bool,
    /// It is in bold, and lower case.
    pub bold: bool,
}

/// A subterm while it is read.
#[derive(Clone, Copy)]
struct ReadPart {
    node: usize,
    span: Span,
    /// Another reading might make it an array: it holds an undeclared name.
    open: bool,
    /// It is an undeclared name and nothing else.
    lone: bool,
    /// It holds no name.
    number: bool,
    /// An undeclared capital, or a sum with one.
    capital: bool,
    /// It holds an undeclared name, though it may be a scalar in every reading.
    holds: bool,
    /// Undeclared letters, numbers, and products and powers of them.
    letters: bool,
    /// The power of a small letter: a scalar.
    power: bool,
}

impl ReadPart {
    fn new(node: usize, span: Span) -> ReadPart {
        let no = false;
        ReadPart { node, span, open: no, lone: no, number: no, capital: no, holds: no, letters: no, power: no }
    }

    /// A small letter and nothing else.
    fn is_small(&self) -> bool {
        self.lone && !self.capital
    }

    /// What a formula of scalars has above and below its fraction lines.
    fn is_factors(&self) -> bool {
        self.letters || self.number
    }
}

/// Bodies are read at their calls up to so many nodes; beyond, nothing is concluded from them.
const UNFOLD_LIMIT: usize = 20_000;

pub(super) struct Builder<'a> {
    /// The text is one of NumPy's kind.
    axes: bool,
    names: &'a Names<'a>,
    /// The text that is read, or the one of the definition in the prelude that is.
    text: &'a str,
    /// Where that definition is called.
    place: Option<Span>,
    /// The whole of the value that is being read.
    whole: Span,
    network: Network,
    known: BTreeMap<Name, ReadPart>,
    /// The functions whose bodies are being read.
    unfolding: Vec<&'a Name>,
    /// A sum in which ε keeps away from 0.
    guarded: Option<Span>,
    /// A product with a point in brackets, a factor of another one.
    bracketed: Option<Span>,
    /// The text has signs of entries, `.*`, so that `*` is the product of matrices.
    dotted: bool,
    /// What is read is a distance of rows.
    rows: bool,
    /// Functions whose trace or determinant is taken.
    traced: BTreeSet<(usize, usize)>,
}

impl<'a> Builder<'a> {
    pub fn new(names: &'a Names<'a>, text: &'a str) -> Builder<'a> {
        Builder {
            axes: ProductSigns::have_axes(text),
            names,
            text,
            place: None,
            whole: Span::default(),
            network: Network::default(),
            known: BTreeMap::new(),
            unfolding: Vec::new(),
            guarded: None,
            bracketed: None,
            dotted: [".*", "./", ".+", ".-", ".("].iter().any(|sign| text.contains(sign)),
            rows: false,
            traced: BTreeSet::new(),
        }
    }

    /// A name that is declared, or has a value.
    pub fn declared(&mut self, name: &Name, span: Span, sort: Sort) {
        let part = self.constant(sort, span);
        self.known.insert(name.clone(), part);
    }

    /// A name whose letter is all there is.
    pub fn undeclared(&mut self, name: &Name, span: Span, letter: Letter) {
        self.open(name, span, letter, Sort::ALL.map(|sort| letter.cost(sort)), false);
    }

    /// An undeclared name that is rather a number, whatever its letter, and why.
    pub fn rather_number(&mut self, name: &Name, span: Span, letter: Letter, why: &'static str) {
        self.undeclared(name, span, letter.of_member());
        if let Some(open) = self.network.open.last_mut().filter(|o| o.letter == Letter::Greek) {
            open.number = Some(why);
        }
    }

    /// An undeclared name whose value says what it is.
    pub fn given(&mut self, name: &Name, span: Span, letter: Letter, sorts: &[Sort]) {
        let cost = |sort: Sort| match sorts.contains(&sort) {
            true if sort == letter.sort() => Cost::ZERO,
            true => Cost::order(sort as u8 + 1),
            false => Cost::NEVER,
        };
        self.open(name, span, letter, Sort::ALL.map(cost), true);
    }

    fn open(&mut self, name: &Name, span: Span, letter: Letter, costs: [Cost; 4], given: bool) {
        let capital = letter.sort() == Sort::Matrix && !given;
        let node = self.node(SortRule::Leaf, &[], span);
        self.network.nodes[node].costs = costs;
        self.network.open.push(Open { name: name.clone(), node, letter, span, given, number: None });
        self.known.insert(
            name.clone(),
            ReadPart {
                holds: !given,
                letters: !given,
                open: !given,
                lone: !given,
                capital,
                ..ReadPart::new(node, span)
            },
        );
    }

    /// A definition; `spine` when it is the value and its name says that it is a scalar.
    pub fn define(&mut self, name: Option<&Name>, value: &'a Ast, declared: Option<Sort>, head: LeftSide) {
        let LeftSide { spine, sure, bold } = head;
        self.whole = value.span;
        let part = self.expression(value, spine);
        if spine {
            self.network.head = Some(part.node);
        }
        if let Some(sort) = declared {
            let declaration = self.constant(sort, value.span);
            self.node(SortRule::Declared, &[part, declaration], value.span);
        } else if spine {
            self.node(SortRule::Head { sure, sums: self.names.indices.is_some() }, &[part], value.span);
        } else if bold {
            self.node(SortRule::BoldHead, &[part], value.span);
        }
        if let Some(name) = name {
            // a sum is a part of the formula it stands in
            let sum = self.names.indices.is_some_and(|i| i.hoisted.contains_key(name));
            let open = sum && part.open;
            self.known.insert(name.clone(), ReadPart { open, lone: false, letters: false, capital: false, ..part });
        }
    }

    pub fn finish(self) -> Network {
        self.network
    }

    // ---- nodes

    fn node(&mut self, rule: SortRule, args: &[ReadPart], span: Span) -> usize {
        let (nodes, parts) = args.iter().map(|a| (a.node, a.span)).unzip();
        self.network.nodes.push(Subterm { rule, args: nodes, span, parts, costs: [Cost::ZERO; 4] });
        self.network.nodes.len() - 1
    }

    fn constant(&mut self, sort: Sort, span: Span) -> ReadPart {
        let node = self.node(SortRule::Leaf, &[], span);
        self.network.nodes[node].costs = only(sort);
        ReadPart::new(node, span)
    }

    fn of(&mut self, rule: SortRule, args: &[ReadPart], span: Span) -> ReadPart {
        let node = self.node(rule, args, span);
        let (open, holds) = (args.iter().any(|a| a.open), args.iter().any(|a| a.holds));
        ReadPart { open, holds, number: args.iter().all(|a| a.number), ..ReadPart::new(node, span) }
    }

    /// What is a scalar in every reading.
    fn scalar(&mut self, rule: SortRule, args: &[ReadPart], span: Span) -> ReadPart {
        ReadPart { open: false, ..self.of(rule, args, span) }
    }

    // ---- expressions

    fn expression(&mut self, ast: &'a Ast, spine: bool) -> ReadPart {
        let span = self.place(ast);
        match &ast.kind {
            Syntax::Number(_) => ReadPart { number: true, ..self.constant(Sort::Scalar, span) },
            Syntax::Name(name) => self.name(name, span),
            Syntax::Partial(_) | Syntax::Keyword(..) => self.constant(Sort::Scalar, span),
            Syntax::Call { function, args, .. } => self.call(function, args, span),
            Syntax::Slope { slope, function, args, .. } => self.slope(*slope, function, args, span),
            Syntax::Sum(terms) => self.sum(terms, span, spine),
            Syntax::Neg(a) => {
                let a = self.expression(a, spine);
                ReadPart { lone: a.lone, capital: a.capital, ..self.of(SortRule::Same, &[a], span) }
            }
            Syntax::Binary(..) => self.product(ast, spine),
            Syntax::Transpose(a) => {
                let a = self.expression(a, false);
                self.of(SortRule::Transpose { open: a.open }, &[a], span)
            }
            Syntax::Inverse(a) => {
                let a = self.expression(a, false);
                self.of(SortRule::Square { capital: a.lone && a.capital }, &[a], span)
            }
            Syntax::Power(base, exponent) if is_euler(base) && !self.is_defined_e() => {
                self.note_exponent(exponent);
                let member = self.holds_capital_member(exponent);
                let exponent = self.expression(exponent, false);
                self.network.raised.insert(exponent.node);
                let value = self.of(if member { SortRule::Exponent } else { SortRule::Same }, &[exponent], span);
                self.network.curves.extend(exponent.holds.then_some(value.node));
                value
            }
            Syntax::Power(base, exponent) => {
                if let Syntax::Name(name) = &exponent.kind {
                    self.network.exponents.push((name.clone(), exponent.span));
                }
                let (base, power) = (self.expression(base, false), self.expression(exponent, false));
                let constant = is_number(exponent);
                if !constant {
                    self.note_raised(base, exponent, span);
                }
                let whole = self.of(SortRule::Power { constant }, &[base, power], span);
                ReadPart {
                    open: base.open,
                    letters: base.letters && constant,
                    power: base.is_small() && constant,
                    ..whole
                }
            }
            Syntax::ElementPower(base, exponent) => {
                let exponent_span = exponent.span;
                let parts = [self.expression(base, false), self.expression(exponent, false)];
                let custom = matches!(&exponent.kind, Syntax::Name(n) if EXPONENTS.contains(&n.as_str()));
                let exponent = parts[1].lone && (custom || !parts[0].lone && !parts[0].number);
                let plain = self.text.get(base.span.end..exponent_span.start).is_some_and(|sign| !sign.contains(".^"));
                self.of(SortRule::ElementPower { exponent, plain }, &parts, span)
            }
            Syntax::Norm(NormKind::Two, a) if self.is_distance(a) || self.holds_rows(a) => {
                let rows = std::mem::replace(&mut self.rows, true);
                let a = self.expression(a, false);
                self.rows = rows;
                self.scalar(SortRule::Distance { open: a.open }, &[a], span)
            }
            Syntax::Norm(_, a) => {
                let a = self.expression(a, false);
                self.scalar(SortRule::Norm { open: a.open }, &[a], span)
            }
            Syntax::Bars(a) => {
                let a = self.expression(a, false);
                self.of(SortRule::Bars, &[a], span)
            }
            Syntax::Matrix(rows) => self.block(rows, span),
            Syntax::Slice { base, rows, cols } => {
                let base = self.expression(base, false);
                let column = cols.as_ref().map(|c| c.0 == c.1);
                self.of(SortRule::Slice { row: rows.0 == rows.1, column }, &[base], span)
            }
            Syntax::Entry { .. } | Syntax::Gathered { .. } | Syntax::Iverson(_) => self.constant(Sort::Scalar, span),
        }
    }

    /// `‖f(a) - f(b)‖`: what an undeclared function makes of lone undeclared names, beside each other.
    fn is_distance(&self, ast: &Ast) -> bool {
        let Syntax::Sum(terms) = &ast.kind else { return false };
        let point = |ast: &Ast| match &ast.kind {
            Syntax::Name(name) => self.known.get(name).is_some_and(|p| p.lone),
            _ => false,
        };
        terms.iter().all(|(_, term)| match &term.kind {
            Syntax::Call { function, args, .. } => {
                let declared = self.names.declarations.contains_key(function);
                let undefined = self.names.functions.iter().any(|(f, _)| f == function);
                undefined && !declared && args.iter().all(point)
            }
            _ => false,
        })
    }

    /// `‖F_i - Y_i‖`, `‖R X_i - Y_i‖`: the members of families of capitals are rather the rows of their matrices.
    fn holds_rows(&self, ast: &Ast) -> bool {
        let member = |ast: &Ast| self.is_member(ast) && self.letter(ast).is_some_and(|part| part.capital);
        let last = |term: &Ast| match term.chain().1.last() {
            Some((op, factor)) => is_product(*op) && member(factor),
            None => member(term),
        };
        match &ast.kind {
            Syntax::Sum(terms) => terms.iter().any(|(_, term)| last(term)) || self.is_pair_of_rows(terms),
            _ => last(ast),
        }
    }

    /// `X_i - X_j` without a sum: one capital at two indices.
    fn is_pair_of_rows(&self, terms: &[(Sign, Ast)]) -> bool {
        let [(_, first), (_, second)] = terms else { return false };
        let at = |ast: &'_ Ast| match &ast.kind {
            Syntax::Name(n) if self.letter(ast).is_some_and(|part| part.capital) => {
                n.as_str().split_once('_').map(|(base, index)| (base.to_owned(), index.to_owned()))
            }
            _ => None,
        };
        let is_index = |index: &str| matches!(index, "i" | "j" | "k" | "l" | "m" | "n" | "p" | "q");
        match (at(first), at(second)) {
            (Some((a, i)), Some((b, j))) => a == b && i != j && is_index(&i) && is_index(&j),
            _ => false,
        }
    }

    /// A member of a family.
    fn is_member(&self, ast: &Ast) -> bool {
        matches!(&ast.kind, Syntax::Name(n) if self.names.actual(n) != n)
    }

    fn place(&self, ast: &Ast) -> Span {
        self.place.unwrap_or(ast.span)
    }

    /// `E_i`, a member of a family.
    fn holds_capital_member(&self, ast: &Ast) -> bool {
        let mut found = false;
        let member = |n: &Name| n.as_str().starts_with(char::is_uppercase) && self.names.actual(n) != n;
        visit(ast, &mut |node| found |= matches!(&node.kind, Syntax::Name(n) if member(n)));
        found
    }

    /// e is the base of the natural logarithm unless the document says otherwise.
    fn is_defined_e(&self) -> bool {
        let e = Name::new("e");
        self.names.declarations.contains_key(&e) || self.names.index.contains_key(&e.into())
    }

    fn name(&mut self, name: &Name, span: Span) -> ReadPart {
        match self.known.get(self.names.actual(name)) {
            Some(part) => ReadPart { span, ..*part },
            None => self.constant(self.constant_sort(name), span),
        }
    }

    fn constant_sort(&self, name: &Name) -> Sort {
        match name.as_str() {
            "I" | "eye" => Sort::Matrix,
            "𝟏" | "ones" | "zeros" => Sort::Vector,
            _ if unit_index(name).is_some_and(|i| self.names.is_unit_index(i)) => Sort::Vector,
            _ => Sort::Scalar,
        }
    }

    /// A bare `𝟏` or `0` that takes the shape of its neighbours.
    fn is_bare(&self, ast: &Ast) -> bool {
        matches!(&ast.kind, Syntax::Name(n) if matches!(n.as_str(), "𝟏" | "ones" | "zeros") && !self.known.contains_key(n))
    }

    /// `𝟏ᵀ`: what it multiplies is an array.
    fn is_row_of_ones(&self, ast: &Ast) -> bool {
        matches!(&ast.kind, Syntax::Transpose(a) if self.is_bare(a))
    }

    // ---- sums

    fn sum(&mut self, terms: &'a [(Sign, Ast)], span: Span, spine: bool) -> ReadPart {
        let guarded = self.guarded == Some(span);
        self.note_sum_with_identity(terms);
        self.note_lost_row(terms);
        self.note_lost_weights(terms);
        let mut sum: Option<(ReadPart, u32)> = None;
        for (_, term) in terms.iter().filter(|(_, t)| !self.is_bare(t)).collect::<Vec<_>>() {
            let part = self.expression(term, spine);
            let charge = u32::from(part.holds);
            sum = Some(match sum {
                None => (part, charge),
                Some((left, charges)) => {
                    self.note_intercept([left, part], terms);
                    let rule = SortRule::Add(Addends {
                        charges: [charges, charge],
                        letters: [left.lone, part.lone],
                        numbers: [left.number, part.number],
                        tiny: [left.node, part.node].map(|node| guarded && self.is_tiny(node)),
                        axes: self.axes,
                    });
                    let (lone, capital) = (left.lone && part.lone, left.capital || part.capital);
                    let both = self.of(rule, &[left, part], left.span.to(part.span));
                    (ReadPart { lone, capital, ..both }, charges + charge)
                }
            });
        }
        match sum {
            Some((part, _)) => ReadPart { span, lone: false, ..part },
            None => self.constant(Sort::Vector, span),
        }
    }

    /// What stands below a root, in a logarithm or a denominator: `ε` keeps it away from 0 there.
    fn guard(&mut self, ast: &Ast) {
        self.guarded = Some(self.place(ast));
    }

    /// The undeclared ε, a constant of programs and papers alike.
    fn is_tiny(&self, node: usize) -> bool {
        self.network.open.iter().any(|o| o.node == node && !o.given && matches!(o.name.as_str(), "ε" | "ϵ" | "eps"))
    }

    /// A letter that is read as a time.
    fn is_time(&self, node: usize) -> bool {
        self.network.open.iter().any(|o| o.node == node && o.number == Some(super::TIME))
    }

    // ---- blocks

    fn block(&mut self, rows: &'a [Vec<Ast>], span: Span) -> ReadPart {
        self.note_coordinates(rows);
        let flexible = |b: &Self, ast: &Ast| b.is_bare(ast) || matches!(&ast.kind, Syntax::Number(n) if n == "0");
        let mut cells: Vec<Vec<Option<ReadPart>>> = Vec::new();
        for row in rows {
            let read = |b: &mut Self, ast: &'a Ast| (!flexible(b, ast)).then(|| b.expression(ast, false));
            cells.push(row.iter().map(|ast| read(self, ast)).collect());
        }
        let width = cells.first().map_or(0, Vec::len);
        let across = cells.iter().map(|row| row.iter().flatten().copied().collect());
        let down = (0..width).map(|j| cells.iter().filter_map(|row| *row.get(j)?).collect());
        let (across, down): (Vec<Vec<ReadPart>>, Vec<Vec<ReadPart>>) = (across.collect(), down.collect());
        let beside = across.iter().filter_map(|row| self.joined(SortRule::Beside, row, span)).last();
        let below = down.iter().filter_map(|column| self.joined(SortRule::Below, column, span)).last();
        match (beside, below) {
            (Some(row), _) if rows.len() == 1 => row,
            (_, Some(column)) if width == 1 => column,
            (Some(part), _) => self.of(SortRule::Always(Sort::Matrix), &[part], span),
            (None, _) => self.constant(Sort::Vector, span),
        }
    }

    fn joined(&mut self, rule: SortRule, parts: &[ReadPart], span: Span) -> Option<ReadPart> {
        let (first, rest) = parts.split_first()?;
        let start = self.of(rule, &[*first, *first], span);
        Some(rest.iter().fold(start, |joined, part| self.of(rule, &[joined, *part], span)))
    }
}

/// Letters that are customary in exponents.
const EXPONENTS: &[&str] = &["k", "m", "n", "p", "q", "r"];

/// A product of matrices, or what may be one.
fn is_product(op: BinaryOp) -> bool {
    matches!(op, BinaryOp::Mul | BinaryOp::At | BinaryOp::Dot | BinaryOp::Star | BinaryOp::Cross)
}

/// `1`, as a size.
fn is_one(ast: &Ast) -> bool {
    matches!(&ast.kind, Syntax::Number(n) if n == "1")
}

/// Written without a name.
fn is_number(ast: &Ast) -> bool {
    let mut number = true;
    visit(ast, &mut |node| number &= !matches!(&node.kind, Syntax::Name(n) if !is_constant_name(n)));
    number
}

/// What costs nothing as this sort, and is no other.
fn only(sort: Sort) -> [Cost; 4] {
    Sort::ALL.map(|s| if s == sort { Cost::ZERO } else { Cost::NEVER })
}
