//! Which documents train, which choose the number of epochs, and which are for the test alone.

use super::Result;
use super::conll::{Corpus, Document};
use super::options::Options;

pub struct Split<'a> {
    /// All training documents, the last of which are `dev`.
    pub train: &'a [Document],
    /// The training documents without `dev`.
    pub fit: &'a [Document],
    pub dev: &'a [Document],
    pub test: &'a [Document],
}

/// Splits a corpus at a `-DOCSTART-` line: by default after four fifths of them, with an eighth of the training
/// documents to choose the number of epochs.
///
/// # Errors
/// When a part would be empty.
pub fn split<'a>(corpus: &'a Corpus, options: &Options) -> Result<Split<'a>> {
    let from = options.test_from.unwrap_or(corpus.separators * 4 / 5);
    let at = corpus.documents.partition_point(|d| d.separators_before < from);
    let (train, test) = corpus.documents.split_at(at);
    let dev = options.dev_documents.unwrap_or(train.len().div_ceil(8));
    if test.is_empty() || train.len() <= dev {
        return Err(format!(
            "too few documents: {} before -DOCSTART- line {from} ({dev} of them to choose the number of epochs) and {} \
             after it; see --test-from and --dev-documents",
            train.len(),
            test.len()
        )
        .into());
    }
    let (fit, dev) = train.split_at(train.len() - dev);
    Ok(Split { train, fit, dev, test })
}
