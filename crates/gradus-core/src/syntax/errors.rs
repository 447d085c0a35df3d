//! The parser's errors: what was expected, what was found, and the fix.

use super::functions;
use super::token::{Bracket, Tok, Token};
use crate::diag::{Error, Kind, Span};
use crate::expr::{Keyword, Name};

const ARROW: &str = "an arrow stands in the declaration of a function: f: R^n -> R, c: R^n -> R^m";

/// `max(x)`, `argmin(x)`.
pub(super) fn largest(what: &str, span: Span) -> Error {
    let place = if what.starts_with("arg") { "the place of the" } else { "the" };
    let entry = if what.ends_with("max") { "largest" } else { "smallest" };
    Error::new(Kind::Unsupported, format!("{place} {entry} entry of an array has no rule"))
        .at(span, format!("{what} of one argument"))
        .help("write max(a, b) for the larger of two, \\max_x f for an objective, logsumexp(x) for a smooth maximum")
}

/// `f_θ(x)`: it cannot be told what it is a function of.
pub(super) fn parameters(text: &str, base: &str, index: &str, span: Span) -> Error {
    let typed = text.get(span.start..span.end).unwrap_or("");
    let argument = if text.contains('\\') { super::names::command(index) } else { index.to_owned() };
    let number = typed.contains(['|', ',']) || base.starts_with(char::is_uppercase) || matches!(base, "π" | "p" | "q");
    let function = if matches!(base, "π" | "σ") { "p" } else { base };
    let values = if number { "R" } else { "R^m" };
    let message = format!("{typed} has its parameters as an index: it cannot be told what it is a function of");
    Error::new(Kind::Name, message).at(span, format!("a function with the parameters {index}")).help(format!(
        "for derivatives by {index} declare `{function}: R^d -> {values}` and write `{function}({argument})`"
    ))
}

/// A token as it is written.
pub(super) fn spelling<'a>(text: &'a str, token: &Token) -> &'a str {
    text.get(token.span.start..token.span.end).unwrap_or("")
}

/// How a message names a token.
pub(super) fn found(text: &str, token: &Token) -> String {
    match token.tok {
        Tok::End => "the end of the statement".to_string(),
        _ => format!("'{}'", spelling(text, token)),
    }
}

/// An operand is missing where `token` stands.
pub(super) fn expected_operand(text: &str, before: Option<&Token>, token: &Token) -> Error {
    let after = before.map_or(String::new(), |t| format!(" after {}", found(text, t)));
    let error = Error::new(Kind::Syntax, format!("expected an operand{after}, found {}", found(text, token)))
        .at(token.span, "an operand is missing before this");
    match &token.tok {
        Tok::End => error.help("complete the expression"),
        Tok::Plus => error.help("drop the +: a sign needs none"),
        Tok::Times if before.is_some_and(|t| t.tok == Tok::Times) => error.help("a power is written x^2"),
        Tok::Caret => error.help("a power needs its base before the ^"),
        Tok::Comma => error.help("delete the comma"),
        Tok::Equals => error.help("a definition is written name = expression, once for each name"),
        Tok::Subscript(_) => error.help("a subscript follows its name at once: x_1"),
        Tok::Ellipsis => error.help("write every term"),
        Tok::Relation(_) => error.help("relations are not in the language: give the expression alone"),
        Tok::Optimum(_) => error.help("give the objective alone: gradus derives it"),
        Tok::Arrow => error.help(ARROW),
        Tok::Partial | Tok::Nabla => error.help("a derivative stands before a whole statement: \\nabla_x f"),
        _ => error.help("every operator needs an expression on both sides"),
    }
}

/// A whole expression was read, but `token` follows it.
pub(super) fn unexpected(text: &str, token: &Token) -> Error {
    let error = Error::new(Kind::Syntax, format!("unexpected {} after the expression", found(text, token)))
        .at(token.span, "not expected here");
    match &token.tok {
        Tok::Comma => error.help("a comma separates arguments and columns; statements end with ; or a new line"),
        Tok::Semicolon => error.help("one expression is expected here; a stack is written in brackets: [x; y]"),
        Tok::Equals => error.help("one = defines one name; write each definition as its own statement"),
        Tok::Subscript(_) => {
            error.help("an entry is written with an index that a sum or a head binds, [z]_i; at a place that is data, y^T z with a one-hot y")
        }
        Tok::DotDot => error.help("a range stands within a slice: x[1..3]"),
        Tok::Dot => error.help("a point stands within a number, 0.5, or in .* ./ .^"),
        Tok::Colon | Tok::In => error.help("a declaration is written name: n x m"),
        Tok::Top => error.help("the transpose is written X^\\top or X^T"),
        Tok::Relation(_) => error.help("relations are not in the language: give the expression alone"),
        Tok::Arrow => error.help(ARROW),
        Tok::Nabla => error.help("a derivative stands before a whole statement: ∇f = …"),
        Tok::Over => error.help(r"a fraction is written \frac{a}{b}, or {a \over b} in braces"),
        Tok::Word(_) => error.help("a word between formulas: statements end with ; or a new line"),
        Tok::Pipe(_) => error.help("a bar closes the open bars; |a| is an absolute value or a determinant"),
        Tok::Bar(_) => error.help("a bar closes the open norm; put a norm within a norm in parentheses"),
        _ => error.help("an operator may be missing before it"),
    }
}

