//! Stacks, slices and unvec: linear operators that only place entries. Their sizes stand inside the operator, so that no
//! statement with letters can hold their rules: of derivatives, in an e-graph, and of the normal form, on trees.

use super::analysis::{Graph, Varying};
use super::language::Node;
use super::pattern::{Matched, reference};
use super::view::{Rewrite, class, members, references, whole};
use crate::expr::{
    Builtin, Expr, Op, Range, Shape, Size, add, build, builtin, differential, eye, had, inner, kron, mul,
    split_scalars, transpose, zeros,
};
use egg::Id;

/// Rules of placing operators at this node: their differential, their pullback and their Jacobian.
pub fn rewrites(graph: &Graph, id: Id, node: &Node) -> Vec<Rewrite> {
    match *node.op {
        Op::Differential => {
            members(graph, node.args[0], graph.find(id)).filter_map(|n| moved(graph, node, n)).collect()
        }
        Op::Inner => members(graph, node.args[1], graph.find(id)).filter_map(|n| pulled_back(graph, node, n)).collect(),
        Op::Builtin(Builtin::Vec) if holds_differential(graph, node.args[0]) => {
            members(graph, node.args[0], graph.find(id)).filter_map(|n| placed(graph, node, n)).collect()
        }
        Op::Slice { ref rows, ref cols } if holds_differential(graph, node.args[0]) => {
            entry(graph, node, rows, cols).into_iter().collect()
        }
        _ => vec![],
    }
}

fn holds_differential(graph: &Graph, id: Id) -> bool {
    matches!(graph.analysis.varying, Varying::Differential) && graph[id].data.varying
}

fn around(graph: &Graph, node: &Node, at: usize, inside: &Node) -> Matched {
    let arg = |(i, a): (usize, &Id)| if i == at { whole(graph, inside) } else { class(graph, *a) };
    Matched::Node(node.op.clone(), node.args.iter().enumerate().map(arg).collect())
}

/// `d([A; B]) = [d(A); d(B)]`, `d(A[r, c]) = d(A)[r, c]`, `d(unvec(a)) = unvec(d(a))`.
fn moved(graph: &Graph, node: &Node, inside: &Node) -> Option<Rewrite> {
    let name = match *inside.op {
        Op::Block { .. } => "d_block",
        Op::Slice { .. } => "d_slice",
        Op::Unvec(..) => "d_unvec",
        _ => return None,
    };
    let d = |id: &Id| {
        let e = reference(graph, *id);
        if graph[*id].data.varying { differential(e) } else { zeros(e.shape()) }
    };
    let to = build((*inside.op).clone(), inside.args.iter().map(d).collect());
    Some((around(graph, node, 0, inside), to, name))
}

/// ⟨G, [A; B]⟩ = ⟨top of G, A⟩ + ⟨bottom of G, B⟩; a slice pulls back to G among zeros; unvec to vec.
fn pulled_back(graph: &Graph, node: &Node, inside: &Node) -> Option<Rewrite> {
    let g = reference(graph, node.args[0]);
    let args = references(graph, &inside.args);
    let (to, name) = match &*inside.op {
        Op::Block { cols, .. } => (add(parts(&g, *cols, &args)), "pullback_block"),
        Op::Slice { rows, cols } => {
            (inner(among_zeros(&g, rows, cols, args[0].shape()), args[0].clone()), "pullback_slice")
        }
        Op::Unvec(..) => (inner(build(Op::Builtin(Builtin::Vec), vec![g]), args[0].clone()), "pullback_unvec"),
        _ => return None,
    };
    Some((around(graph, node, 1, inside), to, name))
}

/// What becomes of each block, `cols` to a row, given the rows and the columns it stands in.
fn in_places(cols: usize, blocks: &[Expr], mut f: impl FnMut(&Expr, &Range, &Range) -> Expr) -> Vec<Expr> {
    let mut terms = Vec::new();
    let mut top = Size::constant(0);
    for row in blocks.chunks(cols) {
        let mut left = Size::constant(0);
        let height = row[0].shape().rows.clone();
        for block in row {
            let width = block.shape().cols.clone();
            terms.push(f(block, &range(&top, &height), &range(&left, &width)));
            left = left.plus(&width);
        }
        top = top.plus(&height);
    }
    terms
}

