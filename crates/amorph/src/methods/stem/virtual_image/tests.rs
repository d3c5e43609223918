#![allow(clippy::unwrap_used)]
use super::algorithm::tilt;
use super::*;
use crate::core::data::{Data, Pixels};
use crate::core::stream::merge_shards;
use crate::method::Constants;

const SHAPE: [usize; 4] = [4, 5, 12, 17];

fn counts(frame: usize, pixel: usize) -> u16 {
    ((frame * 7919 + pixel * 104_729) % 1009) as u16
}

fn scan() -> Scan4d {
    let (frames, frame) = (SHAPE[0] * SHAPE[1], SHAPE[2] * SHAPE[3]);
    Scan4d::of_pixels(SHAPE, Pixels::U16((0..frames * frame).map(|i| counts(i / frame, i % frame)).collect()))
}

fn method() -> VirtualImage {
    VirtualImage {
        centre: Some([5.5, 8.0]),
        bright_field: Some(2.5),
        dark_field: Some([3.0, 6.0]),
        disks: vec![[2.0, 3.0, 1.5]],
        rectangles: vec![[1, 2, 3, 4]],
        pixels: vec![[0, 0], [11, 16], [11, 15]],
        masked_pixels: vec![[5, 8]],
        mass_radius: Some(4.0),
    }
}

fn run(method: &VirtualImage, dataset: &Dataset) -> Result<Outcome, MethodError> {
    method.run(&method.check(dataset)?, &Ctx::new(1))
}

type Inside<'a> = &'a dyn Fn(usize, usize) -> bool;

