//! Thresholds: what is read, what is refused and with which words, what holds of a run.
#![allow(clippy::unwrap_used, missing_docs)]

mod runs;

use std::time::Duration;

use mocker_loadgen::percentile::Percentile;
use mocker_loadgen::record::ErrorClass;
use mocker_loadgen::verdict::threshold::{Clock, Comparison, Limit, Metric, Statistic};
use mocker_loadgen::verdict::{Bound, Threshold};
use proptest::prelude::*;
use runs::*;

const ALL_METRICS: &str =
    "there are p50, p99.9 and so on, min, mean, max, stdev, rps, error_rate, errors and window_p99";

#[test]
fn thresholds_are_read() {
    use Clock::*;
    use Comparison::*;
    use Limit::*;
    let latency = |clock, statistic| Metric::Latency(clock, statistic);
    let p = |percent: &str| Statistic::Percentile(Percentile::parse(percent).unwrap());
    let cases = [
        ("p99<5ms", latency(Response, p("99")), None, Below, Nanoseconds(5e6)),
        ("p99 <= 5ms", latency(Response, p("99")), None, AtMost, Nanoseconds(5e6)),
        (" p50<250us ", latency(Response, p("50")), None, Below, Nanoseconds(250e3)),
        ("P99<5ms", latency(Response, p("99")), None, Below, Nanoseconds(5e6)),
        ("p99.9<1.5s", latency(Response, p("99.9")), None, Below, Nanoseconds(1.5e9)),
        ("p99.99<1m", latency(Response, p("99.99")), None, Below, Nanoseconds(60e9)),
        ("max<250ms", latency(Response, Statistic::Max), None, Below, Nanoseconds(250e6)),
        ("min>=100ms", latency(Response, Statistic::Min), None, AtLeast, Nanoseconds(100e6)),
        ("mean<1s500ms", latency(Response, Statistic::Mean), None, Below, Nanoseconds(1.5e9)),
        ("stdev<1ms", latency(Response, Statistic::Stdev), None, Below, Nanoseconds(1e6)),
        ("response.p99<5ms", latency(Response, p("99")), None, Below, Nanoseconds(5e6)),
        ("service.p99<3ms", latency(Service, p("99")), None, Below, Nanoseconds(3e6)),
        ("wire.p99.9<3ms", latency(Service, p("99.9")), None, Below, Nanoseconds(3e6)),
        ("first_byte.max<3ms", latency(FirstByte, Statistic::Max), None, Below, Nanoseconds(3e6)),
        ("connect.p99<10ms", latency(Connect, p("99")), None, Below, Nanoseconds(10e6)),
        ("p99{GET /pets}<3ms", latency(Response, p("99")), Some("GET /pets"), Below, Nanoseconds(3e6)),
        (
            "p99{GET /pets/{id}}<3ms",
            latency(Response, p("99")),
            Some("GET /pets/{id}"),
            Below,
            Nanoseconds(3e6),
        ),
        ("p99{ listPets } <3ms", latency(Response, p("99")), Some("listPets"), Below, Nanoseconds(3e6)),
        ("p99{GET /a<b}<3ms", latency(Response, p("99")), Some("GET /a<b"), Below, Nanoseconds(3e6)),
        ("window_p99<10ms", Metric::Window(Percentile::P99), None, Below, Nanoseconds(10e6)),
        ("window_p99.9<10ms", Metric::Window(Percentile::P999), None, Below, Nanoseconds(10e6)),
        ("rps>10000", Metric::Rps, None, Above, PerSecond(10_000.0)),
        ("rps>=10k", Metric::Rps, None, AtLeast, PerSecond(10_000.0)),
        ("rps>600/m", Metric::Rps, None, Above, PerSecond(10.0)),
        ("rps>0", Metric::Rps, None, Above, PerSecond(0.0)),
        ("rps>=50%", Metric::Rps, None, AtLeast, OfTarget(0.5)),
        ("rps{listPets}>1k", Metric::Rps, Some("listPets"), Above, PerSecond(1_000.0)),
        ("error_rate<0.5%", Metric::ErrorRate, None, Below, Share(0.005)),
        ("error_rate<0.5 %", Metric::ErrorRate, None, Below, Share(0.005)),
        ("error_rate<0.001", Metric::ErrorRate, None, Below, Share(0.001)),
        ("error_rate<=0", Metric::ErrorRate, None, AtMost, Share(0.0)),
        ("error_rate<100%", Metric::ErrorRate, None, Below, Share(1.0)),
        ("errors<=0", Metric::Errors, None, AtMost, Count(0.0)),
        ("errors{POST /pets}<10", Metric::Errors, Some("POST /pets"), Below, Count(10.0)),
    ];
    for (text, metric, scope, comparison, limit) in cases {
        let scope = scope.map(str::to_owned);
        let expected = Threshold { text: text.trim().to_owned(), metric, scope, comparison, limit };
        assert_eq!(Threshold::parse(text), Ok(expected), "{text}");
    }
}

