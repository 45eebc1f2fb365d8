//! Passwords: hashed by Argon2id, off the async threads, in memory that is used again.
//!
//! Hashing is made to be expensive, so it runs on threads of its own, as many as the configuration
//! permits; the others wait, as long as is configured, and what can't be done in that time is refused.
//! A requester that goes away takes its job with it.

mod algorithm;
mod argon;
mod firebase;
mod opaque;
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

    /// Hashes a password, in its one form, into a PHC string.
    pub(crate) async fn hash(&self, password: Secret) -> Result<Secret, EngineError> {
        let mut salt = [0; argon::SALT_BYTES];
        self.random.fill(&mut salt)?;
        let config = self.config;
        let password = opaque::prepare(password.expose_secret());
        self.pool
            .run(move |memory| argon::hash(&config, password.expose_secret(), &salt, memory))
            .await?
    }

    /// Compares a password with a stored hash, in each form that this may be of. Without one, the
    /// account is unknown: the same work is done, and nothing matches.
    pub(crate) async fn verify(
        &self,
        password: Secret,
        stored: Option<Secret>,
    ) -> Result<Verification, EngineError> {
        let config = self.config;
        let key = self.signer_key.clone();
        self.pool
            .run(move |memory| {
                let stored = stored.and_then(|stored| StoredHash::parse(stored.expose_secret()));
                let mut is_prepared = true;
                for password in opaque::candidates(password.expose_secret()) {
                    let password = password.expose_secret();
                    if let Some(hash) = &stored {
                        if hash.matches(password, key.as_deref(), memory)? {
                            let needs_rehash = !(is_prepared && hash.is_current(&config));
                            return Some(Verification { matches: true, needs_rehash });
                        }
                    } else {
                        // The result is of no use; the time that it takes is.
                        let _ = argon::hash(&config, password, &[0; argon::SALT_BYTES], memory);
                    }
                    is_prepared = false;
                }
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

#[cfg(test)]
mod tests {
    use super::*;

    const TYPED: [&str; 2] = ["p\u{e4}ssword 1", "pa\u{308}ssword 1"];

    fn hasher() -> Hasher {
        let hashing = PasswordHashingConfig { memory_kib: 64, iterations: 1, ..Default::default() };
        Hasher::new(&EngineConfig::in_memory().password_hashing(hashing)).unwrap()
    }

    #[tokio::test]
    async fn a_password_is_the_same_however_its_characters_are_composed() {
        let hasher = hasher();
        for first in TYPED {
            let stored = hasher.hash(first.into()).await.unwrap();
            for second in TYPED {
                let verdict = hasher.verify(second.into(), Some(stored.clone())).await.unwrap();
                assert!(verdict.matches && !verdict.needs_rehash, "{first:?}, {second:?}");
            }
            let verdict = hasher.verify("password 1".into(), Some(stored)).await.unwrap();
            assert!(!verdict.matches);
        }
    }

    #[tokio::test]
    async fn a_hash_of_another_form_still_opens_the_account_and_is_replaced() {
        let hasher = hasher();
        let old = argon::hash(
            &hasher.config,
            TYPED[1],
            &[7; argon::SALT_BYTES],
            &mut argon::Memory::default(),
        );
        let old = old.unwrap();
        for typed in TYPED {
            let verdict = hasher.verify(typed.into(), Some(old.clone())).await.unwrap();
            assert!(verdict.matches && verdict.needs_rehash, "{typed:?}");
        }
        // With a blank that is none in ASCII, as it was typed.
        let typed = "p\u{e4}ssword\u{a0}1";
        let old = argon::hash(
            &hasher.config,
            typed,
            &[7; argon::SALT_BYTES],
            &mut argon::Memory::default(),
        );
        let verdict = hasher.verify(typed.into(), Some(old.unwrap())).await.unwrap();
        assert!(verdict.matches && verdict.needs_rehash);
    }
}
