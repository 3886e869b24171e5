//! Help: every command has examples, and each of them is a command line that parses.

use crate::command::{mocker, text};

/// Every command with what it exits with is in the help and in `docs/commands.md`.
const COMMANDS: [&str; 13] = [
    "start",
    "check",
    "explain",
    "config",
    "load-test",
    "script",
    "status",
    "reload",
    "stop",
    "chaos",
    "daemon",
    "completion",
    "version",
];

fn help(command: &str) -> String {
    let output = mocker(&[command, "--help"]);
    assert_eq!(output.status.code(), Some(0), "{command}");
    text(&output.stdout)
}

/// Words of a line as a shell would have them; `>` and what follows is the shell's own.
fn words(line: &str) -> Vec<String> {
    let (mut words, mut word, mut quote) = (Vec::new(), None::<String>, None);
    for c in line.chars() {
        match (quote, c) {
            (Some(open), _) if c == open => quote = None,
            (None, '\'' | '"') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (None, ' ') => words.extend(word.take()),
            _ => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    let end = words.iter().position(|word| word == ">").unwrap_or(words.len());
    words.truncate(end);
    words
}

#[test]
fn all_commands_are_known_here() {
    let output = mocker(&["--help"]);
    let told = text(&output.stdout);
    let listed =
        told.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    let names: Vec<&str> =
        listed.filter_map(|line| line.split_whitespace().next()).filter(|name| *name != "help").collect();
    let mut expected = COMMANDS.to_vec();
    let mut names = names;
    expected.sort_unstable();
    names.retain(|name| name.chars().all(|c| c.is_ascii_lowercase() || c == '-'));
    names.sort_unstable();
    for command in &expected {
        assert!(names.contains(command), "{command} is not listed: {told}");
    }
    assert!(!told.contains("candidates"), "{told}");
}

/// `--help` behind an example: where the words before it do not parse, they are refused before help is given.
#[test]
fn every_example_parses() {
    for command in COMMANDS {
        let told = help(command);
        let examples: Vec<&str> = told
            .lines()
            .skip_while(|line| *line != "Examples:")
            .filter_map(|line| line.trim().strip_prefix("mocker "))
            .collect();
        assert!(!examples.is_empty(), "{command} has no examples");
        assert!(told.contains("Exit codes: 0 "), "{command} does not tell its exit codes");
        for example in examples {
            let words = words(example);
            let mut arguments: Vec<&str> = words.iter().map(String::as_str).collect();
            assert_eq!(arguments[0], command, "{example}");
            // A flag that there is not, last of all, is the one thing that may be wrong.
            arguments.push("--no-such-flag-at-all");
            let output = mocker(&arguments);
            assert_eq!(output.status.code(), Some(2), "{example}");
            let told = text(&output.stderr);
            assert!(told.contains("unexpected argument '--no-such-flag-at-all'"), "{example}: {told}");
        }
    }
}

#[test]
fn the_page_of_commands_has_them_all() {
    let page = std::fs::read_to_string("docs/commands.md").unwrap();
    for command in COMMANDS {
        assert!(page.contains(&format!("| `{command}")), "docs/commands.md lacks {command}");
    }
}

/// One run for each code that a command can be brought to end with here; servers have tests of their own.
#[test]
fn commands_exit_with_what_is_documented() {
    let petstore = "specs/petstore/openapi.yaml";
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let nobody = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.local_addr().unwrap().to_string()
    };
    std::fs::write(at("bad.yaml"), "server: { prot: 1 }").unwrap();
    std::fs::write(at("good.yaml"), "server: { port: 1 }").unwrap();
    std::fs::write(at("bad.rhai"), "fn handle(req, ctx) {").unwrap();
    std::fs::write(at("good.rhai"), "fn handle(req, ctx) { #{} }").unwrap();
    let (bad, good, bad_script, good_script) =
        (at("bad.yaml"), at("good.yaml"), at("bad.rhai"), at("good.rhai"));
    let (daemon, url) = (at("none.pid"), format!("http://{nobody}/"));
    for (arguments, code) in [
        (&["start", "--spec", "no/such/file"][..], 2),
        (&["start", "--no-such"], 2),
        (&["start", "--config", &bad], 2),
        (&["check", petstore], 0),
        (&["check", "specs/invalid"], 1),
        (&["check", "no/such/file"], 2),
        (&["explain", "GET", "/pets", "--spec", petstore], 0),
        (&["explain", "GET", "/none", "--spec", petstore], 1),
        (&["explain", "GET"], 2),
        (&["config", "validate", &good], 0),
        (&["config", "validate", &bad], 1),
        (&["config", "validate", "no/such/file"], 2),
        (&["script", "check", &good_script], 0),
        (&["script", "check", &bad_script], 1),
        (&["script", "check", "no/such/file"], 2),
        (&["load-test", &url, "-n", "1"], 4),
        (&["load-test", "no/such/file"], 2),
        (&["status", "--admin", &nobody], 4),
        (&["reload", "--admin", &nobody], 4),
        (&["stop", "--admin", &nobody], 4),
        (&["chaos", "list", "--admin", &nobody], 4),
        (&["status", "--no-such"], 2),
        (&["reload", "--no-such"], 2),
        (&["stop", "--no-such"], 2),
        (&["chaos", "no-such"], 2),
        (&["daemon", "no-such"], 2),
        (&["daemon", "status", "--pid-file", &daemon], 4),
        (&["completion", "bash"], 0),
        (&["completion", "tcsh"], 2),
        (&["version"], 0),
        (&["version", "--no-such"], 2),
    ] {
        let output = mocker(arguments);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {}", text(&output.stderr));
        if code == 2 {
            assert!(output.stdout.is_empty(), "{arguments:?}: results on standard output");
            assert!(!output.stderr.is_empty(), "{arguments:?}: nothing is said");
        }
    }
}
