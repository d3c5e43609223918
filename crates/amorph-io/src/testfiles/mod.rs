//! Minimal valid files in the formats of instruments, from known maps and recordings.
//!
//! For virtual instruments and for tests of sizes, orientations and units that no example file has. The files hold what
//! the readers need and no more; they are not meant to replace an instrument's own records.

mod digits;
mod frames;
mod ibw;
mod jpk;
mod mdt;
mod nanoscope;
mod nid;
mod park;
mod sxm;
mod tdms;
mod tiff;
mod traces;
mod wsxm;
mod zspy;

pub use frames::{
    blo_bytes, dectris_bytes, dectris_master_bytes, dm_bytes, emd_bytes, hspy_bytes, mat_bytes, mib_bytes, mrc_bytes,
    npy_scan_bytes, ramp, ser_bytes, tiff_bytes, velox_bytes,
};
pub use ibw::{IbwNumbers, ibw_bytes, write_ibw};
pub use jpk::{jpk_bytes, write_jpk};
pub use mdt::{MdtFrames, mdt_bytes, write_mdt};
pub use nanoscope::{Depth, nanoscope_bytes, write_nanoscope};
pub use nid::{NidBits, nid_bytes, write_nid};
pub use park::{ParkNumbers, ParkScan, park_bytes, write_park};
pub use sxm::{SlowAxis, sxm_bytes, write_sxm};
pub use tdms::{TdmsLayout, tdms_bytes};
pub use traces::{
    TextDefect, TextDialect, TextEncoding, UnitPlace, delimited_bytes, hld_bytes, nanodma_bytes, triboscan_bytes,
};
pub use wsxm::{WsxmNumbers, WsxmScan, write_wsxm, wsxm_bytes};
pub use zspy::{zspy_bytes, zspy_members};

use std::path::Path;

use amorph_core::data::Map;

use crate::IoError;

/// The maps must be there, have sizes and share one shape.
fn check(file: &str, maps: &[Map]) -> Result<(), IoError> {
    let Some(first) = maps.first() else {
        return Err(IoError::NoImages { file: file.to_owned(), found: Vec::new() });
    };
    for map in maps {
        map.size().map_err(|source| IoError::Map { file: file.to_owned(), source: Box::new(source) })?;
        if map.shape() != first.shape() {
            let problem =
                format!("the {} map has the shape {:?}, the {} map {:?}", first.name, first.shape(), map.name, map.shape());
            return Err(IoError::Shapes { file: file.to_owned(), problem });
        }
    }
    Ok(())
}

fn name_of(path: &Path) -> String {
    path.display().to_string()
}
