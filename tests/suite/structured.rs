//! Targets that are declared symmetric, spd, diagonal, orthogonal: every entry of them counts as free, in derivatives of
//! every order and in products with directions; and with `--structured`, derivatives by what the structure leaves free. The
//! numbers are differences of values whose entries move one by one, or together as the structure wants it.

use gradus::internals::derive::{Derivation, Options, Product, derive};
use gradus::internals::eval::{self, Matrix, Values};
use gradus::internals::expr::Symbol;

const FACTS: [&str; 5] = ["symmetric", "spd", "diagonal", "orthogonal", ""];

/// Scalars of a square X, with what is declared beside it.
const SCALARS: &[&str] = &[
    "s = logdet(X)",
    "a: 2; b: 2; s = a^T X^T b",
    "a: 2; b: 2; s = a^T X^-1 b",
    "a: 2; s = sum(f(X^T a))",
    "A: 2 x 2; s = tr(X^T A X X^T)",
    "A: 2 x 2; a: 2; H = X + X^T; s = tr(H A H) + a^T H A^T X a",
    "a: 2; z = f(X a); s = a^T X^T z",
    "P: 2 x 2 spd; s = tr((P X^T P + X)^-1)",
];

fn document(fact: &str, rest: &str) -> String {
    format!("X: 2 x 2 {fact}; {rest}")
}

fn options(order: u32, wrt: &[&str]) -> Options {
    Options::default().order(order).inlined(true).with_respect_to(wrt)
}

fn at(d: &Derivation) -> Values {
    eval::sample(&d.program, 3).expect("a point of the domain")
}

fn results(d: &Derivation, at: &Values) -> Vec<Matrix<f64>> {
    let mut whole = at.clone();
    eval::extend(&mut whole, &d.program.definitions).expect("it is defined there");
    let value = |e, values: &Values| eval::evaluate(e, values).expect("it is defined there");
    let inlined: Vec<_> = d.derivatives.iter().filter_map(|one| Some(value(one.inlined.as_ref()?, &whole))).collect();
    eval::extend(&mut whole, &d.extra_definitions()).expect("it is defined there");
    let shared: Vec<_> = d.derivatives.iter().map(|one| value(&one.result, &whole)).collect();
    for (a, b) in inlined.iter().zip(&shared) {
        a.iter().zip(b.iter()).for_each(|(x, y)| close(*x, *y, 1e-9, "inlined, shared"));
    }
    shared
}

#[track_caller]
fn close(got: f64, wanted: f64, tolerance: f64, what: &str) {
    assert!((got - wanted).abs() <= tolerance * wanted.abs().max(1.0), "{what}: {got} is not {wanted}");
}

/// vec of the value of `of` with some entries moved.
fn moved(d: &Derivation, of: &Symbol, at: &Values, moves: &[(&Symbol, usize, f64)]) -> Vec<f64> {
    let mut shifted = at.clone();
    for (name, entry, by) in moves {
        let array = shifted.arrays.get_mut(*name).expect("an input");
        let rows = array.nrows();
        array[(entry % rows, entry / rows)] += by;
    }
    eval::extend(&mut shifted, &d.program.definitions).expect("it is defined there");
    shifted.arrays[of].t().iter().copied().collect()
}

/// The mixed difference of the scalar in these entries.
fn difference(d: &Derivation, at: &Values, entries: &[(&Symbol, usize)], step: f64) -> f64 {
    let corners = 0..1usize << entries.len();
    let corner = |c: usize| {
        let sign = |k: usize| if c >> k & 1 == 0 { 1.0 } else { -1.0 };
        let moves: Vec<_> = entries.iter().enumerate().map(|(k, (n, e))| (*n, *e, sign(k) * step)).collect();
        (0..entries.len()).map(sign).product::<f64>() * moved(d, &d.of, at, &moves)[0]
    };
    corners.map(corner).sum::<f64>() / (2.0 * step).powi(entries.len() as i32)
}

