//! The network address that is counted by.

use std::net::{IpAddr, Ipv6Addr};

/// What is counted as one address: an IPv4 address as a whole; of an IPv6 address the prefix, because
/// who rents one machine has all addresses that begin so. `None` for loopback, unless it is counted.
pub(super) fn subject(
    address: Option<IpAddr>,
    ipv6_prefix: u8,
    is_loopback_counted: bool,
) -> Option<String> {
    let address = address?.to_canonical();
    if address.is_loopback() && !is_loopback_counted {
        return None;
    }
    Some(match address {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => {
            let rest = 128_u32.saturating_sub(ipv6_prefix.into());
            let mask = u128::MAX.checked_shl(rest).unwrap_or(0);
            format!("{}/{ipv6_prefix}", Ipv6Addr::from_bits(address.to_bits() & mask))
        }
    })
}

#[cfg(test)]
mod tests {
    use super::subject;

    fn of(address: &str, prefix: u8) -> Option<String> {
        subject(Some(address.parse().unwrap()), prefix, false)
    }

    #[test]
    fn a_prefix_of_ipv6_and_the_whole_of_ipv4_is_one_address() {
        assert_eq!(of("203.0.113.7", 64).unwrap(), "203.0.113.7");
        assert_eq!(of("::ffff:203.0.113.7", 64).unwrap(), "203.0.113.7");
        assert_eq!(of("2001:db8:1:2:3:4:5:6", 64).unwrap(), "2001:db8:1:2::/64");
        assert_eq!(of("2001:db8:1:2::9", 64), of("2001:db8:1:2:ffff::", 64));
        assert_ne!(of("2001:db8:1:3::9", 64), of("2001:db8:1:2::9", 64));
        assert_eq!(of("2001:db8:1:3::9", 48), of("2001:db8:1:2::9", 48));
        assert_eq!(of("2001:db8::1", 128).unwrap(), "2001:db8::1/128");
        assert_eq!(of("2001:db8::1", 0).unwrap(), "::/0");
    }

    #[test]
    fn loopback_is_counted_where_that_is_wanted() {
        for address in ["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"] {
            assert_eq!(of(address, 64), None);
            assert!(subject(Some(address.parse().unwrap()), 64, true).is_some());
        }
        assert_eq!(subject(None, 64, true), None);
    }
}
