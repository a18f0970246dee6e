import { type Agreement, oversight } from '@firebreak/contract/detect/oversight';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useAct } from '../../app/ask.ts';
import { Trouble } from '../../app/Trouble.tsx';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Check, Input } from '../../ui/Field.tsx';
import { Flag } from '../../ui/Marks.tsx';
import { Time } from '../../ui/Time.tsx';
import { reviewedIn, termsText } from './words.ts';

function AgreeForm({ agreement, onClose }: { agreement: Agreement; onClose: () => void }) {
  const [models, setModels] = useState(agreement.models?.join(', ') ?? '');
  const [reviewed, setReviewed] = useState(
    agreement.reviewed.map(({ feature, withinMinutes }) => `${feature} ${withinMinutes}`).join(', '),
  );
  const [content, setContent] = useState(agreement.content);
  const [perDay, setPerDay] = useState(agreement.perDay === null ? '' : String(agreement.perDay));
  const agree = useAct(oversight.agree, { refreshes: ['/api/v1/oversight'], done: onClose });
  const read = reviewedIn(reviewed);
  const named = models.split(',').flatMap((each) => each.trim() || []);
  const save = () =>
    agree.mutate({
      params: { system: agreement.system },
      body: {
        models: named.length === 0 ? null : named,
        reviewed: read ?? [],
        content,
        perDay: perDay.trim() === '' ? null : Number(perDay),
      },
    });
  return (
    <Dialog
      title={`What was agreed about ${agreement.name}`}
      about="Every interaction is held against it. What breaks it becomes a signal."
      onClose={onClose}
      onSubmit={save}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="strong" busy={agree.isPending} disabled={read === null}>
            Save
          </Button>
        </>
      }
    >
      <div className="grid gap-4">
        <Input
          label="Models that may answer"
          optional
          hint="Joined by commas; * at the end for any ending. Empty: those its deployments name."
          value={models}
          onText={setModels}
        />
        <Input
          label="Features a person has to look at, with minutes"
          optional
          hint="For example refunds 30, letters 120. Reviews are reported to /api/v1/human-reviews."
          error={read === null ? 'Write each as a feature and its minutes, such as refunds 30.' : undefined}
          value={reviewed}
          onText={setReviewed}
        />
        <Check
          label="Answers have to be captured"
          hint="An interaction without its answer is told, once a day."
          checked={content}
          onCheck={setContent}
        />
        <Input label="Interactions a day, at least" optional inputMode="numeric" value={perDay} onText={setPerDay} />
        {agree.error && <Trouble error={agree.error} />}
      </div>
    </Dialog>
  );
}

export function AgreementRow({ agreement, edits }: { agreement: Agreement; edits: boolean }) {
  const [open, setOpen] = useState(false);
  const answering = agreement.answering
    .slice(0, 4)
    .map(
      ({ kind, asked, answered, count }) => `${asked} ${kind === 'model' ? '→' : 'served by'} ${answered} (${count})`,
    )
    .join(', ');
  return (
    <li className="flex flex-wrap items-start gap-x-4 gap-y-2 px-4 py-3">
      <div className="min-w-0 flex-1 basis-72">
        <p className="flex flex-wrap items-baseline gap-x-2">
          <Link to="/systems/$system" params={{ system: agreement.system }} className="prose-link font-[600]">
            {agreement.name}
          </Link>
          {agreement.at === null && <Flag>nothing agreed</Flag>}
          {agreement.hole !== null && (
            <Flag tone="ember">
              {agreement.hole.through.toLocaleString('en')} let through, nothing recorded since{' '}
              <Time at={agreement.hole.since} />
            </Flag>
          )}
          {agreement.bypassed > 0 && <Flag tone="ember">{agreement.bypassed} not looked at in time</Flag>}
          {agreement.waiting > 0 && <Flag tone="amber">{agreement.waiting} wait for a person</Flag>}
        </p>
        <p className="text-sm break-words text-ink-2">{termsText(agreement)}</p>
        <p className="text-xs break-words text-ink-3">
          {agreement.lastDay.toLocaleString('en')} interactions in 24 hours{answering && ` · ${answering}`}
        </p>
      </div>
      {edits && (
        <Button size="sm" aria-label={`Agree on ${agreement.name}`} onClick={() => setOpen(true)}>
          Agree …
        </Button>
      )}
      {open && <AgreeForm agreement={agreement} onClose={() => setOpen(false)} />}
    </li>
  );
}
