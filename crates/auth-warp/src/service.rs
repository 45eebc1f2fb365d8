//! The service around the application's filter.

use std::{convert::Infallible, error::Error as StdError, task};

use auth_core::{Auth, Context};
use auth_tower::AuthLayer;
use futures_util::future::BoxFuture;
use http::Request;
use http_body::Body;
use tower::{Layer, Service, service_fn};
use warp::{Filter, Rejection, Reply, filters, reply::Response};

use crate::{
    context, error,
    routes::{Found, routes},
};

/// Serves every sign-in route, and passes everything else on to the application's filter; carries
/// the session's tokens into the replies. It is a tower service, for [`serve`](fn@crate::serve) or any
/// other server on hyper.
///
/// ```
/// # use warp::Filter;
/// # async fn run(auth: auth_core::Auth, listener: tokio::net::TcpListener) {
/// use auth_warp::AuthService;
///
/// let page = warp::path!("page").map(|| "hello");
/// let service = AuthService::new(auth, page);
/// auth_warp::serve(listener, service, std::future::pending()).await;
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct AuthService {
    layer: AuthLayer,
    filters: Filters,
}

type Answers = filters::BoxedFilter<(Response,)>;

/// What serves a request, once it has its context.
#[derive(Clone, Debug)]
struct Filters {
    routes: Answers,
    application: Answers,
}

impl AuthService {
    /// Sign-in around an application, whose filter may have a `recover` of its own or not.
    pub fn new<F, R>(auth: Auth, application: F) -> Self
    where
        F: Filter<Extract = (R,)> + Clone + Send + Sync + 'static,
        F::Error: Into<Rejection>,
        R: Reply + 'static,
    {
        let application = application
            .boxed()
            .map(Reply::into_response)
            .recover(error::recover)
            .unify()
            .and(context())
            .map(|response, cx: Context| error::insist(response, &cx));
        let filters = Filters { routes: routes().boxed(), application: application.boxed() };
        Self { layer: AuthLayer::new(auth).without_routes(), filters }
    }

    /// Puts warp's CORS, which [`cors`](fn@crate::cors) makes, around sign-in and the application.
    /// Added to the application's filter alone, it would leave the sign-in routes out.
    ///
    /// ```
    /// # use warp::Filter;
    /// # fn service(auth: auth_core::Auth) -> auth_warp::AuthService {
    /// use auth_warp::{AuthService, cors};
    ///
    /// let page = warp::path!("page").map(|| "hello");
    /// let cors = cors(&auth, ["https://www.example.com"]);
    /// AuthService::new(auth, page).cors(cors)
    /// # }
    /// ```
    #[must_use]
    pub fn cors(self, cors: filters::cors::Builder) -> Self {
        let cors = cors.build();
        let around = |filter: Answers| filter.with(&cors).map(Reply::into_response).boxed();
        let Filters { routes, application } = self.filters;
        Self {
            filters: Filters { routes: around(routes), application: around(application) },
            ..self
        }
    }
}

impl<B> Service<Request<B>> for AuthService
where
    B: Body + Send + Sync + 'static,
    B::Data: Send,
    B::Error: Into<Box<dyn StdError + Send + Sync>>,
{
    type Response = Response;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut task::Context<'_>) -> task::Poll<Result<(), Infallible>> {
        task::Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let Filters { routes, application } = self.filters.clone();
        let serve = service_fn(move |request: Request<B>| {
            let is_route = request.extensions().get::<Found>().is_some();
            warp::service(if is_route { &routes } else { &application }.clone()).call(request)
        });
        self.layer.layer(serve).call(request)
    }
}
