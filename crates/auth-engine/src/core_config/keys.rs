//! Every setting.

use auth_protocol::Secret;

use super::key::{
    CoreKey,
    CoreKeyScope::{self, App, Program, Tenant},
    Kind::{self, Flag, Number, Text, Whole, Word},
    Set,
};
use crate::{TokenReuseBehaviour, TooManySessions};

/// The longest time, in milliseconds: a century.
const LONG: i64 = 36_500 * 24 * 60 * 60 * 1000;

/// 30 days, in seconds.
const MONTH: i64 = 30 * 24 * 60 * 60;

const MANY: i64 = i64::MAX;

const NOT_NEGATIVE: Option<&str> = Some("must be >= 0");
const POSITIVE: Option<&str> = Some("must be > 0");

/// A setting with no effect on an engine.
const fn key(name: &'static str, scope: CoreKeyScope, kind: Kind) -> CoreKey {
    CoreKey { name, scope, kind, refusal: None, set: None }
}

const fn set(
    name: &'static str,
    scope: CoreKeyScope,
    kind: Kind,
    refusal: Option<&'static str>,
    set: Set,
) -> CoreKey {
    CoreKey { name, scope, kind, refusal, set: Some(set) }
}

/// A part of what says where a tenant's data is.
const fn place(name: &'static str) -> CoreKey {
    key(name, Tenant, Text)
}

