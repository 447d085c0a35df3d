//! Documents whose variables are named like everything gradus makes up or prints: nothing is mistaken for anything else,
//! and what is printed reads back.

use crate::binary::{Run, gradus, gradus_in};
use serde_json::{Value, json};

/// Letters of intermediates, error signals, Jacobians, pairings, changes, labels, operators, constants and sizes.
const NAMES: [&str; 24] = [
    "q", "q_1", "δ", "δ_1", "δ_z", "z", "h", "H", "J", "r", "v", "t_1", "v_z", "s_1", "K", "I", "I_n", "e", "D", "G",
    "n", "Z", "S", "c_{t-1}",
];

/// Three documents about a name, each with the value of the name and of the others.
fn documents(name: &str) -> [(String, Value); 3] {
    let (row, matrix) = (json!([0.3, -0.2]), json!([[0.1, 0.4], [0.2, -0.3]]));
    let point =
        |pairs: [(&str, &Value); 2]| Value::Object(pairs.into_iter().map(|(n, v)| (n.to_owned(), v.clone())).collect());
    [
        (
            format!("{name}: a x a; x: a; loss = sum(tanh({name} x)) + norm2({name} x)^2"),
            point([(name, &matrix), ("x", &row)]),
        ),
        (
            format!("{name}: a; W: a x a; loss = sum(softmax(W tanh({name} .* {name})).^3)"),
            point([(name, &row), ("W", &matrix)]),
        ),
        (format!("{name}: a x a; B: a x a; loss = sum(({name} B^T).^2)"), point([(name, &matrix), ("B", &matrix)])),
    ]
}

/// Runs `gradus` at a point, where the arguments ask for one.
fn at(values: &str, args: &[&str]) -> Run {
    let directory = std::env::temp_dir().join(format!("gradus-collisions-{}-{}", std::process::id(), args.len()));
    let here = directory.join(format!("{:?}", std::thread::current().id()));
    std::fs::create_dir_all(&here).expect("a directory");
    std::fs::write(here.join("point.json"), values).expect("a file");
    gradus_in(&here, args, b"")
}

#[test]
fn nothing_gradus_makes_up_is_taken_for_an_authors_name() {
    let options: [&[&str]; 5] = [
        &["--form", "both", "--steps", "--at", "point.json"],
        &["--order", "2", "--at", "point.json"],
        &["--hvp", "w", "--at", "point.json"],
        &["--jvp", "w", "--at", "point.json"],
        &["--format", "latex", "--steps"],
    ];
    for (i, name) in NAMES.iter().enumerate() {
        // options and documents in turn
        for (j, options) in options.iter().enumerate().skip(i % 2).step_by(2) {
            let (document, mut values) = documents(name)[(i + j) % 3].clone();
            values["w"] = values[*name].clone();
            if !options.contains(&"--hvp") && !options.contains(&"--jvp") {
                values.as_object_mut().expect("an object").remove("w");
            }
            let own = format!("--wrt={name}");
            let args: Vec<&str> = [&[document.as_str(), own.as_str()], *options].concat();
            let run = at(&values.to_string(), &args);
            assert_eq!(run.code, 0, "{args:?} at {values}\n{}{}", run.stdout, run.stderr);
        }
    }
}

#[test]
fn the_commutation_matrix_is_spelled_out_beside_a_k() {
    let document = "Q: n x m; K: n x m; S = Q K^T";
    let args = [document, "--wrt", "K", "--at", "point.json", "--format", "json"];
    let run = at(r#"{"Q": [[1, 2], [3, 4], [5, 6]], "K": [[1, 0], [0, 1], [1, 1]]}"#, &args);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let shown = run.json()["derivatives"][0]["result"]["unicode"].clone();
    assert_eq!(shown, "(Iₙ ⊗ Q) commutation(n, m)");
    let plain = gradus(&["Q: n x m; R: n x m; S = Q R^T", "--wrt", "R", "--format", "json"]).json();
    assert_eq!(plain["derivatives"][0]["result"]["unicode"], "(Iₙ ⊗ Q) K(n, m)");
}

#[test]
fn the_identity_is_spelled_out_beside_an_i() {
    let run = gradus(&["I: n x n; A: n x n; s = sum((I A).^2)", "--wrt", "A", "--order", "2", "--format", "json"]);
    assert_eq!(run.json()["derivatives"][0]["result"]["unicode"], "2 identity(n) ⊗ (Iᵀ I)");
}

#[test]
fn a_name_with_an_offset_has_one_spelling() {
    let document = "loss = c_{t-1}^T x";
    let json = gradus(&[document, "--format", "json"]).json();
    let wrt = json["derivatives"][0]["wrt"].as_str().expect("a name").to_owned();
    assert_eq!(wrt, "c_{t-1}");
    let values = json!({ wrt.as_str(): [1, 2], "x": [3, 4] }).to_string();
    let run = at(&values, &[document, "--wrt", &wrt, "--at", "point.json"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(run.stdout.starts_with("∂loss/∂c_{t-1} = x"), "{}", run.stdout);
}

/// `equal` calls its sides by words that no name is made of.
#[test]
fn no_name_is_that_of_a_side() {
    for name in ["left side", "right side"] {
        for written in [r"\text{NAME}", r"\mathrm{NAME}", r"\operatorname{NAME}"] {
            let written = written.replace("NAME", name);
            let answer = gradus::equal(&format!("{written} + x"), &format!("x + {written}"));
            assert!(answer.is_err_and(|e| e.is_syntax()), "{written} is read as a name");
        }
    }
}

#[test]
fn what_is_made_up_does_not_stand_beside_the_authors_name_with_a_number() {
    let names = |text: &str| {
        let d = gradus::internals::derive::derive(text, &Default::default()).expect("it is derived");
        d.introduced.iter().filter_map(|s| s.name().map(|n| n.to_string())).collect::<Vec<_>>()
    };
    assert_eq!(names("h = relu(W x); s = sum(tanh(A h).^2 .* exp(tanh(A h)))"), ["g", "z_1", "z_2"]);
    assert_eq!(names("z = A x; y = tanh(z); s = u^T sigmoid(B y)"), ["a", "h"]);
    // a numbered name has no plain one beside it
    assert_eq!(names("z_1 = A x; y = tanh(z_1); s = u^T sigmoid(B y)"), ["h", "z_2"]);
}