#[test]
fn refusals_say_what_would_be_right() {
    let unknown = |metric: &str, nearest: &str| match nearest {
        "" => format!("`{metric}` is no metric: {ALL_METRICS}"),
        _ => format!("`{metric}` is no metric, did you mean `{nearest}`?: {ALL_METRICS}"),
    };
    let no_percentile = |metric: &str, hint: &str| format!("`{metric}` is no percentile: {hint}");
    let units = "there are ns, us, ms, s, m, h and d, as in `1h30m`";
    let cases = [
        ("", "a threshold is missing: write what must hold, as in `p99<5ms`".to_owned()),
        ("p99", "`p99` compares nothing: write what must hold, as in `p99<5ms` or `rps>=99.9%`".to_owned()),
        ("p99 5ms", "`p99 5ms` compares nothing: write what must hold, as in `p99<5ms` or `rps>=99.9%`".to_owned()),
        ("p99{GET /pets}5ms", "`p99{GET /pets}5ms` compares nothing: write what must hold, as in `p99<5ms` or `rps>=99.9%`".to_owned()),
        ("<5ms", "`<5ms` names no metric: write `p99`, `max`, `rps` or `error_rate` before the comparison".to_owned()),
        ("p99<", "`p99<` has no limit: write `p99<5ms`".to_owned()),
        ("rps>=", "`rps>=` has no limit: write `rps>=99.9%`".to_owned()),
        ("p99<5", "`5` has no unit: write `5ms`, as in `p99<5ms`".to_owned()),
        ("window_p99<0.5", "`0.5` has no unit: write `0.5ms`, as in `window_p99<0.5ms`".to_owned()),
        ("p99<5%", "`p99` is a time, `5%` is none: write `p99<5ms`".to_owned()),
        ("p99<-5ms", "`p99` is a time, `-5ms` is none: write `p99<5ms`".to_owned()),
        ("p99<fast", "`p99` is a time, `fast` is none: write `p99<5ms`".to_owned()),
        ("p99<5msec", format!("`msec` in `5msec` is no unit of time: {units}")),
        ("p99<0ms", "`p99<0ms` can never hold: write `p99<5ms`".to_owned()),
        ("p99=5ms", "`=` in `p99=5ms` is no comparison: measured values are never quite equal, write `<`, `<=`, `>` or `>=`".to_owned()),
        ("p99==5ms", "`==` in `p99==5ms` is no comparison: measured values are never quite equal, write `<`, `<=`, `>` or `>=`".to_owned()),
        ("rps=>10k", "`=>` in `rps=>10k` is no comparison: write `>=`".to_owned()),
        ("p99=<5ms", "`=<` in `p99=<5ms` is no comparison: write `<=`".to_owned()),
        ("p99≤5ms", "`≤` in `p99≤5ms` is no comparison: write `<=`".to_owned()),
        ("errors!=0", "`!=` in `errors!=0` is no comparison: write `<`, `<=`, `>` or `>=`".to_owned()),
        ("p99<<5ms", "`<<` in `p99<<5ms` is no comparison: write `<`, `<=`, `>` or `>=`".to_owned()),
        ("p999<5ms", no_percentile("p999", "with its point it is `p99.9`")),
        ("p9999<5ms", no_percentile("p9999", "with its point it is `p99.99`")),
        ("p100<5ms", no_percentile("p100", "the 100th is called `max`")),
        ("p0<5ms", no_percentile("p0", "the 0th is called `min`")),
        ("p101<5ms", no_percentile("p101", "it lies between 0 and 100, as in `p99.9`")),
        ("p99.<5ms", no_percentile("p99.", "it lies between 0 and 100, as in `p99.9`")),
        ("p99.99999999<5ms", no_percentile("p99.99999999", "it has at most seven digits behind the point")),
        ("window_p999<5ms", no_percentile("window_p999", "with its point it is `p99.9`")),
        ("avg<5ms", unknown("avg", "mean")),
        ("median<5ms", unknown("median", "p50")),
        ("p(99)<5ms", unknown("p(99)", "p99")),
        ("http_req_duration<5ms", unknown("http_req_duration", "p99")),
        ("eror_rate<1%", unknown("eror_rate", "error_rate")),
        ("servise.p99<5ms", unknown("servise.p99", "service.p99")),
        ("xyzzy<5ms", unknown("xyzzy", "")),
        ("service.rps>10", "`service.` stands before latencies alone: `rps` is none, write `rps` without it".to_owned()),
        ("service.window_p99<5ms", "windows know the response time alone: write `window_p99` without `service.`".to_owned()),
        ("service.p99{listPets}<5ms", "operations know the response time alone: write `p99{…}` without `service.`".to_owned()),
        ("window_p99{listPets}<5ms", "windows are of the whole run: write `window_p99` without an operation".to_owned()),
        ("p99{GET /pets<5ms", "the scope in `p99{GET /pets<5ms` does not end: write `p99{GET /pets}<3ms`".to_owned()),
        ("p99}{<5ms", "the scope in `p99}{<5ms` does not end: write `p99{GET /pets}<3ms`".to_owned()),
        ("p99{ }<5ms", "the scope in `p99{ }<5ms` is empty: write `p99{GET /pets}<3ms`".to_owned()),
        ("p99<3ms{GET /pets}", "the scope in `p99<3ms{GET /pets}` stands behind the metric: write `p99{GET /pets}<3ms`".to_owned()),
        ("rps>fast", "the limit of `rps`: `fast` is not a rate: write `500`, `10k`, `1.5k/s`, `600/m` or `max`; a part of the target rate is written `99.9%`".to_owned()),
        ("rps>max", "`max` is no limit of `rps`: write `rps>=99.9%` or `rps>10k`".to_owned()),
        ("rps<0", "`rps<0` can never hold: write `rps<=0`".to_owned()),
        ("error_rate<1", "`1` is no part of a whole: write `1%`, or a fraction below 1 as in `error_rate<0.001`".to_owned()),
        ("error_rate<101%", "`101%` is no error rate: write `0.1%`, or a fraction as in `error_rate<0.001`".to_owned()),
        ("error_rate<5ms", "`5ms` is no error rate: write `0.1%`, or a fraction as in `error_rate<0.001`".to_owned()),
        ("error_rate<0%", "`error_rate<0%` can never hold: write `error_rate<=0%`".to_owned()),
        ("errors<0", "`errors<0` can never hold: write `errors<=0`".to_owned()),
        ("errors<1%", "`1%` is no number of errors: write `errors<=10`, or `error_rate<0.1%` for a part of all requests".to_owned()),
        ("errors<1.5", "`1.5` is no number of errors: write `errors<=10`, or `error_rate<0.1%` for a part of all requests".to_owned()),
    ];
    for (text, expected) in cases {
        assert_eq!(Threshold::parse(text).map_err(|fault| fault.to_string()), Err(expected), "{text}");
    }
    assert!(Threshold::parse(&format!("p99{{{}}}<5ms", "x".repeat(2_000))).is_err());
}

