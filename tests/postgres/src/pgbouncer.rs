//! A pooler before a server.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Instant,
};

use tempfile::TempDir;

use crate::{
    programs::{Programs, run_as_unprivileged},
    server::{PASSWORD, PATIENCE, free_port, give_away},
};

/// What to do where it is missing.
pub const PGBOUNCER_MISSING: &str = "PgBouncer is missing; install the package pgbouncer";

/// The version that has prepared statements of its own.
const KEEPS_STATEMENTS: (u32, u32) = (1, 21);

/// `PgBouncer` in transaction mode on a free loopback port, before a server on 127.0.0.1: settings
/// of a session, and statements that were prepared, are met by whoever is next. It ends when it is
/// dropped.
#[derive(Debug)]
pub struct PgBouncer {
    port: u16,
    process: Child,
    _folder: TempDir,
}

impl PgBouncer {
    /// Whether it is installed.
    pub fn is_installed() -> bool {
        program().is_some()
    }

    /// Starts one before the server on this port, with further lines of its configuration; `None`
    /// where it isn't installed.
    pub fn start(server_port: u16, more: &str) -> Option<Self> {
        let program = program()?;
        let programs = Programs::find()?;
        let folder = TempDir::with_prefix("auth-pgbouncer-").expect("a temporary folder");
        give_away(folder.path(), 0o700);
        let users = folder.path().join("users");
        write(&users, &format!("\"postgres\" \"{PASSWORD}\"\n"));
        let keeps_none = match version(&program) >= KEEPS_STATEMENTS {
            true => "max_prepared_statements = 0\n",
            false => "",
        };
        let deadline = Instant::now() + PATIENCE;
        loop {
            let port = free_port().expect("a free port");
            let settings = folder.path().join("pgbouncer.ini");
            write(
                &settings,
                &format!(
                    "[databases]\n* = host=127.0.0.1 port={server_port}\n\
                     [pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\n\
                     unix_socket_dir =\nauth_type = scram-sha-256\nauth_file = {}\n\
                     pool_mode = transaction\nmax_client_conn = 2000\ndefault_pool_size = 4\n\
                     server_idle_timeout = 5\n{keeps_none}{more}\n",
                    users.display()
                ),
            );
            let mut command = Command::new(&program);
            run_as_unprivileged(&mut command);
            command.current_dir(folder.path()).env_clear().arg("-q").arg(&settings);
            command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
            let mut process = command.spawn().expect("pgbouncer starts");
            let url = url(port, "postgres");
            loop {
                if programs.psql(&url, "SELECT 1").is_ok() {
                    return Some(Self { port, process, _folder: folder });
                }
                // Somebody else may have taken the port meanwhile.
                if process.try_wait().expect("its state").is_some() {
                    break;
                }
                assert!(Instant::now() < deadline, "pgbouncer takes too long to start");
            }
            assert!(Instant::now() < deadline, "pgbouncer doesn't start");
        }
    }

    /// The URL of one of the server's databases, by the pooler.
    pub fn url(&self, database: &str) -> String {
        url(self.port, database)
    }
}

impl Drop for PgBouncer {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn url(port: u16, database: &str) -> String {
    format!("postgres://postgres:{PASSWORD}@127.0.0.1:{port}/{database}?sslmode=disable")
}

fn write(path: &Path, content: &str) {
    fs::write(path, content).expect("a file");
    give_away(path, 0o600);
}

fn program() -> Option<PathBuf> {
    ["/usr/sbin/pgbouncer", "/usr/bin/pgbouncer"]
        .map(PathBuf::from)
        .into_iter()
        .find(|it| it.is_file())
}

fn version(program: &Path) -> (u32, u32) {
    let output = Command::new(program).arg("--version").output().expect("its version");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let number = text.split_whitespace().nth(1).unwrap_or_default();
    let mut parts = number.split('.').map(|part| part.parse().unwrap_or(0));
    (parts.next().unwrap_or(0), parts.next().unwrap_or(0))
}