/// Every detector against the sum written out pixel by pixel.
#[test]
fn every_detector_is_the_sum_of_its_pixels() {
    let outcome = run(&method(), &Dataset::of_scan(scan(), Constants::default())).unwrap();
    let distance = |y: usize, x: usize, at: [f64; 2]| (y as f64 - at[0]).hypot(x as f64 - at[1]);
    let inside: [(&str, Inside<'_>); 6] = [
        ("all", &|_, _| true),
        ("bright_field", &|y, x| distance(y, x, [5.5, 8.0]) < 2.5),
        ("dark_field", &|y, x| (3.0..6.0).contains(&distance(y, x, [5.5, 8.0]))),
        ("disk_1", &|y, x| distance(y, x, [2.0, 3.0]) < 1.5),
        ("rectangle_1", &|y, x| (1..4).contains(&y) && (2..6).contains(&x)),
        ("pixels", &|y, x| [(0, 0), (11, 16), (11, 15)].contains(&(y, x))),
    ];
    for (name, inside) in inside {
        let map = outcome.map(&format!("virtual_{name}")).unwrap();
        for frame in 0..20 {
            let pixels = (0..12 * 17).filter(|p| inside(p / 17, p % 17) && *p != 5 * 17 + 8);
            let expected: u64 = pixels.map(|p| u64::from(counts(frame, p))).sum();
            assert_eq!(map.values[(frame / 5, frame % 5)], expected as f64, "{name} {frame}");
        }
    }
    let mut mass = [0.0; 3];
    for p in (0..12 * 17).filter(|p| distance(p / 17, p % 17, [5.5, 8.0]) < 4.0 && *p != 5 * 17 + 8) {
        let value = f64::from(counts(13, p));
        mass = [mass[0] + value, mass[1] + value * (p / 17) as f64, mass[2] + value * (p % 17) as f64];
    }
    assert!((outcome.map("centre_of_mass_y").unwrap().values[(2, 3)] - mass[1] / mass[0]).abs() < 1e-12);
    assert!((outcome.map("centre_of_mass_x").unwrap().values[(2, 3)] - mass[2] / mass[0]).abs() < 1e-12);
    let of_pixel: Vec<f64> = (0..20).map(|frame| f64::from(counts(frame, 40))).collect();
    let mean = of_pixel.iter().sum::<f64>() / 20.0;
    let deviation = (of_pixel.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / 19.0).sqrt();
    assert!((outcome.map("mean_pattern").unwrap().values[(2, 6)] - mean).abs() < 1e-9);
    assert!((outcome.map("pattern_deviation").unwrap().values[(2, 6)] - deviation).abs() < 1e-9);
    assert_eq!(outcome.figures.len(), 3);
    let keys = [
        "mean_counts",
        "bright_field_share",
        "dark_field_share",
        "centre_of_mass_y",
        "centre_of_mass_x",
        "descan",
        "n_patterns",
    ];
    assert!(keys.iter().all(|key| outcome.estimate(key).is_some()) && outcome.estimates.len() == keys.len());
}

#[test]
fn shards_and_memory_do_not_change_the_answer() {
    let scan = scan();
    let dataset = Dataset::of_scan(scan, Constants::default());
    let method = method();
    let input = method.check(&dataset).unwrap();
    let whole = input.partial(Shard::WHOLE, &Ctx::new(1)).unwrap();
    let small = input.partial(Shard::WHOLE, &Ctx::new(1).with_memory_limit(1 << 20)).unwrap();
    assert_eq!(whole, small);
    let parts: Vec<Partial> = (1..=3).map(|i| input.partial(Shard::new(i, 3).unwrap(), &Ctx::new(1)).unwrap()).collect();
    assert_eq!(merge_shards(input.fold(), parts), whole);
}

/// A beam that moves with the scan.
#[test]
fn a_moving_beam_is_measured_and_named() {
    let shape = [6, 8, 32, 32];
    let mut pixels = vec![0u8; 6 * 8 * 32 * 32];
    for frame in 0..48 {
        let (y, x) = (14 + frame / 8, 12 + frame % 8 / 2);
        pixels[frame * 1024 + y * 32 + x] = 100;
    }
    let dataset = Dataset::of_scan(Scan4d::of_pixels(shape, Pixels::U8(pixels)), Constants::default());
    let outcome = run(&VirtualImage { bright_field: Some(4.0), ..VirtualImage::default() }, &dataset).unwrap();
    assert!((outcome.estimate("descan").unwrap().value - 5.0).abs() < 1e-9);
    let codes: Vec<&str> = outcome.notes.iter().map(|note| note.code.as_str()).collect();
    assert!(codes.contains(&"descan") && codes.contains(&"centre_assumed"));
    // By hand: v = 2 + 3 y - x over 3 x 4 positions changes by 6 and by -3.
    let plane: Vec<f64> = (0..12).map(|i| 2.0 + 3.0 * (i / 4) as f64 - (i % 4) as f64).collect();
    let [y, x] = tilt(&plane, [3, 4]).unwrap();
    assert!((y - 6.0).abs() < 1e-12 && (x + 3.0).abs() < 1e-12);
    assert_eq!(tilt(&plane[..4], [1, 4]), None);
}

#[test]
fn gaps_and_numbers_that_are_none() {
    let mut values: Vec<f32> = (0..4 * 9).map(|i| i as f32).collect();
    values[4] = f32::NAN;
    values[9] = -5.0;
    // Four of six frames are there.
    let scan = Scan4d::of_pixels([2, 3, 3, 3], Pixels::F32(values));
    let method = VirtualImage { bright_field: Some(1.2), centre: Some([1.0, 1.0]), ..VirtualImage::default() };
    let outcome = run(&method, &Dataset::of_scan(scan, Constants::default())).unwrap();
    let map = outcome.map("virtual_bright_field").unwrap();
    // Four of the five pixels of the cross: 1 + 3 + 5 + 7, the fifth as their mean.
    assert_eq!(map.values[(0, 0)], 20.0);
    assert!(map.values[(1, 1)].is_nan() && map.values[(1, 2)].is_nan() && map.values[(1, 0)].is_finite());
    assert!((outcome.map("mean_pattern").unwrap().values[(1, 1)] - 22.0).abs() < 1e-12);
    let codes: Vec<&str> = outcome.notes.iter().map(|note| note.code.as_str()).collect();
    assert_eq!(codes, ["frames_missing", "invalid_pixels", "negative_counts"]);
}

#[test]
fn what_cannot_be_is_refused() {
    let dataset = Dataset::of_scan(scan(), Constants::default());
    let refused = |method: VirtualImage| run(&method, &dataset).unwrap_err();
    assert!(refused(VirtualImage::default()).hint().contains("bright_field = 5"));
    for (method, expected) in [
        (VirtualImage { bright_field: Some(-1.0), ..method() }, "bright_field is -1"),
        (VirtualImage { dark_field: Some([5.0, 5.0]), ..method() }, "dark_field is 5"),
        (VirtualImage { dark_field: Some([50.0, 60.0]), ..method() }, "'dark_field' has none"),
        (VirtualImage { disks: vec![[1.0, 1.0, f64::NAN]], ..method() }, "disks is NaN"),
        (VirtualImage { rectangles: vec![[20, 0, 2, 2]], ..method() }, "'rectangle_1' has none"),
        (VirtualImage { rectangles: vec![[usize::MAX, 0, usize::MAX, 2]], ..method() }, "'rectangle_1' has none"),
        (VirtualImage { pixels: vec![[3, 17]], ..method() }, "pixel [3, 17] is not"),
        (VirtualImage { mass_radius: Some(0.0), ..method() }, "mass_radius is 0"),
        (VirtualImage { centre: Some([f64::INFINITY, 0.0]), ..method() }, "centre is inf"),
    ] {
        let message = refused(method).to_string();
        assert!(message.contains(expected), "{message}");
    }
    let empty = Dataset::of_scan(Scan4d::of_pixels([2, 2, 3, 3], Pixels::U8(Vec::new())), Constants::default());
    assert!(run(&method(), &empty).is_err());
}

/// Sums of the reference files, which other programs read alike.
#[test]
fn reference_files_have_their_sums() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/stem/formats");
    for (name, expected) in [("001_4x2_6bit.mib", 3_623_664.0), ("test1.blo", 5_164_570.0)] {
        let path = folder.join(name);
        if !path.exists() {
            println!("skipped: {} is not here", path.display());
            continue;
        }
        let loaded = crate::io::open(&path).unwrap();
        let scan = match loaded.data {
            Data::Scan(scan) => scan,
            Data::Stack(stack) => {
                // A series of frames is a scan of one row.
                let n = stack.n_present;
                let (rows, columns) = (stack.shape()[1], stack.shape()[2]);
                let mut pixels = Pixels::empty(stack.pixel);
                stack.read(0..n, &mut pixels).unwrap();
                Scan4d::of_pixels([1, n, rows, columns], pixels)
            }
            other => panic!("{}", other.kind()),
        };
        let method = VirtualImage { bright_field: Some(20.0), ..VirtualImage::default() };
        let outcome = run(&method, &Dataset::of_scan(scan, Constants::default())).unwrap();
        assert_eq!(outcome.map("virtual_all").unwrap().values.sum(), expected, "{name}");
    }
}
