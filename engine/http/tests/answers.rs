//! Written heads, to the byte.
#![allow(clippy::unwrap_used)]

use mocker_http::response::{
    BodyRule, DateCache, Persistence, Prepared, Sending, Writer, body_rule, is_field_name, is_field_value,
    reason,
};
use proptest::prelude::*;

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

#[test]
fn a_written_head() {
    let mut out = b"before".to_vec();
    let date = DateCache::new(784_111_777);
    Writer::new(200, &mut out)
        .field("Content-Type", b"text/plain")
        .date(&date)
        .length(1234)
        .persistence(Persistence::Closes)
        .finish();
    assert_eq!(
        text(&out),
        "beforeHTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n\
         Content-Length: 1234\r\nConnection: close\r\n\r\n"
    );
    let mut out = Vec::new();
    Writer::new(599, &mut out).chunked().persistence(Persistence::StaysTold).finish();
    assert_eq!(text(&out), "HTTP/1.1 599 \r\nTransfer-Encoding: chunked\r\nConnection: keep-alive\r\n\r\n");
}

#[test]
fn a_field_cannot_break_the_answer_apart() {
    let mut out = Vec::new();
    Writer::new(200, &mut out)
        .field("X-A", b"a\r\nSet-Cookie: b\0")
        .field("X\r\nY", b"c")
        .field("", b"d")
        .finish();
    assert_eq!(text(&out), "HTTP/1.1 200 OK\r\nX-A: a  Set-Cookie: b \r\n\r\n");
    assert!(is_field_name("X-A") && !is_field_name("X A") && !is_field_name(""));
    assert!(is_field_value("a\tb é".as_bytes()) && !is_field_value(b"a\nb") && !is_field_value(b"\x7f"));
}

#[test]
fn a_length_filled_in_later() {
    for body in ["", "12345", &"x".repeat(123_456)] {
        let mut out = b"before".to_vec();
        let slot = Writer::new(200, &mut out).finish_with_length();
        out.extend_from_slice(body.as_bytes());
        assert_eq!(slot.fill(&mut out), body.len());
        let head = text(&out[..slot.body_start()]);
        let value = head.strip_prefix("beforeHTTP/1.1 200 OK\r\nContent-Length:").unwrap();
        assert_eq!(value.trim().parse(), Ok(body.len()));
        assert_eq!(text(&out[slot.body_start()..]), body);
    }
}

const FIELDS: [(&str, &[u8]); 1] = [("Content-Type", b"application/json")];

#[test]
fn a_prepared_answer() {
    let prepared = Prepared::new(201, FIELDS, b"", b"{}");
    let date = DateCache::new(0);
    let head = "HTTP/1.1 201 Created\r\nDate: Thu, 01 Jan 1970 00:00:00 GMT\r\nContent-Type: application/json\r\nContent-Length: 2\r\n";
    let written = |persistence| {
        let mut out = b"..".to_vec();
        prepared.append(Sending { persistence, ..Sending::plain(&date) }, &mut out);
        String::from_utf8(out).unwrap()
    };
    assert_eq!(written(Persistence::Stays), format!("..{head}\r\n{{}}"));
    assert_eq!(written(Persistence::StaysTold), format!("..{head}Connection: keep-alive\r\n\r\n{{}}"));
    assert_eq!(written(Persistence::Closes), format!("..{head}Connection: close\r\n\r\n{{}}"));
    let mut out = Vec::new();
    prepared.append(Sending { head_only: true, ..Sending::plain(&date) }, &mut out);
    assert_eq!(text(&out), format!("{head}\r\n"));
    assert_eq!((prepared.body(), prepared.len()), (&b"{}"[..], head.len() + 4));
}

#[test]
fn a_prepared_answer_without_body() {
    for status in [100, 204, 304] {
        let mut out = Vec::new();
        Prepared::new(status, FIELDS, b"", b"{}").append(Sending::plain(&DateCache::new(0)), &mut out);
        assert!(!text(&out).contains("Content-Length") && out.ends_with(b"\r\n\r\n"), "{status}");
    }
    let mut out = Vec::new();
    Prepared::new(200, [], b"", b"").append(Sending::plain(&DateCache::new(0)), &mut out);
    assert!(text(&out).ends_with("Content-Length: 0\r\n\r\n"));
}

#[test]
fn fields_that_frame_the_answer_are_the_servers_own() {
    let declared = ["content-length", "Transfer-Encoding", "CONNECTION", "date", "Upgrade", "X-Length"];
    let prepared = Prepared::new(200, declared.map(|name| (name, &b"7"[..])), b"", b"body");
    let mut out = Vec::new();
    prepared.append(Sending::plain(&DateCache::new(0)), &mut out);
    assert_eq!(
        text(&out),
        "HTTP/1.1 200 OK\r\nDate: Thu, 01 Jan 1970 00:00:00 GMT\r\nX-Length: 7\r\nContent-Length: 4\r\n\r\nbody"
    );
}

