//! `GET /users/count/active`

use auth_protocol::{
    TenantScope,
    user::{CountActiveUsers, CountActiveUsersResponse},
};

use crate::{Engine, EngineError, Handle, activity, storage::in_tx, tenancy::require_app};

impl Handle<CountActiveUsers> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: CountActiveUsers,
    ) -> Result<CountActiveUsersResponse, EngineError> {
        let since = operation.since;
        if since < 0 {
            let text = "'since' query parameter must be >= 0";
            return Err(EngineError::BadRequest(text.to_owned()));
        }
        let body = in_tx!(scope, |tx| {
            require_app(tx, &scope.app).await?;
            activity::since(tx, &scope.app, since).await
        });
        let count = self.store().read(body).await?;
        Ok(CountActiveUsersResponse::Ok { count: count.unsigned_abs() })
    }
}
