import type { Preview } from '@firebreak/contract/respond/containment';
import { Check } from '../../ui/Field.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { aroundLine, dryRunWords, othersWords, partLines, previewWords } from './preview-words.ts';

const SHOWN = 50;
const SUMMARY = 'cursor-pointer py-1 text-ink-2 hover:text-ink max-phone:py-3.5';

/** What an order would touch, before it is given. */
export function PreviewNote({
  preview,
  system,
  takeOver,
  onTakeOver,
  again,
  onAgain,
}: {
  preview: Preview;
  system: string;
  takeOver: boolean;
  onTakeOver: (on: boolean) => void;
  /** Whether somebody has looked a second time at what a pattern would refuse. */
  again: boolean;
  onAgain: (on: boolean) => void;
}) {
  if (preview.already)
    return (
      <Notice tone="blue">Already in force: an existing hold does the same. Ordering it again changes nothing.</Notice>
    );
  if (preview.conflict)
    return (
      <Notice tone="amber" title={`${preview.conflict.label} already does something else there`}>
        <p>It holds: {preview.conflict.says}. Two orders cannot override the same thing.</p>
        <Check
          label={`Take over from ${preview.conflict.label}`}
          hint="It ends in the same moment this one begins."
          checked={takeOver}
          onCheck={onTakeOver}
        />
      </Notice>
    );
  const words = previewWords(preview, system);
  return (
    <div className="grid gap-2">
      {preview.unknownFeature !== null && (
        <Notice tone="amber" title="Is the name right?">
          {preview.unknownFeature} An order under a name that nothing uses is obeyed, and stops nothing.
        </Notice>
      )}
      <Notice tone={words.tone} title={words.title}>
        <p>{words.detail}</p>
        {preview.others.length > 0 && (
          <p className="mt-1">Held as well by {othersWords(preview.others)}: ending this one lifts none of them.</p>
        )}
        <Detail preview={preview} />
      </Notice>
      {preview.words?.secondLook && <SecondLook words={preview.words} again={again} onAgain={onAgain} />}
    </div>
  );
}

/** Everything the numbers are made of, one press away. */
function Detail({ preview }: { preview: Preview }) {
  const { reach, around, words, instances, unable } = preview;
  const lines = reach ? partLines(reach) : [];
  return (
    <div className="mt-1 text-xs">
      {unable.length > 0 && (
        <ul className="mb-1 grid gap-0.5" aria-label="Cannot obey">
          {unable.slice(0, SHOWN).map(({ instance, host, why }) => (
            <li key={instance}>
              {instance} <span className="text-ink-3">on {host}</span>
              <span className="text-amber"> · {why}</span>
            </li>
          ))}
        </ul>
      )}
      {words && !words.secondLook && <p>{dryRunWords(words)}</p>}
      {(lines.length > 0 || around.nodes.length > 0) && (
        <details>
          <summary className={SUMMARY}>
            What else it touches{around.nodes.length > 0 && `: ${around.nodes.length} beside the system`}
          </summary>
          <ul className="mt-1 grid gap-0.5">
            {lines.map(({ by, says }) => (
              <li key={by}>
                By {by}: {says}
              </li>
            ))}
            {around.nodes.map((node) => (
              <li key={node.id}>{aroundLine(node)}</li>
            ))}
          </ul>
          {reach && (
            <p className="mt-1 text-ink-3">
              {reach.sampled
                ? `From ${reach.looked} requests read one by one, evenly over ${reach.minutes} minutes, and scaled up.`
                : `All ${reach.looked} requests of ${reach.minutes} minutes were read.`}{' '}
              {reach.sessions > 0 && `${reach.sessions.toLocaleString('en')} sessions. `}
              Looked at in {Math.round(preview.tookMs)} ms.
            </p>
          )}
        </details>
      )}
      {instances.length > 0 && (
        <details>
          <summary className={SUMMARY}>Which ones</summary>
          <ul className="mt-1 grid gap-0.5">
            {instances.slice(0, SHOWN).map((each) => (
              <li key={each.instance}>
                {each.instance} <span className="text-ink-3">on {each.host}</span>
                {!each.live && <span className="text-amber"> · silent</span>}
              </li>
            ))}
            {instances.length > SHOWN && <li className="text-ink-3">and {instances.length - SHOWN} more</li>}
          </ul>
        </details>
      )}
    </div>
  );
}

function SecondLook({
  words,
  again,
  onAgain,
}: {
  words: NonNullable<Preview['words']>;
  again: boolean;
  onAgain: (on: boolean) => void;
}) {
  return (
    <Notice tone="amber" title="Look a second time: it would refuse harmless texts">
      <p>{dryRunWords(words)} More than one in a hundred of what looked benign would be refused, such as:</p>
      <ul className="mt-1 grid list-disc gap-0.5 pl-4 text-xs">
        {words.examples.map((example) => (
          <li key={example}>“{example}”</li>
        ))}
      </ul>
      <Check label="I have looked; refuse them all the same" checked={again} onCheck={onAgain} />
    </Notice>
  );
}
