//! The browser's way to the provider, and what it brings back.

use std::{collections::BTreeMap, fmt};

use auth_protocol::Secret;
use aws_lc_rs::{
    constant_time::verify_slices_are_equal,
    digest::{SHA256, digest},
    rand,
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use url::Url;

use super::{Provider, addresses::parse_url, development, live::Live};
use crate::{
    error::{ConfigError, Problem, ProviderError, Step},
    http::{showable, with_query},
};

/// 64 characters, as the reference's (FDI §1.2).
const VERIFIER_BYTES: usize = 48;

/// What distinguishes a nonce from other digests of the same verifier.
const NONCE_CONTEXT: &[u8] = b"auth-providers nonce ";

/// Where the browser goes, and what is needed when it comes back.
#[derive(Clone)]
#[non_exhaustive]
pub struct AuthorizationUrl {
    /// The address.
    pub url: String,
    /// What the front end keeps and gives back with the code; `pkceCodeVerifier` on the wire. It
    /// proves that the code belongs to this browser: to the provider by PKCE, and to this program
    /// by the nonce that follows from it. So it is there for providers without PKCE, too, where
    /// they issue id tokens.
    pub verifier: Option<Secret>,
}

impl AuthorizationUrl {
    /// An address that was made in a way of one's own.
    pub fn new(url: impl Into<String>, verifier: Option<Secret>) -> Self {
        Self { url: url.into(), verifier }
    }

    /// The same address with a `state`, for an application whose front end adds none: a random text
    /// that the browser keeps, in a cookie that scripts can't read, and that
    /// [`AuthorizationReturn::expect_state`] is then told.
    #[must_use]
    pub fn with_state(mut self, state: &str) -> Self {
        if let Ok(url) = Url::parse(&self.url) {
            self.url = with_query(url, [("state", state)]).into();
        }
        self
    }
}

/// What the browser has brought back.
#[derive(Clone)]
#[non_exhaustive]
#[must_use]
pub struct AuthorizationReturn {
    /// Where the provider sent it to.
    pub redirect_uri: String,
    /// The parameters that the provider sent along: `code`, or `error`, and others.
    pub params: BTreeMap<String, String>,
    /// The verifier of [`AuthorizationUrl`].
    pub verifier: Option<Secret>,
    /// The nonce in the id token, where the application made the authorization URL itself.
    pub nonce: Option<String>,
    /// The state that this browser keeps, where the front end doesn't look at it.
    pub state: Option<Secret>,
}

impl AuthorizationReturn {
    /// The address that the provider sent the browser to, and the parameters that it sent along.
    pub fn new(
        redirect_uri: impl Into<String>,
        params: impl IntoIterator<Item = (impl Into<String>, impl Into<String>)>,
    ) -> Self {
        let params = params.into_iter().map(|(name, value)| (name.into(), value.into())).collect();
        Self { redirect_uri: redirect_uri.into(), params, verifier: None, nonce: None, state: None }
    }

    /// The verifier of [`AuthorizationUrl`].
    pub fn verifier(mut self, verifier: impl Into<Secret>) -> Self {
        self.verifier = Some(verifier.into());
        self
    }

    /// The nonce in the id token, where the application made the authorization URL itself.
    pub fn nonce(mut self, nonce: impl Into<String>) -> Self {
        self.nonce = Some(nonce.into());
        self
    }

    /// The state that this browser keeps, which must be among the parameters; see
    /// [`AuthorizationUrl::with_state`].
    pub fn expect_state(mut self, state: impl Into<Secret>) -> Self {
        self.state = Some(state.into());
        self
    }
}

impl Provider {
    /// Where the browser goes to sign in. There is no `state` in it: the front end adds its own,
    /// and looks at it when the browser comes back (FDI §1.2).
    ///
    /// # Errors
    /// Discovery that fails, or a configuration without an address.
    pub async fn authorization_url(
        &self,
        redirect_uri: &str,
    ) -> Result<AuthorizationUrl, ProviderError> {
        let live = self.live().await?;
        let failed = |problem| self.failed(Step::Authorization, problem);
        let endpoint = live.authorization.clone().ok_or_else(|| {
            let missing = "it isn't configured, and not in the discovery document";
            failed(ConfigError::new("authorizationEndpoint", missing, "an address").into())
        })?;
        let settings = &self.settings;
        let mut params = vec![
            (settings.row.client_id_name.to_owned(), settings.client.client_id.clone()),
            ("redirect_uri".to_owned(), redirect_uri.to_owned()),
            ("response_type".to_owned(), "code".to_owned()),
        ];
        if !settings.scopes.is_empty() {
            let scopes = settings.scopes.join(settings.row.scope_separator);
            params.push(("scope".to_owned(), scopes));
        }
        let (uses_pkce, uses_nonce) = (self.uses_pkce(&live), self.uses_nonce(&live));
        let verifier = (uses_pkce || uses_nonce).then(new_verifier).transpose().map_err(failed)?;
        if let Some(verifier) = &verifier {
            if uses_pkce {
                let challenge = base64url(digest(&SHA256, verifier.expose_secret().as_bytes()));
                params.push(("code_challenge".to_owned(), challenge));
                params.push(("code_challenge_method".to_owned(), "S256".to_owned()));
            }
            if uses_nonce {
                params.push(("nonce".to_owned(), nonce_of(verifier)));
            }
        }
        for (name, value) in &settings.authorization_params {
            params.retain(|(known, _)| known != name);
            params.extend(value.clone().map(|value| (name.clone(), value)));
        }
        let mut endpoint = endpoint;
        if settings.is_for_development {
            params.push(("actual_redirect_uri".to_owned(), endpoint.into()));
            endpoint = parse_url("authorizationEndpoint", development::AUTHORIZATION_URL)
                .map_err(|error| failed(error.into()))?;
        }
        let pairs = params.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        Ok(AuthorizationUrl { url: with_query(endpoint, pairs).into(), verifier })
    }

    /// Whether the authorization has a nonce, which then stands in the id token.
    pub(super) fn uses_nonce(&self, live: &Live) -> bool {
        self.settings.wants_id_token()
            && self.reads_id_tokens(live)
            && !self.settings.client.additional_flag("skipNonce")
    }
}

/// The code that the browser has brought, unless it brought an error, or the words of another
/// provider (RFC 9207).
pub(super) fn code_in<'a>(live: &Live, back: &'a AuthorizationReturn) -> Result<&'a str, Problem> {
    let param = |name: &str| back.params.get(name).map(String::as_str);
    if let Some(expected) = &back.state {
        let (state, expected) = (param("state").unwrap_or_default(), expected.expose_secret());
        verify_slices_are_equal(state.as_bytes(), expected.as_bytes())
            .map_err(|_| Problem::AnotherBrowser)?;
    }
    if let Some(rule) = &live.issuer {
        let must_be_there = live
            .document
            .as_ref()
            .is_some_and(|document| document.authorization_response_iss_parameter_supported);
        match param("iss") {
            None if must_be_there => return Err(Problem::Missing("iss")),
            Some(issuer) if !rule.allows(issuer, None) => {
                return Err(Problem::IssuerMismatch {
                    expected: rule.as_str().to_owned(),
                    found: issuer.chars().take(200).collect(),
                });
            }
            _ => {}
        }
    }
    if let Some(error) = param("error") {
        let code = showable(error).unwrap_or_else(|| "an error".to_owned());
        return Err(Problem::Refused { code });
    }
    param("code").filter(|code| !code.is_empty()).ok_or(Problem::Missing("code"))
}

/// The nonce that follows from a verifier. Who sees it in the URL can't go back to the verifier.
pub(super) fn nonce_of(verifier: &Secret) -> String {
    let text = [NONCE_CONTEXT, verifier.expose_secret().as_bytes()].concat();
    base64url(digest(&SHA256, &text))
}

fn new_verifier() -> Result<Secret, Problem> {
    let mut bytes = [0; VERIFIER_BYTES];
    rand::fill(&mut bytes).map_err(|_| {
        ConfigError::new("http", "the system has no random bytes", "a system that has")
    })?;
    Ok(Secret::new(base64url(bytes)))
}

fn base64url(bytes: impl AsRef<[u8]>) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

impl fmt::Debug for AuthorizationUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let url = Url::parse(&self.url).ok();
        let host = url.as_ref().and_then(Url::host_str);
        f.debug_struct("AuthorizationUrl").field("host", &host).finish_non_exhaustive()
    }
}

impl fmt::Debug for AuthorizationReturn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AuthorizationReturn")
            .field("redirect_uri", &self.redirect_uri)
            .field("params", &self.params.keys().collect::<Vec<_>>())
            .finish_non_exhaustive()
    }
}
