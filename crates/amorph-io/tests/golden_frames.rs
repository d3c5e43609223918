//! Files of electron microscopes against the values of RosettaSciIO and h5py (spec 32, section 8): shape, type, extremes, sum,
//! first, last, a sum with weights that any transposition changes, and the axes.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::path::{Path, PathBuf};

use amorph_core::data::{AxisRole, ColumnValues, Data, Loaded, PixelType, Pixels, ScanAxis};
use amorph_io::{FrameOptions, TraceOptions, open, open_with};

fn shared() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/stem");
    if folder.is_dir() {
        return Some(folder);
    }
    println!("skipped: ../shared/data/stem is absent");
    None
}

/// What the reference program read.
struct Golden {
    shape: &'static [usize],
    pixel: PixelType,
    min: f64,
    max: f64,
    sum: f64,
    first: f64,
    last: f64,
    wsum: f64,
    /// Scale, offset and unit of every axis; NaN where the file states none.
    axes: &'static [(f64, f64, &'static str)],
}

/// The references are printed with so many digits.
fn near(what: &str, found: f64, expected: f64, relative: f64) {
    assert!((found - expected).abs() <= relative * expected.abs().max(1e-300), "{what}: {found:e} is not {expected:e}");
}

fn read(loaded: &Loaded) -> (Vec<usize>, Vec<f64>, Option<PixelType>) {
    let all = |n: usize, read: &dyn Fn(std::ops::Range<usize>, &mut Pixels), pixel: PixelType| {
        // In pieces of three, so that ranges that begin and end anywhere are read.
        let mut pixels = Pixels::empty(pixel);
        (0..n)
            .step_by(3)
            .flat_map(|first| {
                read(first..(first + 3).min(n), &mut pixels);
                pixels.to_f64()
            })
            .collect::<Vec<f64>>()
    };
    match &loaded.data {
        Data::Scan(scan) => {
            assert_eq!(scan.n_present, scan.n_frames());
            let values = all(scan.n_present, &|range, pixels| scan.read(range, pixels).unwrap(), scan.pixel);
            (scan.shape().to_vec(), values, Some(scan.pixel))
        }
        Data::Stack(stack) => {
            assert_eq!(stack.n_present, stack.n_frames());
            let values = all(stack.n_present, &|range, pixels| stack.read(range, pixels).unwrap(), stack.pixel);
            (stack.shape(), values, Some(stack.pixel))
        }
        Data::Maps(maps) => {
            let (rows, columns) = maps[0].shape();
            (vec![rows, columns], maps[0].values.iter().copied().collect(), None)
        }
        Data::Table(table) => match &table.columns[1].values {
            ColumnValues::Numbers(values) => (vec![values.len()], values.clone(), None),
            ColumnValues::Text(_) => panic!("numbers are expected"),
        },
        other => panic!("frames are expected, found {}", other.kind()),
    }
}

fn check(name: &str, loaded: &Loaded, golden: &Golden) {
    let (shape, values, pixel) = read(loaded);
    assert_eq!(shape, golden.shape, "{name}");
    assert!(pixel.is_none_or(|pixel| pixel == golden.pixel), "{name}: {pixel:?}");
    let sum: f64 = values.iter().sum();
    let wsum: f64 = values.iter().enumerate().map(|(i, value)| value * (i % 997) as f64).sum();
    let digits = if golden.pixel.is_integer() { 0.0 } else { 5e-7 };
    near(&format!("{name} min"), values.iter().copied().fold(f64::INFINITY, f64::min), golden.min, digits);
    near(&format!("{name} max"), values.iter().copied().fold(f64::NEG_INFINITY, f64::max), golden.max, digits);
    near(&format!("{name} first"), values[0], golden.first, digits);
    near(&format!("{name} last"), values[values.len() - 1], golden.last, digits);
    near(&format!("{name} sum"), sum, golden.sum, if golden.pixel.is_integer() { 0.0 } else { 1e-9 });
    near(
        &format!("{name} wsum"),
        wsum,
        golden.wsum,
        if golden.wsum > 1e13 {
            1e-10
        } else if golden.pixel.is_integer() {
            0.0
        } else {
            1e-9
        },
    );
    let axes: Vec<(f64, f64, String)> = match &loaded.data {
        Data::Scan(scan) => scan.axes.iter().map(of_axis).collect(),
        Data::Stack(stack) => stack.axes.iter().map(of_axis).collect(),
        _ => return,
    };
    assert_eq!(axes.len(), golden.axes.len(), "{name}");
    for (index, (found, expected)) in axes.iter().zip(golden.axes).enumerate() {
        let what = format!("{name} axis {index}");
        assert_eq!(found.2, expected.2, "{what}");
        assert_eq!(found.0.is_nan(), expected.0.is_nan(), "{what}");
        if !expected.0.is_nan() {
            near(&what, found.0, expected.0, 1e-5);
            near(&what, found.1 + 1.0, expected.1 + 1.0, 1e-5);
        }
    }
}

