//! Moves that no statement with letters can hold: the sweep's own, arithmetic of numbers, and operators with sizes inside.
//! The engine and the sweep carry them out in Rust; here stands what they mean.

use super::{Rule, Topic};

const fn rule(name: &'static str, statement: &'static str, why: &'static str) -> Rule {
    Rule {
        name,
        topic: Topic::Structure,
        statement,
        given: "",
        why,
        source: "Magnus & Neudecker ch. 5 (chain rule); Griewank & Walther (reverse sweep)",
        ..Rule::UNPLACED
    }
}

pub const RULES: &[Rule] = &[
    rule("chain_rule", "∂s/∂x = ∂s/∂y ∂y/∂x", "Jacobians multiply, the outermost stands on the left"),
    rule("read_jacobian", "dy = J dx gives ∂y/∂x = J", "what stands before dx is the Jacobian"),
    rule("fan_out", "∂s/∂x = Σ over the uses of x", "what arrives along each path adds up"),
    rule("name_delta", "δ := ∂s/∂z", "an error signal that is used more than once is computed once and gets a name"),
    rule(
        "name_jacobian",
        "H := ∂δ/∂z",
        "a Jacobian that has grown long, or that several others are made of, is computed once and gets a name",
    ),
    rule(
        "reshape_vector",
        "∂s/∂x as a column = (∂s/∂x as a row)ᵀ",
        "the gradient has the shape of x: the row of the Jacobian form stands up",
    ),
    rule(
        "reshape_matrix",
        "∂s/∂X as n×m = unvec((∂s/∂X as 1×nm)ᵀ, n, m)",
        "the gradient has the shape of X: the row of the Jacobian form is folded back, column by column",
    ),
    rule(
        "fold",
        "unvec((r (B ⊗ A))ᵀ, n, m) = Aᵀ unvec(rᵀ, k, p) B",
        "factor by factor from the right: r (B ⊗ A) folds to Aᵀ R B, where the row r folds to R; K transposes; diag(v) multiplies entry by entry",
    ),
    rule(
        "compare_forms",
        "∂s/∂X as n×m, from the Jacobian form = from the shape convention",
        "no short proof by rules was found; both have the same entries at every point of the check",
    ),
    rule("use_name", "σ(z) ∘ (1 - σ(z)) = h ∘ (1 - h) for h = σ(z)", "the term has a name already"),
    rule("use_delta", "u ∘ f'(z) = δ", "the error signal has a name already"),
    rule(
        "regroup",
        "(A + B) + C = A + B + C; A (2 B) = 2 A B",
        "sums and products may be grouped as one likes, scalars stand in front",
    ),
    rule("arithmetic", "2 · 3 = 6; 0 A = 0; 1 A = A", "arithmetic of numbers"),
    rule("collect", "k A + l A = (k + l) A", "like terms add up"),
    rule("powers", "A^p ∘ A^q = A^(p + q)", "equal factors gather in one power, and cancel where it is the 0th"),
    rule("factor_number", "2 A + 2 B = 2 (A + B)", "a common number comes out"),
    rule("factor_power", "A / t - B / t^2 = (A - B / t) / t", "the lowest power of a common factor comes out"),
    rule(
        "factor_rows",
        "diag(a .* t) X + diag(b .* t.^2) Y = diag(t) (diag(a) X + diag(b .* t) Y)",
        "the lowest power of a common scaling of rows, or of columns, comes out",
    ),
    rule(
        "cancel",
        "A B / (A C) = B / C; 1/A - B/(A C) = (C - B)/(A C)",
        "over one denominator, what stands above and below the line cancels",
    ),
    rule(
        "distribute",
        "C .* (A + B) = C .* A + C .* B",
        "distributive law: a factor of a sum is a factor of each of its terms",
    ),
    rule("unit", "e_i .* a = (e_i^T a) e_i", "the unit vector picks entry i"),
    rule("sign", "-(A - B) = B - A", "a minus sign turns every sign inside"),
    rule(
        "scaled_beside",
        "B .* C - diag(a) B = B .* (C - a 1^T)",
        "a diagonal matrix on the left scales row i by its i-th entry, as an elementwise factor with equal columns does",
    ),
    rule("matrix_power", "A A^k = A^(k + 1)", "equal factors beside each other are a power"),
    rule("condense", "A A A + A A A = 2 A^3", "equal factors beside each other are a power, equal terms add up"),
    rule(
        "outer_product",
        "(a^T x) b = (b a^T) x",
        "a row times a column is a scalar, and a scalar may stand on the right",
    ),
    rule("definition", "z = W x + b", "a name stands for its definition"),
    rule("power_as_product", "A^3 = A A A; (a + b)^2 = (a + b) (a + b)", "a power is a repeated product"),
    rule("power_of_product", "(A ∘ B)^k = A^k ∘ B^k", "a whole power of a product is the product of the powers"),
    rule("scalar_outside", "tr(k A) = k tr(A); (k A)⁻¹ = k⁻¹ A⁻¹", "a scalar factor comes out"),
    rule("ones_as_product", "ones(n, m) = ones(n) ones(m)ᵀ", "every entry is 1 · 1"),
    rule(
        "blocks",
        "[A, B] [C; D] = A C + B D; [A; B]ᵀ = [Aᵀ, Bᵀ]; [A; B] + [C; D] = [A + C; B + D]",
        "block matrices are added, multiplied and transposed block by block",
    ),
    rule("dot_product", "aᵀ b = Σᵢ aᵢ bᵢ", "the dot product is the sum of entrywise products"),
    rule("trace_cycle", "tr(A B) = tr(B A); tr(Aᵀ) = tr(A)", "the factors of a trace may go round, and be transposed"),
    rule("turn_scalar", "aᵀ A b = bᵀ Aᵀ a", "a scalar is its own transpose"),
    rule("exp_of_zero", "exp(0) = 1", "e⁰ = 1"),
    rule("one_denominator", "1/A · 1/B = 1/(A B)", "denominators multiply"),
    rule("d_block", "d([A; B]) = [d(A); d(B)]", "stacking only places entries"),
    rule("d_slice", "d(A[i..j, k..l]) = d(A)[i..j, k..l]", "cutting out only selects entries"),
    rule("d_unvec", "d(unvec(a, n, m)) = unvec(d(a), n, m)", "reshaping only places entries"),
    rule(
        "pullback_block",
        "⟨G, [A; B]⟩ = ⟨top of G, A⟩ + ⟨bottom of G, B⟩",
        "each part of a stack feels its own part of the cotangent",
    ),
    rule(
        "pullback_slice",
        "⟨G, A[i..j]⟩ = ⟨[0; G; 0], A⟩; ⟨g, a[i..i]⟩ = ⟨g e_i, a⟩",
        "entries outside the slice feel nothing",
    ),
    rule("entries", "a e_1 + b e_3 = [a; 0; b]", "every entry is known"),
    rule(
        "vec_block",
        "vec([A, B]) = [vec(A); vec(B)]; vec([A; B]) = (I ⊗ [I; 0]) vec(A) + (I ⊗ [0; I]) vec(B)",
        "columns of the identity bring each block to its place among zeros",
    ),
    rule(
        "vec_slice",
        "vec(A[i..j, k..l]) = (I[1..m, k..l]ᵀ ⊗ I[1..n, i..j]ᵀ) vec(A)",
        "rows of the identity pick rows from the left, and columns from the right",
    ),
    rule("pullback_unvec", "⟨G, unvec(a)⟩ = ⟨vec(G), a⟩", "reshaping back"),
];
