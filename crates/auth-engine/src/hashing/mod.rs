//! Passwords: hashed by Argon2id, off the async threads, in memory that is used again.
//!
//! Hashing is made to be expensive, so it runs on threads of its own, as many as the configuration
//! permits; the others wait, as long as is configured, and what can't be done in that time is refused.
//! A requester that goes away takes its job with it.

mod algorithm;
mod argon;
mod firebase;
mod pool;
mod queue;

use std::sync::Arc;

use auth_protocol::{Secret, emailpassword::HashingAlgorithm};

use self::{algorithm::StoredHash, firebase::SignerKey, pool::Pool};
use crate::{EngineConfig, EngineError, PasswordHashingConfig, Random};

const KEY_IS_MISSING: &str = "hashes of Firebase need `firebase_password_hashing_signer_key`";

/// The verdict on a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Verification {
    /// Whether the password is the one that was hashed.
    pub(crate) matches: bool,
    /// Whether the hash was made by another algorithm or cost than the configured one.
    pub(crate) needs_rehash: bool,
}

/// Hashes and verifies passwords.
pub(crate) struct Hasher {
    pool: Pool,
    config: PasswordHashingConfig,
    /// Of the Firebase project that hashes were imported from.
    signer_key: Option<Arc<SignerKey>>,
    random: Random,
}

impl Hasher {
    pub(crate) fn new(config: &EngineConfig) -> Result<Self, EngineError> {
        let signer_key = config.firebase_password_hashing_signer_key.as_ref();
        Ok(Self {
            pool: Pool::start(config)?,
            config: config.password_hashing,
            signer_key: signer_key.map(SignerKey::parse).transpose()?.map(Arc::new),
            random: config.random.clone(),
        })
    }

    /// Hashes a password into a PHC string.
    pub(crate) async fn hash(&self, password: Secret) -> Result<Secret, EngineError> {
        let mut salt = [0; argon::SALT_BYTES];
        self.random.fill(&mut salt)?;
        let config = self.config;
        self.pool
            .run(move |memory| argon::hash(&config, password.expose_secret(), &salt, memory))
            .await?
    }

    /// Compares a password with a stored hash. Without one, the account is unknown: the same work
    /// is done, and nothing matches.
    pub(crate) async fn verify(
        &self,
        password: Secret,
        stored: Option<Secret>,
    ) -> Result<Verification, EngineError> {
        let config = self.config;
        let key = self.signer_key.clone();
        self.pool
            .run(move |memory| {
                let password = password.expose_secret();
                let stored = stored.and_then(|stored| StoredHash::parse(stored.expose_secret()));
                if let Some(hash) = stored {
                    let needs_rehash = !hash.is_current(&config);
                    let matches = hash.matches(password, key.as_deref(), memory);
                    return matches.map(|matches| Verification { matches, needs_rehash });
                }
                // The result is of no use; the time that it takes is.
                let _ = argon::hash(&config, password, &[0; argon::SALT_BYTES], memory);
                Some(Verification { matches: false, needs_rehash: false })
            })
            .await?
            .ok_or_else(|| EngineError::Internal(KEY_IS_MISSING.to_owned()))
    }

    /// How much was hashed so far: blocks times passes.
    #[cfg(test)]
    pub(crate) fn work(&self) -> u64 {
        self.pool.work.load(std::sync::atomic::Ordering::Relaxed)
    }

    /// Refuses a hash that can't be verified later: malformed, of another algorithm than the one
    /// that is named, or too expensive.
    pub(crate) fn check_imported(
        &self,
        hash: &Secret,
        algorithm: Option<HashingAlgorithm>,
    ) -> Result<(), EngineError> {
        let parsed = StoredHash::parse(hash.expose_secret());
        let fits = match (&parsed, algorithm) {
            (None, _) => false,
            (Some(_), None) => true,
            (Some(hash), Some(algorithm)) => hash.algorithm() == algorithm,
        };
        if fits {
            return match parsed {
                Some(StoredHash::Firebase(_)) if self.signer_key.is_none() => {
                    Err(EngineError::BadRequest(KEY_IS_MISSING.to_owned()))
                }
                _ => Ok(()),
            };
        }
        let text = match algorithm {
            Some(HashingAlgorithm::Bcrypt) => "Password hash is in invalid BCrypt format",
            Some(HashingAlgorithm::Argon2) => "Password hash is in invalid Argon2 format",
            Some(HashingAlgorithm::FirebaseScrypt) => {
                "Password hash is in invalid Firebase SCrypt format"
            }
            None => "Password hash is in invalid format",
        };
        Err(EngineError::BadRequest(text.to_owned()))
    }
}
