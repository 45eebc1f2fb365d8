//! The binary's settings (CDI §7).

#![allow(clippy::unwrap_used, missing_docs)]

use auth_server::{LogTarget, Settings, SettingsSource};

fn refusal(yaml: &str) -> String {
    let source = match SettingsSource::new().with_file(yaml) {
        Ok(source) => source,
        Err(error) => return error.to_string(),
    };
    Settings::read(&source).unwrap_err().to_string()
}

#[test]
fn without_any_setting_it_serves_a_file_at_the_reference_s_address() {
    let settings = Settings::read(&SettingsSource::new()).unwrap();
    assert_eq!((settings.host.as_str(), settings.port), ("localhost", 3567));
    assert_eq!(settings.log.info, LogTarget::Terminal);
    assert!(format!("{:?}", settings.engine).contains("auth.db"));
    assert!(settings.without_effect.is_empty());
}

#[test]
fn cdi_7_the_environment_counts_more_than_the_file_and_a_flag_more_than_both() {
    let file = "port: 1\nhost: a\naccess_token_validity: 1\n# disable_telemetry: true\napi_keys:\n";
    let environment = |name: &str| match name {
        "SUPERTOKENS_HOST" => Some("b".to_owned()),
        "ACCESS_TOKEN_VALIDITY" => Some("77".to_owned()),
        "HOST" | "PORT" => Some("not this one".to_owned()),
        _ => None,
    };
    let source = SettingsSource::new().with_file(file).unwrap().with_environment(environment);
    let settings = Settings::read(&source.with("port", "2").unwrap()).unwrap();
    assert_eq!((settings.host.as_str(), settings.port), ("b", 2));
    assert!(format!("{:?}", settings.engine).contains("access_token_validity: 77s"));
}

#[test]
fn cdi_7_a_wrong_setting_is_named_with_what_would_be_right() {
    for (yaml, expected) in [
        ("port: 70000", "`port`: it is `70000`; expected a whole number from 0 to 65535"),
        ("access_token_validity: 0", "expected a whole number from 1 to 86400000"),
        ("access_token_validity_jitter: 0.3", "expected a number from 0 to 0.25"),
        ("refresh_token_rotation_grace_period: 301", "expected a whole number from 0 to 300"),
        ("refresh_token_validity: 60", "expected more than `access_token_validity`, 3600 s"),
        ("recent_token_reuse_behaviour: x", "expected one of TOKEN_THEFT, UNAUTHORISED"),
        (
            "password_hashing_alg: BCRYPT",
            "`password_hashing_alg`: it is `BCRYPT`; expected one of ARGON2",
        ),
        ("argon2_memory_kb: 1", "`argon2_memory_kb`"),
        (
            "argon2_hashing_pool_size: 11",
            "`argon2_hashing_pool_size`: it is `11`; expected at most `max_server_pool_size`, 10",
        ),
        (
            "argon2_hashing_pool_size: 5\nmax_server_pool_size: 4",
            "`argon2_hashing_pool_size`: it is `5`; expected at most `max_server_pool_size`, 4",
        ),
        ("supertokens_max_cdi_version: 2.20", "expected one of 2.21, 3.0, "),
        ("supertokens_max_cdi_version: '5.0'\nsupertokens_min_cdi_version: '5.4'", "at most"),
        ("ip_allow_regex: '('", "`ip_allow_regex`"),
        ("base_path: 'a b'", "`base_path`"),
        ("disable_telemetry: perhaps", "expected true or false"),
        ("unknown_name: 1", "`unknown_name`: there is no such setting"),
        ("api_keys: [a, b]", "`api_keys`: it holds several values"),
        ("# keys\nport: {", "the configuration file`: it can't be read at line 2"),
        ("database: mysql://localhost", "`database`"),
    ] {
        let text = refusal(yaml);
        assert!(text.contains(expected), "{yaml}: {text}");
    }
}

#[test]
fn cdi_3_a_pool_for_hashes_may_be_as_large_as_that_for_requests() {
    for yaml in [
        "argon2_hashing_pool_size: 10",
        "argon2_hashing_pool_size: 4\nmax_server_pool_size: 4",
        "argon2_hashing_pool_size: 64\nmax_server_pool_size: 200",
        "max_server_pool_size: 1",
    ] {
        let source = SettingsSource::new().with_file(yaml).unwrap();
        Settings::read(&source).unwrap_or_else(|error| panic!("{yaml}: {error}"));
    }
}

