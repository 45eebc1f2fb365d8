//! One free-form JSON object for each user.

mod functions;

use auth_protocol::{JsonObject, UserId};
pub use functions::{
    ClearUserMetadataInput, GetUserMetadataInput, UpdateUserMetadataInput, UserMetadata,
    UserMetadataFunctions, UserMetadataOverride,
};
use serde::{Serialize, de::DeserializeOwned};

use crate::{
    ConfigError, Context, Error, Recipe, RecipeConfig, Result, Setup,
    overrides::{Overrides, override_methods},
};

const ID: &str = "usermetadata";

/// The recipe's settings. It is added by itself where the recipe list doesn't name it.
#[derive(Default)]
#[must_use]
pub struct UserMetadataRecipe {
    overrides: Overrides<UserMetadataFunctions>,
}

impl UserMetadataRecipe {
    /// The recipe without overrides.
    pub fn new() -> Self {
        Self::default()
    }
}

override_methods!(UserMetadataRecipe: UserMetadataOverride);

impl RecipeConfig for UserMetadataRecipe {
    type Recipe = UserMetadataInstance;

    fn build(self, _setup: &Setup<'_>) -> Result<Self::Recipe, ConfigError> {
        Ok(UserMetadataInstance { functions: functions::with_overrides(self.overrides) })
    }
}

/// The recipe in use, made of [`UserMetadataRecipe`].
pub struct UserMetadataInstance {
    functions: UserMetadataFunctions,
}

impl UserMetadataInstance {
    fn of(cx: &Context) -> Result<&Self> {
        cx.auth().recipe(ID)
    }

    /// The outermost layer of the functions.
    fn functions(&self) -> &UserMetadataFunctions {
        &self.functions
    }
}

impl Recipe for UserMetadataInstance {
    fn id(&self) -> &'static str {
        ID
    }
}

/// One root key at a time.
impl UserMetadata {
    /// Reads one root key of a user's metadata as a type of the application; `None` where the key
    /// is missing.
    ///
    /// # Errors
    /// [`Error::Other`] where the value isn't of that type.
    pub async fn get_value<T: DeserializeOwned>(
        &self,
        user_id: impl Into<UserId>,
        key: &str,
    ) -> Result<Option<T>> {
        let mut metadata = self.get_user_metadata(user_id.into()).await?;
        metadata.remove(key).map(serde_json::from_value).transpose().map_err(Error::other)
    }

    /// Sets one root key of a user's metadata.
    ///
    /// # Errors
    /// [`Error::Other`] where the value can't be written as JSON.
    pub async fn set_value(
        &self,
        user_id: impl Into<UserId>,
        key: &str,
        value: impl Serialize,
    ) -> Result<()> {
        let value = serde_json::to_value(value).map_err(Error::other)?;
        let update = JsonObject::from_iter([(key.to_owned(), value)]);
        self.update_user_metadata(UpdateUserMetadataInput::new(user_id, update)).await.map(drop)
    }
}
