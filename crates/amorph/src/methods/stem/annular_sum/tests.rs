#![allow(clippy::unwrap_used)]
use proptest::prelude::*;

use super::*;
use crate::core::data::{Pixels, Table};
use crate::core::outcome::Severity;
use crate::core::stream::merge_shards;
use crate::method::Constants;

fn run(method: &AnnularSum, scan: &Scan4d) -> Result<Outcome, MethodError> {
    run_with(method, scan, Constants::default(), &Ctx::new(1))
}

fn run_with(method: &AnnularSum, scan: &Scan4d, constants: Constants, ctx: &Ctx) -> Result<Outcome, MethodError> {
    let dataset = Dataset::of_scan(scan.clone(), constants);
    method.run(&method.check(&dataset)?, ctx)
}

fn codes(outcome: &Outcome) -> Vec<&str> {
    outcome.notes.iter().filter(|note| note.severity == Severity::Warning).map(|note| note.code.as_str()).collect()
}

/// `4099 y + 1009 x + 131 qy + 7 qx`: every axis has a stride of its own, so that any swap shows.
fn ramp([ny, nx, dy, dx]: [usize; 4]) -> Scan4d {
    let position = |i: usize| (i / (dx * dy * nx), i / (dx * dy) % nx, i / dx % dy, i % dx);
    let value = |i: usize| {
        let (y, x, q, r) = position(i);
        ((4099 * y + 1009 * x + 131 * q + 7 * r) % 65536) as u16
    };
    Scan4d::of_pixels([ny, nx, dy, dx], Pixels::U16((0..ny * nx * dy * dx).map(value).collect()))
}

#[test]
fn sums_are_those_of_numpy() {
    #[derive(Deserialize)]
    struct Golden {
        annulus: Vec<Case>,
    }
    #[derive(Deserialize)]
    struct Case {
        centre: [f64; 2],
        inner: f64,
        outer: f64,
        n_pixels: f64,
        sums: Vec<Vec<f64>>,
    }
    let golden: Golden = toml::from_str(include_str!("golden.toml")).unwrap();
    let scan = ramp([3, 5, 17, 23]);
    for case in golden.annulus {
        let method = AnnularSum { centre: Some(case.centre), ..AnnularSum::between(case.inner, case.outer) };
        let outcome = run(&method, &scan).unwrap();
        assert_eq!(outcome.estimate("n_annulus_pixels").unwrap().value, case.n_pixels);
        let expected = case.sums.concat();
        assert_eq!(outcome.maps[0].values.shape(), [3, 5]);
        assert_eq!(outcome.maps[0].values.iter().copied().collect::<Vec<_>>(), expected);
        let mean = expected.iter().sum::<f64>() / 15.0;
        assert_eq!(outcome.estimate("mean_annular_sum").unwrap().value, mean);
        assert!(codes(&outcome).is_empty());
    }
}

#[test]
fn every_pixel_type_gives_the_same_image() {
    let shape = [2, 3, 6, 7];
    let values: Vec<u8> = (0..252u32).map(|i| (i * 89 % 251) as u8).collect();
    let method = AnnularSum::between(1.0, 3.2);
    let reference = run(&method, &Scan4d::of_pixels(shape, Pixels::U8(values.clone()))).unwrap();
    let wide = || values.iter().copied();
    let others = [
        Pixels::U16(wide().map(u16::from).collect()),
        Pixels::U32(wide().map(u32::from).collect()),
        Pixels::I16(wide().map(i16::from).collect()),
        Pixels::I32(wide().map(i32::from).collect()),
        Pixels::F32(wide().map(f32::from).collect()),
        Pixels::F64(wide().map(f64::from).collect()),
    ];
    for pixels in others {
        assert_eq!(run(&method, &Scan4d::of_pixels(shape, pixels)).unwrap(), reference);
    }
}

#[test]
fn the_largest_counts_do_not_overflow() {
    let side = 300;
    let n = side * side;
    let whole = AnnularSum::between(0.0, 1e6);
    let sum = |pixels: Pixels| run(&whole, &Scan4d::of_pixels([1, 1, side, side], pixels)).unwrap().maps[0].values[[0, 0]];
    assert_eq!(sum(Pixels::U8(vec![u8::MAX; n])), n as f64 * 255.0);
    assert_eq!(sum(Pixels::U16(vec![u16::MAX; n])), n as f64 * 65_535.0);
    assert_eq!(sum(Pixels::U32(vec![u32::MAX; n])), n as f64 * 4_294_967_295.0);
    assert_eq!(sum(Pixels::I16(vec![i16::MIN; n])), n as f64 * -32_768.0);
    assert_eq!(sum(Pixels::I32(vec![i32::MIN; n])), n as f64 * -2_147_483_648.0);
}

