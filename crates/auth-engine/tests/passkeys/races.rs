//! What happens at once, through two engines on one database.

use auth_engine::Clock;
use auth_protocol::{CdiVersion, webauthn::*};

use crate::common::{START_MS, Test, TestStorage, passkey::Device, public, two_engines};

async fn two() -> (TestStorage, [Test; 2]) {
    let storage = TestStorage::new();
    let tests = two_engines(&storage).await.map(|engine| Test {
        engine,
        clock: Clock::manual(START_MS),
        scope: public(),
    });
    (storage, tests)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_racing_sign_ups_with_one_address_exactly_one_succeeds() {
    let (storage, tests) = two().await;
    for round in 0..5 {
        let mut tasks = tokio::task::JoinSet::new();
        for index in 0..6_usize {
            let options = tests[0].registration_options(&format!("{round}@example.com")).await;
            let credential = Device::new().make(&options).await;
            let id = options.webauthn_generated_options_id;
            let engine = tests[index % 2].engine.clone();
            tasks.spawn(async move {
                let sign_up = PasskeySignUp { webauthn_generated_options_id: id, credential };
                engine.handle(&public(), sign_up).await.unwrap()
            });
        }
        let answers = tasks.join_all().await;
        let made = |answer: &&_| matches!(answer, PasskeySignUpResponse::Ok { .. });
        assert_eq!(answers.iter().filter(made).count(), 1, "{answers:?}");
        let taken = |answer: &&_| matches!(answer, PasskeySignUpResponse::EmailAlreadyExistsError);
        assert_eq!(answers.iter().filter(taken).count(), 5, "{answers:?}");
    }
    assert_eq!(storage.count("webauthn_credentials"), 5);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_racing_sign_ups_with_one_answer_exactly_one_succeeds() {
    let (storage, tests) = two().await;
    for round in 0..5 {
        let options = tests[0].registration_options(&format!("{round}@example.com")).await;
        let credential = Device::new().make(&options).await;
        let mut tasks = tokio::task::JoinSet::new();
        for index in 0..6_usize {
            let engine = tests[index % 2].engine.clone();
            let sign_up = PasskeySignUp {
                webauthn_generated_options_id: options.webauthn_generated_options_id.clone(),
                credential: credential.clone(),
            };
            tasks.spawn(async move { engine.handle(&public(), sign_up).await.unwrap() });
        }
        let answers = tasks.join_all().await;
        let made = |answer: &&_| matches!(answer, PasskeySignUpResponse::Ok { .. });
        assert_eq!(answers.iter().filter(made).count(), 1, "{answers:?}");
    }
    assert_eq!(storage.count("app_id_to_user_id"), 5);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_racing_sign_ups_with_one_passkey_exactly_one_succeeds() {
    let (storage, tests) = two().await;
    for round in 0..5 {
        let mut all = Vec::new();
        for index in 0..6 {
            all.push(tests[0].registration_options(&format!("{round}-{index}@example.com")).await);
        }
        let challenge = &all[0].challenge;
        storage
            .execute(&format!("UPDATE webauthn_generated_options SET challenge = '{challenge}'"));
        let credential = Device::new().make(&all[0]).await;
        let mut tasks = tokio::task::JoinSet::new();
        for (index, options) in all.into_iter().enumerate() {
            let engine = tests[index % 2].engine.clone();
            let sign_up = PasskeySignUp {
                webauthn_generated_options_id: options.webauthn_generated_options_id,
                credential: credential.clone(),
            };
            tasks.spawn(async move { engine.handle(&public(), sign_up).await.unwrap() });
        }
        let answers = tasks.join_all().await;
        let made = |answer: &&_| matches!(answer, PasskeySignUpResponse::Ok { .. });
        assert_eq!(answers.iter().filter(made).count(), 1, "{answers:?}");
    }
    assert_eq!(storage.count("app_id_to_user_id"), 5);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_answer_that_is_shown_many_times_at_once_signs_in_once_or_twice_before_5_5() {
    for (version, most) in [(CdiVersion::V5_5, 1), (CdiVersion::V5_4, 2)] {
        let (_storage, tests) = two().await;
        let mut device = Device::new().counting();
        tests[0].passkey_sign_up("ada@example.com", &mut device).await;
        for _ in 0..5 {
            let options = tests[0].sign_in_options().await;
            let credential = device.sign(&options).await;
            let mut tasks = tokio::task::JoinSet::new();
            for index in 0..6_usize {
                let engine = tests[index % 2].engine.clone();
                let sign_in = PasskeySignIn {
                    webauthn_generated_options_id: options.webauthn_generated_options_id.clone(),
                    credential: credential.clone(),
                    cdi_version: version,
                };
                tasks.spawn(async move { engine.handle(&public(), sign_in).await.unwrap() });
            }
            let answers = tasks.join_all().await;
            let right = answers.iter().filter(|answer| crate::is_ok(answer)).count();
            assert!((1..=most).contains(&right), "{answers:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_racing_uses_of_a_recovery_token_exactly_one_succeeds() {
    let (_storage, tests) = two().await;
    let (user, _) = tests[0].sign_up("ada@example.com").await;
    for _ in 0..10 {
        let create = CreatePasskeyRecoveryToken {
            user_id: user.id.clone(),
            email: "ada@example.com".into(),
        };
        let CreatePasskeyRecoveryTokenResponse::Ok { token } = tests[0].run(create).await else {
            panic!("the user is there")
        };
        let mut tasks = tokio::task::JoinSet::new();
        for index in 0..6_usize {
            let engine = tests[index % 2].engine.clone();
            let consume = ConsumePasskeyRecoveryToken { token: token.clone() };
            tasks.spawn(async move { engine.handle(&public(), consume).await.unwrap() });
        }
        let answers = tasks.join_all().await;
        let good = |answer: &&_| matches!(answer, ConsumePasskeyRecoveryTokenResponse::Ok { .. });
        assert_eq!(answers.iter().filter(good).count(), 1, "{answers:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_two_passkeys_that_are_removed_at_once_one_stays_where_that_is_asked_for() {
    let (storage, tests) = two().await;
    for round in 0..5 {
        let email = format!("{round}@example.com");
        let answer = tests[0].passkey_sign_up(&email, &mut Device::new()).await;
        let PasskeySignUpResponse::Ok { recipe_user_id, webauthn_credential_id, .. } = answer
        else {
            panic!("{answer:?}")
        };
        let options = tests[0].registration_options(&email).await;
        let register = RegisterPasskey {
            recipe_user_id: recipe_user_id.clone(),
            credential: Device::new().make(&options).await,
            webauthn_generated_options_id: options.webauthn_generated_options_id,
        };
        let RegisterPasskeyResponse::Ok { webauthn_credential_id: second, .. } =
            tests[0].run(register).await
        else {
            panic!("registered")
        };
        let mut tasks = tokio::task::JoinSet::new();
        for (index, passkey) in [webauthn_credential_id, second].into_iter().enumerate() {
            let engine = tests[index].engine.clone();
            let remove = RemovePasskey {
                recipe_user_id: recipe_user_id.clone(),
                webauthn_credential_id: passkey,
                keep_last: Some(true),
            };
            tasks.spawn(async move { engine.handle(&public(), remove).await.unwrap() });
        }
        let answers = tasks.join_all().await;
        assert!(answers.contains(&RemovePasskeyResponse::Ok), "{answers:?}");
        assert!(answers.contains(&RemovePasskeyResponse::LastCredentialError), "{answers:?}");
    }
    assert_eq!(storage.count("webauthn_credentials"), 5);
}
