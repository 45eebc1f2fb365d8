//! `POST /recipe/signup`

use serde::{Deserialize, Serialize};

use crate::{RecipeUserId, Secret, User, operation::operation};

/// Creates a user with an email address and a password.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SignUp {
    /// The email address; trimmed and lower-cased by the core.
    pub email: String,
    /// The password, in clear. The core demands only that it is not empty.
    pub password: Secret,
}

/// The answer to [`SignUp`].
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "SCREAMING_SNAKE_CASE", rename_all_fields = "camelCase")]
pub enum SignUpResponse {
    /// The user is created.
    Ok {
        /// The user.
        user: User,
        /// The new login method's id.
        recipe_user_id: RecipeUserId,
    },
    /// Another user of this recipe and tenant has the address.
    EmailAlreadyExistsError,
}

operation!(SignUp => SignUpResponse, "sign_up", Post "/recipe/signup", Tenant);
