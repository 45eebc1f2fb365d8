//! How long a code is valid, in words.

use std::time::Duration;

/// A time in the unit that suits it, rounded down: `30 seconds`, `15 minutes`, `1.5 hours` (FDI §9).
pub fn lifetime_in_words(lifetime: Duration) -> String {
    let seconds = lifetime.as_secs();
    match seconds {
        0..60 => counted(seconds, "second"),
        60..3600 => counted(seconds / 60, "minute"),
        _ => {
            let tenths = seconds / 360;
            match tenths % 10 {
                0 => counted(tenths / 10, "hour"),
                rest => format!("{}.{rest} hours", tenths / 10),
            }
        }
    }
}

fn counted(number: u64, unit: &str) -> String {
    format!("{number} {unit}{}", if number > 1 { "s" } else { "" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lifetime_reads_in_its_largest_unit() {
        for (seconds, words) in [
            (1, "1 second"),
            (59, "59 seconds"),
            (60, "1 minute"),
            (900, "15 minutes"),
            (3599, "59 minutes"),
            (3600, "1 hour"),
            (3960, "1.1 hours"),
            (5400, "1.5 hours"),
            (7200, "2 hours"),
        ] {
            assert_eq!(lifetime_in_words(Duration::from_secs(seconds)), words);
        }
    }
}
