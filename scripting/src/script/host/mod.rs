//! What scripts may call, one file a topic.

mod draw;
mod encode;
mod log;
mod regex;
mod respond;
mod sleep;
mod state;
mod strings;
mod time;
mod values;

use std::rc::Rc;
use std::sync::Arc;

use rhai::{Engine, Module, exported_module};

pub use log::Log;
use log::Sink;

use super::objects::{
    ContextObject, Fields, RequestObject, ResponseObject, context_functions, field_functions,
    request_functions, response_functions,
};
use crate::Library;

/// Gives an interpreter everything that the host has.
pub(crate) fn register(engine: &mut Engine) {
    engine.register_type_with_name::<RequestObject>("Request");
    engine.register_type_with_name::<ResponseObject>("Response");
    engine.register_type_with_name::<ContextObject>("Context");
    engine.register_type_with_name::<Fields>("Headers");
    // What is registered last is found first: these come before what packages have of the same name.
    engine.register_global_module(exported_module!(strings::bounded_strings).into());
    for section in sections() {
        match section.topic {
            Some(topic) => engine.register_static_module(topic, section.module.into()),
            None => engine.register_global_module(section.module.into()),
        };
    }
}

/// Functions that belong together.
pub(super) struct Section {
    /// In the reference
    pub(super) title: &'static str,
    /// What they are called with in front, as `state` in `state::get`
    pub(super) topic: Option<&'static str>,
    /// What they are called on, as `req`
    pub(super) receiver: Option<&'static str>,
    /// What the reference says of them, where the module does not
    pub(super) docs: Option<&'static str>,
    pub(super) module: Module,
}

impl Section {
    fn object(receiver: &'static str, title: &'static str, module: Module) -> Section {
        Section { title, topic: None, receiver: Some(receiver), docs: None, module }
    }

    fn global(title: &'static str, module: Module) -> Section {
        Section { title, topic: None, receiver: None, docs: None, module }
    }

    fn topic(topic: &'static str, title: &'static str, module: Module) -> Section {
        Section { title, topic: Some(topic), receiver: None, docs: None, module }
    }

    fn told(mut self, docs: &'static str) -> Section {
        self.docs = Some(docs);
        self
    }
}

/// All that scripts may call, in the order of the reference.
pub(super) fn sections() -> Vec<Section> {
    vec![
        Section::object("req", "The request", exported_module!(request_functions)),
        Section::object("res", "A response", exported_module!(response_functions)),
        Section::object("headers", "Headers", exported_module!(field_functions)),
        Section::object("ctx", "The context", exported_module!(context_functions)),
        Section::global("Responses", exported_module!(respond::builders)),
        Section::global("Delays", exported_module!(sleep::waiting)),
        Section::global("Short names", exported_module!(draw::short_functions)),
        Section::topic("state", "State", exported_module!(state::of_scope)),
        Section::topic("state::global", "State of all", exported_module!(state::of_all)),
        Section::topic("fake", "Fakers", draw::fakers()).told(draw::FAKE_DOCS),
        Section::topic("random", "Random values", exported_module!(draw::random_functions)),
        Section::topic("uuid", "UUIDs", exported_module!(draw::uuid_functions)),
        Section::topic("time", "Time", exported_module!(time::time_functions)),
        Section::topic("json", "JSON", exported_module!(values::json_functions)),
        Section::topic("text", "Texts", values::texts()).told(values::TEXT_DOCS),
        Section::topic("numbers", "Numbers", exported_module!(values::number_functions)),
        Section::topic("regex", "Regular expressions", exported_module!(regex::regex_functions)),
        Section::topic("hash", "Hashes", encode::digests()).told(encode::HASH_DOCS),
        Section::topic("base64", "Base 64", exported_module!(encode::base64_functions)),
        Section::topic("jwt", "Tokens", exported_module!(encode::jwt_functions)),
        Section::topic("log", "Log", exported_module!(log::lines)),
    ]
}

/// Has what scripts log and print go to a sink.
pub(crate) fn set_log(engine: &mut Engine, library: Arc<Library>, sink: Rc<dyn Fn(Log<'_>)>) {
    let sink = Sink { library, sink };
    let printed = sink.clone();
    engine.on_print(move |text| printed.write("info", None, rhai::Position::NONE, text));
    let debugged = sink.clone();
    engine.on_debug(move |text, source, position| debugged.write("trace", source, position, text));
    engine.set_default_tag(rhai::Dynamic::from(sink).into_shared());
}
