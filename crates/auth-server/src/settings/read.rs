//! Settings, read and checked.

use std::{str::FromStr, time::Duration};

use auth_engine::{
    Database, EngineConfig, PasswordHashingConfig, TokenReuseBehaviour, TooManySessions,
};
use auth_protocol::{CdiVersion, Secret};
use tracing_subscriber::filter::LevelFilter;

use super::{
    LogSettings, LogTarget, SettingError, Settings, SettingsSource, database::database, keys::KEYS,
};
use crate::{ApiKeys, ClientRules, ServerConfig, Versions};

const DEFAULT_PORT: u16 = 3567;
const SHORTEST_SAAS_SECRET: usize = 40;

/// What the reference takes for `max_server_pool_size` where it isn't set.
const DEFAULT_SERVER_POOL_SIZE: usize = 10;

const OAUTH_URLS: [&str; 3] = [
    "oauth_provider_public_service_url",
    "oauth_provider_admin_service_url",
    "oauth_provider_consent_login_base_url",
];

impl Settings {
    /// Checks settings.
    ///
    /// # Errors
    /// The first setting that can't be used.
    pub fn read(source: &SettingsSource) -> Result<Self, SettingError> {
        let mut without_effect = Vec::new();
        for key in KEYS {
            let Some(text) = source.get(key.name) else { continue };
            if let Some(expected) = key.rule.refuse(text) {
                let shown =
                    if key.is_secret { "it is wrong".into() } else { format!("it is `{text}`") };
                return Err(SettingError::new(key.name, shown, expected));
            }
            without_effect.extend(key.without_effect.map(|why| (key.name, why)));
        }
        all_or_none(source, &OAUTH_URLS)?;
        let database = database(source)?;
        Ok(Self {
            host: source.get("host").unwrap_or("localhost").to_owned(),
            port: number(source, "port")?.unwrap_or(DEFAULT_PORT),
            server: server(source)?,
            engine: engine(source, database.clone())?,
            database,
            log: log(source),
            without_effect,
        })
    }
}

/// Settings that say nothing without each other.
fn all_or_none(source: &SettingsSource, names: &[&str]) -> Result<(), SettingError> {
    let (set, missing): (Vec<&str>, Vec<&str>) =
        names.iter().partition(|name| source.get(name).is_some());
    match (set.first(), missing.first()) {
        (Some(set), Some(missing)) => {
            let problem = format!("it is not set, and `{set}` is");
            Err(SettingError::new(*missing, problem, "all of them, or none"))
        }
        _ => Ok(()),
    }
}

/// A setting as a number; that it is one has been checked.
fn number<T: FromStr>(source: &SettingsSource, name: &str) -> Result<Option<T>, SettingError> {
    let wrong = || SettingError::new(name, "it is out of range", "a smaller number");
    source.get(name).map(|text| text.parse().map_err(|_| wrong())).transpose()
}

fn server(source: &SettingsSource) -> Result<ServerConfig, SettingError> {
    let base_path = source.get("base_path").unwrap_or_default();
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"/-_.".contains(&byte);
    if !base_path.bytes().all(is_allowed) {
        let problem = format!("it is `{base_path}`");
        let expected = "letters, digits, `/`, `-`, `_` and `.`";
        return Err(SettingError::new("base_path", problem, expected));
    }
    let rule = |name: &'static str, text: Option<&str>| {
        let (allow, deny) = if name == "ip_allow_regex" { (text, None) } else { (None, text) };
        ClientRules::new(allow, deny).map(drop).map_err(|error| {
            // The lines before the last one draw where it is.
            let error = error.to_string();
            let why = error.lines().last().unwrap_or_default().trim_start_matches("error: ");
            let problem = format!("it is `{}` ({why})", text.unwrap_or_default());
            SettingError::new(name, problem, "a regular expression")
        })
    };
    let (allow, deny) = (source.get("ip_allow_regex"), source.get("ip_deny_regex"));
    rule("ip_allow_regex", allow)?;
    rule("ip_deny_regex", deny)?;
    let clients = ClientRules::new(allow, deny).unwrap_or_default();
    Ok(ServerConfig::new()
        .base_path(base_path)
        .api_keys(api_keys(source)?)
        .clients(clients)
        .versions(versions(source)?))
}

