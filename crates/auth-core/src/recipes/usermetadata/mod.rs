//! One free-form JSON object for each user.

mod functions;

use std::sync::Arc;

use auth_protocol::{JsonObject, UserId};
pub use functions::{UserMetadataFunctions, UserMetadataOverride};
use serde::de::DeserializeOwned;

use crate::{
    Auth, ConfigError, Context, Error, Recipe, RecipeConfig, Result, Setup,
    overrides::override_methods,
};

const ID: &str = "usermetadata";

/// The recipe's settings. It is added by itself where the recipe list doesn't name it.
#[derive(Default)]
#[must_use]
pub struct UserMetadataRecipe {
    overrides: Vec<Arc<dyn UserMetadataOverride>>,
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
    functions: Arc<dyn UserMetadataFunctions>,
}

impl Recipe for UserMetadataInstance {
    fn id(&self) -> &'static str {
        ID
    }
}

/// The metadata functions, in a context; got by [`Context::usermetadata`] or
/// [`Auth::usermetadata`].
#[derive(Clone, Debug)]
pub struct UserMetadata {
    cx: Context,
}

impl Context {
    /// The metadata functions in this context.
    ///
    /// # Errors
    /// None in practice: the recipe is always there.
    pub fn usermetadata(&self) -> Result<UserMetadata> {
        self.auth().recipe::<UserMetadataInstance>(ID)?;
        Ok(UserMetadata { cx: self.clone() })
    }
}

impl Auth {
    /// The metadata functions outside of a request.
    ///
    /// # Errors
    /// None in practice: the recipe is always there.
    pub fn usermetadata(&self) -> Result<UserMetadata> {
        self.context().usermetadata()
    }
}

impl UserMetadata {
    fn functions(&self) -> Result<&dyn UserMetadataFunctions> {
        Ok(&*self.cx.auth().recipe::<UserMetadataInstance>(ID)?.functions)
    }

    /// Reads a user's metadata; empty where none was ever written.
    pub async fn get_user_metadata(&self, user_id: &UserId) -> Result<JsonObject> {
        self.functions()?.get_user_metadata(&self.cx, user_id.clone()).await
    }

    /// Reads one root key of a user's metadata as a type of the application; `None` where the key
    /// is missing.
    ///
    /// # Errors
    /// [`Error::Other`] where the value isn't of that type.
    pub async fn get_value<T: DeserializeOwned>(
        &self,
        user_id: &UserId,
        key: &str,
    ) -> Result<Option<T>> {
        let mut metadata = self.get_user_metadata(user_id).await?;
        metadata.remove(key).map(serde_json::from_value).transpose().map_err(Error::other)
    }

    /// Merges an update into a user's metadata: each root key is replaced as a whole, `null`
    /// removes it. Gives the metadata after the update.
    pub async fn update_user_metadata(
        &self,
        user_id: &UserId,
        update: JsonObject,
    ) -> Result<JsonObject> {
        self.functions()?.update_user_metadata(&self.cx, user_id.clone(), update).await
    }

    /// Sets one root key of a user's metadata.
    ///
    /// # Errors
    /// [`Error::Other`] where the value can't be written as JSON.
    pub async fn set_value(
        &self,
        user_id: &UserId,
        key: &str,
        value: impl serde::Serialize,
    ) -> Result<()> {
        let value = serde_json::to_value(value).map_err(Error::other)?;
        let update = JsonObject::from_iter([(key.to_owned(), value)]);
        self.update_user_metadata(user_id, update).await.map(drop)
    }

    /// Removes all of a user's metadata.
    pub async fn clear_user_metadata(&self, user_id: &UserId) -> Result<()> {
        self.functions()?.clear_user_metadata(&self.cx, user_id.clone()).await
    }
}