fn of_axis(axis: &ScanAxis) -> (f64, f64, String) {
    (axis.step.unwrap_or(f64::NAN), axis.offset.unwrap_or(0.0), axis.unit.symbol().to_owned())
}

/// An axis that the file does not calibrate.
const NONE: (f64, f64, &str) = (f64::NAN, 0.0, "");

#[test]
fn images_and_spectra_agree() {
    let Some(folder) = shared() else { return };
    let halo = open(&folder.join("amorph_ed/Amorphous.hspy")).unwrap();
    let golden = Golden {
        shape: &[512, 512],
        pixel: PixelType::I32,
        min: -48649.0,
        max: 1_078_531.0,
        sum: 23_312_957_099.0,
        first: -1183.0,
        last: -694.0,
        wsum: 1.160_183_780_5e13,
        axes: &[],
    };
    check("Amorphous.hspy", &halo, &golden);
    let Data::Maps(maps) = &halo.data else { panic!("a map is expected") };
    assert!(maps[0].extent.is_none(), "7.8e-20 1/nm is no calibration");
    assert!(halo.constants.is_empty());
    let marked: Vec<&str> =
        halo.notes.iter().filter(|note| note.code == "implausible_calibration").map(|note| note.message.as_str()).collect();
    assert!(marked.len() == 2 && marked[0].contains("7.843137e-20"), "{marked:?}");
    let stored = halo.metadata.get("axis 0").unwrap();
    assert!(stored.contains("7.843137254901642e-20") || stored.contains("0.00000000000000000007843137254901642"), "{stored}");

    let profile = open(&folder.join("amorph_ed/amorphousSiO2.hspy")).unwrap();
    let golden = Golden {
        shape: &[2538],
        pixel: PixelType::F64,
        min: 0.0,
        max: 76_777.49,
        sum: 11_880_614.170_4,
        first: 0.0,
        last: 0.0,
        wsum: 3_104_830_279.87,
        axes: &[],
    };
    check("amorphousSiO2.hspy", &profile, &golden);

    let pattern = open(&folder.join("formats/test_diffraction_pattern.dm3")).unwrap();
    let golden = Golden {
        shape: &[87, 87],
        pixel: PixelType::I32,
        min: 625.0,
        max: 2974.0,
        sum: 9_459_771.0,
        first: 834.0,
        last: 923.0,
        wsum: 4_576_222_397.0,
        axes: &[],
    };
    check("test_diffraction_pattern.dm3", &pattern, &golden);
    let Data::Maps(maps) = &pattern.data else { panic!("a map is expected") };
    let extent = maps[0].extent.as_ref().unwrap();
    assert_eq!((maps.len(), maps[0].quantity.as_str(), extent.unit.symbol()), (1, "diffraction_pattern", "1/m"));
    near("extent", extent.x_size(), 87.0 * 0.174_433e9, 1e-5);
    assert!(pattern.metadata.get("axis 0").unwrap().contains("131.87"));
    assert_eq!(pattern.notes.iter().filter(|note| note.code == "origin_outside").count(), 2);
    assert!(pattern.metadata.get("image 0").unwrap().starts_with("thumbnail"));
}

