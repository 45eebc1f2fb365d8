//! The measured server.

use std::{fs, net::SocketAddr, path::PathBuf};

use auth_core::{
    AppInfo, Auth,
    core::{EngineConfig, PasswordHashingConfig, SigningAlgorithm},
    protocol::{JsonObject, Secret},
    recipes::{
        emailpassword::EmailPasswordRecipe,
        multifactorauth::{FactorId, MultiFactorAuthRecipe},
        session::{NewSessionInput, SessionRecipe},
    },
};
use clap::Args;
use serde_json::json;

use crate::{Outcome, frameworks::FRAMEWORKS};

#[derive(Args)]
pub(crate) struct Arguments {
    #[arg(long)]
    framework: String,
    #[command(flatten)]
    site: Site,
}

/// What every framework serves.
#[derive(Args)]
pub(crate) struct Site {
    #[arg(long)]
    pub(crate) threads: usize,
    /// Holds the database, and receives the tokens
    #[arg(long)]
    folder: PathBuf,
    /// How many users and sessions are there from the start
    #[arg(long)]
    sessions: usize,
    /// Requires a second factor, which the sessions have completed
    #[arg(long)]
    second_factor: bool,
    /// The database's URL, in place of a SQLite file
    #[arg(long)]
    database: Option<String>,
    /// Makes hashes and signatures as cheap as they come
    #[arg(long)]
    light: bool,
}

pub(crate) fn serve(arguments: &Arguments) -> Outcome<()> {
    let framework = FRAMEWORKS
        .iter()
        .find(|framework| framework.name == arguments.framework)
        .ok_or("no such framework")?;
    (framework.serve)(&arguments.site)
}

impl Site {
    /// A tokio runtime with the threads that were asked for.
    pub(crate) fn runtime(&self) -> Outcome<tokio::runtime::Runtime> {
        let mut builder = match self.threads {
            1 => tokio::runtime::Builder::new_current_thread(),
            _ => tokio::runtime::Builder::new_multi_thread(),
        };
        Ok(builder.worker_threads(self.threads).enable_all().build()?)
    }

    async fn handle(&self) -> Outcome<Auth> {
        let engine = match &self.database {
            Some(url) => EngineConfig::new(url.parse()?),
            None => EngineConfig::sqlite_file(self.folder.join("bench.db")),
        };
        let engine = match self.light {
            true => engine.signing_algorithm(SigningAlgorithm::EdDsa).password_hashing(
                PasswordHashingConfig { memory_kib: 8, iterations: 1, ..Default::default() },
            ),
            false => engine,
        };
        let mut builder =
            Auth::builder(AppInfo::new("bench", "http://localhost", "http://localhost"))
                .core(engine)
                .recipe(EmailPasswordRecipe::new())
                .recipe(SessionRecipe::new());
        if self.second_factor {
            let required = [FactorId::TOTP];
            builder =
                builder.recipe(MultiFactorAuthRecipe::new().required_secondary_factors(required));
        }
        Ok(builder.build().await?)
    }

    /// The handle, after the sessions were started by another one: their tokens are new to it.
    pub(crate) async fn auth(&self) -> Outcome<Auth> {
        let auth = self.handle().await?;
        let mut payload = JsonObject::new();
        if self.second_factor {
            let completed = json!({ "c": { "emailpassword": 1, "totp": 1 }, "v": true });
            payload.insert("st-mfa".to_owned(), completed);
        }
        let (mut access, mut refresh) = (Vec::new(), Vec::new());
        for number in 0..self.sessions {
            let session = auth
                .session()?
                .create_new_session_without_request_response(
                    NewSessionInput::new(format!("user-{number}"))
                        .access_token_payload(payload.clone())
                        .disable_anti_csrf(true),
                )
                .await?;
            let tokens = session.get_all_session_tokens_dangerously()?;
            access.push(tokens.access_token.into_exposed());
            refresh.extend(tokens.refresh_token.map(Secret::into_exposed));
        }
        fs::write(self.folder.join("access"), access.join("\n"))?;
        fs::write(self.folder.join("refresh"), refresh.join("\n"))?;
        auth.shutdown().await;
        self.handle().await
    }

    /// Tells the measurement where the bare route is, and where the protected one.
    pub(crate) fn is_ready(bare: SocketAddr, protected: SocketAddr) {
        println!("{bare} {protected}");
    }
}
