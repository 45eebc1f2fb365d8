//! What is posted.

use std::collections::BTreeMap;

use auth_protocol::{SessionHandle, TenantId, UserId, audit::AuditOutcome};
use serde::Serialize;
use time::{Duration, OffsetDateTime, format_description::well_known::Rfc3339};

use super::super::Event;

/// The members that Standard Webhooks recommends.
#[derive(Serialize)]
struct Message<'e> {
    r#type: &'e str,
    /// RFC 3339.
    timestamp: String,
    data: Data<'e>,
}

/// The entry, without what only its chain needs.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Data<'e> {
    tenant_id: &'e TenantId,
    position: i64,
    outcome: AuditOutcome,
    #[serde(skip_serializing_if = "Option::is_none")]
    user_id: Option<&'e UserId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    acting_user_id: Option<&'e UserId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    address: Option<&'e str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    user_agent: Option<&'e str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    api: Option<&'e str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    session_handle: Option<&'e SessionHandle>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    facts: &'e BTreeMap<String, String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    details: Option<&'e BTreeMap<String, String>>,
}

pub(super) fn body(event: &Event) -> Vec<u8> {
    let entry = &event.entry;
    let payload = entry.payload.as_ref();
    let time = OffsetDateTime::UNIX_EPOCH.checked_add(Duration::milliseconds(entry.time_ms));
    let message = Message {
        r#type: &entry.kind,
        timestamp: time.and_then(|time| time.format(&Rfc3339).ok()).unwrap_or_default(),
        data: Data {
            tenant_id: &event.tenant_id,
            position: entry.position,
            outcome: entry.outcome,
            user_id: payload.and_then(|it| it.user_id.as_ref()),
            acting_user_id: payload.and_then(|it| it.acting_user_id.as_ref()),
            address: payload.and_then(|it| it.address.as_deref()),
            user_agent: payload.and_then(|it| it.user_agent.as_deref()),
            api: payload.and_then(|it| it.api.as_deref()),
            session_handle: payload.and_then(|it| it.session_handle.as_ref()),
            facts: &entry.facts,
            details: payload.map(|it| &it.details).filter(|it| !it.is_empty()),
        },
    };
    // Texts and numbers always can be written.
    serde_json::to_vec(&message).unwrap_or_default()
}
