//! Program text: how NumPy, PyTorch, Julia and SymPy spell what the language has.

use super::expression::{Parsed, Parser};
use super::lexer::Lexer;
use super::token::{Bracket, Tok};
use super::{Ast, BinaryOp, Syntax, functions, losses, names};
use crate::diag::{Error, Kind, Span};
use crate::expr::{Elementwise, Keyword, Name, PROGRAM_LAST_AXIS, PROGRAM_SECOND_AXIS};

/// The libraries' names before their functions.
const MODULES: &[&str] = &[
    "np.linalg.",
    "numpy.linalg.",
    "jnp.linalg.",
    "torch.linalg.",
    "scipy.linalg.",
    "tf.linalg.",
    "torch.nn.functional.",
    "jax.numpy.linalg.",
    "jax.numpy.",
    "jax.nn.",
    "jax.scipy.special.",
    "jax.lax.",
    "jsp.special.",
    "nn.functional.",
    "LinearAlgebra.",
    "Flux.",
    "NNlib.",
    "special.",
    "linalg.",
    "scipy.special.",
    "np.",
    "numpy.",
    "jnp.",
    "torch.",
    "tf.math.",
    "tf.nn.",
    "tf.",
    "sympy.",
    "math.",
    "Math.",
    "as.",
    "nn.",
    "F.",
];

/// Keras calls its functions so.
const BACKEND: &str = "K.";

/// Functions that are operators of the language: their name, how many arguments, what they are.
const OPERATORS: &[(&str, usize, OperatorText)] = &[
    ("matmul", 2, OperatorText::Binary(BinaryOp::At)),
    ("mm", 2, OperatorText::Binary(BinaryOp::Mul)),
    ("mv", 2, OperatorText::Binary(BinaryOp::Mul)),
    ("multiply", 2, OperatorText::Binary(BinaryOp::Had)),
    ("mul", 2, OperatorText::Binary(BinaryOp::Had)),
    ("div", 2, OperatorText::Binary(BinaryOp::HadDiv)),
    ("divide", 2, OperatorText::Binary(BinaryOp::HadDiv)),
    ("kron", 2, OperatorText::Binary(BinaryOp::Kron)),
    ("outer", 2, OperatorText::Outer),
    ("power", 2, OperatorText::ElementPower),
    ("pow", 2, OperatorText::ElementPower),
    ("matrix_power", 2, OperatorText::Power),
    ("transpose", 1, OperatorText::Transpose),
    ("Transpose", 1, OperatorText::Transpose),
    ("swapaxes", 1, OperatorText::Transpose),
    ("permute", 1, OperatorText::Transpose),
    ("adjugate_transpose", 1, OperatorText::Transpose),
    ("inverse", 1, OperatorText::Inverse),
    ("Inverse", 1, OperatorText::Inverse),
    ("solve", 2, OperatorText::Solve),
    ("crossprod", 2, OperatorText::Gram { rows: false }),
    ("tcrossprod", 2, OperatorText::Gram { rows: true }),
    ("square", 1, OperatorText::Square),
    ("abs_2", 1, OperatorText::Square),
    ("reciprocal", 1, OperatorText::Reciprocal),
    ("log2", 1, OperatorText::Log("2")),
    ("log10", 1, OperatorText::Log("10")),
    ("log_2", 1, OperatorText::Log("2")),
    ("log_10", 1, OperatorText::Log("10")),
    ("lg", 1, OperatorText::Log("10")),
    ("cross", 2, OperatorText::Binary(BinaryOp::Cross)),
    ("std", 1, OperatorText::Deviation),
    ("drop", 1, OperatorText::Same),
    ("squeeze", 1, OperatorText::Same),
    ("item", 1, OperatorText::Same),
    ("float", 1, OperatorText::Same),
    ("double", 1, OperatorText::Same),
    ("asarray", 1, OperatorText::Same),
    ("asscalar", 1, OperatorText::Same),
    ("real", 1, OperatorText::Same),
    ("zeros_like", 1, OperatorText::Filled("0")),
    ("ones_like", 1, OperatorText::Filled("1")),
    ("sum_square", 1, OperatorText::SumOfSquares),
    ("sum_squares", 1, OperatorText::SumOfSquares),
    ("sumsq", 1, OperatorText::SumOfSquares),
    ("ravel", 1, OperatorText::Rows),
    ("flatten", 1, OperatorText::Rows),
];

