import { type Playbook, playbooks } from '@firebreak/contract/prepare/playbooks';
import { useState } from 'react';
import { useAsk } from '../../app/ask.ts';
import { firstName, useNames } from '../../app/session.tsx';
import { Shown } from '../../app/Trouble.tsx';
import { Button } from '../../ui/Button.tsx';
import { Rows, Section } from '../../ui/Card.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Flag, type Tone } from '../../ui/Marks.tsx';
import { Ago } from '../../ui/Time.tsx';
import { memberWords } from './words.ts';

/** Every version, newest first, each with what it changed. */
export function Versions({ playbook }: { playbook: Playbook }) {
  const nameOf = useNames();
  const [shown, show] = useState<number | null>(null);
  return (
    <Section title="Versions">
      <Rows label="Versions">
        {[...playbook.versions].reverse().map((each) => (
          <li key={each.version} className="px-4 py-2.5">
            <p className="flex flex-wrap items-baseline gap-x-2">
              <span className="font-[620]">Version {each.version}</span>
              <span className="text-xs text-ink-3">
                {each.by ? firstName(nameOf(each.by)) : 'Firebreak'}
                {each.at && (
                  <>
                    , <Ago at={each.at} />
                  </>
                )}
              </span>
            </p>
            <p className="text-ink-2">{each.because}</p>
            {each.version > 1 && (
              <Button size="sm" className="mt-1.5" onClick={() => show(each.version)}>
                What changed in version {each.version}
              </Button>
            )}
          </li>
        ))}
      </Rows>
      {shown !== null && <DiffDialog playbook={playbook.key} to={shown} onClose={() => show(null)} />}
    </Section>
  );
}

const TONES: Readonly<Record<string, Tone>> = { added: 'moss', removed: 'ember', changed: 'amber', moved: 'blue' };

function DiffDialog({ playbook, to, onClose }: { playbook: string; to: number; onClose: () => void }) {
  const diff = useAsk(playbooks.diff, { params: { playbook }, query: { from: to - 1, to } });
  return (
    <Dialog
      title={`From version ${to - 1} to ${to}`}
      onClose={onClose}
      footer={<Button onClick={onClose}>Close</Button>}
    >
      <Shown of={diff} lines={5}>
        {({ head, steps }) =>
          head.length + steps.length === 0 ? (
            <p>The steps are the same; only the file they came from differs.</p>
          ) : (
            <Rows label="Differences">
              {head.map((each) => (
                <li key={each.member} className="px-4 py-2.5">
                  <Flag tone="amber">changed</Flag> {each.member}
                  <p className="text-ink-3 line-through">{each.before}</p>
                  <p>{each.after}</p>
                </li>
              ))}
              {steps.map((each) => (
                <li key={`${each.change} ${each.key}`} className="px-4 py-2.5">
                  <p className="flex flex-wrap items-baseline gap-2">
                    <Flag tone={TONES[each.change] ?? 'plain'}>{each.change}</Flag>
                    {each.members.length > 0 && <span className="text-xs text-ink-3">{memberWords(each.members)}</span>}
                  </p>
                  {each.before && each.before.text !== each.after?.text && (
                    <p className="text-ink-3 line-through">{each.before.text}</p>
                  )}
                  {each.after && <p>{each.after.text}</p>}
                </li>
              ))}
            </Rows>
          )
        }
      </Shown>
    </Dialog>
  );
}
