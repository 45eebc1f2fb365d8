//! Mails to owners about sign-ins from a device or a network that is new for the account.
//!
//! An extension of the FDI; SuperTokens has none. After each sign-in that was accepted, and behind its
//! answer, the recipe looks where it came from. The mail has a link by which the owner ends all
//! sessions. [The page](crate::docs::recipes::signinalerts) has the whole.
//!
//! ```
//! use auth_core::recipes::signinalerts::SignInAlertsRecipe;
//!
//! let recipe = SignInAlertsRecipe::new();
//! # let _ = recipe;
//! ```
//!
//! | route below the base path | body | answer |
//! |---|---|---|
//! | `GET /signinalerts/end?token=…` | | a page that asks; nothing is changed, as programs that look at mails follow links |
//! | `POST /signinalerts/end` | the page's form, or `{token}` | a page, or `OK {resetPasswordLink}`; `SIGN_IN_ALERT_INVALID_TOKEN_ERROR` |

mod api;
mod config;
mod facade;
mod functions;
mod inputs;
mod instance;
mod mail;
mod network;
mod note;
mod page;
mod send;
mod user_agent;

pub use api::{
    EndSessionsGetInput, EndSessionsPostInput, SignInAlertsApis, SignInAlertsApisOverride,
};
pub use config::{SignInAlertsApi, SignInAlertsRecipe};
pub use functions::{SignInAlerts, SignInAlertsFunctions, SignInAlertsOverride};
pub use inputs::{
    EndAllSessionsInput, EndAllSessionsOutcome, IsSuspiciousInput, NetworkStanding,
    NoteSignInInput, NoteSignInOutcome, RenderPageInput, SendAlertInput, SendAlertOutcome,
    SignInFacts,
};
pub use instance::SignInAlertsInstance;
pub use mail::SignInAlertEmail;
pub use page::AlertPage;

const ID: &str = "signinalerts";
