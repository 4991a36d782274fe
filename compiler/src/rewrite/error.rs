//! What can be wrong with a patch. Each of these is a mistake of the pass that made it.

/// Why a patch was refused. Nothing has changed then.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PatchError {
    /// The operation that the patch stands before is in no region.
    #[error("the anchor is no longer part of the function")]
    AnchorGone,
    /// The patch uses a value that is not computed yet where its operations will stand.
    #[error("{value} of type {ty} does not dominate the anchor `{anchor}`")]
    TapTooLate {
        /// The value of the target.
        value: String,
        /// Its type.
        ty: String,
        /// The anchor's name.
        anchor: String,
    },
    /// The type of a tapped value is not what it was when it was tapped.
    #[error("a tap of type {tap} stands for a value of type {value}")]
    TapType {
        /// The tap's type.
        tap: String,
        /// The value's type.
        value: String,
    },
    /// An operation of the fragment uses what is no value of the fragment, or one defined later.
    #[error("operand {index} of `{op}` is not a value of the fragment that is defined before it")]
    NotInFragment {
        /// The operation's name.
        op: String,
        /// Which operand.
        index: usize,
    },
    /// The fragment ends in a terminator.
    #[error("a fragment holds no terminator of its own, but this one has `{op}`")]
    Terminator {
        /// The terminator's name.
        op: String,
    },
    /// A replacement has another type than what it replaces.
    #[error("a value of type {new} cannot replace one of type {old}")]
    Type {
        /// Type of the value of the target.
        old: String,
        /// Type of the value of the fragment.
        new: String,
    },
    /// A replacement names a value that the target or the fragment does not have.
    #[error("a replacement names a value that does not exist")]
    NoSuchValue,
    /// A value is replaced twice.
    #[error("a value of type {ty} is replaced twice")]
    ReplacedTwice {
        /// Its type.
        ty: String,
    },
    /// A value is replaced by one that the same patch replaces.
    #[error("a value of type {ty} is replaced by itself, or by one that the same patch replaces")]
    Chained {
        /// Its type.
        ty: String,
    },
    /// A replaced value is used where its replacement is not computed yet.
    #[error("`{user}` uses what is replaced, but comes before the replacement")]
    UseTooEarly {
        /// The user's name.
        user: String,
    },
    /// An erased operation is still used.
    #[error("`{op}` is erased, but `{user}` uses it")]
    StillUsed {
        /// The erased operation's name.
        op: String,
        /// The user's name.
        user: String,
    },
    /// An erased operation is in no region, or a terminator.
    #[error("`{op}` cannot be erased")]
    NotErasable {
        /// The operation's name.
        op: String,
    },
    /// A removed parameter is still used, or there is none of that index.
    #[error("parameter {index} cannot be changed: {reason}")]
    Parameter {
        /// Which.
        index: usize,
        /// Why.
        reason: &'static str,
    },
    /// The signature changes of a function that others refer to.
    #[error("the parameters of @{func} cannot change: @{user} refers to it")]
    SignatureInUse {
        /// The function.
        func: String,
        /// Who refers to it.
        user: String,
    },
    /// A function that the patch adds has a name that is taken by now.
    #[error("@{name} exists already")]
    SymbolTaken {
        /// The symbol.
        name: String,
    },
}
