//! Shardings of before Shardy: strings such as `{devices=[1,4]<=[4]}`, in `mhlo.sharding`.
//!
//! `devices` gives the number of parts of each dimension and then, device by device in row-major order of the parts, who
//! holds them: as a list (`0,1,2,3`) or as `<=[reshape]T(transpose)` of 0, 1, 2, …. With `last_tile_dim_replicate` the
//! devices of one more, last dimension hold copies. `last_tile_dims={manual, replicated}` says the same of several kinds.

/// A sharding in XLA's own form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HloSharding {
    /// A whole copy on every device.
    Replicated,
    /// The program sees one device's part already.
    Manual,
    /// All on one device.
    Maximal {
        /// Which.
        device: u64,
    },
    /// Cut into parts.
    Tiled {
        /// Parts of each dimension.
        tiles: Vec<u64>,
        /// How many devices hold a copy of each part.
        copies: u64,
        /// Who holds the parts, row-major, copies innermost.
        devices: Vec<u64>,
    },
    /// One for each part of a tuple.
    Tuple(Vec<HloSharding>),
}

/// The most devices that a string may name.
const MOST_DEVICES: u64 = 1 << 20;

impl HloSharding {
    /// Reads a string.
    ///
    /// # Errors
    /// What is wrong with it, in a few words.
    pub fn read(text: &str) -> Result<Self, String> {
        let inner = text.trim().strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
        let inner = inner.ok_or_else(|| format!("`{text}` is not in braces"))?.trim();
        if inner.starts_with('{') {
            return split_braces(inner)?.into_iter().map(Self::read_single).collect::<Result<_, _>>().map(Self::Tuple);
        }
        Self::read_single(text)
    }

    fn read_single(text: &str) -> Result<Self, String> {
        let inner = text.trim().strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
        let inner = inner.ok_or_else(|| format!("`{text}` is not in braces"))?.trim();
        // Metadata says where it came from.
        let inner = inner.split_once(" metadata=").map_or(inner, |(inner, _)| inner).trim();
        match inner {
            "replicated" => return Ok(Self::Replicated),
            "manual" => return Ok(Self::Manual),
            _ => {}
        }
        if let Some(device) = inner.strip_prefix("maximal device=") {
            let device = device.trim().parse().map_err(|_| format!("`{device}` is no device"))?;
            return Ok(Self::Maximal { device });
        }
        let tiled = inner.strip_prefix("devices=").ok_or_else(|| format!("`{inner}` is no sharding"))?;
        Self::read_tiled(tiled)
    }

    /// `[2,2]<=[4] last_tile_dim_replicate` or `[2,2]0,1,2,3`.
    fn read_tiled(text: &str) -> Result<Self, String> {
        let (mut tiles, rest) = bracketed(text)?;
        let count = product(&tiles)?;
        let (order, rest) = match rest.strip_prefix("<=") {
            Some(rest) => iota(rest)?,
            None => {
                let (list, rest) = rest.split_once(' ').unwrap_or((rest, ""));
                (numbers(list)?, rest)
            }
        };
        if order.len() as u64 != count {
            return Err(format!("{count} parts, but {} devices", order.len()));
        }
        let mut sorted = order.clone();
        sorted.sort_unstable();
        if sorted.windows(2).any(|pair| pair[0] == pair[1]) {
            return Err("a device is named twice".to_owned());
        }
        let trailing = match rest.trim() {
            "" => 0,
            "last_tile_dim_replicate" => 1,
            other => {
                let kinds = other.strip_prefix("last_tile_dims={").and_then(|kinds| kinds.strip_suffix('}'));
                kinds.ok_or_else(|| format!("`{other}` is unknown"))?.split(',').count()
            }
        };
        let kept = tiles.len().checked_sub(trailing).ok_or_else(|| "more kinds than dimensions".to_owned())?;
        let copies = product(&tiles.split_off(kept))?;
        Ok(Self::Tiled { tiles, copies, devices: order })
    }

    /// The number of devices it names, where it does.
    pub fn device_count(&self) -> Option<u64> {
        match self {
            Self::Tiled { devices, .. } => Some(devices.len() as u64),
            Self::Tuple(parts) => parts.iter().find_map(Self::device_count),
            Self::Replicated | Self::Manual | Self::Maximal { .. } => None,
        }
    }
}

