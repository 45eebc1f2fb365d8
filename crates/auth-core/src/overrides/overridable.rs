//! Functions of which an application replaces any.

/// Declares functions of which every one can be replaced.
///
/// ```
/// use auth_core::{
///     ConfigError, Context, Recipe, RecipeConfig, Result, Setup, async_trait,
///     overrides::{Overrides, input, overridable, override_methods},
///     protocol::UserId,
/// };
///
/// input! {
///     /// Whom to greet.
///     pub struct GreetInput from UserId, &UserId {
///         /// The user.
///         user_id: UserId,
///     }
/// }
///
/// overridable! {
///     /// What it does.
///     pub struct GreetingFunctions;
///     /// Replaces functions of [`GreetingFunctions`].
///     pub trait GreetingOverride;
///     trait GreetingBase;
///     handle Greeting by greeting of GreetingInstance through GreetingContext;
///
///     /// Says hello.
///     async fn greet(input: GreetInput) -> Result<String>;
/// }
///
/// /// The functions without overrides.
/// struct Base;
///
/// #[async_trait]
/// impl GreetingBase for Base {
///     async fn greet(&self, _cx: &Context, input: GreetInput) -> Result<String> {
///         Ok(format!("Hello {}", input.user_id))
///     }
/// }
///
/// /// The settings.
/// #[derive(Default)]
/// pub struct GreetingRecipe {
///     overrides: Overrides<GreetingFunctions>,
/// }
///
/// override_methods!(GreetingRecipe: GreetingOverride);
///
/// /// The recipe in use.
/// pub struct GreetingInstance {
///     functions: GreetingFunctions,
/// }
///
/// impl GreetingInstance {
///     fn of(cx: &Context) -> Result<&Self> {
///         cx.recipe()
///     }
///
///     fn functions(&self) -> &GreetingFunctions {
///         &self.functions
///     }
/// }
///
/// impl RecipeConfig for GreetingRecipe {
///     type Recipe = GreetingInstance;
///
///     fn build(self, _setup: &Setup<'_>) -> Result<GreetingInstance, ConfigError> {
///         Ok(GreetingInstance { functions: self.overrides.around(GreetingFunctions::new(Base)) })
///     }
/// }
///
/// impl Recipe for GreetingInstance {
///     fn id(&self) -> &'static str {
///         "greeting"
///     }
/// }
///
/// // In an application that wants it louder:
/// struct Loud;
///
/// impl GreetingOverride for Loud {
///     async fn greet(
///         &self,
///         original: &GreetingFunctions,
///         cx: &Context,
///         input: GreetInput,
///     ) -> Result<String> {
///         Ok(original.greet(cx, input).await?.to_uppercase())
///     }
/// }
///
/// let recipe = GreetingRecipe::default().override_functions(Loud);
///
/// // In its handlers:
/// async fn welcome(cx: &Context, user_id: &UserId) -> Result<String> {
///     cx.greeting()?.greet(user_id).await
/// }
/// # let _ = (recipe, welcome);
/// ```
///
/// The four lines at the top name what it expands to:
///
/// * `struct GreetingFunctions` has the methods, each taking the context and what turns into its
///   input. `GreetingFunctions::new(Base)` makes it of a base, in the module of the declaration and
///   below; `overridden_by(replacement)` puts a replacement around it, in the whole crate. Nobody else
///   can make one;
/// * `trait GreetingOverride` has the same methods with one more argument, `original:
///   &GreetingFunctions`, and default bodies that call it. Its methods are plain `async fn`s, so that
///   its page reads as it is written;
/// * `trait GreetingBase`, an [`async_trait`](crate::async_trait) with `async fn greet(&self, cx:
///   &Context, input: GreetInput)` and no default body, is what the recipe itself implements: a
///   forgotten method doesn't compile;
/// * `struct Greeting` is the handle that an application calls: the same methods without the context,
///   which it holds. It asks `GreetingInstance::of(cx)?.functions()` for the functions, so the
///   recipe in use has these two. `trait GreetingContext` gives [`Context`](crate::Context) and
///   [`Auth`](crate::Auth) the method `greeting`; who calls it imports the trait. APIs, which nobody
///   calls, have no such line. The recipes of this crate end it before `through`: their handles are
///   methods of `Context` and `Auth` themselves.
///
/// A method takes **one** input, declared by [`input!`](macro@crate::overrides::input) and named after it,
/// so that a new argument breaks no override. One that needs nothing takes none: if it ever does,
/// that is a change for those who override it. It gives the protocol's response or an enum of its own
/// where there is more than one outcome, and the value itself where there is one. `inner async fn`
/// declares one that the handle doesn't have, because it has one of that name of its own.
#[doc(hidden)]
#[macro_export]
macro_rules! __overridable {
    (
        $(#[$functions_doc:meta])*
        pub struct $functions:ident;
        $(#[$override_doc:meta])*
        pub trait $override:ident;
        $(#[$base_doc:meta])*
        $base_vis:vis trait $base:ident;
        handle $handle:ident by $name:ident of $instance:ident $(through $through:ident)?;

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
            @handle $handle, $instance, $functions, [] $($methods)+
        }
        $crate::overrides::overridable! {
            @get $handle, $name, $instance $(, $through)?
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
            $(inner)? async fn $method:ident( $( $input:ident : $input_ty:ty $(,)? )? ) -> $ret:ty;
        )+
    ) => {
        $(#[$base_doc])*
        #[$crate::async_trait]
        $base_vis trait $base: Send + Sync {
            $(
                $(#[$method_doc])*
                async fn $method(&self, cx: &$crate::Context $(, $input: $input_ty)?) -> $ret;
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

                #[$crate::async_trait]
                impl<R: $override> $base for Layer<R> {
                    $(
                        async fn $method(
                            &self,
                            cx: &$crate::Context
                            $(, $input: $input_ty)?
                        ) -> $ret {
                            self.replacement.$method(&self.original, cx $(, $input)?).await
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
                    $(, $input: impl Into<$input_ty>)?
                ) -> $ret {
                    self.0.$method(cx $(, $input.into())?).await
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
                    $(, $input: $input_ty)?
                ) -> impl std::future::Future<Output = $ret> + Send {
                    original.$method(cx $(, $input)?)
                }
            )+
        }
    };
    // Which methods the handle has, one after the other, into the brackets.
    (
        @handle $handle:ident, $instance:ident, $functions:ident, [$($kept:tt)*]
        $(#[$method_doc:meta])*
        inner async fn $method:ident( $( $input:ident : $input_ty:ty $(,)? )? ) -> $ret:ty;
        $($rest:tt)*
    ) => {
        $crate::overrides::overridable! {
            @handle $handle, $instance, $functions, [$($kept)*] $($rest)*
        }
    };
    (
        @handle $handle:ident, $instance:ident, $functions:ident, [$($kept:tt)*]
        $(#[$method_doc:meta])*
        async fn $method:ident( $( $input:ident : $input_ty:ty $(,)? )? ) -> $ret:ty;
        $($rest:tt)*
    ) => {
        $crate::overrides::overridable! {
            @handle $handle, $instance, $functions, [
                $($kept)*
                $(#[$method_doc])*
                async fn $method( $( $input : $input_ty )? ) -> $ret;
            ] $($rest)*
        }
    };
    (
        @handle $handle:ident, $instance:ident, $functions:ident, [
            $(
                $(#[$method_doc:meta])*
                async fn $method:ident( $( $input:ident : $input_ty:ty )? ) -> $ret:ty;
            )*
        ]
    ) => {
        #[doc = concat!("The functions of [`", stringify!($functions), "`], in a context.")]
        #[derive(Clone, Debug)]
        pub struct $handle {
            pub(crate) cx: $crate::Context,
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
            )*
        }
    };
    (@get $handle:ident, $name:ident, $instance:ident) => {
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
    // Another crate's methods of a type of this one need a trait.
    (@get $handle:ident, $name:ident, $instance:ident, $through:ident) => {
        #[doc = concat!("Where [`", stringify!($handle), "`] is found: in a context, and outside of \
            a request.")]
        pub trait $through {
            #[doc = concat!("The functions of [`", stringify!($handle), "`].")]
            ///
            /// # Errors
            /// `RecipeMissing` where the recipe isn't in the recipe list.
            fn $name(&self) -> $crate::Result<$handle>;
        }

        impl $through for $crate::Context {
            fn $name(&self) -> $crate::Result<$handle> {
                $instance::of(self)?;
                Ok($handle { cx: self.clone() })
            }
        }

        impl $through for $crate::Auth {
            fn $name(&self) -> $crate::Result<$handle> {
                $through::$name(&self.context())
            }
        }
    };
}
#[doc(inline)]
pub use __overridable as overridable;
