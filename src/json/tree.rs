//! Expressions as trees, for other systems of algebra: each node an operator of the core with its shape.

use crate::expr::{Constant, Expr, Function, Map, Op, Shape};
use serde_json::{Value, json};

/// The tree of an expression: `op`, `shape` (sizes as text, always two), what the operator itself holds, and `args`.
pub fn tree(e: &Expr) -> Value {
    let mut node = own(e.op());
    node["shape"] = extents(e.shape());
    node["args"] = e.args().iter().map(tree).collect();
    node
}

fn extents(shape: &Shape) -> Value {
    json!([shape.rows.to_string(), shape.cols.to_string()])
}

/// An operator by itself.
fn own(op: &Op) -> Value {
    match op {
        Op::Number(n) => json!({"op": "number", "value": n.to_string()}),
        Op::SizeNumber(size) => json!({"op": "size", "value": size.to_string()}),
        Op::Constant(Constant::Pi) => json!({"op": "constant", "name": "pi"}),
        Op::Constant(Constant::E) => json!({"op": "constant", "name": "e"}),
        Op::Variable(v) => json!({"op": "variable", "name": v.name.to_string()}),
        Op::Ones(_) => json!({"op": "ones"}),
        Op::Zeros(_) => json!({"op": "zeros"}),
        Op::Eye(_) => json!({"op": "eye"}),
        Op::Unit(_, i) => json!({"op": "unit", "index": i.to_string()}),
        Op::Tril(_) => json!({"op": "tril"}),
        Op::Commutation(n, m) => json!({"op": "K", "sizes": [n.to_string(), m.to_string()]}),
        Op::Duplication(_) => json!({"op": "dup"}),
        Op::Add => json!({"op": "add"}),
        Op::Had => json!({"op": "hadamard"}),
        Op::Mul => json!({"op": "mul"}),
        Op::Kron => json!({"op": "kron"}),
        Op::Transpose => json!({"op": "transpose"}),
        Op::Inverse => json!({"op": "inverse"}),
        Op::MatrixPower(k) => json!({"op": "matrix power", "exponent": k}),
        Op::Pow => json!({"op": "power"}),
        Op::Map(map) => applied(map),
        Op::Field(f) => json!({"op": "function of an array", "name": f.name.to_string()}),
        Op::Builtin(b) => json!({"op": "builtin", "name": b.ascii(), "axis": b.axis().word()}),
        Op::Unvec(..) => json!({"op": "unvec"}),
        Op::Block { rows, cols } => json!({"op": "block", "rows": rows, "cols": cols}),
        Op::Slice { .. } => json!({"op": "slice"}),
        Op::Differential => json!({"op": "differential"}),
        Op::Inner => json!({"op": "inner"}),
    }
}

fn applied(map: &Map) -> Value {
    match &map.function {
        Function::Builtin(f) => json!({"op": "map", "name": f.ascii(), "builtin": true, "order": map.order}),
        Function::Abstract(f) => json!({"op": "map", "name": f.to_string(), "builtin": false, "order": map.order}),
    }
}
