//! In which of an app's databases a user is.

use std::time::{Duration, Instant};

use auth_protocol::{AppId, TenantId, TenantScope, UserId};
use futures_util::{StreamExt, stream};
use quick_cache::sync::Cache;

use super::spot::Spot;
use crate::{Engine, EngineError, storage::in_tx, user_id_mapping::Known};

/// How many users it is remembered of.
const MOST_USERS: usize = 100_000;

/// For how long: an id that an application has chosen may be given to somebody else.
const AGE: Duration = Duration::from_secs(60);

/// Databases that are asked at the same time.
pub(super) const AT_ONCE: usize = 16;

/// What is remembered: a tenant of the database, and since when.
pub(super) struct Whereabouts(Cache<(AppId, UserId), (TenantId, Instant)>);

impl Default for Whereabouts {
    fn default() -> Self {
        Self(Cache::new(MOST_USERS))
    }
}

/// Where a user is. The engine itself is no spot.
pub(super) enum Found {
    /// In this database.
    Here(Option<Spot>),
    /// In none: the core doesn't know it. This is the database of the tenant in the path.
    Nowhere(Option<Spot>),
}

impl Engine {
    /// Where a user of the app is, by any of its ids.
    ///
    /// # Errors
    /// A database couldn't be asked, and no other has the user.
    pub(super) async fn spot_of_user(
        &self,
        scope: &TenantScope,
        id: &str,
    ) -> Result<Found, EngineError> {
        let app = &scope.app;
        let databases = self.databases_of(app).await?;
        if databases.len() < 2 {
            return Ok(Found::Here(self.spot(scope).await?));
        }
        let id = UserId::from(id);
        let key = (app.clone(), id.clone());
        let whereabouts = &self.placements().users.0;
        if let Some((tenant, since)) = whereabouts.get(&key)
            && since.elapsed() < AGE
            && databases.contains(&tenant)
        {
            return Ok(Found::Here(self.spot_in(app, &tenant).await?));
        }
        // Most are in the first, and whoever is there needs no other one.
        let (first, others) = databases.split_at(1.min(databases.len()));
        let mut trouble = None;
        for some in [first, others] {
            let asking = some.iter().cloned().map(|tenant| {
                let id = &id;
                async move {
                    let answer = self.ask(app, &tenant, id).await;
                    (tenant, answer)
                }
            });
            let mut answers = stream::iter(asking).buffer_unordered(AT_ONCE);
            while let Some((tenant, answer)) = answers.next().await {
                match answer {
                    Ok(None) => {}
                    Ok(Some(Asked(spot))) => {
                        whereabouts.insert(key, (tenant, Instant::now()));
                        return Ok(Found::Here(spot));
                    }
                    Err(error) => trouble = Some(error),
                }
            }
        }
        match trouble {
            Some(error) => Err(error),
            None => Ok(Found::Nowhere(self.spot(scope).await?)),
        }
    }

    /// Asks one database whether it knows the user.
    async fn ask(
        &self,
        app: &AppId,
        tenant: &TenantId,
        id: &UserId,
    ) -> Result<Option<Asked>, EngineError> {
        let spot = self.spot_in(app, tenant).await?;
        let engine = spot.as_ref().map_or(self, |spot| &spot.engine);
        let body = in_tx!(app, id, |tx| { Known::by_any_id(tx, &app, &id).await });
        let known = engine.store().read_one(body).await;
        let known = match &spot {
            Some(spot) => spot.heard(known)?,
            None => known?,
        };
        Ok(known.map(|_| Asked(spot)))
    }
}

/// The database that knows a user.
struct Asked(Option<Spot>);
