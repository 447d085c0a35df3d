//! Documents: which statement is which, what their names are, and the trees.

mod names;

use super::declaration::{self, check_name};
use super::expression::{Parsed, Parser};
use super::gathered;
use super::heads::{self, Draft};
use super::layout::{self, Ending};
use super::lexer::{self, Words};
use super::scope::{Role, ScopeNames};
use super::token::{Tok, Token};
use super::{AssumedProduct, Ast, Constraint, DeclaredShape, Document, Request, Statement, Syntax, remarks};
use super::{
    concentrations, conditionals, constructs, distributions, facts, frames, glued, instances, italics, lambdas, macros,
    marks, primes, program_calls, program_text, prose, raised, reassigned, request, run_in, running, samples, single,
    slices, slips, times, unbraced,
};
use super::{index_letters, split_index};
use crate::diag::{Error, Errors, Kind, Span};
use crate::expr::Name;
use std::collections::BTreeSet;

/// Documents are at most so long, in bytes.
const MAX_LENGTH: usize = 1 << 20;

/// No more errors than this are reported at once.
const MAX_ERRORS: usize = 20;

/// Reads a document.
///
/// # Errors
/// Every error of every statement, in the order of the text: `syntax` for text that is no statement, `name` for
/// duplicate names and wrong numbers of arguments, `unsupported` for functions gradus does not have, `limit` for
/// documents too long or too deep.
pub fn parse_document(text: &str) -> Result<Document, Errors> {
    read(text, false, &BTreeSet::new())
}

/// The same where it is known which names it will be derived by: `Xw` is X w when w is one of them.
///
/// # Errors
/// As for `parse_document`.
pub fn parse_document_for(text: &str, targets: &[String]) -> Result<Document, Errors> {
    read(text, false, &targets.iter().filter_map(|t| super::parse_name(t).ok()).collect())
}

/// Reads the declarations two expressions share: what `parse_document` reads, but `g(t) = t^2` is a function though nobody
/// calls it here.
///
/// # Errors
/// As for `parse_document`.
pub fn parse_declarations(text: &str) -> Result<Document, Errors> {
    read(text, true, &BTreeSet::new())
}

fn read(text: &str, declarations: bool, asked: &BTreeSet<Name>) -> Result<Document, Errors> {
    check_length(text).map_err(|e| vec![e])?;
    let Some(expansion) = macros::expanded(text) else { return without_macros(text, declarations, asked) };
    match without_macros(&expansion.text, declarations, asked) {
        Ok(document) => Ok(Document { expansion: Some(expansion), ..document }),
        Err(errors) => Err(expansion.located(errors)),
    }
}

fn without_macros(text: &str, declarations: bool, asked: &BTreeSet<Name>) -> Result<Document, Errors> {
    if let Some(error) = frames::column(text) {
        return Err(vec![error]);
    }
    if let Some(unnumbered) = prose::unnumbered(text) {
        let document = without_macros(&unnumbered, declarations, asked)?;
        return Ok(Document { text: text.to_owned(), ..document });
    }
    match prose::around(text).or_else(|| prose::formulas(text)) {
        Some(prose) if prose.certain => among_words(text, prose, declarations, asked),
        Some(prose) => formulas(text, declarations, asked).or_else(|_| among_words(text, prose, declarations, asked)),
        None => formulas(text, declarations, asked),
    }
}

/// The formulas of a text of sentences.
fn among_words(
    text: &str,
    prose: prose::Prose,
    declarations: bool,
    asked: &BTreeSet<Name>,
) -> Result<Document, Errors> {
    let asked = &asked.iter().chain(&prose.targets).cloned().collect();
    let told = prose.told.iter().map(|fact| format!("\n{fact}")).collect::<String>();
    let with_facts = format!("{}{told}", prose.formulas);
    let declared = if prose.told.is_empty() { None } else { formulas(&with_facts, declarations, asked).ok() };
    let (mut document, taken) = match declared {
        Some(document) => (document, true),
        None => (formulas(&prose.formulas, declarations, asked)?, false),
    };
    document.text = text.to_owned();
    document.notes.insert(0, remarks::words(&prose.facts));
    if taken {
        document.notes.push(remarks::told(&prose.told));
    }
    let request = document.request.get_or_insert(Request { of: None, wrt: Vec::new(), order: 1, defines: false });
    if request.wrt.is_empty() {
        request.wrt = prose.targets;
    }
    request.order = request.order.max(prose.order);
    Ok(document)
}

