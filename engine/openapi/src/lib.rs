//! OpenAPI 3.0, 3.1, 3.2 and Swagger 2.0 documents and Postman collections: files and references brought together,
//! read into one model, every fault collected with its place. No I/O: files come through
//! the caller's [`Fetch`].

pub mod codes;
pub mod expression;
mod files;
mod kind;
pub mod limits;
pub mod load;
mod location;
mod media_type;
mod memory;
pub mod model;
mod postman;
mod reader;
mod reference;
mod scan;
mod server_url;
mod suggest;
mod swagger2;
mod template;
mod version;
mod written;

pub use load::{Fetch, FetchError, Loaded, load, load_within};
pub use location::Location;
pub use memory::MemoryFetch;
pub use model::Document;
pub use template::template_variables;
pub use written::{References, Written};
