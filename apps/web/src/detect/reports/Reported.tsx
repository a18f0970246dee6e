import { reports } from '@firebreak/contract/detect/reports';
import type { ReviewItem } from '@firebreak/contract/detect/reviews';
import { REPORT_LIMITS } from '@firebreak/core/detect/reports';
import { useState } from 'react';
import { useAct, useAsk } from '../../app/ask.ts';
import { Shown, Trouble } from '../../app/Trouble.tsx';
import { Button } from '../../ui/Button.tsx';
import { TextArea } from '../../ui/Field.tsx';
import { Ago } from '../../ui/Time.tsx';
import { STATE_WORDS, saidLines } from './words.ts';

/** What a stranger said beside the words of a report; for those who judge also whom to write to, and the answer. */
export function Reported({ feedback, judges }: { feedback: ReviewItem['feedback']; judges: boolean }) {
  if (!feedback.report) return null;
  return (
    <div className="mt-2 grid gap-2">
      <dl className="grid gap-x-3 gap-y-0.5 text-sm phone:grid-cols-[9rem_minmax(0,1fr)]">
        {saidLines(feedback.report).map(([name, value]) => (
          <div key={name} className="contents">
            <dt className="text-ink-3">{name}</dt>
            <dd className="min-w-0 break-words">
              {value}
              {name === 'Link' && (
                <span className="block text-xs text-ink-3">Of a stranger: look before you open it.</span>
              )}
            </dd>
          </div>
        ))}
      </dl>
      {judges && <Answering feedback={feedback.id} />}
    </div>
  );
}

function Answering({ feedback }: { feedback: ReviewItem['feedback']['id'] }) {
  const params = { feedback };
  const shown = useAsk(reports.show, { params });
  const [text, setText] = useState<string | null>(null);
  const answer = useAct(reports.answer, { refreshes: ['/api/v1/reports'], done: () => setText(null) });
  return (
    <Shown of={shown} lines={2}>
      {({ times, contacts, state, answer: given }) => (
        <div className="grid gap-2 rounded-md border border-line p-3">
          <p className="text-sm">
            {contacts.length === 0 ? 'Nobody left an address to write to.' : 'May be written to: '}
            {contacts.map(({ contact, at }, i) => (
              <span key={contact}>
                {i > 0 && ', '}
                <a href={`mailto:${encodeURIComponent(contact)}`} className="prose-link break-all">
                  {contact}
                </a>{' '}
                <span className="text-xs text-ink-3">
                  (<Ago at={at} />)
                </span>
              </span>
            ))}
          </p>
          <p className="text-xs text-ink-3">
            {STATE_WORDS[state]}
            {times > 1 && ` The same words came in ${times} times.`}
          </p>
          {given !== null && text === null ? (
            <div>
              <p className="text-sm break-words whitespace-pre-line">{given.text}</p>
              <Button size="sm" className="mt-2" onClick={() => setText(given.text)}>
                Correct the answer …
              </Button>
            </div>
          ) : (
            <form
              className="grid gap-2"
              onSubmit={(event) => {
                event.preventDefault();
                answer.mutate({ params, body: { text: text ?? '' } });
              }}
            >
              <TextArea
                label="Answer to the reporter"
                optional
                rows={2}
                maxLength={REPORT_LIMITS.answer}
                hint="Everybody who holds a reference of this report can read it."
                value={text ?? ''}
                onText={setText}
              />
              {answer.error && <Trouble error={answer.error} />}
              <Button
                type="submit"
                size="sm"
                busy={answer.isPending}
                disabled={(text ?? '').trim() === ''}
                className="justify-self-start"
              >
                Give this answer
              </Button>
            </form>
          )}
        </div>
      )}
    </Shown>
  );
}
