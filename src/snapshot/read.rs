//! The results of a derivation back from the text of its snapshot.

/// What a snapshot says: its definitions and its results, as written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Read {
    /// `z = W x + b`, in order.
    pub definitions: Vec<(String, String)>,
    /// `∂s/∂W = δ xᵀ`, with what stands before the sign of equality.
    pub results: Vec<(String, String)>,
}

/// Reads the equations of a snapshot; of one with steps, those of its result.
pub fn read(text: &str) -> Read {
    let mut read = Read::default();
    let result = text.rfind("\nResult\n").map_or(text, |at| &text[at..]);
    for (left, right) in result.lines().filter_map(equation) {
        let list = if left.starts_with(['∂', 'd']) && left.contains('/') {
            &mut read.results
        } else {
            &mut read.definitions
        };
        list.push((left.to_owned(), right.to_owned()));
    }
    read
}

/// `left = right    shape` without the shape, which follows at least four spaces.
fn equation(line: &str) -> Option<(&str, &str)> {
    let (left, rest) = line.split_once(" = ")?;
    let right = rest.rfind("    ").map_or(rest, |at| &rest[..at]);
    let (left, right) = (left.trim(), right.trim());
    (!line.starts_with(' ') && !left.is_empty() && !right.is_empty()).then_some((left, right))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equations_are_read_and_nothing_else() {
        let text = "Forward pass\n  (1) z = W x    n\n\nResult\nz = W x + b          n\nδ = u ∘ f'(z)        n\n\n\
            ∂s/∂W            = δ xᵀ              n×m\n∂s/∂x (Jacobian) = uᵀ diag(f'(z)) W  1×m\n\n✓ agrees = no equation\n";
        let read = read(text);
        let pair = |(a, b): (&str, &str)| (a.to_owned(), b.to_owned());
        assert_eq!(read.definitions[..2], [("z", "W x + b"), ("δ", "u ∘ f'(z)")].map(pair));
        assert_eq!(read.results[0], pair(("∂s/∂W", "δ xᵀ")));
    }
}
