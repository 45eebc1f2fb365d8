//! Refreshes that rotate (since CDI 5.6): a token is replaced by its use.
//!
//! Within the grace period the token before the current one may be used again, by requests that
//! race: they get the current one, which follows from it, so that it doesn't matter whose answer
//! arrives last. Any other token of the session was used by two parties: the session ends.

use auth_protocol::session::TokenReuse;

use super::{
    refresh::{Follows, Outcome, Presented},
    rows::{self, Owner, SessionRow},
};
use crate::{
    EngineError,
    storage::{Tx, params},
};

const REPLACE_CURRENT: &str = "UPDATE session_info SET refresh_token_hash_2 = $4, \
    use_static_key = $5 WHERE app_id = $1 AND tenant_id = $2 AND session_handle = $3";

pub(super) async fn run(presented: &Presented, tx: &mut Tx<'_>) -> Result<Outcome, EngineError> {
    let (app, handle) = (&presented.app, &presented.token.session_handle);
    let Some(row) = rows::find_live(tx, app, handle, presented.at).await? else {
        return Ok(Outcome::Gone);
    };
    let owner = Owner::of_row(tx, app, &row).await?;
    let use_static_key = presented.use_static_key(&row);
    let mut follows = Follows::Wanted;
    // A child that a core of the older kind made follows the current token, too.
    let is_next = presented.is(&row.current_hash2) || presented.descends_from(&row.current_hash2);
    let expires_at_ms = if is_next {
        let expires_at_ms = presented.at.end_of(row.created_at_ms);
        let change = rows::Succession {
            current_hash2: &presented.next_hash2,
            previous_hash2: &presented.hash2,
            rotated_at_ms: presented.at.now_ms,
            expires_at_ms,
            use_static_key,
        };
        rows::succeed(tx, app, handle, &change).await?;
        expires_at_ms
    } else if is_previous(presented, &row) && is_within_grace(presented, &row) {
        let is_wanted = row.current_hash2 == presented.next_hash2;
        if !is_wanted && row.current_hash2 == presented.other_next_hash2()? {
            follows = Follows::Other;
        }
        if is_wanted || follows == Follows::Other {
            keep_current(tx, presented, &row, use_static_key).await?;
        } else {
            // The current one was made at random, by a version that did so.
            replace_current(tx, presented, use_static_key).await?;
        }
        row.expires_at_ms
    } else {
        rows::delete(tx, app, handle).await?;
        let reuse = Some(kind_of_reuse(presented, &row));
        return Ok(Outcome::Stolen { owner, reuse });
    };
    Ok(Outcome::Good { owner, row: Box::new(row), expires_at_ms, use_static_key, follows })
}

async fn keep_current(
    tx: &mut Tx<'_>,
    presented: &Presented,
    row: &SessionRow,
    use_static_key: bool,
) -> Result<(), EngineError> {
    if use_static_key == row.use_static_key {
        return Ok(());
    }
    let (app, handle) = (&presented.app, &presented.token.session_handle);
    rows::set_key_kind(tx, app, handle, use_static_key).await
}

async fn replace_current(
    tx: &mut Tx<'_>,
    presented: &Presented,
    use_static_key: bool,
) -> Result<(), EngineError> {
    let (app, handle) = (&presented.app, &presented.token.session_handle);
    let (tenant, next) = (handle.tenant_id(), &presented.next_hash2);
    tx.execute(REPLACE_CURRENT, params![app, tenant, handle, next, use_static_key]).await?;
    Ok(())
}

fn is_previous(presented: &Presented, row: &SessionRow) -> bool {
    row.previous_hash2.as_ref().is_some_and(|previous| presented.is(previous))
}

fn is_within_grace(presented: &Presented, row: &SessionRow) -> bool {
    row.rotated_at_ms.is_some_and(|rotated_at_ms| {
        presented.at.now_ms <= rotated_at_ms.saturating_add(presented.grace_ms)
    })
}

fn kind_of_reuse(presented: &Presented, row: &SessionRow) -> TokenReuse {
    if is_previous(presented, row) {
        return TokenReuse::RecentPrev;
    }
    let previous = row.previous_hash2.as_ref();
    if previous.is_some_and(|previous| presented.descends_from(previous)) {
        return TokenReuse::OrphanedBranch;
    }
    TokenReuse::StaleLineage
}
