//! Who is named in a text, and who of them is notified. Pure.

use std::collections::HashSet;

use serde_json::Value;

use crate::id::Id;
use crate::world::message::Ping;

/// What the author may ping besides users.
#[derive(Debug, Default)]
pub(crate) struct Rights {
    /// `@everyone`, `@here` and every role.
    pub(crate) everyone: bool,
    /// Roles that everybody may ping.
    pub(crate) mentionable_roles: HashSet<Id>,
}

/// The users and roles named in a text, each once and in order, and whether `@everyone` or `@here` is.
pub(crate) fn named(text: &str) -> (Vec<Id>, Vec<Id>, bool) {
    let (mut users, mut roles) = (Vec::new(), Vec::new());
    for part in text.split("<@").skip(1) {
        let Some((inner, _)) = part.split_once('>') else {
            continue;
        };
        let (list, digits) = match inner.as_bytes().first() {
            Some(b'&') => (&mut roles, &inner[1..]),
            Some(b'!') => (&mut users, &inner[1..]),
            _ => (&mut users, inner),
        };
        if let Ok(id) = digits.parse()
            && !list.contains(&id)
        {
            list.push(id);
        }
    }
    (users, roles, text.contains("@everyone") || text.contains("@here"))
}

/// Who a new message notifies. Without `allowed_mentions` everything named does.
pub(crate) fn pings(
    text: &str,
    allowed: Option<&Value>,
    rights: &Rights,
    replied_to: Option<Id>,
) -> Vec<Ping> {
    let allowed = allowed.filter(|a| !a.is_null());
    let (users, roles, everyone) = named(text);
    let parses = |kind: &str| {
        allowed.is_none_or(|a| a["parse"].as_array().is_some_and(|p| p.iter().any(|k| k == kind)))
    };
    let lists = |kind: &str, id: Id| {
        allowed.is_some_and(|a| {
            a[kind]
                .as_array()
                .is_some_and(|l| l.iter().any(|v| v.as_str() == Some(&id.to_string())))
        })
    };
    let mut pings = Vec::new();
    if everyone && rights.everyone && parses("everyone") {
        pings.push(Ping::Everyone);
    }
    for id in roles {
        let may = rights.everyone || rights.mentionable_roles.contains(&id);
        if may && (parses("roles") || lists("roles", id)) {
            pings.push(Ping::Role(id));
        }
    }
    for id in users {
        if parses("users") || lists("users", id) {
            pings.push(Ping::User(id));
        }
    }
    if let Some(id) = replied_to
        && allowed.is_none_or(|a| a["replied_user"].as_bool().unwrap_or(false))
        && !pings.contains(&Ping::User(id))
    {
        pings.push(Ping::User(id));
    }
    pings
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const TEXT: &str = "@everyone <@1> <@!2> <@&3> <@1> <@x>";

    fn all() -> Rights {
        Rights {
            everyone: true,
            mentionable_roles: HashSet::new(),
        }
    }

    #[test]
    fn everything_named_is_notified_unless_told_otherwise() {
        let expected = [
            Ping::Everyone,
            Ping::Role(Id(3)),
            Ping::User(Id(1)),
            Ping::User(Id(2)),
        ];
        assert_eq!(pings(TEXT, None, &all(), None), expected);
        assert_eq!(pings(TEXT, Some(&json!({"parse": []})), &all(), Some(Id(7))), []);
    }

    #[test]
    fn only_listed_users_are_notified() {
        let allowed = json!({"parse": [], "users": ["2"], "replied_user": true});
        let expected = [Ping::User(Id(2)), Ping::User(Id(7))];
        assert_eq!(pings(TEXT, Some(&allowed), &all(), Some(Id(7))), expected);
    }

    #[test]
    fn without_the_permission_neither_everyone_nor_a_role_is_notified() {
        let users = [Ping::User(Id(1)), Ping::User(Id(2))];
        assert_eq!(pings(TEXT, None, &Rights::default(), None), users);
    }
}