/// The parts of `{a}, {b}`, braces included.
fn split_braces(text: &str) -> Result<Vec<&str>, String> {
    let (mut parts, mut depth, mut start) = (Vec::new(), 0usize, 0);
    for (at, c) in text.char_indices() {
        match c {
            '{' => {
                start = if depth == 0 { at } else { start };
                depth += 1;
            }
            '}' => {
                depth = depth.checked_sub(1).ok_or_else(|| "braces do not match".to_owned())?;
                if depth == 0 {
                    parts.push(&text[start..=at]);
                }
            }
            _ => {}
        }
    }
    if depth == 0 { Ok(parts) } else { Err("braces do not match".to_owned()) }
}

fn numbers(text: &str) -> Result<Vec<u64>, String> {
    text.split(',').map(|n| n.trim().parse().map_err(|_| format!("`{}` is no number", n.trim()))).collect()
}

/// `[1,2]rest`.
fn bracketed(text: &str) -> Result<(Vec<u64>, &str), String> {
    let inner = text.strip_prefix('[').and_then(|rest| rest.split_once(']'));
    let (inner, rest) = inner.ok_or_else(|| format!("`{text}` is no list in brackets"))?;
    Ok((numbers(inner)?, rest))
}

fn product(sizes: &[u64]) -> Result<u64, String> {
    let product = sizes.iter().try_fold(1u64, |product, &size| product.checked_mul(size));
    product
        .filter(|&count| count > 0 && count <= MOST_DEVICES)
        .ok_or_else(|| "no sensible number of devices".to_owned())
}

/// `[a,b]T(1,0) rest`: 0, 1, 2, … reshaped and transposed.
fn iota(text: &str) -> Result<(Vec<u64>, &str), String> {
    let (sizes, rest) = bracketed(text)?;
    let count = product(&sizes)?;
    let Some(transposed) = rest.strip_prefix("T(") else { return Ok(((0..count).collect(), rest)) };
    let (order, rest) = transposed.split_once(')').ok_or_else(|| "a transposition is not closed".to_owned())?;
    let order = numbers(order)?;
    let mut sorted = order.clone();
    sorted.sort_unstable();
    if sorted.iter().copied().ne(0..sizes.len() as u64) {
        return Err(format!("{order:?} is no permutation"));
    }
    let mut strides = vec![1u64; sizes.len()];
    for dim in (1..sizes.len()).rev() {
        strides[dim - 1] = strides[dim] * sizes[dim];
    }
    let mut devices = vec![0];
    for &dim in &order {
        let (size, stride) = (sizes[dim as usize], strides[dim as usize]);
        devices = devices.iter().flat_map(|&base| (0..size).map(move |at| base + at * stride)).collect();
    }
    Ok((devices, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tiled(tiles: &[u64], copies: u64, devices: &[u64]) -> HloSharding {
        HloSharding::Tiled { tiles: tiles.to_vec(), copies, devices: devices.to_vec() }
    }

    #[test]
    fn lists_and_iotas_are_read() {
        let read = |text| HloSharding::read(text).unwrap();
        assert_eq!(read("{replicated}"), HloSharding::Replicated);
        assert_eq!(read("{maximal device=3}"), HloSharding::Maximal { device: 3 });
        assert_eq!(read("{devices=[1,4]<=[4]}"), tiled(&[1, 4], 1, &[0, 1, 2, 3]));
        assert_eq!(read("{devices=[2,2]0,2,1,3}"), tiled(&[2, 2], 1, &[0, 2, 1, 3]));
        assert_eq!(read("{devices=[2,1,2]<=[2,2]T(1,0) last_tile_dim_replicate}"), tiled(&[2, 1], 2, &[0, 2, 1, 3]));
        assert_eq!(read("{devices=[2,2]<=[4] last_tile_dims={manual}}"), tiled(&[2], 2, &[0, 1, 2, 3]));
        let tuple = read("{{replicated}, {devices=[2]<=[2]}}");
        assert_eq!(tuple, HloSharding::Tuple(vec![HloSharding::Replicated, tiled(&[2], 1, &[0, 1])]));
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        for text in [
            "replicated",
            "{devices=[2]0,0}",
            "{devices=[2]<=[3]}",
            "{devices=[2,2]<=[2,2]T(0,0)}",
            "{devices=[99999999999,99999999999]<=[4]}",
            "{devices=[0]}",
            "{{replicated}",
            "{devices=[2]<=[2] last_tile_dims={manual,manual}}",
        ] {
            assert!(HloSharding::read(text).is_err(), "{text}");
        }
    }
}
