//! The virtual sheared glass: events with Eshelby's quadrupole must give alignment at 45 degrees, isotropic ones must not.

use super::*;
use amorph_sim::afm::{Kernel, ShearedGlass};

fn sheared(kernel: Kernel, principal: f64, seed: u64) -> Outcome {
    let glass = ShearedGlass {
        sites: 128,
        width: 128.0 * NM,
        events: 1500,
        kernel,
        principal_direction: principal,
        ..ShearedGlass::default()
    };
    let map = glass.shear(seed).unwrap().energy_map();
    let direction = format!("{} deg", principal.to_degrees());
    run(map, serde_json::json!({"principal_direction": direction, "min_pixels": 5}))
}

#[test]
fn quadrupolar_events_align_at_45_degrees_and_isotropic_ones_do_not() {
    for (principal, seed) in [(0.0, 1), (0.35, 2)] {
        let outcome = sheared(Kernel::Quadrupolar, principal, seed);
        assert!(tested(&outcome, "hdr_45_excess", "p") < 0.01, "{principal}");
        let excess = outcome.estimate("hdr_45_excess").unwrap();
        assert!(excess.interval.is_some_and(|interval| interval.lo > 0.0), "{excess:?}");
        assert!(outcome.estimate("hdr_45_share").unwrap().value > 0.55);
    }
    let p: Vec<f64> = (1..=3).map(|seed| tested(&sheared(Kernel::Isotropic, 0.35, seed), "hdr_45_excess", "p")).collect();
    // The median of three uniform numbers lies below 0.05 once in 140 times.
    assert!(p.iter().filter(|p| **p < 0.05).count() <= 1, "{p:?}");
}
