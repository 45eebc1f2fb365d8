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
//! Interfaces that an application implements as a whole, such as
//! [`EmailDelivery`](crate::delivery::EmailDelivery), are trait objects: there
//! [`#[auth_core::async_trait]`](crate::async_trait) stands above the `impl`.

mod input;

pub(crate) use input::input;

/// The layers that an application puts around functions, the first one innermost.
pub(crate) struct Overrides<F>(Vec<Layer<F>>);

type Layer<F> = Box<dyn FnOnce(F) -> F + Send>;

impl<F> Default for Overrides<F> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<F> Overrides<F> {
    /// Adds a layer around those that are there.
    pub(crate) fn push(&mut self, layer: impl FnOnce(F) -> F + Send + 'static) {
        self.0.push(Box::new(layer));
    }

    /// Whether nothing lies around the functions.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The functions with every layer around them.
    pub(crate) fn around(self, functions: F) -> F {
        self.0.into_iter().fold(functions, |original, layer| layer(original))
    }
}

/// Declares functions of which every one can be replaced.
///
/// ```text
/// overridable! {
///     /// What it does.
///     pub struct GreetingFunctions;
///     /// Replaces functions of [`GreetingFunctions`].
///     pub trait GreetingOverride;
///     trait GreetingBase;
///     handle Greeting by greeting of GreetingInstance;
///
///     /// Says hello.
///     async fn greet(input: GreetInput) -> Result<GreetOutcome>;
/// }
/// ```
///
/// expands to
///
/// * `trait GreetingBase`, an `async_trait` with `async fn greet(&self, cx: &Context, input:
///   GreetInput) -> Result<GreetOutcome>` and no default body, which the recipe's own `Base`
///   implements: a forgotten method doesn't compile;
/// * `struct GreetingFunctions` with the same methods, each taking what turns into its input. It is
///   made of such a base by `GreetingFunctions::new(Base)`; `overridden_by(replacement)` puts a
///   replacement around it. Nobody else can make one;
/// * `trait GreetingOverride` with the same methods and one more argument,
///   `original: &GreetingFunctions`, and default bodies that call it. Its methods are plain
///   `async fn`s, so that its page reads as it is written;
/// * `struct Greeting`, the handle that an application calls: the same methods without
///   `cx`. `Context::greeting` and `Auth::greeting` give it. It asks
///   `GreetingInstance::of(cx)?.functions()` for the functions. APIs, which nobody calls, have no
///   such line.
///
/// A method takes **one** input, declared by [`input!`] and named after it, so that a new argument
/// breaks no override. One that needs nothing takes none: if it ever does, that is a change for
/// those who override it. (Sessions' functions still take several.) It gives the protocol's response or an enum of its own where there is more
/// than one outcome, and the value itself where there is one.
macro_rules! overridable {
    (
        $(#[$functions_doc:meta])*
        pub struct $functions:ident;
        $(#[$override_doc:meta])*
        pub trait $override:ident;
        $(#[$base_doc:meta])*
        $base_vis:vis trait $base:ident;
        handle $handle:ident by $name:ident of $instance:ident;

        $($methods:tt)+
    ) => {
        $crate::overrides::overridable! {
            $(#[$functions_doc])*
            pub struct $functions;
            $(#[$override_doc])*
            pub trait $override;
            $(#[$base_doc])*
            $base_vis trait $base;

            $($methods)+
        }
        $crate::overrides::overridable! {
            @handle $handle, $name, $instance, $functions;
            $($methods)+
        }
    };
    (
        $(#[$functions_doc:meta])*
        pub struct $functions:ident;
        $(#[$override_doc:meta])*
        pub trait $override:ident;
        $(#[$base_doc:meta])*
        $base_vis:vis trait $base:ident;

        $(
            $(#[$method_doc:meta])*
            async fn $method:ident( $( $input:ident : $input_ty:ty ),* $(,)? ) -> $ret:ty;
        )+
    ) => {
        $(#[$base_doc])*
        #[async_trait::async_trait]
        $base_vis trait $base: Send + Sync {
            $(
                $(#[$method_doc])*
                async fn $method(&self, cx: &$crate::Context $(, $input: $input_ty)*) -> $ret;
            )+
        }

        $(#[$functions_doc])*
        #[derive(Clone)]
        pub struct $functions(std::sync::Arc<dyn $base>);

        impl $functions {
            fn new(base: impl $base + 'static) -> Self {
                Self(std::sync::Arc::new(base))
            }

            /// These functions with replacements around them.
            pub(crate) fn overridden_by(self, replacement: impl $override + 'static) -> Self {
                struct Layer<R> {
                    original: $functions,
                    replacement: R,
                }

                #[async_trait::async_trait]
                impl<R: $override> $base for Layer<R> {
                    $(
                        async fn $method(
                            &self,
                            cx: &$crate::Context
                            $(, $input: $input_ty)*
                        ) -> $ret {
                            self.replacement.$method(&self.original, cx $(, $input)*).await
                        }
                    )+
                }

                Self::new(Layer { original: self, replacement })
            }

            $(
                $(#[$method_doc])*
                pub async fn $method(
                    &self,
                    cx: &$crate::Context
                    $(, $input: impl Into<$input_ty>)*
                ) -> $ret {
                    self.0.$method(cx $(, $input.into())*).await
                }
            )+
        }

        $(#[$override_doc])*
        pub trait $override: Send + Sync {
            $(
                $(#[$method_doc])*
                fn $method(
                    &self,
                    original: &$functions,
                    cx: &$crate::Context
                    $(, $input: $input_ty)*
                ) -> impl Future<Output = $ret> + Send {
                    original.$method(cx $(, $input)*)
                }
            )+
        }
    };
    (
        @handle $handle:ident, $name:ident, $instance:ident, $functions:ident;
        $(
            $(#[$method_doc:meta])*
            async fn $method:ident( $( $input:ident : $input_ty:ty $(,)? )? ) -> $ret:ty;
        )+
    ) => {
        #[doc = concat!(
            "The functions of this recipe, in a context; got by [`Context::", stringify!($name),
            "`](crate::Context::", stringify!($name), ") or [`Auth::", stringify!($name),
            "`](crate::Auth::", stringify!($name), ").",
        )]
        #[derive(Clone, Debug)]
        pub struct $handle {
            pub(super) cx: $crate::Context,
        }

        impl $handle {
            fn functions(&self) -> $crate::Result<&$functions> {
                Ok($instance::of(&self.cx)?.functions())
            }

            $(
                $(#[$method_doc])*
                pub async fn $method(
                    &self
                    $(, $input: impl Into<$input_ty>)?
                ) -> $ret {
                    self.functions()?.$method(&self.cx $(, $input)?).await
                }
            )+
        }

        impl $crate::Context {
            #[doc = concat!("The functions of [`", stringify!($handle), "`] in this context.")]
            ///
            /// # Errors
            /// [`RecipeMissing`](crate::Error::RecipeMissing) where the recipe isn't in the recipe
            /// list, unless it is one that is added by itself.
            pub fn $name(&self) -> $crate::Result<$handle> {
                $instance::of(self)?;
                Ok($handle { cx: self.clone() })
            }
        }

        impl $crate::Auth {
            #[doc = concat!("The functions of [`", stringify!($handle), "`] outside of a request.")]
            ///
            /// # Errors
            /// [`RecipeMissing`](crate::Error::RecipeMissing) where the recipe isn't in the recipe
            /// list, unless it is one that is added by itself.
            pub fn $name(&self) -> $crate::Result<$handle> {
                self.context().$name()
            }
        }
    };
}
pub(crate) use overridable;

/// Gives a recipe's settings the methods by which an application replaces functions and APIs.
///
/// `override_methods!(GreetingRecipe: GreetingOverride, GreetingApisOverride, GreetingApi)` expands
/// to the methods `override_functions`, `override_apis` and `disable_api`, which add to the fields
/// `overrides`, `api_overrides` and `disabled`. A recipe without routes names its functions alone.
/// The first two fields are `Overrides<GreetingFunctions>` and `Overrides<GreetingApis>`.
macro_rules! override_methods {
    ($recipe:ident: $functions:ident) => {
        impl $recipe {
            /// Replaces functions; a later call lies around the earlier ones.
            pub fn override_functions(mut self, functions: impl $functions + 'static) -> Self {
                self.overrides.push(|original| original.overridden_by(functions));
                self
            }
        }
    };
    ($recipe:ident: $functions:ident, $apis:ident, $api:ident) => {
        $crate::overrides::override_methods!($recipe: $functions);

        impl $recipe {
            /// Replaces APIs; a later call lies around the earlier ones.
            pub fn override_apis(mut self, apis: impl $apis + 'static) -> Self {
                self.api_overrides.push(|original| original.overridden_by(apis));
                self
            }

            /// Switches an API off: its requests pass on to the application.
            pub fn disable_api(mut self, api: $api) -> Self {
                self.disabled.insert(api);
                self
            }
        }
    };
}
pub(crate) use override_methods;

/// Gives functions without a recipe to [`Context`](crate::Context), and to [`Auth`](crate::Auth) for
/// calls outside of one; the first argument is the context.
///
/// ```text
/// in_and_outside_of_contexts! {
///     /// Says hello.
///     pub async fn greet(cx, name: &str) -> Result<String> { greet(cx, name).await }
/// }
/// ```
///
/// expands to `Context::greet(&self, name: &str)` with that body, and to `Auth::greet`, which calls
/// it in a fresh context.
macro_rules! in_and_outside_of_contexts {
    ($(
        $(#[$doc:meta])*
        pub async fn $name:ident($cx:ident $(, $arg:ident : $arg_ty:ty)* $(,)?) -> $ret:ty $body:block
    )+) => {
        impl $crate::Context {
            $(
                $(#[$doc])*
                pub async fn $name(&self $(, $arg: $arg_ty)*) -> $ret {
                    let $cx = self;
                    $body
                }
            )+
        }

        impl $crate::Auth {
            $(
                $(#[$doc])*
                pub async fn $name(&self $(, $arg: $arg_ty)*) -> $ret {
                    self.context().$name($($arg),*).await
                }
            )+
        }
    };
}
pub(crate) use in_and_outside_of_contexts;
