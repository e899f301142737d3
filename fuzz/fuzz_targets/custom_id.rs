//! The `custom_id` of a button or menu, as whoever sends it likes.
#![no_main]

use libfuzzer_sys::fuzz_target;
use marquee::discord::components::{Control, proposal_value, read_proposal_value};

fuzz_target!(|text: &str| {
    if let Some(control) = Control::decode(text) {
        assert_eq!(control.encode(), text, "every control has one spelling");
        assert!(text.len() <= 100, "Discord takes no more");
    }
    if let Some(proposal) = read_proposal_value(text) {
        assert_eq!(proposal_value(proposal), text, "every proposal has one spelling");
    }
});
