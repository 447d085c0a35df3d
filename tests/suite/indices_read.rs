//! Sums, families, entries and expectations: text in, elaborated text out.

use crate::shape::{read, refused};
use gradus::internals::diag::Kind;
use gradus::internals::expr::Index;
use gradus::internals::program::Program;

fn plate(indices: Option<&Vec<Index>>) -> String {
    let range = |i: &Index| format!("{} = {}..{}", i.letter, i.first, i.last);
    indices.map_or(String::new(), |over| format!(" over {}", over.iter().map(range).collect::<Vec<_>>().join(", ")))
}

fn lines(program: &Program) -> String {
    let inputs =
        program.inputs.iter().map(|i| format!("{}: {}{}", i.name, i.shape, plate(program.plates.get(&i.name))));
    let definitions = program
        .definitions
        .iter()
        .map(|d| format!("{}: {}{} := {:?}", d.name, d.value.shape(), plate(program.plates.get(&d.name)), d.value));
    inputs.chain(definitions).collect::<Vec<_>>().join("\n")
}

#[track_caller]
fn check(text: &str, expected: &[&str]) {
    let program = read(text).unwrap_or_else(|errors| panic!("{text}: {errors:?}"));
    assert_eq!(lines(&program), expected.join("\n"), "{text}");
}

/// Several texts that mean one thing.
#[track_caller]
fn alike(texts: &[&str]) {
    let all: Vec<String> = texts.iter().map(|t| read(t).map_or_else(|e| format!("{e:?}"), |p| lines(&p))).collect();
    for (text, found) in texts.iter().zip(&all) {
        assert_eq!(*found, all[0], "{text}");
    }
}

#[test]
fn a_sum_over_data_has_families_of_scalars_and_of_vectors() {
    check(
        r"L(\mathbf w) = \sum_{i=1}^{n} \left( y_i - \mathbf w^\top \mathbf x_i \right)^2",
        &[
            "y: scalar over i = 1..n",
            "w: m",
            "x: m over i = 1..n",
            "L: scalar := Sum_{i} (Pow (Add y_{i} (Had -1 (Mul (Transpose w) x_{i}))) 2)",
        ],
    );
}

#[test]
fn a_sum_is_written_in_many_ways() {
    alike(&[
        "s = sum(i = 1..n, a_i x_i)",
        r"s = \sum_{i=1}^{n} a_i x_i",
        r"s = \sum_{i=1}^n a_i x_i",
        r"s = \sum\limits_{i = 1}^{n} a_i x_i",
        r"s = \sum_{1 \le i \le n} a_i x_i",
        r"s = \sum_{i = 1, \dots, n} a_i x_i",
        r"s = \sum_{i=1}^n a^{(i)} x^{(i)}",
        "s = sum_{i=1}^n a_i x_i",
        "s = sum_(i=1)^n a_i x_i",
        "s = sum_(i=1)^(n) a_i x_i",
        "s = sum_i=1^n a_i x_i",
        "s = Σ_i=1^n a_i x_i",
        "s = ∑_{i=1}^n a_i x_i",
        "s = Σ_{i=1}^n a_i x_i",
    ]);
    alike(&["s = sum(i, a_i x_i)", r"s = \sum_i a_i x_i", "s = Σ_i a_i x_i", "s = Σᵢ aᵢ xᵢ"]);
    alike(&[r"\sum_{i,j} A_{ij} x_i y_j", r"\sum_{ij} A_{i,j} x_i y_j", "sum(i, j, A_ij x_i y_j)"]);
}

#[test]
fn an_index_without_a_range_has_that_of_what_it_indexes() {
    check(
        r"\sum_i x_i^\top A x_i + \sum_{j=1}^{N} \|x_j\|^2",
        &[
            "x: n over i = 1..N",
            "A: n×n",
            ": scalar := (Add Sum_{i} (Mul (Transpose x_{i}) A x_{i}) Sum_{j} (Builtin(NormSquared) x_{j}))",
        ],
    );
}

