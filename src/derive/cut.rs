//! Cutting a program into small definitions: the argument and the value of every elementwise function and of every softmax
//! (whose derivative speaks of its value), and every compound term that occurs twice, get a name. One local problem then
//! has one operator or two, however deep the formula.

use crate::diag::Span;
use crate::expr::{
    Axis, Builtin, Expr, Name, Op, Purpose, Shape, Size, Symbol, build, builtin, had, integer, matrix_power, mul, ones,
    pow, size_number, sub, transpose, variable,
};
use crate::program::{Definition, Program};
use rustc_hash::FxHashMap as HashMap;
use std::collections::{BTreeMap, BTreeSet};

/// A program of small definitions, and which of them gradus introduced.
#[derive(Clone, Debug)]
pub struct Cut {
    pub definitions: Vec<Definition>,
    pub introduced: BTreeSet<Symbol>,
}

/// An elementwise formula of more nodes is cut.
const SMALL_NODES: u64 = 12;
/// Terms of fewer nodes are not worth a name of their own.
const WORTH_NAMING: u64 = 3;
/// A squared norm's argument stands in every derivative; a sum of more nodes is a residual with a name.
const RESIDUAL_NODES: u64 = 12;
/// A term of more nodes is cut at its arguments, so that no local problem is large.
const LOCAL_NODES: u64 = 60;
/// A term whose operators stand deeper in each other than this, by the weights of `depth`, gets a name: product and chain
/// rule grow with the square of the depth.
const LOCAL_DEPTH: u64 = 8;

/// Products and stacks of more pieces are cut into groups of so many.
const WIDE: usize = 24;
const GROUP: usize = 12;

/// An argument as it was written, and as it is once it is cut.
type CutArgument = (Expr, Expr);

/// Whole powers as products, for the rules of the product, and σ by its name.
pub(super) fn written_out(d: &Definition) -> Definition {
    let value = d.value.rewrite(&mut |e| match e.op() {
        Op::MatrixPower(k) if k.unsigned_abs() <= MAX_POWER => {
            let base = if *k < 0 { matrix_power(e.args()[0].clone(), -1) } else { e.args()[0].clone() };
            mul(vec![base; k.unsigned_abs() as usize])
        }
        _ => e,
    });
    d.with_value(crate::engine::sigmoids_recognised(&value))
}

/// Matrix powers up to this are written out as products.
const MAX_POWER: u64 = 1000;

/// Cuts the definitions that the `roots` depend on. A term that a target is defined as is not the target: what is written
/// out in its place does not move with it; and no result speaks of a derivative by its symbol.
pub fn cut(program: &Program, roots: &[Symbol], targets: &BTreeMap<Symbol, Shape>) -> Cut {
    let needed = needed(program, roots);
    let values: Vec<&Definition> = program.definitions.iter().filter(|d| needed.contains(&d.name)).collect();
    let mut cutter = Cutter::new(&values);
    for d in &values {
        cutter.span = d.span;
        let value = cutter.top(&d.value);
        if !d.value.args().is_empty() && !targets.contains_key(&d.name) && d.name.as_partial().is_none() {
            cutter.known.entry(d.value.clone()).or_insert_with(|| d.name.clone());
        }
        cutter.out.push(d.with_value(value));
    }
    let mut cut = Cut { definitions: cutter.out, introduced: cutter.introduced };
    rename(&mut cut, program);
    cut
}

/// The definitions the `roots` depend on, themselves included.
pub fn needed(program: &Program, roots: &[Symbol]) -> BTreeSet<Symbol> {
    let defined: BTreeSet<&Symbol> = program.definitions.iter().map(|d| &d.name).collect();
    let mut needed = roots.iter().cloned().collect::<BTreeSet<Symbol>>();
    for d in program.definitions.iter().rev() {
        if needed.contains(&d.name) {
            needed.extend(d.value.variables().into_iter().filter(|v| defined.contains(v)));
        }
    }
    needed
}

struct Cutter {
    /// How often each compound term occurs.
    uses: HashMap<Expr, usize>,
    /// Terms that have a name.
    known: HashMap<Expr, Symbol>,
    out: Vec<Definition>,
    introduced: BTreeSet<Symbol>,
    /// Where the definition stands that is being cut.
    span: Span,
}

