//! A line of mathematics as the spans of an SVG text: variables italic, subscripts low, powers high.

use std::fmt::Write;

/// How a run of letters is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Set {
    Upright,
    Italic,
    Low,
    High,
}

/// How far a run stands below the line.
fn drop(set: Set) -> i32 {
    match set {
        Set::Upright | Set::Italic => 0,
        Set::Low => 4,
        Set::High => -6,
    }
}

/// The spans of a line in plain Unicode notation.
pub fn spans(line: &str) -> String {
    let (mut out, mut below) = (String::new(), 0);
    for (set, run) in runs(line) {
        let shift = drop(set) - below;
        below = drop(set);
        let dy = if shift == 0 { String::new() } else { format!(" dy=\"{shift}\"") };
        let class = match set {
            Set::Upright => "",
            Set::Italic => " class=\"i\"",
            Set::Low if run.chars().all(char::is_alphabetic) && run.chars().count() == 1 => " class=\"small i\"",
            Set::Low | Set::High => " class=\"small\"",
        };
        let run = run.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        let _ = if dy.is_empty() && class.is_empty() {
            write!(out, "{run}")
        } else {
            write!(out, "<tspan{class}{dy}>{run}</tspan>")
        };
    }
    out
}

fn runs(line: &str) -> Vec<(Set, String)> {
    let mut runs: Vec<(Set, String)> = vec![];
    let mut rest = line;
    while let Some((set, run, after)) = next(rest) {
        match runs.last_mut() {
            Some((last, text)) if *last == set => text.push_str(&run),
            Some(_) | None => runs.push((set, run)),
        }
        rest = after;
    }
    runs
}

/// The next run and what follows it.
fn next(rest: &str) -> Option<(Set, String, &str)> {
    let first = rest.chars().next()?;
    if let Some(size) = rest.strip_prefix("eye(") {
        return Some((Set::Italic, "I".to_owned(), size.split_once(')').map_or("", |(_, after)| after)));
    }
    let word = &rest[..end(rest, |c| c.is_alphabetic() && raised(c).is_none() || is_mark(c))];
    if !word.is_empty() {
        let set = if word.chars().filter(|c| !is_mark(*c)).count() == 1 { Set::Italic } else { Set::Upright };
        return Some((set, word.to_owned(), &rest[word.len()..]));
    }
    let part = |text: &str| end(text, |c| c.is_alphanumeric() && raised(c).is_none() || c == '_');
    if let Some((low, after)) = rest.strip_prefix("_{").and_then(|low| low.split_once('}')) {
        return Some((Set::Low, low.chars().map(plain).collect(), after));
    }
    if let Some(low) = rest.strip_prefix('_') {
        return Some((Set::Low, low[..part(low)].replace('_', ""), &low[part(low)..]));
    }
    if let Some(high) = rest.strip_prefix(".^").filter(|high| part(high) > 0) {
        return Some((Set::High, format!("∘{}", &high[..part(high)]), &high[part(high)..]));
    }
    let (set, letter) = raised(first).unwrap_or((Set::Upright, plain(first)));
    Some((set, letter.to_string(), &rest[first.len_utf8()..]))
}

/// Where the letters of one kind end.
fn end(text: &str, kind: impl Fn(char) -> bool) -> usize {
    text.find(|c| !kind(c)).unwrap_or(text.len())
}

/// Signs as they are printed.
fn plain(c: char) -> char {
    match c {
        '-' => '−',
        '\'' => '′',
        other => other,
    }
}

/// Letters that stand low or high by themselves, in the order of those they stand for.
const LOW: (&str, &str) = ("₀₁₂₃₄₅₆₇₈₉ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", "0123456789aehijklmnoprstuvx");
const HIGH: (&str, &str) = ("⁰¹²³⁴⁵⁶⁷⁸⁹⁻ᵀ", "0123456789−T");

/// What a low or high letter stands for.
fn raised(c: char) -> Option<(Set, char)> {
    let of = |(raised, plain): (&str, &str), set| {
        raised.chars().zip(plain.chars()).find(|(r, _)| *r == c).map(|(_, plain)| (set, plain))
    };
    of(LOW, Set::Low).or_else(|| of(HIGH, Set::High))
}

/// A mark over the letter before it.
fn is_mark(c: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_are_italic_and_functions_upright() {
        assert_eq!(spans("tanh(z)"), "tanh(<tspan class=\"i\">z</tspan>)");
        assert_eq!(
            spans("W x - b"),
            "<tspan class=\"i\">W</tspan> <tspan class=\"i\">x</tspan> − <tspan class=\"i\">b</tspan>"
        );
    }

    #[test]
    fn subscripts_are_low_and_powers_high() {
        let low = "<tspan class=\"i\">δ</tspan><tspan class=\"small\" dy=\"4\">c1</tspan>";
        assert_eq!(spans("δ_c_1"), low);
        assert_eq!(spans("δ_c_1 < 1"), format!("{low}<tspan dy=\"-4\"> &lt; 1</tspan>"));
        assert_eq!(spans("h_{t-1}"), "<tspan class=\"i\">h</tspan><tspan class=\"small\" dy=\"4\">t−1</tspan>");
        assert_eq!(spans("h.^2"), "<tspan class=\"i\">h</tspan><tspan class=\"small\" dy=\"-6\">∘2</tspan>");
    }
}
