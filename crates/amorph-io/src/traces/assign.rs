//! Which column is what, in which unit.

use amorph_core::data::{RecordingRole, TraceQuantity};
use amorph_core::unit::Unit;

use super::build::{Builder, RawColumn};
use super::names::{KNOWN_UNITS, Sure, quantity, spelled};
use super::options::{ColumnMapping, ColumnPlace};
use crate::IoError;
use crate::units::kept_unit;

/// What a column was found to be: `value = (number * scale + offset) * unit`, kept in `target`.
#[derive(Debug, Clone)]
pub(crate) struct Assigned {
    pub quantity: TraceQuantity,
    pub unit: Unit,
    pub target: Unit,
    pub scale: f64,
    pub offset: f64,
}

/// A guess by name, before the columns are set against each other.
struct Claim {
    quantity: TraceQuantity,
    sure: Sure,
}

pub(crate) fn assign(builder: &Builder<'_>, columns: &[RawColumn], role: RecordingRole) -> Result<Vec<Assigned>, IoError> {
    let mappings = builder.options.mappings();
    let mut mapped: Vec<Option<&ColumnMapping>> = vec![None; columns.len()];
    for mapping in &mappings {
        match place(columns, &mapping.column) {
            Some(index) => mapped[index] = Some(mapping),
            // Approach and drift tables have columns of their own.
            None if role != RecordingRole::Test => {}
            None => return Err(no_such_column(builder.file, columns, mapping)),
        }
    }
    let is_mapped = |quantity| mappings.iter().any(|mapping| mapping.quantity == quantity);
    let mut claims: Vec<Option<Claim>> = columns
        .iter()
        .zip(&mapped)
        .map(|(column, mapping)| claim(column).filter(|claim| mapping.is_none() && !is_mapped(claim.quantity)))
        .collect();
    settle_claims(builder, columns, &mut claims, role)?;
    let mut assigned = Vec::with_capacity(columns.len());
    for ((column, mapping), claim) in columns.iter().zip(mapped).zip(claims) {
        assigned.push(match (mapping, claim) {
            (Some(mapping), _) => by_mapping(builder.file, column, mapping)?,
            // What the instrument computed itself may lack units; nobody needs it.
            (None, Some(claim)) if role == RecordingRole::Auxiliary => {
                by_name(builder.file, column, claim.quantity).unwrap_or_else(|_| other(column))
            }
            (None, Some(claim)) => by_name(builder.file, column, claim.quantity)?,
            (None, None) => other(column),
        });
    }
    Ok(assigned)
}

/// The column that a mapping means.
///
/// # Errors
/// [`IoError::NoSuchColumn`] with the columns that there are.
pub(super) fn column_of<'a>(file: &str, columns: &'a [RawColumn], mapping: &ColumnMapping) -> Result<&'a RawColumn, IoError> {
    let found = place(columns, &mapping.column).and_then(|index| columns.get(index));
    found.ok_or_else(|| no_such_column(file, columns, mapping))
}

fn place(columns: &[RawColumn], place: &ColumnPlace) -> Option<usize> {
    match place {
        ColumnPlace::Number(number) => number.checked_sub(1).filter(|index| *index < columns.len()),
        ColumnPlace::Name(name) => {
            let exact = columns.iter().position(|column| column.name == *name);
            exact.or_else(|| columns.iter().position(|column| column.name.trim().eq_ignore_ascii_case(name.trim())))
        }
    }
}

fn no_such_column(file: &str, columns: &[RawColumn], mapping: &ColumnMapping) -> IoError {
    IoError::NoSuchColumn {
        file: file.to_owned(),
        quantity: mapping.quantity.word().to_owned(),
        wanted: mapping.column.to_string(),
        found: columns.iter().enumerate().map(|(index, column)| format!("{} '{}'", index + 1, column.name)).collect(),
    }
}

/// What a column holds by its name and unit, where they agree.
pub(crate) fn claimed(column: &RawColumn) -> Option<TraceQuantity> {
    claim(column).map(|claim| claim.quantity)
}

