//! The fairing.

use auth_core::{Auth, Context, http::Cors};
use rocket::{
    Build, Data, Request, Response, Rocket, Route,
    data::ToByteUnit,
    fairing::{self, Fairing, Info, Kind},
    http::{Method, Status},
    route::{Handler, Outcome},
};

use crate::{
    AuthError, Reply,
    convert::{head, lines, write, write_headers},
    error::PENDING,
    guard::context,
};

/// Managed where the fairing is attached.
pub(crate) struct Attached;

const METHODS: [Method; 5] =
    [Method::Get, Method::Post, Method::Put, Method::Patch, Method::Delete];

/// Serves every sign-in route, carries the session's tokens into the application's responses, and
/// answers errors of this library. Attach it before other fairings that look at responses.
///
/// Fairings can't answer, so it mounts routes below the API's base path and below `/.well-known` that
/// are asked before the application's and pass on whatever is no sign-in route. There is one fairing for
/// each Rocket, and its handle is managed state: `&State<Auth>` in a route gives it, unless the application manages
/// another one. The addresses of clients are those that Rocket has of its sockets (`remote`, not
/// `client_ip`, which reads a header that anybody can write).
///
/// ```
/// # fn app(auth: auth_core::Auth) -> rocket::Rocket<rocket::Build> {
/// use auth_rocket::AuthFairing;
///
/// rocket::build().attach(AuthFairing::new(auth).cors(["https://www.example.com"]))
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct AuthFairing {
    auth: Auth,
    cors: Option<Cors>,
}

impl AuthFairing {
    /// A fairing for this handle.
    pub fn new(auth: Auth) -> Self {
        Self { auth, cors: None }
    }

    /// Lets websites on these origins, such as `https://www.example.com`, use the whole
    /// application with credentials, and answers their preflight requests.
    #[must_use]
    pub fn cors(self, website_origins: impl IntoIterator<Item: Into<String>>) -> Self {
        Self { cors: Some(Cors::new(&self.auth, website_origins)), ..self }
    }

    /// As [`Self::cors`], with headers of the application's own.
    ///
    /// ```
    /// # fn fairing(auth: auth_core::Auth) -> auth_rocket::AuthFairing {
    /// use auth_rocket::{AuthFairing, Cors};
    ///
    /// let cors = Cors::new(&auth, ["https://www.example.com"]).allow_headers(["x-request-id"]);
    /// AuthFairing::new(auth).cors_with(cors)
    /// # }
    /// ```
    #[must_use]
    pub fn cors_with(self, cors: Cors) -> Self {
        Self { cors: Some(cors), ..self }
    }
}

#[rocket::async_trait]
impl Fairing for AuthFairing {
    fn info(&self) -> Info {
        let kind = Kind::Ignite | Kind::Request | Kind::Response | Kind::Singleton;
        Info { name: "Sign-in", kind }
    }

    async fn on_ignite(&self, rocket: Rocket<Build>) -> fairing::Result {
        let route = |method| Route::ranked(isize::MIN, method, "/<_..>", self.clone());
        let base = format!("{}/", self.auth.app_info().mounted_path());
        let rocket = rocket.mount(base, METHODS.map(route)).mount("/", [route(Method::Options)]);
        // Of a rank of its own, as the base path may be the root.
        let well_known = Route::ranked(isize::MIN + 1, Method::Get, "/<_..>", self.clone());
        let rocket = rocket.mount("/.well-known", [well_known]);
        let rocket = rocket.manage(Attached);
        // The application may have put the handle there for its own routes.
        let is_managed = rocket.state::<Auth>().is_some();
        Ok(if is_managed { rocket } else { rocket.manage(self.auth.clone()) })
    }

    /// Makes the context while the method is the one that was sent: Rocket turns a `HEAD` that no
    /// route serves into a `GET`.
    async fn on_request(&self, request: &mut Request<'_>, _: &mut Data<'_>) {
        request.local_cache(|| head(request).map(|it| Context::for_request(self.auth.clone(), it)));
    }

    async fn on_response<'r>(&self, request: &'r Request<'_>, response: &mut Response<'r>) {
        let Ok(cx) = context(request) else { return };
        if let Some(error) = cx.get::<AuthError>().filter(|_| response.status() == PENDING) {
            let neutral = Box::pin(cx.auth().error_response(cx, &error)).await;
            write(neutral.in_place_of(lines(response.headers())), response);
        }
        if let Some(headers) = cx.changes().applied_to(lines(response.headers())) {
            write_headers(&headers, response);
        }
        if let Some((cors, sent)) = self.cors.as_ref().zip(cx.request()) {
            write_headers(&cors.applied_to(sent, lines(response.headers())), response);
        }
    }
}

#[rocket::async_trait]
impl Handler for AuthFairing {
    async fn handle<'r>(&self, request: &'r Request<'_>, data: Data<'r>) -> Outcome<'r> {
        let sent = context(request).ok().and_then(Context::request);
        if self.cors.is_some() && sent.is_some_and(Cors::is_preflight) {
            return Outcome::from(request, Status::NoContent);
        }
        let route = sent.and_then(|sent| self.auth.route_of(sent));
        let Some((route, head)) = route.zip(head(request)) else {
            return Outcome::forward(data, Status::NotFound);
        };
        let read_body = |limit_bytes: usize| async move {
            let body = data.open(limit_bytes.bytes()).into_bytes().await.ok()?;
            body.is_complete().then(|| body.into_inner().into())
        };
        Outcome::from(request, Reply(self.auth.serve(route, head, read_body).await))
    }
}