/// Functions of a library that are called as one of the language is, and are not that: the names they are refused by.
fn name_of_another(module: &str, function: &str) -> Option<&'static str> {
    match (module, function) {
        // all entries of an array in one column
        ("as.", "numeric" | "vector" | "double") => Some("vec"),
        ("torch.", "var") => Some("torch_var"),
        ("torch.", "std") => Some("torch_std"),
        ("F." | "nn.functional." | "torch.nn.functional.", "cross_entropy") => Some("torch_cross_entropy"),
        ("jax.nn.", "gelu") => Some("jax_gelu"),
        (
            "scipy.special." | "special." | "torch." | "jax.scipy.special." | "jsp.special.",
            word @ ("psi" | "beta" | "zeta"),
        ) => Some(if word == "psi" { "digamma" } else { "airy" }),
        _ => None,
    }
}

/// Other spellings of functions of the language.
const SPELLINGS: &[(&str, &str)] = &[
    ("Trace", "tr"),
    ("Identity", "eye"),
    ("identity", "eye"),
    ("Determinant", "det"),
    ("absolute", "abs"),
    ("amax", "max"),
    ("sigm", "sigmoid"),
    ("expit", "sigmoid"),
    ("logistic", "sigmoid"),
    ("logit_inverse", "sigmoid"),
    ("swish", "silu"),
    ("HadamardProduct", "multiply"),
    ("hadamard", "multiply"),
    ("KroneckerProduct", "kron"),
    ("MatMul", "matmul"),
    ("LayerNorm", "layernorm"),
    ("layer_norm", "layernorm"),
    ("vdot", "dot"),
    ("product", "prod"),
    ("reduce_mean", "mean"),
    ("reduce_sum", "sum"),
    ("nansum", "sum"),
    ("nanmean", "mean"),
    ("Total", "sum"),
    ("len", "nrow"),
    ("NROW", "nrow"),
    ("NCOL", "ncol"),
    ("nrows", "nrow"),
    ("ncols", "ncol"),
    ("mean_squared_error", "mse"),
    ("MSELoss", "mse"),
    ("logsigmoid", "log_sigmoid"),
];

/// How an operator is written out.
#[derive(Clone, Copy)]
enum OperatorText {
    Binary(BinaryOp),
    Outer,
    ElementPower,
    Power,
    Transpose,
    Inverse,
    Solve,
    /// Aᵀ B, or A Bᵀ; of one argument with itself.
    Gram {
        rows: bool,
    },
    Square,
    Reciprocal,
    Log(&'static str),
    /// √ of the variance, which takes its arguments.
    Deviation,
    /// The array with one number in all places.
    Filled(&'static str),
    SumOfSquares,
    /// All entries, row after row.
    Rows,
    /// Another type of number or array, the same values.
    Same,
}

/// The spelling of the language for one of another.
pub(super) fn spelling(name: &str) -> Option<&'static str> {
    SPELLINGS.iter().find(|(other, _)| *other == name).map(|(_, own)| *own)
}

/// `Exp`, `LOG`: a function of numbers in capitals.
pub(super) fn in_capitals(name: &str) -> Option<&'static str> {
    let capital = name.starts_with(char::is_uppercase) && name.chars().nth(1).is_some();
    let own = capital
        .then(|| name.to_lowercase())
        .filter(|own| own == "softmax" || Elementwise::from_spelling(own).is_some());
    own.and_then(|own| functions::signature(&own)).map(|signature| signature.name)
}

