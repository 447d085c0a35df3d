//! Colours of a terminal: what is derived, what the check says, and quietly the rules of steps.

use std::io::IsTerminal;

const STRONG: &str = "1";
const QUIET: &str = "2";
const RED: &str = "31";
const GREEN: &str = "32";
const YELLOW: &str = "33";
const CYAN: &str = "36";

/// Whether a stream is a terminal that shows colours, and whose user wants them (<https://no-color.org>).
pub fn wanted(stream: &impl IsTerminal) -> bool {
    let set = |name: &str| std::env::var_os(name).filter(|v| !v.is_empty());
    stream.is_terminal() && set("NO_COLOR").is_none() && set("TERM").is_none_or(|term| term != "dumb")
}

fn paint(code: &str, text: &str) -> String {
    format!("\x1b[{code}m{text}\x1b[0m")
}

/// A page of plain text.
pub fn page(text: &str) -> String {
    let (mut in_reason, mut out) = (false, String::new());
    for line in text.lines() {
        in_reason = is_rule(line) || in_reason && line.starts_with("          ");
        out.push_str(&if in_reason { paint(QUIET, line) } else { self::line(line) });
        out.push('\n');
    }
    out
}

fn line(line: &str) -> String {
    let derivative = line.find('∂').filter(|at| line[*at..].contains(" = "));
    match derivative {
        Some(at) => format!("{}{}", &line[..at], paint(CYAN, &line[at..])),
        None if line.starts_with('✓') => paint(GREEN, line),
        None if line.starts_with('✗') => paint(RED, line),
        None if line.starts_with("warning:") => paint(YELLOW, line),
        None if is_heading(line) => paint(STRONG, line),
        None => line.to_owned(),
    }
}

/// `        d_mul: product rule: …`, below a step.
fn is_rule(line: &str) -> bool {
    let Some(text) = line.strip_prefix("        ") else { return false };
    let name = text.split(':').next().unwrap_or_default();
    !name.is_empty() && name.chars().all(|c| c.is_ascii_lowercase() || c == '_')
}

fn is_heading(line: &str) -> bool {
    ["Forward pass", "Result"].contains(&line) || line.starts_with("Backward ")
}

/// Errors with their excerpts: what is wrong stands out.
pub fn errors(text: &str) -> String {
    let line = |line: &str| match line.strip_prefix("error: ") {
        Some(message) => format!("{} {}", paint(RED, "error:"), paint(STRONG, message)),
        None => line.to_owned(),
    };
    text.lines().map(|l| line(l) + "\n").collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_has_its_results_in_colour_and_its_rules_quiet() {
        let text = "Result\n    = uᵀ dh\n        d_mul: product rule: let one factor move\n          at a time\n    so ∂s/∂h = u    n\n✓ agrees\n";
        let lines: Vec<String> = page(text).lines().map(str::to_owned).collect();
        assert_eq!(lines[0], "\x1b[1mResult\x1b[0m");
        assert_eq!(lines[1], "    = uᵀ dh");
        assert!(lines[2].starts_with("\x1b[2m") && lines[3].starts_with("\x1b[2m"), "{lines:?}");
        assert_eq!(lines[4], "    so \x1b[36m∂s/∂h = u    n\x1b[0m");
        assert_eq!(lines[5], "\x1b[32m✓ agrees\x1b[0m");
        assert_eq!(errors("error: no (name)\n  here\n"), "\x1b[31merror:\x1b[0m \x1b[1mno (name)\x1b[0m\n  here\n");
    }
}
