import type { Preview } from '@firebreak/contract/respond/containment';
import { Check } from '../../ui/Field.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { previewWords } from './preview-words.ts';

/** What an order would touch, before it is given. */
export function PreviewNote({
  preview,
  system,
  takeOver,
  onTakeOver,
}: {
  preview: Preview;
  system: string;
  takeOver: boolean;
  onTakeOver: (on: boolean) => void;
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
    <Notice tone={words.tone} title={words.title}>
      <p>{words.detail}</p>
      {preview.instances.length > 0 && (
        <details className="mt-1 text-xs">
          <summary className="text-ink-2 hover:text-ink">Which ones</summary>
          <ul className="mt-1 grid gap-0.5">
            {preview.instances.slice(0, 50).map((each) => (
              <li key={each.instance}>
                {each.instance} <span className="text-ink-3">on {each.host}</span>
                {!each.live && <span className="text-amber"> · silent</span>}
              </li>
            ))}
            {preview.instances.length > 50 && <li className="text-ink-3">and {preview.instances.length - 50} more</li>}
          </ul>
        </details>
      )}
    </Notice>
  );
}
