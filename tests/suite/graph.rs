//! `gradus graph`: every value with its shape and what flows back to it, every edge with its local Jacobian.

use super::binary::{gradus, repository};
use gradus::internals::graph::{ComputationGraph, NodeRole, graph};
use gradus::internals::render::{Style, present, unicode};

const LECTURE: &str = "s = u^T f(W x + b)";

#[track_caller]
fn drawn(document: &str, format: &str) -> String {
    let run = gradus(&["graph", document, "--format", format]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{run:?}");
    run.stdout
}

fn example(name: &str) -> String {
    let path = repository().join("examples").join(name);
    std::fs::read_to_string(path).expect("an example")
}

/// `∂z/∂x = W` for every edge.
fn jacobians(g: &ComputationGraph) -> Vec<String> {
    let edge = |e: &gradus::internals::graph::Edge| {
        let value = e.jacobian.as_ref().map_or("-".to_owned(), |j| unicode(&present(j, &Style::default())));
        format!("∂{}/∂{} = {value}", g.nodes[e.to].name, g.nodes[e.from].name)
    };
    g.edges.iter().map(edge).collect()
}

#[test]
fn the_lecture_has_its_nodes_edges_and_local_jacobians() {
    let g = graph(LECTURE, None).expect("a graph");
    let names: Vec<String> = g.nodes.iter().map(|n| format!("{}: {}", n.name, n.shape)).collect();
    assert_eq!(names, ["u: n", "W: n×m", "x: m", "b: n", "z: n", "h: n", "s: scalar"]);
    assert_eq!(
        jacobians(&g),
        ["∂z/∂W = xᵀ ⊗ Iₙ", "∂z/∂x = W", "∂z/∂b = Iₙ", "∂h/∂z = diag(f'(z))", "∂s/∂u = hᵀ", "∂s/∂h = uᵀ"]
    );
    assert!(g.nodes.iter().all(|n| n.signal.is_some() == (n.kind != NodeRole::Output)));
}

#[test]
fn an_error_signal_is_explained_where_it_belongs() {
    let g = graph(LECTURE, None).expect("a graph");
    let explained: Vec<String> = g
        .nodes
        .iter()
        .filter(|n| n.signal.as_ref().is_some_and(|s| s.means.is_some()))
        .map(|n| n.name.to_string())
        .collect();
    assert_eq!(explained, ["z"]);
}

#[test]
fn local_jacobians_are_of_one_step_alone() {
    // z reaches s along two paths; each edge knows its own alone
    let g = graph("z = A x; s = z^T B z + a^T z", None).expect("a graph");
    let found = jacobians(&g);
    assert!(found.contains(&"∂z/∂x = A".to_owned()) && found.iter().any(|j| j.starts_with("∂s/∂z = ")), "{found:?}");
    assert!(!found.iter().any(|j| j.starts_with("∂s/∂x")), "{found:?}");
}

#[test]
fn constants_send_nothing_back() {
    let g = graph("y: n constant; s = y^T f(x)", None).expect("a graph");
    let y = g.nodes.iter().position(|n| n.name.to_string() == "y").expect("y");
    assert_eq!((g.nodes[y].kind, g.nodes[y].signal.is_none()), (NodeRole::Constant, true));
    assert!(g.edges.iter().filter(|e| e.from == y).all(|e| e.jacobian.is_none()));
}

#[test]
fn pictures_of_the_lecture() {
    for format in ["svg", "dot", "mermaid", "tikz"] {
        insta::with_settings!({prepend_module_to_snapshot => false, omit_expression => true, description => LECTURE}, {
            insta::assert_snapshot!(format!("graph.{format}"), drawn(LECTURE, format));
        });
    }
}

#[test]
fn pictures_are_the_same_every_time() {
    let document = example("documents/three_layers.gradus");
    assert_eq!(drawn(&document, "svg"), drawn(&document, "svg"));
}

#[test]
fn every_example_can_be_drawn() {
    for name in ["three_layers", "attention", "softmax", "two_layers", "gaussian", "logistic", "transformer", "lstm"] {
        let document = example(&format!("documents/{name}.gradus"));
        let svg = drawn(&document, "svg");
        assert!(svg.starts_with("<svg ") && svg.ends_with("</svg>\n") && svg.contains("prefers-color-scheme: dark"));
        // some programs know no variables of style sheets
        assert!(!svg.contains("var(") && svg.contains("fill: #1b1f24"));
        let g = graph(&document, None).expect("a graph");
        assert_eq!(svg.matches("<rect class=\"").count() - svg.matches("class=\"chip\"").count() - 1, g.nodes.len());
        assert!(!svg.contains("NaN") && !svg.contains("inf,"), "{svg}");
    }
}

#[test]
fn what_is_differentiated_can_be_chosen() {
    let run = gradus(&["graph", "z = W x + b; s = u^T f(z)", "--of", "z", "--format", "dot"]);
    assert!(run.code == 0 && run.stdout.contains("z = W x + b") && !run.stdout.contains("s = "), "{run:?}");
}

#[test]
fn what_cannot_be_derived_cannot_be_drawn() {
    let run = gradus(&["graph", "A: n x m; x: n; A x"]);
    assert_eq!((run.code, run.stdout.as_str()), (2, ""));
    let layer = |l: usize| format!("h_{l} = f(W_{l} h_{} + b_{l}); ", l - 1);
    let deep = (1..=60).map(layer).collect::<String>() + "s = u^T h_60";
    let run = gradus(&["graph", &deep]);
    assert_eq!((run.code, run.stdout.as_str()), (3, ""), "{}", run.stderr);
    assert!(run.stderr.contains("limit of 200") && run.stderr.contains("--of"), "{}", run.stderr);
}

#[test]
fn the_values_of_a_network_stand_in_one_column() {
    let svg = drawn(&example("documents/three_layers.gradus"), "svg");
    let number = |line: &str, key: &str| -> f64 {
        let value = line.split(&format!(" {key}=\"")).nth(1).and_then(|rest| rest.split('"').next());
        value.and_then(|v| v.parse().ok()).expect("a number")
    };
    let is_value = |line: &&str| line.starts_with("<rect class=\"node\"") || line.starts_with("<rect class=\"output\"");
    let middles: Vec<f64> = svg.lines().filter(is_value).map(|l| number(l, "x") + number(l, "width") / 2.0).collect();
    assert_eq!(middles.len(), 7);
    assert!(middles.iter().all(|x| (x - middles[0]).abs() < 0.2), "{middles:?}");
}

/// The variance by which a layer norm's derivative divides is no part of the way to the output.
#[test]
fn nothing_flows_back_to_what_serves_derivatives_alone() {
    let graph = graph("s = u^T tanh(layernorm(x))", None).expect("it derives");
    let variance = graph.nodes.iter().position(|n| n.name.to_string() == "v").expect("it has a name");
    assert!(graph.nodes[variance].signal.is_none());
    assert!(graph.edges.iter().filter(|e| e.to == variance).all(|e| e.jacobian.is_none()));
}

#[test]
fn signals_are_those_that_derive_tells() {
    let text = "h = relu(W_1 x + b_1); p = softmax(W_2 h + b_2); y: n onehot; J = -y^T log(p)";
    let run = gradus(&["graph", text, "--format", "mermaid"]);
    for told in ["δ₂ = p - y", "∂J/∂h = W₂ᵀ δ₂", "∂J/∂p = -y ⊘ p", "δ₁ = step(z₁) ∘ (W₂ᵀ δ₂)"]
    {
        assert!(run.stdout.contains(told), "{told}: {run:?}");
    }
}

#[test]
fn what_repeats_stands_on_a_plate() {
    let document = r"L = \sum_{i=1}^n (y_i - w^T x_i)^2 + λ ‖w‖^2";
    insta::assert_snapshot!("plates_mermaid", drawn(document, "mermaid"));
    insta::assert_snapshot!("plates_dot", drawn(document, "dot"));
    let picture = drawn(document, "svg");
    assert_eq!(picture.matches("class=\"plate\"").count(), 1, "one frame around all three");
    assert!(picture.contains("= 1, …, "), "{picture}");
    assert!(drawn(document, "tikz").contains(r"{$i = 1, \ldots, n$}"));
}

#[test]
fn a_value_with_two_indices_says_by_which_member_its_edge_is() {
    let g =
        graph("q_ij = 1/(1 + ‖y_i - y_j‖^2); C = sum(i = 1..n, sum(j = 1..n, p_ij log(q_ij)))", None).expect("a graph");
    let plates: Vec<(usize, usize)> = g.plates.iter().map(|p| (p.over.len(), p.nodes.len())).collect();
    assert_eq!(plates, [(1, 2), (2, 3)]);
    let named = g.edges.iter().filter(|e| e.partial.is_some()).count();
    assert_eq!(named, 1, "∂q_ij/∂y_k alone has letters of its own");
}

#[test]
fn what_an_expectation_draws_is_a_plate_of_samples() {
    let text = drawn(r"L = \mathbb{E}_{x}[(w^T x)^2]", "mermaid");
    assert!(text.contains("[\"samples\"]") && !text.contains('ω'), "{text}");
}
