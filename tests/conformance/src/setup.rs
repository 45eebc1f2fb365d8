//! What a case wants of its application.

use std::net::Ipv4Addr;

use auth_core::{
    AppInfo, Auth, AuthBuilder,
    core::{Clock, CoreConfig, EngineConfig, RemoteConfig},
    protocol::{AppId, CdiVersion},
    recipes::session::{AllowedTransferMethod, SessionRecipe},
};
use auth_engine::{Engine, PasswordHashingConfig, SigningAlgorithm};
use auth_server::{ApiKeys, Server, ServerConfig, Versions};
use tokio::net::TcpListener;

use crate::{Storage, client::Mode};

/// When every case begins, in milliseconds since the epoch.
pub const START_MS: i64 = 1_700_000_000_000;

/// The configuration of one application. Unless a case says otherwise, API and website are
/// `https://api.example.com` and `https://www.example.com`, and everything else is at its default,
/// but for access tokens of exactly one hour, signed by Ed25519 because its keys are made quickly,
/// and for password hashes that cost little.
pub struct Setup {
    app_info: AppInfo,
    prefix: &'static str,
    website: Option<&'static str>,
    session: SessionRecipe,
    algorithm: SigningAlgorithm,
    engine: Box<dyn FnOnce(EngineConfig) -> EngineConfig>,
    recipes: Box<dyn FnOnce(AuthBuilder) -> AuthBuilder>,
    served: Option<Served>,
    app_id: AppId,
}

/// How a core is served, and asked.
struct Served {
    versions: Versions,
    ask: Box<dyn FnOnce(RemoteConfig) -> RemoteConfig>,
}

impl Default for Served {
    fn default() -> Self {
        Self { versions: Versions::default(), ask: Box::new(|config| config) }
    }
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            app_info: AppInfo::new(
                "Conformance",
                "https://api.example.com",
                "https://www.example.com",
            ),
            prefix: "",
            website: None,
            session: SessionRecipe::new(),
            algorithm: SigningAlgorithm::EdDsa,
            engine: Box::new(|config| config),
            recipes: Box::new(|builder| builder),
            served: None,
            app_id: AppId::default(),
        }
    }
}

impl Setup {
    /// The defaults.
    pub fn new() -> Self {
        Self::default()
    }

    /// API and website on two sites, so that cookies are `SameSite=None`.
    pub fn two_sites() -> Self {
        Self::new().domains("https://api.example.com", "https://www.example.org")
    }

    /// Sets both domains.
    #[must_use]
    pub fn domains(self, api: &str, website: &str) -> Self {
        self.app_info(AppInfo::new("Conformance", api, website))
    }

    /// Sets everything about the application.
    #[must_use]
    pub fn app_info(mut self, app_info: AppInfo) -> Self {
        self.app_info = app_info;
        self
    }

    /// Mounts the application below a path; those in [`AppInfo`] are whole ones.
    #[must_use]
    pub fn mounted_below(mut self, prefix: &'static str) -> Self {
        self.prefix = prefix;
        self
    }

    /// Lets this website use the application with credentials, by CORS.
    #[must_use]
    pub fn cors(mut self, website: &'static str) -> Self {
        self.website = Some(website);
        self
    }

    pub(crate) fn website(&self) -> Option<&'static str> {
        self.website
    }

    pub(crate) fn prefix(&self) -> &'static str {
        self.prefix
    }

    /// Configures sessions.
    #[must_use]
    pub fn session(mut self, configure: impl FnOnce(SessionRecipe) -> SessionRecipe) -> Self {
        self.session = configure(self.session);
        self
    }

    /// Reads tokens in one way only, in whichever way they were given out.
    #[must_use]
    pub fn reading_tokens_by(self, mode: Mode) -> Self {
        let allowed = match mode {
            Mode::Cookie => AllowedTransferMethod::Cookie,
            Mode::Header => AllowedTransferMethod::Header,
        };
        self.session(|session| {
            session.get_token_transfer_method(move |_, creating| match creating {
                true => AllowedTransferMethod::Any,
                false => allowed,
            })
        })
    }

    /// Signs access tokens by another algorithm.
    #[must_use]
    pub fn signing_algorithm(mut self, algorithm: SigningAlgorithm) -> Self {
        self.algorithm = algorithm;
        self
    }

    /// Configures the engine.
    #[must_use]
    pub fn engine(
        mut self,
        configure: impl FnOnce(EngineConfig) -> EngineConfig + 'static,
    ) -> Self {
        self.engine = Box::new(configure);
        self
    }

    /// Adds recipes after the session's.
    #[must_use]
    pub fn recipes(mut self, add: impl FnOnce(AuthBuilder) -> AuthBuilder + 'static) -> Self {
        self.recipes = Box::new(add);
        self
    }

    /// Has the core at the other end of a socket on every storage, where it speaks no newer version
    /// than this, and is asked in the way that the closure makes of the usual one.
    #[must_use]
    pub fn served(
        mut self,
        newest: CdiVersion,
        ask: impl FnOnce(RemoteConfig) -> RemoteConfig + 'static,
    ) -> Self {
        let versions = Versions { min: None, max: Some(newest) };
        self.served = Some(Served { versions, ask: Box::new(ask) });
        self
    }

    /// Is another app of the core, which must be there.
    #[must_use]
    pub fn app_id(mut self, app_id: &str) -> Self {
        self.app_id = AppId::new(app_id);
        self
    }

    /// Makes the handle, on an engine with this clock; and what a second handle is made on.
    pub async fn build(
        mut self,
        storage: Storage,
        config: EngineConfig,
        clock: Clock,
    ) -> (Auth, CoreConfig) {
        let core = self.open_core(storage, config, clock).await;
        (self.build_on(core.clone()).await, core)
    }

    /// Makes the handle on the core of another one.
    pub async fn build_on(self, core: CoreConfig) -> Auth {
        let builder =
            Auth::builder(self.app_info).core(core).app_id(self.app_id).recipe(self.session);
        (self.recipes)(builder).build().await.expect("the configuration is right")
    }

    async fn open_core(
        &mut self,
        storage: Storage,
        config: EngineConfig,
        clock: Clock,
    ) -> CoreConfig {
        let configure = std::mem::replace(&mut self.engine, Box::new(|config| config));
        let config = config
            .clock(clock.clone())
            .signing_algorithm(self.algorithm)
            .password_hashing(PasswordHashingConfig {
                memory_kib: 64,
                iterations: 1,
                ..PasswordHashingConfig::default()
            })
            .access_token_validity_jitter(0.0);
        let engine = Engine::open(configure(config)).await.expect("the engine opens");
        match (self.served.take(), storage) {
            (Some(served), _) => serve(engine, clock, served).await.into(),
            (None, Storage::Remote) => serve(engine, clock, Served::default()).await.into(),
            (None, _) => engine.into(),
        }
    }
}

/// Serves an engine on a loopback address for as long as the case's runtime is there.
async fn serve(engine: Engine, clock: Clock, served: Served) -> RemoteConfig {
    const KEY: &str = "conformance-suite-key";
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a free port");
    let address = listener.local_addr().expect("an address");
    let keys = ApiKeys::parse(KEY).expect("a key");
    let config = ServerConfig::new().api_keys(keys).versions(served.versions);
    let server = Server::new(engine, config);
    tokio::spawn(async move { server.serve(listener, std::future::pending()).await });
    let config = RemoteConfig::new(format!("http://{address}"));
    (served.ask)(config.api_key(KEY).clock(move || clock.now_ms()))
}
