//! Every setting of the reference, wrong (CDI §7).

use std::fmt::Write;

use tempfile::TempDir;

use crate::program::{Program, command, refusal, refused_file};

/// Settings by the reference's names, each with a right value and with wrong ones, and what would
/// be right in the refusal's words.
const SETTINGS: &[(&str, &str, &[&str], &str)] = &[
    ("core_config_version", "0", &["1", "new"], "a whole number from 0 to 0"),
    ("port", "0", &["-1", "65536", "http"], "a whole number from 0 to 65535"),
    ("max_server_pool_size", "10", &["0", "many"], "a whole number, 1 or more"),
    ("base_path", "/core", &["a b", "a?b"], "letters, digits, `/`, `-`, `_` and `.`"),
    (
        "access_token_validity",
        "3600",
        &["0", "86400001", "1.5"],
        "a whole number from 1 to 86400000",
    ),
    ("refresh_token_validity", "144000", &["60", "-1", "long"], ""),
    ("session_absolute_lifetime", "1440", &["0", "-1", "a day"], "a number from 0.1 to 52560000"),
    ("max_sessions_per_user", "5", &["0", "10001", "all"], "a whole number from 1 to 10000"),
    ("too_many_sessions", "end_oldest", &["BOTH"], "one of END_OLDEST, REFUSE_NEW"),
    ("refresh_token_rotation_grace_period", "30", &["301", "-1"], "a whole number from 0 to 300"),
    ("access_token_validity_jitter", "0.05", &["0.26", "-0.1"], "a number from 0 to 0.25"),
    (
        "recent_token_reuse_behaviour",
        "TOKEN_THEFT",
        &["IGNORE"],
        "one of TOKEN_THEFT, UNAUTHORISED",
    ),
    ("access_token_blacklisting", "false", &["perhaps"], "true or false"),
    ("access_token_signing_key_dynamic", "true", &["1"], "true or false"),
    (
        "access_token_dynamic_signing_key_update_interval",
        "168",
        &["0", "0.5"],
        "a number from 1 to 876000",
    ),
    ("access_token_signing_key_update_interval", "168", &["0"], "a number from 1 to 876000"),
    ("password_reset_token_lifetime", "3600000", &["-1", "1h"], "a whole number from 0 to "),
    ("email_verification_token_lifetime", "86400000", &["-1", "1d"], "a whole number from 0 to "),
    ("passwordless_max_code_input_attempts", "5", &["0"], "a whole number from 1 to "),
    ("passwordless_code_lifetime", "900000", &["0"], "a whole number from 1 to "),
    ("password_hashing_longest_wait_sec", "2.5", &["-1", "601", "soon"], "a number from 0 to 600"),
    ("passwordless_max_codes_per_contact", "10", &["0", "1001"], "a whole number from 1 to 1000"),
    ("passwordless_code_refill_sec", "600", &["0"], "a whole number from 1 to 2592000"),
    (
        "passwordless_max_wrong_codes_per_contact",
        "10",
        &["0", "1001"],
        "a whole number from 1 to 1000",
    ),
    ("passwordless_wrong_code_refill_sec", "3600", &["0"], "a whole number from 1 to 2592000"),
    ("totp_max_attempts", "5", &["0", "1001"], "a whole number from 1 to 1000"),
    ("totp_rate_limit_cooldown_sec", "900", &["0", "2592001"], "a whole number from 1 to 2592000"),
    ("webauthn_recover_account_token_lifetime", "3600000", &["0"], "a whole number from 1 to "),
    ("password_hashing_alg", "ARGON2", &["BCRYPT", "MD5"], "one of ARGON2"),
    ("bcrypt_log_rounds", "11", &["0"], "a whole number, 1 or more"),
    ("argon2_iterations", "1", &["0", "1001"], "a whole number from 1 to 1000"),
    ("argon2_memory_kb", "87795", &["0", "7", "4194305"], "a whole number from 8 to 4194304"),
    ("argon2_parallelism", "2", &["0", "256"], "a whole number from 1 to 255"),
    ("argon2_hashing_pool_size", "1", &["0", "1025"], "a whole number from 1 to 1024"),
    (
        "firebase_password_hashing_signer_key",
        "c2lnbmVy",
        &["'?'"],
        "the project's `base64_signer_key`",
    ),
    ("firebase_password_hashing_pool_size", "1", &["0"], "a whole number, 1 or more"),
    (
        "tenant_databases_max_connections",
        "64",
        &["0", "10001", "all"],
        "a whole number from 1 to 10000",
    ),
    ("webserver_https_enabled", "false", &["2"], "true or false"),
    ("api_keys", "kDsT3bA7xwWmQ0uR5vHy", &["short", "kDsT3bA7xwWmQ0uR5vH_"], "keys of 20 or more"),
    ("supertokens_saas_load_only_cud", "auth.example.com", &["a/b", "a b"], "a host's name"),
    ("supertokens_max_cdi_version", "'5.4'", &["'2.20'", "'9.0'", "new"], "one of 2.21, 3.0, "),
    ("supertokens_min_cdi_version", "'5.0'", &["'2.20'", "old"], "one of 2.21, 3.0, "),
    ("ip_allow_regex", "'127\\..*'", &["'('"], "a regular expression"),
    ("ip_deny_regex", "'10\\..*'", &["'['"], "a regular expression"),
    ("disable_telemetry", "true", &["2"], "true or false"),
    ("log_level", "ERROR", &["LOUD"], "one of DEBUG, INFO, WARN, ERROR, NONE"),
    ("use_structured_logging", "true", &["json"], "true or false"),
    ("oauth_provider_public_service_url", "https://hydra.example.com", &["hydra"], "a URL"),
    ("oauth_provider_admin_service_url", "https://hydra.example.com", &["hydra"], "a URL"),
    ("oauth_provider_consent_login_base_url", "https://example.com", &["mailto:a@b"], "a URL"),
    ("oauth_provider_url_configured_in_oauth_provider", "https://example.com", &["/"], "a URL"),
    ("saml_claims_validity", "300000", &["0"], "a whole number from 1 to "),
    ("saml_relay_state_validity", "300000", &["0"], "a whole number from 1 to "),
    ("bulk_migration_parallelism", "2", &["0"], "a whole number, 1 or more"),
    ("bulk_migration_batch_size", "8000", &["0"], "a whole number, 1 or more"),
    ("bulk_migration_sleep_between_rounds_in_batch_ms", "1000", &["-1"], "a whole number from 0"),
    ("otel_collector_connection_uri", "http://localhost:4317", &["localhost"], "a URL"),
    ("deadlock_logger_enable", "false", &["2"], "true or false"),
];

