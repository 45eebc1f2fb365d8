//! Several login methods for one user.
//!
//! Nothing is linked unless the application says so:
//!
//! ```
//! use auth_core::recipes::accountlinking::{AccountLinkingRecipe, AutomaticLinking};
//!
//! let recipe = AccountLinkingRecipe::new().should_do_automatic_account_linking(
//!     |_cx, question| async move {
//!         // Second factors that the user of a session sets up belong to that user.
//!         if question.session.is_some() {
//!             return Ok(AutomaticLinking::Yes { should_require_verification: false });
//!         }
//!         Ok(AutomaticLinking::Yes { should_require_verification: true })
//!     },
//! );
//! # let _ = recipe;
//! ```

mod account_info;
pub(crate) mod allowed;
mod by_email;
mod config;
pub(crate) mod email_change;
mod facade;
mod functions;
mod inputs;
mod instance;
pub(crate) mod try_linking;
mod users;

pub use account_info::NewAccountInfo;
pub(crate) use by_email::{method_with_email, users_with_email};
pub use config::{AccountLinkingRecipe, AutomaticLinking, LinkingQuestion};
pub use email_change::EmailChange;
pub use functions::{AccountLinking, AccountLinkingFunctions, AccountLinkingOverride};
pub use inputs::{
    CanCreatePrimaryUserInput, CanLinkAccountsInput, CreatePrimaryUserIdOrLinkAccountsInput,
    CreatePrimaryUserInput, DeleteUserInput, GetPrimaryUserThatCanBeLinkedToRecipeUserIdInput,
    GetUserInput, GetUsersInput, IsEmailChangeAllowedInput, IsSignInAllowedInput,
    IsSignUpAllowedInput, LinkAccountsInput, ListUsersByAccountInfoInput, UnlinkAccountInput,
};
pub use instance::AccountLinkingInstance;
pub use users::{GetUserCountInput, UserPage};

const ID: &str = "accountlinking";
