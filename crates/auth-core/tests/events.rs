//! Events on their way to the application: in order, at least once, over restarts.
#![allow(clippy::expect_used)] // a test fails by panicking

#[path = "shared/log.rs"]
mod log;

use std::{
    net::{Ipv4Addr, SocketAddr},
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::{Duration, SystemTime},
};

use auth_core::{
    AppInfo, Auth, AuthBuilder, BuildError,
    core::{Clock, EngineConfig, PasswordHashingConfig, SigningAlgorithm},
    events::{
        Event, EventSink, NotDelivered, RetrySchedule,
        webhooks::{Webhook, WebhookVerifier},
    },
    protocol::audit::AuditKind,
    recipes::{
        emailpassword::{EmailPasswordRecipe, SignUpInput, SignUpOutcome},
        session::SessionRecipe,
    },
};
use http::{HeaderMap, HeaderName, HeaderValue};
use serde_json::Value;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel},
    task::JoinHandle,
    time::timeout,
};
use tracing::Level;

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const PATIENCE: Duration = Duration::from_secs(60);

/// An application on a file that outlives it.
fn builder(file: &Path, clock: &Clock) -> AuthBuilder {
    let hashing = PasswordHashingConfig { memory_kib: 8, iterations: 1, ..Default::default() };
    let url = format!("sqlite://{}", file.display());
    let config = EngineConfig::new(url.parse().expect("a URL"))
        .clock(clock.clone())
        .password_hashing(hashing)
        .signing_algorithm(SigningAlgorithm::EdDsa);
    Auth::builder(AppInfo::new("App", "https://api.example.com", "https://example.com"))
        .core(config)
        .recipe(SessionRecipe::new())
        .recipe(EmailPasswordRecipe::new())
}

async fn sign_up(auth: &Auth, name: &str) {
    let input = SignUpInput::new(format!("{name}@example.com"), "enchantress1");
    let outcome = auth.emailpassword().expect("it is there").sign_up(input).await;
    assert!(matches!(outcome, Ok(SignUpOutcome::Ok { .. })), "{outcome:?}");
}

fn is_sign_up(event: &Event) -> bool {
    event.entry.kind == AuditKind::SignUp.as_str()
}

fn at_once() -> RetrySchedule {
    RetrySchedule::new([Duration::from_millis(10); 20])
}

async fn next<T>(channel: &mut UnboundedReceiver<T>) -> T {
    timeout(PATIENCE, channel.recv()).await.expect("in time").expect("the sender is there")
}

/// Tells of each try, and fails the first ones.
struct Flaky {
    tries: UnboundedSender<(String, i64)>,
    failures: AtomicUsize,
    schedule: RetrySchedule,
}

impl Flaky {
    fn new(failures: usize, schedule: RetrySchedule) -> (Self, UnboundedReceiver<(String, i64)>) {
        let (tries, seen) = unbounded_channel();
        (Self { tries, failures: failures.into(), schedule }, seen)
    }
}

#[auth_core::async_trait]
impl EventSink for Flaky {
    fn wants(&self, event: &Event) -> bool {
        is_sign_up(event)
    }

    fn retry_schedule(&self) -> RetrySchedule {
        self.schedule.clone()
    }

    async fn deliver(&self, event: &Event) -> Result<(), NotDelivered> {
        let _ = self.tries.send((event.id(), event.entry.position));
        let count = |left: usize| left.checked_sub(1);
        match self.failures.fetch_update(Ordering::SeqCst, Ordering::SeqCst, count) {
            Ok(_) => Err(NotDelivered::later("not now")),
            Err(_) => Ok(()),
        }
    }
}

