//! Whether there is an account shows neither in what a core is asked nor in how often: the answers of a core
//! at the other end of a network take their time.

use auth_core::{Auth, recipes::emailpassword::EmailPasswordRecipe};
use auth_server::ServerConfig;
use serde_json::json;

use crate::{
    app::{App, EMAIL, Mailbox, builder, sign_up},
    harness::{Core, Sent},
};

const TOKEN: &str = "POST /recipe/user/password/reset/token";

async fn on(core: &Core, sent: &Sent, mailbox: Mailbox) -> Auth {
    let recipe = EmailPasswordRecipe::new().email_delivery(mailbox);
    let builder = builder().core(sent.by(core.config())).recipe(recipe);
    builder.build().await.expect("a valid configuration")
}

#[tokio::test]
async fn a_reset_of_a_password_asks_the_core_the_same_for_everybody() {
    let core = Core::start(ServerConfig::new()).await;
    let (sent, (mailbox, mut mails)) = (Sent::default(), Mailbox::new());
    let app = App(on(&core, &sent, mailbox).await);
    sign_up(&app.0, EMAIL).await;
    let mut asked = Vec::new();
    for email in [EMAIL, "nobody@example.com"] {
        let (before, tokens) = (sent.lines().len(), sent.count(TOKEN));
        let form = json!({ "formFields": [{ "id": "email", "value": email }] });
        let answer = app.post("/auth/user/password/reset/token", &form).await;
        answer.is_ok_json(&json!({ "status": "OK" }));
        while sent.count(TOKEN) == tokens {
            tokio::task::yield_now().await;
        }
        if email == EMAIL {
            mails.recv().await.expect("a mail");
        }
        let lines = sent.lines().split_off(before);
        let address = email.replace('@', "%40");
        asked.push(lines.iter().map(|line| line.replace(&address, "")).collect::<Vec<_>>());
    }
    // Among it how long a link works in the tenant.
    assert!(asked[0].iter().any(|line| line.contains("/tenant/v2")), "{asked:?}");
    assert_eq!(asked[0], asked[1]);
}