/// `Math.exp` set in an upright font: the function without its module.
pub(super) fn without_module(text: &str) -> &str {
    let function = MODULES.iter().find_map(|module| text.strip_prefix(module));
    function.filter(|f| f.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') && is_known(f)).unwrap_or(text)
}

/// True for a function that is written out as an operator.
pub(super) fn is_operator(name: &str) -> bool {
    OPERATORS.iter().any(|(n, ..)| *n == name)
}

/// True for such a function of numbers.
pub(super) fn is_entrywise(name: &Name) -> bool {
    let written = OPERATORS.iter().find(|(n, ..)| *n == name.as_str()).map(|(.., written)| written);
    matches!(written, Some(OperatorText::Square | OperatorText::Reciprocal | OperatorText::Log(_)))
}

/// The base of the logarithm of this name, `log_2`.
pub(super) fn base_of_logarithm(name: &Name) -> Option<&'static str> {
    OPERATORS.iter().find(|(n, ..)| *n == name.as_str() && n.starts_with("log")).and_then(|(.., written)| match written
    {
        OperatorText::Log(base) => Some(*base),
        _ => None,
    })
}

/// What the signs of products mean in a text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ProductSigns {
    /// `*`, `/` and `**` work entry by entry, as in NumPy.
    pub numpy: bool,
    /// So does `^`, as in R and Mathematica.
    pub r: bool,
}

impl ProductSigns {
    /// The dialect of a text.
    pub fn of(text: &str) -> ProductSigns {
        ProductSigns { numpy: is_numpy(text), r: is_r(text) || is_mathematica(text) }
    }

    /// Whether arrays of the text have axes, as NumPy's have: it multiplies them by `@`.
    pub fn have_axes(text: &str) -> bool {
        text.contains('@') && is_numpy(text)
    }

    /// That of two texts that belong together.
    #[must_use]
    pub fn with(self, other: ProductSigns) -> ProductSigns {
        ProductSigns { numpy: self.numpy || other.numpy, r: self.r || other.r }
    }
}

/// A text of R, by its sign of matrix products or its functions: `*`, `/` and `^` work entry by entry, `t(X)` is the transpose.
pub(super) fn is_r(text: &str) -> bool {
    ["%*%", "<- function(", "<-function("].iter().any(|sign| text.contains(sign))
}