#[tokio::test]
async fn events_come_in_order_and_a_restart_goes_on_where_it_ended() {
    let folder = tempfile::tempdir().expect("a folder");
    let (file, clock) = (folder.path().join("db"), Clock::manual(1_700_000_000_000));
    let (sink, mut seen) = Flaky::new(2, at_once());
    let auth = builder(&file, &clock).event_sink("s", sink).build().await.expect("valid");
    for name in ["a", "b", "c"] {
        sign_up(&auth, name).await;
    }
    let first = next(&mut seen).await;
    // It is tried until it is delivered, by one id, and the others wait.
    assert_eq!((next(&mut seen).await, next(&mut seen).await), (first.clone(), first.clone()));
    let (second, third) = (next(&mut seen).await, next(&mut seen).await);
    assert!(first.1 < second.1 && second.1 < third.1);
    auth.shutdown().await;
    drop(auth);
    // Written while nobody listens.
    let auth = builder(&file, &clock).build().await.expect("valid");
    sign_up(&auth, "d").await;
    auth.shutdown().await;
    drop(auth);
    let (sink, mut seen) = Flaky::new(0, at_once());
    let auth = builder(&file, &clock).event_sink("s", sink).build().await.expect("valid");
    sign_up(&auth, "e").await;
    let (fourth, fifth) = (next(&mut seen).await, next(&mut seen).await);
    assert!(third.1 < fourth.1 && fourth.1 < fifth.1, "{third:?} {fourth:?} {fifth:?}");
    auth.shutdown().await;
    assert!(seen.try_recv().is_err(), "nothing comes twice");
}

#[tokio::test]
async fn an_event_is_given_up_after_its_last_try_and_the_next_one_comes() {
    let folder = tempfile::tempdir().expect("a folder");
    let (file, clock) = (folder.path().join("db"), Clock::manual(1_700_000_000_000));
    let schedule = RetrySchedule::new([Duration::from_millis(1)]);
    let (sink, mut seen) = Flaky::new(2, schedule);
    let auth = builder(&file, &clock).event_sink("s", sink).build().await.expect("valid");
    sign_up(&auth, "a").await;
    sign_up(&auth, "b").await;
    let tries = [next(&mut seen).await, next(&mut seen).await, next(&mut seen).await];
    assert_eq!(tries[0], tries[1]);
    assert!(tries[1].1 < tries[2].1);
    auth.shutdown().await;
}

/// Tells who has delivered, and that nobody else did at the same time.
struct Alone {
    process: usize,
    is_busy: Arc<AtomicBool>,
    seen: UnboundedSender<(usize, i64)>,
    hangs: bool,
}

#[auth_core::async_trait]
impl EventSink for Alone {
    fn wants(&self, event: &Event) -> bool {
        is_sign_up(event)
    }

    async fn deliver(&self, event: &Event) -> Result<(), NotDelivered> {
        assert!(!self.is_busy.swap(true, Ordering::SeqCst), "another one is at it");
        let _ = self.seen.send((self.process, event.entry.position));
        if self.hangs {
            std::future::pending::<()>().await;
        }
        tokio::task::yield_now().await;
        self.is_busy.store(false, Ordering::SeqCst);
        Ok(())
    }
}

#[tokio::test]
async fn one_process_delivers_at_a_time_and_another_takes_over_from_one_that_died() {
    let folder = tempfile::tempdir().expect("a folder");
    let (file, clock) = (folder.path().join("db"), Clock::manual(1_700_000_000_000));
    let (seen, mut all) = unbounded_channel();
    let is_busy = Arc::new(AtomicBool::new(false));
    let process = async |process, hangs| {
        let sink = Alone { process, is_busy: Arc::clone(&is_busy), seen: seen.clone(), hangs };
        builder(&file, &clock).event_sink("s", sink).build().await.expect("valid")
    };
    let (one, two) = (process(1, false).await, process(2, false).await);
    let mut before = 0;
    for name in ["a", "b", "c", "d", "e", "f"] {
        sign_up(if name < "d" { &one } else { &two }, name).await;
    }
    for _ in 0..6 {
        let (_, position) = next(&mut all).await;
        assert!(position > before, "each once, in order");
        before = position;
    }
    one.shutdown().await;
    two.shutdown().await;
    drop((one, two));

    let three = process(3, true).await;
    sign_up(&three, "g").await;
    let (_, taken) = next(&mut all).await;
    let four = process(4, false).await;
    // The third one ends without a word, while it delivers.
    drop(three);
    is_busy.store(false, Ordering::SeqCst);
    assert!(all.try_recv().is_err(), "its lease keeps the fourth one off");
    clock.advance(Duration::from_secs(251));
    assert_eq!(next(&mut all).await, (4, taken));
    four.shutdown().await;
}

