//! StableHLO's structured attributes: `#stablehlo.dot<…>`, `#stablehlo.conv<…>` and their like.

use super::lexer::Token;
use super::parser::{Noted, Parse, Parser, error};
use crate::ir::{
    Attr, ChannelHandle, ConvDimensionNumbers, DotAlgorithm, DotDimensionNumbers, ElementType, GatherDimensionNumbers,
    OutputOperandAlias, RaggedDotDimensionNumbers, ResultAccuracy, ScatterDimensionNumbers, Type,
};

/// The modes of `#stablehlo.result_accuracy`.
const ACCURACY_MODES: [&str; 3] = ["DEFAULT", "HIGHEST", "TOLERANCE"];

impl Parser<'_> {
    /// The attribute of this mnemonic, whose name is the next token; `None` when it is no structured one.
    pub(super) fn parse_structured(&mut self, dialect: &str, mnemonic: &str) -> Parse<Option<Attr>> {
        if dialect == "chlo" && mnemonic != "ragged_dot" {
            return Ok(None);
        }
        let rule: fn(&mut Self) -> Parse<Attr> = match mnemonic {
            "ragged_dot" => Self::parse_ragged_dot,
            // Axes of Shardy's own are kept as text.
            "replica_group_mesh_axes" if !self.group_mentions("#sdy") => Self::parse_replica_group_mesh_axes,
            "dot" => Self::parse_dot,
            "gather" => Self::parse_gather,
            "scatter" => Self::parse_scatter,
            "conv" => Self::parse_conv,
            "channel_handle" => Self::parse_channel_handle,
            "dot_algorithm" => |p| Ok(Attr::DotAlgorithm(Box::new(p.parse_dot_algorithm_fields()?))),
            "result_accuracy" => Self::parse_result_accuracy,
            "output_operand_alias" => Self::parse_output_operand_alias,
            "bounds" => |p| Ok(Attr::Bounds(p.parse_bounds_until(b'>')?)),
            "type_extensions" => Self::parse_type_extensions,
            _ => return Ok(None),
        };
        self.bump();
        self.expect(b'<', "after the attribute's name")?;
        rule(self).map(Some)
    }

    /// `name = value, …` up to `>`; `read` reads the value of the field of that index.
    pub(super) fn parse_fields(
        &mut self,
        names: &'static [&'static str],
        mut read: impl FnMut(&mut Self, usize) -> Parse<()>,
    ) -> Parse<()> {
        let mut seen = 0u32;
        self.list_until(b'>', "in the attribute", |p| {
            let token = p.token;
            let word = if token.kind == Token::Word { p.text_of(token) } else { "" };
            let Some(index) = names.iter().position(|n| *n == word) else {
                return Err(p.expected("a field").because(format!("the fields are {}", names.join(", "))));
            };
            if seen & (1 << index) != 0 {
                return Err(error(token.span(), format!("field `{word}` is given twice")));
            }
            seen |= 1 << index;
            p.bump();
            p.expect(b'=', "after the field's name")?;
            read(p, index)
        })
    }

    /// `[1, 2]`.
    pub(super) fn parse_i64_list(&mut self) -> Parse<Vec<i64>> {
        self.expect(b'[', "before a list of integers")?;
        let mut values = Vec::new();
        self.list_until(b']', "in a list of integers", |p| {
            values.push(p.parse_i64("an integer")?);
            Ok(())
        })?;
        Ok(values)
    }

    fn parse_dot(&mut self) -> Parse<Attr> {
        let mut d = DotDimensionNumbers::default();
        const NAMES: &[&str] = &[
            "lhs_batching_dimensions",
            "rhs_batching_dimensions",
            "lhs_contracting_dimensions",
            "rhs_contracting_dimensions",
        ];
        self.parse_fields(NAMES, |p, index| {
            let list = p.parse_i64_list()?;
            match index {
                0 => d.lhs_batching_dimensions = list,
                1 => d.rhs_batching_dimensions = list,
                2 => d.lhs_contracting_dimensions = list,
                _ => d.rhs_contracting_dimensions = list,
            }
            Ok(())
        })?;
        Ok(Attr::DotDimensionNumbers(Box::new(d)))
    }

    fn parse_ragged_dot(&mut self) -> Parse<Attr> {
        let mut d = RaggedDotDimensionNumbers::default();
        const NAMES: &[&str] = &[
            "lhs_batching_dimensions",
            "rhs_batching_dimensions",
            "lhs_contracting_dimensions",
            "rhs_contracting_dimensions",
            "lhs_ragged_dimensions",
            "rhs_group_dimensions",
        ];
        self.parse_fields(NAMES, |p, index| {
            let list = p.parse_i64_list()?;
            match index {
                0 => d.lhs_batching_dimensions = list,
                1 => d.rhs_batching_dimensions = list,
                2 => d.lhs_contracting_dimensions = list,
                3 => d.rhs_contracting_dimensions = list,
                4 => d.lhs_ragged_dimensions = list,
                _ => d.rhs_group_dimensions = list,
            }
            Ok(())
        })?;
        Ok(Attr::RaggedDotDimensionNumbers(Box::new(d)))
    }

    fn parse_gather(&mut self) -> Parse<Attr> {
        let mut d = GatherDimensionNumbers::default();
        const NAMES: &[&str] = &[
            "offset_dims",
            "collapsed_slice_dims",
            "operand_batching_dims",
            "start_indices_batching_dims",
            "start_index_map",
            "index_vector_dim",
        ];
        self.parse_fields(NAMES, |p, index| {
            match index {
                0 => d.offset_dims = p.parse_i64_list()?,
                1 => d.collapsed_slice_dims = p.parse_i64_list()?,
                2 => d.operand_batching_dims = p.parse_i64_list()?,
                3 => d.start_indices_batching_dims = p.parse_i64_list()?,
                4 => d.start_index_map = p.parse_i64_list()?,
                _ => d.index_vector_dim = p.parse_i64("a dimension")?,
            }
            Ok(())
        })?;
        Ok(Attr::GatherDimensionNumbers(Box::new(d)))
    }

    fn parse_scatter(&mut self) -> Parse<Attr> {
        let mut d = ScatterDimensionNumbers::default();
        const NAMES: &[&str] = &[
            "update_window_dims",
            "inserted_window_dims",
            "input_batching_dims",
            "scatter_indices_batching_dims",
            "scatter_dims_to_operand_dims",
            "index_vector_dim",
        ];
        self.parse_fields(NAMES, |p, index| {
            match index {
                0 => d.update_window_dims = p.parse_i64_list()?,
                1 => d.inserted_window_dims = p.parse_i64_list()?,
                2 => d.input_batching_dims = p.parse_i64_list()?,
                3 => d.scatter_indices_batching_dims = p.parse_i64_list()?,
                4 => d.scatter_dims_to_operand_dims = p.parse_i64_list()?,
                _ => d.index_vector_dim = p.parse_i64("a dimension")?,
            }
            Ok(())
        })?;
        Ok(Attr::ScatterDimensionNumbers(Box::new(d)))
    }

    /// `#stablehlo.conv<[b, 0, f]x[0, i, o]->[b, 0, f]>` or with `raw` and the fields by name.
    fn parse_conv(&mut self) -> Parse<Attr> {
        if self.eat_word("raw") {
            return self.parse_conv_fields();
        }
        let d = self.parse_conv_dimensions()?;
        self.expect(b'>', "after the dimension numbers")?;
        Ok(Attr::ConvDimensionNumbers(Box::new(d)))
    }

    fn parse_conv_fields(&mut self) -> Parse<Attr> {
        let mut d = ConvDimensionNumbers::default();
        const NAMES: &[&str] = &[
            "input_batch_dimension",
            "input_feature_dimension",
            "input_spatial_dimensions",
            "kernel_input_feature_dimension",
            "kernel_output_feature_dimension",
            "kernel_spatial_dimensions",
            "output_batch_dimension",
            "output_feature_dimension",
            "output_spatial_dimensions",
        ];
        self.parse_fields(NAMES, |p, index| {
            match index {
                2 => d.input_spatial_dimensions = p.parse_i64_list()?,
                5 => d.kernel_spatial_dimensions = p.parse_i64_list()?,
                8 => d.output_spatial_dimensions = p.parse_i64_list()?,
                0 => d.input_batch_dimension = p.parse_i64("a dimension")?,
                1 => d.input_feature_dimension = p.parse_i64("a dimension")?,
                3 => d.kernel_input_feature_dimension = p.parse_i64("a dimension")?,
                4 => d.kernel_output_feature_dimension = p.parse_i64("a dimension")?,
                6 => d.output_batch_dimension = p.parse_i64("a dimension")?,
                _ => d.output_feature_dimension = p.parse_i64("a dimension")?,
            }
            Ok(())
        })?;
        Ok(Attr::ConvDimensionNumbers(Box::new(d)))
    }

    fn parse_channel_handle(&mut self) -> Parse<Attr> {
        let start = self.token;
        let mut fields = [None; 2];
        self.parse_fields(&["handle", "type"], |p, index| {
            fields[index] = Some(p.parse_i64(if index == 0 { "a handle" } else { "a channel type" })?);
            Ok(())
        })?;
        match fields {
            [Some(handle), Some(channel_type)] => Ok(Attr::ChannelHandle(ChannelHandle { handle, channel_type })),
            [handle, _] => {
                let missing = if handle.is_none() { "handle" } else { "type" };
                Err(error(start.span(), format!("a channel handle needs `{missing}`")))
            }
        }
    }

    /// The fields of a dot algorithm up to `>`; the `<` has been read.
    pub(super) fn parse_dot_algorithm_fields(&mut self) -> Parse<DotAlgorithm> {
        let start = self.token;
        let (mut types, mut counts, mut imprecise) = ([None, None, None], [None; 3], None);
        const NAMES: &[&str] = &[
            "lhs_precision_type",
            "rhs_precision_type",
            "accumulation_type",
            "lhs_component_count",
            "rhs_component_count",
            "num_primitive_operations",
            "allow_imprecise_accumulation",
        ];
        self.parse_fields(NAMES, |p, index| {
            match index {
                0..=2 => types[index] = Some(p.parse_precision_type()?),
                3..=5 => counts[index - 3] = Some(p.parse_i64("a count")?),
                _ => imprecise = Some(p.parse_bool()?),
            }
            Ok(())
        })?;
        let given = types.iter().map(Option::is_some).chain(counts.iter().map(Option::is_some));
        let missing = given.chain([imprecise.is_some()]).position(|given| !given);
        if let Some(index) = missing {
            return Err(error(start.span(), format!("a dot algorithm needs `{}`", NAMES[index])));
        }
        let [lhs, rhs, accumulation] = types.map(|t| t.unwrap_or(ElementType::F32));
        let [lhs_count, rhs_count, operations] = counts.map(|c| c.unwrap_or(1));
        Ok(DotAlgorithm {
            lhs_precision_type: lhs,
            rhs_precision_type: rhs,
            accumulation_type: accumulation,
            lhs_component_count: lhs_count,
            rhs_component_count: rhs_count,
            num_primitive_operations: operations,
            allow_imprecise_accumulation: imprecise.unwrap_or(false),
        })
    }

    fn parse_precision_type(&mut self) -> Parse<ElementType> {
        let token = self.token;
        match self.parse_type()? {
            Type::Scalar(element) => Ok(element),
            other => Err(error(token.span(), format!("expected a scalar type such as `tf32`, found `{other}`"))),
        }
    }

    fn parse_result_accuracy(&mut self) -> Parse<Attr> {
        let mut accuracy = ResultAccuracy { atol: 0, rtol: 0, ulps: 0, mode: "DEFAULT" };
        self.parse_fields(&["atol", "rtol", "ulps", "mode"], |p, index| {
            match index {
                0 => accuracy.atol = p.parse_f64_bits()?,
                1 => accuracy.rtol = p.parse_f64_bits()?,
                2 => accuracy.ulps = p.parse_i64("a number of units in the last place")?,
                _ => accuracy.mode = p.parse_accuracy_mode()?,
            }
            Ok(())
        })?;
        Ok(Attr::ResultAccuracy(accuracy))
    }

    fn parse_f64_bits(&mut self) -> Parse<u64> {
        match self.parse_number_attr(Some(ElementType::F64))? {
            Attr::Float(float) => Ok(float.bits),
            _ => Err(self.expected("a number such as `1.0e-5`")),
        }
    }

    /// `#stablehlo.result_accuracy_mode<HIGHEST>` or the bare mode.
    fn parse_accuracy_mode(&mut self) -> Parse<&'static str> {
        let token = self.token;
        let wrapped = token.kind == Token::Hash && self.text_of(token) == "#stablehlo.result_accuracy_mode";
        if wrapped {
            self.bump();
            self.expect(b'<', "before the mode")?;
        }
        let word = if self.token.kind == Token::Word { self.text_of(self.token) } else { "" };
        let Some(mode) = ACCURACY_MODES.into_iter().find(|m| *m == word) else {
            return Err(self.expected("an accuracy mode").because("the modes are DEFAULT, HIGHEST, TOLERANCE"));
        };
        self.bump();
        if wrapped {
            self.expect(b'>', "after the mode")?;
        }
        Ok(mode)
    }

    fn parse_output_operand_alias(&mut self) -> Parse<Attr> {
        let mut alias = OutputOperandAlias::default();
        self.parse_fields(&["output_tuple_indices", "operand_index", "operand_tuple_indices"], |p, index| {
            match index {
                0 => alias.output_tuple_indices = p.parse_i64_list()?,
                1 => alias.operand_index = p.parse_i64("an operand index")?,
                _ => alias.operand_tuple_indices = p.parse_i64_list()?,
            }
            Ok(())
        })?;
        Ok(Attr::OutputOperandAlias(Box::new(alias)))
    }

    fn parse_bounds_until(&mut self, close: u8) -> Parse<Vec<Option<u64>>> {
        let mut bounds = Vec::new();
        self.list_until(close, "in the bounds", |p| {
            if p.eat(b'?') {
                bounds.push(None);
                return Ok(());
            }
            let token = p.token;
            let bound = p.parse_i64("a bound or `?`")?;
            let bound = u64::try_from(bound).map_err(|_| error(token.span(), "bound is negative"))?;
            bounds.push(Some(bound));
            Ok(())
        })?;
        Ok(bounds)
    }

    /// `#stablehlo.type_extensions<bounds = [3, ?]>`, the older spelling of bounds.
    fn parse_type_extensions(&mut self) -> Parse<Attr> {
        let mut bounds = Vec::new();
        self.parse_fields(&["bounds"], |p, _| {
            p.expect(b'[', "before the bounds")?;
            bounds = p.parse_bounds_until(b']')?;
            Ok(())
        })?;
        Ok(Attr::Bounds(bounds))
    }

    /// `[b, 0, f]x[0, i, o]->[b, 0, f]`.
    pub(super) fn parse_conv_dimensions(&mut self) -> Parse<ConvDimensionNumbers> {
        let ([input_batch_dimension, input_feature_dimension], input_spatial_dimensions) =
            self.parse_dimension_letters(["b", "f"])?;
        self.expect_word("x", "between the dimensions of input and kernel")?;
        let ([kernel_input_feature_dimension, kernel_output_feature_dimension], kernel_spatial_dimensions) =
            self.parse_dimension_letters(["i", "o"])?;
        self.expect_arrow("between the dimensions of kernel and output")?;
        let ([output_batch_dimension, output_feature_dimension], output_spatial_dimensions) =
            self.parse_dimension_letters(["b", "f"])?;
        Ok(ConvDimensionNumbers {
            input_batch_dimension,
            input_feature_dimension,
            input_spatial_dimensions,
            kernel_input_feature_dimension,
            kernel_output_feature_dimension,
            kernel_spatial_dimensions,
            output_batch_dimension,
            output_feature_dimension,
            output_spatial_dimensions,
        })
    }

    /// `[b, 0, 1, f]`: where the two letters stand, and where the spatial dimensions 0, 1, … stand.
    fn parse_dimension_letters(&mut self, letters: [&'static str; 2]) -> Parse<([i64; 2], Vec<i64>)> {
        let start = self.expect(b'[', "before dimension numbers")?;
        let (mut places, mut spatial, mut position) = ([None; 2], Vec::new(), 0i64);
        self.list_until(b']', "in dimension numbers", |p| {
            let token = p.token;
            let twice = |what: &str| error(token.span(), format!("dimension `{what}` is given twice"));
            if token.kind == Token::Integer {
                let index = p.parse_u32("a spatial dimension")?;
                spatial.push((index, position, token));
            } else if p.eat(b'?') {
                // An unknown dimension: counted, but named by nothing.
            } else {
                let word = if token.kind == Token::Word { p.text_of(token) } else { "" };
                let Some(which) = letters.iter().position(|l| *l == word) else {
                    return Err(p.expected(format_args!("`{}`, `{}` or a spatial dimension", letters[0], letters[1])));
                };
                if places[which].replace(position).is_some() {
                    return Err(twice(word));
                }
                p.bump();
            }
            position += 1;
            Ok(())
        })?;
        spatial.sort_by_key(|&(index, ..)| index);
        for (expected, &(index, _, token)) in spatial.iter().enumerate() {
            if index as usize != expected {
                let message = format!("spatial dimensions must be 0 to {} without gaps or repeats", spatial.len() - 1);
                return Err(error(token.span(), message));
            }
        }
        let place = |which: usize| {
            let missing = || error(start.span(), format!("dimension numbers lack `{}`", letters[which]));
            places[which].ok_or_else(missing)
        };
        Ok(([place(0)?, place(1)?], spatial.into_iter().map(|(_, position, _)| position).collect()))
    }
}
