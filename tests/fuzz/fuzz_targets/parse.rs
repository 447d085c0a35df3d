//! No text makes the parser panic, and what it takes has the shapes it says or an error that says why not.

#![no_main]

use gradus::internals::shape::elaborate;
use gradus::internals::syntax::parse_document;
use libfuzzer_sys::fuzz_target;

#[path = "../with_stack.rs"]
mod with_stack;

fuzz_target!(|text: &str| {
    with_stack::run(text, |text| {
        let errors = match parse_document(text) {
            Ok(document) => elaborate(&document).err().unwrap_or_default(),
            Err(errors) => errors,
        };
        for error in errors {
            assert!(!error.message.is_empty() && error.kind != gradus::Kind::Internal, "{error:?}");
            // places are within the text, between characters
            assert!(error.labels.iter().all(|l| text.get(l.span.start..l.span.end).is_some()), "{error:?}");
        }
    });
});
