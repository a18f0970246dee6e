import { inventory } from '@firebreak/contract/prepare/inventory';
import { policies } from '@firebreak/contract/prepare/policies';
import { useState } from 'react';
import { useAsk } from '../../app/ask.ts';
import { Shown } from '../../app/Trouble.tsx';
import { Card, Section } from '../../ui/Card.tsx';
import { serverNow } from '../../ui/clock.ts';
import { fromLocalInput, toLocalInput } from '../../ui/durations.ts';
import { Input, Select } from '../../ui/Field.tsx';
import { Time } from '../../ui/Time.tsx';
import { ExceptionRows } from './ExceptionRows.tsx';

/** The auditor's question: was this a known exception at that time? */
export function KnownException() {
  const systems = useAsk(inventory.list, {}).data?.systems ?? [];
  const [picked, setPicked] = useState('');
  // The whole of this second: an exception that was just approved is in force now.
  const [when, setWhen] = useState(() => toLocalInput(new Date(serverNow() + 1_000).toISOString()));
  const system = picked || systems[0]?.key || '';
  const at = fromLocalInput(when);
  const found = useAsk(
    policies.exceptions,
    { query: { system, ...(at !== null && { at }) } },
    { enabled: system !== '' && at !== null },
  );
  if (systems.length === 0) return null;
  return (
    <Section title="Was it a known exception?">
      <Card>
        <div className="mb-3 grid gap-3 phone:grid-cols-2">
          <Select
            label="System"
            value={system}
            onText={setPicked}
            options={systems.map(({ key, name }) => ({ value: key, label: name }))}
          />
          <Input label="At this time" type="datetime-local" step={1} value={when} onText={setWhen} />
        </div>
        {at === null ? (
          <p className="text-ink-2">Give a day and a time.</p>
        ) : (
          <Shown of={found} lines={1}>
            {({ exceptions, more }) =>
              exceptions.length === 0 ? (
                <p>
                  No. No exception was in force for this system at <Time at={at} />.
                </p>
              ) : (
                <>
                  <p className="mb-2">
                    Yes. {exceptions.length === 1 ? 'One exception was' : `${exceptions.length} exceptions were`} in
                    force at <Time at={at} />
                    {more && ', and more that are not shown'}.
                  </p>
                  <ExceptionRows exceptions={exceptions} label="In force at that time" named />
                </>
              )
            }
          </Shown>
        )}
      </Card>
    </Section>
  );
}
