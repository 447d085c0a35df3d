//! A filter of Pandoc: the document's JSON tree in, the tree with derivations below its blocks out.

use super::{FaultyText, Markup, Refused, words};
use crate::diag::{Error, Kind};
use crate::render::{Page, Part, TitleRun, aligned, latex_sign};
use serde_json::{Value, json};

/// What is derived from a block.
#[derive(Clone, Debug)]
pub struct DerivedPage {
    /// Laid out in LaTeX's notation.
    pub page: Page,
    /// Whether the block itself is left out.
    pub hide: bool,
}

/// The tree with every block of class `gradus` filled. `derive` is given its options and its text.
///
/// # Errors
/// What is wrong in each block; one error without text for input that is no tree of Pandoc.
pub fn filter(
    text: &str,
    mut derive: impl FnMut(&[String], &str) -> Result<DerivedPage, Refused>,
) -> Result<String, Vec<FaultyText>> {
    let mut tree: Value = serde_json::from_str(text).map_err(|e| vec![not_a_tree(&e.to_string())])?;
    if tree.get("pandoc-api-version").is_none() {
        return Err(vec![not_a_tree("it has no pandoc-api-version")]);
    }
    let mut filter = Filter { derive: &mut derive, blocks: 0, wrong: vec![] };
    filter.visit(&mut tree["blocks"]);
    if filter.wrong.is_empty() { Ok(tree.to_string()) } else { Err(filter.wrong) }
}

fn not_a_tree(why: &str) -> FaultyText {
    let error = Error::new(Kind::Usage, format!("standard input is no document of Pandoc: {why}"))
        .help("use it as `pandoc --filter gradus-pandoc`, or between `pandoc -t json` and `pandoc -f json`");
    FaultyText { name: "standard input".to_owned(), text: String::new(), errors: vec![error] }
}

/// From options and a document to what is shown of it.
type Derive<'a> = dyn FnMut(&[String], &str) -> Result<DerivedPage, Refused> + 'a;

struct Filter<'a> {
    derive: &'a mut Derive<'a>,
    blocks: usize,
    wrong: Vec<FaultyText>,
}

impl Filter<'_> {
    fn visit(&mut self, value: &mut Value) {
        match value {
            Value::Array(items) => {
                *items = self.spliced(std::mem::take(items));
                items.iter_mut().for_each(|item| self.visit(item));
            }
            Value::Object(fields) => fields.values_mut().for_each(|v| self.visit(v)),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }

    /// Siblings with derivations below their blocks. What a note was filled with before is left out.
    fn spliced(&mut self, items: Vec<Value>) -> Vec<Value> {
        let (mut out, mut within) = (vec![], false);
        for item in items {
            if within || raw(&item) == Some(Markup::Markdown.begin()) {
                within = raw(&item).and_then(|text| Markup::Markdown.ends(text)).is_none();
            } else if let Some(source) = source(&item) {
                out.extend(self.filled(item, &source));
            } else if is_read_as_text(&item) {
                self.wrong.push(read_as_text());
            } else {
                out.push(item);
            }
        }
        if within {
            self.wrong.push(without_end());
        }
        out
    }

    fn filled(&mut self, block: Value, source: &BlockSource) -> Vec<Value> {
        self.blocks += 1;
        let (head, start) = super::block::head(&source.text);
        let text = &source.text[start..];
        let derived = words::options(&format!("{}{head}", source.options))
            .map_err(|e| Refused::Wrong(vec![e]))
            .and_then(|options| (self.derive)(&options, text));
        match derived {
            Ok(derived) => {
                let page = json!({"t": "Div", "c": [["", ["gradus-derivation"], []], blocks(&derived.page)]});
                if derived.hide || source.hide { vec![page] } else { vec![block, page] }
            }
            Err(refused) => {
                let errors = match refused {
                    Refused::Wrong(errors) => errors,
                    // the blocks that follow are told the same
                    Refused::Spent if self.wrong.is_empty() => vec![spent()],
                    Refused::Spent => return vec![],
                };
                let name = format!("block {} of the document", self.blocks);
                self.wrong.push(FaultyText { name, text: text.to_owned(), errors });
                vec![]
            }
        }
    }
}

fn spent() -> Error {
    Error::new(Kind::Limit, "this document takes more work than gradus does for one document")
        .help("divide it: each may take as much")
}

/// A block's own words.
struct BlockSource {
    options: String,
    text: String,
    /// In LaTeX the environment is hidden in print.
    hide: bool,
}

