use serde::{Deserialize, Serialize};

use super::{DataError, Metadata};
use crate::unit::Unit;

/// What an indenter, a straining stage or a logger recorded: one or several tests, each with channels over time.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Record {
    /// The tests, in the order of their numbers.
    pub tests: Vec<Test>,
}

/// One test: an indent, a compressed pillar, one loading of a device.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Test {
    /// Name in the file, for instance `Test 004`.
    pub name: String,
    /// Where on the sample, m, where the file tells.
    pub position: Option<[f64; 2]>,
    /// Whether the instrument's own analysis leaves it out; nothing is deleted for that.
    pub ignored_by_instrument: bool,
    /// What the file says about this test alone.
    pub head: Metadata,
    /// The tables: the measurement, and what was recorded around it.
    pub tables: Vec<Recording>,
}

/// Channels of equal length that were recorded together.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Recording {
    /// Name in the file.
    pub name: String,
    /// What it is part of.
    pub role: RecordingRole,
    /// The channels.
    pub channels: Vec<Channel>,
    /// Stretches of loading, holding and unloading; empty where the file tells none.
    pub segments: Vec<Segment>,
    /// What the reader mended or left out.
    pub repairs: Vec<Repair>,
}

/// What a [`Recording`] is part of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RecordingRole {
    /// The measurement itself.
    Test,
    /// The way of the tip to the surface.
    Approach,
    /// A measurement of thermal drift.
    Drift,
    /// A calibration.
    Calibration,
    /// Results of the instrument's own analysis, and anything else.
    Auxiliary,
}

/// One quantity over the samples of a [`Recording`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Channel {
    /// Name in the file, untouched.
    pub name: String,
    /// What it is.
    pub quantity: TraceQuantity,
    /// Unit as the file or the user writes it.
    pub unit_in_file: String,
    /// Unit of `values`: SI, or `deg` for phases.
    pub unit: Unit,
    /// What the numbers of the file were multiplied by.
    pub factor: f64,
    /// Smallest step between different neighbouring values, in `unit`: the digitiser's step, where it shows.
    pub quantisation: Option<f64>,
    /// The values; NaN where missing.
    #[serde(with = "crate::serde_float::vector")]
    pub values: Vec<f64>,
}

/// What a channel holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum TraceQuantity {
    /// Time.
    Time,
    /// Force on the sample, positive in compression.
    Load,
    /// Displacement into the surface, positive deeper.
    Depth,
    /// Electric current.
    Current,
    /// Voltage across the sample.
    Voltage,
    /// Contact stiffness, static or of an oscillation.
    ContactStiffness,
    /// Stiffness of the contact out of phase: load amplitude over depth amplitude times the sine of the lag.
    LossStiffness,
    /// Storage modulus.
    StorageModulus,
    /// Storage modulus of the contact, tip included.
    ReducedStorageModulus,
    /// Loss modulus.
    LossModulus,
    /// Loss modulus of the contact, tip included.
    ReducedLossModulus,
    /// Hardness.
    Hardness,
    /// Young's modulus.
    Modulus,
    /// Phase of an oscillation.
    Phase,
    /// Its frequency, in cycles.
    Frequency,
    /// Its angular frequency, 2π times the frequency.
    AngularFrequency,
    /// Loss tangent.
    TanDelta,
    /// Projected contact area.
    ContactArea,
    /// Contact depth.
    ContactDepth,
    /// Position of a stage, an actuator or a motor.
    Position,
    /// Strain.
    Strain,
    /// Stress.
    Stress,
    /// Strain rate.
    StrainRate,
    /// Temperature.
    Temperature,
    /// Heat flow of a calorimeter.
    HeatFlow,
    /// Heat flow per mass of the sample.
    SpecificHeatFlow,
    /// Heat capacity per mass.
    SpecificHeat,
    /// Imaginary part of a heat capacity per mass.
    SpecificHeatLoss,
    /// Shear modulus.
    ShearModulus,
    /// Strain over the stress that is held.
    CreepCompliance,
    /// Stress over the strain that is held.
    RelaxationModulus,
    /// Strain in phase with an oscillating stress, over that stress.
    StorageCompliance,
    /// Strain a quarter of a cycle behind an oscillating stress, over that stress.
    LossCompliance,
    /// Relative permittivity, its real part.
    Permittivity,
    /// Relative permittivity, its loss.
    DielectricLoss,
    /// Anything else.
    Other,
}

/// A stretch of one kind of control.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Segment {
    /// What happens in it.
    pub kind: SegmentKind,
    /// Its first row.
    pub first: usize,
    /// One past its last row.
    pub end: usize,
    /// How it is known.
    pub origin: SegmentOrigin,
    /// Demanded value at begin and end, SI, where the file tells.
    pub demand: Option<[f64; 2]>,
}

/// What happens in a [`Segment`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SegmentKind {
    /// The load rises.
    Load,
    /// The load is kept.
    Hold,
    /// The load falls.
    Unload,
    /// Thermal drift is measured.
    Drift,
    /// The tip has not touched.
    Approach,
    /// Anything else.
    Other,
}

