//! `gradus code`.

use super::Output;
use super::args::{CodeArgs, Emitted, split_targets};
use super::derive::failed;
use super::source::{Source, read};
use crate::code::{CodeTarget, code};
use crate::derive::{Options, derive_program};
use crate::diag::{Error, Errors};
use crate::fuel;
use crate::shape::{elaborate, proposed};
use crate::syntax::parse_document_for;

/// Writes the derivatives of a document as code.
pub fn run(args: &CodeArgs) -> Output {
    let source = match read(args.document.as_deref()) {
        Ok(source) => source,
        Err(e) => return failed(&[e], Emitted::default(), None),
    };
    match fuel::limited(|| written(args, &source)) {
        Ok(stdout) => Output { stdout, ..Output::default() },
        Err(errors) => failed(&errors, Emitted::default(), Some(&source)),
    }
}

fn written(args: &CodeArgs, source: &Source) -> Result<String, Errors> {
    let mended = |errors| proposed(&source.text, errors);
    let document = parse_document_for(&source.text, &split_targets(&args.wrt)).map_err(mended)?;
    let program = elaborate(&document).map_err(mended)?;
    let options = options(args).asked_by(document.request.as_ref());
    let options = match args.order {
        Some(order) => options.order(order),
        None => options,
    };
    let one = |e: Error| vec![e];
    let derivation = derive_program(program, &options).map_err(one)?;
    code(&derivation, args.target.unwrap_or(CodeTarget::NumPy)).map_err(one)
}

fn options(args: &CodeArgs) -> Options {
    Options::default()
        .of(args.of.as_deref())
        .with_respect_to(split_targets(&args.wrt))
        .form(args.form)
        .order(args.order.unwrap_or(1))
        .product(args.product.asked())
        .check(!args.no_check)
        .inlined(false)
}
