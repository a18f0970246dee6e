import { entropy, fromBase64, fromHex, originalSpan, plain, readable } from '../../text/index.ts';
import type { EvidenceClass, Interaction } from '../signals/index.ts';
import type { Aids, Detector, Finding } from './finding.ts';
import { FINDING_LIMIT, QUOTE_LIMIT, READ_LIMIT } from './finding.ts';
import type { Address, Link } from './links.ts';
import { addressOf, linksIn } from './links.ts';
import { SECRET_KINDS } from './secret-kinds.ts';

const NAME = 'exfiltration-link';
const VERSION = '2';
const RUN = 12;
const PAYLOAD = 16;
const PRIVATE_HOST =
  /^(?:localhost|127\.|10\.|192\.168\.|169\.254\.|172\.(?:1[6-9]|2\d|3[01])\.|\[|0\.0\.0\.0)|\.(?:internal|local)$/;

const fold = (text: string): string => text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '');

/** What the person who reads the answer may not pass on unknowingly: instructions, passages, results of tools. */
function privateContext(it: Interaction): string {
  const parts = [
    ...(it.input ?? []).filter((m) => m.role !== 'user').map((m) => m.content),
    ...(it.retrieved ?? []).map((p) => p.text),
    ...(it.toolCalls ?? []).map((c) => c.result ?? ''),
  ];
  return parts.join('\n').slice(0, READ_LIMIT);
}

function shingles(text: string): Set<string> {
  const folded = fold(text);
  const found = new Set<string>();
  for (let i = 0; i + RUN <= folded.length; i++) found.add(folded.slice(i, i + RUN));
  return found;
}

const shares = (text: string, context: ReadonlySet<string>): boolean => {
  const folded = fold(text);
  for (let i = 0; i + RUN <= folded.length; i++) if (context.has(folded.slice(i, i + RUN))) return true;
  return false;
};

function unescaped(text: string): string {
  return text
    .replace(/\+/g, ' ')
    .replace(/(?:%[0-9a-f]{2})+/gi, (run) => readable(fromHex(run.replaceAll('%', '')) ?? new Uint8Array()) ?? run);
}

interface Payload {
  /** As it stands in the address. */
  readonly raw: string;
  /** What it reads when undone: percent escapes, base64, hexadecimal, two levels. */
  readonly readings: readonly string[];
  readonly encoded: boolean;
}

function readingsOf(raw: string): Payload {
  const first = unescaped(raw);
  const readings = [first];
  let encoded = false;
  let level = [first];
  for (let depth = 0; depth < 2; depth++) {
    const next: string[] = [];
    for (const text of level)
      for (const run of text.match(/[A-Za-z0-9+/_-]{16,4000}={0,2}/g)?.slice(0, 10) ?? [])
        for (const bytes of [/^[0-9a-f]+$/i.test(run) ? fromHex(run) : null, fromBase64(run)]) {
          const undone = bytes === null ? null : readable(bytes);
          if (undone !== null && undone.length >= 8) next.push(undone);
        }
    encoded ||= next.length > 0;
    readings.push(...next);
    level = next.slice(0, 10);
  }
  return { raw, readings, encoded };
}

