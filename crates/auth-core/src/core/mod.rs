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
use auth_protocol::{AppId, TenantId};

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

use crate::{BuildError, Context, Result};

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
        }
    }

    /// Whether more was asked for than the core's settings permit for now.
    pub fn is_limit_reached(&self) -> bool {
        match self {
            #[cfg(feature = "engine")]
            Self::Engine(error) => matches!(error, auth_engine::EngineError::LimitReached { .. }),
            #[cfg(feature = "remote")]
            Self::Remote(error) => error.is_limit_reached(),
        }
    }

    /// Whether the core doesn't have the operation: it is the reference's, or an older one.
    pub(crate) fn is_unknown_operation(&self) -> bool {
        match self {
            #[cfg(feature = "engine")]
            Self::Engine(_) => false,
            #[cfg(feature = "remote")]
            Self::Remote(error) => error.is_not_found(),
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
        }
    }
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
    pub(crate) async fn open(config: CoreConfig) -> Result<Self, BuildError> {
        let kind = match config {
            #[cfg(feature = "engine")]
            CoreConfig::Embedded(config) => {
                Kind::Engine(auth_engine::Engine::open(*config).await.map_err(CoreError::from)?)
            }
            #[cfg(feature = "engine")]
            CoreConfig::Engine(engine) => Kind::Engine(engine),
            #[cfg(feature = "remote")]
            CoreConfig::Remote(config) => Kind::Remote(RemoteCore::new(config)?),
        };
        Ok(Self { kind, app: AppId::default() })
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
        match &self.kind {
            #[cfg(feature = "engine")]
            Kind::Engine(engine) => {
                let scope = TenantScope::new(self.app.clone(), tenant.clone());
                let caller = cx.map(Context::caller).unwrap_or_default();
                Ok(operation.run(engine, caller, &scope).await?)
            }
            // Boxed, so that calls of the embedded engine don't carry its size.
            #[cfg(feature = "remote")]
            Kind::Remote(core) => Ok(Box::pin(core.call(cx, tenant, operation)).await?),
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
