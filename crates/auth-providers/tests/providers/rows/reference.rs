//! FDI §1.2.

use serde_json::{Value, json};

use super::apple_pem;
use crate::play::{
    ACCESS_TOKEN, Auth,
    Need::{Bearer, Header, NoHeader, Query},
    Pkce, Row, SignedBy,
};

const TENANT: &str = "11111111-2222-3333-4444-555555555555";

/// The claims that most issuers give.
fn ada() -> Value {
    json!({ "sub": "u-1", "email": "ada@example.com", "email_verified": true })
}

fn google(id: &'static str) -> Row {
    Row {
        authorize: "https://accounts.google.com/o/oauth2/v2/auth",
        scope: Some("openid email"),
        extra: &[("included_grant_scopes", "true"), ("access_type", "offline")],
        token: "https://oauth2.googleapis.com/token",
        pkce: Pkce::Takes,
        id_token: Some(("https://accounts.google.com", ada(), SignedBy::Key)),
        user_id: "u-1",
        email: Some(("ada@example.com", true)),
        ..Row::new(id)
    }
    .call("GET", "https://openidconnect.googleapis.com/v1/userinfo", vec![Bearer], ada())
    .discovered(
        "https://accounts.google.com/.well-known/openid-configuration",
        "https://accounts.google.com",
        &json!({
            "userinfo_endpoint": "https://openidconnect.googleapis.com/v1/userinfo",
            "code_challenge_methods_supported": ["plain", "S256"],
        }),
    )
}

