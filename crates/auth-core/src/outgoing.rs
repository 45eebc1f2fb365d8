//! What the clients of services elsewhere have in common.

#[cfg(any(feature = "twilio", feature = "breached-passwords"))]
use url::{Host, Url};

/// An address that secrets may be sent to: encrypted, or on this machine.
#[cfg(any(feature = "twilio", feature = "breached-passwords"))]
pub(crate) fn private_url(text: &str) -> Option<Url> {
    let url = Url::parse(text).ok()?;
    let is_loopback = match url.host()? {
        Host::Domain(domain) => domain == "localhost",
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
    };
    (url.scheme() == "https" || url.scheme() == "http" && is_loopback).then_some(url)
}

/// An error with what caused it, on one line.
pub(crate) fn with_causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let next = error.to_string();
        if !text.contains(&next) {
            text = format!("{text}: {next}");
        }
        cause = error.source();
    }
    text
}
