//! What is mistyped is answered with the nearest that there is: commands, flags, and values of either.

use crate::command::{mocker, text};

#[test]
fn mistyped_commands_flags_and_values_get_the_nearest() {
    for (arguments, expected) in [
        (&["strat"][..], "'start'"),
        (&["explian", "GET", "/"], "'explain'"),
        (&["config", "validat"], "'validate'"),
        (&["daemon", "stats"], "'status'"),
        (&["start", "--prot", "80"], "'--port'"),
        (&["explain", "GET", "/", "--spce", "a"], "'--spec'"),
        (&["load-test", "a", "--treshold", "p99<5ms"], "'--threshold'"),
        (&["start", "--driver", "io-urin"], "'io-uring'"),
        (&["start", "--validate-request", "wran"], "'warn'"),
        (&["check", "--format", "jsn"], "'json'"),
        (&["completion", "bsh"], "'bash'"),
    ] {
        let output = mocker(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        let told = text(&output.stderr);
        let tip = told.lines().find(|line| line.contains("tip:"));
        assert!(tip.is_some_and(|tip| tip.contains(expected)), "{arguments:?}: {told}");
        assert!(output.stdout.is_empty(), "{arguments:?}");
    }
}

#[test]
fn mistyped_choices_of_a_configuration_get_the_nearest() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("mocker.yaml");
    for (text_of_file, expected) in [
        ("server: { driver: io-urin }", "did you mean `io-uring`? Else give `auto`"),
        ("validation: { requests: wran }", "did you mean `warn`? Else give"),
        ("server: { driver: quantum }", "help: give `auto`"),
    ] {
        std::fs::write(&file, text_of_file).unwrap();
        let output = mocker(&["config", "validate", file.to_str().unwrap()]);
        assert_eq!(output.status.code(), Some(1), "{text_of_file}");
        let told = text(&output.stdout);
        assert!(told.contains(expected), "{text_of_file}: {told}");
    }
}
