//! A load test: where it goes, on which cores, what is seen of it while it lasts, what is left of it.

mod cores;
mod digests;
mod files;
mod floor;
mod live;
mod machine;
mod mix;
mod own_server;
mod target;

pub(crate) use cores::Cores;
pub(crate) use digests::Digests;
pub(crate) use files::write_all;
pub(crate) use floor::{Floor, measure};
pub(crate) use live::{beside, watch};
pub(crate) use machine::{Deprivation, host};
pub(crate) use mix::mixed;
pub(crate) use own_server::OwnServer;
pub(crate) use target::Target;
