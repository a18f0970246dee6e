import type { Archetype } from '@firebreak/core/detect/signals';
import { type Refusal, refuse } from '@firebreak/core/kernel';
import type { Sql } from '../../platform/index.ts';
import { findCandidate, unknownCandidate } from '../candidates/index.ts';
import { ownIncident } from './board.ts';

/** Exactly one of them is named. */
export interface About {
  readonly candidate?: string | undefined;
  readonly incident?: string | undefined;
  readonly text?: string | undefined;
}

/** What is asked about, in words. */
export interface AskedAbout {
  readonly title: string;
  readonly description: string;
  /** The incident it is, or became: not like itself. */
  readonly incident: string | null;
  /** What detectors said of the candidate, also of the one an incident was declared from. */
  readonly found: Archetype | null;
  /** What a person called it; null: nobody has. */
  readonly called: Archetype | 'outside' | null;
}

/** The words to compare: of a candidate its title and what was quoted, of an incident its title and summary. */
export async function wordsOf(sql: Sql, { candidate, incident, text }: About): Promise<AskedAbout | Refusal> {
  if (candidate !== undefined) {
    const it = await findCandidate(sql, candidate);
    if (it === null) return unknownCandidate(candidate);
    const description = it.summary.quotes.join('. ').slice(0, 3_000);
    return { title: it.title, description, incident: it.incident, found: it.archetype, called: null };
  }
  if (incident !== undefined) {
    const it = await ownIncident(sql, incident);
    if (it === null)
      return refuse('incident.unknown', `There is no incident “${incident}” to compare. Check the id or the label.`);
    const from = it.data.candidate === null ? null : await findCandidate(sql, it.data.candidate);
    return {
      title: it.data.title,
      description: it.data.summary,
      incident: it.id,
      found: from?.archetype ?? null,
      called: it.data.archetype ?? null,
    };
  }
  return { title: text ?? '', description: '', incident: null, found: null, called: null };
}