fn api_keys(source: &SettingsSource) -> Result<ApiKeys, SettingError> {
    let mut keys = ApiKeys::parse(source.get("api_keys").unwrap_or_default()).map_err(|error| {
        let expected = "keys of 20 or more letters, digits, `=` and `-`, with commas between them";
        SettingError::new("api_keys", error.to_string(), expected)
    })?;
    if let Some(secret) = source.get("supertokens_saas_secret") {
        let name = "supertokens_saas_secret";
        if keys.is_empty() {
            let problem = "it is set without `api_keys`";
            return Err(SettingError::new(name, problem, "both, or neither"));
        }
        keys.add(secret, SHORTEST_SAAS_SECRET).map_err(|_| {
            let expected = "40 or more letters, digits, `=` and `-`";
            SettingError::new(name, "it is too short or has other characters", expected)
        })?;
    }
    Ok(keys)
}

fn versions(source: &SettingsSource) -> Result<Versions, SettingError> {
    let version = |name: &'static str| {
        let read = |text: &str| {
            text.parse().ok().filter(|version: &CdiVersion| version.is_supported()).ok_or_else(
                || {
                    let known: Vec<_> =
                        CdiVersion::SUPPORTED.iter().map(CdiVersion::to_string).collect();
                    SettingError::new(
                        name,
                        format!("it is `{text}`"),
                        format!("one of {}", known.join(", ")),
                    )
                },
            )
        };
        source.get(name).map(read).transpose()
    };
    let (min, max) =
        (version("supertokens_min_cdi_version")?, version("supertokens_max_cdi_version")?);
    if let (Some(min), Some(max)) = (min, max)
        && min > max
    {
        let problem = format!("it is {min}");
        let expected = format!("at most `supertokens_max_cdi_version`, {max}");
        return Err(SettingError::new("supertokens_min_cdi_version", problem, expected));
    }
    Ok(Versions { min, max })
}

fn engine(source: &SettingsSource, database: Database) -> Result<EngineConfig, SettingError> {
    let mut config = EngineConfig::new(database);
    if let Some(size) = number(source, "postgresql_connection_pool_size")? {
        config = config.database_pool_size(size);
    }
    if let Some(most) = number(source, "tenant_databases_max_connections")? {
        config = config.tenant_databases_max_connections(most);
    }
    let secs = |name| number(source, name).map(|secs| secs.map(Duration::from_secs));
    let millis = |name| number(source, name).map(|millis| millis.map(Duration::from_millis));
    let access_validity = secs("access_token_validity")?;
    if let Some(validity) = access_validity {
        config = config.access_token_validity(validity);
    }
    if let Some(minutes) = number::<f64>(source, "refresh_token_validity")? {
        let validity = Duration::from_secs_f64(minutes * 60.0);
        let access = access_validity.unwrap_or(Duration::from_secs(3600));
        if validity <= access {
            let problem = format!("it is {minutes} minutes");
            let expected = format!("more than `access_token_validity`, {} s", access.as_secs());
            return Err(SettingError::new("refresh_token_validity", problem, expected));
        }
        config = config.refresh_token_validity(validity);
    }
    if let Some(minutes) = number::<f64>(source, "session_absolute_lifetime")? {
        config = config.session_absolute_lifetime(Some(Duration::from_secs_f64(minutes * 60.0)));
    }
    if let Some(most) = number(source, "max_sessions_per_user")? {
        config = config.max_sessions_per_user(Some(most));
    }
    if let Some(too_many) = source.get("too_many_sessions") {
        config = config.too_many_sessions(match too_many.eq_ignore_ascii_case("REFUSE_NEW") {
            true => TooManySessions::RefuseNew,
            false => TooManySessions::EndOldest,
        });
    }
    if let Some(period) = secs("refresh_token_rotation_grace_period")? {
        config = config.refresh_token_rotation_grace_period(period);
    }
    if let Some(jitter) = number(source, "access_token_validity_jitter")? {
        config = config.access_token_validity_jitter(jitter);
    }
    if let Some(behaviour) = source.get("recent_token_reuse_behaviour") {
        config = config.recent_token_reuse_behaviour(
            match behaviour.eq_ignore_ascii_case("UNAUTHORISED") {
                true => TokenReuseBehaviour::Unauthorised,
                false => TokenReuseBehaviour::TokenTheft,
            },
        );
    }
    // The second is the reference's older name.
    for name in [
        "access_token_signing_key_update_interval",
        "access_token_dynamic_signing_key_update_interval",
    ] {
        if let Some(hours) = number::<u64>(source, name)? {
            config = config.signing_key_rotation_interval(Duration::from_secs(hours * 3600));
        }
    }
    if let Some(lifetime) = millis("password_reset_token_lifetime")? {
        config = config.password_reset_token_lifetime(lifetime);
    }
    if let Some(lifetime) = millis("email_verification_token_lifetime")? {
        config = config.email_verification_token_lifetime(lifetime);
    }
    if let Some(lifetime) = millis("webauthn_recover_account_token_lifetime")? {
        config = config.passkey_recovery_token_lifetime(lifetime);
    }
    if let Some(attempts) = number(source, "passwordless_max_code_input_attempts")? {
        config = config.passwordless_max_code_input_attempts(attempts);
    }
    if let Some(lifetime) = millis("passwordless_code_lifetime")? {
        config = config.passwordless_code_lifetime(lifetime);
    }
    if let Some(most) = number(source, "passwordless_max_codes_per_contact")? {
        config = config.passwordless_max_codes_per_contact(most);
    }
    if let Some(interval) = secs("passwordless_code_refill_sec")? {
        config = config.passwordless_code_refill_interval(interval);
    }
    if let Some(most) = number(source, "passwordless_max_wrong_codes_per_contact")? {
        config = config.passwordless_max_wrong_codes_per_contact(most);
    }
    if let Some(interval) = secs("passwordless_wrong_code_refill_sec")? {
        config = config.passwordless_wrong_code_refill_interval(interval);
    }
    if let Some(attempts) = number(source, "totp_max_attempts")? {
        config = config.totp_max_attempts(attempts);
    }
    if let Some(cooldown) = secs("totp_rate_limit_cooldown_sec")? {
        config = config.totp_rate_limit_cooldown(cooldown);
    }
    if let Some(secs) = number::<f64>(source, "password_hashing_longest_wait_sec")? {
        config = config.password_hashing_longest_wait(Duration::from_secs_f64(secs));
    }
    config = audit_log(source, config)?;
    let signer_key = source.get("firebase_password_hashing_signer_key").map(Secret::from);
    config = config.firebase_password_hashing_signer_key(signer_key);
    Ok(config.password_hashing(password_hashing(source)?))
}

