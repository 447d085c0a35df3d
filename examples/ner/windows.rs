//! Windows of words as rows of one table of word vectors.

use super::conll::{Corpus, Document, Sentence};
use super::vectors::Vectors;
use ndarray::{Array2, ArrayView1};
use std::collections::{BTreeMap, BTreeSet};

/// The row that stands beyond the ends of a sentence; it starts as zeros.
const BORDER: usize = 0;
/// The row all words without a vector share; it starts as the mean of the vectors.
const UNKNOWN: usize = 1;

/// Words are looked up in lower case.
fn key(word: &str) -> String {
    word.to_lowercase()
}

/// The words of a corpus as keys of `Vectors`.
pub fn keys(corpus: &Corpus) -> BTreeSet<String> {
    corpus.documents.iter().flat_map(Document::tokens).map(|t| key(&t.word)).collect()
}

/// Which row of the table is a word's.
pub struct Vocabulary {
    rows: BTreeMap<String, usize>,
}

impl Vocabulary {
    /// The vocabulary of the vectors, and the table of their values, a word a row.
    pub fn new(vectors: &Vectors) -> (Vocabulary, Array2<f64>) {
        let mut table = Array2::zeros((vectors.rows.len() + 2, vectors.dimension));
        table.row_mut(UNKNOWN).assign(&ArrayView1::from(&vectors.mean));
        let mut rows = BTreeMap::new();
        for (i, (word, vector)) in vectors.rows.iter().enumerate() {
            table.row_mut(i + 2).assign(&ArrayView1::from(vector));
            rows.insert(word.clone(), i + 2);
        }
        (Vocabulary { rows }, table)
    }

    fn row(&self, word: &str) -> usize {
        self.rows.get(&key(word)).copied().unwrap_or(UNKNOWN)
    }
}

/// A window a token: the rows of its words, and whether the centre word is what is looked for.
pub struct Windows {
    /// Words a window, 2w + 1.
    pub width: usize,
    rows: Vec<usize>,
    labels: Vec<bool>,
}

impl Windows {
    /// The windows of `w` words on either side of every token.
    pub fn new(documents: &[Document], vocabulary: &Vocabulary, w: usize, entity: &str) -> Windows {
        let mut windows = Windows { width: 2 * w + 1, rows: vec![], labels: vec![] };
        for sentence in documents.iter().flat_map(|d| &d.sentences) {
            windows.add(sentence, vocabulary, w, entity);
        }
        windows
    }

    fn add(&mut self, sentence: &Sentence, vocabulary: &Vocabulary, w: usize, entity: &str) {
        let mut padded = vec![BORDER; w];
        padded.extend(sentence.iter().map(|t| vocabulary.row(&t.word)));
        padded.resize(sentence.len() + 2 * w, BORDER);
        self.rows.extend(padded.windows(self.width).flatten());
        self.labels.extend(sentence.iter().map(|t| t.entity.as_deref() == Some(entity)));
    }

    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// How many windows have what is looked for in their centre.
    pub fn locations(&self) -> usize {
        self.labels.iter().filter(|l| **l).count()
    }

    /// The table rows of window `i`.
    pub fn rows(&self, i: usize) -> &[usize] {
        &self.rows[i * self.width..(i + 1) * self.width]
    }

    pub fn label(&self, i: usize) -> bool {
        self.labels[i]
    }
}