/// How a [`Segment`] is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SegmentOrigin {
    /// A table in the head of the file.
    File,
    /// Marks among the rows.
    Markers,
    /// Found in the load.
    Detected,
    /// Stated by the user.
    Stated,
}

/// Something that a reader mended or left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Repair {
    /// What, in one word or two, for instance `sentinel`.
    pub kind: String,
    /// How many rows it concerns.
    pub rows: usize,
    /// The first of them.
    pub first: usize,
    /// What was done, for people.
    pub text: String,
}

impl TraceQuantity {
    /// The word used in studies, tables and messages.
    pub fn word(self) -> &'static str {
        match self {
            Self::Time => "time",
            Self::Load => "load",
            Self::Depth => "depth",
            Self::Current => "current",
            Self::Voltage => "voltage",
            Self::ContactStiffness => "contact_stiffness",
            Self::LossStiffness => "loss_stiffness",
            Self::StorageModulus => "storage_modulus",
            Self::ReducedStorageModulus => "reduced_storage_modulus",
            Self::LossModulus => "loss_modulus",
            Self::ReducedLossModulus => "reduced_loss_modulus",
            Self::Hardness => "hardness",
            Self::Modulus => "modulus",
            Self::Phase => "phase",
            Self::Frequency => "frequency",
            Self::AngularFrequency => "angular_frequency",
            Self::TanDelta => "tan_delta",
            Self::ContactArea => "contact_area",
            Self::ContactDepth => "contact_depth",
            Self::Position => "position",
            Self::Strain => "strain",
            Self::Stress => "stress",
            Self::StrainRate => "strain_rate",
            Self::Temperature => "temperature",
            Self::HeatFlow => "heat_flow",
            Self::SpecificHeatFlow => "specific_heat_flow",
            Self::SpecificHeat => "specific_heat",
            Self::SpecificHeatLoss => "specific_heat_loss",
            Self::ShearModulus => "shear_modulus",
            Self::CreepCompliance => "creep_compliance",
            Self::RelaxationModulus => "relaxation_modulus",
            Self::StorageCompliance => "storage_compliance",
            Self::LossCompliance => "loss_compliance",
            Self::Permittivity => "permittivity",
            Self::DielectricLoss => "dielectric_loss",
            Self::Other => "other",
        }
    }

    /// All quantities, in the order of their definition.
    pub const ALL: [Self; 36] = [
        Self::Time,
        Self::Load,
        Self::Depth,
        Self::Current,
        Self::Voltage,
        Self::ContactStiffness,
        Self::LossStiffness,
        Self::StorageModulus,
        Self::ReducedStorageModulus,
        Self::LossModulus,
        Self::ReducedLossModulus,
        Self::Hardness,
        Self::Modulus,
        Self::Phase,
        Self::Frequency,
        Self::AngularFrequency,
        Self::TanDelta,
        Self::ContactArea,
        Self::ContactDepth,
        Self::Position,
        Self::Strain,
        Self::Stress,
        Self::StrainRate,
        Self::Temperature,
        Self::HeatFlow,
        Self::SpecificHeatFlow,
        Self::SpecificHeat,
        Self::SpecificHeatLoss,
        Self::ShearModulus,
        Self::CreepCompliance,
        Self::RelaxationModulus,
        Self::StorageCompliance,
        Self::LossCompliance,
        Self::Permittivity,
        Self::DielectricLoss,
        Self::Other,
    ];

    /// The quantity of a word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|quantity| quantity.word() == word)
    }

    /// The unit that values of it are kept in; absent for [`Self::Other`].
    pub fn unit(self) -> Option<Unit> {
        let symbol = match self {
            Self::Time => "s",
            Self::Load => "N",
            Self::Depth | Self::ContactDepth | Self::Position => "m",
            Self::Current => "A",
            Self::Voltage => "V",
            Self::ContactStiffness | Self::LossStiffness => "N/m",
            Self::StorageModulus
            | Self::ReducedStorageModulus
            | Self::LossModulus
            | Self::ReducedLossModulus
            | Self::Hardness
            | Self::Modulus
            | Self::ShearModulus
            | Self::RelaxationModulus
            | Self::Stress => "Pa",
            Self::CreepCompliance | Self::StorageCompliance | Self::LossCompliance => "1/Pa",
            Self::Phase => "deg",
            Self::Frequency => "Hz",
            Self::AngularFrequency => "rad/s",
            Self::ContactArea => "m^2",
            Self::StrainRate => "1/s",
            Self::Temperature => "K",
            Self::HeatFlow => "W",
            Self::SpecificHeatFlow => "W/kg",
            Self::SpecificHeat | Self::SpecificHeatLoss => "J/(kg K)",
            Self::TanDelta | Self::Strain | Self::Permittivity | Self::DielectricLoss => return Some(Unit::one()),
            Self::Other => return None,
        };
        Some(Unit::of(symbol))
    }
}

