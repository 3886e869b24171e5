//! An authority, what it certifies, and a client that believes it.

#![allow(dead_code, unreachable_pub, clippy::unwrap_used, missing_docs)]

use std::{
    io::{self, ErrorKind, Read, Write},
    net::{SocketAddr, TcpStream},
    sync::Arc,
};

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use rustls::{
    ClientConfig, ClientConnection, HandshakeKind, RootCertStore, ServerConfig, SupportedProtocolVersion,
    crypto::ring::{Ticketer, default_provider},
    pki_types::{CertificateDer, PrivateKeyDer, ServerName},
    server::WebPkiClientVerifier,
    version::{TLS12, TLS13},
};

use super::harness::PATIENCE;

pub type Version = &'static SupportedProtocolVersion;
pub const VERSIONS: [Version; 2] = [&TLS12, &TLS13];

/// Certifies servers and clients.
pub struct Authority {
    issuer: Issuer<'static, KeyPair>,
    certificate: CertificateDer<'static>,
}

impl Authority {
    pub fn new() -> Self {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new([]).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let certificate = params.self_signed(&key).unwrap().der().clone();
        Self { issuer: Issuer::new(params, key), certificate }
    }

    fn certify(&self) -> (Vec<CertificateDer<'static>>, PrivateKeyDer<'static>) {
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new(["localhost".to_owned()]).unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        (vec![certificate.der().clone()], PrivateKeyDer::try_from(key.serialize_der()).unwrap())
    }

    fn roots(&self) -> RootCertStore {
        let mut roots = RootCertStore::empty();
        roots.add(self.certificate.clone()).unwrap();
        roots
    }

    /// A server with a certificate of its own.
    pub fn server(&self) -> Arc<ServerConfig> {
        let (chain, key) = self.certify();
        let builder = ServerConfig::builder_with_provider(default_provider().into())
            .with_safe_default_protocol_versions();
        let mut config = builder.unwrap().with_no_client_auth().with_single_cert(chain, key).unwrap();
        config.ticketer = Ticketer::new().unwrap();
        Arc::new(config)
    }

    /// The same, for clients that are certified.
    pub fn server_for_known(&self) -> Arc<ServerConfig> {
        let (chain, key) = self.certify();
        let provider = Arc::new(default_provider());
        let verifier = WebPkiClientVerifier::builder_with_provider(self.roots().into(), provider.clone())
            .build()
            .unwrap();
        let builder = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
        Arc::new(builder.unwrap().with_client_cert_verifier(verifier).with_single_cert(chain, key).unwrap())
    }

    /// A client that nobody certified.
    pub fn client(&self, version: Version) -> Arc<ClientConfig> {
        let builder = ClientConfig::builder_with_provider(default_provider().into());
        let builder = builder.with_protocol_versions(&[version]).unwrap();
        Arc::new(builder.with_root_certificates(self.roots()).with_no_client_auth())
    }

    /// A client that is certified.
    pub fn known_client(&self, version: Version) -> Arc<ClientConfig> {
        self.pretending(self, version)
    }

    /// A client that is certified by this, and believes another.
    pub fn pretending(&self, other: &Authority, version: Version) -> Arc<ClientConfig> {
        let (chain, key) = self.certify();
        let builder = ClientConfig::builder_with_provider(default_provider().into());
        let builder = builder.with_protocol_versions(&[version]).unwrap();
        Arc::new(builder.with_root_certificates(other.roots()).with_client_auth_cert(chain, key).unwrap())
    }

    /// What a client sends first.
    pub fn hello(&self) -> Vec<u8> {
        let name = ServerName::try_from("localhost").unwrap();
        let mut hello = Vec::new();
        ClientConnection::new(self.client(&TLS13), name).unwrap().write_tls(&mut hello).unwrap();
        hello
    }
}

/// A client whose every step fails after [`PATIENCE`].
pub struct TlsClient {
    tls: ClientConnection,
    socket: TcpStream,
    /// Sends each byte on its own
    pub is_slow: bool,
}

impl TlsClient {
    pub fn connect(address: SocketAddr, config: Arc<ClientConfig>) -> Self {
        let socket = TcpStream::connect_timeout(&address, PATIENCE).unwrap();
        socket.set_read_timeout(Some(PATIENCE)).unwrap();
        socket.set_write_timeout(Some(PATIENCE)).unwrap();
        socket.set_nodelay(true).unwrap();
        let tls = ClientConnection::new(config, ServerName::try_from("localhost").unwrap()).unwrap();
        Self { tls, socket, is_slow: false }
    }

