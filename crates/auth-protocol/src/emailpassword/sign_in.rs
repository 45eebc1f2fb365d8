//! `POST /recipe/signin`

use serde::{Deserialize, Serialize};

use crate::{RecipeUserId, Secret, User, operation::operation};

/// Checks an email address and a password.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SignIn {
    /// The email address; trimmed and lower-cased by the core.
    pub email: String,
    /// The password, in clear.
    pub password: Secret,
}

/// The answer to [`SignIn`].
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "SCREAMING_SNAKE_CASE", rename_all_fields = "camelCase")]
pub enum SignInResponse {
    /// The credentials are right.
    Ok {
        /// The user.
        user: User,
        /// The id of the login method that was used.
        recipe_user_id: RecipeUserId,
    },
    /// The address is unknown in the tenant or the password is wrong.
    WrongCredentialsError,
}

operation!(SignIn => SignInResponse, "sign_in", Post "/recipe/signin", Tenant);