impl Cutter {
    fn new(values: &[&Definition]) -> Cutter {
        let mut uses = HashMap::default();
        values.iter().for_each(|d| count(&d.value, &mut uses));
        Cutter { uses, known: HashMap::default(), out: Vec::new(), introduced: BTreeSet::new(), span: Span::default() }
    }

    /// The value of a definition: it has a name already.
    fn top(&mut self, e: &Expr) -> Expr {
        if let Some(name) = self.known.get(e) {
            return variable(name, e.shape());
        }
        self.arguments(e)
    }

    fn arguments(&mut self, e: &Expr) -> Expr {
        let large = e.nodes() > LOCAL_NODES;
        let args: Vec<Expr> = e.args().iter().map(|a| self.argument(e, a, large)).collect();
        if let (Op::Builtin(b), [own], [a]) = (e.op(), e.args(), args.as_slice()) {
            self.variance(*b, own, a);
        }
        if args.is_empty() {
            e.clone()
        } else if args.len() > WIDE && !e.is_fixed() {
            self.grouped(e, args)
        } else {
            build(e.op().clone(), args)
        }
    }

    /// A layer norm's derivative divides by the standard deviation: its square gets a name.
    fn variance(&mut self, layer_norm: Builtin, own: &Expr, value: &Expr) {
        if let Some(own) = variance(layer_norm, own).filter(|v| !v.is_fixed() && !self.known.contains_key(v)) {
            let value = variance(layer_norm, value).unwrap_or_else(|| own.clone());
            self.name(Purpose::Variance, &own, value);
        }
    }

    /// A long product or stack as one of shorter ones that have names: each is a local problem of its own.
    fn grouped(&mut self, e: &Expr, args: Vec<Expr>) -> Expr {
        let pieces: Vec<CutArgument> = e.args().iter().cloned().zip(args).collect();
        let stack = |rows| Op::Block { rows, cols: 1 };
        if let Op::Block { cols, .. } = *e.op() {
            let rows = if cols == 1 { pieces } else { pieces.chunks(cols).map(|row| self.row(row.to_vec())).collect() };
            self.groups(rows, &stack)
        } else if matches!(e.op(), Op::Had | Op::Mul) {
            self.groups(pieces, &|_| e.op().clone())
        } else {
            build(e.op().clone(), pieces.into_iter().map(|(_, value)| value).collect())
        }
    }

    /// Blocks side by side.
    fn row(&mut self, pieces: Vec<CutArgument>) -> CutArgument {
        let beside = |cols: usize| Op::Block { rows: 1, cols };
        let whole = build(beside(pieces.len()), pieces.iter().map(|(own, _)| own.clone()).collect());
        (whole, self.groups(pieces, &beside))
    }

    fn groups(&mut self, mut pieces: Vec<CutArgument>, op: &dyn Fn(usize) -> Op) -> Expr {
        while pieces.len() > WIDE {
            pieces = pieces.chunks(GROUP).map(|group| self.group(group, op(group.len()))).collect();
        }
        build(op(pieces.len()), pieces.into_iter().map(|(_, value)| value).collect())
    }

    fn group(&mut self, pieces: &[CutArgument], op: Op) -> CutArgument {
        let (own, values) = pieces.iter().cloned().unzip();
        let (own, value) = (build(op.clone(), own), build(op, values));
        let value = match self.known.get(&own) {
            Some(name) => variable(name, own.shape()),
            None if own.args().is_empty() || own.is_fixed() => value,
            None => self.name(Purpose::Repeated, &own, value),
        };
        (own, value)
    }

