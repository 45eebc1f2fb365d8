//! Providers that speak OpenID Connect, beyond the reference's.

use super::{
    Call, CallAuth, ClientAuth, Description, EmailPlace, GET, IdTokenKeys, Issuer, Pkce,
    Placeholder, Places, Quirk, STANDARD_EMAIL, TokenCheck,
};

const SCOPES: &[&str] = &["openid", "profile", "email"];

/// A server of one's own or of one's own name, at an address.
const AT_ADDRESS: &[Placeholder] =
    &[Placeholder { name: "domain", default: None, is_address: true }];

const UNVERIFIED: &[EmailPlace] = &[EmailPlace { address: "email", verified: &[] }];

/// Any server whose discovery document is all there is to know.
const BY_DISCOVERY: Description =
    Description { scopes: SCOPES, pkce: Pkce::Accepted, ..Description::CUSTOM };

pub(super) const ROWS: &[Description] = &[
    Description {
        id: "microsoft",
        name: "Microsoft",
        placeholders: &[Placeholder { name: "tenant", default: Some("common"), is_address: false }],
        discovery: Some(
            "https://login.microsoftonline.com/{tenant}/v2.0/.well-known/openid-configuration",
        ),
        issuer: Issuer::OfTenant,
        client_auth: ClientAuth::Post,
        in_id_token: Places { user_id: "oid", emails: UNVERIFIED },
        in_user_info: Places::NOWHERE,
        quirk: Quirk::Microsoft,
        note: "`allowedTenants` lists who may sign in; the id is `oid` and `tid`; the address is \
               the tenant's word, and verified only by `verified_primary_email`, \
               `verified_secondary_email` or `xms_edov`",
        ..BY_DISCOVERY
    },
    Description {
        id: "slack",
        name: "Slack",
        discovery: Some("https://slack.com/.well-known/openid-configuration"),
        authorization: Some("https://slack.com/openid/connect/authorize"),
        token: Some("https://slack.com/api/openid.connect.token"),
        client_auth: ClientAuth::Post,
        user_info: Some(Call { url: "https://slack.com/api/openid.connect.userInfo", ..GET }),
        success: Some(("ok", "true")),
        in_id_token: Places { user_id: "\"https://slack.com/user_id\"", emails: &[STANDARD_EMAIL] },
        in_user_info: Places {
            user_id: "\"https://slack.com/user_id\"",
            emails: &[STANDARD_EMAIL],
        },
        note: "redirects to https only",
        ..BY_DISCOVERY
    },
    Description {
        id: "twitch",
        name: "Twitch",
        discovery: Some("https://id.twitch.tv/oauth2/.well-known/openid-configuration"),
        authorization: Some("https://id.twitch.tv/oauth2/authorize"),
        token: Some("https://id.twitch.tv/oauth2/token"),
        scopes: &["user:read:email", "openid"],
        pkce: Pkce::Unknown,
        client_auth: ClientAuth::Post,
        authorization_params: &[("claims", r#"{"id_token":{"email":null,"email_verified":null}}"#)],
        token_check: Some(TokenCheck {
            call: Call {
                url: "https://id.twitch.tv/oauth2/validate",
                auth: CallAuth::OAuth,
                ..GET
            },
            client_id: &["client_id"],
        }),
        note: "the address is in the id token, as asked for by `claims`",
        ..Description::CUSTOM
    },
    Description {
        id: "salesforce",
        name: "Salesforce",
        placeholders: &[Placeholder {
            name: "domain",
            default: Some("https://login.salesforce.com"),
            is_address: true,
        }],
        discovery: Some("{domain}/.well-known/openid-configuration"),
        authorization: Some("{domain}/services/oauth2/authorize"),
        token: Some("{domain}/services/oauth2/token"),
        scopes: &["openid", "email", "profile"],
        pkce: Pkce::Required,
        client_auth: ClientAuth::Post,
        user_info: Some(Call { url: "{domain}/services/oauth2/userinfo", ..GET }),
        note: "`domain` is `https://test.salesforce.com` for a sandbox",
        ..BY_DISCOVERY
    },
    Description {
        id: "line",
        name: "LINE",
        authorization: Some("https://access.line.me/oauth2/v2.1/authorize"),
        token: Some("https://api.line.me/oauth2/v2.1/token"),
        issuer: Issuer::Exactly("https://access.line.me"),
        id_token_keys: IdTokenKeys::ClientSecret,
        client_auth: ClientAuth::Post,
        user_info: Some(Call { url: "https://api.line.me/oauth2/v2.1/userinfo", ..GET }),
        in_id_token: Places { user_id: "sub", emails: UNVERIFIED },
        in_user_info: Places { user_id: "sub", emails: &[] },
        token_check: Some(TokenCheck {
            call: Call {
                url: "https://api.line.me/oauth2/v2.1/verify",
                params: &[("access_token", "{access_token}")],
                auth: CallAuth::Nothing,
                ..GET
            },
            client_id: &["client_id"],
        }),
        note: "id tokens of web log-ins are HS256 by the channel secret, whatever discovery says; \
               the address is in them, given the permission",
        ..BY_DISCOVERY
    },
    Description {
        id: "huggingface",
        name: "Hugging Face",
        discovery: Some("https://huggingface.co/.well-known/openid-configuration"),
        authorization: Some("https://huggingface.co/oauth/authorize"),
        token: Some("https://huggingface.co/oauth/token"),
        client_auth: ClientAuth::Post,
        user_info: Some(Call { url: "https://huggingface.co/oauth/userinfo", ..GET }),
        ..BY_DISCOVERY
    },
    Description {
        id: "roblox",
        name: "Roblox",
        discovery: Some("https://apis.roblox.com/oauth/.well-known/openid-configuration"),
        authorization: Some("https://apis.roblox.com/oauth/v1/authorize"),
        token: Some("https://apis.roblox.com/oauth/v1/token"),
        scopes: &["openid", "profile"],
        client_auth: ClientAuth::Post,
        user_info: Some(Call { url: "https://apis.roblox.com/oauth/v1/userinfo", ..GET }),
        in_id_token: Places { user_id: "sub", emails: &[] },
        in_user_info: Places { user_id: "sub", emails: &[] },
        requires_email: false,
        note: "no address",
        ..BY_DISCOVERY
    },
    Description {
        id: "cognito",
        name: "Cognito",
        placeholders: &[
            Placeholder { name: "domain", default: None, is_address: true },
            Placeholder { name: "region", default: None, is_address: false },
            Placeholder { name: "userPoolId", default: None, is_address: false },
        ],
        discovery: Some(
            "https://cognito-idp.{region}.amazonaws.com/{userPoolId}/.well-known/openid-configuration",
        ),
        authorization: Some("{domain}/oauth2/authorize"),
        token: Some("{domain}/oauth2/token"),
        client_auth: ClientAuth::Post,
        note: "the issuer is the pool, not the domain",
        ..BY_DISCOVERY
    },
    Description {
        id: "keycloak",
        name: "Keycloak",
        placeholders: &[
            Placeholder { name: "domain", default: None, is_address: true },
            Placeholder { name: "realm", default: None, is_address: false },
        ],
        discovery: Some("{domain}/realms/{realm}/.well-known/openid-configuration"),
        ..BY_DISCOVERY
    },
    Description {
        id: "auth0",
        name: "Auth0",
        placeholders: AT_ADDRESS,
        discovery: Some("{domain}/.well-known/openid-configuration"),
        ..BY_DISCOVERY
    },
    Description {
        id: "zitadel",
        name: "Zitadel",
        placeholders: AT_ADDRESS,
        discovery: Some("{domain}/.well-known/openid-configuration"),
        ..BY_DISCOVERY
    },
    Description {
        id: "authentik",
        name: "authentik",
        placeholders: &[
            Placeholder { name: "domain", default: None, is_address: true },
            Placeholder { name: "application", default: None, is_address: false },
        ],
        discovery: Some("{domain}/application/o/{application}/.well-known/openid-configuration"),
        ..BY_DISCOVERY
    },
];
