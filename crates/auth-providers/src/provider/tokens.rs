//! Tokens, and where they come from.

use std::fmt;

use auth_protocol::{JsonObject, Secret};
use http::header::AUTHORIZATION;
use serde_json::Value;

use super::{
    AuthorizationReturn, Provider,
    authorization::{code_in, nonce_of},
    development,
};
use crate::{
    description::Quirk,
    error::{ConfigError, Problem, ProviderError, Step},
    http::{Body, Request, basic, error_code, form},
};

/// What a provider's token endpoint answered, or a client has brought: `oAuthTokens` on the wire.
#[derive(Clone)]
pub struct Tokens {
    raw: JsonObject,
    pub(super) origin: Origin,
    pub(super) nonce: Option<String>,
}

/// Where tokens come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// From the provider itself.
    Provider,
    /// From whoever sent the request, so that they may be anybody's.
    Client,
}

impl Tokens {
    /// Tokens that a client has brought, such as an app that signs in by a provider's own library.
    /// They count only if they were given to this client.
    pub fn from_client(raw: JsonObject) -> Self {
        Self { raw, origin: Origin::Client, nonce: None }
    }

    /// Tokens that were got from the provider itself in a way of one's own.
    pub fn from_provider(raw: JsonObject) -> Self {
        Self { raw, origin: Origin::Provider, nonce: None }
    }

    /// The nonce that the id token must have. Without it, whatever nonce there is isn't looked at.
    #[must_use]
    pub fn expect_nonce(mut self, nonce: impl Into<String>) -> Self {
        self.nonce = Some(nonce.into());
        self
    }

    /// The access token.
    pub fn access_token(&self) -> Option<&str> {
        self.text("access_token")
    }

    /// The id token; not checked.
    pub fn id_token(&self) -> Option<&str> {
        self.text("id_token")
    }

    /// All of the answer.
    pub fn raw(&self) -> &JsonObject {
        &self.raw
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.raw.get(name)?.as_str().filter(|text| !text.is_empty())
    }
}

impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&String> = self.raw.keys().collect();
        f.debug_struct("Tokens")
            .field("names", &names)
            .field("origin", &self.origin)
            .finish_non_exhaustive()
    }
}

impl Provider {
    /// Exchanges the code that the browser has brought for tokens.
    ///
    /// # Errors
    /// A refusal that the browser brought, or the provider's; a provider that is down; a return
    /// from another provider.
    pub async fn exchange_code(&self, back: &AuthorizationReturn) -> Result<Tokens, ProviderError> {
        let live = self.live().await?;
        let code =
            code_in(&live, back).map_err(|problem| self.failed(Step::Authorization, problem))?;
        let failed = |problem| self.failed(Step::TokenExchange, problem);
        let endpoint = live.token.clone().ok_or_else(|| {
            let missing = "it isn't configured, and not in the discovery document";
            failed(ConfigError::new("tokenEndpoint", missing, "an address").into())
        })?;
        let settings = &self.settings;
        let redirect_uri = match settings.is_for_development {
            true => development::REDIRECT_URI,
            false => &back.redirect_uri,
        };
        let mut params = vec![
            (settings.row.client_id_name, settings.client.client_id.as_str()),
            ("redirect_uri", redirect_uri),
            ("code", code),
            ("grant_type", "authorization_code"),
        ];
        let (uses_pkce, uses_nonce) = (self.uses_pkce(&live), self.uses_nonce(&live));
        let must_have_verifier = uses_pkce || uses_nonce && back.nonce.is_none();
        if must_have_verifier && back.verifier.is_none() {
            return Err(failed(Problem::Missing("pkceCodeVerifier")));
        }
        if let (Some(verifier), true) = (&back.verifier, uses_pkce) {
            params.push(("code_verifier", verifier.expose_secret()));
        }
        for name in settings.row.token_params_from_return {
            let value = back.params.get(*name).ok_or_else(|| failed(Problem::Missing(name)))?;
            params.push((name, value));
        }
        let mut request = Request::post(endpoint);
        let made = settings.apple.as_ref().map(|key| key.client_secret(self.shared.now()));
        let made = made.transpose().map_err(failed)?;
        if let Some(secret) = made.as_ref().or(settings.client_secret()) {
            if self.uses_basic(&live) {
                let value = basic(&settings.client.client_id, secret.expose_secret());
                request.headers.insert(AUTHORIZATION, value.map_err(failed)?);
            } else {
                params.push(("client_secret", secret.expose_secret()));
            }
        }
        for (name, value) in &settings.token_params {
            params.retain(|(known, _)| known != name);
            params.extend(value.as_deref().map(|value| (name.as_str(), value)));
        }
        request.body = Some(Body {
            media_type: "application/x-www-form-urlencoded",
            bytes: form(params).into_bytes(),
        });
        let answer = self.shared.http.send(request).await.map_err(failed)?;
        let mut raw = answer.object().map_err(failed)?;
        self.check_answer(&live, &raw).map_err(failed)?;
        if settings.row.quirk == Quirk::Apple
            && let Some(user) = back.params.get("user")
            && let Ok(user) = serde_json::from_str::<Value>(user)
        {
            raw.insert("user".to_owned(), user);
        }
        let follows = || back.verifier.as_ref().map(nonce_of);
        let nonce = uses_nonce.then(|| back.nonce.clone().or_else(follows)).flatten();
        Ok(Tokens { raw, origin: Origin::Provider, nonce })
    }

    /// Some providers answer errors with status 200.
    fn check_answer(&self, live: &super::live::Live, raw: &JsonObject) -> Result<(), Problem> {
        let has = |name: &str| raw.get(name).is_some_and(Value::is_string);
        if !has("access_token") && !has("id_token") {
            return Err(match error_code(raw) {
                Some(code) => Problem::Refused { code },
                None => Problem::unreadable("the answer holds no token"),
            });
        }
        if self.settings.wants_id_token() && self.reads_id_tokens(live) && !has("id_token") {
            return Err(Problem::unreadable(
                "the answer holds no id token, though `openid` was asked for",
            ));
        }
        Ok(())
    }
}

/// A secret's text, or none.
pub(super) fn exposed(secret: Option<&Secret>) -> &str {
    secret.map_or("", Secret::expose_secret)
}