/// `token` stands where the closing bracket should.
pub(super) fn expected_close(text: &str, bracket: Bracket, token: &Token) -> Error {
    let close = bracket.spellings().1;
    let error = Error::new(Kind::Syntax, format!("expected '{close}', found {}", found(text, token)))
        .at(token.span, format!("expected '{close}'"));
    match token.tok {
        Tok::Comma => error.help("parentheses hold one expression; columns are written [a, b]"),
        Tok::Semicolon => error.help("a stack is written in brackets: [x; y]"),
        Tok::Equals => error.help("an = stands outside brackets: name = expression"),
        Tok::DotDot => error.help("a slice follows its matrix at once: X[1..2, 3..4]"),
        Tok::Dot => error.help("a point stands within a number, 0.5, or in .* ./ .^"),
        _ => error.help("an operator may be missing before it"),
    }
}

/// `x^H`, `z^*`, `A^\dagger`.
pub(super) fn complex(span: Span) -> Error {
    Error::new(Kind::Unsupported, "complex variables are not in the language: this is a conjugate")
        .at(span, "a conjugate or a conjugate transpose")
        .help("write ^T for real matrices; of complex ones take real and imaginary parts as variables of their own")
}

/// `e^{i x}`.
pub(super) fn imaginary(span: Span) -> Error {
    Error::new(Kind::Unsupported, "complex variables are not in the language: this is the imaginary unit")
        .at(span, "nothing else says what it is")
        .help("write cos and sin for the real and the imaginary part, or declare it: `i: scalar`")
}

/// `x^t`: the lower-case t is hardly ever meant.
pub(super) fn lower_transpose(span: Span) -> Error {
    Error::new(Kind::Syntax, "^t is not the transpose")
        .at(span, "an exponent t that nothing declares")
        .help("write ^T for the transpose, or declare t: scalar for a power")
}

/// `x^Ty`: the T runs into the next name.
pub(super) fn joined_transpose(span: Span, rest: &str) -> Error {
    Error::new(Kind::Syntax, format!("^T{rest} is a power: the T runs into the name after it"))
        .at(span, "one name")
        .help(format!("write ^T {rest} for the transpose and a product"))
}

/// `K(n, m)` where K is a variable.
pub(super) fn called_variable(name: &Name, comma: Span) -> Error {
    Error::new(Kind::Name, format!("{name} is a variable, so {name}(…) is a product and cannot hold a comma"))
        .at(comma, "a second argument")
        .help(format!("rename the variable if a call of the function {name} was meant"))
}

/// `mystery(x)`: a call of a word that is nobody's function.
pub(super) fn unknown_function(name: &Name, span: Span) -> Error {
    let declare = format!("a function of yours is declared: `{name}: elementwise`");
    let typed = name.as_str().replace('_', "");
    let spellings = functions::spellings().chain(super::program_text::spellings());
    let help = match functions::closest(&typed, spellings) {
        Some(meant) => format!("did you mean `{meant}`? {declare}"),
        None => format!("{declare}; the factors of a product are written apart"),
    };
    Error::new(Kind::Name, format!("unknown function `{name}`")).at(span, "nothing has this name").help(help)
}

/// What functions of two arrays are by custom: their names, and their formulas in u and v.
const OF_TWO: &[(&[&str], &str)] = &[
    (&["sim", "cos", "cosine", "similarity", "s"], "u^T v / (‖u‖ ‖v‖)"),
    (&["d", "D", "dist", "distance", "δ"], "‖u - v‖"),
    (&["k", "K", "κ", "kernel"], "exp(-‖u - v‖^2 / 2)"),
    (&["ℓ", "l", "loss"], "1/2 ‖u - v‖^2"),
];

/// `sim(a, b)`, of which nothing says what it is.
pub(super) fn of_several(name: &Name, written: &str, span: Span, count: usize) -> Error {
    let base = super::names::split(name).0;
    let formula = OF_TWO.iter().find(|(names, _)| count == 2 && names.contains(&base)).map(|(_, formula)| *formula);
    let letters = ["u", "v", "w", "x", "y", "z"];
    let parameters = letters.iter().cycle().take(count).copied().collect::<Vec<_>>().join(", ");
    let define = format!("define `{written}({parameters}) = {}`", formula.unwrap_or("…"));
    Error::new(Kind::Name, format!("nothing says what `{name}` is, a function of {count} arguments here"))
        .at(span, "a function of several arguments has a formula")
        .help(format!("{define} where that is meant, or write the formula in its place"))
}

/// `minimize`, `where`: words around a formula.
pub(super) fn word(name: &Name, span: Span) -> Error {
    Error::new(Kind::Syntax, format!("'{name}' is not part of an expression"))
        .at(span, "a word")
        .help("give the expression alone, and declarations as statements: s = x^T x; x: n")
}

