//! `req`: the request.

use std::borrow::Cow;
use std::cell::RefCell;
use std::rc::Rc;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use rhai::plugin::*;
use rhai::{Array, Blob, Dynamic, ImmutableString, Map};

use super::{Failure, Fields, current, failure, text_of};
use crate::script::json;
use crate::{Request, RequestBuilder};

/// Field lines in order.
type Lines = Vec<(Box<str>, Box<[u8]>)>;

/// What stays as it is in a query (RFC 3986, section 2.3).
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The request as a script sees it; copies are the same request.
#[derive(Clone)]
pub(crate) struct RequestObject(Rc<Seen>);

struct Seen {
    sent: Rc<Request>,
    /// What `before` changed; nothing can be changed elsewhere
    changes: Option<RefCell<Changes>>,
}

#[derive(Default)]
struct Changes {
    method: Option<ImmutableString>,
    path: Option<ImmutableString>,
    query: Option<Vec<(String, String)>>,
    fields: Option<Lines>,
    body: Option<Vec<u8>>,
}

impl RequestObject {
    pub(crate) fn new(sent: Rc<Request>) -> RequestObject {
        RequestObject(Rc::new(Seen { sent, changes: None }))
    }

    /// A request that the script may change.
    pub(crate) fn open(sent: Rc<Request>) -> RequestObject {
        RequestObject(Rc::new(Seen { sent, changes: Some(RefCell::default()) }))
    }

    /// The request as it was changed; nothing when it was not.
    pub(crate) fn changed(&self) -> Option<Request> {
        let changes = self.0.changes.as_ref()?.borrow();
        let Changes { method, path, query, fields, body } = &*changes;
        if method.is_none() && path.is_none() && query.is_none() && fields.is_none() && body.is_none() {
            return None;
        }
        let sent = &self.0.sent;
        let method = method.as_deref().map_or_else(|| sent.method(), Cow::Borrowed);
        let path = path.as_deref().map_or_else(|| sent.path(), Cow::Borrowed);
        let query = query.as_ref().map_or_else(|| sent.query_text(), |pairs| Cow::Owned(query_text(pairs)));
        let mut builder = RequestBuilder::new(&method, path.as_bytes(), query.as_bytes());
        match fields {
            Some(fields) => fields.iter().for_each(|(name, value)| builder.field(name, value)),
            None => sent.fields().for_each(|(name, value)| builder.field(&name, value.as_bytes())),
        }
        for (name, value) in sent.params() {
            builder.param(&name, utf8_percent_encode(&value, ENCODED).to_string().as_bytes());
        }
        Some(builder.finish(body.as_deref().unwrap_or_else(|| sent.body())))
    }

    /// The first field of a name, in any case.
    pub(super) fn field(&self, name: &str) -> Option<ImmutableString> {
        self.with_fields(|fields| match fields {
            Some(fields) => fields
                .iter()
                .find(|(known, _)| known.eq_ignore_ascii_case(name))
                .map(|(_, value)| String::from_utf8_lossy(value).as_ref().into()),
            None => self.0.sent.field(name).map(|value| value.as_ref().into()),
        })
    }

    /// Names and values in order.
    pub(super) fn fields(&self) -> Vec<(String, String)> {
        self.with_fields(|fields| match fields {
            Some(fields) => fields
                .iter()
                .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value).into_owned()))
                .collect(),
            None => {
                self.0.sent.fields().map(|(name, value)| (name.into_owned(), value.into_owned())).collect()
            }
        })
    }

    /// Changes field lines.
    pub(super) fn change_fields(&self, change: impl FnOnce(&mut Lines)) -> Result<(), Failure> {
        let sent = Rc::clone(&self.0.sent);
        self.change(|changes| {
            let copy = || {
                let owned =
                    |(name, value): (Cow<'_, str>, Cow<'_, str>)| (name.into(), value.as_bytes().into());
                sent.fields().map(owned).collect()
            };
            change(changes.fields.get_or_insert_with(copy));
        })
    }

    fn with_fields<T>(&self, look: impl FnOnce(Option<&Lines>) -> T) -> T {
        match &self.0.changes {
            Some(changes) => look(changes.borrow().fields.as_ref()),
            None => look(None),
        }
    }

    fn change(&self, change: impl FnOnce(&mut Changes)) -> Result<(), Failure> {
        match &self.0.changes {
            Some(changes) => {
                change(&mut changes.borrow_mut());
                Ok(())
            }
            None => Err(failure("a request can be changed in `before` only")),
        }
    }

    fn changed_part<T>(&self, part: impl FnOnce(&Changes) -> Option<T>) -> Option<T> {
        self.0.changes.as_ref().and_then(|changes| part(&changes.borrow()))
    }

    fn pairs(&self) -> Vec<(String, String)> {
        self.changed_part(|changes| changes.query.clone()).unwrap_or_else(|| {
            self.0.sent.query().map(|(name, value)| (name.into_owned(), value.into_owned())).collect()
        })
    }

    fn with_body<T>(&self, look: impl FnOnce(&[u8]) -> T) -> T {
        match &self.0.changes {
            Some(changes) => look(changes.borrow().body.as_deref().unwrap_or_else(|| self.0.sent.body())),
            None => look(self.0.sent.body()),
        }
    }
}

