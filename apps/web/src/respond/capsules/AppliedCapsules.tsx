import { type CapsuleRow, capsules } from '@firebreak/contract/respond/capsules';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useAsk } from '../../app/ask.ts';
import { useMay } from '../../app/session.tsx';
import { Button } from '../../ui/Button.tsx';
import { Rows, Section } from '../../ui/Card.tsx';
import { Ago } from '../../ui/Time.tsx';
import { AdoptDialog } from './AnswerDialogs.tsx';

/** What somebody stopped by hand while there was no server: nobody answers for it yet. */
export function AppliedCapsules() {
  const list = useAsk(capsules.applied, {}, { every: 15_000 });
  const may = useMay('containment.order');
  const [adopting, setAdopting] = useState<CapsuleRow | null>(null);
  const rows = list.data?.capsules ?? [];
  if (rows.length === 0) return null;
  return (
    <Section title={`Applied by hand · ${rows.length}`}>
      <Rows label="Applied by hand">
        {rows.map((it) => (
          <li
            key={it.capsule}
            className="flex flex-wrap items-start gap-x-3 gap-y-2 border-l-4 border-l-ember px-3.5 py-2.5"
          >
            <div className="min-w-0 flex-1 basis-56">
              <p>
                <b className="font-[640]">{it.name}:</b> {it.says.join('; ')} on{' '}
                <Link to="/systems/$system" params={{ system: it.system }} className="prose-link">
                  {it.system}
                </Link>
              </p>
              <p className="text-xs text-ink-3">
                by a capsule, while there was no server · on {it.applied.length}{' '}
                {it.applied.length === 1 ? 'instance' : 'instances'}
                {it.applied[0] && (
                  <>
                    {' '}
                    · heard <Ago at={it.applied[0].at} />
                  </>
                )}
              </p>
            </div>
            {may && (
              <Button
                size="sm"
                look="brake"
                className="max-phone:min-h-11 max-phone:w-full"
                onClick={() => setAdopting(it)}
              >
                Adopt …
              </Button>
            )}
          </li>
        ))}
      </Rows>
      {adopting && <AdoptDialog capsule={adopting} onClose={() => setAdopting(null)} />}
    </Section>
  );
}
