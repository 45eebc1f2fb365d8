//! Users found, listed, counted and deleted, and their metadata.
#![allow(clippy::unwrap_used, clippy::panic)] // a failed test panics

mod active;
#[path = "../common/mod.rs"]
mod common;
mod counts;
mod search;

use std::time::Duration;

use auth_engine::EngineError;
use auth_protocol::{JsonObject, RecipeId, TenantScope, UserId, user::*, usermetadata::*};
use common::{Test, public};
use serde_json::{Value, json};

fn object(value: Value) -> JsonObject {
    match value {
        Value::Object(object) => object,
        _ => panic!("an object"),
    }
}

impl Test {
    async fn page(&self, operation: ListUsers) -> (Vec<String>, Option<String>) {
        let ListUsersResponse::Ok { users, next_pagination_token } = self.run(operation).await;
        (users.into_iter().flat_map(|user| user.emails).collect(), next_pagination_token)
    }
}

#[tokio::test]
async fn a_user_is_found_by_id_and_an_unknown_id_is_said_so() {
    let test = Test::new().await;
    let (user, _) = test.sign_up("ada@example.com").await;
    let found = test.run(GetUserById { user_id: user.id.clone() }).await;
    assert!(matches!(found, GetUserByIdResponse::Ok { user: found } if found == user));
    let unknown = test.run(GetUserById { user_id: "unknown".into() }).await;
    assert!(matches!(unknown, GetUserByIdResponse::UnknownUserIdError));
}

#[tokio::test]
async fn pages_follow_each_other_without_gap_or_repetition_in_both_orders() {
    let test = Test::new().await;
    let mut joined = Vec::new();
    for index in 0..23 {
        // Some of them join in the same millisecond: then the id decides, downwards.
        let (user, _) = test.sign_up(&format!("{index}@example.com")).await;
        joined.push((user.time_joined, user.id, user.emails[0].clone()));
        if index % 3 == 0 {
            test.clock.advance(Duration::from_millis(1));
        }
    }
    for order in [TimeJoinedOrder::Asc, TimeJoinedOrder::Desc] {
        joined.sort_by(|a, b| {
            let by_time = a.0.cmp(&b.0);
            let by_time = if order == TimeJoinedOrder::Desc { by_time.reverse() } else { by_time };
            by_time.then_with(|| b.1.cmp(&a.1))
        });
        let mut seen = Vec::new();
        let mut token = None;
        loop {
            let (emails, next) = test
                .page(ListUsers {
                    limit: Some(5),
                    pagination_token: token,
                    time_joined_order: order,
                    ..ListUsers::default()
                })
                .await;
            seen.extend(emails);
            token = next;
            if token.is_none() {
                break;
            }
        }
        let expected: Vec<String> = joined.iter().map(|(_, _, email)| email.clone()).collect();
        assert_eq!(seen, expected);
    }
}

#[tokio::test]
async fn a_page_that_is_exactly_full_has_no_next_one() {
    let test = Test::new().await;
    test.sign_up("ada@example.com").await;
    let (emails, next) = test.page(ListUsers { limit: Some(1), ..ListUsers::default() }).await;
    assert_eq!((emails.len(), next), (1, None));
}

#[tokio::test]
async fn limits_and_tokens_out_of_range_are_refused_with_the_wires_texts() {
    let test = Test::new().await;
    let limit = |limit| ListUsers { limit: Some(limit), ..ListUsers::default() };
    assert_eq!(test.refused(limit(501)).await, "max limit allowed is 500");
    assert_eq!(test.refused(limit(0)).await, "limit must a positive integer with min value 1");
    let token = ListUsers { pagination_token: Some("?".into()), ..ListUsers::default() };
    assert_eq!(test.refused(token).await, "invalid pagination token");
    // Of a search, too, though it has no pages; but for the largest size.
    let search = |search| ListUsers { email: Some("a".into()), ..search };
    assert_eq!(
        test.refused(search(limit(0))).await,
        "limit must a positive integer with min value 1"
    );
    let token = ListUsers { pagination_token: Some("?".into()), ..search(limit(501)) };
    assert_eq!(test.refused(token).await, "invalid pagination token");
    assert!(test.page(search(limit(501))).await.0.is_empty());
}

