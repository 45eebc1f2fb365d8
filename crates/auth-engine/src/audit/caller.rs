//! For whom an operation is carried out.

use std::sync::Arc;

use auth_protocol::{Caller, Operation, TenantScope};

use crate::{Answers, Engine, EngineError};

tokio::task_local! {
    /// Set while an operation is carried out. The bodies of transactions run elsewhere: a handler
    /// reads it before it begins one.
    static CALLER: Arc<Caller>;
}

impl Engine {
    /// As [`Self::handle`], for a caller of whom more is known: what is written down in the audit log
    /// names it. It decides nothing.
    ///
    /// # Errors
    /// As [`Self::handle`].
    pub fn handle_for<O: Operation>(
        &self,
        caller: Caller,
        scope: &TenantScope,
        operation: O,
    ) -> impl Future<Output = Result<O::Response, EngineError>> + Send
    where
        Self: Answers<O>,
    {
        // Boxed, so that who awaits it doesn't carry the size of the engine's futures.
        CALLER.scope(Arc::new(caller), Box::pin(self.handle(scope, operation)))
    }
}

/// Who asked for the operation that this task carries out.
pub(super) fn current() -> Arc<Caller> {
    CALLER.try_with(Arc::clone).unwrap_or_default()
}
