//! The configuration of an [`Auth`] handle.

use std::{any::TypeId, sync::Arc};

use auth_protocol::{AppId, TenantId};
use http::{HeaderMap, Method};

use crate::{
    AppInfo, Auth, ConfigError, Context, Recipe, RecipeConfig, Request, RequiredRecipe, Setup,
    TrustedProxies,
    app_info::NormalisedAppInfo,
    auth::{Inner, Recipes},
    captcha::CaptchaConfig,
    client_address::ClientAddresses,
    core::{Core, CoreConfig, CoreError},
    delivery::Background,
    events::{Consumer, Consumers, EventSink},
    limits::{Limits, LimitsInUse},
    recipes::{
        accountlinking::AccountLinkingRecipe, jwt::JwtRecipe, multitenancy::MultitenancyRecipe,
        openid::OpenIdRecipe, session::SessionInstance, usermetadata::UserMetadataRecipe,
    },
    routes::RouteTable,
};

/// In bytes.
const LONGEST_SINK_NAME: usize = 128;

type BuildRecipe =
    Box<dyn FnOnce(&Setup<'_>, &mut Recipes) -> Result<(), ConfigError> + Send + 'static>;

/// Collects the configuration of an [`Auth`] handle and checks it.
pub struct AuthBuilder {
    app_info: AppInfo,
    core: Option<CoreConfig>,
    app_id: AppId,
    recipes: Vec<BuildRecipe>,
    consumers: Vec<Consumer>,
    trusted_proxies: TrustedProxies,
    limits: Limits,
}

/// Why an [`Auth`] handle could not be built.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// A setting is wrong.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The core could not be opened.
    #[error(transparent)]
    Core(#[from] CoreError),
}

impl Auth {
    /// Starts the configuration.
    pub fn builder(app_info: AppInfo) -> AuthBuilder {
        let (trusted_proxies, limits) = (TrustedProxies::none(), Limits::default());
        let (recipes, consumers) = (Vec::new(), Vec::new());
        let (core, app_id) = (None, AppId::default());
        AuthBuilder { app_info, core, app_id, recipes, consumers, trusted_proxies, limits }
    }
}

impl AuthBuilder {
    /// Chooses the core.
    #[must_use]
    pub fn core(mut self, core: impl Into<CoreConfig>) -> Self {
        self.core = Some(core.into());
        self
    }

    /// The app of the core that this application is: it shares no user, session, tenant or key with
    /// others. `public` unless set. The app must be there: a core of one's own makes it by
    /// [`CreateOrUpdateApp`](crate::protocol::multitenancy::CreateOrUpdateApp). A remote core is asked
    /// below `/appid-<app>`, which its address may say as well.
    ///
    /// ```
    /// # use auth_core::{AppInfo, Auth, AuthBuilder};
    /// use auth_engine::Engine;
    ///
    /// fn shop(engine: &Engine, app_info: AppInfo) -> AuthBuilder {
    ///     Auth::builder(app_info).core(engine.clone()).app_id("shop")
    /// }
    /// ```
    #[must_use]
    pub fn app_id(mut self, app_id: impl Into<AppId>) -> Self {
        self.app_id = app_id.into();
        self
    }

    /// Adds a recipe; their order decides which serves a path that two of them share.
    #[must_use]
    pub fn recipe<C: RecipeConfig>(mut self, config: C) -> Self {
        self.recipes.push(Box::new(move |setup, recipes| add(config, setup, recipes)));
        self
    }

    /// Asks for a captcha before some actions, once half of what [limits](crate::limits) permit is spent,
    /// or always. None is asked for unless set.
    #[must_use]
    pub fn captcha(self, config: CaptchaConfig) -> Self {
        self.recipe(config)
    }

    /// Names the proxies in front of the application, so that the address of a client is what they
    /// say, and not theirs. None are trusted unless set: a request then comes from whoever its socket
    /// leads to, and `Forwarded` and `X-Forwarded-For` aren't read.
    #[must_use]
    pub fn trusted_proxies(mut self, proxies: TrustedProxies) -> Self {
        self.trusted_proxies = proxies;
        self
    }

    /// How often things that can be guessed or that cost something may be tried. Limits are on by
    /// default; see [`docs::limits`](crate::docs::limits).
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Delivers the events of the audit log of the tenant `public` to a sink, from now on, each at
    /// least once and in order. Its place in the log is kept under the name, over restarts and for
    /// all processes together.
    ///
    /// ```
    /// use auth_core::{
    ///     AuthBuilder,
    ///     events::{Event, EventSink, NotDelivered},
    /// };
    ///
    /// struct Printed;
    ///
    /// #[auth_core::async_trait]
    /// impl EventSink for Printed {
    ///     async fn deliver(&self, event: &Event) -> Result<(), NotDelivered> {
    ///         println!("{}: {}", event.entry.position, event.entry.kind);
    ///         Ok(())
    ///     }
    /// }
    ///
    /// fn with_events(builder: AuthBuilder) -> AuthBuilder {
    ///     builder.event_sink("printed", Printed)
    /// }
    /// ```
    #[must_use]
    pub fn event_sink(self, name: impl Into<String>, sink: impl EventSink) -> Self {
        self.event_sink_of_tenant(TenantId::default(), name, sink)
    }

    /// As [`Self::event_sink`], for another tenant's log.
    #[must_use]
    pub fn event_sink_of_tenant(
        mut self,
        tenant_id: TenantId,
        name: impl Into<String>,
        sink: impl EventSink,
    ) -> Self {
        self.consumers.push(Consumer { name: name.into(), tenant_id, sink: Arc::new(sink) });
        self
    }

    /// Checks everything, opens the core, and makes the handle.
    ///
    /// # Errors
    /// [`BuildError::Config`] names the setting that is wrong; [`BuildError::Core`] says why the
    /// core can't be opened.
    pub async fn build(self) -> Result<Auth, BuildError> {
        let app_info = NormalisedAppInfo::new(self.app_info)?;
        check_consumers(&self.consumers)?;
        let client_addresses = ClientAddresses::new(self.trusted_proxies)?;
        if self.recipes.is_empty() {
            return Err(ConfigError::new(
                "recipe_list",
                "it is empty",
                "at least one recipe, such as `.recipe(SessionRecipe::new())`",
            )
            .into());
        }
        let core = self.core.ok_or_else(|| {
            ConfigError::new(
                "core",
                "none was chosen",
                "the configuration of an embedded engine or of a remote core",
            )
        })?;
        let mut recipes = Recipes::default();
        let setup = Setup { app_info: &app_info };
        for build in self.recipes {
            build(&setup, &mut recipes)?;
        }
        add_missing(&setup, &mut recipes)?;
        check_required(&recipes)?;
        let limits = LimitsInUse::new(self.limits)?;
        let routes = RouteTable::new(&app_info, &recipes.list);
        let core = Core::open(core, &self.app_id).await?;
        let background = Background::default();
        let global_claim_validators =
            recipes.list.iter().flat_map(|recipe| recipe.global_claim_validators()).collect();
        let session = recipes.get::<SessionInstance>();
        let auth = Auth::from_inner(Inner {
            app_info,
            core,
            recipes,
            session,
            routes,
            background,
            client_addresses,
            limits,
            consumers: Consumers::default(),
            global_claim_validators,
        });
        check_in_use(&auth)?;
        for consumer in self.consumers {
            auth.start_consumer(consumer).await;
        }
        Ok(auth)
    }
}

/// Sinks have names that tell them apart.
fn check_consumers(consumers: &[Consumer]) -> Result<(), ConfigError> {
    let wrong = |problem: String| {
        let expected = "one name of 1 to 128 bytes for each sink of a tenant";
        Err(ConfigError::new("event_sink", problem, expected))
    };
    for (index, Consumer { name, tenant_id, .. }) in consumers.iter().enumerate() {
        if name.is_empty() || name.len() > LONGEST_SINK_NAME {
            return wrong(format!("`{name}` is too short or too long"));
        }
        let is_same = |other: &Consumer| other.name == *name && other.tenant_id == *tenant_id;
        if consumers.iter().take(index).any(is_same) {
            return wrong(format!("`{name}` is there twice"));
        }
    }
    Ok(())
}

/// What the recipes can tell only of a handle that is there.
fn check_in_use(auth: &Auth) -> Result<(), ConfigError> {
    let path = auth.app_info().api_base_path.as_str();
    let head = Request::new(Method::GET, path, &HeaderMap::new());
    let cx = Context::for_request(auth.clone(), head);
    auth.recipes().iter().try_for_each(|recipe| recipe.check(&cx))
}

fn add<C: RecipeConfig>(
    config: C,
    setup: &Setup<'_>,
    recipes: &mut Recipes,
) -> Result<(), ConfigError> {
    let recipe = Arc::new(config.build(setup)?);
    let id = recipe.id();
    if recipes.has::<C::Recipe>() {
        return Err(ConfigError::new(
            "recipe_list",
            format!("the {id} recipe stands in it twice"),
            "each recipe once",
        ));
    }
    recipes.by_type.push((TypeId::of::<C::Recipe>(), recipe.clone()));
    recipes.list.push(recipe);
    Ok(())
}

/// A recipe that builds on others needs them in the list. All that is missing is named at once.
fn check_required(recipes: &Recipes) -> Result<(), ConfigError> {
    let mut missing: Vec<RequiredRecipe> = Vec::new();
    let mut askers: Vec<&str> = Vec::new();
    for recipe in &recipes.list {
        let is_there =
            |required: &RequiredRecipe| recipes.list.iter().any(|it| it.id() == required.id);
        for required in recipe.required_recipes().iter().filter(|required| !is_there(required)) {
            if askers.last() != Some(&recipe.id()) {
                askers.push(recipe.id());
            }
            if !missing.contains(required) {
                missing.push(*required);
            }
        }
    }
    if missing.is_empty() {
        return Ok(());
    }
    let ids: Vec<&str> = missing.iter().map(|required| required.id).collect();
    let lines: Vec<String> =
        missing.iter().map(|required| format!("`.recipe({})`", required.settings)).collect();
    Err(ConfigError::new(
        "recipe_list",
        format!("{} is there without {}", askers.join(", "), ids.join(" and ")),
        format!("these lines too, beside the others: {}", lines.join(" ")),
    ))
}

/// The recipes that others build on are always there, after those of the application and in this
/// order (FDI §3).
fn add_missing(setup: &Setup<'_>, recipes: &mut Recipes) -> Result<(), ConfigError> {
    fn add_default<C: RecipeConfig + Default>(
        setup: &Setup<'_>,
        recipes: &mut Recipes,
    ) -> Result<(), ConfigError> {
        if recipes.has::<C::Recipe>() {
            return Ok(());
        }
        add(C::default(), setup, recipes)
    }
    add_default::<AccountLinkingRecipe>(setup, recipes)?;
    add_default::<JwtRecipe>(setup, recipes)?;
    add_default::<OpenIdRecipe>(setup, recipes)?;
    add_default::<MultitenancyRecipe>(setup, recipes)?;
    add_default::<UserMetadataRecipe>(setup, recipes)
}
