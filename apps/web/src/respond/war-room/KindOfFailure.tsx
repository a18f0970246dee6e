import { incidents } from '@firebreak/contract/respond/incidents';
import { useState } from 'react';
import { useAct } from '../../app/ask.ts';
import { useMay } from '../../app/session.tsx';
import { Trouble } from '../../app/Trouble.tsx';
import { ARCHETYPE_WORDS, ArchetypeHint, CALLED_WORDS, suggestedCall } from '../../detect/archetypes/index.ts';
import { Button } from '../../ui/Button.tsx';
import { Card, Section } from '../../ui/Card.tsx';
import { ArchetypeDialog } from './ArchetypeDialog.tsx';
import { useRoom } from './room-context.tsx';

/** What the incident is called, and beside it what is suggested with the reasons: one click takes it, a menu chooses another. */
export function KindOfFailure() {
  const { incident } = useRoom();
  const writes = useMay('room.write');
  const [choosing, setChoosing] = useState(false);
  const call = useAct(incidents.archetype, { refreshes: ['/api/v1/incidents', '/api/v1/similar'] });
  const { archetype, also } = incident;
  return (
    <Section
      title="Kind of failure"
      aside={
        writes && (
          <Button size="sm" onClick={() => setChoosing(true)}>
            {archetype === null ? 'Choose …' : 'Change …'}
          </Button>
        )
      }
    >
      <Card>
        <p>
          {archetype === null ? (
            <span className="font-[600] text-amber">nobody has called it yet</span>
          ) : (
            <>
              <span className="font-[600]">{CALLED_WORDS[archetype]}</span>{' '}
              <span className="text-xs text-ink-3">as called</span>
            </>
          )}
        </p>
        {also.length > 0 && (
          <p className="text-xs text-ink-2">
            also shows {also.map((each) => ARCHETYPE_WORDS[each].toLowerCase()).join(', ')}
          </p>
        )}
        <section aria-label="Suggested archetype" className="mt-2 border-t border-line pt-2">
          <p className="text-2xs text-ink-3">Suggested</p>
          <ArchetypeHint
            about={{ incident: incident.id }}
            offer={(suggested) => {
              const to = suggestedCall(suggested);
              return (
                writes &&
                to !== null &&
                to !== archetype && (
                  <Button
                    size="sm"
                    className="mt-2"
                    busy={call.isPending}
                    onClick={() => call.mutate({ params: { incident: incident.id }, body: { to } })}
                  >
                    Call it {CALLED_WORDS[to].toLowerCase()}
                  </Button>
                )
              );
            }}
          />
        </section>
        {call.error && <Trouble error={call.error} />}
      </Card>
      {choosing && <ArchetypeDialog onClose={() => setChoosing(false)} />}
    </Section>
  );
}
