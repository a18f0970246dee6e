import { isRefusal, type Refusal, refuse } from '../../kernel/index.ts';

/** What a key in a web page may do there: it is for everybody to see, so it says from where it may be used and what it may read. */
export interface PageUse {
  /** Origins as browsers write them, or `*` alone: any page. */
  readonly origins: readonly string[];
  /** Keys of registered systems. */
  readonly systems: readonly string[];
}

export const MOST_ORIGINS = 20;
export const MOST_PAGE_SYSTEMS = 20;
export const ANY_ORIGIN = '*';

const PARTS = /^(https?):\/\/(\[[0-9a-f:.]+\]|[^/?#:@[\]]+)(?::(\d{1,5}))?(.*)$/i;
const LABEL = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/;
const OCTET = /^(?:0|[1-9]\d{0,2})$/;
const DEFAULT_PORT: Readonly<Record<string, number>> = { https: 443, http: 80 };
const LONGEST_HOST = 253;
const HIGHEST_PORT = 65_535;

/** RFC 1123 and underscores; what ends in a number has to be an IPv4 address in full, as browsers read it as one. */
function isHost(host: string): boolean {
  if (host.startsWith('[')) return true;
  const labels = host.split('.');
  if (host.length > LONGEST_HOST || !labels.every((label) => LABEL.test(label))) return false;
  if (!/^(?:\d+|0x[0-9a-f]*)$/.test(labels.at(-1)!)) return true;
  return labels.length === 4 && labels.every((label) => OCTET.test(label) && Number(label) <= 255);
}

/** Scheme, host and port as a browser says them in `Origin` (RFC 6454, section 6): lower case, without the port that goes without saying. */
export function readOrigin(text: string): string | Refusal {
  const bad = (why: string) => refuse('page-key.bad-origin', why, '/page/origins');
  const said = text.trim();
  if (said === ANY_ORIGIN) return ANY_ORIGIN;
  if (said.includes('*'))
    return bad(`“${said}” stands for several origins. Name each one by itself, or “*” alone for any page.`);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: everything that is not ASCII
  if (/[^\x00-\x7f]/.test(said))
    return bad(`“${said}” has letters that browsers write in another way. Write the name as they do, with “xn--”.`);
  const parts = PARTS.exec(said);
  if (parts === null)
    return bad(`“${said}” is no origin. An origin is scheme, host and port, such as https://shop.example.`);
  const [, scheme = '', host = '', port = '', rest = ''] = parts;
  const known = host.toLowerCase();
  const number = Number(port);
  const whole = isHost(known) && (port === '' || (number > 0 && number <= HIGHEST_PORT)) && /^(?:[/?#].*)?$/.test(rest);
  if (!whole) return bad(`“${said}” is no origin. An origin is scheme, host and port, such as https://shop.example.`);
  const kind = scheme.toLowerCase();
  const origin = `${kind}://${known}${port === '' || number === DEFAULT_PORT[kind] ? '' : `:${number}`}`;
  if (rest !== '' && rest !== '/') return bad(`“${said}” has a path, and an origin has none. Write ${origin}.`);
  return origin;
}

/** What was asked for, as it is kept, or why not. */
export function readPageUse(want: PageUse, registered: ReadonlySet<string>): PageUse | Refusal {
  const origins = new Set<string>();
  for (const text of want.origins) {
    const origin = readOrigin(text);
    if (isRefusal(origin)) return origin;
    origins.add(origin);
  }
  if (origins.has(ANY_ORIGIN) && origins.size > 1)
    return refuse('page-key.bad-origin', '“*” is any page: name nothing beside it.', '/page/origins');
  if (origins.size < 1 || origins.size > MOST_ORIGINS)
    return refuse(
      'page-key.incomplete',
      `Name the origins of the pages it stands in, 1 to ${MOST_ORIGINS}, or “*” for any page.`,
      '/page/origins',
    );
  const systems = new Set(want.systems);
  if (systems.size < 1 || systems.size > MOST_PAGE_SYSTEMS)
    return refuse('page-key.incomplete', `Name the systems it may read, 1 to ${MOST_PAGE_SYSTEMS}.`, '/page/systems');
  for (const system of systems)
    if (!registered.has(system))
      return refuse('system.unknown', `No system is registered as ${system}. Name it by its key.`, '/page/systems');
  return { origins: [...origins], systems: [...systems] };
}

/** Whether a page of this origin may use the key. The whole origin has to be the same: the end of a name says nothing about whose it is. */
export const isNamedOrigin = ({ origins }: Pick<PageUse, 'origins'>, origin: string): boolean =>
  origins.includes(ANY_ORIGIN) || origins.includes(origin);