function payloadsOf({ host, path, rest }: Address): Payload[] {
  const parts = [
    ...rest
      .replace(/^[?#]/, '')
      .split(/[&#;]/)
      .map((p) => p.slice(p.indexOf('=') + 1)),
    ...path.split('/'),
    ...host.split('.').filter((label) => label.length > 30),
  ];
  return parts
    .filter((part) => part.length >= PAYLOAD)
    .slice(0, 30)
    .map(readingsOf);
}

const allowed = (host: string, hosts: readonly string[]): boolean =>
  hosts.some((ours) => host === ours.toLowerCase() || host.endsWith(`.${ours.toLowerCase()}`));

interface Verdict {
  readonly evidenceClass: EvidenceClass;
  readonly rules: string[];
  readonly why: string;
}

function judge(link: Link, address: Address, context: ReadonlySet<string>): Verdict | null {
  const rules = [link.how, ...(link.fetched ? ['fetched'] : [])];
  const follows = link.fetched ? 'is fetched without a click' : 'carries data when it is followed';
  const payloads = payloadsOf(address);
  for (const { readings } of payloads) {
    const secret = SECRET_KINDS.find((kind) => readings.some((text) => text.search(kind.pattern) >= 0));
    if (secret !== undefined)
      return {
        evidenceClass: 'verified',
        rules: [...rules, 'secret-in-address'],
        why: `${follows} and holds ${secret.name}`,
      };
    if (readings.some((text) => shares(text, context)))
      return {
        evidenceClass: 'verified',
        rules: [...rules, 'private-text-in-address'],
        why: `${follows} and holds words of the private context`,
      };
  }
  if (payloads.some((p) => p.encoded))
    return { evidenceClass: 'strong', rules: [...rules, 'encoded-payload'], why: `${follows} and holds encoded text` };
  if (payloads.some(({ raw }) => raw.length >= 40 && entropy(raw) >= 4.2 && !/^[a-z]+(?:-[a-z0-9]+)+$/i.test(raw)))
    return {
      evidenceClass: link.fetched ? 'strong' : 'weak',
      rules: [...rules, 'random-payload'],
      why: `${follows} and holds a long random-looking value`,
    };
  if (/[?&](?:url|u|redirect|next|target|dest|r)=(?:https?%3a|https?:)/i.test(address.rest) && link.fetched)
    return {
      evidenceClass: 'strong',
      rules: [...rules, 'redirector'],
      why: 'is fetched without a click through an address that forwards to another',
    };
  if (PRIVATE_HOST.test(address.host))
    return { evidenceClass: 'weak', rules: [...rules, 'private-host'], why: 'points into a private network' };
  if (link.fetched)
    return {
      evidenceClass: 'weak',
      rules: [...rules, 'foreign-host'],
      why: 'is fetched without a click from a host nobody allowed',
    };
  return null;
}

function look(it: Interaction, aids: Aids): Finding[] {
  if (it.output === null || !/\/\/|www\.|&#/i.test(it.output)) return [];
  const answer = plain(it.output.slice(0, READ_LIMIT));
  const said = [
    ...(it.input ?? []).filter((m) => m.role !== 'assistant').map((m) => m.content),
    ...(it.retrieved ?? []).map((p) => p.text),
    ...(it.toolCalls ?? []).map((call) => call.result ?? ''),
  ].join('\n');
  const links = linksIn(answer.text);
  if (links.length === 0) return [];
  const context = shingles(privateContext(it));
  const findings: Finding[] = [];
  for (const link of links) {
    if (findings.length >= FINDING_LIMIT) break;
    const address = addressOf(link.url);
    if (address === null || allowed(address.host, aids.hosts)) continue;
    // An address quoted whole, from the question, the instructions, a source or a tool, sends nothing that was not there.
    if (said.includes(link.url)) continue;
    const verdict = judge(link, address, context);
    if (verdict === null) continue;
    const span = originalSpan(answer, link.start, link.end);
    const shown = `${address.host}${address.path.length > 30 ? '/…' : address.path}`;
    findings.push({
      detector: NAME,
      version: VERSION,
      kind: NAME,
      archetype: 'data-exfiltration',
      evidenceClass: verdict.evidenceClass,
      score: verdict.evidenceClass === 'verified' ? 0.97 : verdict.evidenceClass === 'strong' ? 0.85 : 0.3,
      spans: [
        {
          field: 'output',
          ...span,
          text: verdict.evidenceClass === 'verified' ? null : link.url.slice(0, QUOTE_LIMIT),
        },
      ],
      rules: verdict.rules,
      explain: `${link.fetched ? 'An image or frame' : 'A link'} in the answer points to ${shown.slice(0, 120)}; it ${verdict.why}.`,
      same: `${address.host}|${aids.digest(link.url)}`,
    });
  }
  return findings;
}

/** Data leaving by an address in the answer: images and frames that load by themselves, links with a payload. */
export const exfiltrationLink: Detector = { name: NAME, version: VERSION, look };