#[test]
fn offsets_widen_the_range_of_a_family() {
    check(
        r"\sum_{t=1}^{T-1} \left\| x_{t+1} - A x_t - B u_t \right\|^2",
        &[
            "x: n over t = 1..T",
            "A: n×n",
            "B: n×m",
            "u: m over t = 1..T - 1",
            ": scalar := Sum_{t} (Builtin(NormSquared) (Add x_{t+1} (Had -1 (Mul A x_{t})) (Had -1 (Mul B u_{t}))))",
        ],
    );
}

#[test]
fn a_later_term_with_the_index_belongs_to_the_sum() {
    alike(&[r"L = -\sum_i y_i a_i + (1 - y_i) b_i", r"L = -\sum_i (y_i a_i + (1 - y_i) b_i)"]);
    alike(&[r"L = \sum_i y_i a_i + c \sum_i a_i", r"L = (\sum_i y_i a_i) + c \sum_i a_i"]);
}

#[test]
fn definitions_have_free_indices() {
    check(
        "p_i = sigmoid(w^T x_i + b)\nL = sum(i = 1..n, y_i log(p_i))",
        &[
            "w: m",
            "x: m over i = 1..n",
            "b: scalar",
            "y: scalar over i = 1..n",
            "p: scalar over i = 1..n := (Map(Map { function: Builtin(Sigmoid), order: 0 }) (Add b (Mul (Transpose w) x_{i})))",
            "L: scalar := Sum_{i} (Had y_{i} (Map(Map { function: Builtin(Log), order: 0 }) p_{i}))",
        ],
    );
}

#[test]
fn a_defined_family_stands_whole_as_the_array_of_its_members() {
    check(
        r"K_{ij} = \exp(-\| x_i - x_j \|^2) + \nu \delta_{ij} \\ L = y^\top K^{-1} y",
        &[
            "x: m over i = 1..n",
            "ν: scalar",
            "y: n",
            "K: scalar over i = 1..n, j = 1..n := (Add (Had ν Sum_{, i = j} 1) (Map(Map { function: Builtin(Exp), order: 0 }) (Had -1 (Builtin(NormSquared) (Add x_{i} (Had -1 x_{j}))))))",
            "L: scalar := (Mul (Transpose y) (Inverse [K_{i,j}]_{i,j}) y)",
        ],
    );
}

#[test]
fn an_array_that_stands_whole_has_entries() {
    check(
        r"f = \tfrac12 x^\top A x + \sum_{i=1}^{n} x_i^4 + \sum_{i} (A x)_i",
        &[
            "x: scalar over i = 1..n",
            "A: n×n",
            "f: scalar := (Add Sum_{i} ((Mul A x))_{i} Sum_{i} (Pow x_{i} 4) (Had 1/2 (Mul (Transpose x) A x)))",
        ],
    );
}

#[test]
fn a_set_is_a_mask() {
    check(
        r"\frac{1}{|B|} \sum_{i \in B} \left( y_i - w^\top x_i \right)^2",
        &[
            "B: scalar over i = 1..n",
            "y: scalar over i = 1..n",
            "w: m",
            "x: m over i = 1..n",
            ": scalar := (Had Sum_{i} (Had B_{i} (Pow (Add y_{i} (Had -1 (Mul (Transpose w) x_{i}))) 2)) (Pow Sum_{i} B_{i} -1))",
        ],
    );
}

#[test]
fn conditions_and_brackets_of_indices() {
    check(
        r"s = \sum_{i,j} [i \neq j]\, A_{ij}^2 + \sum_{i<j} A_{ij}",
        &[
            "A: scalar over i = 1..n, j = 1..m",
            "s: scalar := (Add Sum_{i,j} (Had Sum_{, i ≠ j} 1 (Pow A_{i,j} 2)) Sum_{i,j, i < j} A_{i,j})",
        ],
    );
}

