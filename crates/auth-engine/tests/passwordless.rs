//! One-time codes and magic links: CDI 1.6 and 4.3.
#![allow(clippy::unwrap_used, clippy::panic)] // a failed test panics

mod common;

use std::time::Duration;

use auth_engine::{EngineConfig, EngineError, Handle};
use auth_protocol::{
    Operation, RecipeId, RecipeUserId, Secret, User,
    passwordless::*,
    user::{
        DeleteUser, GetUserById, GetUserByIdResponse, ListUsers, ListUsersByAccountInfo,
        ListUsersByAccountInfoResponse, ListUsersResponse,
    },
};
use common::{Test, cheap, public};

const PHONE: &str = "+49 170 1234567";
const E164: &str = "+491701234567";
const LIFETIME: Duration = Duration::from_secs(900);

impl Test {
    async fn code(&self, operation: CreateCode) -> CreatedCode {
        match self.run(operation).await {
            CreateCodeResponse::Ok(code) => code,
            other => panic!("{other:?}"),
        }
    }

    async fn email_code(&self, email: &str) -> CreatedCode {
        self.code(CreateCode::for_email(email)).await
    }

    async fn consume(&self, proof: CodeProof) -> ConsumeCodeResponse {
        self.run(ConsumeCode(proof)).await
    }

    async fn sign_in_by(&self, proof: CodeProof) -> (bool, User, RecipeUserId, ConsumedDevice) {
        match self.consume(proof).await {
            ConsumeCodeResponse::Ok { created_new_user, user, recipe_user_id, consumed_device } => {
                (created_new_user, user, recipe_user_id, consumed_device)
            }
            other => panic!("{other:?}"),
        }
    }

    async fn new_user(&self, email: &str) -> RecipeUserId {
        let code = self.email_code(email).await;
        self.sign_in_by(typed(&code)).await.2
    }

    async fn devices(&self, filter: ListCodes) -> Vec<Device> {
        let ListCodesResponse::Ok { devices } = self.run(filter).await;
        devices
    }

    async fn refused<O: Operation>(&self, operation: O) -> String
    where
        auth_engine::Engine: Handle<O>,
    {
        match self.engine.handle(&public(), operation).await {
            Err(EngineError::BadRequest(text)) => text,
            _ => panic!("not refused"),
        }
    }

    async fn update(
        &self,
        id: &RecipeUserId,
        email: ContactChange,
        phone_number: ContactChange,
    ) -> UpdatePasswordlessUserResponse {
        let recipe_user_id = id.clone();
        self.run(UpdatePasswordlessUser { recipe_user_id, email, phone_number }).await
    }
}

fn typed(code: &CreatedCode) -> CodeProof {
    typed_as(code, code.user_input_code.expose_secret())
}

fn typed_as(code: &CreatedCode, user_input_code: &str) -> CodeProof {
    CodeProof::user_input_code(&code.pre_auth_session_id, code.device_id.clone(), user_input_code)
}

fn linked(code: &CreatedCode) -> CodeProof {
    CodeProof::link_code(&code.pre_auth_session_id, code.link_code.clone())
}

fn set(value: &str) -> ContactChange {
    ContactChange::Set(value.to_owned())
}

#[tokio::test]
async fn a_code_that_is_typed_in_creates_the_user_with_a_verified_address() {
    let test = Test::new().await;
    let code = test.email_code(" Ada@Example.com ").await;
    assert_eq!((code.code_lifetime, code.time_created), (900_000, test.clock.now_ms()));
    assert_eq!(code.user_input_code.expose_secret().len(), 6);
    let (created, user, id, device) = test.sign_in_by(typed(&code)).await;
    assert!(created);
    assert_eq!(user.emails, ["ada@example.com"]);
    let [method] = user.login_methods.as_slice() else { panic!("one method") };
    assert_eq!((method.recipe_id, method.verified), (RecipeId::Passwordless, true));
    assert_eq!(method.recipe_user_id, id);
    assert_eq!(
        device,
        ConsumedDevice {
            pre_auth_session_id: code.pre_auth_session_id,
            failed_code_input_attempt_count: 0,
            email: Some("ada@example.com".into()),
            phone_number: None,
        }
    );
}

