//! Figures as Plotly panels. Colours are tokens (`@data`) that the page replaces for the theme in use; pixels are in the
//! static picture alone, whose colours the page turns back into values.

use serde_json::{Value, json};

use amorph_core::figure::{Palette, Role, RuleAxis, Scale};

use crate::frame::{Frame, FrameAxis, Layer, Picture, Shape};
use crate::svg::runs;
use crate::{colour, raster, ticks};

/// Everything the page needs to draw a figure: `{ key, columns, panels: [{ data, layout, aspect }] }`.
///
/// `columns` is zero where panels flow as they fit.
pub fn payload(key: &str, frames: &[Frame], columns: Option<usize>) -> Value {
    json!({ "key": key, "columns": columns.unwrap_or(0), "panels": frames.iter().map(panel).collect::<Vec<_>>() })
}

/// The colours of every palette from the lowest to the highest level, as one text of six digits each.
pub fn palettes() -> Value {
    let all = [Palette::Sequential, Palette::Diverging, Palette::Topography, Palette::Cyclic];
    let text = |palette: Palette| raster::colours(palette).map(|colour| colour::hex(colour).split_off(1)).collect::<String>();
    all.into_iter()
        .map(|palette| (palette_name(palette).to_owned(), json!(text(palette))))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

fn palette_name(palette: Palette) -> &'static str {
    match palette {
        Palette::Sequential => "sequential",
        Palette::Diverging => "diverging",
        Palette::Topography => "topography",
        Palette::Cyclic => "cyclic",
    }
}

fn panel(frame: &Frame) -> Value {
    let mut traces = Vec::new();
    let mut shapes = Vec::new();
    let pictured = frame.layers.iter().any(|layer| matches!(layer.shape, Shape::Image(_)));
    for layer in &frame.layers {
        match &layer.shape {
            Shape::Rule { axis, at } if at.is_finite() => shapes.push(rule(layer, *axis, *at)),
            Shape::Rule { .. } => {}
            _ => traces.extend(layer_traces(frame, layer, pictured)),
        }
    }
    name_once(&mut traces);
    name_once(&mut shapes);
    let aspect = frame.equal_aspect.then(|| {
        let span = |[lo, hi]: [f64; 2]| hi - lo;
        compact((span(frame.y.range) / span(frame.x.range)).clamp(0.05, 20.0))
    });
    json!({
        "data": traces,
        "layout": {
            "xaxis": axis(&frame.x, pictured),
            "yaxis": axis(&frame.y, pictured),
            "shapes": shapes,
            "twin": frame.x.twin.as_ref().map(|(label, per)| json!({ "label": text(label), "per": compact(*per) })),
        },
        "aspect": aspect,
    })
}

/// A name that occurs twice is listed once.
fn name_once(drawn: &mut [Value]) {
    let mut seen: Vec<String> = Vec::new();
    for item in drawn {
        let Some(name) = item["name"].as_str().map(str::to_owned) else { continue };
        if name.is_empty() || seen.contains(&name) {
            item["showlegend"] = json!(false);
        }
        item["legendgroup"] = json!(name);
        seen.push(name);
    }
}

fn axis(axis: &FrameAxis, pictured: bool) -> Value {
    let ends = if axis.scale == Scale::Log { axis.range.map(f64::log10) } else { axis.range };
    let mut spec = json!({
        "title": { "text": text(&axis.label) },
        "type": if axis.scale == Scale::Log { "log" } else { "linear" },
        "range": ends.map(compact),
        "showgrid": !pictured,
        "mirror": pictured,
        "label": axis.label,
    });
    if !axis.categories.is_empty() {
        spec["tickvals"] = (0..axis.categories.len()).collect();
        spec["ticktext"] = axis.categories.iter().map(|name| text(name)).collect();
        spec["showgrid"] = json!(false);
    }
    if axis.scale == Scale::Log {
        spec["exponentformat"] = json!("power");
        spec["dtick"] = if ends[1] - ends[0] < 1.6 { json!("D2") } else { json!(((ends[1] - ends[0]) / 7.0).ceil()) };
    }
    spec
}

