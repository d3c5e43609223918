//! Pictures of few colours.

use std::collections::BTreeMap;

/// Most colours of an indexed picture.
const COLOURS_MAX: usize = 256;

/// At most 256 colours that stand for those given, and the index of each. The most frequent colours are kept, nearly equal
/// ones as their mean; every other takes the nearest of them.
pub fn reduce(colours: &[[u8; 3]]) -> (Vec<[u8; 3]>, Vec<u8>) {
    let mut cells: BTreeMap<[u8; 3], ([u64; 3], u64)> = BTreeMap::new();
    for colour in colours {
        let (sums, count) = cells.entry(cell(*colour)).or_default();
        sums.iter_mut().zip(colour).for_each(|(sum, channel)| *sum += u64::from(*channel));
        *count += 1;
    }
    let mut common: Vec<&([u64; 3], u64)> = cells.values().collect();
    common.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    common.truncate(COLOURS_MAX);
    let palette: Vec<[u8; 3]> = common.iter().map(|(sums, count)| sums.map(|sum| (sum / count) as u8)).collect();
    let nearest = |colour: [u8; 3]| {
        let distance =
            |other: &[u8; 3]| -> u32 { other.iter().zip(colour).map(|(a, b)| u32::from(a.abs_diff(b)).pow(2)).sum() };
        (0..palette.len()).min_by_key(|&index| distance(&palette[index])).unwrap_or(0) as u8
    };
    let index: BTreeMap<[u8; 3], u8> =
        cells.iter().map(|(cell, (sums, count))| (*cell, nearest(sums.map(|sum| (sum / count) as u8)))).collect();
    let indices = colours.iter().map(|colour| index.get(&cell(*colour)).copied().unwrap_or(0)).collect();
    (palette, indices)
}

/// Colours that hardly differ share a cell: five bits for each channel.
fn cell(colour: [u8; 3]) -> [u8; 3] {
    colour.map(|channel| channel >> 3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_colours_stay_as_they_are() {
        let colours = [[255, 255, 255], [20, 99, 155], [255, 255, 255], [200, 40, 90]];
        let (palette, indices) = reduce(&colours);
        let restored: Vec<[u8; 3]> = indices.iter().map(|index| palette[usize::from(*index)]).collect();
        assert_eq!(restored, colours);
    }

    #[test]
    fn the_colours_of_a_map_hardly_change() {
        use amorph_core::figure::Palette;
        // A map in all colours of its palette, a white ground, and every grey of smoothed text once.
        let map: Vec<[u8; 3]> = crate::raster::colours(Palette::Sequential).flat_map(|colour| [colour; 40]).collect();
        let colours: Vec<[u8; 3]> = map.into_iter().chain([[255; 3]; 5000]).chain((0..=255).map(|grey| [grey; 3])).collect();
        let (palette, indices) = reduce(&colours);
        assert!(palette.len() <= COLOURS_MAX);
        let error = |(colour, index): (&[u8; 3], &u8)| {
            let near = palette[usize::from(*index)];
            colour.iter().zip(near).map(|(a, b)| a.abs_diff(b)).max().unwrap_or(0)
        };
        // Channels of one cell differ by less than eight.
        assert!(colours.iter().zip(&indices).map(error).max().unwrap() < 8);
    }
}
