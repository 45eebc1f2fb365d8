//! A server of one's own.

use std::{
    fs,
    hash::{BuildHasher, RandomState},
    io,
    net::{Ipv4Addr, TcpListener},
    os::unix::fs::{PermissionsExt, chown},
    path::Path,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use tempfile::TempDir;

use crate::{
    programs::{Programs, run_as_unprivileged, unprivileged_user},
    tls::{Authority, Identity},
};

/// How long a server may take to start, recovery from a crash included.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

pub(crate) const PASSWORD: &str = "a-password-for-tests";

/// Where servers' ports begin, and where they end if the system doesn't say.
const FIRST_PORT: u16 = 12_000;
const LAST_PORT: u16 = 32_000;

/// The file of the authority that clients have their certificates from.
const AUTHORITY: &str = "clients.crt";

/// Whether what the server acknowledges is on disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    /// As by default.
    Full,
    /// Not at all, so that tests are quick.
    None,
}

/// A server on a free loopback port, with its data in a temporary folder. Both are gone when it is
/// dropped.
#[derive(Debug)]
pub struct Server {
    programs: Programs,
    folder: TempDir,
    port: u16,
    durability: Durability,
    /// Whether it accepts encrypted connections, and no others.
    is_encrypted: bool,
    /// Whether it checks the certificates of clients.
    asks_for_certificates: bool,
    process: Option<Child>,
}

impl Server {
    /// Creates a cluster and starts a server on it; `None` where PostgreSQL isn't installed.
    pub fn start(durability: Durability) -> Option<Self> {
        let mut server = Self::create(durability, false)?;
        server.run();
        Some(server)
    }

    /// The same, but for a server that is only spoken to by TLS, and shows this certificate.
    pub fn start_with_tls(durability: Durability, identity: &Identity) -> Option<Self> {
        let rules = "hostssl all all 127.0.0.1/32 scram-sha-256\n";
        Self::start_with_rules(durability, identity, None, rules)
    }

    /// The same, but it lets in whom these lines of `pg_hba.conf` name, the superuser by TLS and
    /// password among them, and may ask for certificates by an authority.
    pub fn start_with_rules(
        durability: Durability,
        identity: &Identity,
        authority: Option<&Authority>,
        rules: &str,
    ) -> Option<Self> {
        let mut server = Self::create(durability, true)?;
        server.write("server.crt", &identity.certificate);
        server.write("server.key", &identity.key);
        server.write("pg_hba.conf", rules);
        if let Some(authority) = authority {
            server.write(AUTHORITY, &authority.identity().certificate);
            server.asks_for_certificates = true;
        }
        server.run();
        Some(server)
    }

    /// Makes a standby of this server, from a copy of its data, and starts it.
    #[must_use]
    pub fn start_standby(&self) -> Self {
        let mut standby = Self::new(self.durability, false).expect("this server runs");
        give_away(standby.folder.path(), 0o700);
        let mut copy = standby.command("pg_basebackup");
        copy.arg("--pgdata").arg(standby.data()).arg("--dbname").arg(self.url("postgres"));
        copy.args(["--write-recovery-conf", "--checkpoint=fast", "--no-sync"]);
        let output = copy.output().expect("pg_basebackup starts");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        standby.run();
        standby
    }

    /// Waits until this standby has what its primary wrote.
    pub fn catch_up(&self, primary: &Self) {
        let written = primary.psql("postgres", "SELECT pg_current_wal_lsn()");
        let has = format!("SELECT pg_last_wal_replay_lsn() >= '{}'", written.trim());
        let deadline = Instant::now() + PATIENCE;
        while self.psql("postgres", &has).trim() != "t" {
            assert!(Instant::now() < deadline, "the standby doesn't follow");
        }
    }

    /// Makes the primary of this standby.
    pub fn promote(&self) {
        assert_eq!(self.psql("postgres", "SELECT pg_promote()").trim(), "t");
    }

    /// Kills the server and starts it again as a standby, on its port; it follows nobody.
    pub fn demote(&mut self) {
        self.kill();
        self.write("standby.signal", "");
        self.restart();
    }

    fn create(durability: Durability, is_encrypted: bool) -> Option<Self> {
        let server = Self::new(durability, is_encrypted)?;
        server.create_cluster();
        Some(server)
    }

    fn new(durability: Durability, is_encrypted: bool) -> Option<Self> {
        let programs = Programs::find()?;
        let folder = TempDir::with_prefix("auth-postgres-").expect("a temporary folder");
        Some(Self {
            programs,
            folder,
            port: 0,
            durability,
            is_encrypted,
            asks_for_certificates: false,
            process: None,
        })
    }

    /// The URL of one of its databases, for its superuser; `postgres` is there from the start.
    pub fn url(&self, database: &str) -> String {
        let (port, mode) = (self.port, if self.is_encrypted { "require" } else { "disable" });
        format!("postgres://postgres:{PASSWORD}@127.0.0.1:{port}/{database}?sslmode={mode}")
    }

    /// The port on 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Runs a statement as the superuser and gives its rows, one a line.
    pub fn psql(&self, database: &str, sql: &str) -> String {
        self.programs.psql(&self.url(database), sql).unwrap_or_else(|error| panic!("{error}"))
    }

