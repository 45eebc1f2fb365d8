//! What each operation is about. Those that are about several databases say so where they put the
//! answers together.

use auth_protocol::{
    accountlinking, audit, emailpassword, emailverification, jwt, limits, multitenancy,
    passwordless, recoverycode, session, signinalerts, thirdparty, totp, user, user_id_mapping,
    usermetadata, userroles, webauthn,
};

use super::{Place, Placed};

/// `Tenant: A, B;` for the tenant in the path, `Home: ...;` for the app, and with a field
/// `User(user_id): ...;` and `Session(session_handle): ...;`.
macro_rules! places {
    (Tenant: $($operation:ty),* $(,)?) => {
        $(impl Placed for $operation {
            fn place(&self) -> Place<'_> {
                Place::Tenant
            }
        })*
    };
    (Home: $($operation:ty),* $(,)?) => {
        $(impl Placed for $operation {
            fn place(&self) -> Place<'_> {
                Place::Home
            }
        })*
    };
    (User($field:ident): $($operation:ty),* $(,)?) => {
        $(impl Placed for $operation {
            fn place(&self) -> Place<'_> {
                Place::User(self.$field.as_str())
            }
        })*
    };
    // By one of its ids, or by what it has in the tenant.
    (UserIfAny($field:ident): $($operation:ty),* $(,)?) => {
        $(impl Placed for $operation {
            fn place(&self) -> Place<'_> {
                self.$field.as_ref().map_or(Place::Tenant, |id| Place::User(id.as_str()))
            }
        })*
    };
    (Session($field:ident): $($operation:ty),* $(,)?) => {
        $(impl Placed for $operation {
            fn place(&self) -> Place<'_> {
                Place::Session(&self.$field)
            }
        })*
    };
}

places! { Tenant:
    // Each database has chains of its own.
    audit::AcknowledgeAuditEntries,
    audit::ClaimAuditEntries,
    audit::ListAuditCheckpoints,
    audit::ListAuditEntries,
    audit::MakeAuditCheckpoint,
    audit::PurgeAuditLog,
    audit::ReadAuditEntries,
    emailpassword::CheckPassword,
    emailpassword::CheckPasswordResetToken,
    emailpassword::ConsumePasswordResetToken,
    emailpassword::CreatePasswordResetToken,
    emailpassword::ImportPasswordHash,
    emailpassword::ResetPassword,
    emailpassword::SignIn,
    emailpassword::SignUp,
    emailverification::CreateEmailVerificationToken,
    emailverification::RemoveEmailVerificationTokens,
    emailverification::VerifyEmail,
    limits::RestoreBudgets,
    limits::TakeFromBudgets,
    // Who isn't in the tenant's database isn't known there.
    multitenancy::AssociateUserToTenant,
    multitenancy::DisassociateUserFromTenant,
    passwordless::CheckCode,
    passwordless::ConsumeCode,
    passwordless::CreateCode,
    passwordless::ListCodes,
    passwordless::RemoveCode,
    passwordless::RemoveCodes,
    recoverycode::ConsumeRecoveryCode,
    session::CreateSession,
    signinalerts::CreateSignInAlert,
    signinalerts::NoteSignInNetwork,
    signinalerts::UseSignInAlert,
    thirdparty::ListThirdPartyUsersByEmail,
    thirdparty::ThirdPartySignInUp,
    totp::VerifyTotp,
    totp::VerifyTotpDevice,
    user::ListUsers,
    user::ListUsersByAccountInfo,
    userroles::GetRolesForUser,
    webauthn::ConsumePasskeyRecoveryToken,
    webauthn::CreatePasskeyRecoveryToken,
    webauthn::CreatePasskeyRegistrationOptions,
    webauthn::CreatePasskeySignInOptions,
    webauthn::GetPasskeyOptions,
    webauthn::GetUserOfPasskeyRecoveryToken,
    webauthn::PasskeySignIn,
    webauthn::PasskeySignUp,
    webauthn::RegisterPasskey,
    webauthn::RemovePasskeyOptions,
}

places! { Home:
    jwt::CreateJwt,
    jwt::GetJwks,
    jwt::ListSigningKeys,
    jwt::RetireSigningKey,
    jwt::RevokeSigningKey,
    multitenancy::CreateOrUpdateApp,
    multitenancy::CreateOrUpdateAppBefore5_1,
    multitenancy::CreateOrUpdateConnectionUriDomain,
    multitenancy::CreateOrUpdateConnectionUriDomainBefore5_1,
    multitenancy::CreateOrUpdateTenant,
    multitenancy::CreateOrUpdateTenantBefore5_1,
    multitenancy::CreateOrUpdateThirdPartyConfig,
    multitenancy::GetTenant,
    multitenancy::GetTenantBefore5_1,
    multitenancy::ListApps,
    multitenancy::ListAppsBefore5_1,
    multitenancy::ListConnectionUriDomains,
    multitenancy::ListConnectionUriDomainsBefore5_1,
    multitenancy::ListTenants,
    multitenancy::ListTenantsBefore5_1,
    multitenancy::RemoveApp,
    multitenancy::RemoveConnectionUriDomain,
    multitenancy::RemoveTenant,
    multitenancy::RemoveThirdPartyConfig,
    userroles::GetAllRoles,
    userroles::GetPermissionsForRole,
    userroles::GetRolesThatHavePermission,
    userroles::RemovePermissionsFromRole,
}

places! { User(user_id):
    emailverification::IsEmailVerified,
    emailverification::UnverifyEmail,
    recoverycode::CountRecoveryCodes,
    recoverycode::GenerateRecoveryCodes,
    recoverycode::RemoveRecoveryCodes,
    totp::CreateTotpDevice,
    totp::ImportTotpDevice,
    totp::ListTotpDevices,
    totp::RemoveTotpDevice,
    totp::UpdateTotpDevice,
    user::DeleteUser,
    user::GetUserById,
    user_id_mapping::DeleteUserIdMapping,
    user_id_mapping::GetUserIdMapping,
    user_id_mapping::UpdateExternalUserIdInfo,
    usermetadata::ClearUserMetadata,
    usermetadata::GetUserMetadata,
    usermetadata::UpdateUserMetadata,
}

places! { User(recipe_user_id):
    accountlinking::CanCreatePrimaryUser,
    accountlinking::CreatePrimaryUser,
    accountlinking::UnlinkAccount,
    emailpassword::UpdateEmailOrPassword,
    passwordless::UpdatePasswordlessUser,
    webauthn::GetPasskey,
    webauthn::ListPasskeys,
    webauthn::RemovePasskey,
    webauthn::RenamePasskey,
    webauthn::UpdatePasskeyEmail,
}

places! { UserIfAny(user_id):
    emailpassword::GetEmailPasswordUser,
    passwordless::GetPasswordlessUser,
    thirdparty::GetThirdPartyUser,
}

places! { Session(session_handle):
    session::BindSessionDevice,
    session::GetSession,
    session::GetSessionData,
    session::GetSessionDevice,
    session::GetSessionJwtData,
    session::MergeSessionClaims,
    session::UpdateSessionData,
    session::UpdateSessionJwtData,
    session::UseDeviceChallenge,
}
