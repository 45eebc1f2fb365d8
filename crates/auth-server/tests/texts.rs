//! Refusals in the words that the reference has for them, operation by operation (CDI §1).

#![allow(clippy::unwrap_used, missing_docs)]

mod common;

use common::{Answer, Core, send, text};
use serde_json::{Value, json};

/// Asks as `METHOD /path` says, and as a recipe where `rid: METHOD /path` names one.
async fn ask(core: &Core, what: &str, body: &Value) -> Answer {
    let (rid, what) = what.split_once(": ").unwrap_or(("emailpassword", what));
    let (method, path) = what.split_once(' ').unwrap();
    let request = core.request(method, path).header("rid", rid);
    send(if method == "GET" { request } else { request.json(body) }).await
}

/// Each row is a request that is refused with 400, and the words.
async fn refused(core: &Core, rows: &[(&str, Value, &str)]) {
    for (what, body, words) in rows {
        assert_eq!(ask(core, what, body).await, text(400, words), "{what} {body}");
    }
}

async fn sign_up(core: &Core, email: &str) -> String {
    let body = json!({ "email": email, "password": "correct horse" });
    let answer = core.post("/recipe/signup", &body).await.json();
    answer["recipeUserId"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn cdi_1_3_passwords_and_their_hashes() {
    let core = Core::start().await;
    let id = sign_up(&core, "ada@example.com").await;
    let import = |hash: &str, algorithm: Value| {
        let mut body = json!({ "email": "eve@example.com", "passwordHash": hash });
        if !algorithm.is_null() {
            body["hashingAlgorithm"] = algorithm;
        }
        body
    };
    let import_path = "POST /recipe/user/passwordhash/import";
    let reset = |method: &str, password: &str| json!({ "method": method, "token": "t", "newPassword": password });
    let empty = "Password cannot be an empty string";
    let invalid = |field: &str| format!("Field name '{field}' is invalid in JSON input");
    refused(
        &core,
        &[
            ("POST /recipe/signup", json!({ "email": "e@example.com", "password": "" }), empty),
            ("POST /recipe/signup", json!({ "password": "p" }), &invalid("email")),
            ("POST /recipe/signin", json!({ "email": "e@example.com" }), &invalid("password")),
            ("POST /recipe/user/password/reset", reset("token", ""), empty),
            (
                "POST /recipe/user/password/reset",
                reset("email", "correct horse"),
                "Unsupported method for password reset",
            ),
            ("POST /recipe/user/password/reset/token", json!({ "userId": id }), &invalid("email")),
            (import_path, import(" ", json!(null)), "Password hash cannot be an empty string"),
            (import_path, import("x", json!(" ")), "Hashing Algorithm cannot be an empty string"),
            (import_path, import("x", json!("md5")), "Unsupported password hashing algorithm"),
            (import_path, import("x", json!(null)), "Password hash is in invalid format"),
            (
                import_path,
                import("x", json!("BCrypt")),
                "Password hash is in invalid BCrypt format",
            ),
            (
                import_path,
                import("x", json!("argon2")),
                "Password hash is in invalid Argon2 format",
            ),
            (
                import_path,
                import("x", json!("Firebase_SCrypt")),
                "Password hash is in invalid Firebase SCrypt format",
            ),
            // Our own words: the reference takes it, and fails when its user signs in.
            (
                import_path,
                import("$f_scrypt$aGFzaA==$c2FsdA==$m=14$r=8$s=Bw==", json!(null)),
                "hashes of Firebase need `firebase_password_hashing_signer_key`",
            ),
            ("GET /recipe/user", json!({}), "Please provide one of userId or email"),
            (
                "GET /recipe/user?userId=u&email=e",
                json!({}),
                "Please provide only one of userId or email",
            ),
            (
                "PUT /recipe/user",
                json!({ "recipeUserId": id }),
                "You have to provide either email or password.",
            ),
        ],
    )
    .await;
}

#[tokio::test]
async fn cdi_1_6_one_time_codes() {
    let core = Core::start().await;
    let email = json!({ "email": "ada@example.com" });
    let code = core.post("/recipe/signinup/code", &email).await.json();
    let (session, device) = (&code["preAuthSessionId"], &code["deviceId"]);
    let consume = json!({
        "preAuthSessionId": session, "deviceId": device, "userInputCode": code["userInputCode"],
    });
    let user = core.post("/recipe/signinup/code/consume", &consume).await.json();
    // A device that is there: one that isn't starts the flow again.
    let live = core.post("/recipe/signinup/code", &email).await.json()["deviceId"].clone();
    let proof = "Please provide exactly one of linkCode or deviceId+userInputCode";
    let mismatch = "preAuthSessionId and deviceId doesn't match";
    let mut rows = Vec::new();
    for path in ["POST /recipe/signinup/code/consume", "POST /recipe/signinup/code/check"] {
        rows.extend([
            (path, json!({ "preAuthSessionId": session }), proof),
            (path, json!({ "preAuthSessionId": session, "deviceId": device }), proof),
            (
                path,
                json!({ "preAuthSessionId": session, "linkCode": "l", "deviceId": device,
                        "userInputCode": "1" }),
                proof,
            ),
            (
                path,
                json!({ "preAuthSessionId": "other", "deviceId": live, "userInputCode": "1" }),
                mismatch,
            ),
            (
                path,
                json!({ "preAuthSessionId": session, "deviceId": "?", "userInputCode": "1" }),
                "Input encoding error in deviceId",
            ),
            (
                path,
                json!({ "preAuthSessionId": session, "linkCode": "?" }),
                "Input encoding error in linkCode",
            ),
        ]);
    }
    let one_target = "Please provide exactly one of email, phoneNumber or deviceId";
    let one_contact = "Please provide exactly one of email or phoneNumber";
    let one_list = "Please provide exactly one of email, phoneNumber, deviceId or preAuthSessionId";
    let both = json!({ "email": "e@example.com", "phoneNumber": "+4915112345678" });
    rows.extend([
        ("POST /recipe/signinup/code", json!({}), one_target),
        ("POST /recipe/signinup/code", both.clone(), one_target),
        (
            "POST /recipe/signinup/code",
            json!({ "email": "e@example.com", "userInputCode": "" }),
            "userInputCode cannot be an empty string.",
        ),
        (
            "POST /recipe/signinup/code",
            json!({ "deviceId": "?" }),
            "Input encoding error in deviceId",
        ),
        (
            "POST /recipe/signinup/code/remove",
            json!({}),
            "Please provide either 'codeId' or 'preAuthSessionId'",
        ),
        (
            "POST /recipe/signinup/code/remove",
            json!({ "codeId": "c", "preAuthSessionId": "p" }),
            "Please provide only one of 'codeId' or 'preAuthSessionId'",
        ),
        ("POST /recipe/signinup/codes/remove", json!({}), one_contact),
        ("POST /recipe/signinup/codes/remove", both, one_contact),
        ("GET /recipe/signinup/codes", json!({}), one_list),
        ("GET /recipe/signinup/codes?email=e&deviceId=d", json!({}), one_list),
        ("GET /recipe/signinup/codes?deviceId=%3F", json!({}), "Input encoding error in deviceId"),
        (
            "passwordless: GET /recipe/user",
            json!({}),
            "Please provide exactly one of userId, email or phoneNumber",
        ),
        (
            "passwordless: PUT /recipe/user",
            json!({ "recipeUserId": user["recipeUserId"], "email": null }),
            "You cannot clear both email and phone number of a user",
        ),
    ]);
    refused(&core, &rows).await;
}

#[tokio::test]
async fn cdi_1_2_sessions() {
    let core = Core::start().await;
    let create = |payload: Value| {
        json!({
            "userId": "ada", "enableAntiCsrf": false, "userDataInJWT": payload,
            "userDataInDatabase": {},
        })
    };
    let session = core.post("/recipe/session", &create(json!({}))).await.json();
    let (handle, token) = (&session["session"]["handle"], &session["accessToken"]["token"]);
    let protected = "The user payload contains protected field";
    let claim = json!({ "sub": "eve" });
    let only =
        |field: &str| format!("Invalid JSON input - {field} can only be set if userId is set");
    let one = "Invalid JSON input - use one of userId or sessionHandles array";
    let remove = "POST /recipe/session/remove";
    refused(
        &core,
        &[
            ("POST /recipe/session", create(claim.clone()), protected),
            (
                "POST /recipe/session/regenerate",
                json!({ "accessToken": token, "userDataInJWT": claim }),
                protected,
            ),
            (
                "PUT /recipe/jwt/data",
                json!({ "sessionHandle": handle, "userDataInJWT": claim }),
                protected,
            ),
            (
                "POST /recipe/session/refresh",
                json!({ "refreshToken": "r", "enableAntiCsrf": false }),
                "Field name 'useDynamicSigningKey' is invalid in JSON input",
            ),
            (remove, json!({}), one),
            (remove, json!({ "userId": "u", "sessionHandles": [] }), one),
            (
                remove,
                json!({ "sessionHandles": [1] }),
                "Field name 'sessionHandles' is invalid in JSON input",
            ),
            (
                remove,
                json!({ "sessionHandles": [], "revokeAcrossAllTenants": true }),
                &only("revokeAcrossAllTenants"),
            ),
            (
                remove,
                json!({ "sessionHandles": [], "revokeSessionsForLinkedAccounts": false }),
                &only("revokeSessionsForLinkedAccounts"),
            ),
            (
                "POST /recipe/jwt",
                json!({ "algorithm": "EdDSA", "jwksDomain": "d", "payload": {}, "validity": -1 }),
                "validity must be greater than or equal to 0",
            ),
            (
                "POST /recipe/jwt",
                json!({ "algorithm": "EdDSA", "jwksDomain": "d", "payload": {}, "validity": 0 }),
                "validity must be greater than or equal to 0",
            ),
            (
                "POST /recipe/jwt",
                json!({ "algorithm": "none", "jwksDomain": "d", "payload": {}, "validity": 0.5 }),
                "validity must be greater than or equal to 0",
            ),
            (
                "GET /recipe/session",
                json!({}),
                "Field name 'sessionHandle' is missing in GET request",
            ),
        ],
    )
    .await;
}

#[tokio::test]
async fn cdi_1_8_authenticator_apps() {
    let core = Core::start().await;
    let empty = |field: &str| format!("{field} cannot be empty");
    let (user, name, secret) = (empty("userId"), empty("deviceName"), empty("secretKey"));
    let (user, name, secret) = (user.as_str(), name.as_str(), secret.as_str());
    let device = |change: Value| {
        let mut body = json!({
            "userId": "u", "deviceName": "d", "skew": 1, "period": 30,
            "secretKey": "JBSWY3DPEHPK3PXP",
        });
        body.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        body
    };
    let mut rows = Vec::new();
    for path in ["POST /recipe/totp/device", "POST /recipe/totp/device/import"] {
        rows.extend([
            (path, device(json!({ "userId": "" })), user),
            (path, device(json!({ "deviceName": "" })), name),
            (path, device(json!({ "skew": -1 })), "skew must be >= 0"),
            (path, device(json!({ "skew": "x" })), "Field name 'skew' is invalid in JSON input"),
            (path, device(json!({ "period": 0 })), "period must be > 0"),
            (path, device(json!({ "period": -30 })), "period must be > 0"),
        ]);
    }
    let rename = |user: &str, old: &str, new: &str| json!({ "userId": user, "existingDeviceName": old, "newDeviceName": new });
    let (old, new) = (empty("existingDeviceName"), empty("newDeviceName"));
    let (old, new) = (old.as_str(), new.as_str());
    let put = "PUT /recipe/totp/device";
    rows.extend([
        ("POST /recipe/totp/device/import", device(json!({ "secretKey": "" })), secret),
        (put, rename("", "d", "e"), user),
        (put, rename("u", "", "e"), old),
        (put, rename("u", "d", ""), new),
        ("GET /recipe/totp/device/list?userId=", json!({}), user),
        ("POST /recipe/totp/device/remove", json!({ "userId": "", "deviceName": "d" }), user),
        ("POST /recipe/totp/device/remove", json!({ "userId": "u", "deviceName": "" }), name),
        ("POST /recipe/totp/device/verify", device(json!({ "userId": "", "totp": "1" })), user),
        ("POST /recipe/totp/device/verify", device(json!({ "deviceName": "", "totp": "1" })), name),
        ("POST /recipe/totp/verify", json!({ "userId": "", "totp": "1" }), user),
    ]);
    refused(&core, &rows).await;
}

#[tokio::test]
async fn cdi_1_8_and_1_10_many_users_at_once() {
    let core = Core::start().await;
    for path in ["POST /recipe/user/metadata/bulk", "POST /recipe/totp/device/status/bulk"] {
        let only_texts = "userIds array must contain only strings";
        let invalid = "Field name 'userIds' is invalid in JSON input";
        let many: Vec<_> = (0..501).map(|number| number.to_string()).collect();
        refused(
            &core,
            &[
                (path, json!({ "userIds": [1] }), only_texts),
                (path, json!({ "userIds": ["u", null] }), only_texts),
                (path, json!({ "userIds": ["u", ["v"]] }), only_texts),
                (path, json!({ "userIds": ["u", {}] }), only_texts),
                (path, json!({ "userIds": "u" }), invalid),
                (path, json!({}), invalid),
                (path, json!({ "userIds": many }), "You can only query up to 500 users at a time."),
            ],
        )
        .await;
    }
}

#[tokio::test]
async fn cdi_1_1_users() {
    let core = Core::start().await;
    let vice_versa =
        "If 'thirdPartyId' is provided, 'thirdPartyUserId' must also be provided, and vice versa";
    let least = "limit must a positive integer with min value 1";
    let order = "timeJoinedOrder can be either ASC OR DESC";
    let union = "/users/by-accountinfo?doUnionOfAccountInfo=true";
    let one_half = |field: &str| format!("GET {union}&{field}=x");
    let missing = |field: &str| format!("Field name '{field}' is missing in GET request");
    refused(
        &core,
        &[
            ("GET /users?email=a&limit=-1", json!({}), least),
            ("GET /users?phone=a&limit=0", json!({}), least),
            ("GET /users?provider=a&paginationToken=x", json!({}), "invalid pagination token"),
            ("GET /users?timeJoinedOrder=asc", json!({}), order),
            ("GET /users?email=a&timeJoinedOrder=Desc", json!({}), order),
            ("GET /users?timeJoinedOrder=%20ASC", json!({}), order),
            ("GET /users?timeJoinedOrder=", json!({}), order),
            (&one_half("thirdPartyId"), json!({}), vice_versa),
            (&one_half("thirdPartyUserId"), json!({}), vice_versa),
            ("GET /users/count?includeRecipeIds=oops", json!({}), "Unknown recipe ID: oops"),
            ("GET /users/count/active?since=-1", json!({}), "'since' query parameter must be >= 0"),
            (
                "GET /users/count/active?since=x",
                json!({}),
                "Field name 'since' must be a long in the GET request",
            ),
            ("GET /users/count/active", json!({}), &missing("since")),
            ("GET /recipe/user/metadata", json!({}), &missing("userId")),
            (
                "POST /user/remove",
                json!({ "removeAllLinkedAccounts": true }),
                "Field name 'userId' is invalid in JSON input",
            ),
        ],
    )
    .await;
}

#[tokio::test]
async fn cdi_1_10_roles_and_mapped_ids() {
    let core = Core::start().await;
    let id = sign_up(&core, "ada@example.com").await;
    let other = sign_up(&core, "bob@example.com").await;
    let in_use = sign_up(&core, "eve@example.com").await;
    let update = json!({ "userId": in_use, "metadataUpdate": { "a": 1 } });
    assert_eq!(ask(&core, "PUT /recipe/user/metadata", &update).await.status, 200);
    let empty = |field: &str| format!("Field name '{field}' cannot be an empty String");
    let (role, permission, user) = (empty("role"), empty("permission"), empty("userId"));
    let (own, external) = (empty("superTokensUserId"), empty("externalUserId"));
    let info = empty("externalUserIdInfo");
    let no_role = json!({ "userId": "u", "role": " " });
    let permissions = json!({ "role": "r", "permissions": ["read", " "] });
    let empty_permission = "Field name 'permissions' cannot contain an empty string";
    let wrong_type = "Field name 'userIdType' should be one of 'SUPERTOKENS', 'EXTERNAL' or 'ANY'";
    let map =
        |own: &str, external: &str| json!({ "superTokensUserId": own, "externalUserId": external });
    let typed = json!({ "userId": "u", "userIdType": "x", "externalUserIdInfo": null });
    refused(
        &core,
        &[
            ("PUT /recipe/user/role", no_role.clone(), &role),
            ("POST /recipe/user/role/remove", no_role.clone(), &role),
            ("PUT /recipe/role", no_role.clone(), &role),
            ("PUT /recipe/role", permissions.clone(), empty_permission),
            (
                "PUT /recipe/role",
                json!({ "role": "r", "permissions": [1] }),
                "Field name 'permissions' is invalid in JSON input",
            ),
            ("POST /recipe/role/permissions/remove", permissions, empty_permission),
            ("POST /recipe/role/permissions/remove", no_role.clone(), &role),
            ("POST /recipe/role/remove", no_role, &role),
            ("GET /recipe/role/users?role=", json!({}), &role),
            ("GET /recipe/role/permissions?role=%20", json!({}), &role),
            ("GET /recipe/permission/roles?permission=", json!({}), &permission),
            ("POST /recipe/userid/map", map(" ", "e"), &own),
            ("POST /recipe/userid/map", map(&id, " "), &external),
            (
                "POST /recipe/userid/map",
                json!({ "superTokensUserId": id, "externalUserId": "e", "externalUserIdInfo": "" }),
                &info,
            ),
            (
                "POST /recipe/userid/map",
                map(&id, &other),
                "Cannot create a userId mapping where the externalId is also a SuperTokens userID",
            ),
            (
                "POST /recipe/userid/map",
                map(&in_use, "e"),
                "UserId is already in use in UserMetadata recipe",
            ),
            ("GET /recipe/userid/map?userId=", json!({}), &user),
            ("GET /recipe/userid/map?userId=u&userIdType=x", json!({}), wrong_type),
            ("GET /recipe/userid/map?userId=u&userIdType=any", json!({}), wrong_type),
            (
                "POST /recipe/userid/map/remove",
                json!({ "userId": "u", "userIdType": "External" }),
                wrong_type,
            ),
            ("POST /recipe/userid/map/remove", json!({ "userId": "" }), &user),
            ("POST /recipe/userid/map/remove", typed.clone(), wrong_type),
            ("PUT /recipe/userid/external-user-id-info", typed, wrong_type),
            (
                "PUT /recipe/userid/external-user-id-info",
                json!({ "userId": "", "externalUserIdInfo": null }),
                &user,
            ),
            (
                "PUT /recipe/userid/external-user-id-info",
                json!({ "userId": "u", "externalUserIdInfo": " " }),
                &info,
            ),
        ],
    )
    .await;
}

#[tokio::test]
async fn cdi_1_11_accounts_that_are_linked() {
    let core = Core::start().await;
    let id = sign_up(&core, "ada@example.com").await;
    let alone = sign_up(&core, "bob@example.com").await;
    let primary = json!({ "recipeUserId": id });
    core.post("/recipe/accountlinking/user/primary", &primary).await.json();
    let unknown = "Unknown user ID provided";
    let nobody = json!({ "recipeUserId": "nobody", "primaryUserId": id });
    let check = "GET /recipe/accountlinking/user";
    refused(
        &core,
        &[
            (&format!("{check}/primary/check?recipeUserId=nobody"), json!({}), unknown),
            (
                &format!("{check}/link/check?recipeUserId=nobody&primaryUserId={id}"),
                json!({}),
                unknown,
            ),
            // Before whether the other one is a primary user.
            (
                &format!("{check}/link/check?recipeUserId=nobody&primaryUserId={alone}"),
                json!({}),
                unknown,
            ),
            (
                "POST /recipe/accountlinking/user/link",
                json!({ "recipeUserId": "nobody", "primaryUserId": alone }),
                unknown,
            ),
            ("POST /recipe/accountlinking/user/primary", nobody.clone(), unknown),
            ("POST /recipe/accountlinking/user/link", nobody.clone(), unknown),
            ("POST /recipe/accountlinking/user/unlink", nobody, unknown),
        ],
    )
    .await;
}

#[tokio::test]
async fn cdi_1_3_a_reset_token_for_nobody_needs_no_address() {
    let core = Core::start().await;
    let path = "/recipe/user/password/reset/token";
    let unknown = json!({ "status": "UNKNOWN_USER_ID_ERROR" });
    for version in ["2.21", "3.1", "4.0", "5.4", "5.6"] {
        for body in [json!({ "userId": "nobody" }), json!({ "userId": "nobody", "email": 1 })] {
            assert_eq!(core.post_in(version, path, &body).await.json(), unknown, "{version}");
        }
    }
    let id = sign_up(&core, "ada@example.com").await;
    let invalid =
        |field: &str| text(400, &format!("Field name '{field}' is invalid in JSON input"));
    assert_eq!(core.post_in("5.4", path, &json!({ "userId": id })).await, invalid("email"));
    assert_eq!(core.post_in("5.4", path, &json!({ "email": "a" })).await, invalid("userId"));
    // Before 4.0 only a password's user has one.
    let code = core.post("/recipe/signinup/code", &json!({ "email": "bob@example.com" })).await;
    let code = code.json();
    let proof =
        json!({ "preAuthSessionId": code["preAuthSessionId"], "linkCode": code["linkCode"] });
    let bob = core.post("/recipe/signinup/code/consume", &proof).await.json();
    let body = json!({ "userId": bob["recipeUserId"] });
    assert_eq!(core.post_in("3.1", path, &body).await.json(), unknown);
    let body = json!({ "userId": bob["recipeUserId"], "email": "bob@example.com" });
    assert_eq!(core.post_in("4.0", path, &body).await.json()["status"], "OK");
}
