//! Metadata of users (FDI §1.14).

use auth_core::{
    Context, Result,
    protocol::{JsonObject, UserId},
    recipes::usermetadata::{
        UpdateUserMetadataInput, UserMetadataFunctions, UserMetadataOverride, UserMetadataRecipe,
    },
};
use serde_json::{Value, json};

use crate::harness::{App, builder};

fn object(value: Value) -> JsonObject {
    match value {
        Value::Object(object) => object,
        other => panic!("{other}"),
    }
}

#[tokio::test]
async fn an_update_replaces_root_keys_and_null_removes_them() {
    let app = App::new().await;
    let metadata = app.0.usermetadata().expect("added by itself");
    let user = UserId::new("u");
    assert!(metadata.get_user_metadata(&user).await.expect("read").is_empty());
    let first = object(json!({ "a": { "x": 1 }, "b": 1 }));
    let update = UpdateUserMetadataInput::new(&user, first);
    metadata.update_user_metadata(update).await.expect("written");
    let second = object(json!({ "a": { "y": 2 }, "b": null, "c": [1] }));
    let update = UpdateUserMetadataInput::new(&user, second);
    let merged = metadata.update_user_metadata(update).await.expect("written");
    assert_eq!(json!(merged), json!({ "a": { "y": 2 }, "c": [1] }));
    assert_eq!(metadata.get_user_metadata(&user).await.expect("read"), merged);
    metadata.clear_user_metadata(&user).await.expect("cleared");
    assert!(metadata.get_user_metadata(&user).await.expect("read").is_empty());
}

#[tokio::test]
async fn single_values_are_read_as_the_applications_types() {
    let app = App::new().await;
    let metadata = app.0.usermetadata().expect("added by itself");
    let user = UserId::new("u");
    metadata.set_value(&user, "phone", "+491701234567").await.expect("written");
    let phone: Option<String> = metadata.get_value(&user, "phone").await.expect("a text");
    assert_eq!(phone.as_deref(), Some("+491701234567"));
    assert_eq!(metadata.get_value::<String>(&user, "missing").await.expect("read"), None);
    assert!(metadata.get_value::<u8>(&user, "phone").await.is_err());
}

struct Stamp;

impl UserMetadataOverride for Stamp {
    async fn update_user_metadata(
        &self,
        original: &UserMetadataFunctions,
        cx: &Context,
        mut input: UpdateUserMetadataInput,
    ) -> Result<JsonObject> {
        input.metadata_update.insert("stamp".to_owned(), json!(true));
        original.update_user_metadata(cx, input).await
    }
}

#[tokio::test]
async fn a_recipe_of_the_list_takes_the_place_of_the_one_added_by_itself() {
    let auth = builder()
        .recipe(UserMetadataRecipe::new().override_functions(Stamp))
        .build()
        .await
        .expect("a valid configuration");
    let metadata = auth.usermetadata().expect("there");
    metadata.set_value("u", "a", 1).await.expect("written");
    let stored = metadata.get_user_metadata(UserId::new("u")).await.expect("read");
    assert_eq!(json!(stored), json!({ "a": 1, "stamp": true }));
}
