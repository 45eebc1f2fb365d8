//! One-time codes and magic links: CDI §1.6, 4.3.
#![allow(clippy::unwrap_used, clippy::panic)] // a failed test panics

#[path = "../common/mod.rs"]
mod common;
mod contacts;
mod devices;
mod guessing;
mod tenants;
mod typing;

use std::time::Duration;

use auth_protocol::{
    RecipeId, RecipeUserId, Secret, User,
    passwordless::*,
    user::{ListUsersByAccountInfo, ListUsersByAccountInfoResponse},
};
use common::{Test, TestStorage};

const PHONE: &str = "+49 170 1234567";
const E164: &str = "+491701234567";
const LIFETIME: Duration = Duration::from_secs(600);

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
    assert_eq!((code.code_lifetime, code.time_created), (600_000, test.clock.now_ms()));
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
    let storage = TestStorage::new();
    let config = storage
        .config()
        .passwordless_max_code_input_attempts(1)
        .passwordless_code_lifetime(Duration::from_secs(1));
    let test = Test::with(config).await;
    let code = test.email_code("ada@example.com").await;
    assert_eq!(code.code_lifetime, 1000);
    let response = test.consume(typed_as(&code, "wrong")).await;
    assert!(matches!(response, ConsumeCodeResponse::RestartFlowError), "{response:?}");
    for config in [
        storage.config().passwordless_max_code_input_attempts(0),
        storage.config().passwordless_code_lifetime(Duration::ZERO),
    ] {
        let error = auth_engine::Engine::open(config).await.unwrap_err();
        assert!(error.to_string().starts_with("`passwordless_"), "{error}");
    }
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
    assert_eq!(test.refused(empty).await, "userInputCode cannot be an empty string.");
    let long = CreateCode::for_phone_number("1".repeat(257));
    let text = test.refused(long).await;
    assert_eq!(text, "Field name 'phoneNumber' is invalid in JSON input");
    let text = test.refused(RemoveCode::default()).await;
    assert_eq!(text, "Please provide either 'codeId' or 'preAuthSessionId'");
    let text = test.refused(RemoveCodes::default()).await;
    assert_eq!(text, format!("{one_of}email or phoneNumber"));
    let text = test.refused(ListCodes::default()).await;
    assert_eq!(text, format!("{one_of}email, phoneNumber, deviceId or preAuthSessionId"));
    // Nothing of that cost an attempt; padding of an id is ignored.
    let pre_auth_session_id = format!("{}==", code.pre_auth_session_id);
    let device = test.sign_in_by(CodeProof { pre_auth_session_id, ..typed(&code) }).await.3;
    assert_eq!(device.failed_code_input_attempt_count, 0);
}