/// `Total[Tanh[W.x]^2]`: a function that begins with a capital, and its argument in square brackets.
pub(super) fn is_mathematica(text: &str) -> bool {
    let called = |(at, _): (usize, &str)| {
        let word = text[..at].rsplit(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or("");
        let capital =
            word.starts_with(|c: char| c.is_ascii_uppercase()) && word[1..].contains(|c: char| c.is_ascii_lowercase());
        capital && super::program_calls::is_function(&Name::new(word))
    };
    !text.contains('\\') && text.match_indices('[').any(called)
}

/// A text with R's arrow or Julia's dots.
pub(super) fn is_dotted(text: &str) -> bool {
    ["<- ", " .* ", " .+ ", " .- ", " ./ "].iter().any(|sign| text.contains(sign))
}

/// A text in which `*` and `**` work entry by entry.
pub(super) fn is_numpy(text: &str) -> bool {
    if is_r(text) || is_mathematica(text) {
        return true;
    }
    // the sign of Python's matrix products, beside its power or its transpose
    if text.contains('@') && ["**", ".T", ".sum(", ".mean("].iter().any(|sign| text.contains(sign)) {
        return true;
    }
    if text.contains("**") && [".sum()", ".mean()", ".sum(axis", ".mean(axis"].iter().any(|sign| text.contains(sign)) {
        return true;
    }
    // methods that Python's arrays have, and MATLAB's have not
    if [").pow(", ").sum(", ").mean(", "F.relu(", "F.softmax("].iter().any(|sign| text.contains(sign))
        && !text.contains('\\')
    {
        return true;
    }
    ["np.", "numpy.", "torch.", "jnp.", "tf."].iter().any(|module| {
        text.match_indices(module).any(|(at, _)| {
            let before = text[..at].chars().next_back();
            let after = text[at + module.len()..].chars().next();
            !before.is_some_and(names::is_letter) && after.is_some_and(names::is_letter)
        })
    })
}

/// Longer ones are no paths of functions.
const MAX_PATH: usize = 64;

/// The libraries themselves.
const LIBRARIES: &[&str] = &["np", "numpy", "jnp", "torch", "tf", "scipy", "jax", "sympy", "nn"];

/// The word before the first point of a library's functions.
pub(super) fn is_library(word: &str) -> bool {
    LIBRARIES.contains(&word) || MODULES.iter().any(|module| module.split('.').next() == Some(word))
}

/// `np.lingalg.norm` before a bracket: the path of a function in a module that nobody knows.
fn unknown_path(rest: &str) -> Option<&str> {
    let ends = |b: u8| !b.is_ascii_alphanumeric() && !matches!(b, b'_' | b'.');
    let length = rest.bytes().take(MAX_PATH).position(ends)?;
    let path = &rest[..length];
    let (library, function) = path.split_once('.')?;
    let known = |module: &str| path.strip_prefix(module).is_some_and(|function| !function.contains('.'));
    let unknown = LIBRARIES.contains(&library) && function.contains('.') && !MODULES.iter().any(|m| known(m));
    (unknown && rest[length..].starts_with('(')).then_some(path)
}

fn no_module(path: &str, span: Span) -> Error {
    let (module, function) = path.rsplit_once('.').unwrap_or(("", path));
    let modules = MODULES.iter().map(|m| m.trim_end_matches('.'));
    match functions::closest(module, modules).filter(|m| m.contains('.')) {
        Some(near) => Error::new(Kind::Name, format!("{module} is no module that gradus knows"))
            .at(span, "nothing has this name")
            .help(format!("write it out: `{near}.{function}`")),
        None => {
            let advice = functions::missing(function);
            functions::refused(
                path,
                span,
                advice.unwrap_or("write it with the operators and functions of the language"),
            )
        }
    }
}

/// A function that can be called, or is refused by its name.
fn is_known(function: &str) -> bool {
    matches!(function, "where" | "dot" | "t" | "numeric" | "vector")
        || losses::is_loss(function)
        || functions::is_callable(function)
        || functions::is_callable(&function.to_lowercase())
        || functions::missing(function).is_some()
}

/// Close to one of those: a slip.
fn is_near(function: &str) -> bool {
    functions::closest(&function.replace('_', ""), functions::spellings().chain(spellings())).is_some()
}

/// Every spelling of this table.
pub(super) fn spellings() -> impl Iterator<Item = &'static str> {
    SPELLINGS.iter().map(|(other, _)| *other).chain(OPERATORS.iter().map(|(name, ..)| *name))
}

/// `.shape[0]`, `.size(1)`, `.size`: which size of the operand that is, and how long what stands behind the word is.
fn size_of(word: &str, after: &str) -> Option<(&'static str, usize)> {
    let places = [("0", "nrow"), ("1", "ncol"), ("-1", "ncol")];
    let brackets = match word {
        "shape" => ['[', ']'],
        "size" => ['(', ')'],
        _ => return None,
    };
    let Some(inner) = after.strip_prefix(brackets[0]) else { return (word == "size").then_some(("numel", 0)) };
    let length = inner.bytes().take_while(|b| matches!(b, b'0'..=b'9' | b'-' | b' ')).count();
    let (place, behind) = inner.split_at(length);
    let (_, size) = places.iter().find(|(written, _)| behind.starts_with(brackets[1]) && *written == place.trim())?;
    Some((*size, place.len() + 2))
}

/// `[Lambda]` behind a backslash, Mathematica's λ: the name, and how long that is.
pub(super) fn named_letter(rest: &str) -> Option<(Name, usize)> {
    let (word, _) =
        rest.strip_prefix('[')?.split_at_checked(rest.bytes().take(MAX_PATH).position(|b| b == b']')? - 1)?;
    let letters = word.bytes().all(|b| b.is_ascii_alphabetic());
    let greek = match word.strip_prefix("Capital") {
        Some(capital) => capital.to_owned(),
        None => word.to_lowercase(),
    };
    let name = names::canonical(&greek, &[]);
    (letters && !name.as_str().is_ascii()).then_some((name, word.len() + 2))
}