/// Settings whose value may be any text.
const TEXTS: &[&str] =
    &["oauth_client_secret_encryption_key", "saml_legacy_acs_url", "saml_sp_entity_id"];

#[test]
fn cdi_7_each_wrong_setting_ends_it_at_once_and_is_named_with_what_would_be_right() {
    let folder = TempDir::new().unwrap();
    for (name, _, wrong_ones, expected) in SETTINGS {
        for wrong in *wrong_ones {
            let text = refused_file(&folder, &format!("{name}: {wrong}\n"));
            assert!(text.starts_with(&format!("`{name}`: ")), "{name}: {wrong}: {text}");
            let expected = format!("; expected {expected}");
            assert!(text.contains(&expected), "{name}: {wrong}: {text}");
        }
    }
}

#[test]
fn cdi_7_the_environment_is_checked_by_the_same_names() {
    for (name, variable, wrong) in [
        ("access_token_validity", "ACCESS_TOKEN_VALIDITY", "0"),
        ("port", "SUPERTOKENS_PORT", "http"),
        ("totp_max_attempts", "TOTP_MAX_ATTEMPTS", "none"),
        ("password_hashing_longest_wait_sec", "PASSWORD_HASHING_LONGEST_WAIT_SEC", "soon"),
        ("postgresql_port", "POSTGRESQL_PORT", "0"),
    ] {
        let folder = TempDir::new().unwrap();
        let text = refusal(command(&folder).env(variable, wrong));
        assert!(text.starts_with(&format!("`{name}`: it is `{wrong}`; expected ")), "{text}");
    }
}

