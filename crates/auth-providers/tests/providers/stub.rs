//! A server that answers for every host that it is asked for.

use std::{
    collections::BTreeMap,
    convert::Infallible,
    io,
    net::SocketAddr,
    sync::{Arc, LazyLock, Mutex},
    time::Duration,
};

use http_body_util::{BodyExt, Full};
use hyper::{body::Bytes, body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use test_postgres::Authority;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        ServerConfig,
        pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
    },
};
use url::Url;

use auth_providers::{ProviderConfig, Providers, ProvidersBuilder};

pub(crate) static AUTHORITY: LazyLock<Authority> = LazyLock::new(|| Authority::new("stub"));

/// A request, as a provider sees it.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) method: String,
    /// Without a query.
    pub(crate) url: String,
    pub(crate) query: BTreeMap<String, String>,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: Bytes,
}

impl Request {
    pub(crate) fn form(&self) -> BTreeMap<String, String> {
        assert_eq!(self.header("content-type"), Some("application/x-www-form-urlencoded"));
        pairs(std::str::from_utf8(&self.body).unwrap())
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(String::as_str)
    }
}

pub(crate) fn pairs(text: &str) -> BTreeMap<String, String> {
    let url = Url::parse(&format!("https://x/?{text}")).unwrap();
    url.query_pairs().into_owned().collect()
}

/// What the stub does.
#[derive(Clone)]
pub(crate) enum Answer {
    Json(u16, Value),
    Text(u16, String),
    Redirect(u16, String),
    /// After this time.
    Late(Duration, Value),
    /// As many bytes, with their number or without.
    Long {
        bytes: usize,
        says_so: bool,
    },
    /// Closes the connection.
    Nothing,
}

pub(crate) fn json(value: Value) -> Answer {
    Answer::Json(200, value)
}

type Handler = dyn Fn(&Request) -> Answer + Send + Sync;

pub(crate) struct Stub {
    pub(crate) address: SocketAddr,
    /// What it was asked, in order.
    pub(crate) log: Arc<Mutex<Vec<Request>>>,
    /// Bytes that it could send of the last long answer.
    pub(crate) sent: Arc<Mutex<usize>>,
    hosts: Vec<String>,
}

impl Stub {
    /// Answers by TLS for these hosts.
    pub(crate) async fn start(
        hosts: &[&str],
        handler: impl Fn(&Request) -> Answer + Send + Sync + 'static,
    ) -> Self {
        let identity = AUTHORITY.sign(hosts);
        let certificate = CertificateDer::from_pem_slice(identity.certificate.as_bytes()).unwrap();
        let key = PrivateKeyDer::from_pem_slice(identity.key.as_bytes()).unwrap();
        let tls = ServerConfig::builder()
            .with_no_client_auth()
            .with_single_cert(vec![certificate], key)
            .unwrap();
        Self::serve(hosts, Some(TlsAcceptor::from(Arc::new(tls))), handler).await
    }

    /// Answers without TLS.
    pub(crate) async fn start_plain(
        handler: impl Fn(&Request) -> Answer + Send + Sync + 'static,
    ) -> Self {
        Self::serve(&[], None, handler).await
    }

    async fn serve(
        hosts: &[&str],
        tls: Option<TlsAcceptor>,
        handler: impl Fn(&Request) -> Answer + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let stub = Self {
            address,
            log: Arc::default(),
            sent: Arc::default(),
            hosts: hosts.iter().map(|host| (*host).to_owned()).collect(),
        };
        let handler: Arc<Handler> = Arc::new(handler);
        let (log, sent) = (stub.log.clone(), stub.sent.clone());
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                let (handler, log, sent) = (handler.clone(), log.clone(), sent.clone());
                let tls = tls.clone();
                tokio::spawn(async move {
                    // A client may go away at any time.
                    match tls {
                        Some(tls) => {
                            if let Ok(stream) = tls.accept(socket).await {
                                let _ = http(stream, "https", handler, log, sent).await;
                            }
                        }
                        None => {
                            let _ = http(socket, "http", handler, log, sent).await;
                        }
                    }
                });
            }
        });
        stub
    }

    /// Providers that reach the stub by its hosts' names.
    pub(crate) fn builder(&self) -> ProvidersBuilder {
        let address = self.address;
        Providers::builder()
            .trust_certificates(AUTHORITY.identity().certificate.clone())
            .resolve_names_by(move |_| async move { Ok(vec![address]) })
            .allow_private_network_hosts(self.hosts.clone())
    }

    pub(crate) fn providers(&self, config: ProviderConfig) -> Providers {
        self.builder().provider(config).build().unwrap()
    }

    /// How often an address was asked.
    pub(crate) fn count(&self, url: &str) -> usize {
        self.log.lock().unwrap().iter().filter(|request| request.url == url).count()
    }
}

