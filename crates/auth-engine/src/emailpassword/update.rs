//! `PUT /recipe/user` with `rid: emailpassword`

use auth_protocol::{
    RecipeId, TenantScope,
    audit::AuditKind,
    emailpassword::{UpdateEmailOrPassword, UpdateEmailOrPasswordResponse as Response},
};

use super::{rows::set_hash, sign_up::require_password};
use crate::{
    Engine, EngineError, Handle,
    audit::Event,
    normalise::email_to_store,
    storage::{in_tx, params},
    tenancy::require_app,
    user::{IdentityKind, reservation},
    user_id_mapping::Known,
};

const KIND: IdentityKind = IdentityKind::Email;

const FIND: &str = "SELECT e.email, u.primary_or_recipe_user_id, u.is_linked_or_is_a_primary_user \
    FROM app_id_to_user_id u \
    JOIN emailpassword_users e ON e.app_id = u.app_id AND e.user_id = u.user_id \
    WHERE u.app_id = $1 AND u.user_id = $2 FOR UPDATE";

const SET_EMAIL: &str =
    "UPDATE emailpassword_users SET email = $3 WHERE app_id = $1 AND user_id = $2";

impl Handle<UpdateEmailOrPassword> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: UpdateEmailOrPassword,
    ) -> Result<Response, EngineError> {
        if operation.email.is_none() && operation.password.is_none() {
            let text = "You have to provide either email or password.";
            return Err(EngineError::BadRequest(text.to_owned()));
        }
        let email = operation.email.as_deref().map(email_to_store).transpose()?;
        let hash = match operation.password {
            Some(password) => {
                require_password(&password)?;
                Some(self.hasher().hash(password).await?)
            }
            None => None,
        };
        let id = operation.recipe_user_id;
        let audit = self.audit();
        let body = in_tx!(scope, id, email, hash, audit, |tx| {
            require_app(tx, &scope.app).await?;
            let Some(known) = Known::by_any_id(tx, &scope.app, &id.into()).await? else {
                return Ok(Response::UnknownUserIdError);
            };
            let about = |kind| Event::succeeded(kind).user(&known.primary);
            let mut events = Vec::new();
            let id = known.recipe_user_id();
            let Some(row) = tx.query_opt(FIND, params![scope.app, id]).await? else {
                return Ok(Response::UnknownUserIdError);
            };
            let old: String = row.get("email")?;
            if let Some(email) = email
                && email != old
            {
                let primary = Known::primary_in(&row)?;
                if let Some(primary) = &primary
                    && reservation::has_other_owner(tx, &scope.app, primary, KIND, &email).await?
                {
                    return Ok(Response::EmailChangeNotAllowedError {
                        reason: "New email is associated with another primary user ID".to_owned(),
                    });
                }
                let (app, primary) = (&scope.app, primary.as_ref());
                reservation::change_email(tx, app, &id, RecipeId::EmailPassword, primary, &email)
                    .await?;
                tx.execute(SET_EMAIL, params![app, id, email]).await?;
                let event = about(AuditKind::EmailChanged);
                events.push(event.detail("from", &old).detail("to", &email));
            }
            if let Some(hash) = hash {
                set_hash(tx, &scope.app, &id, &hash).await?;
                events.push(about(AuditKind::PasswordChanged));
            }
            audit.append_all_to_app(tx, &scope.app, events).await?;
            Ok(Response::Ok)
        });
        match self.store().write(body).await {
            Err(error) if error.is_unique_violation() => Ok(Response::EmailAlreadyExistsError),
            result => result,
        }
    }
}