/// By what the format says, else by the name; a unit of another dimension speaks against it.
fn claim(column: &RawColumn) -> Option<Claim> {
    let claim = match column.quantity {
        Some(quantity) => Claim { quantity: by_unit(quantity, column.unit.as_deref()), sure: Sure::Wholly },
        None => {
            let (quantity, sure) = quantity(&column.name)?;
            Claim { quantity: by_unit(quantity, column.unit.as_deref()), sure }
        }
    };
    let fits = match (column.unit.as_deref().map(|text| unit_of(text, claim.quantity)), claim.quantity.unit()) {
        (Some(Some(unit)), Some(target)) => unit.is_compatible(&target) || is_angle_free(&unit, claim.quantity),
        _ => true,
    };
    (fits && claim.quantity != TraceQuantity::Other).then_some(claim)
}

/// A frequency in rad/s is an angular one and a heat flow in W/g one per mass, whatever their names; so is `f` in Hz no force and `T` in
/// degrees no time.
fn by_unit(quantity: TraceQuantity, unit: Option<&str>) -> TraceQuantity {
    let is_like = |text: &str, like: &str| Unit::parse(&spelled(text)).is_ok_and(|unit| unit.is_compatible(&Unit::of(like)));
    match (quantity, unit) {
        (TraceQuantity::Load, Some(unit)) if is_like(unit, "Hz") => TraceQuantity::Frequency,
        (TraceQuantity::Time, Some(unit)) if spelled(unit) == "C" || is_like(unit, "K") => TraceQuantity::Temperature,
        (TraceQuantity::Frequency, Some(unit)) if is_like(unit, "rad/s") => TraceQuantity::AngularFrequency,
        (TraceQuantity::HeatFlow, Some(unit)) if is_like(unit, "W/kg") => TraceQuantity::SpecificHeatFlow,
        (other, _) => other,
    }
}

fn is_angle_free(unit: &Unit, quantity: TraceQuantity) -> bool {
    quantity == TraceQuantity::TanDelta && unit.dimension() == Unit::one().dimension()
}

/// Of several columns for one quantity the one whose name is just that; the others are kept as something else.
fn settle_claims(
    builder: &Builder<'_>,
    columns: &[RawColumn],
    claims: &mut [Option<Claim>],
    role: RecordingRole,
) -> Result<(), IoError> {
    const NEEDED: [TraceQuantity; 4] = [TraceQuantity::Time, TraceQuantity::Load, TraceQuantity::Depth, TraceQuantity::Current];
    for quantity in TraceQuantity::ALL {
        let of = |claims: &[Option<Claim>], sure: Sure| -> Vec<usize> {
            let fits = |claim: &Claim| claim.quantity == quantity && claim.sure == sure;
            claims.iter().enumerate().filter(|(_, claim)| claim.as_ref().is_some_and(fits)).map(|(index, _)| index).collect()
        };
        let (wholly, partly) = (of(claims, Sure::Wholly), of(claims, Sure::Partly));
        let rivals = if wholly.is_empty() { &partly } else { &wholly };
        if rivals.len() > 1 && NEEDED.contains(&quantity) && !builder.several_allowed && role == RecordingRole::Test {
            return Err(same_quantity(builder.file, columns, rivals, quantity));
        }
        if !wholly.is_empty() {
            partly.into_iter().for_each(|index| claims[index] = None);
        }
    }
    Ok(())
}

fn same_quantity(file: &str, columns: &[RawColumn], rivals: &[usize], quantity: TraceQuantity) -> IoError {
    let shown = |index: &usize| {
        let unit = columns[*index].unit.as_deref().unwrap_or("no unit");
        format!("column {} '{}' ({unit})", index + 1, columns[*index].name)
    };
    let first = rivals.first().map_or(1, |index| index + 1);
    IoError::SameQuantity {
        file: file.to_owned(),
        quantity: quantity.word(),
        channels: rivals.iter().map(shown).collect(),
        mapping: format!("{{ {} = {{ column = {first} }} }}", quantity.word()),
    }
}

fn by_mapping(file: &str, column: &RawColumn, mapping: &ColumnMapping) -> Result<Assigned, IoError> {
    let (scale, offset) = (mapping.scale, mapping.offset);
    match &mapping.unit {
        Some(unit) => {
            let target = mapping.quantity.unit().unwrap_or_else(|| kept_unit(unit).0);
            Ok(Assigned { quantity: mapping.quantity, unit: unit.clone(), target, scale, offset })
        }
        None => Ok(Assigned { scale, offset, ..by_name(file, column, mapping.quantity)? }),
    }
}

