//! A JSON object on a line: the logs of Caddy, Traefik, Envoy, nginx and of applications, and what collectors wrap
//! lines in. Names differ in case and separators and in what they are put into: `request.method` of Caddy,
//! `RequestMethod` of Traefik and `request_method` of nginx are one name here.

use serde_json::{Map, Value};

use super::access::request_line;
use super::asked::{Asked, is_target};
use super::line::{self, Line};
use crate::limits::MAX_JSON_DEPTH;

/// What a field says of the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    Method,
    /// Path and query, or a URL
    Target,
    /// Where the path stands without it
    Query,
    /// A request line
    Request,
    /// A line of another log
    Wrapped,
}

/// Names in lower case, without separators, those of outer objects before them. Of one role the first counts.
const NAMES: [(&str, Role); 46] = [
    ("method", Role::Method),
    ("requestmethod", Role::Method),
    ("reqmethod", Role::Method),
    ("httpmethod", Role::Method),
    ("httprequestmethod", Role::Method),
    ("httprequestrequestmethod", Role::Method),
    ("httprequesthttpmethod", Role::Method),
    ("clientrequestmethod", Role::Method),
    ("csmethod", Role::Method),
    ("verb", Role::Method),
    ("requesturi", Role::Target),
    ("originalurl", Role::Target),
    ("requestoriginalurl", Role::Target),
    ("reqoriginalurl", Role::Target),
    ("uri", Role::Target),
    ("requesturl", Role::Target),
    ("requrl", Role::Target),
    ("url", Role::Target),
    ("urloriginal", Role::Target),
    ("urlfull", Role::Target),
    ("httptarget", Role::Target),
    ("httpurl", Role::Target),
    ("httprequestrequesturl", Role::Target),
    ("httprequesturi", Role::Target),
    ("clientrequesturi", Role::Target),
    ("target", Role::Target),
    ("path", Role::Target),
    ("requestpath", Role::Target),
    ("reqpath", Role::Target),
    ("httppath", Role::Target),
    ("urlpath", Role::Target),
    ("clientrequestpath", Role::Target),
    ("csuristem", Role::Target),
    ("resourcepath", Role::Target),
    ("query", Role::Query),
    ("querystring", Role::Query),
    ("requestquery", Role::Query),
    ("urlquery", Role::Query),
    ("args", Role::Query),
    ("csuriquery", Role::Query),
    ("request", Role::Request),
    ("requestline", Role::Request),
    ("log", Role::Wrapped),
    ("message", Role::Wrapped),
    ("msg", Role::Wrapped),
    ("line", Role::Wrapped),
];

/// Longest of [`NAMES`], in bytes.
const LONGEST_NAME: usize = 24;

/// Reads one line.
pub(super) fn read(line: &[u8]) -> Line {
    let Some(object) = object(line) else { return Line::Unknown };
    let fields = Fields::of(&object);
    match (fields.line(), fields.get(Role::Wrapped)) {
        (Line::Unknown, Some(wrapped)) => unwrapped(wrapped.trim_ascii().as_bytes()),
        (line, _) => line,
    }
}

/// A line that a collector has put into an object.
fn unwrapped(text: &[u8]) -> Line {
    match object(text) {
        Some(object) => Fields::of(&object).line(),
        None => line::of_text(text),
    }
}

fn object(text: &[u8]) -> Option<Map<String, Value>> {
    // Servers write bytes of the request as they came.
    match serde_json::from_str(&String::from_utf8_lossy(text)) {
        Ok(Value::Object(object)) => Some(object),
        _ => None,
    }
}

/// Texts of an object that say something of a request: the first of [`NAMES`] for each role.
#[derive(Default)]
struct Fields<'v> {
    found: Vec<(usize, &'v str)>,
}

impl<'v> Fields<'v> {
    fn of(object: &'v Map<String, Value>) -> Fields<'v> {
        let mut fields = Fields::default();
        fields.collect(object, &mut String::new(), 1);
        fields.found.sort_unstable_by_key(|(rank, _)| *rank);
        fields
    }

    fn collect(&mut self, object: &'v Map<String, Value>, name: &mut String, depth: usize) {
        for (key, value) in object {
            let outer = name.len();
            let letters = key.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase());
            name.extend(letters.take(LONGEST_NAME + 1));
            match value {
                Value::Object(inner) if depth < MAX_JSON_DEPTH => self.collect(inner, name, depth + 1),
                Value::String(text) => {
                    let rank = NAMES.iter().position(|(known, _)| known == name);
                    self.found.extend(rank.map(|rank| (rank, text.as_str())));
                }
                _ => {}
            }
            name.truncate(outer);
        }
    }

    fn all(&self, role: Role) -> impl Iterator<Item = &'v str> {
        self.found.iter().filter(move |(rank, _)| NAMES[*rank].1 == role).map(|(_, text)| *text)
    }

    /// What is said, if anything.
    fn get(&self, role: Role) -> Option<&'v str> {
        self.all(role).find(|text| !says_nothing(text))
    }

    fn line(&self) -> Line {
        if let Some(asked) = self.asked() {
            return Line::Asked(asked);
        }
        let is_silent = |role| self.all(role).next().is_some() && self.get(role).is_none();
        match is_silent(Role::Method) || is_silent(Role::Request) {
            true => Line::Silent,
            false => Line::Unknown,
        }
    }

    fn asked(&self) -> Option<Asked> {
        let request = self.get(Role::Request);
        let is_one = |text: &&str| is_target(text.as_bytes());
        let Some(method) = self.get(Role::Method) else { return request_line(request?.as_bytes()) };
        let Some(target) = self.get(Role::Target).or(request.filter(is_one)) else {
            return request_line(request?.as_bytes());
        };
        let asked = Asked::new(method.as_bytes(), target.as_bytes())?;
        match self.get(Role::Query).filter(|_| !target.contains('?')) {
            Some(query) => {
                let query = query.trim_start_matches('?');
                Asked::new(method.as_bytes(), format!("{target}?{query}").as_bytes())
            }
            None => Some(asked),
        }
    }
}

