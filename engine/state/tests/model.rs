//! Random operations at random times, held against a map that does the same plainly.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;

use mocker_state::{GLOBAL, Limits, Refusal, Store, Value};
use proptest::prelude::*;

const IDLE: u64 = 50;
const KEYS: usize = 4;

#[derive(Debug, Clone)]
enum Operation {
    Get,
    Set(Value, Option<u64>),
    Delete,
    Increment(i64),
    Swap(Option<Value>, Option<Value>, Option<u64>),
    Append(Value),
    List(usize),
    Clear,
    Sweep(usize),
}

fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        (-2..3_i64).prop_map(Value::from),
        Just(Value::from(1.0)),
        Just(Value::from("text")),
        Just(Value::parse("[]").unwrap()),
        Just(Value::parse("[1]").unwrap()),
        Just(Value::parse(r#"{"a":1,"b":2}"#).unwrap()),
        Just(Value::parse(r#"{"b":2,"a":1.0}"#).unwrap()),
    ]
}

fn operation() -> impl Strategy<Value = Operation> {
    let ttl = || prop::option::of(0..40_u64);
    prop_oneof![
        3 => Just(Operation::Get),
        4 => (value(), ttl()).prop_map(|(value, ttl)| Operation::Set(value, ttl)),
        2 => Just(Operation::Delete),
        3 => (-3..4_i64).prop_map(Operation::Increment),
        4 => (prop::option::of(value()), prop::option::of(value()), ttl())
            .prop_map(|(expected, new, ttl)| Operation::Swap(expected, new, ttl)),
        3 => value().prop_map(Operation::Append),
        2 => (0..6_usize).prop_map(Operation::List),
        1 => Just(Operation::Clear),
        1 => (0..4_usize).prop_map(Operation::Sweep),
    ]
}

/// Values, and when they expire.
type Keys = BTreeMap<String, (Value, u64)>;

/// Scopes by name, with their last use; what has expired is taken away before every operation.
#[derive(Default)]
struct Model {
    scopes: BTreeMap<String, (u64, Keys)>,
}

impl Model {
    fn expire(&mut self, now: u64) {
        self.scopes.retain(|name, (used, keys)| {
            keys.retain(|_, (_, expires)| now < *expires);
            (name == GLOBAL || now < *used + IDLE) && !keys.is_empty()
        });
    }

    fn get(&self, scope: &str, key: &str) -> Option<&(Value, u64)> {
        self.scopes.get(scope)?.1.get(key)
    }

    fn put(&mut self, scope: &str, key: &str, value: Value, expires: u64) -> Result<(), Refusal> {
        let (_, keys) = self.scopes.entry(scope.into()).or_default();
        if !keys.contains_key(key) && keys.len() == KEYS {
            return Err(Refusal::TooManyKeys { limit: KEYS });
        }
        keys.insert(key.into(), (value, expires));
        Ok(())
    }

    fn remove(&mut self, scope: &str, key: &str) -> bool {
        self.scopes.get_mut(scope).is_some_and(|(_, keys)| keys.remove(key).is_some())
    }

    fn run(&mut self, operation: &Operation, scope: &str, key: &str, now: u64) -> Result<String, Refusal> {
        self.expire(now);
        let done = self.step(operation, scope, key, now);
        let uses = !matches!(operation, Operation::Sweep(_));
        if let Some((used, _)) = self.scopes.get_mut(scope).filter(|_| uses) {
            *used = now;
        }
        done
    }

    fn step(&mut self, operation: &Operation, scope: &str, key: &str, now: u64) -> Result<String, Refusal> {
        let held = self.get(scope, key).cloned();
        let until = |ttl: &Option<u64>| ttl.map_or(u64::MAX, |ttl| now + ttl);
        Ok(match operation {
            Operation::Get => format!("{:?}", held.map(|(value, _)| value)),
            Operation::Set(value, ttl) => format!("{:?}", self.put(scope, key, value.clone(), until(ttl))?),
            Operation::Delete => self.remove(scope, key).to_string(),
            Operation::Increment(by) => {
                let (value, expires) = held.unwrap_or((0.into(), u64::MAX));
                let sum = match (value.as_number(), value.to_tree().as_i64()) {
                    (None, _) if value.as_str().is_some() => {
                        return Err(Refusal::NotANumber { found: "a string" });
                    }
                    (None, _) if value.array_len().is_some() => {
                        return Err(Refusal::NotANumber { found: "an array" });
                    }
                    (None, _) => return Err(Refusal::NotANumber { found: "an object" }),
                    (_, Some(integer)) => Value::from(integer + by),
                    (_, None) => Value::from(value.as_f64().unwrap() + *by as f64),
                };
                self.put(scope, key, sum.clone(), expires)?;
                sum.to_json()
            }
            Operation::Swap(expected, new, ttl) => {
                let equal = held.map(|(value, _)| value) == *expected;
                match new {
                    Some(new) if equal => self.put(scope, key, new.clone(), until(ttl))?,
                    None if equal => drop(self.remove(scope, key)),
                    _ => (),
                }
                equal.to_string()
            }
            Operation::Append(value) => {
                let (array, expires) = held.unwrap_or((Value::empty_array(), u64::MAX));
                let mut tree = array.to_tree();
                let Some(elements) = tree.as_array_mut() else {
                    let found = if array.as_str().is_some() { "a string" } else { "an object" };
                    let found = if array.as_number().is_some() { "a number" } else { found };
                    return Err(Refusal::NotAnArray { found });
                };
                elements.push(value.to_tree());
                let length = elements.len();
                self.put(scope, key, Value::from_tree(&tree).unwrap(), expires)?;
                length.to_string()
            }
            Operation::List(limit) => {
                let keys = self.scopes.get(scope).map(|(_, keys)| keys.clone()).unwrap_or_default();
                let prefix = &key[..1];
                let found = keys.into_iter().filter(|(key, _)| key.starts_with(prefix)).take(*limit);
                format!("{:?}", found.map(|(key, (value, _))| (key, value)).collect::<Vec<_>>())
            }
            Operation::Clear => self.scopes.remove(scope).map_or(0, |(_, keys)| keys.len()).to_string(),
            Operation::Sweep(_) => String::new(),
        })
    }
}

fn run(store: &Store, operation: &Operation, scope: &str, key: &str, now: u64) -> Result<String, Refusal> {
    Ok(match operation.clone() {
        Operation::Get => format!("{:?}", store.get(scope, key, now)),
        Operation::Set(value, ttl) => format!("{:?}", store.set(scope, key, value, ttl, now)?),
        Operation::Delete => store.delete(scope, key, now).to_string(),
        Operation::Increment(by) => store.increment(scope, key, by, now)?.to_json(),
        Operation::Swap(expected, new, ttl) => {
            store.compare_and_set(scope, key, expected.as_ref(), new, ttl, now)?.to_string()
        }
        Operation::Append(value) => store.append(scope, key, value, now)?.to_string(),
        Operation::List(limit) => format!("{:?}", store.list(scope, &key[..1], limit, now)),
        Operation::Clear => store.clear(scope, now).to_string(),
        Operation::Sweep(budget) => {
            assert!(store.sweep(now, budget) <= budget);
            String::new()
        }
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]

    #[test]
    fn the_store_does_what_the_model_does(
        script in prop::collection::vec(
            (operation(), prop::sample::select(vec![GLOBAL, "s", "t"]),
             prop::sample::select(vec!["a1", "a2", "b1", "b2", "b3", "b4"]), 0..20_u64),
            1..120,
        )
    ) {
        let store = Store::new(Limits { keys: KEYS, scope_idle: IDLE, ..Limits::default() });
        let mut model = Model::default();
        let mut now = 0;
        for (operation, scope, key, step) in script {
            now += step / 3;
            let expected = model.run(&operation, scope, key, now);
            prop_assert_eq!(run(&store, &operation, scope, key, now), expected, "{:?} {} {}", operation, scope, key);
        }
        store.sweep(now, usize::MAX);
        model.expire(now);
        let keys: usize = model.scopes.values().map(|(_, keys)| keys.len()).sum();
        prop_assert_eq!(store.usage().keys, keys);
        prop_assert_eq!(store.usage().scopes, model.scopes.keys().filter(|name| *name != GLOBAL).count());
        for scope in [GLOBAL, "s", "t"] {
            store.clear(scope, now);
        }
        prop_assert_eq!((store.usage().bytes, store.usage().keys, store.usage().scopes), (0, 0, 0));
    }
}
