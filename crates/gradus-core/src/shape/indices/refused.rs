//! What is said of indices that cannot be read.

use super::Family;
use crate::diag::{Error, Kind, Span};
use crate::expr::Name;

pub(super) fn unbound(name: &Name, letter: &Name, span: Span) -> Error {
    Error::new(Kind::Name, format!("nothing binds the index `{letter}` of `{name}`"))
        .at(span, format!("`{letter}` is free here"))
        .help(format!("sum over it, `\\sum_{letter} …`, in brackets where the sum has several terms; or name the value `z_{letter} = …`"))
}

/// How the advice for one letter with one index and with two ends; the text that is offered is made by it.
pub(in crate::shape) const ENTRY_OF_MEMBER: &str = "an entry of a member is `[x_n]_k`";

pub(super) fn two_arities(base: &Name, family: &Family, arity: usize, span: Span) -> Error {
    let words = |n: usize| if n == 1 { "one index".to_owned() } else { format!("{n} indices") };
    Error::new(Kind::Name, format!("`{base}` has {} in one place and {} in another", words(family.arity), words(arity)))
        .at(span, words(arity))
        .at(family.span, words(family.arity))
        .help(format!("give the two families names of their own; {ENTRY_OF_MEMBER}"))
}

pub(super) fn by_itself(name: &Name, span: Span) -> Error {
    let family = name.as_str().split('_').next().unwrap_or(name.as_str());
    let message =
        format!("`{family}` is defined by itself, by `{name}`: implicit definitions and recursions have no rule");
    Error::new(Kind::Unsupported, message)
        .at(span, "it stands on its own right side")
        .help("solve for it, or write out the steps, each with a name of its own")
}

/// A declared array with more or fewer indices than it has sizes.
pub(super) fn arity_declared(family: &Family, d: &crate::syntax::Declaration) -> Option<Error> {
    let sizes = match &d.shape {
        crate::syntax::DeclaredShape::Sizes(sizes) => sizes.len(),
        crate::syntax::DeclaredShape::Unsaid(_) => return None,
        crate::syntax::DeclaredShape::Scalar
        | crate::syntax::DeclaredShape::Elementwise
        | crate::syntax::DeclaredShape::Field { .. } => 0,
    };
    (sizes != family.arity).then(|| {
        let message = format!("`{}` is declared with {sizes} sizes and has {} indices here", family.base, family.arity);
        Error::new(Kind::Shape, message)
            .at(family.span, "its indices")
            .at(d.shape_span, "declared here")
            .help("an entry has one index for each size; the members of a family are declared with an index, `x_i: n`")
    })
}
