//! `format`: the names real documents use, brought to the ones we know; and the checks of
//! those that JSON Schema and OpenAPI define.

mod address;
mod pointer;
mod time;

/// A format we check or generate. Aliases (`datetime`, `guid`, `URL`) are already folded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Format {
    /// RFC 3339 date and time
    DateTime,
    /// RFC 3339 full date
    Date,
    /// RFC 3339 full time
    Time,
    /// RFC 3339 appendix A duration
    Duration,
    /// `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 1123, RFC 2822)
    DateTimeRfc1123,
    /// Seconds since 1970, as a number or in a string
    UnixTime,
    /// `3.5s`, as Google's APIs write durations
    GoogleDuration,
    /// `a.b,c`, as Google's APIs write field masks
    FieldMask,
    /// RFC 5321 mailbox
    Email,
    /// RFC 6531 mailbox
    IdnEmail,
    /// RFC 1123 host name
    Hostname,
    /// RFC 5890 host name
    IdnHostname,
    /// RFC 2673 dotted quad
    Ipv4,
    /// RFC 4291 address
    Ipv6,
    /// Either kind of address; annotation only
    Ip,
    /// Address and prefix length; annotation only
    Cidr,
    /// EUI-48; annotation only
    MacAddress,
    /// RFC 3986 URI
    Uri,
    /// RFC 3986 URI or relative reference
    UriReference,
    /// RFC 3987 IRI
    Iri,
    /// RFC 3987 IRI or relative reference
    IriReference,
    /// RFC 6570 template
    UriTemplate,
    /// RFC 4122 UUID in hexadecimal with hyphens
    Uuid,
    /// RFC 6901 pointer
    JsonPointer,
    /// Relative JSON pointer (draft-handrews-relative-json-pointer-01)
    RelativeJsonPointer,
    /// ECMA 262 expression
    Regex,
    /// RFC 4648 base64, either alphabet
    Byte,
    /// RFC 4648 base64url; annotation only
    Base64Url,
    /// Octets; annotation only
    Binary,
    /// Hint to hide the text; annotation only
    Password,
    /// -128 to 127
    Int8,
    /// -32,768 to 32,767
    Int16,
    /// Signed 32 bits
    Int32,
    /// Signed 64 bits
    Int64,
    /// 0 to 255
    Uint8,
    /// 0 to 65,535
    Uint16,
    /// Unsigned 32 bits
    Uint32,
    /// Unsigned 64 bits
    Uint64,
    /// Single precision; annotation only
    Float,
    /// Double precision; annotation only
    Double,
    /// Decimal number; annotation only
    Decimal,
    /// Telephone number; annotation only
    Phone,
    /// ISO 3166 country code; annotation only
    CountryCode,
    /// ISO 4217 currency code; annotation only
    Currency,
    /// BCP 47 language tag; annotation only
    Language,
    /// Colour, such as `#0af`; annotation only
    Color,
    /// International bank account number; annotation only
    Iban,
    /// HTML text; annotation only
    Html,
    /// Markdown text; annotation only
    Markdown,
    /// JSON text; annotation only
    Json,
    /// Any other name; annotation only
    Other,
}

impl Format {
    /// The format that authors mean by `name`; case, `-`, `_` and spaces do not matter.
    pub fn from_name(name: &str) -> Format {
        let mut folded = [0u8; 32];
        let mut length = 0;
        for byte in name.bytes().filter(|b| !matches!(b, b'-' | b'_' | b' ')) {
            if length == folded.len() {
                return Format::Other;
            }
            folded[length] = byte.to_ascii_lowercase();
            length += 1;
        }
        Self::from_folded(&folded[..length])
    }

