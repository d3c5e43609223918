//! Static figures: every kind of mark, every theme, and input that is odd.
#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use amorph_core::data::Map;
use amorph_core::figure::{Axis, ColourAxis, Figure, Mark, Palette, Panel, Role, RuleAxis, Scale};
use amorph_core::unit::Unit;
use amorph_report::{ReportError, Theme, png, svg};
use ndarray::Array2;
use resvg::usvg::{Options, Tree};

fn parse(svg: &str) -> Tree {
    Tree::from_str(svg, &Options::default()).unwrap_or_else(|error| panic!("{error}: {}", &svg[..svg.len().min(2000)]))
}

/// The drawing without its embedded pixels, whose text is arbitrary.
fn without_pixels(svg: &str) -> String {
    let mut parts = svg.split("base64,");
    let first = parts.next().unwrap_or_default().to_owned();
    first + &parts.map(|part| &part[part.find('"').unwrap_or(0)..]).collect::<String>()
}

fn figure(panels: Vec<Panel>) -> Figure {
    Figure { key: "test".to_owned(), title: "A <b>test</b> & more".to_owned(), caption: String::new(), panels }
}

fn plain(scale: Scale, marks: Vec<Mark>) -> Figure {
    let axis = |label| if scale == Scale::Log { Axis::log(label, Unit::of("nm")) } else { Axis::linear(label, Unit::of("nm")) };
    figure(vec![Panel { marks, ..Panel::new("panel", axis("x"), axis("y")) }])
}

fn image(map: &str, scale: Scale) -> Mark {
    let colour = ColourAxis { label: "z".to_owned(), unit: Unit::of("nm"), range: None, palette: Palette::Sequential, scale };
    Mark::Image { map: map.to_owned(), colour }
}

#[test]
fn every_figure_of_the_sample_is_svg_and_png_in_every_theme() {
    for result in common::dossier().results.iter().take(3).chain(&common::dossier().comparisons) {
        for figure in &result.outcome.figures {
            for theme in [Theme::Light, Theme::Dark, Theme::Print] {
                let picture = svg::render(figure, &result.outcome.maps, theme).unwrap();
                let size = parse(&picture).size();
                assert!(size.width() > 300.0 && size.width() < 1400.0 && size.height() > 150.0, "{size:?}");
                assert!(!without_pixels(&picture).contains("NaN") && !without_pixels(&picture).contains("inf"));
            }
            let bytes = png::render(figure, &result.outcome.maps, Theme::Light, 1.0).unwrap();
            assert_eq!(bytes[..8], *b"\x89PNG\r\n\x1a\n");
        }
    }
}

#[test]
fn odd_values_are_drawn_or_told_but_never_break_the_picture() {
    let odd = [f64::NAN, f64::INFINITY, -f64::INFINITY, 0.0, -1.0, 1e300, -1e300, 1e-300, 5e-324, f64::MAX, f64::MIN];
    for scale in [Scale::Linear, Scale::Log] {
        for first in odd {
            for second in odd {
                let (x, y) = (vec![first, second, 1e-9], vec![second, first, first]);
                let interval = vec![[second, first]; 3];
                let marks = vec![
                    Mark::line("line", Role::Model, x.clone(), y.clone()),
                    Mark::Points {
                        name: "p".to_owned(),
                        role: Role::Series(900),
                        x: x.clone(),
                        y: y.clone(),
                        y_interval: interval.clone(),
                        x_interval: interval,
                    },
                    Mark::Band { name: "b".to_owned(), role: Role::Null, x: x.clone(), lo: y.clone(), hi: x.clone() },
                    Mark::Bars { name: "h".to_owned(), role: Role::Data, edges: x.clone(), heights: vec![first, second] },
                    Mark::Outlines {
                        name: "o".to_owned(),
                        role: Role::Highlight,
                        polygons: vec![vec![[first, second]; 4], Vec::new()],
                    },
                    Mark::Rule { name: "r".to_owned(), role: Role::Reference, axis: RuleAxis::Y, at: first },
                ];
                let mut drawn = plain(scale, marks);
                drawn.panels[0].x.range = Some([first, second]);
                let picture = svg::render(&drawn, &[], Theme::Light).unwrap();
                assert!(!picture.contains("NaN"), "{first} {second}");
                parse(&picture);
            }
        }
    }
}

