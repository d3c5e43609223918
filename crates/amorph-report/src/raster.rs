//! Maps as pictures: a colour range, and PNG.

use amorph_core::figure::{Palette, Scale};
use ndarray::ArrayView2;

use crate::{ReportError, colour};

/// Number of colours of a picture; one more entry of the PNG palette is for missing pixels.
const LEVELS: usize = 255;

/// The range that colours span: 0.5 to 99.5 % of the values, symmetric about zero for a diverging palette.
pub fn colour_range(values: ArrayView2<f64>, palette: Palette, scale: Scale) -> [f64; 2] {
    let usable = |value: &f64| value.is_finite() && (scale == Scale::Linear || *value > 0.0);
    let mut sorted: Vec<f64> = values.iter().copied().filter(usable).collect();
    sorted.sort_by(f64::total_cmp);
    let at = |fraction: f64| sorted.get(((sorted.len().max(1) - 1) as f64 * fraction).round() as usize).copied();
    let (Some(lo), Some(hi)) = (at(0.005), at(0.995)) else {
        return if scale == Scale::Log { [1.0, 10.0] } else { [0.0, 1.0] };
    };
    if palette == Palette::Diverging && scale == Scale::Linear {
        let most = lo.abs().max(hi.abs());
        return widen([-most, most], scale);
    }
    widen([lo, hi], scale)
}

/// Makes an empty range a little wide.
pub fn widen([lo, hi]: [f64; 2], scale: Scale) -> [f64; 2] {
    if hi > lo {
        return [lo, hi];
    }
    if scale == Scale::Log {
        return [lo / 2.0, lo * 2.0];
    }
    let half = if lo == 0.0 { 1.0 } else { 0.05 * lo.abs() };
    [lo - half, lo + half]
}

/// Where a value lies in a range, from 0 to 1 inside.
pub fn fraction(value: f64, [lo, hi]: [f64; 2], scale: Scale) -> f64 {
    match scale {
        Scale::Linear => (value - lo) / (hi - lo),
        Scale::Log => (value / lo).ln() / (hi / lo).ln(),
    }
}

/// An indexed PNG of the values; missing ones have the colour `missing`.
pub fn png(
    values: ArrayView2<f64>,
    range: [f64; 2],
    palette: Palette,
    scale: Scale,
    missing: [u8; 3],
) -> Result<Vec<u8>, ReportError> {
    let (rows, columns) = values.dim();
    let levels: Vec<u8> = values.iter().map(|value| level(*value, range, scale)).collect();
    let mut colours: Vec<u8> = colours(palette).flatten().collect();
    colours.extend(missing);
    let mut bytes = Vec::new();
    let mut encoder = ::png::Encoder::new(&mut bytes, columns as u32, rows as u32);
    encoder.set_color(::png::ColorType::Indexed);
    encoder.set_depth(::png::BitDepth::Eight);
    encoder.set_palette(colours);
    encoder.set_compression(::png::Compression::Balanced);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&levels)?;
    writer.finish()?;
    Ok(bytes)
}

/// The colours of a picture, from the lowest to the highest level.
pub fn colours(palette: Palette) -> impl Iterator<Item = [u8; 3]> {
    (0..LEVELS).map(move |index| colour::sample(palette, index as f64 / (LEVELS - 1) as f64))
}

fn level(value: f64, range: [f64; 2], scale: Scale) -> u8 {
    let fraction = fraction(value, range, scale);
    if !value.is_finite() || fraction.is_nan() {
        return LEVELS as u8;
    }
    (fraction.clamp(0.0, 1.0) * (LEVELS - 1) as f64).round() as u8
}

#[cfg(test)]
mod tests {
    use ndarray::{Array2, array};

    use super::*;

    #[test]
    fn colour_ranges_survive_odd_maps() {
        let empty = Array2::from_elem((4, 4), f64::NAN);
        let flat = Array2::from_elem((4, 4), 3.0);
        for values in [&empty, &flat] {
            for scale in [Scale::Linear, Scale::Log] {
                let [lo, hi] = colour_range(values.view(), Palette::Sequential, scale);
                assert!(hi > lo, "{lo} {hi}");
            }
        }
        let signed = array![[-1.0, 4.0], [2.0, 0.0]];
        assert_eq!(colour_range(signed.view(), Palette::Diverging, Scale::Linear), [-4.0, 4.0]);
    }

    #[test]
    fn the_png_holds_the_palette_colours_of_the_values() {
        let values = array![[0.0, 1.0], [f64::NAN, 7.0]];
        let bytes = png(values.view(), [0.0, 1.0], Palette::Sequential, Scale::Linear, [9, 8, 7]).unwrap();
        let mut decoder = ::png::Decoder::new(std::io::Cursor::new(bytes));
        decoder.set_transformations(::png::Transformations::EXPAND);
        let mut reader = decoder.read_info().unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        reader.next_frame(&mut pixels).unwrap();
        let expected = [[68, 1, 84], [253, 231, 37], [9, 8, 7], [253, 231, 37]].concat();
        assert_eq!(pixels, expected);
    }
}
