//! Settings, read and checked.

use std::str::FromStr;

use auth_engine::{Database, EngineConfig, PasswordHashingConfig, core_keys};
use auth_protocol::CdiVersion;
use serde_json::Value;
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
        for key in KEYS.iter() {
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
    let config = ServerConfig::new()
        .base_path(base_path)
        .api_keys(api_keys(source)?)
        .clients(clients)
        .versions(versions(source)?);
    Ok(match source.get("supertokens_saas_load_only_cud") {
        Some(domain) => config.only_domain(domain),
        None => config,
    })
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
    config = config.password_hashing(password_hashing(source)?);
    let settings = core_keys().iter().filter(|key| key.is_of_engine()).filter_map(|key| {
        let text = source.get(key.name())?;
        Some((key.name().to_owned(), Value::from(text)))
    });
    Ok(config.with_core_config(&settings.collect())?)
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
