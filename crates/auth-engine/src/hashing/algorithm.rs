//! Which algorithm made a stored hash: it shows in the hash itself.

use auth_protocol::emailpassword::HashingAlgorithm;

use super::{
    argon::{Argon2Hash, Memory},
    firebase::{self, FirebaseHash, SignerKey},
};
use crate::PasswordHashingConfig;

/// bcrypt looks at no more bytes than these (CDI §3).
const BCRYPT_MAX_BYTES: usize = 72;

/// What an imported bcrypt hash may demand: about two seconds.
const BCRYPT_MAX_COST: u32 = 15;

pub(super) enum StoredHash {
    Argon2(Box<Argon2Hash>),
    Bcrypt(String),
    Firebase(FirebaseHash),
}

impl StoredHash {
    /// Recognises a hash; `None` where it is of no known form or too expensive to verify.
    pub(super) fn parse(text: &str) -> Option<Self> {
        if text.starts_with("$argon2") {
            return Argon2Hash::parse(text).map(|hash| Self::Argon2(Box::new(hash)));
        }
        if text.starts_with(firebase::PREFIX) {
            return FirebaseHash::parse(text).map(Self::Firebase);
        }
        ["$2a$", "$2b$", "$2x$", "$2y$"].iter().find(|prefix| text.starts_with(**prefix))?;
        let parts: bcrypt::HashParts = text.parse().ok()?;
        (parts.get_cost() <= BCRYPT_MAX_COST).then(|| Self::Bcrypt(text.to_owned()))
    }

    pub(super) fn algorithm(&self) -> HashingAlgorithm {
        match self {
            Self::Argon2(_) => HashingAlgorithm::Argon2,
            Self::Bcrypt(_) => HashingAlgorithm::Bcrypt,
            Self::Firebase(_) => HashingAlgorithm::FirebaseScrypt,
        }
    }

    /// An error of the algorithm is no match, and `None` says that the key is missing without which
    /// nobody can tell.
    pub(super) fn matches(
        &self,
        password: &str,
        key: Option<&SignerKey>,
        memory: &mut Memory,
    ) -> Option<bool> {
        Some(match self {
            Self::Argon2(hash) => hash.matches(password, memory),
            Self::Bcrypt(hash) => {
                let bytes = password.as_bytes();
                let bytes = bytes.get(..BCRYPT_MAX_BYTES).unwrap_or(bytes);
                bcrypt::verify(bytes, hash).unwrap_or(false)
            }
            Self::Firebase(hash) => hash.matches(password, key?),
        })
    }

    pub(super) fn is_current(&self, config: &PasswordHashingConfig) -> bool {
        match self {
            Self::Argon2(hash) => hash.is_current(config),
            Self::Bcrypt(_) | Self::Firebase(_) => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Memory, StoredHash};

    fn matches(password: &str, hash: &str) -> bool {
        StoredHash::parse(hash).unwrap().matches(password, None, &mut Memory::default()).unwrap()
    }

    /// From the test suites of `crypt_blowfish`.
    #[test]
    fn published_bcrypt_hashes_verify() {
        let hash = "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW";
        assert!(matches("U*U", hash));
        assert!(!matches("U*V", hash));
        for prefix in ["$2b$", "$2y$"] {
            assert!(matches("U*U", &hash.replace("$2a$", prefix)));
        }
    }

    #[test]
    fn bcrypt_looks_at_72_bytes() {
        let long = "a".repeat(72);
        let hash = bcrypt::hash(&long, 4).unwrap();
        assert!(matches(&format!("{long}and more"), &hash));
        assert!(!matches(&"a".repeat(71), &hash));
    }

    /// From the reference implementation's test program.
    #[test]
    fn published_argon2_hashes_of_every_variant_verify() {
        assert!(matches(
            "password",
            "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"
        ));
        assert!(matches(
            "password",
            "$argon2i$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$wWKIMhR9lyDFvRz9YTZweHKfbftvj+qf+YFY4NeBbtA"
        ));
    }

    #[test]
    fn hashes_that_would_take_for_ever_are_refused() {
        let salt_and_hash = "c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
        for cost in ["m=8388608,t=1,p=1", "m=65536,t=1000,p=1"] {
            assert!(StoredHash::parse(&format!("$argon2id$v=19${cost}${salt_and_hash}")).is_none());
        }
        let dear = "$2a$20$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW";
        assert!(StoredHash::parse(dear).is_none());
    }
}
