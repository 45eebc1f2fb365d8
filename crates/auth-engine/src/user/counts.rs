//! How many users there are, kept by the writes (CDI §5.2).
//!
//! A user has the recipes of its login methods: in a tenant, and in the app. `tenant_users` and
//! `app_id_to_user_id` say which, and `user_counts` how many users have which. Whatever changes that
//! calls a function of these in its transaction, so that a count reads a few rows however many
//! users there are:
//!
//! - [`add`] a new user,
//! - [`settle`] those whose login methods, or tenants of login methods, have changed,
//! - [`forget`] one that goes.
//!
//! Each is called once all else is written but the audit log, and of several users at once: rows of
//! counters are then taken in one order, whoever takes them. A tenant that is removed takes its rows
//! with it.

use std::collections::BTreeMap;

use auth_protocol::{AppId, RecipeId, TenantId, TenantScope, UserId};

use super::recipes::bit;
use crate::{
    EngineError,
    storage::{Tx, params},
};

/// How many rows a counter has: so many sign-ups can count at the same time.
const SLOTS: u8 = 16;

const ADD_TO_TENANT: &str = "INSERT INTO tenant_users \
    (app_id, user_id, tenant_id, recipes, time_joined) VALUES ($1, $2, $3, $4, $5)";

const ADD: &str = "INSERT INTO user_counts (app_id, scope, tenant_id, recipes, slot, number) \
    VALUES ($1, '', NULL, $3, $4, 1), ($1, $2, $2, $3, $4, 1) \
    ON CONFLICT (app_id, scope, recipes, slot) DO UPDATE \
    SET number = user_counts.number + excluded.number";

const CHANGE: &str = "INSERT INTO user_counts (app_id, scope, tenant_id, recipes, slot, number) \
    VALUES ($1, COALESCE($2, ''), $2, $3, $4, $5) \
    ON CONFLICT (app_id, scope, recipes, slot) DO UPDATE \
    SET number = user_counts.number + excluded.number";

/// The user's own row is held, so that of two changes of one user the second sees the first.
const IN_APP: &str = "SELECT recipes, primary_or_recipe_user_time_joined FROM app_id_to_user_id \
    WHERE app_id = $1 AND user_id = $2 FOR UPDATE";

const IN_TENANTS: &str = "SELECT tenant_id, recipes, time_joined FROM tenant_users \
    WHERE app_id = $1 AND user_id = $2";

/// The login methods that a user has, each in every tenant.
const LOGIN_METHODS: &str = "SELECT DISTINCT u.recipe_id, t.tenant_id FROM app_id_to_user_id u \
    LEFT JOIN recipe_user_tenants t ON t.app_id = u.app_id AND t.recipe_user_id = u.user_id \
    WHERE u.app_id = $1 AND u.primary_or_recipe_user_id = $2 \
        AND EXISTS (SELECT 1 FROM recipe_user_account_infos i \
            WHERE i.app_id = u.app_id AND i.recipe_user_id = u.user_id)";

const SET_IN_APP: &str =
    "UPDATE app_id_to_user_id SET recipes = $3 WHERE app_id = $1 AND user_id = $2";

const SET_IN_TENANT: &str = "UPDATE tenant_users SET recipes = $4, time_joined = $5 \
    WHERE app_id = $1 AND user_id = $2 AND tenant_id = $3";

const LEAVE_TENANT: &str =
    "DELETE FROM tenant_users WHERE app_id = $1 AND user_id = $2 AND tenant_id = $3";

/// Counts a new user, whose row says already which recipe it has.
pub(super) async fn add(
    tx: &mut Tx<'_>,
    scope: &TenantScope,
    user: &UserId,
    recipe: RecipeId,
    time_joined: i64,
) -> Result<(), EngineError> {
    let TenantScope { app, tenant } = scope;
    let recipes = bit(recipe);
    tx.execute(ADD_TO_TENANT, params![app, user, tenant, recipes, time_joined]).await?;
    tx.execute(ADD, params![app, tenant, recipes, slot(user)]).await?;
    Ok(())
}

/// Brings what is known of users up to date with their login methods. The ids are the core's own; one
/// that is no user's any more, because its login method belongs to another user now, counts no longer.
pub(crate) async fn settle(
    tx: &mut Tx<'_>,
    app: &AppId,
    users: &[&UserId],
) -> Result<(), EngineError> {
    let mut changes = Changes::default();
    for user in users {
        let Some(known) = Standing::known(tx, app, user).await? else { continue };
        let actual = Standing::actual(tx, app, user, known.time_joined).await?;
        changes.replace(tx, app, user, &known, &actual).await?;
    }
    changes.write(tx, app).await
}

