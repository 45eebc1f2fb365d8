//! How many sessions a user may have at once.

use auth_protocol::{AppId, SessionHandle, audit::AuditKind};

use super::{
    lifetime::Moment,
    remove::revoked,
    rows::{self, Owner},
};
use crate::{
    Engine, EngineError, TooManySessions, activity,
    audit::Event,
    storage::{Tx, params},
};

const LIST: &str = "SELECT session_handle, created_at_time FROM session_info \
    WHERE app_id = $1 AND user_id = $2 AND expires_at >= $3 AND created_at_time >= $4";

/// The bound, and what gives way to it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bound {
    most: usize,
    too_many: TooManySessions,
}

impl Bound {
    /// None where users may have any number of sessions.
    pub(super) fn of(engine: &Engine) -> Option<Self> {
        let config = engine.config();
        let most = usize::try_from(config.max_sessions_per_user?).unwrap_or(usize::MAX);
        Some(Self { most, too_many: config.too_many_sessions })
    }

    /// Makes room for one more session of a user, and says which ones ended for it; `None` where there
    /// is no room. It is for the transaction that starts the session.
    pub(super) async fn make_room(
        self,
        tx: &mut Tx<'_>,
        app: &AppId,
        owner: &Owner,
        at: Moment,
    ) -> Result<Option<Vec<SessionHandle>>, EngineError> {
        // This holds the user's row until the session is there, so that of two that start at once
        // the second one counts the first.
        activity::touch(tx, app, &owner.own_user, at.now_ms).await?;
        let oldest_ms = at.oldest_start_ms();
        let mut sessions: Vec<(i64, SessionHandle)> = Vec::new();
        for id in rows::linked_ids(tx, app, &owner.own_user).await? {
            let alive = params![app, id, at.now_ms, oldest_ms];
            for row in tx.query(LIST, alive).await? {
                sessions.push((row.get("created_at_time")?, row.get("session_handle")?));
            }
        }
        let too_many = (sessions.len() + 1).saturating_sub(self.most);
        if too_many > 0 && self.too_many == TooManySessions::RefuseNew {
            return Ok(None);
        }
        sessions.sort_unstable_by(|a, b| (a.0, a.1.as_str()).cmp(&(b.0, b.1.as_str())));
        let mut ended = Vec::new();
        for (_, handle) in sessions.into_iter().take(too_many) {
            if rows::delete(tx, app, &handle).await? {
                ended.push(handle);
            }
        }
        Ok(Some(ended))
    }
}

/// What is written down of a session that starts, after those of its user that ended for it. All of
/// it stands in the chain of the new one's tenant, as a transaction appends to one chain only.
pub(super) fn events(
    owner: &Owner,
    started: &SessionHandle,
    ended: &[SessionHandle],
) -> Vec<Event> {
    let user = &owner.own_user;
    let created = Event::succeeded(AuditKind::SessionCreated).user(user).session(started);
    match ended {
        [] => vec![created],
        ended => vec![revoked(user, ended).fact("reason", "max_sessions_per_user"), created],
    }
}