#[test]
fn maxima_means_and_expectations() {
    check(
        r"\max_i \| x_i - c \|",
        &[
            "x: m over i = 1..n",
            "c: m",
            ": scalar := Maximum_{i} (Pow (Builtin(NormSquared) (Add x_{i} (Had -1 c))) 1/2)",
        ],
    );
    check(
        r"V(w) = \mathbb{E}_x\left[ (w^\top x)^2 \right]",
        &["w: m", "x: m over ω = 1..n", "V: scalar := Expectation_{ω} (Pow (Mul (Transpose w) x_{ω}) 2)"],
    );
}

#[test]
fn an_index_is_a_number_and_a_letter_may_be_a_variable_outside() {
    check(
        r"f = k^\top a + \sum_{k=1}^{m} k a_k^2",
        &["a: scalar over k = 1..m", "k: m", "f: scalar := (Add Sum_{k} (Had k (Pow a_{k} 2)) (Mul (Transpose k) a))"],
    );
}

#[test]
fn subscripts_that_nothing_binds_are_part_of_the_name() {
    check(
        r"L = -u_c^\top v + \log \sum_{j=1}^{V} \exp\left( u_j^\top v \right)",
        &[
            "u: n over j = 1..V",
            "v: n",
            "u_c: n",
            "L: scalar := (Add (Had -1 (Mul (Transpose u_c) v)) (Map(Map { function: Builtin(Log), order: 0 }) Sum_{j} (Map(Map { function: Builtin(Exp), order: 0 }) (Mul (Transpose u_{j}) v))))",
        ],
    );
}

#[test]
fn what_no_index_reaches_is_refused_by_name() {
    refused(r"s = b_i + \sum_{i=1}^{n} a_i x_i", Kind::Name, &["nothing binds the index `i` of `b_i`", "b_i <-"]);
    refused(r"L = \sum_{i=1}^{n} (y_i - w^\top x_i)^2 + \lambda w_j", Kind::Name, &["nothing binds the index `j`"]);
    refused(r"\sum_{i} x^\top A x", Kind::Shape, &["nothing says what the index `i` runs over"]);
}

#[test]
fn ranges_and_arities_that_clash_are_refused() {
    refused(
        r"x \in \mathbb{R}^{n}, \quad y \in \mathbb{R}^{m}, \quad s = \sum_{i=1}^{n} x_i y_i",
        Kind::Shape,
        &["n", "m"],
    );
    refused(
        r"s = \sum_{i} y_i^2 + \sum_{i,j} y_{ij} x_j",
        Kind::Name,
        &["`y` has one index in one place and 2 indices in another"],
    );
    refused("x: n\ns = sum(i, j, x_ij)", Kind::Shape, &["declared with 1 sizes", "2 indices"]);
}

#[test]
fn definitions_by_themselves_and_permutations_are_refused() {
    let implicit = r"x_i = \sum_{j} A_{ij} x_j + b_i, \qquad s = \sum_i c_i x_i";
    refused(implicit, Kind::Unsupported, &["`x` is defined by itself, by `x_j`"]);
    refused(
        r"h_t = \rho h_{t-1} + x_t, \qquad L = \sum_{t=1}^{T} (y_t - h_t)^2",
        Kind::Unsupported,
        &["defined by itself"],
    );
    refused(r"\sum_{\pi \in S_n} \prod_{i=1}^{n} A_{i,\pi(i)}", Kind::Unsupported, &["permutations"]);
}

#[test]
fn texts_without_sums_keep_their_subscripts() {
    for text in ["c_t = f_t .* c_tm + i_t .* g_t", "z_1 = W_1 x\ns = z_1^T z_1", "y_k = x_k^T A_k x_k"] {
        let program = read(text).unwrap_or_else(|errors| panic!("{text}: {errors:?}"));
        assert!(program.plates.is_empty(), "{text}");
    }
}

