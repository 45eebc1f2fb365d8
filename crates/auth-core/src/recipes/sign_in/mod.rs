//! What all ways to sign in have in common (FDI §1.0).
//!
//! In this order: [`load_session`] reads the session that the request came with; [`pre_auth_checks`]
//! decides, before the credentials are looked at, whether this is a first factor or another one of
//! the session's user, and whether it is permitted; [`link`] brings the account that signed in
//! together with the user it belongs to; [`post_auth_checks`] keeps the session or starts one, and
//! notes the factor in it.

mod auth_type;
mod link;
mod other_tenants;
mod post_auth;
mod pre_auth;
mod reasons;
mod session;

pub use auth_type::{LinkingFailure, is_first_factor};
pub use link::link;
pub use other_tenants::{bring_into_tenant, user_with_method_elsewhere};
pub use post_auth::{PostAuth, post_auth_checks};
pub use pre_auth::{
    Permitted, PreAuth, Refusal, SignInKind, confirm_with, pre_auth_checks,
    pre_auth_checks_of_nobody,
};
pub use reasons::Reasons;
pub use session::{SignInSession, load_session};
