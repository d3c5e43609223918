//! Times the image kernels on Gaussian fields and prints one JSON line per task: the median of five runs.
//!
//! `cargo run --release -p amorph-core --example bench_kernels -- FOLDER [SIZE ..]`; the fields are left in FOLDER as
//! `field_SIZE.f64` (raw, little-endian, row by row) so that other programs time the same work. `ONLY=task` times one of them.

use std::error::Error;
use std::hint::black_box;
use std::path::PathBuf;
use std::time::Instant;

use amorph_core::fft::{Sides, Window, power_spectrum};
use amorph_core::image::{Connectivity, PixelModel, contours, label, pair_statistics, pixel_moments};
use amorph_core::random::{FieldModel, FieldSampler};
use ndarray::{Array2, ArrayView2};

const REPEATS: usize = 5;
const UNIT: (f64, f64) = (1.0, 1.0);

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let folder = PathBuf::from(arguments.next().unwrap_or_else(|| "bench-out".to_owned()));
    let sizes: Vec<usize> = arguments.map(|size| size.parse()).collect::<Result<_, _>>()?;
    let sizes = if sizes.is_empty() { vec![512, 2048] } else { sizes };
    std::fs::create_dir_all(&folder)?;
    for size in sizes {
        let sampler = FieldSampler::new(&FieldModel::isotropic(1.0, 4.0, 0.5), (size, size), UNIT)?;
        let field = sampler.sample(42);
        let bytes: Vec<u8> = field.iter().flat_map(|value| value.to_le_bytes()).collect();
        std::fs::write(folder.join(format!("field_{size}.f64")), bytes)?;
        kernels(size, &field.view())?;
        report("field_sample", size, || sampler.sample(7));
        if size <= 512 {
            let seeds: Vec<u64> = (0..200).collect();
            report("surrogates_200", size, || sampler.sample_each(&seeds, |_, field| regions(&field.view(), false)));
        }
    }
    Ok(())
}

fn kernels(size: usize, field: &ArrayView2<'_, f64>) -> Result<(), Box<dyn Error>> {
    let mask = Array2::from_shape_fn(field.dim(), |(row, column)| (7 * row + 13 * column) % 10 != 0);
    pair_statistics(field, Some(&mask.view()), UNIT, None)?;
    let radial =
        |valid: Option<&ArrayView2<'_, bool>>, r_max| pair_statistics(field, valid, UNIT, r_max).map(|s| s.radial(1.0));
    report("hhcf_all_lags", size, || radial(None, None));
    report("hhcf_masked_all_lags", size, || radial(Some(&mask.view()), None));
    report("hhcf_r100", size, || radial(None, Some(100.0)));
    report("hhcf_masked_r100", size, || radial(Some(&mask.view()), Some(100.0)));
    report("hdr_pixel", size, || regions(field, false));
    report("hdr_outlines", size, || regions(field, true));
    report("psd", size, || power_spectrum(field, UNIT, Window::Hann, Sides::Two));
    Ok(())
}

/// Top 5 %, regions, ellipses: number of regions and the sum of their aspect ratios.
fn regions(field: &ArrayView2<'_, f64>, outlines: bool) -> (usize, f64) {
    let mut values: Vec<f64> = field.iter().copied().collect();
    let rank = values.len() * 95 / 100;
    let threshold = *values.select_nth_unstable_by(rank, f64::total_cmp).1;
    let labelling = label(&field.mapv(|value| value > threshold).view(), Connectivity::Four);
    let ellipse = |aspect: f64, radius: f64, angle: f64| if aspect.is_finite() { aspect + radius + angle } else { 0.0 };
    let sum = if outlines {
        let outlines = contours(field, &labelling, threshold, UNIT);
        let moments = (1..=labelling.n_regions() as u32).filter_map(|label| outlines.moments(label));
        moments.map(|m| ellipse(m.aspect(), m.equivalent_radius(), m.angle())).sum()
    } else {
        let regions = labelling.regions();
        let moments = regions.iter().map(|region| pixel_moments(region, field.nrows(), UNIT, PixelModel::Box));
        moments.map(|m| ellipse(m.aspect(), m.equivalent_radius(), m.angle())).sum()
    };
    (labelling.n_regions(), sum)
}

fn report<T>(task: &str, size: usize, work: impl Fn() -> T) {
    if std::env::var("ONLY").is_ok_and(|only| only != task) {
        return;
    }
    let once = |_| {
        let start = Instant::now();
        black_box(work());
        start.elapsed().as_secs_f64()
    };
    let mut times: Vec<f64> = (0..REPEATS).map(once).collect();
    times.sort_by(f64::total_cmp);
    let (threads, seconds) = (rayon::current_num_threads(), times[REPEATS / 2]);
    println!(r#"{{"program": "amorph", "task": "{task}", "size": {size}, "threads": {threads}, "seconds": {seconds}}}"#);
}
