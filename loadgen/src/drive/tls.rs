//! TLS between socket and HTTP. The protocol is rustls', which knows no sockets.

use std::{
    io::{self, BufRead, Write},
    sync::Arc,
};

use mocker_runtime::client::Socket;
use rustls::{
    ClientConfig, ClientConnection, DigitallySignedStruct, RootCertStore, SignatureScheme,
    client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    crypto::{CryptoProvider, ring},
    pki_types::{CertificateDer, ServerName, UnixTime},
};
use thiserror::Error;

use crate::limits::RECORD_BUFFER;

/// What HTTPS needs to know.
#[derive(Clone, Debug)]
pub struct Tls {
    config: Arc<ClientConfig>,
    name: ServerName<'static>,
}

/// Whose certificates are believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trust {
    /// Those of the authorities that Mozilla believes
    Roots,
    /// Anybody's, unchecked
    Anybody,
}

/// A host that cannot stand in a certificate.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("`{0}` is no name that a certificate could be for")]
pub struct BadName(pub String);

impl Tls {
    /// For a host name or an address, without brackets and port.
    ///
    /// # Errors
    /// [`BadName`]
    pub fn new(host: &str, trust: Trust) -> Result<Self, BadName> {
        let name = ServerName::try_from(host.to_owned()).map_err(|_| BadName(host.to_owned()))?;
        let provider = Arc::new(ring::default_provider());
        let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()
            .expect("the provider has ciphers for TLS 1.2 and 1.3");
        let mut config = match trust {
            Trust::Roots => {
                let roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
                builder.with_root_certificates(roots).with_no_client_auth()
            }
            Trust::Anybody => builder
                .dangerous()
                .with_custom_certificate_verifier(Arc::new(Unchecked(provider)))
                .with_no_client_auth(),
        };
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self { config: Arc::new(config), name })
    }
}

/// Believes everybody.
#[derive(Debug)]
struct Unchecked(Arc<CryptoProvider>);

impl ServerCertVerifier for Unchecked {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn verify_tls13_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}

/// TLS on one connection.
pub(super) struct Session {
    connection: ClientConnection,
    /// Records as they come; those before `start` are done with
    incoming: Vec<u8>,
    start: usize,
    /// Records as they leave
    outgoing: Vec<u8>,
}

impl Session {
    /// Shakes hands.
    ///
    /// # Errors
    /// When the certificate is not believed, or the server speaks no TLS.
    pub(super) async fn begin(tls: &Tls, socket: &mut Socket) -> io::Result<Self> {
        let connection = ClientConnection::new(Arc::clone(&tls.config), tls.name.clone());
        let connection = connection.map_err(io::Error::other)?;
        let incoming = Vec::with_capacity(RECORD_BUFFER);
        let mut session = Self { connection, incoming, start: 0, outgoing: Vec::new() };
        session.flush(socket).await?;
        while session.connection.is_handshaking() {
            if session.read_records(socket).await? == 0 {
                return Err(io::Error::new(
                    io::ErrorKind::UnexpectedEof,
                    "the server ended the TLS handshake",
                ));
            }
            session.flush(socket).await?;
        }
        Ok(session)
    }

    /// Sends all pieces in one write.
    pub(super) async fn send<'a>(
        &mut self,
        socket: &mut Socket,
        pieces: impl Iterator<Item = &'a [u8]>,
    ) -> io::Result<()> {
        for piece in pieces {
            self.connection.writer().write_all(piece)?;
            // What rustls keeps is limited; records that are ready leave it.
            self.take_records()?;
        }
        self.flush(socket).await
    }

    /// Receives more behind `input`; 0 bytes are the end.
    pub(super) async fn receive(&mut self, socket: &mut Socket, input: &mut Vec<u8>) -> io::Result<usize> {
        loop {
            let mut reader = self.connection.reader();
            match reader.fill_buf() {
                Ok([]) => return Ok(0),
                Ok(chunk) => {
                    input.extend_from_slice(chunk);
                    let length = chunk.len();
                    reader.consume(length);
                    return Ok(length);
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                // Many servers end without the word that would tell an end from a cut; HTTP's framing tells.
                Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(0),
                Err(error) => return Err(error),
            }
            self.read_records(socket).await?;
            self.flush(socket).await?;
        }
    }

    /// Hands rustls as much of what came as it takes before its plaintext must be read; 0 bytes are the end.
    async fn read_records(&mut self, socket: &mut Socket) -> io::Result<usize> {
        if self.start == self.incoming.len() {
            self.incoming.clear();
            self.start = 0;
            let (result, incoming) = socket.read(std::mem::take(&mut self.incoming)).await;
            self.incoming = incoming;
            result?;
        }
        let mut records = &self.incoming[self.start..];
        let taken = self.connection.read_tls(&mut records)?;
        self.start += taken;
        self.connection.process_new_packets().map_err(io::Error::other)?;
        Ok(taken)
    }

    async fn flush(&mut self, socket: &mut Socket) -> io::Result<()> {
        self.take_records()?;
        if self.outgoing.is_empty() {
            return Ok(());
        }
        let (result, mut outgoing) = socket.write_all(std::mem::take(&mut self.outgoing)).await;
        outgoing.clear();
        self.outgoing = outgoing;
        result
    }

    fn take_records(&mut self) -> io::Result<()> {
        while self.connection.wants_write() {
            self.connection.write_tls(&mut self.outgoing)?;
        }
        Ok(())
    }
}
