//! Settings by the names that the reference's core gives them, as its tenants carry them and
//! `auth-server` reads them (CDI §6.2, 7).

mod key;
mod keys;

use auth_protocol::JsonObject;
use serde_json::Value;

pub use self::key::{CoreKey, CoreKeyScope};
use self::{
    key::{Given, Kind},
    keys::KEYS,
};
use crate::{ConfigError, EngineConfig};

/// A setting that can't be used, in the reference's words where it has some.
#[derive(Clone, Debug)]
pub(crate) struct Refusal {
    pub(crate) key: &'static str,
    pub(crate) text: String,
    /// What would be right, where that isn't what the table says of the setting.
    expected: Option<String>,
}

/// Every setting that the reference's core has, and those of this one that can be written beside
/// them.
pub fn core_keys() -> &'static [CoreKey] {
    KEYS
}

/// A setting by its name.
pub(crate) fn find(name: &str) -> Option<&'static CoreKey> {
    KEYS.iter().find(|key| key.name() == name)
}

impl EngineConfig {
    /// The same settings, some of which are replaced: those that have an effect on an engine, by the
    /// names, in the units and with the bounds of CDI §7, such as `access_token_validity` in seconds
    /// and `refresh_token_validity` in minutes. A `null` is no setting; numbers may be texts.
    ///
    /// ```
    /// use auth_engine::EngineConfig;
    /// use serde_json::json;
    ///
    /// let config = EngineConfig::in_memory();
    /// let settings = json!({ "access_token_validity": 600 });
    /// assert!(config.with_core_config(settings.as_object().unwrap()).is_ok());
    /// let error = config
    ///     .with_core_config(json!({ "access_token_validity": 0 }).as_object().unwrap())
    ///     .unwrap_err();
    /// assert_eq!(error.field, "access_token_validity");
    /// ```
    ///
    /// # Errors
    /// The first setting that is unknown or can't be used.
    pub fn with_core_config(&self, settings: &JsonObject) -> Result<Self, ConfigError> {
        let config = self.with_values(settings).map_err(|refusal| {
            let Refusal { key, text, expected } = refusal;
            let of_key =
                || find(key).map_or_else(|| "a known setting".to_owned(), CoreKey::expected);
            ConfigError::new(key, text, expected.unwrap_or_else(of_key))
        })?;
        config.validate()?;
        Ok(config)
    }

    /// The same, with a refusal in the reference's words.
    pub(crate) fn replaced(&self, settings: &JsonObject) -> Result<Self, Refusal> {
        let config = self.with_values(settings)?;
        config.validate().map_err(|error| refusal(error.field, error.to_string()))?;
        Ok(config)
    }

    fn with_values(&self, settings: &JsonObject) -> Result<Self, Refusal> {
        let mut config = self.clone();
        for (name, value) in settings.iter().filter(|(_, value)| !value.is_null()) {
            let key = find(name).ok_or_else(|| unknown(name))?;
            let given = key.read(value)?;
            if let Some(set) = key.set {
                config = set(config, given);
            }
        }
        if config.refresh_token_validity <= config.access_token_validity {
            let text = "must be strictly greater than 'access_token_validity'.";
            let least = config.access_token_validity.as_secs();
            let expected = Some(format!("more than `access_token_validity`, {least} s"));
            return Err(Refusal { expected, ..named("refresh_token_validity", text) });
        }
        Ok(config)
    }
}

/// The refusal of a setting that nobody knows.
pub(crate) fn unknown(name: &str) -> Refusal {
    refusal("core_config", format!("Invalid config key: {name}"))
}

fn named(key: &'static str, text: &str) -> Refusal {
    refusal(key, format!("'{key}' {text}"))
}

/// The refusal of a setting.
pub(crate) fn refusal(key: &'static str, text: String) -> Refusal {
    Refusal { key, text, expected: None }
}

impl CoreKey {
    /// What would be right in place of a text that can't be used as a value; `None` where it can.
    pub fn refuse(&self, text: &str) -> Option<String> {
        self.read(&Value::String(text.to_owned())).err().map(|_| self.expected())
    }

    /// Reads a value as leniently as the reference does: numbers and flags may be texts, and texts
    /// numbers.
    fn read<'v>(&self, value: &'v Value) -> Result<Given<'v>, Refusal> {
        let wrong = || named(self.name, &format!("must be of type {}", self.kind.type_name()));
        let given = match self.kind {
            Kind::Whole(..) => whole(value).map(Given::Whole),
            Kind::Number(..) => number(value).map(Given::Number),
            Kind::Flag => flag(value).map(Given::Flag),
            Kind::Text => text(value).map(Given::Text),
            Kind::Word(_) => value.as_str().map(|text| Given::Text(text.into())),
        };
        let given = given.ok_or_else(wrong)?;
        let is_right = match (self.kind, &given) {
            (Kind::Whole(least, most), Given::Whole(number)) => (least..=most).contains(number),
            (Kind::Number(least, most), Given::Number(number)) => (least..=most).contains(number),
            (Kind::Word(words), Given::Text(text)) => {
                words.iter().any(|word| text.eq_ignore_ascii_case(word))
            }
            _ => true,
        };
        match is_right {
            true => Ok(given),
            false => Err(named(self.name, &self.refusal())),
        }
    }
}

