//! The inlined text of every result reads back: of orders 1 to 3 and of products with a direction, over every operator.

use super::documents::{document, operators};
use gradus::internals::derive::{Derivation, derive};
use gradus::internals::diag::{Errors, Kind};
use gradus::internals::render::{Notation, Printer, Style, present};
use gradus::{Options, Product};

/// Larger results are left to the long runs.
const MAX_NODES: u64 = 400;

fn unread(d: &Derivation) -> Vec<String> {
    let style = Style::of(d);
    let texts = |e: &gradus::internals::expr::Expr| {
        let ast = present(e, &style);
        [Notation::Ascii, Notation::Unicode].map(|notation| Printer::new(notation).line(&ast))
    };
    let small = d.derivatives.iter().filter_map(|one| Some((one, one.inlined.as_ref()?)));
    let small = small.filter(|(_, e)| e.nodes() <= MAX_NODES);
    small
        .flat_map(|(one, e)| texts(e).map(|text| d.read_back(&text, &one.shape).err().map(|e| e.message)))
        .flatten()
        .collect()
}

/// Refused is what a limit or a missing rule refuses, never what gradus says it cannot read.
fn faults(text: &str, options: &Options) -> Vec<String> {
    let told = |errors: Errors| -> Vec<String> {
        errors.iter().filter(|e| e.kind == Kind::Internal).map(|e| e.message.clone()).collect()
    };
    derive(text, options).map_or_else(told, |d| unread(&d))
}

#[test]
fn results_of_every_operator_read_back() {
    let mut failures = vec![];
    for index in 0..operators().count() as u64 {
        let drawn = document(index);
        let (text, wrt) = (drawn.text(), drawn.wrt.first().cloned());
        let plain = Options::default().with_respect_to(wrt).check(false);
        let product = match index % 3 {
            0 => Product::Jvp("v_0".into()),
            1 => Product::Vjp("v_0".into()),
            _ => Product::Hvp("v_0".into()),
        };
        let order = 1 + (index % 3) as u32;
        for options in [plain.clone().order(order), plain.product(product)] {
            failures.extend(faults(&text, &options).into_iter().map(|f| format!("{index}: {text}: {f}")));
        }
    }
    assert!(failures.is_empty(), "{} failures\n{}", failures.len(), failures.join("\n"));
}
