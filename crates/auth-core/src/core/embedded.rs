//! Operations answered by the engine in this process: no JSON, no copy, no network.

use auth_engine::{Answers, Engine, EngineError};
use auth_protocol::{Caller, Operation, TenantScope};

/// An operation that every kind of core in this build can answer.
pub trait CoreOperation: Operation {
    /// Lets the embedded engine answer, for a caller whom its audit log names.
    fn run(
        self,
        engine: &Engine,
        caller: Caller,
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
        caller: Caller,
        scope: &TenantScope,
    ) -> impl Future<Output = Result<Self::Response, EngineError>> + Send {
        engine.handle_for(caller, scope, self)
    }
}