#[test]
fn missing_frames_are_empty_and_counted() {
    let whole = ramp([3, 4, 8, 8]);
    let Pixels::U16(mut pixels) = ({
        let mut all = Pixels::empty(whole.pixel);
        whole.read(0..12, &mut all).unwrap();
        all
    }) else {
        panic!("the ramp is u16")
    };
    pixels.truncate(7 * 64 + 10);
    let method = AnnularSum::between(1.0, 3.0);
    let outcome = run(&method, &Scan4d::of_pixels([3, 4, 8, 8], Pixels::U16(pixels))).unwrap();
    let complete = run(&method, &whole).unwrap();
    for (index, (value, expected)) in outcome.maps[0].values.iter().zip(&complete.maps[0].values).enumerate() {
        assert!(if index < 7 { value == expected } else { value.is_nan() }, "position {index}");
    }
    assert_eq!(outcome.estimate("n_patterns").unwrap().value, 7.0);
    assert_eq!(codes(&outcome), ["centre_assumed", "frames_missing"]);
    assert!(outcome.notes[1].message.starts_with("5 of 12 frames"));

    let none = run(&method, &Scan4d::of_pixels([3, 4, 8, 8], Pixels::U16(vec![0; 63])));
    assert_eq!(none.unwrap_err().to_string(), "none of the 12 frames of the scan is in the file");
}

#[test]
fn pixels_that_are_no_numbers_count_as_the_mean_of_the_others() {
    let mut values = vec![2.0f32; 4 * 100];
    values[44] = f32::NAN;
    values[155] = f32::INFINITY;
    let scan = |values: Vec<f32>| Scan4d::of_pixels([2, 2, 10, 10], Pixels::F32(values));
    let method = AnnularSum::between(0.0, 100.0);
    let outcome = run(&method, &scan(values.clone())).unwrap();
    for value in &outcome.maps[0].values {
        assert!((value - 200.0).abs() < 1e-12);
    }
    assert_eq!(codes(&outcome), ["centre_assumed", "invalid_pixels"]);
    values[100..130].fill(f32::NAN);
    let refused = run(&method, &scan(values)).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "32 of 400 pixels in the annulus are NaN or infinite (8.0 %, at most 5 % are accepted); the first is in frame (0, 0) at detector pixel (4, 4)"
    );
}

#[test]
fn a_frame_without_numbers_is_empty() {
    let mut values = vec![1.0f64; 40 * 4];
    values[4 * 4..5 * 4].fill(f64::NAN);
    let outcome = run(&AnnularSum::between(0.0, 9.0), &Scan4d::of_pixels([5, 8, 2, 2], Pixels::F64(values))).unwrap();
    let image = &outcome.maps[0].values;
    assert!(image[[0, 4]].is_nan());
    assert_eq!(image.iter().filter(|value| **value == 4.0).count(), 39);
    assert_eq!(outcome.estimate("mean_annular_sum").unwrap().value, 4.0);
}

#[test]
fn negative_counts_are_kept_and_counted() {
    let scan = Scan4d::of_pixels([1, 2, 2, 2], Pixels::I16(vec![-3, 1, 1, 1, 5, 5, 5, -5]));
    let outcome = run(&AnnularSum::between(0.0, 9.0), &scan).unwrap();
    assert_eq!(outcome.maps[0].values.iter().copied().collect::<Vec<_>>(), [0.0, 10.0]);
    assert_eq!(codes(&outcome), ["centre_assumed", "negative_counts"]);
    assert!(outcome.notes.iter().any(|note| note.message.starts_with("2 pixels")));
}

