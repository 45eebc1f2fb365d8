//! Passkeys (CDI §1.9, CDI §4.5), made and used by a software authenticator.
#![allow(clippy::unwrap_used, clippy::panic)] // a failed test panics

#[path = "../common/mod.rs"]
mod common;
mod making;
mod managing;
mod names;
mod options;
mod races;
mod recovery;
mod using;

use auth_protocol::{
    CdiVersion, JsonObject, RecipeUserId, User,
    webauthn::{PasskeySignIn, PasskeySignInResponse, PasskeySignUpResponse, SignInOptions},
};
use common::{Test, TestStorage, passkey::Device};

const EMAIL: &str = "ada@example.com";

/// What the reference's SDKs speak, which show each answer twice.
const TWICE: CdiVersion = CdiVersion::V5_4;

/// A user with a passkey in a device.
struct Ada {
    test: Test,
    storage: TestStorage,
    device: Device,
    user: User,
    id: RecipeUserId,
    passkey: String,
}

impl Ada {
    async fn new(device: Device) -> Self {
        let storage = TestStorage::new();
        let test = Test::with(storage.config()).await;
        let mut device = device;
        match test.passkey_sign_up(EMAIL, &mut device).await {
            PasskeySignUpResponse::Ok { user, recipe_user_id, webauthn_credential_id, .. } => {
                let (id, passkey) = (recipe_user_id, webauthn_credential_id);
                Self { test, storage, device, user, id, passkey }
            }
            other => panic!("{other:?}"),
        }
    }
}

impl Test {
    async fn show(
        &self,
        options: &SignInOptions,
        credential: &JsonObject,
        cdi_version: CdiVersion,
    ) -> PasskeySignInResponse {
        let webauthn_generated_options_id = options.webauthn_generated_options_id.clone();
        let credential = credential.clone();
        self.run(PasskeySignIn { webauthn_generated_options_id, credential, cdi_version }).await
    }

    /// Signs in by a device.
    async fn sign_in_by(&self, device: &mut Device) -> PasskeySignInResponse {
        let options = self.sign_in_options().await;
        let credential = device.sign(&options).await;
        self.show(&options, &credential, CdiVersion::default()).await
    }
}

fn is_ok(response: &PasskeySignInResponse) -> bool {
    matches!(response, PasskeySignInResponse::Ok { .. })
}
