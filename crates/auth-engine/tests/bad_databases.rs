//! Databases that can't be used give an error that a person can act on, and never hang or panic.
#![allow(clippy::unwrap_used, clippy::panic)] // a failed test panics

mod common;

use std::{fs, path::Path, time::Duration};

use auth_engine::{Engine, EngineConfig, EngineError, StorageError};
use auth_protocol::{
    UserId,
    usermetadata::{ClearUserMetadata, UpdateUserMetadata},
};
use common::{Test, cheap, public};

fn config(path: &Path) -> EngineConfig {
    cheap(EngineConfig::sqlite_file(path)).database_busy_timeout(Duration::from_millis(50))
}

async fn storage_error(config: EngineConfig) -> StorageError {
    match Engine::open(config).await {
        Err(EngineError::Storage(error)) => error,
        other => panic!("{other:?}"),
    }
}

async fn create(path: &Path) {
    Engine::open(config(path)).await.unwrap().shutdown().await;
}

#[tokio::test]
async fn a_database_that_another_process_locks_is_reported_at_open() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("auth.db");
    create(&path).await;
    let other = rusqlite::Connection::open(&path).unwrap();
    other.execute_batch("BEGIN EXCLUSIVE").unwrap();
    let error = storage_error(config(&path)).await;
    assert!(matches!(error, StorageError::Locked(_)), "{error:?}");
    other.execute_batch("ROLLBACK").unwrap();
    Engine::open(config(&path)).await.unwrap();
}

#[tokio::test]
async fn a_file_of_another_kind_is_no_database_and_is_left_alone() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("notes.txt");
    let notes = "Dear diary, ".repeat(1000);
    fs::write(&path, &notes).unwrap();
    let error = storage_error(config(&path)).await;
    assert!(matches!(error, StorageError::NotADatabase(_)), "{error:?}");
    assert_eq!(fs::read_to_string(&path).unwrap(), notes);
}

#[tokio::test]
async fn a_newer_schema_is_refused_with_both_versions() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("auth.db");
    create(&path).await;
    let other = rusqlite::Connection::open(&path).unwrap();
    other
        .execute_batch(
            "INSERT INTO schema_migrations (version, name, applied_at) VALUES (999, 'future', 0)",
        )
        .unwrap();
    let error = storage_error(config(&path)).await;
    let StorageError::NewerThanBinary { found, known } = error else { panic!("{error:?}") };
    assert_eq!(found, 999);
    assert!(known >= 1);
}

#[tokio::test]
async fn a_damaged_file_is_called_damaged() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("auth.db");
    create(&path).await;
    let mut bytes = fs::read(&path).unwrap();
    bytes[4096..].fill(0xAA);
    fs::write(&path, bytes).unwrap();
    let error = storage_error(config(&path)).await;
    assert!(matches!(error, StorageError::Corrupt(_)), "{error:?}");
}

#[tokio::test]
async fn a_path_that_cannot_be_opened_is_named_with_the_systems_reason() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("missing").join("auth.db");
    let text = storage_error(config(&path)).await.to_string();
    assert!(text.contains(path.to_str().unwrap()), "{text}");
    assert!(text.contains("No such file or directory"), "{text}");
    let text = storage_error(config(directory.path())).await.to_string();
    assert!(text.contains("is a directory"), "{text}");
}

#[tokio::test]
async fn a_full_database_refuses_what_does_not_fit_and_goes_on_with_the_rest() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("auth.db");
    let test = Test::with(config(&path).database_size_limit_bytes(Some(900_000))).await;
    let write = |user: usize| UpdateUserMetadata {
        user_id: UserId::from(user.to_string()),
        metadata_update: [("note".to_owned(), "x".repeat(10_000).into())].into_iter().collect(),
    };
    let mut written = 0;
    let error = loop {
        match test.engine.handle(&public(), write(written)).await {
            Ok(_) => written += 1,
            Err(error) => break error,
        }
        assert!(written < 1000, "the limit doesn't hold");
    };
    assert!(matches!(error, EngineError::Storage(StorageError::DiskFull(_))), "{error:?}");
    assert!(written > 8);
    // More than is written then: what the engine does by itself needs room, too.
    for user in ["0", "1", "2"] {
        test.run(ClearUserMetadata { user_id: user.into() }).await;
    }
    test.run(write(0)).await;
    let scope = public();
    let more = (written..written + 8).map(|user| test.engine.handle(&scope, write(user)));
    assert!(futures_util::future::try_join_all(more).await.is_err());
}

#[cfg(unix)]
mod read_only {
    use std::{
        env,
        os::unix::{fs::PermissionsExt, process::CommandExt},
        process::Command,
    };

    use super::*;

    const DATABASE: &str = "AUTH_ENGINE_READ_ONLY_DATABASE";

    fn permit(path: &Path, mode: u32) {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    }

    /// The superuser may write everything, so that this runs as another user where it must.
    #[tokio::test]
    #[ignore = "run by the other test, as a process of its own"]
    async fn child() {
        let Ok(path) = env::var(DATABASE) else { return };
        let error = storage_error(config(Path::new(&path))).await;
        assert!(matches!(error, StorageError::ReadOnly(_)), "{error:?}");
    }

    #[tokio::test]
    async fn a_file_that_may_not_be_written_is_reported_at_open() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("auth.db");
        create(&path).await;
        let program = directory.path().join("test");
        fs::copy(env::current_exe().unwrap(), &program).unwrap();
        permit(&program, 0o555);
        permit(&path, 0o444);
        permit(directory.path(), 0o555);
        let mut child = Command::new(program);
        child.args(["read_only::child", "--exact", "--ignored"]).env(DATABASE, &path);
        if fs::OpenOptions::new().write(true).open(&path).is_ok() {
            child.uid(65_534).gid(65_534);
        }
        let output = child.output().unwrap();
        permit(directory.path(), 0o755);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    }
}

#[tokio::test]
async fn a_path_that_means_something_to_sqlite_is_refused_and_leaves_no_file() {
    let folder = tempfile::tempdir().unwrap();
    for path in [":memory:", "file::memory:", "file:auth.db", ":memory"] {
        let error = Engine::open(EngineConfig::sqlite_file(path)).await.unwrap_err().to_string();
        assert!(error.contains("`Database::InMemory`"), "{path}: {error}");
        assert!(!std::path::Path::new(path).exists(), "{path}");
    }
    // A file may be called so all the same.
    let file = folder.path().join(":memory:");
    Engine::open(EngineConfig::sqlite_file(&file)).await.unwrap().shutdown().await;
    assert!(file.exists());
}
