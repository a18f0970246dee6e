import { X } from 'lucide-react';
import { type ReactNode, useEffect, useId, useRef } from 'react';
import { cx } from './cx.ts';

/** Where the keyboard starts: what asks for it, the first field, else the title. On touch the title, so that no keyboard jumps up. */
function firstStop(dialog: HTMLElement): HTMLElement | null {
  const title = dialog.querySelector<HTMLElement>('h2');
  if (matchMedia('(pointer: coarse)').matches) return title;
  const marked = dialog.querySelector<HTMLElement>('[data-first]');
  const field = [...dialog.querySelectorAll<HTMLElement>('input, select, textarea')].find(
    (each) => !each.matches(':disabled'),
  );
  return marked ?? field ?? title;
}

interface DialogProps {
  title: ReactNode;
  /** One sentence under the title. */
  about?: ReactNode;
  onClose: () => void;
  children: ReactNode;
  /** Sits below the scrolling part, always in reach. */
  footer?: ReactNode;
  width?: 'narrow' | 'normal' | 'wide';
  tone?: 'ember';
  /** Called instead of submitting a form by hand. */
  onSubmit?: () => void;
}

/**
 * A modal question on the browser's own `<dialog>`: focus stays inside, Escape closes, the rest of the page is inert.
 * On a phone it rises from the bottom, so that the last button lies under the thumb.
 */
export function Dialog({ title, about, onClose, children, footer, width = 'normal', tone, onSubmit }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useEffect(() => {
    const element = dialog.current;
    const before = document.activeElement;
    if (element && !element.open) {
      element.showModal();
      firstStop(element)?.focus();
    }
    return () => {
      element?.close();
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  const body = (
    <>
      <div
        className={cx(
          'flex items-start gap-3 border-b border-line px-5 py-4',
          tone === 'ember' && 'border-t-4 border-t-ember',
        )}
      >
        <div className="min-w-0 flex-1">
          <h2 id={titleId} tabIndex={-1} className="text-lg font-[640] outline-none">
            {title}
          </h2>
          {about && <p className="mt-0.5 text-ink-2">{about}</p>}
        </div>
        <button
          type="button"
          onClick={onClose}
          aria-label="Close"
          className="-mt-1 -mr-2 grid size-9 shrink-0 place-items-center rounded-md text-ink-3 hover:bg-sunken hover:text-ink"
        >
          <X size={18} aria-hidden="true" />
        </button>
      </div>
      <div className="min-h-0 flex-1 overflow-y-auto overscroll-contain px-5 py-4">{children}</div>
      {footer && (
        <div className="flex flex-wrap items-center justify-end gap-2 border-t border-line bg-surface px-5 py-3 pb-[max(0.75rem,env(safe-area-inset-bottom))]">
          {footer}
        </div>
      )}
    </>
  );
  return (
    <dialog
      ref={dialog}
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => {
        if (event.target === dialog.current) onClose();
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') event.stopPropagation();
      }}
      className={cx(
        'm-auto max-h-[min(92dvh,56rem)] w-full overflow-hidden rounded-lg border border-line bg-surface p-0 text-ink shadow-float',
        'open:flex open:flex-col max-phone:mb-0 max-phone:max-w-full max-phone:rounded-b-none',
        width === 'narrow' && 'phone:max-w-lg',
        width === 'normal' && 'phone:max-w-2xl',
        width === 'wide' && 'phone:max-w-5xl',
      )}
    >
      {onSubmit ? (
        <form
          noValidate
          className="flex min-h-0 flex-1 flex-col"
          onSubmit={(event) => {
            event.preventDefault();
            onSubmit();
          }}
        >
          {body}
        </form>
      ) : (
        body
      )}
    </dialog>
  );
}
