//! The run over time: rate, latency, errors, one above the other.

use std::fmt::Write;

use super::{LEFT, Panel, RIGHT, Scale, WIDTH, column, legend, line, open, rows};
use crate::number;
use crate::report::series::Point;

const HEIGHT: f64 = 500.0;
const RATE: Panel = Panel { top: 30.0, bottom: 130.0 };
const LATENCY: Panel = Panel { top: 180.0, bottom: 340.0 };
const ERRORS: Panel = Panel { top: 390.0, bottom: 460.0 };

/// Requests a second, p50 and p99, errors a second.
pub(in crate::report) fn timeline(points: &[Point]) -> String {
    let mut svg = String::new();
    open(&mut svg, HEIGHT, "Rate, latency and errors over time");
    let end = points.last().map_or(0.0, |point| point.start + point.length);
    let x_scale = Scale::exact(end);
    for panel in [RATE, LATENCY, ERRORS] {
        let x = panel.x(x_scale);
        for tick in x_scale.ticks() {
            column(&mut svg, panel, x(tick), &format!("{} s", number::rate(tick)));
        }
    }
    rate(&mut svg, points, x_scale);
    latency(&mut svg, points, x_scale);
    errors(&mut svg, points, x_scale);
    hints(&mut svg, points, x_scale);
    svg.push_str("</svg>");
    svg
}

fn middle(point: &Point) -> f64 {
    point.start + point.length / 2.0
}

fn highest(values: impl Iterator<Item = f64>) -> f64 {
    values.filter(|value| value.is_finite()).fold(0.0, f64::max)
}

fn rate(svg: &mut String, points: &[Point], x_scale: Scale) {
    let scale = Scale::linear(highest(points.iter().map(|point| point.sent)));
    rows(svg, RATE, scale, number::rate);
    let (x, y) = (RATE.x(x_scale), RATE.y(scale));
    line(svg, "first", points.iter().map(|point| Some((x(middle(point)), y(point.sent)))));
    legend(svg, RATE, "Requests sent a second", &[]);
}

fn latency(svg: &mut String, points: &[Point], x_scale: Scale) {
    let scale = Scale::around(points.iter().flat_map(|point| [point.p50, point.p99]).flatten());
    rows(svg, LATENCY, scale, number::round_latency);
    let (x, y) = (LATENCY.x(x_scale), LATENCY.y(scale));
    let place = |point: &Point, value: Option<f64>| value.map(|value| (x(middle(point)), y(value)));
    line(svg, "second", points.iter().map(|point| place(point, point.p50)));
    line(svg, "first", points.iter().map(|point| place(point, point.p99)));
    legend(svg, LATENCY, "Response time", &[("second", "p50"), ("first", "p99")]);
}

fn errors(svg: &mut String, points: &[Point], x_scale: Scale) {
    let scale = Scale::linear(highest(points.iter().map(|point| point.errors)));
    rows(svg, ERRORS, scale, number::rate);
    let (x, y) = (ERRORS.x(x_scale), ERRORS.y(scale));
    for point in points.iter().filter(|point| point.errors > 0.0) {
        let (from, to, top) = (x(point.start), x(point.start + point.length), y(point.errors));
        let _ = write!(
            svg,
            r#"<rect class="bad" x="{from:.1}" y="{top:.1}" width="{:.1}" height="{:.1}"/>"#,
            (to - from).max(1.0),
            (ERRORS.bottom - top).max(1.0)
        );
    }
    legend(svg, ERRORS, "Errors a second", &[]);
}

/// What a pointer over a moment is told.
fn hints(svg: &mut String, points: &[Point], x_scale: Scale) {
    let x = RATE.x(x_scale);
    for point in points {
        let (from, to) = (x(point.start), x(point.start + point.length));
        let shown = |value: Option<f64>| value.map_or(number::NONE.to_owned(), number::latency);
        let _ = write!(
            svg,
            r#"<rect class="hint" x="{from:.1}" y="{}" width="{:.1}" height="{}"><title>{} s: sent {}/s, p50 {}, p99 {}, errors {}/s</title></rect>"#,
            RATE.top,
            (to - from).clamp(0.5, WIDTH - LEFT - RIGHT),
            ERRORS.bottom - RATE.top,
            number::rate(point.start),
            number::rate(point.sent),
            shown(point.p50),
            shown(point.p99),
            number::rate(point.errors)
        );
    }
}
