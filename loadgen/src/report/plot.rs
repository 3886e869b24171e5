//! Plots as SVG: colours come from the page's style, numbers are all there is in them.

mod changes;
mod curve;
mod scale;
mod search;
mod timeline;

pub(super) use changes::changes;
pub(super) use curve::latency_curve;
pub(super) use search::search;
pub(super) use timeline::timeline;

use std::fmt::Write;

use self::scale::Scale;

/// Width of a plot, in its own units.
const WIDTH: f64 = 760.0;
/// Room for labels to the left.
const LEFT: f64 = 70.0;
/// Room to the right, for the last label's second half.
const RIGHT: f64 = 22.0;

/// Where a panel lies in its plot.
#[derive(Clone, Copy)]
struct Panel {
    top: f64,
    bottom: f64,
}

impl Panel {
    fn x(self, scale: Scale) -> impl Fn(f64) -> f64 {
        move |value| LEFT + scale.place(value) * (WIDTH - LEFT - RIGHT)
    }

    fn y(self, scale: Scale) -> impl Fn(f64) -> f64 {
        move |value| self.bottom - scale.place(value) * (self.bottom - self.top)
    }
}

fn open(svg: &mut String, height: f64, label: &str) {
    let _ = write!(svg, r#"<svg viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{label}">"#);
}

/// Lines across a panel with what they stand for.
fn rows(svg: &mut String, panel: Panel, scale: Scale, label: impl Fn(f64) -> String) {
    let y = panel.y(scale);
    for tick in scale.ticks() {
        let at = y(tick);
        let _ = write!(
            svg,
            r#"<path class="grid" d="M{LEFT} {at:.1}H{:.1}"/><text class="y" x="{:.1}" y="{:.1}">{}</text>"#,
            WIDTH - RIGHT,
            LEFT - 8.0,
            at + 4.0,
            label(tick)
        );
    }
}

/// A line down a panel with what it stands for below.
fn column(svg: &mut String, panel: Panel, at: f64, label: &str) {
    let _ = write!(
        svg,
        r#"<path class="grid" d="M{at:.1} {:.1}V{:.1}"/><text class="x" x="{at:.1}" y="{:.1}">{label}</text>"#,
        panel.top,
        panel.bottom,
        panel.bottom + 18.0
    );
}

/// What a panel is about, with a sample of each line.
fn legend(svg: &mut String, panel: Panel, title: &str, lines: &[(&str, &str)]) {
    let y = panel.top - 8.0;
    let _ = write!(svg, r#"<text class="title" x="{LEFT}" y="{y:.1}">{title}</text>"#);
    let mut x = WIDTH - RIGHT;
    for (class, name) in lines.iter().rev() {
        x -= 7.5 * name.len() as f64;
        let _ = write!(
            svg,
            r#"<text x="{x:.1}" y="{y:.1}">{name}</text><path class="{class}" d="M{:.1} {:.1}h18"/>"#,
            x - 24.0,
            y - 4.0
        );
        x -= 42.0;
    }
}

/// A line through points, broken where there is none.
fn line(svg: &mut String, class: &str, points: impl Iterator<Item = Option<(f64, f64)>>) {
    let mut path = String::new();
    let mut is_drawing = false;
    for point in points {
        match point {
            Some((x, y)) => {
                let _ = write!(path, "{}{x:.1} {y:.1}", if is_drawing { "L" } else { "M" });
                is_drawing = true;
            }
            None => is_drawing = false,
        }
    }
    if !path.is_empty() {
        let _ = write!(svg, r#"<path class="{class}" d="{path}"/>"#);
    }
}
