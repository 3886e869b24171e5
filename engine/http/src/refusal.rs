//! Why a request is refused, and with which status code.

/// A request that is not served. The connection closes behind the answer in every case:
/// where the next request would begin is not certain any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Refusal {
    /// Not `METHOD SP target SP HTTP/1.x CRLF` (RFC 9112 section 3).
    RequestLine,
    /// A major version other than 1, or a minor one that is not known (RFC 9110 section 2.5).
    Version,
    /// A method name beyond [`MAX_METHOD`](crate::limits::MAX_METHOD).
    MethodTooLong,
    /// `CONNECT`: there is no tunnel here (RFC 9110 section 9.3.6).
    Connect,
    /// A target that is none of the forms of RFC 9112 section 3.2.
    Target,
    /// A target beyond [`Limits::target`](crate::Limits::target).
    TargetTooLong,
    /// A line that does not end in CRLF, but in LF or CR alone (RFC 9112 section 2.2).
    LineEnd,
    /// A field line that does not begin with `name:`; folded lines as well (RFC 9112 sections 5.1 and 5.2).
    FieldName,
    /// NUL, a bare CR or another control byte in a field value (RFC 9110 section 5.5).
    FieldValue,
    /// More fields than [`Limits::fields`](crate::Limits::fields).
    TooManyFields,
    /// A head beyond [`Limits::head`](crate::Limits::head).
    HeadTooLong,
    /// HTTP/1.1 without `Host` (RFC 9112 section 3.2).
    HostMissing,
    /// More than one `Host` (RFC 9112 section 3.2).
    HostRepeated,
    /// A `Host` that names no host (RFC 9110 section 7.2).
    HostInvalid,
    /// A `Content-Length` that is not one number (RFC 9110 section 8.6).
    ContentLength,
    /// More than one `Content-Length` (RFC 9112 section 6.3).
    ContentLengthRepeated,
    /// `Content-Length` and `Transfer-Encoding` together (RFC 9112 section 6.3).
    TwoLengths,
    /// A `Transfer-Encoding` that does not end in exactly one `chunked` (RFC 9112 section 6.3).
    TransferEncoding,
    /// A transfer coding other than `chunked` (RFC 9112 section 6.1).
    TransferCoding,
    /// `Transfer-Encoding` in HTTP/1.0 (RFC 9112 section 6.1).
    TransferEncodingVersion,
    /// An `Expect` other than `100-continue` (RFC 9110 section 10.1.1).
    Expectation,
    /// A body beyond [`Limits::body`](crate::Limits::body).
    BodyTooLong,
    /// A chunk that does not begin with a hexadecimal size and CRLF (RFC 9112 section 7.1).
    ChunkSize,
    /// Chunk data that does not end in CRLF (RFC 9112 section 7.1).
    ChunkEnd,
    /// Chunk extensions or trailer fields beyond [`MAX_CHUNK_EXTRAS`](crate::limits::MAX_CHUNK_EXTRAS).
    ChunkExtrasTooLong,
    /// A control byte in a chunk extension, or a trailer that is no field line (RFC 9112 section 7.1.2).
    ChunkExtras,
}

impl Refusal {
    /// The status code of the answer.
    pub const fn status(self) -> u16 {
        match self {
            Self::BodyTooLong => 413,
            Self::TargetTooLong => 414,
            Self::Expectation => 417,
            Self::HeadTooLong | Self::TooManyFields | Self::ChunkExtrasTooLong => 431,
            Self::MethodTooLong | Self::Connect | Self::TransferCoding => 501,
            Self::Version => 505,
            _ => 400,
        }
    }

    /// One sentence for the client's author: what was wrong and what would be right.
    pub const fn detail(self) -> &'static str {
        match self {
            Self::RequestLine => {
                "The request line must be METHOD, target and HTTP/1.1, with one space between them."
            }
            Self::Version => "Only HTTP/1.1 and HTTP/1.0 are spoken here.",
            Self::MethodTooLong => "The method name is too long.",
            Self::Connect => "CONNECT is not supported: this server opens no tunnels.",
            Self::Target => {
                "The request target must be a path that begins with '/', or an absolute http URL."
            }
            Self::TargetTooLong => "The request target is longer than the server's limit.",
            Self::LineEnd => "Each line of the head must end in CRLF.",
            Self::FieldName => {
                "Each header line must begin with a field name and ':' directly behind it, and must not be folded."
            }
            Self::FieldValue => "A header value holds a control byte.",
            Self::TooManyFields => "The request has more header fields than the server's limit.",
            Self::HeadTooLong => "The request line and headers together are longer than the server's limit.",
            Self::HostMissing => "An HTTP/1.1 request must have a Host header.",
            Self::HostRepeated => "A request must have only one Host header.",
            Self::HostInvalid => "The host is not a host name or address with an optional port.",
            Self::ContentLength => "Content-Length must be one decimal number.",
            Self::ContentLengthRepeated => "A request must have only one Content-Length header.",
            Self::TwoLengths => "A request must not have both Content-Length and Transfer-Encoding.",
            Self::TransferEncoding => "Transfer-Encoding must end in 'chunked', named once.",
            Self::TransferCoding => "The only transfer coding supported is 'chunked'.",
            Self::TransferEncodingVersion => "An HTTP/1.0 request must not have Transfer-Encoding.",
            Self::Expectation => "The only expectation that can be met is '100-continue'.",
            Self::BodyTooLong => "The request body is longer than the server's limit.",
            Self::ChunkSize => "A chunk must begin with its size in hexadecimal digits and CRLF.",
            Self::ChunkEnd => "The data of a chunk must end in CRLF.",
            Self::ChunkExtrasTooLong => {
                "The chunk extensions or trailers are longer than the server's limit."
            }
            Self::ChunkExtras => "A chunk extension or trailer field is malformed.",
        }
    }
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.detail())
    }
}

impl std::error::Error for Refusal {}
