//! The command line, declared once: parsing, help and usage errors come from here.

use crate::code::CodeTarget;
use crate::derive::{Form, Product};
use crate::graph::Picture;
use crate::render::{Format, Reasons, Typeface};
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::str::FromStr;

/// gradus derives gradients the way a careful author would, and proves them.
#[derive(Debug, Parser)]
#[command(
    name = "gradus",
    version,
    about,
    max_term_width = 100,
    after_help = "`gradus 's = u^T f(W x + b)'` is short for `gradus derive …`."
)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
    /// Write what would be printed to this file; its ending says the format where --format does not
    #[arg(short, long, global = true, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Derive a document: all gradients, in the shape convention (this is the default command)
    Derive(DeriveArgs),
    /// Say whether a derivative found by hand is right: a proof, or the slip (exit code 0 yes, 1 no, 3 not decided)
    Check(CheckArgs),
    /// Say whether two expressions are equal: a proof, or a counterexample (exit code 0 yes, 1 no, 3 not decided)
    Equal(EqualArgs),
    /// Tidy an expression without deriving it
    Simplify(SimplifyArgs),
    /// List the rule book, or show one rule
    Rules(RulesArgs),
    /// Write the value and all derivatives as code: for NumPy, JAX, PyTorch, Rust, C or MATLAB
    Code(CodeArgs),
    /// Draw the computation graph: values forward, error signals back, the local Jacobian of every edge
    Graph(GraphArgs),
    /// Fill the gradus blocks of notes in Markdown or LaTeX with their derivations, in place
    Notes(NotesArgs),
    /// Derive documents anew and compare with the .expected beside each
    Test(TestArgs),
    /// Derive line by line, with history and completion
    Repl,
    /// Be asked for one derivative after the other: answers are judged, slips named, steps shown on request
    Quiz(QuizArgs),
    /// Serve the page in the browser, on this machine alone
    Serve(ServeArgs),
    /// Answer an editor: a server of the language server protocol, over standard input and output
    Lsp,
    /// Print the completions of a shell
    Completions(CompletionsArgs),
    /// Print the man page, or that of a command
    Man(ManArgs),
    /// Fill the gradus blocks of a book: a preprocessor of mdBook
    Mdbook(MdbookArgs),
    /// Fill the gradus blocks of a document: a filter of Pandoc
    Pandoc(PandocArgs),
}

impl Command {
    /// The format that the ending of a file asks for, where no option does.
    pub fn written_to(&mut self, path: &Path) {
        let text = match self {
            Command::Derive(args) => &mut args.what.format,
            Command::Check(args) => &mut args.print.format,
            Command::Equal(args) => &mut args.print.format,
            Command::Simplify(args) => &mut args.print.format,
            Command::Graph(args) => {
                args.format = args.format.or_else(|| picture_of(path));
                return;
            }
            Command::Code(args) => {
                args.target = args.target.or_else(|| target_of(path));
                return;
            }
            Command::Rules(_) | Command::Notes(_) | Command::Test(_) | Command::Repl | Command::Completions(_) => {
                return;
            }
            Command::Quiz(_)
            | Command::Man(_)
            | Command::Mdbook(_)
            | Command::Pandoc(_)
            | Command::Serve(_)
            | Command::Lsp => return,
        };
        *text = text.or_else(|| Emitted::of_file(path));
    }

    /// Whether it prints a page of plain text.
    pub fn is_page(&self) -> bool {
        let format = match self {
            Command::Derive(args) => args.what.format.unwrap_or_default(),
            Command::Check(args) => args.print.format(),
            Command::Equal(args) => args.print.format(),
            Command::Simplify(args) => args.print.format(),
            Command::Rules(_) | Command::Graph(_) | Command::Notes(_) | Command::Test(_) | Command::Repl => {
                return false;
            }
            Command::Code(_) | Command::Quiz(_) | Command::Completions(_) | Command::Man(_) => return false,
            Command::Mdbook(_) | Command::Pandoc(_) | Command::Serve(_) | Command::Lsp => return false,
        };
        format.of_text().is_some_and(Format::is_plain)
    }
}

#[derive(Debug, Args)]
pub struct DeriveArgs {
    /// The document: text, a file, or `-` for standard input [default: what comes through a pipe]
    #[arg(value_name = "DOC", allow_hyphen_values = true)]
    pub document: Option<OsString>,
    #[command(flatten)]
    pub what: DerivationArgs,
    /// Values of the variables, to evaluate the derivatives at
    #[arg(long, value_name = "VALUES.json")]
    pub at: Option<PathBuf>,
    /// Derive the Lagrangian of the objective and the constraints after `s.t.`, by every variable and multiplier
    #[arg(long, conflicts_with_all = ["of", "jvp", "vjp", "hvp"])]
    pub lagrangian: bool,
    /// Print a whole document instead of a fragment: an article in LaTeX, a page in Typst and MathML
    #[arg(long)]
    pub standalone: bool,
}

