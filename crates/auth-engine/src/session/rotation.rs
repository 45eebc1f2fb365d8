//! Refreshes that rotate (since CDI 5.6): a token is replaced by its use.
//!
//! Within the grace period the token before the current one may be used again, by requests that
//! race: they get the current one, which follows from it, so that it doesn't matter whose answer
//! arrives last. Any other token of the session was used by two parties: the session ends. The
//! [rules](super::rules) say which is which.

use super::{
    refresh::{Follows, Outcome, Presented},
    rows::{self, Owner, SessionRow},
    rules::{self, Decision},
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
    let now_ms = presented.at.now_ms;
    let (expires_at_ms, follows) =
        match rules::decide(&row.chain, presented, now_ms, presented.grace_ms) {
            Decision::Rotated(chain) => {
                let expires_at_ms = presented.at.end_of(row.created_at_ms);
                let change = rows::Succession { chain: &chain, expires_at_ms, use_static_key };
                rows::succeed(tx, app, handle, &change).await?;
                (expires_at_ms, Follows::Wanted)
            }
            Decision::Repeated => {
                (row.expires_at_ms, repeat(tx, presented, &row, use_static_key).await?)
            }
            Decision::Ended(reuse) => {
                rows::delete(tx, app, handle).await?;
                return Ok(Outcome::Stolen { owner, reuse: Some(reuse) });
            }
        };
    Ok(Outcome::Good { owner, row: Box::new(row), expires_at_ms, use_static_key, follows })
}

/// Finds out which of the two possible successors the current token is.
async fn repeat(
    tx: &mut Tx<'_>,
    presented: &Presented,
    row: &SessionRow,
    use_static_key: bool,
) -> Result<Follows, EngineError> {
    let current = &row.chain.current;
    let follows = if *current == presented.next_hash2 {
        Follows::Wanted
    } else if *current == presented.other_next_hash2()? {
        Follows::Other
    } else {
        // The current one was made at random, by a version that did so.
        replace_current(tx, presented, use_static_key).await?;
        return Ok(Follows::Wanted);
    };
    if use_static_key != row.use_static_key {
        let (app, handle) = (&presented.app, &presented.token.session_handle);
        rows::set_key_kind(tx, app, handle, use_static_key).await?;
    }
    Ok(follows)
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
