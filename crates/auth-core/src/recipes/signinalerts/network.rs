//! Which network an address is in.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// How many leading bits name a network: what a household or an office has in IPv6 is mostly 48 or 56
/// bits, and in IPv4 addresses change within 24.
const IPV4_BITS: u32 = 24;
const IPV6_BITS: u32 = 48;

/// The network of an address, such as `203.0.113.0/24`.
pub(super) fn of(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => {
            let mask = u32::MAX.checked_shl(32 - IPV4_BITS).unwrap_or(0);
            format!("{}/{IPV4_BITS}", Ipv4Addr::from_bits(address.to_bits() & mask))
        }
        IpAddr::V6(address) => {
            let mask = u128::MAX.checked_shl(128 - IPV6_BITS).unwrap_or(0);
            format!("{}/{IPV6_BITS}", Ipv6Addr::from_bits(address.to_bits() & mask))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::of;

    #[test]
    fn an_address_is_in_the_network_of_its_leading_bits() {
        for (address, network) in [
            ("203.0.113.7", "203.0.113.0/24"),
            ("203.0.113.255", "203.0.113.0/24"),
            ("203.0.112.255", "203.0.112.0/24"),
            ("::ffff:203.0.113.7", "203.0.113.0/24"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1::/48"),
            ("2001:db8:1:ffff::", "2001:db8:1::/48"),
            ("2001:db8:2::1", "2001:db8:2::/48"),
            ("::1", "::/48"),
        ] {
            assert_eq!(of(address.parse().unwrap()), network);
        }
    }
}
