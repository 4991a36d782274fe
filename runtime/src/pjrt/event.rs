//! Events: completion of asynchronous work in a plugin.

use std::ffi::c_void;
use std::ptr::NonNull;

use bytes::Bytes;

use super::abi::{self, ApiStruct, RawError, RawEvent};
use super::error::Error;
use super::table::{self, Table};

/// An event handle, freed on drop.
pub(crate) struct Event {
    table: Table,
    raw: NonNull<RawEvent>,
}

impl Event {
    /// Takes ownership of an event; plugins return null where there is nothing to wait for.
    ///
    /// # Safety
    /// `raw` is null or an event of this plugin that nobody else frees.
    pub(crate) unsafe fn from_raw(table: Table, raw: *mut RawEvent) -> Option<Self> {
        NonNull::new(raw).map(|raw| Event { table, raw })
    }

    /// Blocks until the event is ready and reports the error it carries, if any.
    pub(crate) fn wait(self) -> Result<(), Error> {
        let mut args = abi::EventAwaitArgs::zeroed();
        args.event = self.raw.as_ptr();
        // SAFETY: the event is alive until `self` is dropped.
        unsafe { self.table.call(&table::EVENT_AWAIT, &mut args) }
    }

    /// Keeps `memory` alive until the event is ready. Where the plugin cannot call back, it waits.
    pub(crate) fn release_when_ready(self, memory: Bytes) -> Result<(), Error> {
        let context = Box::into_raw(Box::new(Release { event: Some(self), memory }));
        // SAFETY: `context` was just made and is given to nobody yet.
        let (table, event) = unsafe {
            let event = (*context).event.as_ref().expect("the context was made with an event");
            (event.table, event.raw)
        };
        let mut args = abi::EventOnReadyArgs::zeroed();
        args.event = event.as_ptr();
        args.callback = Some(release);
        args.user_arg = context.cast();
        // SAFETY: the event is alive until the callback frees `context`, which it does exactly once.
        match unsafe { table.call(&table::EVENT_ON_READY, &mut args) } {
            Ok(()) => Ok(()),
            Err(_) => {
                // SAFETY: the plugin refused the callback, so that the context is ours again.
                let mut context = unsafe { Box::from_raw(context) };
                context.event.take().map_or(Ok(()), Event::wait)
            }
        }
    }
}

impl Drop for Event {
    fn drop(&mut self) {
        let mut args = abi::EventDestroyArgs::zeroed();
        args.event = self.raw.as_ptr();
        // SAFETY: the handle is owned and not used again. There is nothing to do about a failure.
        let _ = unsafe { self.table.call(&table::EVENT_DESTROY, &mut args) };
    }
}

/// What the callback of [`Event::release_when_ready`] owns: the event it was registered on and the memory to release.
struct Release {
    event: Option<Event>,
    #[allow(dead_code, reason = "held only to be dropped")]
    memory: Bytes,
}

extern "C" fn release(error: *mut RawError, context: *mut c_void) {
    // SAFETY: `context` is the box that `release_when_ready` leaked, and a plugin calls back once.
    let context = unsafe { Box::from_raw(context.cast::<Release>()) };
    if let Some(event) = &context.event {
        // SAFETY: the callback owns the error. A failed transfer shows when its buffer is used.
        let _ = unsafe { event.table.take_error("PJRT_Event_OnReady", error) };
    }
}
