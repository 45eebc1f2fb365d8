//! Where values stand in what a provider tells.

use auth_protocol::JsonObject;
use serde_json::Value;

use crate::{config::UserInfoFields, description::Places, error::ConfigError, path::Path};

/// Paths to values.
#[derive(Clone, Debug, Default)]
pub(crate) struct ReadyPlaces {
    pub(crate) user_id: Option<Path>,
    /// Address, and what must be true for it to count as verified.
    emails: Vec<(Path, Vec<Path>)>,
}

impl ReadyPlaces {
    /// The row's paths, with the configuration's in place of the first.
    pub(crate) fn new(
        side: &str,
        known: &Places,
        own: &UserInfoFields,
    ) -> Result<Self, ConfigError> {
        let path = |name: &str, text: &str| {
            text.parse::<Path>().map_err(|error| {
                ConfigError::new(
                    format!("userInfoMap.{side}.{name}"),
                    format!("`{text}` is no path"),
                    error.to_string(),
                )
            })
        };
        let user_id = own.user_id.as_deref().unwrap_or(known.user_id);
        let user_id = (!user_id.is_empty()).then(|| path("userId", user_id)).transpose()?;
        let mut emails = Vec::new();
        for place in known.emails {
            let verified = place.verified.iter().map(|text| path("emailVerified", text));
            emails.push((path("email", place.address)?, verified.collect::<Result<_, _>>()?));
        }
        if own.email.is_some() || own.email_verified.is_some() {
            let (known_address, known_verified) = emails.drain(..).next().unzip();
            let address = match &own.email {
                Some(own) => Some(path("email", own)?),
                None => known_address,
            };
            let verified = match &own.email_verified {
                Some(own) => vec![path("emailVerified", own)?],
                None => known_verified.unwrap_or_default(),
            };
            emails = address.map(|address| (address, verified)).into_iter().collect();
        }
        Ok(Self { user_id, emails })
    }

    /// Whether there is nothing to look for.
    pub(crate) fn is_empty(&self) -> bool {
        self.user_id.is_none() && self.emails.is_empty()
    }

    /// The first address that is there, and whether it is verified.
    pub(crate) fn address(&self, root: &JsonObject) -> Option<(String, bool)> {
        self.emails.iter().find_map(|(address, verified)| {
            let Some(Value::String(text)) = address.find(root) else { return None };
            let text = text.trim();
            let is_verified =
                !verified.is_empty() && verified.iter().all(|path| path.is_true(root));
            (!text.is_empty()).then(|| (text.to_owned(), is_verified))
        })
    }
}
