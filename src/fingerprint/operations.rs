//! Fingerprints of operations: of what a document says of each, with all that its references lead to.

use std::collections::HashMap;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::mem::discriminant;
use std::sync::Arc;

use mocker_openapi::Document;
use mocker_openapi::model::{
    Callback, Encoding, Example, ExampleValue, Header, MediaType, Operation, Parameter, RequestBody,
    Response, Server,
};
use mocker_schema::SchemaId;

use super::schemas::schemas;

/// A document whose operations are looked at; what they share is looked at once.
pub(super) struct Reader<'d> {
    document: &'d Document,
    schemas: Vec<u64>,
    /// By address: parameters, bodies and responses that several operations have
    shared: HashMap<*const (), u64>,
}

impl<'d> Reader<'d> {
    pub(super) fn new(document: &'d Document) -> Reader<'d> {
        Reader { document, schemas: schemas(&document.schemas), shared: HashMap::new() }
    }

    /// The fingerprint of an operation of the document.
    pub(super) fn operation(&mut self, operation: &Operation) -> u64 {
        let mut hasher = DefaultHasher::new();
        self.described(operation, &mut hasher);
        if operation.servers.is_empty() {
            servers(&self.document.servers, &mut hasher);
        }
        for (name, _) in operation.security.iter().flatten() {
            let scheme = self.document.security_schemes.iter().find(|(known, _)| known == name);
            scheme.map(|(_, scheme)| format!("{scheme:?}")).hash(&mut hasher);
        }
        hasher.finish()
    }

    fn described(&mut self, operation: &Operation, to: &mut DefaultHasher) {
        let Operation { method, path, path_condition, id, summary, tags, deprecated, security, .. } =
            operation;
        (method, path, path_condition, id, summary, tags, deprecated, security).hash(to);
        let Operation { parameters, request_body, responses, servers: own, callbacks, extensions, .. } =
            operation;
        extensions.hash(to);
        servers(own, to);
        parameters.len().hash(to);
        for parameter in parameters {
            self.once(parameter, Self::parameter).hash(to);
        }
        request_body.as_ref().map(|body| self.once(body, Self::body)).hash(to);
        responses.len().hash(to);
        for (key, response) in responses {
            format!("{key:?}").hash(to);
            self.once(response, Self::response).hash(to);
        }
        callbacks.len().hash(to);
        for Callback { name, url, operations } in callbacks {
            (name, format!("{url:?}"), operations.len()).hash(to);
            operations.iter().for_each(|operation| self.described(operation, to));
        }
    }

    fn once<T>(&mut self, shared: &Arc<T>, read: fn(&Self, &T, &mut DefaultHasher)) -> u64 {
        let address = Arc::as_ptr(shared).cast();
        if let Some(known) = self.shared.get(&address) {
            return *known;
        }
        let mut hasher = DefaultHasher::new();
        read(self, shared, &mut hasher);
        let fingerprint = hasher.finish();
        self.shared.insert(address, fingerprint);
        fingerprint
    }

    fn schema(&self, schema: Option<SchemaId>, to: &mut DefaultHasher) {
        schema.map(|schema| self.schemas[schema.index()]).hash(to);
    }

    fn parameter(&self, parameter: &Parameter, to: &mut DefaultHasher) {
        let Parameter { name, place, required, deprecated, style, explode, .. } = parameter;
        (name, place, required, deprecated, discriminant(style), explode).hash(to);
        let Parameter { allow_reserved, allow_empty, schema, content, examples: shown, .. } = parameter;
        (allow_reserved, allow_empty).hash(to);
        self.schema(*schema, to);
        content.is_some().hash(to);
        content.iter().for_each(|media| self.media(media, to));
        examples(shown, to);
    }

    fn body(&self, body: &RequestBody, to: &mut DefaultHasher) {
        (body.required, body.content.len()).hash(to);
        body.content.iter().for_each(|media| self.media(media, to));
    }

    fn response(&self, response: &Response, to: &mut DefaultHasher) {
        (&response.description, response.headers.len(), response.content.len()).hash(to);
        for Header { name, required, explode, schema, content, examples: shown } in &response.headers {
            (name, required, explode, content.is_some()).hash(to);
            self.schema(*schema, to);
            content.iter().for_each(|media| self.media(media, to));
            examples(shown, to);
        }
        response.content.iter().for_each(|media| self.media(media, to));
    }

    fn media(&self, media: &MediaType, to: &mut DefaultHasher) {
        let MediaType { name, schema, item_schema, examples: shown, encoding } = media;
        name.hash(to);
        self.schema(*schema, to);
        self.schema(*item_schema, to);
        examples(shown, to);
        encoding.len().hash(to);
        for (name, Encoding { content_type, style, explode, allow_reserved }) in encoding {
            let style = style.as_ref().map(discriminant);
            (name, content_type, style, explode, allow_reserved).hash(to);
        }
    }
}

fn servers(servers: &[Server], to: &mut DefaultHasher) {
    servers.len().hash(to);
    servers.iter().for_each(|Server { template, url, base_path }| (template, url, base_path).hash(to));
}

fn examples(examples: &[Example], to: &mut DefaultHasher) {
    examples.len().hash(to);
    for Example { name, value, is_template, position: _ } in examples {
        (name, is_template, discriminant(value)).hash(to);
        match value {
            ExampleValue::Json(text) => text.hash(to),
            ExampleValue::Serialized(text) | ExampleValue::External(text) => text.hash(to),
            ExampleValue::Content(bytes) => bytes.hash(to),
        }
    }
}