#[test]
fn a_prepared_head() {
    let prepared = Prepared::head(200, FIELDS, b"");
    for persistence in [Persistence::Stays, Persistence::Closes] {
        let mut out = b"before".to_vec();
        let date = DateCache::new(0);
        let slot = prepared.append_head(Sending { persistence, ..Sending::plain(&date) }, &mut out);
        out.extend_from_slice(b"[1,2]");
        assert_eq!(slot.fill(&mut out), 5);
        let text = text(&out);
        assert!(text.contains("Content-Length:          5\r\n") && text.ends_with("\r\n\r\n[1,2]"), "{text}");
        assert_eq!(text.contains("Connection: close"), persistence == Persistence::Closes);
    }
}

#[test]
fn a_prepared_answer_with_a_status_and_lines_of_its_own() {
    let date = DateCache::new(1);
    let sending = Sending {
        persistence: Persistence::Closes,
        status: Some(404),
        lines: Some(b"X-A: 1\r\nX-B: 2\r\n"),
        ..Sending::plain(&date)
    };
    let head = |length: &str| {
        format!(
            "HTTP/1.1 404 Not Found\r\nDate: Thu, 01 Jan 1970 00:00:01 GMT\r\nContent-Type: application/json\r\n\
             Content-Length: {length}\r\nX-A: 1\r\nX-B: 2\r\nConnection: close\r\n\r\n"
        )
    };
    let mut out = b"before".to_vec();
    Prepared::new(200, FIELDS, b"X-C: 3\r\n", b"{}").append(sending, &mut out);
    assert_eq!(text(&out), format!("before{}{{}}", head("2")));
    let mut out = b"before".to_vec();
    let slot = Prepared::head(200, FIELDS, b"X-C: 3\r\n").append_head(sending, &mut out);
    out.extend_from_slice(b"[1,2]");
    slot.fill(&mut out);
    assert_eq!(text(&out), format!("before{}[1,2]", head("         5")));
}

#[test]
fn what_each_status_allows() {
    assert_eq!([101, 204].map(body_rule), [BodyRule::Neither; 2]);
    assert_eq!(body_rule(304), BodyRule::LengthOnly);
    assert_eq!([200, 205, 404].map(body_rule), [BodyRule::Body; 3]);
    assert_eq!((reason(404), reason(299)), ("Not Found", ""));
}

#[test]
fn dates_of_known_days() {
    let known = [
        (0, "Thu, 01 Jan 1970 00:00:00 GMT"),
        (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"),
        (951_868_799, "Tue, 29 Feb 2000 23:59:59 GMT"),
        (951_868_800, "Wed, 01 Mar 2000 00:00:00 GMT"),
        (1_704_067_199, "Sun, 31 Dec 2023 23:59:59 GMT"),
        (1_709_210_096, "Thu, 29 Feb 2024 12:34:56 GMT"),
        (4_107_542_400, "Mon, 01 Mar 2100 00:00:00 GMT"),
        (253_402_300_799, "Fri, 31 Dec 9999 23:59:59 GMT"),
        (u64::MAX, "Fri, 31 Dec 9999 23:59:59 GMT"),
    ];
    for (second, expected) in known {
        assert_eq!(text(DateCache::new(second).text()), expected);
    }
    let mut date = DateCache::new(0);
    date.update(784_111_777);
    assert_eq!(text(date.text()), "Sun, 06 Nov 1994 08:49:37 GMT");
}

proptest! {
    /// Days follow each other as the calendar says, told by counting.
    #[test]
    fn days_follow_each_other(day in 0u64..2_932_896) {
        let parts = |day: u64| {
            let date = DateCache::new(day * 86_400);
            let text = text(date.text()).to_owned();
            let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
            let month = months.iter().position(|month| *month == &text[8..11]).unwrap();
            (text[12..16].parse::<u64>().unwrap(), month, text[5..7].parse::<u64>().unwrap())
        };
        let (year, month, of_month) = parts(day);
        let leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
        let length = match month { 1 => 28 + u64::from(leap), 3 | 5 | 8 | 10 => 30, _ => 31 };
        let next = match (month, of_month == length) {
            (11, true) => (year + 1, 0, 1),
            (_, true) => (year, month + 1, 1),
            _ => (year, month, of_month + 1),
        };
        prop_assert_eq!(parts(day + 1), next);
    }
}