fn audit_log(
    source: &SettingsSource,
    mut config: EngineConfig,
) -> Result<EngineConfig, SettingError> {
    if let Some(is_on) = source.get("audit_log") {
        config = config.audit_log(is_on.eq_ignore_ascii_case("true"));
    }
    if let Some(days) = number::<u64>(source, "audit_log_retention_days")? {
        config = config.audit_log_retention(Duration::from_secs(days * 24 * 60 * 60));
    }
    if let Some(most) = number(source, "audit_log_max_entries")? {
        config = config.audit_log_max_entries(most);
    }
    if let Some(secs) = number(source, "audit_log_checkpoint_interval_sec")? {
        config = config.audit_log_checkpoint_interval(Duration::from_secs(secs));
    }
    Ok(config)
}

fn password_hashing(source: &SettingsSource) -> Result<PasswordHashingConfig, SettingError> {
    let default = PasswordHashingConfig::default();
    let config = PasswordHashingConfig {
        memory_kib: number(source, "argon2_memory_kb")?.unwrap_or(default.memory_kib),
        iterations: number(source, "argon2_iterations")?.unwrap_or(default.iterations),
        parallelism: number(source, "argon2_parallelism")?.unwrap_or(default.parallelism),
        concurrency: number(source, "argon2_hashing_pool_size")?.unwrap_or(default.concurrency),
    };
    // RFC 9106, section 3.1.
    let least = 8 * config.parallelism;
    if config.memory_kib < least {
        let problem = format!("it is `{}`", config.memory_kib);
        let expected = format!("{least} or more, eight times `argon2_parallelism`");
        return Err(SettingError::new("argon2_memory_kb", problem, expected));
    }
    // Only what was set: the reference's default is one, and this one's is no setting of its file.
    if let Some(size) = number::<usize>(source, "argon2_hashing_pool_size")? {
        let most = number(source, "max_server_pool_size")?.unwrap_or(DEFAULT_SERVER_POOL_SIZE);
        if size > most {
            let problem = format!("it is `{size}`");
            let expected = format!("at most `max_server_pool_size`, {most}");
            return Err(SettingError::new("argon2_hashing_pool_size", problem, expected));
        }
    }
    Ok(config)
}

fn log(source: &SettingsSource) -> LogSettings {
    let target = |name| match source.get(name) {
        None | Some("null") => LogTarget::Terminal,
        Some(path) => LogTarget::File(path.into()),
    };
    let level = match source.get("log_level").unwrap_or("INFO").to_ascii_uppercase().as_str() {
        "NONE" => LevelFilter::OFF,
        "ERROR" => LevelFilter::ERROR,
        "WARN" => LevelFilter::WARN,
        "DEBUG" => LevelFilter::DEBUG,
        _ => LevelFilter::INFO,
    };
    let structured = source.get("use_structured_logging");
    LogSettings {
        level,
        info: target("info_log_path"),
        error: target("error_log_path"),
        structured: structured.is_some_and(|flag| flag.eq_ignore_ascii_case("true")),
    }
}
