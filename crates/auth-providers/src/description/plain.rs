//! Providers with OAuth 2 and an address for user info, beyond the reference's.

use super::{
    Call, CallAuth, CallKind, ClientAuth, Description, EmailPlace, GET, MoreUserInfo, Pkce,
    Placeholder, Places, STANDARD_EMAIL,
};

const UNVERIFIED: &[EmailPlace] = &[EmailPlace { address: "email", verified: &[] }];

/// User info with `id` and an `email` that nobody vouches for.
const ID: Places = Places { user_id: "id", emails: UNVERIFIED };

pub(super) const ROWS: &[Description] = &[
    Description {
        id: "spotify",
        name: "Spotify",
        authorization: Some("https://accounts.spotify.com/authorize"),
        token: Some("https://accounts.spotify.com/api/token"),
        scopes: &["user-read-email"],
        pkce: Pkce::Accepted,
        user_info: Some(Call { url: "https://api.spotify.com/v1/me", ..GET }),
        in_user_info: ID,
        note: "redirects to 127.0.0.1, not to localhost",
        ..Description::PLAIN
    },
    Description {
        id: "reddit",
        name: "Reddit",
        authorization: Some("https://www.reddit.com/api/v1/authorize"),
        token: Some("https://www.reddit.com/api/v1/access_token"),
        scopes: &["identity"],
        client_auth: ClientAuth::Basic,
        authorization_params: &[("duration", "permanent")],
        user_info: Some(Call { url: "https://oauth.reddit.com/api/v1/me", ..GET }),
        in_user_info: Places { user_id: "id", emails: &[] },
        requires_email: false,
        note: "no address",
        ..Description::PLAIN
    },
    Description {
        id: "tiktok",
        name: "TikTok",
        authorization: Some("https://www.tiktok.com/v2/auth/authorize"),
        token: Some("https://open.tiktokapis.com/v2/oauth/token/"),
        scopes: &["user.info.basic"],
        scope_separator: ",",
        client_id_name: "client_key",
        user_info: Some(Call {
            url: "https://open.tiktokapis.com/v2/user/info/",
            params: &[("fields", "open_id,union_id,avatar_url,display_name")],
            ..GET
        }),
        success: Some(("error.code", "ok")),
        in_user_info: Places { user_id: "data.user.open_id", emails: &[] },
        requires_email: false,
        note: "no address; redirects to https without a query",
        ..Description::PLAIN
    },
    Description {
        id: "notion",
        name: "Notion",
        authorization: Some("https://api.notion.com/v1/oauth/authorize"),
        token: Some("https://api.notion.com/v1/oauth/token"),
        client_auth: ClientAuth::Basic,
        authorization_params: &[("owner", "user")],
        user_info: Some(Call {
            url: "https://api.notion.com/v1/users/me",
            headers: &[("notion-version", "2022-06-28")],
            ..GET
        }),
        in_user_info: Places {
            user_id: "bot.owner.user.id",
            emails: &[EmailPlace { address: "bot.owner.user.person.email", verified: &[] }],
        },
        note: "the address needs the capability to read addresses",
        ..Description::PLAIN
    },
    Description {
        id: "zoom",
        name: "Zoom",
        authorization: Some("https://zoom.us/oauth/authorize"),
        token: Some("https://zoom.us/oauth/token"),
        pkce: Pkce::Accepted,
        user_info: Some(Call { url: "https://api.zoom.us/v2/users/me", ..GET }),
        in_user_info: Places {
            user_id: "id",
            emails: &[EmailPlace { address: "email", verified: &["verified"] }],
        },
        note: "scopes are set at the app",
        ..Description::PLAIN
    },
    Description {
        id: "dropbox",
        name: "Dropbox",
        authorization: Some("https://www.dropbox.com/oauth2/authorize"),
        token: Some("https://api.dropboxapi.com/oauth2/token"),
        scopes: &["account_info.read"],
        pkce: Pkce::Accepted,
        user_info: Some(Call {
            kind: CallKind::Post,
            url: "https://api.dropboxapi.com/2/users/get_current_account",
            ..GET
        }),
        in_user_info: Places { user_id: "account_id", emails: &[STANDARD_EMAIL] },
        ..Description::PLAIN
    },
    Description {
        id: "kakao",
        name: "Kakao",
        authorization: Some("https://kauth.kakao.com/oauth/authorize"),
        token: Some("https://kauth.kakao.com/oauth/token"),
        scopes: &["account_email", "profile_image", "profile_nickname"],
        user_info: Some(Call { url: "https://kapi.kakao.com/v2/user/me", ..GET }),
        in_user_info: Places {
            user_id: "id",
            emails: &[EmailPlace {
                address: "kakao_account.email",
                verified: &["kakao_account.is_email_valid", "kakao_account.is_email_verified"],
            }],
        },
        note: "no address until the user agrees",
        ..Description::PLAIN
    },
    Description {
        id: "naver",
        name: "Naver",
        authorization: Some("https://nid.naver.com/oauth2.0/authorize"),
        token: Some("https://nid.naver.com/oauth2.0/token"),
        scopes: &["profile", "email"],
        user_info: Some(Call { url: "https://openapi.naver.com/v1/nid/me", ..GET }),
        success: Some(("resultcode", "00")),
        in_user_info: Places {
            user_id: "response.id",
            emails: &[EmailPlace { address: "response.email", verified: &[] }],
        },
        ..Description::PLAIN
    },
    Description {
        id: "atlassian",
        name: "Atlassian",
        authorization: Some("https://auth.atlassian.com/authorize"),
        token: Some("https://auth.atlassian.com/oauth/token"),
        scopes: &["read:me"],
        pkce: Pkce::Required,
        authorization_params: &[("audience", "api.atlassian.com"), ("prompt", "consent")],
        user_info: Some(Call { url: "https://api.atlassian.com/me", ..GET }),
        in_user_info: Places { user_id: "account_id", emails: UNVERIFIED },
        ..Description::PLAIN
    },
    Description {
        id: "kick",
        name: "Kick",
        authorization: Some("https://id.kick.com/oauth/authorize"),
        token: Some("https://id.kick.com/oauth/token"),
        scopes: &["user:read"],
        pkce: Pkce::Required,
        user_info: Some(Call { url: "https://api.kick.com/public/v1/users", ..GET }),
        in_user_info: Places {
            user_id: "data.0.user_id",
            emails: &[EmailPlace { address: "data.0.email", verified: &[] }],
        },
        ..Description::PLAIN
    },
    Description {
        id: "vk",
        name: "VK ID",
        authorization: Some("https://id.vk.com/authorize"),
        token: Some("https://id.vk.com/oauth2/auth"),
        scopes: &["email", "phone"],
        pkce: Pkce::Required,
        token_params_from_return: &["device_id"],
        user_info: Some(Call {
            kind: CallKind::PostForm,
            url: "https://id.vk.com/oauth2/user_info",
            params: &[("access_token", "{access_token}"), ("client_id", "{client_id}")],
            headers: &[],
            auth: CallAuth::Nothing,
        }),
        in_user_info: Places {
            user_id: "user.user_id",
            emails: &[EmailPlace { address: "user.email", verified: &[] }],
        },
        note: "the front end must hand on `device_id` of the return",
        ..Description::PLAIN
    },
    Description {
        id: "vercel",
        name: "Vercel",
        authorization: Some("https://vercel.com/oauth/authorize"),
        token: Some("https://api.vercel.com/login/oauth/token"),
        pkce: Pkce::Required,
        user_info: Some(Call { url: "https://api.vercel.com/login/oauth/userinfo", ..GET }),
        note: "scopes are set at the app",
        ..Description::PLAIN
    },
    Description {
        id: "figma",
        name: "Figma",
        authorization: Some("https://www.figma.com/oauth"),
        token: Some("https://api.figma.com/v1/oauth/token"),
        scopes: &["current_user:read"],
        pkce: Pkce::Required,
        client_auth: ClientAuth::Basic,
        user_info: Some(Call { url: "https://api.figma.com/v1/me", ..GET }),
        in_user_info: ID,
        ..Description::PLAIN
    },
    Description {
        id: "paypal",
        name: "PayPal",
        placeholders: &[Placeholder {
            name: "host",
            default: Some("paypal.com"),
            is_address: false,
        }],
        authorization: Some("https://www.{host}/signin/authorize"),
        token: Some("https://api-m.{host}/v1/oauth2/token"),
        pkce: Pkce::Accepted,
        client_auth: ClientAuth::Basic,
        user_info: Some(Call {
            url: "https://api-m.{host}/v1/identity/oauth2/userinfo",
            params: &[("schema", "paypalv1.1")],
            ..GET
        }),
        in_user_info: Places {
            user_id: "user_id",
            emails: &[
                EmailPlace {
                    address: "emails[primary=true].value",
                    verified: &["emails[primary=true].confirmed"],
                },
                STANDARD_EMAIL,
            ],
        },
        note: "`host` is `sandbox.paypal.com` for the sandbox; scopes are set at the app",
        ..Description::PLAIN
    },
    Description {
        id: "linear",
        name: "Linear",
        authorization: Some("https://linear.app/oauth/authorize"),
        token: Some("https://api.linear.app/oauth/token"),
        scopes: &["read"],
        user_info: Some(Call {
            kind: CallKind::PostJson,
            url: "https://api.linear.app/graphql",
            params: &[("query", "{ viewer { id name email } }")],
            ..GET
        }),
        in_user_info: Places {
            user_id: "data.viewer.id",
            emails: &[EmailPlace { address: "data.viewer.email", verified: &[] }],
        },
        ..Description::PLAIN
    },
    Description {
        id: "x",
        name: "X",
        authorization: Some("https://x.com/i/oauth2/authorize"),
        token: Some("https://api.x.com/2/oauth2/token"),
        scopes: &["users.read", "tweet.read", "offline.access", "users.email"],
        pkce: Pkce::Required,
        client_auth: ClientAuth::Basic,
        user_info: Some(Call { url: "https://api.x.com/2/users/me", ..GET }),
        more_user_info: &[MoreUserInfo {
            call: Call {
                url: "https://api.x.com/2/users/me",
                params: &[("user.fields", "confirmed_email")],
                ..GET
            },
            member: "confirmed",
            is_optional: true,
        }],
        in_user_info: Places {
            user_id: "data.id",
            // Only a confirmed address is given at all; X says nothing else about it.
            emails: &[EmailPlace { address: "confirmed.data.confirmed_email", verified: &[] }],
        },
        requires_email: false,
        note: "the address takes a second call, which the app may not be allowed",
        ..Description::PLAIN
    },
    Description {
        id: "patreon",
        name: "Patreon",
        authorization: Some("https://www.patreon.com/oauth2/authorize"),
        token: Some("https://www.patreon.com/api/oauth2/token"),
        scopes: &["identity", "identity[email]"],
        user_info: Some(Call {
            url: "https://www.patreon.com/api/oauth2/v2/identity",
            params: &[("fields[user]", "email,full_name,image_url,is_email_verified")],
            ..GET
        }),
        in_user_info: Places {
            user_id: "data.id",
            emails: &[EmailPlace {
                address: "data.attributes.email",
                verified: &["data.attributes.is_email_verified"],
            }],
        },
        ..Description::PLAIN
    },
    Description {
        id: "yandex",
        name: "Yandex",
        authorization: Some("https://oauth.yandex.com/authorize"),
        token: Some("https://oauth.yandex.com/token"),
        scopes: &["login:info", "login:email"],
        pkce: Pkce::Accepted,
        user_info: Some(Call {
            url: "https://login.yandex.ru/info",
            params: &[("format", "json")],
            auth: CallAuth::OAuth,
            ..GET
        }),
        in_user_info: Places {
            user_id: "id",
            emails: &[EmailPlace { address: "default_email", verified: &[] }],
        },
        ..Description::PLAIN
    },
    Description {
        id: "polar",
        name: "Polar",
        authorization: Some("https://polar.sh/oauth2/authorize"),
        token: Some("https://api.polar.sh/v1/oauth2/token"),
        scopes: &["openid", "profile", "email"],
        pkce: Pkce::Accepted,
        user_info: Some(Call { url: "https://api.polar.sh/v1/oauth2/userinfo", ..GET }),
        ..Description::PLAIN
    },
    Description {
        id: "railway",
        name: "Railway",
        authorization: Some("https://backboard.railway.com/oauth/auth"),
        token: Some("https://backboard.railway.com/oauth/token"),
        scopes: &["openid", "email", "profile"],
        pkce: Pkce::Accepted,
        client_auth: ClientAuth::Basic,
        user_info: Some(Call { url: "https://backboard.railway.com/oauth/me", ..GET }),
        in_user_info: Places { user_id: "sub", emails: UNVERIFIED },
        ..Description::PLAIN
    },
];
