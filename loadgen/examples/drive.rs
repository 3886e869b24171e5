//! Sends one request again and again, and says how that went:
//! `drive http://127.0.0.1:8080/pets --rps 10000 -c 64 -d 10 --threads 1`

use std::{
    error::Error,
    net::ToSocketAddrs,
    sync::{Arc, mpsc},
    time::Duration,
};

use hdrhistogram::{Counter, Histogram};
use mocker_loadgen::{
    drive::{Progress, Target, run},
    load::{Arrival, Load, Model, Stage},
    record::Run,
    scenario::{Operation, Request, Scenario},
};

struct Arguments {
    url: String,
    rate: Option<f64>,
    load: Load,
    seconds: f64,
    arrival: Arrival,
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = arguments()?;
    let rest = arguments.url.strip_prefix("http://").ok_or("the URL must begin with http://")?;
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let address = if host.contains(':') { host.to_owned() } else { format!("{host}:80") };
    let request = format!("GET /{path} HTTP/1.1\r\nHost: {host}\r\n\r\n");
    let scenario = Scenario {
        operations: vec![Operation {
            id: None,
            method: "GET".to_owned(),
            path: format!("/{path}"),
            weight: 1.0,
            requests: vec![Request { bytes: request.into_bytes().into(), is_head: false }],
            origin: None,
            expected: Vec::new(),
        }],
    };
    let duration = Duration::from_secs_f64(arguments.seconds);
    arguments.load.model = match arguments.rate {
        None => Model::Closed { duration },
        Some(rate) => Model::Open { stages: vec![Stage { rate, duration }], arrival: arguments.arrival },
    };
    let target = Target { addresses: address.to_socket_addrs()?.collect(), tls: None };
    let (reports, _seconds) = mpsc::channel();
    let progress = Progress::new(arguments.load.threads, Some(reports));
    let run = run(Arc::new(scenario), &arguments.load, &target, None, &progress)?;
    print(&run, arguments.rate);
    Ok(())
}

fn arguments() -> Result<Arguments, Box<dyn Error>> {
    let mut arguments = Arguments {
        url: String::new(),
        rate: None,
        load: Load {
            model: Model::Closed { duration: Duration::ZERO },
            warmup: Duration::from_millis(200),
            requests: None,
            concurrency: 64,
            threads: 1,
            cpus: Vec::new(),
            pipeline: 1,
            timeout: Duration::from_secs(5),
            seed: 1,
            server_timing: false,
            driver: Default::default(),
        },
        seconds: 3.0,
        arrival: Arrival::Uniform,
    };
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let mut value = || words.next().ok_or(format!("{word} needs a value"));
        match word.as_str() {
            "--rps" => {
                arguments.rate =
                    Some(value()?).filter(|rate| rate != "max").map(|rate| rate.parse()).transpose()?
            }
            "-c" => arguments.load.concurrency = value()?.parse()?,
            "-d" => arguments.seconds = value()?.parse()?,
            "--threads" => arguments.load.threads = value()?.parse()?,
            "--pipeline" => arguments.load.pipeline = value()?.parse()?,
            "--warmup" => arguments.load.warmup = Duration::from_secs_f64(value()?.parse()?),
            "--poisson" => arguments.arrival = Arrival::Poisson,
            _ => arguments.url = word,
        }
    }
    Ok(arguments)
}

fn print(run: &Run, rate: Option<f64>) {
    let record = &run.record;
    let counts = &record.counts;
    let seconds = run.elapsed as f64 / 1e9;
    println!(
        "sent {}  completed {}  unsent {}  errors {:?}  statuses {:?}",
        counts.sent, counts.completed, counts.unsent, counts.errors, counts.statuses
    );
    let sent = counts.sent as f64 / seconds;
    print!("{sent:.1} requests/s in {seconds:.2} s");
    match rate {
        Some(rate) => println!("  ({:+.4} % of what was asked)", (sent / rate - 1.0) * 100.0),
        None => println!(),
    }
    line("response", &record.response);
    line("service", &record.service);
    line("first byte", &record.first_byte);
    line("sched_lag", &record.sched_lag);
    line("conn_wait", &record.conn_wait);
    line("connect", &record.connect);
    println!("in flight: {:.2} on average, {} at most", run.in_flight, run.most_in_flight);
    for thread in &run.threads {
        println!(
            "thread on {:?}: busy {:.1} %, {:.2} us of CPU a request, preempted {}",
            thread.cpu,
            thread.busy * 100.0,
            thread.cpu_time as f64 / 1e3 / (counts.sent.max(1) as f64 / run.threads.len() as f64),
            thread.preempted
        );
    }
}

fn line<C: Counter>(name: &str, latencies: &Histogram<C>) {
    let at = |quantile| latencies.value_at_quantile(quantile) as f64 / 1e3;
    println!(
        "{name:>10}  p50 {:>9.1}  p90 {:>9.1}  p99 {:>9.1}  p99.9 {:>9.1}  max {:>9.1} us",
        at(0.5),
        at(0.9),
        at(0.99),
        at(0.999),
        at(1.0)
    );
}
