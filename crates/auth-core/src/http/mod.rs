//! Requests and responses as every adapter speaks them, on the types of the `http` crate.

mod body;
mod changes;
mod cors;
mod head;
mod no_store;
mod request;
mod response;

pub use changes::{ResponseChanges, SetCookie};
pub use cors::Cors;
pub use request::Request;
pub(crate) use request::{cookie_bytes, decode_cookie};
pub use response::Response;
