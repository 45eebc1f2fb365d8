//! Two tenants of one app: what belongs to one of them is of no use in the other.

use auth_protocol::passwordless::*;

use crate::{
    PHONE,
    common::{Test, TestStorage},
    linked, set, typed, typed_as,
};

const EMAIL: &str = "ada@example.com";

/// The two, and the database that they share.
async fn two_tenants() -> (Test, Test, TestStorage) {
    let storage = TestStorage::new();
    let here = Test::with(storage.config()).await;
    let there = here.in_new_tenant(&storage, "t1");
    (here, there, storage)
}

#[tokio::test]
async fn a_code_and_a_link_are_refused_in_another_tenant_and_stay_good_in_their_own() {
    let (here, there, _storage) = two_tenants().await;
    for (from, to) in [(&here, &there), (&there, &here)] {
        for proof in [typed, linked] {
            let code = from.email_code(EMAIL).await;
            let checked = to.run(CheckCode(proof(&code))).await;
            assert_eq!(checked, CheckCodeResponse::RestartFlowError);
            let consumed = to.consume(proof(&code)).await;
            assert!(matches!(consumed, ConsumeCodeResponse::RestartFlowError), "{consumed:?}");
            from.sign_in_by(proof(&code)).await;
        }
    }
}

#[tokio::test]
async fn a_device_is_unknown_in_another_tenant() {
    let (here, there, _storage) = two_tenants().await;
    let code = here.email_code(EMAIL).await;
    let resent = there.run(CreateCode::for_device(code.device_id.clone())).await;
    assert!(matches!(resent, CreateCodeResponse::RestartFlowError), "{resent:?}");
    let filters = || {
        [
            ListCodes::by_email(EMAIL),
            ListCodes::by_device_id(code.device_id.clone()),
            ListCodes::by_pre_auth_session_id(&*code.pre_auth_session_id),
        ]
    };
    for (own, foreign) in filters().into_iter().zip(filters()) {
        assert_eq!(here.devices(own).await[0].codes.len(), 1);
        assert_eq!(there.devices(foreign).await, []);
    }
}

#[tokio::test]
async fn wrong_codes_in_another_tenant_are_not_counted() {
    let (here, there, _storage) = two_tenants().await;
    let (code, other) = (here.email_code(EMAIL).await, there.email_code(EMAIL).await);
    for _ in 0..6 {
        let wrong = there.consume(typed_as(&code, "wrong")).await;
        assert!(matches!(wrong, ConsumeCodeResponse::RestartFlowError), "{wrong:?}");
    }
    // Nor does a device count what is typed in at another one of the same address.
    for attempt in 1..5 {
        let wrong = there.run(CheckCode(typed_as(&other, "wrong"))).await;
        let expected = CheckCodeResponse::IncorrectUserInputCodeError {
            failed_code_input_attempt_count: attempt,
            maximum_code_input_attempts: 5,
        };
        assert_eq!(wrong, expected);
    }
    let (_, _, _, device) = here.sign_in_by(typed(&code)).await;
    assert_eq!(device.failed_code_input_attempt_count, 0);
}

#[tokio::test]
async fn nothing_is_revoked_from_another_tenant() {
    let (here, there, _storage) = two_tenants().await;
    let code = here.email_code(EMAIL).await;
    let by_id = RemoveCode { code_id: Some(code.code_id.clone()), ..RemoveCode::default() };
    there.run(by_id).await;
    let id = Some(code.pre_auth_session_id.clone());
    there.run(RemoveCode { pre_auth_session_id: id, ..RemoveCode::default() }).await;
    there.run(RemoveCodes { email: Some(EMAIL.into()), ..RemoveCodes::default() }).await;
    here.sign_in_by(typed(&code)).await;
}

#[tokio::test]
async fn one_contact_is_one_user_in_each_tenant_and_signs_in_to_one_at_a_time() {
    let (here, there, _storage) = two_tenants().await;
    for contact in [CreateCode::for_email(EMAIL), CreateCode::for_phone_number(PHONE)] {
        let (code, other) = (here.code(contact.clone()).await, there.code(contact.clone()).await);
        let (created, _, id, _) = here.sign_in_by(typed(&code)).await;
        assert!(created);
        // Of what was sent for the other tenant this has used up nothing.
        let (created, user, other_id, _) = there.sign_in_by(linked(&other)).await;
        assert!(created);
        assert_ne!(other_id, id);
        assert_eq!(user.tenant_ids, std::slice::from_ref(&there.scope.tenant));
        // Each is found again where it is at home.
        for (tenant, id) in [(&here, id), (&there, other_id)] {
            let code = tenant.code(contact.clone()).await;
            let (created, _, again, _) = tenant.sign_in_by(typed(&code)).await;
            assert_eq!((created, again), (false, id));
        }
    }
}

#[tokio::test]
async fn a_user_is_found_by_its_contact_in_its_own_tenant() {
    let (here, there, _storage) = two_tenants().await;
    here.new_user(EMAIL).await;
    let by_email =
        || GetPasswordlessUser { email: Some(EMAIL.into()), ..GetPasswordlessUser::default() };
    let found = here.run(by_email()).await;
    assert!(matches!(found, GetPasswordlessUserResponse::Ok { .. }), "{found:?}");
    let found = there.run(by_email()).await;
    assert_eq!(found, GetPasswordlessUserResponse::UnknownEmailError);
}

#[tokio::test]
async fn a_change_of_contact_ends_codes_in_the_user_s_own_tenant_only() {
    let (here, there, _storage) = two_tenants().await;
    let id = here.new_user(EMAIL).await;
    let (own, foreign) = (here.email_code(EMAIL).await, there.email_code(EMAIL).await);
    here.update(&id, set("new@example.com"), ContactChange::Keep).await;
    let response = here.run(CheckCode(linked(&own))).await;
    assert_eq!(response, CheckCodeResponse::RestartFlowError);
    there.sign_in_by(linked(&foreign)).await;
}
