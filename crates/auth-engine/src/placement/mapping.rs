//! Ids that applications choose: one is given once in all the databases of an app.

use auth_protocol::{
    TenantScope,
    user_id_mapping::{CreateUserIdMapping, CreateUserIdMappingResponse},
};

use super::{Place, Placed, at_its_place, users::Found};
use crate::{Engine, EngineError};

impl Placed for CreateUserIdMapping {
    fn place(&self) -> Place<'_> {
        Place::User(self.super_tokens_user_id.as_str())
    }

    /// Of two that give the same id to users in different databases at the same moment, both may
    /// succeed: no constraint spans databases.
    async fn carry_out(
        self,
        engine: &Engine,
        scope: &TenantScope,
    ) -> Result<CreateUserIdMappingResponse, EngineError> {
        if engine.is_plain().await? || engine.databases_of(&scope.app).await?.len() < 2 {
            return at_its_place(engine, scope, self).await;
        }
        let place = |found: &Found| match found {
            Found::Here(spot) => {
                let pool = spot.as_ref().and_then(|spot| spot.pool.as_ref());
                Some(pool.map(|pool| pool.place()))
            }
            Found::Nowhere(_) => None,
        };
        let own = engine.spot_of_user(scope, self.super_tokens_user_id.as_str()).await?;
        let external = engine.spot_of_user(scope, self.external_user_id.as_str()).await?;
        let (own, external) = (place(&own), place(&external));
        if own.is_some() && external.is_some() && own != external {
            return Ok(CreateUserIdMappingResponse::UserIdMappingAlreadyExistsError {
                does_super_tokens_user_id_exist: false,
                does_external_user_id_exist: true,
            });
        }
        at_its_place(engine, scope, self).await
    }
}
