//! Where a document comes from: an argument, a file, or standard input.

use crate::diag::{Error, Kind};
use std::ffi::OsStr;
use std::io::{IsTerminal, Read};
use std::path::Path;

/// Longer documents are refused before they are read.
const MAX_BYTES: u64 = 1 << 20;

/// A document's text, and what to call it in messages.
pub struct Source {
    pub name: String,
    pub text: String,
}

/// Reads a document: what is named, or what comes through a pipe.
///
/// # Errors
/// `Usage` for a file that cannot be read and where there is neither a document nor a pipe, `Syntax` for bytes that are not UTF-8, `Limit` for more than 1 MiB.
pub fn read(document: Option<&OsStr>) -> Result<Source, Error> {
    let Some(document) = document else { return piped() };
    let path = Path::new(document);
    if document == "-" {
        return standard_input();
    }
    if path.is_file() {
        return Ok(Source { name: path.display().to_string(), text: decode(limited(open(path)?)?)? });
    }
    if path.extension().is_some_and(|e| e == "gradus") {
        return Err(Error::new(Kind::Usage, format!("there is no file {}", path.display())));
    }
    let text = decode(document.as_encoded_bytes().to_vec())?;
    Ok(Source { name: "document".to_owned(), text })
}

fn standard_input() -> Result<Source, Error> {
    Ok(Source { name: "standard input".to_owned(), text: decode(limited(std::io::stdin().lock())?)? })
}

/// What comes through a pipe, if there is one and anything comes.
fn piped() -> Result<Source, Error> {
    let piped = (!std::io::stdin().is_terminal()).then(standard_input).transpose()?;
    piped.filter(|source| !source.text.is_empty()).ok_or_else(|| {
        Error::new(Kind::Usage, "there is no document")
            .help("give one as text, 's = u^T f(W x + b)', as the name of a file, or through a pipe; `gradus --help` says more")
    })
}

fn open(path: &Path) -> Result<std::fs::File, Error> {
    std::fs::File::open(path).map_err(|e| Error::new(Kind::Usage, format!("cannot read {}: {e}", path.display())))
}

/// Reads a whole file of values or text.
pub fn read_file(path: &Path) -> Result<String, Error> {
    let mut text = String::new();
    open(path)?
        .read_to_string(&mut text)
        .map_err(|e| Error::new(Kind::Usage, format!("cannot read {}: {e}", path.display())))?;
    Ok(text)
}

/// Reads standard input whole, as other programs send it.
///
/// # Errors
/// `Usage` when it cannot be read as UTF-8.
pub fn read_input() -> Result<String, Error> {
    std::io::read_to_string(std::io::stdin().lock())
        .map_err(|e| Error::new(Kind::Usage, format!("cannot read standard input: {e}")))
}

fn limited(input: impl Read) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    input
        .take(MAX_BYTES + 1)
        .read_to_end(&mut bytes)
        .map_err(|e| Error::new(Kind::Usage, format!("cannot read the document: {e}")))?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(Error::new(Kind::Limit, format!("the document is longer than the limit of {MAX_BYTES} bytes")));
    }
    Ok(bytes)
}

fn decode(bytes: Vec<u8>) -> Result<String, Error> {
    String::from_utf8(bytes).map_err(|e| {
        let at = e.utf8_error().valid_up_to();
        let byte = e.as_bytes().get(at).copied().unwrap_or_default();
        Error::new(
            Kind::Syntax,
            format!("the document is not UTF-8: byte {byte:#04x} at offset {at} starts no character"),
        )
        .help("save the document with the encoding UTF-8")
    })
}
