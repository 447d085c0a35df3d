//! Names as people write them, brought to their plain spelling: `lambda` is λ, `W1` is `W_1`, ŷ is `y_hat`.

use super::functions;
use crate::expr::Name;

/// Greek letters by their spelled names.
pub const GREEK: &[(&str, char)] = &[
    ("alpha", 'α'),
    ("beta", 'β'),
    ("gamma", 'γ'),
    ("delta", 'δ'),
    ("epsilon", 'ε'),
    ("varepsilon", 'ε'),
    ("zeta", 'ζ'),
    ("eta", 'η'),
    ("theta", 'θ'),
    ("vartheta", 'θ'),
    ("iota", 'ι'),
    ("kappa", 'κ'),
    ("lambda", 'λ'),
    ("mu", 'μ'),
    ("nu", 'ν'),
    ("xi", 'ξ'),
    ("omicron", 'ο'),
    ("pi", 'π'),
    ("rho", 'ρ'),
    ("varrho", 'ρ'),
    ("sigma", 'σ'),
    ("tau", 'τ'),
    ("upsilon", 'υ'),
    ("phi", 'φ'),
    ("varphi", 'φ'),
    ("chi", 'χ'),
    ("psi", 'ψ'),
    ("omega", 'ω'),
    ("Gamma", 'Γ'),
    ("Delta", 'Δ'),
    ("Theta", 'Θ'),
    ("Lambda", 'Λ'),
    ("Xi", 'Ξ'),
    ("Pi", 'Π'),
    ("Sigma", 'Σ'),
    ("Upsilon", 'Υ'),
    ("Phi", 'Φ'),
    ("Psi", 'Ψ'),
    ("Omega", 'Ω'),
];

/// The Greek letter a word spells.
pub(super) fn greek(word: &str) -> Option<char> {
    // most words are a letter or digits
    let spelled = word.len() > 1 && word.starts_with(|c: char| c.is_ascii_alphabetic());
    GREEK.iter().find(|(spelling, _)| spelled && *spelling == word).map(|(_, letter)| *letter)
}

/// Accents: their word in plain names, their combining character, letters with the accent, the same letters without it.
pub const ACCENTS: &[(&str, char, &str, &str)] = &[
    ("hat", '\u{302}', "âĉêĝĥîĵôŝûŵŷẑÂĈÊĜĤÎĴÔŜÛŴŶẐ", "aceghijosuwyzACEGHIJOSUWYZ"),
    ("tilde", '\u{303}', "ãẽĩñõũṽỹÃẼĨÑÕŨṼỸ", "aeinouvyAEINOUVY"),
    ("bar", '\u{304}', "āēḡīōūȳĀĒḠĪŌŪȲ", "aegiouyAEGIOUY"),
    ("dot", '\u{307}', "ȧḃċḋėḟġḣṁṅȯṗṙṡṫẇẋẏżȦḂĊḊĖḞĠḢİṀṄȮṖṘṠṪẆẊẎŻ", "abcdefghmnoprstwxyzABCDEFGHIMNOPRSTWXYZ"),
    ("check", '\u{30c}', "ǎčďěǧȟǐǰǩľňǒřšťǔžǍČĎĚǦȞǏǨĽŇǑŘŠŤǓŽ", "acdeghijklnorstuzACDEGHIKLNORSTUZ"),
];

/// Unicode subscripts and the characters they stand for.
pub const SUBSCRIPTS: (&str, &str) = ("₀₁₂₃₄₅₆₇₈₉₊₋₌ₐₑₒₓₕₖₗₘₙₚₛₜᵢⱼᵣᵤᵥ", "0123456789+-=aeoxhklmnpstijruv");

/// Unicode superscripts and the characters they stand for.
const SUPERSCRIPTS: (&str, &str) = ("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺ᵀᵈᵏᵐⁿᵖˣᴰᴷᴹᴺᴾᴸ", "0123456789-+TdkmnpxDKMNPL");

fn lookup(table: (&str, &str), c: char) -> Option<char> {
    if c.is_ascii() {
        return None; // the tables hold none, and most texts nothing else
    }
    table.0.chars().position(|d| d == c).and_then(|i| table.1.chars().nth(i))
}

/// `2` for `₂`.
pub fn subscript(c: char) -> Option<char> {
    lookup(SUBSCRIPTS, c)
}

/// `2` for `²`.
pub fn superscript(c: char) -> Option<char> {
    lookup(SUPERSCRIPTS, c)
}

/// `i` for `ⁱ`: letters that stand above in brackets alone, `x⁽ⁱ⁾`.
pub(super) fn raised_letter(c: char) -> Option<char> {
    lookup(("ⁱʲˡᵗˢ", "ijlts"), c)
}

