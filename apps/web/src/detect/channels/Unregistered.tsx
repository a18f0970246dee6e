import { channels } from '@firebreak/contract/detect/channels';
import { inventory } from '@firebreak/contract/prepare/inventory';
import { useAct, useAsk } from '../../app/ask.ts';
import { Trouble } from '../../app/Trouble.tsx';
import { Button } from '../../ui/Button.tsx';
import { Rows, Section } from '../../ui/Card.tsx';
import { Id } from '../../ui/Marks.tsx';
import { Ago } from '../../ui/Time.tsx';

/** Systems that telemetry names and nobody registered. One press registers one, under its key; the rest can be said later. */
export function Unregistered({ edits }: { edits: boolean }) {
  const read = useAsk(channels.unregistered, {}, { every: 30_000 });
  const register = useAct(inventory.register, { refreshes: ['/api/v1/systems', '/api/v1/coverage'] });
  const found = read.data?.systems ?? [];
  if (found.length === 0) return null;
  return (
    <Section title="Heard, but not registered">
      <Rows label="Heard, but not registered">
        {found.map(({ key, lastAt, requests, features }) => (
          <li key={key} className="flex flex-wrap items-center gap-x-4 gap-y-2 border-l-4 border-l-amber px-3.5 py-2.5">
            <div className="min-w-0 flex-1 basis-64">
              <p>
                <Id className="font-[620] text-ink">{key}</Id>
              </p>
              <p className="text-xs text-ink-2">
                {requests === 1 ? '1 interaction' : `${requests} interactions`} in 24 hours, the last{' '}
                <Ago at={lastAt} />
                {features.length > 0 && ` · ${features.slice(0, 5).join(', ')}`}
              </p>
            </div>
            {edits && (
              <Button
                size="sm"
                aria-label={`Register ${key}`}
                busy={register.isPending}
                onClick={() =>
                  register.mutate({
                    body: {
                      key,
                      name: key,
                      type: 'generative',
                      features: features.map((feature) => ({ key: feature, name: feature })),
                    },
                  })
                }
              >
                Register
              </Button>
            )}
          </li>
        ))}
      </Rows>
      {register.error && <Trouble error={register.error} />}
    </Section>
  );
}
