//! What the engine must know of this recipe.

use std::time::Duration;

use auth_protocol::RecipeId;

use crate::{
    jobs::ExpiryJob,
    parts::{Goes, LoginMethods, Part, user_table},
    user::IdentityKind,
};

pub(crate) const PART: Part = Part {
    tables: &[
        // Email address and password hash of a login method.
        user_table!("emailpassword_users", "user_id", Goes::LoginMethod),
        // Digests of the reset tokens that may still be used.
        user_table!("emailpassword_pswd_reset_tokens", "user_id", Goes::LoginMethod),
    ],
    jobs: &[ExpiryJob {
        name: "expired password reset tokens",
        every: Duration::from_secs(60 * 60),
        before_ms: |engine| engine.clock.now_ms(),
        sql: "DELETE FROM emailpassword_pswd_reset_tokens WHERE (app_id, user_id, token) IN \
            (SELECT app_id, user_id, token FROM emailpassword_pswd_reset_tokens \
             WHERE token_expiry < $1 ORDER BY token_expiry LIMIT 1000)",
    }],
    login: Some(LoginMethods {
        recipe: RecipeId::EmailPassword,
        identities: &[IdentityKind::Email],
        proved: &[],
    }),
    ..Part::EMPTY
};
