//! A running application, and the clients of it.

use std::{sync::Arc, time::Duration};

use auth_core::{Auth, core::Clock};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{
    Adapter, RunningServer, START_MS, Setup, Storage,
    app::{Probe, Site},
    client::{FrontEnd, Mode, Reply, Req, exchange},
};

/// What a case runs on.
#[derive(Clone)]
pub struct Harness {
    adapter: Arc<dyn Adapter>,
    storage: Storage,
}

/// A running test application.
pub struct App {
    /// The handle.
    pub auth: Auth,
    /// The engine's clock.
    pub clock: Clock,
    /// What the application's handlers see.
    pub probe: Probe,
    server: RunningServer,
    _directory: Option<TempDir>,
}

impl Harness {
    /// An adapter and a storage.
    pub fn new(adapter: Arc<dyn Adapter>, storage: Storage) -> Self {
        Self { adapter, storage }
    }

    /// Starts an application on a fresh database.
    pub async fn start(&self, setup: Setup) -> App {
        let clock = Clock::manual(START_MS);
        let storage = self.storage.open();
        let prefix = setup.prefix();
        let auth = setup.build(storage.config, clock.clone()).await;
        let probe = Probe::default();
        let site = Site::new(auth.clone(), prefix, probe.clone());
        let server = self.adapter.serve(site).await;
        App { auth, clock, probe, server, _directory: storage.directory }
    }

    /// Starts an application with the default configuration.
    pub async fn start_default(&self) -> App {
        self.start(Setup::new()).await
    }
}

impl App {
    /// Sends a request and reads the whole response.
    pub async fn send(&self, request: Req) -> Reply {
        exchange(self.server.address(), request).await
    }

    /// Moves the clock.
    pub fn advance_secs(&self, seconds: u64) {
        self.clock.advance(Duration::from_secs(seconds));
    }

    /// A front end that isn't signed in.
    pub fn front_end(&self, mode: Mode) -> FrontEnd {
        FrontEnd::new(mode, "api.example.com", self.clock.clone())
    }

    /// Starts a session for the user `ada` by a front end of this mode.
    pub async fn sign_in(&self, mode: Mode) -> FrontEnd {
        self.sign_in_with(mode, &json!({})).await.0
    }

    /// Starts a session by `POST /create-session` with this body.
    pub async fn sign_in_with(&self, mode: Mode, body: &Value) -> (FrontEnd, Reply) {
        let mut front_end = self.front_end(mode);
        let reply = front_end.send(self, Req::post("/create-session").json(body)).await;
        assert_eq!(reply.status, 200, "{reply:?}");
        (front_end, reply)
    }
}
