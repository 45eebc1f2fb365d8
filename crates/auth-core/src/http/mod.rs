//! Requests and responses as every adapter speaks them, on the types of the `http` crate.

mod body;
mod changes;
mod request;
mod response;

pub use changes::{ResponseChanges, SetCookie};
pub use request::Request;
pub use response::Response;