#[allow(clippy::too_many_lines)] // it is a table
pub(super) fn rows() -> Vec<Row> {
    vec![
        google("google"),
        Row {
            additional: json!({ "hd": "example.com" }),
            extra: &[("hd", "example.com"), ("access_type", "offline")],
            id_token: Some((
                "https://accounts.google.com",
                json!({
                    "sub": "u-1", "email": "ada@example.com", "email_verified": true,
                    "hd": "example.com",
                }),
                SignedBy::Key,
            )),
            ..google("google-workspaces")
        },
        Row {
            additional: json!({ "directoryId": TENANT }),
            authorize: "https://login.microsoftonline.com/11111111-2222-3333-4444-555555555555/oauth2/v2.0/authorize",
            scope: Some("openid email"),
            token: "https://login.microsoftonline.com/11111111-2222-3333-4444-555555555555/oauth2/v2.0/token",
            // The tenant's administrator says so, and nobody else.
            id_token: Some((
                "https://login.microsoftonline.com/11111111-2222-3333-4444-555555555555/v2.0",
                json!({
                    "sub": "s-1", "tid": TENANT, "email": "ada@example.com",
                    "email_verified": true,
                }),
                SignedBy::Key,
            )),
            user_id: "s-1",
            email: Some(("ada@example.com", false)),
            ..Row::new("active-directory")
        }
        .discovered(
            "https://login.microsoftonline.com/11111111-2222-3333-4444-555555555555/v2.0/.well-known/openid-configuration",
            "https://login.microsoftonline.com/11111111-2222-3333-4444-555555555555/v2.0",
            &json!({}),
        ),
        Row {
            additional: json!({ "keyId": "key-1", "teamId": "team-1", "privateKey": apple_pem() }),
            authorize: "https://appleid.apple.com/auth/authorize",
            scope: Some("openid email"),
            extra: &[("response_mode", "form_post")],
            token: "https://appleid.apple.com/auth/token",
            returned: &[("user", r#"{"name":{"firstName":"Ada"},"email":"root@shop.example"}"#)],
            // Apple writes the flag as text.
            id_token: Some((
                "https://appleid.apple.com",
                json!({ "sub": "u-1", "email": "ada@example.com", "email_verified": "true" }),
                SignedBy::Key,
            )),
            user_id: "u-1",
            email: Some(("ada@example.com", true)),
            ..Row::new("apple")
        }
        .discovered(
            "https://appleid.apple.com/.well-known/openid-configuration",
            "https://appleid.apple.com",
            &json!({ "token_endpoint_auth_methods_supported": ["client_secret_post"] }),
        ),
        Row {
            authorize: "https://bitbucket.org/site/oauth2/authorize",
            scope: Some("account email"),
            extra: &[("audience", "api.atlassian.com")],
            token: "https://bitbucket.org/site/oauth2/access_token",
            user_id: "{1b2c}",
            email: Some(("ada@example.com", true)),
            ..Row::new("bitbucket")
        }
        .call(
            "GET",
            "https://api.bitbucket.org/2.0/user",
            vec![Bearer],
            json!({ "uuid": "{1b2c}", "username": "ada" }),
        )
        .call(
            "GET",
            "https://api.bitbucket.org/2.0/user/emails",
            vec![Bearer],
            json!({ "values": [
                { "email": "old@example.com", "is_primary": false, "is_confirmed": true },
                { "email": "ada@example.com", "is_primary": true, "is_confirmed": true },
            ] }),
        ),
        Row {
            authorize: "https://discord.com/oauth2/authorize",
            scope: Some("identify email"),
            token: "https://discord.com/api/oauth2/token",
            user_id: "80351110224678912",
            email: Some(("ada@example.com", true)),
            ..Row::new("discord")
        }
        .call(
            "GET",
            "https://discord.com/api/users/@me",
            vec![Bearer],
            json!({ "id": "80351110224678912", "email": "ada@example.com", "verified": true }),
        ),
        Row {
            authorize: "https://www.facebook.com/v12.0/dialog/oauth",
            scope: Some("email"),
            token: "https://graph.facebook.com/v12.0/oauth/access_token",
            user_id: "1020",
            email: Some(("ada@example.com", false)),
            ..Row::new("facebook")
        }
        .call(
            "GET",
            "https://graph.facebook.com/me",
            vec![
                NoHeader("authorization"),
                Query("access_token", ACCESS_TOKEN),
                Query("fields", "id,email"),
                Query("format", "json"),
            ],
            json!({ "id": "1020", "email": "ada@example.com" }),
        ),
        Row {
            authorize: "https://github.com/login/oauth/authorize",
            scope: Some("read:user user:email"),
            token: "https://github.com/login/oauth/access_token",
            user_id: "583231",
            email: Some(("ada@example.com", true)),
            ..Row::new("github")
        }
        .call(
            "GET",
            "https://api.github.com/user",
            vec![Bearer, Header("accept", "application/vnd.github.v3+json")],
            // The address of the public profile is anything that its owner likes.
            json!({ "id": 583_231, "login": "ada", "email": "public@example.com" }),
        )
        .call(
            "GET",
            "https://api.github.com/user/emails",
            vec![Bearer, Header("accept", "application/vnd.github.v3+json")],
            json!([
                { "email": "old@example.com", "primary": false, "verified": false },
                { "email": "ada@example.com", "primary": true, "verified": true },
            ]),
        ),
        Row {
            authorize: "https://gitlab.com/oauth/authorize",
            scope: Some("openid email"),
            token: "https://gitlab.com/oauth/token",
            pkce: Pkce::Takes,
            id_token: Some(("https://gitlab.com", ada(), SignedBy::Key)),
            user_id: "u-1",
            email: Some(("ada@example.com", true)),
            ..Row::new("gitlab")
        }
        .discovered(
            "https://gitlab.com/.well-known/openid-configuration",
            "https://gitlab.com",
            &json!({ "code_challenge_methods_supported": ["S256"] }),
        ),
        Row {
            // Without a scheme, as Okta's console shows it.
            additional: json!({ "oktaDomain": "dev-1.okta.com" }),
            authorize: "https://dev-1.okta.com/oauth2/v1/authorize",
            scope: Some("openid email"),
            token: "https://dev-1.okta.com/oauth2/v1/token",
            auth: Auth::Basic,
            id_token: Some(("https://dev-1.okta.com", ada(), SignedBy::Key)),
            user_id: "u-1",
            email: Some(("ada@example.com", true)),
            ..Row::new("okta")
        }
        .discovered(
            "https://dev-1.okta.com/.well-known/openid-configuration",
            "https://dev-1.okta.com",
            &json!({ "token_endpoint_auth_methods_supported": ["client_secret_basic"] }),
        ),
        Row {
            authorize: "https://www.linkedin.com/oauth/v2/authorization",
            scope: Some("openid profile email"),
            token: "https://www.linkedin.com/oauth/v2/accessToken",
            user_id: "u-1",
            email: Some(("ada@example.com", true)),
            ..Row::new("linkedin")
        }
        .call("GET", "https://api.linkedin.com/v2/userinfo", vec![Bearer], ada()),
        Row {
            authorize: "https://twitter.com/i/oauth2/authorize",
            scope: Some("users.read tweet.read"),
            token: "https://api.twitter.com/2/oauth2/token",
            auth: Auth::Basic,
            pkce: Pkce::Must,
            user_id: "2244994945",
            email: Some(("2244994945.twitter@stfakeemail.supertokens.com", false)),
            fake: true,
            ..Row::new("twitter")
        }
        .call(
            "GET",
            "https://api.twitter.com/2/users/me",
            vec![Bearer],
            json!({ "data": { "id": "2244994945", "username": "ada" } }),
        ),
        Row {
            additional: json!({ "boxyURL": "https://boxy.example/" }),
            authorize: "https://boxy.example/api/oauth/authorize",
            token: "https://boxy.example/api/oauth/token",
            pkce: Pkce::Takes,
            user_id: "ada",
            email: Some(("ada@example.com", false)),
            ..Row::new("boxy-saml")
        }
        .call(
            "GET",
            "https://boxy.example/api/oauth/userinfo",
            vec![Bearer],
            json!({ "id": "ada", "email": "ada@example.com" }),
        ),
    ]
}
