//! Scripts, run as a server runs them.

#![allow(clippy::unwrap_used, missing_docs, unreachable_pub)]

mod hooks;
mod hostile;
mod lent;
mod libraries;
mod reference;
mod stage;
mod walkthrough;