/// What is derived and how it is printed: for `derive`, and for a block of a note.
#[derive(Debug, Args)]
pub struct DerivationArgs {
    /// Targets: names separated by commas, or stacks such as '[x; y]' [default: every variable]
    #[arg(long, value_name = "W,b,x", allow_hyphen_values = true)]
    pub wrt: Vec<String>,
    /// What to differentiate [default: the last definition]
    #[arg(long, value_name = "NAME")]
    pub of: Option<String>,
    /// The order of the derivative [default: 1, or what the text asks for]
    #[arg(long, allow_negative_numbers = true)]
    pub order: Option<u32>,
    /// The layout of derivatives [default: shape for a scalar, jacobian for anything else]
    #[arg(long, value_parser = forms())]
    pub form: Option<Form>,
    #[command(flatten)]
    pub product: ProductArgs,
    /// Derive by symmetric, spd and diagonal variables on their structure: the symmetric gradient, the Hessian by vech or
    /// by the diagonal [default: every entry counts as free]
    #[arg(long)]
    pub structured: bool,
    /// Derive by entries: every product of matrices is a sum, z_i = Σ_k W_ik x_k + b_i
    #[arg(long)]
    pub indices: bool,
    /// Derive expectations over what a variable moves by the score function: ∂E[f] = E[f ∂log p + ∂f], x ∼ p_θ
    #[arg(long)]
    pub score: bool,
    /// Show every step with its rule and the reason
    #[arg(long)]
    pub steps: bool,
    /// How much is said of why each step holds [default: full]
    #[arg(long, value_parser = reasons())]
    pub reasons: Option<Reasons>,
    /// Say of every name what it was read as, and why
    #[arg(long)]
    pub explain_reading: bool,
    /// Write results in the document's variables alone
    #[arg(long, conflicts_with = "shared")]
    pub inline: bool,
    /// Write results with named intermediates (the default)
    #[arg(long)]
    pub shared: bool,
    /// Show what each result costs in floating-point operations, and the cheapest equal form that is found
    #[arg(long)]
    pub cost: bool,
    /// How to print [default: unicode, in notes what the note is written in]
    #[arg(long, value_parser = formats(), hide_default_value = true)]
    pub format: Option<Emitted>,
    /// Do not compare the results with automatic differentiation
    #[arg(long)]
    pub no_check: bool,
    /// Also print the update rules of gradient descent with this learning rate (a name or a number)
    #[arg(long, value_name = "α", allow_hyphen_values = true)]
    pub update: Option<String>,
    /// How vectors and matrices are typed in LaTeX, Markdown, Typst and MathML [default: as the document types them]
    #[arg(long, value_parser = typefaces())]
    pub style: Option<Typeface>,
    /// Break lines at this width, in letters [default: 100, of formulas for display 60, of MathML 78]
    #[arg(long)]
    pub width: Option<usize>,
}

/// How a verdict or an expression is printed.
#[derive(Debug, Args)]
pub struct PrintArgs {
    /// How to print [default: unicode]
    #[arg(long, value_parser = formats(), hide_default_value = true)]
    pub format: Option<Emitted>,
    /// How much is said of why each step holds [default: full]
    #[arg(long, value_parser = reasons())]
    pub reasons: Option<Reasons>,
    /// Break lines at this width, in letters [default: 100, of formulas for display 60, of MathML 78]
    #[arg(long)]
    pub width: Option<usize>,
}

impl PrintArgs {
    /// The format that is asked for, or Unicode.
    pub fn format(&self) -> Emitted {
        self.format.unwrap_or_default()
    }
}

