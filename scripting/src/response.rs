//! An answer as scripts and templates make it.

/// An answer: generated, or made by a script.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Response {
    /// 100 to 599
    pub status: u16,
    /// Field lines in order, without those that framing decides (`Content-Length`, `Connection`, `Date`)
    pub fields: Vec<(Box<str>, Box<[u8]>)>,
    /// The body's bytes
    pub body: Vec<u8>,
}

impl Response {
    /// The first field of a name, in any case.
    pub fn field(&self, name: &str) -> Option<&[u8]> {
        let is_named = |(known, _): &&(Box<str>, Box<[u8]>)| known.eq_ignore_ascii_case(name);
        self.fields.iter().find(is_named).map(|(_, value)| &**value)
    }

    /// Sets a field in place of all of that name.
    pub fn set_field(&mut self, name: &str, value: &[u8]) {
        self.fields.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
        self.fields.push((name.into(), value.into()));
    }
}
