//! Password hashes of Firebase: scrypt (RFC 7914) makes a key, by which the project's signer key is
//! encrypted; the outcome is the hash (CDI §3).

use auth_protocol::Secret;
use aws_lc_rs::{
    cipher::{AES_256, EncryptingKey, EncryptionContext, UnboundCipherKey},
    iv::FixedLength,
};
use base64::{
    Engine as _, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use subtle::ConstantTimeEq;

use crate::ConfigError;

/// What every hash begins with.
pub(super) const PREFIX: &str = "$f_scrypt$";

/// What an imported hash may demand: the 16 MiB that Firebase has by default, times 16.
const MAX_MEMORY_BYTES: u64 = 256 * 1024 * 1024;

const DERIVED_BYTES: usize = 64;
const AES_KEY_BYTES: usize = 32;

const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// In either alphabet: the console shows one, the command line exports the other.
fn decode(text: &str) -> Option<Vec<u8>> {
    BASE64.decode(text.replace('-', "+").replace('_', "/")).ok()
}

/// A project's signer key.
#[derive(Clone)]
pub(crate) struct SignerKey(Vec<u8>);

impl SignerKey {
    pub(crate) fn parse(text: &Secret) -> Result<Self, ConfigError> {
        match decode(text.expose_secret().trim()) {
            Some(bytes) if !bytes.is_empty() => Ok(Self(bytes)),
            _ => Err(ConfigError::new(
                "firebase_password_hashing_signer_key",
                "it is no text in Base64",
                "the project's `base64_signer_key`, as Firebase shows it",
            )),
        }
    }
}

/// `$f_scrypt$<hash>$<salt>$m=<memory cost>$r=<rounds>$s=<salt separator>`, the last three in any
/// order.
pub(super) struct FirebaseHash {
    hash: Vec<u8>,
    /// With the separator behind it.
    salt: Vec<u8>,
    params: scrypt::Params,
}

impl FirebaseHash {
    /// `None` where the text is malformed, or too expensive to verify.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let parts: Vec<&str> = text.strip_prefix(PREFIX)?.split('$').collect();
        let [hash, salt, parameters @ ..] = &parts[..] else { return None };
        let parameters: &[&str; 3] = parameters.try_into().ok()?;
        let of = |name: &str| parameters.iter().find_map(|parameter| parameter.strip_prefix(name));
        let log_n: u8 = of("m=")?.parse().ok()?;
        let rounds: u32 = of("r=")?.parse().ok()?;
        let memory =
            128_u64.checked_mul(rounds.into())?.checked_mul(1_u64.checked_shl(log_n.into())?)?;
        if log_n == 0 || memory > MAX_MEMORY_BYTES {
            return None;
        }
        let hash = decode(hash).filter(|hash| !hash.is_empty())?;
        let salt = [decode(salt)?, decode(of("s=")?)?].concat();
        Some(Self { hash, salt, params: scrypt::Params::new(log_n, rounds, 1).ok()? })
    }

    /// An error is no match.
    pub(super) fn matches(&self, password: &str, key: &SignerKey) -> bool {
        self.hash_of(password, key).is_some_and(|found| bool::from(found.ct_eq(&self.hash)))
    }

    fn hash_of(&self, password: &str, key: &SignerKey) -> Option<Vec<u8>> {
        let mut derived = [0; DERIVED_BYTES];
        scrypt::scrypt(password.as_bytes(), &self.salt, &self.params, &mut derived).ok()?;
        let aes = UnboundCipherKey::new(&AES_256, derived.get(..AES_KEY_BYTES)?).ok()?;
        let mut encrypted = key.0.clone();
        // The key encrypts this one text, so that the counter may begin at 0.
        let counter = EncryptionContext::Iv128(FixedLength::from([0; 16]));
        EncryptingKey::ctr(aes).ok()?.less_safe_encrypt(&mut encrypted, counter).ok()?;
        Some(encrypted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str =
        "jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC8pVMXAn210wjLNmdZJzxUECKbm0QsEmYUSDzZvpjeJ9WmXA==";
    const HASH: &str =
        "lSrfV15cpx95/sZS2W9c9Kp6i/LVgQNDNC/qzrCnh1SAyZvqmZqAjTdn3aoItz+VHjoZilo78198JAdRuid5lQ==";

    fn text(hash: &str, rest: &str) -> String {
        format!("$f_scrypt${hash}$42xEC+ixf3L2lw==${rest}")
    }

    fn matches(password: &str, hash: &str, key: &str) -> bool {
        let key = SignerKey::parse(&key.into()).unwrap();
        FirebaseHash::parse(hash).unwrap().matches(password, &key)
    }

    /// The example that Firebase publishes with its program.
    #[test]
    fn the_published_hash_verifies() {
        let hash = text(HASH, "m=14$r=8$s=Bw==");
        assert!(matches("user1password", &hash, KEY));
        assert!(!matches("user2password", &hash, KEY));
        assert!(!matches("user1password", &hash, "AAAA"));
        assert!(!matches("user1password", &text(HASH, "m=14$r=8$s="), KEY));
        // In another order, and as the command line exports it.
        let exported = HASH.replace('+', "-").replace('/', "_");
        assert!(matches(
            "user1password",
            &text(exported.trim_end_matches('='), "s=Bw$m=14$r=8"),
            KEY
        ));
    }

    #[test]
    fn malformed_and_endless_hashes_are_refused() {
        for rest in [
            "m=14$r=8",
            "m=14$r=8$s=Bw==$x=1",
            "m=14$r=8$r=8",
            "m=0$r=8$s=Bw==",
            "m=14$r=0$s=Bw==",
            "m=19$r=8$s=Bw==",
            "m=64$r=8$s=Bw==",
            "m=1$r=4294967295$s=Bw==",
            "m=-1$r=8$s=Bw==",
            "m=14$r=8$s=?",
        ] {
            assert!(FirebaseHash::parse(&text(HASH, rest)).is_none(), "{rest}");
        }
        assert!(FirebaseHash::parse(&text("", "m=14$r=8$s=Bw==")).is_none());
        assert!(FirebaseHash::parse(&text("?", "m=14$r=8$s=Bw==")).is_none());
        assert!(FirebaseHash::parse("f_scrypt$a$a$m=14$r=8$s=Bw==").is_none());
    }

    #[test]
    fn what_is_no_key_is_named_and_not_shown() {
        for wrong in ["", " ", "hunter2?"] {
            let error = SignerKey::parse(&wrong.into()).err().unwrap();
            assert_eq!(error.field, "firebase_password_hashing_signer_key");
            assert!(!error.to_string().contains("hunter2"), "{error}");
        }
    }
}
