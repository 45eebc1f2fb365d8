//! A device with one passkey: the software authenticator of the crate `passkey`, and its client.

use auth_protocol::{
    JsonObject,
    webauthn::{
        CreatePasskeyRegistrationOptions, CreatePasskeyRegistrationOptionsResponse,
        CreatePasskeySignInOptions, CreatePasskeySignInOptionsResponse, PasskeySignUp,
        PasskeySignUpResponse, RegistrationOptions, SignInOptions,
    },
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use passkey::{
    authenticator::{Authenticator, UiHint, UserCheck, UserValidationMethod},
    client::{Client, DefaultClientData},
    crypto::{iana, rust_crypto::RustCryptoBackend},
    types::{Passkey, ctap2},
};
use serde_json::{Value, json};
use url::Url;

use super::Test;

pub(crate) const SITE: &str = "example.com";
pub(crate) const PAGE: &str = "https://app.example.com";
/// What the device says of its model.
pub(crate) const AAGUID: &str = "07070707-0707-0707-0707-070707070707";

/// Clones have the same passkey.
#[derive(Clone)]
pub(crate) struct Device {
    passkey: Option<Passkey>,
    algorithm: iana::Algorithm,
    counts: bool,
    page: &'static str,
    is_verified: bool,
}

/// Touches whatever is shown.
struct User {
    is_verified: bool,
}

#[async_trait::async_trait]
impl UserValidationMethod for User {
    type PasskeyItem = Passkey;

    async fn check_user<'a>(
        &self,
        _hint: UiHint<'a, Passkey>,
        _presence: bool,
        _verification: bool,
    ) -> Result<UserCheck, ctap2::Ctap2Error> {
        Ok(UserCheck { presence: true, verification: self.is_verified })
    }

    fn is_presence_enabled(&self) -> bool {
        true
    }

    fn is_verification_enabled(&self) -> Option<bool> {
        Some(true)
    }
}

/// The client with the device's authenticator.
macro_rules! client {
    ($device:expr) => {{
        let aaguid = ctap2::Aaguid::from([7; 16]);
        let user = User { is_verified: $device.is_verified };
        let mut authenticator =
            Authenticator::new(aaguid, $device.passkey.clone(), user, RustCryptoBackend);
        authenticator.set_algorithms(&[$device.algorithm]).unwrap();
        authenticator.set_make_credentials_with_signature_counter($device.counts);
        Client::new(authenticator).allows_insecure_localhost(true)
    }};
}

impl Device {
    pub(crate) fn new() -> Self {
        Self {
            passkey: None,
            algorithm: iana::Algorithm::EdDSA,
            counts: false,
            page: PAGE,
            is_verified: true,
        }
    }

    /// One that makes ES256 keys.
    pub(crate) fn es256(self) -> Self {
        Self { algorithm: iana::Algorithm::ES256, ..self }
    }

    /// One that counts how often its passkey was used.
    pub(crate) fn counting(self) -> Self {
        Self { counts: true, ..self }
    }

    /// One that doesn't ask for a PIN.
    pub(crate) fn unverified(self) -> Self {
        Self { is_verified: false, ..self }
    }

    /// One that shows another page.
    pub(crate) fn on(self, page: &'static str) -> Self {
        Self { page, ..self }
    }

    /// Makes its passkey.
    pub(crate) async fn make(&mut self, options: &RegistrationOptions) -> JsonObject {
        let verification = if self.is_verified { "required" } else { "discouraged" };
        let creation = json!({ "publicKey": {
            "rp": options.rp, "user": options.user, "challenge": options.challenge,
            "pubKeyCredParams": options.pub_key_cred_params, "attestation": options.attestation,
            "authenticatorSelection": {
                "requireResidentKey": true, "residentKey": "required",
                "userVerification": verification,
            },
        } });
        let creation = serde_json::from_value(creation).unwrap();
        let page = Url::parse(self.page).unwrap();
        let mut client = client!(self);
        let made = client.register(&page, creation, DefaultClientData).await.unwrap();
        self.passkey.clone_from(client.authenticator().store());
        as_browsers_write(json!(made)).as_object().unwrap().clone()
    }

    /// Uses its passkey.
    pub(crate) async fn sign(&mut self, options: &SignInOptions) -> JsonObject {
        let verification = if self.is_verified { "required" } else { "discouraged" };
        let request = json!({ "publicKey": {
            "challenge": options.challenge, "rpId": options.relying_party_id,
            "userVerification": verification,
        } });
        let request = serde_json::from_value(request).unwrap();
        let page = Url::parse(self.page).unwrap();
        let mut client = client!(self);
        let used = client.authenticate(&page, request, DefaultClientData).await.unwrap();
        self.passkey.clone_from(client.authenticator().store());
        as_browsers_write(json!(used)).as_object().unwrap().clone()
    }
}

/// With bytes in base64url, which the client gives as lists.
fn as_browsers_write(value: Value) -> Value {
    match value {
        Value::Object(fields) => {
            fields.into_iter().map(|(name, value)| (name, as_browsers_write(value))).collect()
        }
        Value::Array(items) if !items.is_empty() && items.iter().all(Value::is_u64) => {
            let byte = |item: &Value| item.as_u64().and_then(|byte| u8::try_from(byte).ok());
            let bytes: Vec<u8> = items.iter().filter_map(byte).collect();
            json!(BASE64_URL_SAFE_NO_PAD.encode(bytes))
        }
        other => other,
    }
}

pub(crate) fn registration(email: &str) -> CreatePasskeyRegistrationOptions {
    CreatePasskeyRegistrationOptions {
        email: email.into(),
        display_name: None,
        relying_party_name: "Example".into(),
        relying_party_id: SITE.into(),
        origin: PAGE.into(),
        timeout: Some(60_000),
        attestation: None,
        resident_key: None,
        user_verification: None,
        user_presence: Some(true),
        supported_algorithm_ids: None,
    }
}

pub(crate) fn authentication() -> CreatePasskeySignInOptions {
    CreatePasskeySignInOptions {
        relying_party_id: SITE.into(),
        relying_party_name: "Example".into(),
        origin: PAGE.into(),
        timeout: Some(60_000),
        user_verification: None,
        user_presence: Some(true),
    }
}

impl Test {
    pub(crate) async fn registration_options(&self, email: &str) -> RegistrationOptions {
        match self.run(registration(email)).await {
            CreatePasskeyRegistrationOptionsResponse::Ok(options) => options,
            other @ CreatePasskeyRegistrationOptionsResponse::InvalidOptionsError { .. } => {
                panic!("{other:?}")
            }
        }
    }

    pub(crate) async fn sign_in_options(&self) -> SignInOptions {
        match self.run(authentication()).await {
            CreatePasskeySignInOptionsResponse::Ok(options) => options,
            other @ CreatePasskeySignInOptionsResponse::InvalidOptionsError { .. } => {
                panic!("{other:?}")
            }
        }
    }

    /// Signs somebody up by a new passkey of a device.
    pub(crate) async fn passkey_sign_up(
        &self,
        email: &str,
        device: &mut Device,
    ) -> PasskeySignUpResponse {
        let options = self.registration_options(email).await;
        let credential = device.make(&options).await;
        let id = options.webauthn_generated_options_id;
        self.run(PasskeySignUp { webauthn_generated_options_id: id, credential }).await
    }
}
