//! When users were last seen.

use std::collections::HashMap;

use auth_protocol::{AppId, UserId};
use parking_lot::Mutex;

use crate::{
    EngineError,
    parts::{Goes, Part, user_table},
    storage::{Tx, params},
};

pub(crate) const PART: Part = Part {
    // When each user was last seen.
    tables: &[user_table!("user_last_active", "user_id", Goes::OwnId).adopted_by(&[
        "INSERT INTO user_last_active (app_id, user_id, last_active_time) \
            SELECT a.app_id, $2, a.last_active_time FROM user_last_active a \
            WHERE a.app_id = $1 AND a.user_id = $3 ON CONFLICT DO NOTHING",
        "DELETE FROM user_last_active WHERE app_id = $1 AND user_id = $3",
    ])],
    ..Part::EMPTY
};

/// A user's time is written at most this often.
const INTERVAL_MS: i64 = 5 * 60 * 1000;

/// How many users are remembered.
const CAPACITY: usize = 200_000;

/// Remembers whose time was just written, so that a busy user doesn't cost a write each time.
#[derive(Debug, Default)]
pub(crate) struct Activity {
    written: Mutex<HashMap<(AppId, UserId), i64>>,
}

impl Activity {
    /// Whether the user's time is to be written now; true at most once in five minutes.
    pub(crate) fn is_due(&self, app: &AppId, user: &UserId, now_ms: i64) -> bool {
        let mut written = self.written.lock();
        let key = (app.clone(), user.clone());
        if written.get(&key).is_some_and(|last| now_ms.saturating_sub(*last) < INTERVAL_MS) {
            return false;
        }
        if written.len() >= CAPACITY {
            written.retain(|_, last| now_ms.saturating_sub(*last) < INTERVAL_MS);
            if written.len() >= CAPACITY {
                written.clear();
            }
        }
        written.insert(key, now_ms);
        true
    }
}

/// Writes when a user was last seen.
pub(crate) async fn touch(
    tx: &mut Tx<'_>,
    app: &AppId,
    user: &UserId,
    now_ms: i64,
) -> Result<(), EngineError> {
    tx.execute(
        "INSERT INTO user_last_active (app_id, user_id, last_active_time) VALUES ($1, $2, $3) \
         ON CONFLICT (app_id, user_id) DO UPDATE SET last_active_time = excluded.last_active_time",
        params![app, user, now_ms],
    )
    .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{Activity, INTERVAL_MS};

    #[test]
    fn a_user_is_written_once_in_five_minutes_and_each_app_counts_alone() {
        let activity = Activity::default();
        let (app, other, user) = ("a".into(), "b".into(), "u".into());
        assert!(activity.is_due(&app, &user, 0));
        assert!(!activity.is_due(&app, &user, INTERVAL_MS - 1));
        assert!(activity.is_due(&other, &user, 0));
        assert!(activity.is_due(&app, &user, INTERVAL_MS));
    }
}
