//! Providers without id tokens, beyond the reference's.

use serde_json::{Value, json};

use crate::play::{
    ACCESS_TOKEN, Auth, CLIENT_ID,
    Need::{Bearer, Form, Header, Json, NoBody, NoHeader, Query},
    Pkce, Row,
};

const UNVERIFIED: Option<(&str, bool)> = Some(("ada@example.com", false));
const VERIFIED: Option<(&str, bool)> = Some(("ada@example.com", true));

fn ada() -> Value {
    json!({ "sub": "u-1", "email": "ada@example.com", "email_verified": true })
}

pub(super) fn rows() -> Vec<Row> {
    [consumers(), developers(), others()].concat()
}

#[allow(clippy::too_many_lines)] // it is a table
fn consumers() -> Vec<Row> {
    vec![
        Row {
            authorize: "https://accounts.spotify.com/authorize",
            scope: Some("user-read-email"),
            token: "https://accounts.spotify.com/api/token",
            pkce: Pkce::Takes,
            user_id: "ada",
            email: UNVERIFIED,
            ..Row::new("spotify")
        }
        .call(
            "GET",
            "https://api.spotify.com/v1/me",
            vec![Bearer],
            json!({ "id": "ada", "email": "ada@example.com" }),
        ),
        Row {
            authorize: "https://www.reddit.com/api/v1/authorize",
            scope: Some("identity"),
            extra: &[("duration", "permanent")],
            token: "https://www.reddit.com/api/v1/access_token",
            auth: Auth::Basic,
            user_id: "t2-1",
            email: Some(("t2-1.reddit@stfakeemail.supertokens.com", false)),
            fake: true,
            ..Row::new("reddit")
        }
        .call(
            "GET",
            "https://oauth.reddit.com/api/v1/me",
            vec![Bearer, Header("user-agent", "auth-providers/0.1.0")],
            json!({ "id": "t2-1", "name": "ada", "has_verified_email": true }),
        ),
        Row {
            authorize: "https://www.tiktok.com/v2/auth/authorize",
            scope: Some("user.info.basic"),
            client_id_name: "client_key",
            token: "https://open.tiktokapis.com/v2/oauth/token/",
            user_id: "723f",
            email: Some(("723f.tiktok@stfakeemail.supertokens.com", false)),
            fake: true,
            ..Row::new("tiktok")
        }
        .call(
            "GET",
            "https://open.tiktokapis.com/v2/user/info/",
            vec![Bearer, Query("fields", "open_id,union_id,avatar_url,display_name")],
            json!({
                "data": { "user": { "open_id": "723f", "union_id": "c9c6" } },
                "error": { "code": "ok", "message": "", "log_id": "2022" },
            }),
        ),
        Row {
            authorize: "https://kauth.kakao.com/oauth/authorize",
            scope: Some("account_email profile_image profile_nickname"),
            token: "https://kauth.kakao.com/oauth/token",
            user_id: "123456789",
            email: VERIFIED,
            ..Row::new("kakao")
        }
        .call(
            "GET",
            "https://kapi.kakao.com/v2/user/me",
            vec![Bearer],
            json!({ "id": 123_456_789, "kakao_account": {
                "email": "ada@example.com", "is_email_valid": true, "is_email_verified": true,
            } }),
        ),
        Row {
            authorize: "https://nid.naver.com/oauth2.0/authorize",
            scope: Some("profile email"),
            token: "https://nid.naver.com/oauth2.0/token",
            user_id: "3220",
            email: UNVERIFIED,
            ..Row::new("naver")
        }
        .call(
            "GET",
            "https://openapi.naver.com/v1/nid/me",
            vec![Bearer],
            json!({
                "resultcode": "00", "message": "success",
                "response": { "id": "3220", "email": "ada@example.com" },
            }),
        ),
        Row {
            authorize: "https://id.kick.com/oauth/authorize",
            scope: Some("user:read"),
            token: "https://id.kick.com/oauth/token",
            pkce: Pkce::Must,
            user_id: "4377",
            email: UNVERIFIED,
            ..Row::new("kick")
        }
        .call(
            "GET",
            "https://api.kick.com/public/v1/users",
            vec![Bearer],
            json!({ "data": [{ "user_id": 4377, "email": "ada@example.com" }], "message": "" }),
        ),
        Row {
            authorize: "https://id.vk.com/authorize",
            scope: Some("email phone"),
            token: "https://id.vk.com/oauth2/auth",
            pkce: Pkce::Must,
            returned: &[("device_id", "device-1")],
            user_id: "1234567890",
            email: UNVERIFIED,
            ..Row::new("vk")
        }
        .call(
            "POST",
            "https://id.vk.com/oauth2/user_info",
            vec![
                NoHeader("authorization"),
                Form("access_token", ACCESS_TOKEN),
                Form("client_id", CLIENT_ID),
            ],
            json!({ "user": {
                "user_id": "1234567890", "email": "ada@example.com", "verified": true,
            } }),
        ),
        Row {
            authorize: "https://x.com/i/oauth2/authorize",
            scope: Some("users.read tweet.read offline.access users.email"),
            token: "https://api.x.com/2/oauth2/token",
            auth: Auth::Basic,
            pkce: Pkce::Must,
            user_id: "2244994945",
            email: UNVERIFIED,
            ..Row::new("x")
        }
        .call(
            "GET",
            "https://api.x.com/2/users/me",
            vec![Bearer, Query("user.fields", "confirmed_email")],
            json!({ "data": { "id": "2244994945", "confirmed_email": "ada@example.com" } }),
        )
        .call(
            "GET",
            "https://api.x.com/2/users/me",
            vec![Bearer],
            json!({ "data": { "id": "2244994945", "username": "ada" } }),
        ),
        Row {
            authorize: "https://www.patreon.com/oauth2/authorize",
            scope: Some("identity identity[email]"),
            token: "https://www.patreon.com/api/oauth2/token",
            user_id: "12345",
            email: VERIFIED,
            ..Row::new("patreon")
        }
        .call(
            "GET",
            "https://www.patreon.com/api/oauth2/v2/identity",
            vec![Bearer, Query("fields[user]", "email,full_name,image_url,is_email_verified")],
            json!({ "data": { "id": "12345", "type": "user", "attributes": {
                "email": "ada@example.com", "is_email_verified": true,
            } } }),
        ),
        Row {
            authorize: "https://oauth.yandex.com/authorize",
            scope: Some("login:info login:email"),
            token: "https://oauth.yandex.com/token",
            pkce: Pkce::Takes,
            user_id: "1000034426",
            email: UNVERIFIED,
            ..Row::new("yandex")
        }
        .call(
            "GET",
            "https://login.yandex.ru/info",
            vec![Header("authorization", "OAuth access-token-1"), Query("format", "json")],
            json!({ "id": "1000034426", "default_email": "ada@example.com" }),
        ),
    ]
}

