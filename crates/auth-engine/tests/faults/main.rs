//! Faults in the middle of load: afterwards every acknowledged sign-up, session, refresh and
//! revocation is there, and nothing is half there.
#![allow(clippy::unwrap_used, clippy::panic, clippy::wildcard_imports, missing_docs)]

mod failover;
mod proxy;
mod workload;

use std::{
    env,
    io::{BufRead, BufReader},
    net::SocketAddr,
    process::{Child, Command, Stdio},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
    thread,
    time::Duration,
};

use auth_engine::{Clock, Engine};
use test_postgres::{Durability, MISSING, Server, TestDatabase};
use tokio::task::JoinSet;

use crate::{
    proxy::Proxy,
    workload::{Acknowledged, config},
};

const DATABASE: &str = "AUTH_ENGINE_FAULTS_DATABASE";
const NAME: &str = "AUTH_ENGINE_FAULTS_NAME";
const CALLERS: usize = 8;

/// A process that is killed: it prints what it acknowledges.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "run by the other tests, as a process of its own"]
async fn child() {
    let (Ok(database), Ok(name)) = (env::var(DATABASE), env::var(NAME)) else { return };
    let engine = Engine::open(config(&database)).await.unwrap();
    let mut callers = JoinSet::new();
    for caller in 0..CALLERS {
        let tell = |line: String| {
            // In one call, so that lines of several threads don't mix.
            println!("\n{line}");
            true
        };
        callers.spawn(workload::run(engine.clone(), format!("{name}-{caller}"), tell));
    }
    callers.join_all().await;
}

fn start(database: &str, name: &str) -> Child {
    Command::new(env::current_exe().unwrap())
        .args(["child", "--exact", "--ignored", "--nocapture"])
        .env(DATABASE, database)
        .env(NAME, name)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap()
}

/// Two processes work on one database; both are killed at once, several times.
async fn kill_two_processes(what: &str, database: &str, numbers: impl Fn(&str) -> String) {
    let mut acknowledged = Acknowledged::default();
    for (round, killed_after) in [1, 30, 250, 700].into_iter().enumerate() {
        let names = [format!("{round}-a"), format!("{round}-b")];
        let mut children = names.map(|name| start(database, &name));
        let (lines, all_lines) = mpsc::channel();
        let readers = children.each_mut().map(|child| {
            let (output, lines) = (BufReader::new(child.stdout.take().unwrap()), lines.clone());
            thread::spawn(move || read_lines(output, &lines))
        });
        drop(lines);
        let mut seen = 0;
        for line in all_lines {
            seen += usize::from(acknowledged.note(&line));
            if seen == killed_after {
                for child in &mut children {
                    child.kill().unwrap();
                }
            }
        }
        for reader in readers {
            reader.join().unwrap();
        }
        for child in &mut children {
            child.wait().unwrap();
        }
        assert!(seen >= killed_after, "a process ended by itself");
    }
    let engine = Engine::open(config(database)).await.unwrap();
    acknowledged.check(what, &engine, numbers).await;
    engine.shutdown().await;
}

fn read_lines(mut output: impl BufRead, lines: &mpsc::Sender<String>) {
    let mut line = String::new();
    while output.read_line(&mut line).unwrap() > 0 {
        // A line that the kill cut off has no end, and acknowledged nothing.
        if let Some(line) = line.strip_suffix('\n') {
            lines.send(line.to_owned()).unwrap();
        }
        line.clear();
    }
}

