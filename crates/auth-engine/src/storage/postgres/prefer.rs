//! `sslmode=prefer`: encrypted where the server lets us in that way, and otherwise not.

use deadpool_postgres::{ConfigConnectImpl, Connect};
use futures_util::future::BoxFuture;
use tokio::task::JoinHandle;
use tokio_postgres::{Client, Config, Error, NoTls, config::SslMode, error::SqlState};
use tokio_postgres_rustls::MakeRustlsConnect;

/// Connects a second time without encryption, where the server has refused the first for its sake:
/// its `pg_hba.conf` may have `hostnossl` rules only.
pub(super) struct Prefer {
    encrypted: ConfigConnectImpl<MakeRustlsConnect>,
}

impl Prefer {
    pub(super) fn new(tls: MakeRustlsConnect) -> Self {
        Self { encrypted: ConfigConnectImpl { tls } }
    }
}

impl Connect for Prefer {
    fn connect(&self, config: &Config) -> BoxFuture<'_, Result<(Client, JoinHandle<()>), Error>> {
        let encrypted = self.encrypted.connect(config);
        let mut config = config.clone();
        config.ssl_mode(SslMode::Disable);
        Box::pin(async move {
            let refusal = match encrypted.await {
                Err(error) if is_refused(&error) => error,
                result => return result,
            };
            match (ConfigConnectImpl { tls: NoTls }).connect(&config).await {
                // It wasn't for the encryption, and the first refusal says more.
                Err(error) if is_refused(&error) => Err(refusal),
                result => result,
            }
        })
    }
}

/// Whether no rule of the server's lets the connection in. A wrong password has a code of its own,
/// and isn't sent again.
fn is_refused(error: &Error) -> bool {
    error.code() == Some(&SqlState::INVALID_AUTHORIZATION_SPECIFICATION)
}
