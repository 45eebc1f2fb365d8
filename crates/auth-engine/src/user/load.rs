//! Users put together from their rows.

use std::collections::{HashMap, hash_map::Entry};

use auth_protocol::{
    AppId, LoginMethod, RecipeId, RecipeUserId, TenantId, ThirdPartyInfo, User, UserId,
};

use crate::{
    EngineError,
    storage::{ToValue, Tx, Value, params},
};

/// How many users one statement reads.
const CHUNK: usize = 16;

/// Every identity of every login method of up to sixteen users.
const METHODS: &str = "SELECT u.primary_or_recipe_user_id, u.is_linked_or_is_a_primary_user, \
    u.user_id, u.recipe_id, u.time_joined, i.account_info_type, i.account_info_value, \
    i.third_party_id, i.third_party_user_id, v.email IS NOT NULL \
    FROM app_id_to_user_id u \
    LEFT JOIN recipe_user_account_infos i \
        ON i.app_id = u.app_id AND i.recipe_user_id = u.user_id \
    LEFT JOIN emailverification_verified_emails v \
        ON v.app_id = u.app_id AND v.user_id = u.user_id AND v.email = i.account_info_value \
        AND i.account_info_type = 'email' \
    WHERE u.app_id = $1 AND u.primary_or_recipe_user_id IN \
        ($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)";

const TENANTS: &str = "SELECT DISTINCT t.recipe_user_id, t.tenant_id \
    FROM app_id_to_user_id u \
    JOIN recipe_user_tenants t ON t.app_id = u.app_id AND t.recipe_user_id = u.user_id \
    WHERE u.app_id = $1 AND u.primary_or_recipe_user_id IN \
        ($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17) \
    ORDER BY t.recipe_user_id, t.tenant_id";

/// The user that an id, or a login method's id, belongs to.
pub(crate) async fn primary_id(
    tx: &mut Tx<'_>,
    app: &AppId,
    id: &UserId,
) -> Result<Option<UserId>, EngineError> {
    const SQL: &str = "SELECT primary_or_recipe_user_id FROM app_id_to_user_id \
        WHERE app_id = $1 AND user_id = $2";
    tx.query_opt(SQL, params![app, id]).await?.map(|row| row.get(0)).transpose()
}

/// The user that an id, or a login method's id, belongs to, complete.
pub(crate) async fn find(
    tx: &mut Tx<'_>,
    app: &AppId,
    id: &UserId,
) -> Result<Option<User>, EngineError> {
    let Some(id) = primary_id(tx, app, id).await? else { return Ok(None) };
    Ok(load(tx, app, &[id]).await?.pop())
}

/// The users with these ids, complete and in this order. Ids are of primary or lone users; those
/// that are unknown are left out.
pub(crate) async fn load(
    tx: &mut Tx<'_>,
    app: &AppId,
    ids: &[UserId],
) -> Result<Vec<User>, EngineError> {
    let mut users = Vec::with_capacity(ids.len());
    for chunk in ids.chunks(CHUNK) {
        load_chunk(tx, app, chunk, &mut users).await?;
    }
    Ok(users)
}

async fn load_chunk(
    tx: &mut Tx<'_>,
    app: &AppId,
    ids: &[UserId],
    users: &mut Vec<User>,
) -> Result<(), EngineError> {
    let mut parameters = vec![app.to_value()];
    parameters.extend(ids.iter().map(ToValue::to_value));
    parameters.resize(CHUNK + 1, Value::Null);

    let mut tenants: HashMap<RecipeUserId, Vec<TenantId>> = HashMap::new();
    for row in tx.query(TENANTS, &parameters).await? {
        tenants.entry(row.get(0)?).or_default().push(row.get(1)?);
    }
    let mut found: HashMap<UserId, (bool, HashMap<RecipeUserId, LoginMethod>)> = HashMap::new();
    for row in tx.query(METHODS, &parameters).await? {
        // Without an identity it is only the id of a group whose first method was deleted.
        let Some(kind) = row.get::<Option<String>>(5)? else { continue };
        let (is_primary, methods) = found.entry(row.get(0)?).or_default();
        *is_primary = row.get(1)?;
        let id: RecipeUserId = row.get(2)?;
        let method = match methods.entry(id.clone()) {
            Entry::Occupied(entry) => entry.into_mut(),
            Entry::Vacant(entry) => entry.insert(LoginMethod {
                tenant_ids: tenants.remove(&id).unwrap_or_default(),
                recipe_user_id: id,
                verified: false,
                time_joined: row.get(4)?,
                recipe_id: row.get(3)?,
                email: None,
                phone_number: None,
                third_party: None,
                webauthn: None,
            }),
        };
        match kind.as_str() {
            "email" => {
                method.email = Some(row.get(6)?);
                method.verified |= row.get::<bool>(9)?;
            }
            "phone" => {
                method.phone_number = Some(row.get(6)?);
                // A phone number gets here only by a code that was sent to it.
                method.verified |= method.recipe_id == RecipeId::Passwordless;
            }
            _ => {
                let (id, user_id) = (row.get(7)?, row.get(8)?);
                method.third_party = Some(ThirdPartyInfo { id, user_id });
            }
        }
    }
    users.extend(ids.iter().filter_map(|id| {
        let (is_primary, methods) = found.remove(id)?;
        User::from_login_methods(id.clone(), is_primary, methods.into_values().collect())
    }));
    Ok(())
}