fn says_nothing(text: &str) -> bool {
    matches!(text.trim_ascii(), "" | "-")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(line: &str) -> String {
        match read(line.as_bytes()) {
            Line::Asked(asked) => format!("{} {}", asked.method, String::from_utf8_lossy(&asked.target)),
            Line::Silent => "silent".to_owned(),
            Line::Unknown => "unknown".to_owned(),
        }
    }

    #[test]
    fn names_are_as_they_are_compared() {
        for (name, _) in NAMES {
            assert!(
                name.len() <= LONGEST_NAME && name.bytes().all(|byte| byte.is_ascii_lowercase()),
                "{name}"
            );
        }
    }

    #[test]
    fn objects_of_the_usual_servers_are_read() {
        for (line, expected) in [
            (r#"{"method":"GET","path":"/pets"}"#, "GET /pets"),
            (r#"{"method":"get","url":"http://h/pets?x=1"}"#, "GET http://h/pets?x=1"),
            (r#"{"method":"GET","uri":"/pets","path":"/other"}"#, "GET /pets"),
            (r#"{"method":"GET","request":"/pets?x"}"#, "GET /pets?x"),
            (r#"{"method":"GET","path":"/pets","query":"x=1"}"#, "GET /pets?x=1"),
            (r#"{"method":"GET","path":"/pets?y","query":"?x=1"}"#, "GET /pets?y"),
            (r#"{"method":"GET","path":"/pets","args":"-"}"#, "GET /pets"),
            // Caddy
            (
                r#"{"level":"info","ts":1646.9,"logger":"http.log.access","msg":"handled request","request":{"remote_ip":"127.0.0.1","proto":"HTTP/2.0","method":"GET","host":"localhost","uri":"/pets?a","headers":{"User-Agent":["curl"]}},"status":200}"#,
                "GET /pets?a",
            ),
            // Traefik
            (
                r#"{"ClientAddr":"::1:5","RequestAddr":"h","RequestHost":"h","RequestMethod":"GET","RequestPath":"/who?x","RequestProtocol":"HTTP/1.1"}"#,
                "GET /who?x",
            ),
            // Envoy
            (r#"{"method":"PUT","path":"/pets/7?q","authority":"h","protocol":"HTTP/2"}"#, "PUT /pets/7?q"),
            // nginx
            (
                r#"{"remote_addr":"::1","request":"GET /pets?x=\"1\" HTTP/1.1","status":"200"}"#,
                "GET /pets?x=\"1\"",
            ),
            (r#"{"request_method":"POST","request_uri":"/pets?a","uri":"/index.php"}"#, "POST /pets?a"),
            (r#"{"request":"POST /a HTTP/1.1","method":"POST"}"#, "POST /a"),
            // pino, ECS, clouds
            (
                r#"{"level":30,"req":{"id":1,"method":"GET","url":"/pets"},"res":{"statusCode":200}}"#,
                "GET /pets",
            ),
            (
                r#"{"http":{"request":{"method":"GET"}},"url":{"path":"/pets","query":"a=b"}}"#,
                "GET /pets?a=b",
            ),
            (r#"{"http.request.method":"GET","url.path":"/pets"}"#, "GET /pets"),
            (
                r#"{"httpRequest":{"requestMethod":"GET","requestUrl":"https://h/pets","status":200}}"#,
                "GET https://h/pets",
            ),
            (r#"{"httpMethod":"GET","resourcePath":"/pets/{id}"}"#, "GET /pets/{id}"),
            // collectors
            (r#"{"log":"::1 - - [x] \"GET /pets HTTP/1.1\" 200 1\n","stream":"stdout"}"#, "GET /pets"),
            (r#"{"log":"{\"method\":\"GET\",\"path\":\"/pets\"}\n","stream":"stdout"}"#, "GET /pets"),
            (r#"{"MESSAGE":"GET /pets 200"}"#, "GET /pets"),
        ] {
            assert_eq!(asked(line), expected, "{line}");
        }
    }

    #[test]
    fn what_says_no_request_is_told_apart() {
        let deep = format!("{}{}", r#"{"a":"#.repeat(5_000), "}".repeat(5_000));
        let nested = r#"{"log":"{\"log\":\"GET /\"}"}"#;
        for (line, expected) in [
            (r#"{"request":"","request_method":"","status":"400"}"#, "silent"),
            (r#"{"method":"-","path":"-"}"#, "silent"),
            (r#"{"msg":"handled request"}"#, "unknown"),
            (r#"{"level":"info","msg":"started","path":"/etc"}"#, "unknown"),
            (r#"{"method":"GET"}"#, "unknown"),
            (r#"{"method":5,"path":["/pets"]}"#, "unknown"),
            (r#"{"a":{"b":{"c":{"method":"GET","path":"/"}}}}"#, "unknown"),
            (r#"{"method":"GET","path":"/pets""#, "unknown"),
            ("{}", "unknown"),
            ("{", "unknown"),
            (&deep, "unknown"),
            (nested, "unknown"),
        ] {
            assert_eq!(asked(line), expected, "{line:.80}");
        }
    }
}
