import type { CallOf } from '@firebreak/contract';
import { archetypes } from '@firebreak/contract/detect/archetypes';
import { type ReactNode, useEffect, useState } from 'react';
import { useAsk } from '../../app/ask.ts';
import { type Suggested, suggestedReasons, suggestedWords } from './words.ts';

export type AskedAbout =
  | { readonly candidate: `cnd_${string}` }
  | { readonly incident: string }
  | { readonly text: string };

const SETTLES_MS = 500;

function Said({ of }: { of: Suggested }) {
  const { says, how } = suggestedWords(of);
  return (
    <>
      <p>
        <span className="font-[600]">{says}</span> <span className="text-xs text-ink-3">{how}</span>
      </p>
      {suggestedReasons(of).map((reason) => (
        <p key={reason} className="text-xs text-ink-2">
          {reason}
        </p>
      ))}
    </>
  );
}

/** What kind of failure something known tells of, with the words that weighed. Nothing while it is being asked. */
export function ArchetypeHint({ about, offer }: { about: AskedAbout; offer?: (suggested: Suggested) => ReactNode }) {
  const query: CallOf<typeof archetypes.suggestArchetype>['query'] = about;
  const asked = useAsk(archetypes.suggestArchetype, { query });
  if (!asked.data) return null;
  return (
    <>
      <Said of={asked.data} />
      {offer?.(asked.data)}
    </>
  );
}

/** The suggestion while an incident is declared: of the candidate it comes from, or of the words once they rest for half a second. */
export function useArchetypeOfDraft(candidate: `cnd_${string}` | null, text: string): Suggested | null {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), SETTLES_MS);
    return () => clearTimeout(timer);
  }, [text]);
  const enough = candidate !== null || settled.trim().length >= 12;
  const asked = useAsk(
    archetypes.suggestArchetype,
    { query: candidate !== null ? { candidate } : { text: settled.trim().slice(0, 1_500) } },
    { enabled: enough, placeholder: (before) => before },
  );
  return enough ? (asked.data ?? null) : null;
}

/** What was suggested for a draft, in a frame. */
export function ArchetypeOfDraft({ of }: { of: Suggested }) {
  return (
    <section aria-label="Suggested archetype" className="rounded-lg border border-line px-3.5 py-2.5">
      <p className="text-2xs text-ink-3">What kind of failure it sounds like</p>
      <Said of={of} />
    </section>
  );
}
