//! Codes that somebody guesses who knows an address and reads none of its messages.

use std::time::Duration;

use auth_engine::EngineError;
use auth_protocol::{
    UserId,
    recoverycode::{ConsumeRecoveryCode, ConsumeRecoveryCodeResponse, GenerateRecoveryCodes},
    totp::{ImportTotpDevice, VerifyTotp, VerifyTotpResponse},
};

use super::*;
use crate::common::{START_MS, public, two_engines};

const ADA: &str = "ada@example.com";
const REFILL_OF_SENT: Duration = Duration::from_secs(600);
const REFILL_OF_WRONG: Duration = Duration::from_secs(3600);
const COOLDOWN: Duration = Duration::from_secs(900);
/// What the default configuration permits at once.
const MOST: usize = 10;

impl Test {
    /// How long a contact gets no code; `None` where it has got one.
    async fn wait_for_code(&self, email: &str) -> Option<Duration> {
        match self.engine.handle(&self.scope, CreateCode::for_email(email)).await {
            Ok(CreateCodeResponse::Ok(_)) => None,
            Err(EngineError::LimitReached { retry_after, .. }) => Some(retry_after),
            other => panic!("{other:?}"),
        }
    }

    /// Asks for codes until there are no more.
    async fn ask_until_refused(&self) {
        for _ in 0..=MOST {
            if self.wait_for_code(ADA).await.is_some() {
                return;
            }
        }
        panic!("more codes than {MOST}");
    }

    /// Whether a wrong code was judged, and not passed over.
    async fn is_judged(&self, code: &CreatedCode) -> bool {
        match self.run(CheckCode(typed_as(code, "wrong"))).await {
            CheckCodeResponse::IncorrectUserInputCodeError { .. } => true,
            CheckCodeResponse::RestartFlowError => false,
            other => panic!("{other:?}"),
        }
    }

    async fn resent(&self, code: &CreatedCode) -> CreateCodeResponse {
        self.run(CreateCode::for_device(code.device_id.clone())).await
    }
}

#[tokio::test]
async fn a_device_that_gets_another_code_accepts_only_that() {
    let test = Test::new().await;
    let first = test.email_code(ADA).await;
    let CreateCodeResponse::Ok(second) = test.resent(&first).await else { panic!("sent") };
    assert_eq!(first.pre_auth_session_id, second.pre_auth_session_id);
    assert_ne!(first.code_id, second.code_id);
    let expected = CheckCodeResponse::ExpiredUserInputCodeError {
        failed_code_input_attempt_count: 1,
        maximum_code_input_attempts: 5,
    };
    assert_eq!(test.run(CheckCode(typed(&first))).await, expected, "it was right once");
    let response = test.run(CheckCode(typed(&second))).await;
    assert!(matches!(response, CheckCodeResponse::Ok { .. }), "{response:?}");
    // Nobody guesses a link: what is in the mailbox goes on working.
    for code in [&first, &second] {
        let response = test.run(CheckCode(linked(code))).await;
        assert!(matches!(response, CheckCodeResponse::Ok { .. }), "{response:?}");
    }
    test.sign_in_by(linked(&first)).await;
    let response = test.resent(&first).await;
    assert!(matches!(response, CreateCodeResponse::RestartFlowError), "{response:?}");
}

#[tokio::test]
async fn a_code_of_a_device_is_never_given_out_again() {
    let test = Test::new().await;
    let chosen = |code: &str| Some(Secret::from(code));
    let first = CreateCode::for_email(ADA).user_input_code(chosen("one"));
    let first = test.code(first).await;
    let with = |code| CreateCode::for_device(first.device_id.clone()).user_input_code(chosen(code));
    test.code(with("two")).await;
    for code in ["one", "two"] {
        let response = test.run(with(code)).await;
        assert!(matches!(response, CreateCodeResponse::UserInputCodeAlreadyUsedError));
    }
    // What was refused replaces nothing.
    test.sign_in_by(typed_as(&first, "two")).await;
}

