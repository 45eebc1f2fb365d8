//! Tokens whose signatures were checked.

use std::sync::{Arc, OnceLock};

use auth_jwt::{JwtError, KeySet, UnverifiedJwt};
use auth_protocol::{JsonObject, Secret};
use quick_cache::sync::Cache;

use crate::digest::sha256;

/// How many tokens are remembered.
const CAPACITY: usize = 10_000;

/// A token that one of the keys has signed. Whether it has expired is for the caller to see.
pub(crate) struct VerifiedToken {
    /// The version in its header, where there is one.
    pub(crate) version: Option<u32>,
    pub(crate) claims: JsonObject,
}

/// Public keys, and the tokens that were verified with these very keys, by their digests: both are
/// dropped together.
#[derive(Default)]
pub(super) struct Verifier {
    keys: KeySet,
    /// Made for the first token, because many applications never ask.
    verified: OnceLock<Cache<[u8; 32], Arc<VerifiedToken>>>,
}

impl Verifier {
    pub(super) fn new(keys: KeySet) -> Self {
        Self { keys, verified: OnceLock::new() }
    }

    /// Checks a token's signature, if it wasn't checked before.
    pub(super) fn verify(&self, token: &Secret) -> Result<Arc<VerifiedToken>, JwtError> {
        let token = token.expose_secret();
        let digest = sha256(token);
        let verified = self.verified.get_or_init(|| Cache::new(CAPACITY));
        if let Some(known) = verified.get(&digest) {
            return Ok(known);
        }
        let jwt = UnverifiedJwt::parse(token)?;
        let version = jwt.header().version();
        let checked = Arc::new(VerifiedToken { version, claims: jwt.verify(&self.keys)? });
        verified.insert(digest, Arc::clone(&checked));
        Ok(checked)
    }
}

#[cfg(test)]
mod tests {
    use auth_jwt::{Algorithm, Header, SigningKey};

    use super::*;

    fn verifier(key: &SigningKey) -> Verifier {
        Verifier::new(KeySet::new(&[key.public_jwk("k")]).unwrap())
    }

    #[test]
    fn a_token_is_checked_once_and_only_by_the_keys_that_it_was_checked_with() {
        let key = SigningKey::generate(Algorithm::Es256).unwrap();
        let claims = serde_json::json!({ "sub": "ada" });
        let text = key.sign(&Header::new(Algorithm::Es256, "k"), &claims).unwrap();
        let (start, signature) = text.rsplit_once('.').unwrap();
        let forged =
            Secret::new(format!("{start}.{}", signature.chars().rev().collect::<String>()));
        let token = Secret::new(text.as_str());
        let own = verifier(&key);
        let first = own.verify(&token).unwrap();
        assert_eq!(first.claims["sub"], "ada");
        assert!(Arc::ptr_eq(&own.verify(&token).unwrap(), &first));
        for _ in 0..2 {
            assert!(own.verify(&forged).is_err());
            let other = verifier(&SigningKey::generate(Algorithm::Es256).unwrap());
            assert!(other.verify(&token).is_err());
        }
    }
}
