//! Authorizations, codes and access tokens.

use std::collections::HashMap;

use aws_lc_rs::{
    digest::{SHA256, digest},
    rand,
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde::Deserialize;
use serde_json::{Value, json};

/// Somebody's account at the provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// The id, which never changes.
    pub sub: String,
    /// The address, where there is one.
    pub email: Option<String>,
    /// Whether the provider vouches for it.
    pub email_verified: bool,
}

impl Account {
    /// An account with an address, from which its id follows.
    pub fn new(email: &str, email_verified: bool) -> Self {
        let digest = digest(&SHA256, email.to_lowercase().as_bytes());
        let sub = BASE64_URL_SAFE_NO_PAD.encode(&digest.as_ref()[..12]);
        Self { sub, email: Some(email.to_owned()), email_verified }
    }

    /// An account without an address.
    pub fn without_email(sub: &str) -> Self {
        Self { sub: sub.to_owned(), email: None, email_verified: false }
    }

    /// What the provider tells of it.
    pub(crate) fn claims(&self) -> Value {
        let mut claims = json!({ "sub": self.sub });
        if let Some(email) = &self.email {
            claims["email"] = email.as_str().into();
            claims["email_verified"] = self.email_verified.into();
        }
        claims
    }
}

/// What a browser comes with (RFC 6749 section 4.1.1, RFC 7636 section 4.3).
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct AuthorizationRequest {
    pub(crate) client_id: String,
    pub(crate) redirect_uri: String,
    pub(crate) response_type: String,
    #[serde(default)]
    pub(crate) scope: String,
    pub(crate) state: Option<String>,
    pub(crate) nonce: Option<String>,
    pub(crate) code_challenge: Option<String>,
    pub(crate) code_challenge_method: Option<String>,
}

/// What a code stands for.
#[derive(Clone)]
pub(crate) struct Grant {
    pub(crate) request: AuthorizationRequest,
    pub(crate) account: Account,
}

impl Grant {
    pub(crate) fn wants_id_token(&self) -> bool {
        self.request.scope.split(' ').any(|scope| scope == "openid")
    }

    /// Whether a verifier is that of the challenge (RFC 7636 section 4.6).
    pub(crate) fn is_verified_by(&self, verifier: Option<&str>) -> bool {
        match (&self.request.code_challenge, verifier) {
            (None, None) => true,
            (Some(challenge), Some(verifier)) => {
                let digest = digest(&SHA256, verifier.as_bytes());
                BASE64_URL_SAFE_NO_PAD.encode(digest) == *challenge
            }
            _ => false,
        }
    }
}

/// What the provider remembers.
#[derive(Default)]
pub(crate) struct Grants {
    codes: HashMap<String, Grant>,
    access_tokens: HashMap<String, Account>,
}

impl Grants {
    /// A code, which is good once.
    pub(crate) fn new_code(&mut self, grant: Grant) -> String {
        let code = random_text();
        self.codes.insert(code.clone(), grant);
        code
    }

    pub(crate) fn use_code(&mut self, code: &str) -> Option<Grant> {
        self.codes.remove(code)
    }

    pub(crate) fn new_access_token(&mut self, account: Account) -> String {
        let token = random_text();
        self.access_tokens.insert(token.clone(), account);
        token
    }

    pub(crate) fn account_of(&self, access_token: &str) -> Option<Account> {
        self.access_tokens.get(access_token).cloned()
    }
}

/// 43 characters that nobody guesses.
fn random_text() -> String {
    let mut bytes = [0; 32];
    // Without randomness the system has worse problems, and codes that are guessed are a test's only.
    let _ = rand::fill(&mut bytes);
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}
