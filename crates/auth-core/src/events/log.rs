//! The audit log, read by its consumer's name.

use auth_protocol::{
    TenantId,
    audit::{
        AcknowledgeAuditEntries, AcknowledgeAuditEntriesResponse, ClaimAuditEntries,
        ClaimAuditEntriesResponse, ReadAuditEntries, ReadAuditEntriesResponse,
    },
};

use super::Event;
use crate::{Auth, Result};

/// One consumer of one tenant's chain.
pub(super) struct Log {
    pub(super) consumer: String,
    pub(super) tenant_id: TenantId,
}

/// Entries that nobody else gets for a while.
pub(super) struct Claim {
    pub(super) lease: String,
    /// The position up to which all is done.
    pub(super) acknowledged: i64,
    pub(super) events: Vec<Event>,
}

impl Log {
    /// Whether there is anything behind a position; nothing is written.
    pub(super) async fn has_any_after(&self, auth: &Auth, position: i64) -> Result<bool> {
        let operation = ReadAuditEntries { after: position, limit: Some(1) };
        let cx = auth.context();
        let ReadAuditEntriesResponse::Ok { entries } =
            cx.core().call(&self.tenant_id, operation).await?;
        Ok(!entries.is_empty())
    }

    /// Takes the next entries; `None` where another process has.
    pub(super) async fn claim(
        &self,
        auth: &Auth,
        limit: u32,
        lease_ms: i64,
    ) -> Result<Option<Claim>> {
        let operation = ClaimAuditEntries {
            consumer: self.consumer.clone(),
            lease_ms,
            limit: Some(limit),
            from: None,
        };
        let cx = auth.context();
        Ok(match cx.core().call(&self.tenant_id, operation).await? {
            ClaimAuditEntriesResponse::LeasedError { .. } => None,
            ClaimAuditEntriesResponse::Ok { lease, acknowledged, entries } => {
                let tenant_id = &self.tenant_id;
                let event = |entry| Event { tenant_id: tenant_id.clone(), entry };
                let events = entries.into_iter().map(event).collect();
                Some(Claim { lease, acknowledged, events })
            }
        })
    }

    /// Says what is done, and gives the lease back. A lease that is over is nothing to be done
    /// about: what was delivered comes again.
    pub(super) async fn acknowledge(
        &self,
        auth: &Auth,
        lease: String,
        position: i64,
    ) -> Result<()> {
        let operation =
            AcknowledgeAuditEntries { consumer: self.consumer.clone(), lease, position };
        let cx = auth.context();
        match cx.core().call(&self.tenant_id, operation).await? {
            AcknowledgeAuditEntriesResponse::Ok => {}
            AcknowledgeAuditEntriesResponse::LeaseLostError => {
                tracing::warn!(sink = self.consumer, position, "a lease on events was over");
            }
        }
        Ok(())
    }
}