    fn argument(&mut self, parent: &Expr, e: &Expr, large: bool) -> Expr {
        if let Some(name) = self.known.get(e) {
            return variable(name, e.shape());
        }
        let value = self.arguments(e);
        let again = self.uses.get(e).is_some_and(|n| *n > 1);
        let kind = match (parent.op(), e.op()) {
            _ if e.is_fixed() => None,
            (_, op) if is_layer_norm(op) => {
                Some(if value.shape().is_vector() { Purpose::Value } else { Purpose::Values })
            }
            _ if e.nodes() < WORTH_NAMING => None,
            _ if !again && is_elementwise(parent.op()) && is_small(&value) => None,
            (_, Op::Map(_)) if !again && value.is_scalar() && is_small(&value) => None,
            (_, Op::Builtin(_)) if is_softmax(e.op()) => {
                Some(if value.shape().is_vector() { Purpose::Probability } else { Purpose::Probabilities })
            }
            (op, _) if is_softmax(op) => {
                Some(if value.shape().is_vector() { Purpose::Argument } else { Purpose::Scores })
            }
            (op, _) if is_layer_norm(op) => {
                Some(if value.shape().is_vector() { Purpose::Argument } else { Purpose::Arguments })
            }
            (Op::Map(_), _) => Some(Purpose::Argument),
            (_, Op::Map(_)) => Some(Purpose::Value),
            _ if again && !is_trivial(e) => Some(Purpose::Repeated),
            (_, Op::Add) if e.args().len() > WIDE => Some(Purpose::Repeated),
            (Op::Builtin(Builtin::NormSquared), Op::Add) if e.nodes() > RESIDUAL_NODES => Some(Purpose::Repeated),
            _ if large && e.nodes() > LOCAL_NODES / 2 => Some(Purpose::Repeated),
            _ if depth(&value) >= LOCAL_DEPTH => Some(Purpose::Repeated),
            _ => None,
        };
        // f(x) of a plain variable is worth a name only where it occurs twice
        let plain_map = matches!(e.op(), Op::Map(_)) && e.args()[0].as_variable().is_some();
        match kind {
            Some(kind) if again || !plain_map => self.name(kind, e, value),
            Some(_) | None => value,
        }
    }

    fn name(&mut self, kind: Purpose, e: &Expr, value: Expr) -> Expr {
        let name = Symbol::made(kind, vec![], self.introduced.len());
        self.out.push(Definition { name: name.clone(), value, written: None, span: self.span });
        self.introduced.insert(name.clone());
        self.known.insert(e.clone(), name.clone());
        variable(&name, e.shape())
    }
}

/// A formula that works entry by entry, short enough to differentiate at one go: `log(1 + exp(-y s))`.
fn is_small(e: &Expr) -> bool {
    fn by_entries(e: &Expr) -> bool {
        e.args().is_empty() || (is_elementwise(e.op()) && e.args().iter().all(by_entries))
    }
    e.nodes() <= SMALL_NODES && by_entries(e)
}

/// Whether entry i of the value comes from entries i of the arguments alone.
fn is_elementwise(op: &Op) -> bool {
    matches!(op, Op::Map(_) | Op::Add | Op::Had | Op::Pow)
}

/// How deep operators whose differential holds their argument again stand in each other; dA⁻¹ = −A⁻¹ dA A⁻¹ holds it twice.
fn depth(e: &Expr) -> u64 {
    let moving = || e.args().iter().filter(|a| !a.is_fixed()).count();
    let own = match e.op() {
        Op::Inverse => 3,
        Op::Mul | Op::Had | Op::Kron if moving() < 2 => 0,
        Op::Mul | Op::Had | Op::Kron | Op::Pow | Op::MatrixPower(_) | Op::Map(_) | Op::Field(_) => 1,
        Op::Builtin(b) => u64::from(!b.about().linear),
        Op::Number(_)
        | Op::SizeNumber(_)
        | Op::Constant(_)
        | Op::Variable(_)
        | Op::Ones(_)
        | Op::Zeros(_)
        | Op::Eye(_)
        | Op::Unit(..)
        | Op::Tril(_)
        | Op::Commutation(..)
        | Op::Duplication(_)
        | Op::Add
        | Op::Transpose
        | Op::Unvec(..)
        | Op::Block { .. }
        | Op::Slice { .. }
        | Op::Differential
        | Op::Inner => 0,
    };
    own + e.args().iter().map(depth).max().unwrap_or(0)
}

/// Probabilities: p ∘ (g − (pᵀ g) 𝟏) is what their derivative makes of g.
fn is_softmax(op: &Op) -> bool {
    matches!(op, Op::Builtin(Builtin::Softmax(_)))
}

/// Functions whose derivative speaks of their value: diag(p) − p pᵀ.
pub fn is_spoken_of(op: &Op) -> bool {
    is_softmax(op) || is_layer_norm(op)
}

/// H, less the part of a gradient that is uniform and the part along H.
fn is_layer_norm(op: &Op) -> bool {
    matches!(op, Op::Builtin(Builtin::LayerNorm(_)))
}

