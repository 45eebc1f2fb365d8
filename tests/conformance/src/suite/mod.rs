//! The cases, and the rules that they prove.

mod account_linking;
mod adapter;
mod anti_csrf;
mod audience;
mod audit;
mod bad_codes;
mod bad_input;
mod bodies;
mod captcha;
mod claims;
mod client_address;
mod code_settings;
mod connections;
mod contacts;
mod cookie_prefix;
mod cors;
mod create;
mod device_bound;
mod email_password;
mod email_verification;
mod errors;
mod factor_changes;
mod fields;
mod forged_requests;
mod forged_tokens;
mod front_ends;
mod guessing;
mod handles;
mod keys;
mod limits;
mod mfa;
mod older_cores;
mod one_time_codes;
mod passkey_accounts;
mod passkey_policy;
mod passkey_recovery;
mod passkeys;
mod passwordless;
mod passwords;
mod recovery_codes;
mod refresh;
mod reset;
mod rotation;
mod routing;
mod rows;
mod session;
mod session_bounds;
mod session_methods;
mod session_tokens;
mod sign_in_alerts;
mod sign_out;
mod sms_factor;
mod stray_cookies;
mod support;
mod tenant_factors;
mod tenant_isolation;
mod tenant_providers;
mod tenant_users;
mod tenants;
mod third_party;
mod third_party_attacks;
mod third_party_linking;
mod tokens;
mod totp;
mod transfer;
mod user_id_mapping;

use futures_util::future::LocalBoxFuture;

use crate::Harness;

pub use rows::ROWS;

/// A sentence about the wire, and its proof.
#[derive(Clone, Copy)]
pub struct Case {
    module: &'static str,
    /// The rule's section and row.
    pub row: &'static str,
    /// The sentence.
    pub name: &'static str,
    /// The proof; it fails by panicking.
    pub run: fn(Harness) -> LocalBoxFuture<'static, ()>,
}

impl Case {
    /// The part of the suite that it belongs to.
    pub fn group(&self) -> &'static str {
        self.module.rsplit("::").next().unwrap_or(self.module)
    }
}

/// Makes a case of an async function: its name is the sentence.
macro_rules! cases {
    ($($row:literal => $name:ident),* $(,)?) => {
        pub(super) fn cases() -> Vec<$crate::Case> {
            vec![$($crate::Case {
                module: module_path!(),
                row: $row,
                name: stringify!($name),
                run: |harness| Box::pin($name(harness)),
            }),*]
        }
    };
}
use cases;

/// Every case.
pub fn all() -> Vec<Case> {
    [
        session::cases(),
        session_bounds::cases(),
        anti_csrf::cases(),
        forged_requests::cases(),
        cookie_prefix::cases(),
        stray_cookies::cases(),
        cors::cases(),
        tokens::cases(),
        forged_tokens::cases(),
        audience::cases(),
        errors::cases(),
        create::cases(),
        transfer::cases(),
        refresh::cases(),
        rotation::cases(),
        older_cores::cases(),
        sign_out::cases(),
        session_methods::cases(),
        session_tokens::cases(),
        claims::cases(),
        handles::cases(),
        keys::cases(),
        routing::cases(),
        device_bound::cases(),
        email_password::cases(),
        front_ends::cases(),
        reset::cases(),
        email_verification::cases(),
        account_linking::cases(),
        passkeys::cases(),
        passkey_accounts::cases(),
        passkey_policy::cases(),
        passkey_recovery::cases(),
        fields::cases(),
        limits::cases(),
        audit::cases(),
        bad_input::cases(),
        adapter::cases(),
        client_address::cases(),
        captcha::cases(),
        bodies::cases(),
        connections::cases(),
        mfa::cases(),
        factor_changes::cases(),
        passwordless::cases(),
        one_time_codes::cases(),
        guessing::cases(),
        contacts::cases(),
        code_settings::cases(),
        sms_factor::cases(),
        bad_codes::cases(),
        totp::cases(),
        recovery_codes::cases(),
        sign_in_alerts::cases(),
        passwords::cases(),
        third_party::cases(),
        third_party_attacks::cases(),
        third_party_linking::cases(),
        user_id_mapping::cases(),
        tenants::cases(),
        tenant_providers::cases(),
        tenant_users::cases(),
        tenant_factors::cases(),
        tenant_isolation::cases(),
    ]
    .concat()
}

/// Rules that no case names.
pub fn rows_without_a_case() -> Vec<&'static str> {
    let cases = all();
    ROWS.iter()
        .map(|(row, _)| *row)
        .filter(|row| cases.iter().all(|case| case.row != *row))
        .collect()
}

/// Cases whose rule isn't in the list.
pub fn cases_of_unknown_rows() -> Vec<&'static str> {
    let is_known = |case: &Case| ROWS.iter().any(|(row, _)| *row == case.row);
    all().into_iter().filter(|case| !is_known(case)).map(|case| case.name).collect()
}

/// Cases that another of their group hides, because both have one name.
pub fn cases_of_one_name() -> Vec<&'static str> {
    let cases = all();
    let is_hidden = |case: &&Case| {
        cases.iter().filter(|it| (it.group(), it.name) == (case.group(), case.name)).count() > 1
    };
    cases.iter().filter(is_hidden).map(|case| case.name).collect()
}
