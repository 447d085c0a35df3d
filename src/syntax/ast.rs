//! The syntax tree: what a person wrote, or what gradus is about to write. Parsing makes it, `shape` elaborates it into
//! the core, `render::present` makes it from the core, and every printer prints it.

use crate::diag::Span;
use crate::expr::Name;

/// A piece of syntax with its place. Two trees are equal when they read the same, wherever they stand.
#[derive(Clone, Debug)]
pub struct Ast {
    pub kind: Syntax,
    pub span: Span,
}

impl PartialEq for Ast {
    fn eq(&self, other: &Ast) -> bool {
        self.kind == other.kind
    }
}

/// The two signs of a sum's terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    Plus,
    Minus,
}

/// Binary operators. `Div` is level 3 (`/` and `\frac`), `HadDiv` level 2 (`./`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BinaryOp {
    Mul,
    Div,
    Kron,
    Had,
    HadDiv,
}

/// Which norm: ‖·‖ and ‖·‖_2 are `Two`, `‖·‖_F` is `Frobenius`, ‖·‖_p has its index as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NormKind {
    Two,
    Frobenius,
    One,
    Infinity,
    P(String),
}

#[derive(Clone, Debug)]
pub enum Syntax {
    /// As written, without sign: `12`, `0.5`, `1e-3`.
    Number(String),
    /// A variable, a size, `I`, `𝟏` (named "𝟏"), `π`, `e`, `rows`/`cols` as arguments, and `…` in rules.
    Name(Name),
    /// `f'(z)`: function name in its plain spelling, number of primes, arguments. `norm2(x)`, `tr(A)`, `softmax(X, rows)` are calls too.
    Call {
        function: Name,
        function_span: Span,
        primes: u32,
        args: Vec<Ast>,
    },
    /// Two or more terms, or one with a minus sign never: that is `Neg`.
    Sum(Vec<(Sign, Ast)>),
    Neg(Box<Ast>),
    Binary(BinaryOp, Box<Ast>, Box<Ast>),
    Transpose(Box<Ast>),
    Inverse(Box<Ast>),
    Power(Box<Ast>, Box<Ast>),
    ElementPower(Box<Ast>, Box<Ast>),
    Norm(NormKind, Box<Ast>),
    /// Rows of a bracket `[a, b; c, d]`.
    Matrix(Vec<Vec<Ast>>),
    /// `X[a..b, c..d]`, `x[a..b]`.
    Slice {
        base: Box<Ast>,
        rows: (Box<Ast>, Box<Ast>),
        cols: Option<(Box<Ast>, Box<Ast>)>,
    },
}

impl PartialEq for Syntax {
    /// Places do not count.
    fn eq(&self, other: &Syntax) -> bool {
        use Syntax::*;
        match (self, other) {
            (Number(a), Number(b)) => a == b,
            (Name(a), Name(b)) => a == b,
            (Call { function: f, primes: p, args: a, .. }, Call { function: g, primes: q, args: b, .. }) => {
                f == g && p == q && a == b
            }
            (Sum(a), Sum(b)) => a == b,
            (Neg(a), Neg(b)) | (Transpose(a), Transpose(b)) | (Inverse(a), Inverse(b)) => a == b,
            (Binary(o, a, b), Binary(q, c, d)) => o == q && a == c && b == d,
            (Power(a, b), Power(c, d)) | (ElementPower(a, b), ElementPower(c, d)) => a == c && b == d,
            (Norm(k, a), Norm(l, b)) => k == l && a == b,
            (Matrix(a), Matrix(b)) => a == b,
            (Slice { base: a, rows: r, cols: c }, Slice { base: b, rows: s, cols: d }) => a == b && r == s && c == d,
            (
                Number(_)
                | Name(_)
                | Call { .. }
                | Sum(_)
                | Neg(_)
                | Binary(..)
                | Transpose(_)
                | Inverse(_)
                | Power(..)
                | ElementPower(..)
                | Norm(..)
                | Matrix(_)
                | Slice { .. },
                _,
            ) => false,
        }
    }
}

