//! Verification of passkeys: the ceremonies of [Web Authentication Level 3][spec], without I/O.
//!
//! Two functions hold what a browser answers against what was asked for:
//! [`verify_registration`] for a new credential, [`verify_authentication`] for the use of a stored one.
//! Challenges, users and credentials are kept by the caller. A failure says at which step of the
//! specification's sections 7.1 and 7.2 it was ([`Error::step`]).
//!
//! Keys are ES256, ES384, RS256 and `EdDSA` with Ed25519. Attestation of the formats `none` and `packed`
//! is verified, its certificates are handed over ([`Attestation`]); whom to trust is up to the caller.
//! CBOR must be in the CTAP2 canonical form, and every length has a bound.
//!
//! [spec]: https://www.w3.org/TR/webauthn-3/

mod algorithm;
mod attestation;
mod authentication;
mod authenticator_data;
mod authenticators;
mod cbor;
mod client_data;
mod error;
mod expected;
mod public_key;
mod registration;

pub use algorithm::Algorithm;
pub use attestation::Attestation;
pub use authentication::{
    Authenticated, AuthenticationResponse, Credential, verify_authentication,
};
pub use authenticator_data::Extension;
pub use authenticators::authenticator_name;
pub use cbor::CborError;
pub use error::{AttestationError, Ceremony, Error, KeyError, Part};
pub use expected::Expected;
pub use public_key::PublicKey;
pub use registration::{Registered, RegistrationResponse, verify_registration};
