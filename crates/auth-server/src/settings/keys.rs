//! Every setting: those that the engine's table has, with what is the server's alone to know of them, and
//! the server's own.

use std::sync::LazyLock;

use auth_engine::core_keys;

use super::key::{Key, Rule};

/// The longest time, in milliseconds: a century.
const LONG: u64 = 36_500 * 24 * 60 * 60 * 1000;

const fn key(name: &'static str, rule: Rule) -> Key {
    Key { name, env: None, is_secret: false, rule, without_effect: None }
}

const fn named(name: &'static str, env: &'static str, rule: Rule) -> Key {
    Key { env: Some(env), ..key(name, rule) }
}

/// Settings that no tenant may have, and the engine's table therefore hasn't.
const OWN: [Key; 3] = [
    named("database", "AUTH_SERVER_DATABASE", Rule::Text),
    key("tenant_databases_max_connections", Rule::Whole(1, 10_000)),
    named("use_structured_logging", "USE_STRUCTURED_LOGGING", Rule::Flag),
];

/// Names in the environment other than the setting's own in upper case.
const IN_ENVIRONMENT: [(&str, &str); 3] = [
    ("migration_mode", "SUPERTOKENS_MIGRATION_MODE"),
    ("port", "SUPERTOKENS_PORT"),
    ("host", "SUPERTOKENS_HOST"),
];

/// Settings whose values mustn't be shown.
const SECRETS: [&str; 6] = [
    "postgresql_connection_uri",
    "postgresql_password",
    "firebase_password_hashing_signer_key",
    "api_keys",
    "supertokens_saas_secret",
    "oauth_client_secret_encryption_key",
];

/// What a value must be besides, where the engine takes any text.
const RULES: [(&str, Rule); 12] = [
    ("postgresql_port", Rule::Whole(1, 65_535)),
    ("postgresql_connection_pool_size", Rule::Whole(1, 1_000)),
    ("postgresql_connection_scheme", Rule::OneOf(&["postgresql"])),
    ("postgresql_idle_connection_timeout", Rule::Whole(0, LONG)),
    ("postgresql_minimum_idle_connections", Rule::Whole(0, 10_000)),
    ("supertokens_saas_load_only_cud", Rule::Domain),
    ("log_level", Rule::OneOf(&["DEBUG", "INFO", "WARN", "ERROR", "NONE"])),
    ("oauth_provider_public_service_url", Rule::Url),
    ("oauth_provider_admin_service_url", Rule::Url),
    ("oauth_provider_consent_login_base_url", Rule::Url),
    ("oauth_provider_url_configured_in_oauth_provider", Rule::Url),
    ("otel_collector_connection_uri", Rule::Url),
];

/// Settings without effect here, by what their names begin with, and why they have none.
const WITHOUT_EFFECT: [(&str, &str); 25] = [
    ("postgresql_connection_scheme", "there is only one"),
    (
        "postgresql_connection_attributes",
        "parameters of the connection stand in `postgresql_connection_uri`",
    ),
    ("postgresql_idle_connection_timeout", NO_IDLE),
    ("postgresql_minimum_idle_connections", NO_IDLE),
    ("postgresql_table_", OWN_TABLES),
    ("postgresql_key_value_table_name", OWN_TABLES),
    ("postgresql_session_info_table_name", OWN_TABLES),
    ("postgresql_emailpassword_", OWN_TABLES),
    ("postgresql_emailverification_", OWN_TABLES),
    ("postgresql_thirdparty_", OWN_TABLES),
    ("migration_mode", "there is nothing older to migrate from"),
    ("core_config_version", "there is only one version"),
    ("max_server_pool_size", "there is no pool of this kind: work is spread over the processors"),
    ("access_token_blacklisting", NO_OLD_CDI),
    ("access_token_signing_key_dynamic", NO_OLD_CDI),
    (
        "bcrypt_log_rounds",
        "new hashes are Argon2id; bcrypt hashes only verify, and are replaced then",
    ),
    ("firebase_password_hashing_pool_size", "every hash is made within `argon2_hashing_pool_size`"),
    ("disable_telemetry", "there is no telemetry"),
    ("webserver_https_enabled", "TLS ends at a proxy before it"),
    ("oauth_provider_", NO_OAUTH),
    ("oauth_client_", NO_OAUTH),
    ("saml_", "SAML isn't served"),
    ("bulk_migration_", "bulk import isn't served"),
    ("otel_", "figures are read at /metrics"),
    ("deadlock_logger_enable", "it concerns the reference's runtime"),
];

const NO_OAUTH: &str = "OAuth 2.0 for other applications isn't served";
const NO_IDLE: &str = "connections are kept as long as they work";
const OWN_TABLES: &str = "the tables are this server's own";
const NO_OLD_CDI: &str = "it concerns CDI 2.20 and older, which isn't spoken";

/// Every setting.
pub(super) static KEYS: LazyLock<Vec<Key>> = LazyLock::new(|| {
    let of_core = core_keys().iter().map(|core| {
        let name = core.name();
        let of = |table: &[(&str, &'static str)]| {
            table.iter().find(|(known, _)| *known == name).map(|(_, says)| *says)
        };
        let rule = RULES.iter().find(|(known, _)| *known == name).map(|(_, rule)| *rule);
        let without_effect = WITHOUT_EFFECT.iter().find(|(start, _)| name.starts_with(start));
        Key {
            name,
            env: of(&IN_ENVIRONMENT),
            is_secret: SECRETS.contains(&name),
            rule: rule.unwrap_or(Rule::OfCore(core)),
            without_effect: without_effect.map(|(_, why)| *why),
        }
    });
    OWN.into_iter().chain(of_core).collect()
});

/// A setting by its name.
pub(super) fn find(name: &str) -> Option<&'static Key> {
    KEYS.iter().find(|key| key.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_of_a_setting_is_said_of_one_that_is_there() {
        let names = IN_ENVIRONMENT.iter().chain(&WITHOUT_EFFECT).map(|(name, _)| *name);
        for start in names.chain(RULES.iter().map(|(name, _)| *name)).chain(SECRETS) {
            assert!(KEYS.iter().any(|key| key.name.starts_with(start)), "{start}");
        }
        for key in KEYS.iter() {
            assert_eq!(
                KEYS.iter().filter(|other| other.name == key.name).count(),
                1,
                "{}",
                key.name
            );
        }
    }
}