async fn http<S>(
    stream: S,
    scheme: &'static str,
    handler: Arc<Handler>,
    log: Arc<Mutex<Vec<Request>>>,
    sent: Arc<Mutex<usize>>,
) -> hyper::Result<()>
where
    S: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin + Send + 'static,
{
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        let (handler, log, sent) = (handler.clone(), log.clone(), sent.clone());
        async move {
            let request = read(request, scheme).await;
            let answer = handler(&request);
            log.lock().unwrap().push(request);
            respond(answer, sent).await
        }
    });
    http1::Builder::new().serve_connection(TokioIo::new(stream), service).await
}

async fn read(request: hyper::Request<Incoming>, scheme: &str) -> Request {
    let (head, body) = request.into_parts();
    let headers: BTreeMap<String, String> = head
        .headers
        .iter()
        .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
        .collect();
    Request {
        method: head.method.to_string(),
        url: format!("{scheme}://{}{}", headers["host"], head.uri.path()),
        query: pairs(head.uri.query().unwrap_or_default()),
        headers,
        body: body.collect().await.unwrap().to_bytes(),
    }
}

type Body = http_body_util::combinators::UnsyncBoxBody<Bytes, io::Error>;

async fn respond(
    answer: Answer,
    sent: Arc<Mutex<usize>>,
) -> Result<hyper::Response<Body>, io::Error> {
    let full = |text: String| {
        Full::new(Bytes::from(text)).map_err(|never: Infallible| match never {}).boxed_unsync()
    };
    let response = |status: u16| {
        hyper::Response::builder().status(status).header("content-type", "application/json")
    };
    Ok(match answer {
        Answer::Json(status, value) => response(status).body(full(value.to_string())).unwrap(),
        Answer::Text(status, text) => response(status).body(full(text)).unwrap(),
        Answer::Redirect(status, to) => {
            response(status).header("location", to).body(full(String::new())).unwrap()
        }
        Answer::Late(time, value) => {
            tokio::time::sleep(time).await;
            response(200).body(full(value.to_string())).unwrap()
        }
        Answer::Long { bytes, says_so } => {
            let body = LongBody { left: bytes, sent, says_so };
            response(200).body(body.boxed_unsync()).unwrap()
        }
        Answer::Nothing => return Err(io::Error::other("nothing")),
    })
}

/// Sends as much as is taken, and counts it.
struct LongBody {
    left: usize,
    sent: Arc<Mutex<usize>>,
    says_so: bool,
}

impl hyper::body::Body for LongBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<io::Result<hyper::body::Frame<Bytes>>>> {
        if self.left == 0 {
            return std::task::Poll::Ready(None);
        }
        let chunk = Bytes::from(vec![b' '; self.left.min(16 * 1024)]);
        self.left -= chunk.len();
        *self.sent.lock().unwrap() += chunk.len();
        std::task::Poll::Ready(Some(Ok(hyper::body::Frame::data(chunk))))
    }

    fn size_hint(&self) -> hyper::body::SizeHint {
        match self.says_so {
            true => hyper::body::SizeHint::with_exact(self.left as u64),
            false => hyper::body::SizeHint::default(),
        }
    }
}

/// A listener that takes connections and never says a word.
pub(crate) async fn silent_listener() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let mut held: Vec<TcpStream> = Vec::new();
        while let Ok((mut socket, _)) = listener.accept().await {
            let _ = socket.write_all(b"").await;
            let _ = socket.read(&mut [0; 1]).await;
            held.push(socket);
        }
    });
    address
}