    pub fn socket(&mut self) -> &mut TcpStream {
        &mut self.socket
    }

    pub fn send(&mut self, bytes: impl AsRef<[u8]>) -> &mut Self {
        self.try_send(bytes.as_ref()).unwrap();
        self
    }

    fn try_send(&mut self, bytes: &[u8]) -> io::Result<()> {
        while self.tls.is_handshaking() {
            self.flush()?;
            if self.tls.is_handshaking() {
                self.receive()?;
            }
        }
        // What a client holds before it is sent is limited.
        for piece in bytes.chunks(16 << 10) {
            self.tls.writer().write_all(piece)?;
            self.flush()?;
        }
        Ok(())
    }

    /// Sends what is encrypted one byte at a time.
    pub fn trickle(&mut self, bytes: impl AsRef<[u8]>) {
        self.is_slow = true;
        self.send(bytes);
        self.is_slow = false;
    }

    /// What would be sent.
    pub fn record(&mut self, bytes: &str) -> Vec<u8> {
        self.tls.writer().write_all(bytes.as_bytes()).unwrap();
        let mut record = Vec::new();
        self.tls.write_tls(&mut record).unwrap();
        record
    }

    /// Sends under other keys from now on, and asks the server to do the same.
    pub fn renew_keys(&mut self) {
        self.tls.refresh_traffic_keys().unwrap();
        self.flush().unwrap();
    }

    pub fn end(&mut self) -> &mut Self {
        self.tls.send_close_notify();
        self.flush().unwrap();
        self
    }

    fn flush(&mut self) -> io::Result<()> {
        let mut sealed = Vec::new();
        while self.tls.wants_write() {
            self.tls.write_tls(&mut sealed)?;
        }
        let length = if self.is_slow { 1 } else { sealed.len().max(1) };
        sealed.chunks(length).try_for_each(|piece| self.socket.write_all(piece))
    }

    /// Whether anything came.
    fn receive(&mut self) -> io::Result<bool> {
        let length = self.tls.read_tls(&mut self.socket)?;
        self.tls.process_new_packets().map_err(io::Error::other)?;
        self.flush()?;
        match length {
            0 if self.tls.is_handshaking() => Err(ErrorKind::UnexpectedEof.into()),
            length => Ok(length > 0),
        }
    }

    /// At least one byte, or the end, which must have been announced.
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            match self.tls.reader().read(buffer) {
                Err(error) if error.kind() == ErrorKind::WouldBlock => self.receive().map(drop)?,
                read => return read,
            }
        }
    }

    pub fn line(&mut self) -> String {
        self.try_line().unwrap()
    }

    fn try_line(&mut self) -> io::Result<String> {
        let mut line = Vec::new();
        loop {
            let mut byte = [0];
            match self.read(&mut byte)? {
                0 => return Err(ErrorKind::UnexpectedEof.into()),
                _ if byte == *b"\n" => return Ok(String::from_utf8(line).unwrap()),
                _ => line.extend(byte),
            }
        }
    }

    pub fn ask(&mut self, line: &str) -> String {
        self.try_ask(line).unwrap()
    }

    pub fn try_ask(&mut self, line: &str) -> io::Result<String> {
        self.try_send(format!("{line}\n").as_bytes())?;
        self.try_line()
    }

    pub fn take(&mut self, bytes: usize) -> Vec<u8> {
        let mut taken = vec![0; bytes];
        let mut filled = 0;
        while filled < bytes {
            let more = self.read(&mut taken[filled..]).unwrap();
            assert!(more > 0, "the end behind {filled} of {bytes} bytes");
            filled += more;
        }
        taken
    }

    /// All there is until the server closes, and says so.
    pub fn rest(&mut self) -> io::Result<Vec<u8>> {
        let (mut rest, mut buffer) = (Vec::new(), [0; 4096]);
        loop {
            match self.read(&mut buffer)? {
                0 => return Ok(rest),
                length => rest.extend(&buffer[..length]),
            }
        }
    }

    /// How the connection breaks.
    pub fn error(&mut self) -> ErrorKind {
        self.rest().unwrap_err().kind()
    }

    pub fn kind(&self) -> HandshakeKind {
        self.tls.handshake_kind().unwrap()
    }

    pub fn certificate(&self) -> Vec<u8> {
        self.tls.peer_certificates().unwrap()[0].to_vec()
    }
}
