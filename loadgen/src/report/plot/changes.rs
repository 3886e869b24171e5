//! How metrics have changed: the ratio to what they are compared with, its interval, and what is allowed.

use std::fmt::Write;

use super::{LEFT, Panel, Scale, column, open};
use crate::baseline::{Change, Comparison, Metric};

/// Height of one metric.
const ROW: f64 = 30.0;
const TOP: f64 = 14.0;
/// Room for the labels of the axis.
const BELOW: f64 = 28.0;
/// Least part that the axis shows to either side.
const LEAST: f64 = 0.05;
/// Most that it shows; what lies beyond is put at its end.
const MOST: f64 = 3.0;

/// A row for each metric: the interval as a bar, the change as a mark, what is allowed as a line.
pub(in crate::report) fn changes(comparison: &Comparison) -> String {
    let bottom = TOP + ROW * comparison.changes.len() as f64;
    let panel = Panel { top: TOP, bottom };
    let reach = reach(comparison);
    // The axis goes from -reach to +reach.
    let scale = Scale::exact(2.0 * reach);
    let x = panel.x(scale);
    let at = |ratio: f64| x(ratio - 1.0 + reach);
    let mut svg = String::new();
    open(&mut svg, bottom + BELOW, "Change of each metric");
    for step in [-1.0, -0.5, 0.0, 0.5, 1.0] {
        column(&mut svg, panel, at(1.0 + step * reach), &format!("{:+.0} %", step * reach * 100.0));
    }
    for (index, change) in comparison.changes.iter().enumerate() {
        let middle = TOP + ROW * (index as f64 + 0.5);
        row(&mut svg, change, comparison.max_regression, middle, &at);
    }
    svg.push_str("</svg>");
    svg
}

/// How far from no change the axis goes.
fn reach(comparison: &Comparison) -> f64 {
    let ends = comparison.changes.iter().flat_map(|change| {
        let (low, high) = change.interval.unzip();
        [change.ratio, low, high]
    });
    let far = ends.flatten().map(|ratio| (ratio - 1.0).abs()).filter(|part| part.is_finite());
    let far = far.fold(LEAST.max(comparison.max_regression * 1.2), f64::max).min(MOST);
    // In steps of a tenth, so that labels are whole percents.
    (far * 10.0).ceil() / 10.0
}

fn row(svg: &mut String, change: &Change, allowed: f64, y: f64, at: &impl Fn(f64) -> f64) {
    let _ =
        write!(svg, r#"<text class="y" x="{:.1}" y="{:.1}">{}</text>"#, LEFT - 8.0, y + 4.0, change.metric);
    let limit = match change.metric {
        Metric::Rps => 1.0 - allowed,
        Metric::P99 | Metric::P50 | Metric::P999 => 1.0 + allowed,
    };
    let _ = write!(
        svg,
        r#"<path class="limit" d="M{:.1} {:.1}V{:.1}"/>"#,
        at(limit),
        y - ROW / 2.0 + 3.0,
        y + ROW / 2.0 - 3.0
    );
    let class = if change.regressed { "breaks" } else { "first" };
    if let Some((low, high)) = change.interval {
        let _ = write!(svg, r#"<path class="{class}" d="M{:.1} {y:.1}H{:.1}"/>"#, at(low), at(high));
    }
    if let Some(ratio) = change.ratio {
        let class = if change.regressed { "bad" } else { "point" };
        let _ = write!(svg, r#"<circle class="{class}" cx="{:.1}" cy="{y:.1}" r="5"/>"#, at(ratio));
    }
}
