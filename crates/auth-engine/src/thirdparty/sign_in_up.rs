//! `POST /recipe/signinup`

use auth_protocol::{
    AppId, RecipeId, RecipeUserId, TenantScope, UserId,
    thirdparty::{ThirdPartySignInUp, ThirdPartySignInUpResponse as Response},
};

use super::account::OwnedAccount;
use crate::{
    Engine, EngineError, Handle, activity,
    audit::Event,
    emailverification,
    normalise::email_to_store,
    storage::{Tx, in_tx, params},
    tenancy::require_tenant,
    user::{
        self, IdentityKind,
        identity::{self, NewMethod},
        reservation,
    },
    user_id_mapping::Known,
};

const KIND: IdentityKind = IdentityKind::Email;

const FIND: &str = "SELECT i.account_info_value, u.primary_or_recipe_user_id, \
    u.is_linked_or_is_a_primary_user FROM app_id_to_user_id u \
    JOIN recipe_user_account_infos i ON i.app_id = u.app_id AND i.recipe_user_id = u.user_id \
        AND i.recipe_id = 'thirdparty' AND i.account_info_type = 'email' \
    WHERE u.app_id = $1 AND u.user_id = $2";

impl Handle<ThirdPartySignInUp> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: ThirdPartySignInUp,
    ) -> Result<Response, EngineError> {
        let ThirdPartySignInUp { third_party_id, third_party_user_id, email } = operation;
        let account = OwnedAccount::new(third_party_id, third_party_user_id)?;
        let is_verified = email.is_verified;
        let email = email_to_store(&email.id)?;
        let now_ms = self.clock().now_ms();
        let new_id = RecipeUserId::from(self.random().uuid()?.to_string());
        let audit = self.audit();
        let body = in_tx!(scope, account, email, new_id, audit, |tx| {
            require_tenant(tx, &scope).await?;
            let mut known = identity::hold(tx, &scope, &account.identity()).await?;
            if known.is_none() {
                let identities = [account.identity(), account.with_email(&email)];
                let method =
                    NewMethod { id: &new_id, identities: &identities, time_joined: now_ms };
                if !identity::insert(tx, &scope, &method).await? {
                    // Another request of the same account was quicker.
                    known = identity::hold(tx, &scope, &account.identity()).await?;
                }
            }
            let created_new_user = known.is_none();
            let id = match known {
                None => new_id,
                Some(id) => {
                    if !follow(tx, &scope.app, &id, &email).await? {
                        let reason = "Email already associated with another primary user.";
                        let refusal =
                            Response::EmailChangeNotAllowedError { reason: reason.to_owned() };
                        return Ok((refusal, None));
                    }
                    id
                }
            };
            if is_verified {
                emailverification::set_verified(tx, &scope.app, &id, &email).await?;
            }
            let (known, user) = user::find_met(tx, &scope.app, &id).await?;
            activity::touch(tx, &scope.app, &known.primary, now_ms).await?;
            let event = Event::signed_in(created_new_user, RecipeId::ThirdParty);
            let event = event.user(&known.primary).detail("email", &email);
            let event = event.fact("third_party", account.third_party());
            audit.append(tx, &scope, event).await?;
            let response = Response::Ok { created_new_user, user, recipe_user_id: known.shown_id };
            Ok((response, Some(known.primary)))
        });
        let (response, active): (Response, Option<UserId>) = self.store().write(body).await?;
        if let Some(user_id) = active {
            // The time was written along with the rest; remembered, it isn't written again soon.
            self.activity().is_due(&scope.app, &user_id, now_ms);
        }
        Ok(response)
    }
}

/// Gives a login method the address that its account has now; false where another primary user has
/// it.
async fn follow(
    tx: &mut Tx<'_>,
    app: &AppId,
    id: &RecipeUserId,
    email: &str,
) -> Result<bool, EngineError> {
    // Without a row the login method is gone, which is seen when its user is read.
    let Some(row) = tx.query_opt(FIND, params![app, id]).await? else { return Ok(true) };
    if row.get::<String>("account_info_value")? == email {
        return Ok(true);
    }
    let primary = Known::primary_in(&row)?;
    if let Some(primary) = &primary
        && reservation::has_other_owner(tx, app, primary, KIND, email).await?
    {
        return Ok(false);
    }
    reservation::change_email(tx, app, id, RecipeId::ThirdParty, primary.as_ref(), email).await?;
    Ok(true)
}