#[test]
fn what_cannot_be_an_annulus_is_refused() {
    let scan = ramp([2, 2, 16, 16]);
    let message = |method: AnnularSum| run(&method, &scan).unwrap_err().to_string();
    assert!(message(AnnularSum::default()).starts_with("inner_radius is not stated"));
    assert!(message(AnnularSum { inner_radius: Some(1.0), ..AnnularSum::default() }).starts_with("outer_radius is not stated"));
    for (inner, outer) in [(3.0, 3.0), (4.0, 2.0), (-1.0, 2.0), (f64::NAN, 2.0), (0.0, f64::INFINITY)] {
        assert!(message(AnnularSum::between(inner, outer)).contains("is empty"), "{inner} {outer}");
    }
    assert_eq!(
        message(AnnularSum::between(50.0, 60.0)),
        "no pixel of the 16 x 16 detector lies between 50 and 60 pixels from the centre [7.5, 7.5]; the distances of its pixels are 0.71 to 10.61"
    );
    assert!(message(AnnularSum { centre: Some([f64::NAN, 1.0]), ..AnnularSum::between(1.0, 2.0) }).contains("not a position"));
    let table = Dataset::of_table(Table::new("sizes", "Sizes"));
    assert!(AnnularSum::between(1.0, 2.0).check(&table).is_err());
    let starved = run_with(&AnnularSum::between(1.0, 2.0), &scan, Constants::default(), &Ctx::new(1).with_memory_limit(10));
    assert_eq!(starved.unwrap_err().hint(), "allow at least 1 MiB of memory");
}

#[test]
fn calibrations_give_lengths_unless_they_are_nonsense() {
    let scan = ramp([3, 4, 16, 16]);
    let method = AnnularSum { centre: Some([7.5, 7.5]), ..AnnularSum::between(2.0, 4.0) };
    let with = |step: &str, q: &str| {
        let constants = Constants::default().with_quantity("scan_step", step).unwrap().with_quantity("q_pixel", q).unwrap();
        run_with(&method, &scan, constants, &Ctx::new(1)).unwrap()
    };
    let outcome = with("0.5 nm", "0.1 1/nm");
    let (width, height) = outcome.maps[0].size().unwrap();
    assert!((width - 2e-9).abs() < 1e-21 && (height - 1.5e-9).abs() < 1e-21);
    assert!(outcome.notes.iter().any(|note| note.message.ends_with("from 0.2000 to 0.4000 1/nm")));
    let nonsense = with("3 m", "7.8e-20 1/nm");
    assert_eq!(nonsense.maps[0].extent, None);
    assert_eq!(codes(&nonsense), ["implausible_calibration", "implausible_calibration"]);
}

#[test]
fn an_annulus_beyond_the_detector_says_how_much_is_seen() {
    let scan = ramp([1, 1, 64, 64]);
    let outcome = run(&AnnularSum { centre: Some([0.0, 0.0]), ..AnnularSum::between(20.0, 40.0) }, &scan).unwrap();
    assert!(outcome.notes[0].message.ends_with("about 26 % of it is seen"), "{}", outcome.notes[0].message);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    /// Rings that share radii fill the disk without a gap or an overlap, and equal a sum over every pixel.
    #[test]
    fn rings_add_up(y in 0.0..20.0f64, x in 0.0..30.0f64, a in 0.5..9.0f64, b in 0.5..9.0f64) {
        let scan = ramp([2, 3, 20, 30]);
        let image = |inner, outer| {
            let method = AnnularSum { centre: Some([y, x]), ..AnnularSum::between(inner, outer) };
            run(&method, &scan).unwrap().maps[0].values.clone()
        };
        prop_assert_eq!(image(0.0, a + 1.0) + image(a + 1.0, a + 1.0 + b + 1.0), image(0.0, a + b + 2.0));
        let everything = image(0.0, 1e3)[[1, 2]];
        let mut pixels = Pixels::empty(scan.pixel);
        scan.read(5..6, &mut pixels).unwrap();
        let Pixels::U16(pixels) = pixels else { panic!("the ramp is u16") };
        prop_assert_eq!(everything, pixels.iter().map(|pixel| f64::from(*pixel)).sum::<f64>());
    }

    #[test]
    fn shards_give_the_image_of_the_whole(n_shards in 1usize..9, seed in 0u64..50) {
        // Frames of 128 KiB: four to a tile, so that 30 frames make eight tiles.
        let values = crate::core::random::standard_normals(seed, 30 * 128 * 128);
        let scan = Scan4d::of_pixels([5, 6, 128, 128], Pixels::F64(values));
        let method = AnnularSum::between(10.0, 50.0);
        let dataset = Dataset::of_scan(scan, Constants::default());
        let input = method.check(&dataset).unwrap();
        let whole = method.run(&input, &Ctx::new(0)).unwrap();
        let parts = (1..=n_shards).map(|index| {
            let partial = input.partial(Shard::new(index, n_shards).unwrap(), &Ctx::new(0)).unwrap();
            serde_json::from_str::<AnnularPartial>(&serde_json::to_string(&partial).unwrap()).unwrap()
        });
        let merged = merge_shards(input.fold(), parts);
        prop_assert_eq!(input.finish(merged).unwrap(), whole);
    }
}
