//! The list of all operations.

/// Gives every operation's type to a macro, so that a table over all of them is written once and
/// never lacks one.
///
/// ```
/// use auth_protocol::Operation;
///
/// macro_rules! names {
///     ($($operation:ty),* $(,)?) => { [$(<$operation as Operation>::NAME),*] };
/// }
/// assert!(auth_protocol::for_each_operation!(names).contains(&"sign_up"));
/// ```
#[macro_export]
macro_rules! for_each_operation {
    ($callback:ident) => {
        $callback! {
            $crate::accountlinking::CanCreatePrimaryUser,
            $crate::accountlinking::CanLinkAccounts,
            $crate::accountlinking::CreatePrimaryUser,
            $crate::accountlinking::LinkAccounts,
            $crate::accountlinking::UnlinkAccount,
            $crate::audit::AcknowledgeAuditEntries,
            $crate::audit::ClaimAuditEntries,
            $crate::audit::ListAuditCheckpoints,
            $crate::audit::ListAuditEntries,
            $crate::audit::MakeAuditCheckpoint,
            $crate::audit::PurgeAuditLog,
            $crate::audit::ReadAuditEntries,
            $crate::emailpassword::CheckPassword,
            $crate::emailpassword::CheckPasswordResetToken,
            $crate::emailpassword::ConsumePasswordResetToken,
            $crate::emailpassword::CreatePasswordResetToken,
            $crate::emailpassword::GetEmailPasswordUser,
            $crate::emailpassword::ImportPasswordHash,
            $crate::emailpassword::ResetPassword,
            $crate::emailpassword::SignIn,
            $crate::emailpassword::SignUp,
            $crate::emailpassword::UpdateEmailOrPassword,
            $crate::emailverification::CreateEmailVerificationToken,
            $crate::emailverification::IsEmailVerified,
            $crate::emailverification::RemoveEmailVerificationTokens,
            $crate::emailverification::UnverifyEmail,
            $crate::emailverification::VerifyEmail,
            $crate::jwt::CreateJwt,
            $crate::jwt::GetJwks,
            $crate::jwt::ListSigningKeys,
            $crate::jwt::RetireSigningKey,
            $crate::jwt::RevokeSigningKey,
            $crate::limits::RestoreBudgets,
            $crate::limits::TakeFromBudgets,
            $crate::passwordless::CheckCode,
            $crate::passwordless::ConsumeCode,
            $crate::passwordless::CreateCode,
            $crate::passwordless::GetPasswordlessUser,
            $crate::passwordless::ListCodes,
            $crate::passwordless::RemoveCode,
            $crate::passwordless::RemoveCodes,
            $crate::passwordless::UpdatePasswordlessUser,
            $crate::recoverycode::ConsumeRecoveryCode,
            $crate::recoverycode::CountRecoveryCodes,
            $crate::recoverycode::GenerateRecoveryCodes,
            $crate::recoverycode::RemoveRecoveryCodes,
            $crate::multitenancy::AssociateUserToTenant,
            $crate::multitenancy::CreateOrUpdateApp,
            $crate::multitenancy::CreateOrUpdateAppBefore5_1,
            $crate::multitenancy::CreateOrUpdateConnectionUriDomain,
            $crate::multitenancy::CreateOrUpdateConnectionUriDomainBefore5_1,
            $crate::multitenancy::CreateOrUpdateTenant,
            $crate::multitenancy::CreateOrUpdateTenantBefore5_1,
            $crate::multitenancy::CreateOrUpdateThirdPartyConfig,
            $crate::multitenancy::DisassociateUserFromTenant,
            $crate::multitenancy::GetTenant,
            $crate::multitenancy::GetTenantBefore5_1,
            $crate::multitenancy::ListApps,
            $crate::multitenancy::ListAppsBefore5_1,
            $crate::multitenancy::ListConnectionUriDomains,
            $crate::multitenancy::ListConnectionUriDomainsBefore5_1,
            $crate::multitenancy::ListTenants,
            $crate::multitenancy::ListTenantsBefore5_1,
            $crate::multitenancy::RemoveApp,
            $crate::multitenancy::RemoveConnectionUriDomain,
            $crate::multitenancy::RemoveTenant,
            $crate::multitenancy::RemoveThirdPartyConfig,
            $crate::session::BindSessionDevice,
            $crate::session::CreateSession,
            $crate::session::GetSession,
            $crate::session::GetSessionData,
            $crate::session::GetSessionDevice,
            $crate::session::GetSessionJwtData,
            $crate::session::ListSessionHandles,
            $crate::session::MergeSessionClaims,
            $crate::session::RefreshSession,
            $crate::session::RegenerateSession,
            $crate::session::RemoveSessions,
            $crate::session::UpdateSessionData,
            $crate::session::UpdateSessionJwtData,
            $crate::session::UseDeviceChallenge,
            $crate::session::VerifySession,
            $crate::signinalerts::CreateSignInAlert,
            $crate::signinalerts::NoteSignInNetwork,
            $crate::signinalerts::UseSignInAlert,
            $crate::thirdparty::GetThirdPartyUser,
            $crate::thirdparty::ListThirdPartyUsersByEmail,
            $crate::thirdparty::ThirdPartySignInUp,
            $crate::totp::CreateTotpDevice,
            $crate::totp::GetTotpStatusOfUsers,
            $crate::totp::ImportTotpDevice,
            $crate::totp::ListTotpDevices,
            $crate::totp::RemoveTotpDevice,
            $crate::totp::UpdateTotpDevice,
            $crate::totp::VerifyTotp,
            $crate::totp::VerifyTotpDevice,
            $crate::user::CountActiveUsers,
            $crate::user::CountUsers,
            $crate::user::DeleteUser,
            $crate::user::GetUserById,
            $crate::user::ListUsers,
            $crate::user::ListUsersByAccountInfo,
            $crate::user_id_mapping::CreateUserIdMapping,
            $crate::user_id_mapping::DeleteUserIdMapping,
            $crate::user_id_mapping::GetUserIdMapping,
            $crate::user_id_mapping::UpdateExternalUserIdInfo,
            $crate::usermetadata::ClearUserMetadata,
            $crate::usermetadata::GetMetadataOfUsers,
            $crate::usermetadata::GetUserMetadata,
            $crate::usermetadata::UpdateUserMetadata,
            $crate::userroles::AddUserRole,
            $crate::userroles::CreateRole,
            $crate::userroles::DeleteRole,
            $crate::userroles::GetAllRoles,
            $crate::userroles::GetPermissionsForRole,
            $crate::userroles::GetRolesForUser,
            $crate::userroles::GetRolesThatHavePermission,
            $crate::userroles::GetUsersThatHaveRole,
            $crate::userroles::RemovePermissionsFromRole,
            $crate::userroles::RemoveUserRole,
            $crate::webauthn::ConsumePasskeyRecoveryToken,
            $crate::webauthn::CreatePasskeyRecoveryToken,
            $crate::webauthn::CreatePasskeyRegistrationOptions,
            $crate::webauthn::CreatePasskeySignInOptions,
            $crate::webauthn::GetPasskey,
            $crate::webauthn::GetPasskeyOptions,
            $crate::webauthn::GetUserOfPasskeyRecoveryToken,
            $crate::webauthn::ListPasskeys,
            $crate::webauthn::PasskeySignIn,
            $crate::webauthn::PasskeySignUp,
            $crate::webauthn::RegisterPasskey,
            $crate::webauthn::RemovePasskey,
            $crate::webauthn::RemovePasskeyOptions,
            $crate::webauthn::RenamePasskey,
            $crate::webauthn::UpdatePasskeyEmail,
        }
    };
}