/// Every setting: the reference's in its order, then this one's own.
pub(super) const KEYS: &[CoreKey] = &[
    key("core_config_version", Program, Whole(0, 0)),
    key("port", Program, Whole(0, 65_535)),
    key("host", Program, Text),
    key("max_server_pool_size", Program, Whole(1, MANY)),
    key("base_path", Program, Text),
    set(
        "access_token_validity",
        App,
        Whole(1, 86_400_000),
        Some("must be between 1 and 86400000 seconds inclusive."),
        |config, given| config.access_token_validity(given.secs()),
    ),
    set("refresh_token_validity", App, Number(0.0, 52_560_000.0), None, |config, given| {
        config.refresh_token_validity(given.minutes())
    }),
    set(
        "refresh_token_rotation_grace_period",
        App,
        Whole(0, 300),
        Some("must be between 0 and 300 seconds inclusive."),
        |config, given| config.refresh_token_rotation_grace_period(given.secs()),
    ),
    set(
        "access_token_validity_jitter",
        App,
        Number(0.0, 0.25),
        Some("must be between 0 and 0.25 inclusive."),
        |config, given| config.access_token_validity_jitter(given.fraction()),
    ),
    set(
        "recent_token_reuse_behaviour",
        Program,
        Word(&["TOKEN_THEFT", "UNAUTHORISED"]),
        None,
        |config, given| {
            config.recent_token_reuse_behaviour(match given.is_word("UNAUTHORISED") {
                true => TokenReuseBehaviour::Unauthorised,
                false => TokenReuseBehaviour::TokenTheft,
            })
        },
    ),
    key("access_token_blacklisting", App, Flag),
    key("access_token_signing_key_dynamic", App, Flag),
    // The reference's older name of the next one, which counts more.
    set(
        "access_token_signing_key_update_interval",
        App,
        Number(1.0, 876_000.0),
        Some("must be greater than, equal to 1 hour."),
        |config, given| config.signing_key_rotation_interval(given.hours()),
    ),
    set(
        "access_token_dynamic_signing_key_update_interval",
        App,
        Number(1.0, 876_000.0),
        Some("must be greater than, equal to 1 hour."),
        |config, given| config.signing_key_rotation_interval(given.hours()),
    ),
    set("password_reset_token_lifetime", Tenant, Whole(0, LONG), NOT_NEGATIVE, |config, given| {
        config.password_reset_token_lifetime(given.millis())
    }),
    set(
        "email_verification_token_lifetime",
        Tenant,
        Whole(0, LONG),
        NOT_NEGATIVE,
        |config, given| config.email_verification_token_lifetime(given.millis()),
    ),
    set(
        "passwordless_max_code_input_attempts",
        Tenant,
        Whole(1, 1_000_000),
        POSITIVE,
        |config, given| config.passwordless_max_code_input_attempts(given.count()),
    ),
    set("passwordless_code_lifetime", Tenant, Whole(1, LONG), POSITIVE, |config, given| {
        config.passwordless_code_lifetime(given.millis())
    }),
    set("totp_max_attempts", Tenant, Whole(1, 1_000), POSITIVE, |config, given| {
        config.totp_max_attempts(given.count())
    }),
    set("totp_rate_limit_cooldown_sec", Tenant, Whole(1, MONTH), POSITIVE, |config, given| {
        config.totp_rate_limit_cooldown(given.secs())
    }),
    set(
        "webauthn_recover_account_token_lifetime",
        App,
        Whole(1, LONG),
        POSITIVE,
        |config, given| config.passkey_recovery_token_lifetime(given.millis()),
    ),
    key("password_hashing_alg", App, Word(&["ARGON2"])),
    key("bcrypt_log_rounds", Program, Whole(1, MANY)),
    key("argon2_iterations", Program, Whole(1, 1_000)),
    key("argon2_memory_kb", Program, Whole(8, 4 * 1024 * 1024)),
    key("argon2_parallelism", Program, Whole(1, 255)),
    key("argon2_hashing_pool_size", Program, Whole(1, 1_024)),
    set("firebase_password_hashing_signer_key", App, Text, None, |config, given| {
        config.firebase_password_hashing_signer_key(Some(Secret::from(given.text())))
    }),
    key("firebase_password_hashing_pool_size", Program, Whole(1, MANY)),
    key("api_keys", App, Text),
    key("supertokens_saas_secret", Program, Text),
    key("supertokens_saas_load_only_cud", Program, Text),
    key("supertokens_max_cdi_version", App, Text),
    key("supertokens_min_cdi_version", App, Text),
    key("ip_allow_regex", Tenant, Text),
    key("ip_deny_regex", Tenant, Text),
    key("disable_telemetry", App, Flag),
    key("info_log_path", Program, Text),
    key("error_log_path", Program, Text),
    key("log_level", Program, Text),
    key("webserver_https_enabled", Program, Flag),
    key("oauth_provider_public_service_url", App, Text),
    key("oauth_provider_admin_service_url", App, Text),
    key("oauth_provider_consent_login_base_url", App, Text),
    key("oauth_provider_url_configured_in_oauth_provider", App, Text),
    key("oauth_client_secret_encryption_key", Program, Text),
    key("saml_legacy_acs_url", App, Text),
    key("saml_sp_entity_id", Tenant, Text),
    key("saml_claims_validity", Tenant, Whole(1, LONG)),
    key("saml_relay_state_validity", Tenant, Whole(1, LONG)),
    key("bulk_migration_parallelism", App, Whole(1, MANY)),
    key("bulk_migration_batch_size", App, Whole(1, MANY)),
    key("bulk_migration_sleep_between_rounds_in_batch_ms", App, Whole(0, LONG)),
    key("otel_collector_connection_uri", Program, Text),
    key("deadlock_logger_enable", Program, Flag),
    place("postgresql_connection_uri"),
    place("postgresql_host"),
    place("postgresql_port"),
    place("postgresql_user"),
    place("postgresql_password"),
    place("postgresql_database_name"),
    place("postgresql_table_schema"),
    place("postgresql_table_names_prefix"),
    place("postgresql_connection_pool_size"),
    place("postgresql_connection_scheme"),
    place("postgresql_connection_attributes"),
    place("postgresql_idle_connection_timeout"),
    place("postgresql_minimum_idle_connections"),
    place("postgresql_key_value_table_name"),
    place("postgresql_session_info_table_name"),
    place("postgresql_emailpassword_users_table_name"),
    place("postgresql_emailpassword_pswd_reset_tokens_table_name"),
    place("postgresql_emailverification_tokens_table_name"),
    place("postgresql_emailverification_verified_emails_table_name"),
    place("postgresql_thirdparty_users_table_name"),
    place("migration_mode"),
    set("session_absolute_lifetime", App, Number(0.1, 52_560_000.0), None, |config, given| {
        config.session_absolute_lifetime(Some(given.minutes()))
    }),
    set("max_sessions_per_user", App, Whole(1, 10_000), None, |config, given| {
        config.max_sessions_per_user(Some(given.count()))
    }),
    set("too_many_sessions", App, Word(&["END_OLDEST", "REFUSE_NEW"]), None, |config, given| {
        config.too_many_sessions(match given.is_word("REFUSE_NEW") {
            true => TooManySessions::RefuseNew,
            false => TooManySessions::EndOldest,
        })
    }),
    set("passwordless_max_codes_per_contact", Tenant, Whole(1, 1_000), None, |config, given| {
        config.passwordless_max_codes_per_contact(given.count())
    }),
    set("passwordless_code_refill_sec", Tenant, Whole(1, MONTH), None, |config, given| {
        config.passwordless_code_refill_interval(given.secs())
    }),
    set(
        "passwordless_max_wrong_codes_per_contact",
        Tenant,
        Whole(1, 1_000),
        None,
        |config, given| config.passwordless_max_wrong_codes_per_contact(given.count()),
    ),
    set("passwordless_wrong_code_refill_sec", Tenant, Whole(1, MONTH), None, |config, given| {
        config.passwordless_wrong_code_refill_interval(given.secs())
    }),
    set("password_hashing_longest_wait_sec", Program, Number(0.0, 600.0), None, |config, given| {
        let wait = std::time::Duration::try_from_secs_f64(given.fraction());
        config.password_hashing_longest_wait(wait.unwrap_or_default())
    }),
    set("audit_log", Program, Flag, None, |config, given| config.audit_log(given.flag())),
    set("audit_log_retention_days", Program, Whole(1, 36_500), None, |config, given| {
        let days: u64 = given.count();
        config.audit_log_retention(std::time::Duration::from_secs(days * 24 * 60 * 60))
    }),
    set("audit_log_max_entries", Program, Whole(1_000, LONG), None, |config, given| {
        config.audit_log_max_entries(given.count())
    }),
    set(
        "audit_log_checkpoint_interval_sec",
        Program,
        Whole(1, 24 * 60 * 60),
        None,
        |config, given| config.audit_log_checkpoint_interval(given.secs()),
    ),
];
