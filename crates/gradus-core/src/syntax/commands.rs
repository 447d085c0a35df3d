//! The LaTeX commands of the language: one table.

use super::names::GREEK;
use super::token::{Bracket, Edge, Side, Tok};
use super::{functions, names};

/// What a command means.
#[derive(Clone, Debug)]
pub(super) enum Command {
    Token(Tok),
    /// Spacing and sizing: nothing.
    Blank,
    /// `\left`, `\right`, `\middle`, which may be followed by a point that stands for no bracket; a bar after them
    /// has this side.
    Delimiter(Side),
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
    /// Not in the language, with what to do instead.
    Refused(&'static str),
}

const BOLD: Command = Command::Font { upright: false };
const UPRIGHT: Command = Command::Font { upright: true };
const SUMS: Command = Command::Refused(
    "indexed sums are not in the language: write sum(x), a^T x, tr(A B), ones(n)^T x or another product of matrices",
);
const RELATIONS: Command = Command::Refused("relations are not in the language: give the expression alone");
const LIMITS: Command =
    Command::Refused("limits, suprema and infima are not in the language: give the objective alone");
const SPECIAL: Command = Command::Refused("ellipses are not in the language: write every term");

const COMMANDS: &[(&str, Command)] = &[
    // products and quotients
    ("cdot", Command::Token(Tok::Times)),
    ("ast", Command::Token(Tok::Times)),
    ("bullet", Command::Token(Tok::Times)),
    ("times", Command::Token(Tok::Cross)),
    ("div", Command::Token(Tok::Slash)),
    ("odot", Command::Token(Tok::Had { matlab: false })),
    ("circ", Command::Token(Tok::Had { matlab: false })),
    ("oslash", Command::Token(Tok::HadDiv { matlab: false })),
    ("otimes", Command::Token(Tok::Kron)),
    ("frac", Command::Token(Tok::Frac)),
    ("tfrac", Command::Token(Tok::Frac)),
    ("dfrac", Command::Token(Tok::Frac)),
    ("cfrac", Command::Token(Tok::Frac)),
    ("sqrt", Command::Token(Tok::Sqrt)),
    // transposes and primes
    ("top", Command::Token(Tok::Top)),
    ("intercal", Command::Token(Tok::Top)),
    ("transpose", Command::Token(Tok::Top)),
    ("trans", Command::Token(Tok::Top)),
    ("T", Command::Token(Tok::Top)),
    ("prime", Command::Token(Tok::Prime)),
    // brackets
    ("|", Command::Token(Tok::Bar(Side::Either))),
    ("Vert", Command::Token(Tok::Bar(Side::Either))),
    ("parallel", Command::Token(Tok::Bar(Side::Either))),
    ("vert", Command::Token(Tok::Pipe(Side::Either))),
    ("mid", Command::Token(Tok::Pipe(Side::Either))),
    ("lvert", Command::Token(Tok::Pipe(Side::Left))),
    ("rvert", Command::Token(Tok::Pipe(Side::Right))),
    ("lVert", Command::Token(Tok::Bar(Side::Left))),
    ("rVert", Command::Token(Tok::Bar(Side::Right))),
    ("{", Command::Token(Tok::Open(Bracket::Paren))),
    ("}", Command::Token(Tok::Close(Bracket::Paren))),
    ("lbrace", Command::Token(Tok::Open(Bracket::Paren))),
    ("rbrace", Command::Token(Tok::Close(Bracket::Paren))),
    ("lparen", Command::Token(Tok::Open(Bracket::Paren))),
    ("rparen", Command::Token(Tok::Close(Bracket::Paren))),
    ("lbrack", Command::Token(Tok::Open(Bracket::Square))),
    ("rbrack", Command::Token(Tok::Close(Bracket::Square))),
    ("langle", Command::Token(Tok::Open(Bracket::Angle))),
    ("rangle", Command::Token(Tok::Close(Bracket::Angle))),
    // statements
    ("in", Command::Token(Tok::In)),
    ("colon", Command::Token(Tok::Colon)),
    ("coloneqq", Command::Token(Tok::Equals)),
    ("coloneq", Command::Token(Tok::Equals)),
    ("triangleq", Command::Token(Tok::Equals)),
    ("doteq", Command::Token(Tok::Equals)),
    ("simeq", Command::Token(Tok::Nearly("≃"))),
    ("lt", Command::Token(Tok::Relation("<"))),
    ("gt", Command::Token(Tok::Relation(">"))),
    ("succ", Command::Token(Tok::Relation("≻"))),
    ("succeq", Command::Token(Tok::Relation("⪰"))),
    ("quad", Command::Token(Tok::Gap)),
    ("qquad", Command::Token(Tok::Gap)),
    ("over", Command::Token(Tok::Over)),
    ("overset", Command::Stacked),
    ("stackrel", Command::Stacked),
    ("underset", Command::Stacked),
    ("infty", Command::Token(Tok::Infinity)),
    ("partial", Command::Token(Tok::Partial)),
    ("ldots", Command::Token(Tok::Ellipsis)),
    ("dots", Command::Token(Tok::Ellipsis)),
    ("cr", Command::Token(Tok::RowBreak)),
    ("newline", Command::Token(Tok::RowBreak)),
    ("\\", Command::Token(Tok::RowBreak)),
    ("[", Command::Token(Tok::Boundary(Edge::Begin))),
    ("]", Command::Token(Tok::Boundary(Edge::End))),
    ("(", Command::Token(Tok::Boundary(Edge::Begin))),
    (")", Command::Token(Tok::Boundary(Edge::End))),
    ("$", Command::Token(Tok::Boundary(Edge::Either))),
    ("begin", Command::Begin),
    ("end", Command::End),
    // spacing and sizes
    ("left", Command::Delimiter(Side::Left)),
    ("right", Command::Delimiter(Side::Right)),
    ("middle", Command::Delimiter(Side::Either)),
    ("bigl", Command::Delimiter(Side::Left)),
    ("Bigl", Command::Delimiter(Side::Left)),
    ("biggl", Command::Delimiter(Side::Left)),
    ("Biggl", Command::Delimiter(Side::Left)),
    ("bigr", Command::Delimiter(Side::Right)),
    ("Bigr", Command::Delimiter(Side::Right)),
    ("biggr", Command::Delimiter(Side::Right)),
    ("Biggr", Command::Delimiter(Side::Right)),
    ("label", Command::Remark),
    ("tag", Command::Remark),
    ("hspace", Command::Remark),
    ("vspace", Command::Remark),
    ("phantom", Command::Remark),
    ("hphantom", Command::Remark),
    ("vphantom", Command::Remark),
    // fonts
    ("mathbf", BOLD),
    ("bm", BOLD),
    ("boldsymbol", BOLD),
    ("pmb", BOLD),
    ("mathbfit", BOLD),
    ("symbf", BOLD),
    ("mathcal", BOLD),
    ("mathscr", BOLD),
    ("mathfrak", BOLD),
    ("mathbb", BOLD),
    ("mathds", BOLD),
    ("mathbbm", BOLD),
    ("vec", BOLD),
    ("underline", BOLD),
    ("mathrm", UPRIGHT),
    ("mathit", UPRIGHT),
    ("mathsf", UPRIGHT),
    ("mathtt", UPRIGHT),
    ("mathnormal", UPRIGHT),
    ("operatorname", UPRIGHT),
    ("operatorname*", UPRIGHT),
    ("text", UPRIGHT),
    ("textrm", UPRIGHT),
    ("textbf", UPRIGHT),
    ("textit", UPRIGHT),
    ("textsf", UPRIGHT),
    ("rm", UPRIGHT),
    // accents
    ("hat", Command::Accent("hat")),
    ("widehat", Command::Accent("hat")),
    ("tilde", Command::Accent("tilde")),
    ("widetilde", Command::Accent("tilde")),
    ("bar", Command::Accent("bar")),
    ("overline", Command::Accent("bar")),
    ("dot", Command::Accent("dot")),
    ("ddot", Command::Accent("ddot")),
    ("check", Command::Accent("check")),
    ("widecheck", Command::Accent("check")),
    // what the language does not have
    ("sum", SUMS),
    ("prod", SUMS),
    ("int", SUMS),
    ("bigcup", SUMS),
    ("nabla", Command::Token(Tok::Nabla)),
    ("leq", Command::Token(Tok::Relation("≤"))),
    ("le", Command::Token(Tok::Relation("≤"))),
    ("geq", Command::Token(Tok::Relation("≥"))),
    ("ge", Command::Token(Tok::Relation("≥"))),
    ("neq", Command::Token(Tok::Relation("≠"))),
    ("ne", Command::Token(Tok::Relation("≠"))),
    ("approx", Command::Token(Tok::Nearly("≈"))),
    ("sim", RELATIONS),
    ("propto", Command::Token(Tok::Nearly("∝"))),
    ("equiv", Command::Token(Tok::Equals)),
    ("to", Command::Refused("functions of vectors are not in the language: f: elementwise is applied entry by entry")),
    ("rightarrow", RELATIONS),
    ("mapsto", RELATIONS),
    ("forall", RELATIONS),
    ("argmin", Command::Optimum("argmin")),
    ("argmax", Command::Optimum("argmax")),
    ("arg", Command::Arg),
    ("min", Command::Optimum("min")),
    ("max", Command::Optimum("max")),
    ("lim", LIMITS),
    ("sup", LIMITS),
    ("inf", LIMITS),
    ("cdots", SPECIAL),
    ("vdots", SPECIAL),
    ("ddots", SPECIAL),
    (
        "dagger",
        Command::Refused(
            "a pseudo-inverse is (X^T X)^{-1} X^T where X has full column rank; complex variables are not in the language, the transpose is X^T",
        ),
    ),
    ("Re", Command::Refused("complex variables are not in the language: write real and imaginary parts as variables")),
    ("Im", Command::Refused("complex variables are not in the language: write real and imaginary parts as variables")),
    ("star", Command::Token(Tok::Star)),
    ("oplus", Command::Refused("write [A, B] or [A; B] for blocks")),
    ("wedge", Command::Refused("exterior products are not in the language")),
    ("binom", Command::Refused("binomial coefficients are not in the language")),
    ("ell", Command::Letter('ℓ')),
    ("R", Command::Letter('ℝ')),
    ("RR", Command::Letter('ℝ')),
    ("Reals", Command::Letter('ℝ')),
    ("reals", Command::Letter('ℝ')),
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
];

/// The meaning of a command; `None` when nobody knows it.
pub(super) fn command(name: &str) -> Option<Command> {
    if let Some((_, command)) = COMMANDS.iter().find(|(n, _)| *n == name) {
        return Some(command.clone());
    }
    if BLANK.contains(&name) {
        return Some(Command::Blank);
    }
    if let Some(letter) = names::greek(name) {
        return Some(Command::Letter(letter));
    }
    functions::signature(name).filter(|_| functions::is_reserved(name)).map(|s| Command::Function(s.name))
}

/// Every command, for did-you-mean.
pub(super) fn spellings() -> impl Iterator<Item = &'static str> {
    COMMANDS.iter().map(|(n, _)| *n).chain(GREEK.iter().map(|(n, _)| *n)).chain(functions::spellings())
}
