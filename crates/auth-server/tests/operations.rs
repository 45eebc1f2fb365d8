//! `docs/operations.md`: every operation of the reference's core and whether it is served here.
//!
//! The table is made from the protocol's types; `UPDATE_DOCS=1` writes it anew.

#![allow(clippy::unwrap_used, missing_docs)]

use std::{collections::BTreeSet, fmt::Write, fs, path::Path};

use auth_protocol::{Operation, for_each_operation};

/// What the server answers itself.
const OWN: &[&str] = &[
    "GET /",
    "GET /hello",
    "GET /apiversion",
    "GET /config",
    "GET /user/search/tags",
    "GET /telemetry",
    "GET /requests/stats",
    "GET /ee/featureflag",
    "GET /ee/license",
    "PUT /ee/license",
    "DELETE /ee/license",
    "GET /recipe/jwt/jwks",
];

/// What the reference's core serves (CDI §1), by recipe.
const REFERENCE: &[(&str, &str)] = &[
    (
        "Core",
        "GET /, GET /hello, GET /apiversion, GET /.well-known/jwks.json, GET /config, GET /users, \
         GET /users/count, GET /users/count/active, GET /users/by-accountinfo, GET /user/id, \
         POST /user/remove, GET /user/search/tags, GET /telemetry, GET /requests/stats, \
         GET /ee/featureflag, GET /ee/license, PUT /ee/license, DELETE /ee/license",
    ),
    (
        "Session",
        "POST /recipe/session, GET /recipe/session, POST /recipe/session/refresh, \
         POST /recipe/session/verify, POST /recipe/session/regenerate, \
         POST /recipe/session/remove, GET /recipe/session/user, PUT /recipe/session/data, \
         PUT /recipe/jwt/data, GET /recipe/session/data, GET /recipe/jwt/data",
    ),
    (
        "Email and password",
        "POST /recipe/signup, POST /recipe/signin, POST /recipe/user/password/reset/token, \
         POST /recipe/user/password/reset/token/consume, POST /recipe/user/password/reset, \
         POST /recipe/user/passwordhash/import, GET /recipe/user emailpassword, \
         PUT /recipe/user emailpassword",
    ),
    (
        "Email verification",
        "POST /recipe/user/email/verify/token, POST /recipe/user/email/verify, \
         GET /recipe/user/email/verify, POST /recipe/user/email/verify/token/remove, \
         POST /recipe/user/email/verify/remove",
    ),
    (
        "Third party",
        "POST /recipe/signinup, GET /recipe/user thirdparty, GET /recipe/users/by-email",
    ),
    (
        "Passwordless",
        "POST /recipe/signinup/code, POST /recipe/signinup/code/consume, \
         POST /recipe/signinup/code/check, POST /recipe/signinup/code/remove, \
         GET /recipe/signinup/codes, POST /recipe/signinup/codes/remove, \
         GET /recipe/user passwordless, PUT /recipe/user passwordless",
    ),
    ("JWT", "POST /recipe/jwt, GET /recipe/jwt/jwks"),
    (
        "TOTP",
        "POST /recipe/totp/device, PUT /recipe/totp/device, GET /recipe/totp/device/list, \
         POST /recipe/totp/device/remove, POST /recipe/totp/device/verify, \
         POST /recipe/totp/verify, POST /recipe/totp/device/import, \
         POST /recipe/totp/device/status/bulk",
    ),
    (
        "WebAuthn",
        "POST /recipe/webauthn/options/register, POST /recipe/webauthn/options/signin, \
         GET /recipe/webauthn/options, DELETE /recipe/webauthn/options/remove, \
         POST /recipe/webauthn/signup, POST /recipe/webauthn/signin, \
         POST /recipe/webauthn/user/credential/register, GET /recipe/webauthn/user/credential/, \
         GET /recipe/webauthn/user/credential/list, \
         DELETE /recipe/webauthn/user/credential/remove, \
         POST /recipe/webauthn/user/recover/token, GET /recipe/webauthn/user/recover, \
         POST /recipe/webauthn/user/recover/token/consume, PUT /recipe/webauthn/user/email",
    ),
    (
        "User metadata",
        "GET /recipe/user/metadata, PUT /recipe/user/metadata, \
         POST /recipe/user/metadata/remove, POST /recipe/user/metadata/bulk",
    ),
    (
        "User roles",
        "PUT /recipe/user/role, POST /recipe/user/role/remove, GET /recipe/user/roles, \
         GET /recipe/role/users, PUT /recipe/role, GET /recipe/role/permissions, \
         POST /recipe/role/permissions/remove, GET /recipe/permission/roles, \
         POST /recipe/role/remove, GET /recipe/roles",
    ),
    (
        "User id mapping",
        "POST /recipe/userid/map, GET /recipe/userid/map, POST /recipe/userid/map/remove, \
         PUT /recipe/userid/external-user-id-info",
    ),
    (
        "Account linking",
        "GET /recipe/accountlinking/user/primary/check, \
         POST /recipe/accountlinking/user/primary, GET /recipe/accountlinking/user/link/check, \
         POST /recipe/accountlinking/user/link, POST /recipe/accountlinking/user/unlink",
    ),
    (
        "Multitenancy",
        "PUT /recipe/multitenancy/tenant/v2, GET /recipe/multitenancy/tenant/v2, \
         GET /recipe/multitenancy/tenant/list/v2, POST /recipe/multitenancy/tenant/remove, \
         POST /recipe/multitenancy/tenant/user, POST /recipe/multitenancy/tenant/user/remove, \
         PUT /recipe/multitenancy/config/thirdparty, \
         POST /recipe/multitenancy/config/thirdparty/remove, PUT /recipe/multitenancy/app/v2, \
         PUT /recipe/multitenancy/connectionuridomain/v2, POST /recipe/multitenancy/app/remove, \
         POST /recipe/multitenancy/connectionuridomain/remove, \
         GET /recipe/multitenancy/app/list/v2, \
         GET /recipe/multitenancy/connectionuridomain/list/v2, \
         PUT /recipe/multitenancy/tenant, GET /recipe/multitenancy/tenant, \
         GET /recipe/multitenancy/tenant/list, PUT /recipe/multitenancy/app, \
         GET /recipe/multitenancy/app/list, PUT /recipe/multitenancy/connectionuridomain, \
         GET /recipe/multitenancy/connectionuridomain/list",
    ),
    (
        "Dashboard",
        "POST /recipe/dashboard/signin, POST /recipe/dashboard/session/verify, \
         DELETE /recipe/dashboard/session, GET /recipe/dashboard/tenant/core-config, \
         POST /recipe/dashboard/user, PUT /recipe/dashboard/user, \
         DELETE /recipe/dashboard/user, GET /recipe/dashboard/users, \
         GET /recipe/dashboard/user/sessions",
    ),
    (
        "OAuth 2.0 provider",
        "POST /recipe/oauth/auth, POST /recipe/oauth/token, POST /recipe/oauth/clients, \
         PUT /recipe/oauth/clients, GET /recipe/oauth/clients, GET /recipe/oauth/clients/list, \
         POST /recipe/oauth/clients/remove, GET /recipe/oauth/auth/requests/login, \
         GET /recipe/oauth/auth/requests/consent, PUT /recipe/oauth/auth/requests/login/accept, \
         PUT /recipe/oauth/auth/requests/login/reject, \
         PUT /recipe/oauth/auth/requests/consent/accept, \
         PUT /recipe/oauth/auth/requests/consent/reject, \
         PUT /recipe/oauth/auth/requests/logout/accept, \
         PUT /recipe/oauth/auth/requests/logout/reject, GET /recipe/oauth/sessions/logout, \
         POST /recipe/oauth/introspect, POST /recipe/oauth/token/revoke, \
         POST /recipe/oauth/tokens/revoke, POST /recipe/oauth/session/revoke",
    ),
    (
        "SAML",
        "PUT /recipe/saml/clients, GET /recipe/saml/clients/list, \
         POST /recipe/saml/clients/remove, POST /recipe/saml/login, POST /recipe/saml/callback, \
         POST /recipe/saml/user, GET /recipe/saml/legacy/authorize, \
         POST /recipe/saml/legacy/callback, POST /recipe/saml/legacy/token, \
         GET /recipe/saml/legacy/userinfo, GET /.well-known/sp-metadata",
    ),
    (
        "Bulk import and migration",
        "POST /bulk-import/users, GET /bulk-import/users, GET /bulk-import/users/count, \
         POST /bulk-import/users/remove, POST /bulk-import/import, GET /migration/mode, \
         GET /migration/backfill/progress",
    ),
];