fn query_text(pairs: &[(String, String)]) -> String {
    let encoded = |text: &str| utf8_percent_encode(text, ENCODED).to_string();
    let pairs: Vec<String> =
        pairs.iter().map(|(name, value)| format!("{}={}", encoded(name), encoded(value))).collect();
    pairs.join("&")
}

/// The first of each name, as a map.
fn firsts<'t>(pairs: impl Iterator<Item = (Cow<'t, str>, Cow<'t, str>)>) -> Map {
    let mut map = Map::new();
    for (name, value) in pairs {
        map.entry(name.as_ref().into()).or_insert_with(|| value.as_ref().into());
    }
    map
}

/// What became of the pairs of a query when a script changed the map it saw of them.
fn merged(pairs: &[(String, String)], map: &Map) -> Result<Vec<(String, String)>, Failure> {
    let mut merged: Vec<(String, String)> = Vec::new();
    for (index, (name, first)) in pairs.iter().enumerate() {
        if pairs[..index].iter().any(|(earlier, _)| earlier == name) {
            continue;
        }
        let Some(value) = map.get(name.as_str()).map(|value| text_of(value, name)).transpose()?.flatten()
        else {
            continue;
        };
        match value.as_str() == first {
            true => merged.extend(pairs.iter().filter(|(known, _)| known == name).cloned()),
            false => merged.push((name.clone(), value.to_string())),
        }
    }
    for (name, value) in map {
        if !pairs.iter().any(|(known, _)| known == name.as_str()) {
            merged.extend(text_of(value, name)?.map(|value| (name.to_string(), value.to_string())));
        }
    }
    Ok(merged)
}

/// The request, the first argument of `handle`, `before` and `after`. Nothing of it is parsed or copied before it is
/// asked for. In `before` it can be changed: method, path, query, headers and body.
#[export_module]
#[allow(missing_docs, unreachable_pub, clippy::unwrap_used)]
pub(crate) mod request_functions {
    use super::RequestObject;

    /// The method, as sent: `"GET"`.
    ///
    /// ```rhai
    /// if req.method == "HEAD" { return no_content(); }
    /// ```
    #[rhai_fn(get = "method", pure)]
    pub fn method(req: &mut RequestObject) -> ImmutableString {
        let changed = req.changed_part(|changes| changes.method.clone());
        changed.unwrap_or_else(|| req.0.sent.method().as_ref().into())
    }

    #[rhai_fn(set = "method", return_raw)]
    pub fn set_method(req: &mut RequestObject, method: ImmutableString) -> Result<(), Failure> {
        if method.is_empty() || !method.bytes().all(super::super::fields::is_token) {
            return Err(failure(format!("`{}` is no method", method.escape_debug())));
        }
        req.change(|changes| changes.method = Some(method))
    }

    /// The path, as sent: percent-encoded, without the query.
    ///
    /// ```rhai
    /// log::info(req.path);
    /// ```
    #[rhai_fn(get = "path", pure)]
    pub fn path(req: &mut RequestObject) -> ImmutableString {
        let changed = req.changed_part(|changes| changes.path.clone());
        changed.unwrap_or_else(|| req.0.sent.path().as_ref().into())
    }

    #[rhai_fn(set = "path", return_raw)]
    pub fn set_path(req: &mut RequestObject, path: ImmutableString) -> Result<(), Failure> {
        if !path.starts_with('/')
            || path.bytes().any(|byte| !byte.is_ascii_graphic() || matches!(byte, b'?' | b'#'))
        {
            return Err(failure(format!(
                "`{}` is no path; it begins with `/` and is percent-encoded",
                path.escape_debug()
            )));
        }
        req.change(|changes| changes.path = Some(path))
    }

    /// Variables of the path by name, as texts, decoded.
    ///
    /// ```rhai
    /// let id = req.params.petId;
    /// ```
    #[rhai_fn(get = "params", pure)]
    pub fn params(req: &mut RequestObject) -> Map {
        firsts(req.0.sent.params())
    }

    /// A parameter by name, typed as the document declares it: a number is a number. `()` where it was not sent. What
    /// the document does not declare is a text: of the path, else of the query.
    ///
    /// ```rhai
    /// let limit = req.param("limit") ?? 20;
    /// ```
    #[rhai_fn(name = "param", pure, return_raw)]
    pub fn param(req: &mut RequestObject, name: &str) -> Result<Dynamic, Failure> {
        if let Some(value) = current()?.answers.parameter(name) {
            return Ok(json::from_value(&value));
        }
        let sent = &req.0.sent;
        let text = sent
            .param(name)
            .or_else(|| sent.query().find(|(known, _)| known == name).map(|(_, value)| value));
        Ok(text.map_or(Dynamic::UNIT, |text| text.as_ref().into()))
    }

