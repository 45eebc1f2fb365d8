//! The way of a request through a route.

use auth_protocol::TenantId;
use bytes::Bytes;
use http::HeaderName;

use crate::{
    ApiCall, Context, Error, Request, Response, Result, Route,
    auth::AuthInContext,
    error_handler,
    forgery::{self, FromAnySite},
    limits::KNOWN_DEVICE_HEADER,
    routes::RouteMatch,
};

/// Headers that browsers on another origin send (FDI §5.4).
pub(crate) fn cors_headers() -> Vec<HeaderName> {
    ["rid", "fdi-version", "anti-csrf", "authorization", "st-auth-mode"]
        .into_iter()
        .map(HeaderName::from_static)
        .chain([KNOWN_DEVICE_HEADER])
        .collect()
}

async fn run(cx: &Context, route: &Route, in_path: TenantId) -> Result<Response> {
    forgery::check_route(cx)?;
    let tenant_id = cx.multitenancy()?.tenant_of_request(in_path).await?;
    (route.handler)(ApiCall { cx: cx.clone(), tenant_id }).await
}

/// `body` is `None` where the adapter stopped reading at the limit.
pub(crate) async fn handle(
    auth: &AuthInContext,
    route: RouteMatch,
    head: Request,
    body: Option<Bytes>,
) -> Response {
    let limit_bytes = route.body_limit_bytes();
    let body = body.filter(|body| body.len() <= limit_bytes);
    let is_too_large = body.is_none();
    let cx = Context::new(auth.clone(), Some(head.with_body(body.unwrap_or_default())));
    let RouteMatch { route, tenant_id } = route;
    cx.set_api(route.api);
    if route.from_any_site {
        cx.insert(FromAnySite);
    }
    let result = if is_too_large {
        Err(Error::BodyTooLarge { limit_bytes })
    } else {
        run(&cx, &route, tenant_id).await
    };
    let mut response = match result {
        Ok(response) => response,
        Err(error) => error_handler::respond(&cx, &error).await,
    };
    cx.changes().apply_to(&mut response.headers);
    response
}
