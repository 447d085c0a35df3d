//! The options of a block of a note, or of a document's first lines.

use super::args::BlockArgs;
use crate::diag::{Error, Kind};
use clap::Parser;

/// Reads a block's options as the command line reads its own.
///
/// # Errors
/// `Usage` for options there are not.
pub fn block_args(words: &[String]) -> Result<BlockArgs, Error> {
    BlockArgs::try_parse_from(words).map_err(|e| {
        let text = e.to_string();
        let mut lines = text.lines().map(str::trim).filter(|l| !l.is_empty());
        let message = lines.next().unwrap_or_default().trim_start_matches("error: ").replace("'--", "'");
        let error = Error::new(Kind::Usage, message);
        match lines
            .find_map(|l| l.strip_prefix("tip: ").or_else(|| l.strip_prefix('[').and_then(|l| l.strip_suffix(']'))))
        {
            Some(tip) => error.help(tip.replace("'--", "'")),
            None => error.help("the options are those of `gradus derive` without dashes: wrt=W,b form=both steps"),
        }
    })
}