/// The variance of a vector, of every row, of every column, for the layer norm of that direction, in the words of the rules.
fn variance(layer_norm: Builtin, a: &Expr) -> Option<Expr> {
    let Shape { rows, cols } = a.shape();
    let mean = |sums: Builtin, n: &Size, e: Expr| had(vec![pow(size_number(n), integer(-1)), builtin(sums, e)]);
    let ones = |n: &Size| ones(&Shape::vector(n.clone()));
    let square = |centre: Expr| pow(sub(a.clone(), centre), integer(2));
    match layer_norm {
        Builtin::LayerNorm(Axis::All) => {
            let centre = had(vec![builtin(Builtin::Mean, a.clone()), ones(rows)]);
            Some(builtin(Builtin::Mean, square(centre)))
        }
        Builtin::LayerNorm(Axis::Rows) => {
            let centre = mul(vec![mean(Builtin::Sum(Axis::Rows), cols, a.clone()), transpose(ones(cols))]);
            Some(mean(Builtin::Sum(Axis::Rows), cols, square(centre)))
        }
        Builtin::LayerNorm(Axis::Cols) => {
            let centre = mul(vec![ones(rows), transpose(mean(Builtin::Sum(Axis::Cols), rows, a.clone()))]);
            Some(mean(Builtin::Sum(Axis::Cols), rows, square(centre)))
        }
        _ => None,
    }
}

/// Scaled, transposed or negated names are read at a glance.
fn is_trivial(e: &Expr) -> bool {
    match e.op() {
        Op::Transpose => e.args()[0].args().is_empty(),
        Op::Had => e.args().iter().all(|a| a.args().is_empty()),
        Op::Pow | Op::Field(_) => e.args()[0].args().is_empty(),
        _ => e.args().is_empty(),
    }
}

fn count(e: &Expr, uses: &mut HashMap<Expr, usize>) {
    if e.args().is_empty() {
        return;
    }
    let n = uses.entry(e.clone()).or_insert(0);
    *n += 1;
    if *n == 1 {
        e.args().iter().for_each(|a| count(a, uses));
    }
}

/// Gives what was introduced its names: `z` when there is one, `z_1`, `z_2` when there are several.
fn rename(cut: &mut Cut, program: &Program) {
    let mut taken = program.names();
    let order: Vec<Symbol> =
        cut.definitions.iter().map(|d| d.name.clone()).filter(|n| cut.introduced.contains(n)).collect();
    let mut names: HashMap<Symbol, Symbol> = HashMap::default();
    for kind in Purpose::INTERMEDIATE {
        let of_kind: Vec<&Symbol> = order.iter().filter(|s| s.purpose() == Some(kind)).collect();
        let free = |letter: &&&str| !taken.contains(&Name::new(letter));
        let letter = kind.letters().iter().find(free).map_or(kind.letter(), |letter| letter);
        for (symbol, name) in of_kind.iter().zip(fresh_names(letter, of_kind.len(), &taken)) {
            taken.insert(name.clone());
            names.insert((*symbol).clone(), symbol.written(name));
        }
    }
    let new = |n: &Symbol| names.get(n).cloned().unwrap_or_else(|| n.clone());
    for d in &mut cut.definitions {
        d.value = d.value.rewrite(&mut |e| match e.op() {
            Op::Variable(v) if names.contains_key(&v.name) => variable(new(&v.name), &v.shape.clone()),
            _ => e,
        });
        d.name = new(&d.name);
    }
    cut.introduced = cut.introduced.iter().map(new).collect();
}

/// `count` names with this letter that nothing else bears: numbered where there are several, or numbered ones already.
pub fn fresh_names(letter: &str, count: usize, taken: &BTreeSet<Name>) -> Vec<Name> {
    let plain = Name::new(letter);
    let numbered = |n: &Name| {
        let number = n.as_str().strip_prefix(letter).and_then(|rest| rest.strip_prefix('_'));
        number.is_some_and(|number| number.chars().all(|c| c.is_ascii_digit()))
    };
    if count == 1 && !taken.contains(&plain) && !taken.iter().any(numbered) {
        return vec![plain];
    }
    (1..).map(|i| Name::new(&format!("{letter}_{i}"))).filter(|n| !taken.contains(n)).take(count).collect()
}
