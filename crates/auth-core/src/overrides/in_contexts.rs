//! Functions that belong to no recipe.

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
