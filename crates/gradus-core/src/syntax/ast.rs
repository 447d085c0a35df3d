//! The syntax tree: what a person wrote, or what gradus is about to write. Parsing makes it, `shape` elaborates it into
//! the core, `render::present` makes it from the core, and every printer prints it.

use crate::diag::Span;
use crate::expr::{Comparator, Gathering, Keyword, Name, Partial, Slope};
use std::sync::Arc;

/// A piece of syntax with its place. Two trees are equal when they read the same, wherever they stand.
#[derive(Clone, Debug)]
pub struct Ast {
    /// What it is.
    pub kind: Syntax,
    /// Where it stands.
    pub span: Span,
    /// Whether a reader wants parentheses around it that the grammar does not need: `(wᵀ A w) B w`.
    pub grouped: bool,
}

impl Ast {
    /// A chain of binary operators, which associate to the left, as its first operand and what follows, without recursion
    /// along the chain.
    pub fn chain(&self) -> (&Ast, Vec<(BinaryOp, &Ast)>) {
        let (mut first, mut rest) = (self, Vec::new());
        while let Syntax::Binary(op, a, b) = &first.kind {
            rest.push((*op, &**b));
            first = a;
        }
        rest.reverse();
        (first, rest)
    }
}

impl PartialEq for Ast {
    fn eq(&self, other: &Ast) -> bool {
        self.kind == other.kind
    }
}

/// The two signs of a sum's terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// `+`
    Plus,
    /// `-`
    Minus,
}

/// Binary operators. `Div` is level 3 (`/` and `\frac`), `HadDiv` level 2 (`./`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BinaryOp {
    /// Juxtaposition.
    Mul,
    /// `@`, Mathematica's `.`: the last axis of one with the first of the other. A column before a matrix has one axis, and
    /// so has the product.
    At,
    /// `·`: a product, of two columns the inner one.
    Dot,
    /// `*`: a product, of two arrays no matrix product fits the one entry by entry.
    Star,
    /// `×`: a product, of two columns of three entries the cross product.
    Cross,
    /// `/`
    Div,
    /// `⊗`
    Kron,
    /// `.*`, `∘`
    Had,
    /// `./`
    HadDiv,
}

/// Which norm: ‖·‖ and ‖·‖_2 are `Two`, `‖·‖_F` is `Frobenius`, ‖·‖_p has its index as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NormKind {
    /// ‖x‖, ‖x‖₂.
    Two,
    /// ‖X‖_F.
    Frobenius,
    /// ‖x‖₁.
    One,
    /// ‖x‖_∞.
    Infinity,
    /// ‖x‖_p.
    P(String),
}