#[tokio::test]
async fn a_link_signs_the_same_user_in_again() {
    let test = Test::new().await;
    let id = test.new_user("ada@example.com").await;
    let code = test.email_code("ada@example.com").await;
    let (created, user, again, _) = test.sign_in_by(linked(&code)).await;
    assert!(!created);
    assert_eq!((again, user.id.as_str()), (id.clone(), id.as_str()));
}

#[tokio::test]
async fn a_phone_number_is_one_user_however_it_is_written() {
    let test = Test::new().await;
    let code = test.code(CreateCode::for_phone_number(PHONE)).await;
    let (_, user, id, device) = test.sign_in_by(typed(&code)).await;
    assert_eq!(user.phone_numbers, [E164]);
    assert!(user.login_methods[0].verified);
    assert!(user.login_methods[0].has_same_phone_number_as("+49 (170) 12 345 67"));
    assert_eq!(device.phone_number.as_deref(), Some(E164));
    let code = test.code(CreateCode::for_phone_number("+49 (170) 12 345 67")).await;
    assert_eq!(test.sign_in_by(linked(&code)).await.2, id);
    let info = ListUsersByAccountInfo {
        phone_number: Some("+49-170-1234567".into()),
        ..ListUsersByAccountInfo::default()
    };
    let ListUsersByAccountInfoResponse::Ok { users } = test.run(info).await;
    assert_eq!(users, [user]);
}

#[tokio::test]
async fn a_code_works_once_by_hand_or_by_link() {
    let test = Test::new().await;
    let code = test.email_code("ada@example.com").await;
    test.sign_in_by(linked(&code)).await;
    for proof in [typed(&code), linked(&code)] {
        let again = test.consume(proof).await;
        assert!(matches!(again, ConsumeCodeResponse::RestartFlowError), "{again:?}");
    }
}

#[tokio::test]
async fn success_ends_every_device_of_the_contact_and_no_other() {
    let test = Test::new().await;
    let first = test.email_code("ada@example.com").await;
    let second = test.email_code("ADA@example.com").await;
    let other = test.email_code("eve@example.com").await;
    test.sign_in_by(typed(&second)).await;
    let gone = test.consume(typed(&first)).await;
    assert!(matches!(gone, ConsumeCodeResponse::RestartFlowError), "{gone:?}");
    test.sign_in_by(typed(&other)).await;
}

#[tokio::test]
async fn the_last_wrong_code_ends_the_device() {
    let test = Test::new().await;
    let code = test.email_code("ada@example.com").await;
    for attempt in 1..5 {
        let response = test.consume(typed_as(&code, "wrong")).await;
        let ConsumeCodeResponse::IncorrectUserInputCodeError {
            failed_code_input_attempt_count,
            maximum_code_input_attempts,
        } = response
        else {
            panic!("{response:?}");
        };
        assert_eq!((failed_code_input_attempt_count, maximum_code_input_attempts), (attempt, 5));
    }
    let last = test.consume(typed_as(&code, "wrong")).await;
    assert!(matches!(last, ConsumeCodeResponse::RestartFlowError), "{last:?}");
    for proof in [typed(&code), linked(&code)] {
        let response = test.consume(proof).await;
        assert!(matches!(response, ConsumeCodeResponse::RestartFlowError), "{response:?}");
    }
}