fn layer_traces(frame: &Frame, layer: &Layer, pictured: bool) -> Vec<Value> {
    let colour = colour::token(layer.role);
    let hover = format!("%{{x:.4~g}}{}, %{{y:.4~g}}{}", spaced(&frame.x.unit), spaced(&frame.y.unit));
    let lines = |x: &[f64], y: &[f64], width: f64, dash: &str, hover: &str| {
        json!({
            "type": "scatter", "mode": "lines", "name": text(&layer.name), "x": numbers(x), "y": numbers(y),
            "line": { "color": colour, "width": width, "dash": dash }, "hovertemplate": hover, "connectgaps": false,
        })
    };
    match &layer.shape {
        Shape::Line { x, y, dashed } => {
            let width = if layer.role == Role::Model { 2.2 } else { 1.7 };
            vec![lines(x, y, width, dash(layer.role, *dashed), &hover)]
        }
        Shape::Points { x, y, x_interval, y_interval } => {
            let mut trace = json!({
                "type": "scatter", "mode": "markers", "name": text(&layer.name), "x": numbers(x), "y": numbers(y),
                "marker": marker(layer.role, x.len(), &colour), "hovertemplate": hover,
            });
            for (key, values, interval) in [("error_x", x, x_interval), ("error_y", y, y_interval)] {
                if !interval.is_empty() {
                    trace[key] = error_bars(values, interval, &colour);
                }
            }
            vec![trace]
        }
        Shape::Band { x, lo, hi } => band(layer, &colour, x, lo, hi),
        Shape::Steps { edges, heights } => {
            let mut closed = heights.clone();
            closed.extend(heights.last());
            let mut trace = lines(edges, &closed, 1.0, "solid", &hover);
            trace["line"]["shape"] = json!("hv");
            trace["fill"] = json!("tozeroy");
            trace["fillcolor"] = json!(format!("{colour}/0.32"));
            vec![trace]
        }
        Shape::Image(picture) if picture.has_place() => vec![heatmap(frame, picture)],
        Shape::Outlines(polygons) => {
            let (x, y) = outlines(polygons);
            let mut halo = lines(&x, &y, 2.6, "solid", "");
            halo["line"]["color"] = json!("@halo/0.75");
            halo["showlegend"] = json!(false);
            halo["hoverinfo"] = json!("skip");
            halo["name"] = json!("");
            let outline = lines(&x, &y, 1.2, "solid", "");
            if pictured { vec![halo, outline] } else { vec![outline] }
        }
        Shape::Image(_) | Shape::Rule { .. } => Vec::new(),
    }
}

/// The closed polygons one after the other, with gaps between them.
fn outlines(polygons: &[Vec<[f64; 2]>]) -> (Vec<f64>, Vec<f64>) {
    let gap = [f64::NAN; 2];
    let closed = polygons.iter().flat_map(|polygon| polygon.iter().chain(polygon.first()).copied().chain([gap]));
    closed.map(|[x, y]| (x, y)).unzip()
}

fn band(layer: &Layer, colour: &str, x: &[f64], lo: &[f64], hi: &[f64]) -> Vec<Value> {
    let area = |run: Vec<[f64; 3]>| {
        let corners = run.iter().map(|[x, lo, _]| [*x, *lo]).chain(run.iter().rev().map(|[x, _, hi]| [*x, *hi]));
        let (x, y): (Vec<f64>, Vec<f64>) = corners.map(|[x, y]| (x, y)).unzip();
        json!({
            "type": "scatter", "mode": "lines", "name": text(&layer.name), "x": numbers(&x), "y": numbers(&y),
            "line": { "width": 0, "color": colour }, "fill": "toself", "fillcolor": format!("{colour}/0.2"), "hoverinfo": "skip",
        })
    };
    runs(x, lo, hi).into_iter().map(area).collect()
}

fn error_bars(values: &[f64], interval: &[[f64; 2]], colour: &str) -> Value {
    let reach = |end: usize, sign: f64| -> Vec<f64> {
        values.iter().zip(interval).map(|(value, ends)| (sign * (ends[end] - value)).max(0.0)).collect()
    };
    let missing_as_zero =
        |reach: Vec<f64>| numbers(&reach.iter().map(|r| if r.is_finite() { *r } else { 0.0 }).collect::<Vec<_>>());
    json!({
        "type": "data", "symmetric": false, "array": missing_as_zero(reach(1, 1.0)), "arrayminus": missing_as_zero(reach(0, -1.0)),
        "thickness": 1.1, "width": 3, "color": colour,
    })
}

