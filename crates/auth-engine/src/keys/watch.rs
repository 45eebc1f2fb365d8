//! Keys that another process has withdrawn, found out in the background.

use std::{sync::Weak, time::Duration};

use auth_protocol::AppId;

use super::Keys;
use crate::engine::Inner;

/// How often each process looks at the keys in the database.
const INTERVAL: Duration = Duration::from_secs(3);

/// Reads the keys that are in use again and again, until the engine is gone.
pub(crate) async fn watch(engine: Weak<Inner>) {
    loop {
        tokio::time::sleep(INTERVAL).await;
        let Some(engine) = engine.upgrade() else { return };
        engine.keys.look_again().await;
    }
}

impl Keys {
    async fn look_again(&self) {
        let apps: Vec<AppId> = self.apps.read().keys().cloned().collect();
        for app in apps {
            // Those that are known go on being used where the database can't be asked.
            if let Err(error) = self.reloaded(&app).await {
                tracing::debug!(%app, %error, "the signing keys could not be looked at");
            }
        }
    }
}
