//! Linking: both users must be in one database.

use auth_protocol::{
    RecipeUserId, TenantScope,
    accountlinking::{
        CanLinkAccounts, CanLinkAccountsResponse, LinkAccounts, LinkAccountsResponse,
    },
};

use super::{Place, Placed, at_its_place, users::Found};
use crate::{Engine, EngineError};

/// Refuses where two users are known in different databases (CDI §1.11).
async fn must_be_together(
    engine: &Engine,
    scope: &TenantScope,
    recipe_user: &RecipeUserId,
    primary: &str,
) -> Result<(), EngineError> {
    if engine.is_plain().await? || engine.databases_of(&scope.app).await?.len() < 2 {
        return Ok(());
    }
    let first = engine.spot_of_user(scope, recipe_user.as_str()).await?;
    let second = engine.spot_of_user(scope, primary).await?;
    let (Found::Here(first), Found::Here(second)) = (first, second) else { return Ok(()) };
    let place = |found: &Option<super::spot::Spot>| {
        let pool = found.as_ref().and_then(|spot| spot.pool.as_ref());
        pool.map(|pool| pool.place())
    };
    if place(&first) == place(&second) {
        return Ok(());
    }
    let text = "Users that are kept in different databases can't be linked";
    Err(EngineError::BadRequest(text.to_owned()))
}

impl Placed for LinkAccounts {
    fn place(&self) -> Place<'_> {
        Place::User(self.recipe_user_id.as_str())
    }

    async fn carry_out(
        self,
        engine: &Engine,
        scope: &TenantScope,
    ) -> Result<LinkAccountsResponse, EngineError> {
        let primary = self.primary_user_id.clone();
        must_be_together(engine, scope, &self.recipe_user_id, primary.as_str()).await?;
        at_its_place(engine, scope, self).await
    }
}

impl Placed for CanLinkAccounts {
    fn place(&self) -> Place<'_> {
        Place::User(self.recipe_user_id.as_str())
    }

    async fn carry_out(
        self,
        engine: &Engine,
        scope: &TenantScope,
    ) -> Result<CanLinkAccountsResponse, EngineError> {
        let primary = self.primary_user_id.clone();
        must_be_together(engine, scope, &self.recipe_user_id, primary.as_str()).await?;
        at_its_place(engine, scope, self).await
    }
}