/// What a receiver does with a request.
#[derive(Clone, Copy)]
enum Does {
    Answer(u16),
    Hang,
    HangUp,
}

type Received = (HeaderMap, Vec<u8>);

/// A receiver of webhooks on a loopback address, which does the given things and then answers 200.
fn receive(
    listener: TcpListener,
    script: Vec<Does>,
) -> (JoinHandle<()>, UnboundedReceiver<Received>) {
    let (sender, receiver) = unbounded_channel();
    let task = tokio::spawn(async move {
        let mut script = script.into_iter();
        let mut open = Vec::new();
        loop {
            let Ok((mut stream, _)) = listener.accept().await else { return };
            let Some(request) = read(&mut stream).await else { continue };
            let does = script.next().unwrap_or(Does::Answer(200));
            let _ = sender.send(request);
            match does {
                Does::Answer(status) => {
                    let answer = format!(
                        "HTTP/1.1 {status} X\r\nlocation: https://example.com/\r\n\
                         content-length: 0\r\nconnection: close\r\n\r\n"
                    );
                    let _ = stream.write_all(answer.as_bytes()).await;
                }
                Does::Hang => open.push(stream),
                Does::HangUp => {}
            }
        }
    });
    (task, receiver)
}

async fn read(stream: &mut TcpStream) -> Option<Received> {
    let mut bytes = Vec::new();
    loop {
        let head = bytes.windows(4).position(|it| it == b"\r\n\r\n");
        if let Some(end) = head {
            let text = String::from_utf8(bytes[..end].to_vec()).ok()?;
            let headers: HeaderMap = text
                .lines()
                .skip(1)
                .filter_map(|line| line.split_once(": "))
                .map(|(name, value)| {
                    let name = HeaderName::try_from(name).expect("a name");
                    (name, HeaderValue::try_from(value).expect("a value"))
                })
                .collect();
            let length = headers["content-length"].to_str().ok()?.parse::<usize>().ok()?;
            if bytes.len() >= end + 4 + length {
                return Some((headers, bytes[end + 4..end + 4 + length].to_vec()));
            }
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    }
}

fn webhook(address: SocketAddr) -> Webhook {
    Webhook::builder(format!("http://{address}/hook?token=geheim"))
        .secret("whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBka")
        .secret(SECRET)
        .kinds([AuditKind::SignUp])
        .timeout(Duration::from_millis(500))
        .retry_schedule(at_once())
        .allow_private_network_hosts([address.to_string()])
        .build()
        .expect("valid")
}

/// The id and position of a message whose signature is right.
fn checked((headers, body): &Received) -> (String, i64) {
    let verifier = WebhookVerifier::new([SECRET]).expect("a secret");
    let id = verifier.verify(headers, body, SystemTime::now()).expect("it is signed").to_owned();
    let message: Value = serde_json::from_slice(body).expect("JSON");
    assert_eq!(message["type"], "sign_up");
    assert_eq!(message["timestamp"], "2023-11-14T22:13:20Z");
    assert_eq!(message["data"]["tenantId"], "public");
    assert_eq!(message["data"]["outcome"], "succeeded");
    assert!(message["data"]["userId"].is_string(), "{message}");
    let signatures = headers["webhook-signature"].to_str().expect("text");
    assert_eq!(signatures.split(' ').count(), 2, "one by each secret");
    (id, message["data"]["position"].as_i64().expect("a number"))
}

async fn listen(address: SocketAddr) -> TcpListener {
    TcpListener::bind(address).await.expect("a free port")
}

fn any_port() -> SocketAddr {
    (Ipv4Addr::LOCALHOST, 0).into()
}

#[tokio::test]
async fn webhooks_are_lost_neither_with_their_receiver_nor_with_their_sender() {
    let (log, _guard) = log::Log::of_this_thread(Level::DEBUG);
    let folder = tempfile::tempdir().expect("a folder");
    let (file, clock) = (folder.path().join("db"), Clock::manual(1_700_000_000_000));
    let listener = listen(any_port()).await;
    let address = listener.local_addr().expect("an address");
    let failures =
        vec![Does::Answer(500), Does::Hang, Does::HangUp, Does::Answer(302), Does::Answer(404)];
    let tries = failures.len() + 1;
    let (receiver, mut received) = receive(listener, failures);
    let auth = builder(&file, &clock).event_sink("w", webhook(address)).build().await;
    let auth = auth.expect("valid");
    sign_up(&auth, "a").await;
    sign_up(&auth, "b").await;
    let first = checked(&next(&mut received).await);
    for _ in 1..tries {
        assert_eq!(checked(&next(&mut received).await), first, "it is tried again by the same id");
    }
    let second = checked(&next(&mut received).await);
    assert!(first.1 < second.1 && first.0 != second.0);

    // The receiver goes away, and so does the sender.
    receiver.abort();
    let _ = receiver.await;
    sign_up(&auth, "c").await;
    auth.shutdown().await;
    drop(auth);
    let auth = builder(&file, &clock).event_sink("w", webhook(address)).build().await;
    let auth = auth.expect("valid");
    sign_up(&auth, "d").await;
    let (_receiver, mut received) = receive(listen(address).await, Vec::new());
    let (third, fourth) =
        (checked(&next(&mut received).await), checked(&next(&mut received).await));
    assert!(second.1 < third.1 && third.1 < fourth.1, "{second:?} {third:?} {fourth:?}");
    auth.shutdown().await;

    let text = log.text();
    assert!(text.contains("an event is tried again later"), "{text}");
    for secret in [&SECRET[6..], "AAECAwQF", "geheim", "a@example.com", "enchantress"] {
        assert!(!text.contains(secret), "{secret}: {text}");
    }
}

#[tokio::test]
async fn an_endpoint_that_is_gone_is_asked_no_more_and_loses_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let (file, clock) = (folder.path().join("db"), Clock::manual(1_700_000_000_000));
    let listener = listen(any_port()).await;
    let address = listener.local_addr().expect("an address");
    let (_receiver, mut received) = receive(listener, vec![Does::Answer(410)]);
    let auth = builder(&file, &clock).event_sink("w", webhook(address)).build().await;
    let auth = auth.expect("valid");
    sign_up(&auth, "a").await;
    let first = checked(&next(&mut received).await);
    sign_up(&auth, "b").await;
    auth.shutdown().await;
    drop(auth);
    assert!(received.try_recv().is_err(), "it is asked no more");
    let auth = builder(&file, &clock).event_sink("w", webhook(address)).build().await;
    let auth = auth.expect("valid");
    assert_eq!(checked(&next(&mut received).await), first);
    assert!(checked(&next(&mut received).await).1 > first.1);
    auth.shutdown().await;
}

