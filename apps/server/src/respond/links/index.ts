import { links as doors } from '@firebreak/contract/respond/links';
import { isRefusal, type Refusal, refuse } from '@firebreak/core/kernel';
import {
  addLink,
  askAgain,
  askVerification,
  type DeliveryId,
  endSubscription,
  foldLinks,
  foldSubscription,
  makeSubscription,
  plainAddress,
  removeLink,
  type SubscriptionId,
  type TOLD_EVENTS,
  tellLink,
  verificationEvent,
} from '@firebreak/core/respond/links';
import {
  type App,
  act,
  actWithin,
  announce,
  type Deps,
  OutboundRefused,
  outboundOf,
  route,
  type Slice,
  type Sql,
} from '../../platform/index.ts';
import { findIncident, labelsOf } from '../incidents/index.ts';
import {
  type FoundLink,
  linkBoard,
  linksByKey,
  linksByUrl,
  linksOf,
  listSubscriptions,
  type SubscriptionRow,
  subscriptionBoard,
} from './boards.ts';
import { deliver, fanOut, newSecret, tellings, tokenRevoked } from './deliver.ts';
import { pageHanded, tellOfPage } from './page.ts';

export { newSecret, signatureOf, tellOthers } from './deliver.ts';
export { pageChannels } from './page.ts';

const MOST_SUBSCRIPTIONS = 100;

const unknownIncident = (named: string) =>
  refuse('incident.unknown', `There is no incident “${named}”. Check the id or the label.`);

async function named(sql: Sql, found: readonly FoundLink[]): Promise<FoundLink[]> {
  const labels = await labelsOf(
    sql,
    found.map(({ incident }) => incident),
  );
  return found.map((link) => ({ ...link, label: labels.get(link.incident) ?? link.incident }));
}

const shown = ({ made_at, made_by, audience, ...row }: SubscriptionRow) => ({
  ...row,
  as: audience === null ? ('webhook' as const) : ('set' as const),
  audience,
  events: [...row.events],
  madeAt: made_at,
  madeBy: made_by,
});

interface DeliveryRow {
  readonly id: DeliveryId;
  readonly subscription: SubscriptionId;
  readonly event: (typeof TOLD_EVENTS)[number] | 'verification';
  readonly about: string;
  readonly state: 'waiting' | 'made' | 'dead';
  readonly attempts: number;
  readonly last: string;
  readonly at: never;
  readonly changed_at: never;
}
const delivered = ({ changed_at, ...row }: DeliveryRow) => ({ ...row, changedAt: changed_at });

function linkRoutes(app: App, deps: Deps): void {
  const of = async (incident: string) => ({ links: await named(deps.db, await linksOf(deps.db, incident)) });

  route(app, doors.ofIncident, async ({ params }) => {
    const incident = await findIncident(deps.db, params.incident);
    return incident === null ? unknownIncident(params.incident) : of(incident);
  });
  route(app, doors.add, async ({ params, body, caller }) => {
    const incident = await findIncident(deps.db, params.incident);
    if (incident === null) return unknownIncident(params.incident);
    const link = deps.mint('lnk');
    const done = await act(deps, {
      stream: incident,
      by: caller,
      may: 'room.write',
      fold: foldLinks,
      decide: (state) => addLink(state, { link, ...body }),
    });
    return isRefusal(done) ? done : of(incident);
  });
  route(app, doors.remove, async ({ params, body, caller }) => {
    const incident = await findIncident(deps.db, params.incident);
    if (incident === null) return unknownIncident(params.incident);
    const done = await act(deps, {
      stream: incident,
      by: caller,
      may: 'room.write',
      fold: foldLinks,
      decide: (state) => removeLink(state, { link: params.link, ...body }),
    });
    return isRefusal(done) ? done : of(incident);
  });
  route(app, doors.find, async ({ query }) => {
    const url = query.url === undefined ? null : plainAddress(query.url);
    if (query.url !== undefined && url === null) return { links: [] };
    const found = url === null ? await linksByKey(deps.db, query.key!, query.tool) : await linksByUrl(deps.db, url);
    return { links: await named(deps.db, found) };
  });
  route(app, doors.told, async ({ body, caller }) => {
    const found = await linksByKey(deps.db, body.key, body.tool);
    if (found.length === 0)
      return refuse(
        'link.unknown',
        `No incident is linked with ${body.tool} ${body.key}. Link it first: POST /api/v1/incidents/…/links.`,
      );
    let told = 0;
    for (const { incident, id } of found) {
      const done = await act(deps, {
        stream: incident,
        by: caller,
        may: 'room.write',
        fold: foldLinks,
        decide: (state) => tellLink(state, { link: id, state: body.state }),
      });
      if (isRefusal(done)) return done;
      told += done.facts.length;
    }
    return { told, links: await named(deps.db, await linksByKey(deps.db, body.key, body.tool)) };
  });
}

