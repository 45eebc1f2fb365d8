//! What an app is called, and where.

use auth_protocol::{AppId, TenantId, TenantScope};

use crate::{
    EngineError,
    digest::sha256_hex,
    storage::{Row, Tx, params},
};

const FIND: &str = "SELECT app_id, connection_uri_domain, outside_id FROM apps WHERE app_id = $1";

/// An app as callers name it: those of another connection URI domain are stored by another name, so
/// that an app of each domain can have the same one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct AppName {
    /// The connection URI domain; empty for the default one.
    pub(super) domain: String,
    /// The app, as it stands in paths.
    pub(super) app: AppId,
}

impl AppName {
    /// The name of an app that is stored.
    pub(super) async fn find(tx: &mut Tx<'_>, app: &AppId) -> Result<Self, EngineError> {
        match tx.query_opt(FIND, params![app]).await? {
            Some(row) => Self::from_row(&row),
            None => Err(EngineError::app_not_found(app)),
        }
    }

    pub(super) fn from_row(row: &Row) -> Result<Self, EngineError> {
        let outside: Option<AppId> = row.get("outside_id")?;
        let app = outside.map_or_else(|| row.get("app_id"), Ok)?;
        Ok(Self { domain: row.get("connection_uri_domain")?, app })
    }

    /// The id by which the app is stored. Those of other domains have a character that no app's name
    /// may have.
    pub(super) fn stored_id(&self) -> AppId {
        if self.domain.is_empty() {
            return self.app.clone();
        }
        let digest = sha256_hex(&format!("{} {}", self.domain, self.app));
        AppId::from(format!("@{}", digest.get(..40).unwrap_or(&digest)))
    }

    /// One of the app's tenants, as it is stored.
    pub(super) fn scope(&self, tenant: TenantId) -> TenantScope {
        TenantScope::new(self.stored_id(), tenant)
    }

    /// Whether this is the app `public` of the default domain.
    pub(super) fn is_base(&self) -> bool {
        self.domain.is_empty() && self.app.is_public()
    }
}
