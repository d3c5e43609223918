#![allow(clippy::unwrap_used)]
use std::sync::Arc;

use super::*;
use crate::core::data::{Data, Pixels, Scan4d};
use crate::core::random::standard_normals;
use crate::method::{Constants, Upstream};

fn dataset(image: Map, scan: [usize; 2]) -> Dataset {
    let scan = Scan4d::of_pixels([scan[0], scan[1], 1, 1], Pixels::U8(vec![0; scan[0] * scan[1]]));
    Dataset { data: vec![Data::Scan(scan), Data::Maps(vec![image])], ..Dataset::default() }
}

fn image(rows: usize, columns: usize, value: impl Fn(usize, usize) -> f64) -> Map {
    Map::new("intensity", Array2::from_shape_fn((rows, columns), |(y, x)| value(y, x)), Unit::one(), None)
}

fn run(method: &ScanImage, dataset: &Dataset) -> Result<Outcome, MethodError> {
    method.run(&method.check(dataset)?, &Ctx::new(1))
}

fn value(outcome: &Outcome, key: &str) -> f64 {
    outcome.estimate(key).unwrap().value
}

/// A plane has its value at the middle of a square as mean, for squares of any size anywhere.
#[test]
fn means_are_exact_for_fractions_of_pixels() {
    let plane = |y: f64, x: f64| 3.0 + 2.0 * y - 0.7 * x;
    let pixels = image(40, 50, |y, x| plane(y as f64 + 0.5, x as f64 + 0.5));
    let method = ScanImage { pixels_per_step: Some(3.7), origin: Some([1.3, 2.85]), ..ScanImage::default() };
    let outcome = run(&method, &dataset(pixels, [10, 12])).unwrap();
    let map = outcome.map("scan_image").unwrap();
    assert_eq!(map.shape(), (10, 12));
    for ((row, column), found) in map.values.indexed_iter() {
        // Whole pixels of a plane covered in part do not have the value of that part: half a pixel of slope is the limit.
        let expected = plane(1.3 + 3.7 * (row as f64 + 0.5), 2.85 + 3.7 * (column as f64 + 0.5));
        assert!((found - expected).abs() < 0.25 * (2.0 + 0.7) / 3.7 + 1e-9, "{row} {column}: {found} {expected}");
    }
    // The mean of all squares is that of the pixels they cover: here exactly, by hand, for four squares of 1.5 pixels.
    let four = image(3, 3, |y, x| [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [7.0, 8.0, 9.0]][y][x]);
    let outcome = run(&ScanImage::default(), &dataset(four, [2, 2])).unwrap();
    let means = &outcome.map("scan_image").unwrap().values;
    let expected = [[(1.0 + 0.5 * 2.0 + 0.5 * 4.0 + 0.25 * 5.0) / 2.25, (3.0 + 0.5 * 2.0 + 0.5 * 6.0 + 0.25 * 5.0) / 2.25]];
    assert!((means[(0, 0)] - expected[0][0]).abs() < 1e-12 && (means[(0, 1)] - expected[0][1]).abs() < 1e-12);
    assert!(outcome.notes.iter().any(|note| note.code == "image_taken_as_field"));
}

#[test]
fn the_place_is_found_by_the_annular_image() {
    let noise = standard_normals(3, 64 * 72);
    let pixels = image(64, 72, |y, x| noise[y * 72 + x]);
    let true_place = Placement { origin: [5.0, 3.0], pixels_per_step: [4.0; 2], scan: [12, 14] };
    let annular = area_means(&pixels.values.view(), &true_place);
    let mut dataset = dataset(pixels, [12, 14]);
    let outcome =
        Outcome { maps: vec![Map::new("annular_sum", 7.0 - 2.0 * -&annular, Unit::one(), None)], ..Outcome::default() };
    dataset.upstream.push(Upstream {
        job: String::new(),
        method: "stem.annular_sum".to_owned(),
        state: String::new(),
        item: String::new(),
        outcome: Arc::new(outcome),
    });
    let method = ScanImage { pixels_per_step: Some(4.0), search: Some(8), ..ScanImage::default() };
    let found = run(&method, &dataset).unwrap();
    assert_eq!((value(&found, "origin_y"), value(&found, "origin_x")), (5.0, 3.0));
    assert!(value(&found, "match_r") > 0.999);
    let unmoved = run(&ScanImage { search: None, ..method }, &dataset).unwrap();
    assert!(value(&unmoved, "match_r") < 0.4);
    let alone = ScanImage { search: Some(3), pixels_per_step: Some(4.0), ..ScanImage::default() };
    dataset.upstream.clear();
    assert!(run(&alone, &dataset).unwrap_err().hint().contains("stem.annular_sum"));
}

#[test]
fn gamma_is_taken_off() {
    let linear = standard_normals(5, 900);
    let lo = linear.iter().copied().fold(f64::INFINITY, f64::min);
    let hi = linear.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let shown = |v: f64| lo + (hi - lo) * ((v - lo) / (hi - lo)).powf(0.45);
    let (plain, display) = (image(30, 30, |y, x| linear[y * 30 + x]), image(30, 30, |y, x| shown(linear[y * 30 + x])));
    let expected = run(&ScanImage::default(), &dataset(plain, [10, 10])).unwrap();
    let found = run(&ScanImage { gamma: Some(0.45), ..ScanImage::default() }, &dataset(display, [10, 10])).unwrap();
    let (a, b) = (&expected.map("scan_image").unwrap().values, &found.map("scan_image").unwrap().values);
    assert!(a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-9));
}

#[test]
fn sizes_give_the_place_and_missing_pixels_are_left_out() {
    let mut pixels = image(20, 24, |y, x| if (y, x) == (0, 0) { f64::NAN } else { 1.0 });
    pixels.extent = Some(Extent::metres(24.0 * 0.1e-9, 20.0 * 0.1e-9));
    let mut dataset = dataset(pixels, [5, 6]);
    dataset.constants = Constants::default().with_quantity("scan_step", "0.4 nm").unwrap();
    let found = run(&ScanImage::default(), &dataset).unwrap();
    assert!((value(&found, "pixels_per_step") - 4.0).abs() < 1e-9);
    assert!(found.map("scan_image").unwrap().values.iter().all(|v| (v - 1.0).abs() < 1e-12));
    assert_eq!((value(&found, "n_positions"), found.notes.len(), found.figures.len()), (30.0, 0, 1));
}

#[test]
fn what_does_not_fit_is_refused() {
    let refused = |method: ScanImage, image: Map| run(&method, &dataset(image, [10, 10])).unwrap_err().to_string();
    let flat = || image(30, 60, |_, _| 1.0);
    assert!(refused(ScanImage::default(), flat()).contains("[3.0, 6.0] pixels per step"));
    let far = ScanImage { pixels_per_step: Some(3.0), origin: Some([1.0, 0.0]), ..ScanImage::default() };
    assert!(refused(far, flat()).contains("[31.0, 30.0]"));
    for (method, name) in [
        (ScanImage { gamma: Some(0.0), ..ScanImage::default() }, "gamma"),
        (ScanImage { search: Some(0), ..ScanImage::default() }, "search"),
        (ScanImage { pixels_per_step: Some(-1.0), ..ScanImage::default() }, "pixels_per_step"),
        (ScanImage { origin: Some([f64::NAN, 0.0]), ..ScanImage::default() }, "origin"),
    ] {
        assert!(refused(method, flat()).starts_with(name), "{name}");
    }
    assert!(refused(ScanImage { image: "height".to_owned(), ..ScanImage::default() }, flat()).contains("height"));
}
