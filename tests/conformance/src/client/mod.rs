//! A client that shows what is on the wire.

mod connection;
mod cookies;
mod device;
mod front_end;
mod http2;
mod raw;
mod tokens;

pub use connection::Connection;
pub use cookies::{Cookie, Jar};
pub use device::Device;
pub use front_end::{FrontEnd, Mode};
pub(crate) use http2::exchange_http2;
pub use raw::{Reply, Req};
pub use tokens::{front_token, hs256, jwt_header, jwt_payload, public_key_der};
