//! What was acknowledged survives the death of the process, and nothing is half there.
#![allow(clippy::unwrap_used, clippy::panic)] // a failed test panics

mod common;

use std::{
    collections::HashMap,
    env,
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
};

use auth_engine::{Engine, EngineConfig};
use auth_protocol::{
    UserId,
    emailpassword::{SignUp, SignUpResponse},
    user::{ListUsersByAccountInfo, ListUsersByAccountInfoResponse},
    usermetadata::{GetUserMetadata, GetUserMetadataResponse, UpdateUserMetadata},
};
use common::{Test, cheap, public};
use serde_json::{Map, Value};

const DATABASE: &str = "AUTH_ENGINE_CRASH_DATABASE";
const ROUND: &str = "AUTH_ENGINE_CRASH_ROUND";

/// After how many acknowledgements each process is killed.
const KILLED_AFTER: [usize; 8] = [1, 2, 40, 97, 160, 333, 401, 700];

/// The process that is killed. It prints each acknowledgement, on a line of its own.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
#[ignore = "run by the other test, as a process of its own"]
async fn child() {
    let (Ok(database), Ok(round)) = (env::var(DATABASE), env::var(ROUND)) else { return };
    let config = cheap(EngineConfig::sqlite_file(database));
    let engine = Engine::open(config).await.unwrap();
    let mut tasks = tokio::task::JoinSet::new();
    for task in 0..12 {
        tasks.spawn(write_for_ever(engine.clone(), format!("{round}-{task}")));
    }
    tasks.join_all().await;
}

async fn write_for_ever(engine: Engine, name: String) {
    for count in 0_u32.. {
        let email = format!("{name}-{count}@example.com");
        let operation = SignUp { email: email.clone(), password: "password 1".into() };
        let SignUpResponse::Ok { user, .. } = engine.handle(&public(), operation).await.unwrap()
        else {
            panic!("{email} is taken");
        };
        println!("\nuser {email} {}", user.id);
        let both = ["left", "right"].map(|key| (key.to_owned(), Value::from(count)));
        let metadata_update = Map::from_iter(both);
        let user_id = UserId::from(name.as_str());
        let operation = UpdateUserMetadata { user_id, metadata_update };
        engine.handle(&public(), operation).await.unwrap();
        println!("\nmetadata {name} {count}");
    }
}

fn start(database: &Path, round: usize) -> Child {
    Command::new(env::current_exe().unwrap())
        .args(["child", "--exact", "--ignored", "--nocapture"])
        .env(DATABASE, database)
        .env(ROUND, round.to_string())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap()
}

/// What the killed processes had acknowledged.
#[derive(Default)]
struct Acknowledged {
    users: HashMap<String, String>,
    metadata: HashMap<String, u64>,
}

impl Acknowledged {
    fn note(&mut self, line: &str) -> bool {
        // A line that the kill cut off has no end, and wasn't an acknowledgement yet.
        let Some(line) = line.strip_suffix('\n') else { return false };
        match line.split(' ').collect::<Vec<_>>().as_slice() {
            ["user", email, id] => {
                self.users.insert((*email).to_owned(), (*id).to_owned());
            }
            ["metadata", name, count] => {
                self.metadata.insert((*name).to_owned(), count.parse().unwrap());
            }
            _ => return false,
        }
        true
    }
}

#[tokio::test]
async fn every_acknowledged_write_survives_a_kill_and_nothing_is_half_there() {
    let directory = tempfile::tempdir().unwrap();
    let database = directory.path().join("auth.db");
    let mut acknowledged = Acknowledged::default();
    for (round, killed_after) in KILLED_AFTER.into_iter().enumerate() {
        let mut child = start(&database, round);
        let mut output = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        let mut seen = 0;
        while output.read_line(&mut line).unwrap() > 0 {
            seen += usize::from(acknowledged.note(&line));
            line.clear();
            if seen == killed_after {
                child.kill().unwrap();
            }
        }
        child.wait().unwrap();
        assert!(seen >= killed_after, "the process ended by itself");
        check(&database, &acknowledged).await;
    }
    println!(
        "{} kills; {} users and {} metadata acknowledged, all there",
        KILLED_AFTER.len(),
        acknowledged.users.len(),
        acknowledged.metadata.len()
    );
}

async fn check(database: &Path, acknowledged: &Acknowledged) {
    let test = Test::with(cheap(EngineConfig::sqlite_file(database))).await;
    for (email, id) in &acknowledged.users {
        let email = Some(email.clone());
        let operation = ListUsersByAccountInfo { email, ..ListUsersByAccountInfo::default() };
        let ListUsersByAccountInfoResponse::Ok { users } = test.run(operation).await;
        assert_eq!(users.len(), 1);
        assert_eq!(users[0].id.as_str(), id);
    }
    for (name, count) in &acknowledged.metadata {
        let operation = GetUserMetadata { user_id: UserId::from(name.as_str()) };
        let GetUserMetadataResponse::Ok { metadata } = test.run(operation).await;
        assert_eq!(metadata["left"], metadata["right"]);
        assert!(metadata["left"].as_u64().unwrap() >= *count);
    }
    test.engine.shutdown().await;

    let connection = rusqlite::Connection::open(database).unwrap();
    let words = |sql: &str| connection.query_row(sql, [], |row| row.get::<_, String>(0)).unwrap();
    let number = |sql: &str| connection.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
    assert_eq!(words("PRAGMA integrity_check"), "ok");
    assert_eq!(number("SELECT COUNT(*) FROM pragma_foreign_key_check"), 0);
    let users = number("SELECT COUNT(*) FROM app_id_to_user_id");
    for table in ["emailpassword_users", "recipe_user_tenants", "recipe_user_account_infos"] {
        assert_eq!(number(&format!("SELECT COUNT(*) FROM {table}")), users, "{table}");
    }
}
