//! Users in several tenants (CDI §5.3).

use auth_protocol::{
    RecipeUserId, User, accountlinking::*, multitenancy::*, passwordless::*, session::*,
    thirdparty::*, user::*, userroles::*,
};

use crate::common::Test;

const EMAIL: &str = "ada@example.com";

impl Test {
    async fn associate(&self, id: &RecipeUserId) -> AssociateUserToTenantResponse {
        self.run(AssociateUserToTenant { recipe_user_id: id.clone() }).await
    }

    async fn disassociate(&self, id: &RecipeUserId) -> DisassociateUserFromTenantResponse {
        self.run(DisassociateUserFromTenant { recipe_user_id: id.clone() }).await
    }

    async fn user(&self, id: &str) -> User {
        match self.run(GetUserById { user_id: id.into() }).await {
            GetUserByIdResponse::Ok { user } => user,
            GetUserByIdResponse::UnknownUserIdError => panic!("{id} is gone"),
        }
    }

    async fn by_phone(&self, number: &str) -> RecipeUserId {
        let CreateCodeResponse::Ok(code) = self.run(CreateCode::for_phone_number(number)).await
        else {
            panic!("a new device")
        };
        let proof = CodeProof::link_code(code.pre_auth_session_id, code.link_code);
        match self.run(ConsumeCode(proof)).await {
            ConsumeCodeResponse::Ok { recipe_user_id, .. } => recipe_user_id,
            other => panic!("{other:?}"),
        }
    }

    async fn by_google(&self, account: &str) -> RecipeUserId {
        let sign_in_up = ThirdPartySignInUp {
            third_party_id: "google".into(),
            third_party_user_id: account.into(),
            email: ProvidedEmail { id: EMAIL.into(), is_verified: true },
        };
        let ThirdPartySignInUpResponse::Ok { recipe_user_id, .. } = self.run(sign_in_up).await
        else {
            panic!("a third party's user")
        };
        recipe_user_id
    }

    async fn make_primary(&self, id: &RecipeUserId) {
        let answer = self.run(CreatePrimaryUser { recipe_user_id: id.clone() }).await;
        assert!(matches!(answer, CreatePrimaryUserResponse::Ok { .. }), "{answer:?}");
    }
}

async fn two_tenants() -> (Test, Test) {
    let test = Test::new().await;
    test.put_tenant("t1").await;
    let t1 = test.at("public", "t1");
    (test, t1)
}

fn newly(was_already_associated: bool) -> AssociateUserToTenantResponse {
    AssociateUserToTenantResponse::Ok { was_already_associated }
}

#[tokio::test]
async fn cdi_1_12_a_user_signs_in_in_each_tenant_that_it_was_let_into_and_in_no_other() {
    let (test, t1) = two_tenants().await;
    let (user, id) = test.sign_up(EMAIL).await;
    assert!(t1.sign_in(EMAIL, "password 1").await.is_none());
    assert_eq!(t1.associate(&id).await, newly(false));
    assert_eq!(t1.associate(&id).await, newly(true));
    assert!(t1.sign_in(EMAIL, "password 1").await.is_some());
    let tenants = test.user(user.id.as_str()).await.tenant_ids;
    assert_eq!(tenants, ["public", "t1"]);

    t1.run(CreateSession::new(id.clone())).await;
    test.run(CreateSession::new(id.clone())).await;
    test.run(CreateRole { role: "editor".into(), permissions: None }).await;
    for there in [&test, &t1] {
        there.run(AddUserRole { user_id: user.id.clone(), role: "editor".into() }).await;
    }
    let left = DisassociateUserFromTenantResponse::Ok { was_associated: true };
    assert_eq!(t1.disassociate(&id).await, left);
    let left = DisassociateUserFromTenantResponse::Ok { was_associated: false };
    assert_eq!(t1.disassociate(&id).await, left);
    assert!(t1.sign_in(EMAIL, "password 1").await.is_none());
    assert!(test.sign_in(EMAIL, "password 1").await.is_some());
    let sessions = test.run(ListSessionHandles {
        user_id: user.id.clone(),
        fetch_across_all_tenants: true,
        fetch_sessions_for_all_linked_accounts: true,
    });
    let ListSessionHandlesResponse::Ok { session_handles } = sessions.await;
    assert_eq!(session_handles.len(), 1);
    for (there, roles) in [(&test, 1), (&t1, 0)] {
        let GetRolesForUserResponse::Ok { roles: found } =
            there.run(GetRolesForUser { user_id: user.id.clone() }).await;
        assert_eq!(found.len(), roles);
    }

    // Out of every tenant the user is still there, and can be let into one again.
    test.disassociate(&id).await;
    assert!(test.user(user.id.as_str()).await.tenant_ids.is_empty());
    assert!(test.sign_in(EMAIL, "password 1").await.is_none());
    assert_eq!(test.associate(&id).await, newly(false));
    assert!(test.sign_in(EMAIL, "password 1").await.is_some());
}

