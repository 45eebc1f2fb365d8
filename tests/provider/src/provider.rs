//! The provider, as tests and examples have it.

use std::{fmt, io, net::SocketAddr, sync::Arc};

use parking_lot::Mutex;
use tokio::{
    net::{TcpListener, ToSocketAddrs},
    task::JoinHandle,
};
use url::Url;

use crate::{
    Account, Fault, IdTokenFault,
    grants::{AuthorizationRequest, Grant, Grants},
    id_token::{About, Key},
    server,
};

/// The one client that the provider knows.
#[derive(Clone, Debug)]
pub struct Client {
    /// Its id.
    pub id: String,
    /// Its secret.
    pub secret: String,
    /// Where browsers may be sent back to.
    pub redirect_uris: Vec<String>,
}

/// A provider that runs until it is dropped.
pub struct LocalProvider {
    state: Arc<State>,
    address: SocketAddr,
    server: JoinHandle<()>,
}

pub(crate) struct State {
    pub(crate) issuer: String,
    pub(crate) client: Client,
    pub(crate) key: Mutex<Key>,
    pub(crate) grants: Mutex<Grants>,
    fault: Mutex<Option<Fault>>,
}

impl LocalProvider {
    /// Starts a provider for one client. Its issuer is the address with `http://` before it.
    ///
    /// # Errors
    /// Where the address can't be listened on.
    pub async fn start(addr: impl ToSocketAddrs, client: Client) -> io::Result<Self> {
        let listener = TcpListener::bind(addr).await?;
        let issuer = format!("http://{}", listener.local_addr()?);
        Self::serve(listener, issuer, client)
    }

    /// Starts a provider by another name, which the client must resolve to its
    /// [`address`](Self::address): then nothing that it says depends on a port.
    ///
    /// # Errors
    /// Where the address can't be listened on.
    pub async fn start_as(
        issuer: &str,
        addr: impl ToSocketAddrs,
        client: Client,
    ) -> io::Result<Self> {
        Self::serve(TcpListener::bind(addr).await?, issuer.to_owned(), client)
    }

    fn serve(listener: TcpListener, issuer: String, client: Client) -> io::Result<Self> {
        let address = listener.local_addr()?;
        let state = Arc::new(State {
            issuer,
            client,
            key: Mutex::new(Key::new(1).map_err(io::Error::other)?),
            grants: Mutex::default(),
            fault: Mutex::default(),
        });
        let router = server::router(Arc::clone(&state));
        let server = tokio::spawn(async move {
            // It ends with the task.
            let _ = axum::serve(listener, router).await;
        });
        Ok(Self { state, address, server })
    }

    /// Its issuer, which is where its discovery document is, too.
    pub fn issuer(&self) -> &str {
        &self.state.issuer
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The client that it knows.
    pub fn client(&self) -> &Client {
        &self.state.client
    }

    /// Misbehaves from now on, or behaves well again.
    pub fn misbehave(&self, fault: impl Into<Option<Fault>>) {
        *self.state.fault.lock() = fault.into();
    }

    /// Signs by another key from now on, and publishes that alone.
    ///
    /// # Errors
    /// Where the system has no randomness.
    pub fn rotate_keys(&self) -> io::Result<()> {
        let mut key = self.state.key.lock();
        *key = key.next().map_err(io::Error::other)?;
        Ok(())
    }

    /// Does what a browser does that comes with an authorization URL, and whose user signs in: gives
    /// the address that it is sent back to.
    ///
    /// # Errors
    /// Why the provider refuses, in words.
    pub fn sign_in(&self, authorization_url: &str, account: Account) -> Result<Url, String> {
        let url = Url::parse(authorization_url).map_err(|error| error.to_string())?;
        let issuer = Url::parse(&self.state.issuer).map_err(|error| error.to_string())?;
        if url.origin() != issuer.origin() || url.path() != "/authorize" {
            return Err(format!("{url} isn't this provider's"));
        }
        let query: axum::extract::Query<AuthorizationRequest> = axum::extract::Query::try_from_uri(
            &url.as_str().parse().map_err(|_| "the address can't be read".to_owned())?,
        )
        .map_err(|error| error.to_string())?;
        self.state.sign_in(&query.0, account)
    }

    /// An access token that the provider gave to its client, such as one on a phone.
    pub fn access_token(&self, account: Account) -> String {
        self.state.grants.lock().new_access_token(account)
    }

    /// An id token that the provider gave to its client, such as one on a phone.
    ///
    /// # Errors
    /// Where the system has no randomness.
    pub fn id_token(&self, account: &Account, fault: Option<IdTokenFault>) -> io::Result<String> {
        let state = &self.state;
        let about = About {
            issuer: &state.issuer,
            client_id: &state.client.id,
            account,
            nonce: None,
            access_token: None,
        };
        state.key.lock().id_token(&about, fault).map_err(io::Error::other)
    }
}

impl Drop for LocalProvider {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl fmt::Debug for LocalProvider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LocalProvider")
            .field("issuer", &self.state.issuer)
            .field("address", &self.address)
            .finish_non_exhaustive()
    }
}

impl State {
    pub(crate) fn fault(&self) -> Option<Fault> {
        self.fault.lock().clone()
    }

    /// Why an authorization request isn't good; the browser isn't sent anywhere then.
    pub(crate) fn problem_with(&self, request: &AuthorizationRequest) -> Option<&'static str> {
        let uris = &self.client.redirect_uris;
        let wants_plain = request.code_challenge_method.as_deref().is_some_and(|it| it != "S256");
        [
            (request.client_id != self.client.id, "the client is unknown"),
            (!uris.contains(&request.redirect_uri), "the redirect URI isn't the client's"),
            (request.response_type != "code", "the response type isn't code"),
            (wants_plain, "the challenge's method isn't S256"),
        ]
        .into_iter()
        .find_map(|(is_wrong, why)| is_wrong.then_some(why))
    }

    /// Where the browser goes once its user has signed in.
    pub(crate) fn sign_in(
        &self,
        request: &AuthorizationRequest,
        account: Account,
    ) -> Result<Url, String> {
        if let Some(problem) = self.problem_with(request) {
            return Err(problem.to_owned());
        }
        let code = self.grants.lock().new_code(Grant { request: request.clone(), account });
        self.way_back(request, "code", &code)
    }

    /// Where the browser goes back to.
    pub(crate) fn way_back(
        &self,
        request: &AuthorizationRequest,
        name: &str,
        value: &str,
    ) -> Result<Url, String> {
        let mut url = Url::parse(&request.redirect_uri).map_err(|error| error.to_string())?;
        url.query_pairs_mut().append_pair(name, value);
        if let Some(state) = &request.state {
            url.query_pairs_mut().append_pair("state", state);
        }
        // RFC 9207
        url.query_pairs_mut().append_pair("iss", &self.issuer);
        Ok(url)
    }
}
