//! `auth-server audit`: the audit log, exported from the database, and verified with the public keys
//! alone.

use std::{
    fs::{self, File},
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::ExitCode,
};

use auth_engine::Engine;
use auth_jwt::{
    KeySet,
    audit::{Content, Line, Verifier},
};
use auth_protocol::{
    TenantScope,
    audit::{
        AuditCheckpoint, ListAuditCheckpoints, ListAuditCheckpointsResponse, ReadAuditEntries,
        ReadAuditEntriesResponse,
    },
    jwt::Jwk,
};
use auth_server::Settings;
use clap::Subcommand;
use serde::Deserialize;

use crate::{Outcome, withdraw::must_be_there};

/// How many rows are read at once.
const PAGE: u32 = 500;

/// What ends the program where a log isn't what was written, and where nothing can be said.
const TAMPERED: u8 = 1;
const NOT_VERIFIED: u8 = 2;

/// What is done with the audit log.
#[derive(Subcommand)]
pub(crate) enum AuditCommand {
    /// Writes the checkpoints and the entries of a tenant's chain to standard output, one JSON object
    /// a line
    Export {
        /// The tenant
        #[arg(long, default_value = "public")]
        tenant: String,
    },
    /// Says whether an exported log is what was written, with the public keys alone; ends with 0
    /// where it is, with 1 where it was tampered with (each place is named), with 2 where a file can't
    /// be read
    Verify {
        /// The exported log
        file: PathBuf,
        /// The keys: a copy of what the core serves at `/.well-known/jwks.json`
        #[arg(long)]
        jwks: PathBuf,
        /// Checkpoints that were kept elsewhere: tokens or exported lines, one a line
        #[arg(long)]
        trusted_checkpoint: Vec<PathBuf>,
    },
}

#[derive(Deserialize)]
struct Jwks {
    keys: Vec<Jwk>,
}

/// Writes a chain out.
pub(crate) async fn export(tenant: &str, settings: Settings) -> Outcome<()> {
    must_be_there(&settings.database)?;
    let engine = Engine::open(settings.engine).await?;
    let scope = TenantScope::new(auth_protocol::AppId::default(), tenant.into());
    let outcome = write(&engine, &scope, &mut std::io::stdout().lock()).await;
    engine.shutdown().await;
    outcome
}

/// The checkpoints come first, so that a file that was cut is found by them.
async fn write(engine: &Engine, scope: &TenantScope, out: &mut impl Write) -> Outcome<()> {
    let mut put = |content| -> Outcome<()> {
        let line = Line { app: scope.app.clone(), tenant: scope.tenant.clone(), content };
        writeln!(out, "{}", serde_json::to_string(&line)?)?;
        Ok(())
    };
    for checkpoint in checkpoints(engine, scope).await? {
        put(Content::Checkpoint(checkpoint))?;
    }
    let mut after = 0;
    loop {
        let read = ReadAuditEntries { after, limit: Some(PAGE) };
        let ReadAuditEntriesResponse::Ok { entries } = engine.handle(scope, read).await?;
        let Some(last) = entries.last() else { return Ok(()) };
        after = last.position;
        for entry in entries {
            put(Content::Entry(Box::new(entry)))?;
        }
    }
}

async fn checkpoints(engine: &Engine, scope: &TenantScope) -> Outcome<Vec<AuditCheckpoint>> {
    let (mut all, mut before) = (Vec::new(), None);
    loop {
        let list = ListAuditCheckpoints { before, limit: Some(PAGE) };
        let ListAuditCheckpointsResponse::Ok { checkpoints, next } =
            engine.handle(scope, list).await?;
        all.extend(checkpoints);
        before = next;
        if before.is_none() {
            all.reverse();
            return Ok(all);
        }
    }
}

/// Verifies a log, and says what was found.
pub(crate) fn verify(file: &Path, jwks: &Path, trusted: &[PathBuf]) -> ExitCode {
    match judge(file, jwks, trusted) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("auth-server: {error}");
            ExitCode::from(NOT_VERIFIED)
        }
    }
}

fn judge(file: &Path, jwks: &Path, trusted: &[PathBuf]) -> Outcome<ExitCode> {
    let Jwks { keys } = serde_json::from_str(&text(jwks)?)
        .map_err(|error| format!("{} holds no keys: {error}", jwks.display()))?;
    let mut verifier = Verifier::new(KeySet::new(&keys)?);
    for path in trusted {
        text(path)?.lines().for_each(|line| verifier.trust(line));
    }
    let unreadable = |error| format!("{} can't be read: {error}", file.display());
    for line in BufReader::new(File::open(file).map_err(unreadable)?).lines() {
        verifier.read_line(&line.map_err(unreadable)?);
    }
    let report = verifier.finish();
    for chain in &report.chains {
        println!(
            "{}/{}: {} entries, the last is {}, proved up to {}",
            chain.app, chain.tenant, chain.entries, chain.last, chain.proved
        );
    }
    for problem in &report.problems {
        println!("{problem}");
    }
    if report.problems.is_empty() {
        println!("the log is what was written");
        return Ok(ExitCode::SUCCESS);
    }
    Ok(ExitCode::from(TAMPERED))
}

fn text(path: &Path) -> Outcome<String> {
    let error = |error| format!("{} can't be read: {error}", path.display());
    Ok(fs::read_to_string(path).map_err(error)?)
}
