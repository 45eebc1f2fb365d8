//! Sign-ins that are out of the ordinary: the networks that users sign in from, and the links by which
//! owners end what wasn't them.
//!
//! An extension: SuperTokens' cores have no such operations.

mod create_alert;
mod note_network;
mod use_alert;

pub use create_alert::{CreateSignInAlert, CreateSignInAlertResponse};
pub use note_network::{NoteSignInNetwork, NoteSignInNetworkResponse};
pub use use_alert::{UseSignInAlert, UseSignInAlertResponse};
