//! What is to be set for a tenant, as far as only the server knows what is right (CDI §1.12, 6).

use auth_protocol::{
    CdiVersion, Operation,
    multitenancy::{
        CreateOrUpdateApp, CreateOrUpdateAppBefore5_1, CreateOrUpdateConnectionUriDomain,
        CreateOrUpdateConnectionUriDomainBefore5_1, CreateOrUpdateTenant,
        CreateOrUpdateTenantBefore5_1, CreateOrUpdateThirdPartyConfig,
    },
};
use serde_json::{Map, Value};

use crate::{
    answer::CdiError,
    request::{ApiKeyError, ApiKeys, ClientRules},
    wire::{self, FieldError},
};

/// Refuses a request whose fields can't be set for a tenant.
pub(super) fn check<O: Operation>(fields: &Map<String, Value>) -> Result<(), CdiError> {
    match O::NAME {
        CreateOrUpdateTenant::NAME
        | CreateOrUpdateApp::NAME
        | CreateOrUpdateConnectionUriDomain::NAME => {
            without_switches(fields)?;
            core_config(fields)
        }
        CreateOrUpdateTenantBefore5_1::NAME
        | CreateOrUpdateAppBefore5_1::NAME
        | CreateOrUpdateConnectionUriDomainBefore5_1::NAME => core_config(fields),
        CreateOrUpdateThirdPartyConfig::NAME => third_party(fields),
        _ => Ok(()),
    }
}

/// Who sets factors knows no switches.
fn without_switches(fields: &Map<String, Value>) -> Result<(), CdiError> {
    for (field, name) in [
        ("emailPasswordEnabled", "emailPasswordEnabled"),
        ("thirdPartyEnabled", "thirdParty"),
        ("passwordlessEnabled", "passwordless"),
    ] {
        if fields.contains_key(field) {
            return refused(format!("{name} is not a valid input for this API"));
        }
    }
    Ok(())
}

/// The settings that have an effect on the server alone.
fn core_config(fields: &Map<String, Value>) -> Result<(), CdiError> {
    let Some(Value::Object(settings)) = fields.get("coreConfig") else { return Ok(()) };
    let text = |name: &str| wire::text(settings, name);
    let invalid = |text: String| refused(format!("Invalid core config: {text}"));
    match ApiKeys::parse(text("api_keys").unwrap_or_default()) {
        Ok(_) => {}
        Err(ApiKeyError::TooShort) => {
            let text = "One of the API keys is too short. Please use at least 20 characters";
            return invalid(text.to_owned());
        }
        Err(ApiKeyError::WrongCharacter) => {
            let text = "Invalid characters in API key. Please only use '=', '-' and alpha-numeric \
                (including capitals)";
            return invalid(text.to_owned());
        }
    }
    for name in ["ip_allow_regex", "ip_deny_regex"] {
        if ClientRules::new(text(name), None).is_err() {
            let text = format!("Provided regular expression is invalid for {name} config");
            return invalid(text);
        }
    }
    let [max, min] = ["supertokens_max_cdi_version", "supertokens_min_cdi_version"];
    for name in [max, min] {
        let Some(version) = text(name).map(str::parse::<CdiVersion>) else { continue };
        match version {
            Ok(version) if version.is_supported() => {}
            Ok(_) => return invalid(format!("{name} is not a supported version")),
            Err(_) => return invalid(format!("{name} is not a valid semantic version")),
        }
    }
    let version = |name| text(name).and_then(|text| text.parse::<CdiVersion>().ok());
    match (version(min), version(max)) {
        (Some(least), Some(most)) if least > most => {
            invalid(format!("{min} cannot be greater than {max}"))
        }
        _ => Ok(()),
    }
}

/// What a third party's type wouldn't tell apart.
fn third_party(fields: &Map<String, Value>) -> Result<(), CdiError> {
    let Some(Value::Object(config)) = fields.get("config") else { return Ok(()) };
    if wire::text(config, "thirdPartyId").is_none() {
        return Err(FieldError::in_json("thirdPartyId").into());
    }
    let Some(Value::Array(clients)) = config.get("clients") else { return Ok(()) };
    for client in clients {
        let problem = if client.get("clientId").is_none_or(Value::is_null) {
            "clientId cannot be null"
        } else if has_null(client.get("scope")) {
            "scope array cannot contain a null"
        } else {
            continue;
        };
        return refused(format!("Invalid third party config: {problem}"));
    }
    Ok(())
}

fn has_null(list: Option<&Value>) -> bool {
    list.and_then(Value::as_array).is_some_and(|list| list.iter().any(Value::is_null))
}

fn refused(text: String) -> Result<(), CdiError> {
    Err(CdiError::BadRequest(text))
}
