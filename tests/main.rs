//! The real `mocker`, started as its users start it, asked over real sockets.

#![allow(clippy::unwrap_used, missing_docs, unreachable_pub)]

mod admin_document;
mod answers;
mod behaviours;
mod callbacks;
mod chaos;
mod client;
mod command;
mod completion;
mod config;
mod control;
mod daemon;
mod docs;
mod explain;
mod features;
mod foreign_page;
mod help;
mod http_edge;
mod languages;
mod limits;
mod load_test;
mod logging;
mod metrics;
mod nearest;
mod plugins;
mod prove;
mod readme;
mod reload;
mod resources;
mod script;
mod secrets;
mod server;
mod talk;
mod tidy;
mod tls;
mod version;
mod walk;
mod watching;
