//! Users put together from their rows.

use std::collections::{HashMap, hash_map::Entry};

use auth_protocol::{
    AppId, LoginMethod, RecipeId, RecipeUserId, TenantId, ThirdPartyInfo, User, UserId,
    WebauthnInfo,
};

use super::IdentityKind;
use crate::{
    EngineError,
    parts::LoginMethods,
    storage::{Tx, Value, app_and_ids, params},
    user_id_mapping::Known,
};

/// The statements that read users: `$1` is the app, and a condition says which users.
struct Statements {
    /// The tenants of every login method.
    tenants: &'static str,
    /// Every identity of every login method.
    methods: &'static str,
    /// The passkeys of every login method.
    passkeys: &'static str,
}

macro_rules! statements {
    ($condition:literal) => {
        Statements {
            tenants: concat!(
                "SELECT DISTINCT t.recipe_user_id, t.tenant_id FROM app_id_to_user_id u \
                 JOIN recipe_user_tenants t ON t.app_id = u.app_id AND t.recipe_user_id = u.user_id \
                 WHERE u.app_id = $1 AND u.primary_or_recipe_user_id ",
                $condition,
                " ORDER BY t.recipe_user_id, t.tenant_id"
            ),
            methods: concat!(
                "SELECT u.primary_or_recipe_user_id, u.is_linked_or_is_a_primary_user, u.user_id, \
                 u.recipe_id, u.time_joined, i.account_info_type, i.account_info_value, \
                 i.third_party_id, i.third_party_user_id, v.email IS NOT NULL AS is_verified, m.external_user_id \
                 FROM app_id_to_user_id u \
                 LEFT JOIN userid_mapping m \
                     ON m.app_id = u.app_id AND m.supertokens_user_id = u.user_id \
                 LEFT JOIN recipe_user_account_infos i \
                     ON i.app_id = u.app_id AND i.recipe_user_id = u.user_id \
                 LEFT JOIN emailverification_verified_emails v \
                     ON v.app_id = u.app_id AND v.user_id = u.user_id \
                     AND v.email = i.account_info_value AND i.account_info_type = 'email' \
                 WHERE u.app_id = $1 AND u.primary_or_recipe_user_id ",
                $condition
            ),
            passkeys: concat!(
                "SELECT u.primary_or_recipe_user_id, c.user_id, c.id FROM app_id_to_user_id u \
                 JOIN webauthn_credentials c ON c.app_id = u.app_id AND c.user_id = u.user_id \
                 WHERE u.app_id = $1 AND u.primary_or_recipe_user_id ",
                $condition,
                " ORDER BY c.created_at, c.id"
            ),
        }
    };
}

/// Of one user. PostgreSQL plans a look-up for an equality, where a list makes it read and join
/// whole tables while they are small.
const OF_ONE: Statements = statements!("= $2");

/// Of up to sixteen users.
const OF_MANY: Statements =
    statements!("IN ($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)");

/// The user that one of the core's own ids belongs to, complete, and the ids.
pub(crate) async fn find(
    tx: &mut Tx<'_>,
    app: &AppId,
    id: &UserId,
) -> Result<Option<(Known, User)>, EngineError> {
    let known = Known::by_own_id(tx, app, id).await?;
    with_user(tx, app, known).await
}

/// As [`find`], of a login method that the transaction has found or made.
pub(crate) async fn find_met(
    tx: &mut Tx<'_>,
    app: &AppId,
    id: &RecipeUserId,
) -> Result<(Known, User), EngineError> {
    let found = find(tx, app, &id.clone().into()).await?;
    let has_it = |known: &Known, user: &User| {
        user.login_methods.iter().any(|method| method.recipe_user_id == known.shown_id)
    };
    found
        .filter(|(known, user)| has_it(known, user))
        .ok_or_else(|| EngineError::overtaken("a login method was deleted while it was used"))
}

/// The user that an id belongs to that a caller gave, complete, and the ids.
pub(crate) async fn find_by_any_id(
    tx: &mut Tx<'_>,
    app: &AppId,
    id: &UserId,
) -> Result<Option<(Known, User)>, EngineError> {
    let known = Known::by_any_id(tx, app, id).await?;
    with_user(tx, app, known).await
}

async fn with_user(
    tx: &mut Tx<'_>,
    app: &AppId,
    known: Option<Known>,
) -> Result<Option<(Known, User)>, EngineError> {
    let Some(known) = known else { return Ok(None) };
    let user = load(tx, app, std::slice::from_ref(&known.primary)).await?.pop();
    Ok(user.map(|user| (known, user)))
}

