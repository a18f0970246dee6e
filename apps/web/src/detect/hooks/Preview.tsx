import { hooks } from '@firebreak/contract/detect/hooks';
import type { SourceProduct } from '@firebreak/core/prepare/sources';
import { useState } from 'react';
import { useAct } from '../../app/ask.ts';
import { Trouble } from '../../app/Trouble.tsx';
import { Button } from '../../ui/Button.tsx';
import { Rows } from '../../ui/Card.tsx';
import { TextArea } from '../../ui/Field.tsx';
import { Flag } from '../../ui/Marks.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { STATUS_WORDS } from './words.ts';

/** What a payload would become, before anything is kept. */
export function Preview({
  product,
  mapping,
  system,
  label,
}: {
  product: SourceProduct;
  mapping: string;
  system: string | null;
  label: string;
}) {
  const [text, setText] = useState('');
  const [fault, setFault] = useState<string>();
  const preview = useAct(hooks.preview);
  const show = () => {
    let payload: unknown;
    try {
      payload = JSON.parse(text);
    } catch {
      setFault('This is not valid JSON.');
      return;
    }
    setFault(undefined);
    preview.mutate({ body: { product, mapping, system, label, payload } });
  };
  const { data } = preview;
  return (
    <div className="grid gap-3">
      <TextArea
        label="A payload to try"
        optional
        rows={5}
        value={text}
        onText={setText}
        className="font-mono text-xs!"
        placeholder='{"title": "Refusals tripled", "severity": "P2", "status": "open"}'
        hint="Paste what the product sends. Nothing of it is kept."
        error={fault}
      />
      <div>
        <Button size="sm" busy={preview.isPending} disabled={text.trim() === ''} onClick={show}>
          Show what it becomes
        </Button>
      </div>
      {preview.error && <Trouble error={preview.error} />}
      {data?.problem && (
        <Notice tone="amber" title="It cannot be read" live>
          {data.problem}
        </Notice>
      )}
      {data?.ignored && (
        <Notice title="Nothing is made of it" live>
          {data.ignored}
        </Notice>
      )}
      {data && data.alerts.length > 0 && (
        <Rows label="What it becomes">
          {data.alerts.map((alert) => (
            <li key={alert.dedupKey} className="px-4 py-2.5">
              <p className="font-[600]">{alert.title}</p>
              {alert.text && <p className="text-xs text-ink-2">{alert.text}</p>}
              <p className="mt-1 flex flex-wrap items-center gap-x-3 gap-y-1 text-xs text-ink-3">
                <Flag tone={alert.severity === 'critical' || alert.severity === 'high' ? 'ember' : 'plain'}>
                  {alert.severityGiven ? alert.severity : `${alert.severity}, a guess`}
                </Flag>
                <span>
                  {alert.status}: {STATUS_WORDS[alert.status]}
                </span>
                <span>system {alert.system ?? 'not known'}</span>
                <span className="min-w-0 break-all">key {alert.dedupKey}</span>
              </p>
            </li>
          ))}
        </Rows>
      )}
    </div>
  );
}
