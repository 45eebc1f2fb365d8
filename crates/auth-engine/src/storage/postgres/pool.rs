//! The pool of connections.

use std::{env, sync::Arc, time::Duration};

use deadpool_postgres::{
    Client, Hook, HookError, Manager, ManagerConfig, Pool, PoolError, RecyclingMethod, Runtime,
    TimeoutType, Timeouts,
};

use super::{
    connector::{self, Connector},
    error,
    pooling::Pooling,
};
use crate::{EngineConfig, EngineError, PostgresUrl, storage::Connections};

/// How long the server may take to let a new connection in, unless `connect_timeout` in the URL
/// says otherwise.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// After this long a connection without traffic is checked by the operating system.
const KEEPALIVE: Duration = Duration::from_secs(30);

/// Makes the pool, without a connection so far.
pub(super) fn make(
    url: &PostgresUrl,
    config: &EngineConfig,
    connections: &Connections,
    pooling: Arc<Pooling>,
) -> Result<Pool, EngineError> {
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
    // The first of several hosts may be silent.
    let hosts = u32::try_from(postgres.get_hosts().len()).unwrap_or(u32::MAX);
    let options = ManagerConfig { recycling_method: RecyclingMethod::Fast };
    let connector = Connector::new(url, Arc::clone(&pooling), connections.budget.clone())?;
    let after_connecting = Hook::async_fn(move |client, _| {
        let pooling = Arc::clone(&pooling);
        Box::pin(async move { connector::look_at(client, &pooling).await })
    });
    let pool = Pool::builder(Manager::from_connect(postgres, connector, options))
        .max_size(connections.most)
        .timeouts(Timeouts {
            wait: Some(config.database_busy_timeout),
            // The wait for a place among all connections is part of it.
            create: Some(connect_timeout.saturating_mul(hosts)),
            recycle: None,
        })
        .post_create(after_connecting)
        .runtime(Runtime::Tokio1)
        .build()
        .map_err(|error| EngineError::Internal(error.to_string()))?;
    if let Some(budget) = &connections.budget {
        budget.add(&pool);
    }
    Ok(pool)
}

/// Why there is no connection.
pub(super) enum NoConnection {
    /// The server refused it, or can't be reached.
    Refused(tokio_postgres::Error),
    /// The server takes no writes.
    Standby,
    /// Something on this side.
    Here(EngineError),
}

/// Takes a connection, and waits for one no longer than is configured.
pub(super) async fn get(pool: &Pool) -> Result<Client, NoConnection> {
    pool.get().await.map_err(|error| match error {
        PoolError::Backend(error) | PoolError::PostCreateHook(HookError::Backend(error)) => {
            match error::is_from_standby(&error) {
                true => NoConnection::Standby,
                false => NoConnection::Refused(error),
            }
        }
        PoolError::PostCreateHook(HookError::Message(_)) => NoConnection::Standby,
        PoolError::Closed => NoConnection::Here(EngineError::ShuttingDown),
        PoolError::Timeout(TimeoutType::Wait) => NoConnection::Here(error::unavailable(format!(
            "all {} connections were in use for longer than `database_busy_timeout`; raise \
             `database_pool_size` if the server has more",
            pool.status().max_size
        ))),
        PoolError::Timeout(_) => NoConnection::Here(error::unavailable(
            "the server didn't answer in time, or all connections to databases of tenants were in \
             use (`tenant_databases_max_connections`)",
        )),
        error @ PoolError::NoRuntimeSpecified => {
            NoConnection::Here(EngineError::Internal(error.to_string()))
        }
    })
}

/// Closes the connections that nobody uses.
pub(super) fn let_go(pool: &Pool) {
    drop(pool.retain(|_, _| false));
}
