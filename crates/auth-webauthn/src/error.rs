//! What can be wrong with a response, and at which step that shows.

use crate::cbor::CborError;

/// A part of a response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Part {
    /// `clientDataJSON`.
    ClientData,
    /// `attestationObject`.
    AttestationObject,
    /// `authenticatorData`, within an attestation object or beside it.
    AuthenticatorData,
    /// The extensions within `authenticatorData`.
    Extensions,
}

/// Why a public key was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyError {
    /// It isn't in the CTAP2 canonical form, or has parameters that it may not have.
    #[error(transparent)]
    Cbor(#[from] CborError),
    /// Its algorithm isn't spoken here.
    #[error("the key's algorithm is not supported")]
    UnknownAlgorithm,
    /// Its type or curve isn't that of its algorithm.
    #[error("the key's type is not that of its algorithm")]
    WrongType,
    /// Its numbers have a wrong length, or are no point of the curve.
    #[error("the key is not valid")]
    Invalid,
}

/// Why an attestation statement was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AttestationError {
    /// The statement isn't what its format demands.
    #[error(transparent)]
    Cbor(#[from] CborError),
    /// The statement is signed with an algorithm that isn't spoken here, or, where the credential signs
    /// itself, with another than the credential's.
    #[error("the attestation's algorithm is not supported")]
    Algorithm,
    /// The signature doesn't belong to the authenticator data, the client data and the key.
    #[error("the attestation's signature is invalid")]
    BadSignature,
    /// The first certificate can't be read.
    #[error("the attestation's certificate can not be read")]
    UnreadableCertificate,
    /// The first certificate isn't as section 8.2.1 demands.
    #[error("the attestation's certificate is not one for attestations")]
    CertificateRequirements,
    /// The first certificate is for another model of authenticator.
    #[error("the attestation's certificate is for another authenticator")]
    WrongAaguid,
    /// More certificates than any authenticator has.
    #[error("the attestation has too many certificates")]
    TooManyCertificates,
}

/// Why a response was refused. Never carries any part of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A part is longer than any client makes it.
    #[error("{0:?} is too long")]
    TooLong(Part),
    /// Client data isn't a JSON object with the fields that it must have.
    #[error("the client data is not valid JSON")]
    ClientDataJson,
    /// Something isn't CBOR in the CTAP2 canonical form, or not of the form that it must have.
    #[error("{0:?}: {1}")]
    Cbor(Part, CborError),
    /// Authenticator data is shorter or longer than its flags say, or has credential data where it may
    /// not, or has none where it must.
    #[error("the authenticator data is malformed")]
    AuthenticatorData,
    /// The public key can't be used.
    #[error("the public key: {0}")]
    PublicKey(KeyError),
    /// The client did something else than what was asked for.
    #[error("the client data is for another ceremony")]
    WrongType,
    /// Another challenge than the expected one.
    #[error("the challenge is not the expected one")]
    WrongChallenge,
    /// The page's origin is none of the expected ones.
    #[error("the origin is not an expected one")]
    WrongOrigin,
    /// The page stood within a page of another origin, which isn't expected.
    #[error("the page stood within another origin's")]
    CrossOrigin,
    /// The page stood within a page whose origin isn't an expected one.
    #[error("the outer page's origin is not an expected one")]
    WrongTopOrigin,
    /// The authenticator was asked for another relying party.
    #[error("the relying party is not the expected one")]
    WrongRpId,
    /// Nobody touched the authenticator.
    #[error("the user was not present")]
    UserNotPresent,
    /// The authenticator didn't ask for a PIN or a fingerprint, though it had to.
    #[error("the user was not verified")]
    UserNotVerified,
    /// A credential that can't be backed up says that it is.
    #[error("the backup flags contradict each other")]
    BackupFlags,
    /// The key's algorithm wasn't offered.
    #[error("the key's algorithm was not offered")]
    AlgorithmNotOffered,
    /// The attestation statement is wrong.
    #[error("the attestation: {0}")]
    Attestation(AttestationError),
    /// The credential's id is empty or longer than 1023 bytes.
    #[error("the credential id's length is not allowed")]
    CredentialIdLength,
    /// The credential's id isn't the one in its signed data, or isn't the stored credential's.
    #[error("the credential id is not the expected one")]
    WrongCredentialId,
    /// The user's handle isn't that of the credential's user, or is missing where it must be there.
    #[error("the user handle is not the expected one")]
    WrongUserHandle,
    /// A credential that could be backed up no longer can, or the other way round.
    #[error("the credential's backup eligibility has changed")]
    BackupEligibilityChanged,
    /// The signature doesn't belong to the data and the credential's key.
    #[error("the signature is invalid")]
    BadSignature,
    /// Everything else is right, but the authenticator counts less than it did: there may be two of it.
    /// [`Expected::accept_counter_going_back`](crate::Expected::accept_counter_going_back) lets it pass.
    #[error("the counter went back")]
    CounterWentBack {
        /// The counter that is stored.
        stored: u32,
        /// The counter in the response.
        seen: u32,
    },
}

/// One of the two ceremonies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums)]
pub enum Ceremony {
    /// A credential is made: WebAuthn Level 3 section 7.1.
    Registration,
    /// A credential is used: section 7.2.
    Authentication,
}

impl Error {
    /// The number of the step of that section that failed.
    pub fn step(&self, ceremony: Ceremony) -> u8 {
        let (registration, authentication) = match self {
            Self::TooLong(Part::ClientData) => (5, 8),
            Self::ClientDataJson => (6, 9),
            Self::WrongType => (7, 10),
            Self::WrongChallenge => (8, 11),
            Self::WrongOrigin => (9, 12),
            Self::CrossOrigin => (10, 13),
            Self::WrongTopOrigin => (11, 14),
            Self::TooLong(_) | Self::Cbor(..) | Self::AuthenticatorData => (13, 7),
            Self::WrongRpId => (14, 15),
            Self::UserNotPresent => (15, 16),
            Self::UserNotVerified => (16, 17),
            Self::BackupFlags => (17, 18),
            // A stored key that can't be read is as good as a wrong signature.
            Self::AlgorithmNotOffered | Self::PublicKey(_) => (20, 21),
            Self::Attestation(_) => (22, 22),
            Self::CredentialIdLength => (25, 6),
            Self::WrongCredentialId => (27, 6),
            Self::WrongUserHandle => (29, 6),
            Self::BackupEligibilityChanged => (18, 19),
            Self::BadSignature => (22, 21),
            Self::CounterWentBack { .. } => (29, 22),
        };
        match ceremony {
            Ceremony::Registration => registration,
            Ceremony::Authentication => authentication,
        }
    }

    /// Whether the response can't even be read, so that no authenticator has made it.
    pub fn is_malformed(&self) -> bool {
        matches!(
            self,
            Self::TooLong(_)
                | Self::ClientDataJson
                | Self::Cbor(..)
                | Self::AuthenticatorData
                | Self::CredentialIdLength
                | Self::WrongCredentialId
        )
    }
}
