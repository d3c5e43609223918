use amorph_core::figure::{Palette, Scale};

use super::{Frame, Picture};

/// A picture that would use less than this share of a common scale keeps its own: it would show one colour.
const LEAST_SHARE: f64 = 0.12;

/// The colours of each kind of map in a whole report, so that equal colours mean equal values.
#[derive(Debug, Default)]
pub struct ColourScales {
    scales: Vec<ColourScale>,
}

/// What the colours of one kind of map span.
#[derive(Debug)]
pub struct ColourScale {
    /// Quantity of the map.
    pub quantity: String,
    /// Label of the colour bar, with unit.
    pub label: String,
    /// Symbol of the unit.
    pub unit: String,
    /// Kind of colour map.
    pub palette: Palette,
    /// Linear or logarithmic.
    pub scale: Scale,
    /// From the lowest to the highest end of all pictures of this kind.
    pub range: [f64; 2],
}

impl ColourScale {
    fn is_of(&self, picture: &Picture) -> bool {
        self.quantity == picture.quantity
            && self.unit == picture.unit
            && self.palette == picture.palette
            && self.scale == picture.scale
    }

    fn span(&self, [lo, hi]: [f64; 2]) -> f64 {
        if self.scale == Scale::Log { (hi / lo).ln() } else { hi - lo }
    }
}

impl ColourScales {
    /// Takes the pictures of a panel into account.
    pub fn include(&mut self, frame: &Frame) {
        for picture in frame.pictures().filter(|picture| picture.values.iter().any(|value| value.is_finite())) {
            let [lo, hi] = picture.range;
            match self.scales.iter_mut().find(|scale| scale.is_of(picture)) {
                Some(known) => known.range = [known.range[0].min(lo), known.range[1].max(hi)],
                None => self.scales.push(ColourScale {
                    quantity: picture.quantity.clone(),
                    label: picture.label.clone(),
                    unit: picture.unit.clone(),
                    palette: picture.palette,
                    scale: picture.scale,
                    range: picture.range,
                }),
            }
        }
    }

    /// Gives the pictures of a panel the common colours of their kind.
    pub fn apply(&self, frame: &mut Frame) {
        for picture in frame.pictures_mut() {
            picture.range = self.range_of(picture);
        }
    }

    /// The common range; the picture's own where it would vanish in it.
    fn range_of(&self, picture: &Picture) -> [f64; 2] {
        let Some(known) = self.scales.iter().find(|scale| scale.is_of(picture)) else { return picture.range };
        let uses_enough = known.span(picture.range) >= LEAST_SHARE * known.span(known.range);
        if uses_enough { known.range } else { picture.range }
    }

    /// The kinds, in the order in which they were met.
    pub fn kinds(&self) -> &[ColourScale] {
        &self.scales
    }
}