/// What a syntax tree is made of.
#[derive(Clone, Debug)]
pub enum Syntax {
    /// As written, without sign: `12`, `0.5`, `1e-3`.
    Number(String),
    /// A variable, a size, `I`, `𝟏` (named "𝟏"), `π`, `e`, `rows`/`cols` as arguments, and `…` in rules.
    Name(Name),
    /// ∂y/∂x as a thing of its own. No author writes it: it stands in what is printed.
    Partial(Arc<Partial>),
    /// `f'(z)`: function name in its plain spelling, number of primes, arguments. `norm2(x)`, `tr(A)`, `softmax(X, rows)` are calls too.
    Call {
        /// The function's name.
        function: Name,
        /// Where the name stands.
        function_span: Span,
        /// How many primes follow the name.
        primes: u32,
        /// The arguments.
        args: Vec<Ast>,
    },
    /// `ddof=1`, among the arguments of a call: which setting, and the number as written.
    Keyword(Keyword, String),
    /// `∇f(x)`, `J_c(x)`, `∇²f(x)`, `∇²(wᵀ c)(x)`: a derivative of a function of arrays.
    Slope {
        /// Which one.
        slope: Slope,
        /// The function's name.
        function: Name,
        /// Where it all stands, up to the bracket of the arguments.
        function_span: Span,
        /// The point, after the weights where there are some.
        args: Vec<Ast>,
    },
    /// Two or more terms, or one with a minus sign never: that is `Neg`.
    Sum(Vec<(Sign, Ast)>),
    /// -A.
    Neg(Box<Ast>),
    /// Two operands with an operator between them.
    Binary(BinaryOp, Box<Ast>, Box<Ast>),
    /// Aᵀ.
    Transpose(Box<Ast>),
    /// A⁻¹.
    Inverse(Box<Ast>),
    /// A^p.
    Power(Box<Ast>, Box<Ast>),
    /// A.^p.
    ElementPower(Box<Ast>, Box<Ast>),
    /// A norm.
    Norm(NormKind, Box<Ast>),
    /// `|A|`: the determinant of a square matrix, else the absolute value of every entry.
    Bars(Box<Ast>),
    /// Rows of a bracket `[a, b; c, d]`.
    Matrix(Vec<Vec<Ast>>),
    /// `X[a..b, c..d]`, `x[a..b]`.
    Slice {
        /// What is cut from.
        base: Box<Ast>,
        /// First and last row.
        rows: Ends,
        /// First and last column; all of a vector.
        cols: Option<Ends>,
    },
    /// `x_i`, `y_{ij}`, `x_{t-1}`, `(A x)_i`: a member of a family, or an entry of an array.
    Entry {
        /// The family, or the array.
        base: Box<Ast>,
        /// Which: an index, a number, an index and a number.
        at: Vec<Ast>,
    },
    /// `Σ_{i=1}^n …`, `Π`, `max_i`, `mean_i`, `E[…]`.
    Gathered {
        /// What is made of the values.
        by: Gathering,
        /// Over what; of `E[x]` nothing.
        over: Vec<Bound>,
        /// Only where these hold.
        when: Vec<WrittenCondition>,
        /// The value at each place.
        body: Box<Ast>,
    },
    /// `[i = j]`, `δ_ij`: 1 where it holds, else 0.
    Iverson(Box<WrittenCondition>),
}

/// An index that a sum binds.
#[derive(Clone, Debug, PartialEq)]
pub struct Bound {
    /// The letter.
    pub letter: Name,
    /// Where it stands.
    pub letter_span: Span,
    /// The first and the last place, as far as they are written.
    pub range: Option<(Ast, Ast)>,
    /// The set it runs over, `i ∈ S`; with another letter before it, `j ∈ N(i)`, the letter in its bracket.
    pub set: Option<(Name, Vec<Name>)>,
    /// What the distribution it is drawn from speaks of: of `x ∼ p_θ` p_θ.
    pub drawn: Vec<Name>,
}

/// A statement about places: `i ≠ j`, `i < j`.
#[derive(Clone, Debug, PartialEq)]
pub struct WrittenCondition {
    /// One side.
    pub left: Ast,
    /// How it compares.
    pub relation: Comparator,
    /// The other side.
    pub right: Ast,
}

/// The first and the last place of a range.
pub type Ends = (Box<Ast>, Box<Ast>);

