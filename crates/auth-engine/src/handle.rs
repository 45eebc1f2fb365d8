//! How an operation is answered.

use auth_protocol::{Operation, TenantScope};

use crate::EngineError;

/// Says of which operations an [`Engine`](crate::Engine) answers: all that it serves. They are asked
/// for by [`Engine::handle`](crate::Engine::handle), which also counts them.
pub trait Handle<O: Operation> {
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