/// Every block of every order against differences.
fn check_order(text: &str, order: u32, wrt: &[&str]) -> Derivation {
    let d = derive(text, &options(order, wrt)).unwrap_or_else(|e| panic!("{text} {order}: {e:?}"));
    let point = at(&d);
    let (step, tolerance) = [(1e-5, 1e-7), (1e-4, 1e-5), (2e-3, 2e-3)][order as usize - 1];
    for (one, got) in d.derivatives.iter().zip(results(&d, &point)) {
        let names: Vec<&Symbol> = one.targets().map(|t| &t.parts[0].0).collect();
        let extents: Vec<usize> = names.iter().map(|n| point.arrays[*n].len()).collect();
        for place in 0..got.len() {
            // the first targets run down the rows, the first of all fastest
            let (row, column) = if order == 1 { (place, 0) } else { (place % got.nrows(), place / got.nrows()) };
            let mut rest = row;
            let mut entries: Vec<(&Symbol, usize)> = vec![];
            for (name, extent) in names.iter().zip(&extents).take(order.max(2) as usize - 1) {
                entries.push((name, rest % extent));
                rest /= extent;
            }
            if order > 1 {
                entries.push((names[order as usize - 1], column));
            }
            let value = if order == 1 { got[(row % got.nrows(), row / got.nrows())] } else { got[(row, column)] };
            close(value, difference(&d, &point, &entries, step), tolerance, &format!("{text}: {entries:?}"));
        }
    }
    d
}

#[test]
fn first_and_second_orders_count_every_entry_as_free() {
    for fact in FACTS {
        for rest in SCALARS {
            let text = document(fact, rest);
            check_order(&text, 1, &["X"]);
            check_order(&text, 2, &["X"]);
        }
    }
}

#[test]
fn third_orders_count_every_entry_as_free() {
    for (fact, rest) in FACTS.iter().zip([0, 3, 2, 2, 0].map(|i| SCALARS[i])).chain([(&"symmetric", SCALARS[3])]) {
        check_order(&document(fact, rest), 3, &["X"]);
    }
}

#[test]
fn blocks_are_transposes_of_each_other() {
    for fact in FACTS {
        for rest in SCALARS.iter().filter(|s| s.contains("a: 2")) {
            let text = document(fact, rest);
            let [one, other] = [["X", "a"], ["a", "X"]].map(|wrt| check_order(&text, 2, &wrt));
            let point = at(&one);
            let (below, above) = (&results(&one, &point)[1], &results(&other, &point)[1]);
            for ((i, j), x) in below.indexed_iter() {
                close(*x, above[(j, i)], 1e-9, &text);
            }
        }
    }
}

/// Intermediates that are structured without being declared so are free as targets.
#[test]
fn intermediates_with_a_structure_are_free() {
    for definition in ["X + X^T", "X^T X + eye(2)", "diag(diag(X))", "X X^T"] {
        let text = format!("X: 2 x 2; a: 2; H = {definition}; s = a^T H^T a + tr(H^T H H) + a^T f(H^T a)");
        for wrt in [["H", "X"], ["X", "H"]] {
            let d = derive(&text, &options(2, &wrt)).unwrap_or_else(|e| panic!("{text}: {e:?}"));
            assert!(d.notes.iter().any(|n| n.message.contains("every entry of H counted as free")), "{:?}", d.notes);
        }
        // the same with a variable in its place, which no fact is known of
        let free = "H: 2 x 2; a: 2; s = a^T H^T a + tr(H^T H H) + a^T f(H^T a)";
        let (own, free) = (derive(&text, &options(2, &["H"])), derive(free, &options(2, &["H"])));
        let (own, free) = (own.expect("derived"), free.expect("derived"));
        let mut point = at(&own);
        let left = results(&own, &point);
        eval::extend(&mut point, &own.program.definitions).expect("it is defined there");
        let right = results(&free, &point);
        left[0].iter().zip(right[0].iter()).for_each(|(x, y)| close(*x, *y, 1e-9, &text));
    }
}

#[test]
fn directions_may_leave_the_structure() {
    let arrays = ["Y = X^T A X", "y = f(X^T a)", "Y = X^-T A", "z = X a; y = X^T f(z)"];
    for fact in FACTS {
        for array in arrays {
            let text = document(fact, &format!("A: 2 x 2; a: 2; {array}"));
            product(&text, Product::Jvp("V".into()));
            product(&text, Product::Vjp("G".into()));
        }
        for scalar in SCALARS {
            product(&document(fact, scalar), Product::Hvp("V".into()));
        }
    }
}

