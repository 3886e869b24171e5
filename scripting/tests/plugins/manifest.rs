//! Manifests, and what is told of those that are not sound.

use mocker_scripting::Hook;
use mocker_scripting::plugin::Manifest;
use mocker_scripting::plugin::builtin::Kind;
use mocker_scripting::plugin::limits::{MANIFEST_BYTES, NAME_LENGTH};
use mocker_source::{Diagnostic, FileId};
use serde_json::json;

/// `code line:column: message; help`
fn line(fault: &Diagnostic) -> String {
    let position = fault.position.unwrap();
    let help = fault.help.as_deref().map(|help| format!("; {help}")).unwrap_or_default();
    format!("{} {}:{}: {}{help}", fault.code, position.line, position.column, fault.message)
}

const HEAD: &str = "name: a\nversion: 1.0.0\ndescription: b\n";

#[test]
fn a_manifest_is_read() {
    let text = "name: request-id-2\nversion: 1.0.0-rc.1\ndescription: Some words\n\
                hooks: { after: lib/after.rhai, init: , before: lib/after.rhai }\n\
                config:\n  type: object\n  properties: { a: { $ref: '#/$defs/b' } }\n  $defs: { b: { default: 1 } }";
    let (manifest, faults) = Manifest::read(FileId(3), text);
    assert_eq!(faults, []);
    let manifest = manifest.unwrap();
    assert_eq!(
        (&*manifest.name, &*manifest.version, &*manifest.description),
        ("request-id-2", "1.0.0-rc.1", "Some words")
    );
    let hooks: Vec<(Hook, &str)> = manifest.hooks.iter().map(|hook| (hook.hook, &*hook.file)).collect();
    assert_eq!(
        hooks,
        [(Hook::Init, "plugin.rhai"), (Hook::Before, "lib/after.rhai"), (Hook::After, "lib/after.rhai")]
    );
    let files: Vec<&str> = manifest.files().iter().map(|hook| &*hook.file).collect();
    assert_eq!(files, ["plugin.rhai", "lib/after.rhai"]);
    assert_eq!(manifest.hooks[2].position.file, FileId(3));
    assert_eq!(manifest.configure(&json!({})), Ok(json!({ "a": 1 })));
}

#[test]
fn json_is_read_too() {
    let text = r#"{"name": "a", "version": "1.0.0", "description": "b", "hooks": ["cleanup"]}"#;
    let (manifest, faults) = Manifest::read(FileId(0), text);
    assert_eq!(faults, []);
    assert_eq!(manifest.unwrap().file(Hook::Cleanup), Some("plugin.rhai"));
}