#[tokio::test]
async fn mistakes_are_found_at_start_up_and_show_no_secret() {
    let url = |url: &str| Webhook::builder(url).secret(SECRET);
    for (webhook, field) in [
        (url("http://hooks.example.com/"), "webhook.url"),
        (url("https://127.0.0.1/geheim"), "webhook.url"),
        (url("https://[::1]/geheim"), "webhook.url"),
        (url("geheim"), "webhook.url"),
        (Webhook::builder("https://hooks.example.com/"), "webhook.secret"),
        (url("https://hooks.example.com/").secret("geheim"), "webhook.secret"),
        (
            url("https://hooks.example.com/").allow_private_network_hosts(["a/b"]),
            "webhook.allow_private_network_hosts",
        ),
        (url("https://hooks.example.com/").timeout(Duration::ZERO), "webhook.timeout"),
    ] {
        let error = webhook.build().expect_err("it is wrong");
        assert_eq!(error.field(), field);
        assert!(!error.to_string().contains("geheim"), "{error}");
    }
    let folder = tempfile::tempdir().expect("a folder");
    let (file, clock) = (folder.path().join("db"), Clock::manual(1_700_000_000_000));
    let sink = || Flaky::new(0, at_once()).0;
    let long = "s".repeat(129);
    for names in [["", "a"], ["a", "a"], ["a", &long]] {
        let builder = builder(&file, &clock);
        let with_sinks = names.iter().fold(builder, |it, name| it.event_sink(*name, sink()));
        match with_sinks.build().await {
            Err(BuildError::Config(error)) => assert_eq!(error.field(), "event_sink"),
            other => panic!("{other:?}"),
        }
    }
}