/// The longest text that a whole number is read from.
const LONGEST_NUMBER: usize = 20;

/// A whole number, in whatever form; one below zero is less than each that is permitted.
fn whole(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => number.as_i64().or_else(|| number.as_f64().and_then(exact)),
        Value::String(text) if text.len() <= LONGEST_NUMBER => text.parse().ok(),
        _ => None,
    }
}

#[allow(clippy::cast_possible_truncation)] // what doesn't fit isn't cast
fn exact(number: f64) -> Option<i64> {
    // Every whole number below this is exact in both types.
    const LARGEST: f64 = 9_007_199_254_740_992.0;
    (number.fract() == 0.0 && number.abs() < LARGEST).then_some(number as i64)
}

fn number(value: &Value) -> Option<f64> {
    let number = match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.parse().ok(),
        _ => None,
    };
    number.filter(|number| number.is_finite())
}

fn flag(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(flag) => Some(*flag),
        Value::String(text) if text.eq_ignore_ascii_case("true") => Some(true),
        Value::String(text) if text.eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    }
}

fn text(value: &Value) -> Option<std::borrow::Cow<'_, str>> {
    match value {
        Value::String(text) => Some(text.into()),
        Value::Number(number) => Some(number.to_string().into()),
        Value::Bool(flag) => Some(flag.to_string().into()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::{collections::HashSet, time::Duration};

    use serde_json::json;

    use super::*;
    use crate::Database;

    fn config() -> EngineConfig {
        EngineConfig::new("postgresql://localhost/x".parse::<Database>().unwrap())
    }

    fn with(settings: &Value) -> Result<EngineConfig, String> {
        config().replaced(settings.as_object().unwrap()).map_err(|refusal| refusal.text)
    }

    #[test]
    fn every_key_has_its_own_name() {
        let names: HashSet<_> = KEYS.iter().map(CoreKey::name).collect();
        assert_eq!(names.len(), KEYS.len());
    }

    #[test]
    fn cdi_7_settings_are_read_in_the_reference_s_units() {
        let settings = json!({
            "access_token_validity": 600, "refresh_token_validity": "30.5",
            "password_reset_token_lifetime": 5_000, "totp_rate_limit_cooldown_sec": 60.0,
            "access_token_dynamic_signing_key_update_interval": 2, "api_keys": "x",
            "disable_telemetry": "TRUE", "ip_allow_regex": null,
            "webauthn_recover_account_token_lifetime": 7_000,
        });
        let config = with(&settings).unwrap();
        assert_eq!(config.access_token_validity, Duration::from_secs(600));
        assert_eq!(config.refresh_token_validity, Duration::from_secs(1_830));
        assert_eq!(config.password_reset_token_lifetime, Duration::from_secs(5));
        assert_eq!(config.totp_rate_limit_cooldown, Duration::from_secs(60));
        assert_eq!(config.passkey_recovery_token_lifetime, Duration::from_secs(7));
        assert_eq!(config.signing_key_rotation_interval, Duration::from_secs(7_200));
    }

    #[test]
    fn cdi_7_what_can_t_be_used_is_refused_in_the_reference_s_words() {
        for (settings, text) in [
            (json!({ "nonsense": 1 }), "Invalid config key: nonsense"),
            (
                json!({ "access_token_validity": 0 }),
                "'access_token_validity' must be between 1 and 86400000 seconds inclusive.",
            ),
            (
                json!({ "access_token_validity": "soon" }),
                "'access_token_validity' must be of type long",
            ),
            (
                json!({ "access_token_validity": 1.5 }),
                "'access_token_validity' must be of type long",
            ),
            (
                json!({ "refresh_token_validity": 1 }),
                "'refresh_token_validity' must be strictly greater than 'access_token_validity'.",
            ),
            (
                json!({ "access_token_validity_jitter": 0.3 }),
                "'access_token_validity_jitter' must be between 0 and 0.25 inclusive.",
            ),
            (
                json!({ "password_reset_token_lifetime": -1 }),
                "'password_reset_token_lifetime' must be >= 0",
            ),
            (json!({ "totp_max_attempts": 0 }), "'totp_max_attempts' must be > 0"),
            (json!({ "disable_telemetry": 1 }), "'disable_telemetry' must be of type boolean"),
            (
                json!({ "password_hashing_alg": "MD5" }),
                "'password_hashing_alg' must be one of ARGON2",
            ),
        ] {
            assert_eq!(with(&settings).unwrap_err(), text);
        }
    }

    #[test]
    fn no_value_of_any_form_panics() {
        let odd = [
            json!(null),
            json!(true),
            json!(-1),
            json!(0),
            json!(1e300),
            json!(u64::MAX),
            json!(i64::MIN),
            json!("x"),
            json!(""),
            json!("-1e400"),
            json!([]),
            json!({}),
        ];
        for key in KEYS {
            for value in &odd {
                let _ = with(&json!({ key.name(): value }));
            }
        }
    }
}
