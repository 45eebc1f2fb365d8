//! Every setting.

use super::key::{Key, Rule};

/// The longest time, in milliseconds: a century.
const LONG: u64 = 36_500 * 24 * 60 * 60 * 1000;

const fn key(name: &'static str, rule: Rule) -> Key {
    Key { name, env: None, is_secret: false, rule, without_effect: None }
}

const fn secret(name: &'static str) -> Key {
    Key { is_secret: true, ..key(name, Rule::Text) }
}

const fn named(name: &'static str, env: &'static str, rule: Rule) -> Key {
    Key { env: Some(env), ..key(name, rule) }
}

const fn unused(name: &'static str, rule: Rule, why: &'static str) -> Key {
    Key { without_effect: Some(why), ..key(name, rule) }
}

const NO_OAUTH: &str = "OAuth 2.0 for other applications isn't served";
const NO_SAML: &str = "SAML isn't served";
const NO_IMPORT: &str = "bulk import isn't served";
const NO_JDBC: &str = "parameters of the connection stand in `postgresql_connection_uri`";
const NO_IDLE: &str = "connections are kept as long as they work";
const OWN_TABLES: &str = "the tables are this server's own";
const NO_POOL: &str = "there is no pool of this kind: work is spread over the processors";
const NO_OLD_CDI: &str = "it concerns CDI 2.20 and older, which isn't spoken";
const ONE_POOL: &str = "every hash is made within `argon2_hashing_pool_size`";
const NO_BCRYPT: &str = "new hashes are Argon2id; bcrypt hashes only verify, and are replaced then";

