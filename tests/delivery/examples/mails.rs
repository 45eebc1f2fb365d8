//! Prints mails that are hard to lay out, a line of JSON each, as the mail server would get them: with
//! long names, codes and links, and with characters that mean something in HTML. The browser tests look
//! at them (`tests/browser/mails.mjs`).
#![allow(clippy::unwrap_used, reason = "this is a test")]

use std::time::Duration;

use auth_core::{
    AppInfo, Auth, Context, Result,
    core::EngineConfig,
    delivery::{
        Email,
        smtp::{EmailContent, SmtpDelivery, SmtpService, SmtpServiceOverride, SmtpSettings},
    },
    recipes::{
        emailpassword::{EmailPasswordRecipe, PasswordChangedEmail, PasswordResetEmail},
        emailverification::{
            EmailVerificationEmail, EmailVerificationMode, EmailVerificationRecipe,
        },
        passwordless::{
            ContactMethod, FlowType, LoginCode, PasswordlessLoginEmail, PasswordlessRecipe,
        },
        session::SessionRecipe,
    },
};
use serde_json::json;

const MARKUP: &str = "Tom & <b id=\"x\">Jerry</b> <script>alert('x')</script>";

/// Prints mails instead of sending them.
struct Print {
    app_name: String,
    link: Option<String>,
    code: Option<String>,
}

impl SmtpServiceOverride for Print {
    async fn send_raw_email(
        &self,
        _original: &SmtpService,
        _cx: &Context,
        content: EmailContent,
    ) -> Result<()> {
        let mail = json!({
            "appName": self.app_name,
            "to": content.to_email,
            "subject": content.subject,
            "link": self.link,
            "code": self.code,
            "text": content.text_body,
            "html": content.html_body,
        });
        println!("{mail}");
        Ok(())
    }
}

async fn print(app_name: &str, email: Email) {
    let print = Print {
        app_name: app_name.to_owned(),
        link: email.link().map(|link| link.expose_secret().to_owned()),
        code: email.user_input_code().map(|code| code.expose_secret().to_owned()),
    };
    let settings = SmtpSettings::new("localhost", "", "noreply@example.com");
    let delivery = SmtpDelivery::new(settings).unwrap().override_service(print);
    let app = AppInfo::new(app_name, "http://localhost:1", "http://localhost:1");
    let auth = Auth::builder(app).core(EngineConfig::in_memory()).recipe(SessionRecipe::new());
    let is_changed = email.get::<PasswordChangedEmail>().is_some();
    if is_changed || email.get::<PasswordResetEmail>().is_some() {
        let recipe = EmailPasswordRecipe::new().email_delivery(delivery);
        let auth = auth.recipe(recipe).build().await.unwrap();
        return auth.emailpassword().unwrap().send_email(email).await.unwrap();
    }
    if email.get::<EmailVerificationEmail>().is_some() {
        let recipe = EmailVerificationRecipe::new(EmailVerificationMode::Optional);
        let auth = auth.recipe(recipe.email_delivery(delivery)).build().await.unwrap();
        return auth.emailverification().unwrap().send_email(email).await.unwrap();
    }
    let recipe = PasswordlessRecipe::new(ContactMethod::Email, FlowType::UserInputCodeAndMagicLink);
    let auth = auth.recipe(recipe.email_delivery(delivery)).build().await.unwrap();
    auth.passwordless().unwrap().send_email(email).await.unwrap();
}

fn login(to: &str, code: Option<&str>, link: Option<&str>) -> Email {
    let mut login = LoginCode::new("public".into(), "id", Duration::from_secs(5_400));
    login.user_input_code = code.map(Into::into);
    login.url_with_link_code = link.map(Into::into);
    PasswordlessLoginEmail::new(to, login.second_factor()).into()
}

#[tokio::main]
async fn main() {
    let long_word = "Donaudampfschifffahrtsgesellschaft".repeat(4);
    let long_address = format!("{}@{}.example.com", "a".repeat(64), "b".repeat(63));
    let long_link = format!("https://example.com/verify?a=1&b='2'#{}", "c".repeat(600));
    let link = "https://example.com/auth/verify?preAuthSessionId=a_-b&tenantId=public#code";
    print("The App", login("ada@example.com", Some("123456"), Some(link))).await;
    print("The App", login("ada@example.com", None, Some(link))).await;
    print(&long_word, login(&long_address, Some("123456"), Some(&long_link))).await;
    print("The App", login("ada@example.com", Some(&"W".repeat(60)), None)).await;
    print(MARKUP, login("a&b@example.com", Some("<u>12&amp;34</u>"), Some(&long_link))).await;
    let reset = PasswordResetEmail::new(
        "public".into(),
        "user".into(),
        "ada@example.com",
        "https://example.com/auth/reset-password?token=\"><img src=x onerror=alert(1)>".into(),
    );
    print(MARKUP, reset.into()).await;
    let changed = PasswordChangedEmail::new(
        "public".into(),
        "user".into(),
        "user".into(),
        &*long_address,
        "https://example.com/auth/reset-password?tenantId=public",
    );
    print(MARKUP, changed.into()).await;
    let verification = EmailVerificationEmail::new(
        "public".into(),
        "user".into(),
        "user".into(),
        &*long_address,
        format!("https://example.com/auth/verify-email?token={}", "d".repeat(128)).into(),
    );
    print(MARKUP, verification.into()).await;
}