fn by_name(file: &str, column: &RawColumn, quantity: TraceQuantity) -> Result<Assigned, IoError> {
    let Some(target) = quantity.unit() else { return Ok(other(column)) };
    let plain = target.dimension() == Unit::one().dimension();
    let text = column.unit.as_deref().map(str::trim).filter(|text| !text.is_empty());
    let unit = match text {
        None if plain => Unit::one(),
        None => return Err(missing_unit(file, &column.name, quantity)),
        Some(text) => match unit_of(text, quantity) {
            Some(unit) if unit.is_compatible(&target) => unit,
            Some(_) => return Err(wrong_unit(file, &column.name, quantity, text, "which is of another kind")),
            None if text == "A" => {
                return Err(wrong_unit(file, &column.name, quantity, text, "which may be ampere or angstrom"));
            }
            None => return Err(wrong_unit(file, &column.name, quantity, text, "which is not known")),
        },
    };
    Ok(Assigned { quantity, unit, target, scale: 1.0, offset: 0.0 })
}

/// The unit that a text means beside a quantity; `A` beside a depth means nothing sure.
fn unit_of(text: &str, quantity: TraceQuantity) -> Option<Unit> {
    let spelled = spelled(text);
    let is_length = quantity.unit().is_some_and(|unit| unit.symbol() == "m");
    if is_length && spelled == "A" {
        return None;
    }
    if quantity == TraceQuantity::Temperature && spelled == "C" {
        return Unit::parse("degC").ok();
    }
    Unit::parse(&spelled).ok()
}

fn other(column: &RawColumn) -> Assigned {
    let text = column.unit.as_deref().unwrap_or("");
    let unit = Unit::parse(&spelled(text)).unwrap_or_else(|_| Unit::unknown(text));
    let (target, _) = kept_unit(&unit);
    Assigned { quantity: TraceQuantity::Other, unit, target, scale: 1.0, offset: 0.0 }
}

/// A unit that people use for the quantity, for an example.
fn usual_unit(quantity: TraceQuantity) -> &'static str {
    match quantity {
        TraceQuantity::Time => "s",
        TraceQuantity::Load => "mN",
        TraceQuantity::Depth | TraceQuantity::ContactDepth | TraceQuantity::Position => "nm",
        TraceQuantity::Current => "uA",
        TraceQuantity::Voltage => "V",
        TraceQuantity::Phase => "deg",
        TraceQuantity::Frequency => "Hz",
        TraceQuantity::AngularFrequency => "rad/s",
        TraceQuantity::ContactStiffness | TraceQuantity::LossStiffness => "N/m",
        TraceQuantity::ContactArea => "nm^2",
        TraceQuantity::StrainRate => "1/s",
        TraceQuantity::CreepCompliance | TraceQuantity::StorageCompliance | TraceQuantity::LossCompliance => "1/GPa",
        TraceQuantity::Temperature => "degC",
        TraceQuantity::HeatFlow => "mW",
        TraceQuantity::SpecificHeatFlow => "W/g",
        TraceQuantity::SpecificHeat | TraceQuantity::SpecificHeatLoss => "J/(g K)",
        TraceQuantity::TanDelta
        | TraceQuantity::Strain
        | TraceQuantity::Permittivity
        | TraceQuantity::DielectricLoss
        | TraceQuantity::Other => "1",
        _ => "GPa",
    }
}

fn mapping_line(channel: &str, quantity: TraceQuantity) -> String {
    format!("{{ {} = {{ column = {:?}, unit = \"{}\" }} }}", quantity.word(), channel, usual_unit(quantity))
}

fn missing_unit(file: &str, channel: &str, quantity: TraceQuantity) -> IoError {
    IoError::TraceUnitMissing {
        file: file.to_owned(),
        channel: channel.to_owned(),
        quantity: quantity.word(),
        mapping: mapping_line(channel, quantity),
    }
}

fn wrong_unit(file: &str, channel: &str, quantity: TraceQuantity, unit: &str, problem: &str) -> IoError {
    IoError::TraceUnit {
        file: file.to_owned(),
        channel: channel.to_owned(),
        quantity: quantity.word(),
        unit: unit.to_owned(),
        problem: problem.to_owned(),
        known: KNOWN_UNITS,
        mapping: mapping_line(channel, quantity),
    }
}
