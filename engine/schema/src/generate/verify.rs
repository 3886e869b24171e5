//! Judgement by the validator: where construction does not prove that a value obeys, some
//! values are made, judged, and those that pass are kept instead of the instructions.

use std::sync::Arc;

use serde_json::Value;

use super::block::{Block, Pool};
use super::compile::Compiler;
use super::fail::Fail;
use super::limits;
use crate::SchemaId;

/// Bodies tried at the root; with each instruction proven or judged already, they confirm.
const ROOT_SAMPLES: usize = 4;
/// Samples without any success after which a large value is given up.
const PATIENCE: u64 = 12;
/// Where [`limits::JUDGEMENT`] ends.
pub(super) const TOO_LONG: &str = "judging its values takes too many steps";

impl Compiler<'_> {
    /// Whether `value` obeys every schema of the conjunction, as far as the compile's judgement reaches.
    pub(super) fn obeys(&self, conjunction: &[SchemaId], value: &Value) -> bool {
        let mut steps = self.judgement.get();
        let direction = self.options.direction;
        let obeys =
            conjunction.iter().all(|id| self.schemas.is_valid_within(*id, value, direction, &mut steps));
        self.judgement.set(steps);
        obeys
    }

    /// The block with its freedom reduced to values that were judged to obey.
    pub(super) fn judged(&mut self, conjunction: &[SchemaId], block: Block) -> Result<Block, Fail> {
        let mut kept: Vec<Vec<u8>> = Vec::new();
        let mut bytes = 0;
        for sample in 0..limits::SAMPLES {
            let text = block.sample(&mut self.random);
            let is_known = kept.contains(&text);
            if !is_known && self.text_obeys(conjunction, &text) {
                bytes += text.len();
                kept.push(text);
            } else if kept.is_empty()
                && (block.constant().is_some() || sample > PATIENCE && block.size() > 2048)
            {
                break;
            }
            if self.is_judged_out() {
                break;
            }
            if kept.len() == limits::KEPT || bytes > limits::KEPT_BYTES || is_known && sample > PATIENCE {
                break;
            }
        }
        match kept.is_empty() {
            false => Ok(Block { told: block.told, ..Block::pool(Arc::new(Pool::new(kept))) }),
            true if self.is_lenient => Ok(block),
            true => Err(self.refusal(conjunction, &block)),
        }
    }

    /// Whether nothing more is judged, so that nothing more can be found to obey.
    pub(super) fn is_judged_out(&self) -> bool {
        self.judgement.get() == 0
    }

    fn text_obeys(&self, conjunction: &[SchemaId], text: &[u8]) -> bool {
        serde_json::from_slice(text).is_ok_and(|value| self.obeys(conjunction, &value))
    }

    /// What the validator holds against the block's values.
    fn refusal(&mut self, conjunction: &[SchemaId], block: &Block) -> Fail {
        if self.is_judged_out() {
            return Fail::limit(conjunction[0], TOO_LONG);
        }
        let text = block.sample(&mut self.random);
        let value = serde_json::from_slice(&text).unwrap_or(Value::Null);
        for id in conjunction {
            if let Some(broken) = self.schemas.validate(*id, &value, self.options.direction).first() {
                let place = broken.path.iter().map(|token| format!("/{token}")).collect::<String>();
                let reason = format!(
                    "no value was found that obeys `{}`{}{place}",
                    broken.keyword,
                    match place.is_empty() {
                        true => "",
                        false => " at ",
                    }
                );
                return Fail::contradiction(*id, reason);
            }
        }
        Fail::contradiction(conjunction[0], "no value was found that obeys")
    }

    /// The last word on a whole body.
    pub(super) fn judge_root(&mut self, root: &[SchemaId], block: Block) -> Result<Block, Fail> {
        for _ in 0..ROOT_SAMPLES {
            let text = block.sample(&mut self.random);
            if text.len() > limits::BODY {
                return Err(Fail::too_large(root[0]));
            }
            if !self.text_obeys(root, &text) {
                return self.judged(root, block);
            }
            if block.constant().is_some() {
                break;
            }
        }
        Ok(block)
    }
}
