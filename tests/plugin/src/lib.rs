//! A magic word: a second factor by mail, as a recipe that isn't auth-core's own.
//!
//! ```
//! use auth_core::recipes::multifactorauth::MultiFactorAuthRecipe;
//! use test_plugin::{MAGIC_WORD, MagicWordRecipe};
//!
//! let recipes = (
//!     MultiFactorAuthRecipe::new().required_secondary_factors([MAGIC_WORD]),
//!     MagicWordRecipe::new(),
//! );
//! # let _ = recipes;
//! ```
//!
//! | route below the base path | body | answer |
//! |---|---|---|
//! | `POST /magicword/send` | `{email?}` | `OK {email}`: a word is on its way to one of the user's own addresses; `ALREADY_SENT` within half a minute |
//! | `POST /magicword/verify` | `{word}` | `OK`, and the session has completed the factor; `WRONG_WORD_ERROR` |
//!
//! Both need a session. The factor is set up by the first word that is right, and until then only
//! where the session may set one up.

mod api;
mod factor;
mod functions;
mod mail;
mod recipe;
mod word;

pub use api::{
    MagicWordApi, MagicWordApis, MagicWordApisOverride, SendPostInput, SendPostOutcome,
    VerifyPostInput,
};
pub use factor::MAGIC_WORD;
pub use functions::{
    MagicWordContext, MagicWordFunctions, MagicWordOverride, MagicWords, SendWordInput,
    SendWordOutcome, VerifyWordInput,
};
pub use mail::MagicWordEmail;
pub use recipe::{MagicWord, MagicWordRecipe};

/// The page's snippets compile.
#[cfg(doctest)]
#[doc = include_str!("../../../crates/auth-core/docs/plugins.md")]
struct Page;
