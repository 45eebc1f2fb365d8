//! Settings that can't be used are named when the engine is opened, and URLs are read.
#![allow(clippy::unwrap_used, clippy::panic)] // a failed test panics

use std::time::Duration;

use auth_engine::{
    ConfigError, Database, Engine, EngineConfig, EngineError, PasswordHashingConfig,
};
use proptest::prelude::*;

async fn refused(config: EngineConfig) -> ConfigError {
    match Engine::open(config).await {
        Err(EngineError::Config(error)) => error,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn each_setting_out_of_range_is_named() {
    let new = EngineConfig::in_memory;
    let secs = Duration::from_secs;
    for (field, config) in [
        ("database_busy_timeout", new().database_busy_timeout(secs(3601))),
        ("database_pool_size", new().database_pool_size(0)),
        ("tenant_databases_max_connections", new().tenant_databases_max_connections(0)),
        ("database_operation_timeout", new().database_operation_timeout(Duration::ZERO)),
        ("access_token_validity", new().access_token_validity(Duration::ZERO)),
        ("access_token_validity", new().access_token_validity(secs(86_400_001))),
        ("access_token_validity_jitter", new().access_token_validity_jitter(0.26)),
        ("access_token_validity_jitter", new().access_token_validity_jitter(f64::NAN)),
        ("refresh_token_validity", new().refresh_token_validity(secs(3600))),
        (
            "session_absolute_lifetime",
            new().session_absolute_lifetime(Some(Duration::from_millis(999))),
        ),
        (
            "refresh_token_rotation_grace_period",
            new().refresh_token_rotation_grace_period(secs(301)),
        ),
        ("signing_key_rotation_interval", new().signing_key_rotation_interval(secs(3599))),
        ("password_reset_token_lifetime", new().password_reset_token_lifetime(Duration::MAX)),
        ("passwordless_max_codes_per_contact", new().passwordless_max_codes_per_contact(0)),
        (
            "passwordless_max_wrong_codes_per_contact",
            new().passwordless_max_wrong_codes_per_contact(1001),
        ),
        (
            "passwordless_code_refill_interval",
            new().passwordless_code_refill_interval(Duration::ZERO),
        ),
        (
            "passwordless_wrong_code_refill_interval",
            new().passwordless_wrong_code_refill_interval(Duration::ZERO),
        ),
        ("totp_max_attempts", new().totp_max_attempts(0)),
        ("totp_rate_limit_cooldown", new().totp_rate_limit_cooldown(Duration::ZERO)),
        (
            "firebase_password_hashing_signer_key",
            new().firebase_password_hashing_signer_key(Some("?".into())),
        ),
    ] {
        assert_eq!(refused(config).await.field, field);
    }
    let default = PasswordHashingConfig::default();
    for (name, hashing) in [
        ("memory_kib", PasswordHashingConfig { memory_kib: 7, ..default }),
        ("iterations", PasswordHashingConfig { iterations: 0, ..default }),
        ("parallelism", PasswordHashingConfig { parallelism: 0, ..default }),
        ("concurrency", PasswordHashingConfig { concurrency: 0, ..default }),
    ] {
        let error = refused(new().password_hashing(hashing)).await;
        assert_eq!(error.field, "password_hashing");
        assert!(error.problem.contains(name), "{error}");
    }
}

#[tokio::test]
async fn the_message_says_what_was_wrong_and_what_would_be_right() {
    let error = refused(EngineConfig::in_memory().access_token_validity_jitter(2.0)).await;
    assert_eq!(
        error.to_string(),
        "`access_token_validity_jitter`: 2 is out of range; expected a number from 0 to 0.25"
    );
}

#[test]
fn both_forms_of_a_url_give_the_path() {
    for (url, path) in [
        ("sqlite:auth.db", "auth.db"),
        ("sqlite://auth.db", "auth.db"),
        ("sqlite:/var/lib/auth.db", "/var/lib/auth.db"),
        ("sqlite:///var/lib/auth.db", "/var/lib/auth.db"),
        (" sqlite:a b:c.db ", "a b:c.db"),
    ] {
        assert_eq!(url.parse(), Ok(Database::SqliteFile(path.into())), "{url}");
    }
    for url in ["sqlite::memory:", "sqlite://:memory:"] {
        assert_eq!(url.parse(), Ok(Database::InMemory), "{url}");
    }
}

#[test]
fn a_url_of_another_database_is_refused_without_showing_its_password() {
    for url in ["mysql://user:hunter2@host/db", "sqlite:", "sqlite://", "sqlite:a?b", "auth.db"] {
        let error = url.parse::<Database>().unwrap_err().to_string();
        assert!(error.starts_with("`database`: "), "{error}");
        assert!(!error.contains("hunter2"), "{error}");
    }
}

proptest! {
    #[test]
    fn every_plain_path_reads_back(path in "[a-zA-Z0-9._-][a-zA-Z0-9._/ -]{0,40}[a-z]") {
        let url = format!("sqlite:{path}");
        prop_assert_eq!(url.parse(), Ok(Database::SqliteFile(path.into())));
    }

    #[test]
    fn no_text_makes_the_url_parser_panic(url in "(sqlite:)?\\PC*") {
        let _ = url.parse::<Database>();
    }
}
