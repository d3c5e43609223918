//! A virtual film under a virtual tapping-mode microscope.

use std::collections::BTreeMap;
use std::f64::consts::FRAC_PI_2;
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde_json::json;

use super::{SimulateError, asylum_note, make_folder, new_study, study_text, write_text};
use crate::core::data::{Map, Metadata};
use crate::core::random::derive_seed;
use crate::io::testfiles::{IbwNumbers, write_ibw};
use crate::io::{write_gsf, write_gwy, write_npy};
use crate::sim::afm::{Drift, Microscope, Scanning, Specimen, Surface};

/// What is measured, how, and how often.
#[derive(Debug, Clone, PartialEq)]
pub struct AfmMeasurement {
    /// The glass, and the frame in which it is imaged.
    pub specimen: Specimen,
    /// The microscope; its frame is set from the specimen and the scan angle.
    pub microscope: Microscope,
    /// Number of sites.
    pub sites: usize,
    /// Direction of the fast axis in the specimen, rad.
    pub scan_angle: f64,
    /// Whether every site is scanned again, turned by 90 deg.
    pub turned: bool,
    /// Whether trace and retrace are recorded, or the trace alone.
    pub retrace: bool,
    /// Format of the scans.
    pub format: FileFormat,
    /// Seed of the film and of the noise.
    pub seed: u64,
}

/// Formats of virtual scans.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileFormat {
    /// Igor binary wave of an Asylum microscope: all channels and all constants in one file.
    Ibw,
    /// Gwyddion: all channels in one file, constants in the study.
    Gwy,
    /// Gwyddion simple field: one channel per file.
    Gsf,
    /// NumPy with a sidecar: one channel per file.
    Npy,
}

/// The files that were written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Written {
    /// The study, ready to run.
    pub study: PathBuf,
    /// What every parameter was, and where the soft regions are.
    pub truth: PathBuf,
    /// The scans, as a microscope would have written them.
    pub scans: Vec<PathBuf>,
    /// The true energy of every scan.
    pub true_maps: Vec<PathBuf>,
}

impl FileFormat {
    /// Extension of the files.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Ibw => "ibw",
            Self::Gwy => "gwy",
            Self::Gsf => "gsf",
            Self::Npy => "npy",
        }
    }

    /// Whether a file holds several channels.
    pub(super) fn holds_channels(self) -> bool {
        matches!(self, Self::Ibw | Self::Gwy)
    }
}

impl AfmMeasurement {
    /// Writes scans, truth and study into `folder`; `progress(done, total)` counts scans.
    ///
    /// # Errors
    /// [`SimulateError`]; an existing study is never overwritten.
    pub fn write(&self, folder: &Path, progress: impl Fn(usize, usize)) -> Result<Written, SimulateError> {
        let study = new_study(folder)?;
        if self.sites == 0 {
            return Err(SimulateError::NoSites);
        }
        let (scans, true_maps) = (folder.join("scans"), folder.join("truth"));
        make_folder(&scans)?;
        make_folder(&true_maps)?;
        let truth = folder.join("truth.json");
        let mut written = Written { study, truth, scans: Vec::new(), true_maps: Vec::new() };
        let angles = self.scan_angles();
        let mut sites = Vec::new();
        for site in 0..self.sites {
            let seed = derive_seed(self.seed, &["site".into(), site.into()]);
            let (surface, microscopes) = self.prepare(seed, &angles)?;
            for (turn, microscope) in microscopes.iter().enumerate() {
                progress(site * angles.len() + turn, self.sites * angles.len());
                let name = if turn == 0 { format!("site_{site}") } else { format!("turned_{site}") };
                let scan_seed = derive_seed(seed, &["scan".into(), turn.into()]);
                let maps = self.scan(microscope, &surface, scan_seed)?;
                written.scans.extend(self.write_scan(&scans, &name, maps, microscope)?);
                let path = true_maps.join(format!("{name}.gwy"));
                write_gwy(&path, &[microscope.true_energy(&surface)?], &Metadata::default())?;
                written.true_maps.push(path);
            }
            sites.push(regions(&surface));
        }
        progress(self.sites * angles.len(), self.sites * angles.len());
        write_text(&written.truth, format!("{:#}\n", self.truth(&sites)))?;
        write_text(&written.study, study_text::study(self))?;
        Ok(written)
    }

    /// The scan angles, rad.
    pub(super) fn scan_angles(&self) -> Vec<f64> {
        if self.turned { vec![self.scan_angle, self.scan_angle + FRAC_PI_2] } else { vec![self.scan_angle] }
    }

    /// One site, and the microscope for each scan angle. Only where pixels of the scan are not those of the film is the film larger.
    fn prepare(&self, seed: u64, angles: &[f64]) -> Result<(Surface, Vec<Microscope>), SimulateError> {
        let scanning = &self.microscope.scanning;
        if angles == [0.0] && scanning.drift == Drift::default() {
            return Ok((self.specimen.surface(seed)?, vec![self.microscope]));
        }
        let patches: Vec<_> = angles.iter().map(|angle| self.specimen.patch(scanning, *angle)).collect();
        let largest = patches.iter().map(|(patch, _)| patch).max_by_key(|patch| patch.rows * patch.columns);
        let surface = largest.unwrap_or(&self.specimen).surface(seed)?;
        let turned = |frame| Microscope { scanning: Scanning { frame: Some(frame), ..*scanning }, ..self.microscope };
        Ok((surface, patches.into_iter().map(|(_, frame)| turned(frame)).collect()))
    }

