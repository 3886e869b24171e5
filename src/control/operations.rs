//! What is served, as the control plane tells it.

use mocker_control::{Added, Operation};
use mocker_engine::Deployment;
use mocker_engine::behaviour::Behaviour;
use mocker_plan::method_name;
use mocker_scripting::ScriptId;

/// Every operation of a deployment, with what was added to it.
pub(super) fn operations(deployment: &Deployment) -> Vec<Operation> {
    let one = |number: u32| {
        let operation = deployment.plan.operation(number);
        let model = operation.model();
        let behaviour = deployment.behaviours.operations.get(number as usize);
        Operation {
            method: method_name(&model.method).to_owned(),
            path: model.path.to_string(),
            operation_id: model.id.as_deref().map(str::to_owned),
            tags: model.tags.iter().map(ToString::to_string).collect(),
            document: operation.document().title.clone(),
            added: behaviour
                .and_then(Option::as_deref)
                .map(|behaviour| added(deployment, behaviour))
                .unwrap_or_default(),
        }
    };
    (0..deployment.plan.len() as u32).map(one).collect()
}

fn added(deployment: &Deployment, behaviour: &Behaviour) -> Added {
    let name = |script: &ScriptId| deployment.behaviours.library.name(*script).to_owned();
    let mut scenarios: Vec<String> =
        behaviour.transitions.iter().map(|transition| transition.scenario.to_string()).collect();
    scenarios.dedup();
    Added {
        plugins: behaviour.plugins.iter().map(|plugin| plugin.kind().name().to_owned()).collect(),
        before: behaviour.before.iter().map(name).collect(),
        handle: behaviour.handle.as_ref().map(name),
        after: behaviour.after.iter().map(name).collect(),
        responses: behaviour.responses.is_some(),
        scenarios,
    }
}