    fn from_folded(name: &[u8]) -> Format {
        match name {
            b"datetime" | b"googledatetime" | b"iso8601" | b"rfc3339" | b"isodatetime"
            | b"datetimeiso8601" => Format::DateTime,
            b"date" | b"isodate" | b"fulldate" => Format::Date,
            b"time" | b"fulltime" => Format::Time,
            b"duration" => Format::Duration,
            b"datetimerfc1123" | b"datetimerfc2822" | b"rfc1123" | b"rfc2822" | b"httpdate" => {
                Format::DateTimeRfc1123
            }
            b"unixtime" | b"unixtimestamp" | b"timestamp" | b"epoch" => Format::UnixTime,
            b"googleduration" => Format::GoogleDuration,
            b"googlefieldmask" | b"fieldmask" => Format::FieldMask,
            b"phone" | b"phonenumber" | b"tel" | b"telephone" | b"e164" => Format::Phone,
            b"isocountrycode" | b"countrycode" | b"country" => Format::CountryCode,
            b"currency" | b"currencycode" | b"iso4217" => Format::Currency,
            b"language" | b"languagetag" | b"bcp47" | b"locale" => Format::Language,
            b"color" | b"colour" | b"hexcolor" | b"colorhex" => Format::Color,
            b"iban" => Format::Iban,
            b"html" => Format::Html,
            b"markdown" | b"commonmark" => Format::Markdown,
            b"json" | b"jsonstring" => Format::Json,
            _ => Self::from_folded_address(name),
        }
    }

    fn from_folded_address(name: &[u8]) -> Format {
        match name {
            b"email" | b"emailaddress" => Format::Email,
            b"idnemail" => Format::IdnEmail,
            b"hostname" => Format::Hostname,
            b"idnhostname" => Format::IdnHostname,
            b"ipv4" => Format::Ipv4,
            b"ipv6" => Format::Ipv6,
            b"ip" | b"ipaddress" | b"ipvany" => Format::Ip,
            b"cidr" | b"ipv4cidr" | b"ipv4network" => Format::Cidr,
            b"mac" | b"macaddress" => Format::MacAddress,
            b"uri" | b"url" => Format::Uri,
            b"urireference" | b"uriref" => Format::UriReference,
            b"iri" => Format::Iri,
            b"irireference" => Format::IriReference,
            b"uritemplate" => Format::UriTemplate,
            b"uuid" | b"guid" | b"uuid4" | b"uuidv4" => Format::Uuid,
            b"jsonpointer" => Format::JsonPointer,
            b"relativejsonpointer" => Format::RelativeJsonPointer,
            b"regex" => Format::Regex,
            _ => Self::from_folded_number(name),
        }
    }

    fn from_folded_number(name: &[u8]) -> Format {
        match name {
            b"byte" | b"base64" => Format::Byte,
            b"base64url" => Format::Base64Url,
            b"binary" => Format::Binary,
            b"password" => Format::Password,
            b"int8" => Format::Int8,
            b"int16" => Format::Int16,
            b"int32" => Format::Int32,
            b"int64" | b"long" => Format::Int64,
            b"uint8" => Format::Uint8,
            b"uint16" => Format::Uint16,
            b"uint32" => Format::Uint32,
            b"uint64" => Format::Uint64,
            b"float" | b"float32" => Format::Float,
            b"double" | b"float64" => Format::Double,
            b"decimal" | b"bigdecimal" => Format::Decimal,
            _ => Format::Other,
        }
    }

