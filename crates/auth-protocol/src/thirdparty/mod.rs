//! Sign-in by an account at a third party.

mod get_user;
mod list_users_by_email;
mod sign_in_up;

pub use get_user::{GetThirdPartyUser, GetThirdPartyUserResponse};
pub use list_users_by_email::{ListThirdPartyUsersByEmail, ListThirdPartyUsersByEmailResponse};
pub use sign_in_up::{ProvidedEmail, ThirdPartySignInUp, ThirdPartySignInUpResponse};