#[derive(Debug, Args)]
pub struct CheckArgs {
    /// The document: text, a file, or `-` for standard input [default: what comes through a pipe]
    #[arg(value_name = "DOC", allow_hyphen_values = true)]
    pub document: Option<OsString>,
    /// What the derivative is by: a name, or a stack such as '[x; y]'; of a higher order also a name for each time, 'x,y'
    /// [default: the only variable]
    #[arg(long, value_name = "W", allow_hyphen_values = true)]
    pub wrt: Option<String>,
    /// The order of the derivative: 2 for a block of the Hessian [default: 1, or what the text asks for]
    #[arg(long, allow_negative_numbers = true)]
    pub order: Option<u32>,
    /// The derivative as found by hand; it may use every name of the document [default: what the text says it is]
    #[arg(long, value_name = "EXPR", allow_hyphen_values = true)]
    pub claim: Option<String>,
    /// The layout of the claim [default: shape for a scalar, jacobian for anything else]
    #[arg(long, value_parser = forms())]
    pub form: Option<Form>,
    /// What is differentiated [default: the last definition]
    #[arg(long, value_name = "NAME")]
    pub of: Option<String>,
    /// The claim is of a derivative by symmetric, spd and diagonal variables on their structure: the symmetric gradient,
    /// the Hessian by vech or by the diagonal [default: every entry counts as free]
    #[arg(long)]
    pub structured: bool,
    /// Values of the variables, to compare at these too
    #[arg(long, value_name = "VALUES.json")]
    pub at: Option<PathBuf>,
    /// Show how gradus derives the result, too
    #[arg(long)]
    pub steps: bool,
    #[command(flatten)]
    pub print: PrintArgs,
}

#[derive(Debug, Args)]
pub struct EqualArgs {
    /// One side
    #[arg(value_name = "EXPR", allow_hyphen_values = true)]
    pub left: String,
    /// The other side
    #[arg(value_name = "EXPR", allow_hyphen_values = true)]
    pub right: String,
    /// Declarations and definitions: 'A: n x n symmetric; f: elementwise'
    #[arg(value_name = "DECLARATIONS")]
    pub declarations: Vec<String>,
    /// Say on which structure the sides are compared: what is declared of a variable holds at every point [default: the
    /// same, without a word]
    #[arg(long)]
    pub structured: bool,
    #[command(flatten)]
    pub print: PrintArgs,
}

#[derive(Debug, Args)]
pub struct SimplifyArgs {
    /// The document: text, a file, or `-` for standard input [default: what comes through a pipe]
    #[arg(value_name = "DOC", allow_hyphen_values = true)]
    pub document: Option<OsString>,
    /// What to tidy [default: the last definition]
    #[arg(long, value_name = "NAME")]
    pub of: Option<String>,
    /// Write definitions out first
    #[arg(long)]
    pub inline: bool,
    /// Show every step with its rule and the reason
    #[arg(long)]
    pub steps: bool,
    /// Do not compare the result with the expression in numbers
    #[arg(long)]
    pub no_check: bool,
    #[command(flatten)]
    pub print: PrintArgs,
}

#[derive(Debug, Args)]
pub struct CodeArgs {
    /// The document: text, a file, or `-` for standard input [default: what comes through a pipe]
    #[arg(value_name = "DOC", allow_hyphen_values = true)]
    pub document: Option<OsString>,
    /// What the code is for [default: what the ending of the file says, else numpy]
    #[arg(long, value_parser = targets())]
    pub target: Option<CodeTarget>,
    /// Derive by these: names separated by commas, or stacks such as '[x; y]' [default: every variable]
    #[arg(long, value_name = "W,b,x", allow_hyphen_values = true)]
    pub wrt: Vec<String>,
    /// What to differentiate [default: the last definition]
    #[arg(long, value_name = "NAME")]
    pub of: Option<String>,
    /// The order of the derivative [default: 1, or what the text asks for]
    #[arg(long, allow_negative_numbers = true)]
    pub order: Option<u32>,
    /// The layout of derivatives [default: shape for a scalar, jacobian for anything else]
    #[arg(long, value_parser = layouts())]
    pub form: Option<Form>,
    #[command(flatten)]
    pub product: ProductArgs,
    /// Do not compare the derivatives with automatic differentiation before they are written
    #[arg(long)]
    pub no_check: bool,
}

/// The product of a derivative with a direction, in place of the derivative.
#[derive(Debug, Args)]
pub struct ProductArgs {
    /// The Jacobian-vector product J v instead of the Jacobian: how the value changes as the target moves along V
    #[arg(long, value_name = "V", conflicts_with_all = ["form", "order", "vjp", "hvp"])]
    pub jvp: Option<String>,
    /// The vector-Jacobian product: the cotangent G pulled back, in the shape of the target
    #[arg(long, value_name = "G", conflicts_with_all = ["form", "order", "hvp"])]
    pub vjp: Option<String>,
    /// The Hessian-vector product H v, in the shape of the target, without the Hessian
    #[arg(long, value_name = "V", conflicts_with_all = ["form", "order"])]
    pub hvp: Option<String>,
}