#[test]
fn scopes_rates_and_floors_are_checked_before_anything_is_sent() {
    let (scenario, open, closed) = (pets(), open(1_000.0, 3), closed(3));
    let floor = Some(Duration::from_micros(180));
    let cases = [
        ("p99{GET /pets}<3ms", &open, None, Ok(3e6)),
        ("p99{get  /pets}<3ms", &open, None, Ok(3e6)),
        ("p99{listPets}<3ms", &open, None, Ok(3e6)),
        ("rps>=99.9%", &open, None, Ok(999.0)),
        ("rps{listPets}>=100%", &open, None, Ok(500.0)),
        ("p99<540us", &open, floor, Ok(540e3)),
        ("connect.p99<100us", &open, floor, Ok(100e3)),
        ("min>=100us", &open, floor, Ok(100e3)),
        (
            "p99{GET /pet}<3ms",
            &open,
            None,
            Err("`GET /pet` is none of the operations: did you mean `GET /pets`?"),
        ),
        (
            "p99{listPet}<3ms",
            &open,
            None,
            Err("`listPet` is none of the operations: did you mean `listPets`?"),
        ),
        ("p99{§§§}<3ms", &open, None, Err("`§§§` is none of the operations")),
        (
            "rps>=99.9%",
            &closed,
            None,
            Err(
                "`rps>=99.9%` is a part of the target rate, and a closed loop has none: write a rate, as in `rps>10k`",
            ),
        ),
        (
            "p99<0.3ms",
            &open,
            floor,
            Err(
                "`p99<0.3ms` is below 3 times the floor: the generator itself takes 180us (p99) on this machine, so \
                 that the lowest limit it can judge is 540us",
            ),
        ),
    ];
    for (text, load, floor, expected) in cases {
        let bound = Bound::new(Threshold::parse(text).unwrap(), &scenario, load, floor);
        let got = bound.map(|bound| bound.limit).map_err(|fault| fault.to_string());
        match (&got, expected) {
            (Ok(got), Ok(expected)) => assert!((got - expected).abs() < 1e-6, "{text}: {got}"),
            (Err(got), Err(expected)) => assert_eq!(got, expected, "{text}"),
            _ => panic!("{text}: {got:?}"),
        }
    }
}

