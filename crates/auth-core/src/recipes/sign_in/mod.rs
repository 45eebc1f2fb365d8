//! What all ways to sign in have in common (FDI: shared sign-in machinery).
//!
//! In this order: [`load_session`] reads the session that the request came with; [`pre_auth_checks`]
//! decides, before the credentials are looked at, whether this is a first factor or another one of
//! the session's user, and whether it is permitted; [`link`] brings the account that signed in
//! together with the user it belongs to; [`post_auth_checks`] keeps the session or starts one, and
//! notes the factor in it.

use auth_protocol::normalise_email;

mod auth_type;
mod link;
mod post_auth;
mod pre_auth;
mod reasons;
mod session;

pub use auth_type::LinkingFailure;
pub(crate) use auth_type::is_first_factor;
pub(crate) use link::link;
pub(crate) use post_auth::post_auth_checks;
pub(crate) use pre_auth::{PreAuth, Refusal, SignInKind, pre_auth_checks};
pub(crate) use reasons::{PASSWORD_RESET_NOT_ALLOWED, Reasons};
pub(crate) use session::{SignInSession, load_session};

/// Whether an address was made up for an account without one; nobody can receive mail there.
pub(crate) fn is_fake_email(email: &str) -> bool {
    let email = normalise_email(email);
    email.ends_with("@stfakeemail.supertokens.com") || email.ends_with(".fakeemail.com")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fake_addresses_are_told_by_their_end() {
        assert!(is_fake_email("user@STFakeEmail.supertokens.com"));
        assert!(is_fake_email("user@google.fakeemail.com "));
        assert!(!is_fake_email("user@fakeemail.com"));
        assert!(!is_fake_email("user@stfakeemail.supertokens.com.example.com"));
    }
}
