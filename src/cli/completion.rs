//! `mocker completion`: scripts by which shells complete command lines, and the names they ask for while they do.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Command, CommandFactory, ValueEnum};
use clap_complete::generate;

use super::Cli;
use super::flags::Flags;
use crate::config::Given;
use crate::limits::MAX_COMPLETED_BYTES;
use crate::specs;

const EXAMPLES: &str = "Examples:
  mocker completion bash > ~/.local/share/bash-completion/completions/mocker
  mocker completion zsh > ~/.zfunc/_mocker
  mocker completion fish > ~/.config/fish/completions/mocker.fish

Exit codes: 0 done, 2 usage.";

/// Print the script by which a shell completes commands, flags, files, chaos scenarios and operations.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Completion {
    /// The shell
    shell: Shell,
}

#[derive(Clone, Copy, ValueEnum)]
enum Shell {
    Bash,
    Zsh,
    Fish,
}

/// Print the names that may stand in a place, one a line: for completion scripts.
#[derive(Args)]
pub(crate) struct Candidates {
    /// Of what
    kind: Kind,
    /// The configuration that the command line names
    #[arg(long)]
    config: Option<PathBuf>,
    /// The documents that it names
    #[arg(long)]
    spec: Vec<String>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Kind {
    /// Chaos scenarios of the configuration
    Scenarios,
    /// operationIds of its documents
    Operations,
}

/// What the command is called.
const NAME: &str = "mocker";

impl Completion {
    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        let mut script = Vec::new();
        let (shell, names) = match self.shell {
            Shell::Bash => (clap_complete::Shell::Bash, BASH),
            Shell::Zsh => (clap_complete::Shell::Zsh, ZSH),
            Shell::Fish => (clap_complete::Shell::Fish, FISH),
        };
        generate(shell, &mut visible(), NAME, &mut script);
        script.extend_from_slice(names.as_bytes());
        print(&script)
    }
}

/// The commands without those that nobody types.
fn visible() -> Command {
    let all = Cli::command();
    let subcommands = all.get_subcommands().filter(|command| !command.is_hide_set()).cloned();
    Command::new(NAME).version(super::version::LINE).subcommands(subcommands)
}

impl Candidates {
    /// Where nothing can be read, there is nothing to complete: whoever is typing hears no faults.
    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        let specs = Given { path: "specs".to_owned(), flag: "--spec", texts: self.spec };
        let given = Some(specs).filter(|specs| !specs.texts.is_empty());
        let flags = Flags { config: self.config, given: given.into_iter().collect() };
        let names = match self.kind {
            Kind::Scenarios => scenarios(&flags),
            Kind::Operations => operations(&flags),
        };
        let names = names.unwrap_or_default().into_iter();
        // A line is a name, and terminals obey what is none.
        let names = names.filter(|name| !name.is_empty() && !name.contains(char::is_control));
        let lines: String = names.map(|name| format!("{name}\n")).collect();
        print(lines.as_bytes())
    }
}

fn print(bytes: &[u8]) -> anyhow::Result<ExitCode> {
    // Whoever stops reading has seen enough.
    let _ = std::io::stdout().write_all(bytes);
    Ok(ExitCode::SUCCESS)
}

fn scenarios(flags: &Flags) -> Option<Vec<String>> {
    let configuration = flags.load().ok()?.configuration?;
    Some(configuration.chaos.scenarios.iter().map(|scenario| scenario.compiled.name.to_string()).collect())
}

/// Documents are read where that takes no longer than anybody waits behind a key.
fn operations(flags: &Flags) -> Option<Vec<String>> {
    let configuration = flags.load().ok()?.configuration?;
    let size = |spec: &String| {
        let metadata = fs::metadata(Path::new(spec)).ok().filter(fs::Metadata::is_file)?;
        Some(metadata.len())
    };
    let sizes: Option<Vec<u64>> = configuration.specs.iter().map(size).collect();
    sizes.filter(|sizes| sizes.iter().sum::<u64>() <= MAX_COMPLETED_BYTES)?;
    let documents =
        specs::load_all(&configuration.specs).ok()?.into_iter().filter_map(|loaded| loaded.document);
    let operations = documents.flat_map(|document| document.operations);
    Some(operations.filter_map(|operation| operation.id.as_deref().map(str::to_owned)).collect())
}

