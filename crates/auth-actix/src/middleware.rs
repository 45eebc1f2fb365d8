//! The middleware, and the guard of routes.

use actix_web::{
    Error, HttpMessage, HttpResponse,
    body::MessageBody,
    dev::{Service, ServiceRequest, ServiceResponse, Transform},
    middleware::{Next, from_fn},
    web::Payload,
};
use auth_core::{Auth, Context, recipes::session::SessionOptions};
use futures_util::{FutureExt, TryFutureExt, future::Either};

use crate::{
    AuthContext, AuthError,
    convert::{append, head, response},
};

/// A middleware that serves every sign-in route, and carries the session's tokens into the
/// application's responses. Wrap the `App` with it, or a scope; what is wrapped before it lies
/// within it, and CORS belongs around it. The addresses of clients are those that actix-web has of
/// its sockets (`peer_addr`, not `realip_remote_addr`, which anybody can choose).
///
/// ```
/// # fn app(auth: auth_core::Auth) {
/// use actix_web::App;
/// use auth_actix::{auth_middleware, cors};
///
/// App::new()
///     .wrap(auth_middleware(auth.clone()))
///     .wrap(cors(&auth, ["https://www.example.com"]));
/// # }
/// ```
pub fn auth_middleware<S, B: MessageBody + 'static>(
    auth: Auth,
) -> impl Transform<S, ServiceRequest, Response = ServiceResponse, Error = Error, InitError = ()>
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error> + 'static,
{
    from_fn(move |request, next| serve(auth.clone(), request, &next))
}

/// Checks the session before a handler runs, with options of the route's own; the handler then
/// gets that session by [`Session`](crate::Session) or [`OptionalSession`](crate::OptionalSession).
/// It guards a scope, a resource or a route.
///
/// ```
/// use actix_web::{App, web};
/// use auth_actix::{Session, auth_middleware, verify_session};
/// use auth_core::recipes::session::SessionOptions;
///
/// async fn show(session: Session) -> String {
///     session.get_handle().to_string()
/// }
///
/// # fn app(auth: auth_core::Auth) {
/// let options = SessionOptions::new().check_database(true);
/// App::new()
///     .service(web::scope("/admin").route("", web::get().to(show)).wrap(verify_session(options)))
///     .wrap(auth_middleware(auth));
/// # }
/// ```
pub fn verify_session<S, B: MessageBody + 'static>(
    options: SessionOptions,
) -> impl Transform<S, ServiceRequest, Response = ServiceResponse, Error = Error, InitError = ()>
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error> + 'static,
{
    from_fn(move |request, next| guard(options.clone(), request, next))
}

/// Everything before the application's answer is done at once, so that the future is small.
fn serve<B: MessageBody + 'static>(
    auth: Auth,
    mut request: ServiceRequest,
    next: &Next<B>,
) -> impl Future<Output = Result<ServiceResponse, Error>> + use<B> {
    match head(request.request()).map(|head| (auth.route_of(&head), head)) {
        Some((None, head)) => {
            let cx = Context::for_request(auth, head);
            request.extensions_mut().insert(cx.clone());
            Either::Left(carry(cx, next.call(request)))
        }
        Some((Some(route), head)) => {
            let answer = async move {
                let body = request.extract::<Payload>().await?;
                let read = |limit| async move { body.to_bytes_limited(limit).await.ok()?.ok() };
                let answer = auth.serve(route, head, read).await;
                Ok(request.into_response(response(answer)))
            };
            Either::Right(answer.boxed_local())
        }
        None => Either::Right(
            next.call(request).map_ok(ServiceResponse::map_into_boxed_body).boxed_local(),
        ),
    }
}

/// Carries what the session check and the recipes change into the application's answer. Mostly
/// that is nothing, so that the rest is boxed.
async fn carry<B: MessageBody + 'static>(
    cx: Context,
    answer: impl Future<Output = Result<ServiceResponse<B>, Error>>,
) -> Result<ServiceResponse, Error> {
    let is_changed = |pending: bool| pending || !cx.changes().is_empty();
    match answer.await {
        Ok(answer) if !is_changed(answer.response().extensions().contains::<AuthError>()) => {
            Ok(answer.map_into_boxed_body())
        }
        Ok(answer) => {
            let (request, answer) = answer.map_into_boxed_body().into_parts();
            Ok(ServiceResponse::new(request, Box::pin(change(&cx, answer)).await))
        }
        Err(error) if !is_changed(error.as_error::<AuthError>().is_some()) => Err(error),
        // Another middleware's error becomes a response further out, where the changes are made
        // no more.
        Err(error) => {
            let answer = Box::pin(change(&cx, error.error_response())).await;
            Err(actix_web::error::InternalError::from_response(error, answer).into())
        }
    }
}

/// Answers an error of this library, and makes the changes.
async fn change(cx: &Context, mut answer: HttpResponse) -> HttpResponse {
    let pending = answer.extensions_mut().remove::<AuthError>();
    if let Some(error) = pending {
        let neutral = cx.auth().error_response(cx, &error).await;
        answer = response(neutral.in_place_of(answer.headers()));
    }
    if let Some(changed) = cx.changes().applied_to(answer.headers()) {
        answer.headers_mut().clear();
        append(&changed, answer.headers_mut());
    }
    answer
}

async fn guard<B: MessageBody + 'static>(
    options: SessionOptions,
    mut request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse, Error> {
    let cx = request.extract::<AuthContext>().await?.0;
    match cx.guard_session(&options).await {
        Ok(_) => Ok(next.call(request).await?.map_into_boxed_body()),
        Err(error) => Ok(request.error_response(AuthError::from(error))),
    }
}