#[tokio::test]
async fn wrong_codes_are_counted_by_contact_whatever_the_device() {
    let test = Test::new().await;
    let mut judged = 0;
    for _ in 0..MOST {
        let code = test.email_code(" ADA@example.com").await;
        while test.is_judged(&code).await {
            judged += 1;
        }
        // Not judged either, be it right: by then the device has no try left.
        let response = test.run(CheckCode(typed(&code))).await;
        assert_eq!(response, CheckCodeResponse::RestartFlowError);
    }
    // Of two devices four and the one that ended it; of each further one the first.
    assert_eq!(judged, 2 * 4 + (MOST - 2));
    assert!(test.wait_for_code(ADA).await.is_some());
    let other = test.email_code("eve@example.com").await;
    assert!(test.is_judged(&other).await && test.is_judged(&other).await);
}

#[tokio::test]
async fn no_try_is_won_by_more_codes_of_a_device_and_none_by_revoking_them() {
    let test = Test::new().await;
    for _ in 0..2 {
        let code = test.email_code(ADA).await;
        for _ in 0..4 {
            assert!(test.is_judged(&code).await);
        }
        assert!(!test.is_judged(&code).await, "the last ends the device");
    }
    test.run(RemoveCodes { email: Some(ADA.into()), ..RemoveCodes::default() }).await;
    let code = test.email_code(ADA).await;
    assert!(test.is_judged(&code).await);
    for _ in 0..3 {
        let CreateCodeResponse::Ok(newer) = test.resent(&code).await else { panic!("sent") };
        for code in [&code, &newer] {
            assert!(!test.is_judged(code).await);
            let response = test.run(CheckCode(typed(code))).await;
            assert_eq!(response, CheckCodeResponse::RestartFlowError);
        }
    }
    test.sign_in_by(linked(&code)).await;
}

#[tokio::test]
async fn the_owner_gets_in_by_a_fresh_code_whatever_others_try() {
    let test = Test::new().await;
    let owner = test.email_code(ADA).await;
    for _ in 1..MOST {
        let stranger = test.email_code(ADA).await;
        for _ in 0..2 * MOST {
            test.is_judged(&stranger).await;
        }
    }
    assert!(test.wait_for_code(ADA).await.is_some());
    test.sign_in_by(typed(&owner)).await;
    // Who has signed in may be sent as many as ever.
    for _ in 0..MOST {
        assert_eq!(test.wait_for_code(ADA).await, None);
    }
}

#[tokio::test]
async fn a_right_code_costs_nothing() {
    let test = Test::new().await;
    let code = test.email_code(ADA).await;
    assert!(test.is_judged(&code).await);
    for _ in 0..3 * MOST {
        let response = test.run(CheckCode(typed(&code))).await;
        assert!(matches!(response, CheckCodeResponse::Ok { .. }), "{response:?}");
    }
    for _ in 0..3 {
        assert!(test.is_judged(&code).await);
    }
}

#[tokio::test]
async fn codes_are_sent_to_a_contact_so_often_and_then_one_by_one() {
    let test = Test::new().await;
    let code = test.email_code(ADA).await;
    for _ in 1..MOST {
        let response = test.resent(&code).await;
        assert!(matches!(response, CreateCodeResponse::Ok(_)), "{response:?}");
    }
    assert_eq!(test.wait_for_code("ADA@example.com ").await, Some(REFILL_OF_SENT));
    let last = test.devices(ListCodes::by_email(ADA)).await;
    let response = test.resent(&code).await;
    assert!(matches!(response, CreateCodeResponse::UserInputCodeAlreadyUsedError), "{response:?}");
    assert_eq!(test.devices(ListCodes::by_email(ADA)).await, last, "nothing has changed");
    test.clock.advance(REFILL_OF_SENT / 4);
    assert_eq!(test.wait_for_code(ADA).await, Some(REFILL_OF_SENT * 3 / 4));
    test.clock.advance(REFILL_OF_SENT * 3 / 4);
    assert_eq!(test.wait_for_code(ADA).await, None);
    assert_eq!(test.wait_for_code(ADA).await, Some(REFILL_OF_SENT));
    // Others, and the same address in other hands, are not concerned.
    assert_eq!(test.wait_for_code("eve@example.com").await, None);
    test.code(CreateCode::for_phone_number(PHONE)).await;
}