/// The users with these ids, complete and in this order, as callers know them. The ids are the
/// core's own of primary or lone users; those that are unknown are left out.
pub(crate) async fn load(
    tx: &mut Tx<'_>,
    app: &AppId,
    ids: &[UserId],
) -> Result<Vec<User>, EngineError> {
    let mut found = HashMap::new();
    if let [id] = ids {
        read_methods(tx, &OF_ONE, params![app, id], &mut found).await?;
    } else {
        for parameters in app_and_ids(app, ids) {
            read_methods(tx, &OF_MANY, &parameters, &mut found).await?;
        }
    }
    Ok(ids.iter().filter_map(|id| found.remove(id)?.into_user(id)).collect())
}

/// The login methods of a user, by the core's own ids.
#[derive(Default)]
struct Group {
    /// Where the user's id is mapped.
    external_id: Option<UserId>,
    is_primary: bool,
    methods: HashMap<RecipeUserId, LoginMethod>,
}

impl Group {
    fn into_user(self, id: &UserId) -> Option<User> {
        let id = self.external_id.unwrap_or_else(|| id.clone());
        User::from_login_methods(id, self.is_primary, self.methods.into_values().collect())
    }
}

/// Reads the login methods of a few users.
async fn read_methods(
    tx: &mut Tx<'_>,
    statements: &Statements,
    parameters: &[Value<'_>],
    found: &mut HashMap<UserId, Group>,
) -> Result<(), EngineError> {
    let mut tenants: HashMap<RecipeUserId, Vec<TenantId>> = HashMap::new();
    for row in tx.query(statements.tenants, parameters).await? {
        tenants.entry(row.get("recipe_user_id")?).or_default().push(row.get("tenant_id")?);
    }
    for row in tx.query(statements.methods, parameters).await? {
        let primary: UserId = row.get("primary_or_recipe_user_id")?;
        let id: RecipeUserId = row.get("user_id")?;
        let external: Option<RecipeUserId> = row.get("external_user_id")?;
        let group = found.entry(primary.clone()).or_default();
        if primary == id.as_str() {
            group.external_id = external.clone().map(UserId::from);
        }
        // Without an identity it is only the id of a group whose first method was deleted.
        let Some(kind) = row.get::<Option<IdentityKind>>("account_info_type")? else { continue };
        let recipe_id: RecipeId = row.get("recipe_id")?;
        let login = LoginMethods::of(recipe_id)
            .filter(|login| login.identities.contains(&kind))
            .ok_or_else(|| unexpected(recipe_id, kind))?;
        group.is_primary = row.get("is_linked_or_is_a_primary_user")?;
        let method = match group.methods.entry(id.clone()) {
            Entry::Occupied(entry) => entry.into_mut(),
            Entry::Vacant(entry) => entry.insert(LoginMethod {
                tenant_ids: tenants.remove(&id).unwrap_or_default(),
                recipe_user_id: external.unwrap_or(id),
                verified: false,
                time_joined: row.get("time_joined")?,
                recipe_id,
                email: None,
                phone_number: None,
                third_party: None,
                // Its passkeys are read behind.
                webauthn: (recipe_id == RecipeId::Webauthn).then(WebauthnInfo::default),
            }),
        };
        method.verified |= login.proved.contains(&kind);
        match kind {
            IdentityKind::Email => {
                method.email = Some(row.get("account_info_value")?);
                method.verified |= row.get::<bool>("is_verified")?;
            }
            IdentityKind::Phone => method.phone_number = Some(row.get("account_info_value")?),
            IdentityKind::ThirdParty => {
                let (id, user_id) = (row.get("third_party_id")?, row.get("third_party_user_id")?);
                method.third_party = Some(ThirdPartyInfo { id, user_id });
            }
        }
    }
    read_passkeys(tx, statements, parameters, found).await
}

/// Reads the passkeys of a few users, where one may have some.
async fn read_passkeys(
    tx: &mut Tx<'_>,
    statements: &Statements,
    parameters: &[Value<'_>],
    found: &mut HashMap<UserId, Group>,
) -> Result<(), EngineError> {
    let mut methods = found.values().flat_map(|group| group.methods.values());
    if !methods.any(|method| method.webauthn.is_some()) {
        return Ok(());
    }
    for row in tx.query(statements.passkeys, parameters).await? {
        let user: UserId = row.get("primary_or_recipe_user_id")?;
        let method = found.get_mut(&user).and_then(|group| {
            let id: RecipeUserId = row.get("user_id").ok()?;
            group.methods.get_mut(&id)?.webauthn.as_mut()
        });
        if let Some(webauthn) = method {
            webauthn.credential_ids.push(row.get("id")?);
        }
    }
    Ok(())
}

fn unexpected(recipe: RecipeId, kind: IdentityKind) -> EngineError {
    EngineError::Internal(format!("no login method of {recipe} is known by {kind:?}"))
}
