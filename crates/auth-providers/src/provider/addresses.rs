//! Addresses with a row's placeholders filled in.

use serde_json::Value;
use url::Url;

use crate::{config::ClientConfig, description::Description, error::ConfigError};

/// Fills in a row's placeholders.
pub(crate) struct Filler(Vec<(String, String)>);

impl Filler {
    pub(crate) fn new(
        row: &Description,
        client: &ClientConfig,
        index: usize,
    ) -> Result<Self, ConfigError> {
        let mut values = Vec::new();
        for placeholder in row.placeholders {
            let field = format!("clients[{index}].additionalConfig.{}", placeholder.name);
            let value = match client.additional_value(placeholder.name) {
                Some(Value::String(value)) => value.trim(),
                Some(_) => return Err(ConfigError::new(field, "it is no text", "text")),
                None => placeholder
                    .default
                    .ok_or_else(|| ConfigError::new(field.clone(), "it is missing", "text"))?,
            };
            let value = match placeholder.is_address {
                true => {
                    let has_scheme = value.contains("://");
                    let text =
                        if has_scheme { value.to_owned() } else { format!("https://{value}") };
                    let url = parse_url(&field, &text)?;
                    url.as_str().trim_end_matches('/').to_owned()
                }
                false => word(field, value)?,
            };
            values.push((format!("{{{}}}", placeholder.name), value));
        }
        values.push(("{client_id}".to_owned(), client.client_id.clone()));
        Ok(Self(values))
    }

    pub(crate) fn fill(&self, template: &str) -> String {
        self.0.iter().fold(template.to_owned(), |text, (name, value)| text.replace(name, value))
    }
}

/// A part of a path or a host, which can't lead elsewhere.
fn word(field: String, value: &str) -> Result<String, ConfigError> {
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || b"-._*".contains(&byte);
    match value.bytes().all(is_word) && value.bytes().any(|byte| byte != b'.') {
        true => Ok(value.to_owned()),
        false => Err(ConfigError::new(field, "it is no word", "letters, digits, `.`, `-` and `_`")),
    }
}

pub(crate) fn parse_url(field: &str, text: &str) -> Result<Url, ConfigError> {
    let wrong = |problem| ConfigError::new(field, problem, "an `https` address");
    let url = Url::parse(text).map_err(|_| wrong("it is no address"))?;
    if !matches!(url.scheme(), "https" | "http") || !url.has_host() {
        return Err(wrong("it is no address of the web"));
    }
    if !url.username().is_empty() || url.password().is_some() || url.fragment().is_some() {
        return Err(wrong("it holds a user's name, a password or a fragment"));
    }
    Ok(url)
}
