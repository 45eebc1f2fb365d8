//! The core: what keeps users and sessions.

#[cfg(feature = "engine")]
mod embedded;
mod in_context;
#[cfg(feature = "remote")]
mod remote;

use std::time::Duration;

#[cfg(feature = "engine")]
use auth_protocol::TenantScope;
#[cfg(feature = "remote")]
use auth_protocol::jwt::GetJwks;
#[cfg(feature = "engine")]
use auth_protocol::multitenancy::{GetTenant, GetTenantResponse};
use auth_protocol::{AppId, TenantId};
use serde_json::Value;

#[cfg(feature = "engine")]
pub use auth_engine::{
    Clock, Database, EngineConfig, PasswordHashingConfig, SigningAlgorithm, TokenReuseBehaviour,
    TooManySessions,
};
#[cfg(feature = "engine")]
pub use embedded::CoreOperation;
pub use in_context::CoreInContext;
#[cfg(feature = "remote")]
pub(crate) use remote::CallCache;
#[cfg(feature = "remote")]
use remote::RemoteCore;
#[cfg(feature = "remote")]
pub use remote::{CoreRequest, RemoteConfig, RemoteError};

use crate::{BuildError, ConfigError, Context, Result, tenant_name};

/// An operation that every kind of core in this build can answer.
#[cfg(all(feature = "remote", not(feature = "engine")))]
pub trait CoreOperation: auth_protocol::Operation {}

#[cfg(all(feature = "remote", not(feature = "engine")))]
impl<O: auth_protocol::Operation> CoreOperation for O {}

/// Which core an application uses.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum CoreConfig {
    /// The engine, in this process.
    #[cfg(feature = "engine")]
    Embedded(Box<EngineConfig>),
    /// An engine that is open already, shared with another handle.
    #[cfg(feature = "engine")]
    Engine(auth_engine::Engine),
    /// A core at the other end of a network.
    #[cfg(feature = "remote")]
    Remote(RemoteConfig),
}

#[cfg(feature = "engine")]
impl From<EngineConfig> for CoreConfig {
    fn from(config: EngineConfig) -> Self {
        Self::Embedded(Box::new(config))
    }
}

#[cfg(feature = "engine")]
impl From<auth_engine::Engine> for CoreConfig {
    fn from(engine: auth_engine::Engine) -> Self {
        Self::Engine(engine)
    }
}

#[cfg(feature = "remote")]
impl From<RemoteConfig> for CoreConfig {
    fn from(config: RemoteConfig) -> Self {
        Self::Remote(config)
    }
}

