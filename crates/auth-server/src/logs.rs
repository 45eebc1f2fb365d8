//! Where logs are written.

use std::{
    fs::{File, OpenOptions},
    io,
    sync::Arc,
};

use auth_server::{LogSettings, LogTarget};
use tracing::Level;
use tracing_subscriber::{
    Layer,
    fmt::{
        self,
        writer::{BoxMakeWriter, MakeWriterExt},
    },
    layer::SubscriberExt,
    util::SubscriberInitExt,
};

/// Starts logging.
pub(crate) fn start(settings: &LogSettings) -> Result<(), Box<dyn std::error::Error>> {
    let notes = writer(&settings.info, "info_log_path")?.with_min_level(Level::INFO);
    let problems = writer(&settings.error, "error_log_path")?.with_max_level(Level::WARN);
    let writer = problems.or_else(notes);
    let layer = fmt::layer().with_ansi(false).with_target(false);
    let layer = match settings.structured {
        true => layer.json().flatten_event(true).with_writer(writer).boxed(),
        false => layer.with_writer(writer).boxed(),
    };
    tracing_subscriber::registry().with(layer.with_filter(settings.level)).try_init()?;
    Ok(())
}

fn writer(target: &LogTarget, setting: &str) -> Result<BoxMakeWriter, String> {
    match target {
        LogTarget::Terminal if setting == "error_log_path" => Ok(BoxMakeWriter::new(io::stderr)),
        LogTarget::Terminal => Ok(BoxMakeWriter::new(io::stdout)),
        LogTarget::File(path) => {
            let file: File =
                OpenOptions::new().create(true).append(true).open(path).map_err(|error| {
                    format!(
                        "`{setting}`: {} can't be written ({error}); expected a file in a folder \
                         that is there, or `null` for the terminal",
                        path.display()
                    )
                })?;
            Ok(BoxMakeWriter::new(Arc::new(file)))
        }
    }
}
