//! The pool of connections.

use std::{env, time::Duration};

use deadpool_postgres::{
    Client, Hook, HookError, Manager, ManagerConfig, Pool, PoolError, RecyclingMethod, Runtime,
    TimeoutType, Timeouts,
};
use tokio_postgres::NoTls;

use super::{error, prefer::Prefer, tls};
use crate::{EngineConfig, EngineError, PostgresUrl, postgres_url::TlsMode};

/// How long the server may take to let a new connection in, unless `connect_timeout` in the URL
/// says otherwise.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// After this long a connection without traffic is checked by the operating system.
const KEEPALIVE: Duration = Duration::from_secs(30);

/// Makes the pool, without a connection so far.
pub(super) fn make(url: &PostgresUrl, config: &EngineConfig) -> Result<Pool, EngineError> {
    let mut postgres = *url.config.clone();
    if postgres.get_application_name().is_none() {
        postgres.application_name("auth-engine");
    }
    // As libpq does, so that a URL on a command line need not show the password.
    if postgres.get_password().is_none()
        && let Ok(password) = env::var("PGPASSWORD")
    {
        postgres.password(password);
    }
    let connect_timeout = postgres.get_connect_timeout().copied().unwrap_or(CONNECT_TIMEOUT);
    postgres.connect_timeout(connect_timeout).keepalives_idle(KEEPALIVE);
    let settings = session_settings(config);
    let after_connecting =
        Hook::async_fn(move |client: &mut deadpool_postgres::ClientWrapper, _| {
            let settings = settings.clone();
            Box::pin(
                async move { client.batch_execute(&settings).await.map_err(HookError::Backend) },
            )
        });
    let options = ManagerConfig { recycling_method: RecyclingMethod::Fast };
    let manager = match url.tls {
        TlsMode::Disable => Manager::from_config(postgres, NoTls, options),
        TlsMode::Prefer => {
            Manager::from_connect(postgres, Prefer::new(tls::connector(url)?), options)
        }
        _ => Manager::from_config(postgres, tls::connector(url)?, options),
    };
    Pool::builder(manager)
        .max_size(config.database_pool_size)
        .timeouts(Timeouts {
            wait: Some(config.database_busy_timeout),
            create: Some(connect_timeout),
            recycle: None,
        })
        .post_create(after_connecting)
        .runtime(Runtime::Tokio1)
        .build()
        .map_err(|error| EngineError::Internal(error.to_string()))
}

/// The server's own limits, so that it stops working for a caller who has given up.
fn session_settings(config: &EngineConfig) -> String {
    // 0 would mean no limit.
    let ms = |duration: Duration| duration.as_millis().clamp(1, i32::MAX as u128);
    format!(
        "SET statement_timeout = {operation}; SET lock_timeout = {lock}; \
         SET idle_in_transaction_session_timeout = {operation}",
        operation = ms(config.database_operation_timeout),
        lock = ms(config.database_busy_timeout),
    )
}

/// Why there is no connection.
pub(super) enum NoConnection {
    /// The server refused it, or can't be reached.
    Refused(tokio_postgres::Error),
    /// Something on this side.
    Here(EngineError),
}

/// Takes a connection, and waits for one no longer than is configured.
pub(super) async fn get(pool: &Pool) -> Result<Client, NoConnection> {
    pool.get().await.map_err(|error| match error {
        PoolError::Backend(error) | PoolError::PostCreateHook(HookError::Backend(error)) => {
            NoConnection::Refused(error)
        }
        PoolError::Closed => NoConnection::Here(EngineError::ShuttingDown),
        PoolError::Timeout(TimeoutType::Wait) => NoConnection::Here(error::unavailable(format!(
            "all {} connections were in use for longer than `database_busy_timeout`; raise \
             `database_pool_size` if the server has more",
            pool.status().max_size
        ))),
        PoolError::Timeout(_) => {
            NoConnection::Here(error::unavailable("the server didn't answer in time"))
        }
        error @ (PoolError::NoRuntimeSpecified | PoolError::PostCreateHook(_)) => {
            NoConnection::Here(EngineError::Internal(error.to_string()))
        }
    })
}
