//! Zone-axis nets: a third reflection at the sum or the difference of two others.

use rand::RngExt;

use super::classes::{ONE_LINE, PatternClass, Thresholds, reflections};
use super::fold::FrameReading;
use crate::core::random::{derive_seed, rng};

/// Turns of the lines of a pattern by which chance is counted.
const TURNS: usize = 200;

/// How far, in disk radii, a reflection may lie from the sum of two others, as its opposite may.
const REACH: f64 = 0.5;

/// Patterns on axis that show a net, and how many would by chance.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Nets {
    /// Frames whose reflections have `g3 = ±g1 ± g2`.
    pub frames: Vec<usize>,
    /// As many would have one if the lines of every pattern were turned against each other.
    pub by_chance: f64,
}

/// The nets among the patterns on axis, the beam at `centre`.
pub fn find(
    frames: &[FrameReading],
    classes: &[PatternClass],
    centre: [f64; 2],
    radius: f64,
    thresholds: &Thresholds,
    seed: u64,
) -> Nets {
    let mut nets = Nets::default();
    for (frame, reading) in frames.iter().enumerate() {
        let (Some(reading), Some(PatternClass::OnAxis)) = (&reading.reading, classes.get(frame)) else { continue };
        let g: Vec<[f64; 2]> = reflections(reading, thresholds)
            .map(|peak| [f64::from(peak.position[0]) - centre[0], f64::from(peak.position[1]) - centre[1]])
            .collect();
        let lines = lines(&g);
        if has_net(&lines, radius) {
            nets.frames.push(frame);
        }
        nets.by_chance += by_chance(&lines, radius, derive_seed(seed, &["net".into(), frame.into()]));
    }
    nets
}

/// Reflections by direction: those of one line through the beam belong together.
fn lines(g: &[[f64; 2]]) -> Vec<Vec<[f64; 2]>> {
    let mut lines: Vec<Vec<[f64; 2]>> = Vec::new();
    for g in g.iter().filter(|g| length(**g) > 0.0) {
        match lines.iter_mut().find(|line| sine(line[0], *g) < ONE_LINE) {
            Some(line) => line.push(*g),
            None => lines.push(vec![*g]),
        }
    }
    lines
}

/// Whether a reflection of a third line lies at the sum or the difference of two of the others.
fn has_net(lines: &[Vec<[f64; 2]>], radius: f64) -> bool {
    let reach = REACH * radius;
    let is_there = |third: &[[f64; 2]], wanted: [f64; 2]| {
        third.iter().any(|g| {
            let apart = |sign: f64| length([g[0] - sign * wanted[0], g[1] - sign * wanted[1]]);
            apart(1.0).min(apart(-1.0)) <= reach
        })
    };
    (0..lines.len()).any(|i| {
        (0..i).any(|j| {
            let others = || (0..j).map(|k| &lines[k]);
            lines[i].iter().any(|a| {
                lines[j].iter().any(|b| {
                    others()
                        .any(|third| is_there(third, [a[0] + b[0], a[1] + b[1]]) || is_there(third, [a[0] - b[0], a[1] - b[1]]))
                })
            })
        })
    })
}

/// Share of turns of every line by an angle of its own at which there is a net.
fn by_chance(lines: &[Vec<[f64; 2]>], radius: f64, seed: u64) -> f64 {
    if lines.len() < 3 {
        return 0.0;
    }
    let mut rng = rng(seed);
    let mut found = 0;
    for _ in 0..TURNS {
        let turned: Vec<Vec<[f64; 2]>> = lines
            .iter()
            .map(|line| {
                let (sine, cosine) = (std::f64::consts::TAU * rng.random::<f64>()).sin_cos();
                line.iter().map(|[y, x]| [cosine * y + sine * x, cosine * x - sine * y]).collect()
            })
            .collect();
        found += usize::from(has_net(&turned, radius));
    }
    found as f64 / TURNS as f64
}

fn length(g: [f64; 2]) -> f64 {
    g[0].hypot(g[1])
}

/// Sine of the angle between two directions, without its sign.
fn sine(a: [f64; 2], b: [f64; 2]) -> f64 {
    (a[0] * b[1] - a[1] * b[0]).abs() / (length(a) * length(b)).max(1e-12)
}

#[cfg(test)]
mod tests {
    use super::super::filter::{Peak, Reading};
    use super::*;

    const CENTRE: [f64; 2] = [31.0, 29.0];

    fn reading(g: &[[f64; 2]]) -> FrameReading {
        let peak = |g: &[f64; 2]| Peak {
            position: [(CENTRE[0] + g[0]) as f32, (CENTRE[1] + g[1]) as f32],
            value: 5.0,
            partner: Some(5.0),
        };
        let reading = Reading { t: 5.0, scale: 1.0, peaks: g.iter().map(peak).collect() };
        FrameReading { reading: Some(reading), ..FrameReading::default() }
    }

    fn at(k: f64, degrees: f64) -> [f64; 2] {
        let (sine, cosine) = degrees.to_radians().sin_cos();
        [k * sine, k * cosine]
    }

    fn nets(g: &[[f64; 2]]) -> Nets {
        let thresholds = Thresholds { peak: 2.0, partner: 2.0, power: 2.0 };
        find(&[reading(g)], &[PatternClass::OnAxis], CENTRE, 3.0, &thresholds, 1)
    }

    #[test]
    fn a_third_reflection_at_the_sum_of_two_is_a_net() {
        // A threefold net, one whose third reflection is a diagonal, and the same with every reflection off by a pixel.
        let three: Vec<[f64; 2]> = (0..6).map(|i| at(18.0, 60.0 * f64::from(i))).collect();
        let diagonal = [at(18.0, 10.0), at(18.0, 100.0), at(18.0 * 2.0f64.sqrt(), 55.0)];
        let loose: Vec<[f64; 2]> = diagonal.iter().map(|g| [g[0] + 0.3, g[1] - 0.3]).collect();
        for g in [&three[..], &three[..3], &diagonal, &loose] {
            let found = nets(g);
            assert_eq!(found.frames, [0], "{g:?}");
            assert!(found.by_chance < 0.1, "{found:?}");
        }
        // Two pairs are no net, nor are three lines that do not fit.
        assert_eq!(nets(&[at(18.0, 0.0), at(18.0, 180.0), at(18.0, 70.0), at(18.0, 250.0)]), Nets::default());
        assert!(nets(&[at(18.0, 0.0), at(18.0, 75.0), at(18.0, 130.0)]).frames.is_empty());
    }

    #[test]
    fn lines_in_any_direction_have_as_many_nets_as_chance_says() {
        let mut draw = rng(7);
        let (mut found, mut expected) = (0.0, 0.0);
        for _ in 0..4000 {
            let g: Vec<[f64; 2]> = (0..3).map(|_| at(18.0, 360.0 * draw.random::<f64>())).collect();
            // Directions that fall together are one line: chance turns what is seen as three.
            if lines(&g).len() == 3 {
                let one = nets(&g);
                found += one.frames.len() as f64;
                expected += one.by_chance;
            }
        }
        // Turned lines may fall together, seen ones do not, so that chance is low by up to a half; counts scatter by their root.
        assert!(expected > 5.0 && found > expected - 4.0 * expected.sqrt(), "{found} {expected}");
        assert!(found < 1.5 * expected + 4.0 * expected.sqrt(), "{found} {expected}");
    }
}