/// The accent a combining character sets.
pub(super) fn combining(c: char) -> Option<&'static str> {
    // the overline is set as a bar too
    let c = if c == '\u{305}' { '\u{304}' } else { c };
    ACCENTS.iter().find(|(_, mark, ..)| *mark == c).map(|(word, ..)| *word)
}

/// Letters of names: Latin, Greek, and mathematical letters, which are folded to those.
pub(super) fn is_letter(c: char) -> bool {
    match c {
        'a'..='z' | 'A'..='Z' => true,
        '\u{aa}' | '\u{ba}' => false,
        '\u{b5}' | '\u{c0}'..='\u{24f}' | '\u{370}'..='\u{3ff}' | '\u{1e00}'..='\u{1eff}' => c.is_alphabetic(),
        'ℓ' | 'ℝ' | '\u{2126}' => true,
        _ => mathematical(c).is_some() || lookup(LETTERLIKE, c).is_some(),
    }
}

/// A letter that is a symbol of its own, as in 𝐱ᵀ𝐀𝐱.
pub(super) fn is_mathematical(c: char) -> bool {
    mathematical(c).is_some()
}

/// A letter in script or fraktur, 𝒟.
pub(super) fn is_script(c: char) -> bool {
    matches!(u32::from(c), 0x1d49c..=0x1d537 | 0x1d56c..=0x1d59f) || "ℬℰℱℋℐℒℳℛ".contains(c)
}

/// True for the words of accents, which plain names carry as subscripts: `y_hat`.
pub(super) fn is_accent(word: &str) -> bool {
    ACCENTS.iter().any(|(accent, ..)| *accent == word)
}

/// Words of the signs that names wear: `x^\star`, `h'`, `P^-`.
const SIGNS: &[&str] = &["star", "prime", "plus", "minus", "circ", "script"];

/// True for what a letter wears, which is no list of indices.
pub(super) fn is_mark(word: &str) -> bool {
    is_accent(word) || SIGNS.contains(&word)
}

/// Script and italic letters that Unicode has outside that block.
const LETTERLIKE: (&str, &str) = ("ℎℬℰℱℋℐℒℳℛℯℊℴ", "hBEFHILMRego");

/// The ordinary letter of a bold, italic, script, … one of the block U+1D400.
fn mathematical(c: char) -> Option<char> {
    const GREEK_ROW: &str = "ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΘΣΤΥΦΧΨΩ∇αβγδεζηθικλμνξοπρςστυφχψω∂εθκφρπ";
    match u32::from(c) {
        code @ 0x1d400..=0x1d6a3 => {
            let i = (code - 0x1d400) % 52;
            char::from_u32(if i < 26 { 0x41 + i } else { 0x61 + i - 26 })
        }
        code @ 0x1d6a8..=0x1d7c9 => GREEK_ROW.chars().nth(((code - 0x1d6a8) % 58) as usize),
        _ => None,
    }
    .filter(|c| c.is_alphabetic())
}

/// Variants of one letter become that letter.
fn fold(c: char) -> char {
    match c {
        'µ' => 'μ',
        'ϕ' => 'φ',
        'ϵ' => 'ε',
        'ϑ' => 'θ',
        'ϱ' => 'ρ',
        'ϖ' => 'π',
        '\u{2126}' => 'Ω',
        _ => mathematical(c).or_else(|| lookup(LETTERLIKE, c)).unwrap_or(c),
    }
}

/// A letter in its accent and the letter below it: `('y', "hat")` for `ŷ`.
fn decompose(c: char) -> Option<(char, &'static str)> {
    ACCENTS.iter().find_map(|(word, _, composed, plain)| lookup((composed, plain), c).map(|base| (base, *word)))
}

/// A name in its parts, as it is being read: the letters, then accents and subscripts in their order.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct NameBuilder {
    pub base: String,
    pub marks: Vec<String>,
}

impl NameBuilder {
    pub fn new(base: impl Into<String>) -> NameBuilder {
        NameBuilder { base: base.into(), marks: Vec::new() }
    }

    /// Letters and digits as typed, with their accents: `ŷ`, `W1`, `lambda`, `x̃`.
    pub fn of_word(word: &str) -> NameBuilder {
        let mut parts = NameBuilder::default();
        for c in word.chars() {
            if let Some(accent) = combining(c) {
                parts.marks.push(accent.to_string());
            } else if let Some((base, accent)) = decompose(c) {
                parts.base.push(base);
                parts.marks.push(accent.to_string());
            } else {
                parts.base.push(fold(c));
            }
        }
        parts.lower_digits();
        parts
    }

