//! `POST /recipe/signin`, and `POST /recipe/user/password/check` (extension)

use auth_protocol::{
    RecipeId, RecipeUserId, Secret, TenantScope, UserId,
    audit::AuditKind,
    emailpassword::{CheckPassword, SignIn, SignInResponse},
};

use super::rows::find;
use crate::{
    Engine, EngineError, Handle, activity,
    audit::{Event, short_digest},
    normalise::email,
    storage::{in_tx, params},
    tenancy::require_tenant,
    user::{self, identity},
    user_id_mapping::Known,
};

/// Only over the hash that was verified: a password that was changed meanwhile stays changed.
const REHASH: &str = "UPDATE emailpassword_users SET password_hash = $4 \
    WHERE app_id = $1 AND user_id = $2 AND password_hash = $3";

/// No user's id.
const NOBODY: &str = "nobody";

impl Handle<SignIn> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: SignIn,
    ) -> Result<SignInResponse, EngineError> {
        let SignIn { email, password } = operation;
        self.check_password(scope, &email, password, AuditKind::SignIn).await
    }
}

impl Handle<CheckPassword> for Engine {
    async fn handle(
        &self,
        scope: &TenantScope,
        operation: CheckPassword,
    ) -> Result<SignInResponse, EngineError> {
        let CheckPassword { email, password } = operation;
        self.check_password(scope, &email, password, AuditKind::PasswordChecked).await
    }
}

impl Engine {
    /// Checks a password, and writes it down as what it is asked for.
    async fn check_password(
        &self,
        scope: &TenantScope,
        typed_email: &str,
        password: Secret,
        kind: AuditKind,
    ) -> Result<SignInResponse, EngineError> {
        let email = email(typed_email);
        let credentials = in_tx!(scope, email, |tx| {
            require_tenant(tx, &scope).await?;
            find(tx, &scope, &email).await
        });
        let (id, stored) = self.store().read(credentials).await?.unzip();
        let verdict = self.hasher().verify(password.clone(), stored.clone()).await?;
        let (Some(id), Some(stored), true) = (&id, stored, verdict.matches) else {
            self.write_failure(scope, kind, id, &email).await?;
            return Ok(SignInResponse::WrongCredentialsError);
        };
        let id = id.clone();
        let rehashed = match verdict.needs_rehash {
            true => match self.hasher().hash(password).await {
                // It can be done at another sign-in.
                Err(EngineError::Overloaded(_)) => None,
                hash => Some(hash?),
            },
            false => None,
        };
        let primary = in_tx!(scope, id, |tx| { user::find(tx, &scope.app, &id.into()).await });
        // Deleted since.
        let Some((known, user)) = self.store().read(primary).await? else {
            return Ok(SignInResponse::WrongCredentialsError);
        };
        let now_ms = self.clock().now_ms();
        let user_id = known.primary;
        let is_sign_in = kind == AuditKind::SignIn;
        let due = is_sign_in && self.activity().is_due(&scope.app, &user_id, now_ms);
        let audit = self.audit();
        if due || rehashed.is_some() || audit.is_on() {
            let body = in_tx!(scope, id, user_id, stored, rehashed, audit, |tx| {
                if !identity::hold_by_id(tx, &scope.app, &id).await? {
                    let event = Event::failed(kind).fact("recipe", &RecipeId::EmailPassword);
                    audit.append(tx, &scope, event).await?;
                    return Ok(false);
                }
                if let Some(new) = rehashed {
                    tx.execute(REHASH, params![scope.app, id, stored, new]).await?;
                }
                if due {
                    activity::touch(tx, &scope.app, &user_id, now_ms).await?;
                }
                let event = Event::succeeded(kind).user_if_there(&user_id);
                let event = event.fact("recipe", &RecipeId::EmailPassword);
                audit.append(tx, &scope, event).await?;
                Ok(true)
            });
            if !self.store().write(body).await? {
                return Ok(SignInResponse::WrongCredentialsError);
            }
        }
        Ok(SignInResponse::Ok { user, recipe_user_id: known.shown_id })
    }

    /// Writes a wrong password down, or an address that nobody has.
    async fn write_failure(
        &self,
        scope: &TenantScope,
        kind: AuditKind,
        id: Option<RecipeUserId>,
        email: &str,
    ) -> Result<(), EngineError> {
        let audit = self.audit();
        if !audit.is_on() {
            return Ok(());
        }
        let event = Event::failed(kind).fact("recipe", &RecipeId::EmailPassword);
        let event = match &id {
            Some(_) => event,
            None => event.fact("unknown", &short_digest(email)),
        };
        // The same statements in both cases, so that the time doesn't tell whether there is an
        // account.
        let id = UserId::from(id.unwrap_or_else(|| NOBODY.into()));
        let body = in_tx!(scope, id, event, audit, |tx| {
            let known = Known::by_own_id(tx, &scope.app, &id).await?;
            let event = event.user_if_there(known.as_ref().map_or(&id, |known| &known.primary));
            audit.append(tx, &scope, event).await
        });
        self.store().write(body).await
    }
}

#[cfg(test)]
mod tests {
    use auth_protocol::{
        TenantScope,
        emailpassword::{SignIn, SignInResponse, SignUp},
    };

    use crate::{Engine, EngineConfig, PasswordHashingConfig};

    #[tokio::test]
    async fn an_unknown_address_costs_the_hashing_of_a_known_one() {
        let hashing = PasswordHashingConfig { memory_kib: 64, iterations: 3, ..Default::default() };
        let config = EngineConfig::in_memory().password_hashing(hashing);
        let engine = Engine::open(config).await.unwrap();
        let scope = TenantScope::default();
        let sign_up = SignUp { email: "ada@example.com".into(), password: "right".into() };
        engine.handle(&scope, sign_up).await.unwrap();
        for (email, password) in
            [("ada@example.com", "right"), ("ada@example.com", "wrong"), ("eve@example.com", "any")]
        {
            let before = engine.hasher().work();
            let sign_in = SignIn { email: email.into(), password: password.into() };
            let answer = engine.handle(&scope, sign_in).await.unwrap();
            assert_eq!(matches!(answer, SignInResponse::Ok { .. }), password == "right");
            assert_eq!(engine.hasher().work() - before, 64 * 3, "{email}, {password}");
        }
        // As typed, and in one form (RFC 8265).
        for email in ["ada@example.com", "eve@example.com"] {
            let before = engine.hasher().work();
            let sign_in = SignIn { email: email.into(), password: "wro\u{308}ng".into() };
            engine.handle(&scope, sign_in).await.unwrap();
            assert_eq!(engine.hasher().work() - before, 2 * 64 * 3, "{email}");
        }
    }
}