fn in_sqlite(path: &std::path::Path) -> impl Fn(&str) -> String {
    let connection = rusqlite::Connection::open(path).unwrap();
    let integrity: String =
        connection.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(integrity, "ok");
    move |sql| connection.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap().to_string()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_when_two_processes_on_one_sqlite_file_are_killed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("auth.db");
    let database = format!("sqlite:{}", path.display());
    // The file is there only once a process has made it.
    let numbers = |sql: &str| in_sqlite(&path)(sql);
    kill_two_processes("two processes on one SQLite file killed", &database, numbers).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs a server: cargo xtask test"]
async fn nothing_is_lost_when_two_processes_on_postgres_are_killed() {
    let database = TestDatabase::create();
    let numbers = |sql: &str| database.psql(sql);
    kill_two_processes("two processes on PostgreSQL killed", &database.url(), numbers).await;
}

/// Callers in this process, and what they were told so far.
struct Load {
    callers: JoinSet<()>,
    acknowledged: Arc<Mutex<Acknowledged>>,
    stop: Arc<AtomicBool>,
}

impl Load {
    fn start(engine: &Engine) -> Self {
        let acknowledged = Arc::new(Mutex::new(Acknowledged::default()));
        let stop = Arc::new(AtomicBool::new(false));
        let mut callers = JoinSet::new();
        for caller in 0..CALLERS {
            let (acknowledged, stop) = (Arc::clone(&acknowledged), Arc::clone(&stop));
            let tell = move |line: String| {
                acknowledged.lock().unwrap().note(&line);
                !stop.load(Ordering::SeqCst)
            };
            callers.spawn(workload::run(engine.clone(), caller.to_string(), tell));
        }
        Self { callers, acknowledged, stop }
    }

    /// Waits until this many more operations were acknowledged, or refused as unavailable.
    async fn until(&self, more: usize, of: fn(&Acknowledged) -> usize) {
        let count = || of(&self.acknowledged.lock().unwrap());
        let wanted = count() + more;
        while count() < wanted {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }

    async fn stop(self) -> Acknowledged {
        self.stop.store(true, Ordering::SeqCst);
        self.callers.join_all().await;
        std::mem::take(&mut *self.acknowledged.lock().unwrap())
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs PostgreSQL: cargo xtask test"]
async fn nothing_is_lost_when_the_server_is_killed_and_the_engine_goes_on() {
    let mut server = Server::start(Durability::Full).expect(MISSING);
    let engine = Engine::open(config(&server.url("postgres"))).await.unwrap();
    let load = Load::start(&engine);
    for _ in 0..3 {
        load.until(150, Acknowledged::count).await;
        server.kill();
        load.until(1, |acknowledged| acknowledged.unavailable).await;
        server.restart();
        load.until(50, Acknowledged::count).await;
    }
    let acknowledged = load.stop().await;
    let numbers = |sql: &str| server.psql("postgres", sql);
    acknowledged.check("PostgreSQL killed three times", &engine, numbers).await;
    engine.shutdown().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs a server: cargo xtask test"]
async fn nothing_is_lost_when_connections_are_cut_or_fall_silent() {
    let database = TestDatabase::create();
    let url = database.url();
    let (before, after) = url.split_once("127.0.0.1:").unwrap();
    let (port, rest) = after.split_once('/').unwrap();
    let proxy = Proxy::start(SocketAddr::from(([127, 0, 0, 1], port.parse().unwrap()))).await;
    let url = format!("{before}127.0.0.1:{}/{rest}", proxy.port);
    let timeout = Duration::from_secs(2);
    let config = config(&url).database_operation_timeout(timeout).database_busy_timeout(timeout);
    let engine = Engine::open(config).await.unwrap();
    let load = Load::start(&engine);
    for _ in 0..20 {
        load.until(20, Acknowledged::count).await;
        proxy.cut();
    }
    // Nothing comes back, and nobody says so: the time-outs must.
    proxy.set_silent(true);
    load.until(CALLERS, |acknowledged| acknowledged.unavailable).await;
    proxy.set_silent(false);
    proxy.cut();
    load.until(50, Acknowledged::count).await;
    let acknowledged = load.stop().await;
    let numbers = |sql: &str| database.psql(sql);
    acknowledged.check("connections cut 20 times and once silent", &engine, numbers).await;
    engine.shutdown().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_when_the_disk_is_full() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("auth.db");
    let url = format!("sqlite:{}", path.display());
    let engine = Engine::open(config(&url).database_size_limit_bytes(Some(700_000)));
    let engine = engine.await.unwrap();
    let load = Load::start(&engine);
    load.until(2 * CALLERS, |acknowledged| acknowledged.full).await;
    let acknowledged = load.stop().await;
    assert!(acknowledged.full > 0);
    engine.shutdown().await;
    // With room again, everything is there and goes on.
    let engine = Engine::open(config(&url)).await.unwrap();
    acknowledged.check("SQLite without room", &engine, in_sqlite(&path)).await;
    engine.shutdown().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_when_the_clock_is_set_forward_and_back() {
    const HOUR_MS: i64 = 3_600_000;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("auth.db");
    let url = match test_postgres::url_for_this_test() {
        memory if memory == "sqlite::memory:" => format!("sqlite:{}", path.display()),
        postgres => postgres,
    };
    let clock = Clock::manual(1_700_000_000_000);
    let engine = Engine::open(config(&url).clock(clock.clone())).await.unwrap();
    let load = Load::start(&engine);
    // Days forward, so that keys change; and back behind them. The sessions live for 100 days.
    for step_hours in [1, -1, 200, -400, 24, 190, -14, 300, -300, 1] {
        load.until(40, Acknowledged::count).await;
        clock.set(clock.now_ms() + step_hours * HOUR_MS);
    }
    let acknowledged = load.stop().await;
    assert_eq!(acknowledged.unavailable, 0);
    // On a server the other tests count the rows.
    let numbers = |sql: &str| match path.exists() {
        true => in_sqlite(&path)(sql),
        false => String::new(),
    };
    acknowledged.check("the clock set ten times", &engine, numbers).await;
    engine.shutdown().await;
}
