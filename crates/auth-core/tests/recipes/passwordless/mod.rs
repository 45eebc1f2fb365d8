//! One-time codes and magic links (FDI §1.3).

mod functions;
mod overrides;

use auth_core::{
    delivery::Email,
    recipes::passwordless::{ContactMethod, FlowType, PasswordlessRecipe},
};
use tokio::sync::mpsc::UnboundedReceiver;

use crate::harness::{App, Mailbox, builder};

const PHONE: &str = "+49 170 1234567";
const E164: &str = "+491701234567";

/// An application whose mails the test receives.
struct Test {
    app: App,
    mails: UnboundedReceiver<Email>,
}

impl Test {
    /// Everything permitted.
    async fn any() -> Self {
        let flow_type = FlowType::UserInputCodeAndMagicLink;
        Self::with(PasswordlessRecipe::new(ContactMethod::EmailOrPhone, flow_type)).await
    }

    async fn with(recipe: PasswordlessRecipe) -> Self {
        let (mailbox, mails) = Mailbox::new();
        let recipe = recipe.email_delivery(mailbox);
        let auth = builder().recipe(recipe).build().await.expect("a valid configuration");
        Self { app: App(auth), mails }
    }
}
