//! Signed tokens, and the keys to verify them.

mod create;
mod jwks;
mod keys;
