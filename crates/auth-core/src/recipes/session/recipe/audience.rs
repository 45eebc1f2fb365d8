//! Whom access tokens are for (RFC 7519 section 4.1.3).

use auth_jwt::names_audience;
use auth_protocol::JsonObject;
use serde_json::Value;

use super::SessionConfig;
use crate::{
    ConfigError, Result,
    recipes::session::{AccessToken, SessionError},
};

/// The claim's name.
const CLAIM: &str = "aud";

/// The name of this application, and what stands in its tokens.
pub(crate) struct Audience {
    own: String,
    claim: Value,
}

impl Audience {
    pub(super) fn new(
        own: Option<String>,
        further: Vec<String>,
    ) -> Result<Option<Self>, ConfigError> {
        let expected = "a name such as https://api.example.com";
        let Some(own) = own else {
            return match further.is_empty() {
                true => Ok(None),
                false => Err(ConfigError::new(
                    "session.further_audiences",
                    "there is no `audience` beside them",
                    "the name of this application as `audience`",
                )),
            };
        };
        if own.trim().is_empty() {
            return Err(ConfigError::new("session.audience", "it is empty", expected));
        }
        if further.iter().any(|name| name.trim().is_empty() || *name == own) {
            let problem = "one is empty, or is the `audience`";
            return Err(ConfigError::new("session.further_audiences", problem, expected));
        }
        let claim = match further.is_empty() {
            true => own.clone().into(),
            false => [vec![own.clone()], further].concat().into(),
        };
        Ok(Some(Self { own, claim }))
    }
}

impl SessionConfig {
    /// Names whom a new session's tokens are for.
    pub(crate) fn add_audience(&self, payload: &mut JsonObject) {
        if let Some(audience) = &self.audience {
            payload.insert(CLAIM.to_owned(), audience.claim.clone());
        }
    }

    /// Whether an access token is for this application, as far as that is told.
    pub(crate) fn is_audience_of(&self, token: &AccessToken) -> bool {
        self.audience.as_ref().is_none_or(|it| names_audience(token.payload(), &it.own))
    }

    /// Refuses an access token for somebody else, or for nobody.
    pub(crate) fn check_audience(&self, token: &AccessToken) -> Result<(), SessionError> {
        if self.is_audience_of(token) {
            return Ok(());
        }
        Err(match token.payload().get(CLAIM) {
            None => SessionError::try_refresh_token("the access token names no audience"),
            Some(_) => SessionError::Unauthorised {
                message: "the access token is for another audience".into(),
                clear_tokens: false,
            },
        })
    }

    /// What a session that was just refreshed lacks: nothing, or the claim.
    ///
    /// # Errors
    /// [`SessionError::Unauthorised`] where the session is for somebody else.
    pub(crate) fn missing_audience(
        &self,
        payload: &JsonObject,
    ) -> Result<Option<JsonObject>, SessionError> {
        let Some(audience) = &self.audience else { return Ok(None) };
        match payload.get(CLAIM) {
            Some(there) if *there == audience.claim => return Ok(None),
            Some(_) if !names_audience(payload, &audience.own) => {
                return Err(SessionError::unauthorised("the session is for another audience"));
            }
            _ => {}
        }
        let mut update = JsonObject::new();
        self.add_audience(&mut update);
        Ok(Some(update))
    }
}