impl PartialEq for Syntax {
    /// Places do not count.
    fn eq(&self, other: &Syntax) -> bool {
        use Syntax::*;
        match (self, other) {
            (Number(a), Number(b)) => a == b,
            (Name(a), Name(b)) => a == b,
            (Partial(a), Partial(b)) => a == b,
            (Call { function: f, primes: p, args: a, .. }, Call { function: g, primes: q, args: b, .. }) => {
                f == g && p == q && a == b
            }
            (Slope { slope: s, function: f, args: a, .. }, Slope { slope: t, function: g, args: b, .. }) => {
                s == t && f == g && a == b
            }
            (Sum(a), Sum(b)) => a == b,
            (Neg(a), Neg(b)) | (Transpose(a), Transpose(b)) | (Inverse(a), Inverse(b)) => a == b,
            (Binary(o, a, b), Binary(q, c, d)) => o == q && a == c && b == d,
            (Power(a, b), Power(c, d)) | (ElementPower(a, b), ElementPower(c, d)) => a == c && b == d,
            (Norm(k, a), Norm(l, b)) => k == l && a == b,
            (Bars(a), Bars(b)) => a == b,
            (Matrix(a), Matrix(b)) => a == b,
            (Slice { base: a, rows: r, cols: c }, Slice { base: b, rows: s, cols: d }) => a == b && r == s && c == d,
            (Entry { base: a, at: i }, Entry { base: b, at: j }) => a == b && i == j,
            (Gathered { by: b, over: o, when: w, body: e }, Gathered { by: c, over: p, when: x, body: f }) => {
                b == c && o == p && w == x && e == f
            }
            (Iverson(a), Iverson(b)) => a == b,
            (Keyword(s, a), Keyword(t, b)) => s == t && a == b,
            (
                Number(_)
                | Name(_)
                | Partial(_)
                | Keyword(..)
                | Call { .. }
                | Slope { .. }
                | Sum(_)
                | Neg(_)
                | Binary(..)
                | Transpose(_)
                | Inverse(_)
                | Power(..)
                | ElementPower(..)
                | Norm(..)
                | Bars(_)
                | Matrix(_)
                | Slice { .. }
                | Entry { .. }
                | Gathered { .. }
                | Iverson(_),
                _,
            ) => false,
        }
    }
}

/// A shape as declared.
#[derive(Clone, Debug, PartialEq)]
pub enum DeclaredShape {
    /// `scalar`, `R`.
    Scalar,
    /// `f: elementwise`
    Elementwise,
    /// `f: R^n -> R`, `c: R^n -> R^m`.
    Field {
        /// The sizes of the argument; none of a scalar.
        domain: Vec<Ast>,
        /// How many entries the value has; `None` of a scalar.
        codomain: Option<Ast>,
    },
    /// Sizes are small expressions: numbers, names, products, sums. One size is a column vector.
    Sizes(Vec<Ast>),
    /// `A: symmetric`, `x: vector`: facts alone, the sizes follow from the document.
    Unsaid(UnsaidShape),
}

/// What a declaration without sizes says of the shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnsaidShape {
    /// `x: vector`, `y: onehot`.
    Column,
    /// `x: row`, `x: row vector`.
    Row,
    /// `A: matrix`, `Y: onehot rows`.
    Matrix,
    /// `A: symmetric`.
    Square,
    /// `λ: positive`, `y: constant`: what the name is without it.
    Any,
}

impl DeclaredShape {
    /// Whether it declares a function.
    pub fn is_function(&self) -> bool {
        matches!(self, DeclaredShape::Elementwise | DeclaredShape::Field { .. })
    }
}

/// Facts a declaration may state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Attribute {
    /// A = Aᵀ.
    Symmetric,
    /// Symmetric and positive definite.
    Spd,
    /// Zero off the diagonal.
    Diagonal,
    /// AᵀA = I.
    Orthogonal,
    /// A⁻¹ exists.
    Invertible,
    /// Every entry is above 0.
    Positive,
    /// Every entry is below 0.
    Negative,
    /// A column with one entry 1 and zeros.
    Onehot,
    /// A column of entries from 0 on that add up to 1.
    Distribution,
    /// Every row has one entry 1 and zeros.
    OnehotRows,
    /// The entries of every row are from 0 on and add up to 1.
    StochasticRows,
    /// Every entry is 0 or 1: what is in a set.
    Mask,
    /// Every entry is the place of an entry: a whole number, one of those an index runs over.
    Labels,
    /// Not among the default targets.
    Constant,
}

