//! Flags that give settings, made from the tables of the configuration.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::builder::{PossibleValue, PossibleValuesParser, ValueParser};
use clap::error::Error;
use clap::{Arg, ArgAction, ArgMatches, Args, Command, FromArgMatches};

use crate::config::shape::{Flag, Shape, Word};
use crate::config::{Environment, Given, Loaded, Request, Scalar, Setting, described, load, settings};

const CONFIG: &str = "config";

/// What flags say of the configuration.
#[derive(Clone, Debug, Default)]
pub(super) struct Flags {
    /// The file that was named
    pub(super) config: Option<PathBuf>,
    pub(super) given: Vec<Given>,
}

impl Flags {
    /// The flags as they are written on a command line.
    pub(super) fn arguments(&self) -> Vec<OsString> {
        let settings = settings();
        let mut arguments: Vec<OsString> = Vec::new();
        if let Some(config) = &self.config {
            arguments.extend([format!("--{CONFIG}").into(), config.into()]);
        }
        for given in &self.given {
            let flags = settings.iter().flat_map(|setting| setting.field.flags);
            let stands =
                flags.into_iter().any(|flag| flag.long() == given.flag && matches!(flag, Flag::Stands(..)));
            match stands {
                true => arguments.push(given.flag.into()),
                false => {
                    arguments.extend(given.texts.iter().map(|text| format!("{}={text}", given.flag).into()))
                }
            }
        }
        arguments
    }

    /// The configuration under these flags.
    ///
    /// # Errors
    /// When a file that was named cannot be read.
    pub(super) fn load(&self) -> anyhow::Result<Loaded> {
        let environment = Environment::of_process();
        load(&Request { file: self.config.as_deref(), flags: &self.given, environment: &environment })
    }
}

impl Args for Flags {
    fn augment_args(command: Command) -> Command {
        let config =
            Arg::new(CONFIG).long("config").value_name("FILE").value_parser(ValueParser::path_buf()).help(
                "The configuration [default: mocker.yaml, .yml, .json or .toml of the working directory]",
            );
        let flags = settings().into_iter().flat_map(|setting| {
            setting.field.flags.iter().map(move |flag| argument(&setting, flag)).collect::<Vec<_>>()
        });
        command.arg(config).args(flags).next_help_heading(None::<&str>)
    }

    fn augment_args_for_update(command: Command) -> Command {
        Flags::augment_args(command)
    }
}

impl FromArgMatches for Flags {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Flags, Error> {
        let given = settings().into_iter().flat_map(|setting| {
            setting
                .field
                .flags
                .iter()
                .filter_map(move |flag| given(&setting, flag, matches))
                .collect::<Vec<_>>()
        });
        Ok(Flags { config: matches.get_one(CONFIG).cloned(), given: given.collect() })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        *self = Flags::from_arg_matches(matches)?;
        Ok(())
    }
}

fn argument(setting: &Setting, flag: &'static Flag) -> Arg {
    let field = setting.field;
    let mut argument = Arg::new(flag.long()).help(help(setting, flag)).help_heading(field.heading);
    for (index, name) in flag.names().enumerate() {
        argument = match (name.strip_prefix("--"), index) {
            (Some(long), 0) => argument.long(long),
            (Some(alias), _) => argument.alias(alias),
            (None, _) => argument.short(name.trim_start_matches('-').chars().next()),
        };
    }
    let others = field.flags.iter().map(Flag::long).filter(|other| *other != flag.long());
    argument = argument.conflicts_with_all(others);
    match flag {
        Flag::Stands(..) => argument.action(ArgAction::SetTrue),
        Flag::Switch(_) => argument
            .value_name("true|false")
            .value_parser(parser(&field.shape))
            .hide_possible_values(true)
            .num_args(0..=1)
            .require_equals(true)
            .default_missing_value("true"),
        Flag::Value(_, value) => {
            let is_list = matches!(field.shape, Shape::List(_));
            let action = if is_list { ArgAction::Append } else { ArgAction::Set };
            argument.value_name(*value).value_parser(parser(&field.shape)).action(action)
        }
    }
}

fn help(setting: &Setting, flag: &Flag) -> String {
    match (flag, setting.field.default) {
        (Flag::Stands(_, _, about), _) => (*about).to_owned(),
        (Flag::Value(..), Some(default)) => format!("{} [default: {default}]", setting.field.about),
        (Flag::Switch(_), Some("true")) => format!("{} [default: true]", setting.field.about),
        _ => setting.field.about.to_owned(),
    }
}

fn parser(shape: &'static Shape) -> ValueParser {
    let possible = |word: &Word| {
        let value = PossibleValue::new(word.name).help(word.about);
        word.alias.into_iter().fold(value, PossibleValue::alias)
    };
    if let Shape::Choice(words) = shape {
        return PossibleValuesParser::new(words.iter().map(possible)).into();
    }
    let of = if let Shape::List(of) = shape { of } else { shape };
    ValueParser::new(move |text: &str| match Scalar::of_text(of, text) {
        Ok(_) => Ok(text.to_owned()),
        Err(_) => Err(format!("give {}", described(of))),
    })
}

fn given(setting: &Setting, flag: &'static Flag, matches: &ArgMatches) -> Option<Given> {
    let texts = match flag {
        Flag::Stands(_, text, _) => matches.get_flag(flag.long()).then(|| vec![(*text).to_owned()])?,
        Flag::Value(..) | Flag::Switch(_) => matches.get_many::<String>(flag.long())?.cloned().collect(),
    };
    Some(Given { path: setting.path.clone(), flag: flag.long(), texts })
}
