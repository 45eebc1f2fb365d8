//! What proves somebody's account in one tenant, or tells of it, is nothing to another: passkeys, links,
//! alerts about sign-ins, and the audit log.

use auth_protocol::{
    CdiVersion, JsonObject, Secret, audit::*, emailpassword::*, signinalerts::*, webauthn::*,
};

use crate::common::{Test, passkey::Device};

/// What one tenant has.
struct Proofs {
    test: Test,
    email: String,
    device: Device,
    recovery: Secret,
    reset: Secret,
    alert: Secret,
}

impl Proofs {
    async fn new(test: Test) -> Self {
        let email = format!("{}-{}@example.com", test.scope.app, test.scope.tenant);
        let mut device = Device::new();
        let PasskeySignUpResponse::Ok { recipe_user_id, user, .. } =
            test.passkey_sign_up(&email, &mut device).await
        else {
            panic!("a passkey")
        };
        let wanted = CreatePasskeyRecoveryToken { user_id: user.id, email: email.clone() };
        let CreatePasskeyRecoveryTokenResponse::Ok { token: recovery } = test.run(wanted).await
        else {
            panic!("a token")
        };
        let (user, _) = test.sign_up(&email).await;
        let reset = test.reset_token(&user.id).await;
        let alert = CreateSignInAlert {
            recipe_user_id,
            session_handle: None,
            network: Some("203.0.113.0/24".to_owned()),
            is_new_device: true,
            is_new_network: true,
            lifetime_ms: Some(60_000),
        };
        let CreateSignInAlertResponse::Ok { token: Some(alert) } = test.run(alert).await else {
            panic!("an alert")
        };
        Self { test, email, device, recovery, reset, alert }
    }

    /// An answer of the device to options.
    async fn sign(&self, options: &SignInOptions) -> JsonObject {
        self.device.clone().sign(options).await
    }

    async fn knows_recovery(&self, of: &Self) -> bool {
        let token = of.recovery.clone();
        let found = self.test.run(GetUserOfPasskeyRecoveryToken { token }).await;
        matches!(found, GetUserOfPasskeyRecoveryTokenResponse::Ok { .. })
    }

    async fn knows_reset(&self, of: &Self) -> bool {
        let checked = self.test.run(CheckPasswordResetToken { token: of.reset.clone() }).await;
        matches!(checked, ConsumePasswordResetTokenResponse::Ok { .. })
    }

    /// Whether the audit log tells of somebody.
    async fn tells_of(&self, of: &Self) -> bool {
        let listed = self.test.run(ListAuditEntries::default()).await;
        let ListAuditEntriesResponse::Ok { entries, .. } = listed;
        entries.iter().any(|entry| format!("{entry:?}").contains(&of.email))
    }

    async fn by_passkey(&self, options: &SignInOptions, of: &Self) -> PasskeySignInResponse {
        let sign_in = PasskeySignIn {
            webauthn_generated_options_id: options.webauthn_generated_options_id.clone(),
            credential: of.sign(options).await,
            cdi_version: CdiVersion::LATEST,
        };
        self.test.run(sign_in).await
    }

    async fn uses_alert(&self, of: &Self) -> bool {
        let used = self.test.run(UseSignInAlert { token: of.alert.clone() }).await;
        matches!(used, UseSignInAlertResponse::Ok { was_used: false, .. })
    }
}

#[tokio::test]
async fn passkeys_links_alerts_and_the_audit_log_are_one_tenant_s() {
    let test = Test::new().await;
    test.put_app("a1").await;
    test.put_tenant("t1").await;
    test.at("a1", "public").put_tenant("t1").await;
    let mut all = Vec::new();
    for (app, tenant) in [("public", "public"), ("public", "t1"), ("a1", "public"), ("a1", "t1")] {
        all.push(Proofs::new(test.at(app, tenant)).await);
    }
    for one in &all {
        for other in all.iter().filter(|other| other.test.scope != one.test.scope) {
            let place = format!("{:?} in {:?}", one.test.scope, other.test.scope);
            let here = other.test.sign_in_options().await;
            let answer = other.by_passkey(&here, one).await;
            assert!(!matches!(answer, PasskeySignInResponse::Ok { .. }), "{place}: {answer:?}");
            let there = one.test.sign_in_options().await;
            let answer = other.by_passkey(&there, one).await;
            let is_unknown = matches!(answer, PasskeySignInResponse::OptionsNotFoundError);
            assert!(is_unknown, "{place}: {answer:?}");
            let id = there.webauthn_generated_options_id;
            let found =
                other.test.run(GetPasskeyOptions { webauthn_generated_options_id: id }).await;
            assert!(matches!(found, GetPasskeyOptionsResponse::OptionsNotFoundError), "{place}");
            assert!(!other.knows_recovery(one).await, "{place}");
            let token = one.recovery.clone();
            let consumed = other.test.run(ConsumePasskeyRecoveryToken { token }).await;
            assert!(!matches!(consumed, ConsumePasskeyRecoveryTokenResponse::Ok { .. }), "{place}");
            assert!(!other.knows_reset(one).await, "{place}");
            assert!(!other.uses_alert(one).await, "{place}");
            assert!(!other.tells_of(one).await, "{place}");
        }
    }
    // What is a tenant's own works, and has not been used up by the others.
    for one in &all {
        let options = one.test.sign_in_options().await;
        let answer = one.by_passkey(&options, one).await;
        assert!(matches!(answer, PasskeySignInResponse::Ok { .. }), "{answer:?}");
        assert!(one.knows_recovery(one).await && one.knows_reset(one).await);
        assert!(one.tells_of(one).await && one.uses_alert(one).await);
    }
}
