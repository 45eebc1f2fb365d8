//! A minimal HTTP/1.1 client that keeps its connection.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpStream},
    thread,
    time::{Duration, Instant},
};

use crate::{Outcome, process::own_processor_secs};

pub(crate) struct Connection {
    stream: BufReader<TcpStream>,
}

/// What a measurement needs of a response.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) refresh_token: Option<String>,
    /// What says later that the account has proved itself on this device.
    pub(crate) known_device: Option<String>,
    pub(crate) body: Vec<u8>,
}

impl Connection {
    pub(crate) fn open(address: SocketAddr) -> Outcome<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        Ok(Self { stream: BufReader::new(stream) })
    }

    /// Sends a request and reads the whole answer.
    pub(crate) fn send(&mut self, request: &str) -> Outcome<Answer> {
        self.stream.get_mut().write_all(request.as_bytes())?;
        let mut line = String::new();
        self.stream.read_line(&mut line)?;
        let status = line.split(' ').nth(1).ok_or("no status line")?.parse()?;
        let (mut length, mut refresh_token, mut known_device) = (0, None, None);
        loop {
            line.clear();
            self.stream.read_line(&mut line)?;
            let Some((name, value)) = line.trim_end().split_once(": ") else { break };
            match name {
                "content-length" => length = value.parse()?,
                "st-refresh-token" => refresh_token = Some(value.to_owned()),
                "st-known-device" => known_device = Some(value.to_owned()),
                _ => {}
            }
        }
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body)?;
        Ok(Answer { status, refresh_token, known_device, body })
    }
}

/// A request without a body, with a bearer token where there is one.
pub(crate) fn get(path: &str, token: Option<&str>) -> String {
    request("GET", path, token, "")
}

pub(crate) fn request(method: &str, path: &str, token: Option<&str>, body: &str) -> String {
    let token = token.map(|token| format!("authorization: Bearer {token}\r\n")).unwrap_or_default();
    format!(
        "{method} {path} HTTP/1.1\r\nhost: localhost\r\nuser-agent: bench\r\naccept: */*\r\n\
         st-auth-mode: header\r\n{token}content-length: {}\r\n\r\n{body}",
        body.len()
    )
}

/// The same request from a device that is known.
pub(crate) fn from_known_device(request: &str, device: &str) -> String {
    request.replacen("accept: */*", &format!("accept: */*\r\nst-known-device: {device}"), 1)
}

/// What a load came to.
pub(crate) struct Load {
    pub(crate) requests: f64,
    pub(crate) seconds: f64,
    /// The processor time that the client itself took, in seconds.
    pub(crate) client_secs: f64,
}

impl Load {
    /// Requests in a second.
    pub(crate) fn rate(&self) -> f64 {
        self.requests / self.seconds
    }
}

/// Runs one worker for each connection until the time is over.
pub(crate) fn load<W>(address: SocketAddr, seconds: f64, workers: Vec<W>) -> Outcome<Load>
where
    W: FnMut(&mut Connection) -> Outcome<()> + Send,
{
    let start = Instant::now();
    let end = start + Duration::from_secs_f64(seconds);
    let shares = thread::scope(|scope| {
        let threads: Vec<_> = workers
            .into_iter()
            .map(|mut work| {
                scope.spawn(move || -> Result<(f64, f64), String> {
                    let text = |error: Box<dyn std::error::Error>| error.to_string();
                    let mut connection = Connection::open(address).map_err(text)?;
                    let mut count = 0.0;
                    while Instant::now() < end {
                        work(&mut connection).map_err(text)?;
                        count += 1.0;
                    }
                    Ok((count, own_processor_secs().map_err(text)?))
                })
            })
            .collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap_or_else(|_| Err("a worker panicked".into())))
            .collect::<Result<Vec<_>, _>>()
    })?;
    Ok(Load {
        requests: shares.iter().map(|(count, _)| count).sum(),
        client_secs: shares.iter().map(|(_, secs)| secs).sum(),
        seconds: start.elapsed().as_secs_f64(),
    })
}
