//! Answers every request with the same 600 bytes: what the runtime costs without an engine.
//!
//! `fixed [--port N] [--threads N] [--driver auto|uring|epoll] [--idle SECONDS]`

use std::{env, io::Write, net::SocketAddr, process::ExitCode, str::FromStr, time::Duration};

use mocker_runtime::{Config, DriverChoice, End, Next, Server, Service, Step, Wait, limits};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

struct Fixed {
    answer: Vec<u8>,
}

impl Fixed {
    fn new() -> Self {
        let mut body = String::from("{\"data\":\"");
        body.extend(std::iter::repeat_n('x', 600 - body.len() - 2));
        body.push_str("\"}");
        let head = format!(
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nDate: Thu, 01 Jan 1970 00:00:00 GMT\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        Self { answer: [head.as_bytes(), body.as_bytes()].concat() }
    }
}

impl Service for Fixed {
    type Connection = ();

    fn open(&self, _: SocketAddr) {}

    fn feed(&self, (): &mut (), input: &[u8], output: &mut Vec<u8>) -> Step {
        let mut consumed = 0;
        while let Some(end) = input[consumed..].windows(4).position(|four| four == b"\r\n\r\n") {
            consumed += end + 4;
            output.extend_from_slice(&self.answer);
            if output.len() >= limits::OUTPUT_TARGET {
                return Step { consumed, next: Next::Again };
            }
        }
        let wait = if consumed == input.len() { Wait::Idle } else { Wait::Head };
        Step { consumed, next: Next::Receive(wait) }
    }

    fn expire(&self, (): &mut (), wait: Wait, output: &mut Vec<u8>) {
        if wait != Wait::Idle {
            output.extend_from_slice(
                b"HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
            );
        }
    }

    fn tick(&self) {}
}

fn option<T: FromStr>(name: &str) -> Option<T> {
    let mut arguments = env::args().skip_while(|argument| argument != name);
    arguments.nth(1)?.parse().ok()
}

fn main() -> ExitCode {
    let mut config = Config {
        addresses: vec![SocketAddr::from(([127, 0, 0, 1], option("--port").unwrap_or(8080)))],
        threads: option("--threads"),
        ..Config::default()
    };
    config.driver = match option::<String>("--driver").as_deref() {
        Some("epoll") => DriverChoice::Epoll,
        Some("uring") => DriverChoice::Uring,
        _ => DriverChoice::Auto,
    };
    if let Some(seconds) = option("--idle") {
        config.timeouts.idle = Duration::from_secs(seconds);
    }
    match serve(config) {
        Ok(End::Drained) => ExitCode::SUCCESS,
        Ok(end) => {
            eprintln!("{end}");
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(2)
        }
    }
}

fn serve(config: Config) -> Result<End, Box<dyn std::error::Error>> {
    let running = Server::bind(config)?.start(|_| Fixed::new())?;
    println!("{:?}, {} workers, {}", running.addresses(), running.threads(), running.driver());
    std::io::stdout().flush()?;
    let report = running.wait();
    eprintln!("{:?}", report.counters);
    Ok(report.end)
}
