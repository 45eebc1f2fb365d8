//! Third parties of tenants (CDI §6.4).

use auth_protocol::multitenancy::*;
use serde_json::{Value, json};

use crate::common::Test;

fn config(value: Value) -> CreateOrUpdateThirdPartyConfig {
    CreateOrUpdateThirdPartyConfig::new(serde_json::from_value(value).unwrap())
}

#[tokio::test]
async fn cdi_6_4_each_tenant_has_third_parties_of_its_own_which_are_replaced_as_a_whole() {
    let test = Test::new().await;
    test.put_tenant("t1").await;
    let t1 = test.at("public", "t1");
    let first = json!({ "thirdPartyId": " google ", "name": "Google",
        "clients": [{ "clientId": "c1", "clientSecret": "s1" }],
        "authorizationEndpointQueryParams": { "prompt": null } });
    let CreateOrUpdateThirdPartyConfigResponse::Ok { created_new } = t1.run(config(first)).await;
    assert!(created_new);
    t1.clock.advance(std::time::Duration::from_millis(1));
    t1.run(config(json!({ "thirdPartyId": "active-directory" }))).await;
    let second = json!({ "thirdPartyId": "google", "clients": [{ "clientId": "c2" }] });
    let CreateOrUpdateThirdPartyConfigResponse::Ok { created_new } = t1.run(config(second)).await;
    assert!(!created_new);

    let providers = t1.tenant().await.unwrap().third_party.providers;
    let shown = serde_json::to_value(&providers).unwrap();
    let map = || json!({ "fromIdTokenPayload": {}, "fromUserInfoAPI": {} });
    let expected = json!([
        { "thirdPartyId": "google", "clients": [{ "clientId": "c2" }], "userInfoMap": map() },
        { "thirdPartyId": "active-directory", "clients": [], "userInfoMap": map() },
    ]);
    assert_eq!(shown, expected);
    assert!(test.tenant().await.unwrap().third_party.providers.is_empty());

    let remove = || RemoveThirdPartyConfig { third_party_id: "google".into() };
    let RemoveThirdPartyConfigResponse::Ok { did_config_exist } = t1.run(remove()).await;
    assert!(did_config_exist);
    let RemoveThirdPartyConfigResponse::Ok { did_config_exist } = t1.run(remove()).await;
    assert!(!did_config_exist);
    assert_eq!(t1.tenant().await.unwrap().third_party.providers.len(), 1);
}

#[tokio::test]
async fn cdi_6_4_what_a_third_party_lacks_is_told_unless_it_is_not_to_be_looked_at() {
    let test = Test::new().await;
    let apple = || config(json!({ "thirdPartyId": "apple", "clients": [{ "clientId": "c" }] }));
    let text = test.refused(apple()).await;
    assert!(text.starts_with("Invalid third party config: a non empty string value"), "{text}");
    assert!(test.tenant().await.unwrap().third_party.providers.is_empty());
    let unchecked = CreateOrUpdateThirdPartyConfig { skip_validation: Some(true), ..apple() };
    test.run(unchecked).await;
    for id in ["", " ", &"x".repeat(29)] {
        let text = test.refused(config(json!({ "thirdPartyId": id }))).await;
        assert!(text.starts_with("Invalid third party config: thirdPartyId"), "{text}");
    }
}
