//! Nothing crosses from one tenant or app to another.

use std::collections::BTreeSet;

use auth_protocol::{
    CdiVersion, Secret, SessionHandle, UserId, emailpassword::*, emailverification::*, limits::*,
    passwordless::*, recoverycode::*, session::*, thirdparty::*, totp::*, user::*,
    user_id_mapping::*, usermetadata::*, userroles::*,
};
use serde_json::json;

use crate::common::Test;

/// Known in every tenant, by the same password.
const EVERYBODY: &str = "ada@example.com";

/// What one tenant has.
struct Filled {
    test: Test,
    /// An address that only this tenant knows.
    own_email: String,
    user: UserId,
    session: SessionHandle,
    access_token: Secret,
    refresh_token: Secret,
    reset_token: Secret,
    verification_token: Secret,
    link: CodeProof,
    recovery_code: Secret,
}

impl Filled {
    async fn new(test: Test) -> Self {
        let place = format!("{}-{}", test.scope.app, test.scope.tenant);
        let own_email = format!("{place}@example.com");
        test.sign_up(EVERYBODY).await;
        let (user, id) = test.sign_up(&own_email).await;
        let outside = UserId::from(format!("outside-{place}"));
        test.run(CreateUserIdMapping::new(user.id, outside.clone())).await;
        let user_id = || outside.clone();
        let CreateSessionResponse::Ok(session) = test.run(CreateSession::new(id)).await else {
            panic!("a session")
        };
        let reset = CreatePasswordResetToken { user_id: user_id(), email: own_email.clone() };
        let CreatePasswordResetTokenResponse::Ok { token: reset_token } = test.run(reset).await
        else {
            panic!("a token")
        };
        let verify = CreateEmailVerificationToken { user_id: user_id(), email: own_email.clone() };
        let CreateEmailVerificationTokenResponse::Ok { token: verification_token } =
            test.run(verify).await
        else {
            panic!("a token")
        };
        let code = CreateCode::for_email(format!("code-{place}@example.com"));
        let CreateCodeResponse::Ok(code) = test.run(code).await else { panic!("a code") };
        let link = CodeProof::link_code(code.pre_auth_session_id, code.link_code);
        let google = ThirdPartySignInUp {
            third_party_id: "google".into(),
            third_party_user_id: "108".into(),
            email: ProvidedEmail { id: own_email.clone(), is_verified: true },
        };
        test.run(google).await;
        test.run(CreateRole { role: place.clone(), permissions: None }).await;
        test.run(AddUserRole { user_id: user_id(), role: place.clone() }).await;
        let metadata_update = json!({ "place": place }).as_object().unwrap().clone();
        test.run(UpdateUserMetadata { user_id: user_id(), metadata_update }).await;
        let device =
            CreateTotpDevice { user_id: user_id(), device_name: None, skew: 1, period: 30 };
        test.run(device).await;
        let GenerateRecoveryCodesResponse::Ok { codes } =
            test.run(GenerateRecoveryCodes { user_id: user_id() }).await;
        test.run(TakeFromBudgets { budgets: vec![budget()] }).await;
        Self {
            own_email,
            session: session.session.handle.clone(),
            access_token: session.access_token.token.clone(),
            refresh_token: session.refresh_token.token.clone(),
            reset_token,
            verification_token,
            link,
            recovery_code: codes.into_iter().next().unwrap(),
            user: outside,
            test,
        }
    }

    fn is_of_app(&self, other: &Self) -> bool {
        self.test.scope.app == other.test.scope.app
    }
}

fn budget() -> BudgetToTake {
    BudgetToTake {
        name: "signIn/account".into(),
        subject: "same".into(),
        most: 1,
        refill_interval_ms: 3_600_000,
        cost: 1,
    }
}

async fn everywhere() -> Vec<Filled> {
    let test = Test::new().await;
    test.put_app("a1").await;
    test.put_tenant("t1").await;
    test.at("a1", "public").put_tenant("t1").await;
    let mut filled = Vec::new();
    for (app, tenant) in [("public", "public"), ("public", "t1"), ("a1", "public"), ("a1", "t1")] {
        filled.push(Filled::new(test.at(app, tenant)).await);
    }
    filled
}

