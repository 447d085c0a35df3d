//! The LaTeX commands of the language: one table.

use super::names::GREEK;
use super::token::{BarSide, Bracket, MathEdge, Tok};
use super::{functions, names};
use crate::expr::Gathering;

/// What a command means.
#[derive(Clone, Debug)]
pub(super) enum LatexCommand {
    Token(Tok),
    /// Spacing and sizing: nothing.
    Blank,
    /// `\left`, `\right`, `\middle`, which may be followed by a point that stands for no bracket; a bar after them
    /// has this side.
    Delimiter(BarSide),
    /// `\label{…}`, `\tag{…}`: nothing, with an argument.
    Remark,
    /// A letter: Greek, ℓ, ℝ.
    Letter(char),
    /// `\mathbf{x}`: bold and the like are decoration; `upright` ones hold words.
    Font {
        upright: bool,
    },
    Accent(&'static str),
    Function(&'static str),
    /// `\min`: a minimum over what stands below it, or the function of two arguments.
    Optimum(&'static str),
    /// `\arg` before `\min`.
    Arg,
    /// `\overset{def}{=}`, `\underset{x}{\min}`: an argument set above or below another.
    Stacked,
    Begin,
    End,
    /// `\sum`: over indices.
    Gather(Gathering),
    /// Not in the language, with what to do instead.
    Refused(&'static str),
}

const BOLD: LatexCommand = LatexCommand::Font { upright: false };
const UPRIGHT: LatexCommand = LatexCommand::Font { upright: true };
const INTEGRALS: LatexCommand =
    LatexCommand::Refused("integrals and unions are not in the language: a sum over an index is \\sum_{i=1}^n");
const RELATIONS: LatexCommand = LatexCommand::Refused("relations are not in the language: give the expression alone");
const LIMITS: LatexCommand =
    LatexCommand::Refused("limits, suprema and infima are not in the language: give the objective alone");
const SPECIAL: LatexCommand = LatexCommand::Refused("ellipses are not in the language: write every term");

const COMMANDS: &[(&str, LatexCommand)] = &[
    // products and quotients
    ("cdot", LatexCommand::Token(Tok::Times)),
    ("ast", LatexCommand::Token(Tok::Times)),
    ("bullet", LatexCommand::Token(Tok::Times)),
    ("times", LatexCommand::Token(Tok::Cross)),
    ("div", LatexCommand::Token(Tok::Slash)),
    ("odot", LatexCommand::Token(Tok::Had { matlab: false })),
    ("circ", LatexCommand::Token(Tok::Had { matlab: false })),
    ("oslash", LatexCommand::Token(Tok::HadDiv { matlab: false })),
    ("otimes", LatexCommand::Token(Tok::Kron)),
    ("frac", LatexCommand::Token(Tok::Frac)),
    ("tfrac", LatexCommand::Token(Tok::Frac)),
    ("dfrac", LatexCommand::Token(Tok::Frac)),
    ("cfrac", LatexCommand::Token(Tok::Frac)),
    ("sqrt", LatexCommand::Token(Tok::Sqrt)),
    // transposes and primes
    ("top", LatexCommand::Token(Tok::Top)),
    ("intercal", LatexCommand::Token(Tok::Top)),
    ("transpose", LatexCommand::Token(Tok::Top)),
    ("trans", LatexCommand::Token(Tok::Top)),
    ("T", LatexCommand::Token(Tok::Top)),
    ("prime", LatexCommand::Token(Tok::Prime)),
    // brackets
    ("|", LatexCommand::Token(Tok::Bar(BarSide::Either))),
    ("Vert", LatexCommand::Token(Tok::Bar(BarSide::Either))),
    ("parallel", LatexCommand::Token(Tok::Bar(BarSide::Either))),
    ("vert", LatexCommand::Token(Tok::Pipe(BarSide::Either))),
    ("mid", LatexCommand::Token(Tok::Pipe(BarSide::Either))),
    ("lvert", LatexCommand::Token(Tok::Pipe(BarSide::Left))),
    ("rvert", LatexCommand::Token(Tok::Pipe(BarSide::Right))),
    ("lVert", LatexCommand::Token(Tok::Bar(BarSide::Left))),
    ("rVert", LatexCommand::Token(Tok::Bar(BarSide::Right))),
    ("{", LatexCommand::Token(Tok::Open(Bracket::Paren))),
    ("}", LatexCommand::Token(Tok::Close(Bracket::Paren))),
    ("lbrace", LatexCommand::Token(Tok::Open(Bracket::Paren))),
    ("rbrace", LatexCommand::Token(Tok::Close(Bracket::Paren))),
    ("lparen", LatexCommand::Token(Tok::Open(Bracket::Paren))),
    ("rparen", LatexCommand::Token(Tok::Close(Bracket::Paren))),
    ("lbrack", LatexCommand::Token(Tok::Open(Bracket::Square))),
    ("rbrack", LatexCommand::Token(Tok::Close(Bracket::Square))),
    ("langle", LatexCommand::Token(Tok::Open(Bracket::Angle))),
    ("rangle", LatexCommand::Token(Tok::Close(Bracket::Angle))),
    // statements
    ("in", LatexCommand::Token(Tok::In)),
    ("colon", LatexCommand::Token(Tok::Colon)),
    ("coloneqq", LatexCommand::Token(Tok::Equals)),
    ("coloneq", LatexCommand::Token(Tok::Equals)),
    ("triangleq", LatexCommand::Token(Tok::Equals)),
    ("doteq", LatexCommand::Token(Tok::Equals)),
    ("simeq", LatexCommand::Token(Tok::Nearly("≃"))),
    ("lt", LatexCommand::Token(Tok::Relation("<"))),
    ("gt", LatexCommand::Token(Tok::Relation(">"))),
    ("succ", LatexCommand::Token(Tok::Relation("≻"))),
    ("succeq", LatexCommand::Token(Tok::Relation("⪰"))),
    ("succcurlyeq", LatexCommand::Token(Tok::Relation("⪰"))),
    ("prec", LatexCommand::Token(Tok::Relation("<"))),
    ("preceq", LatexCommand::Token(Tok::Relation("≤"))),
    ("preccurlyeq", LatexCommand::Token(Tok::Relation("≤"))),
    ("leqslant", LatexCommand::Token(Tok::Relation("≤"))),
    ("geqslant", LatexCommand::Token(Tok::Relation("≥"))),
    ("quad", LatexCommand::Token(Tok::Gap)),
    ("qquad", LatexCommand::Token(Tok::Gap)),
    ("over", LatexCommand::Token(Tok::Over)),
    ("overset", LatexCommand::Stacked),
    ("stackrel", LatexCommand::Stacked),
    ("underset", LatexCommand::Stacked),
    ("infty", LatexCommand::Token(Tok::Infinity)),
    ("partial", LatexCommand::Token(Tok::Partial)),
    ("ldots", LatexCommand::Token(Tok::Ellipsis)),
    ("dots", LatexCommand::Token(Tok::Ellipsis)),
    ("dotsc", LatexCommand::Token(Tok::Ellipsis)),
    ("dotso", LatexCommand::Token(Tok::Ellipsis)),
    ("cr", LatexCommand::Token(Tok::RowBreak)),
    ("newline", LatexCommand::Token(Tok::RowBreak)),
    ("\\", LatexCommand::Token(Tok::RowBreak)),
    ("[", LatexCommand::Token(Tok::Boundary(MathEdge::Begin))),
    ("]", LatexCommand::Token(Tok::Boundary(MathEdge::End))),
    ("(", LatexCommand::Token(Tok::Boundary(MathEdge::Begin))),
    (")", LatexCommand::Token(Tok::Boundary(MathEdge::End))),
    ("$", LatexCommand::Token(Tok::Boundary(MathEdge::Either))),
    ("begin", LatexCommand::Begin),
    ("end", LatexCommand::End),
    // spacing and sizes
    ("left", LatexCommand::Delimiter(BarSide::Left)),
    ("right", LatexCommand::Delimiter(BarSide::Right)),
    ("middle", LatexCommand::Delimiter(BarSide::Either)),
    ("bigl", LatexCommand::Delimiter(BarSide::Left)),
    ("Bigl", LatexCommand::Delimiter(BarSide::Left)),
    ("biggl", LatexCommand::Delimiter(BarSide::Left)),
    ("Biggl", LatexCommand::Delimiter(BarSide::Left)),
    ("bigr", LatexCommand::Delimiter(BarSide::Right)),
    ("Bigr", LatexCommand::Delimiter(BarSide::Right)),
    ("biggr", LatexCommand::Delimiter(BarSide::Right)),
    ("Biggr", LatexCommand::Delimiter(BarSide::Right)),
    ("label", LatexCommand::Remark),
    ("tag", LatexCommand::Remark),
    ("hspace", LatexCommand::Remark),
    ("vspace", LatexCommand::Remark),
    ("phantom", LatexCommand::Remark),
    ("hphantom", LatexCommand::Remark),
    ("vphantom", LatexCommand::Remark),
    // fonts
    ("mathbf", BOLD),
    ("bm", BOLD),
    ("boldsymbol", BOLD),
    ("pmb", BOLD),
    ("mathbfit", BOLD),
    ("symbf", BOLD),
    ("mathcal", BOLD),
    ("mathscr", BOLD),
    ("mathbfcal", BOLD),
    ("mathbfsf", BOLD),
    ("symbfit", BOLD),
    ("symcal", BOLD),
    ("mathfrak", BOLD),
    ("mathbb", BOLD),
    ("mathds", BOLD),
    ("mathbbm", BOLD),
    ("vec", BOLD),
    ("overrightarrow", BOLD),
    ("underline", BOLD),
    ("mathrm", UPRIGHT),
    ("mathit", UPRIGHT),
    ("mathsf", UPRIGHT),
    ("mathtt", UPRIGHT),
    ("mathnormal", UPRIGHT),
    ("operatorname", UPRIGHT),
    ("operatorname*", UPRIGHT),
    ("text", UPRIGHT),
    ("mbox", UPRIGHT),
    ("hbox", UPRIGHT),
    ("textrm", UPRIGHT),
    ("textbf", UPRIGHT),
    ("textit", UPRIGHT),
    ("textsf", UPRIGHT),
    ("textup", UPRIGHT),
    ("textnormal", UPRIGHT),
    ("texttt", UPRIGHT),
    ("mathup", UPRIGHT),
    ("symup", UPRIGHT),
    ("rm", UPRIGHT),
    ("sf", UPRIGHT),
    // accents
    ("hat", LatexCommand::Accent("hat")),
    ("widehat", LatexCommand::Accent("hat")),
    ("tilde", LatexCommand::Accent("tilde")),
    ("widetilde", LatexCommand::Accent("tilde")),
    ("bar", LatexCommand::Accent("bar")),
    ("overline", LatexCommand::Accent("bar")),
    ("dot", LatexCommand::Accent("dot")),
    ("ddot", LatexCommand::Accent("ddot")),
    ("dddot", LatexCommand::Accent("dddot")),
    ("breve", LatexCommand::Accent("breve")),
    ("acute", LatexCommand::Accent("acute")),
    ("grave", LatexCommand::Accent("grave")),
    ("mathring", LatexCommand::Accent("ring")),
    ("widebar", LatexCommand::Accent("bar")),
    ("check", LatexCommand::Accent("check")),
    ("widecheck", LatexCommand::Accent("check")),
    // what the language does not have
    ("sum", LatexCommand::Gather(Gathering::Sum)),
    ("prod", LatexCommand::Gather(Gathering::Product)),
    ("int", INTEGRALS),
    ("bigcup", INTEGRALS),
    ("nabla", LatexCommand::Token(Tok::Nabla)),
    ("triangledown", LatexCommand::Token(Tok::Nabla)),
    ("bigtriangledown", LatexCommand::Token(Tok::Nabla)),
    ("leq", LatexCommand::Token(Tok::Relation("≤"))),
    ("le", LatexCommand::Token(Tok::Relation("≤"))),
    ("geq", LatexCommand::Token(Tok::Relation("≥"))),
    ("ge", LatexCommand::Token(Tok::Relation("≥"))),
    ("neq", LatexCommand::Token(Tok::Relation("≠"))),
    ("ne", LatexCommand::Token(Tok::Relation("≠"))),
    ("approx", LatexCommand::Token(Tok::Nearly("≈"))),
    ("sim", LatexCommand::Token(Tok::Relation("∼"))),
    ("propto", LatexCommand::Token(Tok::Nearly("∝"))),
    ("equiv", LatexCommand::Token(Tok::Equals)),
    ("to", LatexCommand::Token(Tok::Arrow)),
    ("rightarrow", LatexCommand::Token(Tok::Arrow)),
    ("Rightarrow", LatexCommand::Token(Tok::Semicolon)),
    ("Longrightarrow", LatexCommand::Token(Tok::Semicolon)),
    ("implies", LatexCommand::Token(Tok::Semicolon)),
    ("longrightarrow", LatexCommand::Token(Tok::Arrow)),
    ("mapsto", LatexCommand::Token(Tok::Arrow)),
    ("longmapsto", LatexCommand::Token(Tok::Arrow)),
    ("forall", RELATIONS),
    ("argmin", LatexCommand::Optimum("argmin")),
    ("argmax", LatexCommand::Optimum("argmax")),
    ("arg", LatexCommand::Arg),
    ("min", LatexCommand::Optimum("min")),
    ("max", LatexCommand::Optimum("max")),
    ("lim", LIMITS),
    ("sup", LIMITS),
    ("inf", LIMITS),
    ("cdots", SPECIAL),
    ("dotsb", SPECIAL),
    ("dotsm", SPECIAL),
    ("vdots", SPECIAL),
    ("ddots", SPECIAL),
    (
        "dagger",
        LatexCommand::Refused(
            "a pseudo-inverse is (X^T X)^{-1} X^T where X has full column rank; complex variables are not in the language, the transpose is X^T",
        ),
    ),
    (
        "Re",
        LatexCommand::Refused("complex variables are not in the language: write real and imaginary parts as variables"),
    ),
    (
        "Im",
        LatexCommand::Refused("complex variables are not in the language: write real and imaginary parts as variables"),
    ),
    ("star", LatexCommand::Token(Tok::Star)),
    ("oplus", LatexCommand::Refused("write [A, B] or [A; B] for blocks")),
    ("leftarrow", LatexCommand::Refused("an update defines a new value: write \\theta_{new} = …")),
    ("gets", LatexCommand::Refused("an update defines a new value: write \\theta_{new} = …")),
    ("wedge", LatexCommand::Refused("exterior products are not in the language")),
    ("binom", LatexCommand::Refused("binomial coefficients are not in the language; log n! is lgamma(n + 1)")),
    ("ell", LatexCommand::Letter('ℓ')),
    // a logarithm to base 10, as ISO 80000 has it
    ("lg", LatexCommand::Function("lg")),
    ("hbar", LatexCommand::Letter('ħ')),
    ("hslash", LatexCommand::Letter('ħ')),
    ("R", LatexCommand::Letter('ℝ')),
    ("RR", LatexCommand::Letter('ℝ')),
    ("Reals", LatexCommand::Letter('ℝ')),
    ("reals", LatexCommand::Letter('ℝ')),
];

/// Commands that only set space or size.
const BLANK: &[&str] = &[
    ",",
    ";",
    ":",
    "!",
    " ",
    ">",
    "/",
    "\n",
    "thinspace",
    "medspace",
    "thickspace",
    "enspace",
    "big",
    "Big",
    "bigg",
    "Bigg",
    "bigm",
    "displaystyle",
    "textstyle",
    "scriptstyle",
    "limits",
    "nolimits",
    "nonumber",
    "notag",
    "mathstrut",
    "strut",
    "allowbreak",
    "noindent",
    "bf",
    "it",
    "tiny",
    "small",
    "normalsize",
    "large",
    "Large",
    "LARGE",
    "huge",
    "Huge",
];

/// The meaning of a command; `None` when nobody knows it.
pub(super) fn command(name: &str) -> Option<LatexCommand> {
    if let Some((_, command)) = COMMANDS.iter().find(|(n, _)| *n == name) {
        return Some(command.clone());
    }
    if BLANK.contains(&name) {
        return Some(LatexCommand::Blank);
    }
    if let Some(letter) = names::greek(name) {
        return Some(LatexCommand::Letter(letter));
    }
    functions::signature(name).filter(|_| functions::is_reserved(name)).map(|s| LatexCommand::Function(s.name))
}

/// Every command, for did-you-mean.
pub(super) fn spellings() -> impl Iterator<Item = &'static str> {
    COMMANDS.iter().map(|(n, _)| *n).chain(GREEK.iter().map(|(n, _)| *n)).chain(functions::spellings())
}
