//! What scripts may call, one file a topic.

mod log;
mod respond;
mod sleep;
mod strings;

use std::rc::Rc;
use std::sync::Arc;

use rhai::{Engine, exported_module};

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
    for module in [
        exported_module!(strings::bounded_strings),
        exported_module!(request_functions),
        exported_module!(response_functions),
        exported_module!(context_functions),
        exported_module!(field_functions),
        exported_module!(respond::builders),
        exported_module!(sleep::waiting),
    ] {
        engine.register_global_module(module.into());
    }
    engine.register_static_module("log", exported_module!(log::lines).into());
}

/// Has what scripts log and print go to a sink.
pub(crate) fn set_log(engine: &mut Engine, library: Arc<Library>, sink: Rc<dyn Fn(Log<'_>)>) {
    let sink = Sink { library, sink };
    let printed = sink.clone();
    engine.on_print(move |text| printed.write("info", None, rhai::Position::NONE, text));
    let debugged = sink.clone();
    engine.on_debug(move |text, source, position| debugged.write("debug", source, position, text));
    engine.set_default_tag(rhai::Dynamic::from(sink).into_shared());
}
