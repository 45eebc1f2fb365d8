//! Passwords: hashed by Argon2id, off the async threads, in memory that is used again.
//!
//! Hashing is made to be expensive, so it runs on threads of its own, as many as the configuration
//! permits; the others wait. A requester that goes away takes its job with it.

mod algorithm;
mod argon;
mod pool;

use auth_protocol::{Secret, emailpassword::HashingAlgorithm};

use self::{algorithm::StoredHash, pool::Pool};
use crate::{EngineError, PasswordHashingConfig, Random};

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
    random: Random,
}

impl Hasher {
    pub(crate) fn new(config: PasswordHashingConfig, random: Random) -> Result<Self, EngineError> {
        Ok(Self { pool: Pool::start(config)?, config, random })
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
        self.pool
            .run(move |memory| {
                let password = password.expose_secret();
                let stored = stored.and_then(|stored| StoredHash::parse(stored.expose_secret()));
                if let Some(hash) = stored {
                    let matches = hash.matches(password, memory);
                    return Verification { matches, needs_rehash: !hash.is_current(&config) };
                }
                // The result is of no use; the time that it takes is.
                let _ = argon::hash(&config, password, &[0; argon::SALT_BYTES], memory);
                Verification { matches: false, needs_rehash: false }
            })
            .await
    }

    /// How much was hashed so far: blocks times passes.
    #[cfg(test)]
    pub(crate) fn work(&self) -> u64 {
        self.pool.work.load(std::sync::atomic::Ordering::Relaxed)
    }

    /// Refuses a hash that can't be verified later: malformed, of another algorithm than the one
    /// that is named, or too expensive.
    pub(crate) fn check_imported(
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
            return Ok(());
        }
        let text = match algorithm {
            Some(HashingAlgorithm::Bcrypt) => "Password hash is in invalid BCrypt format",
            Some(HashingAlgorithm::Argon2) => "Password hash is in invalid Argon2 format",
            None => "Password hash is in invalid format",
        };
        Err(EngineError::BadRequest(text.to_owned()))
    }
}
