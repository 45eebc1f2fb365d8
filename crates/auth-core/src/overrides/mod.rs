//! How an application replaces one function or API of a recipe.
//!
//! Each recipe has a list of functions (what it does) and most have one of APIs (what its routes
//! do). An application replaces any of them by the trait `XOverride` or `XApisOverride`, of which it
//! writes the methods that it wants; every other one goes on as before. A method gets
//!
//! * `original`, all the functions as they would be without this override;
//! * `cx`, the [`Context`](crate::Context): the request, the application's own values, and every
//!   other recipe, overrides included;
//! * one `input`, named after the method. Its fields may be read and changed; a new one that a later
//!   version adds breaks nobody. The tenant is a field, `public` where nobody says otherwise.
//!
//! What it gives is an enum where there is more than one outcome to tell apart, named as on the wire,
//! and otherwise the value itself.
//!
//! ```
//! use auth_core::{
//!     Context, Result,
//!     protocol::JsonObject,
//!     recipes::usermetadata::{
//!         UpdateUserMetadataInput, UserMetadataFunctions, UserMetadataOverride,
//!         UserMetadataRecipe,
//!     },
//! };
//!
//! /// Notes in everybody's metadata that the application has written it.
//! struct Stamp;
//!
//! impl UserMetadataOverride for Stamp {
//!     async fn update_user_metadata(
//!         &self,
//!         original: &UserMetadataFunctions,
//!         cx: &Context,
//!         mut input: UpdateUserMetadataInput,
//!     ) -> Result<JsonObject> {
//!         input.metadata_update.insert("stamp".to_owned(), true.into());
//!         original.update_user_metadata(cx, input).await
//!     }
//! }
//!
//! let recipe = UserMetadataRecipe::new().override_functions(Stamp);
//! # let _ = recipe;
//! ```
//!
//! Several overrides lie on top of each other, the last one outermost. Who calls a function, be it
//! the application, a route or another function, reaches the outermost: `cx.usermetadata()?` and
//! `auth.usermetadata()?` have the same functions with the same inputs.
//!
//! Nobody but the recipe makes functions, so that `original` is always what lies below:
//!
//! ```compile_fail,E0624
//! # use auth_core::recipes::usermetadata::UserMetadataFunctions;
//! let made_up = UserMetadataFunctions::new(());
//! ```
//!
//! A recipe of somebody else's crate declares its functions as those here do, by the macros
//! [`input!`](macro@input), [`overridable!`](macro@overridable) and [`override_methods!`](macro@override_methods).
//!
//! Interfaces that an application implements as a whole, such as
//! [`EmailDelivery`](crate::delivery::EmailDelivery), are trait objects: there
//! [`#[auth_core::async_trait]`](crate::async_trait) stands above the `impl`.

use std::fmt;

mod in_contexts;
mod input;
mod methods;
mod overridable;

pub(crate) use in_contexts::in_and_outside_of_contexts;
#[doc(inline)]
pub use input::input;
#[doc(inline)]
pub use methods::override_methods;
#[doc(inline)]
pub use overridable::overridable;

/// The layers that an application puts around functions, the first one innermost: a field of a
/// recipe's settings, to which [`override_methods!`](macro@override_methods) adds.
pub struct Overrides<F>(Vec<Layer<F>>);

type Layer<F> = Box<dyn FnOnce(F) -> F + Send>;

impl<F> Default for Overrides<F> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<F> Overrides<F> {
    /// Adds a layer around those that are there.
    pub fn push(&mut self, layer: impl FnOnce(F) -> F + Send + 'static) {
        self.0.push(Box::new(layer));
    }

    /// Whether nothing lies around the functions.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The functions with every layer around them.
    pub fn around(self, functions: F) -> F {
        self.0.into_iter().fold(functions, |original, layer| layer(original))
    }
}

impl<F> fmt::Debug for Overrides<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Overrides").field("layers", &self.0.len()).finish()
    }
}
