//! The reference's own providers (FDI §1.2), in the order in which the beginning of an id chooses
//! one. Its `saml` isn't here: it is no third party, but the SAML recipe of the same core.

use super::{
    Call, CallAuth, CallKind, ClientAuth, Description, EmailPlace, GET, Issuer, MoreUserInfo, Pkce,
    Placeholder, Places, Quirk, STANDARD_EMAIL, TokenCheck,
};

const GITHUB: &[(&str, &str)] = &[("accept", "application/vnd.github.v3+json")];

const GOOGLE: Description = Description {
    id: "google",
    name: "Google",
    discovery: Some("https://accounts.google.com/.well-known/openid-configuration"),
    scopes: &["openid", "email"],
    authorization_params: &[("included_grant_scopes", "true"), ("access_type", "offline")],
    token_check: Some(TokenCheck {
        call: Call {
            url: "https://oauth2.googleapis.com/tokeninfo",
            params: &[("access_token", "{access_token}")],
            auth: CallAuth::Nothing,
            ..GET
        },
        client_id: &["aud", "azp"],
    }),
    ..Description::CUSTOM
};

pub(super) const ROWS: &[Description] = &[
    Description {
        id: "active-directory",
        name: "Active Directory",
        placeholders: &[Placeholder { name: "directoryId", default: None, is_address: false }],
        discovery: Some(
            "https://login.microsoftonline.com/{directoryId}/v2.0/.well-known/openid-configuration",
        ),
        issuer: Issuer::OfTenant,
        scopes: &["openid", "email"],
        in_id_token: Places {
            user_id: "sub",
            emails: &[EmailPlace { address: "email", verified: &[] }],
        },
        in_user_info: Places {
            user_id: "sub",
            emails: &[EmailPlace { address: "email", verified: &[] }],
        },
        quirk: Quirk::Microsoft,
        note: "the user is known by `sub`, as in the reference; `microsoft` knows more",
        ..Description::CUSTOM
    },
    Description {
        id: "apple",
        name: "Apple",
        discovery: Some("https://appleid.apple.com/.well-known/openid-configuration"),
        scopes: &["openid", "email"],
        client_auth: ClientAuth::Post,
        authorization_params: &[("response_mode", "form_post")],
        quirk: Quirk::Apple,
        note: "`keyId`, `teamId` and `privateKey` in place of a secret",
        ..Description::CUSTOM
    },
    Description {
        id: "bitbucket",
        name: "Bitbucket",
        authorization: Some("https://bitbucket.org/site/oauth2/authorize"),
        token: Some("https://bitbucket.org/site/oauth2/access_token"),
        scopes: &["account", "email"],
        authorization_params: &[("audience", "api.atlassian.com")],
        user_info: Some(Call { url: "https://api.bitbucket.org/2.0/user", ..GET }),
        more_user_info: &[MoreUserInfo {
            call: Call { url: "https://api.bitbucket.org/2.0/user/emails", ..GET },
            member: "emails",
            is_optional: false,
        }],
        in_user_info: Places {
            user_id: "uuid",
            emails: &[EmailPlace {
                address: "emails.values[is_primary=true].email",
                verified: &["emails.values[is_primary=true].is_confirmed"],
            }],
        },
        ..Description::PLAIN
    },
    Description {
        id: "discord",
        name: "Discord",
        authorization: Some("https://discord.com/oauth2/authorize"),
        token: Some("https://discord.com/api/oauth2/token"),
        scopes: &["identify", "email"],
        user_info: Some(Call { url: "https://discord.com/api/users/@me", ..GET }),
        in_user_info: Places {
            user_id: "id",
            emails: &[EmailPlace { address: "email", verified: &["verified"] }],
        },
        token_check: Some(TokenCheck {
            call: Call { url: "https://discord.com/api/oauth2/@me", ..GET },
            client_id: &["application.id"],
        }),
        ..Description::PLAIN
    },
    Description {
        id: "facebook",
        name: "Facebook",
        authorization: Some("https://www.facebook.com/v12.0/dialog/oauth"),
        token: Some("https://graph.facebook.com/v12.0/oauth/access_token"),
        scopes: &["email"],
        user_info: Some(Call {
            url: "https://graph.facebook.com/me",
            params: &[("access_token", "{access_token}"), ("format", "json")],
            auth: CallAuth::Nothing,
            ..GET
        }),
        in_user_info: Places {
            user_id: "id",
            emails: &[EmailPlace { address: "email", verified: &[] }],
        },
        token_check: Some(TokenCheck {
            call: Call {
                url: "https://graph.facebook.com/debug_token",
                params: &[
                    ("input_token", "{access_token}"),
                    ("access_token", "{client_id}|{client_secret}"),
                ],
                auth: CallAuth::Nothing,
                ..GET
            },
            client_id: &["data.app_id"],
        }),
        quirk: Quirk::Facebook,
        note: "fields follow from the scopes",
        ..Description::PLAIN
    },
    Description {
        id: "github",
        name: "Github",
        authorization: Some("https://github.com/login/oauth/authorize"),
        token: Some("https://github.com/login/oauth/access_token"),
        scopes: &["read:user", "user:email"],
        user_info: Some(Call { url: "https://api.github.com/user", headers: GITHUB, ..GET }),
        more_user_info: &[MoreUserInfo {
            call: Call { url: "https://api.github.com/user/emails", headers: GITHUB, ..GET },
            member: "emails",
            is_optional: false,
        }],
        in_user_info: Places {
            user_id: "id",
            emails: &[EmailPlace {
                address: "emails[primary=true].email",
                verified: &["emails[primary=true].verified"],
            }],
        },
        token_check: Some(TokenCheck {
            call: Call {
                kind: CallKind::PostJson,
                url: "https://api.github.com/applications/{client_id}/token",
                params: &[("access_token", "{access_token}")],
                headers: GITHUB,
                auth: CallAuth::Client,
            },
            client_id: &["app.client_id"],
        }),
        ..Description::PLAIN
    },
    Description {
        id: "gitlab",
        name: "Gitlab",
        placeholders: &[Placeholder {
            name: "gitlabBaseUrl",
            default: Some("https://gitlab.com"),
            is_address: true,
        }],
        discovery: Some("{gitlabBaseUrl}/.well-known/openid-configuration"),
        scopes: &["openid", "email"],
        ..Description::CUSTOM
    },
    Description {
        id: "google-workspaces",
        name: "Google Workspaces",
        placeholders: &[Placeholder { name: "hd", default: Some("*"), is_address: false }],
        authorization_params: &[
            ("included_grant_scopes", "true"),
            ("access_type", "offline"),
            ("hd", "{hd}"),
        ],
        quirk: Quirk::HostedDomain,
        note: "`hd` is the domain, `*` for any",
        ..GOOGLE
    },
    GOOGLE,
    Description {
        id: "okta",
        name: "Okta",
        placeholders: &[Placeholder { name: "oktaDomain", default: None, is_address: true }],
        discovery: Some("{oktaDomain}/.well-known/openid-configuration"),
        scopes: &["openid", "email"],
        ..Description::CUSTOM
    },
    Description {
        id: "linkedin",
        name: "LinkedIn",
        authorization: Some("https://www.linkedin.com/oauth/v2/authorization"),
        token: Some("https://www.linkedin.com/oauth/v2/accessToken"),
        scopes: &["openid", "profile", "email"],
        user_info: Some(Call { url: "https://api.linkedin.com/v2/userinfo", ..GET }),
        ..Description::PLAIN
    },
    Description {
        id: "twitter",
        name: "Twitter",
        authorization: Some("https://twitter.com/i/oauth2/authorize"),
        token: Some("https://api.twitter.com/2/oauth2/token"),
        scopes: &["users.read", "tweet.read"],
        pkce: Pkce::Required,
        client_auth: ClientAuth::Basic,
        user_info: Some(Call { url: "https://api.twitter.com/2/users/me", ..GET }),
        in_user_info: Places { user_id: "data.id", emails: &[] },
        requires_email: false,
        note: "no address; `x` has one",
        ..Description::PLAIN
    },
    Description {
        id: "boxy-saml",
        name: "SAML",
        placeholders: &[Placeholder { name: "boxyURL", default: None, is_address: true }],
        authorization: Some("{boxyURL}/api/oauth/authorize"),
        token: Some("{boxyURL}/api/oauth/token"),
        user_info: Some(Call { url: "{boxyURL}/api/oauth/userinfo", ..GET }),
        in_user_info: Places { user_id: "id", emails: &[STANDARD_EMAIL] },
        pkce: Pkce::Accepted,
        ..Description::PLAIN
    },
];
