//! Losses and activations that PyTorch makes before it calls them: `nn.MSELoss()(a, b)`, `criterion = nn.MSELoss()`.

use super::layout::StatementTokens;
use super::token::{Tok, Token, closing, opens};
use crate::expr::Name;
use std::collections::BTreeMap;

/// What is made, and the function it is when it is called.
const CLASSES: &[(&str, &str)] = &[
    ("MSELoss", "mse_loss"),
    ("L1Loss", "l1_loss"),
    ("SmoothL1Loss", "smooth_l1_loss"),
    ("HuberLoss", "huber_loss"),
    ("BCELoss", "binary_cross_entropy"),
    ("BCEWithLogitsLoss", "binary_cross_entropy_with_logits"),
    ("SoftMarginLoss", "soft_margin_loss"),
    ("KLDivLoss", "kl_div"),
    ("CrossEntropyLoss", "torch_cross_entropy"),
    ("NLLLoss", "nll_loss"),
    ("ReLU", "relu"),
    ("Sigmoid", "sigmoid"),
    ("Tanh", "tanh"),
    ("Softplus", "softplus"),
    ("GELU", "gelu"),
    ("SiLU", "silu"),
    ("Softmax", "softmax"),
    ("LogSoftmax", "log_softmax"),
];

/// So many calls of one statement are read.
const MAX_CALLS: usize = 64;

/// Calls of what is made become calls of functions; statements that only make something are gone.
pub(super) fn called(statements: &mut Vec<StatementTokens>) {
    let mut made: BTreeMap<Name, Vec<Token>> = BTreeMap::new();
    statements.retain(|s| match named(&s.tokens) {
        Some((name, instance)) => {
            made.insert(name.clone(), instance.to_vec());
            false
        }
        None => true,
    });
    for tokens in statements.iter_mut().map(|s| &mut s.tokens) {
        let (mut at, mut calls) = (0, 0);
        while at < tokens.len() && calls < MAX_CALLS {
            let own = tokens[at].tok.name().and_then(|name| made.get(name)).filter(|_| opens(tokens, at + 1));
            if let Some(instance) = own.cloned() {
                tokens.splice(at..=at, instance);
            }
            calls += usize::from(call(tokens, at).is_some());
            at += 1;
        }
    }
}

/// `criterion = nn.MSELoss()`.
fn named(tokens: &[Token]) -> Option<(&Name, &[Token])> {
    let [name, sign, instance @ .., _] = tokens else { return None };
    let whole =
        function(instance, 0).is_some() && closing(instance, 1).is_some_and(|close| close + 1 == instance.len());
    name.tok.name().filter(|_| sign.tok == Tok::Equals && whole).map(|name| (name, instance))
}

/// What is made there, `MSELoss(`.
fn function(tokens: &[Token], at: usize) -> Option<&'static str> {
    let class = tokens.get(at)?.tok.name().filter(|_| opens(tokens, at + 1))?;
    CLASSES.iter().find(|(made, _)| *made == class.as_str()).map(|(_, function)| *function)
}

/// `MSELoss(reduction='sum')(a, b)` as `mse_loss(a, b, reduction='sum')`.
fn call(tokens: &mut Vec<Token>, at: usize) -> Option<()> {
    let function = function(tokens, at)?;
    let made = closing(tokens, at + 1).filter(|made| opens(tokens, made + 1))?;
    let end = closing(tokens, made + 1)?;
    let settings: Vec<Token> = tokens[at + 2..made].to_vec();
    let comma = Token { tok: Tok::Comma, ..tokens[end].clone() };
    let settings = Some(comma).filter(|_| !settings.is_empty()).into_iter().chain(settings);
    tokens.splice(end..end, settings);
    tokens[at].tok = Tok::Name(Name::new(function));
    tokens.drain(at + 1..=made);
    Some(())
}