#[tokio::test]
async fn cdi_1_12_who_is_known_by_the_same_in_a_tenant_keeps_others_out() {
    let (test, t1) = two_tenants().await;
    let phone = "+491701234567";
    let (_, by_password) = test.sign_up(EMAIL).await;
    let by_phone = test.by_phone(phone).await;
    let by_google = test.by_google("108").await;
    t1.sign_up(EMAIL).await;
    t1.by_phone(phone).await;
    t1.by_google("108").await;
    for (id, answer) in [
        (&by_password, AssociateUserToTenantResponse::EmailAlreadyExistsError),
        (&by_phone, AssociateUserToTenantResponse::PhoneNumberAlreadyExistsError),
        (&by_google, AssociateUserToTenantResponse::ThirdPartyUserAlreadyExistsError),
    ] {
        assert_eq!(t1.associate(id).await, answer);
        assert_eq!(test.user(id.as_str()).await.tenant_ids, ["public"]);
    }
    // The same address at another account is another login method.
    let other = test.by_google("109").await;
    assert_eq!(t1.associate(&other).await, newly(false));
    let unknown = RecipeUserId::from("nobody");
    assert_eq!(t1.associate(&unknown).await, AssociateUserToTenantResponse::UnknownUserIdError);
    assert_eq!(
        t1.disassociate(&unknown).await,
        DisassociateUserFromTenantResponse::UnknownUserIdError
    );
    assert_eq!(
        t1.refused(AssociateUserToTenant { recipe_user_id: " ".into() }).await,
        "Field name 'userId' cannot be an empty String"
    );
}

#[tokio::test]
async fn cdi_5_3_nothing_of_a_group_may_be_another_primary_user_s_in_the_tenant() {
    let (test, t1) = two_tenants().await;
    let (user, head) = test.sign_up(EMAIL).await;
    let phone = test.by_phone("+491701234567").await;
    test.make_primary(&head).await;
    let link = LinkAccounts { recipe_user_id: phone.clone(), primary_user_id: user.id.clone() };
    test.run(link).await;
    let stranger = t1.by_google("108").await;
    t1.make_primary(&stranger).await;
    // The stranger has the address of the group's head.
    let reason = "This user's email is already associated with another user ID".to_owned();
    let refusal = AssociateUserToTenantResponse::AssociationNotAllowedError { reason };
    assert_eq!(t1.associate(&phone).await, refusal);
    assert_eq!(t1.associate(&head).await, refusal);
    t1.disassociate(&stranger).await;
    assert_eq!(t1.associate(&phone).await, newly(false));
    // Now the group has the address there.
    assert!(matches!(
        t1.associate(&stranger).await,
        AssociateUserToTenantResponse::AssociationNotAllowedError { .. }
    ));
    t1.disassociate(&phone).await;
    assert_eq!(t1.associate(&stranger).await, newly(false));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_with_one_address_who_are_let_into_a_tenant_at_once_one_gets_in() {
    let (test, t1) = two_tenants().await;
    test.put_tenant("t2").await;
    for round in 0..8 {
        let email = format!("user{round}@example.com");
        let (_, one) = test.sign_up(&email).await;
        let (_, other) = test.at("public", "t2").sign_up(&email).await;
        if round % 2 == 1 {
            test.make_primary(&one).await;
            test.make_primary(&other).await;
        }
        let (first, second) = tokio::join!(t1.associate(&one), t1.associate(&other));
        let inside = [&first, &second].into_iter().filter(|it| **it == newly(false)).count();
        assert_eq!(inside, 1, "{first:?} {second:?}");
    }
}

#[tokio::test]
async fn a_tenant_goes_with_its_sessions_and_roles_and_leaves_its_users() {
    let (test, t1) = two_tenants().await;
    let (user, id) = t1.sign_up(EMAIL).await;
    t1.run(CreateSession::new(id.clone())).await;
    t1.run(CreateCode::for_email(EMAIL)).await;
    test.run(CreateRole { role: "editor".into(), permissions: None }).await;
    t1.run(AddUserRole { user_id: user.id.clone(), role: "editor".into() }).await;
    assert!(test.remove_tenant("t1").await);
    assert!(test.user(user.id.as_str()).await.tenant_ids.is_empty());
    test.put_tenant("t1").await;
    assert!(t1.sign_in(EMAIL, "password 1").await.is_none());
    let GetRolesForUserResponse::Ok { roles } =
        t1.run(GetRolesForUser { user_id: user.id.clone() }).await;
    assert!(roles.is_empty());
    assert_eq!(test.associate(&id).await, newly(false));
}
