//! The rules of the wire: what the reference does, section by section.
//!
//! Comments and tests cite these pages, as in `FDI §2.4`.

// The pages are prose and tables, whose brackets are the wire's.
#![allow(rustdoc::broken_intra_doc_links, rustdoc::invalid_html_tags, rustdoc::bare_urls)]
#![allow(clippy::doc_markdown, clippy::doc_lazy_continuation)]

#[doc = include_str!("../docs/fdi.md")]
pub mod fdi {}

#[doc = include_str!("../docs/cdi.md")]
pub mod cdi {}
