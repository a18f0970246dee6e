import { foldCandidate, headingOf, type ToldChannel } from '@firebreak/core/detect/candidates';
import { handPage, tellPage } from '@firebreak/core/detect/paging';
import { markKind } from '@firebreak/core/detect/signals';
import { isRefusal } from '@firebreak/core/kernel';
import { type DeliveryId, dueFor, foldSubscription, type SubscriptionId } from '@firebreak/core/respond/links';
import {
  actWithin,
  type Deps,
  firebreakItself,
  type JobHandler,
  loadStream,
  lockStreams,
  type Sql,
} from '../../platform/index.ts';
import { listeningTo, listSubscriptions } from './boards.ts';

const EVENT = 'candidate.paged' as const;
const WATERMARKS = { drill: 'DRILL: ', simulated: 'SIMULATED: ', real: '' } as const;

/** Channels that would be told of a page now. */
export async function pageChannels(sql: Sql): Promise<ToldChannel[]> {
  const ids = new Set<string>(await listeningTo(sql, EVENT));
  return (await listSubscriptions(sql)).filter(({ id }) => ids.has(id)).map(({ id, name }) => ({ id, name }));
}

/** One delivery for each channel, and on the candidate who is being told; nobody is said as well. */
export const tellOfPage: JobHandler = {
  async within(tx: Sql, { candidate: id, page }: { readonly candidate: string; readonly page: number }, deps: Deps) {
    const facts = await loadStream(tx, id);
    const candidate = foldCandidate(facts);
    const paged = candidate?.pages.find((each) => each.page === page);
    const fact = facts.find((each) => each.type === EVENT && each.data.page === page);
    if (!candidate || !paged || !fact) return;
    const channels = await pageChannels(tx);
    await lockStreams(tx, deps, [id, ...channels.map((channel) => channel.id)]);
    const by = firebreakItself('links');
    for (const { id: subscription } of channels) {
      const done = await actWithin(tx, deps, {
        stream: subscription,
        by,
        may: 'people.administer',
        fold: foldSubscription,
        decide: (held) =>
          dueFor(held, {
            // The same page for the same receiver is the same delivery, however often this runs.
            delivery: `dlv_${subscription.slice(4)}-${fact.seq}` as DeliveryId,
            event: EVENT,
            about: id,
            at: fact.at,
            body: {
              id,
              page,
              title: `${WATERMARKS[markKind(candidate.mark) ?? 'real']}${headingOf(candidate)}`,
              mark: candidate.mark,
              system: candidate.system,
              feature: candidate.feature,
              severity: paged.severity,
              cause: paged.cause,
              because: paged.because,
              signals: candidate.summary.count,
              firstAt: candidate.summary.firstAt,
              url: `${deps.config.publicUrl}/candidates/${id}`,
            },
          }),
      });
      if (isRefusal(done)) throw new Error(`a page was not sent: ${done.why}`);
    }
    const told = await actWithin(tx, deps, {
      stream: id,
      by,
      may: 'signal.raise',
      fold: foldCandidate,
      decide: (state) => tellPage(state, { page, to: channels }),
    });
    if (isRefusal(told)) throw new Error(`who was told is not recorded: ${told.why}`);
  },
};

/** What a channel made of a page, on the candidate itself. */
export const pageHanded: JobHandler = {
  async within(
    tx: Sql,
    { subscription, delivery }: { readonly subscription: SubscriptionId; readonly delivery: DeliveryId },
    deps,
  ) {
    const held = foldSubscription(await loadStream(tx, subscription))?.deliveries.get(delivery);
    if (held === undefined || held.event !== EVENT || held.state === 'waiting') return;
    const done = await actWithin(tx, deps, {
      stream: held.about,
      by: firebreakItself('links'),
      may: 'signal.raise',
      fold: foldCandidate,
      decide: (state) =>
        handPage(state, {
          page: Number(held.body.page),
          to: subscription,
          taken: held.state === 'made',
          says: held.last,
        }),
    });
    if (isRefusal(done)) throw new Error(`the outcome of a page was refused: ${done.why}`);
  },
};
