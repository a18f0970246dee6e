import { entropy, originalSpan, plain } from '../../text/index.ts';
import type { EvidenceClass, Interaction } from '../signals/index.ts';
import type { Aids, Detector, Finding } from './finding.ts';
import { FINDING_LIMIT, READ_LIMIT } from './finding.ts';
import { SECRET_KINDS } from './secret-kinds.ts';

const NAME = 'secrets';
const VERSION = '1';

/** What documentation writes in place of a secret. */
const PLACEHOLDER =
  /example|sample|placeholder|dummy|changeme|your[-_]?(?:api|key|token|secret|password)|redacted|xxxx|\*\*\*|\.\.\.|<[^>]*>|\$\{|1234567890|abcdefgh|password/i;
const GENERIC = /(?:^|[^A-Za-z0-9+/_-])([A-Za-z0-9+/_-]{20,200})(?![A-Za-z0-9+/_-])/g;
const HARMLESS_LABEL =
  /(?:sha-?\d*|md5|digest|hash|checksum|commit|etag|uuid|trace|span|request|order|session|version|id)["'`:\s=#-]{0,4}$/i;
const SECRET_LABEL =
  /(?:api[ _-]?key|secret|token|password|passwd|credential|bearer|private[ _-]?key)["'`:\s=]{0,6}(?:is[ :]{1,2})?["'`]?$/i;

interface Found {
  readonly id: string;
  readonly name: string;
  readonly evidenceClass: EvidenceClass;
  readonly start: number;
  readonly end: number;
  readonly secret: string;
}

function looksRandom(secret: string): boolean {
  if (/^[0-9a-f-]+$/i.test(secret)) return false;
  const kinds = [/[a-z]/, /[A-Z]/, /\d/].filter((kind) => kind.test(secret)).length;
  return kinds >= 2 && entropy(secret) >= 4.1 && !/[a-z]{9,}/.test(secret);
}

function known(text: string): Found[] {
  const low = text.toLowerCase();
  const found: Found[] = [];
  for (const { id, name, needs, pattern, proof } of SECRET_KINDS) {
    if (!low.includes(needs)) continue;
    for (const match of text.matchAll(pattern)) {
      if (found.length >= 50) return found;
      const secret = match[1] ?? match[0];
      const start = match.index + match[0].indexOf(secret);
      if (PLACEHOLDER.test(secret) || new Set(secret.slice(-20)).size < 4) continue;
      if (id === 'jwt' && proof?.(secret) !== true) continue;
      if (id === 'openai-key' && secret.startsWith('sk-ant-')) continue;
      found.push({
        id,
        name,
        evidenceClass: proof?.(secret) ? 'verified' : 'strong',
        start,
        end: start + secret.length,
        secret,
      });
    }
  }
  return found;
}

/** What every label has in it. */
const IN_LABELS = ['key', 'secret', 'token', 'passw', 'credential', 'bearer'];

/** Random-looking runs behind a word that calls them a secret. Weak: it feeds rates, and never pages alone. */
function generic(text: string, taken: readonly Found[]): Found[] {
  const found: Found[] = [];
  const low = text.toLowerCase();
  if (!IN_LABELS.some((word) => low.includes(word))) return found;
  for (const match of text.matchAll(GENERIC)) {
    if (found.length >= 20) break;
    const secret = match[1]!;
    const start = match.index + match[0].length - secret.length;
    const before = text.slice(Math.max(0, start - 40), start);
    if (taken.some((f) => start < f.end && f.start < start + secret.length)) continue;
    if (!SECRET_LABEL.test(before) || HARMLESS_LABEL.test(before)) continue;
    if (PLACEHOLDER.test(secret) || !looksRandom(secret)) continue;
    found.push({
      id: 'generic',
      name: 'something that looks like a secret',
      evidenceClass: 'weak',
      start,
      end: start + secret.length,
      secret,
    });
  }
  return found;
}

/** Places of secrets in a text as it stands, undecorated: for taking them out of what is sent or kept. Linear in the length. */
export function secretSpans(original: string): { readonly start: number; readonly end: number; readonly id: string }[] {
  const read = plain(original.slice(0, READ_LIMIT));
  const proven = known(read.text);
  return [...proven, ...generic(read.text, proven)].map(({ start, end, id }) => ({
    ...originalSpan(read, start, end),
    id,
  }));
}

/** What the person asking wrote: a secret they sent is theirs, and repeating it leaks nothing new. */
const ownWords = (it: Interaction): string =>
  (it.input ?? [])
    .filter((m) => m.role === 'user')
    .map((m) => m.content)
    .join('\n');

function look(it: Interaction, aids: Aids): Finding[] {
  const fields: (readonly [string, string | null])[] = [
    ['output', it.output],
    ...(it.toolCalls ?? []).slice(0, 20).map((call, i) => [`toolCalls/${i}/arguments`, call.arguments] as const),
  ];
  const own = ownWords(it);
  const findings: Finding[] = [];
  for (const [field, original] of fields) {
    if (original === null || original.length < 16) continue;
    const { text, ...rest } = plain(original.slice(0, READ_LIMIT));
    const proven = known(text);
    for (const found of [...proven, ...generic(text, proven)]) {
      if (findings.length >= FINDING_LIMIT) return findings;
      const theirs = own.includes(found.secret);
      const digest = aids.digest(found.secret);
      if (findings.some((f) => f.same === digest)) continue;
      const span = originalSpan({ text, ...rest }, found.start, found.end);
      const evidenceClass = theirs ? 'weak' : found.evidenceClass;
      findings.push({
        detector: NAME,
        version: VERSION,
        kind: 'secret-disclosed',
        archetype: 'data-exfiltration',
        evidenceClass,
        score: evidenceClass === 'verified' ? 0.99 : evidenceClass === 'strong' ? 0.9 : 0.3,
        spans: [{ field, ...span, text: null }],
        rules: [found.id, ...(theirs ? ['own-secret'] : [])],
        explain: `${field === 'output' ? 'The answer' : 'A tool call'} holds ${found.name}${
          theirs ? ' that the person had sent' : found.evidenceClass === 'verified' ? ', and its form proves it' : ''
        }.`,
        same: digest,
      });
    }
  }
  return findings;
}

/** Keys, tokens and passwords in what the assistant says or hands to tools. The value is never kept: kind, digest, place. */
export const secrets: Detector = { name: NAME, version: VERSION, look };
