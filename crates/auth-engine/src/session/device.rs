//! Sessions that are bound to a device (extension): the rows' part of it.
//!
//! A session is bound once, by a statement that finds it unbound. A challenge is used once because only
//! those count that were made after the last one that was used: nothing is stored of those that nobody
//! answers.

use auth_protocol::{
    AppId, SessionHandle, TenantScope, UserId, audit::AuditKind, session::DeviceKey,
};

use super::lifetime::Moment;
use crate::{
    EngineError,
    audit::{Audit, Event},
    storage::{Tx, params},
};

/// The longest key that is kept, as JSON: one of RSA with 4096 bits has some 800 bytes.
const LONGEST_KEY: usize = 2048;

/// For so long after it was bound a session is refreshed without a proof: a refresh that the browser
/// had sent when the answer to its registration came knows nothing of it.
const GRACE_MS: i64 = 10_000;

const BIND: &str = "UPDATE session_info \
    SET device_key = $6, device_bound_at = $4, device_challenge_at = $7 \
    WHERE app_id = $1 AND tenant_id = $2 AND session_handle = $3 \
    AND expires_at >= $4 AND created_at_time >= $5 AND device_key IS NULL";

const FIND: &str = "SELECT user_id, device_key FROM session_info \
    WHERE app_id = $1 AND tenant_id = $2 AND session_handle = $3 \
    AND expires_at >= $4 AND created_at_time >= $5";

const USE_CHALLENGE: &str = "UPDATE session_info SET device_challenge_at = $6 \
    WHERE app_id = $1 AND tenant_id = $2 AND session_handle = $3 \
    AND expires_at >= $4 AND created_at_time >= $5 \
    AND device_key IS NOT NULL AND device_challenge_at < $6";

const LACKING_PROOF: &str = "SELECT user_id FROM session_info \
    WHERE app_id = $1 AND tenant_id = $2 AND session_handle = $3 \
    AND device_key IS NOT NULL AND device_bound_at < $4";

/// A device's key, as a row has it.
pub(super) fn write_key(key: &DeviceKey) -> Result<String, EngineError> {
    let refuse = |why: &str| EngineError::BadRequest(format!("Invalid JSON input - {why}"));
    if !DeviceKey::ALGORITHMS.contains(&key.alg.as_str()) {
        return Err(refuse("key is for no algorithm by which devices prove themselves"));
    }
    let text = serde_json::to_string(key).map_err(|_| refuse("key can't be written"))?;
    if text.len() > LONGEST_KEY {
        return Err(refuse("key is too long"));
    }
    Ok(text)
}

/// Binds a session that is bound to nothing yet; false where there is no such session.
pub(super) async fn bind(
    tx: &mut Tx<'_>,
    app: &AppId,
    handle: &SessionHandle,
    key: &str,
    challenge_made_at_ms: i64,
    at: Moment,
) -> Result<bool, EngineError> {
    let oldest_ms = at.oldest_start_ms();
    let tenant = handle.tenant_id();
    let new = params![app, tenant, handle, at.now_ms, oldest_ms, key, challenge_made_at_ms];
    Ok(tx.execute(BIND, new).await? > 0)
}

/// A session that goes on, as far as devices are concerned.
pub(super) struct Found {
    /// The key that it is bound to.
    pub(super) key: Option<DeviceKey>,
    /// What stands in its row: the core's own id of the login method where it knows it.
    pub(super) own_id: UserId,
}

/// Finds a session that goes on.
pub(super) async fn find(
    tx: &mut Tx<'_>,
    app: &AppId,
    handle: &SessionHandle,
    at: Moment,
) -> Result<Option<Found>, EngineError> {
    let (tenant, oldest_ms) = (handle.tenant_id(), at.oldest_start_ms());
    let wanted = params![app, tenant, handle, at.now_ms, oldest_ms];
    let Some(row) = tx.query_opt(FIND, wanted).await? else { return Ok(None) };
    let key = row.get::<Option<String>>("device_key")?;
    let key = key.map(|text| {
        serde_json::from_str(&text)
            .map_err(|_| EngineError::Internal("a stored device key can't be read".into()))
    });
    Ok(Some(Found { key: key.transpose()?, own_id: row.get("user_id")? }))
}

/// Uses up a challenge of a session that is bound; false where it, or one that was made later, was used
/// before.
pub(super) async fn use_challenge(
    tx: &mut Tx<'_>,
    app: &AppId,
    handle: &SessionHandle,
    challenge_made_at_ms: i64,
    at: Moment,
) -> Result<bool, EngineError> {
    let oldest_ms = at.oldest_start_ms();
    let tenant = handle.tenant_id();
    let used = params![app, tenant, handle, at.now_ms, oldest_ms, challenge_made_at_ms];
    Ok(tx.execute(USE_CHALLENGE, used).await? > 0)
}

/// Whether a session is bound to a device of which a caller who looks for proofs has seen none. That is
/// written down, and nothing else happens: nobody's token is used up, and nobody's session ends.
pub(super) async fn lacks_proof(
    tx: &mut Tx<'_>,
    app: &AppId,
    handle: &SessionHandle,
    proven: Option<&[SessionHandle]>,
    at: Moment,
    audit: &Audit,
) -> Result<bool, EngineError> {
    if proven.is_none_or(|proven| proven.contains(handle)) {
        return Ok(false);
    }
    let bound_before_ms = at.now_ms.saturating_sub(GRACE_MS);
    let tenant = handle.tenant_id();
    let wanted = params![app, tenant, handle, bound_before_ms];
    let Some(row) = tx.query_opt(LACKING_PROOF, wanted).await? else { return Ok(false) };
    let event = Event::failed(AuditKind::DeviceProofMissing).user(&row.get("user_id")?);
    let scope = TenantScope::new(app.clone(), tenant);
    audit.append(tx, &scope, event.session(handle)).await?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use auth_protocol::jwt::JwkKey;

    use super::*;

    #[test]
    fn only_keys_of_the_right_kind_and_size_are_kept() {
        let rsa = |alg: &str, n: usize| DeviceKey {
            key: JwkKey::Rsa { n: "n".repeat(n), e: "AQAB".into() },
            alg: alg.into(),
        };
        assert!(write_key(&rsa("RS256", 683)).is_ok());
        for wrong in [rsa("RS256", LONGEST_KEY), rsa("HS256", 10), rsa("none", 10), rsa("", 10)] {
            assert!(matches!(write_key(&wrong), Err(EngineError::BadRequest(_))), "{wrong:?}");
        }
    }
}
