//! Sign-in for web applications, without a framework.
//!
//! [`Auth`] is made once from [`AppInfo`], a core and a list of recipes, and given to an adapter
//! (`auth-axum`, …), which translates its framework's requests and responses. Everything that a
//! route or a session check does is decided here.
//!
//! # Read on
//!
//! | page | holds |
//! |---|---|
//! | [`docs::guide`] | two factors, from an empty folder |
//! | [`docs::deployment`] | PostgreSQL, PgBouncer, proxies, several processes, stopping, keys |
//! | [`docs::plugins`] | a recipe of your own, in an application or a crate |
//! | [`docs::recipes`] | each recipe: what it does, its settings, overriding it, its mails and routes |
//! | [`docs::testing`] | tests of an application: a clock to set, mails to catch, no server |
//! | [`docs::served_core`] | one core for applications in every language |
//! | [`docs::limits`] | guessing, flooding and cost: what is limited, and why nobody is locked out |
//! | [`docs::security`], [`docs::differences`] | what is defended, what is not, and what differs from the reference |
//! | [`docs::comparison`] | what others have, and what is here |
//! | [`docs::benchmarks`], [`docs::design`] | the budgets, measured; how it is built |
//!
//! # Features
//!
//! | feature | turns on |
//! |---|---|
//! | `embedded` (the default) | the core as a library in this process, on SQLite or PostgreSQL: which, a URL says when the program runs |
//! | `sqlite`, `postgres` | the same on one of them: nothing of the other is compiled or linked |
//! | `remote` | a core at the other end of a network |
//! | `smtp` | mails by SMTP |
//! | `twilio` | messages to phones by Twilio |
//! | `thirdparty` | sign-in by third parties |
//! | `breached-passwords` | new passwords are looked up by the range API of Pwned Passwords |
//! | `zxcvbn` | new passwords are judged by how hard they are to guess |
//! | `captcha` | captchas of Turnstile, hCaptcha and reCAPTCHA; Altcha needs none |
//!
//! A build needs one of the first four at least. The adapters have them as well; who turns the
//! default off does so at both.

#[cfg(not(any(feature = "engine", feature = "remote")))]
compile_error!("auth-core needs a core: its feature `embedded`, `sqlite`, `postgres` or `remote`");

mod adapter_error;
mod app_info;
mod audit;
mod auth;
mod builder;
mod caller;
pub mod captcha;
mod client_address;
mod context;
pub mod core;
pub mod delivery;
pub mod docs;
mod email_address;
mod error;
mod error_handler;
pub mod events;
pub mod factors;
pub mod fdi;
mod forgery;
pub mod http;
pub mod limits;
mod middleware;
pub mod normalise;
#[cfg(any(feature = "smtp", feature = "twilio", feature = "breached-passwords"))]
mod outgoing;
pub mod overrides;
mod recipe;
pub mod recipes;
mod routes;
mod single_flight;
mod tenant_name;
mod user_id_mapping;

pub use app_info::{AppInfo, NormalisedAppInfo};
/// Stands above the `impl` of an interface that an application implements as a whole, such as
/// [`EmailDelivery`](delivery::EmailDelivery).
#[doc(no_inline)]
pub use async_trait::async_trait;
pub use audit::{AuditLog, AuditPage};
pub use auth::{Auth, AuthInContext};
pub use auth_protocol as protocol;
pub use builder::{AuthBuilder, BuildError};
pub use client_address::{ForwardingHeader, TrustedProxies};
pub use context::Context;
pub use error::{ConfigError, Error, FormFieldError, Result};
pub use http::{Request, Response, ResponseChanges};
pub use recipe::{
    ApiCall, LinkedLoginMethod, LoginMethodMove, LoginProvider, Recipe, RecipeConfig,
    RequiredRecipe, Route, Setup, SignedIn,
};
pub use recipes::accountlinking::{GetUserCountInput, UserPage};
pub use routes::RouteMatch;
pub use user_id_mapping::{
    CreateUserIdMappingInput, DeleteUserIdMappingInput, GetUserIdMappingInput,
    UpdateOrDeleteUserIdMappingInfoInput,
};