    /// `W1` is W with the subscript 1.
    fn lower_digits(&mut self) {
        let letters = self.base.trim_end_matches(|c: char| c.is_ascii_digit()).len();
        let has_other_digits = self.base[..letters].bytes().any(|b| b.is_ascii_digit());
        if letters > 0 && letters < self.base.len() && !has_other_digits {
            let digits = self.base.split_off(letters);
            self.marks.push(digits);
        }
    }

    pub fn mark(mut self, mark: impl Into<String>) -> NameBuilder {
        self.marks.push(mark.into());
        self
    }

    /// With an accent, which the letter wears and no subscript: `\hat{y_k}` is ŷ at k.
    pub fn accented(mut self, accent: &str) -> NameBuilder {
        let worn = self.marks.iter().take_while(|mark| is_accent(mark)).count();
        self.marks.insert(worn, accent.into());
        self
    }

    /// The plain spelling.
    pub fn name(&self) -> Name {
        let mut text = greek_or_same(&self.base);
        for mark in &self.marks {
            text.push('_');
            text.push_str(&greek_or_same(mark));
        }
        Name::new(&text)
    }
}

fn greek_or_same(word: &str) -> String {
    greek(word).map_or_else(|| word.to_string(), String::from)
}

/// The plain spelling of a word as typed, its subscripts given apart; words that spell a built-in stay as they are.
pub(super) fn canonical(word: &str, subscripts: &[String]) -> Name {
    let mut typed = word.to_owned();
    subscripts.iter().for_each(|s| typed.extend(["_", s]));
    if functions::signature(&typed).is_some() {
        return Name::new(&typed);
    }
    let mut parts = NameBuilder::of_word(word);
    parts.marks.extend(subscripts.iter().cloned());
    parts.name()
}

/// The name with a prime, `h'`.
pub(super) fn primed(name: &Name) -> Name {
    worn(name, "prime")
}

/// The name with a mark that its letter wears, behind its accents: `h_i'` is h' at i.
pub(super) fn worn(name: &Name, mark: &str) -> Name {
    let mut parts: Vec<String> = name.as_str().split('_').map(str::to_owned).collect();
    let word = parts.remove(0);
    let accents = parts.iter().take_while(|part| is_accent(part)).count();
    parts.insert(accents, mark.to_owned());
    canonical(&word, &parts)
}

/// The command of a Greek letter, `\theta`; any other text as it is.
pub(super) fn command(text: &str) -> String {
    let letter = GREEK.iter().find(|(_, letter)| text.chars().eq([*letter]));
    letter.map_or_else(|| text.to_owned(), |(spelling, _)| format!("\\{spelling}"))
}

/// A name from its plain spelling, `W_1`.
pub(super) fn canonical_text(text: &str) -> Name {
    let (word, subscript) = text.split_once('_').map_or((text, None), |(w, s)| (w, Some(s.to_string())));
    canonical(word, &subscript.into_iter().collect::<Vec<_>>())
}

/// `\dot x`, `\ddot x`, `x'`: how fast x changes.
pub(super) fn is_rate(name: &Name) -> bool {
    name.as_str().split('_').nth(1).is_some_and(|mark| matches!(mark, "dot" | "ddot" | "prime"))
}

/// The name's letters and its subscript, `("I", "n")` for `I_n`.
pub(super) fn split(name: &Name) -> (&str, Option<&str>) {
    match name.as_str().split_once('_') {
        Some((base, subscript)) if !base.is_empty() => (base, Some(subscript)),
        Some(_) | None => (name.as_str(), None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(word: &str, name: &str) {
        assert_eq!(canonical(word, &[]).as_str(), name, "{word}");
    }

    #[test]
    fn plain_spellings() {
        check("lambda", "λ");
        check("W1", "W_1");
        check("W12", "W_12");
        check("alpha1", "α_1");
        check("h2o", "h2o");
        check("ŷ", "y_hat");
        check("x\u{303}", "x_tilde");
        check("norm1", "norm1");
        check("ŷ1", "y_hat_1");
        check("𝐱", "x");
        check("𝛍", "μ");
    }

    #[test]
    fn subscripts_are_kept() {
        assert_eq!(canonical("x", &["Paris".into()]).as_str(), "x_Paris");
        assert_eq!(canonical("h", &["t-1".into()]).as_str(), "h_t-1");
        assert_eq!(canonical("x", &["alpha".into()]).as_str(), "x_α");
        assert_eq!(canonical("log", &["softmax".into()]).as_str(), "log_softmax");
    }

    #[test]
    fn accent_tables_pair_up() {
        for (word, _, composed, plain) in ACCENTS {
            assert_eq!(composed.chars().count(), plain.chars().count(), "{word}");
        }
        for table in [SUBSCRIPTS, SUPERSCRIPTS] {
            assert_eq!(table.0.chars().count(), table.1.chars().count());
        }
    }
}