#[test]
fn what_cannot_pass_or_fail_is_said() {
    let scenario = pets();
    let never = "can never pass: no more than the target rate is sent; write `rps>=99.9%`";
    let late = "passes only if not one request is late or lost; write `rps>=99.9%`";
    let bad = "passes when things are bad: a threshold says what must hold, as `p99<5ms` does";
    let cases = [
        ("rps>1000", never),
        ("rps>=1001", never),
        ("rps>=1000", late),
        ("rps>=100%", late),
        ("rps>999", ""),
        ("rps>=99.9%", ""),
        ("p99>5ms", bad),
        ("errors>0", bad),
        ("error_rate>1%", bad),
        ("min>5ms", ""),
        ("p99<5ms", ""),
        ("p99<2m", "always passes: what takes longer than 1m counts as 1m"),
    ];
    for (text, expected) in cases {
        let warnings = bind(&[text], &scenario, &open(1_000.0, 3), None).remove(0).warnings;
        let expected: Vec<String> = [expected]
            .iter()
            .filter(|text| !text.is_empty())
            .map(|hint| format!("`{text}` {hint}"))
            .collect();
        assert_eq!(warnings, expected, "{text}");
    }
    assert!(bind(&["rps>1000"], &scenario, &closed(3), None).remove(0).warnings.is_empty());
}

#[test]
fn runs_are_held_against_thresholds() {
    let scenario = pets();
    let mut run = steady(&scenario);
    for _ in 0..3 {
        fail(&mut run, 1, 0, ErrorClass::Status);
    }
    fail(&mut run, 0, 1, ErrorClass::Timeout);
    // As nanoseconds where it is a time; histograms round up within three digits, of operations within two.
    let cases = [
        ("p50<5ms", 356e3, true),
        ("p99<5ms", 2_510e3, true),
        ("p99<2ms", 2_510e3, false),
        ("max<=2.4ms", 2_510e3, false),
        ("min>=300us", 311e3, true),
        ("min<300us", 311e3, false),
        ("mean<1ms", 415e3, true),
        ("service.p99<3ms", 2_500e3, true),
        ("first_byte.p99<2.3ms", 2_250e3, true),
        ("connect.max<1ms", 263e3, true),
        ("window_p99<10ms", 2_510e3, true),
        ("window_p50<300us", 363e3, false),
        ("p50{POST /pets}<1ms", 360e3, true),
        ("p50{addPet}<100us", 360e3, false),
        ("rps>=99.9%", 1_000.0, true),
        ("rps>1k", 1_000.0, false),
        ("rps{addPet}>=100%", 100.0, true),
        ("rps{addPet}>200", 100.0, false),
        ("errors<=4", 4.0, true),
        ("errors<4", 4.0, false),
        ("errors{addPet}<=3", 3.0, true),
        ("errors{GET /pets/{id}}<=0", 0.0, true),
        ("error_rate<0.2%", 4.0 / 3_001.0, true),
        ("error_rate{addPet}<=1%", 0.01, true),
        ("error_rate{listPets}<0.01%", 1.0 / 1_501.0, false),
    ];
    for (text, observed, passed) in cases {
        let outcome = bind(&[text], &scenario, &open(1_000.0, 3), None).remove(0).evaluate(&run);
        let got = outcome.observed.unwrap();
        assert!((got - observed).abs() <= observed * 0.02, "{text}: {got}");
        assert_eq!(outcome.passed, passed, "{text}: {got}");
    }
}

