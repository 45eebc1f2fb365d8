//! The configuration of sign-in.

use std::time::Duration;

use auth_core::{
    AppInfo, Auth, BuildError, Context, Result,
    captcha::{Altcha, CaptchaConfig, CaptchaWhen},
    core::EngineConfig,
    delivery::{Email, EmailDelivery, LogDelivery, Outbox, Sms, SmsDelivery},
    limits::Action,
    recipes::{
        accountlinking::{AccountLinkingRecipe, AutomaticLinking, LinkingQuestion},
        emailpassword::EmailPasswordRecipe,
        emailverification::{EmailVerificationMode, EmailVerificationRecipe},
        multifactorauth::MultiFactorAuthRecipe,
        passwordless::{ContactMethod, PasswordlessRecipe},
        recoverycode::RecoveryCodeRecipe,
        session::SessionRecipe,
        thirdparty::ThirdPartyRecipe,
        totp::TotpRecipe,
        usermetadata::UserMetadataRecipe,
        webauthn::WebAuthnRecipe,
    },
};

use crate::{
    Options, TokenTransfer, phone, second_factor::SecondFactorRequired, sms_factor::SmsSecondFactor,
};

/// An application has one that nobody knows, from its environment.
const CAPTCHA_KEY: &str = "the example's own key, which everybody knows";

pub(crate) async fn build(
    options: &Options,
    outbox: Option<Outbox>,
    third_party: ThirdPartyRecipe,
) -> Result<Auth, BuildError> {
    let app_info =
        AppInfo::new("Two-factor example", options.api_domain(), options.website_domain());
    let mut engine = EngineConfig::new(options.database.database()?);
    if let Some(lifetime_ms) = options.code_lifetime_ms {
        engine = engine.passwordless_code_lifetime(Duration::from_millis(lifetime_ms));
    }
    let mut session = SessionRecipe::new().override_functions(SecondFactorRequired);
    if let Some(same_site) = options.cookie_same_site {
        session = session.cookie_same_site(same_site);
    }
    if options.token_transfer != TokenTransfer::Any {
        let transfer = options.token_transfer;
        session = session.get_token_transfer_method(move |_, _| transfer.into());
    }
    if let Some(seconds) = options.device_bound {
        session = session.device_bound_sessions(Duration::from_secs(seconds));
    }
    let builder = Auth::builder(app_info)
        .core(engine)
        .recipe(third_party)
        .recipe(
            EmailPasswordRecipe::new()
                .form_field(phone::form_field())
                .override_apis(phone::PhoneNumberAtSignUp)
                .email_delivery(Delivery(outbox.clone())),
        )
        .recipe(
            EmailVerificationRecipe::new(EmailVerificationMode::Optional)
                .email_delivery(Delivery(outbox.clone())),
        )
        .recipe(
            PasswordlessRecipe::new(ContactMethod::EmailOrPhone, options.passwordless.into())
                .override_apis(SmsSecondFactor)
                .email_delivery(Delivery(outbox.clone()))
                .sms_delivery(Delivery(outbox.clone())),
        )
        .recipe(WebAuthnRecipe::new().email_delivery(Delivery(outbox.clone())))
        .recipe(AccountLinkingRecipe::new().should_do_automatic_account_linking(
            |_cx, question| async move { Ok(linked(&question)) },
        ))
        .recipe(MultiFactorAuthRecipe::new().email_delivery(Delivery(outbox)))
        .recipe(TotpRecipe::new().qr_code_svg(true))
        .recipe(RecoveryCodeRecipe::new())
        .recipe(session)
        .recipe(UserMetadataRecipe::new());
    let builder = match options.captcha {
        true => builder.captcha(
            CaptchaConfig::new(Altcha::new(CAPTCHA_KEY).max_number(20_000))
                .on(Action::SignUp, CaptchaWhen::Always),
        ),
        false => builder,
    };
    builder.build().await
}

/// What the user of a session adds belongs to that user. Otherwise accounts are linked by an address
/// that is verified on both sides, so that a password and a provider's account are one user.
fn linked(question: &LinkingQuestion) -> AutomaticLinking {
    AutomaticLinking::Yes { should_require_verification: question.session.is_none() }
}

/// Mails and messages go to the outbox where there is one, else to the log.
struct Delivery(Option<Outbox>);

#[auth_core::async_trait]
impl EmailDelivery for Delivery {
    async fn send_email(&self, cx: &Context, email: Email) -> Result<()> {
        match &self.0 {
            Some(outbox) => outbox.send_email(cx, email).await,
            None => LogDelivery.send_email(cx, email).await,
        }
    }
}

#[auth_core::async_trait]
impl SmsDelivery for Delivery {
    async fn send_sms(&self, cx: &Context, sms: Sms) -> Result<()> {
        match &self.0 {
            Some(outbox) => outbox.send_sms(cx, sms).await,
            None => LogDelivery.send_sms(cx, sms).await,
        }
    }
}
