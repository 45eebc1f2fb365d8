//! Several processes on one database: real ones, on PostgreSQL and on one SQLite file.
#![allow(clippy::unwrap_used, clippy::panic)] // a failed test panics

mod common;

use std::{
    env,
    io::{BufRead, BufReader, Write},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

use auth_engine::{Engine, EngineConfig};
use auth_protocol::{
    CdiVersion, Secret,
    jwt::{GetJwks, GetJwksResponse},
    limits::*,
    session::*,
    usermetadata::{GetUserMetadata, GetUserMetadataResponse, UpdateUserMetadata},
};
use common::{cheap, public};
use test_postgres::TestDatabase;

const DATABASE: &str = "AUTH_ENGINE_PROCESSES_DATABASE";

/// How many sessions two processes race for.
const RACES: usize = 60;

/// The other process: it opens the database, and then does what each line says.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "run by the other tests, as a process of its own"]
async fn child() {
    let Ok(database) = env::var(DATABASE) else { return };
    let engine = Engine::open(config(&database)).await.unwrap();
    println!("\nopen");
    for line in std::io::stdin().lines() {
        let answer = match line.unwrap().split_once(' ') {
            Some(("create", user)) => {
                let tokens = create(&engine, user).await;
                let (access, refresh) = (tokens.access_token.token, tokens.refresh_token.token);
                format!("{} {}", access.expose_secret(), refresh.expose_secret())
            }
            Some(("refresh", token)) => refresh(&engine, token).await,
            Some(("verify", token)) => verify(&engine, token).await.to_string(),
            Some(("count", user)) => {
                for number in 0..50 {
                    let metadata_update = [(format!("{}-{number}", std::process::id()), 1.into())];
                    let metadata_update = metadata_update.into_iter().collect();
                    let update = UpdateUserMetadata { user_id: user.into(), metadata_update };
                    engine.handle(&public(), update).await.unwrap();
                }
                "counted".to_owned()
            }
            Some(("guess", account)) => guess(&engine, account).await,
            other => panic!("{other:?}"),
        };
        println!("\nanswer {answer}");
    }
}

fn config(database: &str) -> EngineConfig {
    cheap(EngineConfig::new(database.parse().unwrap()).database_pool_size(4))
}

async fn create(engine: &Engine, user: &str) -> SessionTokens {
    let operation = CreateSession::new(user.into());
    let answer = engine.handle(&public(), operation).await.unwrap();
    let CreateSessionResponse::Ok(tokens) = answer else { panic!() };
    tokens
}

/// `ok`, the next refresh token and its access token; or what it was instead.
async fn refresh(engine: &Engine, token: &str) -> String {
    let operation = RefreshSession {
        refresh_token: token.into(),
        anti_csrf_token: None,
        enable_anti_csrf: false,
        use_dynamic_signing_key: Some(true),
        access_token_validity_ms: None,
        proven_devices: None,
        cdi_version: CdiVersion::LATEST,
    };
    match engine.handle(&public(), operation).await.unwrap() {
        RefreshSessionResponse::Ok(next) => {
            let (access, refresh) = (next.access_token.token, next.refresh_token.token);
            format!("ok {} {}", refresh.expose_secret(), access.expose_secret())
        }
        RefreshSessionResponse::TokenTheftDetected { .. } => "theft".to_owned(),
        RefreshSessionResponse::Unauthorised { .. }
        | RefreshSessionResponse::DeviceProofMissingError => "unauthorised".to_owned(),
    }
}

async fn verify(engine: &Engine, token: &str) -> bool {
    let operation = VerifySession {
        access_token: Secret::from(token),
        anti_csrf_token: None,
        do_anti_csrf_check: false,
        enable_anti_csrf: false,
        check_database: true,
        cdi_version: CdiVersion::LATEST,
    };
    let answer = engine.handle(&public(), operation).await.unwrap();
    matches!(answer, VerifySessionResponse::Ok { .. })
}

/// How many callers of a process guess at once, and how often each.
const CALLERS: u32 = 32;
const GUESSES: u32 = 12;

/// What may be guessed in all: of each account, and from one address, which all share.
const MOST_OF_ACCOUNT: u32 = 100;
const MOST_OF_ADDRESS: u32 = 150;

/// One budget is refilled in years, so that the time that a test takes adds nothing to it.
const REFILL_MS: u64 = 300 * 24 * 3600 * 1000;

fn budgets_of(account: &str, caller: u32) -> Vec<BudgetToTake> {
    let budget = |name: &str, subject: &str, most| BudgetToTake {
        name: name.into(),
        subject: subject.into(),
        most,
        refill_interval_ms: REFILL_MS,
        cost: 1,
    };
    let mut budgets = vec![
        budget("signIn/account", account, MOST_OF_ACCOUNT),
        budget("signIn/address", "home", MOST_OF_ADDRESS),
        budget("signIn/pair", &format!("{account} {caller}"), 1_000),
    ];
    budgets.rotate_left(caller as usize % 3);
    budgets
}

/// How many guesses at an account were admitted and kept: each caller gives every third back.
async fn guess(engine: &Engine, account: &str) -> String {
    let caller = async |caller: u32| {
        let mut kept = 0;
        for number in 0..GUESSES {
            let budgets = budgets_of(account, caller);
            let take = TakeFromBudgets { budgets: budgets.clone() };
            let answer = engine.handle(&public(), take).await.unwrap();
            let TakeFromBudgetsResponse::Ok { taken_at_ms, .. } = answer else { continue };
            if !number.is_multiple_of(3) {
                kept += 1;
                continue;
            }
            let restore = |budget: BudgetToTake| {
                let BudgetToTake { name, subject, most, refill_interval_ms, cost } = budget;
                let taken_at_ms = Some(taken_at_ms);
                BudgetToRestore { name, subject, taken_at_ms, most, refill_interval_ms, cost }
            };
            let budgets = budgets.into_iter().map(restore).collect();
            engine.handle(&public(), RestoreBudgets { budgets }).await.unwrap();
        }
        kept
    };
    let kept = futures_util::future::join_all((0..CALLERS).map(caller)).await;
    kept.into_iter().sum::<u32>().to_string()
}

/// Three processes with 32 callers each never take one more than there is, and all that there is.
async fn check_budgets(database: &str) {
    let engine = Engine::open(config(database)).await.unwrap();
    let mut processes = Process::several(3, database);
    let count = |answers: Vec<String>| answers.iter().map(|it| it.parse::<u32>().unwrap()).sum();
    let of_ada: u32 = count(ask_all(&mut processes, "guess ada"));
    let of_bob: u32 = count(ask_all(&mut processes, "guess bob"));
    println!("{of_ada} of {MOST_OF_ACCOUNT}, then {of_bob} up to {MOST_OF_ADDRESS}");
    // What was given back comes without the milliseconds that it was away.
    assert!((MOST_OF_ACCOUNT - 1..=MOST_OF_ACCOUNT).contains(&of_ada), "{of_ada}");
    let both = of_ada + of_bob;
    assert!((MOST_OF_ADDRESS - 1..=MOST_OF_ADDRESS).contains(&both), "{both}");
    let take = TakeFromBudgets { budgets: budgets_of("eve", 0) };
    let answer = engine.handle(&public(), take).await.unwrap();
    assert!(matches!(answer, TakeFromBudgetsResponse::LimitReachedError { .. }), "{answer:?}");
}

struct Process {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Process {
    fn start(database: &str) -> Self {
        let mut child = Command::new(env::current_exe().unwrap())
            .args(["child", "--exact", "--ignored", "--nocapture"])
            .env(DATABASE, database)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let input = child.stdin.take().unwrap();
        let output = BufReader::new(child.stdout.take().unwrap());
        Self { child, input, output }
    }

    fn several(count: usize, database: &str) -> Vec<Self> {
        let mut processes: Vec<Self> = (0..count).map(|_| Self::start(database)).collect();
        for process in &mut processes {
            process.line("open");
        }
        processes
    }

    /// The rest of the next line that starts with this.
    fn line(&mut self, start: &str) -> String {
        let mut line = String::new();
        while self.output.read_line(&mut line).unwrap() > 0 {
            if let Some(rest) = line.strip_prefix(start) {
                return rest.trim().to_owned();
            }
            line.clear();
        }
        panic!("the process ended without `{start}`")
    }

    fn send(&mut self, line: &str) {
        writeln!(self.input, "{line}").unwrap();
    }

    fn ask(&mut self, line: &str) -> String {
        self.send(line);
        self.line("answer")
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

fn ask_all(processes: &mut [Process], line: &str) -> Vec<String> {
    for process in &mut *processes {
        process.send(line);
    }
    processes.iter_mut().map(|process| process.line("answer")).collect()
}

/// What must hold on any database that processes share.
async fn check_all(database: &str) {
    // All start at once on an empty database, and make the first keys at once.
    let mut processes = Process::several(10, database);
    let tokens = ask_all(&mut processes, "create ada");
    let engine = Engine::open(config(database)).await.unwrap();
    for token in &tokens {
        let (access, _) = token.split_once(' ').unwrap();
        assert!(verify(&engine, access).await, "a key made by another process");
        assert_eq!(processes[9].ask(&format!("verify {access}")), "true");
    }
    let GetJwksResponse { keys, .. } = engine.handle(&public(), GetJwks {}).await.unwrap();
    assert_eq!(keys.len(), 2, "one dynamic and one static key, whoever needed them first");

    processes.truncate(2);
    for _ in 0..RACES {
        let tokens = create(&engine, "ada").await;
        let token = tokens.refresh_token.token.expose_secret();
        let answers = ask_all(&mut processes, &format!("refresh {token}"));
        // One rotates the session, and the other retries within the grace period: both get the
        // same token, so that either may use it.
        let mut next = Vec::new();
        for answer in &answers {
            let ["ok", refresh, access] = answer.split(' ').collect::<Vec<_>>()[..] else {
                panic!("{answer}")
            };
            assert!(verify(&engine, access).await);
            next.push(refresh);
        }
        assert_eq!(next[0], next[1]);
        assert!(processes[1].ask(&format!("refresh {}", next[0])).starts_with("ok "));
    }
    println!("{RACES} races of two processes for one refresh token: one rotation, one retry");

    let counted = ask_all(&mut processes, "count ada");
    assert_eq!(counted, ["counted", "counted"]);
    let read = GetUserMetadata { user_id: "ada".into() };
    let GetUserMetadataResponse::Ok { metadata } = engine.handle(&public(), read).await.unwrap();
    assert_eq!(metadata.len(), 100, "no update of one process is lost to the other");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn processes_on_one_sqlite_file_share_keys_and_sessions_and_lose_no_race() {
    let folder = tempfile::tempdir().unwrap();
    check_all(&format!("sqlite:{}", folder.path().join("auth.db").display())).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs a server: cargo xtask test"]
async fn processes_on_one_postgres_database_share_keys_and_sessions_and_lose_no_race() {
    let database = TestDatabase::create_empty();
    check_all(&database.url()).await;
    let rows = database.psql("SELECT COUNT(*), COUNT(DISTINCT version) FROM schema_migrations");
    let (all, distinct) = rows.trim().split_once('|').unwrap();
    assert_eq!(all, distinct, "each migration ran once");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_processes_on_one_sqlite_file_exceed_no_budget_by_one() {
    let folder = tempfile::tempdir().unwrap();
    check_budgets(&format!("sqlite:{}", folder.path().join("auth.db").display())).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs a server: cargo xtask test"]
async fn three_processes_on_one_postgres_database_exceed_no_budget_by_one() {
    check_budgets(&TestDatabase::create_empty().url()).await;
}
