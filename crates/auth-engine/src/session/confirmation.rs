//! Refreshes that are confirmed (until CDI 5.5): a token stays good until one of those made from
//! it is used.
//!
//! A refresh changes nothing in the row, so that a token may be presented again and again by
//! requests that race; all of them get the same child. Once that is used, at a refresh or in an
//! access token, it becomes the session's token; from then on its parent is a stolen one.
//!
//! The row keeps the token before the current one and the time of the change as it does where
//! tokens rotate, so that a session may go on under the other rules.

use auth_protocol::AppId;

use super::{
    access_token::AccessToken,
    lifetime::Moment,
    refresh::{Follows, Outcome, Presented},
    rows::{self, Owner, SessionRow},
    rules::{Chain, Presented as _},
};
use crate::{EngineError, digest::sha256_hex, storage::Tx};

/// A stolen token leaves the row: it is the SDK that ends the session.
pub(super) async fn run(presented: &Presented, tx: &mut Tx<'_>) -> Result<Outcome, EngineError> {
    let (app, handle) = (&presented.app, &presented.token.session_handle);
    let Some(row) = rows::find_live(tx, app, handle, presented.at).await? else {
        return Ok(Outcome::Gone);
    };
    let owner = Owner::of_row(tx, app, &row).await?;
    let expires_at_ms = presented.at.end_of(row.created_at_ms);
    let use_static_key = presented.use_static_key(&row);
    if presented.is(&row.chain.current) {
        if use_static_key != row.use_static_key {
            rows::set_key_kind(tx, app, handle, use_static_key).await?;
        }
    } else if presented.descends_from(&row.chain.current) {
        let chain = follow(&row, &presented.hash2, presented.at);
        let change = rows::Succession { chain: &chain, expires_at_ms, use_static_key };
        rows::succeed(tx, app, handle, &change).await?;
    } else {
        return Ok(Outcome::Stolen { owner, reuse: None });
    }
    Ok(Outcome::Good {
        owner,
        row: Box::new(row),
        expires_at_ms,
        use_static_key,
        follows: Follows::Wanted,
    })
}

/// The chain with a child of its current token in that one's place.
fn follow(row: &SessionRow, child_hash2: &str, at: Moment) -> Chain<String> {
    Chain {
        current: child_hash2.to_owned(),
        previous: Some(row.chain.current.clone()),
        rotated_at_ms: Some(at.now_ms),
    }
}

/// What an access token's use does to its session.
pub(super) enum Use {
    /// The session is gone.
    Gone,
    /// Nothing.
    None,
    /// The refresh that it came from is confirmed, now or before: the client should get the same
    /// token without a parent and with the row's claims, good for as long as the one it has.
    Confirmed(Box<SessionRow>),
    /// It confirms nothing, but its claims aren't the row's: the client should get a new token.
    Outdated(Box<SessionRow>),
}

/// Makes the refresh token that was given out with an access token the session's own, where it is a
/// child of the current one.
pub(super) async fn confirm(
    tx: &mut Tx<'_>,
    app: &AppId,
    token: &AccessToken,
    at: Moment,
) -> Result<Use, EngineError> {
    let handle = &token.session.handle;
    let Some(row) = rows::find(tx, app, handle, at).await? else { return Ok(Use::Gone) };
    let own_hash2 = sha256_hex(&token.refresh_token_hash1);
    let parent = token.parent_refresh_token_hash1.as_deref().map(sha256_hex);
    if parent.as_ref().is_some_and(|parent| *parent == row.chain.current) {
        let chain = follow(&row, &own_hash2, at);
        let change = rows::Succession {
            chain: &chain,
            expires_at_ms: at.end_of(row.created_at_ms),
            use_static_key: row.use_static_key,
        };
        rows::succeed(tx, app, handle, &change).await?;
        return Ok(Use::Confirmed(Box::new(row)));
    }
    let is_confirmed = parent.is_some() && own_hash2 == row.chain.current;
    let has_new_claims = row.payload != token.session.user_data_in_jwt;
    Ok(match (is_confirmed, has_new_claims) {
        (true, _) => Use::Confirmed(Box::new(row)),
        (false, true) => Use::Outdated(Box::new(row)),
        (false, false) => Use::None,
    })
}