#[tokio::test]
async fn an_expired_code_is_told_from_a_wrong_one_and_counts_too() {
    let test = Test::new().await;
    let code = test.email_code("ada@example.com").await;
    test.clock.advance(LIFETIME);
    assert!(matches!(test.run(CheckCode(typed(&code))).await, CheckCodeResponse::Ok { .. }));
    // A device with a younger code isn't tidied up.
    test.code(CreateCode::for_device(code.device_id.clone())).await;
    test.clock.advance(Duration::from_millis(1));
    let response = test.run(CheckCode(typed(&code))).await;
    let expected = CheckCodeResponse::ExpiredUserInputCodeError {
        failed_code_input_attempt_count: 1,
        maximum_code_input_attempts: 5,
    };
    assert_eq!(response, expected);
    let response = test.consume(linked(&code)).await;
    assert!(matches!(response, ConsumeCodeResponse::RestartFlowError), "{response:?}");
    let [device] = test.devices(ListCodes::by_email("ada@example.com")).await.try_into().unwrap();
    assert_eq!(device.failed_code_input_attempt_count, 1, "links count no attempts");
}

#[tokio::test]
async fn checking_uses_nothing_up_but_counts_what_is_wrong() {
    let test = Test::new().await;
    let code = test.email_code("ada@example.com").await;
    for _ in 0..2 {
        let response = test.run(CheckCode(linked(&code))).await;
        let CheckCodeResponse::Ok { consumed_device } = response else { panic!("{response:?}") };
        assert_eq!(consumed_device.email.as_deref(), Some("ada@example.com"));
    }
    let wrong = test.run(CheckCode(typed_as(&code, "wrong"))).await;
    assert!(matches!(wrong, CheckCodeResponse::IncorrectUserInputCodeError { .. }), "{wrong:?}");
    let (_, _, _, device) = test.sign_in_by(typed(&code)).await;
    assert_eq!(device.failed_code_input_attempt_count, 1);
}

#[tokio::test]
async fn attempts_and_lifetime_are_the_engines_configuration() {
    let config = cheap(EngineConfig::in_memory())
        .passwordless_max_code_input_attempts(1)
        .passwordless_code_lifetime(Duration::from_secs(1));
    let test = Test::with(config).await;
    let code = test.email_code("ada@example.com").await;
    assert_eq!(code.code_lifetime, 1000);
    let response = test.consume(typed_as(&code, "wrong")).await;
    assert!(matches!(response, ConsumeCodeResponse::RestartFlowError), "{response:?}");
    for config in [
        EngineConfig::in_memory().passwordless_max_code_input_attempts(0),
        EngineConfig::in_memory().passwordless_code_lifetime(Duration::ZERO),
    ] {
        let error = auth_engine::Engine::open(config).await.unwrap_err();
        assert!(error.to_string().starts_with("`passwordless_"), "{error}");
    }
}

#[tokio::test]
async fn a_device_that_gets_another_code_accepts_both() {
    let test = Test::new().await;
    let first = test.email_code("ada@example.com").await;
    let second = test.code(CreateCode::for_device(first.device_id.clone())).await;
    assert_eq!(first.pre_auth_session_id, second.pre_auth_session_id);
    assert_ne!(first.code_id, second.code_id);
    for code in [&first, &second] {
        let response = test.run(CheckCode(typed(code))).await;
        assert!(matches!(response, CheckCodeResponse::Ok { .. }), "{response:?}");
    }
    test.sign_in_by(typed(&first)).await;
    let response = test.run(CreateCode::for_device(first.device_id.clone())).await;
    assert!(matches!(response, CreateCodeResponse::RestartFlowError), "{response:?}");
}

#[tokio::test]
async fn a_chosen_code_is_taken_once_for_each_device() {
    let test = Test::new().await;
    let chosen = || Some(Secret::from("open sesame"));
    let code = test.code(CreateCode::for_email("a@example.com").user_input_code(chosen())).await;
    assert_eq!(code.user_input_code.expose_secret(), "open sesame");
    let again = CreateCode::for_device(code.device_id.clone()).user_input_code(chosen());
    let response = test.run(again).await;
    assert!(matches!(response, CreateCodeResponse::UserInputCodeAlreadyUsedError), "{response:?}");
    test.code(CreateCode::for_email("b@example.com").user_input_code(chosen())).await;
    test.sign_in_by(typed(&code)).await;
}