/// Names of the configuration go before what the generated script knows.
const BASH: &str = r#"
_mocker_named() {
    local current="${COMP_WORDS[COMP_CWORD]}" previous="${COMP_WORDS[COMP_CWORD-1]}" kind=""
    # `--flag=value` comes as three words.
    if [[ "${previous}" == "=" ]]; then
        previous="${COMP_WORDS[COMP_CWORD-2]}"
    elif [[ "${current}" == "=" ]]; then
        previous="${COMP_WORDS[COMP_CWORD-1]}" current=""
    fi
    case "${previous}" in
        --scenario) kind=scenarios ;;
        --endpoint|--exclude-endpoint|--operation) kind=operations ;;
    esac
    if [[ -n "${kind}" ]]; then
        # Names are not ours: nothing of them may be expanded, neither here nor once they stand on the line.
        local name quoted value index
        local -a names given=()
        for ((index = 1; index < COMP_CWORD; index++)); do
            case "${COMP_WORDS[index]}" in
                --config|--spec)
                    value="${COMP_WORDS[index+1]}"
                    [[ "${value}" == "=" ]] && value="${COMP_WORDS[index+2]}"
                    given+=("${COMP_WORDS[index]}=${value/#\~\//${HOME}/}")
                    ;;
            esac
        done
        mapfile -t names < <(mocker candidates "${kind}" "${given[@]}" 2>/dev/null)
        COMPREPLY=()
        for name in "${names[@]}"; do
            printf -v quoted %q "${name}"
            if [[ "${name}" == "${current}"* || "${quoted}" == "${current}"* ]]; then
                COMPREPLY+=("${quoted}")
            fi
        done
        return 0
    fi
    _mocker "$@"
}
complete -F _mocker_named -o bashdefault -o default mocker
"#;

const ZSH: &str = r#"
_mocker_named() {
    local kind=""
    case "${words[CURRENT-1]}" in
        --scenario) kind=scenarios ;;
        --endpoint|--exclude-endpoint|--operation) kind=operations ;;
    esac
    if [[ -n "${kind}" ]]; then
        local index
        local -a given
        for ((index = 2; index < CURRENT; index++)); do
            case "${words[index]}" in
                --config|--spec) given+=("${words[index]}=${(Q)words[index+1]}") ;;
                --config=*|--spec=*) given+=("${(Q)words[index]}") ;;
            esac
        done
        compadd -- ${(f)"$(mocker candidates ${kind} ${given} 2>/dev/null)"}
        return
    fi
    _mocker "$@"
}
compdef _mocker_named mocker
"#;

const FISH: &str = r#"
function __mocker_given
    set -l words (commandline -opc)
    for index in (seq (count $words))
        switch $words[$index]
            case --config --spec
                if test $index -lt (count $words)
                    echo -- $words[$index]=$words[(math $index + 1)]
                end
            case '--config=*' '--spec=*'
                echo -- $words[$index]
        end
    end
end
complete -c mocker -n "__fish_seen_subcommand_from chaos" -l scenario -x -a "(mocker candidates scenarios (__mocker_given) 2>/dev/null)"
complete -c mocker -n "__fish_seen_subcommand_from load-test" -l endpoint -x -a "(mocker candidates operations (__mocker_given) 2>/dev/null)"
complete -c mocker -n "__fish_seen_subcommand_from load-test" -l exclude-endpoint -x -a "(mocker candidates operations (__mocker_given) 2>/dev/null)"
complete -c mocker -n "__fish_seen_subcommand_from script" -l operation -x -a "(mocker candidates operations (__mocker_given) 2>/dev/null)"
"#;
