//! The routes of the API, named as in Discord's document, and finding the one of a path.

use axum::http::Method;

/// What a request is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Op {
    Gateway,
    GatewayBot,
    Me,
    Application,
    ListCommands,
    ReplaceCommands,
    CreateCommand,
    GetCommand,
    EditCommand,
    DeleteCommand,
    Callback,
    CreateFollowup,
    GetAnswer,
    EditAnswer,
    DeleteAnswer,
    GetChannel,
    ListMessages,
    CreateMessage,
    GetMessage,
    EditMessage,
    DeleteMessage,
    AddReaction,
    RemoveOwnReaction,
    RemoveReaction,
    ListReactions,
    ClearReactions,
    ClearEmoji,
    GetGuild,
    GetGuildChannels,
    GetGuildRoles,
    GetMember,
    ListMembers,
    GetUser,
    OpenDirectChannel,
}

impl Op {
    /// Whether the token in the path is all the authorization there is.
    pub(crate) const fn by_interaction_token(self) -> bool {
        use Op::{Callback, CreateFollowup, DeleteAnswer, EditAnswer, GetAnswer};
        matches!(
            self,
            Callback | CreateFollowup | GetAnswer | EditAnswer | DeleteAnswer
        )
    }
}

/// One route: `(method, template, what)`.
type Entry = (Method, &'static str, Op);

/// Every route; of two that fit, the first counts.
const ROUTES: &[Entry] = &[
    (Method::GET, "/gateway", Op::Gateway),
    (Method::GET, "/gateway/bot", Op::GatewayBot),
    (Method::GET, "/users/@me", Op::Me),
    (Method::GET, "/users/{user_id}", Op::GetUser),
    (Method::POST, "/users/@me/channels", Op::OpenDirectChannel),
    (Method::GET, "/applications/@me", Op::Application),
    (Method::GET, "/oauth2/applications/@me", Op::Application),
    (
        Method::GET,
        "/applications/{application_id}/commands",
        Op::ListCommands,
    ),
    (
        Method::PUT,
        "/applications/{application_id}/commands",
        Op::ReplaceCommands,
    ),
    (
        Method::POST,
        "/applications/{application_id}/commands",
        Op::CreateCommand,
    ),
    (
        Method::GET,
        "/applications/{application_id}/commands/{command_id}",
        Op::GetCommand,
    ),
    (
        Method::PATCH,
        "/applications/{application_id}/commands/{command_id}",
        Op::EditCommand,
    ),
    (
        Method::DELETE,
        "/applications/{application_id}/commands/{command_id}",
        Op::DeleteCommand,
    ),
    (
        Method::GET,
        "/applications/{application_id}/guilds/{guild_id}/commands",
        Op::ListCommands,
    ),
    (
        Method::PUT,
        "/applications/{application_id}/guilds/{guild_id}/commands",
        Op::ReplaceCommands,
    ),
    (
        Method::POST,
        "/applications/{application_id}/guilds/{guild_id}/commands",
        Op::CreateCommand,
    ),
    (
        Method::GET,
        "/applications/{application_id}/guilds/{guild_id}/commands/{command_id}",
        Op::GetCommand,
    ),
    (
        Method::PATCH,
        "/applications/{application_id}/guilds/{guild_id}/commands/{command_id}",
        Op::EditCommand,
    ),
    (
        Method::DELETE,
        "/applications/{application_id}/guilds/{guild_id}/commands/{command_id}",
        Op::DeleteCommand,
    ),
    (
        Method::POST,
        "/interactions/{interaction_id}/{interaction_token}/callback",
        Op::Callback,
    ),
    (
        Method::POST,
        "/webhooks/{webhook_id}/{webhook_token}",
        Op::CreateFollowup,
    ),
    (
        Method::GET,
        "/webhooks/{webhook_id}/{webhook_token}/messages/@original",
        Op::GetAnswer,
    ),
    (
        Method::PATCH,
        "/webhooks/{webhook_id}/{webhook_token}/messages/@original",
        Op::EditAnswer,
    ),
    (
        Method::DELETE,
        "/webhooks/{webhook_id}/{webhook_token}/messages/@original",
        Op::DeleteAnswer,
    ),
    (
        Method::GET,
        "/webhooks/{webhook_id}/{webhook_token}/messages/{message_id}",
        Op::GetAnswer,
    ),
    (
        Method::PATCH,
        "/webhooks/{webhook_id}/{webhook_token}/messages/{message_id}",
        Op::EditAnswer,
    ),
    (
        Method::DELETE,
        "/webhooks/{webhook_id}/{webhook_token}/messages/{message_id}",
        Op::DeleteAnswer,
    ),
    (Method::GET, "/channels/{channel_id}", Op::GetChannel),
    (Method::GET, "/channels/{channel_id}/messages", Op::ListMessages),
    (Method::POST, "/channels/{channel_id}/messages", Op::CreateMessage),
    (
        Method::GET,
        "/channels/{channel_id}/messages/{message_id}",
        Op::GetMessage,
    ),
    (
        Method::PATCH,
        "/channels/{channel_id}/messages/{message_id}",
        Op::EditMessage,
    ),
    (
        Method::DELETE,
        "/channels/{channel_id}/messages/{message_id}",
        Op::DeleteMessage,
    ),
    (
        Method::DELETE,
        "/channels/{channel_id}/messages/{message_id}/reactions",
        Op::ClearReactions,
    ),
    (
        Method::GET,
        "/channels/{channel_id}/messages/{message_id}/reactions/{emoji_name}",
        Op::ListReactions,
    ),
    (
        Method::DELETE,
        "/channels/{channel_id}/messages/{message_id}/reactions/{emoji_name}",
        Op::ClearEmoji,
    ),
    (
        Method::PUT,
        "/channels/{channel_id}/messages/{message_id}/reactions/{emoji_name}/@me",
        Op::AddReaction,
    ),
    (
        Method::DELETE,
        "/channels/{channel_id}/messages/{message_id}/reactions/{emoji_name}/@me",
        Op::RemoveOwnReaction,
    ),
    (
        Method::DELETE,
        "/channels/{channel_id}/messages/{message_id}/reactions/{emoji_name}/{user_id}",
        Op::RemoveReaction,
    ),
    (Method::GET, "/guilds/{guild_id}", Op::GetGuild),
    (Method::GET, "/guilds/{guild_id}/channels", Op::GetGuildChannels),
    (Method::GET, "/guilds/{guild_id}/roles", Op::GetGuildRoles),
    (Method::GET, "/guilds/{guild_id}/members", Op::ListMembers),
    (Method::GET, "/guilds/{guild_id}/members/{user_id}", Op::GetMember),
];

/// A path that was understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Route {
    pub(crate) op: Op,
    pub(crate) template: &'static str,
    params: Vec<(&'static str, String)>,
}

impl Route {
    /// The decoded segment that stands for `{name}`; empty if the template has none.
    pub(crate) fn param(&self, name: &str) -> &str {
        self.params
            .iter()
            .find(|(n, _)| *n == name)
            .map_or("", |(_, value)| value)
    }

    /// The segment that rate limits are counted by.
    pub(crate) fn major(&self) -> &str {
        ["channel_id", "guild_id", "webhook_token"]
            .iter()
            .map(|n| self.param(n))
            .find(|p| !p.is_empty())
            .unwrap_or("")
    }
}

/// The route of a path, which is without `/api/v10`.
pub(crate) fn find(method: &Method, path: &str) -> Option<Route> {
    let given: Vec<&str> = path.trim_start_matches('/').split('/').collect();
    ROUTES
        .iter()
        .filter(|(m, ..)| m == method)
        .find_map(|(_, template, op)| {
            let wanted = template.trim_start_matches('/').split('/');
            if wanted.clone().count() != given.len() {
                return None;
            }
            let mut params = Vec::new();
            for (segment, value) in wanted.zip(&given) {
                if let Some(name) = segment.strip_prefix('{').and_then(|s| s.strip_suffix('}')) {
                    let decoded = percent_encoding::percent_decode_str(value).decode_utf8().ok()?;
                    if decoded.is_empty() {
                        return None;
                    }
                    params.push((name, decoded.into_owned()));
                } else if segment != *value {
                    return None;
                }
            }
            Some(Route {
                op: *op,
                template,
                params,
            })
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_count_before_parameters_and_segments_are_decoded() {
        let op = |method: Method, path| find(&method, path).map(|r| r.op);
        assert_eq!(
            op(Method::GET, "/webhooks/1/t/messages/@original"),
            Some(Op::GetAnswer)
        );
        assert_eq!(op(Method::GET, "/users/@me"), Some(Op::Me));
        assert_eq!(op(Method::POST, "/users/@me"), None);
        assert_eq!(op(Method::GET, "/channels//messages"), None);
        let route = find(
            &Method::PUT,
            "/channels/1/messages/2/reactions/1%EF%B8%8F%E2%83%A3/@me",
        );
        assert_eq!(
            route.map(|r| r.param("emoji_name").to_owned()).as_deref(),
            Some("1️⃣")
        );
    }
}
