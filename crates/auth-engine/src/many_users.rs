//! What is kept of many users, read at once.

use auth_protocol::{TenantScope, UserId};

use crate::{
    Engine, EngineError,
    storage::{Row, app_and_ids, in_tx},
    tenancy::require_app,
};

/// The most users that one operation may ask about.
const MOST_USERS: usize = 500;

impl Engine {
    /// The rows that a statement finds of these users; it takes the parameters of [`app_and_ids`].
    pub(crate) async fn rows_of_users(
        &self,
        scope: &TenantScope,
        ids: &[UserId],
        sql: &'static str,
    ) -> Result<Vec<Row>, EngineError> {
        if ids.len() > MOST_USERS {
            let text = format!("You can only query up to {MOST_USERS} users at a time.");
            return Err(EngineError::BadRequest(text));
        }
        let ids = ids.to_vec();
        let body = in_tx!(scope, ids, |tx| {
            require_app(tx, &scope.app).await?;
            let mut rows = Vec::new();
            for parameters in app_and_ids(&scope.app, &ids) {
                rows.append(&mut tx.query(sql, &parameters).await?);
            }
            Ok(rows)
        });
        self.store().read(body).await
    }
}