/// A block of code of class gradus, or LaTeX's environment where Pandoc leaves it as it is.
fn source(item: &Value) -> Option<BlockSource> {
    let content = &item["c"];
    if item["t"] == "CodeBlock" && content[0][1][0] == "gradus" {
        let text = content[1].as_str().unwrap_or_default().to_owned();
        return Some(BlockSource { options: attributes(&content[0]), text, hide: false });
    }
    if item["t"] != "RawBlock" || !(content[0] == "latex" || content[0] == "tex") {
        return None;
    }
    let inside = content[1].as_str()?.trim().strip_prefix("\\begin{gradus}")?.strip_suffix("\\end{gradus}")?;
    let beside = inside.trim_start_matches(' ').strip_prefix('[').and_then(|rest| rest.split_once(']'));
    let (options, text) = beside.unwrap_or(("", inside));
    Some(BlockSource { options: options.to_owned(), text: text.trim_start_matches('\n').to_owned(), hide: true })
}

/// LaTeX's environment as Pandoc reads what it does not know: its lines and superscripts are lost.
fn is_read_as_text(item: &Value) -> bool {
    item["t"] == "Div" && item["c"][0][1][0] == "gradus"
}

fn read_as_text() -> FaultyText {
    let error = Error::new(Kind::Usage, "Pandoc has read a gradus environment of LaTeX as text")
        .help("let it keep the environments it does not know: `pandoc --from latex+raw_tex`");
    FaultyText { name: "the document".to_owned(), text: String::new(), errors: vec![error] }
}

/// What stands between marks without an end would be left out with all that follows it.
fn without_end() -> FaultyText {
    let error = Error::new(
        Kind::Syntax,
        format!("what was derived has no end: no line `{}` follows", Markup::Markdown.end("…")),
    );
    FaultyText { name: "the document".to_owned(), text: String::new(), errors: vec![error] }
}

fn raw(item: &Value) -> Option<&str> {
    item["c"][1].as_str().filter(|_| item["t"] == "RawBlock").map(str::trim)
}

/// Classes and keys of a block as words.
fn attributes(attributes: &Value) -> String {
    let list = |v: &Value| v.as_array().cloned().unwrap_or_default();
    let text = |v: &Value| v.as_str().unwrap_or_default().to_owned();
    let classes = list(&attributes[1]).into_iter().skip(1).map(|class| text(&class));
    let keys = list(&attributes[2]).into_iter().map(|pair| format!("'{}={}'", text(&pair[0]), text(&pair[1])));
    classes.chain(keys).collect::<Vec<_>>().join(" ")
}

// ---- pages as blocks of Pandoc

fn blocks(page: &Page) -> Vec<Value> {
    let remarks: Vec<Value> = page.remarks.iter().chain([&page.check]).map(|r| json!([plain(&inlines(r))])).collect();
    let list = json!({"t": "BulletList", "c": remarks});
    page.parts.iter().map(part).chain([list]).collect()
}

fn part(part: &Part) -> Value {
    match part {
        Part::Section(title) => paragraph(&[json!({"t": "Strong", "c": inlines(title)})]),
        Part::Title(spans) => paragraph(&spans.iter().flat_map(span).chain(inlines(":")).collect::<Vec<_>>()),
        Part::Sentence(spans) => paragraph(&spans.iter().flat_map(span).collect::<Vec<_>>()),
        Part::Lines(rows) => paragraph(&[math("DisplayMath", aligned(rows).trim_end())]),
    }
}

fn span(span: &TitleRun) -> Vec<Value> {
    match span {
        TitleRun::Words(words) => inlines(words),
        TitleRun::Math(formula) => vec![math("InlineMath", formula)],
    }
}

fn paragraph(inlines: &[Value]) -> Value {
    json!({"t": "Para", "c": inlines})
}

fn plain(inlines: &[Value]) -> Value {
    json!({"t": "Plain", "c": inlines})
}

fn math(kind: &str, formula: &str) -> Value {
    json!({"t": "Math", "c": [{"t": kind}, formula]})
}

/// Words and the spaces between them; signs of mathematics become formulas, for writers whose fonts lack them.
fn inlines(text: &str) -> Vec<Value> {
    let (mut out, mut word) = (vec![], String::new());
    let flush = |word: &mut String, out: &mut Vec<Value>| {
        if !word.is_empty() {
            out.push(json!({"t": "Str", "c": std::mem::take(word)}));
        }
    };
    for c in text.chars() {
        let next = if c == ' ' { Some(json!({"t": "Space"})) } else { latex_sign(c).map(|s| math("InlineMath", &s)) };
        match next {
            Some(next) => {
                flush(&mut word, &mut out);
                out.push(next);
            }
            None => word.push(c),
        }
    }
    flush(&mut word, &mut out);
    out
}