/// A shape as declared.
#[derive(Clone, Debug, PartialEq)]
pub enum DeclaredShape {
    Scalar,
    /// `f: elementwise`
    Elementwise,
    /// Sizes are small expressions: numbers, names, products, sums. One size is a column vector.
    Sizes(Vec<Ast>),
}

/// Facts a declaration may state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Attribute {
    Symmetric,
    Spd,
    Diagonal,
    Orthogonal,
    Invertible,
    Positive,
    Negative,
    Constant,
}

impl Attribute {
    pub const ALL: &'static [(&'static str, Attribute)] = &[
        ("symmetric", Attribute::Symmetric),
        ("spd", Attribute::Spd),
        ("diagonal", Attribute::Diagonal),
        ("orthogonal", Attribute::Orthogonal),
        ("invertible", Attribute::Invertible),
        ("positive", Attribute::Positive),
        ("negative", Attribute::Negative),
        ("constant", Attribute::Constant),
    ];
}

#[derive(Clone, Debug, PartialEq)]
pub struct Declaration {
    pub name: Name,
    pub name_span: Span,
    pub shape: DeclaredShape,
    pub shape_span: Span,
    pub attributes: Vec<(Attribute, Span)>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Statement {
    Declaration(Declaration),
    /// `g(t) = body`
    FunctionDefinition {
        name: Name,
        name_span: Span,
        parameter: Name,
        body: Ast,
    },
    Definition {
        name: Name,
        name_span: Span,
        value: Ast,
    },
    Expression(Ast),
    /// `n = 3`, `k n = 6`: an equation that is not a definition is a condition on sizes.
    SizeCondition {
        left: Ast,
        right: Ast,
    },
}

/// A parsed document: its text, its statements in order, and the remarks parsing made (`Wx` is one name, …).
#[derive(Clone, Debug)]
pub struct Document {
    pub text: String,
    pub latex: bool,
    pub statements: Vec<Statement>,
    pub notes: Vec<crate::diag::Note>,
}

/// What is known of names when a single expression (a claim, a target, printed output) is read.
#[derive(Clone, Debug, Default)]
pub struct Scope {
    pub variables: std::collections::BTreeSet<Name>,
    pub functions: std::collections::BTreeSet<Name>,
    /// Reads the notation of rules too: `…` as an operand, `d(A)`, `ip(G, A)`.
    pub rules: bool,
}

impl Ast {
    pub fn new(kind: Syntax, span: Span) -> Ast {
        Ast { kind, span }
    }

    /// The size the contract counts: operators, names and constants; a call its name and its arguments; parentheses free.
    pub fn size(&self) -> usize {
        match &self.kind {
            Syntax::Number(_) | Syntax::Name(_) => 1,
            Syntax::Call { args, .. } => 1 + args.iter().map(Ast::size).sum::<usize>(),
            Syntax::Sum(terms) => terms.len() - 1 + terms.iter().map(|(_, t)| t.size()).sum::<usize>(),
            Syntax::Neg(a) | Syntax::Transpose(a) | Syntax::Inverse(a) | Syntax::Norm(_, a) => 1 + a.size(),
            Syntax::Binary(_, a, b) | Syntax::Power(a, b) | Syntax::ElementPower(a, b) => 1 + a.size() + b.size(),
            Syntax::Matrix(rows) => {
                rows.iter().flatten().map(Ast::size).sum::<usize>()
                    + rows.iter().map(Vec::len).sum::<usize>().saturating_sub(1)
            }
            Syntax::Slice { base, rows, cols } => {
                let range = |r: &(Box<Ast>, Box<Ast>)| r.0.size() + r.1.size();
                1 + base.size() + range(rows) + cols.as_ref().map_or(0, range)
            }
        }
    }
}
