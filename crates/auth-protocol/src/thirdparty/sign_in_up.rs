//! `POST /recipe/signinup`

use serde::{Deserialize, Serialize};

use crate::{RecipeUserId, User, operation::operation};

/// Signs in the user of an account at a third party, whose address becomes what the third party
/// says. A user that isn't known yet is created.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ThirdPartySignInUp {
    /// The third party, such as `google`.
    pub third_party_id: String,
    /// The account's id there.
    pub third_party_user_id: String,
    /// The account's address.
    pub email: ProvidedEmail,
}

/// An address as a third party tells it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ProvidedEmail {
    /// The address; normalised by the core.
    pub id: String,
    /// Whether the third party says that it is verified. Callers before CDI 4.0 don't say.
    #[serde(default)]
    pub is_verified: bool,
}

/// The answer to [`ThirdPartySignInUp`].
// The large variant is the usual one.
#[allow(clippy::large_enum_variant)]
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "SCREAMING_SNAKE_CASE", rename_all_fields = "camelCase")]
pub enum ThirdPartySignInUpResponse {
    /// The user is signed in.
    Ok {
        /// Whether the user is new.
        created_new_user: bool,
        /// The user.
        user: User,
        /// The login method of the account.
        recipe_user_id: RecipeUserId,
    },
    /// The account has another address than before, which another primary user has.
    EmailChangeNotAllowedError {
        /// Why, in words.
        reason: String,
    },
}

operation!(
    ThirdPartySignInUp => ThirdPartySignInUpResponse,
    "third_party_sign_in_up", Post "/recipe/signinup", Tenant
);
