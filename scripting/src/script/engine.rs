//! An interpreter with all that scripts may call, and nothing else.

use std::rc::Rc;
use std::sync::Arc;

use rhai::packages::{
    ArithmeticPackage, BasicArrayPackage, BasicBlobPackage, BasicFnPackage, BasicIteratorPackage,
    BasicMapPackage, BasicMathPackage, BasicStringPackage, BitFieldPackage, LanguageCorePackage,
    LogicPackage, MoreStringPackage, Package,
};
use rhai::{Dynamic, Engine, OptimizationLevel};

use super::budgets::Budgets;
use super::host;
use super::imports::Imports;
use super::meter::Meter;
use crate::Library;
use crate::limits::{MAX_FUNCTIONS, MAX_IMPORTS};

/// Texts that scripts have in common are kept once; so many at most.
const INTERNED_STRINGS: usize = 1_024;

/// An interpreter for the scripts of a library.
pub(crate) fn engine(library: Arc<Library>, meter: &Rc<Meter>) -> Engine {
    let mut engine = bare();
    engine.set_module_resolver(Imports::new(library));
    let ticking = Rc::clone(meter);
    engine.on_progress(move |_| ticking.tick().then_some(Dynamic::UNIT));
    limit(&mut engine, &Budgets::default());
    engine
}

/// The language and the functions of the host.
pub(crate) fn bare() -> Engine {
    let mut engine = Engine::new_raw();
    engine.set_max_strings_interned(INTERNED_STRINGS);
    // No package of time: a script's clock is the request's.
    for package in [
        LanguageCorePackage::new().as_shared_module(),
        ArithmeticPackage::new().as_shared_module(),
        BasicStringPackage::new().as_shared_module(),
        BasicIteratorPackage::new().as_shared_module(),
        BasicFnPackage::new().as_shared_module(),
        LogicPackage::new().as_shared_module(),
        BitFieldPackage::new().as_shared_module(),
        BasicMathPackage::new().as_shared_module(),
        BasicArrayPackage::new().as_shared_module(),
        BasicBlobPackage::new().as_shared_module(),
        BasicMapPackage::new().as_shared_module(),
        MoreStringPackage::new().as_shared_module(),
    ] {
        engine.register_global_module(package);
    }
    host::register(&mut engine);
    engine.disable_symbol("eval");
    engine.set_strict_variables(true);
    engine.set_fail_on_invalid_map_property(false);
    engine.set_optimization_level(OptimizationLevel::Simple);
    engine.set_max_functions(MAX_FUNCTIONS);
    engine.set_max_modules(MAX_IMPORTS);
    engine
}

/// Has the interpreter keep to budgets. What it cannot judge itself is the meter's.
pub(crate) fn limit(engine: &mut Engine, budgets: &Budgets) {
    engine.set_max_operations(0);
    engine.set_max_call_levels(budgets.call_levels);
    engine.set_max_string_size(budgets.string_bytes);
    engine.set_max_array_size(budgets.array_items);
    engine.set_max_map_size(budgets.map_members);
    engine.set_max_variables(budgets.variables);
    engine.set_max_expr_depths(budgets.expression_depth, budgets.expression_depth);
}
