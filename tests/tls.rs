//! HTTPS as clients see it: curl, OpenSSL, and one of rustls that keeps its connection.

use std::fs::Permissions;
use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use rustls::crypto::ring::default_provider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

use crate::behaviours::write;
use crate::client::Client;
use crate::control::PETSTORE;
use crate::server::{ADMIN, Server};

const DRIVERS: [&str; 2] = ["auto", "epoll"];
const PATIENCE: Duration = Duration::from_secs(20);

/// Certifies servers and clients, in a folder of its own: `ca.pem`, and what it certifies as `NAME.pem` and `NAME.key`.
struct Authority {
    folder: tempfile::TempDir,
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    fn new() -> Authority {
        let folder = tempfile::tempdir().unwrap();
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new([]).unwrap();
        params.distinguished_name.push(DnType::CommonName, "an authority");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        write(folder.path(), "ca.pem", &params.self_signed(&key).unwrap().pem());
        Authority { issuer: Issuer::new(params, key), folder }
    }

    fn certify(&self, name: &str) {
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new(["localhost".to_owned()]).unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        write(self.folder.path(), &format!("{name}.pem"), &certificate.pem());
        write(self.folder.path(), &format!("{name}.key"), &key.serialize_pem());
        let private = Permissions::from_mode(0o600);
        std::fs::set_permissions(self.folder.path().join(format!("{name}.key")), private).unwrap();
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).to_str().unwrap().to_owned()
    }

    /// A server with a certificate of this authority, and whatever else these arguments say.
    fn server(&self, arguments: &[&str]) -> Server {
        self.certify("server");
        let own = [self.path("server.pem"), self.path("server.key")];
        let own = ["--tls-cert", &own[0], "--tls-key", &own[1]];
        start(&[&[PETSTORE][..], &own, arguments].concat())
    }
}

fn start(arguments: &[&str]) -> Server {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mocker"));
    command.arg("start").args(arguments).args(["--host", "127.0.0.1", "--port", "0"]);
    Server::spawn_with_errors(command)
}

fn has(program: &str, argument: &str) -> bool {
    let is_there =
        Command::new(program).arg(argument).stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok();
    if !is_there {
        eprintln!("SKIPPED: {program} is not installed");
    }
    is_there
}

/// What curl gets of a path: its exit code, what it prints, what it says.
fn curl(address: SocketAddr, path: &str, arguments: &[&str]) -> (Option<i32>, String, String) {
    let mut command = Command::new("curl");
    command.args(["-sS", "--fail", "--max-time", "20"]).args(arguments);
    let Output { status, stdout, stderr } =
        command.arg(format!("https://localhost:{}{path}", address.port())).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (status.code(), text(&stdout), text(&stderr))
}

/// A kept connection that trusts the certificates of a file.
fn kept(address: SocketAddr, ca: &str) -> StreamOwned<ClientConnection, TcpStream> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(ca).unwrap()).unwrap();
    let builder = ClientConfig::builder_with_provider(default_provider().into());
    let builder = builder.with_safe_default_protocol_versions().unwrap();
    let config = Arc::new(builder.with_root_certificates(roots).with_no_client_auth());
    let tls = ClientConnection::new(config, ServerName::try_from("localhost").unwrap()).unwrap();
    let socket = TcpStream::connect(address).unwrap();
    socket.set_read_timeout(Some(PATIENCE)).unwrap();
    StreamOwned::new(tls, socket)
}

#[test]
fn both_versions_are_spoken_and_one_protocol() {
    if !has("curl", "--version") {
        return;
    }
    let authority = Authority::new();
    for driver in DRIVERS {
        let server = authority.server(&["--driver", driver]);
        assert!(server.start_line.contains("listening on https://127.0.0.1:"), "{}", server.start_line);
        let ca = authority.path("ca.pem");
        for (flags, version, protocol) in [
            (&["--tls-max", "1.2"][..], "SSL connection using TLSv1.2", "1.1"),
            (&["--tlsv1.3"], "SSL connection using TLSv1.3", "1.1"),
            (&["--http2"], "ALPN: server accepted http/1.1", "1.1"),
            (&["--no-alpn"], "SSL connection using TLSv1.3", "1.1"),
        ] {
            let arguments =
                [&["-v", "--cacert", &ca, "-o", "/dev/null", "-w", "%{http_version}"], flags].concat();
            let (code, printed, said) = curl(server.address, "/pets", &arguments);
            assert_eq!((code, &*printed), (Some(0), protocol), "{flags:?} on {driver}: {said}");
            assert!(said.contains(version), "{flags:?} on {driver}: {said}");
        }
        let (code, _, said) = curl(server.address, "/pets", &[]);
        assert_eq!(code, Some(60), "nobody knows the authority: {said}");
        let (code, ..) = curl(server.address, "/pets", &["--cacert", &ca, "--tls-max", "1.1"]);
        assert_eq!(code, Some(35), "older versions are not spoken");
    }
}

