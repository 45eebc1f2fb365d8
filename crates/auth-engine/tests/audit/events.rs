//! What is written down of each operation, and what never is.

use auth_protocol::{
    RecipeUserId, UserId, accountlinking::*, audit::*, emailpassword::*, emailverification::*,
    jwt::*, passwordless::*, recoverycode::*, session::*, thirdparty::*, totp::*, user::*,
    user_id_mapping::*, userroles::*,
};

use crate::common::{Test, TestStorage};

const EMAIL: &str = "ada@example.com";
const TOTP_SECRET: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

async fn written(test: &Test) -> Vec<AuditEntry> {
    let read = ReadAuditEntries { limit: Some(500), ..Default::default() };
    let ReadAuditEntriesResponse::Ok { entries } = test.run(read).await;
    entries
}

/// Does everything that is written down, and gives the secrets that were used.
async fn everything(test: &Test) -> Vec<String> {
    let mut secrets = vec!["password 1".to_owned(), "password 2".to_owned()];
    let (ada, recipe_user_id) = test.sign_up(EMAIL).await;
    let id = || ada.id.clone();
    test.sign_in(EMAIL, "password 1").await;
    test.sign_in(EMAIL, "wrong password").await;
    secrets.push("wrong password".to_owned());
    let token = test.reset_token(&ada.id).await;
    secrets.push(token.expose_secret().to_owned());
    test.run(ConsumePasswordResetToken { token }).await;
    let change = UpdateEmailOrPassword {
        recipe_user_id: recipe_user_id.clone(),
        email: Some("new@example.com".to_owned()),
        password: Some("password 2".into()),
    };
    test.run(change).await;
    let token = CreateEmailVerificationToken { user_id: id(), email: "new@example.com".into() };
    let answer = test.run(token).await;
    if let CreateEmailVerificationTokenResponse::Ok { token } = answer {
        secrets.push(token.expose_secret().to_owned());
        test.run(VerifyEmail { method: "token".to_owned(), token }).await;
    }
    test.run(UnverifyEmail { user_id: id(), email: "new@example.com".into() }).await;
    secrets.push(TOTP_SECRET.to_owned());
    let device = ImportTotpDevice {
        user_id: id(),
        device_name: Some("phone".to_owned()),
        secret_key: TOTP_SECRET.into(),
        skew: 1,
        period: 30,
    };
    test.run(device).await;
    test.run(VerifyTotp { user_id: id(), totp: "918273".into() }).await;
    secrets.push("918273".to_owned());
    test.run(RemoveTotpDevice { user_id: id(), device_name: "phone".to_owned() }).await;
    let GenerateRecoveryCodesResponse::Ok { codes } =
        test.run(GenerateRecoveryCodes { user_id: id() }).await;
    secrets.extend(codes.iter().map(|code| code.expose_secret().to_owned()));
    let code = codes[0].clone();
    test.run(ConsumeRecoveryCode { user_id: id(), code: code.clone() }).await;
    test.run(ConsumeRecoveryCode { user_id: id(), code }).await;
    test.run(RemoveRecoveryCodes { user_id: id() }).await;
    let other = by_code(test, &mut secrets).await;
    test.run(CreatePrimaryUser { recipe_user_id }).await;
    let link = LinkAccounts { recipe_user_id: other.clone(), primary_user_id: id() };
    test.run(link).await;
    test.run(UnlinkAccount { recipe_user_id: other }).await;
    let sign_in = ThirdPartySignInUp {
        third_party_id: "google".into(),
        third_party_user_id: "1081".into(),
        email: ProvidedEmail { id: "third@example.com".into(), is_verified: true },
    };
    test.run(sign_in).await;
    let CreateSessionResponse::Ok(session) = test.run(CreateSession::new(id().into())).await else {
        panic!("there is no bound")
    };
    secrets.push(session.refresh_token.token.expose_secret().to_owned());
    secrets.push(session.access_token.token.expose_secret().to_owned());
    let handles = Some(vec![session.session.handle]);
    test.run(RemoveSessions { session_handles: handles, ..Default::default() }).await;
    test.run(CreateRole { role: "editor".into(), permissions: Some(vec!["write".into()]) }).await;
    test.run(AddUserRole { user_id: id(), role: "editor".into() }).await;
    test.run(RemoveUserRole { user_id: id(), role: "editor".into() }).await;
    test.run(DeleteRole { role: "editor".into() }).await;
    let external = UserId::new("customer-7");
    test.run(CreateUserIdMapping::new(id(), external.clone())).await;
    test.run(DeleteUserIdMapping { user_id: external, user_id_type: None, force: Some(true) })
        .await;
    let ListSigningKeysResponse::Ok { keys } = test.run(ListSigningKeys {}).await;
    test.run(RevokeSigningKey { kid: keys[0].kid.clone() }).await;
    test.run(DeleteUser { user_id: id(), remove_all_linked_accounts: true }).await;
    secrets
}

async fn by_code(test: &Test, secrets: &mut Vec<String>) -> RecipeUserId {
    let CreateCodeResponse::Ok(code) = test.run(CreateCode::for_email("code@example.com")).await
    else {
        panic!("a new device")
    };
    secrets.push(code.user_input_code.expose_secret().to_owned());
    secrets.push(code.link_code.expose_secret().to_owned());
    let proof = CodeProof::link_code(code.pre_auth_session_id, code.link_code);
    match test.run(ConsumeCode(proof)).await {
        ConsumeCodeResponse::Ok { recipe_user_id, .. } => recipe_user_id,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn each_operation_is_written_down_in_order_and_no_secret_is() {
    let storage = TestStorage::new();
    let test = Test::with(storage.config()).await;
    let secrets = everything(&test).await;
    let entries = written(&test).await;
    let found: Vec<String> =
        entries.iter().map(|entry| format!("{} {}", entry.kind, entry.outcome)).collect();
    let expected = [
        "sign_up succeeded",
        "sign_in succeeded",
        "sign_in failed",
        "password_reset succeeded",
        "email_changed succeeded",
        "password_changed succeeded",
        "email_verified succeeded",
        "email_unverified succeeded",
        "totp_device_created succeeded",
        "totp failed",
        "totp_device_removed succeeded",
        "recovery_codes_created succeeded",
        "recovery_code succeeded",
        "recovery_code failed",
        "recovery_codes_removed succeeded",
        "sign_up succeeded",
        "primary_user_created succeeded",
        "account_linked succeeded",
        "account_unlinked succeeded",
        "sign_up succeeded",
        "session_created succeeded",
        "sessions_revoked succeeded",
        "role_changed succeeded",
        "role_given succeeded",
        "role_taken succeeded",
        "role_deleted succeeded",
        "user_id_mapped succeeded",
        "user_id_unmapped succeeded",
        "signing_key_revoked succeeded",
        "user_deleted succeeded",
    ];
    assert_eq!(found, expected);
    let text = serde_json::to_string(&entries).unwrap();
    for secret in secrets {
        assert!(!text.contains(&secret), "{secret} is in the log");
    }
}
