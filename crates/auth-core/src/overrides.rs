//! How an application replaces one function or API of a recipe.

/// Declares an interface whose every method can be replaced.
///
/// ```text
/// overridable! {
///     /// What it does.
///     pub trait Greeting;
///     /// Replaces methods of [`Greeting`].
///     pub trait GreetingOverride;
///     struct GreetingLayer;
///
///     /// Says hello.
///     async fn greet(name: String) -> Result<String>;
/// }
/// ```
///
/// expands to
///
/// * `trait Greeting` with `async fn greet(&self, cx: &Context, name: String) -> Result<String>`
///   and no default body, which the recipe's base implements: a forgotten method doesn't compile;
/// * `trait GreetingOverride` with the same method and one more argument,
///   `original: &dyn Greeting`, and a default body that calls it;
/// * `struct GreetingLayer`, a `Greeting` made of an original and an override
///   (`GreetingLayer::stack(base, overrides)` puts several on top of each other, the last one
///   outermost).
macro_rules! overridable {
    (
        $(#[$interface_doc:meta])*
        pub trait $interface:ident;
        $(#[$override_doc:meta])*
        pub trait $override:ident;
        struct $layer:ident;

        $(
            $(#[$method_doc:meta])*
            async fn $method:ident( $( $arg:ident : $arg_ty:ty ),* $(,)? ) -> $ret:ty;
        )+
    ) => {
        $(#[$interface_doc])*
        #[async_trait::async_trait]
        pub trait $interface: Send + Sync {
            $(
                $(#[$method_doc])*
                async fn $method(&self, cx: &$crate::Context $(, $arg: $arg_ty)*) -> $ret;
            )+
        }

        $(#[$override_doc])*
        #[async_trait::async_trait]
        pub trait $override: Send + Sync {
            $(
                $(#[$method_doc])*
                async fn $method(
                    &self,
                    original: &dyn $interface,
                    cx: &$crate::Context
                    $(, $arg: $arg_ty)*
                ) -> $ret {
                    original.$method(cx $(, $arg)*).await
                }
            )+
        }

        struct $layer {
            original: std::sync::Arc<dyn $interface>,
            replacement: std::sync::Arc<dyn $override>,
        }

        impl $layer {
            fn stack(
                base: std::sync::Arc<dyn $interface>,
                overrides: impl IntoIterator<Item = std::sync::Arc<dyn $override>>,
            ) -> std::sync::Arc<dyn $interface> {
                overrides.into_iter().fold(base, |original, replacement| {
                    std::sync::Arc::new(Self { original, replacement })
                })
            }
        }

        #[async_trait::async_trait]
        impl $interface for $layer {
            $(
                async fn $method(&self, cx: &$crate::Context $(, $arg: $arg_ty)*) -> $ret {
                    self.replacement.$method(&*self.original, cx $(, $arg)*).await
                }
            )+
        }
    };
}
pub(crate) use overridable;

/// Gives a recipe's settings the methods by which an application replaces functions and APIs.
///
/// `override_methods!(GreetingRecipe: GreetingOverride, GreetingApisOverride, GreetingApi)` expands
/// to the methods `override_functions`, `override_apis` and `disable_api`, which add to the fields
/// `overrides`, `api_overrides` and `disabled`. A recipe without routes names its functions alone.
macro_rules! override_methods {
    ($recipe:ident: $functions:ident) => {
        impl $recipe {
            /// Replaces functions; a later call lies around the earlier ones.
            pub fn override_functions(mut self, functions: impl $functions + 'static) -> Self {
                self.overrides.push(std::sync::Arc::new(functions));
                self
            }
        }
    };
    ($recipe:ident: $functions:ident, $apis:ident, $api:ident) => {
        $crate::overrides::override_methods!($recipe: $functions);

        impl $recipe {
            /// Replaces APIs; a later call lies around the earlier ones.
            pub fn override_apis(mut self, apis: impl $apis + 'static) -> Self {
                self.api_overrides.push(std::sync::Arc::new(apis));
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