#[test]
fn a_self_signed_certificate_is_known_by_its_digest() {
    if !has("curl", "--version") || !has("openssl", "version") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out.pem");
    let out = out.to_str().unwrap();
    let server = start(&[PETSTORE, "--tls", "self-signed", "--tls-cert-out", out]);
    let digest =
        Command::new("openssl").args(["x509", "-noout", "-fingerprint", "-sha256", "-in", out]).output();
    let digest = String::from_utf8(digest.unwrap().stdout).unwrap();
    let digest = digest.trim().split('=').nth(1).unwrap();
    assert!(server.start_line.contains(&format!("(SHA-256 {digest})")), "{}", server.start_line);
    assert_eq!(curl(server.address, "/pets", &["-k"]).0, Some(0));
    for name in ["localhost", "127.0.0.1", "[::1]"] {
        let port = server.address.port();
        let url = format!("https://{name}:{port}/pets");
        let reached = format!("{}:{port}:127.0.0.1:{port}", name);
        let mut command = Command::new("curl");
        command.args(["-sS", "--fail", "--max-time", "20", "-o", "/dev/null", "--cacert", out]);
        let output = command.args(["--connect-to", &reached, &url]).output().unwrap();
        assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "the key is written nowhere");
}

#[test]
fn clients_show_the_certificate_that_is_asked_for() {
    if !has("curl", "--version") {
        return;
    }
    let (authority, others) = (Authority::new(), Authority::new());
    authority.certify("client");
    others.certify("stranger");
    let ca = authority.path("ca.pem");
    for driver in DRIVERS {
        let server = authority.server(&["--driver", driver, "--tls-client-ca", &ca]);
        for version in ["1.2", "1.3"] {
            let own = [authority.path("client.pem"), authority.path("client.key")];
            let strange = [others.path("stranger.pem"), others.path("stranger.key")];
            let base = ["--cacert", &ca, "--tls-max", version];
            let with = |[cert, key]: &[String; 2]| {
                curl(server.address, "/pets", &[&base[..], &["--cert", cert, "--key", key]].concat())
            };
            assert_eq!(with(&own).0, Some(0), "{version}: {}", with(&own).2);
            for (code, _, said) in [curl(server.address, "/pets", &base), with(&strange)] {
                assert!([35, 56, 98].contains(&code.unwrap()), "{version}: {code:?} {said}");
            }
        }
    }
}

#[test]
fn what_is_not_tls_is_told_so_or_ended() {
    let authority = Authority::new();
    for driver in DRIVERS {
        let server = authority.server(&["--driver", driver, "--tls-handshake-timeout", "50ms"]);
        let refused = Client::connect(server.address).ask("GET", "/pets", "");
        assert_eq!((refused.status, refused.header("Connection")), (400, Some("close")));
        assert_eq!(refused.json()["title"], "The plain HTTP request was sent to HTTPS port");
        let mut garbage = TcpStream::connect(server.address).unwrap();
        garbage.set_read_timeout(Some(PATIENCE)).unwrap();
        garbage.write_all(&[0xf0; 100]).unwrap();
        garbage.shutdown(Shutdown::Write).unwrap();
        let mut alert = Vec::new();
        garbage.read_to_end(&mut alert).unwrap();
        assert_eq!(alert[0], 21, "{alert:?}");
        // Half a hello, and nothing more.
        let mut silent = TcpStream::connect(server.address).unwrap();
        silent.set_read_timeout(Some(PATIENCE)).unwrap();
        silent.write_all(&[22, 3, 1, 2, 0, 1, 0, 1]).unwrap();
        assert_eq!(silent.read(&mut [0]).unwrap(), 0);
        assert!(kept(server.address, &authority.path("ca.pem")).write_all(b"x").is_ok(), "others go on");
    }
}