#[test]
fn spectrum_images_and_simulations_agree() {
    let Some(folder) = shared() else { return };
    let eels = open(&folder.join("formats/EELS_SI.dm4")).unwrap();
    let golden = Golden {
        shape: &[2048, 2, 2],
        pixel: PixelType::F32,
        min: -27.721_44,
        max: 8_634.402,
        sum: 7_169_069.071_04,
        first: 8_473.006,
        last: 115.013_9,
        wsum: 2_923_318_801.62,
        axes: &[(1.0, 300.0, "eV"), (0.001_992_07, 0.0, "µm"), (0.001_992_07, 0.0, "µm")],
    };
    check("EELS_SI.dm4", &eels, &golden);
    let Data::Stack(stack) = &eels.data else { panic!("a stack is expected") };
    let roles: Vec<AxisRole> = stack.axes.iter().map(|axis| axis.role).collect();
    assert_eq!(roles, [AxisRole::Energy, AxisRole::ScanY, AxisRole::ScanX]);

    let golden = Golden {
        shape: &[2, 11, 11, 8, 8],
        pixel: PixelType::F32,
        min: 3.916_989e-8,
        max: 0.020_307_45,
        sum: 221.275_704_315,
        first: 1.061_423e-7,
        last: 0.008_548_571,
        wsum: 108_418.499_207,
        axes: &[
            (2.715, 2.715, "Å"),
            (0.5, 0.0, "nm"),
            (0.5, 0.0, "nm"),
            (0.184_162, -0.736_648, "nm^-1"),
            (0.184_162, -0.736_648, "nm^-1"),
        ],
    };
    let path = folder.join("formats/Si100_4D.emd");
    let simulated = open(&path).unwrap();
    check("Si100_4D.emd", &simulated, &golden);
    let Data::Stack(stack) = &simulated.data else { panic!("a stack is expected") };
    let options =
        TraceOptions { frames: FrameOptions { slice: Some(1), ..FrameOptions::default() }, ..TraceOptions::default() };
    let chosen = open_with(&path, &options).unwrap();
    let Data::Scan(scan) = &chosen.data else { panic!("a scan is expected") };
    let (mut a, mut b) = (Pixels::empty(PixelType::F32), Pixels::empty(PixelType::F32));
    scan.read(5..9, &mut a).unwrap();
    stack.read(126..130, &mut b).unwrap();
    assert_eq!(a, b);
    let q = chosen.constants.iter().find(|constant| constant.key == "q_pixel").unwrap();
    near("q_pixel", q.quantity.value, 0.184_162e9, 1e-5);
}

/// Volumes of MATLAB: extremes, mean, and box counts of the voxels above the median of the positive ones, from SciPy.
#[test]
fn volumes_agree() {
    let Some(folder) = shared() else { return };
    for (name, shape, min, max, mean, boxes) in [
        ("aet_ta/ReconObj_sub22.mat", [151, 77, 151], 0.0, 1_306.030_2, 56.227_098, [283_449, 63_610, 14_870, 2_380, 314]),
        (
            "aet_mg8/ground_truth_amorphous_vol.mat",
            [64; 3],
            -0.013_221_4,
            3_306.338_1,
            84.244_151,
            [126_484, 16_991, 2_435, 387, 64],
        ),
    ] {
        let loaded = open(&folder.join(name)).unwrap();
        let (found, values, _) = read(&loaded);
        assert_eq!(found, shape, "{name}");
        near(name, values.iter().copied().fold(f64::INFINITY, f64::min), min, 1e-5);
        near(name, values.iter().copied().fold(f64::NEG_INFINITY, f64::max), max, 1e-7);
        near(name, values.iter().sum::<f64>() / values.len() as f64, mean, 1e-7);
        let mut positive: Vec<f64> = values.iter().copied().filter(|value| *value > 0.0).collect();
        positive.sort_by(f64::total_cmp);
        let n = positive.len();
        let threshold = 0.5 * (positive[(n - 1) / 2] + positive[n / 2]);
        for (edge, expected) in [1, 2, 4, 8, 16].into_iter().zip(boxes) {
            let whole = shape.map(|n| n / edge);
            let mut occupied = vec![false; whole.iter().product()];
            for (place, _) in values.iter().enumerate().filter(|(_, value)| **value > threshold) {
                let at = [place / (shape[1] * shape[2]) / edge, place / shape[2] % shape[1] / edge, place % shape[2] / edge];
                if (0..3).all(|axis| at[axis] < whole[axis]) {
                    occupied[(at[0] * whole[1] + at[1]) * whole[2] + at[2]] = true;
                }
            }
            assert_eq!(occupied.iter().filter(|occupied| **occupied).count(), expected, "{name}, boxes of {edge}");
        }
    }
}

