//! Providers with id tokens, beyond the reference's.

use serde_json::{Value, json};

use crate::play::{Auth, Need::Bearer, Pkce, Row, SignedBy};

pub(crate) const TENANT: &str = "9188040d-6c67-4c5b-b112-36a304b66dad";

fn ada() -> Value {
    json!({ "sub": "u-1", "email": "ada@example.com", "email_verified": true })
}

/// A server whose discovery document is all there is to know.
fn server(id: &'static str, additional: Value, issuer: &'static str) -> Row {
    Row {
        additional,
        scope: Some("openid profile email"),
        pkce: Pkce::Takes,
        id_token: Some((issuer, ada(), SignedBy::Key)),
        user_id: "u-1",
        email: Some(("ada@example.com", true)),
        ..Row::new(id)
    }
}

#[allow(clippy::too_many_lines)] // it is a table
pub(super) fn rows() -> Vec<Row> {
    vec![
        Row {
            authorize: "https://login.microsoftonline.com/common/oauth2/v2.0/authorize",
            token: "https://login.microsoftonline.com/common/oauth2/v2.0/token",
            id_token: Some((
                "https://login.microsoftonline.com/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0",
                json!({
                    "sub": "s-1", "oid": "o-1", "tid": TENANT, "email": "ada@example.com",
                    "verified_primary_email": ["Ada@example.com"],
                }),
                SignedBy::Key,
            )),
            user_id: "o-1.9188040d-6c67-4c5b-b112-36a304b66dad",
            ..server("microsoft", json!({}), "")
        }
        .discovered(
            "https://login.microsoftonline.com/common/v2.0/.well-known/openid-configuration",
            "https://login.microsoftonline.com/{tenantid}/v2.0",
            &json!({ "userinfo_endpoint": "https://login.microsoftonline.com/never-asked" }),
        ),
        Row {
            authorize: "https://slack.com/openid/connect/authorize",
            token: "https://slack.com/api/openid.connect.token",
            token_answer: json!({ "ok": true }),
            id_token: Some((
                "https://slack.com",
                json!({
                    "sub": "U0R7JM", "https://slack.com/user_id": "U0R7JM",
                    "https://slack.com/team_id": "T0R7GR", "email": "ada@example.com",
                    "email_verified": true,
                }),
                SignedBy::Key,
            )),
            user_id: "U0R7JM",
            ..server("slack", json!({}), "")
        }
        .call(
            "GET",
            "https://slack.com/api/openid.connect.userInfo",
            vec![Bearer],
            json!({
                "ok": true, "sub": "U0R7JM", "https://slack.com/user_id": "U0R7JM",
                "email": "ada@example.com", "email_verified": true,
            }),
        )
        .discovered(
            "https://slack.com/.well-known/openid-configuration",
            "https://slack.com",
            &json!({}),
        ),
        Row {
            authorize: "https://id.twitch.tv/oauth2/authorize",
            scope: Some("user:read:email openid"),
            extra: &[("claims", r#"{"id_token":{"email":null,"email_verified":null}}"#)],
            token: "https://id.twitch.tv/oauth2/token",
            pkce: Pkce::No,
            // A list, where the standard has text.
            token_answer: json!({ "scope": ["openid", "user:read:email"] }),
            ..server("twitch", json!({}), "https://id.twitch.tv/oauth2")
        }
        .discovered(
            "https://id.twitch.tv/oauth2/.well-known/openid-configuration",
            "https://id.twitch.tv/oauth2",
            &json!({}),
        ),
        Row {
            authorize: "https://login.salesforce.com/services/oauth2/authorize",
            scope: Some("openid email profile"),
            token: "https://login.salesforce.com/services/oauth2/token",
            pkce: Pkce::Must,
            ..server("salesforce", json!({}), "https://login.salesforce.com")
        }
        .call("GET", "https://login.salesforce.com/services/oauth2/userinfo", vec![Bearer], ada())
        .discovered(
            "https://login.salesforce.com/.well-known/openid-configuration",
            "https://login.salesforce.com",
            &json!({}),
        ),
        Row {
            authorize: "https://access.line.me/oauth2/v2.1/authorize",
            token: "https://api.line.me/oauth2/v2.1/token",
            id_token: Some((
                "https://access.line.me",
                json!({ "sub": "U4af4", "email": "ada@example.com" }),
                SignedBy::Secret,
            )),
            user_id: "U4af4",
            email: Some(("ada@example.com", false)),
            ..server("line", json!({}), "")
        }
        .call(
            "GET",
            "https://api.line.me/oauth2/v2.1/userinfo",
            vec![Bearer],
            json!({ "sub": "U4af4", "name": "Ada" }),
        ),
        Row {
            authorize: "https://huggingface.co/oauth/authorize",
            token: "https://huggingface.co/oauth/token",
            ..server("huggingface", json!({}), "https://huggingface.co")
        }
        .call("GET", "https://huggingface.co/oauth/userinfo", vec![Bearer], ada())
        .discovered(
            "https://huggingface.co/.well-known/openid-configuration",
            "https://huggingface.co",
            &json!({}),
        ),
        Row {
            authorize: "https://apis.roblox.com/oauth/v1/authorize",
            scope: Some("openid profile"),
            token: "https://apis.roblox.com/oauth/v1/token",
            id_token: Some((
                "https://apis.roblox.com/oauth/",
                json!({ "sub": "1516563360" }),
                SignedBy::Key,
            )),
            user_id: "1516563360",
            email: Some(("1516563360.roblox@stfakeemail.supertokens.com", false)),
            fake: true,
            ..server("roblox", json!({}), "")
        }
        .call(
            "GET",
            "https://apis.roblox.com/oauth/v1/userinfo",
            vec![Bearer],
            // A name is no address, whatever it looks like.
            json!({ "sub": "1516563360", "preferred_username": "ada@example.com" }),
        )
        .discovered(
            "https://apis.roblox.com/oauth/.well-known/openid-configuration",
            "https://apis.roblox.com/oauth/",
            &json!({}),
        ),
        Row {
            authorize: "https://shop.auth.eu-west-1.amazoncognito.com/oauth2/authorize",
            token: "https://shop.auth.eu-west-1.amazoncognito.com/oauth2/token",
            ..server(
                "cognito",
                json!({
                    "domain": "shop.auth.eu-west-1.amazoncognito.com", "region": "eu-west-1",
                    "userPoolId": "eu-west-1_Ab1",
                }),
                "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Ab1",
            )
        }
        .call(
            "GET",
            "https://shop.auth.eu-west-1.amazoncognito.com/oauth2/userInfo",
            vec![Bearer],
            // Cognito writes the flag as text.
            json!({ "sub": "u-1", "email": "ada@example.com", "email_verified": "true" }),
        )
        .discovered(
            "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Ab1/.well-known/openid-configuration",
            "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Ab1",
            &json!({
                "userinfo_endpoint": "https://shop.auth.eu-west-1.amazoncognito.com/oauth2/userInfo",
            }),
        ),
        Row {
            authorize: "https://id.shop.example/realms/staff/protocol/openid-connect/auth",
            token: "https://id.shop.example/realms/staff/protocol/openid-connect/token",
            ..server(
                "keycloak",
                json!({ "domain": "https://id.shop.example", "realm": "staff" }),
                "https://id.shop.example/realms/staff",
            )
        }
        .discovered(
            "https://id.shop.example/realms/staff/.well-known/openid-configuration",
            "https://id.shop.example/realms/staff",
            &json!({}),
        ),
        Row {
            authorize: "https://shop.eu.auth0.com/authorize",
            token: "https://shop.eu.auth0.com/oauth/token",
            // Its issuer ends with a slash.
            ..server(
                "auth0",
                json!({ "domain": "shop.eu.auth0.com" }),
                "https://shop.eu.auth0.com/",
            )
        }
        .discovered(
            "https://shop.eu.auth0.com/.well-known/openid-configuration",
            "https://shop.eu.auth0.com/",
            &json!({}),
        ),
        Row {
            authorize: "https://shop.zitadel.cloud/oauth/v2/authorize",
            token: "https://shop.zitadel.cloud/oauth/v2/token",
            auth: Auth::Basic,
            ..server(
                "zitadel",
                json!({ "domain": "https://shop.zitadel.cloud" }),
                "https://shop.zitadel.cloud",
            )
        }
        .discovered(
            "https://shop.zitadel.cloud/.well-known/openid-configuration",
            "https://shop.zitadel.cloud",
            &json!({ "token_endpoint_auth_methods_supported": ["client_secret_basic", "none"] }),
        ),
        Row {
            authorize: "https://sso.shop.example/application/o/authorize/",
            token: "https://sso.shop.example/application/o/token/",
            ..server(
                "authentik",
                json!({ "domain": "https://sso.shop.example", "application": "shop" }),
                "https://sso.shop.example/application/o/shop/",
            )
        }
        .discovered(
            "https://sso.shop.example/application/o/shop/.well-known/openid-configuration",
            "https://sso.shop.example/application/o/shop/",
            &json!({}),
        ),
    ]
}
