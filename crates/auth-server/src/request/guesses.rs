//! Wrong keys, counted by the address that they come from.

use std::{collections::HashMap, net::IpAddr, time::Duration};

use auth_protocol::limits::{Empty, Rate};
use parking_lot::RwLock;

/// Wrong keys of an address at once, and how soon one more is looked at.
const MOST: u32 = 20;
const INTERVAL: Duration = Duration::from_secs(10);

/// How many addresses are remembered. More at a time are counted as one.
const MOST_ADDRESSES: usize = 16_384;

/// How many leading bits of an IPv6 address are one client's.
const IPV6_PREFIX: u32 = 64;

/// When the budget of each address that sent a wrong key is full again. It is this process's own: keys
/// have twenty characters or more, so that it is for who floods, and for the log.
#[derive(Default)]
pub(crate) struct KeyGuesses(RwLock<HashMap<Option<IpAddr>, i64>>);

/// What is counted as one address; `None` for loopback and where it isn't known.
fn counted(client: Option<IpAddr>) -> Option<IpAddr> {
    let address = client?.to_canonical();
    if address.is_loopback() {
        return None;
    }
    Some(match address {
        IpAddr::V4(address) => IpAddr::V4(address),
        IpAddr::V6(address) => {
            let mask = u128::MAX << (128 - IPV6_PREFIX);
            IpAddr::V6((address.to_bits() & mask).into())
        }
    })
}

impl KeyGuesses {
    /// Whether a right key is taken from a client.
    pub(crate) fn check(&self, client: Option<IpAddr>, now_ms: i64) -> Result<(), Empty> {
        let Some(address) = counted(client) else { return Ok(()) };
        let full_at = self.0.read();
        let Some(full_at_ms) = full_at.get(&Some(address)) else { return Ok(()) };
        Rate::new(MOST, INTERVAL).take(Some(*full_at_ms), 1, now_ms).map(drop)
    }

    /// Counts a wrong key, unless too many were.
    pub(crate) fn count(&self, client: Option<IpAddr>, now_ms: i64) -> Result<(), Empty> {
        let Some(address) = counted(client) else { return Ok(()) };
        let mut full_at = self.0.write();
        let mut key = Some(address);
        if full_at.len() >= MOST_ADDRESSES && !full_at.contains_key(&key) {
            full_at.retain(|_, full_at_ms| *full_at_ms > now_ms);
            if full_at.len() >= MOST_ADDRESSES {
                key = None;
            }
        }
        match Rate::new(MOST, INTERVAL).take(full_at.get(&key).copied(), 1, now_ms) {
            Ok(taken) => {
                full_at.insert(key, taken.full_at_ms);
                Ok(())
            }
            Err(empty) => {
                if let Some(right_ms) = empty.put_right_ms {
                    full_at.insert(key, right_ms);
                }
                Err(empty)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Option<IpAddr> {
        text.parse().ok()
    }

    #[test]
    fn cdi_0_2_wrong_keys_of_an_address_are_few_and_others_are_not_kept_waiting() {
        let guesses = KeyGuesses::default();
        for _ in 0..MOST {
            guesses.count(of("2001:db8::1"), 0).unwrap();
        }
        let empty = guesses.count(of("2001:db8::2"), 0).unwrap_err();
        assert_eq!(empty.retry_after, INTERVAL);
        assert!(guesses.check(of("2001:db8::3"), 9_999).is_err());
        assert!(guesses.check(of("2001:db8::3"), 10_000).is_ok());
        for other in ["2001:db8:0:1::1", "203.0.113.7"] {
            assert!(guesses.check(of(other), 0).is_ok());
        }
        for _ in 0..3 * MOST {
            for uncounted in [None, of("127.0.0.1"), of("::1"), of("::ffff:127.0.0.1")] {
                guesses.count(uncounted, 0).unwrap();
            }
        }
    }

    #[test]
    fn whoever_comes_the_memory_is_bounded() {
        let guesses = KeyGuesses::default();
        let mut refused = 0;
        for number in 0..2 * u32::try_from(MOST_ADDRESSES).unwrap() {
            refused += usize::from(guesses.count(Some(IpAddr::V4(number.into())), 0).is_err());
        }
        assert!(refused > 0 && guesses.0.read().len() <= MOST_ADDRESSES + 1);
        assert!(guesses.check(of("203.0.113.7"), 0).is_ok(), "a right key is taken all the same");
    }
}
