//! Steps of derivatives by indices: the reasons, and that each is checked.

use super::binary::gradus;
use gradus::internals::derive::{Derivation, derive};
use gradus::{Options, Product};

fn derived(text: &str, options: Options) -> Derivation {
    derive(text, &options).unwrap_or_else(|e| panic!("{text}: {e:?}"))
}

fn steps(text: &str, of: Option<&str>, wrt: &str) -> String {
    let mut args = vec!["derive", text, "--wrt", wrt, "--steps"];
    args.extend(of.into_iter().flat_map(|of| ["--of", of]));
    let out = gradus(&args);
    assert_eq!(out.code, 0, "{}{}", out.stdout, out.stderr);
    let body = out.stdout.split("alone\n").last().unwrap_or(&out.stdout).to_owned();
    let from = body.find("By indices").unwrap_or(0);
    let to = body.find("\nResult").unwrap_or(body.len());
    body[from..to].lines().skip(1).filter(|l| !l.is_empty()).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_lecture_argues_by_entries() {
    insta::assert_snapshot!(steps("z_i = sum(k, W_ik x_k) + b_i", Some("z_i"), "W_ij"));
}

#[test]
fn the_derivative_goes_inside_the_sum() {
    insta::assert_snapshot!(steps(r"L = \sum_{i=1}^n (y_i - w^T x_i)^2", None, "w"));
}

#[test]
fn a_member_stands_in_one_term() {
    insta::assert_snapshot!(steps(r"L = \sum_{i=1}^n (y_i - w^T x_i)^2", None, "x_j"));
}

#[test]
fn definitions_are_written_out_and_chains_are_followed() {
    let mixture = r"L = \sum_{n=1}^{N} \log \sum_{k=1}^{K} \pi_k \exp( -\tfrac12 \| x_n - \mu_k \|^2 )";
    insta::assert_snapshot!(steps(mixture, None, "μ_k"));
    let logistic = r"p_i = \sigma(w^\top x_i + b), \qquad L = -\sum_{i} y_i \log p_i + (1 - y_i) \log(1 - p_i)";
    insta::assert_snapshot!(steps(logistic, None, "w"));
}

#[test]
fn the_logarithm_of_a_quotient_of_exponentials_is_taken_apart_first() {
    let text = steps("p_i = exp(z_i) / sum(j, exp(z_j)); L = -sum(i, t_i log(p_i)); t: n; z: n", None, "z_k");
    assert!(
        text.contains("[-Σᵢ tᵢ (zᵢ - log(Σⱼ exp(zⱼ)))]\n        log_of_product: the logarithm of a product"),
        "{text}"
    );
}

#[test]
fn every_text_has_steps_that_hold() {
    let texts = [
        (r"J = \sum_{t=0}^{T-1} \| x_{t+1} - A x_t - B u_t \|^2", vec!["A", "x_t", "u_t"]),
        (r"s = \prod_{i=1}^{n} (1 + x_i^2)", vec!["x_i"]),
        (r"\max_{i = 1, \dots, m} ( a_i^\top x + b_i )", vec!["x", "b_i"]),
        (r"V(w) = \mathbb{E}[(w^\top x)^2] - (\mathbb{E}[w^\top x])^2", vec!["w"]),
        (r"\phi(x) = -\sum_{i=1}^{m} \log( b_i - (A x)_i )", vec!["x", "b_i"]),
        (r"f(a) = \log\det\left( \sum_{i=1}^{n} a_i x_i x_i^\top \right)", vec!["a_i", "x_i"]),
        ("m = sum(i = 1..n, x_i) / n\ns = sum(i = 1..n, ‖x_i - m‖^2)", vec!["x_i"]),
        (r"Q = \sum_{i,j} (\delta_{ij} p_i - p_i p_j) v_i v_j", vec!["p_i", "v_i"]),
        (r"\operatorname{mean}_i \left( y_i - w^\top x_i \right)^2", vec!["w", "y_i"]),
        (r"J = -\log\left(\exp(u_o^\top v) / \sum_w \exp(u_w^\top v)\right)", vec!["v"]),
    ];
    for (text, targets) in texts {
        let d = derived(text, Options::default().with_respect_to(&targets).steps(true));
        assert_eq!(d.blocks.len(), targets.len(), "{text}");
        assert!(d.blocks.iter().all(|b| b.steps.len() > 1), "{text}");
    }
}

fn product(text: &str, of: Option<&str>, wrt: &str, product: Product) -> String {
    let d = derived(text, Options::default().of(of).with_respect_to([wrt]).product(product));
    assert!(d.check.as_ref().is_some_and(|c| c.points > 0), "{text}");
    let style = gradus::internals::render::Style::of(&d);
    gradus::internals::render::ascii(&gradus::internals::render::present(&d.derivatives[0].result, &style))
}

#[test]
fn products_with_a_direction_are_over_all_members() {
    let squares = "L = sum(i, (y_i - w^T x_i)^2)";
    let layer = "z_i = sum(k, W_ik x_k)";
    let (hvp, jvp, vjp) = (Product::Hvp("v".into()), Product::Jvp("v".into()), Product::Vjp("g".into()));
    let found = [
        product(squares, None, "w", hvp.clone()),
        product(squares, None, "y_i", hvp),
        product(squares, None, "w", jvp.clone()),
        product(squares, None, "x_i", jvp.clone()),
        product(layer, Some("z_i"), "x_k", vjp.clone()),
        product(layer, Some("z_i"), "x_k", jvp),
        product(layer, Some("z_i"), "W_ij", vjp),
    ];
    insta::assert_snapshot!(found.join("\n"));
}

#[test]
fn the_cost_of_a_sum_is_counted_term_by_term() {
    let out = gradus(&["derive", "L = sum(i, (y_i - w^T x_i)^2)", "--wrt", "w", "--cost"]);
    assert!(out.stdout.contains("flops"), "{}{}", out.stdout, out.stderr);
    insta::assert_snapshot!(out.stdout.lines().filter(|l| l.contains("flops")).collect::<Vec<_>>().join("\n"));
}

#[test]
fn what_is_only_another_way_of_writing_never_fails_a_derivative() {
    let text = "a_i = w^T x_i\nb_i = f(a_i) a_i\nc_i = f(b_i) b_i\nd_i = f(c_i) c_i\ng_i = f(d_i) d_i\nh_i = f(g_i) g_i\n\
                k_i = f(h_i) h_i\nm_i = f(k_i) k_i\ns = sum(i, m_i)";
    let d = derived(text, Options::default().with_respect_to(["w"]));
    assert_eq!(d.derivatives.len(), 1);
}

/// Of every order the steps of the orders below come first; of a scalar in the layout of Jacobians the derivative is a row.
#[test]
fn steps_of_third_orders_and_of_rows() {
    let third = gradus(&["derive", "L = sum(i, x_i^3)", "--wrt", "x_i", "--order", "3", "--steps"]);
    for expected in ["so ∂L/∂xᵢ = 3 xᵢ²", "so ∂²L/∂xᵢ∂xⱼ = 6 δᵢⱼ xᵢ", "so ∂³L/∂xᵢ∂xⱼ∂xₖ = 6 δᵢⱼ δᵢₖ"]
    {
        assert!(third.stdout.contains(expected), "{}{}", third.stdout, third.stderr);
    }
    let squares = "L = sum(i, (y_i - w^T x_i)^2)";
    for (args, expected) in [
        (&["--wrt", "w", "--order", "3"][..], "so ∂³L/∂w∂w∂w = zeros"),
        (&["--wrt", "y_i,w", "--order", "2"], "so ∂²L/∂yᵢ∂w = -2 xᵢᵀ"),
        (&["--wrt", "w", "--form", "jacobian"], "1×m"),
    ] {
        let out = gradus(&[&["derive", squares, "--steps"], args].concat());
        assert!(out.stdout.contains(expected), "{args:?}: {}{}", out.stdout, out.stderr);
        assert!(!out.stdout.contains("no steps are shown"), "{args:?}: {}", out.stdout);
    }
}
