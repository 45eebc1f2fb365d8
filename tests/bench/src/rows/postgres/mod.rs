//! PostgreSQL: what the engine does against the same statements through tokio-postgres alone, on
//! one durable server that shares the processors with whoever asks it. Rates are compared, because
//! most of the work is the server's.

mod bare;
mod rate;

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    thread,
};

use auth_core::{
    AppInfo, Auth,
    core::{EngineConfig, PasswordHashingConfig},
    protocol::{
        TenantId,
        emailpassword::{SignUp, SignUpResponse},
    },
    recipes::{
        emailpassword::EmailPasswordRecipe,
        session::{
            GetSessionWithoutRequestResponseInput, NewSessionInput, SessionOptions, SessionRecipe,
        },
    },
};
use auth_jwt::{Algorithm, Header, SigningKey};
use serde_json::json;
use test_postgres::{Durability, MISSING, Server};
use tokio::runtime::Runtime;

use self::{bare::Bare, rate::rate};
use super::{TURNS, Turn, first_framework, median};
use crate::{
    Outcome,
    client::{Connection, request},
    process::{self, Start},
    report::Row,
};

const REFRESH: &str = "refresh over HTTP, PostgreSQL, durable";
const SIGN_UP: &str = "sign-up, PostgreSQL, durable";
const CHECKED: &str = "session checked in the database, PostgreSQL";

/// As many as the engine's pool has connections.
const CALLERS: u32 = 16;

/// Connections of the client over HTTP.
const CONNECTIONS: usize = 32;

const BUDGET: f64 = 0.7;

/// The rows that are wanted; none where PostgreSQL isn't installed.
pub(crate) fn postgres(seconds: f64, is_wanted: impl Fn(&str) -> bool) -> Outcome<Vec<Row>> {
    let wanted: Vec<_> =
        [REFRESH, SIGN_UP, CHECKED].into_iter().filter(|name| is_wanted(name)).collect();
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    let Some(server) = Server::start(Durability::Full) else {
        println!("skipped: {}: {MISSING}", wanted.join("; "));
        return Ok(Vec::new());
    };
    let cores = thread::available_parallelism()?.get();
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(cores).enable_all().build()?;
    let bench = Bench { server, runtime, cores, seconds };
    let row = |name| match name {
        REFRESH => refresh(&bench),
        SIGN_UP => sign_up(&bench),
        _ => checked(&bench),
    };
    wanted.into_iter().map(row).collect()
}

struct Bench {
    server: Server,
    runtime: Runtime,
    cores: usize,
    seconds: f64,
}

impl Bench {
    /// The URL of a new database.
    fn database(&self, name: &str) -> String {
        self.server.psql("postgres", &format!("CREATE DATABASE {name}"));
        self.server.url(name)
    }

    /// Connections to a database, each of them with something.
    fn bare<S>(&self, url: &str, with: impl Fn(u32) -> S) -> Outcome<Vec<(Bare, S)>> {
        self.runtime.block_on(async {
            let mut all = Vec::new();
            for number in 1..=CALLERS {
                all.push((Bare::connect(url).await?, with(number)));
            }
            Ok(all)
        })
    }

    /// The engine in this process, on a database.
    fn auth(&self, url: &str) -> Outcome<Auth> {
        // A password costs next to nothing, so that the storage shows.
        let cheap = PasswordHashingConfig {
            memory_kib: 8,
            iterations: 1,
            parallelism: 1,
            ..PasswordHashingConfig::default()
        };
        let auth = Auth::builder(AppInfo::new("bench", "http://localhost", "http://localhost"))
            .core(EngineConfig::new(url.parse()?).password_hashing(cheap))
            .recipe(EmailPasswordRecipe::new())
            .recipe(SessionRecipe::new());
        Ok(self.runtime.block_on(auth.build())?)
    }
}

/// Rates that were measured by turns, and the row that they make.
#[derive(Default)]
struct Rates {
    engine: Vec<f64>,
    bare: Vec<f64>,
}

impl Rates {
    fn row(&self, name: &str, note: &str) -> Row {
        let ratios = self.engine.iter().zip(&self.bare).map(|(engine, bare)| engine / bare);
        Row {
            name: name.into(),
            unit: "of tokio-postgres",
            measured: median(ratios),
            budget: Some(BUDGET),
            at_least: true,
            note: format!(
                "{:.0}/s against {:.0}/s{note}",
                median(self.engine.iter().copied()),
                median(self.bare.iter().copied()),
            ),
        }
    }
}

