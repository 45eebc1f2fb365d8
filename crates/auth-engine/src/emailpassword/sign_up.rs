//! `POST /recipe/signup`

use auth_protocol::{
    RecipeId, RecipeUserId, Secret, TenantScope,
    audit::AuditKind,
    emailpassword::{SignUp, SignUpResponse},
};

use super::rows::{NewUser, find, insert};
use crate::{
    Engine, EngineError, Handle, activity, audit::Event, normalise::email_to_store, storage::in_tx,
    tenancy::require_tenant, user,
};

impl Handle<SignUp> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: SignUp,
    ) -> Result<SignUpResponse, EngineError> {
        require_password(&operation.password)?;
        let email = email_to_store(&operation.email)?;
        // Looked up first, so that a taken address costs no hash.
        let taken = in_tx!(scope, email, |tx| {
            require_tenant(tx, &scope).await?;
            Ok(find(tx, &scope, &email).await?.is_some())
        });
        if self.store().read(taken).await? {
            return Ok(SignUpResponse::EmailAlreadyExistsError);
        }
        let now_ms = self.clock().now_ms();
        let new = NewUser {
            id: RecipeUserId::from(self.random().uuid()?.to_string()),
            email,
            password_hash: self.hasher().hash(operation.password).await?,
            time_joined: now_ms,
        };
        let user_id = new.id.clone().into();
        let due = self.activity().is_due(&scope.app, &user_id, now_ms);
        let recipe_user_id = new.id.clone();
        let audit = self.audit();
        let body = in_tx!(scope, new, user_id, audit, |tx| {
            if !insert(tx, &scope, &new).await? {
                return Ok(None);
            }
            if due {
                activity::touch(tx, &scope.app, &user_id, now_ms).await?;
            }
            let found = user::find(tx, &scope.app, &user_id).await?;
            let event = Event::succeeded(AuditKind::SignUp).user(&user_id);
            let event = event.fact("recipe", &RecipeId::EmailPassword).detail("email", &new.email);
            audit.append(tx, &scope, event).await?;
            Ok(found)
        });
        Ok(match self.store().write(body).await? {
            Some((_, user)) => SignUpResponse::Ok { user, recipe_user_id },
            None => SignUpResponse::EmailAlreadyExistsError,
        })
    }
}

/// The only rule that the core has for passwords.
pub(super) fn require_password(password: &Secret) -> Result<(), EngineError> {
    if password.is_empty() {
        return Err(EngineError::BadRequest("Password cannot be an empty string".to_owned()));
    }
    Ok(())
}
