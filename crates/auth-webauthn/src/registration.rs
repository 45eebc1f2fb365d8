//! A credential is made (WebAuthn Level 3 section 7.1).

use crate::{
    Algorithm, Attestation, Ceremony, Error, Expected, Extension, Part, PublicKey,
    attestation::{self, AttestationObject},
    authenticator_data::AuthenticatorData,
    client_data,
};

/// Some certificates and the authenticator data.
const MAX_ATTESTATION_OBJECT_BYTES: usize = 32 * 1024;

/// What a client answers to `navigator.credentials.create()`, decoded from base64url.
#[derive(Clone, Copy, Debug)]
#[allow(clippy::exhaustive_structs)]
pub struct RegistrationResponse<'a> {
    /// `rawId`.
    pub credential_id: &'a [u8],
    /// `response.clientDataJSON`.
    pub client_data_json: &'a [u8],
    /// `response.attestationObject`.
    pub attestation_object: &'a [u8],
}

/// A new credential, proved to come from the expected page and challenge.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Registered {
    /// Its id, 1 to 1023 bytes. That no other user has it is up to who stores it (step 26).
    pub credential_id: Vec<u8>,
    /// Its key, a `COSE_Key` for [`PublicKey::from_cose`].
    pub public_key: Vec<u8>,
    /// The key's algorithm.
    pub algorithm: Algorithm,
    /// The model of the authenticator as it says itself, or zeros. It is proved only by an
    /// [attestation](Self::attestation) whose certificates are trusted.
    pub aaguid: [u8; 16],
    /// The authenticator data from the AAGUID to the end of the key, in one piece.
    pub attested_credential_data: Vec<u8>,
    /// What the authenticator has counted so far; 0 where it doesn't count.
    pub counter: u32,
    /// Whether the authenticator asked for a PIN, a fingerprint or the like.
    pub user_verified: bool,
    /// Whether the credential can be in several devices.
    pub backup_eligible: bool,
    /// Whether it is.
    pub backed_up: bool,
    /// What the authenticator shows of itself.
    pub attestation: Attestation,
    /// The extensions that the authenticator answered, asked for or not.
    pub extensions: Vec<Extension>,
}

/// Verifies that a credential was made as asked for. `algorithms` are those that were offered.
///
/// Steps 1 to 4 are the caller's and the client's; steps 23 and 24 (whom to trust), 26 (whether the id is
/// new) and 29 (to store it) follow.
///
/// ```
/// use auth_webauthn::{
///     Algorithm, Error, Expected, Registered, RegistrationResponse, verify_registration,
/// };
///
/// fn sign_up(challenge: &[u8], response: &RegistrationResponse<'_>) -> Result<Registered, Error> {
///     let expected = Expected::new(challenge, "example.com", "https://example.com");
///     verify_registration(&expected, &[Algorithm::EdDsa, Algorithm::Es256], response)
/// }
/// ```
///
/// # Errors
/// The first step that fails; [`Error::step`] numbers it.
pub fn verify_registration(
    expected: &Expected<'_>,
    algorithms: &[Algorithm],
    response: &RegistrationResponse<'_>,
) -> Result<Registered, Error> {
    // Steps 5 to 12.
    let hash = client_data::verify(response.client_data_json, Ceremony::Registration, expected)?;

    // Step 13.
    if response.attestation_object.len() > MAX_ATTESTATION_OBJECT_BYTES {
        return Err(Error::TooLong(Part::AttestationObject));
    }
    let object = AttestationObject::read(response.attestation_object)
        .map_err(|error| Error::Cbor(Part::AttestationObject, error))?;
    let data = AuthenticatorData::read(object.authenticator_data)?;
    let credential = data.credential.as_ref().ok_or(Error::AuthenticatorData)?;

    // Steps 14 to 17; 18 and 19 are the caller's, who is told the flags.
    data.verify(expected)?;

    // Step 20, and that the key is one.
    let key = PublicKey::from_cose(credential.public_key)?;
    if !algorithms.contains(&key.algorithm()) {
        return Err(Error::AlgorithmNotOffered);
    }
    key.check_point().map_err(Error::PublicKey)?;

    // Steps 21 and 22.
    let attestation =
        attestation::verify(&object, credential, &key, &hash).map_err(Error::Attestation)?;

    // Step 25 has been looked at with the length. Step 27: `rawId` isn't signed, the id within is.
    if response.credential_id != credential.id {
        return Err(Error::WrongCredentialId);
    }

    // Step 28: the caller asks for what it knows.
    Ok(Registered {
        credential_id: credential.id.to_vec(),
        public_key: credential.public_key.to_vec(),
        algorithm: key.algorithm(),
        aaguid: credential.aaguid,
        attested_credential_data: credential.bytes.to_vec(),
        counter: data.counter,
        user_verified: data.user_verified(),
        backup_eligible: data.backup_eligible(),
        backed_up: data.backed_up(),
        attestation,
        extensions: data.extensions,
    })
}