/// A product with a direction of which nothing is known, against differences.
fn product(text: &str, product: Product) {
    let x = Symbol::from("X");
    let along = Options::default().product(product.clone()).with_respect_to(["X"]);
    let d = derive(text, &along).unwrap_or_else(|e| panic!("{text} {product:?}: {e:?}"));
    let plain = derive(text, &options(1, &["X"])).expect(text);
    let point = at(&d);
    let got: Vec<f64> = results(&d, &point)[0].t().iter().copied().collect();
    let direction: Vec<f64> = point.arrays[&Symbol::from(product.direction())].t().iter().copied().collect();
    let slope = |moves: &dyn Fn(f64) -> Vec<(&'static str, usize, f64)>, h: f64| -> Vec<f64> {
        let value = |by: f64| {
            let moves = moves(by);
            moved(&plain, &plain.of, &point, &moves.iter().map(|(_, e, b)| (&x, *e, *b)).collect::<Vec<_>>())
        };
        value(h).iter().zip(value(-h)).map(|(a, b)| (a - b) / (2.0 * h)).collect()
    };
    let wanted: Vec<f64> = match product {
        Product::Jvp(_) => slope(&|h| direction.iter().enumerate().map(|(e, v)| ("X", e, h * v)).collect(), 1e-5),
        Product::Vjp(_) => (0..4)
            .map(|e| slope(&|h| vec![("X", e, h)], 1e-5).iter().zip(&direction).map(|(a, b)| a * b).sum())
            .collect(),
        _ => (0..4)
            .map(|e| (0..4).map(|f| difference(&plain, &point, &[(&x, e), (&x, f)], 1e-4) * direction[f]).sum())
            .collect(),
    };
    assert_eq!(got.len(), wanted.len(), "{text}");
    got.iter().zip(&wanted).for_each(|(g, w)| close(*g, *w, 2e-5, &format!("{text} {product:?}")));
}

/// ⟨∂s/∂x, x⟩ moves with x in two ways.
#[test]
fn a_direction_is_not_what_is_differentiated_by() {
    for product in [Product::Hvp("X".into()), Product::Vjp("X".into())] {
        let scalar = matches!(product, Product::Hvp(_));
        let along = Options::default().product(product).with_respect_to(["X"]);
        let text = if scalar { "X: n x n; s = logdet(X)" } else { "X: n x n; Y = X X" };
        let errors = derive(text, &along).expect_err("refused");
        assert!(errors[0].message.contains("is what is differentiated by"), "{errors:?}");
    }
}

#[test]
fn facts_tidy_the_last_result_alone() {
    let printed = |document: &str, args: &[&str]| {
        let words = ["gradus", document].into_iter().chain(args.iter().copied());
        let output = gradus_cli::cli::run(words.map(Into::into).collect());
        assert_eq!((output.code, output.stderr.as_str()), (0, ""), "{document}");
        output.stdout
    };
    let logdet = "X: n x n symmetric; s = logdet(X)";
    let second = printed(logdet, &["--order", "2"]);
    assert!(second.contains("= -K(n, n) (X⁻¹ ⊗ X⁻¹)"), "{second}");
    let first = printed(logdet, &[]);
    assert!(first.contains("∂s/∂X = X⁻¹"), "{first}");
    assert!(first.contains("every entry of X counted as free"), "{first}");
    let along = printed(logdet, &["--hvp", "V"]);
    assert!(along.contains("= -X⁻¹ Vᵀ X⁻¹"), "{along}");
}

// ---- --structured

/// The entries that move together with each coordinate of a 2 × 2 matrix, or with each entry of a column.
fn coordinates(label: &str, count: usize) -> (Symbol, Vec<Vec<usize>>) {
    match label {
        "vech(X)" => (Symbol::from("X"), vec![vec![0], vec![1, 2], vec![3]]),
        "diag(X)" => (Symbol::from("X"), vec![vec![0], vec![3]]),
        other => (Symbol::from(other), (0..count).map(|e| vec![e]).collect()),
    }
}

fn difference_along(d: &Derivation, at: &Values, along: &[(Symbol, Vec<usize>)], step: f64) -> f64 {
    let corner = |c: usize| {
        let sign = |k: usize| if c >> k & 1 == 0 { 1.0 } else { -1.0 };
        let one = |(k, (name, entries)): (usize, &'_ (Symbol, Vec<usize>))| -> Vec<(Symbol, usize, f64)> {
            entries.iter().map(|e| (name.clone(), *e, sign(k) * step)).collect()
        };
        let moves: Vec<_> = along.iter().enumerate().flat_map(one).collect();
        let moves: Vec<_> = moves.iter().map(|(n, e, b)| (n, *e, *b)).collect();
        (0..along.len()).map(sign).product::<f64>() * moved(d, &d.of, at, &moves)[0]
    };
    (0..1usize << along.len()).map(corner).sum::<f64>() / (2.0 * step).powi(along.len() as i32)
}

fn structured(text: &str, options: Options) -> Derivation {
    derive(text, &options.structured(true)).unwrap_or_else(|e| panic!("{text}: {e:?}"))
}