const LARGE: &str = "
openapi: 3.1.0
info: {title: T, version: '1'}
paths:
  /a:
    post: {requestBody: {content: {text/plain: {}}}, responses: {'200': {description: d, content: {text/plain: {example: LARGE}}}}}
    get: {responses: {'200': {description: d, content: {text/plain: {example: small}}}}}
";

#[test]
fn connections_are_kept_for_small_and_large_requests() {
    let authority = Authority::new();
    authority.certify("server");
    let answer = "x".repeat(300_000);
    write(authority.folder.path(), "api.yaml", &LARGE.replace("LARGE", &answer));
    let files = [authority.path("api.yaml"), authority.path("server.pem"), authority.path("server.key")];
    for driver in DRIVERS {
        let server = start(&[&files[0], "--tls-cert", &files[1], "--tls-key", &files[2], "--driver", driver]);
        let mut stream = kept(server.address, &authority.path("ca.pem"));
        let read = |stream: &mut dyn Read, bytes: usize| {
            let mut all = vec![0; bytes];
            stream.read_exact(&mut all).unwrap();
            String::from_utf8(all).unwrap()
        };
        let get = b"GET /a HTTP/1.1\r\nHost: a\r\n\r\n";
        stream.write_all(get).unwrap();
        let first = read(&mut stream, 1);
        let mut head = first;
        while !head.ends_with("\r\n\r\nsmall") {
            head += &read(&mut stream, 1);
        }
        // Pipelined ones, of which one is larger than a record, both ways.
        let body = "b".repeat(5 << 20);
        let post = format!(
            "POST /a HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        stream.write_all(&[get, get, post.as_bytes(), get].concat()).unwrap();
        for _ in 0..2 {
            assert_eq!(read(&mut stream, head.len()), head);
        }
        let mut large = read(&mut stream, 1);
        while !large.ends_with("\r\n\r\n") {
            large += &read(&mut stream, 1);
        }
        assert!(large.starts_with("HTTP/1.1 200"), "{large}");
        assert_eq!(read(&mut stream, answer.len()), answer);
        assert_eq!(read(&mut stream, head.len()), head);
        server.signal("TERM");
        // An end that was not announced would be an error.
        assert_eq!(stream.read(&mut [0]).unwrap(), 0);
        assert!(server.wait().0.success());
    }
}

#[test]
fn sessions_are_taken_up_again() {
    if !has("openssl", "version") {
        return;
    }
    let authority = Authority::new();
    let server = authority.server(&[]);
    let session = authority.path("session");
    let client = |keep: &str| {
        let mut command = Command::new("openssl");
        command.args([
            "s_client",
            "-connect",
            &server.address.to_string(),
            "-servername",
            "localhost",
            "-tls1_2",
        ]);
        let mut child = command
            .args([keep, &session])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        child
            .stdin
            .take()
            .unwrap()
            .write_all(b"GET /pets HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            .unwrap();
        let mut said = String::new();
        child.stdout.take().unwrap().read_to_string(&mut said).unwrap();
        child.wait().unwrap();
        said
    };
    let (first, second) = (client("-sess_out"), client("-sess_in"));
    assert!(first.contains("New, TLSv1.2") && first.contains("lifetime hint"), "{first}");
    assert!(second.contains("Reused, TLSv1.2"), "{second}");
}

#[test]
fn who_speaks_other_protocols_alone_is_refused() {
    if !has("openssl", "version") {
        return;
    }
    let authority = Authority::new();
    let server = authority.server(&[]);
    let shake = |protocols: &str| {
        let mut command = Command::new("openssl");
        command.args(["s_client", "-connect", &server.address.to_string(), "-alpn", protocols]);
        command.stdin(Stdio::null()).output().unwrap()
    };
    let (refused, taken) = (shake("h2"), shake("h2,http/1.1"));
    let said =
        |output: &Output| String::from_utf8_lossy(&[&*output.stdout, &output.stderr].concat()).into_owned();
    assert!(said(&refused).contains("no application protocol"), "{}", said(&refused));
    assert!(said(&taken).contains("ALPN protocol: http/1.1"), "{}", said(&taken));
}

#[test]
fn certificates_are_read_again_and_bad_ones_are_not_taken() {
    let authority = Authority::new();
    let ca = authority.path("ca.pem");
    for reload in ["SIGHUP", "watch"] {
        let server = authority.server(&[if reload == "watch" { "--watch=true" } else { "--watch=false" }]);
        let again = || {
            if reload == "SIGHUP" {
                server.signal("HUP")
            }
        };
        let ask = |stream: &mut StreamOwned<ClientConnection, TcpStream>| {
            stream.write_all(b"GET /pets HTTP/1.1\r\nHost: a\r\n\r\n").unwrap();
            let mut some = [0; 64];
            let length = stream.read(&mut some).unwrap();
            assert!(some[..length].starts_with(b"HTTP/1.1 200"));
            while stream.conn.process_new_packets().unwrap().plaintext_bytes_to_read() > 0 {
                assert!(stream.read(&mut some).unwrap() > 0);
            }
        };
        let certificate = || {
            let mut stream = kept(server.address, &ca);
            ask(&mut stream);
            stream.conn.peer_certificates().unwrap()[0].to_vec()
        };
        let first = certificate();
        let mut old = kept(server.address, &ca);
        ask(&mut old);
        // A certificate that came before its key.
        authority.certify("next");
        let read = |name: &str| std::fs::read_to_string(authority.path(name)).unwrap();
        write(authority.folder.path(), "server.pem", &read("next.pem"));
        again();
        let said = server.heard("does not belong to the certificate");
        assert!(said.contains("server.key"), "{said}");
        server.heard("what was served before is served on");
        assert_eq!(certificate(), first);
        write(authority.folder.path(), "server.key", &read("next.key"));
        again();
        server.heard("other certificates");
        assert_ne!(certificate(), first);
        ask(&mut old);
    }
}

#[test]
fn chaos_strikes_what_is_sealed() {
    if !has("curl", "--version") {
        return;
    }
    let authority = Authority::new();
    for driver in DRIVERS {
        let server = authority.server(&["--driver", driver, "--chaos-headers"]);
        let ca = authority.path("ca.pem");
        for (field, expected) in [
            ("X-Mocker-Fault: error", 22),
            ("X-Mocker-Fault: reset", 56),
            ("X-Mocker-Fault: empty", 52),
            ("X-Mocker-Fault: truncate", 18),
            ("X-Mocker-Fault: wrong-length", 18),
            ("X-Mocker-Fault: garbage", 1),
            ("X-Mocker-Fault: dribble", 0),
            ("X-Mocker-Delay: 5ms", 0),
        ] {
            let arguments = ["--cacert", &ca, "-H", field, "-o", "/dev/null"];
            let (code, _, said) = curl(server.address, "/pets", &arguments);
            assert_eq!(code, Some(expected), "{field} on {driver}: {said}");
        }
        let late = ["--cacert", &ca, "-H", "X-Mocker-Fault: timeout", "--max-time", "0.5"];
        assert_eq!(curl(server.address, "/pets", &late).0, Some(28));
    }
}

#[test]
fn a_reset_is_one_of_tcp() {
    let authority = Authority::new();
    let server = authority.server(&["--chaos-headers"]);
    let mut stream = kept(server.address, &authority.path("ca.pem"));
    stream.write_all(b"GET /pets HTTP/1.1\r\nHost: a\r\nX-Mocker-Fault: reset\r\n\r\n").unwrap();
    let error = stream.read(&mut [0]).unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset);
}

#[test]
fn what_cannot_be_served_is_not_started() {
    let authority = Authority::new();
    authority.certify("one");
    authority.certify("other");
    let [cert, key, ca] = ["one.pem", "other.key", "ca.pem"].map(|name| authority.path(name));
    for (arguments, expected) in [
        (&["--tls-cert", &cert, "--tls-key", &key][..], "does not belong to the certificate"),
        (&["--tls-cert", &cert], "`server.tls.cert` is given, but the server has no key"),
        (&["--tls-key", &key], "`server.tls.key` is given, but the server has no certificate"),
        (
            &["--tls-client-ca", &ca],
            "`server.tls.client_ca` is given, but the server has no certificate of its own",
        ),
        (&["--tls-cert", "none.pem", "--tls-key", &key], "cannot read none.pem: no such file"),
        (&["--tls", "selfsigned"], "self-signed"),
    ] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_mocker"));
        let output =
            command.args(["start", PETSTORE, "--port", "0"]).args(arguments).env(ADMIN, "off").output();
        let output = output.unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {said}");
        assert!(said.contains(expected), "{arguments:?}: {said}");
    }
}

