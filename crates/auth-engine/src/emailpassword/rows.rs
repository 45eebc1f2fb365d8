//! The rows of this recipe's login methods.

use auth_protocol::{AppId, RecipeId, RecipeUserId, Secret, TenantScope};

use crate::{
    EngineError, emailverification,
    storage::{Tx, params},
    user::identity::{self, Account, Identity, IdentityKind, NewMethod},
};

/// Domains of addresses that were made up for users without one; nobody can read mail there, so
/// that they count as verified.
const FAKE_DOMAINS: [&str; 2] = ["@stfakeemail.supertokens.com", ".fakeemail.com"];

const FIND: &str = "SELECT e.user_id, e.password_hash FROM recipe_user_tenants t \
    JOIN emailpassword_users e ON e.app_id = t.app_id AND e.user_id = t.recipe_user_id \
    WHERE t.app_id = $1 AND t.tenant_id = $2 AND t.recipe_id = 'emailpassword' \
        AND t.account_info_type = 'email' AND t.third_party_id = '' \
        AND t.third_party_user_id = '' AND t.account_info_value = $3";

const INSERT_HASH: &str = "INSERT INTO emailpassword_users (app_id, user_id, email, \
    password_hash, time_joined) VALUES ($1, $2, $3, $4, $5)";

/// A login method about to be stored.
#[derive(Clone)]
pub(super) struct NewUser {
    pub(super) id: RecipeUserId,
    /// Normalised.
    pub(super) email: String,
    pub(super) password_hash: Secret,
    pub(super) time_joined: i64,
}

/// The login method that has an address in a tenant, and its password hash.
pub(super) async fn find(
    tx: &mut Tx<'_>,
    scope: &TenantScope,
    email: &str,
) -> Result<Option<(RecipeUserId, Secret)>, EngineError> {
    let found = tx.query_opt(FIND, params![scope.app, scope.tenant, email]).await?;
    found.map(|row| Ok((row.get("user_id")?, row.get("password_hash")?))).transpose()
}

/// Stores a login method; false if another one has its address in the tenant.
pub(super) async fn insert(
    tx: &mut Tx<'_>,
    scope: &TenantScope,
    user: &NewUser,
) -> Result<bool, EngineError> {
    let identity = Identity {
        recipe: RecipeId::EmailPassword,
        kind: IdentityKind::Email,
        value: &user.email,
        account: Account::default(),
    };
    let method = NewMethod { id: &user.id, identities: &[identity], time_joined: user.time_joined };
    if !identity::insert(tx, scope, &method).await? {
        return Ok(false);
    }
    let app = &scope.app;
    let hash = params![app, user.id, user.email, user.password_hash, user.time_joined];
    tx.execute(INSERT_HASH, hash).await?;
    if FAKE_DOMAINS.iter().any(|domain| user.email.ends_with(domain)) {
        emailverification::set_verified(tx, app, &user.id, &user.email).await?;
    }
    Ok(true)
}

/// Replaces a password hash.
pub(super) async fn set_hash(
    tx: &mut Tx<'_>,
    app: &AppId,
    id: &RecipeUserId,
    hash: &Secret,
) -> Result<(), EngineError> {
    const SQL: &str =
        "UPDATE emailpassword_users SET password_hash = $3 WHERE app_id = $1 AND user_id = $2";
    tx.execute(SQL, params![app, id, hash]).await?;
    Ok(())
}
