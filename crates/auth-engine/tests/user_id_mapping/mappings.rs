//! The mappings themselves.

use auth_protocol::{
    CdiVersion, UserId, recoverycode::*, totp::*, user_id_mapping::*, userroles::*,
};

use UpdateExternalUserIdInfoResponse as Updated;

use crate::{
    Created, OLD,
    common::{Test, TestStorage, public, two_engines},
    exists, forced, map,
};

#[tokio::test]
async fn cdi_1_10_each_id_is_in_one_mapping() {
    let test = Test::new().await;
    let (ada, bob) =
        (test.new_user("ada@example.com").await, test.new_user("bob@example.com").await);
    let unknown = test.run(map(&"nobody".into(), OLD)).await;
    assert_eq!(unknown, Created::UnknownSuperTokensUserIdError);
    assert_eq!(test.run(map(&format!(" {ada} ").as_str().into(), " legacy|7 ")).await, Created::Ok);
    for force in [false, true] {
        let again = |own: &UserId, external: &str| CreateUserIdMapping {
            force: Some(force),
            ..map(own, external)
        };
        assert_eq!(test.run(again(&ada, OLD)).await, exists(true, true));
        assert_eq!(test.run(again(&ada, "other")).await, exists(true, false));
        assert_eq!(test.run(again(&bob, OLD)).await, exists(false, true));
        assert_eq!(test.run(again(&"nobody".into(), OLD)).await, exists(false, true));
    }
    assert_eq!(test.run(map(&bob, "legacy|8")).await, Created::Ok);
    // Both are mapped, if not to each other.
    assert_eq!(test.run(map(&bob, OLD)).await, exists(true, true));
    assert_eq!(test.mapping(OLD, UserIdType::Any).await, Some((ada, OLD.into())));
}

#[tokio::test]
async fn cdi_1_10_a_mapping_is_found_by_either_id_and_by_the_type_that_is_asked_for() {
    let test = Test::new().await;
    let id = test.mapped().await;
    let mapping = Some((id.clone(), OLD.into()));
    for (given, id_type, found) in [
        (id.as_str(), UserIdType::SuperTokens, true),
        (id.as_str(), UserIdType::External, false),
        (id.as_str(), UserIdType::Any, true),
        (OLD, UserIdType::SuperTokens, false),
        (OLD, UserIdType::External, true),
        (OLD, UserIdType::Any, true),
        ("nobody", UserIdType::Any, false),
    ] {
        let expected = mapping.clone().filter(|_| found);
        assert_eq!(test.mapping(given, id_type).await, expected, "{given} as {id_type:?}");
    }
}

#[tokio::test]
async fn cdi_5_5_an_id_in_two_mappings_is_the_core_s_own_first() {
    let test = Test::new().await;
    let (ada, bob) =
        (test.new_user("ada@example.com").await, test.new_user("bob@example.com").await);
    let refusal = test.refused(map(&ada, bob.as_str())).await;
    let text = "Cannot create a userId mapping where the externalId is also a SuperTokens userID";
    assert_eq!(refusal, text);
    assert_eq!(test.run(forced(&ada, bob.as_str())).await, Created::Ok);
    // It stands for her as long as it has no mapping of its own.
    assert_eq!(test.user(bob.as_str()).await.unwrap().emails, ["ada@example.com"]);
    assert_eq!(test.run(map(&bob, "bob")).await, Created::Ok);
    assert_eq!(test.user(bob.as_str()).await.unwrap().emails, ["bob@example.com"]);
    let own_first = test.mapping(bob.as_str(), UserIdType::Any).await;
    assert_eq!(own_first, Some((bob.clone(), "bob".into())));
    let external = test.mapping(bob.as_str(), UserIdType::External).await;
    assert_eq!(external, Some((ada, bob)));
}

