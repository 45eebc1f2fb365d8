//! The token's header.

use serde::{Deserialize, Serialize};

use crate::{Algorithm, JwtError};

/// What is no other kind of token.
pub(crate) const JWT: &str = "JWT";

/// The protected header of a token (RFC 7515 section 4.1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    alg: String,
    typ: String,
    /// The version of the access token's claims; absent in tokens that are no access tokens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    version: Option<String>,
    kid: String,
}

impl Header {
    /// A header for a key.
    pub fn new(algorithm: Algorithm, kid: impl Into<String>) -> Self {
        Self {
            alg: algorithm.as_str().to_owned(),
            typ: JWT.to_owned(),
            version: None,
            kid: kid.into(),
        }
    }

    /// The same header with a version of the access token's claims.
    #[must_use]
    pub fn with_version(mut self, version: impl Into<String>) -> Self {
        self.version = Some(version.into());
        self
    }

    /// The same header for another kind of token (`typ`, RFC 8725 section 3.11), which is then never
    /// taken for one of these.
    #[must_use]
    pub fn with_type(mut self, kind: impl Into<String>) -> Self {
        self.typ = kind.into();
        self
    }

    /// The key's id.
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// The version of the access token's claims; `None` where the token is no access token, such
    /// as one of the JWT recipe, whose claims anybody may choose.
    pub fn version(&self) -> Option<u32> {
        self.version.as_deref().and_then(|version| version.parse().ok())
    }

    /// The algorithm that the header claims; only the key's own counts.
    pub(crate) fn algorithm(&self) -> Result<Algorithm, JwtError> {
        self.alg.parse()
    }

    /// FDI §2.3. Versions 1 and 2 have a fixed header without a `kid`, which no core
    /// that this crate works with has ever signed; they are refused like any other mismatch.
    pub(crate) fn check(&self, kind: &str) -> Result<(), JwtError> {
        let version_fits = self.version.as_deref().is_none_or(|version| {
            version.bytes().all(|byte| byte.is_ascii_digit())
                && version.parse::<u32>().is_ok_and(|version| version >= 3)
        });
        if self.typ == kind && !self.kid.is_empty() && version_fits {
            Ok(())
        } else {
            Err(JwtError::HeaderMismatch)
        }
    }
}
