//! Requests that nobody would send, to every operation: whatever a client sends is refused or
//! answered, and never fails (CDI §0.5).

#![allow(clippy::unwrap_used, missing_docs)]

mod common;

use std::collections::{BTreeMap, BTreeSet};

use auth_protocol::{Method, Operation, for_each_operation};
use common::{Answer, Core, send};
use proptest::{
    prelude::*,
    sample::{Index, select},
    strategy::ValueTree,
    test_runner::TestRunner,
};
use serde_json::{Map, Value, json};

const REQUESTS: usize = 6000;

/// How many of what was told of a field are kept, to be sent again.
const KEPT: usize = 12;

type Fields = Map<String, Value>;

struct Target {
    name: &'static str,
    method: Method,
    path: &'static str,
    rid: Option<&'static str>,
}

fn targets() -> Vec<Target> {
    macro_rules! targets {
        ($($operation:ty),* $(,)?) => {
            vec![$(Target {
                name: <$operation>::NAME,
                method: <$operation>::METHOD,
                path: <$operation>::PATH,
                rid: <$operation>::RID,
            }),*]
        };
    }
    for_each_operation!(targets)
}

/// What a field may well hold, so that requests get further than to their first field.
fn likely(field: &str) -> &'static [&'static str] {
    match field {
        "email" => &[r#""ada@example.com""#, r#"" EVE@example.com ""#],
        "phoneNumber" => &[r#""+491701234567""#, r#""12""#],
        "password" | "newPassword" => &[r#""correct horse""#],
        "passwordHash" => &[r#""$2a$04$uFnXkHDPcuKYyhSGOQ5zUuLh42BQOkssQPU63Wk6aMxuuP2KUDZQ.""#],
        "userId" | "role" | "deviceName" | "externalUserId" => &[r#""a""#, r#""b""#],
        "enableAntiCsrf"
        | "doAntiCsrfCheck"
        | "checkDatabase"
        | "useDynamicSigningKey"
        | "force" => &["true", "false"],
        "userDataInJWT" | "userDataInDatabase" | "payload" | "metadataUpdate" => {
            &["{}", r#"{"a": null, "b": [1]}"#]
        }
        "skew" | "period" | "validity" | "accessTokenValidity" => &["1", "30", "2147483647"],
        "userIds" | "permissions" | "sessionHandles" => &[r#"["a"]"#, "[]"],
        "secretKey" => &[r#""JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP""#],
        "method" => &[r#""token""#],
        "algorithm" => &[r#""RS256""#],
        "doUnionOfAccountInfo" => &[r#""true""#, r#""false""#],
        "relyingPartyId" => &[r#""example.com""#],
        "relyingPartyName" => &[r#""Example""#],
        "origin" => &[r#""https://example.com""#],
        "credential" => &[
            "{}",
            r#"{"id": "YQ", "type": "public-key", "response": {"clientDataJSON": "e30", "attestationObject": "oA", "authenticatorData": "", "signature": ""}}"#,
        ],
        "limit" | "since" => &[r#""0""#, r#""500""#],
        _ => &[],
    }
}

/// Fields that some operation takes without asking for it.
const OPTIONAL: &[&str] = &[
    "email",
    "phoneNumber",
    "userInputCode",
    "deviceId",
    "preAuthSessionId",
    "linkCode",
    "codeId",
    "deviceName",
    "antiCsrfToken",
    "useDynamicSigningKey",
    "accessTokenValidity",
    "userIdType",
    "externalUserIdInfo",
    "force",
    "hashingAlgorithm",
    "permissions",
    "limit",
    "paginationToken",
    "timeJoinedOrder",
    "includeRecipeIds",
    "provider",
    "phone",
    "thirdPartyId",
    "password",
    "thirdPartyUserId",
    "allowApproximate",
    "includeAllTenants",
    "revokeAcrossAllTenants",
    "fetchAcrossAllTenants",
    "removeAllLinkedAccounts",
    "userDataInJWT",
    "sessionHandles",
    "userId",
    "displayName",
    "timeout",
    "attestation",
    "residentKey",
    "userVerification",
    "userPresence",
    "supportedAlgorithmIDs",
    "webauthnCredentialId",
];

/// What a field of answers is called in requests.
fn other_names(field: &str) -> &'static [&'static str] {
    match field {
        "handle" => &["sessionHandle"],
        "token" => &["accessToken", "refreshToken"],
        "secret" => &["secretKey"],
        "id" | "recipeUserId" => &["userId", "recipeUserId", "primaryUserId", "superTokensUserId"],
        "name" | "deviceName" => &["deviceName", "existingDeviceName", "newDeviceName"],
        "nextPaginationToken" => &["paginationToken"],
        _ => &[],
    }
}

fn odd_text() -> impl Strategy<Value = String> {
    prop_oneof![
        select(vec![
            "",
            " ",
            "\0",
            "a\0b",
            "null",
            "true",
            "-1",
            "9223372036854775808",
            "%",
            "\\",
            "\"",
            "'; DROP TABLE users; --",
            "../..",
            "\u{202e}",
            "\u{ffff}",
            "public",
            "a.b.c",
            "eyJhbGciOiJub25lIn0.e30.",
            "$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ$x",
            "$f_scrypt$aGFzaA==$c2FsdA==$m=14$r=8$s=Bw==",
            "emailpassword",
            "EXTERNAL",
        ])
        .prop_map(str::to_owned),
        select(vec![36_usize, 64, 65, 128, 129, 256, 257, 70_000]).prop_map(|len| "x".repeat(len)),
        (1_usize..300).prop_map(|len| "😀".repeat(len)),
        "\\PC{0,8}",
    ]
}

fn odd() -> impl Strategy<Value = Value> {
    let plain = prop_oneof![
        6 => odd_text().prop_map(Value::from),
        1 => any::<i64>().prop_map(Value::from),
        1 => select(vec![0, -1, 1 << 31, i64::MAX, i64::MIN]).prop_map(Value::from),
        1 => any::<f64>().prop_map(Value::from),
        1 => any::<bool>().prop_map(Value::from),
        1 => Just(Value::Null),
    ]
    .boxed();
    let nested = plain.clone().prop_recursive(2, 8, 3, |inner| {
        let object = prop::collection::vec(("[a-z]{0,3}|sub|exp|tId", inner.clone()), 0..3);
        prop_oneof![
            prop::collection::vec(inner, 0..4).prop_map(Value::from),
            object.prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    });
    prop_oneof![4 => plain, 1 => nested]
}

struct Random {
    runner: TestRunner,
    /// The fields that operations said they need.
    needed: BTreeMap<&'static str, BTreeSet<String>>,
    /// What answers said of a field.
    told: BTreeMap<String, Vec<Value>>,
}

impl Random {
    fn pick<T: std::fmt::Debug>(&mut self, from: impl Strategy<Value = T>) -> T {
        from.new_tree(&mut self.runner).unwrap().current()
    }

    fn one_of<'a, T>(&mut self, all: &'a [T]) -> Option<&'a T> {
        let index: Index = self.pick(any::<Index>());
        (!all.is_empty()).then(|| index.get(all))
    }

    fn value(&mut self, field: &str) -> Value {
        let told = self.told.get(field).cloned().unwrap_or_default();
        match self.pick(0..10) {
            0..6 if !told.is_empty() => self.one_of(&told).unwrap().clone(),
            0..8 if !likely(field).is_empty() => {
                serde_json::from_str(self.one_of(likely(field)).unwrap()).unwrap()
            }
            _ => self.pick(odd()),
        }
    }

    fn fields(&mut self, target: &Target) -> Fields {
        let mut names = self.needed.get(target.name).cloned().unwrap_or_default();
        names.retain(|_| self.pick(0..30) > 0);
        for _ in 0..self.pick(select(vec![0, 0, 0, 1, 2])) {
            names.insert((*self.one_of(OPTIONAL).unwrap()).to_owned());
        }
        names.into_iter().map(|name| (name.clone(), self.value(&name))).collect()
    }

    async fn send(&mut self, core: &Core, target: &Target, fields: &Fields) -> Answer {
        let before =
            select(vec!["", "", "", "", "", "/public", "/appid-public", "/t1", "/appid-a"]);
        let path = format!("{}{}", self.pick(before), target.path);
        let mut request = core.request(target.method.as_str(), &path);
        let version = select(vec!["", "", "2.21", "3.0", "3.1", "4.0", "5.0", "5.4", "5.5", "5.6"]);
        let version = self.pick(version);
        if !version.is_empty() {
            request = request.header("cdi-version", version);
        }
        if let Some(rid) = target.rid {
            request = request.header("rid", rid);
        }
        let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        send(match target.method {
            Method::Get => {
                let short = |value: &Value| text(value).chars().take(2000).collect::<String>();
                let pairs: Vec<_> = fields.iter().map(|(name, it)| (name, short(it))).collect();
                request.query(&pairs)
            }
            _ => request.json(fields),
        })
        .await
    }

    /// Takes what may be sent in later requests.
    fn learn(&mut self, target: &Target, answer: &Answer) {
        if let Some(rest) = answer.text.strip_prefix("Field name '") {
            let name = rest.split('\'').next().unwrap_or_default();
            self.needed.entry(target.name).or_default().insert(name.to_owned());
        }
        if let Ok(answer) = serde_json::from_str(&answer.text) {
            self.keep(&answer);
        }
    }

    fn keep(&mut self, value: &Value) {
        match value {
            Value::Object(fields) => {
                for (name, value) in fields {
                    if value.is_string() {
                        for name in other_names(name).iter().copied().chain([name.as_str()]) {
                            let told = self.told.entry(name.to_owned()).or_default();
                            told.insert(0, value.clone());
                            told.truncate(KEPT);
                        }
                    }
                    self.keep(value);
                }
            }
            Value::Array(values) => values.iter().for_each(|value| self.keep(value)),
            _ => {}
        }
    }
}

#[tokio::test]
async fn cdi_0_5_whatever_is_sent_nothing_fails() {
    let core = Core::start().await;
    let targets = targets();
    let mut random = Random {
        runner: TestRunner::deterministic(),
        needed: BTreeMap::new(),
        told: BTreeMap::new(),
    };
    let mut done = BTreeSet::new();
    for _ in 0..REQUESTS {
        let target = random.one_of(&targets).unwrap();
        let fields = random.fields(target);
        let answer = random.send(&core, target, &fields).await;
        // 404 is for a tenant in a version that knew none, 429 for an address that codes are asked for too often.
        let is_expected = [200, 400, 403, 404, 429].contains(&answer.status);
        assert!(is_expected, "{} {}: {answer:?}", target.name, json!(fields));
        random.learn(target, &answer);
        if answer.text.contains(r#""status":"OK""#) {
            done.insert(target.name);
        }
    }
    // The requests get somewhere.
    assert!(done.len() * 2 > targets.len(), "{} of {}: {done:?}", done.len(), targets.len());
    assert_eq!(core.get("/hello").await.status, 200);
}
