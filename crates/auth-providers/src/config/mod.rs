//! What an application, or a core that stores providers, says about a provider.

mod client;
mod merge;
mod provider;
mod stored;

pub use client::ClientConfig;
pub use provider::{ProviderConfig, UserInfoFields, UserInfoMap};