fn formulas(text: &str, declarations: bool, asked: &BTreeSet<Name>) -> Result<Document, Errors> {
    let Some(body) = frames::taken_off(text) else { return of_statements(text, None, declarations, asked) };
    let mut document = of_statements(&body.text, body.function.as_deref(), declarations, asked)?;
    document.text = text.to_owned();
    let defined =
        |v: &Name| document.statements.iter().any(|s| matches!(s, Statement::Definition { name, .. } if name == v));
    if let Some(value) = body.value.and_then(|v| super::parse_name(&v).ok()).filter(defined) {
        let request = Request { of: None, wrt: Vec::new(), order: 1, defines: false };
        document.request.get_or_insert(request).of = Some(value);
    }
    Ok(document)
}

/// Reads the statements of a text, the body of a function of that name where there is one.
fn of_statements(
    text: &str,
    function: Option<&str>,
    declarations: bool,
    asked: &BTreeSet<Name>,
) -> Result<Document, Errors> {
    let latex = lexer::is_latex(text);
    let heads = if latex { heads(text) } else { BTreeSet::new() };
    let tokens = lexer::tokens(text, if latex { Words::Letters(&heads) } else { Words::Whole });
    let mut statements = layout::statements(tokens, Ending::Lines, latex).map_err(|e| vec![e])?;
    if statements.is_empty() {
        return Err(vec![empty(text)]);
    }
    if !latex {
        lambdas::returns(text, function, &mut statements);
    }
    let builder = DocumentBuilder::new(text, latex);
    let program = function.is_some() || builder.names.numpy;
    DocumentBuilder { declarations, program, ..builder }.document(statements, asked)
}

/// `f: R^n -> R` beside `f(x) = …`: the formula says what f takes and gives.
fn leave_signatures(drafts: &mut [Draft]) {
    let defined = |d: &Draft| match d {
        Draft::Function { name, .. } | Draft::Definition { name, .. } => name.tok.name().cloned(),
        Draft::Declarations(_) | Draft::Equation { .. } | Draft::Expression(_) => None,
    };
    let defined: BTreeSet<Name> = drafts.iter().filter_map(defined).collect();
    for draft in drafts {
        if let Draft::Declarations(list) = draft {
            list.retain(|d| !(matches!(d.shape, DeclaredShape::Field { .. }) && defined.contains(&d.name)));
        }
    }
}

pub(super) fn check_length(text: &str) -> Result<(), Error> {
    if text.len() <= MAX_LENGTH {
        return Ok(());
    }
    Err(Error::new(Kind::Limit, format!("the text is longer than {MAX_LENGTH} bytes"))
        .help("split the document into several"))
}

fn empty(text: &str) -> Error {
    Error::new(Kind::Syntax, "the document is empty: there is no statement in it")
        .at(Span::new(0, text.len()), "nothing but space and comments")
        .help("write an expression such as x^T A x, or a definition such as s = u^T f(W x + b)")
}

/// The names a LaTeX document declares and defines, read whole: the letters of the others are single.
fn heads(text: &str) -> BTreeSet<Name> {
    let tokens = lexer::tokens(text, Words::Whole);
    let mut heads = BTreeSet::new();
    for statement in layout::statements(tokens, Ending::Lines, true).unwrap_or_default() {
        let tokens = &statement.tokens;
        if declaration::is_declaration(tokens) {
            let names = tokens.iter().take_while(|t| !matches!(t.tok, Tok::Colon | Tok::In));
            heads.extend(names.filter_map(|t| t.tok.name().cloned()));
        } else if tokens.get(1).is_some_and(|t| t.tok == Tok::Equals) || heads::parameters(tokens).is_some() {
            heads.extend(tokens[0].tok.name().cloned());
        }
    }
    heads
}