#[tokio::test]
async fn malformed_proofs_and_requests_are_refused_with_the_wires_texts() {
    let test = Test::new().await;
    let (code, other) = (test.email_code("a@b.c").await, test.email_code("d@e.f").await);
    let one_of = "Please provide exactly one of ";
    let mismatch = "preAuthSessionId and deviceId doesn't match";
    let both = CodeProof { link_code: Some(code.link_code.clone()), ..typed(&code) };
    let neither = CodeProof { link_code: None, ..linked(&code) };
    for proof in [both, neither] {
        let text = test.refused(ConsumeCode(proof)).await;
        assert_eq!(text, format!("{one_of}linkCode or deviceId+userInputCode"));
    }
    for proof in [typed(&code), linked(&code)] {
        let pre_auth_session_id = other.pre_auth_session_id.clone();
        let foreign = CodeProof { pre_auth_session_id, ..proof };
        assert_eq!(test.refused(CheckCode(foreign)).await, mismatch);
    }
    let wrong = CodeProof { device_id: Some("%".into()), ..typed(&code) };
    assert_eq!(test.refused(ConsumeCode(wrong)).await, "Input encoding error in deviceId");
    let wrong = CodeProof { link_code: Some("%".into()), ..linked(&code) };
    assert_eq!(test.refused(ConsumeCode(wrong)).await, "Input encoding error in linkCode");
    let two = CreateCode { phone_number: Some("1".into()), ..CreateCode::for_email("a@b.c") };
    for request in [CreateCode::default(), two] {
        let text = test.refused(request).await;
        assert_eq!(text, format!("{one_of}email, phoneNumber or deviceId"));
    }
    let empty = CreateCode::for_email("a@b.c").user_input_code(Some("".into()));
    assert_eq!(test.refused(empty).await, "Field name 'userInputCode' cannot be an empty String");
    let long = CreateCode::for_phone_number("1".repeat(257));
    let text = test.refused(long).await;
    assert_eq!(text, "Field name 'phoneNumber' is invalid in JSON input");
    let text = test.refused(RemoveCode::default()).await;
    assert_eq!(text, format!("{one_of}codeId or preAuthSessionId"));
    let text = test.refused(RemoveCodes::default()).await;
    assert_eq!(text, format!("{one_of}email or phoneNumber"));
    let text = test.refused(ListCodes::default()).await;
    assert_eq!(text, format!("{one_of}email, phoneNumber, deviceId or preAuthSessionId"));
    // Nothing of that cost an attempt; padding of an id is ignored.
    let pre_auth_session_id = format!("{}==", code.pre_auth_session_id);
    let device = test.sign_in_by(CodeProof { pre_auth_session_id, ..typed(&code) }).await.3;
    assert_eq!(device.failed_code_input_attempt_count, 0);
}

#[tokio::test]
async fn devices_are_listed_by_contact_secret_and_digest() {
    let test = Test::new().await;
    let first = test.code(CreateCode::for_phone_number(PHONE)).await;
    test.clock.advance(Duration::from_secs(1));
    let second = test.code(CreateCode::for_device(first.device_id.clone())).await;
    let expected = Device {
        pre_auth_session_id: first.pre_auth_session_id.clone(),
        failed_code_input_attempt_count: 0,
        email: None,
        phone_number: Some(E164.into()),
        codes: [first.clone(), second]
            .map(|code| DeviceCode {
                code_id: code.code_id,
                time_created: code.time_created,
                code_lifetime: 900_000,
            })
            .into(),
    };
    for filter in [
        ListCodes::by_phone_number(PHONE),
        ListCodes::by_device_id(first.device_id.clone()),
        ListCodes::by_pre_auth_session_id(format!("{}=", first.pre_auth_session_id)),
    ] {
        assert_eq!(test.devices(filter).await, std::slice::from_ref(&expected));
    }
    assert!(test.devices(ListCodes::by_email("a@b.c")).await.is_empty());
}