#[test]
fn cdi_7_a_file_with_every_setting_is_taken_as_it_is() {
    let folder = TempDir::new().unwrap();
    let mut yaml = String::new();
    for (name, right, ..) in SETTINGS.iter().filter(|(name, ..)| *name != "use_structured_logging")
    {
        writeln!(yaml, "{name}: {right}").unwrap();
    }
    for name in TEXTS {
        writeln!(yaml, "{name}: some-text").unwrap();
    }
    yaml.push_str("supertokens_saas_secret: kDsT3bA7xwWmQ0uR5vHykDsT3bA7xwWmQ0uR5vHy\n");
    yaml.push_str("database: 'sqlite::memory:'\ninfo_log_path: 'null'\nerror_log_path: 'null'\n");
    let path = folder.path().join("config.yaml");
    std::fs::write(&path, &yaml).unwrap();
    let program = Program::start(command(&folder).arg("--config").arg(path));
    assert!(program.ask("GET /core/hello HTTP/1.1").ends_with("Hello\n"));
    assert!(program.ask("GET /hello HTTP/1.1").contains("404"));
}

#[test]
fn cdi_7_settings_that_contradict_each_other_are_named() {
    let folder = TempDir::new().unwrap();
    for (yaml, expected) in [
        (
            "refresh_token_validity: 60",
            "`refresh_token_validity`: 'refresh_token_validity' must be strictly greater than \
             'access_token_validity'.; expected more than `access_token_validity`, 3600 s",
        ),
        ("access_token_validity: 8640000", "expected more than `access_token_validity`"),
        (
            "supertokens_max_cdi_version: '5.0'\nsupertokens_min_cdi_version: '5.4'",
            "`supertokens_min_cdi_version`: it is 5.4; expected at most \
             `supertokens_max_cdi_version`, 5.0",
        ),
        (
            "supertokens_saas_secret: kDsT3bA7xwWmQ0uR5vHykDsT3bA7xwWmQ0uR5vHy",
            "`supertokens_saas_secret`: it is set without `api_keys`",
        ),
        (
            "api_keys: kDsT3bA7xwWmQ0uR5vHy\nsupertokens_saas_secret: kDsT3bA7xwWmQ0uR5vHy",
            "`supertokens_saas_secret`: it is too short",
        ),
        ("argon2_memory_kb: 15\nargon2_parallelism: 2", "expected 16 or more"),
        (
            "oauth_provider_admin_service_url: https://hydra.example.com",
            "`oauth_provider_public_service_url`: it is not set, and \
             `oauth_provider_admin_service_url` is; expected all of them, or none",
        ),
        ("postgresql_host: db.example.com", "`postgresql_host`: it is set beside `database`"),
    ] {
        let text = refused_file(&folder, yaml);
        assert!(text.contains(expected), "{yaml}: {text}");
    }
}

#[test]
fn cdi_7_no_refusal_shows_a_secret() {
    let folder = TempDir::new().unwrap();
    for yaml in [
        "api_keys: hunter2",
        "api_keys: kDsT3bA7xwWmQ0uR5vHy\nsupertokens_saas_secret: hunter2",
        "postgresql_connection_uri: postgresql://ada:hunter2@localhost",
        "postgresql_password: hunter2",
    ] {
        let text = refused_file(&folder, yaml);
        assert!(!text.contains("hunter2") && !text.contains("kDsT"), "{text}");
    }
    let mut started = command(&folder);
    started.env("POSTGRESQL_CONNECTION_URI", "postgresql://ada:hunter2@127.0.0.1:1/auth");
    let text = refusal(&mut started);
    assert!(text.contains("127.0.0.1") && !text.contains("hunter2"), "{text}");
}

#[test]
fn a_name_that_is_no_setting_and_a_file_that_is_no_yaml_are_told() {
    let folder = TempDir::new().unwrap();
    let text = refused_file(&folder, "acess_token_validity: 60");
    assert!(text.starts_with("`acess_token_validity`: there is no such setting"), "{text}");
    for yaml in ["port: {", "- port", "just a text"] {
        let text = refused_file(&folder, yaml);
        assert!(text.contains("the configuration file"), "{text}");
    }
    let text = refused_file(&folder, "api_keys: [a, b]");
    assert!(text.starts_with("`api_keys`: it holds several values; expected one value"), "{text}");
}
