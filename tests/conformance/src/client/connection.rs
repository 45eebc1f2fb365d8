//! One connection, of which every byte is in the case's hand.

use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::{Reply, Req};
use crate::adapter::Stream;

/// A connection to the server.
pub struct Connection {
    stream: Box<dyn Stream>,
    buffer: Vec<u8>,
}

/// How long a body is (RFC 9112 section 6.3).
#[derive(Clone, Copy)]
enum Length {
    Bytes(usize),
    Chunked,
    UntilClosed,
}

impl Connection {
    pub(crate) fn over(stream: Box<dyn Stream>) -> Self {
        Self { stream, buffer: Vec::new() }
    }

    /// Writes bytes. That the server has hung up in the meantime is seen when the reply is read:
    /// it may refuse a large body before all of it is sent.
    pub async fn write(&mut self, bytes: &[u8]) {
        let _ = self.stream.write_all(bytes).await;
    }

    /// Ends what the client has to say; the server's last words can still be read.
    pub async fn hang_up(&mut self) {
        let _ = self.stream.shutdown().await;
    }

    /// Sends a request on the open connection, and reads the whole response.
    pub async fn send(&mut self, request: &Req) -> Reply {
        self.write(&request.to_bytes()).await;
        self.reply(&request.method).await.unwrap_or_else(|| {
            panic!("{} {}: no response in {:?}", request.method, request.target, self.buffer)
        })
    }

    /// Reads the whole response to a request of this method; `None` where the server hangs up
    /// first.
    pub async fn reply(&mut self, method: &str) -> Option<Reply> {
        let (mut reply, length) = self.head(method).await?;
        match length {
            Length::Bytes(bytes) => {
                while self.buffer.len() < bytes {
                    self.read().await?;
                }
                reply.body = self.buffer.drain(..bytes).collect();
            }
            Length::Chunked => {
                while let Some(piece) = self.chunk().await? {
                    reply.body.extend_from_slice(&piece);
                }
            }
            Length::UntilClosed => {
                while self.read().await.is_some() {}
                reply.body = std::mem::take(&mut self.buffer);
            }
        }
        Some(reply)
    }

    /// Reads the head of a response that comes in chunks.
    pub async fn head_of_chunked(&mut self) -> Reply {
        let (reply, length) = self.head("GET").await.expect("a response");
        assert!(matches!(length, Length::Chunked), "it isn't chunked: {reply:?}");
        reply
    }

    /// Reads a chunk; `Some(None)` is the last one, `None` an early end.
    pub async fn chunk(&mut self) -> Option<Option<Vec<u8>>> {
        let line = self.until(b"\r\n").await?;
        let size = line.split(|byte| *byte == b';').next()?;
        let size = usize::from_str_radix(std::str::from_utf8(size).ok()?.trim(), 16).ok()?;
        while self.buffer.len() < size + 2 {
            self.read().await?;
        }
        let piece: Vec<u8> = self.buffer.drain(..size).collect();
        assert_eq!(self.buffer.drain(..2).collect::<Vec<_>>(), b"\r\n", "a chunk ends");
        Some((size > 0).then_some(piece))
    }

    async fn head(&mut self, method: &str) -> Option<(Reply, Length)> {
        loop {
            let head = self.until(b"\r\n\r\n").await?;
            let reply = parse_head(&head)?;
            // Interim responses (RFC 9110 section 15.2) aren't the answer.
            if !(100..200).contains(&reply.status) {
                let length = length_of(method, &reply);
                return Some((reply, length));
            }
        }
    }

    /// Everything before a delimiter, which is taken off too.
    async fn until(&mut self, delimiter: &[u8]) -> Option<Vec<u8>> {
        loop {
            let found = self.buffer.windows(delimiter.len()).position(|it| it == delimiter);
            if let Some(end) = found {
                let before = self.buffer.drain(..end).collect();
                self.buffer.drain(..delimiter.len());
                return Some(before);
            }
            self.read().await?;
        }
    }

    async fn read(&mut self) -> Option<()> {
        let mut chunk = [0_u8; 16 * 1024];
        match self.stream.read(&mut chunk).await {
            Ok(0) | Err(_) => None,
            Ok(read) => {
                self.buffer.extend_from_slice(&chunk[..read]);
                Some(())
            }
        }
    }
}

fn parse_head(head: &[u8]) -> Option<Reply> {
    let head = std::str::from_utf8(head).ok()?;
    let mut lines = head.split("\r\n");
    let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
    let mut headers = Vec::new();
    for line in lines {
        let (name, value) = line.split_once(':')?;
        headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    Some(Reply { status, headers, body: Vec::new() })
}

fn length_of(method: &str, reply: &Reply) -> Length {
    if method == "HEAD" || reply.status == 204 || reply.status == 304 {
        return Length::Bytes(0);
    }
    let encoding = reply.header("transfer-encoding");
    if encoding.is_some_and(|encoding| encoding.eq_ignore_ascii_case("chunked")) {
        return Length::Chunked;
    }
    match reply.header("content-length") {
        Some(length) => Length::Bytes(length.parse().expect("a length")),
        None => Length::UntilClosed,
    }
}
