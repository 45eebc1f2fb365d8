//! A provider on a loopback socket, for tests and for examples without an account anywhere.
//!
//! It speaks OpenID Connect where `openid` is among the scopes, and plain OAuth 2 otherwise. Its page
//! asks for an address, and whether that is verified; there are no passwords, so that it must never be
//! reached from elsewhere. A test signs in without the page ([`LocalProvider::sign_in`]), and makes
//! the provider misbehave ([`LocalProvider::misbehave`]).
//!
//! ```
//! # async fn example() -> std::io::Result<()> {
//! use local_provider::{Client, LocalProvider};
//!
//! let client = Client {
//!     id: "shop".to_owned(),
//!     secret: "kJ3w9s".to_owned(),
//!     redirect_uris: vec!["http://localhost:3000/auth/callback/local".to_owned()],
//! };
//! let provider = LocalProvider::start("127.0.0.1:0", client).await?;
//! println!("the issuer is {}", provider.issuer());
//! # Ok(())
//! # }
//! ```

mod faults;
mod grants;
mod id_token;
mod page;
mod provider;
mod server;

pub use faults::{Endpoint, Fault, IdTokenFault};
pub use grants::Account;
pub use provider::{Client, LocalProvider};