struct DocumentBuilder<'a> {
    text: &'a str,
    /// Whether nothing in the text is derived: its functions may be called elsewhere.
    declarations: bool,
    /// Whether the text is of a language of programs: its statements follow each other.
    program: bool,
    names: ScopeNames,
    errors: Errors,
    document: Document,
    /// What stands after `subject to`.
    constraints: Vec<heads::RelationTokens>,
    /// The names that statements define.
    defined: BTreeSet<Name>,
    /// The names that are declared as functions of arrays.
    fields: BTreeSet<Name>,
    /// Letters that may be signs of derivatives.
    signs: BTreeSet<Name>,
    /// What stands after ∈: `|N(i)|` is its size.
    sets: BTreeSet<Name>,
}

impl<'a> DocumentBuilder<'a> {
    fn new(text: &'a str, latex: bool) -> DocumentBuilder<'a> {
        let document = Document { text: text.to_string(), latex, ..Document::default() };
        DocumentBuilder {
            text,
            declarations: false,
            program: false,
            names: ScopeNames {
                latex,
                numpy: program_text::is_numpy(text),
                dotted: program_text::is_dotted(text),
                r: program_text::ProductSigns::of(text).r,
                ..ScopeNames::default()
            },
            errors: Vec::new(),
            document,
            constraints: Vec::new(),
            defined: BTreeSet::new(),
            fields: BTreeSet::new(),
            signs: BTreeSet::new(),
            sets: BTreeSet::new(),
        }
    }

    fn document(
        mut self,
        mut statements: Vec<layout::StatementTokens>,
        asked: &BTreeSet<Name>,
    ) -> Result<Document, Errors> {
        let mut drafts = Vec::new();
        self.document.listed.extend(lambdas::mapped(self.text, &mut statements));
        let mut statements = facts::rewrite(statements);
        let latex = self.document.latex;
        if !latex {
            statements.iter_mut().for_each(|s| slices::rewrite(self.text, &self.names, &mut s.tokens));
            instances::called(&mut statements);
            constructs::refuse(self.text, self.program, &mut statements);
            self.document.notes.extend(reassigned::rename(self.text, self.program, &mut statements));
        }
        statements.iter_mut().filter(|_| !latex).for_each(|s| program_calls::square_calls(&mut s.tokens));
        statements.iter_mut().filter(|_| !latex).for_each(|s| program_calls::second_values(&mut s.tokens));
        statements.iter_mut().filter(|_| !latex).for_each(|s| program_calls::bounds_by_name(&mut s.tokens));
        statements.iter_mut().for_each(|s| lambdas::rewrite(self.text, &mut s.tokens));
        if !latex {
            samples::entries(&mut statements);
        }
        conditionals::call(&mut statements);
        self.document.notes.extend(times::leave_out(&mut statements));
        concentrations::refuse_shared(self.text, &mut statements);
        let dissolved = concentrations::rename(&mut statements);
        self.document.notes.extend(raised::rename(&mut statements, latex));
        self.document.notes.extend(running::rewrite(self.text, &mut statements));
        self.document.notes.extend(primes::rename(&mut statements));
        primes::changes(&mut statements);
        for statement in &mut statements {
            if primes::concatenations(&mut statement.tokens) {
                self.document.notes.push(remarks::concatenation());
            }
        }
        samples::rename(&mut statements);
        self.document.notes.extend(marks::rename(&mut statements));
        if latex {
            self.document.notes.extend(marks::words(self.text, &mut statements));
            marks::doses(&mut statements);
            self.document.notes.extend(italics::join(self.text, &mut statements));
        }
        self.document.notes.extend(marks::of_fonts(self.text, &mut statements));
        self.document.notes.extend(marks::scripts(self.text, &mut statements));
        self.document.notes.extend(marks::gradients(&mut statements));
        heads::squares(&mut statements, &mut self.document.notes);
        self.document.notes.extend(request::rates(&mut statements));
        request::letters_of_nabla(&mut statements);
        self.document.densities = distributions::rewrite(&mut statements);
        self.document.notes.extend(run_in::mark(self.text, &mut statements));
        slips::refuse(self.text, latex, &mut statements);
        if !self.document.latex {
            let targets = statements.iter().flat_map(|s| request::targets(&s.tokens));
            let asked = targets.chain(asked.iter().cloned()).collect();
            glued::split(&mut statements, &asked, &dissolved, &mut self.document.notes);
        } else {
            let joined = unbraced::join(self.text, &mut statements, &BTreeSet::new());
            self.document.notes.extend(joined.iter().map(remarks::unbraced));
        }
        let listed = statements.iter().filter_map(|s| heads::parameters(&s.tokens)).flatten();
        let quantities = statements.iter().flat_map(|s| raised::quantities(&s.tokens));
        let own = listed.chain(asked.iter().cloned()).chain(quantities);
        self.document.own_constants = own.filter(|n| matches!(n.as_str(), "π" | "I")).collect();
        self.fields = statements.iter().flat_map(declaration::functions_of_arrays).collect();
        self.signs = request::signs(statements.iter().flat_map(|s| &s.tokens));
        self.defined = statements.iter().filter_map(heads::defined).collect();
        self.sets = statements.iter().flat_map(|s| gathered::sets(&s.tokens)).collect();
        for mut statement in statements {
            if self.errors.len() >= MAX_ERRORS {
                break;
            }
            self.document.notes.append(&mut statement.notes);
            if statement.errors.is_empty() {
                self.draft(statement, &mut drafts);
            } else {
                self.errors.append(&mut statement.errors);
            }
        }
        leave_signatures(&mut drafts);
        self.declare_all(&drafts);
        self.leave_left_sides(&mut drafts);
        self.collect(&drafts);
        self.functions_as_definitions(&mut drafts);
        self.check_duplicates(&drafts);
        for draft in drafts {
            self.statement(draft);
        }
        self.constrain();
        self.finish()
    }

    /// `e'e = (y - X b)'(y - X b)`, `\log\frac{p}{1-p} = w^\top x + b`: where nothing but what the right side uses is
    /// defined, the right side is the value.
    fn leave_left_sides(&mut self, drafts: &mut [Draft]) {
        let values = |d: &Draft| !matches!(d, Draft::Declarations(_));
        let spoken: BTreeSet<&Name> =
            drafts.iter().flat_map(Draft::values).flatten().filter_map(|t| t.tok.name()).collect();
        let used = |name: &Name| spoken.contains(name);
        let explains = |d: &Draft| match d {
            Draft::Definition { name, .. } | Draft::Function { name, .. } => name.tok.name().is_some_and(used),
            Draft::Declarations(_) | Draft::Equation { .. } | Draft::Expression(_) => false,
        };
        let (equations, others): (Vec<&Draft>, Vec<&Draft>) =
            drafts.iter().filter(|d| values(d)).partition(|d| matches!(d, Draft::Equation { .. }));
        if equations.len() != 1 || !others.into_iter().all(explains) {
            return;
        }
        for draft in drafts {
            if let Draft::Equation { left, right } = draft
                && heads::is_value(left, right, &self.names.sizes)
            {
                self.document.notes.push(remarks::left_side(heads::typed(self.text, left)));
                *draft = Draft::Expression(std::mem::take(right));
            }
        }
    }

    fn draft(&mut self, mut statement: layout::StatementTokens, drafts: &mut Vec<Draft>) {
        heads::sought_last(&mut statement.tokens, self.text);
        if statement.constraint && !declaration::is_declaration(&statement.tokens) {
            return self.constraints.extend(heads::constraints(statement.tokens));
        }
        if let Some(asked) =
            request::asked(&statement.tokens, &self.defined, &self.fields, &self.signs, &mut self.document.notes)
        {
            return self.ask(asked, drafts);
        }
        let aside = statement.aside;
        self.document.optimum = self.document.optimum.take().or_else(|| heads::optimum(&statement.tokens));
        match heads::draft(self.text, statement.tokens, &mut self.document.notes) {
            Ok(draft) => {
                if aside && let Draft::Definition { name, .. } = &draft {
                    self.document.asides.extend(name.tok.name().cloned());
                }
                drafts.push(draft);
            }
            Err(error) => self.errors.push(*error),
        }
    }

    /// A derivative the text asks for; the first one counts.
    fn ask(&mut self, asked: request::Asked, drafts: &mut Vec<Draft>) {
        drafts.extend(asked.value);
        if self.document.request.is_some() {
            return self.document.notes.push(remarks::second_request());
        }
        self.document.request = Some(asked.request);
        if let Some(span) = asked.claim {
            self.document.claim = Some(request::claim_text(self.text, span, self.document.latex));
            self.document.notes.push(remarks::claim());
        }
    }

    /// `M(θ)`, `N(d_1) - N(d_2)`, `K(‖x - y‖)`: nobody writes a bracket around the lone letter or norm of a product.
    fn refuse_calls(&mut self) {
        let lone = |inner: &str| {
            let name = inner.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '{' | '}' | '\\' | ' '));
            name && inner.chars().any(char::is_alphabetic)
        };
        let is_call = |product: &AssumedProduct| {
            let typed = self.text.get(product.span.start..product.span.end).unwrap_or("");
            let inner = typed.split_once('(').map_or("", |(_, inner)| inner.trim_end_matches(')').trim());
            // `D(x^{(i)})`
            let member = inner.replace("^{(", "_{").replace(")}", "}");
            product.holds_norm
                || is_kernel(&product.name, inner)
                || lone(&member) && single::parse_name(&member).is_ok()
        };
        let sets = &self.sets;
        self.document.products.retain(|p| !sets.contains(&p.name));
        let elsewhere = |name: &Name| self.names.variables.contains(name);
        let calls = self.document.products.iter().filter(|p| is_call(p) && !elsewhere(&p.name));
        let errors: Vec<Error> = calls.map(|p| super::errors::function_or_factor(self.text, p)).collect();
        self.errors.extend(errors);
    }

    fn finish(mut self) -> Result<Document, Errors> {
        self.refuse_calls();
        if self.errors.is_empty() {
            self.document.notes.extend(remarks::of_names(&self.names));
            self.document.notes.extend(remarks::of_constants(&self.document, &self.names));
            let mut seen = Vec::new();
            self.document.notes.retain(|note| {
                !seen.contains(note) && {
                    seen.push(note.clone());
                    true
                }
            });
            return Ok(self.document);
        }
        self.errors.sort_by_key(|e| e.labels.first().map(|l| l.span));
        let more = self.errors.len().saturating_sub(MAX_ERRORS);
        self.errors.truncate(MAX_ERRORS);
        if more > 0
            && let Some(last) = self.errors.last_mut()
        {
            last.message.push_str(&format!(" (and {more} more errors)"));
        }
        Err(self.errors)
    }

    // ---- statements

    fn statement(&mut self, draft: Draft) {
        match self.parsed(draft) {
            Ok(statements) => self.document.statements.extend(statements),
            Err(error) => self.errors.push(*error),
        }
    }

    fn parsed(&mut self, draft: Draft) -> Parsed<Vec<Statement>> {
        let statement = match draft {
            Draft::Declarations(list) => return Ok(list.into_iter().map(Statement::Declaration).collect()),
            Draft::Function { name: token, parameters, body } => self.function(&token, parameters, body)?,
            Draft::Definition { name: token, value } => {
                let name = named(&token)?;
                let value = self.value_of(&name, value)?;
                if self.is_size(&name) && self.only_sizes(&value) {
                    let left = Ast::new(Syntax::Name(name), token.span);
                    Statement::SizeCondition { left, right: value }
                } else {
                    let applied = self.document.heads.contains_key(&name);
                    if applied || matches!(self.names.role(&name), Role::BuiltIn(_)) {
                        check_name(&token)?;
                    }
                    Statement::Definition { name, name_span: token.span, value }
                }
            }
            Draft::Equation { left, right } => self.equation(left, right)?,
            Draft::Expression(tokens) => Statement::Expression(self.expression(tokens)?),
        };
        Ok(vec![statement])
    }

    /// Constraints are said, and read where they are expressions.
    fn constrain(&mut self) {
        for relation in std::mem::take(&mut self.constraints) {
            let text = self.text.get(relation.span.start..relation.span.end).unwrap_or_default();
            let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
            self.document.notes.push(remarks::constraint(&text));
            let notes = self.document.notes.len();
            let sides = relation.sides.and_then(|(left, sign, right)| {
                Some((self.expression(left).ok()?, sign, self.expression(right).ok()?))
            });
            self.document.notes.truncate(notes);
            self.document.constraints.push(Constraint { text, span: relation.span, sides });
        }
    }

    fn function(&mut self, token: &Token, parameters: Vec<Name>, body: Vec<Token>) -> Parsed<Statement> {
        let name = named(token)?;
        check_name(token)?;
        if let Some(twice) = (1..parameters.len()).find(|&i| parameters[..i].contains(&parameters[i])) {
            return Err(Box::new(
                Error::new(Kind::Name, format!("two parameters of {name} are called {}", parameters[twice]))
                    .at(token.span, "in this definition")
                    .help("give each parameter a name of its own"),
            ));
        }
        self.names.bound.clone_from(&parameters);
        let body = self.expression(body);
        self.names.bound.clear();
        Ok(Statement::FunctionDefinition { name, name_span: token.span, parameters, body: body? })
    }

    fn equation(&mut self, left: Vec<Token>, right: Vec<Token>) -> Parsed<Statement> {
        let span = left.first().map_or(Span::default(), |t| t.span);
        let left = self.expression(left)?;
        let right = self.expression(right)?;
        if self.only_sizes(&left) && self.only_sizes(&right) {
            return Ok(Statement::SizeCondition { left, right });
        }
        Err(Box::new(
            Error::new(Kind::Syntax, "the left side of = must be a name")
                .at(left.span.to(span), "not a name")
                .help("write s = expression, g(t) = expression, or a condition on sizes such as k n = 6"),
        ))
    }

    /// Numbers and names of sizes only.
    fn only_sizes(&self, tree: &Ast) -> bool {
        match &tree.kind {
            Syntax::Number(_) => true,
            Syntax::Name(name) => self.is_size(name),
            Syntax::Sum(terms) => terms.iter().all(|(_, t)| self.only_sizes(t)),
            Syntax::Neg(a) => self.only_sizes(a),
            Syntax::Binary(_, a, b) | Syntax::Power(a, b) => self.only_sizes(a) && self.only_sizes(b),
            Syntax::Partial(_)
            | Syntax::Keyword(..)
            | Syntax::Call { .. }
            | Syntax::Slope { .. }
            | Syntax::Transpose(_)
            | Syntax::Inverse(_)
            | Syntax::ElementPower(..)
            | Syntax::Norm(..)
            | Syntax::Bars(_)
            | Syntax::Matrix(_)
            | Syntax::Slice { .. }
            | Syntax::Entry { .. }
            | Syntax::Gathered { .. }
            | Syntax::Iverson(_) => false,
        }
    }

    fn expression(&mut self, tokens: Vec<Token>) -> Parsed {
        self.under(vec![], tokens)
    }

    /// What a name is defined as: `q_{ij} = [i < j] a_i`, its indices are bound there.
    fn value_of(&mut self, name: &Name, tokens: Vec<Token>) -> Parsed {
        let places = split_index(name).map_or(vec![], |(_, places)| places);
        let letters = index_letters(&places).filter(|l| !self.names.sizes.contains(*l)).cloned().collect();
        self.under(letters, tokens)
    }

    fn under(&mut self, letters: Vec<Name>, tokens: Vec<Token>) -> Parsed {
        let mut parser = Parser { letters, ..Parser::new(self.text, tokens, &self.names) };
        let tree = parser.whole()?;
        self.document.notes.append(&mut parser.notes);
        self.document.products.append(&mut parser.products);
        Ok(tree)
    }
}

fn named(token: &Token) -> Parsed<Name> {
    token.tok.name().cloned().ok_or_else(|| {
        Box::new(Error::new(Kind::Syntax, "a definition begins with its name").at(token.span, "expected a name"))
    })
}

/// `K(\frac{x - x_i}{h})`, `K_h(x - x_i)`: a bracket around a quotient, or behind a width, is that of a kernel.
fn is_kernel(name: &Name, inner: &str) -> bool {
    let inner = inner.trim_end_matches("\\right").trim();
    let quotient = inner.starts_with("\\frac") && inner.ends_with('}') && !inner.contains([')', '(']);
    match name.as_str() {
        "K" | "k" => quotient,
        "K_h" | "K_H" | "K_σ" | "K_λ" => inner.contains('-'),
        _ => false,
    }
}