#[test]
fn scans_agree() {
    let Some(folder) = shared() else { return };
    let golden = Golden {
        shape: &[2, 3, 4, 5],
        pixel: PixelType::F32,
        min: -13.118_8,
        max: 2_766.896,
        sum: 28_255.876_245_5,
        first: 472.521_2,
        last: 772.673_9,
        wsum: 1_912_867.330_38,
        axes: &[(0.126_796_875, 0.0, "nm"), (0.126_796_875, 0.0, "nm"), (0.044_251_6, 0.0, "A^-1"), (0.044_251_6, 0.0, "A^-1")],
    };
    let scan = open(&folder.join("formats/py4DSTEM_size2x3x4x5.h5")).unwrap();
    check("py4DSTEM_size2x3x4x5.h5", &scan, &golden);
    let Data::Scan(found) = &scan.data else { panic!("a scan is expected") };
    assert_eq!(found.axes.each_ref().map(|axis| axis.name.as_str()), ["Rx", "Ry", "Qx", "Qy"]);
    let value = |key: &str| scan.constants.iter().find(|constant| constant.key == key).unwrap().quantity.value;
    near("q_pixel", value("q_pixel"), 0.044_251_566_616_087_125e10, 1e-12);
    near("scan_step", value("scan_step"), 0.126_796_875e-9, 1e-12);

    let golden = Golden {
        shape: &[3, 2, 144, 144],
        pixel: PixelType::U8,
        min: 0.0,
        max: 255.0,
        sum: 5_164_570.0,
        first: 17.0,
        last: 34.0,
        wsum: 2_566_703_297.0,
        axes: &[(12.8, 0.0, "nm"), (12.8, 0.0, "nm"), (0.016_061_7, 0.0, "cm"), (0.016_061_7, 0.0, "cm")],
    };
    let blockfile = open(&folder.join("formats/test1.blo")).unwrap();
    check("test1.blo", &blockfile, &golden);
    // Centimetres are no reciprocal length.
    assert!(!blockfile.constants.iter().any(|constant| constant.key == "q_pixel"));
    assert!(blockfile.notes.iter().any(|note| note.code == "unit_kept" && note.message.contains("camera length")));
}

#[test]
fn merlin_frames_become_a_scan_by_its_shape() {
    let Some(folder) = shared() else { return };
    let path = folder.join("formats/001_4x2_6bit.mib");
    let options = |frames: FrameOptions| TraceOptions { frames, ..TraceOptions::default() };
    let golden = Golden {
        shape: &[2, 4, 256, 256],
        pixel: PixelType::U8,
        min: 0.0,
        max: 63.0,
        sum: 3_623_664.0,
        first: 3.0,
        last: 1.0,
        wsum: 1_806_031_156.0,
        axes: &[NONE, NONE, NONE, NONE],
    };
    let shaped = options(FrameOptions { scan_shape: Some([2, 4]), ..FrameOptions::default() });
    check("001_4x2_6bit.mib", &open_with(&path, &shaped).unwrap(), &golden);
    // Without a shape: a series in time.
    let series = open(&path).unwrap();
    let golden = Golden { shape: &[8, 256, 256], axes: &[NONE, NONE, NONE], ..golden };
    check("001_4x2_6bit.mib", &series, &golden);
    let Data::Stack(stack) = &series.data else { panic!("a stack is expected") };
    assert_eq!(stack.axes[0].role, AxisRole::Time);
    assert!(series.notes[0].message.contains("scan_shape"), "{:?}", series.notes);
    assert_eq!(series.metadata.get("Counter Depth (number)"), Some("6"));
    // One frame of the way back after each row of three, one position fewer.
    let flying = options(FrameOptions { scan_shape: Some([2, 3]), flyback_frames: 1, ..FrameOptions::default() });
    let Data::Scan(scan) = open_with(&path, &flying).unwrap().data else { panic!("a scan is expected") };
    let (mut a, mut b) = (Pixels::empty(PixelType::U8), Pixels::empty(PixelType::U8));
    scan.read(2..4, &mut a).unwrap();
    for (index, frame) in [2, 4].into_iter().enumerate() {
        stack.read(frame..frame + 1, &mut b).unwrap();
        assert_eq!(a.to_f64()[index * 65536..(index + 1) * 65536], b.to_f64()[..]);
    }
    let wrong = options(FrameOptions { scan_shape: Some([3, 3]), ..FrameOptions::default() });
    let message = open_with(&path, &wrong).unwrap_err().to_string();
    assert!(message.contains("8 frames, but scan_shape is 3 x 3") && message.contains("2 x 4"), "{message}");
}