fn marker(role: Role, n: usize, colour: &str) -> Value {
    let shapes = ["circle", "square", "triangle-up", "diamond", "triangle-down", "star"];
    let shape = match role {
        Role::Data | Role::Model => 0,
        Role::Null => 1,
        Role::Reference => 3,
        Role::Highlight => 2,
        Role::Bound => 5,
        Role::Series(number) => usize::from(number) % (shapes.len() - 1),
    };
    let (size, opacity) = match n {
        0..=80 => (7.0, 1.0),
        81..=600 => (4.5, 0.8),
        _ => (3.0, 0.5),
    };
    json!({ "color": colour, "symbol": shapes[shape], "size": size, "opacity": opacity })
}

fn rule(layer: &Layer, axis: RuleAxis, at: f64) -> Value {
    let at = compact(at);
    let mut shape = json!({
        "type": "line", "layer": "above", "name": text(&layer.name), "showlegend": true,
        "line": { "color": colour::token(layer.role), "width": 1.4, "dash": dash(layer.role, true) },
    });
    let (across, along) = if axis == RuleAxis::X { ("x", "y") } else { ("y", "x") };
    for end in ["0", "1"] {
        shape[format!("{across}{end}")] = at.clone();
        shape[format!("{along}{end}")] = json!(if end == "0" { 0 } else { 1 });
    }
    shape[format!("{along}ref")] = json!("paper");
    shape
}

fn heatmap(frame: &Frame, picture: &Picture) -> Value {
    let log = picture.scale == Scale::Log;
    let coloured = |value: f64| if log { value.log10() } else { value };
    let (rows, columns) = picture.values.dim();
    let pitch = |[lo, hi]: [f64; 2], count: usize| (hi - lo) / count as f64;
    let (dx, dy) = (pitch(picture.x, columns), pitch(picture.y, rows));
    let bar_ticks = ticks::ticks(picture.scale, picture.range, 5);
    let named: Vec<_> = bar_ticks.iter().filter(|tick| !tick.label.is_empty()).collect();
    let shown = if log { "10^(%{z:.3f})" } else { "%{z:.4~g}" };
    let place = format!("%{{x:.4~g}}{}, %{{y:.4~g}}{}", spaced(&frame.x.unit), spaced(&frame.y.unit));
    json!({
        "type": "heatmap", "name": "",
        "pixels": {
            "palette": palette_name(picture.palette),
            "lo": finite_number(coloured(picture.range[0])),
            "hi": finite_number(coloured(picture.range[1])),
        },
        "showscale": picture.has_bar,
        "x0": compact(picture.x[0] + 0.5 * dx), "dx": compact(dx),
        "y0": compact(picture.y[0] + 0.5 * dy), "dy": compact(dy),
        "zmin": compact(coloured(picture.range[0])), "zmax": compact(coloured(picture.range[1])),
        "colorscale": colour::colour_scale(picture.palette),
        "colorbar": {
            "title": { "text": text(&picture.label), "side": "right" },
            "tickvals": numbers(&named.iter().map(|tick| coloured(tick.at)).collect::<Vec<_>>()),
            "ticktext": named.iter().map(|tick| tick.label.clone()).collect::<Vec<_>>(),
        },
        "label": picture.label,
        "log": log,
        "hovertemplate": format!("{shown}{}<br>{place}<extra></extra>", spaced(&picture.unit)),
    })
}

fn dash(role: Role, dashed: bool) -> &'static str {
    match (dashed, role) {
        (true, Role::Null) => "dot",
        (true, _) => "dash",
        (false, _) => "solid",
    }
}

fn spaced(unit: &str) -> String {
    if unit.is_empty() || unit == "°" { unit.to_owned() } else { format!(" {}", text(unit)) }
}

/// Plotly reads a little HTML in texts; what people wrote is shown as written.
fn text(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn numbers(values: &[f64]) -> Value {
    values.iter().map(|value| compact(*value)).collect()
}

/// Seven significant digits are more than a screen shows.
fn compact(value: f64) -> Value {
    finite_number(format!("{value:.6e}").parse().unwrap_or(value))
}

/// A number; `null` where it is not finite.
fn finite_number(value: f64) -> Value {
    if value.is_finite() { json!(value) } else { Value::Null }
}
