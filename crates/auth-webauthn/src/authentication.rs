//! A credential is used (WebAuthn Level 3 section 7.2).

use crate::{
    Ceremony, Error, Expected, Extension, PublicKey, authenticator_data::AuthenticatorData,
    client_data,
};

/// What a client answers to `navigator.credentials.get()`, decoded from base64url.
#[derive(Clone, Copy, Debug)]
#[allow(clippy::exhaustive_structs)]
pub struct AuthenticationResponse<'a> {
    /// `rawId`.
    pub credential_id: &'a [u8],
    /// `response.clientDataJSON`.
    pub client_data_json: &'a [u8],
    /// `response.authenticatorData`.
    pub authenticator_data: &'a [u8],
    /// `response.signature`.
    pub signature: &'a [u8],
    /// `response.userHandle`, where there is one.
    pub user_handle: Option<&'a [u8]>,
}

/// A stored credential: the one whose id the response has.
#[derive(Clone, Copy, Debug)]
#[allow(clippy::exhaustive_structs)]
pub struct Credential<'a> {
    /// Its id.
    pub id: &'a [u8],
    /// Its key, as [`Registered::public_key`](crate::Registered::public_key) was.
    pub public_key: &'a [u8],
    /// The counter of its last use, or of its registration.
    pub counter: u32,
    /// Whether it can be backed up, which never changes; `None` if that wasn't kept.
    pub backup_eligible: Option<bool>,
    /// The user's handle that was given at its registration; `None` if that wasn't kept.
    pub user_handle: Option<&'a [u8]>,
}

/// A credential was used, by whoever holds its key.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[allow(clippy::struct_excessive_bools)]
pub struct Authenticated {
    /// The counter to store. Where two responses are looked at together, the store has to see to it
    /// that the counter only rises (`update … where counter < …`).
    pub counter: u32,
    /// Whether the counter went back, where
    /// [that is accepted](Expected::accept_counter_going_back).
    pub counter_went_back: bool,
    /// Whether the authenticator asked for a PIN, a fingerprint or the like.
    pub user_verified: bool,
    /// Whether the credential can be in several devices.
    pub backup_eligible: bool,
    /// Whether it is.
    pub backed_up: bool,
    /// The extensions that the authenticator answered, asked for or not.
    pub extensions: Vec<Extension>,
}

/// Verifies that a credential was used as asked for.
///
/// Steps 1 to 5 are the caller's and the client's, as is finding the stored credential and its user in
/// step 6; then it stores the counter and the flags (step 24).
///
/// ```
/// use auth_webauthn::{
///     Authenticated, AuthenticationResponse, Credential, Error, Expected, verify_authentication,
/// };
///
/// fn sign_in(
///     challenge: &[u8],
///     stored: &Credential<'_>,
///     response: &AuthenticationResponse<'_>,
/// ) -> Result<Authenticated, Error> {
///     let expected = Expected::new(challenge, "example.com", "https://example.com");
///     verify_authentication(&expected, stored, response)
/// }
/// ```
///
/// # Errors
/// The first step that fails; [`Error::step`] numbers it.
pub fn verify_authentication(
    expected: &Expected<'_>,
    stored: &Credential<'_>,
    response: &AuthenticationResponse<'_>,
) -> Result<Authenticated, Error> {
    // Step 6, as far as it can be told here.
    if response.credential_id != stored.id {
        return Err(Error::WrongCredentialId);
    }
    if let (Some(kept), Some(given)) = (stored.user_handle, response.user_handle)
        && kept != given
    {
        return Err(Error::WrongUserHandle);
    }

    // Steps 7 to 14, and 20.
    let hash = client_data::verify(response.client_data_json, Ceremony::Authentication, expected)?;
    let data = AuthenticatorData::read(response.authenticator_data)?;
    // Section 6.3.3 step 9: there is none in an assertion.
    if data.credential.is_some() {
        return Err(Error::AuthenticatorData);
    }

    // Steps 15 to 18.
    data.verify(expected)?;

    // Step 19.
    if stored.backup_eligible.is_some_and(|eligible| eligible != data.backup_eligible()) {
        return Err(Error::BackupEligibilityChanged);
    }

    // Step 21.
    let key = PublicKey::from_cose(stored.public_key)?;
    let message = [response.authenticator_data, &hash].concat();
    if !key.verify(&message, response.signature) {
        return Err(Error::BadSignature);
    }

    // Step 22. Two zeros are an authenticator that doesn't count.
    let counts = data.counter != 0 || stored.counter != 0;
    let went_back = counts && data.counter <= stored.counter;
    if went_back && !expected.counter_may_go_back {
        return Err(Error::CounterWentBack { stored: stored.counter, seen: data.counter });
    }

    // Step 23: the caller asks for what it knows.
    Ok(Authenticated {
        counter: data.counter,
        counter_went_back: went_back,
        user_verified: data.user_verified(),
        backup_eligible: data.backup_eligible(),
        backed_up: data.backed_up(),
        extensions: data.extensions,
    })
}
