//! Brings a database's schema up to date, for those who do so before they start a new version:
//! `cargo run -p auth-engine --example migrate -- postgres://user:password@host/name`.

use std::{env, process::ExitCode};

use auth_engine::{Engine, EngineConfig, EngineError};

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let Some(url) = env::args().nth(1) else {
        eprintln!("usage: migrate <database URL>");
        return ExitCode::FAILURE;
    };
    match migrate(&url).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn migrate(url: &str) -> Result<(), EngineError> {
    let engine = Engine::open(EngineConfig::new(url.parse()?)).await?;
    engine.shutdown().await;
    Ok(())
}
