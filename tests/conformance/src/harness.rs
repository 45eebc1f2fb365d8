//! A running application, and the clients of it.

use std::{sync::Arc, time::Duration};

use auth_core::{
    Auth,
    core::{Clock, CoreConfig},
};
use serde_json::{Value, json};

use crate::{
    Adapter, Data, RunningServer, START_MS, Setup, Storage,
    app::{Probe, Site},
    client::{Connection, FrontEnd, Mode, Reply, Req, exchange_http2},
    transcript::Recorder,
};

/// What a case runs on.
#[derive(Clone)]
pub struct Harness {
    adapter: Arc<dyn Adapter>,
    storage: Storage,
    recorder: Recorder,
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
    recorder: Recorder,
    core: CoreConfig,
    _data: Data,
}

impl Harness {
    /// An adapter and a storage, for one run of a case.
    pub fn new(adapter: Arc<dyn Adapter>, storage: Storage) -> Self {
        Self { adapter, storage, recorder: Recorder::default() }
    }

    /// What the case's applications and clients say.
    pub fn recorder(&self) -> &Recorder {
        &self.recorder
    }

    /// Whether the adapter's server speaks HTTP/2.
    pub fn has_http2(&self) -> bool {
        self.adapter.has_http2()
    }

    /// Whether the adapter's framework shows header lines that aren't text.
    pub fn shows_bytes(&self) -> bool {
        self.adapter.shows_bytes()
    }

    /// Starts an application on a fresh database.
    pub async fn start(&self, setup: Setup) -> App {
        let clock = Clock::manual(START_MS);
        let storage = self.storage.open();
        let (prefix, website) = (setup.prefix(), setup.website());
        let (auth, core) = setup.build(self.storage, storage.config, clock.clone()).await;
        let probe = Probe::default();
        let site = Site::new(auth.clone(), prefix, website, probe.clone());
        let server = self.adapter.serve(site).await;
        let recorder = self.recorder.clone();
        App { auth, clock, probe, server, recorder, core, _data: storage.data }
    }

    /// Starts one more application on the core of another one, with its clock; the engine's settings are
    /// those of that one.
    pub async fn start_beside(&self, app: &App, setup: Setup) -> App {
        let (prefix, website) = (setup.prefix(), setup.website());
        let auth = setup.build_on(app.core.clone()).await;
        let probe = Probe::default();
        let site = Site::new(auth.clone(), prefix, website, probe.clone());
        App {
            auth,
            clock: app.clock.clone(),
            probe,
            server: self.adapter.serve(site).await,
            recorder: self.recorder.clone(),
            core: app.core.clone(),
            _data: Data::Memory,
        }
    }

    /// Starts an application with the default configuration.
    pub async fn start_default(&self) -> App {
        self.start(Setup::new()).await
    }
}

impl App {
    /// Sends a request on a connection of its own and reads the whole response, which the
    /// transcript keeps.
    pub async fn send(&self, request: Req) -> Reply {
        let place = self.recorder.begin(format!("{} {}", request.method, request.target));
        let request = request.header("connection", "close");
        let reply = self.connect().await.send(&request).await;
        self.recorder.end(place, reply.clone());
        reply
    }

    /// Opens a connection of which the transcript keeps nothing.
    pub async fn connect(&self) -> Connection {
        Connection::over(self.server.connect().await)
    }

    /// Sends a request by HTTP/2, of which the transcript keeps nothing.
    pub async fn send_http2(&self, request: &Req) -> Reply {
        exchange_http2(self.server.connect().await, request).await
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
