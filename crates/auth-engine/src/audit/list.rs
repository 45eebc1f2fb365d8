//! `GET /recipe/audit/entries` and `GET /recipe/audit/entries/after` (extensions)

use std::collections::BTreeMap;

use auth_protocol::{
    AppId, TenantScope, UserId,
    audit::{
        AuditEntry, ListAuditEntries, ListAuditEntriesResponse, ReadAuditEntries,
        ReadAuditEntriesResponse,
    },
};

use super::rows::{after, checked_limit, columns, entry};
use crate::{
    Engine, EngineError, Handle,
    storage::{Tx, in_tx, params},
    tenancy::require_tenant,
    user_id_mapping::{Known, ids_of_data},
};

/// A kind that is empty stands for all.
macro_rules! list {
    ($user:literal) => {
        concat!(
            "SELECT ",
            columns!(),
            " FROM audit_log_entries WHERE app_id = $1 AND tenant_id = $2 AND position < $3 \
             AND created_at >= $4 AND created_at < $5 AND ($6 = '' OR kind = $6)",
            $user,
            " ORDER BY position DESC LIMIT $7"
        )
    };
}

const OF_ALL: &str = list!("");
const OF_USER: [&str; 2] = [list!(" AND user_id = $8"), list!(" AND acting_user_id = $8")];

const GROUP: &str =
    "SELECT user_id FROM app_id_to_user_id WHERE app_id = $1 AND primary_or_recipe_user_id = $2";

impl Handle<ListAuditEntries> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: ListAuditEntries,
    ) -> Result<ListAuditEntriesResponse, EngineError> {
        let limit = checked_limit(operation.limit)?;
        let body = in_tx!(scope, operation, |tx| {
            require_tenant(tx, &scope).await?;
            list(tx, &scope, &operation, limit).await
        });
        let entries = self.store().read(body).await?;
        let is_full = i64::try_from(entries.len()).is_ok_and(|found| found == limit);
        let next = entries.last().filter(|_| is_full).map(|last| last.position);
        Ok(ListAuditEntriesResponse::Ok { entries, next })
    }
}

async fn list(
    tx: &mut Tx<'_>,
    scope: &TenantScope,
    wanted: &ListAuditEntries,
    limit: i64,
) -> Result<Vec<AuditEntry>, EngineError> {
    let before = wanted.before.unwrap_or(i64::MAX);
    let (from, until) = (wanted.from_ms.unwrap_or(0), wanted.until_ms.unwrap_or(i64::MAX));
    let kind = wanted.kind.as_deref().unwrap_or_default();
    let TenantScope { app, tenant } = scope;
    let Some(user) = &wanted.user_id else {
        let rows = tx.query(OF_ALL, params![app, tenant, before, from, until, kind, limit]).await?;
        return rows.iter().map(entry).collect();
    };
    // The newest of each id's, put together.
    let mut found = BTreeMap::new();
    for id in ids_of(tx, app, user).await? {
        for sql in OF_USER {
            let parameters = params![app, tenant, before, from, until, kind, limit, id];
            for row in tx.query(sql, parameters).await? {
                let entry = entry(&row)?;
                found.insert(entry.position, entry);
            }
        }
    }
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    Ok(found.into_values().rev().take(limit).collect())
}

/// Every id by which a user may have been written down.
async fn ids_of(tx: &mut Tx<'_>, app: &AppId, id: &UserId) -> Result<Vec<UserId>, EngineError> {
    let Some(known) = Known::by_any_id(tx, app, id).await? else { return Ok(vec![id.clone()]) };
    let mut ids = Vec::new();
    for row in tx.query(GROUP, params![app, known.primary]).await? {
        let member: UserId = row.get("user_id")?;
        ids.extend(ids_of_data(tx, app, &member).await?);
        ids.push(member);
    }
    ids.sort();
    ids.dedup();
    Ok(ids)
}

impl Handle<ReadAuditEntries> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: ReadAuditEntries,
    ) -> Result<ReadAuditEntriesResponse, EngineError> {
        let limit = checked_limit(operation.limit)?;
        let position = operation.after;
        let body = in_tx!(scope, |tx| {
            require_tenant(tx, &scope).await?;
            after(tx, &scope, position, limit).await
        });
        Ok(ReadAuditEntriesResponse::Ok { entries: self.store().read(body).await? })
    }
}
