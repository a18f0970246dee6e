import { signals } from '@firebreak/contract/detect/signals';
import { Link } from '@tanstack/react-router';
import { useAsk } from '../../app/ask.ts';
import { Shown } from '../../app/Trouble.tsx';
import { Empty, Rows, Section } from '../../ui/Card.tsx';
import { Flag } from '../../ui/Marks.tsx';
import { Ago } from '../../ui/Time.tsx';

/** The newest signals a source raised, where each stands, and the candidate it belongs to. */
export function SignalsHeard({ name }: { name: string }) {
  const read = useAsk(signals.listSignals, { query: { detector: name, limit: '10' } }, { every: 5_000 });
  return (
    <Section title="Signals from here">
      <Shown of={read}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty title="No signal yet">
              An alert that fires raises one. Told again it is counted, not raised again.
            </Empty>
          ) : (
            <Rows label="Signals">
              {items.map((signal) => (
                <li key={signal.id} className="flex flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2.5">
                  <div className="min-w-0 flex-1 basis-60">
                    <p className="break-words">{signal.text}</p>
                    <p className="text-xs text-ink-3">
                      {signal.system} · <Ago at={signal.receivedAt} />
                      {signal.times > 1 && ` · told ${signal.times} times`}
                      {signal.candidate && (
                        <>
                          {' · '}
                          <Link
                            to="/candidates/$candidate"
                            params={{ candidate: signal.candidate }}
                            className="underline underline-offset-3"
                          >
                            its candidate
                          </Link>
                        </>
                      )}
                    </p>
                  </div>
                  {signal.resolvedAt !== null ? (
                    <Flag tone="moss">
                      resolved <Ago at={signal.resolvedAt} />
                    </Flag>
                  ) : signal.acknowledgedAt !== null ? (
                    <Flag tone="blue">acknowledged there</Flag>
                  ) : (
                    <Flag tone="amber">open</Flag>
                  )}
                </li>
              ))}
            </Rows>
          )
        }
      </Shown>
    </Section>
  );
}