#[test]
fn the_words_of_sums_are_signs_before_what_has_their_index() {
    alike(&["s = sum_ij W_ij x_i y_j", "s = Σ_ij W_ij x_i y_j", r"s = \sum_{ij} W_{ij} x_i y_j"]);
    alike(&["s = prod_i p_i", r"s = \prod_i p_i"]);
    alike(&["s = sum_i (p_i - q_i)^2", r"s = Σᵢ (p_i - q_i)^2"]);
    alike(&["s = mean_i p_i", r"s = \operatorname{mean}_i p_i"]);
    // a name of the author's
    for text in ["sum_i = 2 x; s = sum_i x_i", "sum_i: scalar; x_i: scalar; s = sum_i x_i", "s = sum_total + x"] {
        let plates = read(text).unwrap_or_else(|e| panic!("{text}: {e:?}")).plates;
        assert!(plates.is_empty(), "{text}: {plates:?}");
    }
    // the words of the language carry no index
    assert!(read("h: n x 2; s = sum(prod_others(h, rows) .* (prod(h, rows) ones(2)^T))").is_ok());
    // what is declared is no index, what has an axis no sum over a letter
    for text in
        ["X: n x m; V_X: n x m; s = sum(ones(n) sum(X, cols)^T .* V_X)", "s = sum((ones(n) sum(X, cols)^T) .* V_X)"]
    {
        let read = read(text).unwrap_or_else(|e| panic!("{text}: {e:?}"));
        assert!(!read.is_indexed(), "{text}");
    }
    // nothing has the index, and no reading is guessed
    refused("s = sum_k y", Kind::Shape, &["nothing says what the index `k` runs over"]);
    refused("s = argmax_i p_i", Kind::Syntax, &["argmax over an index is a place"]);
    refused(r"s = \arg\min_i p_i", Kind::Syntax, &["argmin over an index is a place"]);
}

#[test]
fn brackets_stand_in_definitions_with_free_indices() {
    check(
        "q_ij = [i < j] a_i c_j; s = sum(i, sum(j, q_ij))",
        &[
            "a: scalar over i = 1..n",
            "c: scalar over j = 1..m",
            "q: scalar over i = 1..n, j = 1..m := (Had a_{i} c_{j} Sum_{, i < j} 1)",
            "s: scalar := Sum_{i} Sum_{j} q_{i,j}",
        ],
    );
}

#[test]
fn entries_of_a_declared_array_make_a_family_of_a_definition() {
    check(
        "c: m; q_i = c_i^2; s = sum(j = 1..k, a_j)",
        &[
            "c: scalar over i = 1..m",
            "a: scalar over j = 1..k",
            "q: scalar over i = 1..m := (Pow c_{i} 2)",
            "s: scalar := Sum_{j} a_{j}",
        ],
    );
}

#[test]
fn a_maximum_over_the_last_of_two_indices_is_no_objective() {
    refused(r"f = \max_j A_{ij}", Kind::Name, &["nothing binds the index `i`"]);
    alike(&[r"f_i = \max_j A_{ij}", "f_i = max(j, A_ij)"]);
}

#[test]
fn a_factor_with_one_letter_twice_under_two_sums_over_it_is_refused() {
    let text = r"s = \sum_{i=1}^n x_i \sum_{i=1}^n B_{ii}";
    refused(text, Kind::Name, &["two sums bind the index `i` of `B_ii`"]);
    assert!(read(r"s = (\sum_{i=1}^n x_i) \sum_{i=1}^n B_{ii}").is_ok());
}

