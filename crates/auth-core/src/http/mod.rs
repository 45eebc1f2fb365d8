//! Requests and responses as every adapter speaks them, on the types of the `http` crate.

mod body;
mod changes;
mod request;
mod response;

pub use changes::{ResponseChanges, SetCookie};
pub use request::Request;
pub(crate) use request::decode_cookie;
pub use response::Response;
