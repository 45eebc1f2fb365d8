//! An engine to test, and short ways to use it.
#![allow(dead_code)] // each test file uses a part of it
#![allow(clippy::unwrap_used, clippy::panic)] // a failed test panics

pub(crate) mod passkey;
mod storage;

use auth_engine::{Answers, Clock, Engine, EngineConfig, EngineError, PasswordHashingConfig};
use auth_protocol::{
    Operation, RecipeUserId, Secret, TenantScope, User, UserId,
    emailpassword::{
        CreatePasswordResetToken, CreatePasswordResetTokenResponse, SignIn, SignInResponse, SignUp,
        SignUpResponse,
    },
    user_id_mapping::{CreateUserIdMapping, CreateUserIdMappingResponse},
};
pub(crate) use storage::TestStorage;

/// 2026-01-01.
pub(crate) const START_MS: i64 = 1_767_225_600_000;

pub(crate) struct Test {
    pub(crate) engine: Engine,
    pub(crate) clock: Clock,
    pub(crate) scope: TenantScope,
}

pub(crate) fn public() -> TenantScope {
    TenantScope::default()
}

/// Hashes that cost little, for tests.
pub(crate) fn cheap(config: EngineConfig) -> EngineConfig {
    let hashing = PasswordHashingConfig {
        memory_kib: 8,
        iterations: 1,
        parallelism: 1,
        ..PasswordHashingConfig::default()
    };
    config.password_hashing(hashing)
}

pub(crate) async fn two_engines(storage: &TestStorage) -> [Engine; 2] {
    let config = storage.config();
    // Opened at the same time: one creates the schema, the other finds it.
    let (first, second) = tokio::join!(Engine::open(config.clone()), Engine::open(config));
    [first.unwrap(), second.unwrap()]
}

impl Test {
    /// In memory, or on PostgreSQL where the run is told to.
    pub(crate) async fn new() -> Self {
        let url = test_postgres::url_for_this_test();
        Self::with(cheap(EngineConfig::new(url.parse().unwrap()))).await
    }

    pub(crate) async fn with(config: EngineConfig) -> Self {
        let clock = Clock::manual(START_MS);
        let engine = Engine::open(config.clock(clock.clone())).await.unwrap();
        Self { engine, clock, scope: public() }
    }

    /// The same engine, addressed in a further tenant of the app; `storage` is its database.
    pub(crate) fn in_new_tenant(&self, storage: &TestStorage, tenant: &str) -> Self {
        storage.execute(&format!("INSERT INTO tenants VALUES ('public', '{tenant}', 0)"));
        let scope = TenantScope::new(self.scope.app.clone(), tenant.into());
        Self { engine: self.engine.clone(), clock: self.clock.clone(), scope }
    }

    pub(crate) async fn run<O: Operation>(&self, operation: O) -> O::Response
    where
        Engine: Answers<O>,
    {
        self.engine.handle(&self.scope, operation).await.unwrap()
    }

    /// The text that an impossible operation is refused with.
    pub(crate) async fn refused<O: Operation>(&self, operation: O) -> String
    where
        Engine: Answers<O>,
    {
        match self.engine.handle(&self.scope, operation).await {
            Err(EngineError::BadRequest(text)) => text,
            Err(error) => panic!("{error:?}"),
            Ok(_) => panic!("not refused"),
        }
    }

    pub(crate) async fn sign_up(&self, email: &str) -> (User, RecipeUserId) {
        let operation = SignUp { email: email.into(), password: "password 1".into() };
        match self.run(operation).await {
            SignUpResponse::Ok { user, recipe_user_id } => (user, recipe_user_id),
            SignUpResponse::EmailAlreadyExistsError => panic!("{email} is taken"),
        }
    }

    /// Signs somebody up whom callers know by an id that they chose.
    pub(crate) async fn sign_up_as(&self, id: &str) {
        let (user, _) = self.sign_up(&format!("{id}@example.com")).await;
        let map = CreateUserIdMapping::new(user.id, id.into());
        assert_eq!(self.run(map).await, CreateUserIdMappingResponse::Ok);
    }

    pub(crate) async fn sign_in(&self, email: &str, password: &str) -> Option<RecipeUserId> {
        let operation = SignIn { email: email.into(), password: password.into() };
        match self.run(operation).await {
            SignInResponse::Ok { recipe_user_id, .. } => Some(recipe_user_id),
            SignInResponse::WrongCredentialsError => None,
        }
    }

    pub(crate) async fn reset_token(&self, user: &UserId) -> Secret {
        let operation =
            CreatePasswordResetToken { user_id: user.clone(), email: "ada@example.com".into() };
        match self.run(operation).await {
            CreatePasswordResetTokenResponse::Ok { token } => token,
            CreatePasswordResetTokenResponse::UnknownUserIdError => panic!("unknown user"),
        }
    }
}
