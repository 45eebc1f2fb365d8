//! The algorithms that are spoken.

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1, ECDSA_P384_SHA384_ASN1, ED25519, RSA_PKCS1_2048_8192_SHA256,
    VerificationAlgorithm,
};

/// An algorithm of a credential's key, by its number in the registry of COSE (RFC 9053).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Algorithm {
    /// −7: ECDSA with P-256 and SHA-256.
    Es256,
    /// −8: `EdDSA` with Ed25519.
    EdDsa,
    /// −35: ECDSA with P-384 and SHA-384.
    Es384,
    /// −257: RSASSA-PKCS1-v1_5 with SHA-256.
    Rs256,
}

impl Algorithm {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::EdDsa, Self::Es256, Self::Es384, Self::Rs256];

    /// The algorithm with this number; `None` if it isn't spoken here.
    pub fn from_id(id: i64) -> Option<Self> {
        Self::ALL.into_iter().find(|algorithm| algorithm.id() == id)
    }

    /// The number.
    pub fn id(self) -> i64 {
        match self {
            Self::Es256 => -7,
            Self::EdDsa => -8,
            Self::Es384 => -35,
            Self::Rs256 => -257,
        }
    }

    pub(crate) fn verification(self) -> &'static dyn VerificationAlgorithm {
        match self {
            Self::Es256 => &ECDSA_P256_SHA256_ASN1,
            Self::EdDsa => &ED25519,
            Self::Es384 => &ECDSA_P384_SHA384_ASN1,
            Self::Rs256 => &RSA_PKCS1_2048_8192_SHA256,
        }
    }
}
