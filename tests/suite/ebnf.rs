//! Reads the grammar and writes random sentences of it.

use std::collections::BTreeMap;

/// A deterministic source of choices (splitmix64).
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Random {
        Random(seed)
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, n: usize) -> usize {
        (self.next() % n as u64) as usize
    }
}

#[derive(Clone, Debug)]
enum Part {
    Text(String),
    Rule(String),
    Sequence(Vec<Part>),
    Choice(Vec<Part>),
    Optional(Box<Part>),
    Repeated(Box<Part>),
}

/// A grammar in the notation of ISO 14977.
pub struct Grammar {
    rules: BTreeMap<String, Part>,
    /// The least number of rules that must be entered to finish each rule.
    least: BTreeMap<String, usize>,
}

impl Grammar {
    pub fn read(text: &str) -> Grammar {
        let mut reader = Reader { words: words(text), at: 0 };
        let mut rules = BTreeMap::new();
        while reader.at < reader.words.len() {
            let name = reader.next();
            assert_eq!(reader.next(), "=", "after {name}");
            let body = reader.choice();
            assert_eq!(reader.next(), ";", "at the end of {name}");
            assert!(rules.insert(name.clone(), body).is_none(), "{name} is defined twice");
        }
        let mut grammar = Grammar { rules, least: BTreeMap::new() };
        grammar.measure();
        grammar
    }

    /// Rules that are mentioned and not defined, or defined and never mentioned except as a root.
    pub fn loose_ends(&self, roots: &[&str]) -> Vec<String> {
        let mut used: Vec<String> = roots.iter().map(|r| r.to_string()).collect();
        self.rules.values().for_each(|part| mentions(part, &mut used));
        let undefined = used.iter().filter(|name| !self.rules.contains_key(*name)).cloned();
        let unused = self.rules.keys().filter(|name| !used.contains(name)).cloned();
        undefined.chain(unused).collect()
    }

    /// The texts a rule is made of, those of the rules it names aside.
    pub fn texts(&self, rule: &str) -> Vec<String> {
        let mut found = vec![];
        texts(&self.rules[rule], &mut found);
        found
    }

    fn measure(&mut self) {
        loop {
            let mut changed = false;
            for (name, part) in &self.rules {
                let Some(depth) = self.depth(part) else { continue };
                if self.least.get(name).is_none_or(|old| depth + 1 < *old) {
                    self.least.insert(name.clone(), depth + 1);
                    changed = true;
                }
            }
            if !changed {
                return;
            }
        }
    }

    fn depth(&self, part: &Part) -> Option<usize> {
        match part {
            Part::Text(_) | Part::Optional(_) | Part::Repeated(_) => Some(0),
            Part::Rule(name) => self.least.get(name).copied(),
            Part::Sequence(parts) => parts.iter().map(|p| self.depth(p)).try_fold(0, |max, d| Some(max.max(d?))),
            Part::Choice(parts) => parts.iter().filter_map(|p| self.depth(p)).min(),
        }
    }

    /// A sentence of the rule: at most about `depth` rules deep.
    pub fn sentence(&self, rule: &str, depth: usize, random: &mut Random) -> String {
        let mut out = String::new();
        self.write(&Part::Rule(rule.to_string()), depth, false, random, &mut out);
        out
    }

    fn write(&self, part: &Part, depth: usize, lexical: bool, random: &mut Random, out: &mut String) {
        match part {
            Part::Text(text) => {
                if !lexical && !out.is_empty() {
                    out.push(' ');
                }
                out.push_str(text);
            }
            Part::Rule(name) => {
                let word = name.bytes().all(|b| b.is_ascii_uppercase() || b == b'_');
                if word && !lexical && !out.is_empty() {
                    out.push(' ');
                }
                self.write(&self.rules[name], depth.saturating_sub(1), word, random, out);
            }
            Part::Sequence(parts) => parts.iter().for_each(|p| self.write(p, depth, lexical, random, out)),
            Part::Choice(parts) => {
                let chosen = self.choose(parts, depth, random);
                self.write(chosen, depth, lexical, random, out);
            }
            Part::Optional(inner) if self.affords(inner, depth) && random.below(2) == 0 => {
                self.write(inner, depth, lexical, random, out);
            }
            Part::Repeated(inner) if self.affords(inner, depth) => {
                for _ in 0..[0, 0, 0, 1, 1, 2][random.below(6)] {
                    self.write(inner, depth, lexical, random, out);
                }
            }
            Part::Optional(_) | Part::Repeated(_) => {}
        }
    }

