//! Numbers of text, quickly: nearly all are read exactly by one multiplication or division of whole numbers below 2^53.

const POWERS: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21,
    1e22,
];
const EXACT: u64 = 1 << 53;

/// The number that a field holds, correctly rounded; `None` where it is not one. Missing values are not numbers.
pub(crate) fn number(field: &[u8], decimal: u8) -> Option<f64> {
    leading(field, decimal).filter(|(_, end)| *end == field.len()).map(|(value, _)| value)
}

/// The number at the start of a text, correctly rounded, and where it ends; `None` where none stands there.
pub(crate) fn leading(field: &[u8], decimal: u8) -> Option<(f64, usize)> {
    let mut at = 0;
    let negative = match field.first()? {
        b'-' => {
            at = 1;
            true
        }
        b'+' => {
            at = 1;
            false
        }
        _ => false,
    };
    let (mut mantissa, mut digits, mut exponent) = (0u64, 0usize, 0i32);
    let mut seen = false;
    while let Some(digit) = field.get(at).map(|byte| byte.wrapping_sub(b'0')).filter(|digit| *digit < 10) {
        mantissa = mantissa.wrapping_mul(10).wrapping_add(u64::from(digit));
        digits += usize::from(mantissa > 0);
        seen = true;
        at += 1;
    }
    if field.get(at) == Some(&decimal) {
        at += 1;
        while let Some(digit) = field.get(at).map(|byte| byte.wrapping_sub(b'0')).filter(|digit| *digit < 10) {
            mantissa = mantissa.wrapping_mul(10).wrapping_add(u64::from(digit));
            digits += usize::from(mantissa > 0);
            exponent = exponent.saturating_sub(1);
            seen = true;
            at += 1;
        }
    }
    if !seen {
        return None;
    }
    if let Some(b'e' | b'E') = field.get(at) {
        let (power, end) = power(field, at + 1)?;
        exponent = exponent.saturating_add(power);
        at = end;
    }
    if digits > 19 || mantissa > EXACT || exponent.unsigned_abs() > 22 {
        return slowly(&field[..at], decimal).map(|value| (value, at));
    }
    let power = POWERS[exponent.unsigned_abs() as usize];
    let value = if exponent < 0 { mantissa as f64 / power } else { mantissa as f64 * power };
    Some((if negative { -value } else { value }, at))
}

fn power(field: &[u8], mut at: usize) -> Option<(i32, usize)> {
    let negative = match field.get(at)? {
        b'-' => {
            at += 1;
            true
        }
        b'+' => {
            at += 1;
            false
        }
        _ => false,
    };
    let start = at;
    let mut power = 0i32;
    while let Some(digit) = field.get(at).map(|byte| byte.wrapping_sub(b'0')).filter(|digit| *digit < 10) {
        power = power.saturating_mul(10).saturating_add(i32::from(digit));
        at += 1;
    }
    (at > start).then_some((if negative { -power } else { power }, at))
}

/// By the standard library, which is right for any number of digits.
fn slowly(field: &[u8], decimal: u8) -> Option<f64> {
    let text = std::str::from_utf8(field).ok()?;
    if decimal == b',' { text.replacen(',', ".", 1).parse().ok() } else { text.parse().ok() }
}

/// Whether a field says that there is no value.
pub(crate) fn is_missing(field: &[u8]) -> bool {
    const WORDS: [&str; 13] = ["", "-", "--", "***", "na", "n/a", "nan", "-nan", "missing", "inf", "-inf", "#div/0!", "null"];
    field.len() <= 8 && WORDS.iter().any(|word| field.eq_ignore_ascii_case(word.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_those_of_the_standard_library() {
        let texts = [
            "0",
            "-0",
            "1",
            "-1.5",
            "+2.25",
            ".5",
            "5.",
            "1e3",
            "1E-3",
            "8.0e-005",
            "123456789012345678901234567890",
            "0.1",
            "1e22",
            "1e23",
            "9007199254740993",
            "7.19501675e-264",
            "1.7976931348623157e+308",
            "4.9e-324",
            "0.000000000000000000000001234",
            "3.141592653589793",
            "-6.71e-11",
            "00012",
            "1e400",
        ];
        for text in texts {
            let expected: f64 = text.parse().unwrap_or(f64::NAN);
            assert_eq!(number(text.as_bytes(), b'.').map(f64::to_bits), Some(expected.to_bits()), "{text}");
            let comma = text.replace('.', ",");
            assert_eq!(number(comma.as_bytes(), b',').map(f64::to_bits), Some(expected.to_bits()), "{comma}");
        }
    }

    #[test]
    fn every_shortest_form_is_read_back_bit_for_bit() {
        let mut state = 0x9e37_79b9_7f4a_7c15_u64;
        for _ in 0..200_000 {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            let value = f64::from_bits(state);
            if value.is_finite() {
                assert_eq!(number(format!("{value:e}").as_bytes(), b'.').map(f64::to_bits), Some(value.to_bits()));
            }
        }
    }

    #[test]
    fn what_is_no_number_is_none() {
        assert_eq!(leading(b"-1.5e3,7", b'.'), Some((-1500.0, 6)));
        assert_eq!(leading(b"2,x", b'.'), Some((2.0, 1)));
        assert_eq!(leading(b",2", b'.'), None);
        for text in ["", "-", "e5", "1e", "1.2.3", "1,5", "nan", "inf", "0x10", "1 2", "12a", "--1"] {
            assert_eq!(number(text.as_bytes(), b'.'), None, "{text}");
        }
        assert!(is_missing(b"NaN") && is_missing(b"") && is_missing(b"--") && is_missing(b"N/A") && !is_missing(b"load"));
    }
}
