//! No text makes a derivation panic or disagree with its check, and what is printed reads back.

#![no_main]

use gradus::internals::derive::derive;
use gradus::internals::render::{Style, ascii, present};
use gradus::{Kind, Options};
use libfuzzer_sys::fuzz_target;

#[path = "../with_stack.rs"]
mod with_stack;

fuzz_target!(|text: &str| {
    with_stack::run(text, |text| match derive(text, &Options::default()) {
        Ok(derivation) => {
            let style = Style::of(&derivation);
            for one in &derivation.derivatives {
                let printed = ascii(&present(&one.result, &style));
                derivation.read_back(&printed, &one.shape).unwrap_or_else(|e| panic!("{printed}: {e:?}"));
            }
        }
        Err(errors) => assert!(errors.iter().all(|e| e.kind != Kind::Internal), "{errors:?}"),
    });
});