fn developers() -> Vec<Row> {
    vec![
        Row {
            authorize: "https://auth.atlassian.com/authorize",
            scope: Some("read:me"),
            extra: &[("audience", "api.atlassian.com"), ("prompt", "consent")],
            token: "https://auth.atlassian.com/oauth/token",
            pkce: Pkce::Must,
            user_id: "112233aa",
            email: UNVERIFIED,
            ..Row::new("atlassian")
        }
        .call(
            "GET",
            "https://api.atlassian.com/me",
            vec![Bearer],
            json!({ "account_id": "112233aa", "email": "ada@example.com" }),
        ),
        Row {
            authorize: "https://vercel.com/oauth/authorize",
            token: "https://api.vercel.com/login/oauth/token",
            pkce: Pkce::Must,
            user_id: "u-1",
            email: VERIFIED,
            ..Row::new("vercel")
        }
        .call("GET", "https://api.vercel.com/login/oauth/userinfo", vec![Bearer], ada()),
        Row {
            authorize: "https://www.figma.com/oauth",
            scope: Some("current_user:read"),
            token: "https://api.figma.com/v1/oauth/token",
            auth: Auth::Basic,
            pkce: Pkce::Must,
            user_id: "7643",
            email: UNVERIFIED,
            ..Row::new("figma")
        }
        .call(
            "GET",
            "https://api.figma.com/v1/me",
            vec![Bearer],
            json!({ "id": "7643", "email": "ada@example.com" }),
        ),
        Row {
            authorize: "https://linear.app/oauth/authorize",
            scope: Some("read"),
            token: "https://api.linear.app/oauth/token",
            user_id: "9cfb",
            email: UNVERIFIED,
            ..Row::new("linear")
        }
        .call(
            "POST",
            "https://api.linear.app/graphql",
            vec![
                Bearer,
                Header("content-type", "application/json"),
                Json(json!({ "query": "{ viewer { id name email } }" })),
            ],
            json!({ "data": { "viewer": { "id": "9cfb", "email": "ada@example.com" } } }),
        ),
        Row {
            authorize: "https://polar.sh/oauth2/authorize",
            scope: Some("openid profile email"),
            token: "https://api.polar.sh/v1/oauth2/token",
            pkce: Pkce::Takes,
            user_id: "u-1",
            email: VERIFIED,
            ..Row::new("polar")
        }
        .call("GET", "https://api.polar.sh/v1/oauth2/userinfo", vec![Bearer], ada()),
        Row {
            authorize: "https://backboard.railway.com/oauth/auth",
            scope: Some("openid email profile"),
            token: "https://backboard.railway.com/oauth/token",
            auth: Auth::Basic,
            pkce: Pkce::Takes,
            user_id: "u-1",
            email: UNVERIFIED,
            ..Row::new("railway")
        }
        .call("GET", "https://backboard.railway.com/oauth/me", vec![Bearer], ada()),
    ]
}

