//! A client that shows what is on the wire.

mod cookies;
mod front_end;
mod raw;
mod tokens;

pub use cookies::{Cookie, Jar};
pub use front_end::{FrontEnd, Mode};
pub use raw::{Reply, Req, exchange};
pub use tokens::{front_token, jwt_header, jwt_payload};
