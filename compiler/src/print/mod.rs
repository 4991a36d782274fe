//! Printing: StableHLO text in pretty and generic form.

mod attr;