fn others() -> Vec<Row> {
    vec![
        Row {
            authorize: "https://api.notion.com/v1/oauth/authorize",
            extra: &[("owner", "user")],
            token: "https://api.notion.com/v1/oauth/token",
            auth: Auth::Basic,
            user_id: "16d8",
            email: UNVERIFIED,
            ..Row::new("notion")
        }
        .call(
            "GET",
            "https://api.notion.com/v1/users/me",
            vec![Bearer, Header("notion-version", "2022-06-28")],
            // The outer id is the bot's, the same for everybody in a workspace.
            json!({ "id": "92a6", "type": "bot", "bot": { "owner": { "type": "user", "user": {
                "id": "16d8", "person": { "email": "ada@example.com" },
            } } } }),
        ),
        Row {
            authorize: "https://zoom.us/oauth/authorize",
            token: "https://zoom.us/oauth/token",
            pkce: Pkce::Takes,
            user_id: "z8ds",
            email: VERIFIED,
            ..Row::new("zoom")
        }
        .call(
            "GET",
            "https://api.zoom.us/v2/users/me",
            vec![Bearer],
            json!({ "id": "z8ds", "email": "ada@example.com", "verified": 1 }),
        ),
        Row {
            authorize: "https://www.dropbox.com/oauth2/authorize",
            scope: Some("account_info.read"),
            token: "https://api.dropboxapi.com/oauth2/token",
            pkce: Pkce::Takes,
            user_id: "dbid:AAH4",
            email: VERIFIED,
            ..Row::new("dropbox")
        }
        .call(
            "POST",
            "https://api.dropboxapi.com/2/users/get_current_account",
            vec![Bearer, NoBody, NoHeader("content-type")],
            json!({
                "account_id": "dbid:AAH4", "email": "ada@example.com", "email_verified": true,
            }),
        ),
        Row {
            additional: json!({ "host": "sandbox.paypal.com" }),
            authorize: "https://www.sandbox.paypal.com/signin/authorize",
            token: "https://api-m.sandbox.paypal.com/v1/oauth2/token",
            auth: Auth::Basic,
            pkce: Pkce::Takes,
            user_id: "https://www.paypal.com/webapps/auth/identity/user/mWq6",
            email: VERIFIED,
            ..Row::new("paypal")
        }
        .call(
            "GET",
            "https://api-m.sandbox.paypal.com/v1/identity/oauth2/userinfo",
            vec![Bearer, Query("schema", "paypalv1.1")],
            json!({
                "user_id": "https://www.paypal.com/webapps/auth/identity/user/mWq6",
                "emails": [
                    { "value": "old@example.com", "primary": false, "confirmed": true },
                    { "value": "ada@example.com", "primary": true, "confirmed": true },
                ],
            }),
        ),
    ]
}