    fn affords(&self, part: &Part, depth: usize) -> bool {
        self.depth(part).is_some_and(|d| d <= depth)
    }

    /// Any alternative that fits into the depth left, or else the one that needs least.
    fn choose<'a>(&self, parts: &'a [Part], depth: usize, random: &mut Random) -> &'a Part {
        let fitting: Vec<&Part> = parts.iter().filter(|p| self.affords(p, depth)).collect();
        if fitting.is_empty() {
            return parts
                .iter()
                .min_by_key(|p| self.depth(p).unwrap_or(usize::MAX))
                .expect("a choice has alternatives");
        }
        fitting[random.below(fitting.len())]
    }
}

fn texts(part: &Part, found: &mut Vec<String>) {
    match part {
        Part::Text(text) => found.push(text.clone()),
        Part::Rule(_) => {}
        Part::Sequence(parts) | Part::Choice(parts) => parts.iter().for_each(|p| texts(p, found)),
        Part::Optional(inner) | Part::Repeated(inner) => texts(inner, found),
    }
}

fn mentions(part: &Part, used: &mut Vec<String>) {
    match part {
        Part::Text(_) => {}
        Part::Rule(name) => used.push(name.clone()),
        Part::Sequence(parts) | Part::Choice(parts) => parts.iter().for_each(|p| mentions(p, used)),
        Part::Optional(inner) | Part::Repeated(inner) => mentions(inner, used),
    }
}

/// Names, signs, and quoted texts (with their quotes); comments dropped.
fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut rest = text.trim_start();
    while let Some(c) = rest.chars().next() {
        let length = if rest.starts_with("(*") {
            let end = rest.find("*)").expect("a comment ends") + 2;
            rest = rest[end..].trim_start();
            continue;
        } else if c == '"' {
            rest[1..].find('"').expect("a text ends") + 2
        } else {
            rest.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '-')).unwrap_or(rest.len()).max(1)
        };
        words.push(rest[..length].to_string());
        rest = rest[length..].trim_start();
    }
    words
}

struct Reader {
    words: Vec<String>,
    at: usize,
}

impl Reader {
    fn peek(&self) -> &str {
        self.words.get(self.at).map_or("", String::as_str)
    }

    fn next(&mut self) -> String {
        self.at += 1;
        self.words[self.at - 1].clone()
    }

    fn choice(&mut self) -> Part {
        let mut parts = vec![self.sequence()];
        while self.peek() == "|" {
            self.at += 1;
            parts.push(self.sequence());
        }
        if parts.len() == 1 { parts.remove(0) } else { Part::Choice(parts) }
    }

    fn sequence(&mut self) -> Part {
        let mut parts = vec![self.part()];
        while self.peek() == "," {
            self.at += 1;
            parts.push(self.part());
        }
        Part::Sequence(parts)
    }

    fn part(&mut self) -> Part {
        let word = self.next();
        let inner = |reader: &mut Reader, close: &str| {
            let inner = reader.choice();
            assert_eq!(reader.next(), close);
            inner
        };
        match word.as_str() {
            "[" => Part::Optional(Box::new(inner(self, "]"))),
            "{" => Part::Repeated(Box::new(inner(self, "}"))),
            "(" => inner(self, ")"),
            text if text.starts_with('"') => Part::Text(text.trim_matches('"').to_string()),
            _ => Part::Rule(word),
        }
    }
}