#[tokio::test]
async fn cdi_5_5_a_user_s_data_under_its_own_id_stands_in_the_way_unless_forced() {
    let test = Test::new().await;
    test.run(CreateRole { role: "editor".into(), permissions: None }).await;
    for recipe in ["Session", "UserMetadata", "UserRoles", "TOTP", "RecoveryCode"] {
        let id = test.new_user(&format!("{recipe}@example.com")).await;
        let user_id = id.clone();
        match recipe {
            "Session" => drop(test.session(id.as_str()).await),
            "UserMetadata" => test.set_metadata(id.as_str()).await,
            "UserRoles" => drop(test.run(AddUserRole { user_id, role: "editor".into() }).await),
            "TOTP" => {
                let device = CreateTotpDevice { user_id, device_name: None, skew: 1, period: 30 };
                test.run(device).await;
            }
            _ => drop(test.run(GenerateRecoveryCodes { user_id }).await),
        }
        let refusal = test.refused(map(&id, recipe)).await;
        assert_eq!(refusal, format!("UserId is already in use in {recipe} recipe"));
        assert_eq!(test.mapping(recipe, UserIdType::Any).await, None);
        assert_eq!(test.run(forced(&id, recipe)).await, Created::Ok, "{recipe}");
    }
}

#[tokio::test]
async fn cdi_5_5_a_verified_address_stands_in_the_way_only_before_4_0_and_stays_verified() {
    let test = Test::new().await;
    let user = test.by_code("ada@example.com").await;
    let old = CreateUserIdMapping { cdi_version: CdiVersion::V3_0, ..map(&user.id, OLD) };
    let refusal = test.refused(old).await;
    assert_eq!(refusal, "UserId is already in use in EmailVerification recipe");
    let new = CreateUserIdMapping { cdi_version: CdiVersion::V4_0, ..map(&user.id, OLD) };
    assert_eq!(test.run(new).await, Created::Ok);
    assert!(test.user(OLD).await.unwrap().login_methods[0].verified);
    assert_eq!(
        test.unmap(OLD, false).await,
        Err("UserId is already in use in EmailVerification recipe".to_owned())
    );
    assert_eq!(test.unmap(OLD, true).await, Ok(true));
    assert_eq!(test.user(user.id.as_str()).await, Some(user));
}

#[tokio::test]
async fn cdi_5_5_a_mapping_under_whose_external_id_data_is_kept_ends_only_by_force() {
    let test = Test::new().await;
    let id = test.mapped().await;
    test.set_metadata(OLD).await;
    let refusal = Err("UserId is already in use in UserMetadata recipe".to_owned());
    assert_eq!(test.unmap(id.as_str(), false).await, refusal);
    assert_eq!(test.unmap(OLD, false).await, refusal);
    assert!(test.user(OLD).await.is_some());
    assert_eq!(test.unmap(OLD, true).await, Ok(true));
    assert_eq!(test.user(OLD).await, None);
    assert_eq!(test.user(id.as_str()).await.unwrap().id, id);
    assert_eq!(test.unmap(OLD, true).await, Ok(false));
    assert_eq!(test.unmap(id.as_str(), false).await, Ok(false));
    // What the caller kept is still where it was.
    assert_eq!(test.metadata(OLD).await.len(), 1);
    // By the type that is asked for.
    assert_eq!(test.run(map(&id, "new")).await, Created::Ok);
    let by = |user_id: &str, id_type| DeleteUserIdMapping {
        user_id: user_id.into(),
        user_id_type: Some(id_type),
        force: None,
    };
    let did = |did_mapping_exist| DeleteUserIdMappingResponse::Ok { did_mapping_exist };
    assert_eq!(test.run(by("new", UserIdType::SuperTokens)).await, did(false));
    assert_eq!(test.run(by(id.as_str(), UserIdType::External)).await, did(false));
    assert_eq!(test.run(by(id.as_str(), UserIdType::SuperTokens)).await, did(true));
}

