//! The identities that primary users own.

use auth_protocol::{AppId, RecipeId, RecipeUserId, UserId};

use super::IdentityKind;
use crate::{
    EngineError,
    storage::{Tx, params},
};

/// Whether another primary user owns an identity in a tenant in which this user has a login method.
pub(crate) async fn has_other_owner(
    tx: &mut Tx<'_>,
    app: &AppId,
    primary: &UserId,
    kind: IdentityKind,
    value: &str,
) -> Result<bool, EngineError> {
    const SQL: &str = "SELECT 1 FROM primary_user_tenants p WHERE p.app_id = $1 \
        AND p.account_info_type = $3 AND p.account_info_value = $4 \
        AND p.primary_user_id <> $2 AND p.tenant_id IN \
            (SELECT t.tenant_id FROM recipe_user_tenants t \
             JOIN app_id_to_user_id u ON u.app_id = t.app_id AND u.user_id = t.recipe_user_id \
             WHERE u.app_id = $1 AND u.primary_or_recipe_user_id = $2)";
    Ok(tx.query_opt(SQL, params![app, primary, kind, value]).await?.is_some())
}

/// Gives a primary user an identity in every tenant in which it has a login method.
pub(crate) async fn own(
    tx: &mut Tx<'_>,
    app: &AppId,
    primary: &UserId,
    kind: IdentityKind,
    value: &str,
) -> Result<(), EngineError> {
    const SQL: &str = "INSERT INTO primary_user_tenants \
        (app_id, tenant_id, account_info_type, account_info_value, primary_user_id) \
        SELECT DISTINCT t.app_id, t.tenant_id, $3, $4, $2 FROM recipe_user_tenants t \
        JOIN app_id_to_user_id u ON u.app_id = t.app_id AND u.user_id = t.recipe_user_id \
        WHERE u.app_id = $1 AND u.primary_or_recipe_user_id = $2 \
        ON CONFLICT DO NOTHING";
    tx.execute(SQL, params![app, primary, kind, value]).await?;
    Ok(())
}

/// Gives a primary user every identity of its login methods, in every tenant in which it has one.
/// Where another primary user has one of them, the reservation's key refuses.
pub(crate) async fn own_all(
    tx: &mut Tx<'_>,
    app: &AppId,
    primary: &UserId,
) -> Result<(), EngineError> {
    const SQL: &str = "INSERT INTO primary_user_tenants \
        (app_id, tenant_id, account_info_type, account_info_value, primary_user_id) \
        SELECT DISTINCT t.app_id, t.tenant_id, i.account_info_type, i.account_info_value, $2 \
        FROM app_id_to_user_id u \
        JOIN recipe_user_account_infos i ON i.app_id = u.app_id AND i.recipe_user_id = u.user_id \
        JOIN app_id_to_user_id v ON v.app_id = u.app_id AND v.primary_or_recipe_user_id = $2 \
        JOIN recipe_user_tenants t ON t.app_id = v.app_id AND t.recipe_user_id = v.user_id \
        WHERE u.app_id = $1 AND u.primary_or_recipe_user_id = $2 AND NOT EXISTS \
            (SELECT 1 FROM primary_user_tenants p WHERE p.app_id = t.app_id \
             AND p.tenant_id = t.tenant_id AND p.account_info_type = i.account_info_type \
             AND p.account_info_value = i.account_info_value AND p.primary_user_id = $2)";
    tx.execute(SQL, params![app, primary]).await?;
    Ok(())
}

/// Gives a login method another address than it has, in every tenant, and its primary user with it. Where
/// another login method of the recipe has the address in one of them, the reservation's key refuses.
pub(crate) async fn change_email(
    tx: &mut Tx<'_>,
    app: &AppId,
    id: &RecipeUserId,
    recipe: RecipeId,
    primary: Option<&UserId>,
    email: &str,
) -> Result<(), EngineError> {
    // What another user may have is the first.
    const ROWS: [&str; 2] = [
        "UPDATE recipe_user_tenants SET account_info_value = $4 WHERE app_id = $1 \
            AND recipe_user_id = $2 AND recipe_id = $3 AND account_info_type = 'email'",
        "UPDATE recipe_user_account_infos SET account_info_value = $4 WHERE app_id = $1 \
            AND recipe_user_id = $2 AND recipe_id = $3 AND account_info_type = 'email'",
    ];
    for sql in ROWS {
        tx.execute(sql, params![app, id, recipe, email]).await?;
    }
    if let Some(primary) = primary {
        own(tx, app, primary, IdentityKind::Email, email).await?;
        release_unused(tx, app, primary).await?;
    }
    Ok(())
}

/// Lets go of the identities that none of a primary user's login methods has any more, and of
/// those in tenants in which it has none any more.
pub(crate) async fn release_unused(
    tx: &mut Tx<'_>,
    app: &AppId,
    primary: &UserId,
) -> Result<(), EngineError> {
    const SQL: &str = "DELETE FROM primary_user_tenants WHERE app_id = $1 \
        AND primary_user_id = $2 AND (NOT EXISTS \
            (SELECT 1 FROM recipe_user_account_infos i \
             JOIN app_id_to_user_id u ON u.app_id = i.app_id AND u.user_id = i.recipe_user_id \
             WHERE u.app_id = $1 AND u.primary_or_recipe_user_id = $2 \
                AND i.account_info_type = primary_user_tenants.account_info_type \
                AND i.account_info_value = primary_user_tenants.account_info_value) \
        OR NOT EXISTS \
            (SELECT 1 FROM recipe_user_tenants t \
             JOIN app_id_to_user_id u ON u.app_id = t.app_id AND u.user_id = t.recipe_user_id \
             WHERE u.app_id = $1 AND u.primary_or_recipe_user_id = $2 \
                AND t.tenant_id = primary_user_tenants.tenant_id))";
    tx.execute(SQL, params![app, primary]).await?;
    Ok(())
}
