//! A page that the mock serves, in a real browser: it can neither read nor write the Admin API.

use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use crate::control::{administered, ask};

/// Tries everything that a page can, and leaves what came of it in its body. What is asked without `cors` gives an answer
/// that the page cannot look into, whatever it is.
const PAGE: &str = r#"<!doctype html><body><form id=f method=post enctype=text/plain target=i></form><iframe name=i></iframe><p id=p></p>
<script>
(async () => {
  const port = new URLSearchParams(location.search).get('admin');
  const told = {};
  const read = async (name, url, init) => {
    try { const answer = await fetch(url, init); told[name] = answer.type == 'opaque' ? 'opaque' : 'read ' + answer.status; }
    catch (error) { told[name] = 'refused'; }
  };
  for (const host of ['localhost', '127.0.0.1']) {
    const base = `http://${host}:${port}/api/v1`;
    await read(host + ' read', base + '/status');
    await read(host + ' config', base + '/config', { credentials: 'include' });
    await read(host + ' blind', base + '/status', { mode: 'no-cors' });
    await read(host + ' put', base + '/state/global/k', { method: 'PUT', body: '1', headers: { 'Content-Type': 'application/json' } });
    await read(host + ' post', base + '/reload', { method: 'POST' });
    await read(host + ' blind post', base + '/reload', { method: 'POST', mode: 'no-cors' });
    await read(host + ' blind text', base + '/stop', { method: 'POST', mode: 'no-cors', body: '{}' });
    await read(host + ' delete', base + '/state/global', { method: 'DELETE' });
    navigator.sendBeacon(base + '/stop', new Blob(['{}'], { type: 'text/plain' }));
  }
  p.textContent = 'told' + JSON.stringify(told) + 'end';
  f.action = `http://localhost:${port}/api/v1/stop`;
  f.submit();
})();
</script>"#;

fn page(folder: &Path) -> String {
    let document = json!({
        "openapi": "3.1.0", "info": { "title": "T", "version": "1" },
        "paths": { "/page": { "get": { "responses": { "200": {
            "description": "d", "content": { "text/html": { "example": PAGE } } } } } } },
    });
    let file = folder.join("api.json");
    std::fs::write(&file, document.to_string()).unwrap();
    file.to_str().unwrap().to_owned()
}

/// What a page has become; `None` where there is no browser.
fn visited(folder: &Path, url: &str) -> Option<String> {
    let mut command = Command::new("chromium");
    command.args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--dump-dom"]);
    command.args(["--virtual-time-budget=30000", "--host-resolver-rules=MAP rebound.example 127.0.0.1"]);
    command.arg(format!("--user-data-dir={}", folder.join("profile").display())).arg(url);
    match command.output() {
        Ok(output) => Some(String::from_utf8_lossy(&output.stdout).into_owned()),
        Err(error) => {
            eprintln!("SKIPPED: chromium cannot be started: {error}");
            None
        }
    }
}

#[test]
fn a_page_of_the_mock_reaches_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let server = administered(&[&page(folder.path())]);
    let admin = server.admin();
    let url = format!("http://localhost:{}/page?admin={}", server.address.port(), admin.port());
    let Some(seen) = visited(folder.path(), &url) else { return };
    let told = seen.split("told{").nth(1).and_then(|rest| rest.split("}end").next());
    let told = told.unwrap_or_else(|| panic!("the page did not get to its end: {seen}"));
    let told: Value = serde_json::from_str(&format!("{{{told}}}")).unwrap();
    for host in ["localhost", "127.0.0.1"] {
        for what in ["read", "config", "put", "post", "delete"] {
            assert_eq!(told[format!("{host} {what}")], "refused", "{told}");
        }
    }
    let all: Vec<&Value> = told.as_object().unwrap().values().collect();
    assert!(all.iter().all(|what| *what == "refused" || *what == "opaque"), "{told}");
    let status = ask(admin, "GET", "/api/v1/status", None).json();
    assert_eq!(
        (&status["stage"], &status["revision"], &status["last_reload"]),
        (&json!("serving"), &json!(0), &json!(null))
    );
    assert_eq!(ask(admin, "GET", "/api/v1/state/global/k", None).status, 404);
}

#[test]
fn a_name_that_was_turned_to_this_machine_reaches_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let server = administered(&[&page(folder.path())]);
    let own = format!("http://localhost:{}/api/v1/status", server.admin().port());
    let Some(seen) = visited(folder.path(), &own) else { return };
    assert!(seen.contains("serving"), "whoever types the address sees it: {seen}");
    let rebound = own.replace("localhost", "rebound.example");
    let seen = visited(folder.path(), &rebound).unwrap_or_default();
    assert!(seen.contains("403") && !seen.contains("serving"), "{seen}");
}