#[test]
fn faults_are_told_with_their_place() {
    let with = |rest: &str| format!("{HEAD}hooks: [before]\n{rest}");
    let hooks = |hooks: &str| format!("{HEAD}hooks: {hooks}");
    let named = |name: &str| format!("name: {name}\nversion: 1.0.0\ndescription: b\nhooks: [before]");
    for (text, expected) in [
        ("[]".to_owned(), "plugin-manifest 1:1: a manifest is a mapping"),
        ("a: [".to_owned(), "1:"),
        (with("hoks: [after]"), "plugin-key 5:1: `hoks` is no key of manifest; did you mean `hooks`?"),
        (with("zzz: 1"), "plugin-key 5:1: `zzz` is no key of manifest; what is known: `name`, "),
        (named("Request"), "plugin-name 1:7: `Request` is no name of a plugin; lower-case"),
        (named("a_b"), "plugin-name 1:7"),
        (named("a--b"), "plugin-name 1:7"),
        (named("-a"), "plugin-name 1:7"),
        (named("a-"), "plugin-name 1:7"),
        (named("1a"), "plugin-name 1:7"),
        (named("[a]"), "plugin-manifest 1:7: `name` must be a text"),
        (named("''"), "plugin-manifest 1:7: `name` must be a text"),
        (named(&"a".repeat(NAME_LENGTH + 1)), "plugin-name 1:7"),
        (
            "name: a\ndescription: b\nhooks: [before]".to_owned(),
            "plugin-manifest 1:1: `version` is missing; `version`: as `1.0.0`",
        ),
        (
            "name: a\nversion: 1.0\ndescription: b\nhooks: [before]".to_owned(),
            "plugin-version 2:10: `1.0` is no version",
        ),
        (HEAD.to_owned(), "plugin-hooks 1:1: `hooks` is missing"),
        (
            hooks("before"),
            "plugin-hooks 4:8: `hooks` must be a list or a mapping; as `hooks: [before, after]`",
        ),
        (hooks("[]"), "plugin-hooks 4:8: a plugin has one hook at least"),
        (hooks("[before, befor]"), "plugin-hooks 4:17: `befor` is no hook; did you mean `before`?"),
        (
            hooks("[handle]"),
            "plugin-hooks 4:9: `handle` is no hook; hooks are `init`, `before`, `after`, `cleanup`",
        ),
        (hooks("{ handle: x.rhai }"), "plugin-hooks 4:10: `handle` is no hook"),
        (hooks("{ before: x.js }"), "plugin-hooks 4:18: `before` must name a script"),
        (hooks("{ before: ../x.rhai }"), "plugin-hooks 4:18"),
        (hooks("{ before: /x.rhai }"), "plugin-hooks 4:18"),
        (hooks("{ before: 'a\\x.rhai' }"), "plugin-hooks 4:18"),
        (hooks("{ before: 'c:x.rhai' }"), "plugin-hooks 4:18"),
        (hooks("{ before: .rhai }"), "plugin-hooks 4:18"),
        (hooks("{ before: [x.rhai] }"), "plugin-hooks 4:18"),
        (with("config: 5"), "plugin-schema 5:9: `config` must be the JSON Schema"),
        (
            with("config: { properties: { a: { $ref: '#/$defs/none' } } }"),
            "ref-not-found 5:28: `#/$defs/none` points at nothing",
        ),
        (with("config: { properties: { a: { $ref: 'other.yaml' } } }"), "ref-not-found 5:28"),
        ("a".repeat(MANIFEST_BYTES + 1), "plugin-manifest 1:1: the manifest has 1048577 bytes"),
    ] {
        let (manifest, faults) = Manifest::read(FileId(0), &text);
        let told: Vec<String> = faults.iter().map(line).collect();
        assert!(manifest.is_none(), "{text}\n{told:?}");
        assert!(told.iter().any(|line| line.contains(expected)), "{text}\n{told:#?} and not {expected}");
    }
}

#[test]
fn oddities_are_warned_of() {
    for (text, expected) in [
        (format!("{HEAD}hooks: [before, before]"), "plugin-hooks 4:17: `before` is listed twice"),
        (format!("{HEAD}hooks: [after]\nconfig: {{ properties: {{ a: 5 }} }}"), "schema-not-object 5:28"),
        (format!("{HEAD}hooks: [after]\nconfig: {{ pattern: '(' }}"), "pattern-unsupported 5:9"),
    ] {
        let (manifest, faults) = Manifest::read(FileId(0), &text);
        assert!(manifest.is_some());
        let told: Vec<String> = faults.iter().map(line).collect();
        assert!(told.len() == 1 && told[0].contains(expected), "{told:#?}");
    }
    let (manifest, _) = Manifest::read(
        FileId(0),
        &format!("{HEAD}hooks: [after]").replace("name: a", &format!("name: {}", "a".repeat(NAME_LENGTH))),
    );
    assert!(manifest.is_some());
}

#[test]
fn scripts_that_do_not_keep_to_the_manifest_are_told_at_its_place() {
    let (manifest, _) = Manifest::read(FileId(0), &format!("{HEAD}hooks: {{ after: x.rhai }}"));
    let hook = &manifest.unwrap().hooks[0];
    assert_eq!(
        line(&hook.undefined()),
        "plugin-hooks 4:17: `x.rhai` does not define the hook `after`; \
         write `fn after(req, res, ctx) { }` there, or leave the hook out of the manifest"
    );
    assert_eq!(
        line(&hook.unreadable("it is gone")),
        "plugin-hooks 4:17: `x.rhai` of the plugin's folder cannot be read: it is gone"
    );
}

#[test]
fn manifests_that_are_built_in_are_sound() {
    for kind in Kind::ALL {
        let (manifest, faults) = Manifest::read(FileId(0), kind.manifest_text());
        assert_eq!(faults, [], "{kind:?}");
        assert_eq!(&*manifest.unwrap().name, kind.name());
        assert_eq!(Kind::of(kind.name()), Some(kind));
    }
    assert_eq!(Kind::of("jvt"), None);
}

proptest::proptest! {
    #[test]
    fn any_text_is_read(text in "\\PC{0,60}", hooks in "[\\[{]?[a-z,: .]{0,20}[\\]}]?") {
        let _ = Manifest::read(FileId(0), &text);
        let _ = Manifest::read(FileId(0), &format!("{HEAD}hooks: {hooks}\nconfig: {text}"));
    }
}
