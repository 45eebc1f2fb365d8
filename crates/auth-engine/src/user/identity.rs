//! Login methods found and stored by what identifies them.

use std::borrow::Cow;

use auth_protocol::{AppId, RecipeId, RecipeUserId, TenantScope, UserId};

use super::{counts, recipes};
use crate::{
    EngineError,
    storage::{FromValue, ToValue, Tx, Value, params},
};

const FIND: &str = "SELECT recipe_user_id FROM recipe_user_tenants \
    WHERE app_id = $1 AND tenant_id = $2 AND recipe_id = $3 AND account_info_type = $4 \
        AND third_party_id = $6 AND third_party_user_id = $7 AND account_info_value = $5";

/// Only the user's row is locked, which who deletes a user locks before all else.
const HOLD: &str = "SELECT u.user_id AS recipe_user_id FROM app_id_to_user_id u \
    WHERE u.app_id = $1 AND u.user_id = \
    (SELECT recipe_user_id FROM recipe_user_tenants \
     WHERE app_id = $1 AND tenant_id = $2 AND recipe_id = $3 AND account_info_type = $4 \
        AND third_party_id = $6 AND third_party_user_id = $7 AND account_info_value = $5) FOR UPDATE";

const HOLD_BY_ID: &str =
    "SELECT 1 FROM app_id_to_user_id WHERE app_id = $1 AND user_id = $2 FOR UPDATE";

const INSERT_USER: &str = "INSERT INTO app_id_to_user_id (app_id, user_id, recipe_id, \
    primary_or_recipe_user_id, is_linked_or_is_a_primary_user, time_joined, \
    primary_or_recipe_user_time_joined, recipes) VALUES ($1, $2, $3, $2, FALSE, $4, $4, $5)";

const RESERVE: &str = "INSERT INTO recipe_user_tenants (app_id, tenant_id, recipe_user_id, \
    recipe_id, account_info_type, account_info_value, third_party_id, third_party_user_id) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING";

const UNDO_USER: &str = "DELETE FROM app_id_to_user_id WHERE app_id = $1 AND user_id = $2";

const INSERT_INFO: &str = "INSERT INTO recipe_user_account_infos (app_id, recipe_user_id, \
    recipe_id, account_info_type, account_info_value, third_party_id, third_party_user_id, \
    primary_user_id) VALUES ($1, $2, $3, $4, $5, $6, $7, NULL)";

/// What may identify a login method.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum IdentityKind {
    /// An email address.
    Email,
    /// A phone number.
    Phone,
    /// An account at a third party.
    ThirdParty,
}

impl IdentityKind {
    const ALL: [Self; 3] = [Self::Email, Self::Phone, Self::ThirdParty];

    /// The `account_info_type` of the rows.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Phone => "phone",
            Self::ThirdParty => "tparty",
        }
    }
}

impl ToValue for IdentityKind {
    fn to_value(&self) -> Value<'_> {
        Value::Text(Cow::Borrowed(self.as_str()))
    }
}

impl FromValue for IdentityKind {
    fn from_value(value: Value<'_>) -> Option<Self> {
        let Value::Text(text) = value else { return None };
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }
}

/// An address, a phone number or an account of a recipe, normalised.
#[derive(Clone, Copy)]
pub(crate) struct Identity<'a> {
    pub(crate) recipe: RecipeId,
    pub(crate) kind: IdentityKind,
    pub(crate) value: &'a str,
    /// The account at a third party that has it, where one has.
    pub(crate) account: Account<'a>,
}

/// An account at a third party.
#[derive(Clone, Copy, Default)]
pub(crate) struct Account<'a> {
    /// The third party, such as `google`; empty for none.
    pub(crate) third_party: &'a str,
    /// The account's id there; empty for none.
    pub(crate) user_id: &'a str,
}

/// A login method about to be stored.
pub(crate) struct NewMethod<'a> {
    pub(crate) id: &'a RecipeUserId,
    /// All that it is known by. Of the first one, at most one login method in a tenant has it; the
    /// others are that one's own.
    pub(crate) identities: &'a [Identity<'a>],
    pub(crate) time_joined: i64,
}

/// The login method that has an identity in a tenant.
pub(crate) async fn find(
    tx: &mut Tx<'_>,
    scope: &TenantScope,
    identity: &Identity<'_>,
) -> Result<Option<RecipeUserId>, EngineError> {
    one(tx, FIND, scope, identity).await
}

/// As [`find`], and nobody deletes the login method before the transaction's end: who writes down that
/// somebody signed in leaves nothing of a user who is gone.
pub(crate) async fn hold(
    tx: &mut Tx<'_>,
    scope: &TenantScope,
    identity: &Identity<'_>,
) -> Result<Option<RecipeUserId>, EngineError> {
    one(tx, HOLD, scope, identity).await
}

async fn one(
    tx: &mut Tx<'_>,
    sql: &'static str,
    scope: &TenantScope,
    identity: &Identity<'_>,
) -> Result<Option<RecipeUserId>, EngineError> {
    let Identity { recipe, kind, value, account } = identity;
    let Account { third_party, user_id } = account;
    let parameters = params![scope.app, scope.tenant, recipe, kind, value, third_party, user_id];
    tx.query_opt(sql, parameters).await?.map(|row| row.get("recipe_user_id")).transpose()
}

/// Whether there is a login method with one of the core's own ids, which nobody deletes then before the
/// transaction's end.
pub(crate) async fn hold_by_id(
    tx: &mut Tx<'_>,
    app: &AppId,
    id: &RecipeUserId,
) -> Result<bool, EngineError> {
    Ok(tx.query_opt(HOLD_BY_ID, params![app, id]).await?.is_some())
}

/// Stores a login method; false if another one has its first identity in the tenant.
pub(crate) async fn insert(
    tx: &mut Tx<'_>,
    scope: &TenantScope,
    method: &NewMethod<'_>,
) -> Result<bool, EngineError> {
    let TenantScope { app, tenant } = scope;
    let NewMethod { id, identities, time_joined } = method;
    let Some(first) = identities.first() else { return Ok(false) };
    let recipes = recipes::bit(first.recipe);
    tx.execute(INSERT_USER, params![app, id, first.recipe, time_joined, recipes]).await?;
    for Identity { recipe, kind, value, account: Account { third_party, user_id } } in *identities {
        let reserved = params![app, tenant, id, recipe, kind, value, third_party, user_id];
        if tx.execute(RESERVE, reserved).await? == 0 {
            tx.execute(UNDO_USER, params![app, id]).await?;
            return Ok(false);
        }
        let info = params![app, id, recipe, kind, value, third_party, user_id];
        tx.execute(INSERT_INFO, info).await?;
    }
    counts::add(tx, scope, &UserId::from((*id).clone()), first.recipe, *time_joined).await?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_kind_is_no_kind() {
        for kind in IdentityKind::ALL {
            assert_eq!(IdentityKind::from_value(kind.to_value()), Some(kind));
        }
        for unknown in ["webauthn", "EMAIL", ""] {
            assert_eq!(IdentityKind::from_value(Value::Text(unknown.into())), None);
        }
    }
}
