//! The options of a block: words beside its fence or behind `#|`, the options of the command line without their dashes.

use crate::diag::{Error, Kind};

/// `wrt=W,b form=both steps` as arguments: `--wrt=W,b`, `--form=both`, `--steps`. Quotes hold words together.
///
/// # Errors
/// `Syntax` for a quote that is never closed.
pub fn options(text: &str) -> Result<Vec<String>, Error> {
    let words = shlex::split(text).ok_or_else(|| {
        Error::new(Kind::Syntax, format!("the options `{}` have a quote that is never closed", text.trim()))
            .help("write options as wrt=W,b form=both steps wrt=\"[x; y]\"")
    })?;
    Ok(words.iter().filter_map(|w| option(w)).collect())
}

/// Pandoc writes flags as classes (`.steps`) or as `steps=true`.
fn option(word: &str) -> Option<String> {
    let word = word.trim_start_matches(['.', '-']);
    match word.split_once('=') {
        Some((name, "true" | "")) => Some(format!("--{name}")),
        Some((_, "false")) => None,
        Some(_) | None => Some(format!("--{word}")),
    }
}

/// What follows the word `gradus` beside a fence, `{.gradus …}` of Pandoc included; `None` for blocks of other languages.
pub fn beside_fence(info: &str) -> Option<&str> {
    let inner = info.trim().strip_prefix('{').and_then(|i| i.strip_suffix('}'));
    let words = inner.unwrap_or(info).trim();
    let first = words.split([' ', '\t', ',']).next()?;
    (first.trim_start_matches('.') == "gradus").then(|| words[first.len()..].trim_start_matches([' ', '\t', ',']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_options_of_the_command_line() {
        let read = |text: &str| options(text).expect("they read");
        assert_eq!(read("wrt=W,b form=both steps"), ["--wrt=W,b", "--form=both", "--steps"]);
        assert_eq!(read("wrt=\"[x; y]\" .steps inline=true hide=false"), ["--wrt=[x; y]", "--steps", "--inline"]);
        assert_eq!(read("--wrt=W"), ["--wrt=W"]);
        assert!(options("wrt=\"[x; y]").is_err());
    }

    #[test]
    fn a_fence_names_its_language_first() {
        assert_eq!(beside_fence("gradus"), Some(""));
        assert_eq!(beside_fence("gradus wrt=W steps"), Some("wrt=W steps"));
        assert_eq!(beside_fence("gradus,steps"), Some("steps"));
        assert_eq!(beside_fence("{.gradus wrt=W .steps}"), Some("wrt=W .steps"));
        assert_eq!(beside_fence("rust"), None);
        assert_eq!(beside_fence("gradus-like"), None);
        assert_eq!(beside_fence(""), None);
    }
}