impl Attribute {
    /// Every attribute with its word.
    pub const ALL: &'static [(&'static str, Attribute)] = &[
        ("symmetric", Attribute::Symmetric),
        ("spd", Attribute::Spd),
        ("diagonal", Attribute::Diagonal),
        ("orthogonal", Attribute::Orthogonal),
        ("invertible", Attribute::Invertible),
        ("positive", Attribute::Positive),
        ("negative", Attribute::Negative),
        ("onehot", Attribute::Onehot),
        ("distribution", Attribute::Distribution),
        ("onehot rows", Attribute::OnehotRows),
        ("stochastic rows", Attribute::StochasticRows),
        ("mask", Attribute::Mask),
        ("labels", Attribute::Labels),
        ("constant", Attribute::Constant),
    ];

    /// Whether only a square matrix is so.
    pub fn needs_square(self) -> bool {
        match self {
            Attribute::Symmetric
            | Attribute::Spd
            | Attribute::Diagonal
            | Attribute::Orthogonal
            | Attribute::Invertible => true,
            Attribute::Positive
            | Attribute::Negative
            | Attribute::Onehot
            | Attribute::Distribution
            | Attribute::OnehotRows
            | Attribute::StochasticRows
            | Attribute::Mask
            | Attribute::Labels
            | Attribute::Constant => false,
        }
    }

    /// The word for it, where it binds entries to each other.
    pub fn structure(self) -> Option<&'static str> {
        match self {
            Attribute::Symmetric => Some("symmetric"),
            Attribute::Spd => Some("spd"),
            Attribute::Diagonal => Some("diagonal"),
            Attribute::Orthogonal => Some("orthogonal"),
            Attribute::Onehot => Some("onehot"),
            Attribute::Distribution => Some("a distribution"),
            Attribute::OnehotRows => Some("to have onehot rows"),
            Attribute::StochasticRows => Some("to have stochastic rows"),
            Attribute::Invertible
            | Attribute::Positive
            | Attribute::Negative
            | Attribute::Mask
            | Attribute::Labels
            | Attribute::Constant => None,
        }
    }

    /// Whether entries add up to 1: of the column, or of every row.
    pub fn sums_to_one(self) -> bool {
        self.is_of_column() || self.is_of_rows()
    }

    /// Whether only a column can have it.
    pub fn is_of_column(self) -> bool {
        matches!(self, Attribute::Onehot | Attribute::Distribution)
    }

    /// Whether it speaks of rows.
    pub fn is_of_rows(self) -> bool {
        matches!(self, Attribute::OnehotRows | Attribute::StochasticRows)
    }
}

/// `NAME: SHAPE ATTRIBUTES`.
#[derive(Clone, Debug, PartialEq)]
pub struct Declaration {
    /// The name.
    pub name: Name,
    /// Where the name stands.
    pub name_span: Span,
    /// Its shape, as declared.
    pub shape: DeclaredShape,
    /// Where the shape stands.
    pub shape_span: Span,
    /// Its facts, and where they stand.
    pub attributes: Vec<(Attribute, Span)>,
}

/// A statement of a document.
#[derive(Clone, Debug, PartialEq)]
pub enum Statement {
    /// `W: n x m`.
    Declaration(Declaration),
    /// `g(t) = body`, `g(a, b) = body`
    FunctionDefinition {
        /// The name.
        name: Name,
        /// Where the name stands.
        name_span: Span,
        /// The names of the arguments.
        parameters: Vec<Name>,
        /// The value.
        body: Ast,
    },
    /// `z = W x + b`.
    Definition {
        /// The name.
        name: Name,
        /// Where the name stands.
        name_span: Span,
        /// The value.
        value: Ast,
    },
    /// An unnamed expression.
    Expression(Ast),
    /// `n = 3`, `k n = 6`: an equation that is not a definition is a condition on sizes.
    SizeCondition {
        /// One side.
        left: Ast,
        /// The other side.
        right: Ast,
    },
}