/// The Jacobian form of every order by coordinates.
fn check_coordinates(text: &str, order: u32, wrt: &[&str]) -> Derivation {
    let form = (order == 1).then_some(gradus::Form::Jacobian);
    let d = structured(text, options(order, wrt).form(form));
    let point = at(&d);
    let (step, tolerance) = [(1e-5, 1e-7), (1e-4, 1e-5), (2e-3, 2e-3)][order as usize - 1];
    for (one, got) in d.derivatives.iter().zip(results(&d, &point)) {
        let charts: Vec<_> = one.targets().map(|t| coordinates(&t.label, 2)).collect();
        for ((row, column), value) in got.indexed_iter() {
            let mut rest = row;
            let (last, rows) = charts.split_last().expect("a target");
            let mut along: Vec<(Symbol, Vec<usize>)> = vec![];
            for (name, list) in rows {
                along.push((name.clone(), list[rest % list.len()].clone()));
                rest /= list.len();
            }
            along.push((last.0.clone(), last.1[column].clone()));
            close(*value, difference_along(&d, &point, &along, step), tolerance, &format!("{text}: {along:?}"));
        }
    }
    d
}

#[test]
fn by_coordinates_on_the_structure() {
    for fact in ["symmetric", "spd", "diagonal"] {
        for rest in SCALARS {
            let text = document(fact, rest);
            check_coordinates(&text, 1, &["X"]);
            check_coordinates(&text, 2, &["X"]);
        }
        check_coordinates(&document(fact, SCALARS[3]), 3, &["X"]);
    }
}

#[test]
fn blocks_on_the_structure_are_transposes_of_each_other() {
    for fact in ["symmetric", "diagonal"] {
        for rest in SCALARS.iter().filter(|s| s.contains("a: 2")) {
            let text = document(fact, rest);
            let [one, other] = [["X", "a"], ["a", "X"]].map(|wrt| check_coordinates(&text, 2, &wrt));
            let point = at(&one);
            let (below, above) = (&results(&one, &point)[1], &results(&other, &point)[1]);
            below.indexed_iter().for_each(|((i, j), x)| close(*x, above[(j, i)], 1e-9, &text));
        }
    }
}

/// ds = ⟨∂s/∂X, dX⟩ for symmetric dX, and ∂s/∂X is symmetric.
#[test]
fn the_symmetric_gradient() {
    for fact in ["symmetric", "spd"] {
        for rest in SCALARS {
            let text = document(fact, rest);
            let d = structured(&text, options(1, &["X"]));
            assert_eq!(d.derivatives[0].wrt.label, "X");
            let point = at(&d);
            let gradient = results(&d, &point).remove(0);
            close(gradient[(0, 1)], gradient[(1, 0)], 1e-9, &text);
            for along in coordinates("vech(X)", 4).1 {
                let slope = difference_along(&d, &point, &[(Symbol::from("X"), along.clone())], 1e-5);
                let got: f64 = along.iter().map(|e| gradient[(e % 2, e / 2)]).sum();
                close(got, slope, 1e-7, &text);
            }
        }
    }
}

/// The change of the symmetric gradient as X moves along V's symmetric part, and the like.
#[test]
fn products_on_the_structure() {
    let half = |v: &Matrix<f64>| (&(v + &v.t()) * 0.5).into_shared();
    for rest in SCALARS {
        let text = document("spd", rest);
        let along = Options::default().product(Product::Hvp("V".into())).with_respect_to(["X"]);
        let d = structured(&text, along);
        let point = at(&d);
        let got = results(&d, &point).remove(0);
        let plain = derive(&text, &options(2, &["X"])).expect(&text);
        let hessian = results(&plain, &point).remove(0);
        let v = half(&point.arrays[&Symbol::from("V")]);
        let column = ndarray::Array2::from_shape_fn((4, 1), |(i, _)| v[(i % 2, i / 2)]);
        let moved = hessian.dot(&column);
        let wanted = half(&ndarray::Array2::from_shape_fn((2, 2), |(i, j)| moved[(i + 2 * j, 0)]).into_shared());
        got.iter().zip(wanted.iter()).for_each(|(g, w)| close(*g, *w, 1e-8, &text));
    }
    let text = "X: 2 x 2 diagonal; a: 2; y = f(X^T a)";
    for product in [Product::Jvp("v".into()), Product::Vjp("v".into())] {
        let d = structured(text, Options::default().product(product).with_respect_to(["X"]));
        let by = structured(text, options(1, &["X"]));
        let point = at(&d);
        let (got, jacobian) = (results(&d, &point).remove(0), results(&by, &point).remove(0));
        // f(d ∘ a) has a diagonal Jacobian: J v and Jᵀ v are one
        let wanted = jacobian.dot(&point.arrays[&Symbol::from("v")]);
        got.iter().zip(wanted.iter()).for_each(|(g, w)| close(*g, *w, 1e-9, text));
    }
}

