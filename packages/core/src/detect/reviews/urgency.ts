import { contentStems, template } from '../../text/index.ts';
import { type Feedback, isPraise } from '../signals/index.ts';

/** How soon a person should look, least first. */
export const URGENCIES = ['bare', 'said', 'ticket', 'danger'] as const;
export type Urgency = (typeof URGENCIES)[number];

/** Words by which somebody says that a person, money, data or the law is concerned. */
const DANGER =
  /\b(suicid\w*|self[- ]harm\w*|kill\w*|die[ds]?|overdos\w*|poison\w*|injur\w*|hurt\w*|ambulance|hospital|emergency|threat\w*|harass\w*|racis\w*|child|children|lawyer\w*|lawsuit|sue[ds]?|police|regulator\w*|ombudsman|fraud\w*|scam\w*|stolen|leak\w*|breach\w*|password\w*|credit card|social security|someone else's|another (?:customer|person|patient)'?s?)\b|\b(suizid|selbstmord|verletzt\w*|notfall|krankenhaus|anwalt\w*|polizei|betrug|betrogen|datenleck|urgence|blessé\w*|avocat\w*|plainte|fraude|abogad\w*|urgencia|denuncia)\b/iu;

/** How urgent what somebody said is, or null where nobody has to look: a thumbs-up, or thanks. */
export function urgencyOf({ kind, text, report }: Pick<Feedback, 'kind' | 'text' | 'report'>): Urgency | null {
  if (kind === 'thumbs-up' || (kind === 'comment' && text !== null && isPraise(text))) return null;
  if (kind === 'abuse' || report?.harm === 'yes' || (text !== null && DANGER.test(text))) return 'danger';
  if (kind === 'ticket' || kind === 'outside-report') return 'ticket';
  return text === null || text.trim() === '' ? 'bare' : 'said';
}

const SHAPE_WORDS = 6;

/** What several people said in nearly the same way has one shape, and can be decided together. At most 300 characters. */
export function shapeOf({ kind, text, feature }: Pick<Feedback, 'kind' | 'text' | 'feature'>): string {
  const said = text === null ? [] : contentStems(template(text).slice(0, 300));
  const words = [...new Set(said)].slice(0, SHAPE_WORDS).sort();
  return [kind, feature ?? '', words.join(' ')].join('|').slice(0, 300);
}