/// Counts a user no longer whose rows are about to be deleted, whatever login methods it has.
pub(crate) async fn forget(tx: &mut Tx<'_>, app: &AppId, user: &UserId) -> Result<(), EngineError> {
    let mut changes = Changes::default();
    if let Some(known) = Standing::known(tx, app, user).await? {
        changes.replace(tx, app, user, &known, &Standing::default()).await?;
    }
    changes.write(tx, app).await
}

/// Where a user's counts are kept.
fn slot(user: &UserId) -> i64 {
    let sum = user.as_str().bytes().fold(0_u8, u8::wrapping_add);
    i64::from(sum % SLOTS)
}

/// The recipes that a user has.
#[derive(Default)]
struct Standing {
    in_app: i64,
    time_joined: i64,
    /// With the time at which the user joined, as the tenant's row has it.
    in_tenants: BTreeMap<TenantId, (i64, i64)>,
}

impl Standing {
    /// As it was last written down; `None` where nobody has the id.
    async fn known(
        tx: &mut Tx<'_>,
        app: &AppId,
        user: &UserId,
    ) -> Result<Option<Self>, EngineError> {
        let Some(row) = tx.query_opt(IN_APP, params![app, user]).await? else { return Ok(None) };
        let mut standing = Self {
            in_app: row.get("recipes")?,
            time_joined: row.get("primary_or_recipe_user_time_joined")?,
            in_tenants: BTreeMap::new(),
        };
        for row in tx.query(IN_TENANTS, params![app, user]).await? {
            let recipes = (row.get("recipes")?, row.get("time_joined")?);
            standing.in_tenants.insert(row.get("tenant_id")?, recipes);
        }
        Ok(Some(standing))
    }

    /// As the login methods have it.
    async fn actual(
        tx: &mut Tx<'_>,
        app: &AppId,
        user: &UserId,
        time_joined: i64,
    ) -> Result<Self, EngineError> {
        let mut standing = Self { time_joined, ..Self::default() };
        for row in tx.query(LOGIN_METHODS, params![app, user]).await? {
            let recipe = bit(row.get("recipe_id")?);
            standing.in_app |= recipe;
            if let Some(tenant) = row.get::<Option<TenantId>>("tenant_id")? {
                standing.in_tenants.entry(tenant).or_insert((0, time_joined)).0 |= recipe;
            }
        }
        Ok(standing)
    }
}

/// What is to be added to which counter: of a tenant, or of the app; of a set of recipes; in a slot.
#[derive(Default)]
struct Changes(BTreeMap<(Option<TenantId>, i64, i64), i64>);

impl Changes {
    /// Writes what a user has in place of what it had, and remembers what to count.
    async fn replace(
        &mut self,
        tx: &mut Tx<'_>,
        app: &AppId,
        user: &UserId,
        old: &Standing,
        new: &Standing,
    ) -> Result<(), EngineError> {
        if old.in_app != new.in_app {
            tx.execute(SET_IN_APP, params![app, user, new.in_app]).await?;
            self.count(user, None, old.in_app, new.in_app);
        }
        for (tenant, (recipes, time_joined)) in &new.in_tenants {
            let had = old.in_tenants.get(tenant);
            if had == Some(&(*recipes, *time_joined)) {
                continue;
            }
            let sql = if had.is_some() { SET_IN_TENANT } else { ADD_TO_TENANT };
            let changed = tx.execute(sql, params![app, user, tenant, recipes, time_joined]).await?;
            // None where the tenant was removed meanwhile, and all of it.
            if changed > 0 {
                self.count(user, Some(tenant), had.map_or(0, |(recipes, _)| *recipes), *recipes);
            }
        }
        for (tenant, (recipes, _)) in &old.in_tenants {
            if !new.in_tenants.contains_key(tenant)
                && tx.execute(LEAVE_TENANT, params![app, user, tenant]).await? > 0
            {
                self.count(user, Some(tenant), *recipes, 0);
            }
        }
        Ok(())
    }

    fn count(&mut self, user: &UserId, tenant: Option<&TenantId>, old: i64, new: i64) {
        for (recipes, number) in [(old, -1), (new, 1)] {
            if old != new && recipes != 0 {
                *self.0.entry((tenant.cloned(), recipes, slot(user))).or_default() += number;
            }
        }
    }

    async fn write(self, tx: &mut Tx<'_>, app: &AppId) -> Result<(), EngineError> {
        for ((tenant, recipes, slot), number) in self.0 {
            if number != 0 {
                tx.execute(CHANGE, params![app, tenant, recipes, slot, number]).await?;
            }
        }
        Ok(())
    }
}
