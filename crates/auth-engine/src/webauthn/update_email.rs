//! `PUT /recipe/webauthn/user/email`

use auth_protocol::{
    RecipeId, TenantScope,
    audit::AuditKind,
    webauthn::{UpdatePasskeyEmail, UpdatePasskeyEmailResponse as Response},
};

use crate::{
    Engine, EngineError, Handle,
    audit::Event,
    normalise::email_to_store,
    storage::{in_tx, params},
    tenancy::require_tenant,
    user::{IdentityKind, reservation},
    user_id_mapping::Known,
};

const KIND: IdentityKind = IdentityKind::Email;

const FIND: &str = "SELECT w.email, u.primary_or_recipe_user_id, u.is_linked_or_is_a_primary_user \
    FROM app_id_to_user_id u \
    JOIN webauthn_users w ON w.app_id = u.app_id AND w.user_id = u.user_id \
    WHERE u.app_id = $1 AND u.user_id = $2 FOR UPDATE";

const SET_EMAIL: &str = "UPDATE webauthn_users SET email = $3 WHERE app_id = $1 AND user_id = $2";

impl Handle<UpdatePasskeyEmail> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: UpdatePasskeyEmail,
    ) -> Result<Response, EngineError> {
        let email = email_to_store(&operation.email)?;
        let id = operation.recipe_user_id;
        let audit = self.audit();
        let body = in_tx!(scope, id, email, audit, |tx| {
            require_tenant(tx, &scope).await?;
            let Some(known) = Known::by_any_id(tx, &scope.app, &id.into()).await? else {
                return Ok(Response::UnknownUserIdError);
            };
            let id = known.recipe_user_id();
            let Some(row) = tx.query_opt(FIND, params![scope.app, id]).await? else {
                return Ok(Response::UnknownUserIdError);
            };
            let old: String = row.get("email")?;
            if email == old {
                return Ok(Response::Ok);
            }
            let primary = Known::primary_in(&row)?;
            if let Some(primary) = &primary
                && reservation::has_other_owner(tx, &scope.app, primary, KIND, &email).await?
            {
                return Ok(Response::UserWithEmailAlreadyExistsError);
            }
            let (app, primary) = (&scope.app, primary.as_ref());
            reservation::change_email(tx, app, &id, RecipeId::Webauthn, primary, &email).await?;
            tx.execute(SET_EMAIL, params![app, id, email]).await?;
            let event = Event::succeeded(AuditKind::EmailChanged).user(&known.primary);
            let event = event.detail("from", &old).detail("to", &email);
            audit.append_all_to_app(tx, &scope.app, vec![event]).await?;
            Ok(Response::Ok)
        });
        match self.store().write(body).await {
            Err(error) if error.is_unique_violation() => Ok(Response::EmailAlreadyExistsError),
            result => result,
        }
    }
}