#[test]
fn a_wrong_secret_is_not_shown() {
    for yaml in [
        "api_keys: hunter2",
        "api_keys: hunter2-hunter2-hunter2_hunter2",
        "supertokens_saas_secret: hunter2",
        "api_keys: kDsT3bA7xwWmQ0uR5vHy\nsupertokens_saas_secret: hunter2",
    ] {
        let text = refusal(yaml);
        assert!(!text.contains("hunter2"), "{text}");
    }
    let source = SettingsSource::new().with("api_keys", "kDsT3bA7xwWmQ0uR5vHy").unwrap();
    let settings = Settings::read(&source).unwrap();
    assert!(!format!("{source:?}{settings:?}").contains("kDsT3bA7xwWmQ0uR5vHy"));
}

#[test]
fn cdi_7_what_has_no_effect_here_is_checked_all_the_same_and_told() {
    let source = SettingsSource::new().with_file("bcrypt_log_rounds: 11").unwrap();
    let settings = Settings::read(&source).unwrap();
    assert_eq!(settings.without_effect.len(), 1);
    assert_eq!(settings.without_effect[0].0, "bcrypt_log_rounds");
    assert!(refusal("bcrypt_log_rounds: 0").contains("`bcrypt_log_rounds`"));
}

#[test]
fn cdi_7_a_postgresql_server_is_named_as_the_reference_names_it() {
    let url = "postgresql://ada:hunter2@db.example.com/auth";
    let source = SettingsSource::new().with("postgresql_connection_uri", url).unwrap();
    let shown = format!("{:?}", Settings::read(&source).unwrap());
    assert!(shown.contains("db.example.com"), "{shown}");
    assert!(!shown.contains("hunter2"));
    let both = source.with("database", "sqlite:auth.db").unwrap();
    let text = Settings::read(&both).unwrap_err().to_string();
    assert!(text.contains("beside `database`") && !text.contains("hunter2"), "{text}");
}

#[test]
fn cdi_7_limits_of_codes_reach_the_engine() {
    let file = "passwordless_max_code_input_attempts: 7\ntotp_rate_limit_cooldown_sec: 11\n";
    let settings = Settings::read(&SettingsSource::new().with_file(file).unwrap()).unwrap();
    let shown = format!("{:?}", settings.engine);
    assert!(shown.contains("passwordless_max_code_input_attempts: 7"), "{shown}");
    assert!(shown.contains("totp_rate_limit_cooldown: 11s"), "{shown}");
    let file = "passwordless_max_codes_per_contact: 3\npasswordless_code_refill_sec: 4\n\
        passwordless_max_wrong_codes_per_contact: 5\npasswordless_wrong_code_refill_sec: 6\n";
    let settings = Settings::read(&SettingsSource::new().with_file(file).unwrap()).unwrap();
    let shown = format!("{:?}", settings.engine);
    for setting in [
        "passwordless_max_codes_per_contact: 3",
        "passwordless_code_refill_interval: 4s",
        "passwordless_max_wrong_codes_per_contact: 5",
        "passwordless_wrong_code_refill_interval: 6s",
    ] {
        assert!(shown.contains(setting), "{shown}");
    }
}

#[test]
fn cdi_7_a_postgresql_server_may_be_named_by_its_parts() {
    for (settings, expected) in [
        (&[("user", "ada")][..], "postgres://ada@localhost:5432/supertokens"),
        (
            &[
                ("host", "db.example.com"),
                ("port", "6543"),
                ("user", "ada"),
                ("password", "hunter2 /@:?#"),
                ("database_name", "auth users"),
            ],
            "postgres://ada@db.example.com:6543/auth users",
        ),
        (
            &[("connection_uri", "postgresql://ada:hunter2@one/auth"), ("host", "two")],
            "postgres://ada@two:5432/auth",
        ),
    ] {
        let source = settings.iter().try_fold(SettingsSource::new(), |source, (name, value)| {
            source.with(&format!("postgresql_{name}"), *value)
        });
        let shown = format!("{:?}", Settings::read(&source.unwrap()).unwrap());
        assert!(shown.contains(expected), "{expected}: {shown}");
        assert!(!shown.contains("hunter2"), "{shown}");
    }
}

#[test]
fn cdi_7_what_is_wrong_with_a_postgresql_server_is_named_by_its_setting() {
    for (yaml, expected) in [
        ("postgresql_connection_uri: mysql://localhost/auth", "`postgresql_connection_uri`: "),
        ("postgresql_host: 'a b'", "`postgresql_host`: "),
        ("postgresql_port: 0", "`postgresql_port`: it is `0`; expected a whole number from 1"),
        ("postgresql_connection_pool_size: 0", "`postgresql_connection_pool_size`: it is `0`"),
        ("postgresql_connection_scheme: mysql", "expected one of postgresql"),
    ] {
        let text = refusal(yaml);
        assert!(text.contains(expected), "{yaml}: {text}");
    }
}
