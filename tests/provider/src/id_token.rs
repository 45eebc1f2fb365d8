//! Id tokens (OpenID Connect Core section 2), good ones and others.

use std::time::{SystemTime, UNIX_EPOCH};

use auth_jwt::{Algorithm, Header, JwtError, SigningKey};
use aws_lc_rs::{
    digest::{SHA256, digest},
    hmac,
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use crate::{Account, IdTokenFault};

const LIFETIME_SECS: u64 = 3600;

/// The key that signs, and its number.
pub(crate) struct Key {
    signing: SigningKey,
    number: u32,
}

/// What an id token is about.
pub(crate) struct About<'a> {
    pub(crate) issuer: &'a str,
    pub(crate) client_id: &'a str,
    pub(crate) account: &'a Account,
    pub(crate) nonce: Option<&'a str>,
    pub(crate) access_token: Option<&'a str>,
}

impl Key {
    pub(crate) fn new(number: u32) -> Result<Self, JwtError> {
        Ok(Self { signing: SigningKey::generate(Algorithm::Es256)?, number })
    }

    /// Another key in its place.
    pub(crate) fn next(&self) -> Result<Self, JwtError> {
        Self::new(self.number + 1)
    }

    fn id(&self) -> String {
        format!("key-{}", self.number)
    }

    pub(crate) fn public(&self) -> Value {
        json!(self.signing.public_jwk(self.id()))
    }

    /// A token, with what is wrong about it.
    pub(crate) fn id_token(
        &self,
        about: &About<'_>,
        fault: Option<IdTokenFault>,
    ) -> Result<String, JwtError> {
        let claims = claims(about, fault);
        let encode = |value: &Value| BASE64_URL_SAFE_NO_PAD.encode(value.to_string());
        match fault {
            Some(IdTokenFault::Unsigned) => {
                let header = json!({ "alg": "none", "typ": "JWT" });
                Ok(format!("{}.{}.", encode(&header), encode(&claims)))
            }
            Some(IdTokenFault::SignedByThePublicKey) => {
                let header = json!({ "alg": "HS256", "typ": "JWT", "kid": self.id() });
                let message = format!("{}.{}", encode(&header), encode(&claims));
                let secret =
                    hmac::Key::new(hmac::HMAC_SHA256, self.public().to_string().as_bytes());
                let tag = hmac::sign(&secret, message.as_bytes());
                Ok(format!("{message}.{}", BASE64_URL_SAFE_NO_PAD.encode(tag)))
            }
            Some(IdTokenFault::ForeignKey) => {
                let foreign = SigningKey::generate(Algorithm::Es256)?;
                foreign.sign(&Header::new(Algorithm::Es256, self.id()), &claims)
            }
            _ => self.signing.sign(&Header::new(Algorithm::Es256, self.id()), &claims),
        }
    }
}

fn claims(about: &About<'_>, fault: Option<IdTokenFault>) -> Value {
    let is = |wanted| fault == Some(wanted);
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    let issued = if is(IdTokenFault::Expired) { now - 2 * LIFETIME_SECS } else { now };
    let mut claims = about.account.claims();
    claims["iss"] = match is(IdTokenFault::WrongIssuer) {
        true => "https://elsewhere.example".into(),
        false => about.issuer.into(),
    };
    claims["aud"] = match is(IdTokenFault::WrongAudience) {
        true => "another client".into(),
        false => about.client_id.into(),
    };
    claims["iat"] = issued.into();
    claims["exp"] = (issued + LIFETIME_SECS).into();
    if is(IdTokenFault::WrongNonce) {
        claims["nonce"] = "another authorization's".into();
    } else if let Some(nonce) = about.nonce {
        claims["nonce"] = nonce.into();
    }
    if let Some(token) = about.access_token {
        let digest = digest(&SHA256, token.as_bytes());
        claims["at_hash"] = BASE64_URL_SAFE_NO_PAD.encode(&digest.as_ref()[..16]).into();
    }
    claims
}
