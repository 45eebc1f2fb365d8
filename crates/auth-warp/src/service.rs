//! The service around the application's filter.

use std::{convert::Infallible, error::Error as StdError, task};

use auth_core::{Auth, Context, http::Cors};
use futures_util::future::BoxFuture;
use http::Request;
use http_body::Body;
use tower::Service;
use warp::{Filter, Rejection, Reply, filters, reject::Reject, reply::Response};

use crate::{error, routes::routes};

tokio::task_local! {
    /// The context of the request that the filters work on.
    static CURRENT: Context;
}

/// The context that filters work in.
pub(crate) fn current() -> Result<Context, Rejection> {
    let missing = |_| warp::reject::custom(ServeThisFilterByAuthService);
    CURRENT.try_with(Context::clone).map_err(missing)
}

/// What warp shows where the filter isn't served by an [`AuthService`].
#[derive(Debug)]
struct ServeThisFilterByAuthService;

impl Reject for ServeThisFilterByAuthService {}

/// Serves every sign-in route, and passes everything else on to the application's filter; carries
/// the session's tokens into the replies. It is a tower service, for [`serve`](fn@crate::serve) or any
/// other server on hyper, which has to put the client's `SocketAddr` into each request's extensions
/// so that its address is known.
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
    auth: Auth,
    cors: Option<Cors>,
    routes: Answers,
    application: Answers,
}

type Answers = filters::BoxedFilter<(Response,)>;

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
            .map(error::insist);
        let (routes, application) = (routes().boxed(), application.boxed());
        Self { auth, cors: None, routes, application }
    }

    /// Puts CORS, which [`cors`](fn@crate::cors) makes, around sign-in and the application, whatever
    /// either answers, and answers preflight requests. `warp::cors` on the application's filter would
    /// leave the sign-in routes and refusals out.
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
    pub fn cors(mut self, cors: Cors) -> Self {
        self.cors = Some(cors);
        self
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
        let peer = auth_tower::peer_address(request.extensions());
        let head = auth_tower::head(&request, request.uri()).with_peer_address(peer);
        if let Some(answer) = self.cors.as_ref().and_then(|cors| cors.preflight_response(&head)) {
            return Box::pin(async move { Ok(auth_tower::response(answer)) });
        }
        let route = self.auth.route_of(&head);
        let cx = Context::for_request(self.auth.clone(), head);
        let is_route = route.map(|route| cx.insert(route)).is_some();
        let filter = if is_route { &self.routes } else { &self.application };
        let answer = CURRENT.scope(cx.clone(), warp::service(filter.clone()).call(request));
        let cors = self.cors.clone();
        Box::pin(async move {
            let mut answer = auth_tower::finish(&cx, answer.await?).await;
            if let Some((cors, sent)) = cors.zip(cx.request()) {
                cors.apply_to(sent, answer.headers_mut());
            }
            Ok(answer)
        })
    }
}
