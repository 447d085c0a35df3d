//! Verdicts as JSON, schema 1 (src/docs/json.md describes them).

use super::{layout_word, notes, shape, step, texts};
use crate::claim::{Answer, Condition, Equality, Simplification, Verdict, Wrong};
use crate::derive::Step;
use crate::eval::{Check, Difference, to_json};
use crate::expr::{Expr, Indexed, Place, Shape, Symbol};
use crate::program::Program;
use crate::render::{Notation, Printer, Speaker, word};
use serde_json::{Map, Value, json};

/// A checked claim.
pub fn verdict(v: &Verdict, steps: bool) -> Value {
    let speaker = Speaker::of_verdict(v, Printer::new(Notation::Unicode));
    let text = |e: &Expr| texts(&speaker.ast(e));
    let question = &v.question;
    let mut out = Map::new();
    out.insert("schema".into(), json!(1));
    out.insert("of".into(), json!(question.label().to_string()));
    let targets: Vec<&str> = question.targets().map(|t| t.label.as_str()).collect();
    out.insert("wrt".into(), if let [one] = targets[..] { json!(one) } else { json!(targets) });
    out.insert("order".into(), json!(question.order()));
    out.insert("form".into(), json!(layout_word(question.form)));
    out.insert("shape".into(), shape(&question.shape));
    out.insert("claim".into(), texts(&v.claim.written));
    out.insert("verdict".into(), json!(v.answer.word()));
    out.insert("result".into(), v.right.as_ref().map_or(Value::Null, text));
    match &v.answer {
        Answer::Yes { check, proof, exact } => agreement(&mut out, check, proof.as_deref(), *exact, &speaker),
        Answer::Undecided { check, unseen } => open(&mut out, check, unseen, &speaker),
        Answer::No { wrong, slip, holds_if, .. } => {
            let slip = slip.as_ref().map(|s| {
                let corrected = s.corrected.as_ref().map_or(Value::Null, text);
                json!({"kind": s.kind.word(), "message": speaker.slip(s, question), "corrected": corrected})
            });
            out.insert("slip".into(), slip.unwrap_or(Value::Null));
            disagreement(&mut out, wrong, holds_if, &question.program, ["claim", "derivative"]);
        }
    }
    if let Some([claim, derivative]) = &v.values {
        let of = question.shape_of_values();
        out.insert("values".into(), json!({"claim": to_json(claim, of), "derivative": to_json(derivative, of)}));
    }
    if let (true, Some(d)) = (steps, &question.derivation) {
        let steps = d.derivatives.iter().flat_map(|one| d.steps_of(one)).map(|(_, s)| step(s, speaker.style()));
        out.insert("steps".into(), steps.collect());
    }
    out.insert("notes".into(), notes(&question.notes));
    Value::Object(out)
}

/// An equality.
pub fn equality(e: &Equality) -> Value {
    let speaker = Speaker::of_program(&e.program, Printer::new(Notation::Unicode));
    let mut out = Map::new();
    out.insert("schema".into(), json!(1));
    out.insert("left".into(), texts(&e.left));
    out.insert("right".into(), texts(&e.right));
    out.insert("verdict".into(), json!(e.answer.word()));
    match &e.answer {
        Answer::Yes { check, proof, exact } => agreement(&mut out, check, proof.as_deref(), *exact, &speaker),
        Answer::Undecided { check, unseen } => open(&mut out, check, unseen, &speaker),
        Answer::No { wrong, holds_if, .. } => disagreement(&mut out, wrong, holds_if, &e.program, ["left", "right"]),
    }
    out.insert("notes".into(), notes(&e.notes));
    Value::Object(out)
}

/// A simplification.
pub fn simplification(s: &Simplification, steps: bool) -> Value {
    let speaker = Speaker::of_program(&s.program, Printer::new(Notation::Unicode));
    let result = speaker.ast(&s.result);
    let mut out = Map::new();
    out.insert("schema".into(), json!(1));
    out.insert("of".into(), json!(s.of.to_string()));
    out.insert("shape".into(), shape(s.result.shape()));
    out.insert("expression".into(), texts(&speaker.ast(&s.before)));
    out.insert("result".into(), texts(&result));
    out.insert("size".into(), json!(result.size()));
    if steps {
        out.insert("steps".into(), s.steps.iter().map(|s| step(s, speaker.style())).collect());
    }
    let check = s.check.as_ref().map_or_else(|| json!({"verdict": "not checked"}), numbers);
    out.insert("check".into(), check);
    out.insert("notes".into(), notes(&s.notes));
    Value::Object(out)
}

