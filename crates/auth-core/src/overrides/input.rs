//! What functions and APIs take.

/// Declares what a function or an API takes.
///
/// ```
/// use auth_core::{
///     overrides::input,
///     protocol::{TenantId, UserId},
/// };
///
/// input! {
///     /// Whom to greet.
///     pub struct GreetInput from UserId, &UserId {
///         /// The user.
///         user_id: UserId,
///         ..
///         /// The tenant; `public` by default.
///         tenant_id: TenantId,
///         /// In which words; those of the user's language by default.
///         words: Option<String>,
///         /// How often; once by default.
///         times: u32 = 1,
///     }
/// }
///
/// let ada = UserId::new("ada");
/// let input = GreetInput::new(&ada).words("Good morning").times(2);
/// assert_eq!((input.user_id, input.tenant_id.as_str()), (ada.clone(), "public"));
/// assert_eq!(GreetInput::from(&ada).times, 1);
/// ```
///
/// What stands before the dots is required, what follows has a value without being said: the one
/// behind `=`, or else its type's default. Neither part need be there. This expands to
///
/// * `#[non_exhaustive] #[must_use] pub struct GreetInput`, which is `Clone` and `Debug`, with these
///   fields, public;
/// * `GreetInput::new(user_id: impl Into<UserId>)`, of what is required;
/// * a setter for each other field, such as `tenant_id(self, tenant_id: impl Into<TenantId>) ->
///   Self` and `words(self, words: impl Into<String>) -> Self`;
/// * `From<UserId>` and `From<&UserId>`, where the one thing that is required may stand for the
///   whole: `greetings.greet(&user_id)`.
#[doc(hidden)]
#[macro_export]
macro_rules! __input {
    (
        $(#[$doc:meta])*
        pub struct $name:ident $(from $($from:ty),+)? {
            $(
                $(#[$required_doc:meta])*
                $required:ident : $required_ty:ty,
            )*
            $( .. $($optional:tt)+ )?
        }
    ) => {
        $crate::overrides::input! {
            @struct
            $(#[$doc])*
            pub struct $name {
                $(
                    $(#[$required_doc])*
                    $required: $required_ty,
                )*
                ..
                $($($optional)+)?
            }
        }

        $(
            impl $name {
                $crate::overrides::input!(@setters $($optional)+);
            }
        )?

        $($(
            impl From<$from> for $name {
                fn from(required: $from) -> Self {
                    Self::new(required)
                }
            }
        )+)?
    };
    (
        @struct
        $(#[$doc:meta])*
        pub struct $name:ident {
            $(
                $(#[$required_doc:meta])*
                $required:ident : $required_ty:ty,
            )*
            ..
            $(
                $(#[$optional_doc:meta])*
                $optional:ident : $optional_ty:ty $(= $default:expr)?,
            )*
        }
    ) => {
        $(#[$doc])*
        #[derive(Clone, Debug)]
        #[non_exhaustive]
        #[must_use]
        pub struct $name {
            $(
                $(#[$required_doc])*
                pub $required: $required_ty,
            )*
            $(
                $(#[$optional_doc])*
                pub $optional: $optional_ty,
            )*
        }

        impl $name {
            /// What is required; setters change the rest.
            pub fn new($($required: impl Into<$required_ty>),*) -> Self {
                Self {
                    $($required: $required.into(),)*
                    $($optional: $crate::overrides::input!(@default $($default)?),)*
                }
            }
        }
    };
    (@setters) => {};
    // Numbers and flags as they are: who writes one needs no type for it.
    (@setters $(#[$doc:meta])* $field:ident : Option<u32>, $($rest:tt)*) => {
        $crate::overrides::input!(@setter $(#[$doc])* $field, u32, Some($field));
        $crate::overrides::input!(@setters $($rest)*);
    };
    (@setters $(#[$doc:meta])* $field:ident : u32 $(= $default:expr)?, $($rest:tt)*) => {
        $crate::overrides::input!(@setter $(#[$doc])* $field, u32, $field);
        $crate::overrides::input!(@setters $($rest)*);
    };
    (@setters $(#[$doc:meta])* $field:ident : bool $(= $default:expr)?, $($rest:tt)*) => {
        $crate::overrides::input!(@setter $(#[$doc])* $field, bool, $field);
        $crate::overrides::input!(@setters $($rest)*);
    };
    (@setters $(#[$doc:meta])* $field:ident : Option<$ty:ty>, $($rest:tt)*) => {
        $crate::overrides::input!(@setter $(#[$doc])* $field, impl Into<$ty>, Some($field.into()));
        $crate::overrides::input!(@setters $($rest)*);
    };
    (@setters $(#[$doc:meta])* $field:ident : $ty:ty $(= $default:expr)?, $($rest:tt)*) => {
        $crate::overrides::input!(@setter $(#[$doc])* $field, impl Into<$ty>, $field.into());
        $crate::overrides::input!(@setters $($rest)*);
    };
    (@setter $(#[$doc:meta])* $field:ident, $param:ty, $value:expr) => {
        $(#[$doc])*
        pub fn $field(mut self, $field: $param) -> Self {
            self.$field = $value;
            self
        }
    };
    (@default) => {
        Default::default()
    };
    (@default $default:expr) => {
        $default
    };
}
#[doc(inline)]
pub use __input as input;