impl ProductArgs {
    /// The product that is asked for, if one is.
    pub fn asked(&self) -> Option<Product> {
        let jvp = self.jvp.clone().map(Product::Jvp);
        let vjp = self.vjp.clone().map(Product::Vjp);
        jvp.or(vjp).or(self.hvp.clone().map(Product::Hvp))
    }
}

#[derive(Debug, Args)]
pub struct GraphArgs {
    /// The document: text, a file, or `-` for standard input [default: what comes through a pipe]
    #[arg(value_name = "DOC", allow_hyphen_values = true)]
    pub document: Option<OsString>,
    /// What to differentiate [default: the last definition]
    #[arg(long, value_name = "NAME")]
    pub of: Option<String>,
    /// How to draw [default: svg]
    #[arg(long, value_parser = pictures())]
    pub format: Option<Picture>,
}

#[derive(Debug, Args)]
pub struct QuizArgs {
    /// The document: text, or a file
    #[arg(value_name = "DOC", allow_hyphen_values = true)]
    pub document: OsString,
    /// What to ask for: names separated by commas [default: every variable]
    #[arg(long, value_name = "W,b,x", allow_hyphen_values = true)]
    pub wrt: Vec<String>,
    /// What to differentiate [default: the last definition]
    #[arg(long, value_name = "NAME")]
    pub of: Option<String>,
}

#[derive(Debug, Args)]
pub struct ServeArgs {
    /// The port; 0 is any that is free
    #[arg(long, value_name = "PORT", default_value_t = 8417)]
    pub port: u16,
}

#[derive(Debug, Args)]
pub struct NotesArgs {
    /// Notes: .md, .markdown, .qmd, .rmd, .tex, .ltx
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
    /// Change nothing: say what would change, with exit code 1 if anything would
    #[arg(long)]
    pub check: bool,
    /// Write over what stands between the marks even where gradus has not written it
    #[arg(long, conflicts_with = "check")]
    pub force: bool,
}

#[derive(Debug, Args)]
pub struct TestArgs {
    /// Directories to search for *.gradus documents, or documents
    #[arg(value_name = "DIR", required = true)]
    pub paths: Vec<PathBuf>,
    /// Write what is derived to the .expected files; for a document that is named here, also where there is none yet
    #[arg(long)]
    pub accept: bool,
}

/// The options of a block of a note: words beside its fence, without dashes.
#[derive(Debug, Parser)]
#[command(name = "gradus", no_binary_name = true, disable_help_flag = true)]
pub struct BlockArgs {
    #[command(flatten)]
    pub what: DerivationArgs,
    /// Judge the derivative that the text claims, or --claim
    #[arg(long, conflicts_with_all = ["graph", "jvp", "vjp", "hvp", "update", "cost"])]
    pub check: bool,
    /// The derivative to be judged, as found by hand
    #[arg(long, value_name = "EXPR", conflicts_with = "graph")]
    pub claim: Option<String>,
    /// Draw the computation graph
    #[arg(long)]
    pub graph: bool,
    /// How to draw it [default: mermaid in Markdown, tikz in LaTeX, svg in books]
    #[arg(long, value_parser = pictures(), conflicts_with = "check")]
    pub picture: Option<Picture>,
    /// Show what is derived alone (in a book or a document of Pandoc)
    #[arg(long)]
    pub hide: bool,
}

#[derive(Debug, Args)]
pub struct CompletionsArgs {
    /// The shell
    #[arg(value_enum)]
    pub shell: clap_complete::Shell,
}

#[derive(Debug, Args)]
pub struct ManArgs {
    /// The command
    pub command: Option<String>,
}

#[derive(Debug, Args)]
pub struct MdbookArgs {
    #[command(subcommand)]
    pub command: Option<MdbookCommand>,
}

#[derive(Debug, Subcommand)]
pub enum MdbookCommand {
    /// Say by the exit code whether blocks can be filled for this renderer
    Supports {
        /// The renderer's name
        renderer: String,
    },
}

#[derive(Debug, Args)]
pub struct PandocArgs {
    /// The format Pandoc writes
    #[arg(default_value = "html")]
    pub format: String,
}

#[derive(Debug, Args)]
pub struct RulesArgs {
    /// The rule to show
    pub name: Option<String>,
}

/// What is printed: text in a format, or JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Emitted {
    Text(Format),
    Json,
}

impl Emitted {
    /// The word for JSON.
    const JSON: &'static str = "json";

    /// What a file with this ending holds.
    pub fn of_file(path: &Path) -> Option<Emitted> {
        Some(match path.extension()?.to_str()? {
            "json" => Emitted::Json,
            "tex" => Emitted::Text(Format::Latex),
            "md" | "markdown" => Emitted::Text(Format::Markdown),
            "typ" => Emitted::Text(Format::Typst),
            "html" | "htm" => Emitted::Text(Format::MathMl),
            _ => return None,
        })
    }