#[tokio::test]
async fn no_tenant_knows_another_one_s_users_codes_or_tokens() {
    let all = everywhere().await;
    for (one, other) in pairs(&all) {
        let at = &other.test;
        let place = format!("{:?} in {:?}", one.test.scope, at.scope);
        assert!(at.sign_in(&one.own_email, "password 1").await.is_none(), "{place}");
        let found = ListUsersByAccountInfo {
            email: Some(one.own_email.clone()),
            ..ListUsersByAccountInfo::default()
        };
        let ListUsersByAccountInfoResponse::Ok { users } = at.run(found).await;
        assert!(users.is_empty(), "{place}");
        let consumed = at.run(ConsumeCode(one.link.clone())).await;
        assert!(!matches!(consumed, ConsumeCodeResponse::Ok { .. }), "{place}");
        let token = VerifyEmail::by_token(one.verification_token.clone());
        let verified = at.run(token).await;
        assert!(!matches!(verified, VerifyEmailResponse::Ok { .. }), "{place}");
        let ListSessionHandlesResponse::Ok { session_handles } = at
            .run(ListSessionHandles {
                user_id: one.user.clone(),
                fetch_across_all_tenants: false,
                fetch_sessions_for_all_linked_accounts: true,
            })
            .await;
        assert!(session_handles.is_empty(), "{place}");
        let GetRolesForUserResponse::Ok { roles } =
            at.run(GetRolesForUser { user_id: one.user.clone() }).await;
        assert!(roles.is_empty(), "{place}");
    }
    for filled in &all {
        let CountUsersResponse::Ok { count, .. } = filled.test.run(CountUsers::default()).await;
        assert_eq!(count, 3);
        let ListUsersResponse::Ok { users, .. } = filled.test.run(ListUsers::default()).await;
        let tenants: BTreeSet<_> = users.iter().flat_map(|user| user.tenant_ids.clone()).collect();
        assert_eq!(tenants, BTreeSet::from([filled.test.scope.tenant.clone()]));
        // A budget of the same name is each tenant's own, and so is what is left of it.
        let taken = filled.test.run(TakeFromBudgets { budgets: vec![budget()] }).await;
        assert!(matches!(taken, TakeFromBudgetsResponse::LimitReachedError { .. }));
        // What is its own still works.
        assert!(filled.test.sign_in(&filled.own_email, "password 1").await.is_some());
        let consumed = filled.test.run(ConsumeCode(filled.link.clone())).await;
        assert!(matches!(consumed, ConsumeCodeResponse::Ok { .. }), "{consumed:?}");
    }
}

#[tokio::test]
async fn no_app_knows_another_one_s_users_sessions_keys_or_data() {
    let all = everywhere().await;
    for (one, other) in pairs(&all).filter(|(one, other)| !one.is_of_app(other)) {
        let at = &other.test;
        let user_id = || one.user.clone();
        let place = format!("{:?} in {:?}", one.test.scope, at.scope);
        let found = at.run(GetUserById { user_id: user_id() }).await;
        assert!(matches!(found, GetUserByIdResponse::UnknownUserIdError), "{place}");
        let found = at.run(GetSession { session_handle: one.session.clone() }).await;
        assert!(matches!(found, GetSessionResponse::Unauthorised { .. }), "{place}");
        let verify = VerifySession {
            access_token: one.access_token.clone(),
            anti_csrf_token: None,
            do_anti_csrf_check: false,
            enable_anti_csrf: false,
            check_database: false,
            cdi_version: CdiVersion::LATEST,
        };
        let verified = at.run(verify).await;
        assert!(matches!(verified, VerifySessionResponse::TryRefreshToken { .. }), "{place}");
        let refresh = RefreshSession {
            refresh_token: one.refresh_token.clone(),
            anti_csrf_token: None,
            enable_anti_csrf: false,
            use_dynamic_signing_key: Some(true),
            access_token_validity_ms: None,
            proven_devices: None,
            cdi_version: CdiVersion::LATEST,
        };
        let refreshed = at.run(refresh).await;
        assert!(matches!(refreshed, RefreshSessionResponse::Unauthorised { .. }), "{place}");
        let token = one.reset_token.clone();
        let consumed = at.run(ConsumePasswordResetToken { token }).await;
        assert!(!matches!(consumed, ConsumePasswordResetTokenResponse::Ok { .. }), "{place}");
        let code = one.recovery_code.clone();
        let consumed = at.run(ConsumeRecoveryCode { user_id: user_id(), code }).await;
        assert!(!matches!(consumed, ConsumeRecoveryCodeResponse::Ok { .. }), "{place}");
        let devices = at.run(ListTotpDevices { user_id: user_id() }).await;
        let ListTotpDevicesResponse::Ok { devices } = devices;
        assert!(devices.is_empty(), "{place}");
        let GetUserMetadataResponse::Ok { metadata } =
            at.run(GetUserMetadata { user_id: user_id() }).await;
        assert!(metadata.is_empty(), "{place}");
        let mapping = at.run(GetUserIdMapping { user_id: user_id(), user_id_type: None }).await;
        assert_eq!(mapping, GetUserIdMappingResponse::UnknownMappingError, "{place}");
        let GetAllRolesResponse::Ok { roles } = at.run(GetAllRoles {}).await;
        let app = at.scope.app.as_str();
        assert!(roles.iter().all(|role| role.starts_with(&format!("{app}-"))), "{roles:?}");
        at.run(DeleteUser { user_id: user_id(), remove_all_linked_accounts: true }).await;
        let revoke = RemoveSessions {
            session_handles: Some(vec![one.session.clone()]),
            ..RemoveSessions::default()
        };
        let RemoveSessionsResponse::Ok { session_handles_revoked } = at.run(revoke).await;
        assert!(session_handles_revoked.is_empty(), "{place}");
    }
    for filled in &all {
        let found = filled.test.run(GetUserById { user_id: filled.user.clone() }).await;
        assert!(matches!(found, GetUserByIdResponse::Ok { .. }));
        let found = filled.test.run(GetSession { session_handle: filled.session.clone() }).await;
        assert!(matches!(found, GetSessionResponse::Ok { .. }));
    }
}

/// Every two of them, in both orders.
fn pairs(all: &[Filled]) -> impl Iterator<Item = (&Filled, &Filled)> {
    all.iter().flat_map(move |one| {
        all.iter()
            .filter(move |other| one.test.scope != other.test.scope)
            .map(move |other| (one, other))
    })
}
