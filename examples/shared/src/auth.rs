//! The configuration of sign-in.

use auth_core::{
    AppInfo, Auth, BuildError, Context, Result,
    core::EngineConfig,
    delivery::{Email, EmailDelivery, LogDelivery, Outbox},
    recipes::{
        emailpassword::EmailPasswordRecipe, session::SessionRecipe,
        usermetadata::UserMetadataRecipe,
    },
};

use crate::{Options, TokenTransfer, second_factor::SecondFactorRequired};

pub(crate) async fn build(options: &Options, outbox: Option<Outbox>) -> Result<Auth, BuildError> {
    let app_info =
        AppInfo::new("Two-factor example", options.api_domain(), options.website_domain());
    let mut session = SessionRecipe::new().override_functions(SecondFactorRequired);
    if let Some(same_site) = options.cookie_same_site {
        session = session.cookie_same_site(same_site);
    }
    if options.token_transfer != TokenTransfer::Any {
        let transfer = options.token_transfer;
        session = session.get_token_transfer_method(move |_, _| transfer.into());
    }
    Auth::builder(app_info)
        .core(EngineConfig::sqlite_file(&options.database))
        .recipe(EmailPasswordRecipe::new().email_delivery(Mail { outbox }))
        .recipe(session)
        .recipe(UserMetadataRecipe::new())
        .build()
        .await
}

/// Mails go to the log, and to the outbox where there is one.
struct Mail {
    outbox: Option<Outbox>,
}

#[async_trait::async_trait]
impl EmailDelivery for Mail {
    async fn send_email(&self, cx: &Context, email: Email) -> Result<()> {
        match &self.outbox {
            Some(outbox) => outbox.send_email(cx, email).await,
            None => LogDelivery.send_email(cx, email).await,
        }
    }
}