#[test]
fn what_was_not_measured_does_not_hold() {
    let scenario = pets();
    let run = nothing(&scenario);
    let nothing = [
        "p99<5ms",
        "mean<5ms",
        "window_p99<5ms",
        "rps>0",
        "error_rate<1%",
        "p99{listPets}<5ms",
        "connect.p99<5ms",
    ];
    for text in nothing {
        let outcome = bind(&[text], &scenario, &open(1_000.0, 3), None).remove(0).evaluate(&run);
        assert_eq!((outcome.observed, outcome.passed), (None, false), "{text}");
        assert!(!outcome.is_near_limit());
    }
    let outcome = bind(&["errors<=0"], &scenario, &open(1_000.0, 3), None).remove(0).evaluate(&run);
    assert_eq!((outcome.observed, outcome.passed), (Some(0.0), true));
}

#[test]
fn percentiles_come_with_an_interval_and_need_samples() {
    let scenario = pets();
    let mut run = nothing(&scenario);
    for index in 1..=10_000 {
        answer(&mut run, 0, 0, 200, index * MICRO, 0);
    }
    // p99 is 9,900 us, by ranks 9,880 to 9,920.
    let cases = [
        ("p99<10ms", true, false),
        ("p99<9.905ms", true, true),
        ("p99<9.89ms", false, true),
        ("p99<9ms", false, false),
    ];
    for (text, passed, near) in cases {
        let outcome = bind(&[text], &scenario, &open(1_000.0, 3), None).remove(0).evaluate(&run);
        assert_eq!(
            (outcome.passed, outcome.is_near_limit()),
            (passed, near),
            "{text}: {:?}",
            outcome.interval
        );
        assert!(!outcome.has_few_samples);
    }
    let few = [("p99.9<1s", false), ("p99.99<1s", true), ("window_p99.99<1s", true), ("max<1s", false)];
    for (text, expected) in few {
        let outcome = bind(&[text], &scenario, &open(1_000.0, 3), None).remove(0).evaluate(&run);
        assert_eq!(outcome.has_few_samples, expected, "{text}");
        assert!(outcome.passed, "{text}");
    }
}

proptest! {
    #[test]
    fn no_text_panics(text in "\\PC{0,40}") {
        let _ = Threshold::parse(&text);
    }

    #[test]
    fn no_text_of_its_parts_panics(parts in proptest::collection::vec(
        proptest::sample::select(vec![
            "p", "99", ".", "9", "window_p", "service.", "rps", "error_rate", "errors", "max", "{", "}", "GET /pets",
            "<", ">", "=", "≤", "5", "ms", "%", "k", "/s", " ", "0",
        ]), 0..8)) {
        let text = parts.concat();
        if let Ok(threshold) = Threshold::parse(&text) {
            prop_assert_eq!(Threshold::parse(&threshold.to_string()), Ok(threshold.clone()));
            let scenario = pets();
            if let Ok(bound) = Bound::new(threshold, &scenario, &open(1_000.0, 3), None) {
                let outcome = bound.evaluate(&nothing(&scenario));
                prop_assert!(outcome.observed.is_none_or(f64::is_finite));
            }
        }
    }
}
