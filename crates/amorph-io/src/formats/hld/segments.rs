use amorph_core::data::{Metadata, Repair, Segment, SegmentKind, SegmentOrigin};
use amorph_core::unit::Quantity;

use crate::traces::RawTable;
use crate::traces::names::spelled;

/// A change of the demand below this share of the greatest is a hold.
const HOLD: f64 = 1e-6;

/// The segment table of the head: by numbers of points, because the times of neighbours overlap.
pub(super) fn of_head(head: &Metadata, table: &mut RawTable) {
    let values =
        |key: &str| head.entries.iter().filter(|entry| entry.key == key).map(|entry| entry.value.clone()).collect::<Vec<_>>();
    let points: Vec<usize> = values("Segment Points").iter().filter_map(|text| text.parse().ok()).collect();
    let (begins, ends) = (values("Segment Begin Demand"), values("Segment End Demand"));
    let rows = table.columns.first().map_or(0, |column| column.values.len());
    if points.is_empty() {
        return;
    }
    let sum = points.iter().fold(0usize, |sum, n| sum.saturating_add(*n));
    if sum != rows {
        let text = format!(
            "the segments of the head have {sum} points together, the test has {rows} rows; segments are found in the load"
        );
        table.repairs.push(Repair { kind: "segments".to_owned(), rows, first: 0, text });
        return;
    }
    let demands: Vec<Option<[f64; 2]>> = begins.iter().zip(&ends).map(|(begin, end)| Some([si(begin)?, si(end)?])).collect();
    let greatest = demands.iter().flatten().flatten().fold(0.0f64, |greatest, demand| greatest.max(demand.abs()));
    let mut first = 0;
    for (index, n) in points.into_iter().enumerate() {
        let demand = demands.get(index).copied().flatten();
        table.segments.push(Segment {
            kind: kind(demand, greatest),
            first,
            end: first + n,
            origin: SegmentOrigin::File,
            demand,
        });
        first += n;
    }
}

fn kind(demand: Option<[f64; 2]>, greatest: f64) -> SegmentKind {
    let Some([begin, end]) = demand else { return SegmentKind::Other };
    let change = end - begin;
    if change.abs() <= HOLD * greatest {
        SegmentKind::Hold
    } else if change > 0.0 {
        SegmentKind::Load
    } else {
        SegmentKind::Unload
    }
}

/// `250 µN` in N.
fn si(text: &str) -> Option<f64> {
    Quantity::parse(&spelled(text)).ok().map(|quantity| quantity.value)
}
