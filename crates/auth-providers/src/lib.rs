#![doc = include_str!("../docs/providers.md")]

mod config;
pub mod description;
mod error;
mod http;
mod openid;
mod outbound;
mod path;
mod provider;
mod providers;

pub use crate::{
    config::{ClientConfig, ProviderConfig, UserInfoFields, UserInfoMap},
    error::{ConfigError, Fault, IdTokenProblem, Problem, ProviderError, Step},
    outbound::{Outbound, OutboundBuilder},
    path::{Path, PathError},
    provider::{AuthorizationReturn, AuthorizationUrl, Email, Identity, Provider, Tokens},
    providers::{Providers, ProvidersBuilder},
};
