//! The error types of adapters.

/// Makes an adapter's error type: this crate's [`Error`](crate::Error), shared, so that a framework's
/// own error or response can carry it to the middleware, which can wait for the core while it
/// answers. Every adapter has a type of its own, for which alone it may implement its framework's
/// traits.
///
/// ```
/// auth_core::adapter_error! {
///     /// What a handler returns.
///     pub struct AuthError;
/// }
///
/// fn buy() -> Result<(), AuthError> {
///     Err(auth_core::Error::bad_input("sold out"))?
/// }
///
/// let error = buy().unwrap_err();
/// assert_eq!((error.status().as_u16(), error.to_string()), (400, "sold out".to_owned()));
/// ```
///
/// It expands to the struct, which is `Clone` and `Debug`; to `From<Error>`, for `?`; to `Deref`, for
/// the error's methods; and to `Display` and [`std::error::Error`].
#[macro_export]
macro_rules! adapter_error {
    ($(#[$attribute:meta])* $visibility:vis struct $name:ident;) => {
        $(#[$attribute])*
        #[derive(Clone, Debug)]
        $visibility struct $name(::std::sync::Arc<$crate::Error>);

        impl ::std::convert::From<$crate::Error> for $name {
            fn from(error: $crate::Error) -> Self {
                Self(::std::sync::Arc::new(error))
            }
        }

        impl ::std::ops::Deref for $name {
            type Target = $crate::Error;

            fn deref(&self) -> &Self::Target {
                &self.0
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                ::std::fmt::Display::fmt(&*self.0, f)
            }
        }

        impl ::std::error::Error for $name {}
    };
}
