use super::*;
use crate::core::data::{Data, Direction};
use crate::io::open;
use crate::sim::afm::{Drift, EnergyField, Scanning, Specimen};
use crate::study::{RunOptions, Study};

const NM: f64 = 1e-9;

fn small(format: FileFormat) -> AfmMeasurement {
    let energy = EnergyField { correlation_length: 2.0 * NM, ..Specimen::default().energy };
    AfmMeasurement {
        specimen: Specimen { rows: 64, columns: 64, width: 64.0 * NM, height: 64.0 * NM, energy, ..Specimen::default() },
        microscope: Microscope {
            phase_convention: crate::sim::afm::PhaseConvention::Lag,
            phase_noise: 0.2,
            ..Microscope::default()
        },
        sites: 2,
        scan_angle: 0.0,
        turned: false,
        retrace: true,
        format,
        seed: 3,
    }
}

#[test]
fn every_format_comes_back_with_its_channels_and_directions() {
    for format in [FileFormat::Ibw, FileFormat::Gwy, FileFormat::Gsf, FileFormat::Npy] {
        let folder = tempfile::tempdir().unwrap();
        let written = small(format).write(folder.path(), |_, _| {}).unwrap();
        let maps: Vec<_> = written
            .scans
            .iter()
            .flat_map(|path| match open(path).unwrap().data {
                Data::Maps(maps) => maps,
                other => panic!("{}", other.kind()),
            })
            .collect();
        assert_eq!(maps.len(), 12, "{format:?}");
        for quantity in ["height", "phase", "amplitude"] {
            assert_eq!(maps.iter().filter(|map| map.quantity == quantity).count(), 4, "{format:?} {quantity}");
        }
        if format.holds_channels() {
            assert_eq!(maps.iter().filter(|map| map.direction == Some(Direction::Retrace)).count(), 6, "{format:?}");
        }
        assert_eq!(written.true_maps.len(), 2);
    }
}

#[test]
fn the_study_is_complete_in_every_format() {
    for format in [FileFormat::Ibw, FileFormat::Gwy, FileFormat::Gsf, FileFormat::Npy] {
        let folder = tempfile::tempdir().unwrap();
        let measurement = AfmMeasurement { turned: format == FileFormat::Ibw, ..small(format) };
        let written = measurement.write(folder.path(), |_, _| {}).unwrap();
        let study = Study::open(&written.study, &[]).unwrap_or_else(|error| panic!("{format:?}: {error:?}"));
        let problems = crate::study::check(&study);
        assert!(problems.is_empty(), "{format:?}: {problems:?}");
    }
}

/// From files to the comparison with the truth.
#[test]
fn the_study_runs_and_finds_its_truth() {
    let folder = tempfile::tempdir().unwrap();
    let written = AfmMeasurement { sites: 3, ..small(FileFormat::Ibw) }.write(folder.path(), |_, _| {}).unwrap();
    let text = std::fs::read_to_string(&written.study).unwrap();
    // The quick methods; the others are tested where they live.
    let methods = text.find("methods = [").unwrap();
    let quick = format!("{}methods = [\"dafm.dissipation\", \"dafm.distribution\"]\n", &text[..methods]);
    std::fs::write(&written.study, quick).unwrap();
    let study = Study::open(&written.study, &[]).unwrap();
    let summary = crate::study::run(&study, &RunOptions::default(), std::sync::Arc::new(|_| {})).unwrap();
    assert!(summary.failures.is_empty(), "{:?}", summary.failures);
    let dossier = crate::study::dossier(&study, crate::study::Content::Everything).unwrap();
    let text = serde_json::to_string(&dossier).unwrap();
    assert!(text.contains("truth_recovered"), "{text}");
}

#[test]
fn progress_counts_scans_and_lessons_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let counted = std::sync::Mutex::new(Vec::new());
    let drift = Drift { velocity: (0.05 * NM, 0.0), ..Drift::default() };
    let measurement = AfmMeasurement {
        turned: true,
        microscope: Microscope {
            scanning: Scanning { drift, ..Scanning::default() },
            blur: NM,
            ..small(FileFormat::Ibw).microscope
        },
        ..small(FileFormat::Ibw)
    };
    let written = measurement.write(folder.path(), |done, total| counted.lock().unwrap().push((done, total))).unwrap();
    assert_eq!(*counted.lock().unwrap(), [(0, 4), (1, 4), (2, 4), (3, 4), (4, 4)]);
    let study = std::fs::read_to_string(&written.study).unwrap();
    for lesson in ["drift:", "blur of 1", "scan_angle = \"90", "two angles"] {
        assert!(study.contains(lesson), "{lesson}: {study}");
    }
    let truth: serde_json::Value = serde_json::from_slice(&std::fs::read(&written.truth).unwrap()).unwrap();
    assert_eq!(truth["scanning"]["drift_m_s"][0].as_f64().unwrap(), 0.05 * NM);
}

#[test]
fn nothing_is_overwritten_and_nothing_is_measured_zero_times() {
    let folder = tempfile::tempdir().unwrap();
    small(FileFormat::Gsf).write(folder.path(), |_, _| {}).unwrap();
    assert!(matches!(small(FileFormat::Gsf).write(folder.path(), |_, _| {}), Err(SimulateError::Exists { .. })));
    let other = tempfile::tempdir().unwrap();
    let none = AfmMeasurement { sites: 0, ..small(FileFormat::Ibw) };
    assert!(matches!(none.write(other.path(), |_, _| {}), Err(SimulateError::NoSites)));
}