#[test]
fn the_convention_is_stated_and_what_has_no_coordinates_refused() {
    let run = |document: &str, args: &[&str]| {
        let words = ["gradus", document, "--structured"].into_iter().chain(args.iter().copied());
        gradus_cli::cli::run(words.map(Into::into).collect())
    };
    let logdet = "X: n x n spd; s = logdet(X)";
    for (args, expected) in [
        (&["--order", "2"][..], "∂²s/∂vech(X)∂vech(X)ᵀ = -dup(n)ᵀ (X⁻¹ ⊗ X⁻¹) dup(n)"),
        (&["--order", "2", "--format", "latex"], "\\operatorname{dup}(n)"),
        (&["--order", "2", "--format", "json"], "structured: X is declared spd"),
        (&["--format", "json"], "structured: X is declared spd"),
        (&["--form", "jacobian", "--format", "typst"], "structured: X is declared spd"),
        (&["--format", "mathml", "--steps"], "structured: X is declared spd"),
        (&["--format", "markdown"], "structured: X is declared spd"),
        (&[], "∂s/∂X = X⁻¹"),
        (&["--hvp", "V"], "= -1/2 X⁻¹ (V + Vᵀ) X⁻¹"),
    ] {
        let output = run(logdet, args);
        assert_eq!((output.code, output.stderr.as_str()), (0, ""), "{args:?}");
        assert!(output.stdout.contains(expected), "{args:?}: {}", output.stdout);
    }
    let output = run("D: n x n diagonal; s = logdet(D)", &[]);
    assert!(output.stdout.contains("∂s/∂diag(D) = diag(D⁻¹)"), "{}", output.stdout);
    for (document, args, expected) in [
        ("Q: n x n orthogonal; s = logdet(Q)", &[][..], "no coordinates"),
        ("X: n x n; s = logdet(X)", &[], "no target is declared"),
        (logdet, &["--form", "both"], "each form has coordinates of its own"),
        (logdet, &["--form", "differential"], "each form has coordinates of its own"),
    ] {
        let output = run(document, args);
        assert!(output.code == 2 && output.stderr.contains(expected), "{document} {args:?}: {}", output.stderr);
    }
}

/// D vech X = vec X, whatever the size; and n (n + 1)/2 is a size, n/2 is none.
#[test]
fn the_duplication_matrix() {
    let equal = |left: &str, right: &str, declarations: &str| {
        let words = ["gradus", "equal", left, right, declarations];
        gradus_cli::cli::run(words.map(Into::into).to_vec()).code
    };
    assert_eq!(equal("K(n, n) dup(n)", "dup(n)", "A: n x n"), 0);
    assert_eq!(equal("dup(n)^T vec(A^T)", "dup(n)^T vec(A)", "A: n x n"), 0);
    assert_eq!(equal("dup(n) (dup(n)^T dup(n))^-1 dup(n)^T vec(A)", "1/2 vec(A + A^T)", "A: n x n"), 0);
    assert_eq!(equal("dup(2)", "[1, 0, 0; 0, 1, 0; 0, 1, 0; 0, 0, 1]", "a: 2"), 0);
    assert_eq!(equal("dup(n)^T dup(n)", "eye((n n + n)/2)", "A: n x n"), 1);
    let printed = gradus_cli::cli::run(["gradus", "x: n; s = sum(zeros(n/2)) + sum(x)"].map(Into::into).to_vec());
    assert!(printed.code != 0);
}

/// Branches are sought at points stretched by the document's numbers, where a target is no further from its structure: a diagonal that is positive by what is declared, or by its form, stays so (it was exit code 4).
#[test]
fn what_is_positive_stays_positive_beside_a_structure() {
    for (document, wrt) in [
        ("W: 2 x 2 spd; s = norm1(diag(W)) - 1/2 norm1(diag(W))", "W"),
        ("W: n x n spd; s = sum(relu(diag(W)).^2)", "W"),
        ("A: n x n; H = A A^T + eye(n); s = 1/300 norm1(diag(H)) tr(H)", "H"),
    ] {
        let derived = derive(document, &options(2, &[wrt]));
        assert!(derived.is_ok(), "{document}: {derived:?}");
    }
}
