//! The counting, by the rules’ own vectors and properties.
