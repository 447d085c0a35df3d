//! The CoNLL format: a token a line, its tag in the last column, a blank line between sentences, `-DOCSTART-` between
//! documents.

use super::source::{Line, Malformed, lines};
use std::io::BufRead;

const SEPARATOR: &str = "-DOCSTART-";

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    pub word: String,
    /// What the token is part of, `LOC` for `B-LOC` and `I-LOC`; `None` for `O`.
    pub entity: Option<String>,
}

pub type Sentence = Vec<Token>;

#[derive(Clone, Debug)]
pub struct Document {
    /// How many `-DOCSTART-` lines stand before it: some corpora begin documents with one, others end them.
    pub separators_before: usize,
    pub sentences: Vec<Sentence>,
}

impl Document {
    pub fn tokens(&self) -> impl Iterator<Item = &Token> {
        self.sentences.iter().flatten()
    }
}

#[derive(Clone, Debug, Default)]
pub struct Corpus {
    /// In the order of the file; none is empty.
    pub documents: Vec<Document>,
    /// The number of `-DOCSTART-` lines.
    pub separators: usize,
}

/// Reads a whole corpus.
///
/// # Errors
/// The first line that is not a token with its tag, blank or a separator.
pub fn read(file: &str, reader: impl BufRead) -> Result<Corpus, Malformed> {
    let mut builder = Builder::default();
    for line in lines(file, reader) {
        builder.line(&line?)?;
    }
    builder.end_document();
    Ok(builder.corpus)
}

#[derive(Default)]
struct Builder {
    corpus: Corpus,
    sentences: Vec<Sentence>,
    sentence: Sentence,
    /// The number of columns, once a line has set it.
    columns: Option<usize>,
}

impl Builder {
    fn line(&mut self, line: &Line) -> Result<(), Malformed> {
        let fields = line.fields();
        match fields.as_slice() {
            [] => self.end_sentence(),
            [SEPARATOR, ..] => {
                self.end_document();
                self.corpus.separators += 1;
            }
            _ => {
                let token = self.token(line, &fields)?;
                self.sentence.push(token);
            }
        }
        Ok(())
    }

    fn token(&mut self, line: &Line, fields: &[&str]) -> Result<Token, Malformed> {
        let [word, .., tag] = fields else {
            return Err(line.malformed("a token and its tag", format!("only `{}`", fields.join(" "))));
        };
        let columns = *self.columns.get_or_insert(fields.len());
        if fields.len() != columns {
            let expected = format!("{columns} columns as in the lines before");
            return Err(line.malformed(expected, format!("{} in `{}`", fields.len(), fields.join(" "))));
        }
        let entity = entity(tag).ok_or_else(|| line.malformed("a tag like O, I-LOC or B-PER", format!("`{tag}`")))?;
        Ok(Token { word: (*word).to_owned(), entity })
    }

    fn end_sentence(&mut self) {
        if !self.sentence.is_empty() {
            self.sentences.push(std::mem::take(&mut self.sentence));
        }
    }

    fn end_document(&mut self) {
        self.end_sentence();
        let sentences = std::mem::take(&mut self.sentences);
        if !sentences.is_empty() {
            self.corpus.documents.push(Document { separators_before: self.corpus.separators, sentences });
        }
    }
}

/// `None` for what is no tag, `Some(None)` for `O`. The letters are those of the IO, BIO, IOBES and BILOU schemes.
fn entity(tag: &str) -> Option<Option<String>> {
    match tag.split_once('-') {
        None => (tag == "O").then_some(None),
        Some(("B" | "I" | "E" | "S" | "L" | "U", name)) if !name.is_empty() => Some(Some(name.to_owned())),
        Some(_) => None,
    }
}
