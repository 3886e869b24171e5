//! What a document may ask of the plan.

/// Most segments of a path template, base path included. It bounds the depth of the trie and with it the
/// stack a lookup takes: a request path may have any number of segments.
pub const MAX_SEGMENTS: usize = 128;

/// Most variables of a path template: the size of [`Captures`](crate::route::Captures).
pub const MAX_CAPTURES: usize = 32;

/// Most prefixes of one operation; under those of further `servers` it is not reachable.
pub const MAX_PREFIXES: usize = 16;

/// Nesting of XML elements; what lies deeper is left out. No generated body comes near.
pub const MAX_XML_DEPTH: usize = 200;

/// Schemas looked through, by reference and composition, for what names a place of a value.
pub const MAX_SCHEMA_VISITS: usize = 256;

/// Most faults quoted of one example; the rest follow from these more often than not.
pub const MAX_QUOTED_FAULTS: usize = 3;

/// Nesting of arrays and objects in a JSON body; deeper ones are refused.
pub const MAX_JSON_DEPTH: usize = 512;

/// Fields of a form, and elements of an array in the text of one; a form with more is refused.
pub const MAX_FORM_FIELDS: usize = 10_000;

/// Parts of a multipart body; one with more is refused.
pub const MAX_PARTS: usize = 1_000;

/// Bytes of the header fields of one part of a multipart body.
pub const MAX_PART_HEADER_BYTES: usize = 8 * 1024;

/// Nesting of elements in an XML body; deeper ones are refused.
pub const MAX_XML_BODY_DEPTH: usize = 1_000;

/// Bytes of a body up to which the buffers that read it are kept for the next.
pub const MAX_KEPT_BODY: usize = 256 * 1024;

/// Pairs of a query, or cookies, that are looked at; those behind them are as good as not sent.
pub const MAX_PAIRS: usize = 2048;

/// Brackets of a `deepObject` name (`p[a][b]` has two); deeper members are left out.
pub const MAX_BRACKETS: usize = 16;

/// Places inside one parameter whose schemas say what text means, the outward ones first; what lies further inside
/// is as good as not declared.
pub const MAX_SHAPES: usize = 4096;

/// Brackets of a form's field name (`a[b][c]`) that are read; what follows them is not taken apart.
pub const MAX_FORM_DEPTH: usize = 16;

/// Bytes of the URL of a callback; one that would be longer is not sent.
pub const MAX_CALLBACK_URL: usize = 8 * 1024;

/// Properties of one schema that are looked at when resources are sought.
pub const MAX_PROPERTIES: usize = 1_000;

/// Identities of one resource that are kept in a table, where the schema asks for what only the generator makes.
pub const MAX_TABLED_IDENTITIES: u64 = 10_000;

/// Entities of one resource, of each parent where it lies within another.
pub const MAX_ENTITIES: u64 = 1_000_000_000;

/// Entities that a list looks through for those that a filter or a parent selects, or to sort them; those behind them
/// are as good as not there.
pub const MAX_SIFTED_ENTITIES: u64 = 10_000;

/// Bytes by which texts are sorted; what follows them orders nothing.
pub const MAX_SORTED_TEXT: usize = 256;

/// Bytes of the name by which a client wants a list sorted.
pub const MAX_SORT: usize = 256;

/// Bytes of a variable of the path that names a parent; each of its children may say it again.
pub const MAX_PARENT: usize = 256;

/// Entities of one page, and of a list that has no pages.
pub const MAX_PAGE: u64 = 1_000;

/// Objects inside one another of what a client sends in which members that are `writeOnly` are left out of the answer.
pub const MAX_SHOWN_DEPTH: usize = 8;

/// Identities that are tried for one whose entity names the parent within which it is created.
pub const MAX_FRESH_TRIES: u64 = 1_000;

/// Entities of one resource that are taken from the examples of its lists.
pub const MAX_AUTHORED: usize = 1_000;