    /// The format of text; `None` for JSON.
    pub fn of_text(self) -> Option<Format> {
        match self {
            Emitted::Text(format) => Some(format),
            Emitted::Json => None,
        }
    }
}

impl Default for Emitted {
    fn default() -> Emitted {
        Emitted::Text(Format::default())
    }
}

impl FromStr for Emitted {
    type Err = gradus::Error;

    fn from_str(word: &str) -> Result<Emitted, gradus::Error> {
        if word == Emitted::JSON { Ok(Emitted::Json) } else { word.parse().map(Emitted::Text) }
    }
}

/// The language of the picture that a file with this ending holds.
fn picture_of(path: &Path) -> Option<Picture> {
    Some(match path.extension()?.to_str()? {
        "svg" => Picture::Svg,
        "dot" | "gv" => Picture::Dot,
        "mmd" => Picture::Mermaid,
        "tex" | "tikz" => Picture::Tikz,
        _ => return None,
    })
}

/// The target whose files end so.
fn target_of(path: &Path) -> Option<CodeTarget> {
    let ending = path.extension()?.to_str()?;
    CodeTarget::ALL.iter().find(|t| t.ending() == ending).copied()
}

/// An argument that is one of these words.
fn one_of<T>(words: impl Iterator<Item = &'static str>) -> impl TypedValueParser<Value = T>
where
    T: FromStr<Err = gradus::Error> + Clone + Send + Sync + 'static,
{
    PossibleValuesParser::new(words).try_map(|word| word.parse::<T>())
}

fn forms() -> impl TypedValueParser<Value = Form> {
    one_of(Form::ALL.iter().map(|form| form.word()))
}

/// Those in which derivatives have values.
fn layouts() -> impl TypedValueParser<Value = Form> {
    one_of([Form::Shape, Form::Jacobian].iter().map(|form| form.word()))
}

fn targets() -> impl TypedValueParser<Value = CodeTarget> {
    one_of(CodeTarget::ALL.iter().map(|target| target.word()))
}

fn typefaces() -> impl TypedValueParser<Value = Typeface> {
    one_of(Typeface::ALL.iter().map(|typeface| typeface.word()))
}

fn reasons() -> impl TypedValueParser<Value = Reasons> {
    one_of(Reasons::ALL.iter().map(|reasons| reasons.word()))
}

fn pictures() -> impl TypedValueParser<Value = Picture> {
    one_of(Picture::ALL.iter().map(|picture| picture.word()))
}

fn formats() -> impl TypedValueParser<Value = Emitted> {
    one_of(Format::ALL.iter().map(|format| format.word()).chain([Emitted::JSON]))
}

/// The commands there are: a first argument that is one of them is not taken for a document.
const COMMANDS: &[&str] = &[
    "derive",
    "check",
    "equal",
    "simplify",
    "code",
    "rules",
    "graph",
    "notes",
    "test",
    "repl",
    "quiz",
    "serve",
    "lsp",
    "completions",
    "man",
    "mdbook",
    "pandoc",
    "help",
];

/// The command that was meant by a first argument that is none, and no document either: `dervie`.
pub fn misspelt(args: &[OsString]) -> Option<(&str, &'static str)> {
    const SLIPS: usize = 2;
    let word = args.get(1)?.to_str()?;
    let is_word = word.len() > SLIPS + 1 && word.chars().all(|c| c.is_ascii_lowercase());
    if !is_word || COMMANDS.contains(&word) || Path::new(word).exists() {
        return None;
    }
    let distance = |command: &&&str| strsim::damerau_levenshtein(word, command);
    let near = COMMANDS.iter().filter(|c| distance(c) <= SLIPS).min_by_key(distance)?;
    Some((word, near))
}

/// Puts `derive` in front when the first argument is a document.
pub fn with_default_command(mut args: Vec<OsString>) -> Vec<OsString> {
    let first = args.get(1).and_then(|a| a.to_str());
    let explicit = first.is_none_or(|a| COMMANDS.contains(&a) || ["--help", "-h", "--version", "-V"].contains(&a));
    if args.len() > 1 && !(explicit && first.is_some()) {
        args.insert(1, "derive".into());
    }
    args
}

/// Each target of `--wrt`, which may be said more than once.
pub fn split_targets(wrt: &[String]) -> Vec<String> {
    wrt.iter().flat_map(|list| gradus::targets(list)).collect()
}
