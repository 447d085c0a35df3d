//! Where nodes and edges stand: layers from top to bottom, laid out by layout-rs. The only file that names it.

use layout::core::base::Orientation;
use layout::core::format::{ClipHandle, RenderBackend};
use layout::core::geometry::Point;
use layout::core::style::StyleAttr;
use layout::std_shapes::shapes::{Arrow, Element, ShapeKind};
use layout::topo::layout::VisualGraph;

/// A rectangle, its middle first.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Box {
    pub x: f64,
    pub y: f64,
    pub width: f64,
    pub height: f64,
}

impl Box {
    pub fn top(&self) -> f64 {
        self.y - self.height / 2.0
    }

    pub fn bottom(&self) -> f64 {
        self.y + self.height / 2.0
    }
}

/// Points of a cubic curve: where it starts, then two control points and an end for each piece.
pub type Curve = Vec<(f64, f64)>;

/// What was placed, in the order it was given.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Placed {
    pub boxes: Vec<Box>,
    pub curves: Vec<Curve>,
    pub width: f64,
    pub height: f64,
}

/// Space around the picture.
const MARGIN: f64 = 16.0;

/// Places boxes of these sizes, joined by these edges; no edge leads back.
pub fn place(sizes: &[(f64, f64)], edges: &[(usize, usize)]) -> Placed {
    let mut graph = VisualGraph::new(Orientation::TopToBottom);
    let node = |(i, (width, height)): (usize, &(f64, f64))| {
        let size = Point::new(*width, *height);
        let shape = ShapeKind::new_box("");
        Element::create_with_properties(shape, StyleAttr::simple(), Orientation::TopToBottom, size, i.to_string())
    };
    let handles: Vec<_> = sizes.iter().enumerate().map(node).map(|element| graph.add_node(element)).collect();
    for (i, (from, to)) in edges.iter().enumerate() {
        graph.add_edge(Arrow::simple_with_properties("", i.to_string()), handles[*from], handles[*to]);
    }
    let mut seen = Seen { boxes: vec![Box::default(); sizes.len()], curves: vec![vec![]; edges.len()] };
    graph.do_it(false, false, false, &mut seen);
    seen.placed()
}

/// Takes down what layout-rs would draw.
struct Seen {
    boxes: Vec<Box>,
    curves: Vec<Curve>,
}

impl Seen {
    /// Everything moved to the corner of the page.
    fn placed(self) -> Placed {
        let left = |b: &Box| b.x - b.width / 2.0;
        let points = || self.curves.iter().flatten();
        let least = |boxes: &mut dyn Iterator<Item = f64>| boxes.fold(f64::INFINITY, f64::min);
        let x = least(&mut self.boxes.iter().map(left).chain(points().map(|p| p.0))) - MARGIN;
        let y = least(&mut self.boxes.iter().map(Box::top).chain(points().map(|p| p.1))) - MARGIN;
        let boxes: Vec<Box> = self.boxes.iter().map(|b| Box { x: b.x - x, y: b.y - y, ..*b }).collect();
        let curves: Vec<Curve> = self.curves.iter().map(|c| c.iter().map(|(a, b)| (a - x, b - y)).collect()).collect();
        let right = boxes.iter().map(|b| b.x + b.width / 2.0).chain(curves.iter().flatten().map(|p| p.0));
        let bottom = boxes.iter().map(Box::bottom).chain(curves.iter().flatten().map(|p| p.1));
        let (width, height) = (right.fold(0.0, f64::max) + MARGIN, bottom.fold(0.0, f64::max) + MARGIN);
        Placed { boxes, curves, width, height }
    }
}

impl RenderBackend for Seen {
    fn draw_rect(&mut self, xy: Point, size: Point, _: &StyleAttr, properties: Option<String>, _: Option<ClipHandle>) {
        let place = properties.and_then(|p| p.parse::<usize>().ok()).and_then(|i| self.boxes.get_mut(i));
        if let Some(place) = place {
            *place = Box { x: xy.x + size.x / 2.0, y: xy.y + size.y / 2.0, width: size.x, height: size.y };
        }
    }

    /// The first pair is a point and the control behind it, every other one a control and the point behind it; a curve
    /// goes on smoothly.
    fn draw_arrow(
        &mut self,
        path: &[(Point, Point)],
        _: bool,
        _: (bool, bool),
        _: &StyleAttr,
        properties: Option<String>,
        _: &str,
    ) {
        let place = properties.and_then(|p| p.parse::<usize>().ok()).and_then(|i| self.curves.get_mut(i));
        let (Some(place), Some((first, rest))) = (place, path.split_first()) else { return };
        let mut curve = vec![(first.0.x, first.0.y)];
        let mut control = first.1;
        for (before, end) in rest {
            curve.extend([(control.x, control.y), (before.x, before.y), (end.x, end.y)]);
            control = Point::new(2.0 * end.x - before.x, 2.0 * end.y - before.y);
        }
        *place = curve;
    }

    fn draw_line(&mut self, _: Point, _: Point, _: &StyleAttr, _: Option<String>) {}

    fn draw_circle(&mut self, _: Point, _: Point, _: &StyleAttr, _: Option<String>) {}

    fn draw_text(&mut self, _: Point, _: &str, _: &StyleAttr) {}

    fn create_clip(&mut self, _: Point, _: Point, _: usize) -> ClipHandle {
        0
    }
}