#[test]
fn a_number_beside_an_index_is_a_member() {
    check(
        "s = sum(i = 1..n, x_i^2) + x_1",
        &["x: scalar over i = 1..n", "s: scalar := (Add x_{1} Sum_{i} (Pow x_{i} 2))"],
    );
    // what is counted from 0, declared or defined has a name of its own
    let names = |text: &str| {
        let program = read(text).unwrap_or_else(|e| panic!("{text}: {e:?}"));
        program.inputs.iter().map(|i| i.name.to_string()).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(names("s = β_0 + sum(j = 1..n, β_j x_j)"), "β x β_0");
    assert_eq!(names("x_1: scalar; s = x_1 + sum(j = 1..n, x_j)").split(' ').count(), 2);
}

#[test]
fn a_primed_letter_below_a_sum_is_an_index() {
    alike(&[
        r"s = \sum_{i=1}^n \sum_{j=1}^m y_{ij} \log \sum_{k=1}^m e^{a_{ik}}",
        r"s = \sum_{i=1}^n \sum_{j=1}^m y_{ij} \log \sum_{j'=1}^m e^{a_{ij'}}",
        r"s = \sum_{i=1}^n \sum_{j=1}^m y_{ij} \log \sum_{j^\prime=1}^m e^{a_{i j^{\prime}}}",
    ]);
    alike(&[r"s = \sum_{i=1}^n \sum_{j \ne i} K_{ij} b_j", r"s = \sum_{i=1}^n \sum_{i' \ne i} K_{i i'} b_{i'}"]);
}

#[test]
fn the_argument_of_a_function_may_run_below_a_sum() {
    alike(&[r"s = \sum_x p_x \log \frac{p_x}{q_x}", r"s = \sum_x p(x) \log \frac{p(x)}{q(x)}"]);
    alike(&[r"s = \sum_{x,y} p_{xy} \log p_{xy}", r"s = \sum_{x,y} p(x, y) \log p(x, y)"]);
    // where the letter is a value too, or two functions have one name, nothing is guessed
    for text in [r"s = \sum_x p(x) x^2", r"s = \sum_{x,y} p(x,y) \log \frac{p(x,y)}{p(x) p(y)}"] {
        assert!(read(text).is_err(), "{text}");
    }
}

#[test]
fn two_places_of_which_data_tell_one_need_no_other_mention_of_the_family() {
    alike(&[
        r"s = \sum_{t=1}^T \sum_k [y_t = k] u_{tk}",
        r"s = \sum_{t=1}^T u_{t y_t}",
        r"s = \sum_{t=1}^T u_{t, y_t}",
    ]);
}

#[test]
fn the_letters_of_a_greek_word_are_places_where_both_run() {
    alike(&[r"s = \sum_{p=1}^n \sum_{i=1}^m y_{pi} a_i", r"s = \sum_{p=1}^n \sum_{i=1}^m y_{p,i} a_i"]);
    let with_pi = read(r"s = \sum_{p=1}^n \sum_{i=1}^m y_{\pi} a_i b_p").map(|p| lines(&p));
    assert!(with_pi.is_ok_and(|text| text.contains("y_π: scalar\n")), "π is no place");
}

/// Whatever an operand may begin with makes `Σ_t` before it a sum (½ made a number Σ_t of it, and the last definition the one derived).
#[test]
fn a_sum_may_begin_with_any_operand() {
    alike(&["E = Σ_t ½(y_t - ŷ_t)²; ŷ_t = Σ_k c_k x_tk", "E = Σ_t (1/2)(y_t - ŷ_t)²; ŷ_t = Σ_k c_k x_tk"]);
    alike(&["E = Σ_t √(y_t)", "E = Σ_t sqrt(y_t)"]);
    alike(&["E = Σ_t -y_t x_t", "E = Σ_t (-y_t x_t)"]);
    alike(&["E = Σ_t ⟨y_t, x_t⟩ + Σ_t x_t^T x_t", "E = Σ_t y_t^T x_t + Σ_t x_t^T x_t"]);
    // what is taken away from a matrix Σ_t is no summand
    let covariance = read("P = Σ_t - K_t S_t K_t^T").expect("a document");
    assert!(covariance.plates.is_empty());
}
