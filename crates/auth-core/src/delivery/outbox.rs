//! A file in place of a mail server and of a telephone network.

use std::{
    fmt,
    path::{Path, PathBuf},
    sync::Arc,
};

use async_trait::async_trait;
use auth_protocol::Secret;
use serde::Serialize;
use tokio::{fs::OpenOptions, io::AsyncWriteExt, sync::Mutex};

use super::{Email, EmailDelivery, Sms, SmsDelivery};
use crate::{Context, Error, Result};

/// Appends each message to a file as one line of JSON:
/// `{"type": …, "to": …, "link": …, "userInputCode": …}`, absent fields left out.
///
/// For tests and development: whoever reads the file can act as its users. On Unix it is made
/// readable by its owner only. Clones write to the same file.
///
/// ```
/// # async fn example() -> auth_core::Result<()> {
/// use auth_core::delivery::{Outbox, OutboxMessage};
///
/// let outbox = Outbox::new("outbox.jsonl");
/// outbox
///     .write(OutboxMessage::new("PASSWORDLESS_LOGIN", "+491701234567").user_input_code("123456"))
///     .await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Outbox {
    path: PathBuf,
    /// One line at a time.
    lock: Arc<Mutex<()>>,
}

/// A line of an [`Outbox`].
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OutboxMessage {
    #[serde(rename = "type")]
    type_name: String,
    to: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    link: Option<Secret>,
    #[serde(skip_serializing_if = "Option::is_none")]
    user_input_code: Option<Secret>,
}

impl OutboxMessage {
    /// A message by the type's name in the reference SDKs, such as `PASSWORDLESS_LOGIN`, and the
    /// address or phone number.
    pub fn new(type_name: impl Into<String>, to: impl Into<String>) -> Self {
        Self { type_name: type_name.into(), to: to.into(), link: None, user_input_code: None }
    }

    /// The link in the message.
    #[must_use]
    pub fn link(mut self, link: impl Into<Secret>) -> Self {
        self.link = Some(link.into());
        self
    }

    /// The code that the user types in.
    #[must_use]
    pub fn user_input_code(mut self, code: impl Into<Secret>) -> Self {
        self.user_input_code = Some(code.into());
        self
    }
}

impl fmt::Debug for OutboxMessage {
    /// The type only.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OutboxMessage").field("type", &self.type_name).finish_non_exhaustive()
    }
}

impl Outbox {
    /// Writes to this file, which is made with the first message.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into(), lock: Arc::default() }
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Appends a message; when this returns, the line is in the file.
    ///
    /// # Errors
    /// [`Error::Other`] where the file can't be written.
    pub async fn write(&self, message: OutboxMessage) -> Result<()> {
        let mut line = serde_json::to_vec(&message).map_err(Error::other)?;
        line.push(b'\n');
        let _one_at_a_time = self.lock.lock().await;
        let mut options = OpenOptions::new();
        options.create(true).append(true);
        #[cfg(unix)]
        options.mode(0o600);
        let mut file = options.open(&self.path).await.map_err(Error::other)?;
        // One write of the whole line: other processes that append see it whole or not at all.
        file.write_all(&line).await.map_err(Error::other)?;
        file.flush().await.map_err(Error::other)
    }
}

#[async_trait]
impl EmailDelivery for Outbox {
    async fn send_email(&self, _cx: &Context, email: Email) -> Result<()> {
        self.write(OutboxMessage {
            link: email.link().cloned(),
            user_input_code: email.user_input_code().cloned(),
            ..OutboxMessage::new(email.type_name(), email.to())
        })
        .await
    }
}

#[async_trait]
impl SmsDelivery for Outbox {
    async fn send_sms(&self, _cx: &Context, sms: Sms) -> Result<()> {
        self.write(OutboxMessage {
            link: sms.link().cloned(),
            user_input_code: sms.user_input_code().cloned(),
            ..OutboxMessage::new(sms.type_name(), sms.to())
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn lines(outbox: &Outbox) -> Vec<Value> {
        std::fs::read_to_string(outbox.path())
            .expect("the file is there")
            .lines()
            .map(|line| serde_json::from_str(line).expect("a line of JSON"))
            .collect()
    }

    #[tokio::test]
    async fn each_message_is_one_line_without_its_absent_fields() {
        let folder = tempfile::tempdir().expect("a folder");
        let outbox = Outbox::new(folder.path().join("outbox"));
        outbox.write(OutboxMessage::new("A", "x").link("http://l")).await.expect("written");
        outbox.write(OutboxMessage::new("B", "y\n").user_input_code("1")).await.expect("written");
        assert_eq!(
            lines(&outbox),
            [
                json!({ "type": "A", "to": "x", "link": "http://l" }),
                json!({ "type": "B", "to": "y\n", "userInputCode": "1" }),
            ]
        );
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn messages_written_at_once_stay_whole() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("outbox");
        let writers: Vec<_> = (0..50)
            .map(|number| {
                let outbox = Outbox::new(&path);
                let message = OutboxMessage::new("T", number.to_string()).link("l".repeat(3000));
                tokio::spawn(async move { outbox.write(message).await })
            })
            .collect();
        for writer in writers {
            writer.await.expect("no panic").expect("written");
        }
        assert_eq!(lines(&Outbox::new(path)).len(), 50);
    }

    #[test]
    fn debug_output_shows_no_secret() {
        let message = OutboxMessage::new("T", "ada@example.com").link("https://l?token=t");
        let text = format!("{message:?}");
        assert!(!text.contains("token") && !text.contains("ada"), "{text}");
    }
}