/// The core could not answer.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CoreError {
    /// The embedded engine could not answer.
    #[cfg(feature = "engine")]
    #[error(transparent)]
    Engine(#[from] auth_engine::EngineError),
    /// The core at the other end of a network could not answer.
    #[cfg(feature = "remote")]
    #[error(transparent)]
    Remote(#[from] RemoteError),
    /// No tenant can have the name that was asked for.
    #[error("Tenant not found")]
    TenantNotFound,
}

#[cfg(feature = "engine")]
impl From<auth_engine::ConfigError> for CoreError {
    fn from(error: auth_engine::ConfigError) -> Self {
        Self::Engine(error.into())
    }
}

impl CoreError {
    /// What the caller did wrong, where it was the caller: the core's own words.
    pub fn bad_request(&self) -> Option<String> {
        match self {
            #[cfg(feature = "engine")]
            Self::Engine(
                error @ (auth_engine::EngineError::BadRequest(_)
                | auth_engine::EngineError::TenantOrAppNotFound(_)),
            ) => Some(error.to_string()),
            #[cfg(feature = "engine")]
            Self::Engine(_) => None,
            #[cfg(feature = "remote")]
            Self::Remote(error) => error.bad_request(),
            Self::TenantNotFound => Some(self.to_string()),
        }
    }

    /// Whether the app or tenant isn't there that was asked for.
    pub fn is_tenant_not_found(&self) -> bool {
        match self {
            #[cfg(feature = "engine")]
            Self::Engine(error) => {
                matches!(error, auth_engine::EngineError::TenantOrAppNotFound(_))
            }
            #[cfg(feature = "remote")]
            Self::Remote(error) => error.is_tenant_not_found(),
            Self::TenantNotFound => true,
        }
    }

    /// Whether more was asked for than the core's settings permit for now.
    pub fn is_limit_reached(&self) -> bool {
        match self {
            #[cfg(feature = "engine")]
            Self::Engine(error) => matches!(error, auth_engine::EngineError::LimitReached { .. }),
            #[cfg(feature = "remote")]
            Self::Remote(error) => error.is_limit_reached(),
            Self::TenantNotFound => false,
        }
    }

    /// Whether the core doesn't have the operation: it is the reference's, or an older one.
    pub(crate) fn is_unknown_operation(&self) -> bool {
        match self {
            #[cfg(feature = "engine")]
            Self::Engine(_) => false,
            #[cfg(feature = "remote")]
            Self::Remote(error) => error.is_not_found(),
            Self::TenantNotFound => false,
        }
    }

    /// Whether the same request may succeed a little later: the core or its database can't be
    /// reached or is overloaded, or the core is being shut down.
    pub fn is_unavailable(&self) -> bool {
        match self {
            #[cfg(feature = "engine")]
            Self::Engine(error) => error.is_unavailable(),
            #[cfg(feature = "remote")]
            Self::Remote(error) => error.is_unavailable(),
            Self::TenantNotFound => false,
        }
    }
}

/// An app's name as cores have it, in lower case (CDI §0.7).
fn app_name(app: &AppId) -> Result<AppId, ConfigError> {
    let name = app.as_str().trim().to_ascii_lowercase();
    let is_name = !name.is_empty()
        && name
            .bytes()
            .all(|byte| byte == b'-' || byte.is_ascii_lowercase() || byte.is_ascii_digit());
    if !is_name || name.starts_with("appid-") {
        return Err(wrong_app(format!("{:?} can't be the id of an app", app.as_str())));
    }
    Ok(AppId::new(name))
}

fn wrong_app(problem: String) -> ConfigError {
    let expected = "an app that is there: letters, digits and `-`, without `appid-` before it";
    ConfigError::new("app_id", problem, expected)
}

/// A core in use.
#[derive(Clone, Debug)]
pub struct Core {
    kind: Kind,
    #[cfg_attr(not(feature = "engine"), allow(dead_code))]
    app: AppId,
}

#[derive(Clone, Debug)]
enum Kind {
    #[cfg(feature = "engine")]
    Engine(auth_engine::Engine),
    #[cfg(feature = "remote")]
    Remote(RemoteCore),
}

impl Core {
    // The engine is awaited, a remote core isn't.
    #[cfg_attr(not(feature = "engine"), allow(clippy::unused_async))]
    pub(crate) async fn open(config: CoreConfig, app: &AppId) -> Result<Self, BuildError> {
        let app = app_name(app)?;
        let kind = match config {
            #[cfg(feature = "engine")]
            CoreConfig::Embedded(config) => {
                Kind::Engine(auth_engine::Engine::open(*config).await.map_err(CoreError::from)?)
            }
            #[cfg(feature = "engine")]
            CoreConfig::Engine(engine) => Kind::Engine(engine),
            #[cfg(feature = "remote")]
            CoreConfig::Remote(config) => Kind::Remote(RemoteCore::new(config, &app)?),
        };
        let core = Self { kind, app };
        core.check_app().await?;
        Ok(core)
    }

    /// An app that isn't there is a mistake, where that can be seen: a core at the other end of a
    /// network may come later.
    #[cfg_attr(not(feature = "engine"), allow(clippy::unused_async))]
    async fn check_app(&self) -> Result<(), BuildError> {
        match &self.kind {
            #[cfg(feature = "engine")]
            Kind::Engine(_) if !self.app.is_public() => {
                let found = self.call(&TenantId::default(), GetTenant {}).await;
                match found {
                    Ok(GetTenantResponse::Ok(_)) => Ok(()),
                    Err(error) if error.is_unavailable() => Err(error.into()),
                    _ => Err(wrong_app(format!("the core has no app `{}`", self.app)).into()),
                }
            }
            _ => Ok(()),
        }
    }

    /// Asks the core for one operation.
    ///
    /// # Errors
    /// [`CoreError`] where the core refuses the request's form or can't answer; expected outcomes
    /// such as wrong credentials are variants of the response.
    pub async fn call<O: CoreOperation>(
        &self,
        tenant: &TenantId,
        operation: O,
    ) -> Result<O::Response, CoreError> {
        self.call_in(None, tenant, operation).await
    }

    async fn call_in<O: CoreOperation>(
        &self,
        cx: Option<&Context>,
        tenant: &TenantId,
        operation: O,
    ) -> Result<O::Response, CoreError> {
        let tenant = tenant_name::normalised(tenant).ok_or(CoreError::TenantNotFound)?;
        match &self.kind {
            #[cfg(feature = "engine")]
            Kind::Engine(engine) => {
                let scope = TenantScope::new(self.app.clone(), tenant.into_owned());
                let caller = cx.map(Context::caller).unwrap_or_default();
                Ok(operation.run(engine, caller, &scope).await?)
            }
            // Boxed, so that calls of the embedded engine don't carry its size.
            #[cfg(feature = "remote")]
            Kind::Remote(core) => Ok(Box::pin(core.call(cx, &tenant, operation)).await?),
        }
    }

    /// Whether the core can serve: asks its database.
    ///
    /// # Errors
    /// [`CoreError`] where it can't.
    pub async fn health(&self) -> Result<(), CoreError> {
        match &self.kind {
            #[cfg(feature = "engine")]
            Kind::Engine(engine) => Ok(engine.health().await.map(drop)?),
            // It has to read its keys for this.
            #[cfg(feature = "remote")]
            Kind::Remote(core) => {
                let tenant = TenantId::default();
                Ok(Box::pin(core.call(None, &tenant, GetJwks {})).await.map(drop)?)
            }
        }
    }

    /// What is set for a tenant, or inherited by it, under a name of the core's settings; `None` of a
    /// core at the other end of a network.
    #[cfg_attr(not(feature = "engine"), allow(clippy::unused_async, unused_variables))]
    async fn setting_here(
        &self,
        tenant: &TenantId,
        name: &str,
    ) -> Option<Result<Option<Value>, CoreError>> {
        match &self.kind {
            #[cfg(feature = "engine")]
            Kind::Engine(engine) => {
                let scope = TenantScope::new(self.app.clone(), tenant.clone());
                Some(engine.core_setting(&scope, name).await.map_err(CoreError::from))
            }
            #[cfg(feature = "remote")]
            Kind::Remote(_) => None,
        }
    }

    #[cfg_attr(not(feature = "remote"), allow(clippy::unnecessary_wraps))]
    pub(crate) fn password_reset_token_lifetime(&self) -> Option<Duration> {
        match &self.kind {
            #[cfg(feature = "engine")]
            Kind::Engine(engine) => Some(engine.password_reset_token_lifetime()),
            #[cfg(feature = "remote")]
            Kind::Remote(_) => None,
        }
    }

    #[cfg_attr(not(feature = "remote"), allow(clippy::unnecessary_wraps))]
    pub(crate) fn email_verification_token_lifetime(&self) -> Option<Duration> {
        match &self.kind {
            #[cfg(feature = "engine")]
            Kind::Engine(engine) => Some(engine.email_verification_token_lifetime()),
            #[cfg(feature = "remote")]
            Kind::Remote(_) => None,
        }
    }

    #[cfg_attr(not(feature = "remote"), allow(clippy::unnecessary_wraps))]
    pub(crate) fn passkey_recovery_token_lifetime(&self) -> Option<Duration> {
        match &self.kind {
            #[cfg(feature = "engine")]
            Kind::Engine(engine) => Some(engine.passkey_recovery_token_lifetime()),
            #[cfg(feature = "remote")]
            Kind::Remote(_) => None,
        }
    }

    /// Whether options by which a passkey was used are good once more, unless they are removed (CDI §4.5):
    /// known once the core was asked for something.
    pub(crate) fn leaves_passkey_options(&self) -> bool {
        match &self.kind {
            #[cfg(feature = "engine")]
            Kind::Engine(_) => false,
            #[cfg(feature = "remote")]
            Kind::Remote(core) => core.is_before(auth_protocol::CdiVersion::V5_5),
        }
    }

    /// The current time in milliseconds since the epoch, by the core's clock.
    pub fn now_ms(&self) -> i64 {
        match &self.kind {
            #[cfg(feature = "engine")]
            Kind::Engine(engine) => engine.clock().now_ms(),
            #[cfg(feature = "remote")]
            Kind::Remote(core) => core.now_ms(),
        }
    }

    /// A number that changes when the core's verification keys do, where that can be known without
    /// asking: of a core at the other end of a network it can't.
    #[cfg_attr(not(feature = "remote"), allow(clippy::unnecessary_wraps))]
    pub(crate) fn keys_generation(&self) -> Option<u64> {
        match &self.kind {
            #[cfg(feature = "engine")]
            Kind::Engine(engine) => Some(engine.keys_generation()),
            #[cfg(feature = "remote")]
            Kind::Remote(_) => None,
        }
    }

    /// Stops background work and waits until everything acknowledged is on disk.
    #[cfg_attr(not(feature = "engine"), allow(clippy::unused_async))]
    pub async fn shutdown(&self) {
        match &self.kind {
            #[cfg(feature = "engine")]
            Kind::Engine(engine) => engine.shutdown().await,
            // The core is another program.
            #[cfg(feature = "remote")]
            Kind::Remote(_) => {}
        }
    }
}
