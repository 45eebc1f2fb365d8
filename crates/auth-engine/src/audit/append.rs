//! Entries, in the transaction of what they tell of.

use std::sync::Arc;

use auth_jwt::audit::{FIRST_PREVIOUS_HASH, entry_hash, payload_digest};
use auth_protocol::{
    AppId, Caller, TenantId, TenantScope, UserId,
    audit::{AuditEntry, AuditPayload},
};
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};

use super::{caller, event::Event, rows::json};
use crate::{
    Clock, Engine, EngineError, Random,
    storage::{Tx, params},
};

const FIRST: &str = "INSERT INTO audit_log_heads (app_id, tenant_id, position, hash) \
    VALUES ($1, $2, 0, $3) ON CONFLICT DO NOTHING";

const LOCK: &str = "SELECT position, hash FROM audit_log_heads \
    WHERE app_id = $1 AND tenant_id = $2 FOR UPDATE";

const MOVE: &str = "UPDATE audit_log_heads SET position = $3, hash = $4 \
    WHERE app_id = $1 AND tenant_id = $2";

const INSERT: &str = "INSERT INTO audit_log_entries (app_id, tenant_id, position, created_at, kind, \
    outcome, facts, user_id, acting_user_id, address, user_agent, api, session_handle, details, \
    salt, payload_digest, previous_hash, hash) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)";

const EXISTS: &str = "SELECT 1 FROM app_id_to_user_id WHERE app_id = $1 AND user_id = $2";

/// What writes down what one operation does. Made by a handler before its transaction; clones share
/// it.
#[derive(Clone)]
pub(crate) struct Audit(Arc<Recorder>);

struct Recorder {
    is_on: bool,
    caller: Arc<Caller>,
    app_chain: TenantId,
    clock: Clock,
    random: Random,
}

/// The end of a chain.
pub(super) struct Head {
    pub(super) position: i64,
    pub(super) hash: String,
}

impl Engine {
    /// What writes down what the operation does that this task carries out.
    pub(crate) fn audit(&self) -> Audit {
        Audit(Arc::new(Recorder {
            is_on: self.config().audit_log,
            caller: caller::current(),
            app_chain: self.app_chain().clone(),
            clock: self.clock().clone(),
            random: self.random().clone(),
        }))
    }
}

impl Audit {
    /// Whether anything is written down at all.
    pub(crate) fn is_on(&self) -> bool {
        self.0.is_on
    }

    /// In whose chain stands what isn't one tenant's.
    pub(super) fn app_chain(&self) -> &TenantId {
        &self.0.app_chain
    }

    /// Who asked for the operation.
    pub(super) fn caller(&self) -> &Caller {
        &self.0.caller
    }

    /// Appends an event to the chain of a tenant, as the last statements of the transaction that does
    /// what it tells of: the end of the chain is held until that is committed, and nothing that
    /// others hold may be waited for meanwhile.
    pub(crate) async fn append(
        &self,
        tx: &mut Tx<'_>,
        scope: &TenantScope,
        event: Event,
    ) -> Result<(), EngineError> {
        self.append_all(tx, scope, vec![event]).await
    }

    /// As [`Self::append`], for something that isn't one tenant's: to the chain of the app's tenant
    /// `public`, or of another one where that tenant has a database of its own.
    pub(crate) async fn append_to_app(
        &self,
        tx: &mut Tx<'_>,
        app: &AppId,
        event: Event,
    ) -> Result<(), EngineError> {
        self.append_all_to_app(tx, app, vec![event]).await
    }

    /// As [`Self::append_to_app`], for several events in their order.
    pub(crate) async fn append_all_to_app(
        &self,
        tx: &mut Tx<'_>,
        app: &AppId,
        events: Vec<Event>,
    ) -> Result<(), EngineError> {
        let scope = TenantScope::new(app.clone(), self.app_chain().clone());
        self.append_all(tx, &scope, events).await
    }

