//! Operations answered by the engine in this process: no JSON, no copy, no network.

use auth_engine::{Answers, Engine, EngineError};
use auth_protocol::{Operation, TenantScope};

/// An operation that every kind of core in this build can answer.
pub trait CoreOperation: Operation {
    /// Lets the embedded engine answer.
    fn run(
        self,
        engine: &Engine,
        scope: &TenantScope,
    ) -> impl Future<Output = Result<Self::Response, EngineError>> + Send;
}

impl<O: Operation> CoreOperation for O
where
    Engine: Answers<O>,
{
    fn run(
        self,
        engine: &Engine,
        scope: &TenantScope,
    ) -> impl Future<Output = Result<Self::Response, EngineError>> + Send {
        engine.handle(scope, self)
    }
}