#[tokio::test]
async fn the_recipe_filter_holds_for_lists_and_counts() {
    let test = Test::new().await;
    test.sign_up("ada@example.com").await;
    for (recipe, expected) in [(RecipeId::EmailPassword, 1), (RecipeId::ThirdParty, 0)] {
        let include_recipe_ids = Some(vec![recipe]);
        let list =
            ListUsers { include_recipe_ids: include_recipe_ids.clone(), ..ListUsers::default() };
        assert_eq!(test.page(list).await.0.len(), expected);
        for include_all_tenants in [false, true] {
            let include_recipe_ids = include_recipe_ids.clone();
            let count =
                CountUsers { include_recipe_ids, include_all_tenants, ..CountUsers::default() };
            let CountUsersResponse::Ok { count, .. } = test.run(count).await;
            assert_eq!(count, expected as u64);
        }
    }
}

#[tokio::test]
async fn account_information_is_joined_by_or_and_by_and() {
    let test = Test::new().await;
    test.sign_up("ada@example.com").await;
    let by = |email: &str, phone: Option<&str>, any| ListUsersByAccountInfo {
        email: Some(email.into()),
        phone_number: phone.map(Into::into),
        do_union_of_account_info: any,
        ..ListUsersByAccountInfo::default()
    };
    for (operation, expected) in [
        (by(" ADA@example.com", None, false), 1),
        (by("ada@example.com", Some("+441"), true), 1),
        (by("ada@example.com", Some("+441"), false), 0),
        (by("ada@", None, true), 0),
    ] {
        let ListUsersByAccountInfoResponse::Ok { users } = test.run(operation).await;
        assert_eq!(users.len(), expected);
    }
    let half = ListUsersByAccountInfo {
        third_party_id: Some("google".into()),
        ..ListUsersByAccountInfo::default()
    };
    assert!(test.engine.handle(&public(), half).await.is_err());
}

impl Test {
    async fn metadata(&self, user_id: &UserId) -> JsonObject {
        let GetUserMetadataResponse::Ok { metadata } =
            self.run(GetUserMetadata { user_id: user_id.clone() }).await;
        metadata
    }
}

#[tokio::test]
async fn metadata_merges_by_root_key_and_null_removes() {
    let test = Test::new().await;
    // Any id will do.
    let user: UserId = "anybody".into();
    assert_eq!(test.metadata(&user).await, JsonObject::new());
    let mut last = JsonObject::new();
    for update in
        [json!({"a": {"x": 1}, "b": 2, "n": {"keep": null}}), json!({"a": {"y": 1}, "b": null})]
    {
        let metadata_update = object(update);
        let UpdateUserMetadataResponse::Ok { metadata } =
            test.run(UpdateUserMetadata { user_id: user.clone(), metadata_update }).await;
        last = metadata;
    }
    assert_eq!(last, object(json!({"n": {"keep": null}, "a": {"y": 1}})));
    assert_eq!(test.metadata(&user).await, last);
    test.run(ClearUserMetadata { user_id: user.clone() }).await;
    assert_eq!(test.metadata(&user).await, JsonObject::new());
}

#[tokio::test]
async fn an_unknown_app_has_no_users_and_no_metadata() {
    let test = Test::new().await;
    let nowhere = TenantScope::new("nowhere".into(), "public".into());
    let get = GetUserMetadata { user_id: "anybody".into() };
    let error = test.engine.handle(&nowhere, get).await.unwrap_err();
    assert!(matches!(error, EngineError::TenantOrAppNotFound(_)));
    let error = test.engine.handle(&nowhere, ListUsers::default()).await.unwrap_err();
    assert!(matches!(error, EngineError::TenantOrAppNotFound(_)));
}