    /// As [`Self::append`], for several events in their order.
    pub(crate) async fn append_all(
        &self,
        tx: &mut Tx<'_>,
        scope: &TenantScope,
        events: Vec<Event>,
    ) -> Result<(), EngineError> {
        if !self.is_on() || events.is_empty() {
            return Ok(());
        }
        self.write_all(tx, scope, events).await
    }

    /// Appends, whether or not anything else is written down.
    pub(super) async fn write_all(
        &self,
        tx: &mut Tx<'_>,
        scope: &TenantScope,
        events: Vec<Event>,
    ) -> Result<(), EngineError> {
        let mut head = lock(tx, scope).await?;
        for event in events {
            head = self.0.write(tx, scope, head, event).await?;
        }
        tx.execute(MOVE, params![scope.app, scope.tenant, head.position, head.hash]).await?;
        Ok(())
    }
}

/// Waits until nobody else appends to a chain, and says where it ends.
pub(super) async fn lock(tx: &mut Tx<'_>, scope: &TenantScope) -> Result<Head, EngineError> {
    for _ in 0..2 {
        if let Some(row) = tx.query_opt(LOCK, params![scope.app, scope.tenant]).await? {
            return Ok(Head { position: row.get("position")?, hash: row.get("hash")? });
        }
        tx.execute(FIRST, params![scope.app, scope.tenant, FIRST_PREVIOUS_HASH]).await?;
    }
    Err(EngineError::overtaken("the audit log of a tenant was removed meanwhile"))
}

impl Recorder {
    async fn write(
        &self,
        tx: &mut Tx<'_>,
        scope: &TenantScope,
        head: Head,
        event: Event,
    ) -> Result<Head, EngineError> {
        let mut user = event.user;
        if event.must_exist
            && let Some(id) = &user
            && !exists(tx, &scope.app, id).await?
        {
            user = None;
        }
        let nobody = Caller::default();
        let caller = if event.names_caller { &self.caller } else { &nobody };
        let payload = AuditPayload {
            salt: self.salt()?,
            user_id: user,
            acting_user_id: caller.acting_user.clone(),
            address: caller.address.map(|address| address.to_string()),
            user_agent: caller.user_agent.clone(),
            api: caller.api.clone(),
            session_handle: event.session.or_else(|| caller.session_handle.clone()),
            details: event.details,
        };
        let mut entry = AuditEntry {
            position: head.position.saturating_add(1),
            time_ms: self.clock.now_ms(),
            kind: event.kind.as_str().to_owned(),
            outcome: event.outcome,
            facts: event.facts,
            payload_digest: payload_digest(&payload),
            payload: None,
            previous_hash: head.hash,
            hash: String::new(),
        };
        entry.hash = entry_hash(&scope.app, &scope.tenant, &entry);
        let (outcome, facts, details) =
            (entry.outcome.as_str(), json(&entry.facts)?, json(&payload.details)?);
        let parameters = params![
            scope.app,
            scope.tenant,
            entry.position,
            entry.time_ms,
            entry.kind,
            outcome,
            facts,
            payload.user_id,
            payload.acting_user_id,
            payload.address,
            payload.user_agent,
            payload.api,
            payload.session_handle,
            details,
            payload.salt,
            entry.payload_digest,
            entry.previous_hash,
            entry.hash,
        ];
        tx.execute(INSERT, parameters).await?;
        Ok(Head { position: entry.position, hash: entry.hash })
    }

    fn salt(&self) -> Result<String, EngineError> {
        let mut bytes = [0; 16];
        self.random.fill(&mut bytes)?;
        Ok(BASE64_URL_SAFE_NO_PAD.encode(bytes))
    }
}

async fn exists(tx: &mut Tx<'_>, app: &AppId, user: &UserId) -> Result<bool, EngineError> {
    Ok(tx.query_opt(EXISTS, params![app, user]).await?.is_some())
}
