//! The settings that the reference doesn't have.

use super::{key::Key, keys::find};

/// Each with what it says, and what holds unless it is set.
const OWN: &[(&str, &str)] = &[
    ("database", "the database, as --database names it"),
    ("audit_log", "whether what happens is written down [default: true]"),
    ("audit_log_retention_days", "days that entries of the audit log are kept [default: 400]"),
    ("audit_log_max_entries", "entries of the audit log for each tenant [default: 1000000]"),
    ("audit_log_checkpoint_interval_sec", "seconds between its signed checkpoints [default: 60]"),
    (
        "session_absolute_lifetime",
        "minutes until a session ends, whatever its refreshes [default: none]",
    ),
    ("max_sessions_per_user", "sessions that a user may have at once [default: any number]"),
    (
        "too_many_sessions",
        "which give way: END_OLDEST, or REFUSE_NEW, which SDKs don't know [default: END_OLDEST]",
    ),
    (
        "password_hashing_longest_wait_sec",
        "how long a password may wait until it is hashed [default: 5]",
    ),
    (
        "passwordless_max_codes_per_contact",
        "codes and links sent to a contact at once [default: 10]",
    ),
    ("passwordless_code_refill_sec", "seconds until one more may be sent [default: 600]"),
    ("passwordless_max_wrong_codes_per_contact", "wrong codes for a contact at once [default: 10]"),
    ("passwordless_wrong_code_refill_sec", "seconds until one more may be wrong [default: 3600]"),
    (
        "tenant_databases_max_connections",
        "connections to all databases of tenants together [default: 64]",
    ),
];

/// What `--help` says of the settings that the reference's `config.yaml` doesn't have: their names
/// in the file and in the environment.
pub fn own_settings() -> String {
    let rows = OWN.iter().map(|(name, says)| {
        let env = find(name).map(Key::env_name);
        format!("  {name} ({})\n          {says}\n", env.unwrap_or_default())
    });
    let title = "Settings of its own, beside the reference's, in the file and the environment:\n";
    std::iter::once(title.to_owned()).chain(rows).collect()
}

#[cfg(test)]
mod tests {
    use super::{Key, OWN, find, own_settings};

    #[test]
    fn each_of_them_is_a_setting_with_its_name_in_the_environment() {
        let help = own_settings();
        for (name, _) in OWN {
            let env = find(name).map(Key::env_name).unwrap_or_default();
            assert!(help.contains(&format!("  {name} ({env})\n")) && !env.is_empty(), "{name}");
        }
    }
}
