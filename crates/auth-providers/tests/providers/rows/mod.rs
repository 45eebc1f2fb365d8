//! What each provider's documentation says that it takes and answers, with our own values. Written
//! from the facts about the provider, not from the crate's rows.

mod openid;
mod plain;
mod reference;

use std::sync::LazyLock;

use auth_jwt::{Algorithm, SigningKey};
use auth_providers::description::Description;
use base64::{Engine, prelude::BASE64_STANDARD};

use crate::play::{Played, Row};

/// The key of Apple's developer.
pub(crate) static APPLE_KEY: LazyLock<SigningKey> =
    LazyLock::new(|| SigningKey::generate(Algorithm::Es256).unwrap());

/// The key in PEM, with line breaks as they survive in an environment variable.
pub(crate) fn apple_pem() -> String {
    let text = BASE64_STANDARD.encode(APPLE_KEY.to_pkcs8().unwrap());
    let lines: Vec<&str> =
        text.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect();
    format!("-----BEGIN PRIVATE KEY-----\\n{}\\n-----END PRIVATE KEY-----\\n", lines.join("\\n"))
}

pub(crate) fn all() -> Vec<Row> {
    [reference::rows(), openid::rows(), plain::rows()].concat()
}

pub(crate) fn row(id: &str) -> Row {
    all().into_iter().find(|row| row.id == id).unwrap()
}

#[test]
fn every_built_in_provider_is_played() {
    let mut played: Vec<&str> = all().iter().map(|row| row.id).collect();
    let mut known: Vec<&str> = Description::all().map(|row| row.id).collect();
    played.sort_unstable();
    known.sort_unstable();
    assert_eq!(played, known);
}

#[tokio::test]
async fn everybody_signs_in_by_every_provider() {
    for row in all() {
        let played = Played::start(row.clone()).await;
        let identity = match played.sign_in().await {
            Ok(identity) => identity,
            Err(error) => panic!("{}: {error}", row.id),
        };
        assert_eq!(identity.third_party_id, row.id);
        assert_eq!(identity.third_party_user_id, row.user_id, "{}", row.id);
        let email = identity.email.as_ref();
        let found = email.map(|email| (email.address.as_str(), email.is_verified));
        assert_eq!(found, row.email, "{}", row.id);
        assert_eq!(email.is_some_and(|email| email.is_fake), row.fake, "{}", row.id);
    }
}