impl Lexer<'_> {
    /// `\[Lambda]`.
    pub(super) fn named_letter(&mut self) -> bool {
        let start = self.pos;
        let Some((name, length)) = named_letter(&self.rest()[1..]) else { return false };
        self.pos += 1 + length;
        self.push(Tok::Name(name), start);
        true
    }

    /// A word that is nearly a function; of the first ones, for a text with more has another problem.
    fn is_slip(&mut self, word: &str) -> bool {
        self.suggestions = self.suggestions.saturating_sub(1);
        self.suggestions > 0 && is_near(word)
    }

    /// `K.log(K.square(x))`: K stands before functions of numbers and other functions, and nowhere else.
    fn is_backend(&mut self) -> bool {
        let text = self.text;
        *self.keras.get_or_insert_with(|| {
            let part = |c: char| c.is_alphanumeric() || c == '_';
            let places = text.match_indices('K').map(|(at, _)| at);
            let words = places.filter(|at| !text[..*at].ends_with(part) && !text[at + 1..].starts_with(part));
            let called = words.map(|at| {
                let rest = text[at..].strip_prefix(BACKEND)?;
                let function = rest.split(|c| !part(c)).next().unwrap_or_default();
                rest[function.len()..].starts_with('(').then_some(function)
            });
            let functions: Option<Vec<&str>> = called.collect();
            let of_numbers = |f: &&str| Elementwise::from_spelling(f).is_some() || *f == "square";
            functions.is_some_and(|all| all.iter().all(|f| is_known(f)) && all.iter().any(of_numbers))
        })
    }

    /// `np.e` is exp(1).
    fn base_of_exponentials(&mut self) {
        let start = self.pos;
        self.pos += 1;
        let bracket = Bracket::Paren;
        for tok in [Tok::Name(Name::new("exp")), Tok::Open(bracket), Tok::Number("1".into()), Tok::Close(bracket)] {
            self.push(tok, start);
        }
    }

    /// `np.linalg.` before a function is left out.
    pub(super) fn module(&mut self) -> bool {
        let rest = self.rest();
        if self.path() {
            return true;
        }
        // `self.f(x)` of a method is f(x)
        if let Some(field) = rest.strip_prefix("self.").filter(|field| field.starts_with(names::is_letter)) {
            self.pos = self.text.len() - field.len();
            return true;
        }
        if let Some(path) = unknown_path(rest) {
            let start = self.pos;
            self.pos += path.len();
            self.bad(no_module(path, Span::new(start, self.pos)), start);
            return true;
        }
        let backend = rest.starts_with(BACKEND) && self.is_backend();
        let known = MODULES.iter().find(|module| rest.starts_with(**module));
        let Some(module) = known.or(backend.then_some(&BACKEND)) else { return false };
        let function = rest[module.len()..].chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').count();
        let called = rest[module.len() + function..].starts_with('(');
        let constant = matches!(&rest[module.len()..module.len() + function], "pi" | "inf" | "e");
        if function == 0 || !(called || constant) {
            return false;
        }
        self.pos += module.len();
        let word = &rest[module.len()..][..function];
        if word == "e" && !called {
            self.base_of_exponentials();
            return true;
        }
        if called && !is_known(word) && !self.is_slip(word) {
            let start = self.pos - module.len();
            self.pos += function;
            let span = Span::new(start, self.pos);
            let advice = "write it with the operators and functions of the language";
            self.bad(functions::refused(&rest[..module.len() + function], span, advice), start);
            return true;
        }
        if let Some(name) = name_of_another(module, &rest[module.len()..][..function]) {
            let start = self.pos;
            self.pos += function;
            self.push(Tok::Name(Name::new(name)), start);
        }
        // NumPy's dot is the matrix product
        if rest[module.len()..].starts_with("dot(") {
            let start = self.pos;
            self.pos += "dot".len();
            self.push(Tok::Name(Name::new("matmul")), start);
        }
        true
    }

    /// `.T`, `.sum()` after an operand.
    pub(super) fn method(&mut self) -> bool {
        let start = self.pos;
        let rest = &self.rest()[1..];
        let length = rest.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').map(char::len_utf8).sum();
        let word: &str = &rest[..length];
        // the inverse of SymPy and of NumPy's matrices
        if word == "I" && !rest[length..].starts_with('(') && !self.is_spaced() {
            self.pos += 1 + length;
            self.push(Tok::Superscript("-1".to_owned()), start);
            return true;
        }
        if matches!(word, "T" | "mT") {
            self.pos += 1 + length;
            self.push(Tok::DotPrime, start);
            return true;
        }
        if let Some((count, after)) = size_of(word, &rest[length..]).filter(|_| !self.is_spaced()) {
            let begins = self.pos;
            self.pos += 1 + length + after;
            for tok in [Tok::Method(Name::new(count)), Tok::Open(Bracket::Paren), Tok::Close(Bracket::Paren)] {
                self.push(tok, begins);
            }
            return true;
        }
        if length == 0 || !rest[length..].starts_with('(') || self.is_spaced() {
            return false;
        }
        let name = match word {
            "dot" => "matmul",
            "var" if self.text.contains("torch.") => "torch_var",
            "std" if self.text.contains("torch.") => "torch_std",
            _ => word,
        };
        let name = Name::new(name);
        self.pos += 1 + length;
        self.push(Tok::Method(name), start);
        true
    }
}