fn numbers(check: &Check) -> Value {
    json!({"verdict": "agrees", "points": check.points, "max_rel_error": check.max_rel_error})
}

fn agreement(out: &mut Map<String, Value>, check: &Check, proof: Option<&[Step]>, exact: bool, speaker: &Speaker) {
    let steps = |steps: &[Step]| steps.iter().map(|s| step(s, speaker.style())).collect();
    out.insert("proof".into(), proof.map_or(Value::Null, steps));
    out.insert("exact".into(), json!(exact));
    out.insert("check".into(), numbers(check));
}

/// What was not decided.
fn open(out: &mut Map<String, Value>, check: &Check, unseen: &[Expr], speaker: &Speaker) {
    out.insert("unseen".into(), unseen.iter().map(|e| texts(&speaker.ast(e))).collect());
    out.insert("check".into(), numbers(check));
}

fn disagreement(
    out: &mut Map<String, Value>,
    wrong: &Wrong,
    holds_if: &[Condition],
    program: &Program,
    sides: [&str; 2],
) {
    let difference = match wrong {
        Wrong::Shape { found, expected } => {
            json!({"shapes": {sides[0]: shape(found), sides[1]: shape(expected)}})
        }
        Wrong::Entry(d) => json!({
            "entry": [d.entry.0 + 1, d.entry.1 + 1],
            sides[0]: d.left,
            sides[1]: d.right,
            "undefined": d.reason,
            "gap": d.gap,
            "sizes": d.at.sizes.iter().map(|(n, k)| (n.to_string(), json!(k))).collect::<Map<_, _>>(),
            "at": point(program, d),
        }),
    };
    out.insert("difference".into(), difference);
    out.insert("holds_if".into(), holds_if.iter().map(condition).collect());
}

/// The point in the form `--at` reads.
fn point(program: &Program, d: &Difference) -> Value {
    let array = |name: &Symbol, of: &Shape| match program.plates.get(name) {
        Some(_) => Some((name.to_string(), list(members(name, d, of)))),
        None => Some((name.to_string(), to_json(d.at.arrays.get(name)?, of))),
    };
    let arrays = program.inputs.iter().filter_map(|i| array(&i.name, &i.shape));
    let functions = d.at.functions.iter().map(|(n, f)| (n.to_string(), json!(f.ascii())));
    Value::Object(arrays.chain(functions).collect())
}

/// Values with the places of the members they belong to.
type MemberValues = Vec<(Vec<i64>, Value)>;

/// The members of a family at a point, with their places.
fn members(name: &Symbol, d: &Difference, of: &Shape) -> MemberValues {
    let place = |p: &Place| p.offset.as_constant();
    let member = |(s, a): (&Symbol, _)| match s.as_indexed() {
        Some(Indexed::Member { family, at }) if family == name => {
            Some((at.iter().map(place).collect::<Option<Vec<i64>>>()?, to_json(a, of)))
        }
        Some(_) | None => None,
    };
    let mut found: MemberValues = d.at.arrays.iter().filter_map(member).collect();
    found.sort_by(|a, b| a.0.cmp(&b.0));
    found
}

/// One list in the other for every index.
fn list(members: MemberValues) -> Value {
    if let [(at, value)] = members.as_slice()
        && at.is_empty()
    {
        return value.clone();
    }
    let mut groups: Vec<(i64, MemberValues)> = vec![];
    for (at, value) in members {
        let Some((first, rest)) = at.split_first() else { continue };
        match groups.last_mut().filter(|(own, _)| own == first) {
            Some((_, group)) => group.push((rest.to_vec(), value)),
            None => groups.push((*first, vec![(rest.to_vec(), value)])),
        }
    }
    groups.into_iter().map(|(_, group)| list(group)).collect()
}

fn condition(condition: &Condition) -> Value {
    match condition {
        Condition::Facts(facts) => {
            facts.iter().map(|(n, a)| json!({"name": n.to_string(), "fact": word(*a)})).collect()
        }
        Condition::Equal(a, b) => json!([{"name": a.to_string(), "equals": b.to_string()}]),
    }
}