    /// Parameters of the query by name, as texts, decoded. Of one that is repeated, the first; `query_all` has all.
    ///
    /// ```rhai
    /// let limit = parse_int(req.query.limit ?? "20");
    /// ```
    #[rhai_fn(get = "query", pure)]
    pub fn query(req: &mut RequestObject) -> Map {
        match req.changed_part(|changes| changes.query.clone()) {
            Some(pairs) => firsts(pairs.iter().map(|(name, value)| (name.into(), value.into()))),
            None => firsts(req.0.sent.query()),
        }
    }

    #[rhai_fn(set = "query", return_raw)]
    pub fn set_query(req: &mut RequestObject, query: Map) -> Result<(), Failure> {
        let merged = merged(&req.pairs(), &query)?;
        req.change(|changes| changes.query = Some(merged))
    }

    /// All values of a parameter of the query, in order.
    ///
    /// ```rhai
    /// let tags = req.query_all("tag");
    /// ```
    #[rhai_fn(name = "query_all", pure)]
    pub fn query_all(req: &mut RequestObject, name: &str) -> Array {
        let pairs = req.pairs();
        pairs.into_iter().filter(|(known, _)| known == name).map(|(_, value)| value.into()).collect()
    }

    /// Field lines, by name in any case; `()` where there is none. Of one that is repeated, the first.
    ///
    /// ```rhai
    /// if req.headers["x-tenant"] == () { return problem(400, "no tenant"); }
    /// ```
    #[rhai_fn(get = "headers", pure)]
    pub fn headers(req: &mut RequestObject) -> Fields {
        Fields::Request(req.clone())
    }

    #[rhai_fn(set = "headers", return_raw)]
    pub fn set_headers(req: &mut RequestObject, headers: Dynamic) -> Result<(), Failure> {
        Fields::Request(req.clone()).replace(&headers)
    }

    /// Cookies by name.
    ///
    /// ```rhai
    /// let session = req.cookies.session ?? uuid();
    /// ```
    #[rhai_fn(get = "cookies", pure)]
    pub fn cookies(req: &mut RequestObject) -> Map {
        match req.field("cookie") {
            Some(line) => {
                let mut builder = RequestBuilder::new("", b"", b"");
                builder.field("cookie", line.as_bytes());
                firsts(builder.finish(b"").cookies())
            }
            None => Map::new(),
        }
    }

    /// The body as text; bytes that are no UTF-8 are replaced.
    ///
    /// ```rhai
    /// log::info(req.body);
    /// ```
    #[rhai_fn(get = "body", pure)]
    pub fn body(req: &mut RequestObject) -> ImmutableString {
        req.with_body(|body| String::from_utf8_lossy(body).as_ref().into())
    }

    #[rhai_fn(set = "body", return_raw)]
    pub fn set_body(req: &mut RequestObject, body: Dynamic) -> Result<(), Failure> {
        let bytes = match body.as_immutable_string_ref() {
            Ok(text) => text.as_bytes().to_vec(),
            Err(_) if body.is_blob() => body.as_blob_ref().map(|blob| blob.to_vec()).unwrap_or_default(),
            Err(_) if body.is_unit() => Vec::new(),
            Err(_) => json::to_text(&body).map_err(failure)?.into_bytes(),
        };
        req.change(|changes| changes.body = Some(bytes))
    }

    /// The body's bytes as a blob.
    ///
    /// ```rhai
    /// let size = req.bytes().len();
    /// ```
    #[rhai_fn(name = "bytes", pure)]
    pub fn bytes(req: &mut RequestObject) -> Blob {
        req.with_body(<[u8]>::to_vec)
    }

    /// The body, parsed as JSON; `()` when there is none. What is no JSON is a fault that can be caught.
    ///
    /// ```rhai
    /// let order = req.json();
    /// if order.items.is_empty() { return problem(422, "nothing ordered"); }
    /// ```
    #[rhai_fn(name = "json", pure, return_raw)]
    pub fn body_json(req: &mut RequestObject) -> Result<Dynamic, Failure> {
        req.with_body(|body| match body.is_empty() {
            true => Ok(Dynamic::UNIT),
            false => json::parse(body).map_err(|reason| failure(format!("the body is no JSON: {reason}"))),
        })
    }

    /// Fields of a body that is `application/x-www-form-urlencoded`, by name; of one that is repeated, the first.
    ///
    /// ```rhai
    /// let name = req.form().username;
    /// ```
    #[rhai_fn(name = "form", pure)]
    pub fn form(req: &mut RequestObject) -> Map {
        req.with_body(|body| firsts(RequestBuilder::new("", b"", b"").finish(body).form()))
    }
}