#[test]
fn a_key_for_everybody_is_a_warning() {
    let authority = Authority::new();
    authority.certify("server");
    let [cert, key] = ["server.pem", "server.key"].map(|name| authority.path(name));
    std::fs::set_permissions(&key, Permissions::from_mode(0o644)).unwrap();
    let server = start(&[PETSTORE, "--tls-cert", &cert, "--tls-key", &key]);
    let said = server.heard("everybody on this machine can read the key");
    assert!(said.contains("chmod 600"), "{said}");
}

#[test]
fn the_status_says_https() {
    let server = start(&[PETSTORE, "--tls", "self-signed", "--admin", "127.0.0.1:0"]);
    let mut command = Command::new(env!("CARGO_BIN_EXE_mocker"));
    let output = command.args(["status", "--admin", &server.admin().to_string()]).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(said.contains(&format!("https://{}", server.address)), "{said}");
}

#[test]
fn many_clients_shake_hands_while_others_are_served() {
    let authority = Authority::new();
    let server = authority.server(&["--threads", "2"]);
    let ca = authority.path("ca.pem");
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for _ in 0..10 {
                    let mut stream = kept(server.address, &ca);
                    let request = b"GET /pets HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
                    stream.write_all(request).unwrap();
                    let mut answer = String::new();
                    stream.read_to_string(&mut answer).unwrap();
                    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
                }
            });
        }
    });
}

