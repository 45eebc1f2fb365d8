//! OpenID Connect: discovery, keys, and the check of id tokens.

mod cache;
mod discovery;
mod id_token;
mod keys;

pub(crate) use self::{
    cache::Cached,
    discovery::{Document, well_known},
    id_token::{Expected, IssuerRule, UnverifiedIdToken},
    keys::{Key, KeySet},
};
