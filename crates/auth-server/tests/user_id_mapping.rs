//! A user with an id of another system, over HTTP: CDI §1.10, 5.5.

#![allow(clippy::unwrap_used, missing_docs)]

mod common;

use common::{Answer, Core, send};
use serde_json::{Value, json};

const OLD: &str = "legacy|7";
const EMAIL: &str = "ada@example.com";

/// A core with a user whose id is mapped.
struct Mapped {
    core: Core,
    own: String,
}

impl Mapped {
    async fn new() -> Self {
        let core = Core::start().await;
        let user = core.post("/recipe/signup", &credentials(EMAIL)).await.json();
        let own = user["recipeUserId"].as_str().unwrap().to_owned();
        let map = json!({ "superTokensUserId": own, "externalUserId": OLD });
        let made = core.post("/recipe/userid/map", &map).await.json();
        assert_eq!(made, json!({ "status": "OK" }));
        Self { core, own }
    }

    /// Either id.
    fn both(&self) -> [&str; 2] {
        [&self.own, OLD]
    }

    /// An answer with the status OK, in which the core's own id is nowhere.
    fn ok(&self, answer: &Answer) -> Value {
        let json = answer.json();
        assert_eq!(json["status"], "OK", "{answer:?}");
        assert!(!answer.text.contains(&self.own), "{answer:?}");
        json
    }

    async fn get(&self, path: &str) -> Value {
        self.ok(&self.core.get(path).await)
    }

    async fn post(&self, path: &str, body: &Value) -> Value {
        self.ok(&self.core.post(path, body).await)
    }

    async fn put(&self, path: &str, rid: &str, body: &Value) -> Value {
        let request = self.core.request("PUT", path).header("rid", rid).json(body);
        self.ok(&send(request).await)
    }
}

fn credentials(email: &str) -> Value {
    json!({ "email": email, "password": "correct1horse" })
}

fn create_session(id: &str) -> Value {
    json!({
        "userId": id, "enableAntiCsrf": false, "userDataInJWT": {}, "userDataInDatabase": {},
    })
}

/// A code for an address, and the proof of it.
async fn proof(mapped: &Mapped, email: &str) -> Value {
    let code = mapped.post("/recipe/signinup/code", &json!({ "email": email })).await;
    json!({ "preAuthSessionId": code["preAuthSessionId"], "linkCode": code["linkCode"] })
}

#[tokio::test]
async fn cdi_5_5_users_are_found_listed_and_signed_in_with_the_external_id() {
    let mapped = Mapped::new().await;
    let signed_in = mapped.post("/recipe/signin", &credentials(EMAIL)).await;
    let user = &signed_in["user"];
    assert_eq!((&user["id"], &signed_in["recipeUserId"]), (&json!(OLD), &json!(OLD)));
    assert_eq!(user["loginMethods"][0]["recipeUserId"], OLD);
    let wrong = mapped.core.post("/recipe/signup", &credentials(EMAIL)).await;
    assert_eq!(wrong.json(), json!({ "status": "EMAIL_ALREADY_EXISTS_ERROR" }));
    for id in mapped.both() {
        let id = id.replace('|', "%7C");
        assert_eq!(mapped.get(&format!("/user/id?userId={id}")).await["user"], *user);
        assert_eq!(mapped.get(&format!("/recipe/user?userId={id}")).await["user"], *user);
    }
    let users = json!([user]);
    for path in [
        "/users",
        "/users?timeJoinedOrder=DESC",
        "/users?email=ada",
        "/users/by-accountinfo?doUnionOfAccountInfo=true&email=ada@example.com",
    ] {
        assert_eq!(mapped.get(path).await["users"], users, "{path}");
    }
    assert_eq!(mapped.get("/recipe/user?email=ada@example.com").await["user"], *user);
    assert_eq!(mapped.get("/users/count").await["count"], 1);
    let old = mapped.core.post_in("3.1", "/recipe/signin", &credentials(EMAIL)).await;
    assert_eq!(mapped.ok(&old)["user"]["id"], OLD);
    let hash = "$2a$04$uFnXkHDPcuKYyhSGOQ5zUupsgjBKqMsrxmRzTmmYCvGbmFRtyl2lW";
    let import = json!({ "email": EMAIL, "passwordHash": hash });
    let imported = mapped.post("/recipe/user/passwordhash/import", &import).await;
    assert_eq!((&imported["user"], &imported["didUserAlreadyExist"]), (user, &json!(true)));
}