#[tokio::test]
async fn what_may_be_wrong_comes_back_one_by_one() {
    let test = Test::new().await;
    for _ in 0..2 {
        let code = test.email_code(ADA).await;
        while test.is_judged(&code).await {}
    }
    for _ in 0..2 {
        test.clock.advance(REFILL_OF_WRONG);
        let code = test.email_code(ADA).await;
        assert!(test.is_judged(&code).await, "the device's first");
        assert!(!test.is_judged(&code).await);
    }
    test.clock.advance(2 * REFILL_OF_WRONG);
    let code = test.email_code(ADA).await;
    assert!(test.is_judged(&code).await && test.is_judged(&code).await);
    assert!(!test.is_judged(&code).await);
}

#[tokio::test]
async fn a_clock_that_was_set_back_locks_nobody_out() {
    let test = Test::new().await;
    test.clock.set(START_MS + 1_000_000_000_000);
    test.ask_until_refused().await;
    test.clock.set(START_MS);
    // It counts as just used up, and no longer.
    assert_eq!(test.wait_for_code(ADA).await, Some(REFILL_OF_SENT));
    assert_eq!(test.wait_for_code(ADA).await, Some(REFILL_OF_SENT));
    test.clock.advance(REFILL_OF_SENT);
    assert_eq!(test.wait_for_code(ADA).await, None);
}

#[tokio::test]
async fn a_contact_has_few_devices_and_a_burst_ends_no_older_one() {
    let storage = TestStorage::new();
    let year = Duration::from_secs(365 * 24 * 3600);
    let test = Test::with(storage.config().passwordless_code_lifetime(year)).await;
    let owner = test.email_code(ADA).await;
    test.ask_until_refused().await;
    assert!(matches!(test.run(CheckCode(typed(&owner))).await, CheckCodeResponse::Ok { .. }));
    for _ in 0..3 * MOST {
        test.clock.advance(REFILL_OF_SENT);
        assert_eq!(test.wait_for_code(ADA).await, None);
    }
    assert_eq!(test.devices(ListCodes::by_email(ADA)).await.len(), 2 * MOST);
    assert_eq!(test.run(CheckCode(typed(&owner))).await, CheckCodeResponse::RestartFlowError);
}

#[tokio::test]
async fn budgets_are_the_engines_configuration_and_tidied_up_when_they_are_full() {
    let storage = TestStorage::new();
    let config = storage
        .config()
        .passwordless_max_codes_per_contact(2)
        .passwordless_code_refill_interval(Duration::from_secs(5))
        .passwordless_max_wrong_codes_per_contact(1)
        .passwordless_wrong_code_refill_interval(Duration::from_secs(7));
    let test = Test::with(config).await;
    let code = test.email_code(ADA).await;
    assert!(test.is_judged(&code).await && !test.is_judged(&code).await);
    assert_eq!(test.wait_for_code(ADA).await, None);
    assert_eq!(test.wait_for_code(ADA).await, Some(Duration::from_secs(5)));
    test.clock.advance(Duration::from_secs(7));
    assert!(test.is_judged(&code).await);
    test.engine.delete_expired().await.unwrap();
    assert_eq!(storage.count("budgets"), 2);
    test.clock.advance(Duration::from_millis(7001));
    test.engine.delete_expired().await.unwrap();
    assert_eq!(storage.count("budgets"), 0);
}

/// A second factor: a wrong code in a session of Ada's.
async fn in_session(test: &Test, code: &CreatedCode, typed: &str) -> CheckCodeResponse {
    test.run(CheckCode(typed_as(code, typed).user_id(Some("ada".into())))).await
}

async fn totp(test: &Test, totp: &str) -> VerifyTotpResponse {
    test.run(VerifyTotp { user_id: "ada".into(), totp: totp.into() }).await
}

