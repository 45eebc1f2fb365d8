//! How an application puts its overrides into a recipe's settings.

/// Gives a recipe's settings the methods by which an application replaces functions and APIs.
///
/// `override_methods!(GreetingRecipe: GreetingOverride, GreetingApisOverride, GreetingApi)` expands
/// to the methods `override_functions`, `override_apis` and `disable_api`, which add to the fields
///
/// | field | type |
/// |---|---|
/// | `overrides` | [`Overrides<GreetingFunctions>`](crate::overrides::Overrides) |
/// | `api_overrides` | `Overrides<GreetingApis>` |
/// | `disabled` | `HashSet<GreetingApi>`, by which the recipe leaves routes out |
///
/// A recipe without routes names its functions alone, `override_methods!(GreetingRecipe:
/// GreetingOverride)`, and has the first field alone. [`overridable!`](macro@crate::overrides::overridable)
/// has an example.
#[doc(hidden)]
#[macro_export]
macro_rules! __override_methods {
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
#[doc(inline)]
pub use __override_methods as override_methods;
