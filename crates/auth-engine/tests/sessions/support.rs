//! An engine with a clock to set, and short ways to ask it.

use std::time::Duration;

use auth_engine::{Answers, Clock, Engine, EngineConfig, EngineError, SigningAlgorithm};
use auth_jwt::{KeySet, UnverifiedJwt};
use auth_protocol::{
    CdiVersion, JsonObject, Operation, Secret, SessionHandle, TenantScope,
    jwt::{GetJwks, GetJwksResponse},
    session::*,
};
use serde_json::{Value, json};

use crate::common::TestStorage;

pub(crate) const START_MS: i64 = 1_700_000_000_000;
pub(crate) const GRACE: Duration = Duration::from_secs(30);
pub(crate) const ACCESS_LIFE: Duration = Duration::from_secs(3600);
pub(crate) const SESSION_LIFE: Duration = Duration::from_secs(100 * 24 * 3600);

pub(crate) struct Bench {
    pub(crate) engine: Engine,
    pub(crate) clock: Clock,
}

impl Bench {
    pub(crate) async fn new() -> Self {
        Self::with(|config| config).await
    }

    /// In memory, or on PostgreSQL where the run is told to.
    pub(crate) async fn with(configure: impl FnOnce(EngineConfig) -> EngineConfig) -> Self {
        let clock = Clock::manual(START_MS);
        let url = test_postgres::url_for_this_test();
        let config = EngineConfig::new(url.parse().unwrap())
            .signing_algorithm(SigningAlgorithm::EdDsa)
            .access_token_validity_jitter(0.0)
            .clock(clock.clone());
        Self { engine: Engine::open(configure(config)).await.unwrap(), clock }
    }

    /// Two engines on one database, by one clock.
    pub(crate) async fn two(storage: &TestStorage) -> (Self, Self) {
        let clock = Clock::manual(START_MS);
        let open = || async {
            let config = storage.config().signing_algorithm(SigningAlgorithm::EdDsa);
            let engine = Engine::open(config.clock(clock.clone())).await;
            Self { engine: engine.unwrap(), clock: clock.clone() }
        };
        (open().await, open().await)
    }

    /// Two engines on one database, each by a clock of its own.
    pub(crate) async fn two_with_clocks(storage: &TestStorage) -> [Self; 2] {
        let open = || async {
            let clock = Clock::manual(START_MS);
            let config = storage.config().signing_algorithm(SigningAlgorithm::EdDsa);
            Self { engine: Engine::open(config.clock(clock.clone())).await.unwrap(), clock }
        };
        [open().await, open().await]
    }

    pub(crate) async fn try_ask<O: Operation>(
        &self,
        operation: O,
    ) -> Result<O::Response, EngineError>
    where
        Engine: Answers<O>,
    {
        self.engine.handle(&TenantScope::default(), operation).await
    }

    pub(crate) async fn ask<O: Operation>(&self, operation: O) -> O::Response
    where
        Engine: Answers<O>,
    {
        self.try_ask(operation).await.unwrap()
    }

    pub(crate) async fn start(&self, operation: CreateSession) -> SessionTokens {
        let CreateSessionResponse::Ok(tokens) = self.ask(operation).await else { panic!() };
        tokens
    }

    pub(crate) async fn create(&self) -> SessionTokens {
        self.start(create("ada")).await
    }

    pub(crate) async fn refresh(&self, token: &Secret) -> RefreshSessionResponse {
        self.ask(refresh(token)).await
    }

    pub(crate) async fn refreshed(&self, token: &Secret) -> SessionTokens {
        match self.refresh(token).await {
            RefreshSessionResponse::Ok(tokens) => tokens,
            other => panic!("{other:?}"),
        }
    }

    pub(crate) async fn verify(
        &self,
        token: &Secret,
        check_database: bool,
    ) -> VerifySessionResponse {
        self.ask(VerifySession {
            access_token: token.clone(),
            anti_csrf_token: None,
            do_anti_csrf_check: false,
            enable_anti_csrf: false,
            check_database,
            cdi_version: CdiVersion::LATEST,
        })
        .await
    }

    pub(crate) async fn verifies(&self, tokens: &SessionTokens, check_database: bool) -> bool {
        let answer = self.verify(&tokens.access_token.token, check_database).await;
        matches!(answer, VerifySessionResponse::Ok { .. })
    }

    pub(crate) async fn exists(&self, handle: &SessionHandle) -> bool {
        let answer = self.ask(GetSession { session_handle: handle.clone() }).await;
        matches!(answer, GetSessionResponse::Ok { .. })
    }

    pub(crate) async fn payload(&self, token: &Secret) -> JsonObject {
        let GetJwksResponse { keys, .. } = self.ask(GetJwks {}).await;
        let keys = KeySet::new(&keys).unwrap();
        UnverifiedJwt::parse(token.expose_secret()).unwrap().verify(&keys).unwrap()
    }
}

pub(crate) fn create(user: &str) -> CreateSession {
    CreateSession {
        user_data_in_jwt: object(json!({ "role": "admin", "nothing": null })),
        user_data_in_database: object(json!({ "secret": 1, "nothing": null })),
        ..CreateSession::new(user.into())
    }
}

pub(crate) fn refresh(token: &Secret) -> RefreshSession {
    RefreshSession {
        refresh_token: token.clone(),
        anti_csrf_token: None,
        enable_anti_csrf: false,
        use_dynamic_signing_key: Some(true),
        access_token_validity_ms: None,
        proven_devices: None,
        cdi_version: CdiVersion::LATEST,
    }
}

pub(crate) fn object(value: Value) -> JsonObject {
    match value {
        Value::Object(object) => object,
        other => panic!("{other} is no object"),
    }
}

/// A secret's text, to be compared.
pub(crate) fn text(secret: &Secret) -> &str {
    secret.expose_secret()
}

pub(crate) fn kid(token: &Secret) -> String {
    UnverifiedJwt::parse(token.expose_secret()).unwrap().header().kid().to_owned()
}

pub(crate) fn reuse_of(answer: &RefreshSessionResponse) -> Option<TokenReuse> {
    match answer {
        RefreshSessionResponse::TokenTheftDetected { recent_token_reuse_subtype, .. }
        | RefreshSessionResponse::Unauthorised { recent_token_reuse_subtype, .. } => {
            *recent_token_reuse_subtype
        }
        RefreshSessionResponse::Ok(_) | RefreshSessionResponse::DeviceProofMissingError => None,
    }
}

pub(crate) fn is_theft(answer: &RefreshSessionResponse) -> bool {
    matches!(answer, RefreshSessionResponse::TokenTheftDetected { .. })
}

pub(crate) fn is_unauthorised(answer: &RefreshSessionResponse) -> bool {
    matches!(answer, RefreshSessionResponse::Unauthorised { .. })
}