    fn scan(&self, microscope: &Microscope, surface: &Surface, seed: u64) -> Result<Vec<Map>, SimulateError> {
        Ok(if self.retrace {
            microscope.scan_pair(surface, seed)?.into_iter().flat_map(|scan| scan.maps()).collect()
        } else {
            microscope.scan(surface, seed)?.maps()
        })
    }

    fn write_scan(
        &self,
        folder: &Path,
        name: &str,
        maps: Vec<Map>,
        microscope: &Microscope,
    ) -> Result<Vec<PathBuf>, SimulateError> {
        let path = folder.join(format!("{name}.{}", self.format.extension()));
        match self.format {
            FileFormat::Ibw => write_ibw(&path, &maps, &asylum_note(microscope), IbwNumbers::default())?,
            FileFormat::Gwy => write_gwy(&path, &maps, &Metadata::default())?,
            FileFormat::Gsf | FileFormat::Npy => {
                let mut paths = Vec::new();
                for map in maps {
                    let direction = map.direction.map(|direction| format!("_{direction}")).unwrap_or_default();
                    let file = format!("{}{direction}_{name}.{}", map.quantity, self.format.extension());
                    let path = folder.join(file);
                    if self.format == FileFormat::Gsf {
                        write_gsf(&path, &map)?
                    } else {
                        write_npy(&path, &map)?
                    }
                    paths.push(path);
                }
                return Ok(paths);
            }
        }
        Ok(vec![path])
    }

    /// Everything that was put in, SI and rad unless the key says otherwise.
    fn truth(&self, sites: &[serde_json::Value]) -> serde_json::Value {
        let specimen = &self.specimen;
        let (energy, topography) = (&specimen.energy, &specimen.topography);
        json!({
            "format": "amorph-virtual-afm-1",
            "seed": self.seed,
            "sites": self.sites,
            "scan_angles_rad": self.scan_angles(),
            "frame": {"rows": specimen.rows, "columns": specimen.columns, "width_m": specimen.width, "height_m": specimen.height},
            "energy": {
                "mean_J": energy.mean, "sd_J": energy.sd, "correlation_length_m": energy.correlation_length,
                "aspect": energy.aspect, "angle_rad": energy.angle, "exponent": energy.exponent,
                "distribution": format!("{:?}", energy.marginal),
            },
            "topography": {
                "roughness_m": topography.roughness, "correlation_length_m": topography.correlation_length,
                "exponent": topography.exponent, "tilt": [topography.tilt.0, topography.tilt.1],
            },
            "microscope": instrument(&self.microscope),
            "scanning": scanning(&self.microscope.scanning),
            "regions_by_site": sites,
        })
    }
}

fn instrument(microscope: &Microscope) -> serde_json::Value {
    let talk = &microscope.cross_talk;
    json!({
        "constants": microscope.constants().into_iter().collect::<BTreeMap<_, _>>(),
        "phase_convention": microscope.phase_convention.name(),
        "blur_sd_m": microscope.blur,
        "phase_noise_deg": microscope.phase_noise,
        "amplitude_noise_m": microscope.amplitude_noise,
        "row_offset_deg": microscope.row_offset,
        "feedback_lag_m": microscope.feedback_lag,
        "lost_pixels": microscope.lost_pixels,
        "cross_talk": {
            "height_deg_m": talk.height, "slope_x_deg": talk.slope_x, "slope_y_deg": talk.slope_y,
            "curvature_deg_m": talk.curvature,
        },
    })
}

fn scanning(scanning: &Scanning) -> serde_json::Value {
    let (drift, strokes, dust) = (&scanning.drift, &scanning.strokes, &scanning.dust);
    json!({
        "line_time_s": scanning.line_time,
        "drift_m_s": [drift.velocity.0, drift.velocity.1],
        "creep_m": [drift.creep.0, drift.creep.1],
        "creep_time_s": drift.creep_time,
        "response_length_m": scanning.response_length,
        "flicker_deg": scanning.flicker,
        "strokes": {"count": strokes.count, "length_m": strokes.length, "offset_deg": strokes.offset},
        "dust": {"count": dust.count, "radius_m": dust.radius},
    })
}

/// The soft regions of a site, in the frame of its film, which is centred on that of the scans.
fn regions(surface: &Surface) -> serde_json::Value {
    let (width, height) = (surface.specimen.width, surface.specimen.height);
    let one = |ellipse: &crate::sim::afm::Ellipse| {
        json!({
            "x_from_centre_m": ellipse.x - 0.5 * width, "y_from_centre_m": ellipse.y - 0.5 * height,
            "semi_major_m": ellipse.semi_major, "semi_minor_m": ellipse.semi_minor, "angle_rad": ellipse.angle,
        })
    };
    surface.regions.iter().map(one).collect()
}
