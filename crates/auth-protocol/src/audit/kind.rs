//! What can have happened.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Declares the kinds of entries with their names.
macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident = $name:literal,)*) => {
        /// What an entry of the audit log tells. On the wire it is its [name](Self::as_str); a newer
        /// program may know more of them.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum AuditKind {
            $($(#[$doc])* $kind,)*
        }

        impl AuditKind {
            /// Every kind.
            pub const ALL: &[Self] = &[$(Self::$kind),*];

            /// The name by which the log has it.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$kind => $name,)*
                }
            }
        }
    };
}

kinds! {
    /// A user was made: by a password, a third party, a code or a passkey.
    SignUp = "sign_up",
    /// Somebody signed in, or tried to.
    SignIn = "sign_in",
    /// Somebody signed in from a device or network that is new for the user.
    SuspiciousSignIn = "suspicious_sign_in",
    /// A user's owner said of a sign-in that it wasn't them: all sessions ended.
    SignInDenied = "sign_in_denied",
    /// A one-time code was checked without signing in, or was wrong.
    OneTimeCode = "one_time_code",
    /// A TOTP code was checked.
    Totp = "totp",
    /// A recovery code was checked.
    RecoveryCode = "recovery_code",
    /// A TOTP device was made.
    TotpDeviceCreated = "totp_device_created",
    /// A TOTP device was put to use by its first right code.
    TotpDeviceVerified = "totp_device_verified",
    /// A TOTP device was renamed.
    TotpDeviceRenamed = "totp_device_renamed",
    /// A TOTP device was removed.
    TotpDeviceRemoved = "totp_device_removed",
    /// New recovery codes were made, and older ones ended.
    RecoveryCodesCreated = "recovery_codes_created",
    /// All recovery codes of a user were ended.
    RecoveryCodesRemoved = "recovery_codes_removed",
    /// A user became a primary user.
    PrimaryUserCreated = "primary_user_created",
    /// A login method was linked to a primary user.
    AccountLinked = "account_linked",
    /// A login method was unlinked.
    AccountUnlinked = "account_unlinked",
    /// A passkey was added to a login method.
    PasskeyAdded = "passkey_added",
    /// A passkey was removed.
    PasskeyRemoved = "passkey_removed",
    /// A token by which a lost passkey is replaced was used.
    PasskeyRecovery = "passkey_recovery",
    /// A password was checked without signing in, as before a change.
    PasswordChecked = "password_checked",
    /// A password was changed.
    PasswordChanged = "password_changed",
    /// A token by which a password is reset was used.
    PasswordReset = "password_reset",
    /// A password's hash was imported.
    PasswordImported = "password_imported",
    /// The address of a login method was changed.
    EmailChanged = "email_changed",
    /// The phone number of a login method was changed.
    PhoneNumberChanged = "phone_number_changed",
    /// An address was proved.
    EmailVerified = "email_verified",
    /// An address counts as unproved again.
    EmailUnverified = "email_unverified",
    /// A session was made.
    SessionCreated = "session_created",
    /// Sessions were ended.
    SessionsRevoked = "sessions_revoked",
    /// A refresh token was used that was used before: its session was ended.
    TokenTheft = "token_theft",
    /// A session was bound to a device.
    SessionBound = "session_bound",
    /// A session that is bound to a device was to be refreshed without a proof of the device.
    DeviceProofMissing = "device_proof_missing",
    /// A user was deleted.
    UserDeleted = "user_deleted",
    /// A user got an id of another system.
    UserIdMapped = "user_id_mapped",
    /// A user lost its id of another system.
    UserIdUnmapped = "user_id_unmapped",
    /// A user got a role.
    RoleGiven = "role_given",
    /// A user lost a role.
    RoleTaken = "role_taken",
    /// A role was made, or its permissions were changed.
    RoleChanged = "role_changed",
    /// A role was deleted.
    RoleDeleted = "role_deleted",
    /// A tenant or an app was made, or what is set for it was changed.
    TenantChanged = "tenant_changed",
    /// A tenant or an app was removed.
    TenantRemoved = "tenant_removed",
    /// A third party was set up for a tenant, or changed.
    ThirdPartyChanged = "third_party_changed",
    /// A third party of a tenant was removed.
    ThirdPartyRemoved = "third_party_removed",
    /// A login method was let into a tenant.
    UserAssociated = "user_associated",
    /// A login method was taken out of a tenant.
    UserDisassociated = "user_disassociated",
    /// A signing key was retired.
    SigningKeyRetired = "signing_key_retired",
    /// A signing key was revoked.
    SigningKeyRevoked = "signing_key_revoked",
    /// Something was refused because it had been tried too often.
    LimitReached = "limit_reached",
    /// Entries were purged on demand.
    AuditLogPurged = "audit_log_purged",
}

impl fmt::Display for AuditKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// How it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AuditOutcome {
    /// It was done.
    Succeeded,
    /// What was shown for it was wrong.
    Failed,
    /// It wasn't looked at, or isn't allowed.
    Refused,
}

impl AuditOutcome {
    /// The name by which the log has it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::Refused => "refused",
        }
    }

    /// The outcome of a name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Succeeded, Self::Failed, Self::Refused]
            .into_iter()
            .find(|outcome| outcome.as_str() == name)
    }
}

impl fmt::Display for AuditOutcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn no_two_kinds_share_a_name() {
        let names: HashSet<_> = AuditKind::ALL.iter().map(|kind| kind.as_str()).collect();
        assert_eq!(names.len(), AuditKind::ALL.len());
        assert!(names.iter().all(|name| name.len() <= 64));
    }
}
