//! Patterns of operations, and requests spelt out.

use mocker_loadgen::scenario::{Operation, Request, Scenario, Selection, Spelt, field, of_url};

fn scenario() -> Scenario {
    let operation = |id: Option<&str>, method: &str, path: &str| Operation {
        id: id.map(str::to_owned),
        method: method.to_owned(),
        path: path.to_owned(),
        weight: 1.0,
        requests: vec![Request { bytes: Box::default(), is_head: false }],
        origin: None,
        expected: Vec::new(),
    };
    Scenario {
        operations: vec![
            operation(Some("listPets"), "GET", "/pets"),
            operation(Some("getPet"), "GET", "/pets/{id}"),
            operation(Some("deletePet"), "DELETE", "/pets/{id}"),
            operation(None, "GET", "/rest?method=info"),
        ],
    }
}

fn select(included: &[&str], excluded: &[&str]) -> Result<Vec<String>, String> {
    let owned =
        |patterns: &[&str]| -> Vec<String> { patterns.iter().map(|&pattern| pattern.to_owned()).collect() };
    let selection =
        Selection::parse(&owned(included), &owned(excluded)).map_err(|fault| fault.to_string())?;
    let selected = scenario().select(&selection).map_err(|fault| fault.to_string())?;
    Ok(selected
        .operations
        .iter()
        .map(|operation| format!("{} {}", operation.name(), operation.weight))
        .collect())
}

#[test]
fn patterns_name_operations() {
    let all = ["GET /pets 1", "GET /pets/{id} 1", "DELETE /pets/{id} 1", "GET /rest?method=info 1"];
    for (included, excluded, expected) in [
        (&[][..], &[][..], &all[..]),
        (&["GET /pets/{id}=3"], &[], &["GET /pets/{id} 3"]),
        (&["get /pets/{id}"], &[], &["GET /pets/{id} 1"]),
        (&["/pets/{id}=2"], &[], &["GET /pets/{id} 2", "DELETE /pets/{id} 2"]),
        (&["GET /pets*"], &[], &["GET /pets 1", "GET /pets/{id} 1"]),
        (&["* /pets/*"], &[], &["GET /pets/{id} 1", "DELETE /pets/{id} 1"]),
        (&["getPet"], &[], &["GET /pets/{id} 1"]),
        (&["*Pet=2", "getPet=0.5"], &[], &["GET /pets/{id} 0.5", "DELETE /pets/{id} 2"]),
        (&["/rest?method=info"], &[], &["GET /rest?method=info 1"]),
        (&["/rest?method=info=7"], &[], &["GET /rest?method=info 7"]),
        (&[], &["*Pet"], &["GET /pets 1", "GET /rest?method=info 1"]),
        (&["/pets*"], &["DELETE *"], &["GET /pets 1", "GET /pets/{id} 1"]),
    ] {
        assert_eq!(select(included, excluded).unwrap(), expected, "{included:?} {excluded:?}");
    }
}

#[test]
fn what_names_nothing_is_told_with_what_is_near() {
    for (included, excluded, expected) in [
        (
            &["GET /pet/{id}"][..],
            &[][..],
            "no operation matches `GET /pet/{id}`; did you mean `GET /pets/{id}`?",
        ),
        (&["getPets=3"], &[], "no operation matches `getPets`; did you mean `getPet`?"),
        (&["/pest"], &[], "no operation matches `/pest`; did you mean `/pets`?"),
        (&["wholly different"], &[], "no operation matches `wholly different`"),
        (&[], &["deletePets"], "no operation matches `deletePets`; did you mean `deletePet`?"),
        (&["getPet"], &["get*"], "no operation is left to send requests to"),
        (&["getPet=0"], &[], "the weight of `getPet=0` is no number above 0"),
        (&[" "], &[], "a pattern is empty: write `GET /pets/{id}`, `/pets/*` or an operationId"),
    ] {
        assert_eq!(select(included, excluded).unwrap_err(), expected, "{included:?} {excluded:?}");
    }
}

#[test]
fn requests_are_spelt_out() {
    let headers = [("accept".to_owned(), "text/plain".to_owned()), ("X-A".to_owned(), "b".to_owned())];
    let spelt = Spelt {
        method: "POST",
        target: "/a?b=c",
        host: "h:8",
        user_agent: "",
        headers: &headers,
        body: Some(b"x\0"),
    };
    let scenario = of_url(&spelt).unwrap();
    let operation = &scenario.operations[0];
    assert_eq!(operation.name(), "POST /a?b=c");
    assert_eq!(
        *operation.requests[0].bytes,
        *b"POST /a?b=c HTTP/1.1\r\nHost: h:8\r\naccept: text/plain\r\nX-A: b\r\nContent-Length: 2\r\n\r\nx\0"
    );
    let plain = Spelt { method: "GET", target: "/", host: "h", user_agent: "u", headers: &[], body: None };
    let request = of_url(&plain).unwrap().operations.remove(0).requests.remove(0);
    assert_eq!(*request.bytes, *b"GET / HTTP/1.1\r\nHost: h\r\nUser-Agent: u\r\nAccept: */*\r\n\r\n");
    assert!(of_url(&Spelt { method: "HEAD", ..plain }).unwrap().operations[0].requests[0].is_head);
    let long = format!("/{}", "a".repeat(9000));
    for (spelt, expected) in [
        (Spelt { method: "G ET", ..plain }, "`G ET` is no request method"),
        (Spelt { target: "a", ..plain }, "`a` is no request target"),
        (Spelt { target: "/a b", ..plain }, "`/a b` is no request target"),
        (Spelt { target: "/é", ..plain }, "`/é` is no request target"),
        (Spelt { target: "/a#b", ..plain }, "`/a#b` is no request target"),
        (Spelt { target: &long, ..plain }, "the request cannot be sent"),
        (Spelt { host: "", ..plain }, "`` is no host"),
        (Spelt { host: "a\r\nb", ..plain }, "`a\r\nb` is no host"),
        (Spelt { headers: &[("a b".to_owned(), String::new())], ..plain }, "`a b` cannot be"),
    ] {
        let fault = of_url(&spelt).unwrap_err().to_string();
        assert!(fault.starts_with(expected), "{fault}");
    }
}

#[test]
fn fields_are_read_as_users_write_them() {
    assert_eq!(field("X-A: b: c ").unwrap(), ("X-A".to_owned(), "b: c".to_owned()));
    assert_eq!(field("X-A:").unwrap(), ("X-A".to_owned(), String::new()));
    for text in ["X-A", ": b", "a b: c", "X: a\nb", "Content-Length: 5", "transfer-encoding: chunked"] {
        assert!(field(text).is_err(), "{text}");
    }
}
