//! Who stands beside whom in a row, such that few edges cross: found by layout-rs, and then by sorting each row by the
//! means of what its items are joined to (the barycentres of Sugiyama, Tagawa and Toda). The only file that names layout-rs.

use layout::core::base::Orientation;
use layout::core::format::{ClipHandle, RenderBackend};
use layout::core::geometry::Point;
use layout::core::style::StyleAttr;
use layout::std_shapes::shapes::{Arrow, Element, ShapeKind};
use layout::topo::layout::VisualGraph;

/// Links between items, the upper one first; every link leads to the next row.
pub type Links = [(usize, usize)];

const SWEEPS: usize = 24;

/// Puts the items of each row in order. Where nothing else decides, they stand in the order the links name them.
pub fn order(rows: &mut [Vec<usize>], items: usize, links: &Links) {
    let mut x = ordered(items, links);
    rows.iter_mut().for_each(|row| sort(row, &mut x));
    let from = |row: &Vec<usize>| links.iter().filter(|(upper, _)| row.contains(upper)).copied().collect();
    let below: Vec<Vec<(usize, usize)>> = rows.iter().map(from).collect();
    let (mut best, mut fewest) = (rows.to_vec(), crossings(&below, &x));
    for sweep in 0..SWEEPS {
        let upwards = sweep % 2 == 0;
        for k in 0..rows.len() {
            let k = if upwards { rows.len() - 1 - k } else { k };
            let joined = if upwards { Some(k) } else { k.checked_sub(1) };
            let Some(joined) = joined.map(|k| &below[k]) else { continue };
            let means: Vec<f64> = rows[k].iter().map(|i| mean(*i, joined, &x)).collect();
            rows[k].iter().zip(means).for_each(|(i, mean)| x[*i] = mean);
            sort(&mut rows[k], &mut x);
        }
        let found = crossings(&below, &x);
        if found < fewest {
            (best, fewest) = (rows.to_vec(), found);
        }
    }
    rows.clone_from_slice(&best);
}

/// Sorts a row by the places of its items, and counts them through.
fn sort(row: &mut [usize], x: &mut [f64]) {
    row.sort_by(|a, b| x[*a].total_cmp(&x[*b]));
    row.iter().enumerate().for_each(|(place, i)| x[*i] = place as f64);
}

/// The mean of what an item is joined to by these links; its own place where that is nothing.
fn mean(item: usize, links: &Links, x: &[f64]) -> f64 {
    let other = |(a, b): &(usize, usize)| if *a == item { Some(x[*b]) } else { (*b == item).then(|| x[*a]) };
    let joined: Vec<f64> = links.iter().filter_map(other).collect();
    if joined.is_empty() { x[item] } else { joined.iter().sum::<f64>() / joined.len() as f64 }
}

/// How many of the links below each row cross.
fn crossings(below: &[Vec<(usize, usize)>], x: &[f64]) -> usize {
    let cross = |(a, b): &(usize, usize), (c, d): &(usize, usize)| (x[*a] - x[*c]) * (x[*b] - x[*d]) < 0.0;
    let within = |links: &Vec<(usize, usize)>| -> usize {
        links.iter().enumerate().map(|(i, link)| links[..i].iter().filter(|other| cross(link, other)).count()).sum()
    };
    below.iter().map(within).sum()
}

/// Where layout-rs puts the items.
fn ordered(items: usize, links: &Links) -> Vec<f64> {
    let mut graph = VisualGraph::new(Orientation::TopToBottom);
    let item = |i: usize| {
        let (shape, size) = (ShapeKind::new_box(""), Point::new(10.0, 10.0));
        Element::create_with_properties(shape, StyleAttr::simple(), Orientation::TopToBottom, size, i.to_string())
    };
    let mut handles = vec![None; items];
    for i in links.iter().flat_map(|(from, to)| [*from, *to]) {
        handles[i].get_or_insert_with(|| graph.add_node(item(i)));
    }
    for (from, to) in links.iter().filter_map(|(from, to)| handles[*from].zip(handles[*to])) {
        graph.add_edge(Arrow::simple(""), from, to);
    }
    let mut seen = DrawnAt(vec![0.0; items]);
    graph.do_it(false, false, false, &mut seen);
    seen.0
}

/// Takes down where layout-rs would draw.
struct DrawnAt(Vec<f64>);

impl RenderBackend for DrawnAt {
    fn draw_rect(&mut self, xy: Point, size: Point, _: &StyleAttr, properties: Option<String>, _: Option<ClipHandle>) {
        let place = properties.and_then(|p| p.parse::<usize>().ok()).and_then(|i| self.0.get_mut(i));
        place.into_iter().for_each(|x| *x = xy.x + size.x / 2.0);
    }

    fn draw_arrow(
        &mut self,
        _: &[(Point, Point)],
        _: bool,
        _: (bool, bool),
        _: &StyleAttr,
        _: Option<String>,
        _: &str,
    ) {
    }

    fn draw_line(&mut self, _: Point, _: Point, _: &StyleAttr, _: Option<String>) {}

    fn draw_circle(&mut self, _: Point, _: Point, _: &StyleAttr, _: Option<String>) {}

    fn draw_text(&mut self, _: Point, _: &str, _: &StyleAttr) {}

    fn create_clip(&mut self, _: Point, _: Point, _: usize) -> ClipHandle {
        0
    }
}