/// The inner product of each block with its part of G; zero blocks drop out.
fn parts(g: &Expr, cols: usize, blocks: &[Expr]) -> Vec<Expr> {
    in_places(cols, blocks, |block, rows, cols| inner(slice(g, rows, cols), block.clone()))
}

/// The `count` places after the first `before`.
fn range(before: &Size, count: &Size) -> Range {
    Range { first: before.plus(&Size::one()), last: before.plus(count) }
}

/// A slice; of everything it is the whole.
fn slice(e: &Expr, rows: &Range, cols: &Range) -> Expr {
    if *rows == Range::all(&e.shape().rows) && *cols == Range::all(&e.shape().cols) {
        return e.clone();
    }
    Expr::node(Op::Slice { rows: rows.clone(), cols: cols.clone() }, vec![e.clone()])
}

/// G in the place of the slice, zeros around it; in one row or column, times a unit vector, which is as much.
fn among_zeros(g: &Expr, rows: &Range, cols: &Range, whole: &Shape) -> Expr {
    if let Some(product) = by_unit_vectors(g, rows, cols, whole) {
        return product;
    }
    let before = |r: &Range| r.first.minus(&Size::one());
    let after = |r: &Range, n: &Size| n.minus(&r.last);
    let heights = [before(rows), rows.len(), after(rows, &whole.rows)];
    let widths = [before(cols), cols.len(), after(cols, &whole.cols)];
    let some = |s: &&Size| s.as_constant() != Some(0);
    let (hs, ws): (Vec<&Size>, Vec<&Size>) =
        (heights.iter().filter(some).collect(), widths.iter().filter(some).collect());
    let own = |h: &Size, w: &Size| std::ptr::eq(h, &heights[1]) && std::ptr::eq(w, &widths[1]);
    let cell = |h: &Size, w: &Size| if own(h, w) { g.clone() } else { zeros(&Shape::new(h.clone(), w.clone())) };
    let cells = hs.iter().flat_map(|h| ws.iter().map(|w| cell(h, w)).collect::<Vec<_>>()).collect();
    build(Op::Block { rows: hs.len(), cols: ws.len() }, cells)
}

/// `g e_i`, `e_i Gᵀ`, `g e_i e_jᵀ`; `None` of slices that are neither one row or column nor all of them.
fn by_unit_vectors(g: &Expr, rows: &Range, cols: &Range, whole: &Shape) -> Option<Expr> {
    let unit = |range: &Range, n: &Size| match *range == Range::all(n) {
        true => Some(None),
        false => range.len().is_one().then(|| Some(columns_of_identity(n, range))),
    };
    let (left, right) = (unit(rows, &whole.rows)?, unit(cols, &whole.cols)?.map(transpose));
    Some(mul(left.into_iter().chain([g.clone()]).chain(right).collect()))
}

/// One entry of a matrix, a scalar, is its own vec.
fn entry(graph: &Graph, node: &Node, rows: &Range, cols: &Range) -> Option<Rewrite> {
    let of = reference(graph, node.args[0]);
    let is_entry = rows.len().is_one() && cols.len().is_one() && !of.shape().is_vector();
    is_entry.then(|| (whole(graph, node), picked(&of, rows, cols), "vec_slice"))
}

/// vec(A[r, c]) by rows and columns of identities.
fn picked(of: &Expr, rows: &Range, cols: &Range) -> Expr {
    let (n, m) = (&of.shape().rows, &of.shape().cols);
    let pick = kron(transpose(columns_of_identity(m, cols)), transpose(columns_of_identity(n, rows)));
    mul(vec![pick, vec_of(of)])
}

/// `vec(A[r, c])` and `vec([A, B; C, D])`: rows and columns of identities pick and place what is stacked.
fn placed(graph: &Graph, node: &Node, inside: &Node) -> Option<Rewrite> {
    let args = references(graph, &inside.args);
    let (to, name) = match &*inside.op {
        Op::Slice { rows, cols } => (picked(&args[0], rows, cols), "vec_slice"),
        Op::Block { rows: 1, cols } => {
            (build(Op::Block { rows: *cols, cols: 1 }, args.iter().map(vec_of).collect()), "vec_block")
        }
        Op::Block { cols, .. } => (vec_of_blocks(*cols, &args, &graph[node.args[0]].data.shape), "vec_block"),
        _ => return None,
    };
    Some((around(graph, node, 0, inside), to, name))
}