    /// Kills every process of the server at once, as `kill -9` does.
    pub fn kill(&mut self) {
        let Some(mut postmaster) = self.process.take() else { return };
        let children = children_of(postmaster.id());
        postmaster.kill().expect("it can be killed");
        let ids = children.iter().map(ToString::to_string);
        // Some may have ended by themselves.
        let _ = Command::new("kill").arg("-9").args(ids).stderr(Stdio::null()).status();
        postmaster.wait().expect("it ends");
        let deadline = Instant::now() + PATIENCE;
        while children.iter().any(|id| Path::new(&format!("/proc/{id}")).exists()) {
            assert!(Instant::now() < deadline, "a killed process is still there");
            thread::yield_now();
        }
    }

    /// Starts a killed server again, on its port.
    pub fn restart(&mut self) {
        // The killed process could not remove it.
        let _ = fs::remove_file(self.data().join("postmaster.pid"));
        self.run();
    }

    fn data(&self) -> std::path::PathBuf {
        self.folder.path().join("data")
    }

    /// Writes a file of the cluster that nobody else may read.
    fn write(&self, name: &str, content: &str) {
        let file = self.data().join(name);
        fs::write(&file, content).expect("a file");
        give_away(&file, 0o600);
    }

    fn create_cluster(&self) {
        let top = self.folder.path();
        let password = top.join("password");
        fs::write(&password, PASSWORD).expect("a file");
        give_away(&password, 0o600);
        give_away(top, 0o700);
        let mut initdb = self.command("initdb");
        initdb
            .arg("--pgdata")
            .arg(self.data())
            .arg("--pwfile")
            .arg(&password)
            .args(["--username=postgres", "--auth=scram-sha-256", "--encoding=UTF8"])
            .args(["--locale=C.UTF-8", "--no-sync", "--no-instructions"]);
        let output = initdb.output().expect("initdb starts");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    fn run(&mut self) {
        let deadline = Instant::now() + PATIENCE;
        let is_new = self.port == 0;
        loop {
            if is_new {
                self.port = free_port().expect("a free port");
            }
            let mut process = self.postgres().spawn().expect("postgres starts");
            loop {
                let url = self.url("postgres");
                if self.programs.psql(&url, "SELECT 1").is_ok() {
                    self.process = Some(process);
                    return;
                }
                if process.try_wait().expect("its state").is_some() {
                    break;
                }
                assert!(Instant::now() < deadline, "postgres takes too long to start");
            }
            // Somebody else may have taken the port meanwhile.
            assert!(Instant::now() < deadline, "postgres doesn't start: {}", self.log());
        }
    }

    fn postgres(&self) -> Command {
        let mut postgres = self.command("postgres");
        let log = self.folder.path().join("log");
        let log = fs::OpenOptions::new().create(true).append(true).open(log).expect("a log file");
        postgres
            .arg("-D")
            .arg(self.data())
            .args(["-p", &self.port.to_string()])
            .args(["-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="])
            .args(["-c", "max_connections=300", "-c", "shared_buffers=64MB"])
            .stdout(Stdio::null())
            .stderr(log);
        if self.is_encrypted {
            postgres.args(["-c", "ssl=on"]);
        }
        if self.asks_for_certificates {
            postgres.arg("-c").arg(format!("ssl_ca_file={AUTHORITY}"));
        }
        if self.durability == Durability::None {
            postgres.args(["-c", "fsync=off", "-c", "full_page_writes=off"]);
            postgres.args(["-c", "synchronous_commit=off", "-c", "autovacuum=off"]);
        }
        postgres
    }

    /// One of the programs, as a user that it accepts.
    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(self.programs.path(program));
        command.current_dir(self.folder.path()).env_clear().stdin(Stdio::null());
        run_as_unprivileged(&mut command);
        command
    }

    fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Makes a file or folder that of the user whom the server runs as.
pub(crate) fn give_away(path: &Path, mode: u32) {
    if let Some((user, group)) = unprivileged_user() {
        chown(path, Some(user), Some(group)).expect("the superuser may");
    }
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("its own");
}

/// A port on 127.0.0.1 that stays a server's own while the server is killed: below those that the
/// system gives to connections, of which one might take the port meanwhile, or even connect to itself.
pub(crate) fn free_port() -> io::Result<u16> {
    let given_away = fs::read_to_string("/proc/sys/net/ipv4/ip_local_port_range").ok();
    let first = given_away.and_then(|range| range.split_whitespace().next()?.parse().ok());
    let ports = FIRST_PORT..first.filter(|first| *first > FIRST_PORT).unwrap_or(LAST_PORT);
    let deadline = Instant::now() + PATIENCE;
    loop {
        let random = RandomState::new().hash_one(());
        let offset = random % u64::from(ports.end - ports.start);
        let port = ports.start + u16::try_from(offset).unwrap_or_default();
        match TcpListener::bind((Ipv4Addr::LOCALHOST, port)) {
            Ok(_) => return Ok(port),
            Err(error) if Instant::now() > deadline => return Err(error),
            Err(_) => {}
        }
    }
}

fn children_of(parent: u32) -> Vec<u32> {
    let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
    let ids = processes.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    ids.filter(|id| {
        let stat = fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
        // The name, in parentheses, may hold anything.
        let after_name = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
        after_name.split_whitespace().nth(1).is_some_and(|text| text == parent.to_string())
    })
    .collect()
}
