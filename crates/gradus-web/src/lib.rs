//! The page of gradus: its files, and one function that answers what it asks. The page calls the function in WebAssembly;
//! `gradus serve` calls it for the page.

mod answer;
mod files;
mod fix;
mod question;
mod refusal;

pub use answer::{answer, answer_until};
pub use files::{PAGE, PageFile};
pub use fix::{Fix, beginning, fix};

/// As `answer`, for JavaScript.
#[cfg(target_family = "wasm")]
#[wasm_bindgen::prelude::wasm_bindgen(js_name = answer)]
pub fn answer_in_browser(question: &str) -> String {
    answer(question)
}