    /// The name that messages use; `""` for [`Format::Other`].
    pub fn name(self) -> &'static str {
        match self {
            Format::DateTime => "date-time",
            Format::Date => "date",
            Format::Time => "time",
            Format::Duration => "duration",
            Format::DateTimeRfc1123 => "date-time-rfc1123",
            Format::UnixTime => "unix-time",
            Format::GoogleDuration => "google-duration",
            Format::FieldMask => "google-fieldmask",
            Format::Email => "email",
            Format::IdnEmail => "idn-email",
            Format::Hostname => "hostname",
            Format::IdnHostname => "idn-hostname",
            Format::Ipv4 => "ipv4",
            Format::Ipv6 => "ipv6",
            Format::Ip => "ip",
            Format::Cidr => "cidr",
            Format::MacAddress => "mac",
            Format::Uri => "uri",
            Format::UriReference => "uri-reference",
            Format::Iri => "iri",
            Format::IriReference => "iri-reference",
            Format::UriTemplate => "uri-template",
            Format::Uuid => "uuid",
            Format::JsonPointer => "json-pointer",
            Format::RelativeJsonPointer => "relative-json-pointer",
            Format::Regex => "regex",
            Format::Byte => "byte",
            Format::Base64Url => "base64url",
            Format::Binary => "binary",
            Format::Password => "password",
            Format::Int8 => "int8",
            Format::Int16 => "int16",
            Format::Int32 => "int32",
            Format::Int64 => "int64",
            Format::Uint8 => "uint8",
            Format::Uint16 => "uint16",
            Format::Uint32 => "uint32",
            Format::Uint64 => "uint64",
            Format::Float => "float",
            Format::Double => "double",
            Format::Decimal => "decimal",
            Format::Phone => "phone",
            Format::CountryCode => "country-code",
            Format::Currency => "currency",
            Format::Language => "language",
            Format::Color => "color",
            Format::Iban => "iban",
            Format::Html => "html",
            Format::Markdown => "markdown",
            Format::Json => "json",
            Format::Other => "",
        }
    }

    /// Whether a string has this format; true for formats that only annotate, and for those
    /// of numbers.
    pub fn check(self, text: &str) -> bool {
        match self {
            Format::DateTime => time::is_date_time(text),
            Format::Date => time::is_date(text),
            Format::Time => time::is_time(text),
            Format::Duration => time::is_duration(text),
            Format::Email => email_address::EmailAddress::is_valid(text) && text.is_ascii(),
            Format::IdnEmail => email_address::EmailAddress::is_valid(text),
            Format::Hostname => address::is_hostname(text),
            Format::IdnHostname => address::is_idn_hostname(text),
            Format::Ipv4 => text.parse::<std::net::Ipv4Addr>().is_ok(),
            Format::Ipv6 => text.parse::<std::net::Ipv6Addr>().is_ok(),
            Format::Uri => fluent_uri::Uri::parse(text).is_ok(),
            Format::UriReference => fluent_uri::UriRef::parse(text).is_ok(),
            Format::Iri => fluent_uri::Iri::parse(text).is_ok(),
            Format::IriReference => fluent_uri::IriRef::parse(text).is_ok(),
            Format::UriTemplate => address::is_uri_template(text),
            Format::Uuid => is_uuid(text),
            Format::JsonPointer => pointer::is_json_pointer(text),
            Format::RelativeJsonPointer => pointer::is_relative_json_pointer(text),
            Format::Regex => crate::pattern::Pattern::new(text).problem().is_none(),
            Format::Byte => is_base64(text),
            _ => true,
        }
    }

    /// Least and greatest number of this format; `None` where there is no range.
    pub fn range(self) -> Option<(i128, i128)> {
        match self {
            Format::Int8 => Some((i8::MIN.into(), i8::MAX.into())),
            Format::Int16 => Some((i16::MIN.into(), i16::MAX.into())),
            Format::Int32 => Some((i32::MIN.into(), i32::MAX.into())),
            Format::Int64 => Some((i64::MIN.into(), i64::MAX.into())),
            Format::Uint8 => Some((0, u8::MAX.into())),
            Format::Uint16 => Some((0, u16::MAX.into())),
            Format::Uint32 => Some((0, u32::MAX.into())),
            Format::Uint64 => Some((0, u64::MAX.into())),
            _ => None,
        }
    }
}

fn is_uuid(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() == 36
        && bytes.iter().enumerate().all(|(i, b)| match i {
            8 | 13 | 18 | 23 => *b == b'-',
            _ => b.is_ascii_hexdigit(),
        })
}

/// RFC 4648 sections 4 and 5; padding may be absent, as it often is with the URL alphabet.
fn is_base64(text: &str) -> bool {
    let digits = text.trim_end_matches('=');
    let padding = text.len() - digits.len();
    let whole = match padding {
        0 => digits.len() % 4 != 1,
        1 | 2 => text.len().is_multiple_of(4),
        _ => false,
    };
    whole && digits.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'-' | b'_'))
}
