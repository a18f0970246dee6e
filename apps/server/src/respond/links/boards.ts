import type { Actor, Instant } from '@firebreak/core/kernel';
import {
  foldLinks,
  LINK_FACTS,
  type Link,
  SUBSCRIPTION_FACTS,
  type Subscription,
  type SubscriptionId,
} from '@firebreak/core/respond/links';
import { type Board, loadStream, type Sql } from '../../platform/index.ts';

export const linkBoard: Board = {
  name: 'links',
  tables: ['link_board'],
  types: LINK_FACTS,
  async apply(tx, { type, stream, data }) {
    if (type === 'link.removed') {
      await tx.query('delete from link_board where id = $1', [data.link]);
      return;
    }
    const link = foldLinks(await loadStream(tx, stream)).links.find(({ id }) => id === data.link);
    if (link === undefined) return;
    await tx.query(
      `insert into link_board (id, incident, url, key, tool, data) values ($1, $2, $3, $4, $5, $6::jsonb)
       on conflict (id) do update set data = excluded.data`,
      [link.id, stream, link.url, link.key, link.tool, JSON.stringify(link)],
    );
  },
};

export type FoundLink = Link & { readonly incident: `inc_${string}`; readonly label: string };
const MOST_FOUND = 200;

async function linksWhere(sql: Sql, where: string, values: readonly unknown[]): Promise<FoundLink[]> {
  const { rows } = await sql.query<{ incident: `inc_${string}`; data: Link }>(
    `select incident, data from link_board where ${where} order by id desc limit ${MOST_FOUND}`,
    values,
  );
  return rows.map(({ incident, data }) => ({ ...data, incident, label: '' }));
}

export const linksOf = (sql: Sql, incident: string) => linksWhere(sql, 'incident = $1', [incident]);
export const linksByUrl = (sql: Sql, url: string) => linksWhere(sql, 'url = $1', [url]);
export const linksByKey = (sql: Sql, key: string, tool: string | undefined) =>
  linksWhere(sql, "key <> '' and lower(key) = $1 and ($2::text is null or lower(tool) = $2)", [
    key.toLowerCase(),
    tool?.toLowerCase() ?? null,
  ]);

export const subscriptionBoard: Board = {
  name: 'subscriptions',
  tables: ['subscription_board', 'delivery_board'],
  types: SUBSCRIPTION_FACTS,
  async apply(tx, { type, data, at, by }) {
    const moved = (state: string, last: string, attempts: string) =>
      tx.query(
        `update delivery_board set state = $2, last = $3, attempts = ${attempts}, changed_at = $4 where id = $1`,
        [data.delivery, state, last, at],
      );
    switch (type) {
      case 'subscription.made':
        await tx.query(
          `insert into subscription_board (id, name, url, events, audience, made_at, made_by, ended)
           values ($1, $2, $3, $4::jsonb, $5, $6, $7::jsonb, null)`,
          [
            data.subscription,
            data.name,
            data.url,
            JSON.stringify(data.events),
            data.set?.audience ?? null,
            at,
            JSON.stringify(by),
          ],
        );
        break;
      case 'subscription.ended':
        await tx.query('update subscription_board set ended = $2::jsonb where id = $1', [
          data.subscription,
          JSON.stringify({ at, by, reason: data.reason }),
        ]);
        break;
      case 'delivery.due':
        await tx.query(
          `insert into delivery_board (id, subscription, event, about, state, attempts, last, at, changed_at)
           values ($1, $2, $3, $4, 'waiting', 0, '', $5, $6)`,
          [data.delivery, data.subscription, data.event, data.body.label ?? data.about, data.at, at],
        );
        break;
      case 'delivery.asked':
        await tx.query("update delivery_board set state = 'waiting', attempts = 0, changed_at = $2 where id = $1", [
          data.delivery,
          at,
        ]);
        break;
      case 'delivery.made':
        await moved('made', `answered ${data.status}`, 'attempts + 1');
        break;
      case 'delivery.failed':
        await moved(data.againAfterMs === null ? 'dead' : 'waiting', data.why, 'attempts + 1');
    }
  },
};

export interface SubscriptionRow {
  readonly id: SubscriptionId;
  readonly name: string;
  readonly url: string;
  readonly events: Subscription['events'];
  readonly audience: string | null;
  readonly made_at: Instant;
  readonly made_by: Actor;
  readonly ended: Subscription['ended'];
  readonly dead: number;
}

export async function listSubscriptions(sql: Sql, id: string | null = null): Promise<SubscriptionRow[]> {
  const { rows } = await sql.query<SubscriptionRow>(
    `select s.*, (select count(*)::int from delivery_board d where d.subscription = s.id and d.state = 'dead') as dead
     from subscription_board s where $1::text is null or s.id = $1
     order by (s.ended is not null), s.made_at desc, s.id limit 500`,
    [id],
  );
  return rows;
}

/** Those to tell of an event. */
export async function listeningTo(sql: Sql, event: string): Promise<SubscriptionId[]> {
  const { rows } = await sql.query<{ id: SubscriptionId }>(
    'select id from subscription_board where ended is null and events @> $1::jsonb order by id limit 500',
    [JSON.stringify([event])],
  );
  return rows.map(({ id }) => id);
}
