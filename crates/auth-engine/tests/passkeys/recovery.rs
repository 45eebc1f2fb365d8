//! Tokens by which a lost passkey is replaced.

use std::time::Duration;

use auth_protocol::{Secret, UserId, webauthn::*};

use crate::{
    Ada, EMAIL,
    common::{Test, passkey::Device},
};

impl Test {
    async fn recovery_token(&self, id: &UserId) -> Option<Secret> {
        let create = CreatePasskeyRecoveryToken { user_id: id.clone(), email: EMAIL.into() };
        match self.run(create).await {
            CreatePasskeyRecoveryTokenResponse::Ok { token } => Some(token),
            CreatePasskeyRecoveryTokenResponse::UnknownUserIdError => None,
        }
    }

    async fn is_good(&self, token: &Secret) -> bool {
        let get = GetUserOfPasskeyRecoveryToken { token: token.clone() };
        matches!(self.run(get).await, GetUserOfPasskeyRecoveryTokenResponse::Ok { .. })
    }

    async fn consume(&self, token: &Secret) -> ConsumePasskeyRecoveryTokenResponse {
        self.run(ConsumePasskeyRecoveryToken { token: token.clone() }).await
    }
}

const INVALID: ConsumePasskeyRecoveryTokenResponse =
    ConsumePasskeyRecoveryTokenResponse::RecoverAccountTokenInvalidError;

#[tokio::test]
async fn cdi_4_5_a_recovery_token_works_once_and_ends_the_others() {
    let ada = Ada::new(Device::new()).await;
    let first = ada.test.recovery_token(&ada.user.id).await.unwrap();
    let second = ada.test.recovery_token(&ada.user.id).await.unwrap();
    let get = GetUserOfPasskeyRecoveryToken { token: first.clone() };
    let GetUserOfPasskeyRecoveryTokenResponse::Ok { user, recipe_user_id, email } =
        ada.test.run(get).await
    else {
        panic!("it is good")
    };
    assert_eq!((user.id, recipe_user_id), (ada.user.id.clone(), ada.id.clone()));
    assert_eq!(email.as_deref(), Some(EMAIL));
    assert!(ada.test.is_good(&second).await);
    let ok = ConsumePasskeyRecoveryTokenResponse::Ok {
        user_id: ada.user.id.clone(),
        email: EMAIL.into(),
    };
    assert_eq!(ada.test.consume(&first).await, ok);
    for token in [&first, &second, &"unknown".into()] {
        assert!(!ada.test.is_good(token).await);
        assert_eq!(ada.test.consume(token).await, INVALID);
    }
}

#[tokio::test]
async fn a_recovery_token_is_good_for_an_hour_and_in_its_tenant() {
    let ada = Ada::new(Device::new()).await;
    let elsewhere = ada.test.in_new_tenant(&ada.storage, "t1");
    let token = ada.test.recovery_token(&ada.user.id).await.unwrap();
    assert!(!elsewhere.is_good(&token).await);
    assert!(elsewhere.recovery_token(&ada.user.id).await.is_none(), "its user isn't there");
    assert_eq!(elsewhere.consume(&token).await, INVALID);
    ada.test.clock.advance(Duration::from_secs(3600));
    assert!(ada.test.is_good(&token).await);
    ada.test.clock.advance(Duration::from_millis(1));
    assert!(!ada.test.is_good(&token).await);
    assert_eq!(ada.test.consume(&token).await, INVALID);
    assert!(ada.test.recovery_token(&"nobody".into()).await.is_none());
}

/// At rest is only a digest.
#[tokio::test]
async fn a_recovery_token_is_in_no_table() {
    let ada = Ada::new(Device::new()).await;
    let token = ada.test.recovery_token(&ada.user.id).await.unwrap();
    assert!(ada.storage.tables_with(&[token.expose_secret()]).is_empty());
    assert_eq!(ada.storage.count("webauthn_account_recovery_tokens"), 1);
    ada.test.clock.advance(Duration::from_secs(24 * 3600));
    ada.test.engine.delete_expired().await.unwrap();
    assert_eq!(ada.storage.count("webauthn_account_recovery_tokens"), 0);
}

/// Whoever has no login method of this recipe gets the token's own back.
#[tokio::test]
async fn a_recovery_token_is_any_user_s() {
    let test = Test::new().await;
    let (user, id) = test.sign_up(EMAIL).await;
    let token = test.recovery_token(&user.id).await.unwrap();
    let get = GetUserOfPasskeyRecoveryToken { token };
    let GetUserOfPasskeyRecoveryTokenResponse::Ok { recipe_user_id, .. } = test.run(get).await
    else {
        panic!("it is good")
    };
    assert_eq!(recipe_user_id, id);
}
