//! `/limit`: how many films members may have up for the vote.

use super::words;
use crate::discord::limits;
use crate::discord::screen::Screen;
use crate::service::settings::{Limits, MemberLimit};

/// The server's limit, and the members with one of their own.
pub fn server(of: &Limits) -> Screen {
    let mut lines = vec![
        "## Proposals".to_owned(),
        format!(
            "Each member may have {} up for the vote at a time.",
            films(of.server)
        ),
    ];
    if !of.members.is_empty() {
        lines.push("Members with a limit of their own:".to_owned());
    }
    lines.extend(
        of.members
            .iter()
            .map(|(member, limit)| format!("- {}: {limit}", words::mention(*member))),
    );
    let unnamed = usize::try_from(of.total)
        .unwrap_or(usize::MAX)
        .saturating_sub(of.members.len());
    if unnamed > 0 {
        lines.push(format!("- and {unnamed} more: ask with `/limit show member:`"));
    }
    limits::fitted(Screen::text(lines.join("\n")))
}

/// One member's limit.
pub fn member(of: &MemberLimit) -> Screen {
    let whose = if of.own {
        "a limit of their own"
    } else {
        "the server's limit"
    };
    let mut text = format!(
        "{} may have {} up for the vote at a time, which is {whose}. They have {} now.",
        words::mention(of.member),
        films(of.limit),
        of.used
    );
    if of.used > of.limit {
        text.push_str("\n-# Those beyond the limit stay; new ones are refused until there is room.");
    }
    limits::fitted(Screen::text(text))
}

fn films(count: u32) -> String {
    match count {
        0 => "no film".to_owned(),
        1 => "1 film".to_owned(),
        count => format!("{count} films"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::discord::views::testing::assert_within_limits;
    use crate::domain::ids::MemberId;

    #[test]
    fn the_servers_limit_comes_first_and_the_rest_is_counted() {
        let limits = Limits {
            server: 10,
            members: vec![(MemberId(7), 0), (MemberId(8), 25)],
            total: 40,
        };
        insta::assert_snapshot!(server(&limits).content, @"
        ## Proposals
        Each member may have 10 films up for the vote at a time.
        Members with a limit of their own:
        - <@7>: 0
        - <@8>: 25
        - and 38 more: ask with `/limit show member:`
        ");
        let many = Limits {
            members: (0..25)
                .map(|number| (MemberId(u64::MAX - number), u32::MAX))
                .collect(),
            ..limits
        };
        assert_within_limits(&server(&many));
    }

    #[test]
    fn a_member_over_the_limit_keeps_what_they_have() {
        let limit = MemberLimit {
            member: MemberId(7),
            used: 4,
            limit: 1,
            own: true,
        };
        insta::assert_snapshot!(member(&limit).content, @"
        <@7> may have 1 film up for the vote at a time, which is a limit of their own. They have 4 now.
        -# Those beyond the limit stay; new ones are refused until there is room.
        ");
    }
}
