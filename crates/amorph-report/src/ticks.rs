//! Where ticks go and what stands beside them.

use amorph_core::figure::Scale;

use crate::typeset;

/// One tick.
#[derive(Debug, Clone, PartialEq)]
pub struct Tick {
    /// Position, in the unit of the axis.
    pub at: f64,
    /// Text; empty for minor ticks.
    pub label: String,
}

/// Ticks of an axis between `lo` and `hi`, about `wanted` of them with a label.
pub fn ticks(scale: Scale, [lo, hi]: [f64; 2], wanted: usize) -> Vec<Tick> {
    match scale {
        Scale::Linear => linear(lo, hi, wanted.max(2)),
        Scale::Log => logarithmic(lo, hi, wanted.max(2)),
    }
}

fn linear(lo: f64, hi: f64, wanted: usize) -> Vec<Tick> {
    let span = hi - lo;
    if !(span.is_finite() && span > 0.0) {
        return Vec::new();
    }
    let raw = span / wanted as f64;
    let magnitude = 10f64.powf(raw.log10().floor());
    let factor = [1.0, 2.0, 2.5, 5.0, 10.0].into_iter().find(|factor| factor * magnitude >= raw * 0.999).unwrap_or(10.0);
    let step = factor * magnitude;
    let (first, last) = ((lo / step - 1e-9).ceil() as i64, (hi / step + 1e-9).floor() as i64);
    (first..=last.min(first.saturating_add(50)))
        .map(|index| {
            let at = index as f64 * step;
            Tick { at, label: linear_label(at, step, lo.abs().max(hi.abs())) }
        })
        .collect()
}

fn linear_label(at: f64, step: f64, largest: f64) -> String {
    if at.abs() < step * 1e-6 {
        return "0".to_owned();
    }
    // 2.5, 0.25 ... need one digit more than their power of ten tells.
    let half_steps = (step / 10f64.powf(step.log10().floor()) - 2.5).abs() < 1e-6;
    let digits_of_step = -(step.log10() + 1e-9).floor() as i32 + i32::from(half_steps);
    if !(1e-4..1e5).contains(&largest) {
        let exponent = (largest.log10() + 1e-9).floor() as i32;
        let decimals = (digits_of_step + exponent).clamp(0, 6) as usize;
        return typeset::number(&format!("{:.decimals$}e{exponent}", at / 10f64.powi(exponent)));
    }
    let decimals = digits_of_step.clamp(0, 12) as usize;
    typeset::number(&format!("{at:.decimals$}"))
}

fn logarithmic(lo: f64, hi: f64, wanted: usize) -> Vec<Tick> {
    if !(lo > 0.0 && hi > lo && hi.is_finite()) {
        return Vec::new();
    }
    let (first, last) = (lo.log10().floor() as i32, hi.log10().ceil() as i32);
    let decades = hi.log10() - lo.log10();
    let stride = ((decades / wanted as f64).ceil() as i32).max(1);
    // Over few decades the digits between are named too.
    let named: &[i32] = match decades {
        d if d < 1.0 => &[1, 2, 3, 4, 6, 8],
        d if d < 1.6 => &[1, 2, 5],
        _ => &[1],
    };
    let mut found = Vec::new();
    for exponent in first..=last {
        for digit in 1..10 {
            let at = f64::from(digit) * 10f64.powi(exponent);
            if at < lo * (1.0 - 1e-9) || at > hi * (1.0 + 1e-9) || (stride > 1 && digit > 1) {
                continue;
            }
            let labelled = named.contains(&digit) && exponent.rem_euclid(stride) == 0;
            found.push(Tick { at, label: if labelled { log_label(digit, exponent, named.len() > 1) } else { String::new() } });
        }
    }
    found
}

fn log_label(digit: i32, exponent: i32, plain: bool) -> String {
    if plain && (-3..=4).contains(&exponent) {
        let decimals = (-exponent).max(0) as usize;
        return format!("{:.decimals$}", f64::from(digit) * 10f64.powi(exponent));
    }
    let power = match exponent {
        0 => "1".to_owned(),
        1 => "10".to_owned(),
        _ => format!("10{}", typeset::superscript(exponent)),
    };
    match (digit, exponent) {
        (1, _) => power,
        (_, 0) => digit.to_string(),
        _ => format!("{digit}·{power}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(scale: Scale, range: [f64; 2], wanted: usize) -> Vec<String> {
        ticks(scale, range, wanted).into_iter().map(|tick| tick.label).filter(|label| !label.is_empty()).collect()
    }

    #[test]
    fn linear_ticks_are_round_numbers() {
        assert_eq!(labels(Scale::Linear, [0.0, 1.0], 5), ["0", "0.2", "0.4", "0.6", "0.8", "1.0"]);
        assert_eq!(labels(Scale::Linear, [-30.0, 10.0], 4), ["−30", "−20", "−10", "0", "10"]);
        assert_eq!(labels(Scale::Linear, [0.0, 1.0], 4), ["0", "0.25", "0.50", "0.75", "1.00"]);
        assert_eq!(labels(Scale::Linear, [0.0, 2e7], 2), ["0", "1 × 10⁷", "2 × 10⁷"]);
    }

    #[test]
    fn logarithmic_ticks_are_decades_and_digits_where_there_is_room() {
        assert_eq!(labels(Scale::Log, [1e-3, 1e2], 6), ["10⁻³", "10⁻²", "10⁻¹", "1", "10", "10²"]);
        assert_eq!(labels(Scale::Log, [1.0, 10.0], 5), ["1", "2", "5", "10"]);
        assert_eq!(labels(Scale::Log, [1.5, 9.0], 5), ["2", "3", "4", "6", "8"]);
        assert_eq!(labels(Scale::Log, [1.0, 1e12], 6).len(), 7);
    }

    #[test]
    fn impossible_ranges_have_no_ticks() {
        for range in [[1.0, 1.0], [2.0, 1.0], [f64::NAN, 1.0], [0.0, f64::INFINITY]] {
            assert!(ticks(Scale::Linear, range, 5).is_empty(), "{range:?}");
            assert!(ticks(Scale::Log, range, 5).is_empty(), "{range:?}");
        }
        assert!(ticks(Scale::Log, [-1.0, 1.0], 5).is_empty());
    }

    proptest::proptest! {
        #[test]
        fn ticks_lie_inside_and_stay_few(lo in -1e9f64..1e9, span in 1e-9f64..1e9, wanted in 2usize..12) {
            let hi = lo + span;
            let found = ticks(Scale::Linear, [lo, hi], wanted);
            proptest::prop_assert!(found.len() <= 2 * wanted + 2);
            let slack = 1e-6 * span + 1e-6 * lo.abs();
            proptest::prop_assert!(found.iter().all(|tick| tick.at >= lo - slack && tick.at <= hi + slack));
        }
    }
}
