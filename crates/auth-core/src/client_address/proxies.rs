//! Which proxies an application trusts.

use std::net::IpAddr;

use ipnet::IpNet;

use super::Trust;
use crate::ConfigError;

const FIELD: &str = "trusted_proxies";

/// More proxies in a row than anybody has.
const MAX_PROXIES: usize = 16;

/// The proxies in front of the application whose word about their clients is taken, for
/// [`AuthBuilder::trusted_proxies`](crate::AuthBuilder::trusted_proxies). Without any, an address is
/// that of the socket, and no header is read: anybody can write one.
///
/// ```
/// use auth_core::{ForwardingHeader, TrustedProxies};
///
/// // One proxy, which appends to `X-Forwarded-For` or replaces it.
/// TrustedProxies::count(1);
/// // Proxies on this machine and in these networks, which write `Forwarded` (RFC 7239).
/// TrustedProxies::networks(["127.0.0.1", "10.1.0.0/16", "fd00:12::/32"])
///     .header(ForwardingHeader::Forwarded);
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct TrustedProxies {
    named: Named,
    header: ForwardingHeader,
}

#[derive(Clone, Debug)]
enum Named {
    Count(usize),
    Networks(Vec<String>),
}

/// The header in which proxies say for whom they ask. Only the one that is named is ever read: a
/// proxy that writes one of them hands on what a client has written into the other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum ForwardingHeader {
    /// `X-Forwarded-For`, which nearly all proxies write: addresses, also with ports and brackets.
    #[default]
    XForwardedFor,
    /// `Forwarded` (RFC 7239): what stands behind `for=`.
    Forwarded,
}

impl ForwardingHeader {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::XForwardedFor => "x-forwarded-for",
            Self::Forwarded => "forwarded",
        }
    }
}

impl Default for TrustedProxies {
    fn default() -> Self {
        Self::none()
    }
}

impl TrustedProxies {
    /// None: the default.
    pub fn none() -> Self {
        Self::count(0)
    }

    /// So many, one behind the other, and no way around them; 16 at most. Who connects to the
    /// farthest of them is the client: of the header, the element that is that many from the right.
    /// The nearest may come by a Unix socket.
    pub fn count(proxies: usize) -> Self {
        Self { named: Named::Count(proxies), header: ForwardingHeader::default() }
    }

    /// Whatever connects from these networks or addresses, such as `10.0.0.0/8`. The client is the
    /// first from the right, beginning with the socket, that is in none of them.
    pub fn networks(networks: impl IntoIterator<Item: Into<String>>) -> Self {
        let networks = networks.into_iter().map(Into::into).collect();
        Self { named: Named::Networks(networks), header: ForwardingHeader::default() }
    }

    /// Which header the proxies write; [`ForwardingHeader::XForwardedFor`] unless set.
    pub fn header(mut self, header: ForwardingHeader) -> Self {
        self.header = header;
        self
    }

    pub(super) fn check(self) -> Result<(Trust, ForwardingHeader), ConfigError> {
        let trust = match self.named {
            Named::Count(proxies) if proxies > MAX_PROXIES => {
                let problem = format!("{proxies} proxies one behind the other");
                return Err(ConfigError::new(FIELD, problem, format!("{MAX_PROXIES} at most")));
            }
            Named::Count(proxies) => Trust::Count(proxies),
            Named::Networks(networks) => Trust::Networks(
                networks.iter().map(|text| network(text)).collect::<Result<_, _>>()?,
            ),
        };
        Ok((trust, self.header))
    }
}

/// A network or a single address. Version 4 ones in version 6 are written as what they are, because
/// addresses are compared in that form.
fn network(text: &str) -> Result<IpNet, ConfigError> {
    let expected = "a network such as `10.0.0.0/8` or `fd00::/8`, or an address";
    let refuse =
        |problem: &str| Err(ConfigError::new(FIELD, format!("`{text}` {problem}"), expected));
    let trimmed = text.trim();
    let network: IpNet = match (trimmed.parse(), trimmed.parse::<IpAddr>()) {
        (Ok(network), _) => network,
        (_, Ok(address)) => address.into(),
        _ => return refuse("is neither a network nor an address"),
    };
    if network.prefix_len() == 0 {
        return refuse("trusts everybody, so that anybody can write any address");
    }
    match network {
        IpNet::V6(network) if network.network().to_ipv4_mapped().is_some() => {
            refuse("is a version 4 network in version 6: write it as version 4")
        }
        network => Ok(network),
    }
}