impl Segment {
    /// Number of rows.
    pub fn len(&self) -> usize {
        self.end.saturating_sub(self.first)
    }

    /// Whether it has no rows.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl SegmentKind {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Load => "load",
            Self::Hold => "hold",
            Self::Unload => "unload",
            Self::Drift => "drift",
            Self::Approach => "approach",
            Self::Other => "other",
        }
    }
}

impl Channel {
    /// A channel in SI, as a program makes it.
    pub fn new(quantity: TraceQuantity, values: Vec<f64>) -> Self {
        let unit = quantity.unit().unwrap_or_else(Unit::one);
        Self {
            name: quantity.word().to_owned(),
            quantity,
            unit_in_file: unit.symbol().to_owned(),
            unit,
            factor: 1.0,
            quantisation: None,
            values,
        }
    }
}

impl Recording {
    /// A measurement of these channels.
    pub fn of_test(channels: Vec<Channel>) -> Self {
        Self { name: "test".to_owned(), role: RecordingRole::Test, channels, segments: Vec::new(), repairs: Vec::new() }
    }

    /// Number of samples.
    pub fn n_rows(&self) -> usize {
        self.channels.first().map_or(0, |channel| channel.values.len())
    }

    /// The channel of a quantity, where there is exactly one.
    ///
    /// # Errors
    /// [`DataError::NoSuchChannel`], [`DataError::AmbiguousChannel`].
    pub fn channel(&self, quantity: TraceQuantity) -> Result<&Channel, DataError> {
        let candidates: Vec<&Channel> = self.channels.iter().filter(|channel| channel.quantity == quantity).collect();
        match candidates.as_slice() {
            [only] => Ok(only),
            [] => Err(DataError::NoSuchChannel {
                wanted: quantity.word(),
                found: self.channels.iter().map(Channel::describe).collect(),
            }),
            several => Err(DataError::AmbiguousChannel {
                wanted: quantity.word(),
                candidates: several.iter().map(|channel| channel.describe()).collect(),
            }),
        }
    }

    /// The values of a quantity, in SI.
    ///
    /// # Errors
    /// As [`Self::channel`].
    pub fn values(&self, quantity: TraceQuantity) -> Result<&[f64], DataError> {
        Ok(&self.channel(quantity)?.values)
    }

    /// Takes the values of a quantity out, in SI.
    ///
    /// # Errors
    /// As [`Self::channel`].
    pub fn take(&mut self, quantity: TraceQuantity) -> Result<Vec<f64>, DataError> {
        self.channel(quantity)?;
        let channel = self.channels.iter_mut().find(|channel| channel.quantity == quantity);
        Ok(channel.map(|channel| std::mem::take(&mut channel.values)).unwrap_or_default())
    }

    /// Whether there is exactly one channel of this quantity.
    pub fn has(&self, quantity: TraceQuantity) -> bool {
        self.channel(quantity).is_ok()
    }
}

impl Channel {
    /// Name, quantity and unit, for messages.
    pub fn describe(&self) -> String {
        format!("'{}' ({}, {})", self.name, self.quantity.word(), self.unit_in_file)
    }
}

impl Test {
    /// The measurement itself.
    ///
    /// # Errors
    /// [`DataError::NoRecording`].
    pub fn measurement(&self) -> Result<&Recording, DataError> {
        self.tables.iter().find(|table| table.role == RecordingRole::Test).ok_or_else(|| DataError::NoRecording {
            test: self.name.clone(),
            found: self.tables.iter().map(|table| table.name.clone()).collect(),
        })
    }
}

impl Record {
    /// A record of one test, as a program makes it.
    pub fn of_test(name: &str, recording: Recording) -> Self {
        Self { tests: vec![Test { name: name.to_owned(), tables: vec![recording], ..Test::default() }] }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn words_and_quantities_are_one_to_one() {
        for quantity in TraceQuantity::ALL {
            assert_eq!(TraceQuantity::parse(quantity.word()), Some(quantity));
        }
        assert_eq!(TraceQuantity::parse("charge"), None);
    }

    #[test]
    fn a_quantity_is_found_once_or_the_candidates_are_named() {
        let mut recording = Recording::of_test(vec![Channel::new(TraceQuantity::Load, vec![1.0, 2.0])]);
        assert_eq!(recording.values(TraceQuantity::Load).unwrap(), [1.0, 2.0]);
        let missing = recording.values(TraceQuantity::Depth).unwrap_err().to_string();
        assert_eq!(missing, "there is no channel of depth; the channels are: 'load' (load, N)");
        recording.channels.push(Channel { name: "Load 2".to_owned(), ..Channel::new(TraceQuantity::Load, vec![0.0; 2]) });
        let several = recording.values(TraceQuantity::Load).unwrap_err().to_string();
        assert!(several.contains("'load' (load, N); 'Load 2' (load, N)"), "{several}");
    }
}