function subscriptionRoutes(app: App, deps: Deps): void {
  const one = async (id: string) => ({ subscription: shown((await listSubscriptions(deps.db, id))[0]!) });
  const isThere = async (id: string): Promise<Refusal | null> =>
    (await listSubscriptions(deps.db, id)).length > 0
      ? null
      : refuse('subscription.unknown', `There is no subscription “${id}”. List them to see the ones there are.`);

  route(app, doors.subscriptions, async () => ({ subscriptions: (await listSubscriptions(deps.db)).map(shown) }));
  route(app, doors.subscribe, async ({ body, caller }) => {
    const living = (await listSubscriptions(deps.db)).filter(({ ended }) => ended === null);
    if (living.length >= MOST_SUBSCRIPTIONS)
      return refuse('subscription.too-many', `At most ${MOST_SUBSCRIPTIONS} tools are told. End one first.`);
    const url = plainAddress(body.url);
    try {
      if (url !== null) await outboundOf(deps).check(url);
    } catch (error) {
      if (error instanceof OutboundRefused) return refuse('subscription.private-address', error.message, '/url');
      throw error;
    }
    const subscription: SubscriptionId = deps.mint('sub');
    const { as, audience, authorization, ...said } = body;
    // A webhook is signed with a secret of ours; a token is signed for everybody, and the receiver asks who brings it.
    const secret = as === 'webhook' ? newSecret() : (authorization ?? '');
    const done = await deps.db.transaction(async (tx) => {
      const made = await actWithin(tx, deps, {
        stream: subscription,
        by: caller,
        may: 'people.administer',
        fold: foldSubscription,
        decide: (state) =>
          makeSubscription(state, {
            subscription,
            ...said,
            events: [...new Set(body.events)],
            ...(as === 'set' && { set: { audience: audience! } }),
          }),
      });
      if (!isRefusal(made))
        await tx.query('insert into subscription_secret (subscription, secret) values ($1, $2)', [
          subscription,
          secret,
        ]);
      return made;
    });
    if (isRefusal(done)) return done;
    await announce(deps, done.facts);
    return { ...(await one(subscription)), secret: as === 'webhook' ? secret : null };
  });
  route(app, doors.verify, async ({ params, body, caller }) => {
    const missing = await isThere(params.subscription);
    if (missing !== null) return missing;
    const delivery = `dlv_${deps.mint('ver').slice(4)}` as DeliveryId;
    const { state } = body;
    const done = await act(deps, {
      stream: params.subscription,
      by: caller,
      may: 'people.administer',
      fold: foldSubscription,
      decide: (held, { at }) =>
        askVerification(held, {
          delivery,
          event: 'verification',
          about: params.subscription,
          at,
          body:
            held?.set === undefined
              ? { state, label: 'a test' }
              : { ...verificationEvent(params.subscription, state), txn: delivery, label: 'a test' },
        }),
    });
    if (isRefusal(done)) return done;
    const { rows } = await deps.db.query<DeliveryRow>('select * from delivery_board where id = $1', [delivery]);
    return { delivery: delivered(rows[0]!) };
  });
  route(app, doors.transmitter, async () => {
    const at = deps.config.publicUrl;
    return {
      spec_version: '1_0' as const,
      issuer: at,
      jwks_uri: `${at}${doors.transmitterKeys.path}`,
      delivery_methods_supported: ['urn:ietf:rfc:8935' as const],
      default_subjects: 'ALL' as const,
    };
  });
  route(app, doors.transmitterKeys, async () => {
    const { kid, n, e } = await deps.keys.events();
    return { keys: [{ kty: 'RSA' as const, n, e, kid, use: 'sig' as const, alg: 'RS256' as const }] };
  });
  route(app, doors.unsubscribe, async ({ params, body, caller }) => {
    const missing = await isThere(params.subscription);
    if (missing !== null) return missing;
    const done = await act(deps, {
      stream: params.subscription,
      by: caller,
      may: 'people.administer',
      fold: foldSubscription,
      decide: (state) => endSubscription(state, body.reason),
    });
    if (isRefusal(done)) return done;
    await deps.db.query('delete from subscription_secret where subscription = $1', [params.subscription]);
    return one(params.subscription);
  });
  route(app, doors.deliveries, async ({ query }) => {
    const { rows } = await deps.db.query<DeliveryRow>(
      `select * from delivery_board where ($1::text is null or subscription = $1) and ($2 = 'any' or state = $2)
       order by at desc, id desc limit $3`,
      [query.subscription ?? null, query.state, query.limit],
    );
    return { deliveries: rows.map(delivered) };
  });
  route(app, doors.again, async ({ params, caller }) => {
    const read = async () =>
      (await deps.db.query<DeliveryRow>('select * from delivery_board where id = $1', [params.delivery])).rows[0];
    const found = await read();
    if (found === undefined)
      return refuse(
        'subscription.unknown',
        `There is no delivery “${params.delivery}”. List them to see the ones there are.`,
      );
    const done = await act(deps, {
      stream: found.subscription,
      by: caller,
      may: 'people.administer',
      fold: foldSubscription,
      decide: (state) => askAgain(state, params.delivery),
    });
    return isRefusal(done) ? done : { delivery: delivered((await read())!) };
  });
}

/** What stands elsewhere about an incident, and other tools that are told what happens here. */
export const links: Slice = {
  name: 'links',
  boards: [linkBoard, subscriptionBoard],
  jobs: {
    'links.fan-out': fanOut,
    'links.deliver': deliver,
    'links.token-revoked': tokenRevoked,
    'links.page': tellOfPage,
    'links.page-handed': pageHanded,
  },
  effectsOf: tellings,
  routes(app, deps) {
    linkRoutes(app, deps);
    subscriptionRoutes(app, deps);
  },
};
