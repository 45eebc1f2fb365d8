//! Which address a request comes from: the socket's, or what proxies that the application trusts
//! say about it. One rule for all adapters.

mod elements;
mod node;
mod proxies;
#[cfg(test)]
mod tests;

use std::{
    net::IpAddr,
    sync::atomic::{AtomicBool, Ordering},
};

use ipnet::IpNet;

use self::{elements::Elements, node::Hop};
use crate::{ConfigError, Request};

pub use proxies::{ForwardingHeader, TrustedProxies};

/// How many elements of a header are looked at, so that a long one costs no more than a short one.
const MAX_ELEMENTS: usize = 32;

/// Finds the addresses of clients.
pub(crate) struct ClientAddresses {
    trust: Trust,
    header: ForwardingHeader,
    is_missing_told: AtomicBool,
}

/// Whose word is taken.
enum Trust {
    /// That of as many proxies as stand in front of the application.
    Count(usize),
    /// That of who connects from one of these.
    Networks(Vec<IpNet>),
}

impl ClientAddresses {
    pub(crate) fn new(proxies: TrustedProxies) -> Result<Self, ConfigError> {
        let (trust, header) = proxies.check()?;
        Ok(Self { trust, header, is_missing_told: AtomicBool::new(false) })
    }

    /// The address of who sent a request; where it isn't known, the log says so once.
    pub(crate) fn of(&self, request: &Request) -> Option<IpAddr> {
        let peer = request.peer_address();
        let hops = || hops(request, self.header);
        let address = match &self.trust {
            Trust::Count(0) => peer,
            Trust::Count(proxies) => counted(peer, hops(), *proxies),
            Trust::Networks(networks) => walked(peer, hops(), networks),
        };
        if address.is_none() && !self.is_missing_told.swap(true, Ordering::Relaxed) {
            tracing::warn!(
                "the addresses of clients aren't known, because the adapter isn't given those of the \
                 sockets: what is counted by address isn't limited, and nothing records them; the \
                 page `deployment` says what the framework's server has to be told"
            );
        }
        address
    }
}

/// Who stood before each proxy, from the nearest to the farthest.
fn hops(request: &Request, header: ForwardingHeader) -> impl Iterator<Item = Hop> {
    let lines: Vec<&[u8]> = request.header_values(header.name()).collect();
    let is_quoted = header == ForwardingHeader::Forwarded;
    let elements = lines.into_iter().rev().flat_map(move |line| Elements::new(line, is_quoted));
    elements.take(MAX_ELEMENTS).filter(|element| element.is_none_or(|it| !it.is_empty())).map(
        move |element| match (element, header) {
            (None, _) => Hop::Nonsense,
            (Some(element), ForwardingHeader::XForwardedFor) => Hop::of_node(element),
            (Some(element), ForwardingHeader::Forwarded) => Hop::of_element(element),
        },
    )
}

/// The address as many hops away as there are proxies. Where the header has fewer, or no address
/// there, the farthest that a proxy has vouched for.
fn counted(
    peer: Option<IpAddr>,
    hops: impl Iterator<Item = Hop>,
    proxies: usize,
) -> Option<IpAddr> {
    let mut address = peer;
    for hop in hops.take(proxies) {
        match hop {
            Hop::Address(next) => address = Some(next),
            Hop::Hidden => {}
            Hop::Nonsense => break,
        }
    }
    address
}

/// The first address that is no proxy's; the farthest proxy's where nothing is known beyond it.
fn walked(
    peer: Option<IpAddr>,
    hops: impl Iterator<Item = Hop>,
    networks: &[IpNet],
) -> Option<IpAddr> {
    let mut address = peer?;
    for hop in hops {
        let is_proxy = networks.iter().any(|network| network.contains(&address));
        match hop {
            Hop::Address(next) if is_proxy => address = next,
            _ => break,
        }
    }
    Some(address)
}
