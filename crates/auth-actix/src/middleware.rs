//! The middleware, and the guard of routes.

use actix_web::{
    Error, HttpMessage, HttpResponse,
    body::MessageBody,
    dev::{Service, ServiceRequest, ServiceResponse, Transform},
    middleware::{Next, from_fn},
    web::Payload,
};
use auth_core::{Auth, Context, RouteMatch, recipes::session::SessionOptions};

use crate::{
    AuthContext, AuthError,
    convert::{append, head, response},
};

/// A middleware that serves every sign-in route, and carries the session's tokens into the
/// application's responses. Wrap the `App` with it, or a scope; what is wrapped before it lies
/// within it, and CORS belongs around it.
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
pub fn auth_middleware<S, B>(
    auth: Auth,
) -> impl Transform<S, ServiceRequest, Response = ServiceResponse, Error = Error, InitError = ()>
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error> + 'static,
    B: MessageBody + 'static,
{
    from_fn(move |request, next| serve(auth.clone(), request, next))
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
pub fn verify_session<S, B>(
    options: SessionOptions,
) -> impl Transform<S, ServiceRequest, Response = ServiceResponse, Error = Error, InitError = ()>
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error> + 'static,
    B: MessageBody + 'static,
{
    from_fn(move |request, next| guard(options.clone(), request, next))
}

async fn serve<B: MessageBody + 'static>(
    auth: Auth,
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse, Error> {
    let Some(head) = head(request.request()) else {
        return Ok(next.call(request).await?.map_into_boxed_body());
    };
    if let Some(route) = auth.route_of(&head) {
        // Boxed, so that other requests' futures aren't as large.
        return Box::pin(serve_route(auth, route, head, request)).await;
    }
    let cx = Context::for_request(auth, head);
    request.extensions_mut().insert(cx.clone());
    match next.call(request).await {
        Ok(answer) => {
            let (request, answer) = answer.map_into_boxed_body().into_parts();
            Ok(ServiceResponse::new(request, finish(&cx, answer).await))
        }
        // Another middleware's error becomes a response further out, where the changes are made
        // no more.
        Err(error) if error.as_error::<AuthError>().is_some() || !cx.changes().is_empty() => {
            let answer = finish(&cx, error.error_response()).await;
            Err(actix_web::error::InternalError::from_response(error, answer).into())
        }
        Err(error) => Err(error),
    }
}

async fn serve_route(
    auth: Auth,
    route: RouteMatch,
    head: auth_core::Request,
    mut request: ServiceRequest,
) -> Result<ServiceResponse, Error> {
    let body = request.extract::<Payload>().await?;
    let read_body = |limit| async move { body.to_bytes_limited(limit).await.ok()?.ok() };
    let answer = auth.serve(route, head, read_body).await;
    Ok(request.into_response(response(answer)))
}

/// Answers an error of this library, and makes the changes.
async fn finish(cx: &Context, mut answer: HttpResponse) -> HttpResponse {
    let pending = answer.extensions_mut().remove::<AuthError>();
    if let Some(error) = pending {
        let neutral = Box::pin(cx.auth().error_response(cx, &error)).await;
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
        Ok(()) => Ok(next.call(request).await?.map_into_boxed_body()),
        Err(error) => Ok(request.error_response(AuthError::from(error))),
    }
}
