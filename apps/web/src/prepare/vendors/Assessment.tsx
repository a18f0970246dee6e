import { type Vendor, type VendorAnswer, type VendorQuestion, vendors } from '@firebreak/contract/prepare/vendors';
import { VERDICTS } from '@firebreak/core/prepare/vendors';
import { useState } from 'react';
import { tell } from '../../app/api.ts';
import { useAct } from '../../app/ask.ts';
import { Trouble } from '../../app/Trouble.tsx';
import { Button } from '../../ui/Button.tsx';
import { Rows, Section } from '../../ui/Card.tsx';
import { serverNow } from '../../ui/clock.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { Choice, Input, TextArea } from '../../ui/Field.tsx';
import { Flag, Id, type Tone } from '../../ui/Marks.tsx';
import { QuestionForm } from './QuestionForm.tsx';
import { ENOUGH_WORDS } from './words.ts';

const TONES: Readonly<Record<VendorAnswer['enough'], Tone>> = { yes: 'moss', partly: 'amber', no: 'ember' };

/** What every vendor is asked, and what this one answered. */
export function Assessment({ vendor, edits }: { vendor: Vendor; edits: boolean }) {
  const [answering, setAnswering] = useState<VendorQuestion | null>(null);
  const [dropping, setDropping] = useState<VendorQuestion | null>(null);
  const [adding, setAdding] = useState(false);
  const stale = new Set(vendor.gaps.flatMap(({ kind, question }) => (kind === 'stale' && question ? question : [])));
  const answered = vendor.questions.filter(({ answer }) => answer !== null).length;
  return (
    <Section
      title={`What it was asked, ${answered} of ${vendor.questions.length} answered`}
      aside={
        edits && (
          <Button size="sm" onClick={() => setAdding(true)}>
            Add a question
          </Button>
        )
      }
    >
      <Rows label="Questions and answers">
        {vendor.questions.map(({ question, answer }) => (
          <li key={question.id} className="flex flex-wrap items-start gap-x-3 gap-y-2 px-4 py-3">
            <div className="min-w-0 flex-1 basis-72">
              <p className="font-[600]">{question.text}</p>
              <p className="text-xs text-ink-3">
                {question.why}
                {question.incident && (
                  <>
                    {' '}
                    Taught by <Id>{question.incident}</Id>.
                  </>
                )}
              </p>
              {answer && (
                <p className="mt-1.5">
                  <Flag tone={TONES[answer.enough]}>{ENOUGH_WORDS[answer.enough]}</Flag>{' '}
                  {answer.text || 'No words were kept.'}{' '}
                  {answer.evidence && (
                    <a href={answer.evidence} target="_blank" rel="noreferrer" className="prose-link text-sm">
                      evidence
                    </a>
                  )}
                  <span className="block text-xs text-ink-3">
                    answered on {answer.answeredOn}
                    {answer.reviewBy && ` · ask again by ${answer.reviewBy}`}{' '}
                    {stale.has(question.id) && <Flag tone="amber">due</Flag>}
                  </span>
                </p>
              )}
            </div>
            {answer === null && <Flag tone="amber">not answered</Flag>}
            {edits && (
              <div className="flex gap-1.5">
                <Button
                  size="sm"
                  aria-label={`${answer ? 'Answer anew' : 'Answer'}: ${question.text}`}
                  onClick={() => setAnswering(question)}
                >
                  {answer ? 'Answer anew …' : 'Answer …'}
                </Button>
                <Button
                  size="sm"
                  look="quiet"
                  aria-label={`Drop: ${question.text}`}
                  onClick={() => setDropping(question)}
                >
                  Drop …
                </Button>
              </div>
            )}
          </li>
        ))}
      </Rows>
      {answering && <AnswerDialog vendor={vendor} question={answering} onClose={() => setAnswering(null)} />}
      {dropping && <DropDialog question={dropping} onClose={() => setDropping(null)} />}
      {adding && <QuestionForm onClose={() => setAdding(false)} />}
    </Section>
  );
}

function AnswerDialog({
  vendor,
  question,
  onClose,
}: {
  vendor: Vendor;
  question: VendorQuestion;
  onClose: () => void;
}) {
  const before = vendor.questions.find((each) => each.question.id === question.id)?.answer ?? null;
  const [enough, setEnough] = useState<VendorAnswer['enough'] | null>(before?.enough ?? null);
  const [text, setText] = useState(before?.text ?? '');
  const [evidence, setEvidence] = useState(before?.evidence ?? '');
  const [answeredOn, setAnsweredOn] = useState(() => new Date(serverNow()).toISOString().slice(0, 10));
  const [reviewBy, setReviewBy] = useState('');
  const keep = useAct(vendors.answerQuestion, { refreshes: ['/api/v1/vendors'], done: onClose });
  const told = keep.error ? tell(keep.error) : null;
  return (
    <Dialog
      title={`What ${vendor.name} answered`}
      about={question.text}
      onClose={onClose}
      onSubmit={() => {
        if (enough === null) return;
        keep.mutate({
          params: { vendor: vendor.id },
          body: { question: question.id, enough, text, evidence, answeredOn, reviewBy: reviewBy || null },
        });
      }}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="strong" busy={keep.isPending} disabled={enough === null || answeredOn === ''}>
            Keep the answer
          </Button>
        </>
      }
    >
      <div className="grid gap-4">
        <Choice
          legend="Is it good enough for us?"
          name="enough"
          value={enough}
          onPick={setEnough}
          columns={3}
          options={VERDICTS.map((value) => ({ value, label: ENOUGH_WORDS[value] }))}
        />
        <TextArea label="What they said" optional rows={3} value={text} onText={setText} maxLength={5_000} />
        <Input
          label="Where it is proven"
          optional
          type="url"
          value={evidence}
          onText={setEvidence}
          placeholder="https://"
          error={told?.fields.evidence}
        />
        <div className="grid gap-4 phone:grid-cols-2">
          <Input
            label="Answered on"
            type="date"
            value={answeredOn}
            onText={setAnsweredOn}
            required
            error={told?.fields.answeredOn}
          />
          <Input
            label="Ask again by"
            optional
            type="date"
            value={reviewBy}
            onText={setReviewBy}
            error={told?.fields.reviewBy}
          />
        </div>
        {keep.error && <Trouble error={keep.error} />}
      </div>
    </Dialog>
  );
}

function DropDialog({ question, onClose }: { question: VendorQuestion; onClose: () => void }) {
  const [reason, setReason] = useState('');
  const drop = useAct(vendors.dropQuestion, {
    refreshes: ['/api/v1/vendors', '/api/v1/vendor-questions'],
    done: onClose,
  });
  return (
    <Dialog
      title="Stop asking this, of every vendor"
      about={question.text}
      onClose={onClose}
      width="narrow"
      onSubmit={() => drop.mutate({ params: { question: question.id }, body: { reason } })}
      footer={
        <>
          <Button onClick={onClose}>Keep asking</Button>
          <Button type="submit" look="strong" busy={drop.isPending} disabled={reason.trim() === ''}>
            Stop asking
          </Button>
        </>
      }
    >
      <TextArea
        label="Why it teaches nothing any more"
        value={reason}
        onText={setReason}
        rows={2}
        maxLength={500}
        hint="Answers that were given stay in the record."
      />
      {drop.error && <Trouble error={drop.error} />}
    </Dialog>
  );
}