/// `d/dx`.
pub(super) fn derivative(span: Span) -> Error {
    Error::new(Kind::Syntax, "the sign of a derivative is not in the language")
        .at(span, "a derivative within a formula")
        .help("gradus takes the function and derives it: leave the derivative sign out, or give the derivative a name")
}

/// `M(θ)`.
pub(super) fn function_or_factor(text: &str, product: &super::AssumedProduct) -> Error {
    let (name, place) = (&product.name, product.span);
    let typed = text.get(place.start..place.end).unwrap_or_default();
    let (written, inside) = typed.split_once('(').unwrap_or((typed, ""));
    if name.as_str() == "Γ" {
        return Error::new(Kind::Unsupported, "the function Γ is not in the language")
            .at(place, "unsupported function")
            .help("its logarithm is: log Γ(α) is `lgamma(α)`");
    }
    let what = if product.holds_norm {
        "lone norm in brackets"
    } else if name.as_str().starts_with(['K', 'k']) {
        "bracket as a kernel does"
    } else {
        "lone name in brackets"
    };
    Error::new(Kind::Name, format!("{name} stands before a {what}: is it a function, or a factor?"))
        .at(place, "a call, or a product?")
        .help(match what {
            "lone name in brackets" => meant_by_bracket(
                super::names::split(name).0,
                written.trim_end_matches("\\left").trim(),
                inside.trim_end_matches(')'),
            ),
            _ => declared_function(name.as_str()),
        })
}

/// What a letter before a lone name in brackets may be: a transpose of R, a distribution, a matrix that depends on something, a
/// function.
fn meant_by_bracket(base: &str, lone: &str, inside: &str) -> String {
    match base {
        "t" if inside.starts_with(|c: char| c.is_ascii_uppercase()) => {
            format!("write it out: `{inside}^T`, R's transpose")
        }
        "N" | "Φ" => format!(
            "leave the brackets out for a product; define `{lone}(x) = (1 + erf(x / sqrt(2))) / 2` for the normal distribution"
        ),
        "F" | "G" | "H" => declared_function(lone),
        matrix if matrix.starts_with(|c: char| c.is_ascii_uppercase()) => {
            format!(
                "write it out: `{lone}`, for a matrix held constant; for a function give its formula, {lone}({inside}) = …"
            )
        }
        _ => declared_function(lone),
    }
}

fn declared_function(name: &str) -> String {
    format!("leave the brackets out for a product; declare `{name}: elementwise` for a function, or give its formula")
}

/// `y''`: nobody transposes twice.
pub(super) fn rates(text: &str, span: Span) -> Error {
    let name = text.get(span.start..span.end).unwrap_or_default();
    Error::new(
        Kind::Syntax,
        format!("{name}'' is a second derivative, and as an equation of derivatives this is not read"),
    )
    .at(span, "no transpose")
    .help("give the derivatives names of their own")
}

/// The bound on nesting that is no bracket's: signs, functions, exponents.
pub(super) fn too_deep(span: Span, most: usize) -> Error {
    Error::new(Kind::Limit, format!("the expression is nested more than {most} levels deep"))
        .at(span, "too deep here")
        .help("give a part a name: z = …")
}

/// A function before an argument without parentheses.
pub(super) fn needs_parentheses(function: &str, span: Span, arguments: &str) -> Error {
    let mut parts = arguments.split_whitespace();
    let first = parts.next().unwrap_or("x");
    let rest = parts.collect::<Vec<_>>().join(" ");
    let help = if functions::is_reserved(first) && !rest.is_empty() {
        format!("write {function}({first}({rest}))")
    } else if rest.is_empty() {
        format!("write {function}({first})")
    } else {
        format!("write {function}({first}) {rest} or {function}({first} {rest})")
    };
    Error::new(Kind::Syntax, format!("{function} needs parentheses around its argument"))
        .at(span, "a function without parentheses")
        .help(help)
}

/// `eigval_i` in LaTeX beside other uses of its letters.
pub(super) fn word_or_product(text: &str, span: Span) -> Error {
    let word = text.get(span.start..span.end).unwrap_or_default();
    let (letters, index) = word.split_once('_').unwrap_or((word, ""));
    let message = format!("{word} is one name, or a product of letters: nothing says which");
    Error::new(Kind::Name, message)
        .at(span, "its index is one of its letters, too")
        .help(format!(r"write \mathrm{{{letters}}}_{index} for a name, blanks between factors"))
}

/// Names with commas between them.
pub(super) fn listed(names: &[Name]) -> String {
    names.iter().map(Name::as_str).collect::<Vec<_>>().join(", ")
}

/// `sum(x, ddof=1)`: only some functions have it.
pub(super) fn no_setting(function: &Name, setting: Keyword, span: Span) -> Error {
    Error::new(Kind::Syntax, format!("{function} has no setting {setting}"))
        .at(span, "not of this function")
        .help("leave it out")
}
