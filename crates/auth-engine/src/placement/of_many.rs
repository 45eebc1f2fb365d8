//! What is read of many users at once, wherever each of them is.

use auth_protocol::{
    TenantScope,
    totp::{GetTotpStatusOfUsers, GetTotpStatusOfUsersResponse, TotpStatus},
    usermetadata::{GetMetadataOfUsers, GetMetadataOfUsersResponse, MetadataOfUser},
};

use super::{Place, Placed, at_its_place};
use crate::{Engine, EngineError};

/// One answer for each user, in the same order from every database: of each the first that says
/// anything.
fn first_known<T>(answers: Vec<Vec<T>>, is_known: impl Fn(&T) -> bool) -> Vec<T> {
    let mut answers = answers.into_iter();
    let mut known = answers.next().unwrap_or_default();
    for others in answers {
        for (known, other) in known.iter_mut().zip(others) {
            if !is_known(known) {
                *known = other;
            }
        }
    }
    known
}

impl Placed for GetMetadataOfUsers {
    fn place(&self) -> Place<'_> {
        Place::Several
    }

    async fn carry_out(
        self,
        engine: &Engine,
        scope: &TenantScope,
    ) -> Result<GetMetadataOfUsersResponse, EngineError> {
        if engine.is_plain().await? {
            return at_its_place(engine, scope, self).await;
        }
        let answers = engine.in_every_database(scope, &self).await?;
        let answers = answers.into_iter().map(|GetMetadataOfUsersResponse::Ok { users }| users);
        let is_known = |user: &MetadataOfUser| user.metadata.is_some();
        Ok(GetMetadataOfUsersResponse::Ok { users: first_known(answers.collect(), is_known) })
    }
}

impl Placed for GetTotpStatusOfUsers {
    fn place(&self) -> Place<'_> {
        Place::Several
    }

    async fn carry_out(
        self,
        engine: &Engine,
        scope: &TenantScope,
    ) -> Result<GetTotpStatusOfUsersResponse, EngineError> {
        if engine.is_plain().await? {
            return at_its_place(engine, scope, self).await;
        }
        let answers = engine.in_every_database(scope, &self).await?;
        let answers = answers.into_iter().map(|GetTotpStatusOfUsersResponse::Ok { users }| users);
        let is_known = |user: &TotpStatus| user.has_verified_device.is_some();
        Ok(GetTotpStatusOfUsersResponse::Ok { users: first_known(answers.collect(), is_known) })
    }
}