#[tokio::test]
async fn cdi_1_10_what_is_written_down_about_an_id_is_replaced_or_removed() {
    let test = Test::new().await;
    let id = test.new_user("ada@example.com").await;
    let info = Some(" from the old shop ".to_owned());
    let create = CreateUserIdMapping { external_user_id_info: info, ..map(&id, OLD) };
    assert_eq!(test.run(create).await, Created::Ok);
    let info =
        async || match test.run(GetUserIdMapping { user_id: OLD.into(), user_id_type: None }).await
        {
            GetUserIdMappingResponse::Ok(mapping) => mapping.external_user_id_info,
            GetUserIdMappingResponse::UnknownMappingError => panic!("it is mapped"),
        };
    assert_eq!(info().await.as_deref(), Some("from the old shop"));
    let update = async |id: &str, id_type, info: Option<&str>| {
        let external_user_id_info = info.map(str::to_owned);
        let user_id = id.into();
        let user_id_type = Some(id_type);
        test.run(UpdateExternalUserIdInfo { user_id, user_id_type, external_user_id_info }).await
    };
    assert_eq!(update(OLD, UserIdType::External, Some("new")).await, Updated::Ok);
    assert_eq!(info().await.as_deref(), Some("new"));
    assert_eq!(update(OLD, UserIdType::SuperTokens, Some("x")).await, Updated::UnknownMappingError);
    assert_eq!(update("nobody", UserIdType::Any, Some("x")).await, Updated::UnknownMappingError);
    assert_eq!(update(id.as_str(), UserIdType::Any, None).await, Updated::Ok);
    assert_eq!(info().await, None);
}

#[tokio::test]
async fn cdi_0_7_an_empty_or_endless_id_or_information_is_refused() {
    let test = Test::new().await;
    let id = test.new_user("ada@example.com").await;
    let empty = |field| format!("Field name '{field}' cannot be an empty String");
    assert_eq!(test.refused(map(&" ".into(), OLD)).await, empty("superTokensUserId"));
    assert_eq!(test.refused(map(&id, " ")).await, empty("externalUserId"));
    let info = |text: &str| CreateUserIdMapping {
        external_user_id_info: Some(text.to_owned()),
        ..map(&id, OLD)
    };
    assert_eq!(test.refused(info(" ")).await, empty("externalUserIdInfo"));
    assert_eq!(test.unmap(" ", true).await, Err(empty("userId")));
    let endless = |field| format!("Field name '{field}' is invalid in JSON input");
    assert_eq!(test.refused(map(&id, &"x".repeat(129))).await, endless("externalUserId"));
    assert_eq!(test.refused(info(&"x".repeat(4097))).await, endless("externalUserIdInfo"));
    assert_eq!(test.run(map(&id, &"ä".repeat(128))).await, Created::Ok);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_racing_mappings_of_one_id_exactly_one_is_made() {
    let storage = TestStorage::new();
    let engines = two_engines(&storage).await;
    let test =
        Test { engine: engines[0].clone(), clock: engines[0].clock().clone(), scope: public() };
    for round in 0..10 {
        let mut users = Vec::new();
        for index in 0..4 {
            users.push(test.sign_up(&format!("{round}-{index}@example.com")).await.0.id);
        }
        // Four users want one id, and one of them wants four.
        let mut wanted: Vec<(UserId, String)> =
            users.iter().map(|user| (user.clone(), format!("shared-{round}"))).collect();
        wanted.extend((0..4).map(|index| (users[0].clone(), format!("own-{round}-{index}"))));
        let mut tasks = tokio::task::JoinSet::new();
        for (index, (user, external)) in wanted.into_iter().enumerate() {
            let engine = engines[index % 2].clone();
            tasks.spawn(async move {
                let made = engine.handle(&public(), map(&user, &external)).await.unwrap();
                (user, external, made)
            });
        }
        let outcomes = tasks.join_all().await;
        let made: Vec<_> = outcomes.iter().filter(|(.., made)| *made == Created::Ok).collect();
        assert!((1..=2).contains(&made.len()), "{outcomes:?}");
        for (user, external, _) in made {
            let found = test.mapping(external, UserIdType::External).await;
            assert_eq!(found.as_ref(), Some(&(user.clone(), UserId::new(external))));
            assert_eq!(test.mapping(user.as_str(), UserIdType::SuperTokens).await, found);
        }
        let shared = test.mapping(&format!("shared-{round}"), UserIdType::External).await;
        let own = test.mapping(users[0].as_str(), UserIdType::SuperTokens).await;
        assert!(shared.is_some() && own.is_some(), "{outcomes:?}");
    }
}
