//! Text to tokens and back.

use std::path::Path;

use tokenizers::Tokenizer;

use crate::failure::{Failure, Outcome};

/// A model's tokenizer.
pub(crate) struct TextTokenizer(Tokenizer);

impl TextTokenizer {
    /// Reads a `tokenizer.json`.
    pub(crate) fn read(path: &Path) -> Outcome<Self> {
        let tokenizer = Tokenizer::from_file(path).map_err(|e| {
            Failure::with_remedy(format!("{}: {e}", path.display()), "export the model again, with its tokenizer.json")
        })?;
        Ok(Self(tokenizer))
    }

    /// The tokens of a text, without special ones.
    pub(crate) fn encode(&self, text: &str) -> Outcome<Vec<u32>> {
        let encoding =
            self.0.encode(text, false).map_err(|e| Failure::new(format!("the text cannot be encoded: {e}")))?;
        Ok(encoding.get_ids().to_vec())
    }

    /// The text of tokens.
    pub(crate) fn decode(&self, tokens: &[u32]) -> Outcome<String> {
        self.0.decode(tokens, true).map_err(|e| Failure::new(format!("the tokens cannot be decoded: {e}")))
    }
}
