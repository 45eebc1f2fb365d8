//! Sign-in by an account at a third party. A login method of this recipe is known by the account, and
//! has the address that the third party tells of it.

mod account;
mod get_user;
mod list_users_by_email;
mod sign_in_up;

use auth_protocol::RecipeId;

use crate::{
    parts::{LoginMethods, Part},
    user::IdentityKind,
};

/// Everything about a login method is in the rows that all recipes share.
pub(crate) const PART: Part = Part {
    login: Some(LoginMethods {
        recipe: RecipeId::ThirdParty,
        identities: &[IdentityKind::ThirdParty, IdentityKind::Email],
        proved: &[],
    }),
    ..Part::EMPTY
};