/// Every block's vec, brought to its place among zeros.
fn vec_of_blocks(cols: usize, blocks: &[Expr], whole: &Shape) -> Expr {
    add(in_places(cols, blocks, |block, rows, cols| {
        let place = kron(columns_of_identity(&whole.cols, cols), columns_of_identity(&whole.rows, rows));
        mul(vec![place, vec_of(block)])
    }))
}

/// These columns of the n × n identity.
fn columns_of_identity(n: &Size, columns: &Range) -> Expr {
    match columns.len().is_one() && !n.is_one() {
        true => build(Op::Unit(n.clone(), columns.first.clone()), vec![]),
        false => slice(&eye(n), &Range::all(n), columns),
    }
}

fn vec_of(e: &Expr) -> Expr {
    builtin(Builtin::Vec, e.clone())
}

/// Transposes, sums, products and scalings of block matrices, block by block.
pub fn block_by_block(e: &Expr) -> Option<Expr> {
    match e.op() {
        Op::Transpose => {
            let (rows, cols) = grid(&e.args()[0])?;
            let cell = |i: usize, j: usize| transpose(e.args()[0].args()[i * cols + j].clone());
            stacked(cols, rows, |j, i| Some(cell(i, j)))
        }
        Op::Mul => block_product(e.args()),
        Op::Add => {
            let (rows, cols) = e.args().iter().find_map(grid)?;
            let same = |a: &Expr| grid(a) == Some((rows, cols)) && same_cells(a, &e.args()[0]);
            let all = e.args().iter().all(same);
            let cell = |i: usize| add(e.args().iter().map(|a| a.args()[i].clone()).collect());
            if all { stacked(rows, cols, |i, j| Some(cell(i * cols + j))) } else { None }
        }
        Op::Had => {
            let (scalars, array) = split_scalars(e.clone());
            let array = array.filter(|_| !scalars.is_empty())?;
            let (rows, cols) = grid(&array)?;
            let scaled = |a: &Expr| had([scalars.as_slice(), std::slice::from_ref(a)].concat());
            stacked(rows, cols, |i, j| Some(scaled(&array.args()[i * cols + j])))
        }
        _ => None,
    }
}

fn grid(e: &Expr) -> Option<(usize, usize)> {
    match e.op() {
        Op::Block { rows, cols } => Some((*rows, *cols)),
        _ => None,
    }
}

fn same_cells(a: &Expr, b: &Expr) -> bool {
    a.args().len() == b.args().len() && a.args().iter().zip(b.args()).all(|(x, y)| x.shape() == y.shape())
}

fn stacked(rows: usize, cols: usize, cell: impl Fn(usize, usize) -> Option<Expr>) -> Option<Expr> {
    let cells: Option<Vec<Expr>> =
        (0..rows).flat_map(|i| (0..cols).map(move |j| (i, j))).map(|(i, j)| cell(i, j)).collect();
    Some(build(Op::Block { rows, cols }, cells?))
}

/// The product of two block matrices that are cut alike inside.
fn block_product(factors: &[Expr]) -> Option<Expr> {
    let [left, right] = factors else { return None };
    let ((rows, inner), (more, cols)) = (grid(left)?, grid(right)?);
    let fits = |k: usize| left.args()[k].shape().cols == right.args()[k * cols].shape().rows;
    if inner != more || !(0..inner).all(fits) {
        return None;
    }
    let term = |i: usize, j: usize, k: usize| {
        let pair = [left.args()[i * inner + k].clone(), right.args()[k * cols + j].clone()];
        if pair.iter().any(Expr::is_scalar) { had(pair.to_vec()) } else { mul(pair.to_vec()) }
    };
    stacked(rows, cols, |i, j| Some(add((0..inner).map(|k| term(i, j, k)).collect())))
}