fn refresh(bench: &Bench) -> Outcome<Row> {
    let url = bench.database("refresh");
    let sessions = TURNS * CONNECTIONS;
    let start =
        Start { threads: bench.cores, sessions, database: Some(url.clone()), ..Start::default() };
    let server = process::Server::start(first_framework()?, &start)?;
    let mut tokens = server.refresh_tokens()?;
    // Sessions of their own for the bare connections.
    let sessions = format!(
        "INSERT INTO session_info SELECT app_id, tenant_id, 'bare-' || n, user_id, \
         refresh_token_hash_2, session_data, expires_at, created_at_time, jwt_user_payload, \
         use_static_key, NULL, NULL \
         FROM (SELECT * FROM session_info LIMIT 1) AS one, generate_series(1, {CALLERS}) AS n"
    );
    bench.server.psql("refresh", &sessions);
    let key = Arc::new(SigningKey::generate(Algorithm::Rs256)?);
    let mut bare = bench.bare(&url, |number| (format!("bare-{number}"), Arc::clone(&key)))?;
    let mut rates = Rates::default();
    for _ in 0..TURNS {
        let turn = rate(bare, bench.seconds, |(bare, (handle, key))| {
            Box::pin(async move {
                bare.refresh(handle).await?;
                let key = Arc::clone(key);
                // As the engine does, because it takes a while.
                Ok(tokio::task::spawn_blocking(move || sign(&key)).await??)
            })
        });
        let (each, again) = bench.runtime.block_on(turn)?;
        bare = again;
        rates.bare.push(each);
        let workers = (0..CONNECTIONS)
            .filter_map(|_| tokens.pop())
            .map(|mut token| {
                move |connection: &mut Connection| {
                    let request = request("POST", "/auth/session/refresh", Some(&token), "");
                    let answer = connection.send(&request)?;
                    token = answer.refresh_token.ok_or("no refresh token came back")?;
                    Ok(())
                }
            })
            .collect();
        rates.engine.push(Turn::run(&server, server.address, bench.seconds, workers)?.rate);
    }
    let note = format!(
        " with one RS256 signature each; {CONNECTIONS} HTTP connections, {CALLERS} to the database"
    );
    Ok(rates.row(REFRESH, &note))
}

/// A token as large as a session's.
fn sign(key: &SigningKey) -> Result<(), auth_jwt::JwtError> {
    let claims = json!({ "sub": "user-0", "text": "x".repeat(300) });
    key.sign(&Header::new(Algorithm::Rs256, "k"), &claims).map(drop)
}

fn sign_up(bench: &Bench) -> Outcome<Row> {
    let url = bench.database("sign_up");
    let auth = bench.auth(&url)?;
    let users = Arc::new(AtomicU64::new(0));
    let mut callers: Vec<_> = (0..CALLERS).map(|_| (auth.clone(), Arc::clone(&users))).collect();
    let mut bare = bench.bare(&url, |_| ())?;
    let mut rates = Rates::default();
    for _ in 0..TURNS {
        let turn = rate(bare, bench.seconds, |(bare, ())| {
            Box::pin(async move { Ok(bare.sign_up().await?) })
        });
        let (each, again) = bench.runtime.block_on(turn)?;
        bare = again;
        rates.bare.push(each);
        let turn = rate(callers, bench.seconds, |(auth, users)| {
            Box::pin(async move {
                let number = users.fetch_add(1, Ordering::Relaxed);
                let email = format!("user-{number}@example.com");
                let operation = SignUp { email, password: "correct1horse".into() };
                match auth.core().call(&TenantId::default(), operation).await? {
                    SignUpResponse::Ok { .. } => Ok(()),
                    taken @ SignUpResponse::EmailAlreadyExistsError => {
                        Err(format!("{taken:?}").into())
                    }
                }
            })
        });
        let (each, again) = bench.runtime.block_on(turn)?;
        callers = again;
        rates.engine.push(each);
    }
    bench.runtime.block_on(auth.shutdown());
    Ok(rates.row(SIGN_UP, &format!(" in process, {CALLERS} at once, with passwords cheap to hash")))
}

fn checked(bench: &Bench) -> Outcome<Row> {
    let url = bench.database("checked");
    let auth = bench.auth(&url)?;
    let session = bench.runtime.block_on(async {
        auth.session()?
            .create_new_session_without_request_response(
                NewSessionInput::new("ada").disable_anti_csrf(true),
            )
            .await
    })?;
    let token = session.get_access_token().into_exposed();
    let handle = session.get_handle().as_str().to_owned();
    let mut callers: Vec<_> = (0..CALLERS).map(|_| (auth.clone(), token.clone())).collect();
    let mut bare = bench.bare(&url, |_| handle.clone())?;
    let mut rates = Rates::default();
    for _ in 0..TURNS {
        let turn = rate(bare, bench.seconds, |(bare, handle)| {
            Box::pin(async move { Ok(bare.check(handle).await?) })
        });
        let (each, again) = bench.runtime.block_on(turn)?;
        bare = again;
        rates.bare.push(each);
        let turn = rate(callers, bench.seconds, |(auth, token)| {
            Box::pin(async move {
                let options = SessionOptions::new().check_database(true);
                let sessions = auth.session()?;
                let input = GetSessionWithoutRequestResponseInput::new(&**token).options(options);
                sessions.get_session_without_request_response(input).await?;
                Ok(())
            })
        });
        let (each, again) = bench.runtime.block_on(turn)?;
        callers = again;
        rates.engine.push(each);
    }
    bench.runtime.block_on(auth.shutdown());
    Ok(rates.row(CHECKED, &format!(" in process, {CALLERS} at once")))
}
