import { type ChannelCoverage, channels as doors } from '@firebreak/contract/detect/channels';
import type { AiSystem } from '@firebreak/contract/prepare/inventory';
import { systemParts } from '@firebreak/contract/prepare/system-parts';
import { CHANNEL_NAMES } from '@firebreak/core/prepare/inventory';
import { useState } from 'react';
import { useAct, useAsk } from '../../app/ask.ts';
import { Shown, Trouble } from '../../app/Trouble.tsx';
import { Button } from '../../ui/Button.tsx';
import { Rows, Section } from '../../ui/Card.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Input } from '../../ui/Field.tsx';
import { Flag } from '../../ui/Marks.tsx';
import { Ago } from '../../ui/Time.tsx';
import { STATE_TONES, STATE_WORDS } from './words.ts';

/** The six ways a failure of this system is noticed: heard when, and who is told. */
export function ChannelList({ system, edits }: { system: AiSystem; edits: boolean }) {
  const read = useAsk(doors.coverage, { query: { system: system.key } }, { every: 30_000 });
  const [routing, setRouting] = useState<ChannelCoverage | null>(null);
  return (
    <Section title="Detection channels">
      <Shown of={read}>
        {({ systems }) => (
          <Rows label="Detection channels">
            {(systems[0]?.channels ?? []).map((each) => (
              <li key={each.channel} className="flex items-center justify-between gap-2 px-4 py-2">
                <div className="min-w-0">
                  <p className="font-[600]">
                    {CHANNEL_NAMES[each.channel]} <Flag tone={STATE_TONES[each.state]}>{STATE_WORDS[each.state]}</Flag>
                  </p>
                  <p className="text-xs break-words text-ink-2">
                    {each.heardAt ? (
                      <>
                        heard <Ago at={each.heardAt} />
                      </>
                    ) : (
                      'never heard'
                    )}
                    {each.routedTo && ` · tells ${each.routedTo}`}
                  </p>
                </div>
                {edits && (
                  <Button
                    size="sm"
                    look="quiet"
                    aria-label={`Route ${CHANNEL_NAMES[each.channel]}`}
                    onClick={() => setRouting(each)}
                  >
                    Route
                  </Button>
                )}
              </li>
            ))}
          </Rows>
        )}
      </Shown>
      {routing && <RouteForm system={system} channel={routing} onClose={() => setRouting(null)} />}
    </Section>
  );
}

function RouteForm({ system, channel, onClose }: { system: AiSystem; channel: ChannelCoverage; onClose: () => void }) {
  const [to, setTo] = useState(channel.routedTo ?? '');
  const route = useAct(systemParts.routeChannel, {
    refreshes: ['/api/v1/systems', '/api/v1/coverage'],
    done: onClose,
  });
  return (
    <Dialog
      title={`Who is told: ${CHANNEL_NAMES[channel.channel]}`}
      about="In words: a rota, a team, a person. Left empty, nobody is."
      onClose={onClose}
      width="narrow"
      onSubmit={() => route.mutate({ params: { system: system.id }, body: { channel: channel.channel, to } })}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="strong" busy={route.isPending}>
            Save
          </Button>
        </>
      }
    >
      <div className="grid gap-4">
        <Input label="Who is told" optional value={to} onText={setTo} />
        {route.error && <Trouble error={route.error} />}
      </div>
    </Dialog>
  );
}
