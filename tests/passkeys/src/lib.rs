//! A device with one passkey, for tests: the software authenticator of the crate `passkey`, and a
//! browser's client of it.
//!
//! Options come as JSON, as a core or a route gives them, and answers are JSON, as browsers write
//! them.

#![allow(clippy::expect_used)] // for tests alone

use aws_lc_rs::digest::{SHA256, digest};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use passkey::{
    authenticator::{Authenticator, UiHint, UserCheck, UserValidationMethod},
    client::Client,
    crypto::{iana, rust_crypto::RustCryptoBackend},
    types::{Passkey, ctap2},
};
use serde_json::{Map, Value, json};
use url::Url;

/// What every device says of its model.
pub const AAGUID: &str = "07070707-0707-0707-0707-070707070707";

/// A device, with the browser that shows a page. Clones have the same passkey.
#[derive(Clone)]
pub struct Device {
    passkey: Option<Passkey>,
    algorithm: iana::Algorithm,
    counts: bool,
    page: &'static str,
    related: Option<&'static str>,
    is_verified: bool,
}

/// The user of an authenticator, who touches whatever is shown, and gives a PIN or doesn't.
pub struct User {
    /// Whether a PIN is given.
    pub is_verified: bool,
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
        authenticator.set_algorithms(&[$device.algorithm]).expect("an algorithm");
        authenticator.set_make_credentials_with_signature_counter($device.counts);
        Client::new(authenticator).allows_insecure_localhost(true)
    }};
}

impl Device {
    /// A device without a passkey yet, whose browser shows a page. It makes keys of Ed25519, asks for a
    /// PIN, and doesn't count.
    pub fn on(page: &'static str) -> Self {
        Self {
            passkey: None,
            algorithm: iana::Algorithm::EdDSA,
            counts: false,
            page,
            related: None,
            is_verified: true,
        }
    }

    /// One that makes ES256 keys.
    #[must_use]
    pub fn es256(self) -> Self {
        Self { algorithm: iana::Algorithm::ES256, ..self }
    }

    /// One that counts how often its passkey was used.
    #[must_use]
    pub fn counting(self) -> Self {
        Self { counts: true, ..self }
    }

    /// One that doesn't ask for a PIN.
    #[must_use]
    pub fn unverified(self) -> Self {
        Self { is_verified: false, ..self }
    }

    /// One that shows another page.
    #[must_use]
    pub fn showing(self, page: &'static str) -> Self {
        Self { page, ..self }
    }

    /// One whose browser shows a page of a related origin, having asked the site.
    #[must_use]
    pub fn related(self, origin: &'static str) -> Self {
        Self { related: Some(origin), ..self }
    }

    /// What the browser says of a related page; `None` where it isn't one.
    fn related_client_data(&self, kind: &str, options: &Value) -> Option<String> {
        let data = json!({
            "type": kind, "challenge": options["challenge"], "origin": self.related?,
            "crossOrigin": false,
        });
        Some(data.to_string())
    }

    /// Makes its passkey, in place of one that it had.
    ///
    /// # Panics
    /// Where the options can't be read, or no browser would act by them on this page.
    pub async fn make(&mut self, options: &Value) -> Map<String, Value> {
        let creation = json!({ "publicKey": {
            "rp": options["rp"], "user": options["user"], "challenge": options["challenge"],
            "pubKeyCredParams": options["pubKeyCredParams"],
            "attestation": options["attestation"],
            "authenticatorSelection": {
                "requireResidentKey": true, "residentKey": "required",
                "userVerification": self.verification(),
            },
        } });
        let creation = serde_json::from_value(creation).expect("options to make a passkey");
        let page = Url::parse(self.page).expect("a page");
        let mut client = client!(self);
        let related = self.related_client_data("webauthn.create", options);
        let hash = related.as_deref().map(sha256);
        let made = client.register(&page, creation, hash).await.expect("a passkey");
        self.passkey.clone_from(client.authenticator().store());
        as_browsers_write(&json!(made), related)
    }

    /// Uses its passkey.
    ///
    /// # Panics
    /// Where the options can't be read, no browser would act by them on this page, or there is no
    /// passkey for their site.
    pub async fn sign(&mut self, options: &Value) -> Map<String, Value> {
        // A core and a route name it differently.
        let site = options.get("rpId").or_else(|| options.get("relyingPartyId"));
        let request = json!({ "publicKey": {
            "challenge": options["challenge"], "rpId": site,
            "userVerification": self.verification(),
        } });
        let request = serde_json::from_value(request).expect("options to use a passkey");
        let page = Url::parse(self.page).expect("a page");
        let mut client = client!(self);
        let related = self.related_client_data("webauthn.get", options);
        let hash = related.as_deref().map(sha256);
        let used = client.authenticate(&page, request, hash).await.expect("an answer");
        self.passkey.clone_from(client.authenticator().store());
        as_browsers_write(&json!(used), related)
    }

    fn verification(&self) -> &'static str {
        if self.is_verified { "required" } else { "discouraged" }
    }
}

impl std::fmt::Debug for Device {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Device").field("page", &self.page).finish_non_exhaustive()
    }
}

fn sha256(text: &str) -> Vec<u8> {
    digest(&SHA256, text.as_bytes()).as_ref().to_vec()
}

/// An answer with bytes in base64url, which the client gives as lists, and with other client data where
/// the page is a related one.
fn as_browsers_write(answer: &Value, related: Option<String>) -> Map<String, Value> {
    let mut answer = with_texts(answer);
    if let Some(client_data) = related {
        answer["response"]["clientDataJSON"] = json!(BASE64_URL_SAFE_NO_PAD.encode(client_data));
    }
    match answer {
        Value::Object(answer) => answer,
        _ => Map::new(),
    }
}

fn with_texts(value: &Value) -> Value {
    match value {
        Value::Object(fields) => {
            fields.iter().map(|(name, value)| (name.clone(), with_texts(value))).collect()
        }
        Value::Array(items) if !items.is_empty() && items.iter().all(Value::is_u64) => {
            let byte = |item: &Value| item.as_u64().and_then(|byte| u8::try_from(byte).ok());
            let bytes: Vec<u8> = items.iter().filter_map(byte).collect();
            json!(BASE64_URL_SAFE_NO_PAD.encode(bytes))
        }
        other => other.clone(),
    }
}