#[cfg(test)]
mod tests {
    use std::{collections::HashSet, fs, path::Path};

    use crate::{Method, Operation};

    macro_rules! routes {
        ($($operation:ty),* $(,)?) => {
            [$((
                <$operation as Operation>::NAME,
                <$operation as Operation>::METHOD,
                <$operation as Operation>::PATH,
                <$operation as Operation>::RID,
            )),*]
        };
    }

    #[test]
    fn no_two_operations_share_a_name_or_a_route() {
        let routes = for_each_operation!(routes);
        let names: HashSet<&str> = routes.iter().map(|route| route.0).collect();
        assert_eq!(names.len(), routes.len());
        let places: HashSet<(Method, &str, Option<&str>)> =
            routes.iter().map(|&(_, method, path, rid)| (method, path, rid)).collect();
        assert_eq!(places.len(), routes.len());
    }

    #[test]
    fn every_operation_that_is_written_is_in_the_list() {
        fn written(folder: &Path) -> usize {
            let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
            entries
                .map(|path| {
                    if path.is_dir() {
                        return written(&path);
                    }
                    // The last two write one in their turn.
                    let begin = ["operation!(", "told_by_version! {", "change!("];
                    let text = fs::read_to_string(&path).unwrap();
                    let begins = |line: &&str| begin.iter().any(|it| line.starts_with(it));
                    text.lines().filter(begins).count()
                })
                .sum()
        }
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        assert_eq!(for_each_operation!(routes).len(), written(&source));
    }
}
