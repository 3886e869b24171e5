//! What makes strings of a format.

use super::fakers::{self, Source};
use crate::format::Format;

/// Whether the pool of the format (see [`by_format`]) needs no further check; a test proves it.
pub(super) fn trusts(format: Format) -> bool {
    by_format(format).is_some() || format.check("\u{0}")
}

/// What makes strings of a format; `None` for those that say nothing about the text.
pub(super) fn by_format(format: Format) -> Option<Source> {
    let name = match format {
        Format::DateTime => "date_time",
        Format::Date => "date",
        Format::Time => "time_of_day",
        Format::Duration => "duration",
        Format::DateTimeRfc1123 => "date_time_rfc1123",
        Format::UnixTime => "unix_time",
        Format::GoogleDuration => "google_duration",
        Format::FieldMask => "field_mask",
        Format::Email | Format::IdnEmail => "email",
        Format::Hostname | Format::IdnHostname => "domain",
        Format::Ipv4 | Format::Ip => "ipv4",
        Format::Ipv6 => "ipv6",
        Format::Cidr => "cidr",
        Format::MacAddress => "mac",
        Format::Uri | Format::Iri => "uri",
        Format::UriReference | Format::IriReference => "uri_reference",
        Format::UriTemplate => "uri_template",
        Format::Uuid => "uuid",
        Format::JsonPointer => "json_pointer",
        Format::RelativeJsonPointer => "relative_json_pointer",
        Format::Regex => "regex",
        Format::Byte => "base64",
        Format::Base64Url => "base64url",
        Format::Binary => "phrase",
        Format::Password => "password",
        Format::Int8 | Format::Int16 | Format::Int32 | Format::Int64 => "integer_text",
        Format::Uint8 | Format::Uint16 | Format::Uint32 | Format::Uint64 => "integer_text",
        Format::Float | Format::Double | Format::Decimal => "amount",
        Format::Phone => "phone",
        Format::CountryCode => "country_code",
        Format::Currency => "currency_code",
        Format::Language => "language",
        Format::Color => "color",
        Format::Iban => "iban",
        Format::Html => "html",
        Format::Markdown => "markdown",
        Format::Json => "json",
        _ => return None,
    };
    fakers::source(name)
}
