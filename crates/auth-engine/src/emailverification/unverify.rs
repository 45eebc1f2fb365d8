//! `POST /recipe/user/email/verify/remove`

use auth_protocol::{
    TenantScope,
    audit::AuditKind,
    emailverification::{UnverifyEmail, UnverifyEmailResponse},
};

use super::id_of_rows;
use crate::{
    Engine, EngineError, Handle,
    audit::Event,
    normalise::email,
    storage::{in_tx, params},
    tenancy::require_app,
};

const SQL: &str = "DELETE FROM emailverification_verified_emails \
    WHERE app_id = $1 AND user_id = $2 AND email = $3";

impl Handle<UnverifyEmail> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: UnverifyEmail,
    ) -> Result<UnverifyEmailResponse, EngineError> {
        let (user, address) = (operation.user_id, email(&operation.email));
        let audit = self.audit();
        let body = in_tx!(scope, user, address, audit, |tx| {
            require_app(tx, &scope.app).await?;
            let id = id_of_rows(tx, &scope.app, &user).await?;
            if tx.execute(SQL, params![scope.app, id, address]).await? > 0 {
                let event = Event::succeeded(AuditKind::EmailUnverified).user(&id);
                let event = event.detail("email", &address);
                audit.append_to_app(tx, &scope.app, event).await?;
            }
            Ok(UnverifyEmailResponse::Ok)
        });
        self.store().write(body).await
    }
}