impl Parser<'_> {
    /// `x.sum()`, `A.dot(x)`: the operand is the first argument.
    pub fn method(&mut self, operand: Ast, name: &Name, start: usize) -> Parsed {
        let below = self.height;
        let span = self.token().span;
        self.at += 1;
        self.at += 1; // its bracket
        let (mut args, height) =
            if *self.tok() == Tok::Close(Bracket::Paren) { (Vec::new(), 0) } else { self.bracketed(Self::list)? };
        self.close(Bracket::Paren)?;
        args.insert(0, operand);
        let below = below.max(height);
        let name = match name.as_str() {
            "t" if args.len() == 1 => Name::new("transpose"),
            other => Name::new(spelling(other).unwrap_or(other)),
        };
        if is_operator(name.as_str()) {
            return self.operator(&name, args, span, start, below);
        }
        if let Some(tree) = self.call_of_programs(&name, &args, start, below)? {
            return Ok(tree);
        }
        let Some(signature) = functions::signature(name.as_str()) else {
            return Err(Box::new(functions::unavailable(&name, span)));
        };
        self.check_arity(&name, span, Some(signature), 0, &args)?;
        let kind = Syntax::Call { function: Name::new(signature.name), function_span: span, primes: 0, args };
        self.node(kind, start, below)
    }

    /// `matmul(A, B)` as A B.
    pub fn operator_call(&mut self, name: &Name, start: usize) -> Parsed {
        let span = self.token().span;
        self.at += 2;
        let (args, below) = self.bracketed(Self::list)?;
        self.close(Bracket::Paren)?;
        self.operator(name, args, span, start, below)
    }

    fn operator(&mut self, name: &Name, mut args: Vec<Ast>, span: Span, start: usize, below: usize) -> Parsed {
        let Some((_, count, written)) = OPERATORS.iter().find(|(n, ..)| *n == name.as_str()) else {
            return Err(Box::new(functions::unavailable(name, span)));
        };
        if let (OperatorText::Same, [_]) = (written, &args[..]) {
            self.height = below;
            return Ok(args.remove(0));
        }
        if let OperatorText::Deviation = written {
            return self.deviation(args, span, start, below);
        }
        if let (OperatorText::Solve, [_]) = (written, &args[..]) {
            let inverse = args.remove(0);
            return self.node(Syntax::Inverse(Box::new(inverse)), start, below);
        }
        if let (OperatorText::Gram { .. }, [only]) = (written, &args[..]) {
            args.push(only.clone());
        }
        if let (OperatorText::Transpose, 3) = (written, args.len())
            && self.swaps_axes(name, &args[1..])
        {
            args.truncate(1);
        }
        if args.len() != *count {
            let message = format!("{name} takes {count} arguments here, {} given", args.len());
            return Err(Box::new(
                Error::new(Kind::Name, message.replace("1 arguments", "1 argument"))
                    .at(span, "wrong number of arguments")
                    .help("axes and other settings of programs are not read"),
            ));
        }
        let mut args = args.into_iter().map(Box::new);
        let (Some(a), b) = (args.next(), args.next()) else {
            return Err(Box::new(functions::unavailable(name, span)));
        };
        let whole = self.since(start);
        let leaf = |kind| Box::new(Ast::new(kind, whole));
        let number = |n: &str| leaf(Syntax::Number(n.to_string()));
        let kind = match (written, b) {
            (OperatorText::Binary(op), Some(b)) => Syntax::Binary(*op, a, b),
            (OperatorText::Outer, Some(b)) => Syntax::Binary(BinaryOp::Mul, a, leaf(Syntax::Transpose(b))),
            (OperatorText::ElementPower, Some(b)) => Syntax::ElementPower(a, b),
            (OperatorText::Gram { rows }, Some(b)) => {
                let turned = |tree, turn: bool| if turn { leaf(Syntax::Transpose(tree)) } else { tree };
                Syntax::Binary(BinaryOp::Mul, turned(a, !rows), turned(b, *rows))
            }
            (OperatorText::Power, Some(b)) => Syntax::Power(a, b),
            (OperatorText::Solve, Some(b)) => Syntax::Binary(BinaryOp::Mul, leaf(Syntax::Inverse(a)), b),
            (OperatorText::Transpose, _) => Syntax::Transpose(a),
            (OperatorText::Inverse, _) => Syntax::Inverse(a),
            (OperatorText::Filled("0"), _) => Syntax::Binary(BinaryOp::Mul, number("0"), a),
            (OperatorText::Filled(_), _) => Syntax::ElementPower(a, number("0")),
            (OperatorText::SumOfSquares, _) => {
                let (function, args) = (Name::new("sum"), vec![*leaf(Syntax::ElementPower(a, number("2")))]);
                Syntax::Call { function, function_span: span, primes: 0, args }
            }
            (OperatorText::Rows, _) => {
                let rows = if self.is_one_column(&a) { a } else { leaf(Syntax::Transpose(a)) };
                let (function, args) = (Name::new("vec"), vec![*rows]);
                Syntax::Call { function, function_span: span, primes: 0, args }
            }
            (OperatorText::Square, _) => Syntax::ElementPower(a, number("2")),
            (OperatorText::Reciprocal, _) => Syntax::ElementPower(a, number("-1")),
            (OperatorText::Log(base), _) => {
                let log = |arg: Box<Ast>| {
                    let (function, args) = (Name::new("log"), vec![*arg]);
                    leaf(Syntax::Call { function, function_span: span, primes: 0, args })
                };
                Syntax::Binary(BinaryOp::Div, log(a), log(number(base)))
            }
            (
                OperatorText::Binary(_)
                | OperatorText::Outer
                | OperatorText::ElementPower
                | OperatorText::Power
                | OperatorText::Gram { .. }
                | OperatorText::Solve,
                None,
            ) => {
                return Err(Box::new(functions::unavailable(name, span)));
            }
            (OperatorText::Deviation | OperatorText::Same, _) => {
                return Err(Box::new(functions::unavailable(name, span)));
            }
        };
        self.node(kind, start, below + 2)
    }

    /// A product whose last factor is a column by its letter: `x.T @ A @ x`, `A @ x`.
    fn is_one_column(&self, tree: &Ast) -> bool {
        let Syntax::Binary(BinaryOp::Mul | BinaryOp::At, _, last) = &tree.kind else { return false };
        let small = |n: &Name| n.as_str().starts_with(char::is_lowercase) && !self.names.known.contains(n);
        matches!(&last.kind, Syntax::Name(name) if small(name))
    }

    /// `K.transpose(-2, -1)`, `X.permute(1, 0)`: the two axes change places. NumPy's `transpose(0, 1)` and `permute(0, 1)` leave them
    /// where they are, and PyTorch's `transpose(0, 1)` does not.
    fn swaps_axes(&self, name: &Name, axes: &[Ast]) -> bool {
        let number = |ast: &Ast| self.text.get(ast.span.start..ast.span.end).map(|t| t.replace(' ', ""));
        let axes: Vec<String> = axes.iter().filter_map(number).collect();
        let [first, second] = &axes[..] else { return false };
        let torch = ["torch.", "F.", "nn."].iter().any(|m| self.text.contains(m)) && !self.text.contains("np.");
        match (first.as_str(), second.as_str()) {
            ("1", "0") | ("-1", "-2") => true,
            ("0", "1") | ("-2", "-1") => name.as_str() == "swapaxes" || torch && name.as_str() == "transpose",
            _ => false,
        }
    }

    /// `std(X, rows)` is √var(X, rows), entry by entry.
    fn deviation(&mut self, args: Vec<Ast>, span: Span, start: usize, below: usize) -> Parsed {
        let (var, sqrt) = (Name::new("var"), Name::new("sqrt"));
        self.check_arity(&var, span, functions::signature("var"), 0, &args)?;
        let call = |function, args| Syntax::Call { function, function_span: span, primes: 0, args };
        let variance = Ast::new(call(var, args), self.since(start));
        self.node(call(sqrt, vec![variance]), start, below + 1)
    }

    /// `ddof=1`: what a call says by name.
    pub fn setting(&mut self) -> Option<Ast> {
        let (Tok::Name(name), Tok::Equals, Tok::Number(number)) = (self.tok(), self.ahead(1), self.ahead(2)) else {
            return None;
        };
        let setting = Keyword::from_spelling(name.as_str())?;
        let (number, start) = (number.clone(), self.token().span.start);
        self.at += 3;
        Some(self.leaf(Syntax::Keyword(setting, number), start))
    }

    /// `axis=2`, `keepdims=True`: settings that nothing here has.
    pub fn refuse_setting(&self) -> Parsed<()> {
        let (Tok::Name(name), Tok::Equals) = (self.tok(), self.ahead(1)) else { return Ok(()) };
        let end = (self.at + 2..).take_while(|i| {
            !matches!(self.tokens.get(*i).map(|t| &t.tok), None | Some(Tok::Comma | Tok::Close(_) | Tok::End))
        });
        let last = end.last().unwrap_or(self.at + 1);
        let span = self.token().span.to(self.tokens[last].span);
        let written = self.text.get(span.start..span.end).unwrap_or_default();
        let help = match name.as_str() {
            "axis" | "dim" | "dims" => "a matrix has two axes: axis=1 goes along each row, axis=0 along each column",
            "keepdims" | "keepdim" => {
                "it is repeated where it meets the whole array: write `sum(X, rows) ones(m)^T`, or softmax, log_softmax, logsumexp where it is one of these"
            }
            _ => "leave it out where the formula does not change by it, or write out what it does",
        };
        Err(Box::new(
            Error::new(Kind::Unsupported, format!("the setting {written} is not in the language"))
                .at(span, "a setting of programs")
                .help(help),
        ))
    }

    /// `axis=1`, `dim=0`: the number of the axis along which a function of an array goes, as the language says it.
    pub fn axis(&mut self) -> Option<Ast> {
        let (Tok::Name(name), Tok::Equals) = (self.tok(), self.ahead(1)) else { return None };
        if !matches!(name.as_str(), "axis" | "dim" | "dims") {
            return None;
        }
        let (minus, number) = match (self.ahead(2), self.ahead(3)) {
            (Tok::Number(n), _) => (0, n.clone()),
            (Tok::Minus, Tok::Number(n)) if n == "1" => (1, n.clone()),
            _ => return None,
        };
        // Julia counts them from 1
        let word = match (name.as_str(), number.as_str()) {
            ("axis" | "dim", "1") if minus == 1 => PROGRAM_LAST_AXIS,
            ("axis" | "dim", "1") => PROGRAM_SECOND_AXIS,
            ("dims", "2") => "rows",
            ("dims", "1") | ("axis" | "dim", "0") => "cols",
            _ => return None,
        };
        let start = self.token().span.start;
        self.at += 3 + minus;
        Some(self.leaf(Syntax::Name(Name::new(word)), start))
    }
}
