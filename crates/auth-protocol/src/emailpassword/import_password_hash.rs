//! `POST /recipe/user/passwordhash/import`

use serde::{Deserialize, Serialize};

use crate::{Secret, User, operation::operation};

/// The algorithm of an imported password hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum HashingAlgorithm {
    /// `$2a$`, `$2b$`, `$2x$` or `$2y$`.
    Bcrypt,
    /// A PHC string of `argon2id`, `argon2i` or `argon2d`.
    Argon2,
    /// `$f_scrypt$<hash>$<salt>$m=<memory cost>$r=<rounds>$s=<salt separator>`, as Firebase makes
    /// them; the core needs the project's signer key.
    #[serde(rename = "firebase_scrypt")]
    FirebaseScrypt,
}

/// Creates a user from an address and a password hash made elsewhere, or replaces a user's hash.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ImportPasswordHash {
    /// The email address; trimmed and lower-cased by the core.
    pub email: String,
    /// The hash in its usual text form.
    pub password_hash: Secret,
    /// The algorithm; recognised from the hash when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hashing_algorithm: Option<HashingAlgorithm>,
}

/// The answer to [`ImportPasswordHash`].
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "SCREAMING_SNAKE_CASE", rename_all_fields = "camelCase")]
pub enum ImportPasswordHashResponse {
    /// The hash is stored.
    Ok {
        /// The user.
        user: User,
        /// Whether the user was there before, so that only its hash changed.
        did_user_already_exist: bool,
    },
}

operation!(
    ImportPasswordHash => ImportPasswordHashResponse,
    "import_password_hash", Post "/recipe/user/passwordhash/import", Tenant
);
