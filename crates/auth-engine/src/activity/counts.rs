//! How many users were seen since a time, kept by the writes: a count reads a few thousand rows at most,
//! however many users there are, and however long ago the time is.
//!
//! A user is counted in the span of time in which it was last seen, of each width. Since a time were seen
//! those of the spans that begin later: narrow ones up to the next wide one's beginning, then wide ones.
//! Of the narrowest span, which the time itself is in, the rows are counted: those are the users who were
//! last seen in that one minute.

use auth_protocol::{AppId, UserId};

use crate::{
    EngineError,
    storage::{ToValue, Tx, Value, params},
};

/// The widths of spans, as powers of two of milliseconds; a span of one has 64 of the one before.
const WIDTHS: [u32; 4] = [16, 22, 28, 34];

macro_rules! add {
    ($rows:literal) => {
        concat!(
            "INSERT INTO user_activity_counts (app_id, width, span, slot, number) VALUES ",
            $rows,
            " ON CONFLICT (app_id, width, span, slot) DO UPDATE \
             SET number = user_activity_counts.number + excluded.number"
        )
    };
}

/// Adds `$3` in the span of each width.
const ADD: &str =
    add!("($1, 0, $4, $2, $3), ($1, 1, $5, $2, $3), ($1, 2, $6, $2, $3), ($1, 3, $7, $2, $3)");

/// Adds `$3` in the earlier span of each width up to one, and `$4` in the later one. Rows are
/// always taken in the order of their keys, so that nobody waits for somebody who waits for him.
const MOVE: [&str; WIDTHS.len()] = [
    add!("($1, 0, $5, $2, $3), ($1, 0, $6, $2, $4)"),
    add!(
        "($1, 0, $5, $2, $3), ($1, 0, $6, $2, $4), \
         ($1, 1, $7, $2, $3), ($1, 1, $8, $2, $4)"
    ),
    add!(
        "($1, 0, $5, $2, $3), ($1, 0, $6, $2, $4), \
         ($1, 1, $7, $2, $3), ($1, 1, $8, $2, $4), \
         ($1, 2, $9, $2, $3), ($1, 2, $10, $2, $4)"
    ),
    add!(
        "($1, 0, $5, $2, $3), ($1, 0, $6, $2, $4), \
         ($1, 1, $7, $2, $3), ($1, 1, $8, $2, $4), \
         ($1, 2, $9, $2, $3), ($1, 2, $10, $2, $4), \
         ($1, 3, $11, $2, $3), ($1, 3, $12, $2, $4)"
    ),
];

/// Who was seen in the span that the time is in.
const IN_SPAN: &str = "SELECT COUNT(*) AS number FROM user_last_active \
    WHERE app_id = $1 AND last_active_time >= $2 AND last_active_time <= $3";

/// Who was seen in later ones.
const LATER: &str = "SELECT CAST(COALESCE(SUM(c.number), 0) AS BIGINT) AS number FROM (\
    SELECT number FROM user_activity_counts \
        WHERE app_id = $1 AND width = 0 AND span > $2 AND span <= $3 \
    UNION ALL SELECT number FROM user_activity_counts \
        WHERE app_id = $1 AND width = 1 AND span > $4 AND span <= $5 \
    UNION ALL SELECT number FROM user_activity_counts \
        WHERE app_id = $1 AND width = 2 AND span > $6 AND span <= $7 \
    UNION ALL SELECT number FROM user_activity_counts \
        WHERE app_id = $1 AND width = 3 AND span > $8) c";

/// Where a user is counted, by an id under which its time is kept: as the migration has it.
fn slot(user: &UserId) -> i64 {
    let first = user.as_str().bytes().next().unwrap_or_default();
    i64::from(match first {
        b'0'..=b'9' => first.saturating_sub(b'0'),
        b'a'..=b'f' => first.saturating_sub(b'a').saturating_add(10),
        _ => 0,
    })
}

fn spans(time_ms: i64) -> [i64; WIDTHS.len()] {
    WIDTHS.map(|width| time_ms >> width)
}

/// Counts a user whose time is new.
pub(super) async fn add(
    tx: &mut Tx<'_>,
    app: &AppId,
    user: &UserId,
    time_ms: i64,
) -> Result<(), EngineError> {
    change(tx, app, user, time_ms, 1).await
}

/// Counts a user no longer whose time is gone.
pub(super) async fn remove(
    tx: &mut Tx<'_>,
    app: &AppId,
    user: &UserId,
    time_ms: i64,
) -> Result<(), EngineError> {
    change(tx, app, user, time_ms, -1).await
}

async fn change(
    tx: &mut Tx<'_>,
    app: &AppId,
    user: &UserId,
    time_ms: i64,
    number: i64,
) -> Result<(), EngineError> {
    let [a, b, c, d] = spans(time_ms);
    tx.execute(ADD, params![app, slot(user), number, a, b, c, d]).await?;
    Ok(())
}

/// Counts a user by another time than before.
pub(super) async fn change_time(
    tx: &mut Tx<'_>,
    app: &AppId,
    user: &UserId,
    old_ms: i64,
    new_ms: i64,
) -> Result<(), EngineError> {
    let (earlier, later) = (spans(old_ms.min(new_ms)), spans(old_ms.max(new_ms)));
    // Where a span is the same, so are the wider ones.
    let changed = earlier.iter().zip(&later).take_while(|(one, other)| one != other).count();
    let Some(sql) = changed.checked_sub(1).and_then(|last| MOVE.get(last)) else { return Ok(()) };
    let in_earlier: i64 = if new_ms < old_ms { 1 } else { -1 };
    let mut parameters = vec![app.to_value()];
    parameters.extend([slot(user), in_earlier, -in_earlier].map(Value::Integer));
    for (earlier, later) in earlier.into_iter().zip(later).take(changed) {
        parameters.extend([earlier, later].map(Value::Integer));
    }
    tx.execute(sql, &parameters).await?;
    Ok(())
}

/// How many users were last seen at a time or after it. Both statements must read one state of the database.
pub(crate) async fn since(tx: &mut Tx<'_>, app: &AppId, time_ms: i64) -> Result<i64, EngineError> {
    let [a, b, c, d] = spans(time_ms);
    // The last millisecond of the span of each width that the time is in.
    let [end_a, end_b, end_c, end_d] = WIDTHS.map(|width| time_ms | !(-1 << width));
    let in_span = tx.query_opt(IN_SPAN, params![app, time_ms, end_a]).await?;
    let [w0, w1, w2, _] = WIDTHS;
    let (until_a, until_b, until_c) = (end_b >> w0, end_c >> w1, end_d >> w2);
    let later = params![app, a, until_a, b, until_b, c, until_c, d];
    let later = tx.query_opt(LATER, later).await?;
    let mut number: i64 = 0;
    for row in in_span.iter().chain(&later) {
        number = number.saturating_add(row.get("number")?);
    }
    Ok(number)
}
