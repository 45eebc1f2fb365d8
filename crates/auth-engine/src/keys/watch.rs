//! What other processes do that concerns keys, found out in the background: they withdraw some, and
//! let an app have tokens that are valid for longer.

use std::{sync::Weak, time::Duration};

use auth_protocol::{AppId, TenantId, TenantScope};

use super::Keys;
use crate::engine::{Inner, Shared};

/// How often each process looks at the keys in the database.
const INTERVAL: Duration = Duration::from_secs(3);

/// Reads the keys that are in use again and again, until the engine is gone.
pub(crate) async fn watch(engine: Weak<Inner>) {
    loop {
        tokio::time::sleep(INTERVAL).await;
        let Some(engine) = engine.upgrade() else { return };
        outlive_tokens(&engine).await;
        engine.keys.look_again().await;
    }
}

/// Keeps keys for the tokens of every app, whatever it has set.
pub(crate) async fn outlive_tokens(engine: &Shared) {
    // Where the database can't be asked, nothing is deleted either.
    let Ok(known) = engine.registry.current(&engine.home_store).await else { return };
    if known.is_plain() {
        return;
    }
    for app in known.apps() {
        let of_app = known.settings(&TenantScope::new(app.clone(), TenantId::default()));
        if !of_app.core_config.contains_key("access_token_validity") {
            continue;
        }
        if let Ok(config) = engine.home_config.with_core_config(&of_app.core_config) {
            engine.keys.outlive(config.access_token_validity);
        }
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
