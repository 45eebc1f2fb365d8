//! A core that does as it is told.

use std::{collections::HashMap, sync::Arc};

use futures_util::future::{BoxFuture, FutureExt};
use parking_lot::Mutex;
use serde_json::Value;
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream, tcp::ReadHalf},
    task::{JoinHandle, JoinSet},
};

/// A request as it arrived.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) method: String,
    pub(crate) target: String,
    pub(crate) headers: HashMap<String, String>,
    pub(crate) body: Vec<u8>,
}

/// What the core does with a request.
pub(crate) enum Act {
    /// Answers.
    Answer(u16, String),
    /// Sends bytes and closes the connection; none at all where there are none.
    Bytes(&'static str),
    /// Sends bytes, none perhaps, and then nothing more, on a connection that stays open.
    Stalls(&'static str),
}

impl Act {
    pub(crate) fn json(body: &Value) -> Self {
        Self::Answer(200, body.to_string())
    }
}

type Answer = dyn Fn(Seen) -> BoxFuture<'static, Act> + Send + Sync;

/// A core at a loopback address. It is gone, with every connection to it, when this is dropped.
pub(crate) struct Script {
    pub(crate) url: String,
    seen: Arc<Mutex<Vec<Seen>>>,
    task: JoinHandle<()>,
}

impl Script {
    /// A core that speaks CDI 5.4 and does this with everything but the question for its versions.
    pub(crate) async fn start<F>(act: impl Fn(Seen) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Act> + Send + 'static,
    {
        Self::of_versions(serde_json::json!({ "versions": ["5.4"] }), act).await
    }

    /// As [`Self::start`], with this answer to the question for its versions.
    pub(crate) async fn of_versions<F>(
        versions: Value,
        act: impl Fn(Seen) -> F + Send + Sync + 'static,
    ) -> Self
    where
        F: Future<Output = Act> + Send + 'static,
    {
        Self::bare(move |seen| match seen.target.ends_with("/apiversion") {
            true => std::future::ready(Act::json(&versions)).boxed(),
            false => act(seen).boxed(),
        })
        .await
    }

    /// A core that does this with everything.
    pub(crate) async fn bare(
        act: impl Fn(Seen) -> BoxFuture<'static, Act> + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let seen = Arc::new(Mutex::new(Vec::new()));
        let (act, log): (Arc<Answer>, _) = (Arc::new(act), Arc::clone(&seen));
        let task = tokio::spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((socket, _)) = listener.accept().await {
                connections.spawn(serve(socket, Arc::clone(&act), Arc::clone(&log)));
            }
        });
        Self { url, seen, task }
    }

    /// Every request but those for the versions, in order.
    pub(crate) fn seen(&self) -> Vec<Seen> {
        let seen = self.seen.lock();
        seen.iter().filter(|seen| !seen.target.ends_with("/apiversion")).cloned().collect()
    }

    /// How often it was asked for its versions.
    pub(crate) fn version_questions(&self) -> usize {
        self.seen.lock().iter().filter(|seen| seen.target.ends_with("/apiversion")).count()
    }

    /// Ends it, as a machine that fails: every connection is closed.
    pub(crate) async fn die(mut self) {
        self.task.abort();
        assert!((&mut self.task).await.unwrap_err().is_cancelled());
    }
}

impl Drop for Script {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// An address where nobody listens.
pub(crate) async fn nobody() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}

async fn serve(mut socket: TcpStream, act: Arc<Answer>, log: Arc<Mutex<Vec<Seen>>>) {
    let (reader, mut writer) = socket.split();
    let mut reader = BufReader::new(reader);
    while let Some(seen) = read(&mut reader).await {
        log.lock().push(seen.clone());
        let bytes = match act(seen).await {
            Act::Answer(status, body) => format!(
                "HTTP/1.1 {status} Status\r\ncontent-type: application/json\r\n\
                 content-length: {}\r\n\r\n{body}",
                body.len()
            ),
            Act::Bytes(bytes) => {
                writer.write_all(bytes.as_bytes()).await.unwrap();
                return;
            }
            Act::Stalls(bytes) => {
                writer.write_all(bytes.as_bytes()).await.unwrap();
                return std::future::pending().await;
            }
        };
        if writer.write_all(bytes.as_bytes()).await.is_err() {
            return;
        }
    }
}

/// The next request; `None` where the connection is closed.
async fn read(reader: &mut BufReader<ReadHalf<'_>>) -> Option<Seen> {
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).await.ok()? == 0 {
            return None;
        }
        match line.trim_end() {
            "" => break,
            line => lines.push(line.to_owned()),
        }
    }
    let mut words = lines.first()?.split(' ').map(str::to_owned);
    let (method, target) = (words.next()?, words.next()?);
    let headers: HashMap<String, String> = lines[1..]
        .iter()
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    let length = headers.get("content-length").map_or(0, |length| length.parse().unwrap());
    let mut body = vec![0; length];
    reader.read_exact(&mut body).await.ok()?;
    Some(Seen { method, target, headers, body })
}
