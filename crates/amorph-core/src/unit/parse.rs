use super::table::{Named, PREFIXES, UNITS};
use super::{Dimension, Unit, UnitError};

/// A factor of a unit expression: symbol and exponent.
struct Factor<'a> {
    symbol: &'a str,
    exponent: f64,
}

pub(super) fn unit(text: &str) -> Result<Unit, UnitError> {
    let trimmed = text.trim();
    if trimmed.is_empty() || trimmed == "1" || trimmed == "-" {
        return Ok(Unit::one());
    }
    let syntax = |reason| UnitError::Syntax { text: trimmed.to_owned(), reason };
    let factors = factors(trimmed).map_err(syntax)?;
    let alone = factors.len() == 1 && factors[0].exponent == 1.0;
    let (mut scale, mut offset, mut dimension) = (1.0, 0.0, Dimension::NONE);
    for factor in &factors {
        let (factor_scale, factor_offset, factor_dimension) = resolve(factor, trimmed)?;
        if factor_offset != 0.0 && !alone {
            return Err(syntax("degrees Celsius cannot be combined with other units; use K"));
        }
        let power = factor_dimension.power(factor.exponent);
        dimension = dimension + power.ok_or_else(|| syntax("exponents must be multiples of 1/12 and of reasonable size"))?;
        scale *= factor_scale.powf(factor.exponent);
        offset = factor_offset;
    }
    if !scale.is_finite() || scale == 0.0 {
        return Err(syntax("its size is beyond the range of numbers"));
    }
    Ok(Unit { symbol: trimmed.to_owned(), scale, offset, dimension })
}

fn is_separator(c: char) -> bool {
    c.is_whitespace() || matches!(c, '*' | '·' | '⋅' | '/' | ')')
}

/// Splits `N m^-1`, `N/m`, `1/s`, `nm·V^-1`, `J/(g K)` into factors; a `/` divides by the next factor or bracket.
fn factors(text: &str) -> Result<Vec<Factor<'_>>, &'static str> {
    let mut result = Vec::new();
    let mut rest = text;
    let mut bracket_sign: Option<f64> = None;
    while !rest.is_empty() {
        let mut divided = false;
        while let Some(c) = rest.chars().next().filter(|&c| is_separator(c)) {
            match c {
                '/' if divided => return Err("two division signs follow each other"),
                '/' => divided = true,
                ')' if bracket_sign.take().is_none() => return Err("a bracket closes that was never opened"),
                _ => {}
            }
            rest = &rest[c.len_utf8()..];
        }
        if rest.is_empty() {
            if divided {
                return Err("it ends in a division sign");
            }
            break;
        }
        let sign = if divided { -1.0 } else { 1.0 };
        if let Some(inner) = rest.strip_prefix('(') {
            if bracket_sign.replace(sign).is_some() {
                return Err("brackets may not be nested");
            }
            rest = inner;
            continue;
        }
        let (word, tail) = rest.split_at(word_end(rest));
        rest = tail;
        if word != "1" {
            let (symbol, exponent) = split_exponent(word).ok_or("an exponent is not a number")?;
            result.push(Factor { symbol, exponent: bracket_sign.unwrap_or(1.0) * sign * exponent });
        }
    }
    if bracket_sign.is_some() {
        return Err("a bracket is never closed");
    }
    Ok(result)
}

/// Where a factor ends: at a separator outside the brackets of an exponent such as `^(1/2)`.
fn word_end(text: &str) -> usize {
    let mut depth = 0usize;
    for (index, c) in text.char_indices() {
        match c {
            '(' => depth += 1,
            ')' if depth > 0 => depth -= 1,
            _ if depth == 0 && is_separator(c) => return index,
            _ => {}
        }
    }
    text.len()
}

/// Reads `m^2`, `m2`, `m^-1`, `s-1`, `m^(1/2)`, `m²`.
fn split_exponent(word: &str) -> Option<(&str, f64)> {
    for (mark, exponent) in [("⁻¹", -1.0), ("⁻²", -2.0), ("⁻³", -3.0), ("²", 2.0), ("³", 3.0)] {
        if let Some(symbol) = word.strip_suffix(mark) {
            return Some((symbol, exponent));
        }
    }
    if let Some((symbol, power)) = word.split_once('^') {
        let power = power.trim_matches(['(', ')', '{', '}']);
        let value = match power.split_once('/') {
            Some((top, bottom)) => top.trim().parse::<f64>().ok()? / bottom.trim().parse::<f64>().ok()?,
            None => power.parse().ok()?,
        };
        return value.is_finite().then_some((symbol, value));
    }
    let stem = word.trim_end_matches(|c: char| c.is_ascii_digit());
    if stem.len() == word.len() || stem.is_empty() {
        return Some((word, 1.0));
    }
    let symbol = stem.trim_end_matches(['-', '+']);
    let power: f64 = word[symbol.len()..].parse().ok()?;
    (!symbol.is_empty()).then_some((symbol, power))
}

fn resolve(factor: &Factor<'_>, text: &str) -> Result<(f64, f64, Dimension), UnitError> {
    // A^3, A2 and A^-1 are cubic, square and reciprocal ångström in this field; no power of a current occurs in it.
    let is_angstrom = factor.symbol == "A" && (factor.exponent.abs() != 1.0 || text == "1/A" || factor.exponent == -1.0);
    let symbol = if is_angstrom { "Å" } else { factor.symbol };
    if let Some(named) = UNITS.iter().find(|named| named.symbol == symbol) {
        return Ok((named.scale, named.offset, named.dimension));
    }
    let prefixed = |named: &Named| {
        let prefix = symbol.strip_suffix(named.symbol).filter(|_| named.prefixes)?;
        let (_, power) = PREFIXES.iter().find(|(p, _)| *p == prefix)?;
        Some((named.scale * power, named.offset, named.dimension))
    };
    UNITS.iter().find_map(prefixed).ok_or_else(|| UnitError::Unknown {
        symbol: symbol.to_owned(),
        text: text.to_owned(),
        suggestion: suggest(symbol),
    })
}

fn suggest(symbol: &str) -> Option<String> {
    const COMMON: [&str; 24] = [
        "nm", "um", "mm", "N/m", "nN", "uN", "mN", "N", "deg", "rad", "eV", "J", "Hz", "kHz", "MHz", "V", "mV", "K", "Pa",
        "MPa", "GPa", "s", "ms", "min",
    ];
    let lower = symbol.to_lowercase();
    let word = match lower.as_str() {
        "micron" | "microns" | "mum" => Some("um"),
        "degree" | "degrees" => Some("deg"),
        "celsius" | "c" | "degreec" => Some("degC"),
        "kelvin" => Some("K"),
        "sec" | "second" | "seconds" => Some("s"),
        "volt" | "volts" => Some("V"),
        "newton" => Some("N"),
        _ => COMMON.into_iter().find(|known| known.to_lowercase() == lower),
    };
    word.map(str::to_owned)
}
