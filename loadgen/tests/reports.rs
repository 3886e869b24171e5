//! Reports of runs made by hand, held against the files in `reports/`. `MOCKER_BLESS=1` writes them.
#![allow(clippy::unwrap_used, missing_docs)]

mod runs;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write};
use std::path::Path;
use std::rc::Rc;
use std::time::Duration;

use hdrhistogram::Histogram;
use hdrhistogram::serialization::Deserializer;
use hdrhistogram::serialization::interval_log::{IntervalLogIterator, LogEntry};
use mocker_loadgen::baseline::{Comparison, Figures};
use mocker_loadgen::record::ErrorClass;
use mocker_loadgen::report::{FILES, Report, Style, heading};
use mocker_loadgen::search::{Found, Outcome, Probe, judge};
use mocker_loadgen::verdict::Verdict;
use mocker_loadgen::verify::{Mode, Verification};
use runs::*;
use serde_json::{Value, json};

/// Everything a report writes, by name.
type Files = BTreeMap<String, String>;

struct Shared(Rc<RefCell<Vec<u8>>>);

impl Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn written(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> String {
    let mut out = Vec::new();
    write(&mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn files(report: &Report<'_>, style: Style) -> Files {
    let made: RefCell<BTreeMap<String, Rc<RefCell<Vec<u8>>>>> = RefCell::default();
    report
        .write_directory_files(&mut |name| {
            let content = Rc::default();
            made.borrow_mut().insert(name.to_owned(), Rc::clone(&content));
            Ok(Box::new(Shared(content)))
        })
        .unwrap();
    let mut files: Files = made
        .into_inner()
        .into_iter()
        .map(|(name, content)| (name, String::from_utf8(content.take()).unwrap()))
        .collect();
    assert!(FILES.iter().all(|name| files.contains_key(*name)) && files.len() == FILES.len());
    files.insert("summary.txt".to_owned(), written(|out| report.write_text(out, style)));
    files.insert("operations.csv".to_owned(), written(|out| report.write_csv(out)));
    assert_eq!(files["summary.json"], written(|out| report.write_json(out)));
    files
}

fn folder(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reports").join(name)
}

/// Compressed histograms may differ from one release of the compressor to the next; what they hold is tested by itself.
fn without_histograms(text: &str) -> String {
    let line = |line: &str| match line.split_once("\"hdr_v2_base64\": \"") {
        Some((before, _)) => format!("{before}\"hdr_v2_base64\": \"…\"\n"),
        None => line.to_owned(),
    };
    text.split_inclusive('\n').map(line).collect()
}

/// Some of the files are as they are kept.
fn hold(story: &Story, name: &str, kept: &[&str]) -> Files {
    let files = story.tell(|report| files(report, story.style));
    let mut wrong = Vec::new();
    for file in kept {
        let path = folder(name).join(file);
        let got = without_histograms(&files[*file]);
        if std::env::var_os("MOCKER_BLESS").is_some() {
            fs::create_dir_all(folder(name)).unwrap();
            fs::write(&path, &got).unwrap();
        }
        let expected = fs::read_to_string(&path).unwrap_or_default();
        let lines = expected.lines().map(Some).chain(std::iter::repeat(None));
        let differs = got.lines().map(Some).chain([None]).zip(lines).find(|(got, expected)| got != expected);
        if let Some((got, expected)) = differs {
            wrong.push(format!("{}: expected\n{expected:?}\ngot\n{got:?}", path.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    files
}

fn passing() -> Story {
    let scenario = pets();
    let run = steady(&scenario);
    let mut story = Story::new(scenario, open(1_000.0, 3), run);
    story.thresholds =
        vec!["p99<5ms", "rps>=99.9%", "p99{POST /pets}<5ms", "error_rate<0.1%", "window_p99<10ms"];
    story.conditions.floor = Some(Duration::from_micros(180));
    story.run.verification = Some(Verification { checked: 3_000, ..Verification::default() });
    story
}

#[test]
fn a_run_that_passes() {
    let mut story = passing();
    story.style.bars = true;
    let kept =
        ["summary.txt", "summary.json", "operations.csv", "timeseries.csv", "latency.hgrm", "report.html"];
    hold(&story, "passing", &kept);
    let line = story.tell(|report| heading(report.scenario, report.load, report.target, report.spec));
    assert_eq!(
        line,
        "mocker load-test petstore.yaml → 127.0.0.1:8080   3 operations   open loop 1,000/s   3s (+5s warm-up)   64 \
         conns   seed 42"
    );
}

#[test]
fn a_run_that_fails_in_colour() {
    let mut story = passing();
    for _ in 0..40 {
        fail(&mut story.run, 1, 1, ErrorClass::Timeout);
    }
    fail(&mut story.run, 0, 2, ErrorClass::Schema);
    let why = "GET /pets 200: /0/name must be string\u{1b}[2J<b>".to_owned();
    story.run.verification = Some(Verification {
        mode: Mode::Sample,
        checked: 30,
        invalid: 1,
        skipped: 2,
        first_failures: vec![why],
    });
    story.thresholds = vec!["p99<2.5ms", "p99.99<5ms", "max<2ms", "error_rate<0.1%", "rps>1000", "errors<10"];
    story.style.color = true;
    story.run.record.server.record_n(40_000, 3_000).unwrap();
    story.run.threads[0].busy = 0.9;
    story.conditions.shared_cpus = vec![0, 1];
    let files = hold(&story, "failing", &["summary.txt"]);
    assert!(files["summary.txt"].lines().any(|line| line.starts_with("  server ")), "what the server says");
    let page = &files["report.html"];
    assert!(page.contains("/0/name must be string") && page.contains("[2J&lt;b&gt;"));
    let summary: Value = serde_json::from_str(&files["summary.json"]).unwrap();
    let first = "GET /pets 200: /0/name must be string\u{1b}[2J<b>";
    assert_eq!(
        summary["verify"],
        json!({"mode": "sample", "checked": 30, "invalid": 1, "skipped": 2, "first_failures": [first]})
    );
}

#[test]
fn a_run_that_is_not_to_be_believed() {
    let mut story = passing();
    story.run.record.sched_lag.record_n(2 * MILLI, 60).unwrap();
    story.run.record.counts.exhausted = 3;
    hold(&story, "invalid", &["summary.txt"]);
}

#[test]
fn a_run_that_was_stopped_in_a_closed_loop_of_many_operations() {
    let mut scenario = pets();
    scenario.operations.extend((0..20).map(|index| operation("", "GET", &format!("/more/{index}"), 1.0)));
    let mut run = steady(&scenario);
    run.interrupted = true;
    let mut story = Story::new(scenario, closed(30), run);
    story.load.warmup = Duration::ZERO;
    let kept = hold(&story, "interrupted", &["summary.txt"]);
    assert!(kept["summary.txt"].contains("… 13 more (--all-endpoints)"));
    story.style.all_operations = true;
    let all = story.tell(|report| files(report, story.style));
    assert!(all["summary.txt"].contains("/more/19"));
    assert!(!all["summary.txt"].contains("--all-endpoints"));
}

#[test]
fn a_target_that_is_not_there() {
    let scenario = pets();
    let mut run = nothing(&scenario);
    run.record.seconds.push(Default::default());
    fail(&mut run, 0, 0, ErrorClass::Connect);
    run.elapsed = SECOND;
    hold(&Story::new(scenario, open(1_000.0, 3), run), "unreachable", &["summary.txt"]);
}

#[test]
fn runs_that_have_got_worse() {
    let run = |p99: f64| Figures { p50: Some(310e3), p99: Some(p99), p999: None, rps: 1e3, error_rate: 0.0 };
    let base: Vec<Figures> = (0..5_u32).map(|index| run(1e6 + f64::from(index) * 1e4)).collect();
    let now: Vec<Figures> = (0..5_u32).map(|index| run(1.5e6 + f64::from(index) * 1e4)).collect();
    let mut story = passing();
    story.comparison = Some(Comparison::of("main.json", &now, &base, 0.1, 1));
    let files = hold(&story, "regressed", &["summary.txt", "report.html"]);
    let json: Value = serde_json::from_str(&files["summary.json"]).unwrap();
    let cases = [
        ("/verdict", "\"fail\""),
        ("/baseline/ref", "\"main.json\""),
        ("/baseline/runs", "5"),
        ("/baseline/metric", "\"p99\""),
        ("/baseline/regressed", "true"),
        ("/baseline/metrics/0/base", "1020.0"),
        ("/baseline/metrics/0/now", "1520.0"),
        ("/baseline/metrics/0/unit", "\"us\""),
        ("/baseline/metrics/2/metric", "\"rps\""),
        ("/baseline/metrics/2/ratio", "1.0"),
        ("/baseline/metrics/2/regressed", "false"),
    ];
    for (pointer, expected) in cases {
        assert_eq!(json.pointer(pointer).map(Value::to_string).as_deref(), Some(expected), "{pointer}");
    }
    let ratio = json["baseline"]["ratio"].as_f64().unwrap();
    let interval = &json["baseline"]["ci95"];
    let (low, high) = (interval[0].as_f64().unwrap(), interval[1].as_f64().unwrap());
    assert!(low <= ratio && ratio <= high, "{interval}");
    // Every run is above every other: 2 of 252 ways, for three metrics.
    assert!((json["baseline"]["p_value"].as_f64().unwrap() - 6.0 / 252.0).abs() < 1e-9);
}

#[test]
fn a_search_and_its_last_run() {
    let mut story = passing();
    let breaking = Probe::of(&story.run, &open(2_000.0, 3), &story.judgement(), false);
    let breaking = Probe { verdict: Verdict::Fail, broken: vec!["p99<5ms".to_owned()], ..breaking };
    let holding = Probe::of(&story.run, &open(1_000.0, 3), &story.judgement(), false);
    let confirming = Probe { is_confirmation: true, duration: Duration::from_secs(9), ..holding.clone() };
    let limited = Probe { rate: 1_400.0, verdict: Verdict::Invalid, ..holding.clone() };
    let probes = vec![holding, breaking, limited, confirming];
    let outcome = Outcome { max: Some(1_000.0), generator_limited: false, confirmed: true };
    story.search = Some(Found { outcome, probes });
    let files = hold(&story, "searched", &["summary.txt", "report.html"]);
    let json: Value = serde_json::from_str(&files["summary.json"]).unwrap();
    let cases = [
        ("/find_max/max_rps", "1000.0"),
        ("/find_max/confirmed", "true"),
        ("/find_max/generator_limited", "false"),
        ("/find_max/probes/1/rps", "2000.0"),
        ("/find_max/probes/1/verdict", "\"fail\""),
        ("/find_max/probes/1/broken", "[\"p99<5ms\"]"),
        ("/find_max/probes/3/confirmation", "true"),
        ("/find_max/probes/3/duration_s", "9.0"),
        ("/find_max/probes/3/p999_us", "null"),
    ];
    for (pointer, expected) in cases {
        assert_eq!(json.pointer(pointer).map(Value::to_string).as_deref(), Some(expected), "{pointer}");
    }
}

#[test]
fn the_answer_of_a_search_says_what_it_is_worth() {
    let mut story = passing();
    let probe = Probe::of(&story.run, &open(1_000.0, 3), &story.judgement(), false);
    let of = |max, generator_limited, confirmed| Outcome { max, generator_limited, confirmed };
    let usual = |outcome| (outcome, false, Verdict::Pass);
    let cases = [
        (usual(of(Some(1e3), false, true)), "MAX   1,000/s: confirmed over 3s"),
        (usual(of(Some(1e3), true, true)), "MAX   >= 1,000/s, generator-limited: confirmed over 3s"),
        (usual(of(Some(1e3), true, false)), "MAX   >= 1,000/s, generator-limited: it held once"),
        (usual(of(None, true, false)), "MAX   not found: generator-limited already at 1,000/s"),
        (usual(of(None, false, false)), "MAX   none: not even 1,000/s holds"),
        (
            (of(None, false, false), true, Verdict::Fail),
            "MAX   not found: no rate that held once held for 3s",
        ),
        (
            (of(Some(1e3), false, false), false, Verdict::Interrupted),
            "MAX   not found: the search was broken off, 1,000/s held until then",
        ),
        (
            (of(None, false, false), false, Verdict::Unreachable),
            "MAX   not found: the search was broken off, nothing held until then",
        ),
    ];
    for ((outcome, is_confirmation, verdict), expected) in cases {
        let probes = vec![Probe { is_confirmation, verdict, ..probe.clone() }];
        story.search = Some(Found { outcome, probes });
        let said = story.tell(|report| written(|out| report.write_text(out, story.style)));
        assert!(said.starts_with(expected), "{said}");
    }
}

#[test]
fn a_probe_whose_requests_are_not_answered_breaks() {
    let mut story = passing();
    let judged = |story: &Story| {
        let bounds = bind(&story.thresholds, &story.scenario, &story.load, None);
        judge(&story.run, &story.load, &bounds, &story.conditions)
    };
    story.thresholds = vec!["error_rate<1%"];
    assert_eq!(judged(&story).verdict, Verdict::Pass);
    story.run.record.counts.unsent = 100;
    story.run.record.counts.scheduled += 100;
    // All connections were busy: the server's doing.
    story.run.most_in_flight = 64;
    story.run.record.conn_wait.record_n(SECOND, 100).unwrap();
    let judgement = judged(&story);
    assert_eq!(judgement.verdict, Verdict::Fail);
    assert!(judgement.warnings[0].starts_with("only 96.8 % of what was due"), "{:?}", judgement.warnings);
}

#[test]
fn runs_without_figures_have_reports_without_nan() {
    let empty = mocker_loadgen::scenario::Scenario::default();
    let mut stories = vec![
        Story::new(pets(), open(1_000.0, 3), nothing(&pets())),
        Story::new(pets(), closed(3), nothing(&pets())),
        Story::new(empty, open(1_000.0, 0), nothing(&mocker_loadgen::scenario::Scenario::default())),
    ];
    let mut one = nothing(&pets());
    answer(&mut one, 0, 0, 200, 300 * MICRO, 0);
    (one.in_flight, one.threads) = (f64::NAN, vec![Default::default()]);
    stories.push(Story::new(pets(), open(1_000.0, 3), one));
    let mut late = nothing(&pets());
    answer(&mut late, 0, 2, 500, 60 * SECOND, 0);
    late.elapsed = 2 * SECOND + 1;
    stories.push(Story::new(pets(), open(0.1, 3), late));
    for (outcome, rate) in
        [(Outcome::default(), None), (Outcome { max: Some(5.0), ..Outcome::default() }, Some(0.0))]
    {
        let mut searched = Story::new(pets(), open(1_000.0, 3), nothing(&pets()));
        let probe = Probe::of(&searched.run, &searched.load, &searched.judgement(), false);
        let probes = rate.map(|rate| Probe { rate, ..probe }).into_iter().collect();
        searched.search = Some(Found { outcome, probes });
        let none = [Figures::default(); 5];
        searched.comparison = Some(Comparison::of("nothing.json", &none, &none, 0.0, 1));
        stories.push(searched);
    }
    for mut story in stories {
        story.style = Style { color: true, bars: true, all_operations: true };
        story.thresholds =
            vec!["p99<5ms", "rps>10", "error_rate<1%", "errors<=0", "window_p99<5ms", "stdev<1s"];
        for (name, content) in story.tell(|report| files(report, story.style)) {
            let is_encoded = name == "intervals.hlog" || name == "summary.json";
            let words = content.split(|c: char| !c.is_alphanumeric());
            let bad = words.into_iter().find(|word| ["NaN", "inf", "Infinity"].contains(word));
            assert!(is_encoded || bad.is_none(), "{name}: {content}");
        }
        let json: Value =
            serde_json::from_str(&story.tell(|report| written(|out| report.write_json(out)))).unwrap();
        assert!(json["metrics"]["success_rate"].is_f64() && json["rate"]["sent_per_s"].is_f64(), "{json}");
        assert!(json["generator"]["busiest_thread"].is_f64() && json["run"]["in_flight"]["mean"].is_f64());
    }
}

#[test]
fn the_summary_has_the_keys_that_are_promised() {
    let json: Value =
        serde_json::from_str(&passing().tell(|report| written(|out| report.write_json(out)))).unwrap();
    let cases = [
        ("/schema_version", "1"),
        ("/verdict", "\"pass\""),
        ("/exit_code", "0"),
        ("/run/started_at", "\"2026-07-01T12:00:00Z\""),
        ("/run/spec/operations", "3"),
        ("/run/model", "\"open\""),
        ("/run/arrival", "\"uniform\""),
        ("/run/target_rps", "1000.0"),
        ("/run/host/same_host", "true"),
        ("/requests/scheduled", "3000"),
        ("/requests/warmup_discarded", "5000"),
        ("/rate/completed_per_s", "1000.0"),
        ("/latency/response/count", "3000"),
        ("/latency/connect/count", "64"),
        ("/generator/valid", "true"),
        ("/generator/floor_p99_us", "180.0"),
        ("/operations/0/operation_id", "\"listPets\""),
        ("/operations/0/weight", "0.5"),
        ("/operations/1/status", "{\"201\":300}"),
        ("/status", "{\"200\":2700,\"201\":300}"),
        (
            "/errors",
            "{\"connect\":0,\"reset\":0,\"timeout\":0,\"tls\":0,\"protocol\":0,\"status\":0,\"schema\":0}",
        ),
        ("/verify/checked", "3000"),
        ("/thresholds/0/expr", "\"p99<5ms\""),
        ("/thresholds/0/scope", "null"),
        ("/thresholds/0/passed", "true"),
        ("/thresholds/0/limit", "5000.0"),
        ("/thresholds/1/unit", "\"per_s\""),
        ("/thresholds/2/scope", "\"POST /pets\""),
        ("/series/2/sent", "1000"),
        ("/metrics/success_rate", "1.0"),
        ("/metrics/requests_per_sec", "1000.0"),
    ];
    for (pointer, expected) in cases {
        assert_eq!(json.pointer(pointer).map(Value::to_string).as_deref(), Some(expected), "{pointer}");
    }
    let p99 = json["metrics"]["latency_ms"]["p99"].as_f64().unwrap();
    assert!((p99 - json["latency"]["response"]["p99_us"].as_f64().unwrap() / 1e3).abs() < 1e-3);
}

/// Base64 as the reports write it, with padding.
fn decoded(text: &str) -> Vec<u8> {
    let digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut bytes = Vec::new();
    for group in text.trim_end_matches('=').as_bytes().chunks(4) {
        let bits = group
            .iter()
            .fold(0_u32, |bits, &digit| bits << 6 | digits.find(char::from(digit)).unwrap() as u32);
        let bits = bits << (6 * (4 - group.len()));
        bytes.extend(&bits.to_be_bytes()[1..group.len()]);
    }
    bytes
}

#[test]
fn the_histogram_of_the_summary_is_the_run_s() {
    let story = passing();
    let json: Value =
        serde_json::from_str(&story.tell(|report| written(|out| report.write_json(out)))).unwrap();
    let text = json["latency"]["response"]["hdr_v2_base64"].as_str().unwrap();
    let histogram: Histogram<u64> = Deserializer::new().deserialize(&mut &decoded(text)[..]).unwrap();
    assert_eq!(histogram, story.run.record.response);
}

#[test]
fn the_interval_log_is_read_back() {
    let story = passing();
    let log = &story.tell(|report| files(report, story.style))["intervals.hlog"];
    let from = Duration::from_secs(1_782_907_200 + 5);
    let mut seconds = story.run.record.seconds.iter().enumerate();
    for entry in IntervalLogIterator::new(log.as_bytes()) {
        match entry.unwrap() {
            LogEntry::StartTime(time) | LogEntry::BaseTime(time) => assert_eq!(time, from),
            LogEntry::Interval(interval) => {
                let (second, seen) = seconds.next().unwrap();
                assert_eq!(interval.tag().unwrap().as_str(), "response");
                assert_eq!(interval.start_timestamp(), Duration::from_secs(second as u64));
                assert_eq!(interval.duration(), Duration::from_secs(1));
                assert!((interval.max() - seen.response.max() as f64 / 1e6).abs() < 1e-3);
                let bytes = decoded(interval.encoded_histogram());
                let histogram: Histogram<u32> = Deserializer::new().deserialize(&mut &bytes[..]).unwrap();
                assert_eq!(histogram, seen.response);
            }
        }
    }
    assert_eq!(seconds.next().map(|(second, _)| second), None);
}

#[test]
fn the_percentile_distribution_is_read_back() {
    let story = passing();
    let response = &story.run.record.response;
    let text = &story.tell(|report| files(report, story.style))["latency.hgrm"];
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some("       Value     Percentile TotalCount 1/(1-Percentile)"));
    assert_eq!(lines.next(), Some(""));
    let mut last = (0.0, 0.0, 0);
    for line in lines.by_ref().take_while(|line| !line.starts_with('#')) {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let (value, quantile): (f64, f64) = (fields[0].parse().unwrap(), fields[1].parse().unwrap());
        let total: u64 = fields[2].parse().unwrap();
        assert!(value >= last.0 && quantile > last.1 - 1e-12 && total >= last.2, "{line}");
        // Values are written to the microsecond.
        let up_to = |nanoseconds: f64| response.count_between(0, nanoseconds.round() as u64);
        assert!(up_to(value * 1e6 - 1e3) <= total && total <= up_to(value * 1e6 + 1e3), "{line}");
        match fields.get(3) {
            Some(odds) => {
                assert!((odds.parse::<f64>().unwrap() * (1.0 - quantile) - 1.0).abs() < 0.01, "{line}")
            }
            None => assert_eq!((quantile, total), (1.0, 3_000), "{line}"),
        }
        last = (value, quantile, total);
    }
    assert_eq!((last.1, last.2), (1.0, 3_000));
}

#[test]
fn documents_cannot_write_into_reports() {
    let mut scenario = pets();
    let hostile = "/<script>alert(1)</script>\"'&{{verdict}}\u{1b}[2J\u{202e},\r\n=cmd";
    scenario.operations.push(operation("=cmd|' /C calc'!A0", "GET", hostile, 1.0));
    scenario.operations.push(operation("", "<B>", &"/long".repeat(1_000), 1.0));
    let mut run = nothing(&scenario);
    answer(&mut run, 3, 0, 200, 300 * MICRO, 0);
    run.elapsed = SECOND;
    let story = Story::new(scenario, open(1_000.0, 3), run);
    let files = story.tell(|report| files(report, story.style));
    let page = &files["report.html"];
    assert!(!page.contains("<script") && !page.contains("<B>") && page.contains("&lt;script&gt;"), "{page}");
    assert!(page.contains("{{verdict}}"), "what a document says is not filled in again");
    assert!(!page.contains("http://") && !page.contains("https://") && !page.contains("url("));
    for name in ["summary.txt", "report.html"] {
        assert!(!files[name].contains(['\u{1b}', '\u{202e}', '\r']), "{name}");
    }
    assert!(files["summary.txt"].lines().all(|line| line.chars().count() < 200));
    let csv = &files["operations.csv"];
    assert!(csv.contains("\n'=cmd|' /C calc'!A0,GET,\"/<script>") && csv.contains("\"\"'&"), "{csv}");
    let json: Value = serde_json::from_str(&files["summary.json"]).unwrap();
    assert_eq!(json["operations"][3]["path"], hostile);
}

#[test]
fn long_runs_are_drawn_with_few_points() {
    let mut run = steady(&pets());
    run.record.seconds.resize_with(10_000, Default::default);
    run.elapsed = 10_000 * SECOND;
    let story = Story::new(pets(), open(1_000.0, 10_000), run);
    let files = story.tell(|report| files(report, story.style));
    assert!(files["report.html"].matches("class=\"hint\"").count() <= 600);
    assert_eq!(files["timeseries.csv"].lines().count(), 10_001);
}

#[test]
fn a_writer_that_fails_is_told_of() {
    let story = passing();
    let refused = story.tell(|report| report.write_directory_files(&mut |_| Err(io::Error::other("full"))));
    assert_eq!(refused.unwrap_err().to_string(), "full");
}