/// A parsed document: its text, its statements in order, and the remarks parsing made (`Wx` is one name, …).
#[derive(Clone, Debug, Default)]
pub struct Document {
    /// The source text.
    pub text: String,
    /// Whether it was read as LaTeX.
    pub latex: bool,
    /// In order.
    pub statements: Vec<Statement>,
    /// What its reader should know.
    pub notes: Vec<crate::diag::Note>,
    /// Letters before brackets that nothing declares, read as factors.
    pub products: Vec<AssumedProduct>,
    /// Letters of functions before brackets that may be factors, and where.
    pub doubtful: Vec<(Name, Span)>,
    /// Calls of letters of functions where a factor fits as well.
    pub calls: Vec<(Name, Span)>,
    /// Names that are defined beside another statement, after a comma or `where`.
    pub asides: Vec<Name>,
    /// What is done to the value, when it is a minimum or a maximum that is sought.
    pub optimum: Option<SoughtOptimum>,
    /// What stands after `subject to`.
    pub constraints: Vec<Constraint>,
    /// The derivative it asks for.
    pub request: Option<Request>,
    /// What it says this derivative is.
    pub claim: Option<String>,
    /// What heads of values list: `u(x, y) = …`.
    pub listed: std::collections::BTreeSet<Name>,
    /// What each of these heads lists: `g(x) = …` defines g, and the text calls it g(x).
    pub heads: std::collections::BTreeMap<Name, Vec<Name>>,
    /// π and I where they are names of the document: a head lists them, they are asked for, or they change in time.
    pub own_constants: std::collections::BTreeSet<Name>,
    /// The definitions that are the logarithms of densities, which the text does not call so, and of which distributions.
    pub densities: std::collections::BTreeMap<Name, Name>,
    /// The macros that were replaced in the text.
    pub expansion: Option<super::Expansion>,
}

/// A derivative the text asks for: `\nabla_x f`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// What is differentiated; the document's value when `None`.
    pub of: Option<Name>,
    /// What it is differentiated by; every variable when empty.
    pub wrt: Vec<Name>,
    /// How often.
    pub order: u32,
    /// The right side of `\nabla f = e` was read as f, which has to be a scalar then.
    pub defines: bool,
}

/// `\min_x`, `argmax` before the value of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SoughtOptimum {
    /// Whether it is a maximum.
    pub maximised: bool,
    /// What is sought; empty where nothing says it.
    pub over: Vec<Name>,
    /// Where it stands.
    pub span: Span,
}

/// `A x = b`, `‖w‖ ≤ 1` after `subject to`.
#[derive(Clone, Debug, PartialEq)]
pub struct Constraint {
    /// As written.
    pub text: String,
    /// Where it stands.
    pub span: Span,
    /// Its two sides, where they are expressions, and the sign between them: `=`, `≤`, `≥`, `<`, `>`.
    pub sides: Option<(Ast, &'static str, Ast)>,
}

/// `A (x + y)` read as a product although nothing says that A is a variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AssumedProduct {
    /// The letter.
    pub name: Name,
    /// From the letter to the end of the bracket.
    pub span: Span,
    /// The bracket holds a norm and nothing else, and has no power.
    pub holds_norm: bool,
}

/// What is known of names when a single expression (a claim, a target, printed output) is read.
#[derive(Clone, Debug, Default)]
pub struct Scope {
    /// Names that are variables.
    pub variables: std::collections::BTreeSet<Name>,
    /// Names that are functions.
    pub functions: std::collections::BTreeSet<Name>,
    /// The parameters of those that have several.
    pub parameters: std::collections::BTreeMap<Name, Vec<Name>>,
    /// Variables whose heads list what they depend on: `g(x)` is g.
    pub heads: std::collections::BTreeMap<Name, Vec<Name>>,
    /// Names whose members are variables: `x` of `x_i`.
    pub families: std::collections::BTreeSet<Name>,
    /// Indices that are free in the expression.
    pub letters: Vec<Name>,
    /// Reads the notation of rules too: `…` as an operand, `d(A)`, `ip(G, A)`.
    pub rules: bool,
    /// What the signs of products mean, beside what the text itself says.
    pub dialect: super::ProductSigns,
    /// Runs of letters that are products.
    pub glued: std::collections::BTreeMap<Name, Vec<Name>>,
}
