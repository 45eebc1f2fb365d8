//! The core's audit log, as an application reads it.

use auth_protocol::{
    TenantId,
    audit::{
        AuditCheckpoint, AuditEntry, ListAuditEntries, ListAuditEntriesResponse,
        MakeAuditCheckpoint, MakeAuditCheckpointResponse, PurgeAuditLog, PurgeAuditLogResponse,
    },
};

use crate::{Auth, Context, Result};

/// The audit log: who did what to whom, from where, and how it ended. What it holds, what it proves
/// and what it costs: [Audit log](crate::docs::audit).
///
/// ```no_run
/// use auth_core::{Auth, Result, protocol::audit::ListAuditEntries};
///
/// async fn latest(auth: &Auth) -> Result<()> {
///     let wanted = ListAuditEntries { limit: Some(20), ..Default::default() };
///     for entry in auth.audit().list(&"public".into(), wanted).await?.entries {
///         println!("{} {} {}", entry.time_ms, entry.kind, entry.outcome);
///     }
///     Ok(())
/// }
/// ```
#[derive(Clone, Debug)]
pub struct AuditLog {
    cx: Context,
}

/// A page of entries.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct AuditPage {
    /// The entries, newest first.
    pub entries: Vec<AuditEntry>,
    /// What `before` is for the next page; `None` on the last.
    pub next: Option<i64>,
}

impl AuditLog {
    /// Lists entries of a tenant, newest first.
    ///
    /// # Errors
    /// [`Error::Core`](crate::Error::Core), also where the core has no audit log.
    pub async fn list(&self, tenant: &TenantId, wanted: ListAuditEntries) -> Result<AuditPage> {
        let answer = self.cx.core().call(tenant, wanted).await?;
        let ListAuditEntriesResponse::Ok { entries, next } = answer;
        Ok(AuditPage { entries, next })
    }

    /// Signs where a tenant's chain ends now, to be kept where who can write the database can't;
    /// `None` where nothing has happened yet.
    ///
    /// # Errors
    /// As [`Self::list`].
    pub async fn checkpoint(&self, tenant: &TenantId) -> Result<Option<AuditCheckpoint>> {
        Ok(match self.cx.core().call(tenant, MakeAuditCheckpoint {}).await? {
            MakeAuditCheckpointResponse::Ok { checkpoint } => Some(checkpoint),
            MakeAuditCheckpointResponse::EmptyLogError => None,
        })
    }

    /// Deletes the entries of a tenant that were written before a time, in milliseconds since the
    /// epoch; how many that were.
    ///
    /// # Errors
    /// As [`Self::list`].
    pub async fn purge(&self, tenant: &TenantId, before_ms: i64) -> Result<u64> {
        let answer = self.cx.core().call(tenant, PurgeAuditLog { before_ms }).await?;
        let PurgeAuditLogResponse::Ok { purged, .. } = answer;
        Ok(purged)
    }
}

impl Auth {
    /// The core's audit log.
    pub fn audit(&self) -> AuditLog {
        self.context().audit()
    }
}

impl Context {
    /// The core's audit log.
    pub fn audit(&self) -> AuditLog {
        AuditLog { cx: self.clone() }
    }
}