#[tokio::test]
async fn cdi_5_5_a_page_starts_where_the_one_before_it_ended() {
    let mapped = Mapped::new().await;
    for number in 0..3 {
        let user = mapped.core.post("/recipe/signup", &credentials(&format!("{number}@b.c"))).await;
        let own = &user.json()["recipeUserId"];
        // In an order of their own.
        let map = json!({ "superTokensUserId": own, "externalUserId": format!("{}", 9 - number) });
        mapped.core.post("/recipe/userid/map", &map).await.json();
    }
    let mut seen = Vec::new();
    let mut path = "/users?limit=1".to_owned();
    loop {
        let page = mapped.get(&path).await;
        seen.push(page["users"][0]["id"].as_str().unwrap().to_owned());
        let Some(token) = page["nextPaginationToken"].as_str() else { break };
        path = format!("/users?limit=1&paginationToken={}", token.replace('=', "%3D"));
    }
    seen.sort();
    assert_eq!(seen, ["7", "8", "9", OLD]);
}

#[tokio::test]
async fn cdi_5_5_a_session_started_by_either_id_has_the_external_one() {
    let mapped = Mapped::new().await;
    for id in mapped.both() {
        let created = mapped.post("/recipe/session", &create_session(id)).await;
        let session = &created["session"];
        assert_eq!((&session["userId"], &session["recipeUserId"]), (&json!(OLD), &json!(OLD)));
        let handle = session["handle"].as_str().unwrap();
        let row = mapped.get(&format!("/recipe/session?sessionHandle={handle}")).await;
        assert_eq!((&row["userId"], &row["recipeUserId"]), (&json!(OLD), &json!(OLD)));
        let verify = json!({
            "accessToken": created["accessToken"]["token"], "doAntiCsrfCheck": false,
            "enableAntiCsrf": false, "checkDatabase": true,
        });
        assert_eq!(mapped.post("/recipe/session/verify", &verify).await["session"], *session);
        let refresh = json!({
            "refreshToken": created["refreshToken"]["token"], "enableAntiCsrf": false,
            "useDynamicSigningKey": true,
        });
        let refreshed = mapped.post("/recipe/session/refresh", &refresh).await;
        assert_eq!(refreshed["session"], *session);
        let regenerate = json!({ "accessToken": refreshed["accessToken"]["token"] });
        let regenerated = mapped.post("/recipe/session/regenerate", &regenerate).await;
        assert_eq!(regenerated["session"], *session);
    }
    for id in mapped.both() {
        let path = format!("/recipe/session/user?userId={}", id.replace('|', "%7C"));
        assert_eq!(mapped.get(&path).await["sessionHandles"].as_array().unwrap().len(), 2);
    }
    let removed = mapped.post("/recipe/session/remove", &json!({ "userId": mapped.own })).await;
    assert_eq!(removed["sessionHandlesRevoked"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn cdi_5_5_a_stolen_session_is_told_with_the_external_id() {
    let mapped = Mapped::new().await;
    let created = mapped.post("/recipe/session", &create_session(&mapped.own)).await;
    let refresh = |token: &Value| json!({ "refreshToken": token, "enableAntiCsrf": false, "useDynamicSigningKey": true });
    let first = &created["refreshToken"]["token"];
    let second = mapped.post("/recipe/session/refresh", &refresh(first)).await;
    mapped.post("/recipe/session/refresh", &refresh(&second["refreshToken"]["token"])).await;
    let theft = mapped.core.post("/recipe/session/refresh", &refresh(first)).await.json();
    assert_eq!(theft["status"], "TOKEN_THEFT_DETECTED");
    let session = &theft["session"];
    assert_eq!((&session["userId"], &session["recipeUserId"]), (&json!(OLD), &json!(OLD)));
}

#[tokio::test]
async fn cdi_5_5_a_password_is_reset_and_changed_by_either_id() {
    let mapped = Mapped::new().await;
    let path = "/recipe/user/password/reset";
    for id in mapped.both() {
        let ask = json!({ "userId": id, "email": EMAIL });
        let token = mapped.post(&format!("{path}/token"), &ask).await["token"].clone();
        let consume = json!({ "token": token });
        let consumed = mapped.post(&format!("{path}/token/consume"), &consume).await;
        assert_eq!((&consumed["userId"], &consumed["email"]), (&json!(OLD), &json!(EMAIL)));
        let ask = json!({ "userId": id });
        let answer = mapped.core.post_in("3.1", &format!("{path}/token"), &ask).await;
        let token = mapped.ok(&answer)["token"].clone();
        let reset = json!({ "method": "token", "token": token, "newPassword": "another1horse" });
        assert_eq!(mapped.post(path, &reset).await["userId"], OLD);
        let update = json!({ "recipeUserId": id, "password": "correct1horse" });
        mapped.put("/recipe/user", "emailpassword", &update).await;
        mapped.post("/recipe/signin", &credentials(EMAIL)).await;
    }
    // Before 4.0 the address is the login method's own, by whichever id.
    for id in mapped.both() {
        let ask = json!({ "userId": id });
        let answer = mapped.core.post_in("3.1", &format!("{path}/token"), &ask).await;
        let token = mapped.ok(&answer)["token"].clone();
        let consume = json!({ "token": token });
        assert_eq!(mapped.post(&format!("{path}/token/consume"), &consume).await["email"], EMAIL);
    }
}

#[tokio::test]
async fn cdi_5_5_a_user_by_codes_signs_in_and_changes_with_the_external_id() {
    let mapped = Mapped::new().await;
    let path = "/recipe/signinup/code/consume";
    let created = mapped.post(path, &proof(&mapped, "bob@example.com").await).await;
    let own = created["recipeUserId"].as_str().unwrap();
    let map = json!({ "superTokensUserId": own, "externalUserId": "bob", "force": false });
    mapped.core.post("/recipe/userid/map", &map).await.json();
    let again = mapped.post(path, &proof(&mapped, "bob@example.com").await).await;
    assert_eq!((&again["createdNewUser"], &again["recipeUserId"]), (&json!(false), &json!("bob")));
    assert_eq!(again["user"]["id"], "bob");
    assert_eq!(again["user"]["loginMethods"][0]["verified"], true);
    for (id, number) in [("bob", "+4930123456"), (own, "+4930123457")] {
        let update = json!({ "recipeUserId": id, "phoneNumber": number });
        mapped.put("/recipe/user", "passwordless", &update).await;
        let users = mapped.get(&format!("/users?phone={}", number.replace('+', "%2B"))).await;
        assert_eq!(users["users"][0]["id"], "bob");
    }
}

#[tokio::test]
async fn cdi_5_5_accounts_are_linked_by_either_id_and_told_by_the_external_one() {
    let mapped = Mapped::new().await;
    let base = "/recipe/accountlinking/user";
    // Login methods are listed by when they joined.
    mapped.core.clock.advance(std::time::Duration::from_secs(1));
    let other = mapped.post("/recipe/signup", &credentials("countess@example.com")).await;
    let other = other["recipeUserId"].as_str().unwrap().to_owned();
    for id in mapped.both() {
        let check = format!("{base}/primary/check?recipeUserId={}", id.replace('|', "%7C"));
        mapped.get(&check).await;
        let primary = json!({ "recipeUserId": id });
        let made = mapped.post(&format!("{base}/primary"), &primary).await;
        assert_eq!(made["user"]["id"], OLD);
        let (path, id) = (format!("{base}/link/check"), id.replace('|', "%7C"));
        let check = format!("{path}?recipeUserId={other}&primaryUserId={id}");
        mapped.get(&check).await;
    }
    for id in mapped.both() {
        let link = json!({ "recipeUserId": other, "primaryUserId": id });
        let linked = mapped.post(&format!("{base}/link"), &link).await;
        assert_eq!(linked["user"]["id"], OLD);
        assert_eq!(linked["user"]["loginMethods"][0]["recipeUserId"], OLD);
    }
    let check = format!("{base}/primary/check?recipeUserId={other}");
    let linked = mapped.core.get(&check).await.json();
    assert_eq!(linked["status"], "RECIPE_USER_ID_ALREADY_LINKED_WITH_PRIMARY_USER_ID_ERROR");
    assert_eq!(linked["primaryUserId"], OLD);
    let primary = json!({ "recipeUserId": other });
    let linked = mapped.core.post(&format!("{base}/primary"), &primary).await.json();
    assert_eq!(linked["primaryUserId"], OLD);
    let third = mapped.post("/recipe/signup", &credentials("third@example.com")).await;
    let third = third["recipeUserId"].as_str().unwrap().to_owned();
    mapped.post(&format!("{base}/primary"), &json!({ "recipeUserId": third })).await;
    let link = json!({ "recipeUserId": OLD, "primaryUserId": third });
    let refused = mapped.core.post(&format!("{base}/link"), &link).await.json();
    let status = "RECIPE_USER_ID_ALREADY_LINKED_WITH_ANOTHER_PRIMARY_USER_ID_ERROR";
    assert_eq!((&refused["status"], &refused["primaryUserId"]), (&json!(status), &json!(OLD)));
    let (path, id) = (format!("{base}/link/check"), "legacy%7C7");
    let check = format!("{path}?recipeUserId={id}&primaryUserId={third}");
    assert_eq!(mapped.core.get(&check).await.json()["primaryUserId"], OLD);
    let gone = json!({ "status": "OK", "wasRecipeUserDeleted": true, "wasLinked": true });
    let unlink = json!({ "recipeUserId": OLD });
    assert_eq!(mapped.post(&format!("{base}/unlink"), &unlink).await, gone);
    assert_eq!(mapped.get(&format!("/user/id?userId={other}")).await["user"]["id"], OLD);
}

#[tokio::test]
async fn cdi_5_5_what_is_kept_under_any_id_is_not_translated() {
    let mapped = Mapped::new().await;
    let core = &mapped.core;
    let put = json!({ "userId": OLD, "metadataUpdate": { "theme": "dark" } });
    mapped.put("/recipe/user/metadata", "usermetadata", &put).await;
    mapped.put("/recipe/role", "userroles", &json!({ "role": "editor" })).await;
    let add = json!({ "userId": OLD, "role": "editor" });
    mapped.put("/recipe/user/role", "userroles", &add).await;
    let device = json!({ "userId": OLD, "deviceName": "phone", "skew": 1, "period": 30 });
    mapped.post("/recipe/totp/device", &device).await;
    mapped.post("/recipe/recoverycode/generate", &json!({ "userId": OLD })).await;
    let kept = async |id: &str| {
        let id = id.replace('|', "%7C");
        let get = async |path: &str| core.get(&format!("{path}?userId={id}")).await.json();
        [
            get("/recipe/user/metadata").await["metadata"].as_object().unwrap().len(),
            get("/recipe/user/roles").await["roles"].as_array().unwrap().len(),
            get("/recipe/totp/device/list").await["devices"].as_array().unwrap().len(),
            usize::try_from(get("/recipe/recoverycode/count").await["codesLeft"].as_u64().unwrap())
                .unwrap(),
        ]
    };
    assert_eq!(kept(OLD).await, [1, 1, 1, 10]);
    assert_eq!(kept(&mapped.own).await, [0; 4]);
    assert_eq!(mapped.get("/recipe/role/users?role=editor").await["users"], json!([OLD]));
    // It goes with the user, by whichever id that is deleted.
    mapped.post("/user/remove", &json!({ "userId": mapped.own })).await;
    assert_eq!(kept(OLD).await, [0; 4]);
    let gone = core.get("/recipe/userid/map?userId=legacy%7C7").await.json();
    assert_eq!(gone, json!({ "status": "UNKNOWN_MAPPING_ERROR" }));
}

#[tokio::test]
async fn cdi_1_10_a_mapping_is_read_written_and_removed() {
    let mapped = Mapped::new().await;
    let core = &mapped.core;
    let mapping = json!({
        "status": "OK", "superTokensUserId": mapped.own, "externalUserId": OLD,
    });
    for query in [
        format!("userId={}", mapped.own),
        format!("userId={}&userIdType=SUPERTOKENS", mapped.own),
        "userId=legacy%7C7&userIdType=EXTERNAL".to_owned(),
        "userId=+legacy%7C7+&userIdType=ANY".to_owned(),
    ] {
        assert_eq!(core.get(&format!("/recipe/userid/map?{query}")).await.json(), mapping);
    }
    let put =
        |body: Value| send(core.request("PUT", "/recipe/userid/external-user-id-info").json(&body));
    let ok = json!({ "status": "OK" });
    let unknown = json!({ "status": "UNKNOWN_MAPPING_ERROR" });
    let update = json!({ "userId": OLD, "userIdType": "EXTERNAL", "externalUserIdInfo": "shop" });
    assert_eq!(put(update).await.json(), ok);
    let read = core.get("/recipe/userid/map?userId=legacy%7C7").await.json();
    assert_eq!(read["externalUserIdInfo"], "shop");
    assert_eq!(put(json!({ "userId": OLD, "externalUserIdInfo": null })).await.json(), ok);
    let read = core.get("/recipe/userid/map?userId=legacy%7C7").await.json();
    assert_eq!(read, mapping);
    assert_eq!(put(json!({ "userId": "x", "externalUserIdInfo": null })).await.json(), unknown);
    let remove = json!({ "userId": OLD, "userIdType": "EXTERNAL" });
    for did in [true, false] {
        let removed = core.post("/recipe/userid/map/remove", &remove).await.json();
        assert_eq!(removed, json!({ "status": "OK", "didMappingExist": did }));
    }
}

#[tokio::test]
async fn cdi_0_5_and_0_6_a_wrong_field_of_a_mapping_is_refused_in_the_reference_s_words() {
    let mapped = Mapped::new().await;
    let core = &mapped.core;
    let refused = |answer: Answer| (answer.status, answer.text);
    let is_400 = |text: &str| (400, format!("{text}\n"));
    let map = "/recipe/userid/map";
    let put =
        |body: Value| send(core.request("PUT", "/recipe/userid/external-user-id-info").json(&body));
    let no_type = "Field name 'userIdType' should be one of 'SUPERTOKENS', 'EXTERNAL' or 'ANY'";
    let missing = core.post(map, &json!({ "externalUserId": "x" })).await;
    let text = "Field name 'superTokensUserId' is invalid in JSON input";
    assert_eq!(refused(missing), is_400(text));
    let number = core.post(map, &json!({ "superTokensUserId": "x", "externalUserId": 7 })).await;
    assert_eq!(refused(number), is_400("Field name 'externalUserId' is invalid in JSON input"));
    let empty = core.post(map, &json!({ "superTokensUserId": " ", "externalUserId": "x" })).await;
    let text = "Field name 'superTokensUserId' cannot be an empty String";
    assert_eq!(refused(empty), is_400(text));
    let missing = core.get(map).await;
    assert_eq!(refused(missing), is_400("Field name 'userId' is missing in GET request"));
    assert_eq!(refused(core.get(&format!("{map}?userId=x&userIdType=ME")).await), is_400(no_type));
    let remove = json!({ "userId": "x", "userIdType": "ME" });
    assert_eq!(refused(core.post(&format!("{map}/remove"), &remove).await), is_400(no_type));
    let text = "Field name 'externalUserIdInfo' is invalid in JSON input";
    assert_eq!(refused(put(json!({ "userId": OLD })).await), is_400(text));
    let empty = put(json!({ "userId": OLD, "externalUserIdInfo": " " })).await;
    let text = "Field name 'externalUserIdInfo' cannot be an empty String";
    assert_eq!(refused(empty), is_400(text));
    let taken = json!({ "superTokensUserId": mapped.own, "externalUserId": OLD, "force": true });
    let exists = json!({
        "status": "USER_ID_MAPPING_ALREADY_EXISTS_ERROR",
        "doesSuperTokensUserIdExist": true, "doesExternalUserIdExist": true,
    });
    assert_eq!(core.post(map, &taken).await.json(), exists);
    // Only the app has mappings, and a null is no information.
    let null = json!({
        "superTokensUserId": "x", "externalUserId": "y", "externalUserIdInfo": null,
    });
    let unknown = json!({ "status": "UNKNOWN_SUPERTOKENS_USER_ID_ERROR" });
    assert_eq!(core.post(map, &null).await.json(), unknown);
    let tenant = core.get(&format!("/t1{map}?userId=x")).await;
    let text = "Only public tenantId can call this app specific API";
    assert_eq!(refused(tenant), (403, format!("{text}\n")));
}
