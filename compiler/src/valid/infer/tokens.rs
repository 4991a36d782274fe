//! Tokens, tuples, and what enters or leaves a program besides its arguments and results.

use super::Outcome;
use crate::ir::{Attr, ChannelHandle, ElementType, TensorType, Type};
use crate::valid::site::{Checked, OpCx};

/// One token.
pub(super) fn token(cx: &mut OpCx<'_>) -> Checked<Outcome> {
    Outcome::one(Type::Token, crate::valid::tags::output(cx.opcode, 1))
}

/// An unsigned number for the process.
pub(super) fn process_id(cx: &mut OpCx<'_>) -> Checked<Outcome> {
    Outcome::one(TensorType::scalar(ElementType::UI32), crate::valid::tags::output(cx.opcode, 1))
}

/// tuple_c1.
pub(super) fn tuple(cx: &mut OpCx<'_>) -> Checked<Outcome> {
    let parts = cx.operand_types().into_iter().cloned().collect();
    Outcome::one(Type::Tuple(parts), "tuple_c1")
}

/// get_tuple_element_c1, get_tuple_element_c2.
pub(super) fn get_tuple_element(cx: &mut OpCx<'_>) -> Checked<Outcome> {
    let Type::Tuple(parts) = cx.operand_type(0) else { return Ok(Outcome::Stated) };
    let index = cx.int("index");
    match usize::try_from(index).ok().and_then(|i| parts.get(i)) {
        Some(part) => Outcome::one(part.clone(), "get_tuple_element_c2"),
        None => {
            let message = format!("index is {index}, but must be in [0, {}), the parts of the tuple", parts.len());
            Err(cx.fail_about("get_tuple_element_c1", &[0], message))
        }
    }
}

const DEVICE_TO_DEVICE: i64 = 1;
const DEVICE_TO_HOST: i64 = 2;
const HOST_TO_DEVICE: i64 = 3;

/// The channel leads where the transfer goes: send_c1, recv_c1.
fn check_channel(cx: &mut OpCx<'_>, host: i64, host_name: &str, tag: &'static str) -> Checked {
    let Some(Attr::ChannelHandle(ChannelHandle { channel_type, .. })) = cx.attr("channel_handle") else {
        return Ok(());
    };
    let (expected, name, said) = match cx.flag("is_host_transfer") {
        true => (host, host_name, "set"),
        false => (DEVICE_TO_DEVICE, "DEVICE_TO_DEVICE", "not set"),
    };
    cx.require(*channel_type == expected, tag, || {
        format!("the channel_type must be {expected} ({name}) where is_host_transfer is {said}, got {channel_type}")
    })
}

/// send_c1.
pub(super) fn send(cx: &mut OpCx<'_>) -> Checked<Outcome> {
    check_channel(cx, DEVICE_TO_HOST, "DEVICE_TO_HOST", "send_c1")?;
    token(cx)
}

/// Tensors and then a token.
fn check_tensors_and_token(cx: &mut OpCx<'_>, [some, tensors, last]: [&'static str; 3]) -> Checked {
    let results = cx.result_types();
    let Some((end, front)) = results.split_last() else {
        return Err(cx.fail(some, "must have at least 1 result, the token, but has 0"));
    };
    if let Some(n) = front.iter().position(|ty| ty.as_tensor().is_none()) {
        return Err(
            cx.fail(tensors, format!("all results but the last must be tensors, but result {n} is `{}`", front[n]))
        );
    }
    cx.require(**end == Type::Token, last, || format!("the last result must be a token, but is `{end}`"))
}

/// recv_c1 to recv_c4.
pub(super) fn recv(cx: &mut OpCx<'_>) -> Checked {
    check_channel(cx, HOST_TO_DEVICE, "HOST_TO_DEVICE", "recv_c1")?;
    check_tensors_and_token(cx, ["recv_c2", "recv_c3", "recv_c4"])
}

/// infeed_c1, infeed_c2, infeed_c3, and the layouts.
pub(super) fn infeed(cx: &mut OpCx<'_>) -> Checked {
    check_tensors_and_token(cx, ["infeed_c1", "infeed_c2", "infeed_c3"])?;
    let Some(Attr::Array(layouts)) = cx.attr("layout") else { return Ok(()) };
    let tensors = cx.result_types().len() - 1;
    cx.require(layouts.len() == tensors, "infeed_layout", || {
        format!("layout must have an entry for each of the {tensors} tensors, but has {}", layouts.len())
    })?;
    let numbers = |a: &Attr| matches!(a, Attr::Array(items) if items.iter().all(|i| matches!(i, Attr::Int(_))));
    cx.require(layouts.iter().all(numbers), "infeed_layout", || {
        format!("layout must be an array of arrays of integers, but is {}", Attr::Array(layouts.to_vec()))
    })
}