#[tokio::test]
async fn codes_are_revoked_singly_by_device_and_by_contact() {
    let test = Test::new().await;
    let first = test.email_code("a@b.c").await;
    let second = test.code(CreateCode::for_device(first.device_id.clone())).await;
    let by_id = |id: &str| RemoveCode { code_id: Some(id.into()), ..RemoveCode::default() };
    test.run(by_id("unknown")).await;
    test.run(by_id(&first.code_id)).await;
    let response = test.run(CheckCode(linked(&first))).await;
    assert_eq!(response, CheckCodeResponse::RestartFlowError);
    assert_eq!(test.devices(ListCodes::by_email("a@b.c")).await[0].codes.len(), 1);
    test.run(by_id(&second.code_id)).await;
    assert!(test.devices(ListCodes::by_email("a@b.c")).await.is_empty(), "the last took it along");

    let third = test.email_code("a@b.c").await;
    let id = Some(third.pre_auth_session_id.clone());
    test.run(RemoveCode { pre_auth_session_id: id, ..RemoveCode::default() }).await;
    assert_eq!(test.run(CheckCode(linked(&third))).await, CheckCodeResponse::RestartFlowError);

    let (fourth, fifth) = (test.email_code("a@b.c").await, test.email_code("a@b.c").await);
    test.run(RemoveCodes { email: Some(" A@B.C".into()), ..RemoveCodes::default() }).await;
    for code in [fourth, fifth] {
        assert_eq!(test.run(CheckCode(linked(&code))).await, CheckCodeResponse::RestartFlowError);
    }
}

#[tokio::test]
async fn a_device_is_tidied_up_when_all_its_codes_have_expired() {
    let test = Test::new().await;
    let code = test.email_code("a@b.c").await;
    test.clock.advance(LIFETIME);
    test.code(CreateCode::for_device(code.device_id.clone())).await;
    test.clock.advance(LIFETIME);
    test.engine.delete_expired().await.unwrap();
    assert_eq!(test.devices(ListCodes::by_email("a@b.c")).await.len(), 1, "one still counts");
    test.clock.advance(Duration::from_millis(1));
    test.engine.delete_expired().await.unwrap();
    assert!(test.devices(ListCodes::by_email("a@b.c")).await.is_empty());
}

#[tokio::test]
async fn only_digests_of_codes_are_stored() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("auth.db");
    let test = Test::with(cheap(EngineConfig::sqlite_file(&path))).await;
    let chosen = CreateCode::for_email("a@b.c").user_input_code(Some("open sesame".into()));
    let code = test.code(chosen).await;
    test.engine.shutdown().await;
    let bytes = std::fs::read(&path).unwrap();
    let holds = |text: &str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
    assert!(holds("a@b.c") && holds(&code.pre_auth_session_id));
    for secret in [code.device_id, code.user_input_code, code.link_code] {
        assert!(!holds(secret.expose_secret()));
    }
}

#[tokio::test]
async fn contacts_are_changed_added_and_removed_but_one_remains() {
    use UpdatePasswordlessUserResponse as Response;
    let test = Test::new().await;
    let id = test.new_user("ada@example.com").await;
    let keep = || ContactChange::Keep;
    assert_eq!(test.update(&id, set("Countess@example.com"), set(PHONE)).await, Response::Ok);
    let found = test.run(GetUserById { user_id: id.clone().into() }).await;
    let GetUserByIdResponse::Ok { user } = found else { panic!("known") };
    assert_eq!(
        (&user.emails[..], &user.phone_numbers[..]),
        (&["countess@example.com".to_owned()][..], &[E164.to_owned()][..])
    );
    let code = test.code(CreateCode::for_phone_number(E164)).await;
    assert_eq!(test.sign_in_by(typed(&code)).await.2, id);
    assert_eq!(test.update(&id, ContactChange::Clear, keep()).await, Response::Ok);
    let update = UpdatePasswordlessUser {
        recipe_user_id: id.clone(),
        email: keep(),
        phone_number: ContactChange::Clear,
    };
    let text = test.refused(update).await;
    assert_eq!(text, "You cannot clear both email and phone number of a user");
    // The old addresses are free.
    for address in ["ada@example.com", "countess@example.com"] {
        assert_ne!(test.new_user(address).await, id);
    }
    assert_eq!(
        test.update(&"unknown".into(), set("a@b.c"), keep()).await,
        Response::UnknownUserIdError
    );
    let (_, password_user) = test.sign_up("eve@example.com").await;
    let response = test.update(&password_user, set("a@b.c"), keep()).await;
    assert_eq!(response, Response::UnknownUserIdError, "a login method of another recipe");
}

