//! The end, under load (CDI §9.7).

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    thread,
};

use serde_json::json;
use tempfile::TempDir;

use crate::program::{Program, command};

const CLIENTS: usize = 16;

/// A request that the server has begun to read, and the rest of its body.
struct UnderWay {
    socket: TcpStream,
    rest: String,
}

impl UnderWay {
    fn begin(program: &Program, email: &str) -> Self {
        let body = json!({ "email": email, "password": "correct1horse" }).to_string();
        let mut socket = program.connect();
        let length = body.len();
        write!(
            socket,
            "POST /recipe/signup HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\nexpect: 100-continue\r\n\
             content-length: {length}\r\n\r\n"
        )
        .unwrap();
        // This comes when the server wants the body.
        let expected = b"HTTP/1.1 100 Continue\r\n\r\n";
        let mut answer = vec![0; expected.len()];
        socket.read_exact(&mut answer).unwrap();
        assert_eq!(answer, expected);
        Self { socket, rest: body }
    }

    fn finish(mut self) -> String {
        self.socket.write_all(self.rest.as_bytes()).unwrap();
        let mut answer = String::new();
        self.socket.read_to_string(&mut answer).unwrap();
        answer
    }
}

#[test]
fn what_is_under_way_is_answered_and_kept_and_nothing_new_is_taken() {
    let folder = TempDir::new().unwrap();
    let program = Program::start(&mut command(&folder));
    let mut idle = BufReader::new(program.connect());
    idle.get_mut()
        .write_all(
            b"GET /hello HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n\r\n",
        )
        .unwrap();
    let mut line = String::new();
    while line != "Hello\n" {
        line.clear();
        idle.read_line(&mut line).unwrap();
    }
    let under_way: Vec<_> = (0..CLIENTS)
        .map(|index| UnderWay::begin(&program, &format!("user-{index}@example.com")))
        .collect();
    program.tell_to_end();
    while TcpStream::connect(&program.address).is_ok() {
        thread::yield_now();
    }
    assert_eq!(idle.read(&mut [0]).unwrap(), 0, "an idle connection is closed");
    for request in under_way {
        let answer = request.finish();
        assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
        assert!(answer.contains("connection: close"), "{answer}");
        assert!(answer.contains(r#"{"status":"OK""#), "{answer}");
    }
    let written = program.wait();
    assert!(written.output.ends_with("ended\n"), "{}", written.output);
    assert!(!written.error.contains("cut off"), "{}", written.error);
    let again = Program::start(&mut command(&folder));
    let count = again.ask("GET /users/count HTTP/1.1");
    assert!(count.ends_with(&format!(r#"{{"status":"OK","count":{CLIENTS}}}"#)), "{count}");
}

#[test]
fn a_request_that_never_ends_does_not_keep_it_for_longer_than_five_seconds() {
    let folder = TempDir::new().unwrap();
    let program = Program::start(&mut command(&folder));
    let stuck = UnderWay::begin(&program, "stuck@example.com");
    program.tell_to_end();
    let written = program.wait();
    assert!(written.error.contains("requests that took longer than 5s were cut off"));
    drop(stuck);
}

#[test]
fn an_interrupt_ends_it_as_well() {
    let folder = TempDir::new().unwrap();
    let program = Program::start(&mut command(&folder));
    program.interrupt();
    program.wait();
}
