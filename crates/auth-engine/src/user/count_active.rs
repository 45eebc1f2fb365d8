//! `GET /users/count/active`

use auth_protocol::{
    TenantScope,
    user::{CountActiveUsers, CountActiveUsersResponse},
};

use crate::{
    Engine, EngineError, Handle,
    storage::{in_tx, params},
    tenancy::require_app,
};

const SQL: &str =
    "SELECT COUNT(*) AS number FROM user_last_active WHERE app_id = $1 AND last_active_time >= $2";

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
            let row = tx.query_opt(SQL, params![scope.app, since]).await?;
            row.map_or(Ok(0), |row| row.get::<i64>("number"))
        });
        let count = self.store().read(body).await?;
        Ok(CountActiveUsersResponse::Ok { count: count.unsigned_abs() })
    }
}