#[tokio::test]
async fn a_change_to_a_taken_contact_changes_nothing() {
    use UpdatePasswordlessUserResponse as Response;
    let test = Test::new().await;
    let ada = test.new_user("ada@example.com").await;
    test.new_user("eve@example.com").await;
    let code = test.code(CreateCode::for_phone_number(PHONE)).await;
    test.sign_in_by(typed(&code)).await;
    let response = test.update(&ada, set("eve@example.com"), ContactChange::Keep).await;
    assert_eq!(response, Response::EmailAlreadyExistsError);
    let response = test.update(&ada, set("new@example.com"), set(PHONE)).await;
    assert_eq!(response, Response::PhoneNumberAlreadyExistsError);
    let found = test.run(GetUserById { user_id: ada.into() }).await;
    let GetUserByIdResponse::Ok { user } = found else { panic!("known") };
    assert_eq!(user.emails, ["ada@example.com"]);
    assert!(user.phone_numbers.is_empty());
    // The address that was given up on is free.
    test.new_user("new@example.com").await;
}

#[tokio::test]
async fn a_change_ends_the_codes_of_the_old_and_the_new_contact() {
    let test = Test::new().await;
    let id = test.new_user("old@example.com").await;
    let codes =
        [test.email_code("old@example.com").await, test.email_code("new@example.com").await];
    test.update(&id, set("new@example.com"), ContactChange::Keep).await;
    for code in codes {
        assert_eq!(test.run(CheckCode(linked(&code))).await, CheckCodeResponse::RestartFlowError);
    }
}

#[tokio::test]
async fn a_deleted_users_codes_are_gone_and_its_contact_is_free() {
    let test = Test::new().await;
    let id = test.new_user("ada@example.com").await;
    let code = test.email_code("ada@example.com").await;
    let user_id = id.clone().into();
    test.run(DeleteUser { user_id, remove_all_linked_accounts: true }).await;
    assert_eq!(test.run(CheckCode(linked(&code))).await, CheckCodeResponse::RestartFlowError);
    assert_ne!(test.new_user("ada@example.com").await, id);
}

#[tokio::test]
async fn users_are_listed_by_recipe_and_searched_by_number() {
    let test = Test::new().await;
    test.sign_up("ada@example.com").await;
    let code = test.code(CreateCode::for_phone_number(PHONE)).await;
    let user = test.sign_in_by(typed(&code)).await.1;
    let only = ListUsers {
        include_recipe_ids: Some(vec![RecipeId::Passwordless]),
        ..ListUsers::default()
    };
    let search = ListUsers { phone: Some("+49170".into()), ..ListUsers::default() };
    for list in [only, search] {
        let ListUsersResponse::Ok { users, .. } = test.run(list).await;
        assert_eq!(users, std::slice::from_ref(&user));
    }
}

#[tokio::test]
async fn an_address_of_another_recipe_is_another_user_and_stays_unverified() {
    let test = Test::new().await;
    let (password_user, _) = test.sign_up("ada@example.com").await;
    let id = test.new_user("ada@example.com").await;
    assert_ne!(id.as_str(), password_user.id.as_str());
    let found = test.run(GetUserById { user_id: password_user.id }).await;
    let GetUserByIdResponse::Ok { user } = found else { panic!("known") };
    assert!(!user.login_methods[0].verified);
}
