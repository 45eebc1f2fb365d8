//! Names resolved to public addresses. What is looked at is what is connected to, so that a name
//! can't change in between.

use std::{fmt, io, net::SocketAddr, sync::Arc};

use futures_util::future::BoxFuture;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use super::address::is_public;

/// Resolves a name. A port other than 0 is connected to, where the URL names none.
pub(crate) type Lookup =
    Arc<dyn Fn(String) -> BoxFuture<'static, io::Result<Vec<SocketAddr>>> + Send + Sync>;

/// The system's resolver.
pub(crate) fn by_the_system() -> Lookup {
    Arc::new(|name| {
        Box::pin(async move { Ok(tokio::net::lookup_host((name, 0)).await?.collect()) })
    })
}

pub(crate) struct Resolver {
    pub(crate) lookup: Lookup,
    /// Whether private addresses are left out.
    pub(crate) is_guarded: bool,
}

/// A name that has no public address.
#[derive(Debug)]
pub(crate) struct NoPublicAddress;

impl fmt::Display for NoPublicAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name has no public address")
    }
}

impl std::error::Error for NoPublicAddress {}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let looking = (self.lookup)(name.as_str().to_owned());
        let is_guarded = self.is_guarded;
        Box::pin(async move {
            let mut addresses = looking.await?;
            if is_guarded {
                addresses.retain(|address| is_public(address.ip()));
                if addresses.is_empty() {
                    return Err(NoPublicAddress.into());
                }
            }
            Ok(Box::new(addresses.into_iter()) as Addrs)
        })
    }
}
