//! A document to a scenario.

use mocker_openapi::Document;

use super::operation::Maker;
use super::parameter::Parameters;
use super::routes::{Routes, template};
use super::values::Values;
use super::{Options, Scenario, Unmade};
use crate::limits::MAX_SCENARIO;

/// Requests of every operation of a document, all of them as it asks: the author's examples first, then the least and
/// the most that it allows, then what the seed makes. An example that breaks its own schema is passed over. The same
/// document and options give the same bytes.
pub fn of_document(document: &Document, options: &Options) -> (Scenario, Vec<Unmade>) {
    let base_path = options.base_path.trim_end_matches('/');
    let mut maker = Maker {
        document,
        options,
        base_path,
        routes: Routes::new(document, base_path),
        values: Values::new(&document.schemas),
        parameters: Parameters::default(),
    };
    let mut scenario = Scenario::default();
    let mut unmade = Vec::new();
    let mut bytes = 0;
    for (index, model) in document.operations.iter().enumerate() {
        let (made, reasons) = match bytes > MAX_SCENARIO {
            false => maker.operation(index),
            true => (None, vec![format!("the requests before it take {MAX_SCENARIO} bytes already")]),
        };
        let name = format!("{} {}", mocker_plan::method_name(&model.method), template(model));
        unmade.extend(reasons.into_iter().map(|reason| Unmade { operation: name.clone(), reason }));
        if let Some(operation) = made {
            bytes += operation.requests.iter().map(|request| request.bytes.len()).sum::<usize>();
            scenario.operations.push(operation);
        }
    }
    (scenario, unmade)
}
