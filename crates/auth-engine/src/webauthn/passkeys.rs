//! The rows of passkeys.

use auth_protocol::{AppId, RecipeUserId, TenantScope, UserId};

use crate::{
    EngineError,
    storage::{Row, Tx, params},
};

/// A passkey about to be stored.
#[derive(Clone)]
pub(super) struct NewPasskey {
    /// base64url.
    pub(super) id: String,
    pub(super) rp_id: String,
    /// base64url.
    pub(super) user_handle: String,
    /// base64url.
    pub(super) public_key: String,
    pub(super) counter: i64,
    pub(super) aaguid: String,
    pub(super) is_backup_eligible: bool,
    pub(super) is_backed_up: bool,
    pub(super) transports: Vec<String>,
    pub(super) created_at: i64,
}

/// A stored passkey, as far as a sign-in needs it.
#[derive(Clone)]
pub(super) struct StoredPasskey {
    /// The core's own ids of its login method, and of the user that it belongs to.
    pub(super) user_id: UserId,
    pub(super) primary: UserId,
    pub(super) user_handle: String,
    pub(super) public_key: String,
    pub(super) counter: i64,
    pub(super) is_backup_eligible: bool,
    /// Whether its user has a login method of this recipe in the tenant that was asked.
    pub(super) is_in_tenant: bool,
}

const INSERT: &str = "INSERT INTO webauthn_credentials (app_id, rp_id, id, user_id, user_handle, \
    public_key, counter, aaguid, is_backup_eligible, is_backed_up, transports, created_at, \
    updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12)";

const FIND: &str = "SELECT c.user_id, u.primary_or_recipe_user_id, c.user_handle, c.public_key, c.counter, \
    c.is_backup_eligible, EXISTS (SELECT 1 FROM recipe_user_tenants t WHERE t.app_id = c.app_id \
        AND t.tenant_id = $4 AND t.recipe_user_id = c.user_id) AS is_in_tenant \
    FROM webauthn_credentials c \
    JOIN app_id_to_user_id u ON u.app_id = c.app_id AND u.user_id = c.user_id \
    WHERE c.app_id = $1 AND c.rp_id = $2 AND c.id = $3";

/// Only upwards, so that of two answers at once none takes the other's back.
const USE: &str = "UPDATE webauthn_credentials SET counter = $4, is_backed_up = $5, \
    updated_at = $6 WHERE app_id = $1 AND rp_id = $2 AND id = $3 \
    AND (counter < $4 OR (counter = 0 AND $4 = 0))";

impl NewPasskey {
    /// Stores it.
    ///
    /// # Errors
    /// A unique violation where the site has a passkey with this id.
    pub(super) async fn insert(
        &self,
        tx: &mut Tx<'_>,
        app: &AppId,
        user_id: &RecipeUserId,
    ) -> Result<(), EngineError> {
        let transports = self.transports.join(" ");
        let parameters = params![
            app,
            self.rp_id,
            self.id,
            user_id,
            self.user_handle,
            self.public_key,
            self.counter,
            self.aaguid,
            self.is_backup_eligible,
            self.is_backed_up,
            transports,
            self.created_at,
        ];
        tx.execute(INSERT, parameters).await?;
        Ok(())
    }
}

impl StoredPasskey {
    /// A site's passkey.
    pub(super) async fn find(
        tx: &mut Tx<'_>,
        scope: &TenantScope,
        rp_id: &str,
        id: &str,
    ) -> Result<Option<Self>, EngineError> {
        let row = tx.query_opt(FIND, params![scope.app, rp_id, id, scope.tenant]).await?;
        row.map(|row| Self::from_row(&row)).transpose()
    }

    fn from_row(row: &Row) -> Result<Self, EngineError> {
        Ok(Self {
            user_id: row.get("user_id")?,
            primary: row.get("primary_or_recipe_user_id")?,
            user_handle: row.get("user_handle")?,
            public_key: row.get("public_key")?,
            counter: row.get("counter")?,
            is_backup_eligible: row.get("is_backup_eligible")?,
            is_in_tenant: row.get("is_in_tenant")?,
        })
    }
}

/// Writes down that a passkey was used; false if it has counted further meanwhile.
pub(super) async fn set_used(
    tx: &mut Tx<'_>,
    app: &AppId,
    (rp_id, id): (&str, &str),
    counter: i64,
    is_backed_up: bool,
    now_ms: i64,
) -> Result<bool, EngineError> {
    let parameters = params![app, rp_id, id, counter, is_backed_up, now_ms];
    Ok(tx.execute(USE, parameters).await? > 0)
}
