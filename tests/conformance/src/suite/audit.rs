//! What the core's audit log says of requests: an extension.

use auth_core::protocol::{
    SessionHandle, UserId,
    audit::{AuditEntry, AuditPayload, ListAuditEntries},
};
use serde_json::json;

use super::{
    cases,
    support::{EMAIL, PASSWORD, form, start_email_password},
};
use crate::{
    App, Harness,
    client::{FrontEnd, Mode, Reply, Req},
};

cases! {
    "ext-audit" => who_did_what_from_where_is_written_down_in_order_and_no_secret_is,
}

const USER_AGENT: &str = "Mozilla/5.0 (X11; Linux x86_64) Conformance/1.0";
const WRONG: &str = "wrong password 1";
const NEW: &str = "battery staple 2";

/// The clients, and every secret that went over the wire.
struct Watch {
    app: App,
    secrets: Vec<String>,
}

impl Watch {
    async fn send(&mut self, front_end: &mut FrontEnd, request: Req) -> Reply {
        let reply = front_end.send(&self.app, request.header("user-agent", USER_AGENT)).await;
        assert_eq!(reply.status, 200, "{reply:?}");
        let names = ["st-access-token", "st-refresh-token", "st-known-device", "anti-csrf"];
        let headers = names.iter().filter_map(|name| reply.header(name)).map(str::to_owned);
        self.secrets.extend(headers);
        self.secrets.extend(reply.cookies().into_iter().map(|cookie| cookie.value));
        reply
    }
}

/// An entry without what is random: kind, outcome, API, and who did it in which session.
fn told(
    entry: &AuditEntry,
    payload: &AuditPayload,
) -> (String, &'static str, String, Option<UserId>, Option<SessionHandle>) {
    let api = payload.api.clone().expect("an API");
    let (acting, session) = (payload.acting_user_id.clone(), payload.session_handle.clone());
    (entry.kind.clone(), entry.outcome.as_str(), api, acting, session)
}

async fn who_did_what_from_where_is_written_down_in_order_and_no_secret_is(harness: Harness) {
    for mode in Mode::BOTH {
        let app = start_email_password(&harness).await;
        let secrets = [PASSWORD, WRONG, NEW].map(str::to_owned).to_vec();
        let (mut first, mut second) = (app.front_end(mode), app.front_end(mode));
        let mut watch = Watch { app, secrets };
        let post = |path: &str, password| Req::post(path).json(&form(EMAIL, password));
        let reply = watch.send(&mut first, post("/auth/signup", PASSWORD)).await;
        let ada = UserId::from(reply.json()["user"]["id"].as_str().expect("an id"));
        watch.send(&mut second, post("/auth/signin", WRONG)).await;
        watch.send(&mut second, post("/auth/signin", PASSWORD)).await;
        let handles = [first.handle(), second.handle()].map(SessionHandle::from);
        let body = json!({ "currentPassword": PASSWORD, "newPassword": NEW });
        let change = Req::post("/auth/user/password/change").json(&body);
        assert_eq!(watch.send(&mut second, change).await.json()["status"], "OK");
        watch.send(&mut second, Req::post("/auth/signout")).await;

        let Watch { app, secrets } = watch;
        let public = "public".into();
        let list = ListAuditEntries { limit: Some(100), ..Default::default() };
        let page = app.auth.audit().list(&public, list).await.expect("a page");
        assert_eq!(page.next, None);
        let mut found = Vec::new();
        for (position, entry) in (1..).zip(page.entries.iter().rev()) {
            assert_eq!(entry.position, position);
            let payload = entry.payload.as_ref().expect("nobody was deleted");
            assert_eq!(payload.user_id.as_ref(), Some(&ada), "{entry:?}");
            assert_eq!(payload.address.as_deref(), Some("127.0.0.1"), "{entry:?}");
            assert_eq!(payload.user_agent.as_deref(), Some(USER_AGENT), "{entry:?}");
            found.push(told(entry, payload));
        }
        let [of_first, of_second] = handles.map(Some);
        let by_ada = || Some(ada.clone());
        let expected = [
            ("sign_up", "succeeded", "signUpPOST", None, None),
            ("session_created", "succeeded", "signUpPOST", None, of_first),
            ("sign_in", "failed", "signInPOST", None, None),
            ("sign_in", "succeeded", "signInPOST", None, None),
            ("session_created", "succeeded", "signInPOST", None, of_second.clone()),
            // The current password was right.
            ("password_checked", "succeeded", "changePasswordPOST", by_ada(), of_second.clone()),
            ("password_changed", "succeeded", "changePasswordPOST", by_ada(), of_second.clone()),
            ("sessions_revoked", "succeeded", "changePasswordPOST", by_ada(), of_second.clone()),
            ("sessions_revoked", "succeeded", "signOutPOST", by_ada(), of_second),
        ]
        .map(|(kind, outcome, api, acting, session)| {
            (kind.to_owned(), outcome, api.to_owned(), acting, session)
        });
        assert_eq!(found, expected);

        let text = serde_json::to_string(&page.entries).expect("JSON");
        for secret in secrets.iter().filter(|secret| !secret.is_empty()) {
            assert!(!text.contains(secret.as_str()), "{secret} is in the log");
        }
    }
}
