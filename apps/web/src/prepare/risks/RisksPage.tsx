import { type Risk, risks } from '@firebreak/contract/prepare/risks';
import { gradeOf } from '@firebreak/core/prepare/risks';
import { useState } from 'react';
import { useAct, useAsk } from '../../app/ask.ts';
import { Page } from '../../app/Page.tsx';
import { useMay, useNames } from '../../app/session.tsx';
import { Shown, Trouble } from '../../app/Trouble.tsx';
import { Button } from '../../ui/Button.tsx';
import { Empty, Rows } from '../../ui/Card.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Check, TextArea } from '../../ui/Field.tsx';
import { Flag, type Tone } from '../../ui/Marks.tsx';
import { Ago } from '../../ui/Time.tsx';
import { RiskForm } from './RiskForm.tsx';
import { IMPACT_WORDS, LIKELIHOOD_WORDS, TREATMENT_WORDS } from './words.ts';

const toneOf = (grade: Risk['inherent']): Tone => {
  const size = gradeOf(grade);
  return size >= 15 ? 'ember' : size >= 8 ? 'amber' : 'plain';
};

function Grade({ word, grade }: { word: string; grade: Risk['inherent'] }) {
  const { likelihood, impact } = grade;
  return (
    <Flag tone={toneOf(grade)}>
      {word} {LIKELIHOOD_WORDS[likelihood - 1]}, {IMPACT_WORDS[impact - 1]}
    </Flag>
  );
}

function CloseDialog({ risk, onClose }: { risk: Risk; onClose: () => void }) {
  const [reason, setReason] = useState('');
  const close = useAct(risks.close, { refreshes: ['/api/v1/risks'], done: onClose });
  return (
    <Dialog
      title="Close the risk"
      about={`${risk.title} stays readable with everything that was said about it.`}
      onClose={onClose}
      onSubmit={() => close.mutate({ params: { risk: risk.id }, body: { reason } })}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="strong" busy={close.isPending} disabled={reason.trim() === ''}>
            Close it
          </Button>
        </>
      }
    >
      <TextArea label="Why it is no more" value={reason} onText={setReason} rows={2} maxLength={500} />
      {close.error && <Trouble error={close.error} />}
    </Dialog>
  );
}

function RiskRow({ risk, edits }: { risk: Risk; edits: boolean }) {
  const nameOf = useNames();
  const [open, setOpen] = useState<'edit' | 'close' | null>(null);
  const shut = () => setOpen(null);
  return (
    <li className="px-4 py-3">
      <div className="flex flex-wrap items-start gap-x-3 gap-y-2">
        <div className="min-w-0 flex-1 basis-64">
          <p className="font-[600]">{risk.title}</p>
          <p className="text-sm text-ink-2">{risk.failureMode || 'How it fails is not described.'}</p>
          <p className="mt-1 flex flex-wrap gap-1.5">
            <Grade word="before:" grade={risk.inherent} />
            {risk.residual ? <Grade word="left:" grade={risk.residual} /> : <Flag>what is left is not said</Flag>}
            {risk.overdue && <Flag tone="amber">to look at since {risk.reviewBy}</Flag>}
            {risk.closed && <Flag>closed: {risk.closed}</Flag>}
          </p>
          <p className="mt-1 text-xs text-ink-3">
            {[
              risk.systems.join(', ') || 'no system named',
              `${nameOf(risk.owner)} answers for it`,
              TREATMENT_WORDS[risk.treatment] + (risk.treatmentNote ? ` (${risk.treatmentNote})` : ''),
            ].join(' · ')}
          </p>
          <details className="mt-1 text-xs">
            <summary className="cursor-pointer text-ink-3">
              Why it stands here, {risk.because.length === 1 ? 'one entry' : `${risk.because.length} entries`}
            </summary>
            <ul className="mt-1 grid gap-0.5 text-ink-2">
              {risk.because.toReversed().map((it) => (
                <li key={it.at + it.text}>
                  {it.text} <Ago at={it.at} className="text-ink-3" />
                </li>
              ))}
              {risk.proximateCause && <li>Proximate cause: {risk.proximateCause}</li>}
              {risk.contributing.length > 0 && <li>Contributing: {risk.contributing.join('; ')}</li>}
            </ul>
          </details>
        </div>
        {edits && risk.closed === null && (
          <div className="flex gap-1.5">
            <Button size="sm" aria-label={`Describe ${risk.title} anew`} onClick={() => setOpen('edit')}>
              Describe …
            </Button>
            <Button size="sm" look="quiet" aria-label={`Close ${risk.title}`} onClick={() => setOpen('close')}>
              Close …
            </Button>
          </div>
        )}
      </div>
      {open === 'edit' && <RiskForm risk={risk} onClose={shut} />}
      {open === 'close' && <CloseDialog risk={risk} onClose={shut} />}
    </li>
  );
}

/** The risk register, gravest first by what is left. */
export function RisksPage() {
  const [all, setAll] = useState(false);
  const asked = useAsk(risks.list, { query: { show: all ? 'all' : 'open' } });
  const edits = useMay('risk.edit');
  const [adding, setAdding] = useState(false);
  return (
    <Page
      title="Risks"
      lead="What may fail, who answers for it, what is done about it, and what is left."
      actions={edits && <Button onClick={() => setAdding(true)}>Register a risk</Button>}
    >
      <div className="mb-2 flex justify-end">
        <Check label="Closed ones as well" checked={all} onCheck={setAll} />
      </div>
      <Shown of={asked}>
        {({ risks: rows }) =>
          rows.length === 0 ? (
            <Empty
              title="The register is empty"
              action={
                edits && (
                  <Button look="strong" onClick={() => setAdding(true)}>
                    Register the first risk
                  </Button>
                )
              }
            >
              Begin with the one thing that would be worst if an AI system of yours did it tomorrow. Every incident asks
              whether it belongs to a risk here.
            </Empty>
          ) : (
            <Rows label="Risks">
              {rows.map((risk) => (
                <RiskRow key={risk.id} risk={risk} edits={edits} />
              ))}
            </Rows>
          )
        }
      </Shown>
      {adding && <RiskForm onClose={() => setAdding(false)} />}
    </Page>
  );
}
