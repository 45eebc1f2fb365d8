//! How an operation is answered.

use auth_protocol::{Operation, TenantScope};

use crate::{Engine, EngineError, placement::Placed};

/// Carries an operation out: one implementation for each operation, in its own file.
pub(crate) trait Handle<O: Operation> {
    /// Carries the operation out in an app and tenant.
    ///
    /// What the wire reports with HTTP 200 is in the response's variants. An error means that the
    /// operation was refused or couldn't be done, and that nothing was written.
    fn handle(
        &self,
        scope: &TenantScope,
        operation: O,
    ) -> impl Future<Output = Result<O::Response, EngineError>> + Send;
}

/// Says of which operations an [`Engine`] answers: all that it serves. The one way to ask for them
/// is [`Engine::handle`], which counts each and gives it a span.
///
/// ```
/// use auth_engine::{Answers, Engine, EngineError};
/// use auth_protocol::{Operation, TenantScope};
///
/// async fn ask<O: Operation>(engine: &Engine, operation: O) -> Result<O::Response, EngineError>
/// where
///     Engine: Answers<O>,
/// {
///     engine.handle(&TenantScope::default(), operation).await
/// }
/// ```
pub trait Answers<O: Operation> {
    #[doc(hidden)]
    fn carry_out(
        &self,
        scope: &TenantScope,
        operation: O,
        counted: counted::Counted,
    ) -> impl Future<Output = Result<O::Response, EngineError>> + Send;
}

impl<O: Placed> Answers<O> for Engine
where
    Self: Handle<O>,
{
    fn carry_out(
        &self,
        scope: &TenantScope,
        operation: O,
        _counted: counted::Counted,
    ) -> impl Future<Output = Result<O::Response, EngineError>> + Send {
        Placed::carry_out(operation, self, scope)
    }
}

/// What only this crate can make, so that nobody else calls or implements
/// [`carry_out`](Answers::carry_out).
pub(crate) mod counted {
    /// A proof that the operation is counted.
    #[derive(Debug)]
    pub struct Counted(pub(crate) ());
}
