//! A device with one passkey, and options for it.

use auth_protocol::{
    JsonObject,
    webauthn::{
        CreatePasskeyRegistrationOptions, CreatePasskeyRegistrationOptionsResponse,
        CreatePasskeySignInOptions, CreatePasskeySignInOptionsResponse, PasskeySignUp,
        PasskeySignUpResponse, RegistrationOptions, SignInOptions,
    },
};
use serde_json::json;

use super::Test;

pub(crate) const SITE: &str = "example.com";
pub(crate) const PAGE: &str = "https://app.example.com";

/// Clones have the same passkey.
#[derive(Clone)]
pub(crate) struct Device(test_passkeys::Device);

impl Device {
    pub(crate) fn new() -> Self {
        Self(test_passkeys::Device::on(PAGE))
    }

    /// One that makes ES256 keys.
    pub(crate) fn es256(self) -> Self {
        Self(self.0.es256())
    }

    /// One that counts how often its passkey was used.
    pub(crate) fn counting(self) -> Self {
        Self(self.0.counting())
    }

    /// One whose browser shows a page of a related origin, having asked the site.
    pub(crate) fn related(self, origin: &'static str) -> Self {
        Self(self.0.related(origin))
    }

    /// One that doesn't ask for a PIN.
    pub(crate) fn unverified(self) -> Self {
        Self(self.0.unverified())
    }

    /// One that shows another page.
    pub(crate) fn on(self, page: &'static str) -> Self {
        Self(self.0.showing(page))
    }

    /// Makes its passkey.
    pub(crate) async fn make(&mut self, options: &RegistrationOptions) -> JsonObject {
        self.0.make(&json!(options)).await
    }

    /// Uses its passkey.
    pub(crate) async fn sign(&mut self, options: &SignInOptions) -> JsonObject {
        self.0.sign(&json!(options)).await
    }
}

pub(crate) fn registration(email: &str) -> CreatePasskeyRegistrationOptions {
    CreatePasskeyRegistrationOptions {
        email: email.into(),
        display_name: None,
        relying_party_name: "Example".into(),
        relying_party_id: SITE.into(),
        origin: PAGE.into(),
        related_origins: None,
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
        related_origins: None,
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
