//! The Core Driver Interface (CDI) as Rust types.
//!
//! A *core* keeps users and sessions; an SDK speaks to it by operations. Each operation is one
//! file here: a request type, a response type, and the method, path and scope under which a core
//! serves it. The embedded engine answers these types in process, a remote core answers them as
//! JSON over HTTP, and a served core reads and writes the same types, so the three can't differ.
//!
//! ```
//! use auth_protocol::{Operation, emailpassword::SignUp};
//!
//! assert_eq!(SignUp::PATH, "/recipe/signup");
//! let request = SignUp { email: "ada@example.com".into(), password: "correct horse 1".into() };
//! // Secrets don't show in debug output.
//! assert!(!format!("{request:?}").contains("horse"));
//! ```

pub mod accountlinking;
pub mod audit;
pub mod book;
mod caller;
mod email;
pub mod emailpassword;
pub mod emailverification;
mod ids;
pub mod jwt;
pub mod limits;
pub mod multitenancy;
mod operation;
mod operations;
pub mod passwordless;
mod phone;
pub mod recoverycode;
mod secret;
pub mod session;
pub mod signinalerts;
mod text;
pub mod thirdparty;
pub mod totp;
pub mod user;
pub mod user_id_mapping;
pub mod usermetadata;
pub mod userroles;
mod version;
pub mod webauthn;

pub use caller::Caller;
pub use email::{normalise_email, parse_email};
pub use ids::{AppId, RecipeUserId, SessionHandle, TenantId, TenantScope, UserId};
pub use operation::{Method, Operation, Scope};
pub use phone::{normalise_phone_number, parse_phone_number};
pub use secret::Secret;
pub use text::read_typed;
pub use user::{LoginMethod, RecipeId, ThirdPartyInfo, User, WebauthnInfo};
pub use version::{CdiVersion, NotAVersion};

/// A free-form JSON object, such as an access token payload or a user's metadata.
pub type JsonObject = serde_json::Map<String, serde_json::Value>;
