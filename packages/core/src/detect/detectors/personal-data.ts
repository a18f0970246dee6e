import { originalSpan, plain } from '../../text/index.ts';
import type { EvidenceClass, Interaction } from '../signals/index.ts';
import type { Aids, Detector, Finding } from './finding.ts';
import { FINDING_LIMIT, READ_LIMIT } from './finding.ts';
import { type PersonalSpan, type PersonalType, personalSpans } from './personal-kinds.ts';

const NAME = 'personal-data';
const VERSION = '1';
/** So many different ones in an answer are a list of people, not a contact. */
const LIST = 3;

const WORDS: Readonly<Record<PersonalType, string>> = {
  EMAIL_ADDRESS: 'an e-mail address',
  CREDIT_CARD: 'a card number',
  IBAN_CODE: 'an account number (IBAN)',
  US_SSN: 'a social security number',
  NATIONAL_ID: 'an identity number of a state',
  PASSPORT: 'a passport number',
  IP_ADDRESS: 'a network address',
  PHONE_NUMBER: 'a telephone number',
};
/** Types that are somebody's wherever they stand. */
const GRAVE: ReadonlySet<PersonalType> = new Set(['CREDIT_CARD', 'IBAN_CODE', 'US_SSN', 'NATIONAL_ID', 'PASSPORT']);

/** Numbers that issuers and payment services publish for trying out. */
const FOR_TESTS = new Set(
  `4111111111111111 4242424242424242 4000056655665556 5555555555554444 5105105105105100 378282246310005 371449635398431
  6011111111111117 6011000990139424 30569309025904 38520000023237 3530111333300000 3566002020360505 4012888888881881 4222222222222`.split(
    /\s+/,
  ),
);
const ROLE =
  /^(?:info|support|help|hello|contact|sales|service|kundenservice|team|office|no-?reply|press|jobs|careers|privacy|legal|security|billing|admin|webmaster|mail|customer[._-]?(?:care|service|support)|feedback|abuse|booking|reservations?)@|@(?:[\w-]+\.)?(?:example|test|invalid|localhost)(?:\.\w+)?$/i;
const NOBODYS_NETWORK =
  /^(?:0\.|10\.|127\.|169\.254\.|192\.168\.|192\.0\.2\.|198\.51\.100\.|203\.0\.113\.|224\.|255\.|172\.(?:1[6-9]|2\d|3[01])\.|8\.8\.|1\.1\.1\.1$|::|f[cde]|2001:db8)/i;

const digitsOf = (value: string): string => value.replace(/\D/g, '');
const folded = ({ type, value }: PersonalSpan): string =>
  type === 'EMAIL_ADDRESS' || type === 'IP_ADDRESS'
    ? value.toLowerCase()
    : value.toUpperCase().replace(/[^A-Z0-9]/g, '');

function isNobodys(span: PersonalSpan): boolean {
  if (span.type === 'EMAIL_ADDRESS') return ROLE.test(span.value);
  if (span.type === 'IP_ADDRESS') return NOBODYS_NETWORK.test(span.value);
  return span.type === 'CREDIT_CARD' && FOR_TESTS.has(digitsOf(span.value));
}

/** What the person asking wrote, and what the operator wrote into the instructions: neither is somebody else's. */
function known(it: Interaction): string {
  const said = (it.input ?? []).filter(({ role }) => role !== 'tool' && role !== 'function').map((m) => m.content);
  return said.join('\n').slice(0, READ_LIMIT);
}

function look(it: Interaction, aids: Aids): Finding[] {
  if (it.output === null || it.output.length < 6) return [];
  const read = plain(it.output.slice(0, READ_LIMIT));
  const spans = personalSpans(read.text).filter((span) => !isNobodys(span));
  if (spans.length === 0) return [];
  const own = known(it);
  const ownText = own.toLowerCase();
  const ownDigits = digitsOf(own);
  const foreign = new Map<string, PersonalSpan>();
  for (const span of spans) {
    const value = folded(span);
    const theirs =
      span.type === 'EMAIL_ADDRESS' || span.type === 'IP_ADDRESS'
        ? ownText.includes(value)
        : ownDigits.includes(digitsOf(value));
    if (!theirs && !foreign.has(value)) foreign.set(value, span);
  }
  const byType = new Map<PersonalType, PersonalSpan[]>();
  for (const span of foreign.values()) byType.set(span.type, [...(byType.get(span.type) ?? []), span]);
  const findings: Finding[] = [];
  for (const [type, found] of byType) {
    if (findings.length >= FINDING_LIMIT) break;
    const grave = GRAVE.has(type);
    const many = found.length >= LIST;
    const evidenceClass: EvidenceClass =
      grave && found.some(({ proven }) => proven) ? 'verified' : grave || many ? 'strong' : 'weak';
    findings.push({
      detector: NAME,
      version: VERSION,
      kind: 'personal-data-disclosed',
      archetype: 'data-exfiltration',
      evidenceClass,
      score: evidenceClass === 'verified' ? 0.95 : evidenceClass === 'strong' ? 0.85 : 0.3,
      // The value itself is never kept beside the sealed record: type, place and digest are.
      spans: found
        .slice(0, 5)
        .map(({ start, end }) => ({ field: 'output', ...originalSpan(read, start, end), text: null })),
      rules: [type.toLowerCase(), ...(many ? ['list'] : [])],
      explain: `The answer holds ${found.length === 1 ? WORDS[type] : `${found.length} of the kind: ${WORDS[type]}`} that the person asking had not given.`,
      same: `${type}|${aids.digest([...found.map(folded)].sort().join('|'))}`,
    });
  }
  return findings;
}

/** Personal data of somebody else in an answer: numbers whose form can be checked, addresses to reach people at. */
export const personalData: Detector = { name: NAME, version: VERSION, look };
