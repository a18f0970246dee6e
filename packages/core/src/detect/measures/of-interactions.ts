import type { Counted, Feedback, Interaction } from '../signals/index.ts';
import { isPraise } from '../signals/index.ts';
import type { Bin, Gathering } from './bins.ts';
import { languageOf, readsLikeRefusal } from './language.ts';
import { KNOWN_MEASURES, type MeasureOrigin, type Series } from './measure.ts';

type About = Pick<Interaction, 'system' | 'feature' | 'versions'>;
const cut = (text: string | null): string => (text ?? '').slice(0, 128);

function binOf(into: Gathering, it: About, name: string, minute: string, origin: MeasureOrigin): Bin {
  const { kind, unit } = KNOWN_MEASURES[name]!;
  const series: Series = {
    system: it.system,
    name,
    kind,
    unit,
    origin,
    feature: cut(it.feature),
    model: cut(it.versions.model ?? it.versions.modelAsked),
    prompt: cut(it.versions.prompt),
    groups: {},
  };
  return into.at(series, minute);
}

/**
 * Counts one interaction in the minute it reached Firebreak. `news` null: all of it. Otherwise only those members, which a
 * second witness brought after it was counted: it is one request all the same.
 */
export function countInteraction(into: Gathering, it: Interaction, news: ReadonlySet<string> | null): void {
  const minute = it.receivedAt.slice(0, 16);
  const bin = (name: string): Bin => binOf(into, it, name, minute, 'interactions');
  const fresh = news === null;
  const says = (member: Counted): boolean => fresh || news.has(member);
  if (fresh) {
    bin('requests').value(1);
    bin('complaints').rate(0, 1);
  }
  // Of a request that is counted already, a late error or refusal moves the hits and not the requests.
  if (says('error')) bin('errors').rate(it.error === null ? 0 : 1, fresh ? 1 : 0);
  if (says('verdict')) bin('blocked').rate(it.verdict?.action === 'deny' ? 1 : 0, fresh ? 1 : 0);
  if (says('latencyMs') && it.latencyMs !== null) bin('latency').spread(it.latencyMs / 1_000);
  if (says('tokens.input') && it.tokens.input !== null) bin('tokens.input').spread(it.tokens.input);
  if (says('tokens.output') && it.tokens.output !== null) bin('tokens.output').spread(it.tokens.output);
  if (says('output') && it.output !== null && it.verdict?.action !== 'deny') {
    bin('refusals').rate(readsLikeRefusal(it.output) ? 1 : 0, 1);
    bin('output.length').spread(it.output.length);
    bin('language').part(languageOf(it.output));
  }
}

/** Counts what somebody said, in the minute it reached Firebreak. */
export function countFeedback(into: Gathering, it: Feedback, about: Interaction | null): void {
  const minute = it.receivedAt.slice(0, 16);
  const versions = about?.versions ?? { model: null, modelAsked: null, prompt: null, index: null, tools: null };
  const place: About = { system: it.system, feature: it.feature ?? about?.feature ?? null, versions };
  if (it.kind === 'thumbs-up' || it.kind === 'thumbs-down')
    binOf(into, place, 'thumbs-down', minute, 'feedback').rate(it.kind === 'thumbs-down' ? 1 : 0, 1);
  else if (it.kind !== 'comment' || (it.text !== null && !isPraise(it.text)))
    // Of the interactions counted elsewhere in this minute: only the hit is added.
    binOf(into, place, 'complaints', minute, 'feedback').rate(1, 0);
}
