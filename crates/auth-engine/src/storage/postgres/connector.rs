//! Opening a connection, and what is looked at before it is used.

use std::sync::Arc;

use deadpool_postgres::{ClientWrapper, ConfigConnectImpl, Connect, HookError};
use futures_util::future::BoxFuture;
use tokio::task::JoinHandle;
use tokio_postgres::{Client, Config, Error, NoTls, SimpleQueryMessage};

use super::{
    budget::Budget,
    pooling::{MARK, Pooling, refuses_options},
    prefer::Prefer,
    tls,
};
use crate::{ConfigError, PostgresUrl, postgres_url::TlsMode};

/// Why a connection to a standby isn't used.
pub(super) const STANDBY: &str = "the server is a standby, which takes no writes";

/// Opens connections by libpq's rules for `sslmode`, with the limits for the server; where a pooler
/// refuses these, without them.
pub(super) struct Connector {
    way: Box<dyn Connect>,
    pooling: Arc<Pooling>,
    budget: Option<Budget>,
}

type Connected = Result<(Client, JoinHandle<()>), Error>;

impl Connector {
    pub(super) fn new(
        url: &PostgresUrl,
        pooling: Arc<Pooling>,
        budget: Option<Budget>,
    ) -> Result<Self, ConfigError> {
        let way: Box<dyn Connect> = match url.tls {
            TlsMode::Disable => Box::new(ConfigConnectImpl { tls: NoTls }),
            TlsMode::Prefer => Box::new(Prefer::new(tls::connector(url)?)),
            _ => Box::new(ConfigConnectImpl { tls: tls::connector(url)? }),
        };
        Ok(Self { way, pooling, budget })
    }

    fn open(&self, config: &Config) -> BoxFuture<'_, Connected> {
        let Some(options) = self.pooling.startup_options() else {
            return self.way.connect(config);
        };
        let mut with_options = config.clone();
        with_options.options(match config.get_options() {
            Some(others) => format!("{others} {options}"),
            None => options,
        });
        let config = config.clone();
        Box::pin(async move {
            let refusal = match self.way.connect(&with_options).await {
                Err(error) if refuses_options(&error) => error,
                result => return result,
            };
            match self.way.connect(&config).await {
                // It wasn't for the limits.
                Err(error) if refuses_options(&error) => Err(refusal),
                Err(error) => Err(error),
                Ok(connected) => {
                    self.pooling.found("it refuses settings in the opening of a connection");
                    Ok(connected)
                }
            }
        })
    }
}

impl Connect for Connector {
    fn connect(&self, config: &Config) -> BoxFuture<'_, Connected> {
        let connecting = self.open(config);
        let Some(budget) = &self.budget else { return connecting };
        Box::pin(async move {
            let (client, connection) = connecting.await?;
            // Never closed.
            let place = budget.place().await.ok();
            // It is given up when the connection ends, or when the client is let go.
            let connection = tokio::spawn(async move {
                let _place = place;
                let _ = connection.await;
            });
            Ok((client, connection))
        })
    }
}

/// Looks at a new connection: whether it leads to a server that takes writes, and whether that
/// server knows what was sent to it.
pub(super) async fn look_at(client: &ClientWrapper, pooling: &Pooling) -> Result<(), HookError> {
    if let Some(settings) = pooling.session_settings() {
        client.batch_execute(&settings).await.map_err(HookError::Backend)?;
    }
    let sql = format!(
        "SELECT pg_is_in_recovery() AS is_standby, current_setting('{MARK}', true) AS mark"
    );
    let answer = client.simple_query(&sql).await.map_err(HookError::Backend)?;
    let row = answer.iter().find_map(|message| match message {
        SimpleQueryMessage::Row(row) => Some(row),
        _ => None,
    });
    if row.is_some_and(|row| row.get("is_standby") == Some("t")) {
        return Err(HookError::message(STANDBY));
    }
    let is_marked = row.is_some_and(|row| row.get("mark") == Some("on"));
    if !is_marked && pooling.startup_options().is_some() {
        pooling.found("settings in the opening of a connection don't reach the server");
    }
    Ok(())
}