/// The files that the page names are not there: it is read, not run.
#[test]
fn the_page_names_every_setting() {
    let page = std::fs::read_to_string(Path::new("docs/tls.md")).unwrap();
    for setting in ["mode", "cert", "key", "client_ca", "cert_out", "handshake_timeout"] {
        assert!(page.contains(setting), "{setting}");
    }
}

#[test]
fn that_tls_is_spoken_does_not_change_while_a_server_runs() {
    const PAGED: &str = "openapi: 3.1.0\ninfo: {title: P, version: '1'}\npaths:\n  /things:\n    get:\n      parameters: \
        [{name: limit, in: query, schema: {type: integer}}, {name: offset, in: query, schema: {type: integer}}]\n      \
        responses: {'200': {description: D, content: {application/json: {schema: {type: object, required: [items, next], \
        properties: {next: {type: [string, 'null'], format: uri}, items: {type: array, items: {$ref: \
        '#/components/schemas/Thing'}}}}}}}}\n  /things/{id}:\n    get:\n      parameters: [{name: id, in: path, required: \
        true, schema: {type: integer}}]\n      responses: {'200': {description: D, content: {application/json: {schema: \
        {$ref: '#/components/schemas/Thing'}}}}}\ncomponents: {schemas: {Thing: {type: object, required: [id], properties: \
        {id: {type: integer}, name: {type: string}}}}}\n";
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "api.yaml", PAGED);
    let config = "specs: api.yaml\ngeneration: {world: on}\nserver: {port: 0, host: 127.0.0.1, watch: false";
    write(folder.path(), "mocker.yaml", &format!("{config}}}\n"));
    let path = folder.path().join("mocker.yaml");
    let mut command = Command::new(env!("CARGO_BIN_EXE_mocker"));
    command.args(["start", "--config", path.to_str().unwrap()]);
    let server = Server::spawn_with_errors(command);
    let next = || crate::client::get(server.address, "/things?limit=2").json()["next"].to_string();
    let before = next();
    assert!(before.starts_with("\"http://"), "{before}");
    write(folder.path(), "mocker.yaml", &format!("{config}, tls: {{mode: self-signed}}}}\n"));
    server.signal("HUP");
    server.heard("server.tls.mode is what it was until the next start");
    server.heard("reloaded");
    assert_eq!(next(), before);
}