#[tokio::test]
async fn a_users_second_factors_are_guessed_at_together() {
    // As long as second factors wait, so that one code is there all the time.
    let storage = TestStorage::new();
    let test = Test::with(storage.config().passwordless_code_lifetime(COOLDOWN)).await;
    let user_id = UserId::from("ada");
    let secret_key = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ".into();
    let (skew, period) = (1, 30);
    let device_name = None;
    let user = user_id.clone();
    test.run(ImportTotpDevice { user_id, device_name, secret_key, skew, period }).await;
    test.run(GenerateRecoveryCodes { user_id: user.clone() }).await;
    assert!(matches!(totp(&test, "0").await, VerifyTotpResponse::InvalidTotpError { .. }));
    let recovery = ConsumeRecoveryCode { user_id: user, code: "wrong".into() };
    assert!(matches!(
        test.run(recovery).await,
        ConsumeRecoveryCodeResponse::InvalidRecoveryCodeError {
            current_number_of_failed_attempts: 2,
            ..
        }
    ));
    // Whatever the address or number, the device and the code.
    let first = test.email_code(ADA).await;
    let second = test.code(CreateCode::for_phone_number(PHONE)).await;
    let third = test.email_code(ADA).await;
    for (code, failed) in [(&first, 1), (&second, 1), (&first, 2)] {
        let expected = CheckCodeResponse::IncorrectUserInputCodeError {
            failed_code_input_attempt_count: failed,
            maximum_code_input_attempts: 5,
        };
        assert_eq!(in_session(&test, code, "wrong").await, expected);
    }
    let limited = CheckCodeResponse::LimitReachedError { retry_after_ms: 900_000 };
    for code in [&second, &third] {
        let right = code.user_input_code.expose_secret();
        assert_eq!(in_session(&test, code, right).await, limited);
    }
    assert!(matches!(totp(&test, "0").await, VerifyTotpResponse::LimitReachedError { .. }));
    // Who has no session of hers is no concern of it.
    let response = test.run(CheckCode(typed(&third))).await;
    assert!(matches!(response, CheckCodeResponse::Ok { .. }), "{response:?}");
    // A right one costs nothing, and gives nothing back: it may be for another's own address.
    test.clock.advance(COOLDOWN);
    for _ in 0..2 {
        assert!(matches!(totp(&test, "0").await, VerifyTotpResponse::InvalidTotpError { .. }));
        assert!(matches!(totp(&test, "0").await, VerifyTotpResponse::InvalidTotpError { .. }));
        for _ in 0..6 {
            let right = third.user_input_code.expose_secret();
            let response = in_session(&test, &third, right).await;
            assert!(matches!(response, CheckCodeResponse::Ok { .. }), "{response:?}");
        }
    }
    assert!(matches!(totp(&test, "0").await, VerifyTotpResponse::InvalidTotpError { .. }));
    assert!(matches!(totp(&test, "0").await, VerifyTotpResponse::LimitReachedError { .. }));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_racing_requests_no_more_codes_are_sent_and_no_more_guesses_judged() {
    let storage = TestStorage::new();
    let engines = two_engines(&storage).await;
    let mut tasks = tokio::task::JoinSet::new();
    for index in 0..40_usize {
        let engine = engines[index % 2].clone();
        tasks.spawn(async move {
            match engine.handle(&public(), CreateCode::for_email(ADA)).await {
                Ok(CreateCodeResponse::Ok(code)) => Some(code),
                Err(EngineError::LimitReached { .. }) => None,
                other => panic!("{other:?}"),
            }
        });
    }
    let codes: Vec<CreatedCode> = tasks.join_all().await.into_iter().flatten().collect();
    assert_eq!(codes.len(), MOST);
    let mut tasks = tokio::task::JoinSet::new();
    for index in 0..8 * MOST {
        let engine = engines[index % 2].clone();
        let code = codes[(index / 2) % MOST].clone();
        tasks.spawn(async move {
            let response = engine.handle(&public(), CheckCode(typed_as(&code, "wrong"))).await;
            matches!(response.unwrap(), CheckCodeResponse::IncorrectUserInputCodeError { .. })
        });
    }
    let judged = tasks.join_all().await.into_iter().filter(|judged| *judged).count();
    // The first at each device; others only while there is some of the budget.
    assert!((MOST..2 * MOST).contains(&judged), "{judged}");
}