/// Every setting: this server's own first, then the reference's in its order.
pub(super) const KEYS: &[Key] = &[
    named("database", "AUTH_SERVER_DATABASE", Rule::Text),
    key("audit_log", Rule::Flag),
    key("audit_log_retention_days", Rule::Whole(1, 36_500)),
    key("audit_log_max_entries", Rule::Whole(1_000, LONG)),
    key("audit_log_checkpoint_interval_sec", Rule::Whole(1, 24 * 60 * 60)),
    key("password_hashing_longest_wait_sec", Rule::Number(0.0, 600.0)),
    key("passwordless_max_codes_per_contact", Rule::Whole(1, 1_000)),
    key("passwordless_code_refill_sec", Rule::Whole(1, 30 * 24 * 60 * 60)),
    key("passwordless_max_wrong_codes_per_contact", Rule::Whole(1, 1_000)),
    key("passwordless_wrong_code_refill_sec", Rule::Whole(1, 30 * 24 * 60 * 60)),
    key("tenant_databases_max_connections", Rule::Whole(1, 10_000)),
    secret("postgresql_connection_uri"),
    key("postgresql_host", Rule::Text),
    key("postgresql_port", Rule::Whole(1, 65_535)),
    key("postgresql_user", Rule::Text),
    secret("postgresql_password"),
    key("postgresql_database_name", Rule::Text),
    key("postgresql_connection_pool_size", Rule::Whole(1, 1_000)),
    unused("postgresql_connection_scheme", Rule::OneOf(&["postgresql"]), "there is only one"),
    unused("postgresql_connection_attributes", Rule::Text, NO_JDBC),
    unused("postgresql_idle_connection_timeout", Rule::Whole(0, LONG), NO_IDLE),
    unused("postgresql_minimum_idle_connections", Rule::Whole(0, 10_000), NO_IDLE),
    unused("postgresql_table_schema", Rule::Text, OWN_TABLES),
    unused("postgresql_table_names_prefix", Rule::Text, OWN_TABLES),
    unused("postgresql_key_value_table_name", Rule::Text, OWN_TABLES),
    unused("postgresql_session_info_table_name", Rule::Text, OWN_TABLES),
    unused("postgresql_emailpassword_users_table_name", Rule::Text, OWN_TABLES),
    unused("postgresql_emailpassword_pswd_reset_tokens_table_name", Rule::Text, OWN_TABLES),
    unused("postgresql_emailverification_tokens_table_name", Rule::Text, OWN_TABLES),
    unused("postgresql_emailverification_verified_emails_table_name", Rule::Text, OWN_TABLES),
    unused("postgresql_thirdparty_users_table_name", Rule::Text, OWN_TABLES),
    Key {
        env: Some("SUPERTOKENS_MIGRATION_MODE"),
        ..unused("migration_mode", Rule::Text, "there is nothing older to migrate from")
    },
    unused("core_config_version", Rule::Whole(0, 0), "there is only one version"),
    named("port", "SUPERTOKENS_PORT", Rule::Whole(0, 65_535)),
    named("host", "SUPERTOKENS_HOST", Rule::Text),
    unused("max_server_pool_size", Rule::Whole(1, u64::MAX), NO_POOL),
    key("base_path", Rule::Text),
    key("access_token_validity", Rule::Whole(1, 86_400_000)),
    key("refresh_token_validity", Rule::Number(0.0, 52_560_000.0)),
    key("session_absolute_lifetime", Rule::Number(0.1, 52_560_000.0)),
    key("max_sessions_per_user", Rule::Whole(1, 10_000)),
    key("too_many_sessions", Rule::OneOf(&["END_OLDEST", "REFUSE_NEW"])),
    key("refresh_token_rotation_grace_period", Rule::Whole(0, 300)),
    key("access_token_validity_jitter", Rule::Number(0.0, 0.25)),
    key("recent_token_reuse_behaviour", Rule::OneOf(&["TOKEN_THEFT", "UNAUTHORISED"])),
    unused("access_token_blacklisting", Rule::Flag, NO_OLD_CDI),
    unused("access_token_signing_key_dynamic", Rule::Flag, NO_OLD_CDI),
    key("access_token_dynamic_signing_key_update_interval", Rule::Whole(1, 876_000)),
    key("access_token_signing_key_update_interval", Rule::Whole(1, 876_000)),
    key("password_reset_token_lifetime", Rule::Whole(0, LONG)),
    key("email_verification_token_lifetime", Rule::Whole(0, LONG)),
    key("passwordless_max_code_input_attempts", Rule::Whole(1, 1_000_000)),
    key("passwordless_code_lifetime", Rule::Whole(1, LONG)),
    key("totp_max_attempts", Rule::Whole(1, 1_000)),
    key("totp_rate_limit_cooldown_sec", Rule::Whole(1, 30 * 24 * 60 * 60)),
    key("webauthn_recover_account_token_lifetime", Rule::Whole(1, LONG)),
    key("password_hashing_alg", Rule::OneOf(&["ARGON2"])),
    unused("bcrypt_log_rounds", Rule::Whole(1, u64::MAX), NO_BCRYPT),
    key("argon2_iterations", Rule::Whole(1, 1_000)),
    key("argon2_memory_kb", Rule::Whole(8, 4 * 1024 * 1024)),
    key("argon2_parallelism", Rule::Whole(1, 255)),
    key("argon2_hashing_pool_size", Rule::Whole(1, 1_024)),
    secret("firebase_password_hashing_signer_key"),
    unused("firebase_password_hashing_pool_size", Rule::Whole(1, u64::MAX), ONE_POOL),
    secret("api_keys"),
    secret("supertokens_saas_secret"),
    unused("supertokens_saas_load_only_cud", Rule::Domain, "there are no connection URI domains"),
    key("supertokens_max_cdi_version", Rule::Text),
    key("supertokens_min_cdi_version", Rule::Text),
    key("ip_allow_regex", Rule::Text),
    key("ip_deny_regex", Rule::Text),
    unused("disable_telemetry", Rule::Flag, "there is no telemetry"),
    key("info_log_path", Rule::Text),
    key("error_log_path", Rule::Text),
    key("log_level", Rule::OneOf(&["DEBUG", "INFO", "WARN", "ERROR", "NONE"])),
    named("use_structured_logging", "USE_STRUCTURED_LOGGING", Rule::Flag),
    unused("oauth_provider_public_service_url", Rule::Url, NO_OAUTH),
    unused("oauth_provider_admin_service_url", Rule::Url, NO_OAUTH),
    unused("oauth_provider_consent_login_base_url", Rule::Url, NO_OAUTH),
    unused("oauth_provider_url_configured_in_oauth_provider", Rule::Url, NO_OAUTH),
    Key { is_secret: true, ..unused("oauth_client_secret_encryption_key", Rule::Text, NO_OAUTH) },
    unused("saml_legacy_acs_url", Rule::Text, NO_SAML),
    unused("saml_sp_entity_id", Rule::Text, NO_SAML),
    unused("saml_claims_validity", Rule::Whole(1, LONG), NO_SAML),
    unused("saml_relay_state_validity", Rule::Whole(1, LONG), NO_SAML),
    unused("bulk_migration_parallelism", Rule::Whole(1, u64::MAX), NO_IMPORT),
    unused("bulk_migration_batch_size", Rule::Whole(1, u64::MAX), NO_IMPORT),
    unused("bulk_migration_sleep_between_rounds_in_batch_ms", Rule::Whole(0, LONG), NO_IMPORT),
    unused("otel_collector_connection_uri", Rule::Url, "figures are read at /metrics"),
    unused("deadlock_logger_enable", Rule::Flag, "it concerns the reference's runtime"),
];
