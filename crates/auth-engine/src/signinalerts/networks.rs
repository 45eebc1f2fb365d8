//! The networks that a login method was used from.

use auth_protocol::{AppId, UserId};

use crate::{
    Engine, EngineError,
    session::DigestKey,
    storage::{Tx, params},
};

/// How many are kept for each login method. Of more, the one that wasn't used for longest goes.
const MOST: i64 = 32;

/// Longer names are of no network.
const LONGEST: usize = 64;

const NOTE: &str = "INSERT INTO sign_in_networks (app_id, user_id, network, last_used_at) \
    VALUES ($1, $2, $3, $4) ON CONFLICT (app_id, user_id, network) \
    DO UPDATE SET last_used_at = excluded.last_used_at";

const PRUNE: &str = "DELETE FROM sign_in_networks WHERE app_id = $1 AND user_id = $2 \
    AND network NOT IN (SELECT network FROM sign_in_networks \
    WHERE app_id = $1 AND user_id = $2 ORDER BY last_used_at DESC, network LIMIT $3)";

const COUNT: &str = "SELECT COUNT(*) AS number FROM sign_in_networks \
    WHERE app_id = $1 AND user_id = $2";

const FIND: &str = "SELECT 1 FROM sign_in_networks \
    WHERE app_id = $1 AND user_id = $2 AND network = $3";

const FORGET: &str = "DELETE FROM sign_in_networks \
    WHERE app_id = $1 AND user_id = $2 AND network = $3";

/// A network, as digests name it.
#[derive(Clone)]
pub(super) struct Network {
    name: String,
    key: DigestKey,
}

/// What is known of a network.
pub(super) struct Standing {
    pub(super) is_known: bool,
    pub(super) others: u32,
}

impl Network {
    pub(super) async fn new(
        engine: &Engine,
        app: &AppId,
        name: String,
    ) -> Result<Self, EngineError> {
        if name.is_empty() || name.len() > LONGEST {
            return Err(EngineError::BadRequest(format!("network has 1 to {LONGEST} characters")));
        }
        let key = engine.refresh_token_keys().digest_key(engine, app).await?;
        Ok(Self { name, key })
    }

    /// The digest under which a login method has it.
    pub(super) fn digest(&self, id: &UserId) -> Result<String, EngineError> {
        self.key.digest(b"sign-in network", &[id.as_str(), &self.name])
    }

    /// Whether any of these login methods has it, and how many others they have.
    pub(super) async fn standing(
        &self,
        tx: &mut Tx<'_>,
        app: &AppId,
        ids: &[UserId],
    ) -> Result<Standing, EngineError> {
        let (mut is_known, mut all) = (false, 0_i64);
        for id in ids {
            let digest = self.digest(id)?;
            let is_this_here = tx.query_opt(FIND, params![app, id, digest]).await?.is_some();
            let row = tx.query_opt(COUNT, params![app, id]).await?;
            let number = row.map_or(Ok(0), |row| row.get::<i64>("number"))?;
            all = all.saturating_add(number.saturating_sub(i64::from(is_this_here)));
            is_known |= is_this_here;
        }
        Ok(Standing { is_known, others: u32::try_from(all).unwrap_or(u32::MAX) })
    }

    /// Notes that a login method, which the transaction holds, was used from it.
    pub(super) async fn note(
        &self,
        tx: &mut Tx<'_>,
        app: &AppId,
        id: &UserId,
        now_ms: i64,
    ) -> Result<(), EngineError> {
        tx.execute(NOTE, params![app, id, self.digest(id)?, now_ms]).await?;
        tx.execute(PRUNE, params![app, id, MOST]).await?;
        Ok(())
    }
}

/// Forgets a network of a login method.
pub(super) async fn forget(
    tx: &mut Tx<'_>,
    app: &AppId,
    id: &UserId,
    digest: &str,
) -> Result<(), EngineError> {
    tx.execute(FORGET, params![app, id, digest]).await?;
    Ok(())
}
