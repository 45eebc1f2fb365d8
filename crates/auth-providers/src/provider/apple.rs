//! Apple's ways: the secret is a token, and the user's name comes with the browser.

use std::{
    fmt,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use auth_protocol::Secret;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use rustls::pki_types::{PrivatePkcs8KeyDer, pem::PemObject};
use serde_json::json;

use crate::{
    config::ClientConfig,
    error::{ConfigError, Problem},
};

const AUDIENCE: &str = "https://appleid.apple.com";

/// How long a secret counts; Apple takes half a year, and one request takes seconds.
const SECRET_AGE: Duration = Duration::from_secs(600);

/// A developer's key, by which the client's secrets are signed.
pub(crate) struct AppleKey {
    key: EncodingKey,
    key_id: String,
    team_id: String,
    client_id: String,
}

impl AppleKey {
    pub(crate) fn new(client: &ClientConfig, index: usize) -> Result<Self, ConfigError> {
        let field = |name: &str| format!("clients[{index}].additionalConfig.{name}");
        let text = |name: &str| {
            client.additional_text(name).filter(|text| !text.is_empty()).ok_or_else(|| {
                ConfigError::new(field(name), "it is missing", "what Apple's developer pages say")
            })
        };
        let (key_id, team_id) = (text("keyId")?, text("teamId")?);
        let pem = text("privateKey")?.replace("\\n", "\n");
        let wrong =
            || ConfigError::new(field("privateKey"), "it can't be read", "an ES256 key in PEM");
        let der = PrivatePkcs8KeyDer::from_pem_slice(pem.as_bytes()).map_err(|_| wrong())?;
        let key = Self {
            key: EncodingKey::from_ec_der(der.secret_pkcs8_der()),
            key_id: key_id.to_owned(),
            team_id: team_id.to_owned(),
            client_id: client.client_id.clone(),
        };
        key.client_secret(SystemTime::now()).map_err(|_| wrong())?;
        Ok(key)
    }

    /// A client secret for the next minutes.
    pub(crate) fn client_secret(&self, now: SystemTime) -> Result<Secret, Problem> {
        let now = now.duration_since(UNIX_EPOCH).unwrap_or_default();
        let mut header = Header::new(Algorithm::ES256);
        header.kid = Some(self.key_id.clone());
        let claims = json!({
            "iss": self.team_id,
            "iat": now.as_secs(),
            "exp": (now + SECRET_AGE).as_secs(),
            "aud": AUDIENCE,
            "sub": self.client_id,
        });
        jsonwebtoken::encode(&header, &claims, &self.key).map(Secret::new).map_err(|_| {
            ConfigError::new("additionalConfig.privateKey", "it can't sign", "an ES256 key").into()
        })
    }
}

impl fmt::Debug for AppleKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AppleKey").field("key_id", &self.key_id).finish_non_exhaustive()
    }
}
