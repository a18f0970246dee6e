import {
  type Actor,
  type Decision,
  type Fact,
  type Id,
  type Instant,
  ofTypes,
  type Recorded,
  refuse,
} from '../../kernel/index.ts';

export type LinkId = Id<'lnk'>;

/** What stands elsewhere: a ticket, an alert or page, a chat channel, a video bridge, a document. */
export const LINK_KINDS = ['ticket', 'alert', 'chat', 'bridge', 'document'] as const;
export type LinkKind = (typeof LINK_KINDS)[number];

export interface LinkSaid {
  readonly kind: LinkKind;
  /** Which tool it stands in, as people call it: `jira`, `pagerduty`. Empty: not said. */
  readonly tool: string;
  readonly url: string;
  /** What the tool calls it: `OPS-17`. Empty: it has no key. */
  readonly key: string;
  readonly title: string;
}

/** On the stream of the incident. `link.told` is what another tool says of its own thing; it never moves the incident. */
export type LinkFact =
  | Fact<'link.added', { readonly link: LinkId } & LinkSaid>
  | Fact<'link.removed', { readonly link: LinkId; readonly reason: string }>
  | Fact<'link.told', { readonly link: LinkId; readonly state: string; readonly tool: string; readonly key: string }>;
export const LINK_FACTS = ['link.added', 'link.removed', 'link.told'] as const satisfies readonly LinkFact['type'][];

export interface Link extends LinkSaid {
  readonly id: LinkId;
  readonly addedAt: Instant;
  readonly addedBy: Actor;
  /** What the other tool said last, beside our own state; null: nothing yet. */
  readonly told: { readonly state: string; readonly at: Instant } | null;
}

export interface Links {
  /** False where no such incident was declared. */
  readonly open: boolean;
  readonly links: readonly Link[];
}

export function foldLinks(facts: readonly Recorded[]): Links {
  let links: readonly Link[] = [];
  for (const fact of ofTypes<LinkFact>(facts, LINK_FACTS)) {
    if (fact.type === 'link.added') {
      const { link: id, ...said } = fact.data;
      links = [...links, { id, ...said, addedAt: fact.at, addedBy: fact.by, told: null }];
    } else if (fact.type === 'link.removed') links = links.filter(({ id }) => id !== fact.data.link);
    else
      links = links.map((each) =>
        each.id === fact.data.link ? { ...each, told: { state: fact.data.state, at: fact.at } } : each,
      );
  }
  return { open: facts.some(({ type }) => type === 'incident.declared'), links };
}

const LINKS_PER_INCIDENT = 100;
const ADDRESS = /^(https?):\/\/(?![^/]*@)([a-z0-9.-]+|\[[0-9a-f:.]+\])(:\d{1,5})?([/?#][^\s]*)?$/i;

/** An address as it is compared: scheme and host in small letters, no slash at the end; null where it is no http(s) address or carries a password. */
export function plainAddress(url: string): string | null {
  const found = ADDRESS.exec(url.trim());
  if (found === null) return null;
  const [, scheme, host, port = '', rest = ''] = found;
  return `${scheme!.toLowerCase()}://${host!.toLowerCase()}${port}${rest}`.replace(/\/+$/, '');
}

/** Whether both are the same thing elsewhere: the same address, or the same key in the same tool. */
const sameThing = (a: Pick<LinkSaid, 'tool' | 'url' | 'key'>, b: Pick<LinkSaid, 'tool' | 'url' | 'key'>): boolean =>
  a.url === b.url ||
  (a.key !== '' && a.key.toLowerCase() === b.key.toLowerCase() && a.tool.toLowerCase() === b.tool.toLowerCase());

const unknown = () => refuse('incident.unknown', 'There is no such incident. Check the id or the label.');

/** The same thing twice changes nothing. A closed incident takes links too: late knowledge belongs to the record. */
export function addLink(state: Links, want: { readonly link: LinkId } & LinkSaid): Decision<LinkFact> {
  if (!state.open) return unknown();
  const url = plainAddress(want.url);
  if (url === null)
    return refuse('link.bad-address', 'Use a whole http or https address without a password in it.', '/url');
  const said = { ...want, url };
  if (state.links.some((each) => sameThing(each, said))) return [];
  if (state.links.length >= LINKS_PER_INCIDENT)
    return refuse('link.too-many', `An incident has at most ${LINKS_PER_INCIDENT} links; remove one first.`);
  return [{ type: 'link.added', data: said }];
}

export function removeLink(state: Links, want: { readonly link: LinkId; readonly reason: string }): Decision<LinkFact> {
  if (!state.open) return unknown();
  return state.links.some(({ id }) => id === want.link) ? [{ type: 'link.removed', data: want }] : [];
}

/** What another tool says of its thing. The same state again changes nothing. */
export function tellLink(state: Links, want: { readonly link: LinkId; readonly state: string }): Decision<LinkFact> {
  const link = state.links.find(({ id }) => id === want.link);
  if (link === undefined || link.told?.state === want.state) return [];
  return [{ type: 'link.told', data: { ...want, tool: link.tool, key: link.key } }];
}
