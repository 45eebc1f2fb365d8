//! When users were last seen.

mod counts;

use std::{collections::HashMap, time::Duration};

use auth_protocol::{AppId, UserId};
use parking_lot::Mutex;

pub(crate) use self::counts::since;
use crate::{
    EngineError,
    jobs::ExpiryJob,
    parts::{Goes, Part, Table, user_table},
    storage::{Migration, Tx, params},
};

pub(crate) const PART: Part = Part {
    migrations: &[Migration {
        version: 18,
        name: "how many users were seen in spans of time",
        sql: include_str!("0018_active_users.sql"),
    }],
    tables: &[
        // When each user was last seen.
        user_table!("user_last_active", "user_id", Goes::OwnId),
        // How many users were last seen in which spans of time.
        Table::of_apps("user_activity_counts"),
    ],
    jobs: &[ExpiryJob {
        name: "counts of users seen in spans of time in which nobody was seen last any more",
        every: Duration::from_secs(6 * 60 * 60),
        before_ms: |engine| engine.clock.now_ms(),
        // What somebody else counts in again meanwhile isn't empty any more.
        sql: "DELETE FROM user_activity_counts WHERE number = 0 AND span * 65536 < $1 \
                AND (app_id, width, span, slot) IN \
                (SELECT app_id, width, span, slot FROM user_activity_counts \
                 WHERE number = 0 AND span * 65536 < $1 ORDER BY span LIMIT 1000)",
    }],
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

const FIND: &str =
    "SELECT last_active_time FROM user_last_active WHERE app_id = $1 AND user_id = $2 FOR UPDATE";

const ADD: &str = "INSERT INTO user_last_active (app_id, user_id, last_active_time) \
    VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";

const SET: &str =
    "UPDATE user_last_active SET last_active_time = $3 WHERE app_id = $1 AND user_id = $2";

const DELETE: &str = "DELETE FROM user_last_active WHERE app_id = $1 AND user_id = $2";

/// Writes when a user was last seen.
pub(crate) async fn touch(
    tx: &mut Tx<'_>,
    app: &AppId,
    user: &UserId,
    now_ms: i64,
) -> Result<(), EngineError> {
    if let Some(before_ms) = last_seen(tx, app, user).await? {
        tx.execute(SET, params![app, user, now_ms]).await?;
        return counts::change_time(tx, app, user, before_ms, now_ms).await;
    }
    if tx.execute(ADD, params![app, user, now_ms]).await? == 0 {
        return Err(EngineError::overtaken("a user was seen for the first time twice at once"));
    }
    counts::add(tx, app, user, now_ms).await
}

/// When a user was last seen, whose row is held then.
async fn last_seen(
    tx: &mut Tx<'_>,
    app: &AppId,
    user: &UserId,
) -> Result<Option<i64>, EngineError> {
    let row = tx.query_opt(FIND, params![app, user]).await?;
    row.map(|row| row.get("last_active_time")).transpose()
}

/// Gives what was kept under an id that the core didn't know to the user that is mapped to it.
pub(crate) async fn adopt(
    tx: &mut Tx<'_>,
    app: &AppId,
    own: &UserId,
    external: &UserId,
) -> Result<(), EngineError> {
    let Some(time_ms) = last_seen(tx, app, external).await? else { return Ok(()) };
    tx.execute(DELETE, params![app, external]).await?;
    counts::remove(tx, app, external, time_ms).await?;
    if tx.execute(ADD, params![app, own, time_ms]).await? > 0 {
        counts::add(tx, app, own, time_ms).await?;
    }
    Ok(())
}

/// Users who go, and when they were last seen: they are counted no longer once all else that is
/// counted is written.
#[derive(Default)]
pub(crate) struct Leaving(Vec<(UserId, i64)>);

impl Leaving {
    /// Deletes when a user was last seen.
    pub(crate) async fn add(
        &mut self,
        tx: &mut Tx<'_>,
        app: &AppId,
        user: &UserId,
    ) -> Result<(), EngineError> {
        if let Some(time_ms) = last_seen(tx, app, user).await? {
            tx.execute(DELETE, params![app, user]).await?;
            self.0.push((user.clone(), time_ms));
        }
        Ok(())
    }

    /// Counts them no longer.
    pub(crate) async fn write(self, tx: &mut Tx<'_>, app: &AppId) -> Result<(), EngineError> {
        for (user, time_ms) in self.0 {
            counts::remove(tx, app, &user, time_ms).await?;
        }
        Ok(())
    }
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
