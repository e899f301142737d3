//! Which names of time zones are understood, and which are offered.

use super::*;

#[test]
fn zones_are_found_by_name_in_any_spelling() {
    for (text, zone) in [
        ("Europe/Berlin", Tz::Europe__Berlin),
        (" europe/berlin ", Tz::Europe__Berlin),
        ("europe berlin", Tz::Europe__Berlin),
        ("berlin", Tz::Europe__Berlin),
        ("New York", Tz::America__New_York),
        ("america/new york", Tz::America__New_York),
        ("são paulo", Tz::America__Sao_Paulo),
        ("port-au-prince", Tz::America__PortauPrince),
        ("UTC", Tz::UTC),
        ("utc", Tz::UTC),
        ("CET", Tz::CET),
        ("US/Eastern", Tz::US__Eastern),
        ("us eastern", Tz::US__Eastern),
        // In two regions, with one time.
        ("istanbul", Tz::Europe__Istanbul),
        ("buenos aires", Tz::America__Buenos_Aires),
        ("Etc/GMT+2", Tz::Etc__GMTPlus2),
    ] {
        assert_eq!(read_zone(text), Some(zone), "{text}");
    }
}

#[test]
fn what_names_no_zone_or_several_is_none() {
    for text in [
        "", " ", "/", "atlantis", "europe", "eastern", "pst", "UTC+2", "GMT+2", "GMT-2", "+02:00", "ber",
    ] {
        assert_eq!(read_zone(text), None, "{text}");
    }
    assert_eq!(read_zone(&"berlin ".repeat(100)), None);
}

#[test]
fn zones_are_offered_by_city_first() {
    let names = |text, limit| -> Vec<&str> {
        suggest_zones(text, limit)
            .iter()
            .map(|zone| zone.name())
            .collect()
    };
    assert_eq!(names("berl", 25), ["Europe/Berlin"]);
    assert_eq!(names("new y", 25), ["America/New_York"]);
    assert_eq!(names("utc", 25), ["UTC"]);
    assert_eq!(names("york", 25), ["America/New_York"]);
    assert_eq!(names("london", 25)[0], "Europe/London");
    assert_eq!(names("europe/b", 2), ["Europe/Belfast", "Europe/Belgrade"]);
    assert_eq!(names("", 3), ["UTC", "Europe/London", "Europe/Berlin"]);
    assert_eq!(names("", 25).len(), 24);
    assert_eq!(names("a", 25).len(), 25);
    assert!(names("atlantis", 25).is_empty());
    assert!(names("gmt+2", 25).is_empty());
}

proptest! {
    #[test]
    fn every_zone_that_is_offered_can_be_read(text in "[a-z/ ]{0,4}", limit in 0_usize..30) {
        let offered = suggest_zones(&text, limit);
        prop_assert!(offered.len() <= limit);
        for zone in offered {
            prop_assert_eq!(read_zone(zone.name()), Some(zone));
        }
    }

    #[test]
    fn no_text_breaks_the_names(text in any::<String>()) {
        let _ = (read_zone(&text), suggest_zones(&text, 25));
    }
}
