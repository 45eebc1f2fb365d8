//! `GET /.well-known/jwks.json`

use auth_protocol::{
    TenantScope,
    jwt::{GetJwks, GetJwksResponse},
};

use crate::{Engine, EngineError, Handle};

impl Handle<GetJwks> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        _operation: GetJwks,
    ) -> Result<GetJwksResponse, EngineError> {
        let (keys, max_age_secs) = self.keys().jwks(&scope.app).await?;
        Ok(GetJwksResponse { keys, max_age_secs })
    }
}
