//! The binary: reads its settings, opens the engine, and serves until it is told to end; or does
//! what a person wants of the database.

mod audit;
mod logs;
mod withdraw;

use std::{fs, io, net::SocketAddr, path::PathBuf, process::ExitCode, time::Duration};

use auth_engine::Engine;
use auth_server::{Server, Settings, SettingsSource, own_settings};
use clap::{Parser, Subcommand};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use tokio::net::TcpListener;

use crate::{audit::AuditCommand, withdraw::KeysCommand};

/// How often old figures are tidied up.
const UPKEEP: Duration = Duration::from_secs(5);

/// Serves users and sessions over the Core Driver Interface of SuperTokens
///
/// Settings come from these flags, else from the environment (`SUPERTOKENS_HOST`, `API_KEYS`, …),
/// else from the configuration file. Without `api_keys` only programs on this machine may call.
#[derive(Parser)]
#[command(name = "auth-server", version, after_long_help = own_settings())]
struct Arguments {
    /// A configuration file with the names of the reference's config.yaml [default: none]
    #[arg(long, global = true)]
    config: Option<PathBuf>,
    /// The host to listen on [default: localhost]
    #[arg(long)]
    host: Option<String>,
    /// The port to listen on; 0 for any that is free [default: 3567]
    #[arg(long)]
    port: Option<u16>,
    /// The database: `sqlite:` and a path, `sqlite::memory:`, or `postgresql://user:password@host/name`
    /// [default: sqlite:auth.db]
    #[arg(long, global = true)]
    database: Option<String>,
    #[command(subcommand)]
    command: Option<Command>,
}

/// What is done instead of serving.
#[derive(Subcommand)]
enum Command {
    /// Lists or withdraws the keys that sign tokens, on the database that the settings name
    #[command(subcommand)]
    Keys(KeysCommand),
    /// Exports the audit log, or verifies one that was exported
    #[command(subcommand)]
    Audit(AuditCommand),
}

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

fn main() -> ExitCode {
    match run() {
        Ok(code) => code,
        Err(error) => {
            eprintln!("auth-server: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Outcome<ExitCode> {
    let arguments = Arguments::parse();
    if let Some(Command::Audit(AuditCommand::Verify { file, jwks, trusted_checkpoint })) =
        &arguments.command
    {
        // Offline: no settings, and no database.
        return Ok(audit::verify(file, jwks, trusted_checkpoint));
    }
    let settings = Settings::read(&source(&arguments)?)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    match arguments.command {
        Some(Command::Keys(command)) => {
            runtime.block_on(withdraw::run(command, settings))?;
            return Ok(ExitCode::SUCCESS);
        }
        Some(Command::Audit(AuditCommand::Export { tenant })) => {
            runtime.block_on(audit::export(&tenant, settings))?;
            return Ok(ExitCode::SUCCESS);
        }
        _ => {}
    }
    logs::start(&settings.log)?;
    for (name, why) in &settings.without_effect {
        tracing::warn!("the setting `{name}` has no effect: {why}");
    }
    let metrics = PrometheusBuilder::new().install_recorder()?;
    runtime.block_on(serve(arguments.config, settings, metrics))?;
    Ok(ExitCode::SUCCESS)
}

/// The file, then the environment, then the flags: the later one counts.
fn source(arguments: &Arguments) -> Outcome<SettingsSource> {
    let mut source = SettingsSource::new();
    if let Some(path) = &arguments.config {
        let text = fs::read_to_string(path).map_err(|error| {
            format!("the configuration file {} can't be read: {error}", path.display())
        })?;
        source = source.with_file(&text)?;
    }
    source = source.with_environment(|name| std::env::var(name).ok());
    let flags = [
        ("host", arguments.host.clone()),
        ("port", arguments.port.map(|port| port.to_string())),
        ("database", arguments.database.clone()),
    ];
    for (name, value) in flags {
        if let Some(value) = value {
            source = source.with(name, value)?;
        }
    }
    Ok(source)
}

async fn serve(
    config: Option<PathBuf>,
    settings: Settings,
    metrics: PrometheusHandle,
) -> Outcome<()> {
    let Settings { host, port, server, engine, .. } = settings;
    // Before the database is opened: a second server by mistake shall say that it is one.
    let listener = TcpListener::bind((host.as_str(), port)).await.map_err(|error| {
        let why = match error.kind() {
            io::ErrorKind::AddrInUse => format!("another program listens on port {port}"),
            _ => error.to_string(),
        };
        let expected = "an address of this machine, and a port that is free";
        format!("`host` and `port`: can't listen on {host}:{port} ({why}); expected {expected}")
    })?;
    let address = listener.local_addr()?;
    let engine = Engine::open(engine).await?;
    if !server.needs_key() {
        warn_of_no_keys(address);
    }
    let mut server = server.metrics(metrics.clone());
    if let Some(path) = config {
        server = server.config_path(fs::canonicalize(path)?);
    }
    let upkeep = tokio::spawn(async move {
        loop {
            tokio::time::sleep(UPKEEP).await;
            metrics.run_upkeep();
        }
    });
    let server = Server::new(engine.clone(), server);
    let end = told_to_end()?;
    // On standard output, whatever the logs are set to: who starts the server may wait for it.
    println!("Started auth-server on {address} with PID: {}", std::process::id());
    let served = server.serve(listener, end).await;
    upkeep.abort();
    engine.shutdown().await;
    tracing::info!("ended");
    Ok(served?)
}

/// What a person has to know who runs a server without keys.
fn warn_of_no_keys(address: SocketAddr) {
    if address.ip().to_canonical().is_loopback() {
        tracing::warn!(
            "no `api_keys` are set: every program on this machine may read and change all users"
        );
    } else {
        tracing::warn!(
            "no `api_keys` are set, and other machines may reach {address}: calls that name this \
             machine by anything but `localhost` are refused, but who reaches it can name it so, \
             and read and change all users; set `api_keys`"
        );
    }
}

/// Waits for an interrupt or a termination signal, from the moment of the call.
#[cfg(unix)]
fn told_to_end() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut terminate, mut interrupt) =
        (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

/// Waits for an interrupt.
#[cfg(not(unix))]
fn told_to_end() -> io::Result<impl Future<Output = ()>> {
    Ok(async {
        // Where no signal can be waited for, the process is ended from outside.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    })
}
