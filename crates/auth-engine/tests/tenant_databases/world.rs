//! An engine, and short ways to use its tenants.

use auth_engine::{Answers, Engine, EngineConfig, EngineError};
use auth_protocol::{
    Operation, RecipeUserId, TenantScope, UserId,
    emailpassword::{SignIn, SignInResponse, SignUp, SignUpResponse},
    multitenancy::{CreateOrUpdateApp, CreateOrUpdateTenant},
    session::{CreateSession, CreateSessionResponse, SessionTokens},
};
use serde_json::{Value, json};

use crate::common::cheap;

pub(crate) struct World {
    pub(crate) engine: Engine,
}

pub(crate) fn at(app: &str, tenant: &str) -> TenantScope {
    TenantScope::new(app.into(), tenant.into())
}

/// Settings of a tenant whose database has this URL.
pub(crate) fn uri(url: &str) -> Value {
    json!({ "postgresql_connection_uri": url })
}

impl World {
    pub(crate) async fn new(home: &str) -> Self {
        Self::with(EngineConfig::new(home.parse().unwrap())).await
    }

    pub(crate) async fn with(config: EngineConfig) -> Self {
        Self { engine: Engine::open(cheap(config)).await.unwrap() }
    }

    pub(crate) async fn run<O: Operation>(&self, scope: &TenantScope, operation: O) -> O::Response
    where
        Engine: Answers<O>,
    {
        self.engine.handle(scope, operation).await.unwrap()
    }

    /// Makes a tenant, or changes it.
    pub(crate) async fn set_tenant(
        &self,
        scope: &TenantScope,
        settings: Value,
    ) -> Result<(), EngineError> {
        let core_config = settings.as_object().cloned();
        let of_app = at(scope.app.as_str(), "public");
        let tenant_id = Some(scope.tenant.clone());
        let change =
            CreateOrUpdateTenant { tenant_id, core_config, ..CreateOrUpdateTenant::default() };
        self.engine.handle(&of_app, change).await.map(drop)
    }

    /// Makes an app, or changes it.
    pub(crate) async fn set_app(&self, app: &str, settings: Value) -> Result<(), EngineError> {
        let core_config = settings.as_object().cloned();
        let app_id = Some(app.into());
        let change = CreateOrUpdateApp { app_id, core_config, ..CreateOrUpdateApp::default() };
        self.engine.handle(&at("public", "public"), change).await.map(drop)
    }

    pub(crate) async fn try_sign_up(
        &self,
        scope: &TenantScope,
        email: &str,
    ) -> Result<UserId, EngineError> {
        let sign_up = SignUp { email: email.into(), password: "password 1".into() };
        match self.engine.handle(scope, sign_up).await? {
            SignUpResponse::Ok { user, .. } => Ok(user.id),
            SignUpResponse::EmailAlreadyExistsError => panic!("{email} is taken"),
        }
    }

    pub(crate) async fn sign_up(&self, scope: &TenantScope, email: &str) -> UserId {
        self.try_sign_up(scope, email).await.unwrap()
    }

    pub(crate) async fn try_sign_in(
        &self,
        scope: &TenantScope,
        email: &str,
    ) -> Result<Option<RecipeUserId>, EngineError> {
        let sign_in = SignIn { email: email.into(), password: "password 1".into() };
        Ok(match self.engine.handle(scope, sign_in).await? {
            SignInResponse::Ok { recipe_user_id, .. } => Some(recipe_user_id),
            SignInResponse::WrongCredentialsError => None,
        })
    }

    pub(crate) async fn try_session(
        &self,
        scope: &TenantScope,
        user: &UserId,
    ) -> Result<SessionTokens, EngineError> {
        let create = CreateSession::new(user.as_str().into());
        match self.engine.handle(scope, create).await? {
            CreateSessionResponse::Ok(tokens) => Ok(tokens),
            CreateSessionResponse::TooManySessions => panic!("too many sessions"),
        }
    }

    pub(crate) async fn session(&self, scope: &TenantScope, user: &UserId) -> SessionTokens {
        self.try_session(scope, user).await.unwrap()
    }
}
