//! The core: what keeps users and sessions.

#[cfg(feature = "embedded")]
mod embedded;

use auth_protocol::{AppId, TenantId, TenantScope};

#[cfg(feature = "embedded")]
pub use auth_engine::{Clock, EngineConfig};
#[cfg(feature = "embedded")]
pub use embedded::CoreOperation;

use crate::Result;

/// Which core an application uses.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum CoreConfig {
    /// The engine, in this process.
    #[cfg(feature = "embedded")]
    Embedded(Box<EngineConfig>),
    /// An engine that is open already, shared with another handle.
    #[cfg(feature = "embedded")]
    Engine(auth_engine::Engine),
}

#[cfg(feature = "embedded")]
impl From<EngineConfig> for CoreConfig {
    fn from(config: EngineConfig) -> Self {
        Self::Embedded(Box::new(config))
    }
}

#[cfg(feature = "embedded")]
impl From<auth_engine::Engine> for CoreConfig {
    fn from(engine: auth_engine::Engine) -> Self {
        Self::Engine(engine)
    }
}

/// The core could not answer.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CoreError {
    /// The embedded engine could not answer.
    #[cfg(feature = "embedded")]
    #[error(transparent)]
    Engine(#[from] auth_engine::EngineError),
}

impl CoreError {
    /// What the caller did wrong, where it was the caller: the core's own words.
    pub fn bad_request(&self) -> Option<String> {
        match self {
            #[cfg(feature = "embedded")]
            Self::Engine(
                error @ (auth_engine::EngineError::BadRequest(_)
                | auth_engine::EngineError::TenantOrAppNotFound(_)),
            ) => Some(error.to_string()),
            #[cfg(feature = "embedded")]
            Self::Engine(_) => None,
        }
    }

    /// Whether the same request may succeed a little later: the core's database can't be reached
    /// or is overloaded, or the core is being shut down.
    pub fn is_unavailable(&self) -> bool {
        match self {
            #[cfg(feature = "embedded")]
            Self::Engine(error) => error.is_unavailable(),
        }
    }
}

/// A core in use.
#[derive(Clone, Debug)]
pub struct Core {
    kind: Kind,
    app: AppId,
}

#[derive(Clone, Debug)]
enum Kind {
    #[cfg(feature = "embedded")]
    Engine(auth_engine::Engine),
}

impl Core {
    pub(crate) async fn open(config: CoreConfig) -> Result<Self, CoreError> {
        let kind = match config {
            #[cfg(feature = "embedded")]
            CoreConfig::Embedded(config) => Kind::Engine(auth_engine::Engine::open(*config).await?),
            #[cfg(feature = "embedded")]
            CoreConfig::Engine(engine) => Kind::Engine(engine),
        };
        Ok(Self { kind, app: AppId::default() })
    }

    /// Asks the core for one operation.
    ///
    /// # Errors
    /// [`CoreError`] where the core refuses the request's form or can't answer; expected outcomes
    /// such as wrong credentials are variants of the response.
    #[cfg(feature = "embedded")]
    pub async fn call<O: CoreOperation>(
        &self,
        tenant: &TenantId,
        operation: O,
    ) -> Result<O::Response, CoreError> {
        let scope = TenantScope::new(self.app.clone(), tenant.clone());
        match &self.kind {
            Kind::Engine(engine) => Ok(operation.run(engine, &scope).await?),
        }
    }

    /// The current time in milliseconds since the epoch, by the core's clock.
    pub fn now_ms(&self) -> i64 {
        match &self.kind {
            #[cfg(feature = "embedded")]
            Kind::Engine(engine) => engine.clock().now_ms(),
        }
    }

    /// Stops background work and waits until everything acknowledged is on disk.
    pub async fn shutdown(&self) {
        match &self.kind {
            #[cfg(feature = "embedded")]
            Kind::Engine(engine) => engine.shutdown().await,
        }
    }
}
