//! Versions of StableHLO.

use std::fmt;
use std::str::FromStr;

/// A version of StableHLO, such as 1.10.0.
///
/// Programs change with minor versions only; the patch level is carried but decides nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version {
    /// Changes when compatibility guarantees do.
    pub major: u16,
    /// Changes when operations, attributes or types do.
    pub minor: u16,
    /// Changes otherwise.
    pub patch: u16,
}

impl Version {
    /// The first version with a compatibility promise.
    pub const MINIMUM: Version = Version::new(0, 9);
    /// The version whose operations the op table declares.
    pub const CURRENT: Version = Version::new(1, 20);

    /// `major.minor.0`.
    pub const fn new(major: u16, minor: u16) -> Self {
        Self { major, minor, patch: 0 }
    }

    /// Whether artifacts of this version can be written.
    pub fn is_supported(self) -> bool {
        (Self::MINIMUM..=Self::CURRENT).contains(&Self { patch: 0, ..self })
    }

    /// The version of the MLIR bytecode container that artifacts of this version use.
    pub fn container(self) -> u64 {
        match (self.major, self.minor) {
            (0, ..=9) => 0,
            (0, 10 | 11) => 1,
            (0, 12 | 13) => 3,
            (0, 14) => 4,
            _ => 6,
        }
    }

    /// Whether this version is `other` or a later one, patch levels aside.
    pub(crate) fn reaches(self, other: Version) -> bool {
        (self.major, self.minor) >= (other.major, other.minor)
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}

/// That a text is no version this crate can write.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParseVersionError {
    /// The text is not of the form `1.10.0` or `current`.
    #[error("`{0}` is not a version; write it as in `1.10.0`, or `current`")]
    Malformed(String),
    /// The version is older or newer than what can be written.
    #[error("StableHLO {0} cannot be written; choose a version from {min} to {max}", min = Version::MINIMUM, max = Version::CURRENT)]
    Unsupported(Version),
}

impl FromStr for Version {
    type Err = ParseVersionError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "current" {
            return Ok(Self::CURRENT);
        }
        let malformed = || ParseVersionError::Malformed(text.to_owned());
        let mut parts = text.split('.').map(|part| part.parse::<u16>().map_err(|_| malformed()));
        let mut next = || parts.next().unwrap_or_else(|| Err(malformed()));
        let version = Version { major: next()?, minor: next()?, patch: next()? };
        if parts.next().is_some() {
            return Err(malformed());
        }
        if version.is_supported() { Ok(version) } else { Err(ParseVersionError::Unsupported(version)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_read_back_and_refuse_others() {
        for text in ["0.9.0", "1.10.3", "1.20.0"] {
            assert_eq!(text.parse::<Version>().expect("a version").to_string(), text);
        }
        assert_eq!("current".parse(), Ok(Version::CURRENT));
        for text in ["", "1", "1.2", "1.2.3.4", "a.b.c", "1.2.-3"] {
            assert_eq!(text.parse::<Version>(), Err(ParseVersionError::Malformed(text.to_owned())));
        }
        assert_eq!("0.8.0".parse::<Version>(), Err(ParseVersionError::Unsupported(Version::new(0, 8))));
        assert_eq!("1.21.0".parse::<Version>(), Err(ParseVersionError::Unsupported(Version::new(1, 21))));
    }

    #[test]
    fn containers_follow_the_version_log() {
        let container = |major, minor| Version::new(major, minor).container();
        assert_eq!(
            [(0, 9), (0, 11), (0, 13), (0, 14), (0, 15), (1, 0)].map(|(a, b)| container(a, b)),
            [0, 1, 3, 4, 6, 6]
        );
    }
}