#[test]
fn empty_figures_and_panels_say_that_there_is_nothing() {
    parse(&svg::render(&figure(Vec::new()), &[], Theme::Light).unwrap());
    let empty = svg::render(&plain(Scale::Log, vec![Mark::line("none", Role::Data, Vec::new(), Vec::new())]), &[], Theme::Dark)
        .unwrap();
    assert!(empty.contains("no data to show"));
}

#[test]
fn values_without_a_place_on_a_logarithmic_axis_are_counted() {
    let line = Mark::line("trace", Role::Data, vec![1e-9, 2e-9, 3e-9], vec![1e-9, 0.0, -1e-9]);
    let picture = svg::render(&plain(Scale::Log, vec![line]), &[], Theme::Light).unwrap();
    assert!(picture.contains("2 of 3 values are not positive"));
}

#[test]
fn odd_maps_are_drawn() {
    for values in [Array2::from_elem((1, 1), 1.0), Array2::from_elem((3, 700), f64::NAN), Array2::from_elem((40, 2), -2.0)] {
        for scale in [Scale::Linear, Scale::Log] {
            let map = Map::new("m", values.clone(), Unit::unknown("furlong"), None);
            let panel = Panel::map("", Axis::linear("x", Unit::of("nm")), Axis::linear("y", Unit::of("nm")));
            let picture = svg::render(&figure(vec![panel.with(image("m", scale))]), &[map], Theme::Light).unwrap();
            assert!(picture.contains("x (px)") && picture.contains("furlong"));
            assert!(!without_pixels(&picture).contains("NaN"));
            parse(&picture);
        }
    }
}

#[test]
fn figures_that_do_not_fit_their_data_are_refused() {
    let missing = plain(Scale::Linear, vec![image("height", Scale::Linear)]);
    assert!(matches!(svg::render(&missing, &[], Theme::Light), Err(ReportError::MissingMap { .. })));
    let empty = Map::new("height", Array2::zeros((0, 0)), Unit::of("m"), None);
    assert!(matches!(svg::render(&missing, &[empty], Theme::Light), Err(ReportError::EmptyMap { .. })));
    let unequal = plain(Scale::Linear, vec![Mark::line("l", Role::Data, vec![1.0], vec![1.0, 2.0])]);
    let error = svg::render(&unequal, &[], Theme::Light).unwrap_err();
    assert!(matches!(error, ReportError::UnequalLengths { found: 2, expected: 1, .. }));
}

#[test]
fn text_is_escaped_and_figures_are_deterministic() {
    let drawn = plain(Scale::Linear, vec![Mark::points("<i>\"&", Role::Data, vec![1e-9], vec![1e-9])]);
    let picture = svg::render(&drawn, &[], Theme::Print).unwrap();
    assert!(picture.contains("&lt;i&gt;&quot;&amp;") && picture.contains("A &lt;b&gt;test&lt;/b&gt; &amp; more"));
    assert_eq!(picture, svg::render(&drawn, &[], Theme::Print).unwrap());
}

#[test]
fn four_panels_stand_two_by_two() {
    let panel = || Panel::new("p", Axis::linear("x", Unit::one()), Axis::linear("y", Unit::one()));
    let size = |n: usize| parse(&svg::render(&figure((0..n).map(|_| panel()).collect()), &[], Theme::Light).unwrap()).size();
    let (two, four) = (size(2), size(4));
    assert!((two.width() - four.width()).abs() < 1.0 && four.height() > 1.8 * two.height());
}