/// Every operation of the protocol: how it is called, and its name.
fn operations() -> Vec<(String, &'static str)> {
    fn of<O: Operation>() -> (String, &'static str) {
        let rid = O::RID.map(|rid| format!(" {rid}")).unwrap_or_default();
        (format!("{} {}{rid}", O::METHOD.as_str(), O::PATH), O::NAME)
    }
    macro_rules! all {
        ($($operation:ty),* $(,)?) => { vec![$(of::<$operation>()),*] };
    }
    for_each_operation!(all)
}

fn document() -> String {
    let operations = operations();
    let mut beyond: BTreeSet<_> = operations.iter().collect();
    let (mut served, mut all) = (0, 0);
    let mut tables = String::new();
    for (recipe, list) in REFERENCE {
        write!(tables, "\n## {recipe}\n\n| operation | state |\n|---|---|\n").unwrap();
        for call in list.split(", ") {
            let found = operations.iter().find(|(other, _)| other == call);
            let state = match found {
                Some(operation) => {
                    beyond.remove(operation);
                    format!("served: `{}`", operation.1)
                }
                None if OWN.contains(&call) => "served".to_owned(),
                None => "not served: 404".to_owned(),
            };
            all += 1;
            served += usize::from(state.starts_with("served"));
            writeln!(tables, "| {} | {state} |", call_in_words(call)).unwrap();
        }
    }
    if !beyond.is_empty() {
        tables.push_str("\n## Beyond the reference\n\n| operation | name |\n|---|---|\n");
        for (call, name) in beyond {
            writeln!(tables, "| {} | `{name}` |", call_in_words(call)).unwrap();
        }
    }
    format!(
        "# Operations\n\nWhat the reference's core serves over CDI, and what of it `auth-server` \
         does: {served} of {all}. The table\nis made from the types of `auth-protocol` by a test; \
         `UPDATE_DOCS=1 cargo test -p auth-server --test operations`\nwrites it anew.\n{tables}"
    )
}

fn call_in_words(call: &str) -> String {
    match call.split(' ').collect::<Vec<_>>()[..] {
        [method, path, rid] => format!("`{method} {path}` (`rid: {rid}`)"),
        _ => format!("`{call}`"),
    }
}

#[test]
fn the_table_of_operations_says_what_is_served() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/operations.md");
    let document = document();
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(&path, &document).unwrap();
    }
    let written = fs::read_to_string(&path).unwrap();
    assert!(
        written == document,
        "write it anew: UPDATE_DOCS=1 cargo test -p auth-server --test operations"
    );
}
