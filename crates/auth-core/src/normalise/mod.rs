//! Domains, paths and sites in one form (FDI §3).

mod domain;
mod path;
mod site;

pub use domain::domain;
pub use path::{append_path, path};
pub use site::top_level_site;

/// A text that can't be brought into the wanted form; it says what to provide instead.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct NormaliseError(&'static str);

/// Whether a host is an IPv4 literal or starts with `localhost`: served without TLS in
/// development, and no member of any site.
fn is_local(host: &str) -> bool {
    host.starts_with("localhost") || host.parse::<std::net::Ipv4Addr>().is_ok()
}
