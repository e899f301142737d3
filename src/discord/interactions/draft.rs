//! Filling in a private ballot with stars or ranks: each click is a step that is kept, and `Save` makes it count.

use super::Click;
use super::ballot::{Changes, redraw, refuse};
use crate::discord::components::{DraftAsk, read_proposal_value};
use crate::discord::respond::Delivery;
use crate::discord::views::ballot::next_film;
use crate::domain::draft::Shift;
use crate::domain::ids::{ProposalId, RoundId};
use crate::service::drafts::Mark;

/// Does what a control of the ballot asks for, and redraws the ballot.
pub async fn ask(click: &Click, round: RoundId, page: u32, ask: DraftAsk) -> Delivery {
    let (service, actor) = (click.desk.service(), click.actor);
    match ask {
        DraftAsk::Film | DraftAsk::Ranked => {
            let Some(film) = chosen(click) else {
                return refuse(click).await;
            };
            let read = service.read_ballot(actor);
            redraw(click, read, Changes::Nothing, |_| (page, Some(film))).await
        }
        DraftAsk::Stars { proposal, stars } => {
            let marked = service.mark_ballot(actor, round, Mark::Stars(proposal, stars));
            redraw(click, marked, Changes::Nothing, |ballot| {
                (page, next_film(ballot, proposal).map(|line| line.proposal))
            })
            .await
        }
        DraftAsk::Next => {
            let Some(film) = chosen(click) else {
                return refuse(click).await;
            };
            let marked = service.mark_ballot(actor, round, Mark::Next(film));
            redraw(click, marked, Changes::Nothing, |_| (page, None)).await
        }
        DraftAsk::Move { proposal, to } => {
            let marked = service.mark_ballot(actor, round, Mark::Move(proposal, to));
            let stays = (to != Shift::Out).then_some(proposal);
            redraw(click, marked, Changes::Nothing, |_| (page, stays)).await
        }
        DraftAsk::Undo => {
            let marked = service.mark_ballot(actor, round, Mark::Undo);
            redraw(click, marked, Changes::Nothing, |_| (page, None)).await
        }
        DraftAsk::Save => {
            let saved = service.save_ballot(actor, round);
            redraw(click, saved, Changes::Votes, |_| (page, None)).await
        }
        DraftAsk::Discard => {
            let discarded = service.discard_draft(actor, round);
            redraw(click, discarded, Changes::Nothing, |_| (page, None)).await
        }
    }
}

/// The film chosen in the menu.
fn chosen(click: &Click) -> Option<ProposalId> {
    click.values.first().and_then(|value| read_proposal_value(value))
}
